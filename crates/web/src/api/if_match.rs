//! `If-Match`: the versions of a record that a change may be made from (RFC 9110, 13.1.1).
//!
//! Weak tags count as strong ones: the version of a record is the same whatever form it was fetched in.

use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;
use model::Version;

/// A version in which no record stands.
const OF_NO_RECORD: Version = Version(-1);

/// What the header allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// `*`: whatever version stands.
    Any,
    /// One of these; tags that are none of ours match nothing and are left out.
    Versions(Vec<Version>),
}

impl IfMatch {
    /// Reads the header, which may stand on several lines; `None` where it is missing.
    pub fn of(headers: &HeaderMap) -> Option<IfMatch> {
        let lines: Vec<&str> = headers.get_all(IF_MATCH).iter().map(|line| line.to_str().unwrap_or_default()).collect();
        if lines.is_empty() {
            return None;
        }
        if lines.iter().any(|line| line.trim() == "*") {
            return Some(IfMatch::Any);
        }
        Some(IfMatch::Versions(lines.iter().flat_map(|line| versions(line)).collect()))
    }

    /// True where it allows one version at most, whatever stands.
    pub fn is_one(&self) -> bool {
        matches!(self, IfMatch::Versions(versions) if versions.len() <= 1)
    }

    /// The version to make the change from, where `current` stands. Where it does not fit, it is one that does not stand.
    pub fn version(&self, current: Option<Version>) -> Version {
        match self {
            IfMatch::Any => current.unwrap_or(OF_NO_RECORD),
            IfMatch::Versions(versions) => {
                let fitting = versions.iter().find(|version| Some(**version) == current);
                fitting.or(versions.last()).copied().unwrap_or(OF_NO_RECORD)
            }
        }
    }
}

/// The versions that a list of tags names: `"4", W/"5"`. A tag may hold commas.
fn versions(line: &str) -> Vec<Version> {
    let mut found = Vec::new();
    let mut rest = line.trim();
    while !rest.is_empty() {
        let tag = rest.strip_prefix("W/").unwrap_or(rest);
        let Some((inside, behind)) = tag.strip_prefix('"').and_then(|tag| tag.split_once('"')) else {
            // What is no tag reaches to the next comma.
            rest = rest.split_once(',').map_or("", |(_, behind)| behind).trim_start();
            continue;
        };
        let behind = behind.trim_start();
        let is_whole = behind.is_empty() || behind.starts_with(',');
        let is_plain = !inside.is_empty() && inside.bytes().all(|digit| digit.is_ascii_digit());
        let version = inside.parse::<Version>().ok().filter(|version| is_whole && is_plain && version.0 > 0);
        found.extend(version);
        rest = behind.split_once(',').map_or("", |(_, behind)| behind).trim_start();
    }
    found
}

#[cfg(test)]
mod tests {
    use super::{IfMatch, Version};
    use axum::http::{HeaderMap, HeaderValue};

    fn read(lines: &[&'static str]) -> Option<IfMatch> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append("if-match", HeaderValue::from_static(line));
        }
        IfMatch::of(&headers)
    }

    #[test]
    fn tags_are_read_strong_and_weak_alone_and_in_lists() {
        let cases: [(&str, &[i64]); 14] = [
            ("\"3\"", &[3]),
            ("W/\"3\"", &[3]),
            ("\"4\", \"5\"", &[4, 5]),
            ("\"4\",W/\"5\" , \"6\"", &[4, 5, 6]),
            ("\"a,b\", \"5\"", &[5]),
            ("\"+3\"", &[]),
            ("\"0\", \"-1\"", &[]),
            ("3", &[]),
            ("3, \"5\"", &[5]),
            ("\"3", &[]),
            ("\"3\"x, \"5\"", &[5]),
            ("w/\"3\"", &[]),
            ("", &[]),
            ("\"99999999999999999999\"", &[]),
        ];
        for (line, versions) in cases {
            assert_eq!(
                read(&[line]),
                Some(IfMatch::Versions(versions.iter().copied().map(Version).collect())),
                "{line}"
            );
        }
        assert_eq!(read(&["\"3\"", "W/\"4\""]), Some(IfMatch::Versions(vec![Version(3), Version(4)])));
        assert_eq!((read(&["*"]), read(&[" * "]), read(&[])), (Some(IfMatch::Any), Some(IfMatch::Any), None));
    }

    #[test]
    fn a_change_is_made_from_the_version_that_stands_where_the_header_allows_it() {
        let list = IfMatch::Versions(vec![Version(4), Version(5)]);
        for (allowed, current, version) in [
            (&list, Some(5), 5),
            (&list, Some(4), 4),
            (&list, Some(6), 5),
            (&list, None, 5),
            (&IfMatch::Versions(Vec::new()), Some(1), -1),
            (&IfMatch::Any, Some(7), 7),
            (&IfMatch::Any, None, -1),
        ] {
            assert_eq!(allowed.version(current.map(Version)), Version(version), "{allowed:?} {current:?}");
        }
    }
}
