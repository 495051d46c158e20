//! What a fault shows of its cell: short, and without what must not be shown.

use crate::cell::{shown_number, text};
use crate::raw::RawCell;
use model::{Class, Kind, mask_identity, mask_name, mask_phone};

/// Characters that a fault shows of a cell.
const CHARACTERS_MAX: usize = 40;
/// Digits in a row that may be a phone, an account or an identity number.
const DIGITS_HIDDEN: usize = 11;

/// The cell's text, shortened, and masked as the column's kind and class ask; long numbers are masked in every column, because cells
/// slip.
pub(super) fn masked(raw: &RawCell, kind: Kind, class: Class) -> String {
    let whole = match raw {
        RawCell::Empty | RawCell::NoValue => return String::new(),
        RawCell::Text(text) | RawCell::Error(text) => text.clone(),
        RawCell::Number(number) => shown_number(*number),
        RawCell::Int(number) => number.to_string(),
        RawCell::Bool(truth) => if *truth { "是" } else { "否" }.to_owned(),
        RawCell::Day(day) | RawCell::Moment { day, .. } => day.to_string(),
    };
    let plain: String = whole.chars().map(|letter| if letter.is_control() { '\u{FFFD}' } else { letter }).collect();
    let masked = match kind {
        Kind::Identity | Kind::Account => mask_identity(plain.trim()),
        Kind::Phone => mask_phone(plain.trim()),
        Kind::Name => mask_name(plain.trim()),
        _ if class >= Class::Sensitive => "*".repeat(plain.chars().count().min(6)),
        _ => plain,
    };
    text::shortened(&without_long_numbers(&masked), CHARACTERS_MAX).into_owned()
}

/// The text with the inner digits of long numbers hidden.
fn without_long_numbers(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut run = String::new();
    let close = |run: &mut String, shown: &mut String| {
        let digits = run.chars().filter(|letter| text::half_width(*letter).is_ascii_digit()).count();
        if digits >= DIGITS_HIDDEN {
            shown.push_str(&mask_identity(run))
        } else {
            shown.push_str(run)
        }
        run.clear();
    };
    for letter in text.chars() {
        if text::half_width(letter).is_ascii_digit() || (!run.is_empty() && matches!(letter, ' ' | '-')) {
            run.push(letter);
        } else {
            close(&mut run, &mut shown);
            shown.push(letter);
        }
    }
    close(&mut run, &mut shown);
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_must_be_hidden_is_shown() {
        let text = |text: &str| RawCell::Text(text.to_owned());
        let cases = [
            (text("513437199001011234"), Kind::Identity, Class::Sensitive, "51*************234"),
            (text("513437199001011234"), Kind::Text, Class::Internal, "51*************234"),
            (text("号码513437199001011234啊"), Kind::Code, Class::Internal, "号码51*************234啊"),
            (text("１３８１２３４１２３４"), Kind::Text, Class::Internal, "１３******２３４"),
            (text("138 1234 1234"), Kind::Text, Class::Internal, "13********234"),
            (text("1381234123"), Kind::Text, Class::Internal, "1381234123"),
            (text("杨小珍"), Kind::Name, Class::Personal, "杨*珍"),
            (text("尿毒症"), Kind::Text, Class::Sensitive, "***"),
            (RawCell::Number(13_812_341_234.0), Kind::Int, Class::Internal, "13******234"),
            (text("a\u{7}b"), Kind::Text, Class::Internal, "a\u{FFFD}b"),
        ];
        for (raw, kind, class, shown) in cases {
            assert_eq!(masked(&raw, kind, class), shown, "{raw:?}");
        }
        assert_eq!(masked(&text(&"长".repeat(99)), Kind::Text, Class::Internal).chars().count(), CHARACTERS_MAX + 1);
    }
}
