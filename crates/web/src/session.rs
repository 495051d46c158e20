//! Who is signed in. Sessions live in memory: whoever restarts the program signs everybody out.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// Cookie with the session's token.
pub const SESSION_COOKIE: &str = "sw_session";
/// Cookie of somebody who is not signed in; the sign-in form must carry the same text.
pub const GUEST_COOKIE: &str = "sw_guest";

/// Without a page for this long, the session ends.
const IDLE: Duration = Duration::from_secs(2 * 3600);
/// After this long it ends in any case.
const WHOLE: Duration = Duration::from_secs(12 * 3600);

/// One signed-in account.
#[derive(Clone, Debug)]
pub struct Session {
    pub account: String,
    /// The secret that every form of this session carries, masked anew on each page.
    pub form_secret: [u8; 32],
    began: Instant,
    seen: Instant,
}

/// All sessions by the hash of their token; the token itself is known to the browser only.
#[derive(Default)]
pub struct Sessions {
    by_token: Mutex<HashMap<[u8; 32], Session>>,
}

impl Sessions {
    /// Begins a session and returns its token for the cookie.
    pub fn begin(&self, account: &str, now: Instant) -> String {
        let token = hex(&rand::random::<[u8; 32]>());
        let session =
            Session { account: account.to_owned(), form_secret: rand::random(), began: now, seen: now };
        let mut sessions = self.by_token.lock().unwrap_or_else(PoisonError::into_inner);
        sessions.retain(|_, session| session.is_live(now));
        sessions.insert(key(&token), session);
        token
    }

    /// The session of this token, if it still lives; its idle time starts anew.
    pub fn find(&self, token: &str, now: Instant) -> Option<Session> {
        let mut sessions = self.by_token.lock().unwrap_or_else(PoisonError::into_inner);
        let session = sessions.get_mut(&key(token)).filter(|session| session.is_live(now))?;
        session.seen = now;
        Some(session.clone())
    }

    /// Ends the session of this token.
    pub fn end(&self, token: &str) {
        self.by_token.lock().unwrap_or_else(PoisonError::into_inner).remove(&key(token));
    }
}

impl Session {
    fn is_live(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.seen) < IDLE && now.saturating_duration_since(self.began) < WHOLE
    }
}

/// A form token: the secret under a fresh mask, so that no two pages carry the same text (compression tells nothing).
pub fn form_token(secret: &[u8; 32]) -> String {
    let mask: [u8; 32] = rand::random();
    let hidden: Vec<u8> = secret.iter().zip(mask).map(|(byte, mask)| byte ^ mask).collect();
    hex(&mask) + &hex(&hidden)
}

/// True when the form token was made from this secret.
pub fn form_token_holds(token: &str, secret: &[u8; 32]) -> bool {
    let Some(bytes) = unhex(token).filter(|bytes| bytes.len() == 64) else { return false };
    let (mask, hidden) = bytes.split_at(32);
    let difference = secret.iter().zip(mask).zip(hidden).fold(0, |all, ((byte, mask), hidden)| all | (byte ^ mask ^ hidden));
    difference == 0
}

/// A fresh secret for somebody who is not signed in, as the text of a cookie.
pub fn guest_secret() -> String {
    hex(&rand::random::<[u8; 32]>())
}

/// Reads the secret in a guest's cookie.
pub fn read_secret(text: &str) -> Option<[u8; 32]> {
    unhex(text)?.try_into().ok()
}

fn key(token: &str) -> [u8; 32] {
    *blake3::hash(token.as_bytes()).as_bytes()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u8>> = text.chars().map(|digit| digit.to_digit(16).map(|value| value as u8)).collect();
    let digits = digits.filter(|digits| digits.len() % 2 == 0)?;
    Some(digits.chunks(2).map(|pair| pair[0] * 16 + pair[1]).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_ends_when_idle_when_old_and_when_told() {
        let sessions = Sessions::default();
        let start = Instant::now();
        let token = sessions.begin("li", start);
        assert_eq!(sessions.find(&token, start + IDLE - Duration::from_secs(1)).map(|found| found.account), Some("li".into()));
        assert!(sessions.find(&token, start + IDLE + Duration::from_secs(1)).is_some(), "the idle time began anew");
        assert!(sessions.find(&token, start + IDLE * 3).is_none());
        let busy = sessions.begin("li", start);
        let mut now = start;
        while now < start + WHOLE - IDLE / 2 {
            assert!(sessions.find(&busy, now).is_some());
            now += IDLE / 2;
        }
        assert!(sessions.find(&busy, start + WHOLE).is_none());
        let short = sessions.begin("li", start);
        sessions.end(&short);
        assert!(sessions.find(&short, start).is_none());
        assert!(sessions.find("", start).is_none() && sessions.find("zz", start).is_none());
    }

    #[test]
    fn form_tokens_differ_each_time_and_belong_to_one_secret() {
        let (mine, other) = ([7_u8; 32], [8_u8; 32]);
        let (first, second) = (form_token(&mine), form_token(&mine));
        assert_ne!(first, second);
        for token in [&first, &second] {
            assert!(form_token_holds(token, &mine));
            assert!(!form_token_holds(token, &other));
        }
        for broken in ["", "00", "xx", &first[..64], &format!("{first}00")] {
            assert!(!form_token_holds(broken, &mine), "{broken}");
        }
    }

    #[test]
    fn a_guest_secret_is_read_back() {
        assert!(read_secret(&guest_secret()).is_some());
        assert!(read_secret("abc").is_none() && read_secret("").is_none());
    }
}
