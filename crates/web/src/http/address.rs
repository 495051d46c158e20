//! Addresses of pages, escaped.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Everything but the unreserved characters of RFC 3986.
const ESCAPED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Text for a part of an address.
pub fn url_part(text: &str) -> String {
    utf8_percent_encode(text, ESCAPED).to_string()
}

/// An address with the parameters that are not empty.
pub fn with(path: &str, parameters: &[(&str, &str)]) -> String {
    let filled = parameters.iter().filter(|(_, value)| !value.is_empty());
    let query: Vec<String> = filled.map(|(name, value)| format!("{name}={}", url_part(value))).collect();
    if query.is_empty() { path.to_owned() } else { format!("{path}?{}", query.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_escaped_and_leave_out_what_is_empty() {
        assert_eq!(
            with("/leads", &[("text", "大石 村&a=b"), ("risk", "")]),
            "/leads?text=%E5%A4%A7%E7%9F%B3%20%E6%9D%91%26a%3Db"
        );
        assert_eq!(with("/leads", &[("risk", "")]), "/leads");
    }
}
