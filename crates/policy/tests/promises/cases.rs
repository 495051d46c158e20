//! Cases are run, and a case that fails says what came out.

use crate::{Copy, in_english, valley};
use policy::{StepTaken, run_cases};
use words::Wording;

#[test]
fn all_cases_of_the_fixture_pass() {
    let report = run_cases(&valley());
    assert!(report.failed.is_empty(), "{:?}", report.failed);
    assert_eq!(report.passed, 22);
}

#[test]
fn a_wrong_expectation_fails_at_its_line() {
    let edits = [
        ("facts/self_paid_12m_fen.cases.toml", "expect = 320", "expect = 321", "应得 3.21元(321分),实得 3.20元(320分)"),
        ("facts/self_paid_12m_fen.cases.toml", "day = 2024-06-30", "day = 2024-07-01", "实得"),
        ("facts/household_self_paid_fen.cases.toml", "expect = 350", "expect = \"unknown\"", "应得 未知"),
        ("facts/household_self_paid_fen.cases.toml", "expect = 350", "expect = true", "不是金额"),
        (
            "facts/household_self_paid_fen.cases.toml",
            "{ self_paid_12m_fen = 100 }",
            "{ self_paid_fen = 100 }",
            "没有 `self_paid_fen`",
        ),
        (
            "facts/household_self_paid_fen.cases.toml",
            "{ self_paid_12m_fen = 100 }",
            "{ self_paid_12m_fen = 1.5 }",
            "不是金额",
        ),
        ("rules/spending_high.cases.toml", "超过监测线 6,000.00元", "超过监测线 7,000.00元", "说明句不一致"),
        ("rules/spending_high.cases.toml", "band = 3", "band = 2", "应为第 2 档,实为第 3 档"),
        (
            "rules/spending_high.cases.toml",
            "given = { household_self_paid_fen = 1200000 }",
            "given = { household_self_paid_fen = 600000 }",
            "应得 是,实得 否",
        ),
        ("parameters/spending_line.cases.toml", "known = 2021-03-01", "known = 2021-02-28", "实得 未知"),
        ("parameters/spending_line.cases.toml", "region = \"990101100201\"", "region = \"990102\"", "实得"),
        ("indicators/monitored_share.cases.toml", "expect = \"0.5\"", "expect = \"0.3333\"", "实得 0.5"),
        ("registers/well.cases.toml", "grade_code = \"2\"", "grade_code = \"1\"", "应得 1,实得 2"),
        ("registers/well.cases.toml", "litre_count = 39", "litre_total = 39", "没有 `litre_total`"),
        ("registers/well.cases.toml", "given = { walk_minutes = 10 }", "given = { grade_code = \"1\" }", "是算出来的"),
        ("registers/well.cases.toml", "found = { others = 1 }", "found = { others = 0 }", "不通过的应是"),
        ("registers/well.cases.toml", "found = { others = 1 }", "found = { other = 1 }", "没有 `other`"),
        (
            "registers/well.cases.toml",
            "failing = [\"各份额合计不等于 1\"]",
            "failing = []",
            "实为 [各份额合计不等于 1]",
        ),
        ("registers/well.cases.toml", "child = { repair", "child = { repairs", "没有子记录"),
        ("registers/well.cases.toml", "repair_fen = 750", "litre_count = 750", "不是算出来的字段"),
        ("registers/well.cases.toml", "state = \"used\"\nfound = { others = 1 }", "state = \"use\"", "没有状态 `use`"),
    ];
    for (file, before, after, message) in edits {
        let copy = Copy::new();
        let text = copy.read(file);
        copy.write(file, &text.replacen(before, after, 1));
        let report = run_cases(&copy.load().expect("loads"));
        assert_eq!(report.failed.len(), 1, "{after}");
        let shown = report.failed[0].to_string();
        assert!(report.failed[0].file.ends_with(file) && shown.contains(message), "{after}: {shown}");
        assert!(report.failed[0].line > 1, "{shown}");
        in_english::check_problem(&report.failed[0]);
    }
}

#[test]
fn a_failure_shows_the_values_it_used() {
    let copy = Copy::new();
    copy.edit(
        "rules/spending_high.cases.toml",
        "given = { household_self_paid_fen = 1200000 }",
        "given = { household_self_paid_fen = 1 }",
    );
    let report = run_cases(&copy.load().expect("loads"));
    assert!(
        report.failed[0].hint.chinese().contains("household_self_paid_fen = 0.01元(1分),p.spending_line = 6,000.00元"),
        "{}",
        report.failed[0]
    );
}

#[test]
fn steps_are_judged_by_whoever_knows_lifecycles() {
    let package = valley();
    let by_share = |_: &policy::Package, step: &policy::StepCase<'_>| {
        assert_eq!((step.register, step.state, step.asked.name.as_str()), ("well", "planned", "open_well"));
        assert!(step.filled.contains(&"dug_on"));
        if step.children.contains(&"share") {
            Ok(StepTaken::default())
        } else {
            Err(Wording::pair("没有份额", "no share"))
        }
    };
    let report = policy::run_cases_with(&package, &by_share);
    assert_eq!((report.passed, report.failed.len()), (24, 0), "{:?}", report.failed);
    let report = policy::run_cases_with(&package, &|_, _| Ok(StepTaken::default()));
    assert_eq!(report.failed.len(), 1, "a step that is wrongly allowed is seen");
    let report = policy::run_cases_with(&package, &|_, _| Err(Wording::pair("不行", "no")));
    assert!(report.failed[0].hint.chinese().contains("不行"), "{:?}", report.failed);
}
