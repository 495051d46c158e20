//! How values, problems and lists of problems read.

use crate::{Copy, valley};
use model::{Decimal, Fen, Value};
use policy::declare::Grain;
use policy::{Gravity, Problem, Problems, sentence};
use words::{Advice, Language, Wording};

fn decimal(text: &str) -> Value {
    Value::Decimal(text.parse::<Decimal>().expect("a decimal"))
}

#[test]
fn every_kind_of_value_reads_well_in_both_languages() {
    let package = valley();
    let text = |text: &str| Value::Text(text.to_owned());
    let cases = [
        ("income_fen", Value::Fen(Fen(0)), "0.00元", "0.00 yuan"),
        ("income_fen", Value::Fen(Fen(-123_456)), "-1,234.56元", "-1,234.56 yuan"),
        ("is_monitored", Value::Bool(false), "否", "no"),
        ("is_monitored", Value::Null, "未知", "unknown"),
        ("land_mu", decimal("1.50"), "1.5", "1.5"),
        ("land_mu", decimal("0"), "0", "0"),
        ("p.spending_share", decimal("0.125"), "12.5%", "12.5%"),
        ("p.spending_share", decimal("1"), "100%", "100%"),
        ("p.spending_share", Value::Null, "未知", "unknown"),
        ("p.floor_line", Value::Int(130), "130", "130"),
        ("p.nothing", Value::Int(130), "130", "130"),
        ("risk_code", text("02"), "因学", "Schooling"),
        ("risk_code", text(""), "", ""),
        ("nothing", text("01"), "01", "01"),
        ("day", Value::Day("2024-02-29".parse().expect("a day")), "2024-02-29", "2024-02-29"),
    ];
    for (name, value, chinese, english) in cases {
        assert_eq!(package.shown(Grain::Household, name, &value, Language::CHINESE), chinese, "{name} {value:?}");
        assert_eq!(package.shown(Grain::Household, name, &value, Language::ENGLISH), english, "{name} {value:?}");
    }
}

#[test]
fn a_rule_without_a_name_says_nothing_and_its_own_value_reads_as_what_it_states() {
    let package = valley();
    assert_eq!(package.because("nothing", Language::CHINESE, &|_| Value::Int(1)), "");
    let copy = Copy::new();
    copy.edit(
        "rules/spending_high.toml",
        "value = \"household_self_paid_fen\"",
        "value = \"household_self_paid_fen * p.spending_share\"",
    );
    let package = copy.load().unwrap_or_else(|problems| panic!("{problems}"));
    // Money with fractions of a fen is rounded where people read it.
    let lookup = |name: &str| match name {
        "value" => decimal("350000.5"),
        "line" => Value::Fen(Fen(1)),
        _ => Value::Null,
    };
    let said = package.because("spending_high", Language::CHINESE, &lookup);
    assert_eq!(said, "近12个月自付 3,500.01元,超过监测线 0.01元;收入 未知,风险 未知,比例 未知");
}

#[test]
fn braces_are_filled_and_what_is_no_brace_stays() {
    let lookup = |name: &str| format!("<{name}>");
    for (template, said) in [
        ("", ""),
        ("{a}", "<a>"),
        ("{ a }{b}", "<a><b>"),
        ("一{a}二{p.b}三", "一<a>二<p.b>三"),
        ("{}", "<>"),
        ("a}b", "a}b"),
        ("{a", "{a"),
        ("{a} {b", "<a> {b"),
        ("{{a}", "<{a>"),
    ] {
        assert_eq!(sentence(template, &lookup), said, "{template}");
    }
    let number = |number: &'static str| move |_: &str| number.to_owned();
    for (value, said) in [("1", "1 day"), ("0", "0 days"), ("2", "2 days"), ("11", "11 days")] {
        assert_eq!(sentence("{n} {n|day|days}", &number(value)), said);
    }
    assert_eq!(sentence("{n|day}", &lookup), "<n|day>", "two words or none");
    let twice = sentence("{a}", &|_| "{b}".to_owned());
    assert_eq!(twice, "{b}", "what is filled in is not read again");
}

