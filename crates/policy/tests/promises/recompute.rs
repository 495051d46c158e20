//! A stated value made again from the rows that a reason shows, and the way to it in words.

use crate::{Copy, day, valley};
use model::{Evidence, Fen, ParameterUsed, Reason, ResidentKey, Severity, Value};
use policy::{NotShown, Package, Working};
use words::Language;

const ON: &str = "2024-06-30";

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn fen(fen: i64) -> Value {
    Value::Fen(Fen(fen))
}

/// A row behind a fact: of a source, or of a register's record.
fn row(fact: &str, dataset: &str, person: Option<i64>, adds: Value, values: &[(&str, Value)]) -> Evidence {
    Evidence {
        fact: fact.to_owned(),
        dataset: dataset.to_owned(),
        file: "0123456789ab".to_owned(),
        row: 2,
        resident_key: person.map(ResidentKey),
        adds,
        values: values.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect(),
    }
}

fn bill(person: i64, total: i64, reimbursed: Option<i64>) -> Evidence {
    let reimbursed = reimbursed.map_or(Value::Null, fen);
    let adds = reimbursed.as_i64().map_or(Value::Null, |reimbursed| fen(total - reimbursed));
    let values = [("visit_code", text("1")), ("total_fen", fen(total)), ("reimbursed_fen", reimbursed)];
    row("self_paid_12m_fen", "medical_bill", Some(person), adds, &values)
}

fn parameter(name: &str, value: Value) -> ParameterUsed {
    ParameterUsed {
        name: name.to_owned(),
        value,
        from: Some(day("2024-01-01")),
        published: None,
        source: "示例".to_owned(),
    }
}

/// A reason of the rule of the fixture: two members, of whom the first has two bills and the second one.
fn reason() -> Reason {
    let member = |fact: &str, person, adds| row(fact, "resident", Some(person), adds, &[]);
    Reason {
        rule: "spending_high".to_owned(),
        rule_version: "v".to_owned(),
        risk: "01".to_owned(),
        severity: Severity::Middle,
        points: 20,
        resident_key: None,
        value: fen(700_000),
        line: Some(fen(600_000)),
        band: 1,
        because: String::new(),
        because_en: String::new(),
        articles: vec![1],
        parameters: vec![
            parameter("spending_line", fen(600_000)),
            parameter("spending_share", Value::Decimal("0.5".parse().expect("a decimal"))),
        ],
        evidence: vec![
            member("household_self_paid_fen", 1, fen(600_000)),
            member("household_self_paid_fen", 2, fen(100_000)),
            bill(1, 500_000, Some(100_000)),
            bill(1, 350_000, Some(150_000)),
            bill(2, 100_000, Some(0)),
            bill(2, 900_000, None),
            member("member_count", 1, Value::Int(1)),
            member("member_count", 2, Value::Int(1)),
            row("", "household", None, Value::Null, &[("income_fen", fen(2_000_000)), ("risk_code", text("01"))]),
        ],
    }
}

fn recomputed(package: &Package, reason: &Reason) -> Result<policy::Recomputed, NotShown> {
    package.recompute(reason, day(ON))
}

#[test]
fn a_value_is_made_again_from_its_rows_and_nothing_else() {
    let package = valley();
    let found = recomputed(&package, &reason()).expect("all is shown");
    assert_eq!((found.value, found.line), (fen(700_000), Some(fen(600_000))));
    let shown: Vec<(&str, &Value)> = found.shown.iter().map(|(name, value)| (name.as_str(), value)).collect();
    assert_eq!(shown, [("income_per_person_fen", &fen(1_000_000)), ("risk_code", &text("01"))]);
    let steps: Vec<(&str, Option<i64>, &Value, &[usize])> = found
        .steps
        .iter()
        .map(|step| (step.fact.as_str(), step.about.map(|key| key.0), &step.value, step.rows.as_slice()))
        .collect();
    assert_eq!(
        steps,
        [
            ("self_paid_12m_fen", Some(1), &fen(600_000), &[2, 3][..]),
            ("self_paid_12m_fen", Some(2), &fen(100_000), &[4, 5]),
            ("household_self_paid_fen", None, &fen(700_000), &[0, 1]),
            ("member_count", None, &Value::Int(2), &[6, 7]),
            ("income_per_person_fen", None, &fen(1_000_000), &[]),
        ],
        "each fact once, behind those that it is made of"
    );
    assert_eq!(found.rows.into_iter().collect::<Vec<_>>(), (0..9).collect::<Vec<_>>(), "every row was read");
}

