//! Files that are no file of the source are refused with a reason, before any row is taken.

mod support;

use exchange::{Limits, Options, Output, Refusal, Shape};
use std::path::{Path, PathBuf};
use support::book::{RawBook, zip_of};
use support::*;

struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Folder {
        Folder(tempfile::tempdir().expect("a folder"))
    }

    fn file(&self, name: &str, bytes: &[u8]) -> PathBuf {
        let path = self.0.path().join(name);
        std::fs::write(&path, bytes).expect("writes");
        path
    }

    fn table(&self, name: &str, output: Output, rows: u64) -> PathBuf {
        let path = self.0.path().join(name);
        write(&path, output, &columns(), &(0..rows).map(clean).collect::<Vec<_>>());
        path
    }
}

fn refusal(path: &Path, options: &Options<'_>) -> Refusal {
    let (columns, codes, key) = (columns(), codes(), key());
    let mut chunks = 0;
    let outcome = exchange::read(path, &shape(&columns, &codes, &key), options, &mut |_| {
        chunks += 1;
        std::ops::ControlFlow::Continue(())
    });
    assert_eq!(chunks, 0, "{} was taken in part", path.display());
    outcome.expect_err("is refused")
}

#[test]
fn files_that_are_no_table_are_refused_by_their_bytes() {
    let folder = Folder::new();
    let old: Vec<u8> = [b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".as_slice(), &[0; 600]].concat();
    let package: Vec<u8> = "EncryptedPackage".encode_utf16().flat_map(u16::to_le_bytes).collect();
    let encrypted = [old.as_slice(), &package].concat();
    let utf32 = b"\xFF\xFE\0\0\x2C\0\0\0\x0A\0\0\0";
    type IsRight = fn(&Refusal) -> bool;
    let cases: [(&str, &[u8], IsRight); 9] = [
        ("empty.csv", b"", |refusal| matches!(refusal, Refusal::Empty { .. })),
        ("blank.csv", b"\r\n \r\n", |refusal| matches!(refusal, Refusal::Empty { .. })),
        ("old.xls", &old, |refusal| matches!(refusal, Refusal::OldExcel { .. })),
        ("locked.xlsx", &encrypted, |refusal| matches!(refusal, Refusal::Encrypted { .. })),
        ("page.xls", b"<html><table><tr><td>1</td></tr></table></html>", |refusal| {
            matches!(refusal, Refusal::UnknownFormat { .. })
        }),
        ("picture.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\0\0\0\0\0", |refusal| {
            matches!(refusal, Refusal::UnknownFormat { .. })
        }),
        ("utf32.csv", utf32, |refusal| matches!(refusal, Refusal::UnknownEncoding { .. })),
        ("latin.csv", b"\xFF\xFF\xFF,\xFF\xFE\n\xFF\xFF", |refusal| matches!(refusal, Refusal::UnknownEncoding { .. })),
        ("broken.parquet", b"PAR1 and nothing more", |refusal| matches!(refusal, Refusal::Damaged { .. })),
    ];
    for (name, bytes, is_right) in cases {
        let refusal = refusal(&folder.file(name, bytes), &Options::default());
        assert!(is_right(&refusal), "{name}: {refusal:?}");
        assert!(refusal.to_string().contains(name) && refusal.said().english().contains(name), "{refusal}");
    }
    assert!(matches!(refusal(Path::new("no-such-file.csv"), &Options::default()), Refusal::Unreadable { .. }));
}

#[test]
fn a_workbook_cut_anywhere_is_refused() {
    let folder = Folder::new();
    let whole = std::fs::read(folder.table("whole.xlsx", Output::Xlsx, 200)).expect("reads");
    for share in [1, 10, 50, 90, 99] {
        let cut = folder.file("cut.xlsx", &whole[..whole.len() * share / 100]);
        let refusal = refusal(&cut, &Options::default());
        assert!(matches!(refusal, Refusal::Damaged { .. } | Refusal::UnknownFormat { .. }), "{share} %: {refusal:?}");
    }
    let mut flipped = whole.clone();
    let middle = whole.len() / 2;
    flipped[middle..middle + 8].iter_mut().for_each(|byte| *byte ^= 0x5A);
    let refusal = refusal(&folder.file("flipped.xlsx", &flipped), &Options::default());
    assert!(matches!(refusal, Refusal::Damaged { .. } | Refusal::Bomb { .. }), "{refusal:?}");
}

#[test]
fn archives_that_unpack_to_too_much_are_refused() {
    let folder = Folder::new();
    let zeros = RawBook::of(&" ".repeat(8 << 20));
    let sheet = RawBook::of(&format!("<worksheet><sheetData>{}</sheetData></worksheet>", "x".repeat(600_000)));
    let many: Vec<(String, Vec<u8>)> = (0..2_100).map(|number| (format!("xl/media/{number}"), vec![])).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let cases: [(&str, Vec<u8>); 3] =
        [("ratio", zeros.bytes()), ("one long text", sheet.bytes()), ("parts", zip_of(&many))];
    for (name, bytes) in cases {
        let refusal = refusal(&folder.file("bomb.xlsx", &bytes), &Options::default());
        assert!(matches!(refusal, Refusal::Bomb { .. }), "{name}: {refusal:?}");
    }
    let document = zip_of(&[("word/document.xml", b"<w/>")]);
    let refusal = refusal(&folder.file("letter.docx", &document), &Options::default());
    assert!(matches!(refusal, Refusal::UnknownFormat { .. }), "{refusal:?}");
}

#[test]
fn limits_hold_on_both_sides() {
    let folder = Folder::new();
    let path = folder.table("rows.csv", Output::Csv, 10);
    let bytes = std::fs::metadata(&path).expect("is there").len();
    let (columns, codes, key) = (columns(), codes(), key());
    let shape = shape(&columns, &codes, &key);
    let outcome = |limits: Limits| {
        let options = Options { limits: Some(&limits), ..Options::default() };
        read_all(&path, &shape, &options).map(|read| read.summary.rows_good)
    };
    assert_eq!(outcome(Limits { file_bytes_max: bytes, ..Limits::default() }).ok(), Some(10));
    let refused = outcome(Limits { file_bytes_max: bytes - 1, ..Limits::default() });
    assert!(matches!(refused, Err(Refusal::TooLarge { unit: "bytes", .. })));
    assert_eq!(outcome(Limits { rows_max: 10, ..Limits::default() }).ok(), Some(10));
    assert!(matches!(
        outcome(Limits { rows_max: 9, ..Limits::default() }),
        Err(Refusal::TooLarge { unit: "rows", .. })
    ));
    let book = folder.table("columns.xlsx", Output::Xlsx, 3);
    let limits = Limits { columns_max: columns.len() as u32 - 1, ..Limits::default() };
    let options = Options { limits: Some(&limits), ..Options::default() };
    assert!(matches!(refusal(&book, &options), Refusal::TooManyColumns { found: 20, limit: 19, .. }));
}

#[test]
fn a_file_of_another_source_is_named() {
    let folder = Folder::new();
    let other_columns: Vec<_> = ["车牌号", "车辆类型", "姓名", "证件号码", "登记日期"]
        .into_iter()
        .enumerate()
        .map(|(at, label)| column(&format!("column_{at}"), label, model::Kind::Text))
        .collect();
    let path = folder.0.path().join("车辆.csv");
    write(
        &path,
        Output::Csv,
        &other_columns,
        &[vec!["川A".into(), "小型".into(), "王".into(), identity(1), "2020-01-01".into()]],
    );
    let codes = codes();
    let other = || Shape {
        name: "vehicle",
        label: "机动车登记",
        label_en: "Vehicles",
        tests: Vec::new(),
        household: None,
        identity: None,
        ..shape(&other_columns, &codes, &[])
    };
    let others = [other()];
    let refusal_with = refusal(&path, &Options { others: &others, ..Options::default() });
    assert!(refusal_with.to_string().contains("看起来像是“机动车登记”的文件"), "{refusal_with}");
    let refusal_without = refusal(&path, &Options::default());
    assert!(matches!(&refusal_without, Refusal::WrongSource { looks_like: None, .. }), "{refusal_without:?}");
    let nothing = folder.file("信.csv", "今天天气很好\n明天也很好\n".as_bytes());
    assert!(matches!(refusal(&nothing, &Options::default()), Refusal::NoHeadings { .. }));
}

#[test]
fn a_missing_heading_is_named_with_the_nearest_one() {
    let folder = Folder::new();
    let mut spelled = columns();
    spelled[8].label = "总费".into();
    spelled[0].label = "流水".into();
    let path = folder.0.path().join("bill.csv");
    write(&path, Output::Csv, &spelled, &[clean(1)]);
    let refusal = refusal(&path, &Options::default());
    let Refusal::MissingHeadings { question, .. } = &refusal else { panic!("{refusal:?}") };
    let guess =
        |asked: &exchange::AskedColumn| asked.candidates.first().map(|column| column.said().chinese().to_owned());
    let asked: Vec<_> = question.columns.iter().map(|asked| (asked.label.chinese(), guess(asked))).collect();
    assert_eq!(asked, [("结算单号", None), ("总费用（元）", Some("I列（总费）".to_owned()))]);
}

#[test]
fn headings_alone_are_an_empty_file_and_a_break_stops() {
    let folder = Folder::new();
    let empty = folder.table("empty.xlsx", Output::Xlsx, 0);
    assert!(matches!(refusal(&empty, &Options::default()), Refusal::Empty { .. }));
    let (columns, codes, key) = (columns(), codes(), key());
    for rows in [10, 9_000] {
        let path = folder.table("rows.csv", Output::Csv, rows);
        let mut chunks = 0;
        let outcome = exchange::read(&path, &shape(&columns, &codes, &key), &Options::default(), &mut |_| {
            chunks += 1;
            std::ops::ControlFlow::Break(())
        });
        assert!(matches!(outcome, Err(Refusal::Stopped { .. })));
        assert_eq!(chunks, 1, "{rows}");
    }
}

#[test]
fn chunks_keep_the_order_and_tell_how_far_the_reading_is() {
    let folder = Folder::new();
    let (columns, codes, key) = (columns(), codes(), key());
    for (name, output) in
        [("rows.csv", Output::Csv), ("rows.xlsx", Output::Xlsx), ("rows.parquet", Output::ParquetText)]
    {
        let path = folder.table(name, output, 5_000);
        let limits = Limits { chunk_rows: 700, ..Limits::default() };
        let options = Options { limits: Some(&limits), ..Options::default() };
        let (mut numbers, mut progress) = (Vec::new(), Vec::new());
        exchange::read(&path, &shape(&columns, &codes, &key), &options, &mut |chunk| {
            assert!(chunk.rows.len() <= 700);
            numbers.extend(chunk.rows.iter().map(|row| row.number));
            progress.push(chunk.progress);
            std::ops::ControlFlow::Continue(())
        })
        .expect("is read");
        assert_eq!(numbers, (2..5_002).collect::<Vec<u32>>(), "{name}");
        assert_eq!(progress.len(), 8, "{name}");
        assert!(progress.windows(2).all(|pair| pair[0].done < pair[1].done || pair[0].rows_seen < pair[1].rows_seen));
        let last = progress.last().expect("has chunks");
        assert_eq!((last.rows_seen, last.done), (5_000, last.total), "{name}");
    }
}
