//! What a person chose about the look: language and large text. Kept in two plain cookies.

use axum::http::HeaderMap;
use axum::http::header::COOKIE;
use cookie::Cookie;
use words::Language;

/// The look that was chosen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    pub language: Language,
    pub large: bool,
}

/// Cookie with the language: its tag, e.g. `zh-CN` or `en`.
pub const LANGUAGE_COOKIE: &str = "sw_language";
/// Cookie with the size of the text: `1` where it is large.
pub const LARGE_COOKIE: &str = "sw_large";

impl Preferences {
    /// Reads the cookies; what is missing or unknown is Chinese and of normal size.
    pub fn of(headers: &HeaderMap) -> Preferences {
        let chosen = cookie(headers, LANGUAGE_COOKIE);
        let is_chosen = |language: &Language| chosen.as_deref() == Some(language.tag());
        Preferences {
            language: Language::all().find(is_chosen).unwrap_or_default(),
            large: cookie(headers, LARGE_COOKIE).as_deref() == Some("1"),
        }
    }
}

/// The value of the cookie with this name.
pub fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(Cookie::split_parse)
        .filter_map(Result::ok)
        .find(|cookie| cookie.name() == name)
        .map(|cookie| cookie.value().to_owned())
}

/// A path of this site to go back to: starts with one `/`, otherwise the workbench. Other sites are never a target.
pub fn safe_path(path: &str) -> &str {
    let inside = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if inside { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    #[test]
    fn cookies_choose_language_and_size() {
        let cases = [
            ("", Language::CHINESE, false),
            ("sw_language=en; sw_large=1", Language::ENGLISH, true),
            ("sw_language=fr;sw_large=0", Language::CHINESE, false),
            ("other=1; sw_large=1", Language::CHINESE, true),
        ];
        for (line, language, large) in cases {
            let mut headers = HeaderMap::new();
            headers.insert(COOKIE, HeaderValue::from_static(line));
            assert_eq!(Preferences::of(&headers), Preferences { language, large }, "{line}");
        }
    }

    #[test]
    fn only_paths_of_this_site_are_gone_back_to() {
        let cases = [
            ("/leads?risk=1", "/leads?risk=1"),
            ("//evil.example", "/"),
            ("https://evil.example", "/"),
            ("/\\evil.example", "/"),
            ("/a\r\nSet-Cookie: x", "/"),
            ("", "/"),
        ];
        for (path, safe) in cases {
            assert_eq!(safe_path(path), safe, "{path:?}");
        }
    }
}
