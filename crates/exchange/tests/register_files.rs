//! What people do to the files of registers before they hand them in: the same records come in, or the file is refused with a reason.

mod support;

use exchange::{ChildRows, KnownPlaces, Options, Output, Part, RECORD_COLUMN, Refusal, Summary, read_part};
use exchange::{ExportBook, ExportHead, ExportTable, write_faults};
use model::{AreaCodes, Fault, FaultKind, Value};
use policy::declare::Column;
use rust_xlsxwriter::{Format, Workbook, Worksheet};
use std::io::Write;
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use support::office::{convert, xml_of};
use support::register::*;
use words::Language;

/// Headings and rows as people have typed them.
type Table = Vec<Vec<String>>;

fn parts_with_record() -> Vec<Part> {
    Part::all_with_record("ledger", &register())
}

/// Columns that people fill in, without the identity number of the person: every row has another.
const HEADINGS: [&str; 9] = ["档案号", "证件号码", "姓名", "联系电话", "状态", "人数", "收入", "登记日期", "所在村"];

fn table() -> Table {
    let row = |number: u64| {
        let cells = ["D", "", "杨小珍", "13812341234", "注销", "3", "1234.5", "2024-05-01", "513437100001"];
        let mut cells = cells.map(str::to_owned).to_vec();
        cells[0] = format!("D{number}");
        cells[1] = support::identity(number);
        cells[4] = "=正常".to_owned();
        cells
    };
    let headings = HEADINGS.map(str::to_owned).to_vec();
    std::iter::once(headings).chain((1..=5).map(row)).collect()
}

/// A reading of the records of a file.
struct Read {
    rows: Vec<Vec<Value>>,
    faults: Vec<Fault>,
    summary: Summary,
}

fn read(path: &Path, at: usize) -> Result<Option<Read>, Refusal> {
    let (parts, codes, divisions, areas) = (parts_with_record(), codes(), divisions(), AreaCodes::default());
    let places = KnownPlaces::new(&areas, &divisions);
    let shape = parts[at].shape(&codes, today(), &places);
    let (mut rows, mut faults) = (Vec::new(), Vec::new());
    let summary = read_part(path, &parts, at, &shape, &Options::default(), &mut |chunk| {
        rows.extend(chunk.rows.into_iter().map(|row| row.cells));
        faults.extend(chunk.faults);
        ControlFlow::Continue(())
    })?;
    Ok(summary.map(|summary| Read { rows, faults, summary }))
}

fn write_table(sheet: &mut Worksheet, table: &Table, corner: (u32, u16)) {
    let (row, column) = corner;
    for (line, cells) in (row..).zip(table) {
        for (at, text) in (column..).zip(cells).filter(|(_, text)| !text.is_empty()) {
            sheet.write_string(line, at, text).expect("writes");
        }
    }
}

/// The table on the first sheet of a workbook, below and right of what `more` puts there.
fn book(path: &Path, table: &Table, corner: (u32, u16), more: impl FnOnce(&mut Worksheet)) {
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    write_table(sheet, table, corner);
    more(sheet);
    workbook.save(path).expect("saves");
}

fn csv(table: &Table, between: &str) -> String {
    table.iter().map(|cells| cells.join(between) + "\r\n").collect()
}

/// Each cell below the headings as people may have typed it.
fn retyped(change: impl Fn(&str, &str) -> String) -> Table {
    let mut table = table();
    for row in table.iter_mut().skip(1) {
        for (cell, heading) in row.iter_mut().zip(HEADINGS) {
            *cell = change(heading, cell);
        }
    }
    table
}

fn full_width(text: &str) -> String {
    let wide = |letter: char| match letter {
        '!'..='~' => char::from_u32(letter as u32 + 0xFEE0).unwrap_or(letter),
        letter => letter,
    };
    text.chars().map(wide).collect()
}

type Make = fn(&Path);

