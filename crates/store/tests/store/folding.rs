//! One folding of keys and names: spellings of one key are one record, searches find what a file would, lists are in order by pinyin.

use crate::county::{County, day, identity, key, place};
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, garden, garden_row, package, text};
use model::Moment;
use store::{
    Command, Condition, Predicate, Record, RecordFilter, RecordOrder, RecordQuery, RefusalKind, Store, system_actor,
};

on_both![
    spellings_of_one_key_are_one_record_whatever_way_they_come,
    a_key_that_was_kept_unfolded_is_found_again_and_stays_as_it_was,
    two_records_of_one_folded_key_are_told_and_never_merged,
    searches_find_what_a_file_would_match,
    people_are_found_by_the_last_four_of_their_numbers,
    households_are_found_however_names_and_numbers_are_typed,
    lists_are_in_order_by_pinyin_page_by_page,
    what_the_previous_release_changes_is_folded_at_the_next_start,
    a_blank_of_any_kind_is_no_value,
    letters_of_one_system_only_are_kept_and_told,
];

fn gardens(store: &Store, filter: &RecordFilter, order: Option<&RecordOrder>) -> Vec<Vec<String>> {
    let columns = ["garden_no".to_owned(), "keeper_name".to_owned()];
    let view = store.view(&clerk());
    let (mut all, mut after) = (Vec::new(), None);
    loop {
        let page = view
            .records("garden", RecordQuery { filter, order, columns: &columns }, after.as_deref(), 2)
            .expect("reads");
        all.extend(page.rows.into_iter().map(|row| row.cells.iter().map(ToString::to_string).collect()));
        match page.next {
            Some(next) => after = Some(next),
            None => return all,
        }
    }
}

fn numbers(store: &Store, test: Option<(&str, Predicate)>) -> Vec<String> {
    let conditions = test.map(|(field, test)| Condition { field: field.to_owned(), test }).into_iter().collect();
    let filter = RecordFilter { conditions, ..RecordFilter::default() };
    gardens(store, &filter, None).into_iter().map(|cells| cells[0].clone()).collect()
}

fn spellings_of_one_key_are_one_record_whatever_way_they_come() {
    let valley = Valley::new();
    valley.enter("G·7", &[]);
    for written in ["Ｇ·７", "G•7", " G·\u{200B}7\u{3000}", "'G·7", "G·7\r\n", "G・7\u{FE0F}"] {
        let again = valley.apply(&clerk(), "2024-06-02", Command::Enter(garden(written, VILLAGES[0], &[])));
        let refusal = again.expect_err("is known already");
        assert!(matches!(refusal.kind, RefusalKind::Conflict), "{written:?} {refusal}");
        let receipt = valley.import("garden", vec![garden_row(3, written, VILLAGES[0], "6")]).expect("is taken");
        assert_eq!(receipt.added, 0, "{written:?}");
        assert!(valley.store.view(&clerk()).record_by_key("garden", written).expect("reads").is_some(), "{written:?}");
    }
    assert_eq!(numbers(&valley.store, None), ["G·7"]);
    valley.enter("G7", &[]);
    assert_eq!(numbers(&valley.store, None).len(), 2, "without the dot it is another");
}

fn people_are_found_by_the_last_four_of_their_numbers() {
    let county = County::filled();
    let view = county.store.view(&system_actor(place("99")));
    let found = |end: &str| {
        let conditions = vec![Condition { field: "identity_no".to_owned(), test: Predicate::Ends(end.to_owned()) }];
        let filter = RecordFilter { conditions, ..RecordFilter::default() };
        view.records("resident", RecordQuery { filter: &filter, order: None, columns: &[] }, None, 10)
            .map(|page| page.rows.len())
    };
    let number = identity(20);
    for end in [&number[14..], "'0020", "００２０", " 00 20\u{200B}"] {
        assert_eq!(found(end).expect("reads"), 1, "{end:?}");
    }
    assert_eq!(found("9999").expect("reads"), 0);
    for end in ["020", "10020", ""] {
        assert!(matches!(found(end).expect_err("four only").kind, RefusalKind::Invalid), "{end:?}");
    }
}

/// Puts a garden's key back into the form in which the previous release kept it: as it was typed, under an id of its own.
fn unfold(valley: &Valley, folded: &str, typed: &str, id: i64) {
    let touched = valley.place().forge(&format!(
        "update r_garden set garden_no = '{typed}', id = {id}, key_id = null, beside_of = null where garden_no = '{folded}'"
    ));
    assert_eq!(touched, 1);
}

fn open(valley: &Valley) -> Store {
    Store::open(valley.location(), package(), &key()).expect("opens")
}

