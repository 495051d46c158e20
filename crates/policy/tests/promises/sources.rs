//! What a source says of the people in it is checked.

use crate::Copy;

const BILL: &str = "sources/medical_bill.toml";
const DAY: &str = "day = \"settled_on\"";

#[test]
fn a_name_is_a_name_and_a_tolerance_needs_a_day_and_ends() {
    // What stands in the place of the line, line, part of the message, part of the hint.
    let cases = [
        ("day = \"settled_on\"\nmember_tolerance_days = 93", 10, "93 天", "92"),
        ("member_tolerance_days = 5", 9, "没有业务发生日列", "day ="),
        ("day = \"settled_on\"\nname = \"visit_code\"", 10, "kind", "Name"),
    ];
    for (after, line, message, hint) in cases {
        let copy = Copy::new();
        copy.edit(BILL, DAY, after);
        let problems = copy.load().expect_err(after);
        let is_it = |problem: &&policy::Problem| {
            problem.is_error()
                && problem.file.ends_with(BILL)
                && problem.line == line
                && problem.what.chinese().contains(message)
                && problem.hint.chinese().contains(hint)
        };
        assert!(problems.0.iter().any(|problem| is_it(&problem)), "{after}\n{problems}");
    }
    let copy = Copy::new();
    copy.edit(BILL, DAY, "day = \"settled_on\"\nmember_tolerance_days = 92");
    copy.load().expect("a quarter of a year is a tolerance");
}
