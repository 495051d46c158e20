//! Damage of every kind to files that were sound: bytes, lengths, directories, references.

use crate::file::{self, Generated};
use crate::random::Random;
use crate::xml::{Parts, packed};
use std::io::Read;

/// References that no sheet has.
const REFERENCES: [&str; 16] = [
    "A99999999999",
    "A4294967296",
    "A4294967295",
    "A1048577",
    "A0",
    "A",
    "1",
    "1A",
    "",
    "XFE1",
    "ZZZZZZZ1",
    "AAAAAAAAAAAAAAAAAAAAAAAA1",
    "A-1",
    "$A$1",
    "é1",
    "A1:XFD1048576",
];
const NUMBERS: [&str; 8] = ["4294967295", "4294967296", "99999999999999999999", "-1", "", "NaN", "1e308", "0x10"];
/// Text that a reader of XML must not follow, expand or hold.
const XML: [&str; 9] = [
    "<!DOCTYPE a [<!ENTITY b \"bbbbbbbbbb\"><!ENTITY c \"&b;&b;&b;&b;&b;&b;&b;&b;\">]>",
    "&#x110000;",
    "&#0;",
    "&unknown;",
    "<![CDATA[",
    "<!--",
    "</c></row></sheetData>",
    "<c r=\"A1\"><f t=\"shared\" si=\"4294967295\" ref=\"A1:XFD1048576\">A1</f><v>1</v></c>",
    "<mergeCell ref=\"A1:XFD1048576\"/>",
];

/// The damaged file of a seed, and what was done to it.
pub fn damaged(seed: u64) -> (Generated, &'static str) {
    let mut sound = file::small(seed);
    let random = &mut Random::new(seed ^ 0x5EED);
    let done = match (sound.ending, random.below(100)) {
        ("xlsx", 0..55) => {
            let mut parts = unpacked(&sound.bytes);
            let done = in_parts(&mut parts, random);
            sound.bytes = packed(&parts);
            done
        }
        ("xlsx", 55..70) => directory(&mut sound.bytes, random),
        ("parquet", 0..45) => footer(&mut sound.bytes, random),
        ("csv", 0..40) => lines(&mut sound.bytes, random),
        _ => bytes(&mut sound.bytes, random),
    };
    (sound, done)
}

/// A place in the bytes, and a length from there.
fn block(bytes: &[u8], random: &mut Random) -> (usize, usize) {
    let at = random.below(bytes.len());
    (at, 1 + random.below((bytes.len() - at).min(400)))
}

fn bytes(bytes: &mut Vec<u8>, random: &mut Random) -> &'static str {
    if bytes.is_empty() {
        return "nothing";
    }
    let (at, length) = block(bytes, random);
    match random.below(7) {
        0 => {
            for _ in 0..=random.below(8) {
                let at = random.below(bytes.len());
                bytes[at] ^= 1 << random.below(8);
            }
            "bits flipped"
        }
        1 => {
            bytes.truncate(at);
            "cut"
        }
        2 => {
            let again = bytes[at..at + length].to_vec();
            bytes.splice(at..at, again);
            "a block doubled"
        }
        3 => {
            let moved: Vec<u8> = bytes.drain(at..at + length).collect();
            let to = random.below(bytes.len() + 1);
            bytes.splice(to..to, moved);
            "a block moved"
        }
        4 => {
            bytes.drain(at..at + length);
            "a block lost"
        }
        5 => {
            bytes[at..at + length].fill(random.pick(&[0, 0xFF, b'"', b'\n']));
            "a block filled"
        }
        _ => {
            giant(bytes, at, random);
            "a giant number"
        }
    }
}

/// Writes a number that is far too large for a length or a place.
fn giant(bytes: &mut [u8], at: usize, random: &mut Random) {
    let number: &[u8] = random.pick(&[
        &[0xFF, 0xFF, 0xFF, 0xFF][..],
        &[0xFF, 0xFF, 0xFF, 0x7F],
        &[0x00, 0x00, 0x00, 0x80],
        &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F],
        &[0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01],
    ]);
    let end = bytes.len().min(at + number.len());
    bytes[at..end].copy_from_slice(&number[..end - at]);
}

/// Lies in the directory of an archive or in the head of a part: sizes, methods, names, flags.
fn directory(bytes: &mut [u8], random: &mut Random) -> &'static str {
    let is_head = |at: &usize| matches!(&bytes[*at..*at + 4], b"PK\x01\x02" | b"PK\x03\x04" | b"PK\x05\x06");
    let heads: Vec<usize> = (0..bytes.len().saturating_sub(4)).filter(is_head).collect();
    let at = random.pick(&heads) + 4 + random.below(42);
    if random.in_hundred(50) {
        let last = bytes.len() - 1;
        giant(bytes, at.min(last), random);
    } else if let Some(byte) = bytes.get_mut(at) {
        *byte = random.below(256) as u8;
    }
    "a lie in the directory"
}

/// Damage to what stands behind the data of a Parquet file: its length, or its bytes.
fn footer(bytes: &mut Vec<u8>, random: &mut Random) -> &'static str {
    let end = bytes.len();
    let length = u32::from_le_bytes(std::array::from_fn(|at| bytes[end - 8 + at])) as usize;
    let at = end - 8 - length + random.below(length);
    match random.below(5) {
        0 => {
            bytes.drain(at..at + random.below(end - 8 - at));
            "a part of the footer lost"
        }
        1 => {
            giant(bytes, end - 8, random);
            "a lie about the footer's length"
        }
        2 => {
            giant(bytes, at, random);
            "a giant number in the footer"
        }
        3 => {
            let length = (random.next() as u32) >> random.below(32);
            bytes[end - 8..end - 4].copy_from_slice(&length.to_le_bytes());
            "another length of the footer"
        }
        _ => {
            bytes[at] = random.below(256) as u8;
            "a byte of the footer"
        }
    }
}

