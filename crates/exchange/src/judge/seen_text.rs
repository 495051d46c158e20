//! What a fault shows of its cell: short, and without what must not be shown.

use crate::cell::text;
use crate::ground::shown_number::shown_number;
use crate::raw::RawCell;
use model::{Class, Kind, mask_identity, mask_name, mask_phone};

/// Characters that a fault shows of a cell.
const CHARACTERS_MAX: usize = 40;
/// Digits of one cell, whatever stands between them, that may be a phone, an account or an identity number; a day has fewer.
const DIGITS_HIDDEN: usize = 11;
/// Digits in a row that may be one.
const DIGITS_IN_A_ROW_HIDDEN: usize = 9;
/// Digits behind Latin letters that may be the number of a passport.
const DIGITS_OF_PASSPORT: usize = 6;
/// Digits that stay of those that are hidden, at the beginning and the end.
const DIGITS_SHOWN: (usize, usize) = (2, 3);
/// Chinese digits.
const DIGITS: &str = "零〇一二三四五六七八九壹贰叁肆伍陆柒捌玖";
/// Letters that numbers and days are written with: of them no name is made.
const OF_NUMBERS: &str =
    "零〇一二三四五六七八九十百千万亿两几半约余多元角分整年月日号天个人户岁亩无有是否不壹贰叁肆伍陆柒捌玖拾";

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
    if text::is_formula_error(&whole) || matches!(raw, RawCell::Error(error) if text::is_error_name(error)) {
        return whole;
    }
    let plain: String = whole.chars().map(|letter| if letter.is_control() { '\u{FFFD}' } else { letter }).collect();
    let masked = match kind {
        Kind::Identity | Kind::Account if has_digit(&plain) => mask_identity(plain.trim()),
        Kind::Phone if has_digit(&plain) => mask_phone(plain.trim()),
        Kind::Identity | Kind::Account | Kind::Phone => plain,
        Kind::Name => mask_name(plain.trim()),
        _ if class >= Class::Sensitive => "*".repeat(plain.chars().count().min(6)),
        _ => plain,
    };
    let shown = if kind == Kind::Name { masked } else { without_names(&masked) };
    text::shortened(&without_long_numbers(&shown), CHARACTERS_MAX).into_owned()
}

/// Digits of every script, raised, circled and Chinese ones among them.
fn is_digit(letter: char) -> bool {
    letter.is_numeric() || DIGITS.contains(letter)
}

fn has_digit(text: &str) -> bool {
    text.chars().any(is_digit)
}

/// The text with the inner letters of its words hidden, unless they are those of numbers; of a word in Latin letters only the first stays.
fn without_names(text: &str) -> String {
    let (mut shown, mut word) = (String::with_capacity(text.len()), String::new());
    let close = |word: &mut String, shown: &mut String| {
        let is_number = word.chars().all(|letter| OF_NUMBERS.contains(letter));
        let is_latin = word.chars().all(|letter| letter.is_ascii_alphabetic());
        match word.chars().next() {
            Some(first) if is_latin && word.len() > 1 => shown.extend([first, '*']),
            Some(_) if !is_latin && !is_number => shown.push_str(&mask_name(word)),
            _ => shown.push_str(word),
        }
        word.clear();
    };
    for letter in text.chars() {
        // Where one script ends and another begins a word ends, too.
        if word.chars().next_back().is_some_and(|last| last.is_ascii() != letter.is_ascii()) {
            close(&mut word, &mut shown);
        }
        if letter.is_alphabetic() || matches!(letter, '·' | '•' | '・') && !word.is_empty() {
            word.push(letter);
        } else {
            close(&mut word, &mut shown);
            shown.push(letter);
        }
    }
    close(&mut word, &mut shown);
    shown
}

/// The text with the inner digits hidden where it has as many as a number of somebody.
fn without_long_numbers(text: &str) -> String {
    let digits = text.chars().filter(|letter| is_digit(*letter)).count();
    let in_a_row = text.split(|letter| !is_digit(letter)).map(|run| run.chars().count()).max().unwrap_or_default();
    let is_passport = text.starts_with(|letter: char| letter.is_ascii_alphabetic()) && digits >= DIGITS_OF_PASSPORT;
    if is_moment(text) || digits < DIGITS_HIDDEN && in_a_row < DIGITS_IN_A_ROW_HIDDEN && !is_passport {
        return text.to_owned();
    }
    let mut at = 0;
    let one = |letter: char| {
        if !is_digit(letter) {
            return letter;
        }
        at += 1;
        if at <= DIGITS_SHOWN.0 || at > digits - DIGITS_SHOWN.1 { letter } else { '*' }
    };
    text.chars().map(one).collect()
}

