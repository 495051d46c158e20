//! What a file is told by: the hash of its bytes.

use std::fs::File;
use std::io::Read;
use std::path::Path;

/// BLAKE3 of a file's bytes in hexadecimal, and how many bytes there are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileHash {
    pub hex: String,
    pub bytes: u64,
}

impl FileHash {
    /// Reads the whole file, 64 KiB at a time.
    ///
    /// # Errors
    /// When the file cannot be read.
    pub fn of_file(path: &Path) -> std::io::Result<FileHash> {
        let mut hasher = blake3::Hasher::new();
        let mut file = File::open(path)?;
        let mut buffer = vec![0; 1 << 16];
        loop {
            match file.read(&mut buffer)? {
                0 => return Ok(FileHash { hex: hasher.finalize().to_hex().to_string(), bytes: hasher.count() }),
                read => hasher.update(&buffer[..read]),
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::FileHash;

    #[test]
    fn a_file_is_hashed_whole_and_its_bytes_are_counted() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("a.csv");
        for length in [0, 1, 65_535, 65_536, 65_537] {
            let bytes = vec![b'a'; length];
            std::fs::write(&path, &bytes).expect("written");
            let hash = FileHash::of_file(&path).expect("read");
            assert_eq!(hash.hex, blake3::hash(&bytes).to_hex().as_str(), "{length}");
            assert_eq!(hash.bytes, length as u64);
        }
        assert!(FileHash::of_file(&folder.path().join("none.csv")).is_err());
    }
}
