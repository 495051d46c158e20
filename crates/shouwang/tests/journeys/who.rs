//! Who a row is about: names of others, people in two households, days beside a membership, mistyped household numbers; on a few
//! made-up people of one village and its neighbour.

use crate::harness::{DAY, Story, text};
use crate::workbook::Book;
use serde_json::Value;
use std::path::Path;

/// Villages of the journeys' county.
const VILLAGES: [&str; 2] = ["513431100200", "513431100204"];
const HOUSEHOLDS: &str = "户编号,行政区划代码,户主姓名,户类型\n";
const RESIDENTS: &str = "户编号,证件号码,姓名,人员识别时间,成员减少日期,与户主关系\n";
const AID: &str = "证件号码,姓名,救助类型,救助事由,救助金额（元）,发放日期\n";
const DEATHS: &str = "证件号码,姓名,死亡日期\n";

/// An identity number of the county with its check digit.
fn identity(born_on: &str, serial: u32) -> String {
    let digits = format!("513431{}{serial:03}", born_on.replace('-', ""));
    let weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 =
        digits.chars().zip(weights).map(|(digit, weight)| digit.to_digit(10).expect("a digit") * weight).sum();
    format!("{digits}{}", ["1", "0", "X", "9", "8", "7", "6", "5", "4", "3", "2"][sum as usize % 11])
}

fn household(village: usize, number: u32) -> String {
    format!("{}{number:04}", VILLAGES[village])
}

/// A file of these lines behind its headings.
fn file(story: &Story, name: &str, headings: &str, lines: &[String]) -> String {
    let path = story.path(name);
    std::fs::write(&path, format!("{headings}{}\n", lines.join("\n"))).expect("a file can be written");
    text(&path)
}

fn import(story: &Story, dataset: &str, headings: &str, lines: &[String]) -> Value {
    let name = format!("{dataset}_{}_{DAY}.csv", lines.len());
    let file = file(story, &name, headings, lines);
    story.import(dataset, &file)[0].clone()
}

/// A county with three households in one village and one in another, and who lives there.
fn county() -> Story {
    let story = Story::begin();
    story.init();
    let line = |village: usize, number: u32, head: &str| {
        format!("{},{},{head},一般农户", household(village, number), VILLAGES[village])
    };
    let households = [line(0, 1, "沙马·木呷"), line(0, 27, "王小珍"), line(0, 503, "扎西多吉"), line(1, 1, "李大山")];
    let report = import(&story, "household", HOUSEHOLDS, &households);
    assert_eq!(report["summary"]["rows_taken"], 4, "{report}");
    let residents = [
        member(0, 1, &identity("1974-08-14", 11), "沙马·木呷", "2014-10-10", "", "户主"),
        member(0, 27, &identity("1980-02-03", 22), "王小珍", "2014-10-10", "", "户主"),
        member(0, 27, &identity("1950-05-06", 33), "王大爷", "2014-10-10", "2024-06-10", "之父"),
        member(0, 503, &identity("1991-01-05", 44), "扎西多吉", "2014-10-10", "", "户主"),
        member(1, 1, &identity("1988-12-12", 55), "李大山", "2014-10-10", "", "户主"),
    ];
    let report = import(&story, "resident", RESIDENTS, &residents);
    assert_eq!((&report["summary"]["rows_taken"], &report["summary"]["faults"]), (&5.into(), &0.into()), "{report}");
    story
}

fn member(village: usize, number: u32, identity: &str, name: &str, from: &str, to: &str, relation: &str) -> String {
    format!("{},{identity},{name},{from},{to},{relation}", household(village, number))
}

fn aid(identity: &str, name: &str, fen: u32, on: &str) -> String {
    format!("{identity},{name},急难型,住院,{fen},{on}")
}

/// Every text of a workbook.
fn all_text(path: &Value) -> String {
    Book::open(Path::new(path.as_str().expect("the report names a file"))).all_text()
}

