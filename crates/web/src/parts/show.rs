//! Values as people read them: money in yuan, truths, days, codes by label, always with their unit.

use model::{Day, Decimal, Fen, Value};
use store::Total;
use words::Language;

/// Money with its unit; whole yuan without decimals: `41,260 元`, `0.50 元`.
pub fn money(fen: Fen, language: Language) -> String {
    let text = fen.to_string();
    let short = text.strip_suffix(".00").unwrap_or(&text);
    format!("{short} {}", language.say("unit_yuan"))
}

/// A value without code list. Unknown values are said to be so.
pub fn plain(value: &Value, language: Language) -> String {
    match value {
        Value::Null => language.say("value_unknown").to_owned(),
        Value::Bool(true) => language.say("value_yes").to_owned(),
        Value::Bool(false) => language.say("value_no").to_owned(),
        Value::Fen(fen) => money(*fen, language),
        Value::Int(number) => grouped(*number),
        Value::Text(text) if text.is_empty() => language.say("value_unknown").to_owned(),
        other => other.to_string(),
    }
}

/// A text behind what it is called: `行政区划: 大石村`.
pub fn labelled(label: &str, text: &str, language: Language) -> String {
    language.fill("labelled", &[("label", &label), ("text", &text)])
}

/// What became of a value: `4.5 亩 → 6 亩`.
pub fn change(before: &str, after: &str) -> String {
    format!("{before} → {after}")
}

/// A value with the unit that a fact declares; money brings its own.
pub fn with_unit(value: &Value, unit: &str, language: Language) -> String {
    let text = plain(value, language);
    match value {
        Value::Decimal(number) if matches!(unit, "share" | "percent" | "rate") => share(*number),
        Value::Int(_) | Value::Decimal(_) => {
            let key = format!("unit_{unit}");
            match language.words().get(&key) {
                // Counted things go with their number: `1 day`, `2 days`.
                Some(word) if word.contains("{number}") => language.fill(&key, &[("number", &text)]),
                Some(word) => format!("{text} {word}"),
                None => text,
            }
        }
        _ => text,
    }
}

/// A whole number with separators: `1,842`.
pub fn grouped(number: i64) -> String {
    let text = Fen(number.saturating_mul(100)).to_string();
    text.strip_suffix(".00").unwrap_or(&text).to_owned()
}

/// A count with separators.
pub fn count(number: u64) -> String {
    grouped(i64::try_from(number).unwrap_or(i64::MAX / 100))
}

/// A total; `more than` where counting stopped.
pub fn total(total: Total, language: Language) -> String {
    match total {
        Total::Exactly(number) => count(number),
        Total::AtLeast(number) => language.fill("total_at_least", &[("number", &count(number))]),
        Total::About(number) => language.fill("total_about", &[("number", &count(number))]),
    }
}

/// Per mille as per cent with one decimal: `28.4%`.
pub fn percent(per_mille: u64) -> String {
    format!("{}.{}%", per_mille / 10, per_mille % 10)
}

/// A share as per cent: `0.385` is `38.5%`.
pub fn share(share: Decimal) -> String {
    let hundredfold = share.checked_mul(Decimal::ONE_HUNDRED).unwrap_or(share);
    format!("{}%", hundredfold.normalize())
}

/// Part of a whole in per mille; 0 where the whole is 0.
pub fn per_mille(part: u64, whole: u64) -> u64 {
    part.saturating_mul(1000).checked_div(whole).unwrap_or(0)
}

/// A size for people: `12 KB`, `3.4 MB`.
pub fn size(bytes: u64) -> String {
    match bytes {
        0..1_048_576 => format!("{} KB", bytes.div_ceil(1024)),
        _ => format!("{}.{} MB", bytes / 1_048_576, bytes % 1_048_576 * 10 / 1_048_576),
    }
}

/// Days left until a deadline, as a tag says it, and its class: red when over, amber within three days.
pub fn days_left(due: Option<Day>, today: Day, language: Language) -> Option<(String, &'static str)> {
    let days = today.days_until(due?);
    Some(match days {
        ..0 => (language.fill("due_over", &[("days", &-days)]), "sw-tag-high"),
        0 => (language.say("due_today").to_owned(), "sw-tag-middle"),
        1..=3 => (language.fill("due_days", &[("days", &days)]), "sw-tag-middle"),
        _ => (language.fill("due_days", &[("days", &days)]), ""),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZH: Language = Language::CHINESE;

    fn day(text: &str) -> Day {
        text.parse().expect("test days are well written")
    }

    #[test]
    fn values_carry_their_unit() {
        let cases = [
            (Value::Fen(Fen(4_126_000)), "", "41,260 元"),
            (Value::Fen(Fen(50)), "", "0.50 元"),
            (Value::Fen(Fen(-150)), "days", "-1.50 元"),
            (Value::Int(1842), "persons", "1,842 人"),
            (Value::Int(3), "", "3"),
            (Value::Int(3), "no_such_unit", "3"),
            (Value::Bool(true), "", "是"),
            (Value::Null, "days", "未知"),
            (Value::Text(String::new()), "", "未知"),
            (Value::Day(day("2026-11-23")), "", "2026-11-23"),
        ];
        for (value, unit, shown) in cases {
            assert_eq!(with_unit(&value, unit, ZH), shown, "{value:?}");
        }
    }

    #[test]
    fn english_units_go_with_their_number() {
        let cases = [
            (1, "days", "1 day"),
            (2, "days", "2 days"),
            (0, "companies", "0 companies"),
            (1, "companies", "1 company"),
        ];
        for (number, unit, shown) in cases {
            assert_eq!(with_unit(&Value::Int(number), unit, Language::ENGLISH), shown);
        }
    }

    #[test]
    fn a_deadline_is_red_only_when_it_is_over() {
        let today = day("2026-11-23");
        let cases = [
            ("2026-11-22", "超 1 天", "sw-tag-high"),
            ("2026-11-23", "今天到期", "sw-tag-middle"),
            ("2026-11-26", "剩 3 天", "sw-tag-middle"),
            ("2026-11-27", "剩 4 天", ""),
        ];
        for (due, text, class) in cases {
            assert_eq!(days_left(Some(day(due)), today, ZH), Some((text.to_owned(), class)), "{due}");
        }
        assert_eq!(days_left(None, today, ZH), None);
    }

    #[test]
    fn sizes_and_shares_are_short() {
        assert_eq!([size(0), size(1), size(1_048_575), size(1_572_864)], ["0 KB", "1 KB", "1024 KB", "1.5 MB"]);
        assert_eq!([percent(284), percent(5), percent(1000)], ["28.4%", "0.5%", "100.0%"]);
        assert_eq!([per_mille(1, 3), per_mille(1, 0)], [333, 0]);
    }
}