fn import(store: &Store, record: Record) -> store::Receipt {
    let command =
        Command::ImportRecords { register: "garden".into(), file: "bbbbbbbbbbbb".into(), records: vec![record] };
    store.apply(&system_actor(place("99")), Moment { day: day("2024-06-03"), at_ms: AT_MS }, command).expect("is taken")
}

fn a_key_that_was_kept_unfolded_is_found_again_and_stays_as_it_was() {
    let valley = Valley::new();
    valley.import("garden", vec![garden_row(2, "G7", VILLAGES[0], "4")]).expect("is taken");
    unfold(&valley, "G7", "Ｇ 7", 4711);
    let store = open(&valley);
    let id = format!("{:016x}", 4711);
    let receipt = import(&store, garden_row(2, "G7", VILLAGES[0], "5"));
    assert_eq!((receipt.added, receipt.changed, receipt.refused.len()), (0, 1, 0));
    assert_eq!(receipt.changed_records, [(2, id.clone())]);
    assert_eq!(numbers(&store, None), ["Ｇ 7"], "the key stays as it was typed");
    let receipt = import(&store, garden_row(2, "Ｇ7", VILLAGES[0], "5"));
    assert_eq!((receipt.added, receipt.changed, receipt.unchanged), (0, 0, 1));
    let entered = store.apply(
        &clerk(),
        Moment { day: day("2024-06-03"), at_ms: AT_MS },
        Command::Enter(garden("G7", VILLAGES[0], &[])),
    );
    assert_eq!(entered.expect_err("is known").record.as_deref(), Some(id.as_str()));
}

fn two_records_of_one_folded_key_are_told_and_never_merged() {
    let valley = Valley::new();
    valley.import("garden", vec![garden_row(2, "G7", VILLAGES[0], "4")]).expect("is taken");
    unfold(&valley, "G7", "G 7", 4711);
    valley.import("garden", vec![garden_row(2, "G8", VILLAGES[0], "4")]).expect("is taken");
    unfold(&valley, "G8", "G７", 4712);
    let store = open(&valley);
    let receipt = import(&store, garden_row(2, "G7", VILLAGES[0], "5"));
    assert_eq!((receipt.added, receipt.changed, receipt.refused.len()), (0, 0, 1));
    assert!(receipt.refused[0].what.chinese().contains("只差空格"), "{:?}", receipt.refused);
    let with_number = Record { id: Some(format!("{:016x}", 4712)), ..garden_row(2, "G７", VILLAGES[0], "5") };
    let receipt = import(&store, with_number);
    assert_eq!((receipt.added, receipt.changed, receipt.refused.len()), (0, 1, 0), "the number says which");
    assert_eq!(numbers(&store, None), ["G 7", "G７"]);
}

fn searches_find_what_a_file_would_match() {
    let valley = Valley::new();
    valley.enter("G1", &[("keeper_name", text("吉木·阿古莫"))]);
    valley.enter("G2", &[("keeper_name", text("王小珍"))]);
    valley.enter("G3", &[("keeper_name", text("Zhang San"))]);
    let cases = [
        ("吉木阿", "G1"),
        ("吉木•阿古莫", "G1"),
        ("吉木.阿", "G1"),
        (" 吉 木 ", "G1"),
        ("王\u{3000}小\u{200B}珍", "G2"),
        ("ＺＨＡＮＧ", "G3"),
        ("zhang s", "G3"),
    ];
    for (typed, found) in cases {
        assert_eq!(
            numbers(&valley.store, Some(("keeper_name", Predicate::Begins(typed.into())))),
            [found],
            "{typed:?}"
        );
    }
    assert_eq!(numbers(&valley.store, Some(("keeper_name", Predicate::Is(text("吉木阿古莫"))))), ["G1"]);
    assert_eq!(numbers(&valley.store, Some(("garden_no", Predicate::Is(text("Ｇ 2"))))), ["G2"]);
    assert_eq!(numbers(&valley.store, Some(("keeper_name", Predicate::Begins("木".into())))), [""; 0]);
}

