//! Sentences and bands.

use crate::valley;
use model::{Decimal, Fen, Value};
use policy::declare::{Grain, Rule};
use policy::{band, sentence};
use words::Language;

fn rule(bands: &[&str]) -> Rule {
    let mut rule = valley().rules["spending_high"].clone();
    rule.bands = bands.iter().map(|band| band.parse().expect("a decimal")).collect();
    rule
}

#[test]
fn a_band_is_how_many_multiples_of_the_line_are_reached() {
    let rising = rule(&["1.0", "1.5", "2.0"]);
    let falling = rule(&["1.0", "0.8", "0.5"]);
    let fen = |fen: i64| Value::Fen(Fen(fen));
    let cases = [
        (&rising, 99, 0),
        (&rising, 100, 1),
        (&rising, 149, 1),
        (&rising, 150, 2),
        (&rising, 200, 3),
        (&falling, 101, 0),
        (&falling, 100, 1),
        (&falling, 81, 1),
        (&falling, 80, 2),
        (&falling, 50, 3),
    ];
    for (rule, value, expected) in cases {
        assert_eq!(band(rule, &fen(value), Some(&fen(100))), expected, "{value}");
    }
    assert_eq!(band(&rising, &Value::Null, Some(&fen(100))), 0);
    assert_eq!(band(&rising, &fen(500), Some(&Value::Null)), 0);
    assert_eq!(band(&rule(&["3", "6"]), &Value::Int(6), None), 2, "absolute bands without a line");
    assert_eq!(band(&rule(&["3", "6"]), &Value::Int(5), None), 1);
    assert_eq!(band(&rule(&[]), &Value::Int(5), None), 0);
}

#[test]
fn placeholders_are_replaced_and_the_rest_stays() {
    let lookup = |name: &str| format!("<{name}>");
    assert_eq!(sentence("a {x} b {p.y}", &lookup), "a <x> b <p.y>");
    assert_eq!(sentence("no names", &lookup), "no names");
    assert_eq!(sentence("open { only", &lookup), "open { only");
}

#[test]
fn values_are_shown_as_people_read_them() {
    let package = valley();
    let half: Decimal = "0.5".parse().expect("a decimal");
    let cases = [
        ("income_fen", Value::Fen(Fen(4_126_000)), "41,260.00元", "41,260.00 yuan"),
        ("risk_code", Value::Text("01".to_owned()), "因病", "Illness"),
        ("risk_code", Value::Text("99".to_owned()), "99", "99"),
        ("is_monitored", Value::Bool(true), "是", "yes"),
        ("member_count", Value::Int(3), "3", "3"),
        ("income_fen", Value::Null, "未知", "unknown"),
        ("p.spending_share", Value::Decimal(half), "50%", "50%"),
        ("land_mu", Value::Decimal(half), "0.5", "0.5"),
        ("p.spending_line", Value::Fen(Fen(5)), "0.05元", "0.05 yuan"),
    ];
    for (name, value, zh, en) in cases {
        assert_eq!(package.shown(Grain::Household, name, &value, Language::CHINESE), zh, "{name}");
        assert_eq!(package.shown(Grain::Household, name, &value, Language::ENGLISH), en, "{name}");
    }
}

#[test]
fn a_rule_speaks_both_languages() {
    let lookup = |name: &str| match name {
        "value" => Value::Fen(Fen(700_000)),
        "line" => Value::Fen(Fen(600_000)),
        "risk_code" => Value::Text("02".to_owned()),
        "p.spending_share" => Value::Decimal("0.5".parse().expect("a decimal")),
        _ => Value::Null,
    };
    let package = valley();
    assert_eq!(
        package.because("spending_high", Language::CHINESE, &lookup),
        "近12个月自付 7,000.00元,超过监测线 6,000.00元;收入 未知,风险 因学,比例 50%"
    );
    assert_eq!(
        package.because("spending_high", Language::ENGLISH, &lookup),
        "Paid 7,000.00 yuan in 12 months, more than 6,000.00 yuan; income unknown, risk Schooling, share 50%"
    );
}
