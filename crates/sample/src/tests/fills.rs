//! Fillings of columns: each verb of the small vocabulary, with its refusals.

use super::{day, household, population, subject, village};
use crate::fields::{Datum, Subject};
use crate::fill::{Fill, WordLists, parse_template, template};
use crate::random::Stream;
use crate::spec::{Written, WrittenCase};
use std::collections::{BTreeMap, BTreeSet};

fn words(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(word, code)| ((*word).to_owned(), (*code).to_owned())).collect()
}

fn parsed(text: &str) -> Result<Fill, String> {
    let by_field = BTreeMap::from([("resident.relation".to_owned(), words(&[("head", "01"), ("spouse", "02")]))]);
    Fill::parse(&Written::One(text.to_owned()), &WordLists { of_column: None, by_field: &by_field })
}

/// What a filling gives for a member (and the first event), in so many draws.
fn drawn(fill: &Fill, member: usize, draws: u64) -> BTreeSet<String> {
    let (population, village, household) = (population(), village(), household());
    let base = subject(&population, &village, &household);
    let subject = Subject { resident: Some(&household.residents[member]), event: household.events.first(), ..base };
    let draw = |number| fill.datum(&subject, 7, &mut Stream::of(1, "fill", number, 0)).plain().into_owned();
    (0..draws).map(draw).collect()
}

fn set(texts: &[&str]) -> BTreeSet<String> {
    texts.iter().map(ToString::to_string).collect()
}

#[test]
fn every_verb_gives_what_it_says() {
    for (text, expected) in [
        ("empty", set(&[""])),
        ("const:a:b", set(&["a:b"])),
        ("serial:AB", set(&["AB990101001201000707"])),
        ("choice:x=1|y=0", set(&["x"])),
        ("choice:x=0.5|=0.5", set(&["x", ""])),
        ("int:4..6", set(&["4", "5", "6"])),
        ("yuan:-1..1", set(&["-1", "0", "1"])),
        ("tenths:9..11", set(&["0.9", "1.0", "1.1"])),
        ("text:{village.short}{resident.age}岁", set(&["河口村40岁"])),
        ("times:event.total*0.4", set(&["4938"])),
        ("times:event.count*3", set(&["27"])),
        ("times:resident.name*2", set(&["石大山"])),
        ("resident.age", set(&["40"])),
        ("resident.relation", set(&["01"])),
    ] {
        assert_eq!(drawn(&parsed(text).expect("a filling"), 0, 60), expected, "{text}");
    }
}

#[test]
fn a_word_without_a_code_stays_a_word_and_words_of_the_column_come_first() {
    let by_field = BTreeMap::from([("resident.relation".to_owned(), words(&[("head", "01")]))]);
    let own = words(&[("head", "户主"), ("mother", "")]);
    let fill = |of_column| {
        Fill::parse(&Written::One("resident.relation".to_owned()), &WordLists { of_column, by_field: &by_field })
    };
    let (shared, own) = (fill(None).expect("a filling"), fill(Some(&own)).expect("a filling"));
    for (member, by_field, by_column) in [(0, "01", "户主"), (1, "spouse", "spouse"), (3, "mother", "")] {
        assert_eq!(drawn(&shared, member, 1), set(&[by_field]), "member {member}");
        assert_eq!(drawn(&own, member, 1), set(&[by_column]), "member {member}");
    }
}

#[test]
fn days_after_an_event_do_not_lie_behind_the_delivery_unless_they_may() {
    // The event is of 2024-05-20, the delivery of 2024-06-30: forty-one days.
    for (text, expected) in [
        ("after:event.day+1..2", set(&["2024-05-21", "2024-05-22"])),
        ("after:event.day-2..-1", set(&["2024-05-18", "2024-05-19"])),
        ("after:event.day+40..42", set(&["2024-06-29", "2024-06-30"])),
        ("ahead:event.day+40..42", set(&["2024-06-29", "2024-06-30", "2024-07-01"])),
        ("ahead:resident.born_on+366..366", set(&["1985-03-01"])),
        ("after:resident.name+1..2", set(&[""])),
        ("after:event.until+1..2", set(&[""])),
    ] {
        assert_eq!(drawn(&parsed(text).expect("a filling"), 0, 60), expected, "{text}");
    }
}

