//! Cleaning text: what people and programs leave around the letters that matter.

use super::glyphs;
use std::borrow::Cow;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::decompose_compatible;

/// The text holds characters that no text has: control characters, or the sign for damaged ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("control characters or damaged ones stand in the text")]
pub struct BadCharacters;

/// For codes, numbers and days: full-width and other forms of one letter become the plain one, every kind of space and invisible mark
/// goes, and so do leading apostrophes and the wrapping `="..."` by which spreadsheets are told that digits are text.
///
/// Raised, lowered and circled digits stay what they are: `12²` is not 122, nor is `12①` 121.
pub fn fold(text: &str) -> Cow<'_, str> {
    folded(text, |letter, plain| !has_digit(plain) || is_digit_form(letter))
}

/// For what names a record, a code or a place: as [`fold`]; besides, circled and bracketed numbers become plain, and all dots between the
/// parts of a name become `·`. Two texts that fold to one are one key.
///
/// Raised and lowered digits stay: they are notes and exponents.
pub fn fold_key(text: &str) -> Cow<'_, str> {
    let folded = folded(text, |letter, plain| !has_digit(plain) || !is_raised(letter));
    if folded.chars().any(|letter| is_dot(letter) || matches!(letter, '.' | '。')) {
        return Cow::Owned(with_one_dot(&folded));
    }
    folded
}

/// For finding: as [`fold_key`], without the dots and in small letters.
pub fn fold_search(text: &str) -> Cow<'_, str> {
    let folded = fold_key(text);
    if folded.contains('·') || folded.chars().any(char::is_uppercase) {
        return Cow::Owned(folded.chars().filter(|letter| *letter != '·').flat_map(char::to_lowercase).collect());
    }
    folded
}

/// True where nothing can be seen: spaces of every kind, and marks without a shape.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(is_space)
}

/// Folds all letters whose plain form is wanted.
fn folded(text: &str, is_wanted: impl Fn(char, &str) -> bool) -> Cow<'_, str> {
    if text.chars().all(is_plain) && !text.starts_with(['\'', '`', '=']) {
        return Cow::Borrowed(text);
    }
    let mut letters = String::with_capacity(text.len());
    let mut plain = String::new();
    for letter in text.chars().filter(|letter| !is_space(*letter)).map(glyphs::standard) {
        if is_plain(letter) {
            letters.push(letter);
            continue;
        }
        plain.clear();
        decompose_compatible(letter, |part| plain.push(part));
        if is_wanted(letter, &plain) { letters.push_str(&plain) } else { letters.push(letter) }
    }
    // Letters taken apart are put together again; some leave a space behind.
    let whole: String = letters.nfc().filter(|letter| !is_space(*letter)).map(half_width).collect();
    Cow::Owned(without_marks_of_spreadsheets(&whole).to_owned())
}

/// Letters that are their own plain form.
fn is_plain(letter: char) -> bool {
    matches!(letter, '!'..='~' | '\u{4E00}'..='\u{9FFF}' | '\u{3400}'..='\u{4DBF}' | '\u{A000}'..='\u{A4CF}')
}

fn has_digit(plain: &str) -> bool {
    plain.bytes().any(|byte| byte.is_ascii_digit())
}

/// Digits of another width or shape of print, which are digits all the same.
fn is_digit_form(letter: char) -> bool {
    matches!(letter, '\u{FF10}'..='\u{FF19}' | '\u{1D7CE}'..='\u{1D7FF}' | '\u{1FBF0}'..='\u{1FBF9}')
}

fn is_raised(letter: char) -> bool {
    matches!(letter, '²' | '³' | '¹' | '\u{2070}'..='\u{209F}')
}

/// Without `="..."` and leading apostrophes, whatever order they come in.
fn without_marks_of_spreadsheets(folded: &str) -> &str {
    let bare = folded.trim_start_matches(is_apostrophe);
    match bare.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        Some(inner) => without_marks_of_spreadsheets(inner),
        None => bare,
    }
}