#[test]
fn the_name_of_somebody_else_is_noted_counted_and_given_back() {
    let story = county();
    let (shama, wang, zhaxi) = (identity("1974-08-14", 11), identity("1980-02-03", 22), identity("1991-01-05", 44));
    let spellings = [
        aid(&shama, "沙马木呷", 101, "2024-05-01"),
        aid(&shama, "沙玛•木嘎", 102, "2024-05-02"),
        aid(&shama, "木呷", 103, "2024-05-03"),
        aid(&wang, "王 小 珍", 104, "2024-05-04"),
        aid(&wang, "王小珍（曾用名王珍）", 105, "2024-05-05"),
        aid(&zhaxi, "扎西·多杰", 106, "2024-05-06"),
        aid(&zhaxi, "", 107, "2024-05-07"),
    ];
    let report = import(&story, "temporary_aid", AID, &spellings);
    assert_eq!(report["summary"]["rows_taken"], 7, "{report}");
    assert_eq!(report["noted"], serde_json::json!([]), "spellings of one name are no conflict");
    let others = [aid(&wang, "王大锤", 201, "2024-06-01"), aid(&shama, "沙马·阿呷", 202, "2024-06-02")];
    let report = import(&story, "temporary_aid", AID, &others);
    assert_eq!(
        (&report["summary"]["rows_taken"], &report["summary"]["rows_noted"]),
        (&2.into(), &2.into()),
        "{report}"
    );
    assert_eq!(report["noted"], serde_json::json!([["name_differs", 2]]));
    let list = all_text(&report["noted_file"]);
    assert!(list.contains("姓名与人员台账不一致") && list.contains("王*锤"), "{list}");
    for hidden in [wang.as_str(), "王大锤", "王小珍", "沙马·阿呷"] {
        assert!(!list.contains(hidden), "the list is masked");
    }
    let people = std::fs::read_dir(story.dir().join("people")).expect("the folder of people");
    for path in people.flatten().map(|entry| entry.path()) {
        let bytes = std::fs::read(&path).expect("readable");
        for name in ["沙马", "木呷", "王小珍"] {
            let is_there = bytes.windows(name.len()).any(|window| window == name.as_bytes());
            assert!(!is_there, "{} holds a name", path.display());
        }
    }
}

#[test]
fn a_person_in_two_households_is_told_at_import_and_listed_by_a_rule() {
    let story = county();
    let dir = text(&story.dir());
    let screened = |story: &Story| story.run(&["screen", "--dir", &dir, "--day", DAY])["quality"].as_u64();
    let before = screened(&story).expect("a number");
    let twice = [member(1, 1, &identity("1974-08-14", 11), "沙马·木呷", "2024-09-01", "", "其他")];
    let report = import(&story, "resident", RESIDENTS, &twice);
    let counts = ["rows_taken", "faults", "remarks"].map(|name| report["summary"][name].as_u64().expect("a count"));
    assert_eq!(counts, [1, 0, 1], "the row was taken, so it is a remark: {report}");
    assert!(
        report["summary"]["message"].as_str().is_some_and(|text| text.contains("有1行的成员同一天登记在两户")),
        "{report}"
    );
    let faults = all_text(&report["fault_file"]);
    let told = format!("自2024-09-01起同时登记在{}户", household(0, 1));
    assert!(faults.contains(&told), "{faults}");
    // One finding for the record in either household; other rules find the gaps of the new record as well.
    let in_two = screened(&story).expect("a number");
    assert!(in_two >= before + 2, "{before} {in_two}");
    let aid = aid(&identity("1974-08-14", 11), "沙马·木呷", 9, "2024-10-01");
    let report = import(&story, "temporary_aid", AID, &[aid]);
    assert_eq!(report["summary"]["rows_unmatched"], 1, "nobody chooses between two households: {report}");
    // Both rows of the move in one file are no conflict.
    let moved = [
        member(1, 1, &identity("1974-08-14", 11), "沙马·木呷", "2024-09-01", "", "其他"),
        member(0, 1, &identity("1974-08-14", 11), "沙马·木呷", "2014-10-10", "2024-09-01", "户主"),
    ];
    let report = import(&story, "resident", RESIDENTS, &moved);
    assert_eq!(report["summary"]["faults"], 0, "{report}");
}