#[test]
fn the_first_case_that_holds_counts_and_none_gives_nothing() {
    let case = |when: &str, is: &str| WrittenCase { when: when.to_owned(), is: is.to_owned() };
    let none = BTreeMap::new();
    let lists = WordLists { of_column: None, by_field: &none };
    let cases = vec![case("resident.age >= 60", "const:old"), case("resident.age >= 16", "const:grown")];
    let open = Fill::parse(&Written::Cases(cases.clone()), &lists).expect("a filling");
    let closed: Vec<WrittenCase> = cases.into_iter().chain([case("", "const:child")]).collect();
    let closed = Fill::parse(&Written::Cases(closed), &lists).expect("a filling");
    for (member, of_open, of_closed) in [(3, "old", "old"), (0, "grown", "grown"), (2, "", "child")] {
        assert_eq!(drawn(&open, member, 1), set(&[of_open]));
        assert_eq!(drawn(&closed, member, 1), set(&[of_closed]));
    }
    let wrong = Written::Cases(vec![case("resident.age > x", "const:a")]);
    assert_eq!(Fill::parse(&wrong, &lists).err().as_deref(), Some("`x` is not a whole number"));
}

#[test]
fn choices_are_drawn_in_proportion() {
    let fill = parsed("choice:rare=0.1|usual=0.9").expect("a filling");
    let (population, village, household) = (population(), village(), household());
    let base = subject(&population, &village, &household);
    let mut stream = Stream::of(3, "choice", 0, 0);
    let rare = (0..4_000).filter(|_| fill.datum(&base, 1, &mut stream).plain() == "rare").count();
    assert!((330..470).contains(&rare), "{rare}");
}

#[test]
fn what_cannot_be_read_is_refused_with_its_words() {
    for (text, reason) in [
        ("resident.shoe", "there is no field `resident.shoe`"),
        ("roll:1..6", "`roll:` is not known"),
        ("choice:x", "`x` lacks `=weight`"),
        ("choice:x=much", "`much` is not a number"),
        ("int:1", "`1` is not a range of whole numbers such as `5..20`"),
        ("int:1..b", "`1..b` is not a range of whole numbers such as `5..20`"),
        ("yuan:1.5..2", "`1.5..2` is not a range of whole numbers such as `5..20`"),
        ("after:event.day", "`after:event.day` lacks days"),
        ("after:event.days+1..2", "there is no field `event.days`"),
        ("times:event.total", "`times:event.total` lacks `*factor`"),
        ("times:event.total*x", "`x` is not a number"),
        ("text:{village.short", "`{village.short` has a brace that is not closed"),
        ("text:{village}", "there is no field `village`"),
    ] {
        assert_eq!(parsed(text).err().as_deref(), Some(reason), "{text}");
    }
}

#[test]
fn templates_put_fields_between_plain_text() {
    let (population, village, household) = (population(), village(), household());
    let base = subject(&population, &village, &household);
    for (text, expected) in [
        ("", ""),
        ("名册", "名册"),
        ("{delivery}", "2024-06-30"),
        ("{ village.county }{village.township}（{delivery}）", "山前县大坝镇（2024-06-30）"),
        ("{resident.name}", ""),
    ] {
        assert_eq!(template(&parse_template(text).expect("a template"), &base), expected, "{text}");
    }
}

#[test]
fn texts_that_a_filling_may_give_are_known_beforehand() {
    for (text, expected) in [
        ("const:07", vec!["07"]),
        ("choice:01=0.5|=0.2|02=0.3", vec!["01", "02"]),
        ("resident.relation", vec!["01", "02"]),
        ("resident.name", vec![]),
        ("int:1..2", vec![]),
        ("empty", vec![]),
    ] {
        assert_eq!(parsed(text).expect("a filling").fixed_texts(), expected, "{text}");
    }
}

#[test]
fn a_datum_is_shown_as_conditions_see_it() {
    for (datum, shown) in [
        (Datum::Empty, ""),
        (Datum::Word("head"), "head"),
        (Datum::Int(-3), "-3"),
        (Datum::Yuan(1_200), "1200"),
        (Datum::Tenths(0), "0.0"),
        (Datum::Tenths(105), "10.5"),
        (Datum::Day(day("2024-02-29")), "2024-02-29"),
        (Datum::Bool(true), "true"),
        (Datum::Bool(false), "false"),
    ] {
        assert_eq!(datum.plain(), shown, "{datum:?}");
    }
}
