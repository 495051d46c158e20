//! Columns by their letters, as spreadsheets name them.

/// A column (from 0): A, B ... Z, AA.
pub(crate) fn letters(column: usize) -> String {
    let mut name = Vec::new();
    let mut rest = column as u64 + 1;
    while rest > 0 {
        rest -= 1;
        name.push(b'A' + (rest % 26) as u8);
        rest /= 26;
    }
    name.iter().rev().map(|letter| char::from(*letter)).collect()
}

/// The column that letters such as `F` or `ab` name; `None` where they name none.
pub(crate) fn column_of(letters: &str) -> Option<usize> {
    let is_name = (1..=3).contains(&letters.len()) && letters.bytes().all(|letter| letter.is_ascii_alphabetic());
    let digit = |letter: u8| usize::from(letter.to_ascii_uppercase() - b'A') + 1;
    is_name.then(|| letters.bytes().fold(0, |sum, letter| sum * 26 + digit(letter)) - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_as_spreadsheets_do() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
            assert_eq!(column_of(name), Some(column));
            assert_eq!(column_of(&name.to_lowercase()), Some(column));
        }
        for text in ["", "ABCD", "A1", "列"] {
            assert_eq!(column_of(text), None, "{text}");
        }
    }
}
