//! How headings are spelled.

use crate::cell::text;

/// A heading without what does not matter: width of letters, spaces, line breaks, stars, a colon at the end, capitals.
pub(crate) fn normal(text: &str) -> String {
    let plain =
        text.chars().filter(|letter| !text::is_space(*letter)).map(text::half_width).map(|letter| match letter {
            '【' | '[' | '〔' | '{' => '(',
            '】' | ']' | '〕' | '}' => ')',
            _ => letter,
        });
    let kept = plain.filter(|letter| !matches!(letter, '*' | '"' | '“' | '”' | '\'' | '、')).collect::<String>();
    kept.trim_end_matches([':', ';', '.']).to_lowercase()
}

/// Without one bracketed remark at its end: `金额(元)` is `金额`.
pub(crate) fn without_remark(normal: &str) -> &str {
    remark_at(normal).map_or(normal, |start| &normal[..start])
}

/// The bracketed remark at its end: of `金额(元)` it is `元`.
pub(crate) fn remark(normal: &str) -> Option<&str> {
    remark_at(normal).map(|start| &normal[start + 1..normal.len() - 1])
}

fn remark_at(normal: &str) -> Option<usize> {
    normal.strip_suffix(')').and_then(|rest| rest.rfind('(')).filter(|start| *start > 0)
}