/// What people do, and the file that comes of it.
const HABITS: [(&str, &str, Make); 19] = [
    ("columns in another order", "xlsx", |path| {
        let turned: Table = table().into_iter().map(|row| row.into_iter().rev().collect()).collect();
        book(path, &turned, (0, 0), |_| {});
    }),
    ("columns of their own", "xlsx", |path| {
        let wide = |at: usize, row: Vec<String>| {
            let own = if at == 0 { ["序号", "核对人", "核对情况"] } else { ["9", "李四", "属实"] };
            let [first, behind @ ..] = own.map(str::to_owned);
            std::iter::once(first).chain(row).chain(behind).collect()
        };
        book(path, &table().into_iter().enumerate().map(|(at, row)| wide(at, row)).collect(), (0, 0), |_| {});
    }),
    ("an empty column and an empty row", "xlsx", |path| {
        let mut table = table();
        table.iter_mut().for_each(|row| row.insert(3, String::new()));
        table.insert(3, Vec::new());
        book(path, &table, (0, 0), |_| {});
    }),
    ("a title above the headings", "xlsx", |path| {
        book(path, &table(), (2, 0), |sheet| {
            sheet.merge_range(0, 0, 0, 8, "2024年度登记表", &Format::new()).expect("merges");
            sheet.write_string(1, 0, "填报单位：上河镇").expect("writes");
        });
    }),
    ("headings in merged groups", "xlsx", |path| {
        book(path, &table(), (1, 0), |sheet| {
            for (first, last, text) in [(1, 3, "个人情况"), (4, 6, "家庭情况")] {
                sheet.merge_range(0, first, 0, last, text, &Format::new()).expect("merges");
            }
            for column in [0, 7, 8] {
                let text = HEADINGS[usize::from(column)];
                sheet.merge_range(0, column, 1, column, text, &Format::new()).expect("merges");
            }
        });
    }),
    ("hidden rows and columns and a filter that is on", "xlsx", |path| {
        book(path, &table(), (0, 0), |sheet| {
            sheet.autofilter(0, 0, 5, 8).expect("filters");
            sheet.filter_column(0, &rust_xlsxwriter::FilterCondition::new().add_list_filter("D1")).expect("filters");
            [2, 3, 4].into_iter().for_each(|row| drop(sheet.set_row_hidden(row)));
            sheet.set_column_hidden(2).expect("hides");
        });
    }),
    ("days as numbers", "xlsx", |path| {
        let table = retyped(|heading, text| if heading == "登记日期" { String::new() } else { text.to_owned() });
        book(path, &table, (0, 0), |sheet| {
            let formats = ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "m/d/yyyy", "yyyy-mm-dd hh:mm", "General"];
            for (row, format) in (1..).zip(formats) {
                let format = Format::new().set_num_format(format);
                sheet.write_number_with_format(row, 7, 45_413.0, &format).expect("writes");
            }
        });
    }),
    ("numbers as numbers", "xlsx", |path| {
        let table = retyped(|heading, text| match heading {
            "人数" | "收入" | "所在村" | "联系电话" => String::new(),
            _ => text.to_owned(),
        });
        book(path, &table, (0, 0), |sheet| {
            for row in 1..=5 {
                for (column, number) in [(5, 3.0), (6, 1_234.5), (8, 513_437_100_001.0), (3, 13_812_341_234.0)] {
                    sheet.write_number(row, column, number).expect("writes");
                }
            }
        });
    }),
    ("spaces at both ends", "xlsx", |path| {
        book(path, &retyped(|_, text| format!(" {text}\u{3000}\u{A0}")), (0, 0), |_| {});
    }),
    ("full-width digits", "xlsx", |path| {
        let wide = retyped(|heading, text| if heading == "状态" { text.to_owned() } else { full_width(text) });
        book(path, &wide, (0, 0), |_| {});
    }),
    ("apostrophes before digits", "csv", |path| {
        let marked = retyped(|_, text| {
            let is_digits = text.bytes().all(|byte| byte.is_ascii_alphanumeric());
            if is_digits { format!("'{text}") } else { text.to_owned() }
        });
        std::fs::write(path, csv(&marked, ",")).expect("writes");
    }),
    ("days and money as people write them", "xlsx", |path| {
        let written = retyped(|heading, text| match heading {
            "登记日期" => "2024年5月1日".to_owned(),
            "收入" => "￥1,234.50元".to_owned(),
            _ => text.to_owned(),
        });
        book(path, &written, (0, 0), |_| {});
    }),
    ("headings with stars, spaces and line breaks", "xlsx", |path| {
        let mut table = table();
        table[0].iter_mut().for_each(|heading| *heading = format!("*{} \n（必填）：", full_width(heading)));
        book(path, &table, (0, 0), |_| {});
    }),
    ("two sheets with the same headings", "xlsx", |path| {
        let all = table();
        let mut workbook = Workbook::new();
        for (name, rows) in [("上河镇", &all[1..3]), ("阿都乡", &all[3..])] {
            let part: Table = std::iter::once(&all[0]).chain(rows).cloned().collect();
            write_table(workbook.add_worksheet().set_name(name).expect("a name"), &part, (0, 0));
        }
        workbook.save(path).expect("saves");
    }),
    ("notes on a sheet before and a sheet behind", "xlsx", |path| {
        let mut workbook = Workbook::new();
        workbook.add_worksheet().write_string(0, 0, "填表前请阅读").expect("writes");
        write_table(workbook.add_worksheet(), &table(), (0, 0));
        write_table(workbook.add_worksheet(), &vec![vec!["说明".to_owned(), "合计".to_owned()]], (0, 0));
        workbook.save(path).expect("saves");
    }),
    ("a text file with the name of a workbook", "xlsx", |path| {
        std::fs::write(path, csv(&table(), ",")).expect("writes");
    }),
    ("a text file in GB18030", "csv", |path| {
        std::fs::write(path, encoding_rs_gb18030(&csv(&table(), ","))).expect("writes");
    }),
    ("a text file with tabs", "txt", |path| {
        std::fs::write(path, csv(&table(), "\t")).expect("writes");
    }),
    ("a workbook saved by another program", "xlsx", |path| {
        let before = path.with_file_name("before.xlsx");
        book(&before, &table(), (0, 0), |_| {});
        let saved = convert(&before, "xlsx").join("before.xlsx");
        std::fs::copy(saved, path).expect("copies");
    }),
];

