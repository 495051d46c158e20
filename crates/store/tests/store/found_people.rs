//! People, households and records found by a few letters: by whom, by what, in which order, and nothing by chance.

use crate::chaos::{Dice, seed};
use crate::county::{County, actor, day, household, identity, place, resident};
use crate::place::on_both;
use crate::valley::{VILLAGES, Valley, clerk, garden, text};
use model::{Actor, HouseholdNo, Value};
use store::{Command, Entry, RecordFilter, RefusalKind, Total};

on_both![
    random_searches_find_the_households_of_the_model,
    a_search_is_narrowed_by_a_place_and_never_widened,
    whole_numbers_find_and_parts_of_them_do_not,
    a_blank_search_is_none_and_dots_find_nothing,
    lists_are_searched_by_household_head_and_village,
    references_are_those_in_sight_that_begin_so,
    a_household_without_members_is_there_and_one_that_left_is_not_counted,
    a_record_is_found_by_its_key_as_far_as_one_sees,
];

/// Names of heads and members; some begin alike.
const NAMES: [&str; 6] = ["吉木阿古", "吉木莫", "阿依", "阿", "Zhang San", "杨珍"];

/// A household as the model knows it: number, village, head, members.
type Known = (i64, usize, &'static str, Vec<&'static str>);

fn random_county(dice: &mut Dice) -> (County, Vec<Known>) {
    let county = County::empty();
    let names = |dice: &mut Dice| NAMES[dice.below(6) as usize];
    let known: Vec<Known> = (1..=20)
        .map(|number| {
            let members = (0..dice.below(3)).map(|_| names(dice)).collect();
            (number * 7, dice.below(4) as usize, names(dice), members)
        })
        .collect();
    let households = known.iter().map(|(number, village, head, _)| household(*number, VILLAGES[*village], head));
    county.save("household", households.collect()).expect("is saved");
    let residents = known.iter().flat_map(|(number, _, _, members)| {
        members.iter().zip(1..).map(move |(name, at)| {
            let mut record = resident(*number, number * 10 + at);
            record.fields[2] = Value::Text((*name).to_owned());
            record
        })
    });
    county.save("resident", residents.collect()).expect("is saved");
    (county, known)
}

fn village_name(village: usize) -> &'static str {
    ["大石村", "小石村", "河边村", "乙村"][village]
}

fn found(county: &County, who: &Actor, typed: &str) -> Vec<i64> {
    let view = county.store.view(who);
    let (mut found, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = view.households(typed, None, after.as_deref(), 3).expect("reads");
        found.extend(page.rows.iter().map(|row| row.household_no.0));
        assert!(found.len() <= 20, "the pages come to an end");
        match page.next {
            Some(next) => after = Some(next),
            None => {
                assert_eq!(page.total, Total::Exactly(found.len() as u64), "{typed}");
                return found;
            }
        }
    }
}

fn random_searches_find_the_households_of_the_model() {
    let mut dice = Dice(seed());
    let (county, known) = random_county(&mut dice);
    for _ in 0..40 {
        let name = NAMES[dice.below(6) as usize];
        let typed: String = match dice.below(4) {
            0 => name.to_owned(),
            1 => name.chars().take(1).collect(),
            2 => village_name(dice.below(4) as usize).chars().take(1 + dice.below(2) as usize).collect(),
            _ => (dice.below(21) * 7).to_string(),
        };
        for who in [actor("county", "990101"), actor("clerk", "990101100"), actor("county", "990102")] {
            let begins = |text: &str| text.to_lowercase().starts_with(&typed.to_lowercase());
            let expected = known.iter().filter(|(number, village, head, members)| {
                let is_meant = begins(head)
                    || members.iter().any(|member| begins(member))
                    || begins(village_name(*village))
                    || number.to_string() == typed;
                is_meant && who.region.holds(place(VILLAGES[*village]))
            });
            let expected: Vec<i64> = expected.map(|(number, ..)| *number).collect();
            assert_eq!(found(&county, &who, &typed), expected, "`{typed}` by {}", who.account);
        }
    }
}

