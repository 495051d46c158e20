//! What people write, as values: one judgement for the cells of files and the fields of forms. Pure.
//!
//! Texts come as they were typed: full-width digits, odd spaces, `2021年5月27日`, `1,234.50元` are all read. Nothing here
//! words a complaint; whoever asks says in the reader's language what does not fit.

mod bare_day;
mod day;
mod glyphs;
mod moment;
mod number;
mod person;
mod text;

pub use bare_day::WrittenDay;
pub use day::{day_of, is_spreadsheet_day};
pub use moment::{WrittenMoment, moment_of};
pub use number::{NotANumber, PlainNumber, money_of, number_of};
pub use person::{NameFault, account_of, has_unknown_letters, name_of, phone_of, without_numbers};
pub use text::{BadCharacters, fold, fold_key, fold_search, half_width, is_blank, is_nothing, is_space, tidy};

/// The truth that a text says (是/否, 有/无, 1/0, Y/N, √/×); `Ok(None)` for nothing.
///
/// # Errors
/// The text says no truth.
pub fn truth_of(text: &str) -> Result<Option<bool>, NotATruth> {
    match fold(text).to_ascii_lowercase().as_str() {
        "是" | "有" | "1" | "y" | "yes" | "t" | "true" | "√" | "✓" | "✔" | "对" => Ok(Some(true)),
        "否" | "无" | "0" | "n" | "no" | "f" | "false" | "×" | "✗" | "✘" | "不是" | "没有" => {
            Ok(Some(false))
        }
        nothing if is_nothing(nothing) => Ok(None),
        _ => Err(NotATruth),
    }
}

/// The text says neither yes nor no.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the text says neither yes nor no")]
pub struct NotATruth;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truths_are_read_as_people_write_them() {
        let cases = [
            ("是", Ok(Some(true))),
            (" Ｙ ", Ok(Some(true))),
            ("√", Ok(Some(true))),
            ("１", Ok(Some(true))),
            ("无", Ok(Some(false))),
            ("×", Ok(Some(false))),
            ("", Ok(None)),
            ("—", Ok(None)),
            ("是的吧", Err(NotATruth)),
            ("2", Err(NotATruth)),
        ];
        for (text, expected) in cases {
            assert_eq!(truth_of(text), expected, "{text}");
        }
    }
}