/// The text in GB18030, by the program's own writer.
fn encoding_rs_gb18030(text: &str) -> Vec<u8> {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("gb.csv");
    let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<String>>());
    let headings = lines.next().unwrap_or_default();
    let headings: Vec<exchange::Heading> =
        headings.into_iter().map(|text| exchange::Heading { text, kind: model::Kind::Text }).collect();
    let mut writer = exchange::TableWriter::create(&path, Output::CsvGb18030, &headings).expect("creates");
    lines.for_each(|line| writer.write_texts(&line).expect("writes"));
    writer.finish().expect("finishes");
    std::fs::read(path).expect("reads")
}

#[test]
fn whatever_people_do_to_the_file_of_a_register_the_same_records_come_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let plain = folder.path().join("plain.xlsx");
    book(&plain, &table(), (0, 0), |_| {});
    let expected = read(&plain, 0).expect("is read").expect("has records");
    assert_eq!((expected.rows.len(), expected.faults.len()), (5, 0), "{:?}", expected.faults);
    for (at, (habit, ending, make)) in HABITS.iter().enumerate() {
        let path = folder.path().join(format!("habit{at}.{ending}"));
        make(&path);
        let found = read(&path, 0).unwrap_or_else(|refusal| panic!("{habit}: {refusal}")).expect("has records");
        assert_eq!(found.faults, [], "{habit}");
        assert_eq!(found.rows, expected.rows, "{habit}");
    }
}

#[test]
fn totals_and_notes_below_the_rows_are_left_out_and_said_to_be() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("totals.xlsx");
    let mut all = table();
    all.push(["合计", "", "", "", "", "15", "6172.5"].map(str::to_owned).to_vec());
    all.push(vec!["填表人：张三".to_owned()]);
    book(&path, &all, (0, 0), |_| {});
    let found = read(&path, 0).expect("is read").expect("has records");
    assert_eq!(found.rows.len(), 5);
    assert!(found.faults.iter().all(|fault| fault.kind == FaultKind::NotData) && found.faults.len() == 2);
}