pub(super) fn is_apostrophe(letter: char) -> bool {
    matches!(letter, '\'' | '‘' | '’' | '`' | '＇')
}

/// Dots between the parts of a name, as keyboards of many kinds write them.
pub(super) fn is_dot(letter: char) -> bool {
    matches!(letter, '·' | '•' | '‧' | '・' | '･' | '∙' | '⋅' | '●' | '᛫' | '⸱' | '\u{0387}' | '\u{2E33}')
}

/// All dots as `·`; full stops only between letters that are no plain ones, so that `1.2` and `A.B` stay.
fn with_one_dot(folded: &str) -> String {
    let letters: Vec<char> = folded.chars().collect();
    let is_foreign = |at: Option<usize>| {
        at.and_then(|at| letters.get(at)).is_some_and(|letter| !letter.is_ascii() && letter.is_alphabetic())
    };
    let one = |at: usize, letter: &char| match letter {
        '.' | '。' if is_foreign(at.checked_sub(1)) && is_foreign(Some(at + 1)) => '·',
        letter if is_dot(*letter) => '·',
        letter => *letter,
    };
    letters.iter().enumerate().map(|(at, letter)| one(at, letter)).collect()
}

/// For free text: outer spaces and invisible marks go, line breaks and odd spaces become a plain space, the rest stays.
///
/// # Errors
/// `BadCharacters` for control characters and damaged ones.
pub fn tidy(text: &str) -> Result<Cow<'_, str>, BadCharacters> {
    let text = without_text_mark(text);
    if text.chars().all(|letter| !is_odd(letter)) {
        return Ok(Cow::Borrowed(text.trim_matches(' ')));
    }
    let mut tidied = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            _ if is_variation(letter) => tidied.push(letter),
            _ if is_invisible(letter) => {}
            _ if is_space(letter) => tidied.push(' '),
            '\u{FFFD}' => return Err(BadCharacters),
            _ if letter.is_control() => return Err(BadCharacters),
            _ => tidied.push(letter),
        }
    }
    let trimmed = tidied.trim_matches(' ');
    Ok(Cow::Owned(if is_blank(trimmed) { String::new() } else { trimmed.to_owned() }))
}

/// Without the apostrophe that keeps a spreadsheet from reading a text as a number.
fn without_text_mark(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()) => rest,
        _ => text,
    }
}

/// True for the texts people write where there is nothing to say.
pub fn is_nothing(folded: &str) -> bool {
    match folded {
        "" | "-" | "--" | "—" | "——" | "/" | "\\" | "无" | "空" | "." => true,
        _ => folded.len() <= 4 && matches!(folded.to_ascii_lowercase().as_str(), "null" | "none" | "nan" | "n/a"),
    }
}

/// Full-width letters, digits and signs as plain ones.
pub fn half_width(letter: char) -> char {
    match letter {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(letter as u32 - 0xFEE0).unwrap_or(letter),
        '￥' => '¥',
        _ => letter,
    }
}

/// Spaces of every width, and marks that cannot be seen.
pub fn is_space(letter: char) -> bool {
    letter.is_whitespace() || letter == '\u{2800}' || is_invisible(letter)
}

/// Marks without a shape of their own: what Unicode says may be ignored where it is not known, fillers among them.
fn is_invisible(letter: char) -> bool {
    matches!(letter,
        '\u{00AD}' | '\u{034F}' | '\u{061C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FEFF}'
        | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}')
        || is_variation(letter)
}

/// Marks that choose among the shapes of the letter before them, and tags.
fn is_variation(letter: char) -> bool {
    matches!(letter, '\u{FE00}'..='\u{FE0F}' | '\u{E0000}'..='\u{E0FFF}')
}

