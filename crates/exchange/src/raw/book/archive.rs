//! A workbook's archive: what it may cost, and its parts by name.
//!
//! First the directory: number, sizes and ratios of the parts. A directory can lie, so every part is measured again while it is
//! unpacked: it ends with an error where it grows beyond the stated size or holds more between two tags than a cell can.

use super::Trouble;
use super::xml::Text;
use crate::Limits;
use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, ErrorKind, Read, Seek, SeekFrom};
use std::path::Path;
use words::wording;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

/// Bytes between two tags of a part: longer than the longest text of a cell (32,767 characters) can be.
const TAG_GAP_MAX: usize = 1 << 18;
/// Bytes that are unpacked at once.
const BLOCK: usize = 1 << 16;

const TWO_OF_ONE_NAME: &str = "damaged_same_name";

/// An archive whose directory was found sound.
pub(super) struct Archive {
    zip: ZipArchive<BufReader<File>>,
    /// By name without regard to capitals, `/` between folders; `None` where two parts are called so.
    parts: HashMap<String, Option<usize>>,
}

/// A part on its way out of the archive, as text.
pub(super) type Part<'a> = Text<BufReader<Measured<ZipFile<'a, BufReader<File>>>>>;

impl Archive {
    /// Opens an archive; refuses those that are broken, encrypted or would unpack to too much.
    pub fn open(path: &Path, limits: &Limits) -> Result<Archive, Trouble> {
        let file = File::open(path).map_err(Trouble::Unreadable)?;
        let stated = entries_stated(&file).map_err(Trouble::Unreadable)?;
        let mut zip = ZipArchive::new(BufReader::new(file)).map_err(|error| of_zip(&error))?;
        // Of two parts with one name the library keeps the last alone.
        if stated.is_some_and(|stated| stated > zip.len()) {
            return Err(Trouble::Broken(TWO_OF_ONE_NAME));
        }
        if zip.len() > limits.parts_max {
            return Err(Trouble::Bomb(wording!("bomb_parts", count = zip.len())));
        }
        let (mut total, mut parts) = (0_u64, HashMap::new());
        for index in 0..zip.len() {
            let part = zip.by_index_raw(index).map_err(|error| of_zip(&error))?;
            if part.encrypted() {
                return Err(Trouble::Encrypted);
            }
            let (size, packed) = (part.size(), part.compressed_size().max(1));
            total = total.saturating_add(size);
            if total > limits.unpacked_bytes_max {
                return Err(Trouble::Bomb(wording!("bomb_bytes", bytes = limits.unpacked_bytes_max)));
            }
            if size > 1 << 20 && size / packed > limits.ratio_max {
                return Err(Trouble::Bomb(wording!("bomb_ratio", times = size / packed)));
            }
            let name = normal(&String::from_utf8_lossy(part.name_raw()));
            parts.entry(name).and_modify(|twice| *twice = None).or_insert(Some(index));
        }
        Ok(Archive { zip, parts })
    }

    /// True when there is a part of this name, upper and lower case alike.
    pub fn has(&self, name: &str) -> bool {
        self.parts.contains_key(&normal(name))
    }

    /// The place of a part; `None` where there is none of that name.
    pub fn find(&self, name: &str) -> Result<Option<usize>, Trouble> {
        match self.parts.get(&normal(name)) {
            Some(None) => Err(Trouble::Broken(TWO_OF_ONE_NAME)),
            found => Ok(found.copied().flatten()),
        }
    }

    /// Bytes of a part once unpacked, as the directory states them.
    pub fn bytes(&mut self, index: usize) -> Result<u64, Trouble> {
        self.zip.by_index_raw(index).map(|part| part.size()).map_err(|error| of_zip(&error))
    }

    /// Unpacks a part as it is read. `bytes_max`: how large it may be.
    pub fn part(&mut self, index: usize, bytes_max: u64) -> Result<Part<'_>, Trouble> {
        let part = self.zip.by_index(index).map_err(|error| of_zip(&error))?;
        if part.size() > bytes_max {
            return Err(Trouble::TooLarge { found: part.size(), limit: bytes_max });
        }
        let stated = part.size();
        let measured = Measured { part, stated, seen: 0, gap: 0 };
        Text::new(BufReader::with_capacity(BLOCK, measured))
    }
}

/// How many parts the end of an archive states; `None` for an end that is not found, or of the large kind.
fn entries_stated(mut file: &File) -> io::Result<Option<usize>> {
    /// Bytes of the end, and the most that a comment behind it can have.
    const END: usize = 22;
    const COMMENT_MAX: u64 = u16::MAX as u64;
    let bytes = file.metadata()?.len();
    file.seek(SeekFrom::Start(bytes.saturating_sub(END as u64 + COMMENT_MAX)))?;
    let mut tail = Vec::new();
    file.read_to_end(&mut tail)?;
    file.seek(SeekFrom::Start(0))?;
    let end = tail.windows(END).rev().find(|end| end.starts_with(b"PK\x05\x06"));
    let stated = end.map(|end| u16::from_le_bytes([end[10], end[11]]));
    Ok(stated.filter(|stated| *stated != u16::MAX).map(usize::from))
}

/// Names of parts are the same whatever their capitals; some programs on Windows write `\` between folders.
fn normal(name: &str) -> String {
    name.replace('\\', "/").trim_start_matches('/').to_lowercase()
}

fn of_zip(error: &ZipError) -> Trouble {
    match error {
        ZipError::UnsupportedArchive(_) => Trouble::Broken("damaged_method"),
        ZipError::Io(_) => Trouble::Incomplete,
        _ => Trouble::Broken("damaged_directory"),
    }
}

/// A part that must be of the stated size, with a tag at least every so many bytes.
pub(super) struct Measured<R> {
    part: R,
    stated: u64,
    seen: u64,
    gap: usize,
}

impl<R: Read> Read for Measured<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.part.read(buffer)?;
        self.seen += read as u64;
        self.gap = match buffer[..read].iter().rposition(|byte| *byte == b'<') {
            Some(last) => read - last,
            None => self.gap + read,
        };
        if self.seen > self.stated || self.gap > TAG_GAP_MAX {
            return Err(ErrorKind::FileTooLarge.into());
        }
        Ok(read)
    }
}
