//! Filling the placeholders of a text.

/// What stands for a placeholder: the value of `name`; of `name|row|rows` the first word where the value is one, else the second.
fn one(placeholder: &str, value: impl Fn(&str) -> Option<String>) -> Option<String> {
    let Some((name, words)) = placeholder.split_once('|') else { return value(placeholder) };
    let (singular, plural) = words.split_once('|')?;
    value(name).map(|value| if value == "1" { singular } else { plural }.to_owned())
}

/// The text with its placeholders replaced, in one pass: what a value holds is not looked at again.
pub(crate) fn filled(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, behind)) = rest.split_once('{') {
        filled.push_str(before);
        match behind.split_once('}').and_then(|(name, after)| Some((one(name, &value)?, after))) {
            Some((value, after)) => {
                filled.push_str(&value);
                rest = after;
            }
            None => {
                filled.push('{');
                rest = behind;
            }
        }
    }
    filled.push_str(rest);
    filled
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_in_a_value_is_not_filled_again() {
        let cases = [
            ("{a} and {b}", "{b} and 2"),
            ("{a}{", "{b}{"),
            ("{none} {a}", "{none} {b}"),
            ("none", "none"),
            ("{}", "{}"),
            ("{b} {b|row is|rows are} left", "2 rows are left"),
            ("{c} {c|row is|rows are} left", "1 row is left"),
            ("{c|row}", "{c|row}"),
            ("{d|row|rows}", "{d|row|rows}"),
        ];
        for (text, expected) in cases {
            let value = |name: &str| match name {
                "a" => Some("{b}".to_owned()),
                "b" => Some("2".to_owned()),
                "c" => Some("1".to_owned()),
                _ => None,
            };
            assert_eq!(filled(text, value), expected);
        }
    }
}
