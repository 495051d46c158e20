//! Tokens: of a session, and of the forms that belong to it. The store keeps sessions by the hash of their token.

/// Cookie with the session's token.
pub const SESSION_COOKIE: &str = "sw_session";
/// Cookie of somebody who is not signed in; the sign-in form carries a token made from it.
pub const GUEST_COOKIE: &str = "sw_guest";

/// How long a session lasts: two hours without a page (a cadre may be called away from the desk), twelve hours at most.
pub const TIMES: store::SessionTimes = store::SessionTimes { idle_ms: 2 * 3_600_000, longest_ms: 12 * 3_600_000 };

/// A new secret for a cookie: 32 random bytes as hexadecimal text.
pub fn new_token() -> String {
    model::to_hex(rand::random::<[u8; 32]>())
}

/// What forms of the owner of this cookie must know. The cookie's text cannot be computed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FormSecret([u8; 32]);

impl FormSecret {
    /// The secret that belongs to a cookie.
    pub fn of(cookie: &str) -> FormSecret {
        FormSecret(blake3::derive_key("shouwang 2026-11 web form token", cookie.as_bytes()))
    }

    /// A form token: the secret under a fresh mask, so that no two pages carry the same text (compression tells nothing).
    pub fn token(&self) -> String {
        let mask: [u8; 32] = rand::random();
        let hidden: Vec<u8> = self.0.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
        model::to_hex(mask) + &model::to_hex(hidden)
    }

    /// The secret that a form token was made from, and what stands behind it.
    pub fn in_token(token: &str) -> Option<(FormSecret, &str)> {
        let (token, behind) = token.split_once('.').unwrap_or((token, ""));
        let bytes = model::from_hex(token).filter(|bytes| bytes.len() == 64)?;
        let (mask, hidden) = bytes.split_at(32);
        let mut secret = [0; 32];
        secret.iter_mut().zip(mask.iter().zip(hidden)).for_each(|(byte, (mask, hidden))| *byte = mask ^ hidden);
        Some((FormSecret(secret), behind))
    }

    /// True when the form token was made from this secret.
    pub fn made(&self, token: &str) -> bool {
        let Some((other, _)) = FormSecret::in_token(token) else { return false };
        self.0.iter().zip(other.0).fold(0, |all, (byte, other)| all | (byte ^ other)) == 0
    }

    /// By what the secret is told from others without being said.
    pub fn sign(&self) -> String {
        model::to_hex(&blake3::derive_key("shouwang 2026-11 web form owner", &self.0)[..8])
    }
}

/// A cookie that scripts cannot read. `seconds`: how long it is kept; `None` until the browser is closed.
pub fn cookie_line(name: &str, value: &str, seconds: Option<u32>, secure: bool) -> String {
    let age = seconds.map(|seconds| format!("; Max-Age={seconds}")).unwrap_or_default();
    let secure = if secure { "; Secure" } else { "" };
    format!("{name}={value}; Path=/; HttpOnly; SameSite=Lax{age}{secure}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn form_tokens_differ_each_time_and_belong_to_one_cookie() {
        let (mine, other) = (FormSecret::of("a"), FormSecret::of("b"));
        let (first, second) = (mine.token(), mine.token());
        assert_ne!(first, second);
        for token in [&first, &second] {
            assert!(mine.made(token));
            assert!(!other.made(token));
        }
        assert!(mine.made(&format!("{first}.00")), "what stands behind it is somebody else's matter");
        for broken in ["", "00", "xx", &first[..64], &format!("{first}00"), &format!(".{first}")] {
            assert!(!mine.made(broken), "{broken}");
        }
    }

    #[test]
    fn cookies_are_closed_to_scripts_and_other_sites() {
        assert_eq!(cookie_line("a", "b", None, false), "a=b; Path=/; HttpOnly; SameSite=Lax");
        assert_eq!(cookie_line("a", "b", Some(0), true), "a=b; Path=/; HttpOnly; SameSite=Lax; Max-Age=0; Secure");
        assert_ne!(new_token(), new_token());
        assert_eq!(new_token().len(), 64);
    }
}