fn households_are_found_however_names_and_numbers_are_typed() {
    let county = County::filled();
    let mut record = crate::county::resident(2, 25);
    record.fields[2] = text("阿苦·拉龙");
    county.save("resident", vec![record]).expect("is saved");
    let view = county.store.view(&system_actor(place("99")));
    let found = |typed: &str| -> Vec<i64> {
        view.households(typed, None, None, 50).expect("reads").rows.iter().map(|row| row.household_no.0).collect()
    };
    let number = identity(25);
    let last: String = number.chars().skip(14).collect();
    let wide: String = number.chars().map(|digit| char::from_u32(digit as u32 + 0xFEE0).unwrap_or(digit)).collect();
    let spaced = format!("{} {}", &number[..6], number[6..].to_lowercase());
    for typed in ["阿苦拉", "阿苦•拉龙", "阿苦．拉", " 阿 苦", &number, &wide, &spaced, "２", " 2 "] {
        assert_eq!(found(typed), [2], "{typed:?}");
    }
    assert!(found(&last).contains(&2) && found(&last.to_lowercase()).contains(&2));
    assert_eq!(found("阿苦莫"), [0_i64; 0]);
}

fn lists_are_in_order_by_pinyin_page_by_page() {
    let valley = Valley::new();
    for (at, name) in [
        "张三",
        "李四",
        "阿依",
        "重庆",
        "曾荣",
        "单于",
        "昌都",
        "中江",
        "吉木·阿古",
        "Anna",
        "12组",
        "2组",
        "王",
        "李四",
    ]
    .iter()
    .enumerate()
    {
        valley.enter(&format!("G{at}"), &[("keeper_name", text(name))]);
    }
    let names = |descending: bool| -> Vec<String> {
        let order = RecordOrder { field: "keeper_name".into(), descending };
        gardens(&valley.store, &RecordFilter::default(), Some(&order))
            .into_iter()
            .map(|cells| cells[1].clone())
            .collect()
    };
    let mut expected = [
        "12组",
        "2组",
        "阿依",
        "曾荣",
        "昌都",
        "重庆",
        "单于",
        "吉木·阿古",
        "李四",
        "李四",
        "王",
        "张三",
        "中江",
        "Anna",
    ]
    .map(str::to_owned)
    .to_vec();
    assert_eq!(names(false), expected);
    expected.reverse();
    assert_eq!(names(true), expected);
}

fn what_the_previous_release_changes_is_folded_at_the_next_start() {
    let valley = Valley::new();
    valley.enter("G1", &[("keeper_name", text("张三"))]);
    valley.enter("G2", &[("keeper_name", text("李四"))]);
    // It knows neither the columns beside the name nor that they hang on the content.
    valley.place().forge("update r_garden set keeper_name = '阿·依', content = content + 1 where garden_no = 'G1'");
    assert_eq!(numbers(&valley.store, Some(("keeper_name", Predicate::Begins("阿依".into())))), [""; 0]);
    let store = open(&valley);
    assert_eq!(numbers(&store, Some(("keeper_name", Predicate::Begins("阿依".into())))), ["G1"]);
    let order = RecordOrder { field: "keeper_name".into(), descending: false };
    let listed = gardens(&store, &RecordFilter::default(), Some(&order));
    assert_eq!(listed.iter().map(|cells| cells[0].as_str()).collect::<Vec<_>>(), ["G1", "G2"]);
    assert_eq!(valley.place().forge("update r_garden set beside_of = content where beside_of <> content"), 0);
}

fn letters_of_one_system_only_are_kept_and_told() {
    let valley = Valley::new();
    for (at, (name, told)) in [("王\u{E000}", 1), ("王龘", 0), ("𠆩马", 0), ("沙\u{F0001}", 1)].into_iter().enumerate()
    {
        let entry = garden(&format!("G{at}"), VILLAGES[0], &[("keeper_name", text(name))]);
        let receipt = valley.apply(&clerk(), "2024-06-02", Command::Enter(entry)).expect("is entered");
        assert_eq!((receipt.added, receipt.remarks.len()), (1, told), "{name:?}");
    }
}

fn a_blank_of_any_kind_is_no_value() {
    let valley = Valley::new();
    for (at, blank) in ["\u{3000}", "\u{200B}\u{A0}", "\u{2800}", "\u{3164}", "\u{AD}", "\t"].into_iter().enumerate() {
        let id = valley.enter(&format!("G{at}"), &[("minutes", text(blank))]);
        let (register, step) = ("garden".to_owned(), "publish".to_owned());
        let publish = Command::TakeStep { register, id, version: None, step, fields: Vec::new() };
        let refusal = valley.apply(&clerk(), "2024-06-03", publish).expect_err("minutes are missing");
        assert!(matches!(refusal.kind, RefusalKind::Lifecycle(_)), "{blank:?} {refusal}");
        let entered = valley.apply(&clerk(), "2024-06-02", Command::Enter(garden(blank, VILLAGES[0], &[])));
        let refusal = entered.expect_err("a key that cannot be seen is none");
        assert!(matches!(refusal.kind, RefusalKind::Invalid), "{blank:?} {refusal}");
    }
}