#[test]
fn an_event_some_days_beside_a_membership_finds_its_household() {
    let story = county();
    let (father, daughter) = (identity("1950-05-06", 33), identity("1980-02-03", 22));
    let cases =
        [("2024-06-09", 1, 0), ("2024-06-10", 1, 0), ("2024-06-11", 1, 1), ("2024-07-11", 1, 1), ("2024-07-12", 0, 0)];
    for (died_on, taken, noted) in cases {
        let report = import(&story, "death", DEATHS, &[format!("{father},王大爷,{died_on}")]);
        let summary = &report["summary"];
        assert_eq!(
            (&summary["rows_taken"], &summary["rows_noted"]),
            (&taken.into(), &noted.into()),
            "{died_on}: {report}"
        );
    }
    // The father's membership goes on elsewhere a week later: nothing is chosen between the two.
    let again = [member(1, 1, &father, "王大爷", "2024-06-20", "", "其他")];
    import(&story, "resident", RESIDENTS, &again);
    let report = import(&story, "death", DEATHS, &[format!("{father},王大爷,2024-06-15")]);
    assert_eq!(report["summary"]["rows_unmatched"], 1, "{report}");
    let report = import(&story, "death", DEATHS, &[format!("{daughter},王小珍,2014-09-30")]);
    assert_eq!(report["noted"], serde_json::json!([["days_beside_membership", 1]]), "before the first day, too");
}

#[test]
fn a_mistyped_household_number_is_told_as_what_it_probably_is() {
    let story = county();
    let new = |serial| identity("2001-03-04", serial);
    let alone = format!("{},{},新户,一般农户", household(0, 810), VILLAGES[0]);
    import(&story, "household", HOUSEHOLDS, &[alone]);
    let known = household(0, 27);
    let line = |household: &str, identity: &str, name: &str| format!("{household},{identity},{name},2024-01-01,,之子");
    let lines = [
        // Somebody whom the register has in a household one slip away.
        line(&household(0, 72), &identity("1980-02-03", 22), "王小珍"),
        line(&known, &new(1), "王一"),
        // Below a row of the family.
        line(&household(0, 28), &new(2), "王二"),
        // A household without members is one digit away.
        line(&household(0, 818), &new(3), "新人"),
        // Nothing is near.
        line("99", &new(4), "远人"),
    ];
    let report = import(&story, "resident", RESIDENTS, &lines);
    assert_eq!(
        (&report["summary"]["rows_taken"], &report["summary"]["rows_unmatched"]),
        (&1.into(), &4.into()),
        "{report}"
    );
    let list = all_text(&report["unmatched_file"]);
    for told in [
        format!("该成员登记在{known}户,与表中户编号只差一处"),
        format!("上一行是{known}户"),
        format!("农户台账中的{}户没有成员", household(0, 810)),
    ] {
        assert!(list.contains(&told), "{told}: {list}");
    }
    let message = report["summary"]["message"].as_str().expect("a message");
    assert!(message.contains("有4行的户编号不在农户台账中,其中3行可能是户编号录错"), "{message}");
    // A household that was left out is named as the likely cause.
    let wrong = format!("{},{},错户,没有这一类", household(0, 900), VILLAGES[0]);
    let right = format!("{},{},好户,一般农户", household(0, 901), VILLAGES[0]);
    let report = import(&story, "household", HOUSEHOLDS, &[wrong, right]);
    assert!(report["summary"]["message"].as_str().is_some_and(|text| text.contains("有1行被退回")), "{report}");
    let report =
        import(&story, "resident", RESIDENTS, &[line(&household(0, 900), &new(5), "错人"), "".into(), "".into()]);
    let message = report["summary"]["message"].as_str().expect("a message");
    assert!(message.contains("有1行被退回,这些成员可能属于被退回的户"), "{message}");
}
