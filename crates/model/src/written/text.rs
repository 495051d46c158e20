//! Cleaning text: what people and programs leave around the letters that matter.

use std::borrow::Cow;

/// The text holds characters that no text has: control characters, or the sign for damaged ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("control characters or damaged ones stand in the text")]
pub struct BadCharacters;

/// For codes, numbers and days: full-width letters become plain, every kind of space and invisible mark goes, and so do a leading
/// apostrophe and the wrapping `="..."` by which spreadsheets are told that digits are text.
pub fn fold(text: &str) -> Cow<'_, str> {
    let is_plain = text.bytes().all(|byte| matches!(byte, b'!'..=b'~')) && !text.starts_with(['\'', '=']);
    if is_plain || text.is_empty() {
        return Cow::Borrowed(text);
    }
    let mut folded: String = text.chars().filter(|letter| !is_space(*letter)).map(half_width).collect();
    if let Some(inner) = folded.strip_prefix("=\"").and_then(|rest| rest.strip_suffix('"')) {
        folded = inner.to_owned();
    }
    match folded.strip_prefix(['\'', '‘', '’', '`']) {
        Some(rest) => Cow::Owned(rest.to_owned()),
        None => Cow::Owned(folded),
    }
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
            _ if is_invisible(letter) => {}
            '\n' | '\r' | '\t' => tidied.push(' '),
            '\u{FFFD}' => return Err(BadCharacters),
            _ if letter.is_control() => return Err(BadCharacters),
            _ if letter.is_whitespace() => tidied.push(' '),
            _ => tidied.push(letter),
        }
    }
    Ok(Cow::Owned(tidied.trim_matches(' ').to_owned()))
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
    letter.is_whitespace() || is_invisible(letter)
}

fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}' | '\u{FEFF}' | '\u{00AD}')
}

fn is_odd(letter: char) -> bool {
    match letter {
        ' '..='~' | '\u{4E00}'..='\u{9FFF}' => false,
        _ => letter.is_control() || letter == '\u{FFFD}' || is_space(letter),
    }
}