#[test]
fn files_that_are_no_table_of_the_register_are_refused_with_a_reason() {
    let zip = |name: &str| {
        let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
        zip.start_file(name, zip::write::SimpleFileOptions::default()).expect("begins");
        zip.write_all(b"<x/>").expect("writes");
        zip.finish().expect("finishes").into_inner()
    };
    let whole = |table: &Table| {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("t.xlsx");
        book(&path, table, (0, 0), |_| {});
        std::fs::read(path).expect("reads")
    };
    let mut torn = whole(&table());
    torn.truncate(torn.len() / 2);
    type IsRight = fn(&Refusal) -> bool;
    let cases: [(&str, Vec<u8>, IsRight); 11] = [
        ("no bytes", Vec::new(), |refusal| matches!(refusal, Refusal::Empty { .. })),
        ("spaces", b" \r\n".to_vec(), |refusal| matches!(refusal, Refusal::Empty { .. })),
        ("nothing on its sheets", whole(&Vec::new()), |refusal| matches!(refusal, Refusal::Empty { .. })),
        ("headings alone", whole(&vec![table().swap_remove(0)]), |refusal| matches!(refusal, Refusal::Empty { .. })),
        ("a workbook of old", compound("Workbook", 0), |refusal| matches!(refusal, Refusal::OldExcel { .. })),
        ("a password", compound("EncryptedPackage", 0), |refusal| matches!(refusal, Refusal::Encrypted { .. })),
        ("a password and much inside", compound("EncryptedPackage", 6_000), |refusal| {
            matches!(refusal, Refusal::Encrypted { .. })
        }),
        ("half of a workbook", torn, |refusal| matches!(refusal, Refusal::Damaged { .. })),
        ("a document of text", zip("word/document.xml"), |refusal| matches!(refusal, Refusal::UnknownFormat { .. })),
        ("a web page", b"<html><table></table>".to_vec(), |refusal| matches!(refusal, Refusal::UnknownFormat { .. })),
        ("no headings", whole(&table().split_off(1)), |refusal| {
            matches!(refusal, Refusal::NoHeadings { .. } | Refusal::WrongSource { .. })
        }),
    ];
    let folder = tempfile::tempdir().expect("a folder");
    for (what, bytes, is_right) in cases {
        let path = folder.path().join("handed-in.xlsx");
        std::fs::write(&path, bytes).expect("writes");
        let refusal = read(&path, 0).map(|_| ()).expect_err(what);
        assert!(is_right(&refusal), "{what}: {refusal}");
        assert!(
            refusal.to_string().contains(['请', '可']) && !refusal.said().english().is_empty(),
            "{what}: {refusal}"
        );
    }
}

/// A compound file whose directory names this stream and stands behind so many sectors.
fn compound(stream: &str, sectors: u32) -> Vec<u8> {
    let mut bytes = b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1".to_vec();
    bytes.resize(512, 0);
    bytes[30..32].copy_from_slice(&9_u16.to_le_bytes());
    bytes[48..52].copy_from_slice(&sectors.to_le_bytes());
    bytes.resize(512 * (sectors as usize + 1), 7);
    bytes.extend(stream.encode_utf16().flat_map(u16::to_le_bytes));
    bytes.resize(bytes.len() + 600, 0);
    bytes
}

/// An export of two records with these rows of visits, in workbook form; `columns`: those of the records' sheet.
fn export(path: &Path, columns: &[&str], visits: &[usize]) {
    let (parts, codes) = (parts_with_record(), codes());
    let named = |name: &&str| parts[0].columns.iter().find(|column| column.name == **name);
    let columns: Vec<&Column> = columns.iter().filter_map(named).collect();
    let head =
        ExportHead { who: "张三", when: "2024-06-30", filter: "", language: Language::CHINESE, is_handed_in: true };
    let tables: Vec<ExportTable<'_>> = parts
        .iter()
        .enumerate()
        .map(|(at, part)| ExportTable { part, columns: if at == 0 { &columns } else { &[] } })
        .collect();
    let mut book = ExportBook::create(path, Output::Xlsx, &head, origin(), &tables, &codes, None).expect("creates");
    let text = |text: &str| Value::Text(text.to_owned());
    let record = |number: usize| text(&format!("{:016x}", number + 10));
    for number in 0..visits.len() {
        let cell = |column: &&Column| match column.name.as_str() {
            "file_no" => text(&format!("D{number}")),
            RECORD_COLUMN => record(number),
            "remark" => text("=1+1"),
            _ => Value::Null,
        };
        book.write_row(0, &columns.iter().map(cell).collect::<Vec<_>>()).expect("writes");
    }
    for (number, count) in visits.iter().enumerate() {
        for _ in 0..*count {
            let day = Value::Day(support::day("2024-05-01"));
            let cells = [text(&format!("D{number}")), day, Value::Null, text("@记录"), record(number)];
            book.write_row(1, &cells).expect("writes");
        }
    }
    book.finish().expect("finishes");
}