fn a_search_is_narrowed_by_a_place_and_never_widened() {
    let county = County::filled();
    let clerk = actor("clerk", "990101100");
    let within = |region: &str| -> Vec<i64> {
        let page = county.store.view(&clerk).households("", Some(place(region)), None, 9).expect("reads");
        page.rows.iter().map(|row| row.household_no.0).collect()
    };
    assert_eq!(within(VILLAGES[0]), [1]);
    assert_eq!(within("990101100"), [1, 2], "the own place");
    assert_eq!(within("990101"), [1, 2], "what lies around is cut to the own");
    assert_eq!(within("99"), [1, 2]);
    for outside in ["990101200", VILLAGES[2], "990102", VILLAGES[3]] {
        assert_eq!(within(outside), [0; 0], "{outside}");
    }
    let behind = county.store.view(&clerk).households("", None, Some("1"), 9).expect("reads");
    assert_eq!(behind.rows.iter().map(|row| row.household_no.0).collect::<Vec<_>>(), [2], "behind the first");
    let odd = county.store.view(&clerk).households("", None, Some("no number"), 9).expect("reads");
    assert_eq!(odd.rows.len(), 2, "a cursor that is none begins anew");
    for blind in [actor("analyst", "99"), actor("officer", "990101"), actor("unknown", "99")] {
        let page = county.store.view(&blind).households("", None, None, 9).expect("reads");
        assert_eq!((page.rows.len(), page.total), (0, Total::Exactly(0)), "{}", blind.account);
        assert!(county.store.view(&blind).household(HouseholdNo(1)).expect("reads").is_none());
    }
}

fn whole_numbers_find_and_parts_of_them_do_not() {
    let county = County::filled();
    let who = actor("county", "990101");
    let number = identity(20);
    assert_eq!(found(&county, &who, &number), [2]);
    for part in [&number[..17], &number[1..], &number[..8], &format!("{number}0"), &number[13..], &number[15..]] {
        assert_eq!(found(&county, &who, part), [0; 0], "{part}");
    }
    assert_eq!(found(&county, &who, &number[14..]), [2], "the last four");
    let far = identity(40);
    assert_eq!(found(&county, &who, &far), [0; 0], "of another county");
    assert_eq!(found(&county, &actor("county", "990102"), &far), [4]);
    assert_eq!(found(&county, &who, "慢性肾病"), [0; 0], "nobody is found by an illness");
    assert_eq!(found(&county, &who, "13812345678"), [0; 0], "nor by the phone of a household");
}

fn a_blank_search_is_none_and_dots_find_nothing() {
    let county = County::filled();
    let who = actor("county", "990101");
    for blank in ["", " ", "\u{3000}", "\u{200B}", "\t \n"] {
        assert_eq!(found(&county, &who, blank), [1, 2, 3], "{blank:?}");
    }
    for nothing in ["·", "•", "…", "%", "_", "吉%", "吉_", "'", "\\", "*", "吉木*古", "木", "石"] {
        assert_eq!(found(&county, &who, nothing), [0; 0], "{nothing:?}");
    }
    assert_eq!(found(&county, &who, "吉·木"), [1, 2, 3], "dots between are none");
}

fn lists_are_searched_by_household_head_and_village() {
    let valley = Valley::new();
    let of = |household: &str| vec![("household_no", text(household))];
    valley.enter("G1", &of("1"));
    valley.enter("G2", &of("2"));
    valley.enter("G3", &[("region_code", text(VILLAGES[1])), ("household_no", text("2"))]);
    let searched = |who: &Actor, typed: &str| -> Result<Vec<String>, RefusalKind> {
        let filter = RecordFilter { text: Some(typed.into()), ..RecordFilter::default() };
        let page = valley.store.view(who).records(
            "garden",
            store::RecordQuery { filter: &filter, order: None, columns: &["garden_no".into()] },
            None,
            9,
        );
        page.map(|page| page.rows.iter().map(|row| row.cells[0].to_string()).collect()).map_err(|one| one.kind)
    };
    let all = vec!["G1".to_owned(), "G2".into(), "G3".into()];
    let found = |who: &Actor, typed: &str| searched(who, typed).expect("reads");
    for (typed, expected) in [
        ("1", vec!["G1".to_owned()]),
        ("2", vec!["G2".into(), "G3".into()]),
        ("02", vec![]),
        ("9", vec![]),
        ("吉木", all.clone()),
        ("木", vec![]),
        (" ", all.clone()),
        ("·", vec![]),
        ("G1", vec![]),
    ] {
        assert_eq!(found(&clerk(), typed), expected, "{typed:?}");
    }
    let village = crate::valley::package().divisions.all().iter().find(|one| one.code == place(VILLAGES[1]));
    assert_eq!(
        found(&clerk(), &village.expect("is known").name),
        ["G3"],
        "the place of the garden, not of the household"
    );
    assert_eq!(found(&actor("analyst", "99"), "吉木"), [""; 0], "who sees no names finds by none");
    assert_eq!(found(&actor("analyst", "99"), "1"), ["G1"]);
    let filter = RecordFilter { text: Some("1".into()), ..RecordFilter::default() };
    let tools = valley.store.view(&clerk()).records(
        "tool",
        store::RecordQuery { filter: &filter, order: None, columns: &[] },
        None,
        9,
    );
    assert!(matches!(tools.expect_err("of no household").kind, RefusalKind::Invalid));
}