#[test]
fn what_no_row_shows_is_named() {
    let package = valley();
    let without = |change: fn(&mut Reason)| {
        let mut reason = reason();
        change(&mut reason);
        recomputed(&package, &reason).map(|found| found.value)
    };
    let missing = |name: &str| Err(NotShown { rule: "spending_high".to_owned(), name: name.to_owned() });
    assert_eq!(without(|_| ()), Ok(fen(700_000)));
    assert_eq!(without(|reason| reason.parameters.clear()), missing("p.spending_line"));
    assert_eq!(without(|reason| reason.parameters.truncate(1)), Ok(fen(700_000)), "the sentence alone shows the share");
    assert_eq!(without(|reason| reason.evidence.truncate(8)), missing("income_fen"));
    assert_eq!(
        without(|reason| {
            reason.evidence[8].values.pop();
        }),
        missing("risk_code")
    );
    assert_eq!(without(|reason| reason.evidence[8].resident_key = Some(ResidentKey(1))), missing("income_fen"));
    // Rows that are gone are not missed: they cannot be. The value is another one then.
    assert_eq!(
        without(|reason| {
            reason.evidence.remove(3);
        }),
        Ok(fen(500_000))
    );
    let mut other = reason();
    other.rule = "nothing".to_owned();
    let wrong = recomputed(&package, &other).expect_err("no such rule");
    assert_eq!(wrong.to_string(), "the rows of `nothing` do not show `nothing`");
    assert_eq!(package.workings(&other, day(ON), Language::CHINESE), Err(wrong));
}

#[test]
fn rows_of_other_facts_and_persons_do_not_count() {
    let package = valley();
    let mut reason = reason();
    let mut foreign = bill(3, 5_000_000, Some(0));
    reason.evidence.push(foreign.clone());
    foreign.resident_key = Some(ResidentKey(1));
    foreign.fact = "another_fact".to_owned();
    reason.evidence.push(foreign.clone());
    foreign.fact = "self_paid_12m_fen".to_owned();
    foreign.dataset = "another_source".to_owned();
    reason.evidence.push(foreign.clone());
    let mut ambulant = bill(1, 5_000_000, Some(0));
    ambulant.values[0].1 = text("2");
    reason.evidence.push(ambulant);
    let found = recomputed(&package, &reason).expect("all is shown");
    assert_eq!(
        found.value,
        fen(700_000),
        "a stranger, another fact, another source, and what the condition leaves out"
    );
}

fn said(package: &Package, reason: &Reason, language: Language) -> Vec<String> {
    let lines = package.workings(reason, day(ON), language).expect("all is shown");
    let line = |Working { label, about, value, formula }| {
        let about = about.map_or("-".to_owned(), |key: ResidentKey| key.0.to_string());
        format!("{label} [{about}] {value} = {formula}")
    };
    lines.into_iter().map(line).collect()
}

#[test]
fn the_way_to_a_value_reads_like_this() {
    let package = valley();
    assert_eq!(
        said(&package, &reason(), Language::CHINESE),
        [
            "人均收入 [-] 10,000.00元 = 年收入 20,000.00元 ÷ 家庭人口 2",
            "家庭人口 [-] 2 = 2 行",
            "全家近12个月自付 [-] 7,000.00元 = 6,000.00元 + 1,000.00元",
            "近12个月自付 [2] 1,000.00元 = 1,000.00元 + 未知",
            "近12个月自付 [1] 6,000.00元 = 4,000.00元 + 2,000.00元",
        ]
    );
    assert_eq!(
        said(&package, &reason(), Language::ENGLISH),
        [
            "Income per person [-] 10,000.00 yuan = Income of the year 20,000.00 yuan ÷ Members 2",
            "Members [-] 2 = 2 rows",
            "Self-paid by the household, 12 months [-] 7,000.00 yuan = 6,000.00 yuan + 1,000.00 yuan",
            "Self-paid, 12 months [2] 1,000.00 yuan = 1,000.00 yuan + unknown",
            "Self-paid, 12 months [1] 6,000.00 yuan = 4,000.00 yuan + 2,000.00 yuan",
        ]
    );
}

