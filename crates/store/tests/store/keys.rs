//! The key of an installation.

use store::StoreKey;

#[test]
fn a_key_is_written_once_and_read_back() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let path = StoreKey::path_beside(&folder.path().join("county.db"));
    let made = StoreKey::create(&path).expect("is made");
    assert!(StoreKey::create(&path).is_err(), "a key is never overwritten");
    assert_eq!(StoreKey::read(&path).expect("is read"), made);
    assert_ne!(made, StoreKey::generate());
    assert_eq!(format!("{made:?}"), "StoreKey(..)");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).expect("is there").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    std::fs::write(&path, b"short").expect("is written");
    assert!(StoreKey::read(&path).is_err());
}

#[test]
fn every_purpose_has_its_own_key() {
    let key = StoreKey::from_bytes([3; 32]);
    assert_eq!(key.person_cipher_key(), StoreKey::from_bytes([3; 32]).person_cipher_key());
    assert_ne!(key.person_cipher_key(), key.derive("seal"));
    assert_ne!(key.person_cipher_key(), StoreKey::from_bytes([4; 32]).person_cipher_key());
}