/// A day and a time of it: a year of four digits and up to five parts of one or two, with the marks of days between them.
fn is_moment(text: &str) -> bool {
    let is_mark =
        |letter: char| matches!(letter, '-' | '/' | '.' | ':' | ' ' | 'T' | '年' | '月' | '日' | '时' | '分' | '秒');
    let mut parts = text.trim().split(is_mark).filter(|part| !part.is_empty());
    let is_part = |part: &str, length: usize| part.len() <= length && part.bytes().all(|byte| byte.is_ascii_digit());
    parts.next().is_some_and(|year| year.len() == 4 && is_part(year, 4))
        && parts.clone().count() <= 5
        && parts.all(|part| is_part(part, 2))
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
            (text("513437 1990 0101 1234"), Kind::Text, Class::Internal, "51**** **** **** *234"),
            (text("513437_1990.0101/1234"), Kind::Text, Class::Internal, "51****_****.****/*234"),
            (text("王伟"), Kind::Code, Class::Internal, "王*"),
            (text("吉木·阿古"), Kind::Day, Class::Internal, "吉木**古"),
            (text("约三千元"), Kind::Fen, Class::Internal, "约三千元"),
            (text("吕晓晖"), Kind::Identity, Class::Sensitive, "吕*晖"),
            (text("王伟"), Kind::Phone, Class::Sensitive, "王*"),
            (text("１３８１２３４１２３４"), Kind::Text, Class::Internal, "１３******２３４"),
            (text("138 1234 1234"), Kind::Text, Class::Internal, "13* **** *234"),
            (text("（0834）8765432"), Kind::Text, Class::Internal, "（08**）****432"),
            (text("138，9876，5432"), Kind::Text, Class::Internal, "13*，****，*432"),
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
            (text("NGUYEN THI LAN"), Kind::Code, Class::Internal, "N* T* L*"),
            (text("EA1234567"), Kind::Code, Class::Internal, "E*12**567"),
            (text("EA1234567"), Kind::Identity, Class::Sensitive, "E*****567"),
            (text("五一三四三七一九九〇〇一〇一一二三四"), Kind::Fen, Class::Internal, "五一*************二三四"),
            (text("#N/A"), Kind::Fen, Class::Internal, "#N/A"),
            (RawCell::Error("#SPILL!".to_owned()), Kind::Day, Class::Internal, "#SPILL!"),
        ];
        for (raw, kind, class, shown) in cases {
            assert_eq!(masked(&raw, kind, class), shown, "{raw:?}");
        }
        assert_eq!(masked(&text(&"长".repeat(99)), Kind::Text, Class::Internal), "长长***长");
        let long = masked(&text(&"-".repeat(99)), Kind::Text, Class::Internal);
        assert_eq!(long.chars().count(), CHARACTERS_MAX + 1);
    }

    #[test]
    fn however_a_long_number_is_broken_few_of_its_digits_are_shown() {
        let number = "513437199001011234";
        let parts = [&number[..6], &number[6..14], &number[14..]];
        let mut written: Vec<String> =
            ["\n", ",", "，", "(", "·", "、", "*", ":", "#", "~", "+", "A", "\u{200B}", "号", "号码"]
                .iter()
                .map(|between| parts.join(between))
                .collect();
        let shifted = |first: u32| {
            number.chars().filter_map(|digit| char::from_u32(first + digit as u32 - '0' as u32)).collect::<String>()
        };
        written.extend([0x1D7CE, 0x660, 0xFF10, 0x2080, 0x1FBF0].map(shifted));
        written.push("513,437,199,001,011,234".to_owned());
        written.push("152,3115,8256".to_owned());
        written.push("⁵¹³⁴³⁷¹⁹⁹⁰⁰¹⁰¹¹²³⁴".to_owned());
        for text in written {
            for kind in [Kind::Text, Kind::Code, Kind::Fen, Kind::Day, Kind::Identity, Kind::Phone, Kind::Account] {
                let shown = masked(&RawCell::Text(text.clone()), kind, Class::Internal);
                let digits = shown.chars().filter(|letter| is_digit(*letter)).count();
                assert!(digits <= 7, "{text} {kind:?}: {shown}");
            }
        }
    }
}