/// A package whose rule states this value against this line.
fn stating(value: &str, line: &str) -> Package {
    let copy = Copy::new();
    copy.edit("rules/spending_high.toml", "value = \"household_self_paid_fen\"", &format!("value = \"{value}\""));
    copy.edit("rules/spending_high.toml", "line = \"p.spending_line\"", &format!("line = \"{line}\""));
    copy.load().unwrap_or_else(|problems| panic!("{problems}"))
}

#[test]
fn formulas_are_written_with_what_stood_in_them() {
    let paid = "全家近12个月自付 7,000.00元";
    let income = "年收入 20,000.00元";
    let cases = [
        ("household_self_paid_fen + yuan(1)", "7,001.00元", format!("{paid} + 1.00元")),
        ("household_self_paid_fen - (income_fen - yuan(1))", "-12,999.00元", format!("{paid} - ({income} - 1.00元)")),
        ("(household_self_paid_fen - income_fen) - yuan(1)", "-13,001.00元", format!("{paid} - {income} - 1.00元")),
        ("(household_self_paid_fen + income_fen) * 2", "54,000.00元", format!("({paid} + {income}) × 2")),
        ("household_self_paid_fen * 2 + income_fen", "34,000.00元", format!("{paid} × 2 + {income}")),
        (
            "per(household_self_paid_fen + income_fen, member_count)",
            "13,500.00元",
            format!("({paid} + {income}) ÷ 家庭人口 2"),
        ),
        ("-household_self_paid_fen", "-7,000.00元", format!("-{paid}")),
        ("coalesce(household_self_paid_fen, income_fen)", "7,000.00元", paid.to_owned()),
        ("greatest(household_self_paid_fen, income_fen)", "20,000.00元", format!("较大者({paid}, {income})")),
        ("least(household_self_paid_fen, income_fen)", "7,000.00元", format!("较小者({paid}, {income})")),
        (
            "whole(household_self_paid_fen * p.spending_share)",
            "3,500.00元",
            format!("四舍五入({paid} × 比例 50%) + 0.00元"),
        ),
        ("case when member_count > 2 then income_fen else household_self_paid_fen end", "7,000.00元", paid.to_owned()),
        (
            "case when member_count > 1 then income_fen else household_self_paid_fen end",
            "20,000.00元",
            income.to_owned(),
        ),
    ];
    for (formula, value, words) in cases {
        let lines = said(&stating(formula, "p.spending_line"), &reason(), Language::CHINESE);
        assert_eq!(lines[0], format!("数值 [-] {value} = {words}"), "{formula}");
    }
    let lines = said(&stating("household_self_paid_fen", "p.spending_line * 2"), &reason(), Language::ENGLISH);
    assert_eq!(lines[0], "Line [-] 12,000.00 yuan = 监测线 6,000.00 yuan × 2".replace("监测线", "Line"));
}

#[test]
fn more_than_eight_rows_are_counted_and_not_written_out() {
    let package = valley();
    for (bills, words) in [(1, "1 行合计".to_owned()), (8, ["0.01元"; 8].join(" + ")), (9, "9 行合计".to_owned())]
    {
        let mut reason = reason();
        reason.evidence.retain(|row| row.fact != "self_paid_12m_fen" || row.resident_key != Some(ResidentKey(2)));
        reason.evidence.extend((0..bills).map(|_| bill(2, 1, Some(0))));
        let lines = said(&package, &reason, Language::CHINESE);
        let expected = format!("近12个月自付 [2] 0.0{bills}元 = {words}");
        assert!(lines.contains(&expected), "{expected}: {lines:?}");
    }
}

#[test]
fn each_way_of_putting_rows_together_has_its_word() {
    for (value, chinese, english) in [
        ("max(total_fen)", "2 行中最大", "2 rows, the greatest"),
        ("min(total_fen)", "2 行中最小", "2 rows, the least"),
        ("sum(total_fen - reimbursed_fen)", "4,000.00元 + 2,000.00元", "4,000.00 yuan + 2,000.00 yuan"),
    ] {
        let copy = Copy::new();
        copy.edit("facts/self_paid_12m_fen.toml", "sum(total_fen - reimbursed_fen)", value);
        let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
        for (language, words) in [(Language::CHINESE, chinese), (Language::ENGLISH, english)] {
            let lines = said(&package, &reason(), language);
            let last = lines.last().expect("some lines");
            assert!(last.ends_with(&format!(" = {words}")), "{value}: {lines:?}");
        }
    }
}