fn lines(bytes: &mut Vec<u8>, random: &mut Random) -> &'static str {
    let at = random.below(bytes.len() + 1);
    let (inserted, done) = match random.below(7) {
        0 => (vec![b'"'; 1 + random.below(5_000)], "many quotation marks"),
        1 => (vec![0; 1 + random.below(50)], "bytes of nothing"),
        2 => (vec![b','; 1 + random.below(100_000)], "many separators"),
        3 => (b"a\"".repeat(1 + random.below(2_000)), "quotation marks behind letters"),
        4 => ("长".repeat(1 + random.below(900_000)).into_bytes(), "a very long line"),
        5 => (b"\n\"".repeat(1 + random.below(3_000)), "lines that open a quotation mark"),
        _ => (b"\r\r\n".repeat(1 + random.below(50)), "line ends"),
    };
    bytes.splice(at..at, inserted);
    done
}

/// The parts of a workbook.
fn unpacked(bytes: &[u8]) -> Parts {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).expect("is an archive");
    let count = archive.len();
    let part = |index: usize| {
        let mut part = archive.by_index(index).expect("is a part");
        let mut text = String::new();
        part.read_to_string(&mut text).expect("is a text");
        (part.name().expect("has a name").into_owned(), text)
    };
    (0..count).map(part).collect()
}

/// Damage to the text of a part, which stays a well-formed archive.
fn in_parts(parts: &mut Parts, random: &mut Random) -> &'static str {
    let is_sheet = |at: &usize| parts[*at].0.contains("worksheets/");
    let sheets: Vec<usize> = (0..parts.len()).filter(is_sheet).collect();
    let at = if random.in_hundred(70) { random.pick(&sheets) } else { random.below(parts.len()) };
    // Large parts take a while to make.
    let kinds = if random.in_hundred(4) { 10 } else { 9 };
    match random.below(kinds) {
        0 | 1 => attribute(&mut parts[at].1, " r=\"", random.pick(&REFERENCES), random, "a hostile reference"),
        2 => attribute(&mut parts[at].1, "ref=\"", random.pick(&REFERENCES), random, "a hostile area"),
        3 => attribute(&mut parts[at].1, "=\"", random.pick(&NUMBERS), random, "a hostile attribute"),
        4 => value(&mut parts[at].1, random.pick(&NUMBERS), random),
        5 => {
            insert(&mut parts[at].1, random.pick(&XML), random);
            "hostile text"
        }
        6 => {
            insert(&mut parts[at].1, &"<c>".repeat(1 + random.below(20_000)), random);
            "elements in elements"
        }
        7 => {
            drop(parts.remove(at));
            "a part lost"
        }
        9 => swell(parts, random),
        _ => {
            let end = floor(&parts[at].1, random);
            parts[at].1.truncate(end);
            "a part cut"
        }
    }
}

/// Repeats an element of a part until the part has some ten million bytes, each time with another number, that it does not pack too well.
fn swell(parts: &mut Parts, random: &mut Random) -> &'static str {
    let (name, end, element) = random.pick(&[
        ("sharedStrings.xml", "</sst>", "<si><t>{}</t></si>"),
        ("styles.xml", "</cellXfs>", "<xf numFmtId=\"{}\"/>"),
        ("sheet1.xml", "</worksheet>", "<mergeCells><mergeCell ref=\"A{}:B9\"/></mergeCells>"),
        ("workbook.xml", "</sheets>", "<sheet name=\"{}\" sheetId=\"9\" r:id=\"r1\"/>"),
        ("workbook.xml.rels", "</Relationships>", "<Relationship Id=\"{}\" Target=\"a\"/>"),
    ]);
    let length = 1 + random.below(24 << 20);
    let Some((_, text)) = parts.iter_mut().find(|(part, _)| part.ends_with(name)) else { return "nothing" };
    let mut swollen = String::with_capacity(length + 100);
    while swollen.len() < length {
        swollen.push_str(&element.replace("{}", &(random.next() % 1_000_000).to_string()));
    }
    let at = text.find(end).unwrap_or(text.len());
    text.insert_str(at, &swollen);
    "a part that swells"
}

/// Puts another value into one of the attributes that begin so.
fn attribute(text: &mut String, begin: &str, with: &str, random: &mut Random, done: &'static str) -> &'static str {
    let starts: Vec<usize> = text.match_indices(begin).map(|(at, found)| at + found.len()).collect();
    if starts.is_empty() {
        insert(text, with, random);
        return done;
    }
    let start = random.pick(&starts);
    let end = text[start..].find('"').map_or(text.len(), |end| start + end);
    text.replace_range(start..end, with);
    done
}

/// Puts another value into a cell.
fn value(text: &mut String, with: &str, random: &mut Random) -> &'static str {
    let starts: Vec<usize> = text.match_indices("<v>").map(|(at, found)| at + found.len()).collect();
    if !starts.is_empty() {
        let start = random.pick(&starts);
        let end = text[start..].find('<').map_or(text.len(), |end| start + end);
        text.replace_range(start..end, with);
    }
    "a hostile value"
}

fn insert(text: &mut String, inserted: &str, random: &mut Random) {
    let at = floor(text, random);
    text.insert_str(at, inserted);
}

/// A place between two letters.
fn floor(text: &str, random: &mut Random) -> usize {
    let mut at = random.below(text.len() + 1);
    while !text.is_char_boundary(at) {
        at -= 1;
    }
    at
}
