//! A ledger, a source, a fact and a rule are added to a copy of the package; the program is the same.

use crate::harness::{DAY, Story, text};

#[test]
fn a_ledger_a_source_a_fact_and_a_rule_need_no_rust() {
    let story = Story::with_own_package();
    let package = text(&story.package);
    let new = |thing: &str, name: &str| {
        story.run(&["new", thing, name, "--package", &package]);
    };
    for (thing, name) in [("register", "heating_subsidy"), ("source", "heating_bill")] {
        new(thing, name);
    }
    story.run(&["check", &package]);
    write_declarations(&story);
    let summary = story.run(&["check", &package]);
    assert!(summary["cases"].as_u64() > Some(0));

    let sample = story.sample("sample", 40, 21, &["--clean"]);
    story.init();
    story.import_all(&sample);
    let households = std::fs::read(story.path(&format!("sample/registers/household_{DAY}.csv"))).expect("households");
    let number = first_household(&String::from_utf8_lossy(&households));
    let bill = story.path(&format!("heating_bill_{DAY}.csv"));
    let line = |serial: u32, yuan: &str| format!("H{serial},{number},2024-10-01,{yuan}\n");
    let rows = format!("单据号,户编号,缴费日期,取暖费\n{}{}", line(1, "1500.00"), line(2, "700.50"));
    std::fs::write(&bill, rows).expect("a bill");
    let taken = story.import("heating_bill", &text(&bill));
    assert_eq!(taken[0]["summary"]["rows_taken"], 2, "{taken}");
    story.screen();
    let lead = story
        .leads()
        .into_iter()
        .find(|lead| lead["household_no"].to_string().contains(&number))
        .expect("the cold household has a lead");
    let explained = story.explain(&lead);
    let reason = explained["reasons"]
        .as_array()
        .and_then(|reasons| reasons.iter().find(|reason| reason["rule"] == "heating_cost"))
        .expect("the new rule is a reason")
        .clone();
    assert_eq!(reason["value"]["fen"], 220_050);
    assert_eq!(reason["evidence"].as_array().map(Vec::len), Some(2));
}

/// The household number in the first data row: the cell of 16 digits.
fn first_household(text: &str) -> String {
    let is_number = |cell: &&str| cell.len() == 16 && cell.bytes().all(|byte| byte.is_ascii_digit());
    text.split([',', '\n', '\r', '"']).find(is_number).expect("a household number").to_owned()
}

fn write_declarations(story: &Story) {
    let write = |path: &str, text: &str| std::fs::write(story.package.join(path), text).expect("a declaration");
    write("sources/heating_bill.toml", SOURCE);
    write("facts/heating_12m_fen.toml", FACT);
    write("facts/heating_12m_fen.cases.toml", FACT_CASES);
    write("rules/heating_cost.toml", RULE);
    write("rules/heating_cost.cases.toml", RULE_CASES);
}

const SOURCE: &str = r#"
label = "取暖费缴纳"
label_en = "Heating bills"
department = "civil_affairs"
article = [3]
cadence = "month"
of = "household"
mode = "events"
household = "household_no"
day = "paid_on"
key = ["bill_no"]
legal_basis = "部门数据比对"
may_hand_in = ["county_officer"]

[[column]]
name = "bill_no"
label = "单据号"
label_en = "Bill"
kind = "text"
required = true

[[column]]
name = "household_no"
label = "户编号"
label_en = "Household number"
kind = "text"
required = true

[[column]]
name = "paid_on"
label = "缴费日期"
label_en = "Paid on"
kind = "day"
required = true

[[column]]
name = "paid_fen"
label = "取暖费"
label_en = "Paid"
kind = "fen"
required = true
min = 0
"#;

const FACT: &str = r#"
label = "近12个月取暖支出"
label_en = "Heating cost of the last 12 months"
article = [3]
over = "household"
unit = "yuan"

[aggregate]
from = "heating_bill"
value = "sum(paid_fen)"
window = "rolling_12m"
"#;

const FACT_CASES: &str = r#"
[[case]]
name = "两笔相加,一年以前的不算"
day = 2024-10-31
rows = [
  { paid_on = 2024-10-01, paid_fen = 100 },
  { paid_on = 2023-11-01, paid_fen = 20 },
  { paid_on = 2023-10-31, paid_fen = 3 },
]
expect = 120
"#;

const RULE: &str = r#"
label = "取暖支出过高"
label_en = "High heating cost"
article = [3]
kind = "screening"
over = "household"
risk = "99"
severity = "low"
points = 100
when = "heating_12m_fen > yuan(2000)"
because = "近12个月取暖支出 {heating_12m_fen}"
because_en = "Heating cost {heating_12m_fen} in the last 12 months"
value = "heating_12m_fen"
line = "yuan(2000)"
bands = ["1", "2"]
evidence = ["heating_12m_fen"]
source = "测试用规则"
"#;

const RULE_CASES: &str = r#"
[[case]]
name = "刚好两千元不算"
day = 2024-10-31
given = { heating_12m_fen = 200000 }
expect = false

[[case]]
name = "超过两千元"
day = 2024-10-31
given = { heating_12m_fen = 200001 }
expect = true
band = 1
"#;
