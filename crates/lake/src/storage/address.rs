//! The address of a lake in a bucket, and who may open it.

use crate::error::{LakeError, Result};
use object_store::aws::{AmazonS3, AmazonS3Builder, AmazonS3ConfigKey};
use object_store::{BackoffConfig, RetryConfig};
use std::time::Duration;

const SCHEME: &str = "s3://";
/// Without these nothing is asked of the store.
const KEYS: [&str; 2] = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"];

/// Bucket and prefix of a lake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Address {
    pub bucket: String,
    /// Folders below the bucket, without slashes at the ends; empty for the bucket itself.
    pub prefix: String,
}

/// True where a text is the address of a bucket and not a folder.
pub(crate) fn is_address(text: &str) -> bool {
    text.starts_with(SCHEME)
}

impl Address {
    /// Reads `s3://bucket/prefix`.
    ///
    /// # Errors
    /// `Address` where it is written otherwise.
    pub(crate) fn parse(text: &str) -> Result<Address> {
        let wrong = || LakeError::Address { what: format!("`{}` is not `s3://bucket/prefix`", without_user(text)) };
        let (bucket, prefix) = match text.strip_prefix(SCHEME).ok_or_else(wrong)?.split_once('/') {
            Some((bucket, prefix)) => (bucket, prefix.trim_end_matches('/')),
            None => (text.strip_prefix(SCHEME).unwrap_or_default(), ""),
        };
        let is_plain = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '.' | '_');
        let is_name = |name: &str| !name.is_empty() && name.chars().all(is_plain) && !matches!(name, "." | "..");
        let fits = is_name(bucket) && bucket.len() >= 3 && (prefix.is_empty() || prefix.split('/').all(is_name));
        if fits { Ok(Address { bucket: bucket.to_owned(), prefix: prefix.to_owned() }) } else { Err(wrong()) }
    }

    /// The client of the bucket, as the variables say (`AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_ENDPOINT` ...).
    ///
    /// # Errors
    /// `Address` where key or secret are missing or the variables do not fit together.
    pub(crate) fn client(&self, variables: &[(String, String)]) -> Result<AmazonS3> {
        let has = |key: &&str| variables.iter().any(|(name, value)| name == key && !value.is_empty());
        let missing: Vec<&str> = KEYS.into_iter().filter(|key| !has(key)).collect();
        if !missing.is_empty() {
            return Err(LakeError::Address {
                what: format!("{} is not set in the environment", missing.join(" and ")),
            });
        }
        let backoff = BackoffConfig { max_backoff: Duration::from_secs(2), ..BackoffConfig::default() };
        let retry = RetryConfig { backoff, max_retries: 4, retry_timeout: Duration::from_secs(30) };
        let mut builder = AmazonS3Builder::new().with_retry(retry);
        for (name, value) in variables.iter().filter(|(name, _)| name.starts_with("AWS_")) {
            if let Ok(key) = name.to_ascii_lowercase().parse::<AmazonS3ConfigKey>() {
                builder = builder.with_config(key, value);
            }
        }
        // What the client would say of a variable that it cannot read may repeat it.
        let what = || "the AWS_ variables of the environment do not fit together".to_owned();
        builder.with_bucket_name(&self.bucket).build().map_err(|_| LakeError::Address { what: what() })
    }
}

/// An address as it may be shown: whoever wrote a key into it does not find it in a log.
fn without_user(text: &str) -> String {
    match text.split_once('@') {
        Some((_, rest)) => format!("{SCHEME}***@{rest}"),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_names_bucket_and_prefix_or_is_refused() {
        let fine = [
            ("s3://lake", ("lake", "")),
            ("s3://lake/", ("lake", "")),
            ("s3://lake-1.a/county/990101/", ("lake-1.a", "county/990101")),
        ];
        for (text, (bucket, prefix)) in fine {
            let expected = Address { bucket: bucket.to_owned(), prefix: prefix.to_owned() };
            assert_eq!(Address::parse(text).expect("well written"), expected, "{text}");
        }
        for text in ["s3://", "s3://ab", "s3:/lake", "lake", "s3://lake/../x", "s3://lake//x", "s3://湖泊湖泊/x"] {
            assert!(matches!(Address::parse(text), Err(LakeError::Address { .. })), "{text}");
        }
    }

    #[test]
    fn a_key_in_an_address_is_not_repeated() {
        let error = Address::parse("s3://AKIA:topsecret@lake/x").expect_err("no such form");
        assert!(!format!("{error} {error:?}").contains("topsecret"));
    }

    #[test]
    fn without_key_or_secret_nothing_is_asked() {
        let address = Address::parse("s3://lake").expect("well written");
        let variables = |names: &[&str]| -> Vec<(String, String)> {
            names.iter().map(|name| ((*name).to_owned(), "topsecret".to_owned())).collect()
        };
        let cases = [
            (vec![], Some("AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY")),
            (vec!["AWS_ACCESS_KEY_ID"], Some("AWS_SECRET_ACCESS_KEY")),
            (vec!["AWS_SECRET_ACCESS_KEY"], Some("AWS_ACCESS_KEY_ID")),
            (vec!["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"], None),
        ];
        for (names, missing) in cases {
            let told = address.client(&variables(&names)).err().map(|error| error.to_string());
            let expected = missing.map(|missing| format!("{missing} is not set in the environment"));
            assert_eq!(told.is_some(), expected.is_some(), "{names:?}");
            assert!(
                told.is_none_or(|told| told.contains(&expected.unwrap_or_default()) && !told.contains("topsecret"))
            );
        }
    }
}
