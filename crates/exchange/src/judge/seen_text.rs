//! What a fault shows of its cell: short, and without what must not be shown.

use crate::cell::{shown_number, text};
use crate::raw::RawCell;
use model::{Class, Kind, mask_identity, mask_name, mask_phone};

/// Characters that a fault shows of a cell.
const CHARACTERS_MAX: usize = 40;
/// Digits with marks between them that may be a phone, an account or an identity number; a day has fewer.
const DIGITS_HIDDEN: usize = 11;
/// Digits in a row that may be one.
const DIGITS_IN_A_ROW_HIDDEN: usize = 9;
const CHINESE_DIGITS: &str = "零〇一二三四五六七八九";
/// Letters that numbers and days are written with: of them no name is made.
const OF_NUMBERS: &str = "零〇一二三四五六七八九十百千万亿两几半约余多元角分整年月日号天个人户岁亩无有是否不";

/// The cell's text, shortened, and masked as the column's kind and class ask; long numbers and what may be a name are masked in every
/// column, because cells slip.
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
        Kind::Identity | Kind::Account if has_number(&plain) => mask_identity(plain.trim()),
        Kind::Phone if has_number(&plain) => mask_phone(plain.trim()),
        Kind::Identity | Kind::Account | Kind::Phone => plain,
        Kind::Name => mask_name(plain.trim()),
        _ if class >= Class::Sensitive => "*".repeat(plain.chars().count().min(6)),
        _ => plain,
    };
    let shown = without_long_numbers(&masked);
    let shown = if kind == Kind::Name { shown } else { without_names(&shown) };
    text::shortened(&shown, CHARACTERS_MAX).into_owned()
}

fn has_number(text: &str) -> bool {
    text.chars().any(is_digit)
}

/// True for a digit of any script, the Chinese ones among them.
fn is_digit(letter: char) -> bool {
    letter.is_numeric() || CHINESE_DIGITS.contains(letter)
}

/// The text with the inner letters of its words hidden, unless they are those of numbers.
fn without_names(text: &str) -> String {
    let (mut shown, mut word) = (String::with_capacity(text.len()), String::new());
    let close = |word: &mut String, shown: &mut String| {
        let is_number = word.chars().all(|letter| OF_NUMBERS.contains(letter));
        shown.push_str(&if is_number { word.clone() } else { mask_name(word) });
        word.clear();
    };
    for letter in text.chars() {
        if letter.is_alphabetic() && !letter.is_ascii() || matches!(letter, '·' | '•' | '・') && !word.is_empty() {
            word.push(letter);
        } else {
            close(&mut word, &mut shown);
            shown.push(letter);
        }
    }
    close(&mut word, &mut shown);
    shown
}

/// The text with the inner digits of long numbers hidden.
fn without_long_numbers(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let mut run = String::new();
    let close = |run: &mut String, shown: &mut String| {
        let digits = run.chars().filter(|letter| is_digit(*letter)).count();
        let in_a_row = run.split(|letter| !is_digit(letter)).map(|digits| digits.chars().count()).max();
        if digits >= DIGITS_HIDDEN || in_a_row.is_some_and(|digits| digits >= DIGITS_IN_A_ROW_HIDDEN) {
            shown.push_str(&mask_identity(run))
        } else {
            shown.push_str(run)
        }
        run.clear();
    };
    // What people put between the digits of a number.
    let is_between = |letter: char| {
        let marks = matches!(letter, '-' | '_' | '.' | '\'' | '/' | ',' | '(' | ')' | '·' | '、' | '。' | '‐'..='―');
        text::is_space(letter) || marks
    };
    for letter in text.chars() {
        if is_digit(letter) || (!run.is_empty() && is_between(text::half_width(letter))) {
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
            (text("号码513437199001011234啊"), Kind::Code, Class::Internal, "号*51*************234啊*"),
            (text("51343719900101123X"), Kind::Text, Class::Internal, "51************123X"),
            (text("513437900101123"), Kind::Text, Class::Internal, "51**********123"),
            (text("513437 1990 0101 1234"), Kind::Text, Class::Internal, "51****************234"),
            (text("513437_1990.0101/1234"), Kind::Text, Class::Internal, "51****************234"),
            (text("王伟"), Kind::Code, Class::Internal, "王*"),
            (text("吉木·阿古"), Kind::Day, Class::Internal, "吉木**古"),
            (text("约三千元"), Kind::Fen, Class::Internal, "约三千元"),
            (text("吕晓晖"), Kind::Identity, Class::Sensitive, "吕*晖"),
            (text("王伟"), Kind::Phone, Class::Sensitive, "王*"),
            (text("１３８１２３４１２３４"), Kind::Text, Class::Internal, "１３******２３４"),
            (text("138 1234 1234"), Kind::Text, Class::Internal, "13********234"),
            (text("（0834）8765432"), Kind::Text, Class::Internal, "（08*******432"),
            (text("138，9876，5432"), Kind::Text, Class::Internal, "13********432"),
            (text("一三八一二三四一二三四"), Kind::Text, Class::Internal, "一三******二三四"),
            (text("①③⑧①②③④①②③④"), Kind::Text, Class::Internal, "①③******②③④"),
            (text("二〇二四年五月"), Kind::Day, Class::Internal, "二〇二四年五月"),
            (text("1381234123"), Kind::Text, Class::Internal, "13*****123"),
            (text("2024-13-45 10:20"), Kind::Day, Class::Internal, "2024-13-45 10:20"),
            (text("20241345"), Kind::Day, Class::Internal, "20241345"),
            (text("杨小珍"), Kind::Name, Class::Personal, "杨*珍"),
            (text("尿毒症"), Kind::Text, Class::Sensitive, "***"),
            (RawCell::Number(13_812_341_234.0), Kind::Int, Class::Internal, "13******234"),
            (text("a\u{7}b"), Kind::Text, Class::Internal, "a\u{FFFD}b"),
        ];
        for (raw, kind, class, shown) in cases {
            assert_eq!(masked(&raw, kind, class), shown, "{raw:?}");
        }
        assert_eq!(masked(&text(&"长".repeat(99)), Kind::Text, Class::Internal), "长长***长");
        assert_eq!(masked(&text(&"a".repeat(99)), Kind::Text, Class::Internal).chars().count(), CHARACTERS_MAX + 1);
    }
}