fn is_odd(letter: char) -> bool {
    match letter {
        ' '..='~' | '\u{4E00}'..='\u{9FFF}' => false,
        _ => letter.is_control() || letter == '\u{FFFD}' || is_space(letter),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_one_key_fold_to_one_and_other_keys_stay_apart() {
        let same = [
            ("00007012", "０００07012"),
            ("00007012", "00007012 "),
            ("00007012", "0000\u{200B}7012\u{FEFF}"),
            ("00007012", "'00007012"),
            ("00007012", "‘\u{A0}00007012\t"),
            ("00007012", "=\"00007012\""),
            ("00007012", "'=\"'00007012\""),
            ("00007012", "\u{2066}00007012\u{2069}"),
            ("N2513MA62", "N2513\r\nMA62"),
            ("N2513MA62", "Ｎ2513ＭＡ62\u{FE0F}"),
            ("N2513MA62", "𝐍2513MA6𝟐"),
            ("吉木·阿古", "吉木•阿古"),
            ("吉木·阿古", "吉木・阿古"),
            ("吉木·阿古", "吉木.阿古"),
            ("吉木·阿古", "吉木．阿古"),
            ("吉木·阿古", "吉木 ‧ 阿古"),
            ("ꀀꀁ·ꀂ", "ꀀꀁ・ꀂ"),
            ("བོད·ཀ", "བོད。ཀ"),
            ("女水厂(1)", "⼥水厂⑴"),
            ("隆水厂", "\u{F9DC}水厂"),
            ("é1", "e\u{301}1"),
            ("葛", "葛\u{E0100}"),
        ];
        for (plain, written) in same {
            assert_eq!(fold_key(written), fold_key(plain), "{written:?}");
            assert_eq!(fold_key(plain), plain);
        }
        let apart = [("1.2", "1·2"), ("A.B", "A·B"), ("12", "1²"), ("水厂甲", "水厂乙"), ("a1", "A1"), ("3-1", "31")];
        for (one, other) in apart {
            assert_ne!(fold_key(one), fold_key(other), "{one} {other}");
        }
    }

    #[test]
    fn notes_at_a_number_do_not_become_digits_of_it() {
        for (written, expected) in
            [("12²", "12²"), ("12①", "12①"), ("１２．５", "12.5"), ("2021年5⽉", "2021年5月"), ("3½", "3½")]
        {
            assert_eq!(fold(written), expected);
        }
    }

    #[test]
    fn what_cannot_be_seen_is_blank() {
        let blanks =
            "\u{3000} \u{A0} \u{200B} \u{2800} \u{3164} \u{AD} \t \r\n \u{FE0F} \u{2063} \u{115F} \u{FFA0} \u{85}";
        for letter in blanks.chars() {
            let text = letter.to_string();
            assert!(is_blank(&text), "{letter:?}");
            for folded in [fold(&text), fold_key(&text), fold_search(&text)] {
                assert_eq!(folded, "", "{letter:?}");
            }
            assert_eq!(tidy(&text).as_deref(), Ok(""), "{letter:?}");
        }
        assert!(is_blank(blanks) && !is_blank("·") && !is_blank("\u{E863}"));
    }

    #[test]
    fn free_text_keeps_what_was_typed() {
        let cases = [
            (" 三\u{3000}组 ", Ok("三 组")),
            ("㈠号井①", Ok("㈠号井①")),
            ("❤\u{FE0F}", Ok("❤\u{FE0F}")),
            ("\u{3164}甲", Ok("甲")),
            ("甲\u{2800}乙", Ok("甲 乙")),
            ("甲\u{0}乙", Err(BadCharacters)),
            ("甲\u{FFFD}", Err(BadCharacters)),
        ];
        for (written, expected) in cases {
            assert_eq!(tidy(written).as_deref().map_err(|fault| *fault), expected, "{written:?}");
        }
    }

    #[test]
    fn finding_leaves_dots_and_capitals_out() {
        for (written, expected) in [("吉木·阿古", "吉木阿古"), ("Ｚhang San", "zhangsan"), ("吉木.阿", "吉木阿")]
        {
            assert_eq!(fold_search(written), expected);
        }
    }
}
