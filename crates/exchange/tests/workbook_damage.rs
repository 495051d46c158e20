//! Damaged workbooks by the hundred: none ends the reader otherwise than by rows or a refusal.

mod support;

use exchange::{Limits, Options, Refusal};
use support::book::{RawBook, sheet, text};
use support::payment::*;

const SEED: u64 = 20_240_507;
const TIMES: usize = 400;

/// Pieces that damage puts in, from files that made some reader fail.
const PIECES: [&str; 24] = [
    "A99999999999",
    "XFD1048576",
    "r=\"-1\"",
    "<row>",
    "</row>",
    "<c/>",
    "</c>",
    "<v>",
    "</v>",
    "t=\"s\"",
    "t=\"zz\"",
    "&#0;",
    "&x;",
    "<![CDATA[",
    "]]>",
    "<!--",
    "-->",
    "<sheetData>",
    "</sheetData>",
    "1e999",
    "\u{FFFF}",
    "<is><t>",
    "xmlns=\"\"",
    "\0",
];

/// Numbers that look random and are the same every time (SplitMix64).
struct Random(u64);

impl Random {
    /// Below `end`.
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }

    fn byte(&mut self) -> u8 {
        self.below(256) as u8
    }
}

fn sound() -> RawBook {
    let mut rows = String::new();
    for number in 2..40 {
        let shared = number % 3;
        let cells = format!(
            "<c r=\"B{number}\"><v>{number}.5</v></c><c r=\"C{number}\" s=\"1\"><v>454{number:02}</v></c>\
             <c r=\"D{number}\" t=\"s\"><v>{shared}</v></c>"
        );
        rows += &row(number, &cells);
    }
    let mut book = book(&format!("{rows}{}", row(40, &text("D40", "&lt;甲&gt;"))));
    book.set_styles(&["yyyy\"年\"m\"月\"d\"日\""]);
    book.set_texts("<si><t>甲</t></si><si><r><t>乙</t></r></si><si/>");
    book.replace("</sheetData>", "</sheetData><mergeCells count=\"1\"><mergeCell ref=\"D3:D5\"/></mergeCells>");
    book
}

/// Damages one part in one to three places.
fn damage(book: &mut RawBook, random: &mut Random) {
    let part = random.below(book.parts.len());
    let content = &mut book.parts[part].1;
    for _ in 0..random.below(3) + 1 {
        let at = random.below(content.len() + 1);
        let until = (at + random.below(12)).min(content.len());
        match random.below(5) {
            0 => drop(content.drain(at..until)),
            1 => content.truncate(at),
            2 => content[at..until].iter_mut().for_each(|byte| *byte = random.byte()),
            3 => {
                let copy = content[at..until].to_vec();
                content.splice(at..at, copy);
            }
            _ => {
                let piece = PIECES[random.below(PIECES.len())];
                content.splice(at..until, piece.bytes());
            }
        }
    }
}

#[test]
fn hundreds_of_damaged_workbooks_are_read_or_refused() {
    println!("seed {SEED}");
    let mut random = Random(SEED);
    let (mut read_times, mut refused_times) = (0, 0);
    assert_eq!(read(&sound()).expect("is read").rows.len(), 39);
    for time in 0..TIMES {
        let mut book = sound();
        damage(&mut book, &mut random);
        match read(&book) {
            Ok(found) => {
                read_times += 1;
                let summary = &found.summary;
                assert_eq!(summary.rows_seen, summary.rows_good + summary.rows_dropped, "{time}");
                assert_eq!(summary.rows_good, found.rows.len() as u64, "{time}");
            }
            Err(refusal) => {
                refused_times += 1;
                // A reader that panicked says so in these words.
                assert!(!refusal.to_string().contains("无法解读"), "{time}: {refusal}");
            }
        }
    }
    assert!(read_times > TIMES / 10 && refused_times > TIMES / 10, "{read_times} read, {refused_times} refused");
}

#[test]
fn damaged_archives_are_read_or_refused() {
    println!("seed {SEED}");
    let mut random = Random(SEED);
    let whole = sound().bytes();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("damaged.xlsx");
    let mut refused_times = 0;
    for _ in 0..TIMES {
        let mut bytes = whole.clone();
        for _ in 0..random.below(4) + 1 {
            let at = random.below(bytes.len() - 4) + 4;
            bytes[at] = random.byte();
        }
        std::fs::write(&path, bytes).expect("writes");
        refused_times += usize::from(read_file(&path).is_err_and(|refusal| !refusal.to_string().contains("无法解读")));
    }
    assert!(refused_times > TIMES / 4, "{refused_times} refused");
}

#[test]
fn two_parts_of_one_name_are_refused() {
    let rows = |no: &str| {
        let (headings, cells) = (text("A1", "编号") + &text("D1", "备注"), text("A2", no) + &text("D2", "无"));
        sheet(&format!("<row r=\"1\">{headings}</row><row r=\"2\">{cells}</row>"))
    };
    let book = RawBook::with_sheets(&[("甲", "visible", &rows("P1")), ("乙", "visible", &rows("P2"))]);
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("twice.xlsx");
    let mut bytes = book.bytes();
    std::fs::write(&path, &bytes).expect("writes");
    assert_eq!(read_file(&path).expect("is read").rows.len(), 2);
    let (second, first) = (b"xl/worksheets/sheet2.xml", b"xl/worksheets/sheet1.xml");
    for at in 0..bytes.len() - second.len() {
        if bytes[at..].starts_with(second) {
            bytes[at..at + first.len()].copy_from_slice(first);
        }
    }
    std::fs::write(&path, &bytes).expect("writes");
    let refusal = read_file(&path).expect_err("is refused").to_string();
    assert!(refusal.contains("两个同名的部分"), "{refusal}");
}

#[test]
fn one_shared_text_in_many_cells_counts_each_time() {
    const ROWS: u64 = 50;
    let mut rows = format!("<row r=\"1\">{}{}</row>", text("A1", "编号"), text("D1", "备注"));
    for number in 2..ROWS + 2 {
        rows += &format!(
            "<row r=\"{number}\">{}<c r=\"D{number}\" t=\"s\"><v>0</v></c></row>",
            text(&format!("A{number}"), "P")
        );
    }
    let mut book = RawBook::of(&sheet(&rows));
    let long = "长".repeat(300);
    book.set_texts(&format!("<si><t>{long}</t></si>"));
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("long.xlsx");
    book.save(&path);
    let bytes = ROWS * (long.len() as u64 + 1) + "编号备注".len() as u64;
    for (text_bytes_max, is_read) in [(bytes, true), (bytes - 1, false)] {
        let limits = Limits { text_bytes_max, ..Limits::default() };
        let read = read_with(&path, &Options { limits: Some(&limits), ..Options::default() });
        assert_eq!(read.is_ok(), is_read);
        let is_size = |refusal: &Refusal| matches!(refusal, Refusal::TooLarge { unit: "bytes", .. });
        assert!(is_read || read.err().as_ref().is_some_and(is_size));
    }
}
