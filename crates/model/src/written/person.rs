//! Names, phones and accounts.

use super::glyphs;
use super::text::{fold, half_width, is_apostrophe, is_dot, is_nothing, is_space, tidy};
use unicode_normalization::UnicodeNormalization;

/// Characters of the longest names (ethnic names with several parts).
const NAME_CHARACTERS_MAX: usize = 60;

/// Why a text is no person's name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NameFault {
    #[error("control characters or damaged ones stand in the name")]
    Characters,
    #[error("digits stand in the name")]
    Digits,
    #[error("the name is masked, or has characters that could not be shown")]
    Hidden,
    #[error("a name has at most {0} characters")]
    TooLong(usize),
}

/// A person's name: spaces between Chinese characters go, all middle dots become `·`, forms of one letter become
/// the plain one; `None` for nothing.
///
/// # Errors
/// The first of [`NameFault`] that holds.
pub fn name_of(written: &str) -> Result<Option<String>, NameFault> {
    let tidy = tidy(written).map_err(|_| NameFault::Characters)?;
    let has_latin = tidy.chars().any(|letter| half_width(letter).is_ascii_alphabetic());
    let is_kept = |letter: &char| (has_latin && *letter == ' ') || !is_space(*letter);
    let shown = tidy.trim_start_matches(is_apostrophe).chars().filter(is_kept).map(glyphs::standard);
    let plain: String = shown.nfkc().map(name_letter).collect();
    if is_nothing(&plain) {
        return Ok(None);
    }
    if plain.contains(|letter: char| letter.is_ascii_digit()) {
        return Err(NameFault::Digits);
    }
    if plain.contains(['*', '?', '□', '〓']) {
        return Err(NameFault::Hidden);
    }
    if plain.chars().count() > NAME_CHARACTERS_MAX {
        return Err(NameFault::TooLong(NAME_CHARACTERS_MAX));
    }
    Ok(Some(plain))
}

fn name_letter(letter: char) -> char {
    match letter {
        '.' | '。' | '‐' => '·',
        _ if is_dot(letter) => '·',
        _ => letter,
    }
}

/// True for a name that only the system that wrote it can show whole: rare characters in places of its own, or damaged ones.
pub fn has_unknown_letters(name: &str) -> bool {
    name.chars().any(glyphs::is_unknown)
}

/// A mobile number of 11 digits, or a fixed one of 7, 8 or (with its area) 10 to 12. `Some(None)` for nothing, `None` for anything
/// else.
pub fn phone_of(written: &str) -> Option<Option<String>> {
    let folded = fold(written);
    if is_nothing(&folded) {
        return Some(None);
    }
    let bare = folded.strip_prefix("+86").or_else(|| folded.strip_prefix("0086")).unwrap_or(&folded);
    let digits: String = bare.chars().filter(|letter| !matches!(letter, '-' | '(' | ')' | '—')).collect();
    let is_known = matches!(
        (digits.as_bytes(), digits.len()),
        ([b'1', b'3'..=b'9', ..], 11) | ([b'0', b'1'..=b'9', ..], 10..=12) | ([b'2'..=b'9', ..], 7 | 8)
    );
    let fits = is_known && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(Some(digits))
}

/// A bank account of 8 to 32 digits. `Some(None)` for nothing, `None` for anything else.
pub fn account_of(written: &str) -> Option<Option<String>> {
    let folded = fold(written);
    if is_nothing(&folded) {
        return Some(None);
    }
    let digits: String = folded.chars().filter(|letter| *letter != '-').collect();
    let fits = (8..=32).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    fits.then_some(Some(digits))
}

/// The text without what may be the number of somebody: 11 digits in a row, or 15 and more, of any script. For names of files and
/// sheets, which are shown and kept; days, times and codes of divisions in them stay.
pub fn without_numbers(text: &str) -> String {
    let (mut shown, mut run) = (String::with_capacity(text.len()), String::new());
    let close = |run: &mut String, shown: &mut String| {
        let is_number = matches!(run.chars().count(), 11 | 15..);
        shown.push_str(if is_number { "…" } else { run });
        run.clear();
    };
    for letter in text.chars() {
        let ends_number = matches!(letter, 'x' | 'X') && run.chars().count() == 17;
        if letter.is_numeric() || ends_number {
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
    fn names_of_files_keep_days_and_codes_and_no_number_of_a_person() {
        for (name, shown) in [
            ("养老保险2024年10月.csv", "养老保险2024年10月.csv"),
            ("513431100200_20241031120000.xlsx", "513431100200_20241031120000.xlsx"),
            ("郑佳513431197408142418.xlsx", "郑佳….xlsx"),
            ("51343119861019058X", "…"),
            ("１３８１２３４１２３４", "…"),
            ("阿说15231158256表", "阿说…表"),
            ("6217000000000986756.csv", "….csv"),
        ] {
            assert_eq!(without_numbers(name), shown);
        }
    }

    #[test]
    fn names_keep_what_belongs_to_them() {
        let cases = [
            ("王 小 珍", Ok(Some("王小珍"))),
            ("吉木.阿古莫", Ok(Some("吉木·阿古莫"))),
            ("吉木 ‧ 阿古\u{200D}莫", Ok(Some("吉木·阿古莫"))),
            ("'王小珍", Ok(Some("王小珍"))),
            ("李\u{F9DC}", Ok(Some("李隆"))),
            ("李⼋", Ok(Some("李八"))),
            ("吴\u{E863}", Ok(Some("吴䶮"))),
            ("沙马\u{E000}", Ok(Some("沙马\u{E000}"))),
            ("葛\u{E0100}明", Ok(Some("葛明"))),
            ("ꀀ\u{3000}ꀁ", Ok(Some("ꀀꀁ"))),
            ("\u{3164}", Ok(None)),
            ("王①", Err(NameFault::Digits)),
            ("Zhang San", Ok(Some("Zhang San"))),
            ("Ｚhang\u{A0}San", Ok(Some("Zhang San"))),
            ("", Ok(None)),
            ("王3", Err(NameFault::Digits)),
            ("王*珍", Err(NameFault::Hidden)),
            ("王\u{0}珍", Err(NameFault::Characters)),
        ];
        for (text, expected) in cases {
            assert_eq!(name_of(text), expected.map(|name| name.map(str::to_owned)), "{text}");
        }
    }

    #[test]
    fn phones_and_accounts_are_digits() {
        let phones = [
            ("138 1234 5678", Some(Some("13812345678"))),
            ("+86-138-1234-5678", Some(Some("13812345678"))),
            ("０８３４－２１６６０００", Some(Some("08342166000"))),
            ("12812345678", None),
            ("无", Some(None)),
        ];
        for (text, expected) in phones {
            assert_eq!(phone_of(text), expected.map(|phone| phone.map(str::to_owned)), "{text}");
        }
        let accounts = [("6217 0000-1234", Some(Some("621700001234"))), ("62", None), ("6217a0001234", None)];
        for (text, expected) in accounts {
            assert_eq!(account_of(text), expected.map(|account| account.map(str::to_owned)), "{text}");
        }
    }
}
