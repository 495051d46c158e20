//! A package is read whole, and every mistake is shown where it stands.

use crate::{Copy, fixtures, valley};
use policy::{Package, Problem, Thing};
use std::collections::BTreeSet;
use std::fs;

/// The problem in a file after an edit.
fn problem_after(file: &str, before: &str, after: &str) -> Problem {
    let copy = Copy::new();
    copy.edit(file, before, after);
    let problems = copy.load().expect_err(after);
    let found = problems.0.iter().find(|problem| problem.is_error() && problem.file.ends_with(file));
    found.cloned().unwrap_or_else(|| panic!("{after}: nothing in {file}:\n{problems}"))
}

#[test]
fn a_package_is_read_whole() {
    let package = valley();
    assert_eq!(package.articles.len(), 2);
    assert_eq!(package.facts.len(), package.fact_forms.len());
    assert!(package.warnings.is_empty(), "{:?}", package.warnings);
    let at = |name: &str| package.fact_order.iter().position(|fact| fact == name);
    assert!(at("self_paid_12m_fen") < at("household_self_paid_fen"));
    assert!(at("member_count") < at("income_per_person_fen"));
    assert_eq!(package.code_label("visit", "1"), Some(("住院", "Inpatient")));
    let columns = &package.sources["medical_bill"].column;
    let lake: Vec<&str> = Package::lake_columns(columns).map(|column| column.name.as_str()).collect();
    assert_eq!(lake, ["settled_on", "visit_code", "total_fen", "reimbursed_fen"]);
}

#[test]
fn what_stands_behind_a_rule_is_known() {
    let package = valley();
    let behind = package.facts_behind("spending_high");
    let named = ["household_self_paid_fen", "income_per_person_fen", "member_count", "self_paid_12m_fen"];
    assert_eq!(behind.iter().cloned().collect::<BTreeSet<_>>(), named.map(str::to_owned).into());
    assert!(behind.is_sorted_by_key(|fact| package.fact_order.iter().position(|other| other == fact)), "{behind:?}");
    let parameters: Vec<String> = package.parameters_behind("spending_high").into_iter().collect();
    assert_eq!(parameters, ["reference_income", "spending_line", "spending_share"]);
    assert_eq!(package.evidence_behind("spending_high"), ["self_paid_12m_fen"]);
}