fn problem(line: usize, column: usize, span_len: usize, line_text: &str) -> Problem {
    Problem {
        gravity: Gravity::Error,
        file: "a.toml".into(),
        line,
        column,
        span_len,
        line_text: line_text.to_owned(),
        what: words::Wording::pair("错了", ""),
        hint: words::Wording::pair("改正", ""),
    }
}

#[test]
fn the_caret_stands_under_the_part_whatever_the_width_of_the_letters() {
    let cases = [
        (problem(1, 1, 3, "abc = 1"), "a.toml:1:1: 错误: 错了\n1 | abc = 1\n  | ^^^\nhint: 改正"),
        (problem(10, 7, 1, "abc = 1"), "a.toml:10:7: 错误: 错了\n10 | abc = 1\n   |       ^\nhint: 改正"),
        (problem(2, 4, 2, "\"甲乙丙丁\""), "a.toml:2:4: 错误: 错了\n2 | \"甲乙丙丁\"\n  |      ^^^^\nhint: 改正"),
        (problem(2, 2, 1, "，x"), "a.toml:2:2: 错误: 错了\n2 | ，x\n  |   ^\nhint: 改正"),
        (problem(2, 2, 1, "\tx"), "a.toml:2:2: 错误: 错了\n2 |  x\n  |  ^\nhint: 改正"),
        (problem(1, 1, 1, ""), "a.toml:1:1: 错误: 错了\nhint: 改正"),
        (problem(1, 9, 1, "abc"), "a.toml:1:9: 错误: 错了\n1 | abc\n  |    ^\nhint: 改正"),
    ];
    for (problem, shown) in cases {
        assert_eq!(problem.to_string(), shown);
    }
    let mut without = problem(1, 1, 1, "").as_warning();
    without.hint = words::Wording::default();
    assert_eq!(without.to_string(), "a.toml:1:1: 提醒: 错了");
}

#[test]
fn a_list_of_problems_ends_with_their_number() {
    let error = problem(1, 1, 1, "");
    let warning = error.clone().as_warning();
    let cases = [
        (vec![], "共 0 处错误,0 处提醒", false),
        (vec![warning.clone()], "a.toml:1:1: 提醒: 错了\nhint: 改正\n\n共 0 处错误,1 处提醒", false),
        (
            vec![error.clone(), warning],
            "a.toml:1:1: 错误: 错了\nhint: 改正\n\na.toml:1:1: 提醒: 错了\nhint: 改正\n\n共 1 处错误,1 处提醒",
            true,
        ),
    ];
    for (problems, shown, has_errors) in cases {
        let problems = Problems(problems);
        assert_eq!((problems.to_string().as_str(), problems.has_errors()), (shown, has_errors));
    }
    let of_file = Problem::of_file("b.toml", Advice { what: "没有".to_owned().into(), hint: Wording::default() });
    assert_eq!(of_file.to_string(), "b.toml:1:1: 错误: 没有");
    assert!(of_file.is_error() && Gravity::Error < Gravity::Warning);
}

#[test]
fn problems_stand_in_the_order_of_files_and_lines_each_once() {
    let copy = Copy::new();
    copy.edit("rules/spending_high.toml", "points = 20", "points = 0");
    copy.edit("rules/spending_high.toml", "severity = \"middle\"\n", "severity = \"middle\"\n\n");
    copy.edit("facts/member_count.toml", "label = \"家庭人口\"", "label = \"\"");
    copy.edit("rules/spending_high.toml", "risk = \"01\"", "risk = \"9\"");
    let problems = copy.load().expect_err("three mistakes");
    let places: Vec<_> =
        problems.0.iter().map(|problem| (problem.file.clone(), problem.line, problem.column)).collect();
    assert!(places.is_sorted(), "{problems}");
    assert_eq!(places.len(), 3, "{problems}");
    assert!(places[0].0.ends_with("facts/member_count.toml") && places[2].1 > places[1].1);
}
