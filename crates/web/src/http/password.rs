//! Passwords: Argon2id, and the same work whether an account exists or not.

use argon2::password_hash::phc::PasswordHash;
use argon2::{Argon2, PasswordHasher, PasswordVerifier};
use std::sync::LazyLock;

/// The text could not be made into a password hash, or the stored hash is broken.
#[derive(Debug, thiserror::Error)]
#[error("cannot hash the password")]
pub struct PasswordError;

/// An Argon2id hash (PHC text) of `password` with a fresh salt and the library's recommended cost.
///
/// # Errors
/// `PasswordError` when the system has no randomness or the password is longer than the algorithm takes.
pub fn hash_password(password: &str) -> Result<String, PasswordError> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|_| PasswordError)
}

/// True when `password` belongs to the stored hash. Without a stored hash the same work is done, so that the time of the
/// answer does not tell whether the account exists.
pub fn password_holds(stored: Option<&str>, password: &str) -> bool {
    static NOBODY: LazyLock<String> = LazyLock::new(|| hash_password("nobody has this password").unwrap_or_default());
    let hash = stored.unwrap_or(&NOBODY);
    let holds =
        PasswordHash::new(hash).is_ok_and(|hash| Argon2::default().verify_password(password.as_bytes(), &hash).is_ok());
    holds && stored.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_password_holds_and_nobody_signs_in_without_an_account() {
        let hash = hash_password("春风化雨-2021").expect("hashing works");
        assert!(hash.starts_with("$argon2id$"));
        assert!(password_holds(Some(&hash), "春风化雨-2021"));
        assert!(!password_holds(Some(&hash), "春风化雨-2022"));
        assert!(!password_holds(None, "nobody has this password"));
        assert!(!password_holds(Some("broken"), "anything"));
    }
}