#[test]
fn mistakes_are_shown_at_their_place_with_a_hint() {
    // file, before, after, line, the marked text, part of the message, part of the hint
    let rule = "rules/spending_high.toml";
    let cases = [
        (
            rule,
            "when = \"household_self_paid_fen >",
            "when = \"household_self_pad_fen >",
            9,
            "household_self_pad_fen",
            "没有",
            "household_self_paid_fen",
        ),
        (rule, "> p.spending_line and", "> 6000 and", 9, "6000", "金额", "yuan("),
        (rule, "> p.spending_line and", "> p.spending_lines and", 9, "p.spending_lines", "没有参数", "p.spending_line"),
        (
            rule,
            "{income_per_person_fen},风险",
            "{income_per_person},风险",
            10,
            "{income_per_person}",
            "没有",
            "income_per_person_fen",
        ),
        (rule, "points = 20", "poinst = 20", 8, "poinst", "不认识的键", "points"),
        (rule, "severity = \"middle\"", "severity = \"medium\"", 7, "\"medium\"", "不认识的取值", "middle"),
        (rule, "article = [1]", "article = [1, 29]", 3, "29", "没有第 29 条", "articles.toml"),
        (rule, "risk = \"01\"", "risk = \"因病\"", 6, "\"因病\"", "代码表", "\"01\""),
        (rule, "over = \"household\"", "over = \"village\"", 5, "\"village\"", "规则只能", "household"),
        (
            rule,
            "evidence = [\"household_self_paid_fen\"]",
            "evidence = [\"household_self_paid\"]",
            15,
            "\"household_self_paid\"",
            "没有事实",
            "household_self_paid_fen",
        ),
        (
            rule,
            "line = \"p.spending_line\"",
            "line = \"p.spending_share\"",
            13,
            "\"p.spending_share\"",
            "不能相比",
            "单位",
        ),
        (rule, "bands = [1.0, 1.5, 2.0]", "bands = [1.0, 1.0]", 14, "[1.0, 1.0]", "档次", "1.5"),
        (rule, "label = \"自付过高\"\n", "", 1, "l", "缺少 `label`", "label"),
        (
            "facts/self_paid_12m_fen.toml",
            "from = \"medical_bill\"",
            "from = \"medical_bil\"",
            8,
            "\"medical_bil\"",
            "没有数据源",
            "medical_bill",
        ),
        (
            "facts/self_paid_12m_fen.toml",
            "total_fen - reimbursed_fen",
            "total_fen - illness",
            9,
            "illness",
            "没有",
            "敏感",
        ),
        ("facts/self_paid_12m_fen.toml", "'1'", "'9'", 10, "'9'", "代码表 visit", "'1' 住院"),
        ("facts/self_paid_12m_fen.toml", "rolling_12m", "rolling12m", 11, "rolling12m", "时间窗口", "rolling_12m"),
        (
            "facts/self_paid_12m_fen.toml",
            "over = \"resident\"",
            "over = \"village\"",
            4,
            "\"village\"",
            "归不到",
            "逐级",
        ),
        (
            "facts/member_count.toml",
            "over = \"household\"",
            "over = \"resident\"",
            8,
            "\"resident\"",
            "上一级",
            "household",
        ),
        (
            "facts/income_per_person_fen.toml",
            "per(income_fen, member_count)",
            "income_fen / member_count",
            8,
            "income_fen / member_count",
            "不支持运算符",
            "per(",
        ),
        (
            "facts/income_per_person_fen.toml",
            "per(income_fen, member_count)",
            "income_fen * 0.5",
            8,
            "\"income_fen * 0.5\"",
            "整分",
            "whole(",
        ),
        (
            "facts/income_per_person_fen.toml",
            "per(income_fen, member_count)",
            "per(income_per_person_fen, 2)",
            8,
            "\"per(income_per_person_fen, 2)\"",
            "绕回",
            "",
        ),
        (
            "sources/medical_bill.toml",
            "department = \"medical\"",
            "department = \"medcial\"",
            3,
            "\"medcial\"",
            "代码表 department",
            "medical",
        ),
        ("sources/medical_bill.toml", "cadence = \"month\"", "cadence = \"weekly\"", 5, "\"weekly\"", "频次", "month"),
        ("sources/medical_bill.toml", "day = \"settled_on\"", "day = \"total_fen\"", 9, "\"total_fen\"", "kind", "Day"),
        (
            "sources/medical_bill.toml",
            "may_hand_in = [\"clerk\"]",
            "may_hand_in = [\"clark\"]",
            12,
            "\"clark\"",
            "没有角色",
            "clerk",
        ),
        (
            "sources/medical_bill.toml",
            "name = \"total_fen\"",
            "name = \"reimbursed_fen\"",
            43,
            "\"reimbursed_fen\"",
            "重复",
            "",
        ),
        (
            "sources/medical_bill.toml",
            "codes = \"visit\"",
            "codes = \"visits\"",
            33,
            "\"visits\"",
            "没有代码表",
            "visit",
        ),
        ("sources/medical_bill.toml", "label = \"报销金额\"", "label = \"总费用\"", 44, "\"总费用\"", "表头", ""),
        (
            "registers/household.toml",
            "name = \"region_code\"",
            "name = \"region_cod\"",
            6,
            "\"region_code\"",
            "",
            "region_cod",
        ),
        ("registers/resident.toml", "name = \"member_to\"", "name = \"member_until\"", 0, "", "member_to", ""),
        ("registers/lead.toml", "to = \"closed\"", "to = \"close\"", 31, "\"close\"", "没有状态", "closed"),
        ("parameters/spending_share.toml", "rate = \"0.5\"", "amount = 1", 8, "1", "不写在 amount", "rate"),
        ("parameters/spending_share.toml", "grade = \"B\"", "grade = \"example\"", 10, "\"example\"", "等级", "叠加层"),
        (
            "parameters/spending_line.toml",
            "whole(p.reference_income * p.spending_share)",
            "p.reference_income * p.spending_share",
            8,
            "\"p.reference",
            "公式的结果",
            "whole(",
        ),
        ("articles.toml", "rules/spending_high", "rules/spending_hihg", 8, "\"rules/spending_hihg\"", "没有", ""),
        ("package.toml", "region = \"99\"", "region = \"98\"", 5, "\"98\"", "区划表里没有", ""),
        (
            "divisions.csv",
            "990101100201,桥头村村民委员会",
            "99010110020x,桥头村村民委员会",
            7,
            "990",
            "不是区划代码",
            "code,name",
        ),
    ];
    let mut wrong = Vec::new();
    for (file, before, after, line, marked, message, hint) in cases {
        let problem = problem_after(file, before, after);
        let from = problem.line_text.chars().skip(problem.column - 1);
        let shown: String = from.take(problem.span_len).collect();
        let is_marked = marked.starts_with(&shown) || shown.starts_with(marked);
        let is_said = problem.what.chinese().contains(message) && problem.hint.chinese().contains(hint);
        if (line != 0 && problem.line != line) || !is_marked || !is_said {
            wrong.push(format!("{after} (line {line}, {marked}, {message}, {hint})\n{problem}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

#[test]
fn a_problem_reads_like_this() {
    let problem = problem_after("rules/spending_high.toml", "> p.spending_line and", "> 6000 and");
    let shown = problem.to_string();
    let lines: Vec<&str> = shown.lines().collect();
    assert!(lines[0].ends_with("rules/spending_high.toml:9:35: 错误: 金额和整数不能放在一起"), "{shown}");
    assert_eq!(lines[1], "9 | when = \"household_self_paid_fen > 6000 and not coalesce(is_monitored, false)\"");
    assert_eq!(lines[2], "  |                                   ^^^^");
    assert_eq!(lines[3], "hint: 金额写成 yuan(6000);金额只和金额比较、相加(0 除外)");
}

#[test]
fn all_mistakes_are_collected() {
    let copy = Copy::new();
    copy.edit("rules/spending_high.toml", "points = 20", "points = 0");
    copy.edit("rules/spending_high.toml", "> p.spending_line", "> 1");
    copy.edit("facts/member_count.toml", "count()", "count(");
    copy.edit("roles/clerk.toml", "township", "town");
    copy.edit("sources/medical_bill.toml", "month", "week");
    let problems = copy.load().expect_err("five mistakes");
    for (file, least) in
        [("spending_high.toml", 2), ("member_count.toml", 1), ("clerk.toml", 1), ("medical_bill.toml", 1)]
    {
        let count = problems.0.iter().filter(|problem| problem.file.ends_with(file)).count();
        assert!(count >= least, "{file}: {problems}");
    }
}

#[test]
fn facts_in_a_circle_are_named_once_each() {
    let copy = Copy::new();
    let fact = |value: &str| {
        format!(
            "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nover = \"household\"\n[derived]\nvalue = \"{value}\"\n"
        )
    };
    copy.write("facts/a.toml", &fact("b + 1"));
    copy.write("facts/b.toml", &fact("c + 1"));
    copy.write("facts/c.toml", &fact("a + 1"));
    copy.write("facts/behind.toml", &fact("a + 1"));
    let problems = copy.load().expect_err("a circle");
    for name in ["a.toml", "b.toml", "c.toml"] {
        let circles =
            problems.0.iter().filter(|problem| problem.file.ends_with(name) && problem.what.chinese().contains("绕回"));
        assert_eq!(circles.count(), 1, "{problems}");
    }
    assert!(
        !problems
            .0
            .iter()
            .any(|problem| problem.file.ends_with("behind.toml") && problem.what.chinese().contains("绕回")),
        "{problems}"
    );
}

#[test]
fn a_fact_is_an_aggregate_or_derived() {
    let both = problem_after(
        "facts/member_count.toml",
        "value = \"count()\"",
        "value = \"count()\"\n[derived]\nvalue = \"1\"",
    );
    assert!(both.what.chinese().contains("只能写一个"), "{both}");
    let neither = problem_after("facts/member_count.toml", "[aggregate]\nfrom = \"resident\"\nvalue = \"count()\"", "");
    assert!(neither.what.chinese().contains("没有写怎样得到"), "{neither}");
}

#[test]
fn a_window_needs_a_day_and_evidence_needs_rows() {
    let copy = Copy::new();
    copy.edit("sources/medical_bill.toml", "day = \"settled_on\"\n", "");
    let problems = copy.load().expect_err("no day");
    assert!(problems.0.iter().any(|problem| problem.what.chinese().contains("没有日期列")), "{problems}");

    let copy = Copy::new();
    copy.write(
        "facts/constant.toml",
        "label = \"x\"\nlabel_en = \"x\"\narticle = [1]\nover = \"household\"\n[derived]\nvalue = \"income_fen\"\n",
    );
    copy.edit("rules/spending_high.toml", "evidence = [\"household_self_paid_fen\"]", "evidence = [\"constant\"]");
    let problems = copy.load().expect_err("no rows");
    assert!(problems.0.iter().any(|problem| problem.what.chinese().contains("背后没有数据行")), "{problems}");

    let copy = Copy::new();
    copy.edit(
        "rules/spending_high.toml",
        "evidence = [\"household_self_paid_fen\"]",
        "evidence = [\"income_per_person_fen\"]",
    );
    copy.load().expect("derived facts that lead to aggregates are evidence");
}

#[test]
fn a_check_without_english_is_a_warning_and_says_the_chinese() {
    let copy = Copy::new();
    copy.edit("sources/medical_bill.toml", "what_en = \"More was reimbursed than the total\"\n", "");
    let package = copy.load().expect("packages of before have none");
    assert_eq!(package.warnings.len(), 1, "{:?}", package.warnings);
    assert!(package.warnings[0].to_string().contains("没有英文 `what_en`"), "{}", package.warnings[0]);
    let advice = package.sources["medical_bill"].check[0].advice();
    assert_eq!(advice.what.of(words::Language::ENGLISH), advice.what.chinese());
}

#[test]
fn missing_cases_are_a_warning() {
    let copy = Copy::new();
    fs::remove_file(copy.path("rules/spending_high.cases.toml")).expect("removes");
    let package = copy.load().expect("only a warning");
    assert_eq!(package.warnings.len(), 1);
    assert!(
        package.warnings[0].to_string().contains("提醒: 没有用例(spending_high.cases.toml)"),
        "{}",
        package.warnings[0]
    );
}

#[test]
fn cases_must_be_readable_and_stand_beside_something() {
    let bad = problem_after("facts/member_count.cases.toml", "expect = 0", "expects = 0");
    assert!(bad.what.chinese().contains("expects"), "{bad}");
    let copy = Copy::new();
    copy.write("facts/nothing.cases.toml", "[[case]]\nname = \"x\"\nday = 2024-01-01\nexpect = 1\n");
    let problems = copy.load().expect_err("beside nothing");
    assert!(problems.0.iter().any(|problem| problem.what.chinese().contains("旁边没有")), "{problems}");
}

#[test]
fn versions_follow_every_text_that_counts() {
    let copy = Copy::new();
    let version = |copy: &Copy| {
        let package = copy.load().expect("loads");
        (
            package.version(Thing::Rule, "spending_high"),
            package.version(Thing::Fact, "member_count"),
            package.version_of_all(),
        )
    };
    let first = version(&copy);
    assert_eq!(first.0.len(), 12);
    assert_eq!(version(&copy), first, "the same texts give the same versions");
    copy.edit("facts/self_paid_12m_fen.toml", "近12个月自付", "近十二个月自付");
    let second = version(&copy);
    assert_ne!(first.0, second.0, "a fact that the rule stands on changed");
    assert_eq!(first.1, second.1);
    copy.edit("facts/sick_household_count.toml", "Households with bills", "With bills");
    let third = version(&copy);
    assert_eq!(second.0, third.0, "the rule does not stand on the village's fact");
    assert_ne!(second.2, third.2);
    assert_eq!(valley().version(Thing::Rule, "nothing"), "");
}

#[test]
fn overlays_are_checked_like_the_package() {
    let folder = tempfile::tempdir().expect("a folder");
    let parameters = folder.path().join("parameters");
    fs::create_dir_all(&parameters).expect("makes");
    let value = "[[value]]\nfrom = 2024-01-01\nregion = \"990101\"\namount = 1\nsource = \"x\"\ngrade = \"example\"\n";
    let cases = [
        ("reference_income.toml", value.to_owned(), ""),
        ("reference_incom.toml", value.to_owned(), "没有参数"),
        ("reference_income.toml", value.replace("amount = 1", "rate = \"1\""), "不写在 rate"),
        ("reference_income.toml", value.replace("amount = 1", "formula = \"1\""), "不能写公式"),
        ("reference_income.toml", format!("unit = \"int\"\n{value}"), "单位"),
        ("reference_income.toml", value.replace("from = ", "form = "), "不认识的键"),
    ];
    for (name, text, message) in cases {
        fs::write(parameters.join(name), &text).expect("writes");
        let loaded = crate::load(&fixtures().join("package"), &[folder.path().to_owned()]);
        match loaded {
            Ok(_) => assert_eq!(message, "", "{text}"),
            Err(problems) => {
                assert!(!message.is_empty(), "{problems}");
                let found = problems
                    .0
                    .iter()
                    .find(|problem| problem.file.ends_with(name) && problem.what.chinese().contains(message));
                assert!(found.is_some(), "{message}: {problems}");
            }
        }
        fs::remove_file(parameters.join(name)).expect("removes");
    }
}
