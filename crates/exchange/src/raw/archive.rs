//! Looks into a workbook's archive before anything unpacks it.
//!
//! First the directory: number, sizes and ratios of the parts. Then each part that will be read is unpacked once without keeping it,
//! because a directory can lie; this also finds files that end too early before any row was taken.

use crate::{Limits, Refusal};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;
use zip::ZipArchive;
use zip::read::ZipFile;
use zip::result::ZipError;

/// Bytes between two tags of a sheet: longer than the longest text of a cell (32,767 characters) can be.
const TAG_GAP_MAX: usize = 1 << 18;

/// Refuses archives that are broken, encrypted, not a workbook or would unpack to too much.
pub(super) fn check(path: &Path, name: &str, limits: &Limits) -> Result<(), Refusal> {
    let file = File::open(path).map_err(|source| Refusal::Unreadable { path: path.to_owned(), source })?;
    let mut archive = ZipArchive::new(BufReader::new(file)).map_err(|error| damaged(name, &error))?;
    let parts = directory(&mut archive, name, limits)?;
    for index in parts {
        let part = archive.by_index(index).map_err(|error| damaged(name, &error))?;
        unpack(part, name)?;
    }
    Ok(())
}

/// Checks the directory; the indexes of the parts that reading will unpack.
fn directory(
    archive: &mut ZipArchive<impl Read + std::io::Seek>,
    name: &str,
    limits: &Limits,
) -> Result<Vec<usize>, Refusal> {
    let bomb = |detail: String| Refusal::Bomb { file: name.to_owned(), detail };
    if archive.len() > limits.parts_max {
        return Err(bomb(format!("内含{}个部分", archive.len())));
    }
    let (mut total, mut is_workbook, mut read) = (0_u64, false, Vec::new());
    for index in 0..archive.len() {
        let part = archive.by_index_raw(index).map_err(|error| damaged(name, &error))?;
        if part.encrypted() {
            return Err(Refusal::Encrypted { file: name.to_owned() });
        }
        let (size, packed) = (part.size(), part.compressed_size().max(1));
        total = total.saturating_add(size);
        if total > limits.unpacked_bytes_max {
            return Err(bomb(format!("解压后超过{}字节", limits.unpacked_bytes_max)));
        }
        if size > 1 << 20 && size / packed > limits.ratio_max {
            return Err(bomb(format!("压缩比达{}倍", size / packed)));
        }
        let inner = part.name().map_err(|error| damaged(name, &error))?.to_ascii_lowercase().replace('\\', "/");
        is_workbook |= inner.ends_with("workbook.xml");
        let is_sheet = inner.contains("worksheets/");
        if !is_sheet && is_held(&inner) && size > limits.shared_text_bytes_max {
            let (found, limit) = (size, limits.shared_text_bytes_max);
            return Err(Refusal::TooLarge { file: name.to_owned(), unit: "bytes", found, limit });
        }
        if is_sheet || is_held(&inner) {
            read.push(index);
        }
    }
    if is_workbook { Ok(read) } else { Err(Refusal::UnknownFormat { file: name.to_owned() }) }
}

/// True for the parts that are held in memory while sheets are read.
fn is_held(inner: &str) -> bool {
    ["sharedstrings.xml", "styles.xml", "workbook.xml", ".rels", "[content_types].xml"]
        .iter()
        .any(|ending| inner.ends_with(ending))
}

/// Unpacks a part without keeping it: its size must be the stated one, and tags must stand at least every so many bytes.
fn unpack(mut part: ZipFile<'_, impl Read>, name: &str) -> Result<(), Refusal> {
    let stated = part.size();
    let mut buffer = vec![0; 1 << 16];
    let (mut seen, mut gap) = (0_u64, 0_usize);
    loop {
        let read = part
            .read(&mut buffer)
            .map_err(|_| Refusal::Damaged { file: name.to_owned(), detail: "压缩数据不完整".to_owned() })?;
        if read == 0 {
            break;
        }
        seen += read as u64;
        gap = match buffer[..read].iter().rposition(|byte| *byte == b'<') {
            Some(last) => read - last,
            None => gap + read,
        };
        if seen > stated || gap > TAG_GAP_MAX {
            return Err(Refusal::Bomb { file: name.to_owned(), detail: "内容与目录所列不符".to_owned() });
        }
    }
    Ok(())
}

fn damaged(name: &str, error: &ZipError) -> Refusal {
    let detail = match error {
        ZipError::UnsupportedArchive(_) => "压缩方式不受支持",
        _ => "压缩包目录不完整",
    };
    Refusal::Damaged { file: name.to_owned(), detail: detail.to_owned() }
}
