//! What is scaffolded passes the check as it is.

use crate::{Copy, valley};
use policy::run_cases;
use policy::scaffold::{Scaffold, scaffold};
use std::fs;
use words::Language;

const KINDS: [Scaffold; 5] =
    [Scaffold::Register, Scaffold::Rule, Scaffold::Fact, Scaffold::Source, Scaffold::Indicator];

#[test]
fn scaffolded_files_pass_the_check_and_their_cases() {
    let copy = Copy::new();
    let package = copy.load().expect("loads");
    for kind in KINDS {
        let files = scaffold(&package, kind, "heating_cost", Language::CHINESE).expect("scaffolds");
        let in_english = scaffold(&package, kind, "heating_cost", Language::ENGLISH).expect("scaffolds");
        for ((path, text), (same, english)) in files.into_iter().zip(in_english) {
            assert_eq!(path, same);
            let is_comment = |line: &&str| line.starts_with('#');
            let has_han = |line: &str| line.contains(|letter| ('\u{3001}'..='\u{9fff}').contains(&letter));
            assert!(!english.lines().filter(is_comment).any(has_han), "{english}");
            let declared = |text: &str| -> Vec<String> {
                let is_name = |line: &&str| path.contains(".cases.") && line.starts_with("name");
                text.lines().filter(|line| !is_comment(line) && !is_name(line)).map(str::to_owned).collect()
            };
            assert_eq!(declared(&text), declared(&english), "{path}");
            assert_eq!(text.lines().filter(is_comment).count(), english.lines().filter(is_comment).count(), "{path}");
            assert!(!copy.path(&path).exists(), "{path}");
            let name = if kind == Scaffold::Source { path.replace("heating_cost", "heating_bill") } else { path };
            fs::write(copy.path(&name), text).expect("writes");
        }
    }
    let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
    // The cases of a register are begun and empty: what it calculates is not known before it is edited.
    let warnings: Vec<String> = package.warnings.iter().map(ToString::to_string).collect();
    assert!(
        warnings.iter().all(|warning| warning.contains("heating_cost.") && warning.contains("没有")),
        "{warnings:?}"
    );
    assert!(!warnings.is_empty(), "an empty file of cases is said to be empty");
    let report = run_cases(&package);
    assert!(report.failed.is_empty(), "{:?}", report.failed);
    assert_eq!(report.passed, 22 + 3 + 2 + 1);
}

#[test]
fn bad_and_taken_names_are_refused() {
    let package = valley();
    for bad in ["", "Select", "select", "a b", "../x", "年"] {
        for kind in KINDS {
            assert!(scaffold(&package, kind, bad, Language::CHINESE).is_err(), "{kind:?} {bad}");
        }
    }
    let taken = [
        (Scaffold::Register, "household"),
        (Scaffold::Register, "medical_bill"),
        (Scaffold::Source, "household"),
        (Scaffold::Source, "medical_bill"),
        (Scaffold::Rule, "spending_high"),
        (Scaffold::Fact, "member_count"),
        (Scaffold::Fact, "income_fen"),
        (Scaffold::Indicator, "monitored_share"),
    ];
    for (kind, name) in taken {
        assert!(scaffold(&package, kind, name, Language::CHINESE).is_err(), "{kind:?} {name}");
    }
}

#[test]
fn what_is_not_scaffolded_says_why() {
    let package = valley();
    let name = |name: &str| format!("`{name}` 不能用作名称;只用小写字母、数字和下划线,以字母开头,不用 SQL 的词");
    let cases = [
        (Scaffold::Rule, "Select", name("Select")),
        (Scaffold::Fact, "day", name("day")),
        (Scaffold::Register, "a__b", name("a__b")),
        (Scaffold::Register, "household", "registers/household.toml 已经有了;换一个名称,或直接改它".to_owned()),
        (Scaffold::Source, "well", "registers/well.toml 已经有了;换一个名称,或直接改它".to_owned()),
        (Scaffold::Register, "medical_bill", "sources/medical_bill.toml 已经有了;换一个名称,或直接改它".to_owned()),
        (Scaffold::Fact, "member_count", "facts/member_count.toml 已经有了;换一个名称,或直接改它".to_owned()),
        (Scaffold::Fact, "born_on", "`born_on` 已经是台账字段的名称;换一个名称".to_owned()),
        (
            Scaffold::Indicator,
            "monitored_share",
            "indicators/monitored_share.toml 已经有了;换一个名称,或直接改它".to_owned(),
        ),
    ];
    for (kind, name, message) in cases {
        let refused = scaffold(&package, kind, name, Language::CHINESE).expect_err(name);
        let advice = refused.advice();
        assert_eq!(format!("{};{}", advice.what.chinese(), advice.hint.chinese()), message, "{kind:?}");
        assert!(!advice.what.english().is_empty() && advice.hint.english().ends_with('.'), "{advice:?}");
    }
    // A rule may be called as a fact, and an indicator as a register.
    for (kind, name) in [(Scaffold::Rule, "member_count"), (Scaffold::Indicator, "well"), (Scaffold::Fact, "well")] {
        let files = scaffold(&package, kind, name, Language::CHINESE).expect("is free");
        assert!(files.iter().all(|(path, text)| path.contains(name) && !text.contains("<<")), "{files:?}");
    }
}

#[test]
fn what_is_scaffolded_names_what_the_package_has() {
    let files = scaffold(&valley(), Scaffold::Rule, "heating_high", Language::CHINESE).expect("scaffolds");
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["rules/heating_high.toml", "rules/heating_high.cases.toml"]);
    let rule = &files[0].1;
    for part in ["article = [1]", "risk = \"01\"", "when = \"member_count > 10\"", "evidence = [\"member_count\"]"] {
        assert!(rule.contains(part), "{part}: {rule}");
    }
    let source = scaffold(&valley(), Scaffold::Source, "heating_bill", Language::CHINESE).expect("scaffolds");
    assert_eq!(source.len(), 1, "a source has no cases");
    assert!(
        source[0].1.contains("department = \"medical\"") && source[0].1.contains("may_hand_in = [\"clerk\"]"),
        "{}",
        source[0].1
    );
}
