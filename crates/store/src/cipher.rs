//! Sealing, finding and signing with keys derived from the installation's key.

use crate::{StoreError, StoreKey};
use aes_gcm::aead::{Aead, Payload};
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};

const NONCE_BYTES: usize = 12;

/// Seals sensitive values, makes their find hashes, signs the log.
pub(crate) struct Cipher {
    seal: Aes256Gcm,
    nonce: [u8; 32],
    find: [u8; 32],
    sign: [u8; 32],
}

impl Cipher {
    pub(crate) fn new(key: &StoreKey) -> Cipher {
        Cipher {
            seal: Aes256Gcm::new(&key.derive("seal").into()),
            nonce: key.derive("nonce"),
            find: key.derive("find"),
            sign: key.derive("sign"),
        }
    }

    /// Seals a text with AES-256-GCM, bound to its place (`register/field`).
    ///
    /// The nonce comes from a keyed hash of place and text, so that a nonce repeats only where text and place repeat,
    /// and sealing the same record again gives the same bytes.
    pub(crate) fn seal(&self, place: &str, text: &str) -> Result<Vec<u8>, StoreError> {
        let hash = keyed(&self.nonce, &[place.as_bytes(), text.as_bytes()]);
        let mut nonce = [0; NONCE_BYTES];
        nonce.copy_from_slice(&hash.as_bytes()[..NONCE_BYTES]);
        let payload = Payload { msg: text.as_bytes(), aad: place.as_bytes() };
        let fault = |_| StoreError::StoredValue { column: place.to_owned() };
        let sealed = self.seal.encrypt(&Nonce::from(nonce), payload).map_err(fault)?;
        Ok([&nonce[..], &sealed].concat())
    }

    /// Opens what [`Cipher::seal`] made for the same place.
    pub(crate) fn open(&self, place: &str, sealed: &[u8]) -> Result<String, StoreError> {
        let fault = || StoreError::StoredValue { column: place.to_owned() };
        let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES).ok_or_else(fault)?;
        let nonce: [u8; NONCE_BYTES] = nonce.try_into().map_err(|_| fault())?;
        let payload = Payload { msg: sealed, aad: place.as_bytes() };
        let opened = self.seal.decrypt(&Nonce::from(nonce), payload).map_err(|_| fault())?;
        String::from_utf8(opened).map_err(|_| fault())
    }

    /// A hash by which a sensitive text is found again: the same for the same text in the same `purpose`,
    /// whatever the case of its letters; without the key it says nothing.
    pub(crate) fn find(&self, purpose: &str, text: &str) -> i64 {
        let normal = text.trim().to_uppercase();
        first_eight(&keyed(&self.find, &[purpose.as_bytes(), normal.as_bytes()]))
    }

    /// A hash of a record's values, to see whether anything changed.
    pub(crate) fn content(&self, parts: &[u8]) -> i64 {
        first_eight(&blake3::keyed_hash(&self.find, parts))
    }

    /// The signature of a statement about the log, hexadecimal.
    pub(crate) fn sign(&self, parts: &[&[u8]]) -> String {
        keyed(&self.sign, parts).to_hex().to_string()
    }

    /// The hash under which a session token is kept.
    pub(crate) fn token(&self, token: &str) -> String {
        keyed(&self.find, &[b"session token", token.as_bytes()]).to_hex().to_string()
    }
}

/// BLAKE3 in keyed mode over length-prefixed parts.
fn keyed(key: &[u8; 32], parts: &[&[u8]]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new_keyed(key);
    for part in parts {
        hasher.update(&(part.len() as u64).to_le_bytes());
        hasher.update(part);
    }
    hasher.finalize()
}

fn first_eight(hash: &blake3::Hash) -> i64 {
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hash.as_bytes()[..8]);
    i64::from_le_bytes(bytes)
}

#[cfg(test)]
mod tests {
    use super::Cipher;
    use crate::StoreKey;

    #[test]
    fn what_is_sealed_opens_only_at_its_place_and_with_its_key() {
        let cipher = Cipher::new(&StoreKey::from_bytes([7; 32]));
        let sealed = cipher.seal("resident/identity_no", "510123199001011234").expect("seals");
        assert_eq!(cipher.open("resident/identity_no", &sealed).expect("opens"), "510123199001011234");
        assert!(cipher.open("resident/phone", &sealed).is_err());
        assert!(Cipher::new(&StoreKey::from_bytes([8; 32])).open("resident/identity_no", &sealed).is_err());
        for index in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[index] ^= 1;
            assert!(cipher.open("resident/identity_no", &altered).is_err(), "byte {index}");
        }
        assert!(cipher.open("resident/identity_no", b"short").is_err());
    }

    #[test]
    fn different_texts_have_different_nonces() {
        let cipher = Cipher::new(&StoreKey::from_bytes([7; 32]));
        let nonces: std::collections::BTreeSet<Vec<u8>> =
            (0..1000).map(|number| cipher.seal("a/b", &number.to_string()).expect("seals")[..12].to_vec()).collect();
        assert_eq!(nonces.len(), 1000);
    }

    #[test]
    fn finding_ignores_case_and_knows_its_purpose() {
        let cipher = Cipher::new(&StoreKey::from_bytes([7; 32]));
        assert_eq!(cipher.find("tail", "123x"), cipher.find("tail", " 123X "));
        assert_ne!(cipher.find("tail", "1234"), cipher.find("identity_no", "1234"));
    }
}