#[test]
fn an_export_may_leave_out_all_columns_but_those_that_name_its_rows() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("e.xlsx");
    for (columns, is_read) in [
        (&["file_no", "remark", RECORD_COLUMN][..], true),
        (&["remark", RECORD_COLUMN], true),
        (&["file_no", "remark", "measure_code"], true),
        (&["remark", "measure_code"], false),
    ] {
        export(&path, columns, &[0, 0]);
        match read(&path, 0) {
            Ok(found) => {
                let found = found.expect("has records");
                assert!(is_read && found.rows.len() == 2 && found.faults.is_empty(), "{columns:?} {:?}", found.faults);
                let fed = found.summary.headings.iter().filter(|heading| heading.is_fed).count();
                assert_eq!(fed, columns.len(), "{columns:?}");
            }
            // Neither the key nor the number of the record says whose row it is.
            Err(refusal) => {
                assert!(!is_read || matches!(refusal, Refusal::MissingHeadings { .. }), "{columns:?} {refusal}")
            }
        }
    }
}

#[test]
fn an_export_says_whose_child_records_its_sheets_hold() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("e.xlsx");
    export(&path, &["file_no", RECORD_COLUMN], &[2, 0, 3]);
    let saved = convert(&path, "xlsx").join("e.xlsx");
    let marked = folder.path().join("marked.xlsx");
    let summary = read(&path, 0).expect("is read").expect("has records").summary;
    write_faults(&path, &summary, &(&summary).into(), std::iter::empty(), &marked, Language::CHINESE)
        .expect("is written");
    for file in [&path, &saved, &marked] {
        let rows = ChildRows::of_file(file, "e.xlsx", "ledger").expect("is read");
        let counts: Vec<Option<u32>> = (10..14).map(|number| rows.count("visit", &format!("{number:016x}"))).collect();
        assert_eq!(counts, [Some(2), None, Some(3), None], "{}", file.display());
        assert_eq!(rows.count("payment", &format!("{:016x}", 10)), None);
        assert_eq!(ChildRows::of_file(file, "e.xlsx", "other").expect("is read"), ChildRows::default());
    }
}

#[test]
fn an_empty_sheet_of_children_is_told_from_none() {
    let folder = tempfile::tempdir().expect("a folder");
    let path: PathBuf = folder.path().join("e.xlsx");
    export(&path, &["file_no", RECORD_COLUMN], &[0, 0]);
    let empty = read(&path, 1).expect("is read").expect("the sheet is there");
    assert_eq!((empty.rows.len(), empty.summary.rows_seen), (0, 0));
    book(&path, &table(), (0, 0), |_| {});
    assert!(read(&path, 1).expect("is read").is_none(), "no such sheet");
}

#[test]
fn nothing_of_an_export_with_children_is_a_formula() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("e.xlsx");
    export(&path, &["file_no", "remark", RECORD_COLUMN], &[1, 2]);
    for file in [path.clone(), convert(&path, "xlsx").join("e.xlsx")] {
        let sheets = xml_of(&file).into_iter().filter(|(name, _)| name.contains("worksheets/sheet"));
        assert!(sheets.clone().all(|(_, text)| !text.contains("<f>") && !text.contains("<f ")), "{}", file.display());
        assert_eq!(read(&file, 1).expect("is read").expect("has rows").rows[0][3], Value::Text("@记录".to_owned()));
    }
}