fn references_are_those_in_sight_that_begin_so() {
    let valley = Valley::new();
    let enter = |who: &Actor, number: &str, name: &str| {
        let fields = vec![("tool_no".into(), text(number)), ("name".into(), text(name))];
        let entry = Entry { register: "tool".into(), fields, ..Entry::default() };
        valley.apply(who, "2024-06-02", Command::Enter(entry)).expect("is entered").id.expect("an id")
    };
    let (own, beside) = (clerk(), actor("clerk", "990101200"));
    enter(&own, "T2", "犁");
    enter(&own, "T1", "锄头");
    let gone = enter(&own, "T3", "犁头");
    enter(&beside, "T4", "犁");
    let withdraw =
        Command::Withdraw { register: "tool".into(), id: gone, version: model::Version(1), why: "报废".into() };
    valley.apply(&own, "2024-06-03", withdraw).expect("is withdrawn");
    let keys = |who: &Actor, typed: &str| -> Vec<String> {
        let found = valley.store.view(who).references("tool", typed).expect("reads");
        found.into_iter().map(|one| format!("{} {}", one.key, one.label)).collect()
    };
    assert_eq!(keys(&own, ""), ["T1 锄头", "T2 犁"], "by number; what was withdrawn is named no more");
    assert_eq!(keys(&own, "T"), ["T1 锄头", "T2 犁"]);
    assert_eq!(keys(&own, "犁"), ["T2 犁"], "by name");
    assert_eq!(keys(&own, "头"), [""; 0], "beginnings only");
    assert_eq!(keys(&beside, "T"), ["T4 犁"], "each of the own place");
    assert_eq!(keys(&actor("county", "990101"), "犁"), ["T2 犁", "T4 犁"]);
    let blind = valley.store.view(&actor("cadre", VILLAGES[0])).references("tool", "T");
    assert!(matches!(blind.expect_err("does not see tools").kind, RefusalKind::NotFound));
    for number in 10..70 {
        enter(&own, &format!("T{number}"), "镰刀");
    }
    assert_eq!(keys(&own, "").len(), 50, "not more than fit a list");
}

fn a_household_without_members_is_there_and_one_that_left_is_not_counted() {
    let county = County::filled();
    county.save("household", vec![household(9, VILLAGES[0], "独户")]).expect("is saved");
    let mut left = resident(1, 10);
    left.fields[4] = Value::Day(day("2024-05-31"));
    county.save("resident", vec![left]).expect("is saved");
    let view = county.store.view(&actor("clerk", "990101100"));
    let members = |number: i64| {
        let row = view.households(&number.to_string(), None, None, 9).expect("reads").rows.remove(0);
        let file = view.household(HouseholdNo(number)).expect("reads").expect("is there");
        (row.members, file.members.len())
    };
    assert_eq!(members(9), (0, 0));
    assert_eq!(members(2), (2, 2));
    assert_eq!(members(1), (1, 2), "who left is told in the file and counted in no list");
    assert!(view.household(HouseholdNo(77)).expect("reads").is_none());
    assert!(view.household(HouseholdNo(3)).expect("reads").is_none(), "of another township");
}

fn a_record_is_found_by_its_key_as_far_as_one_sees() {
    let valley = Valley::new();
    let id = valley.enter("G·1", &[]);
    let by_key = |who: &Actor, key: &str| valley.store.view(who).record_by_key("garden", key).expect("reads");
    for key in ["G·1", "G•1", " G·1 ", "Ｇ·１"] {
        assert_eq!(by_key(&clerk(), key).as_ref(), Some(&id), "{key}");
    }
    for key in ["G1", "g·1", "G·", "", "G·11"] {
        assert_eq!(by_key(&clerk(), key), None, "{key}");
    }
    for (who, sees) in [(actor("cadre", VILLAGES[0]), true), (actor("cadre", VILLAGES[1]), false)] {
        assert_eq!(by_key(&who, "G·1").is_some(), sees);
        let file = valley.store.view(&who).record("garden", "G·1", day("2024-06-03")).expect("reads");
        assert_eq!(file.map(|file| file.id), sees.then(|| id.clone()), "its page is found by the key too");
    }
    let other = garden("G·2", VILLAGES[2], &[]);
    valley.apply(&actor("clerk", "990101200"), "2024-06-02", Command::Enter(other)).expect("is entered");
    assert_eq!(by_key(&clerk(), "G·2"), None, "it lies in another township");
    let unknown = valley.store.view(&clerk()).record_by_key("nothing", "G·1");
    assert!(matches!(unknown.expect_err("is none").kind, RefusalKind::NotFound));
}
