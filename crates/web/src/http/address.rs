//! Addresses of pages, escaped.

/// Text for a part of an address.
pub fn url_part(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
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
