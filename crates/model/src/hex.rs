//! Bytes as hexadecimal digits, and back.

/// Two lower-case digits for each byte.
pub fn to_hex(bytes: impl AsRef<[u8]>) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digits = bytes.as_ref().iter().flat_map(|byte| [byte >> 4, byte & 0xf]);
    digits.map(|digit| char::from(DIGITS[usize::from(digit)])).collect()
}

/// The bytes that such digits stand for, in either case; `None` where one is no digit, or the last one stands alone.
pub fn from_hex(digits: &str) -> Option<Vec<u8>> {
    let (pairs, rest) = digits.as_bytes().as_chunks::<2>();
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = |[high, low]: &[u8; 2]| Some(digit(*high)? << 4 | digit(*low)?);
    if rest.is_empty() { pairs.iter().map(byte).collect() } else { None }
}

#[cfg(test)]
mod tests {
    use super::{from_hex, to_hex};

    #[test]
    fn bytes_are_two_digits_each_and_come_back() {
        let all: Vec<u8> = (0..=u8::MAX).collect();
        let digits = to_hex(&all);
        assert_eq!(digits.len(), 512);
        assert_eq!(from_hex(&digits), Some(all.clone()));
        assert_eq!(from_hex(&digits.to_uppercase()), Some(all));
        for (bytes, digits) in [(&[][..], ""), (&[0], "00"), (&[0x0f, 0xf0], "0ff0"), (&[0xde, 0xad, 9], "dead09")] {
            assert_eq!(to_hex(bytes), digits);
        }
    }

    #[test]
    fn what_is_no_hexadecimal_gives_nothing() {
        for text in ["0", "abc", "0g", "+1", " 1", "0x", "一"] {
            assert_eq!(from_hex(text), None, "{text}");
        }
    }
}
