//! Workbooks of all makers: parts found by their relations, cells judged by place and type.

mod support;

use exchange::Refusal;
use support::book::{RawBook, relation, relations_of, text, zip_of};
use support::payment::*;

/// What a case does to a book.
type Change = fn(&mut RawBook);

/// A book with one good row.
fn plain() -> RawBook {
    book(&row(2, "<c r=\"B2\"><v>12.5</v></c>"))
}

fn check_plain(book: &RawBook, what: &str) {
    let found = read(book).unwrap_or_else(|refusal| panic!("{what}: {refusal}"));
    assert_eq!(good(&found), ["2: N2 | 12.50 |  | "], "{what}");
    assert_eq!((found.faults.len(), found.summary.notes.len()), (0, 0), "{what}");
}

/// Writes the sheet in another encoding, which its declaration calls `label`.
fn recode(book: &mut RawBook, label: &str, encode: fn(&str) -> Vec<u8>) {
    let (_, content) = book.parts.iter_mut().find(|(name, _)| name.ends_with("sheet1.xml")).expect("a sheet");
    let text = String::from_utf8(content.clone()).expect("is text").replace("UTF-8", label);
    *content = encode(&text);
}

fn utf16(text: &str) -> Vec<u8> {
    text.encode_utf16().flat_map(u16::to_le_bytes).collect()
}

#[test]
fn parts_are_found_by_their_relations_whatever_they_are_called() {
    check_plain(&plain(), "the usual names");
    let cases: [(&str, Change); 12] = [
        ("a workbook of another name", |book| {
            book.rename("xl/workbook.xml", "xl/workbook22.xml");
            book.rename("xl/_rels/workbook.xml.rels", "xl/_rels/workbook22.xml.rels");
            book.replace("xl/workbook.xml", "xl/workbook22.xml");
        }),
        ("absolute targets", |book| {
            book.replace("\"xl/workbook.xml", "\"/xl/workbook.xml");
            book.replace("\"worksheets/", "\"/xl/worksheets/");
        }),
        ("a sheet in another folder", |book| {
            book.rename("xl/worksheets/sheet1.xml", "data/first.xml");
            book.replace("worksheets/sheet1.xml", "../data/first.xml");
        }),
        ("backslashes", |book| {
            book.parts.iter_mut().for_each(|(name, _)| *name = name.replace('/', "\\"));
        }),
        ("other capitals", |book| {
            book.rename("xl/worksheets/sheet1.xml", "XL/Worksheets/Sheet1.XML");
        }),
        ("strict names", |book| {
            book.replace(
                "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
                "http://purl.oclc.org/ooxml/spreadsheetml/main",
            );
            book.replace(
                "http://schemas.openxmlformats.org/officeDocument/2006",
                "http://purl.oclc.org/ooxml/officeDocument",
            );
        }),
        ("prefixes", |book| {
            for name in
                ["worksheet", "sheetData", "row", "c", "v", "is", "t", "workbook", "sheets", "sheet", "workbookPr"]
            {
                for end in [">", " ", "/>"] {
                    for start in ["<", "</"] {
                        let (from, to) = (format!("{start}{name}{end}"), format!("{start}x:{name}{end}"));
                        book.parts.iter_mut().filter(|(part, _)| !part.ends_with(".rels")).for_each(|(_, content)| {
                            *content = String::from_utf8_lossy(content).replace(&from, &to).into_bytes();
                        });
                    }
                }
            }
            book.replace(
                "xmlns=\"http://schemas.openxmlformats.org/spreadsheetml",
                "xmlns:x=\"http://schemas.openxmlformats.org/spreadsheetml",
            );
        }),
        ("UTF-16", |book| recode(book, "UTF-16", |text| [0xFF, 0xFE].into_iter().chain(utf16(text)).collect())),
        ("UTF-16 without a mark", |book| recode(book, "UTF-16", utf16)),
        ("UTF-8 that is called UTF-16", |book| recode(book, "utf-16", |text| text.as_bytes().to_vec())),
        ("GBK", |book| recode(book, "GBK", |text| encoding_rs::GBK.encode(text).0.into_owned())),
        ("no relation of the archive", |book| book.parts.retain(|(name, _)| name != "_rels/.rels")),
    ];
    for (what, change) in cases {
        let mut book = plain();
        change(&mut book);
        check_plain(&book, what);
    }
}

#[test]
fn what_is_no_workbook_is_named_and_a_part_that_is_missing_too() {
    type IsRight = fn(&Refusal) -> bool;
    let cases: [(&str, Change, IsRight); 7] = [
        (
            "a sheet that is not there",
            |book| book.parts.retain(|(name, _)| !name.ends_with("sheet1.xml")),
            |refusal| matches!(refusal, Refusal::Damaged { .. }),
        ),
        (
            "shared texts that are not there",
            |book| book.replace("<!--more-->", &relation("rId7", "sharedStrings", "texts.xml")),
            |refusal| matches!(refusal, Refusal::Damaged { .. }),
        ),
        (
            "two sheets of one part",
            |book| {
                book.replace("</sheets>", "<sheet name=\"乙\" sheetId=\"2\" r:id=\"rId1\"/></sheets>");
            },
            |refusal| matches!(refusal, Refusal::Damaged { .. }),
        ),
        (
            "hidden sheets only",
            |book| book.replace("state=\"visible\"", "state=\"veryHidden\""),
            |refusal| matches!(refusal, Refusal::Empty { .. }),
        ),
        (
            "a letter",
            |book| book.replace("<workbook ", "<document "),
            |refusal| matches!(refusal, Refusal::Damaged { .. } | Refusal::UnknownFormat { .. }),
        ),
        (
            "a binary workbook",
            |book| {
                book.rename("xl/workbook.xml", "xl/workbook.bin");
                book.replace("xl/workbook.xml", "xl/workbook.bin");
            },
            |refusal| matches!(refusal, Refusal::OtherWorkbook { kind: ".xlsb", .. }),
        ),
        (
            "a document type",
            |book| book.replace("<worksheet ", "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><worksheet "),
            |refusal| matches!(refusal, Refusal::Damaged { .. }),
        ),
    ];
    for (what, change, is_right) in cases {
        let mut book = plain();
        change(&mut book);
        let refusal = read(&book).map(|_| ()).expect_err(what);
        assert!(is_right(&refusal), "{what}: {refusal:?}");
    }
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("open.ods");
    let open = zip_of(&[("mimetype", b"application/vnd.oasis.opendocument.spreadsheet"), ("content.xml", b"<o/>")]);
    std::fs::write(&path, open).expect("writes");
    let refusal = read_file(&path).map(|_| ()).expect_err("is refused");
    assert!(matches!(refusal, Refusal::OtherWorkbook { kind: ".ods", .. }), "{refusal:?}");
    assert!(refusal.to_string().contains("另存为“.xlsx”") && refusal.said().english().contains("Save it as .xlsx"));
}

#[test]
fn places_of_cells_are_judged_before_anything_is_kept() {
    let many = format!("<row r=\"2\">{}</row>", "<c/>".repeat(20_000));
    let deep = format!("<row r=\"2\"><c r=\"A2\">{}", "<a>".repeat(100));
    let refused = [
        "<row r=\"2\"><c r=\"A99999999999\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"AAAAAAAAAAA2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"XFE2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A0\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"号\"><v>1</v></c></row>",
        "<row r=\"1048577\"><c><v>1</v></c></row>",
        "<row r=\"99999999999\"><c><v>1</v></c></row>",
        "<row r=\"-1\"><c><v>1</v></c></row>",
        "<row r=\"1048576\"><c><v>1</v></c></row><row><c><v>1</v></c></row>",
        "<row r=\"3\"><c><v>1</v></c></row><row r=\"2\"><c><v>1</v></c></row>",
        "<row r=\"3\"><c><v>1</v></c></row><row r=\"3\"><c><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A2\" r=\"B2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A2\"><v>1</v><v>2</v></c></row>",
        "<row r=\"2\"><c r=\"ZZ2\"><v>1</v></c></row>",
        "<row r=\"2\"><c r=\"A2\"><v>&unknown;</v></c></row>",
        "<row r=\"2\"><c r=\"A2\"><v>1</v></row>",
        "</sheetData><sheetData>",
        "<!-- </sheetData> --><row r=\"2\"><c><v>1</v></c></row>",
        &deep,
    ];
    for rows in refused {
        let refusal = read(&book(rows)).map(|found| good(&found)).expect_err(rows);
        assert!(matches!(refusal, Refusal::Damaged { .. } | Refusal::TooManyColumns { .. }), "{rows}: {refusal:?}");
    }
    // Cells without a value may stand anywhere.
    let found = read(&book(&format!("{many}{}", row(3, "")))).expect("is read");
    assert_eq!(good(&found), ["3: N3 |  |  | "]);
}

#[test]
fn rows_and_cells_without_a_reference_follow_the_one_before() {
    let rows = "<row><c t=\"str\"><v>N2</v></c><c/><c/><c t=\"str\"><v>甲</v></c></row><row/>\
                <row><c r=\"A5\" t=\"str\"><v>N5</v></c><c><v>7</v></c></row><row><c t=\"str\"><v>N6</v></c></row>";
    assert_eq!(
        good(&read(&book(rows)).expect("is read")),
        ["2: N2 |  |  | 甲", "5: N5 | 7.00 |  | ", "6: N6 |  |  | "]
    );
}

#[test]
fn cells_that_stand_twice_or_out_of_order_cost_their_row_alone() {
    let b = |value: &str| format!("<c r=\"B2\"><v>{value}</v></c>");
    let wrong = [
        format!("{}{}", b("1"), b("2")),
        format!("{}{}", text("D2", "后"), b("1")),
        format!("{}{}", b("1"), text("A2", "N9")),
        format!("<c r=\"B7\"><v>{}</v></c>", 1),
    ];
    for cells in wrong {
        let found = read(&book(&format!("{}{}", row(2, &cells), row(3, "")))).expect("is read");
        assert_eq!(good(&found), ["3: N3 |  |  | "], "{cells}");
        assert_eq!(spots(&found.faults), ["2 - CellCount"], "{cells}");
    }
}

#[test]
fn what_is_not_of_its_type_is_a_fault_of_that_cell() {
    let long = "长".repeat(40_000);
    let right: [(&str, &str); 14] = [
        ("<v> 12.5 </v>", "12.50"),
        ("<v>1.25E1</v>", "12.50"),
        ("<f>A1</f><v>12.5</v>", "12.50"),
        ("<v/>", ""),
        ("<v></v>", ""),
        ("", ""),
        (" t=\"s\"><v>0</v>", "12.50"),
        (" t=\"s\"/>", ""),
        (" t=\"str\"><v>12.5</v>", "12.50"),
        (" t=\"str\"><f>A1</f><v></v>", ""),
        (" t=\"str\"><f>A1</f><v/>", ""),
        (" t=\"inlineStr\"><is><r><t>12</t></r><r><t>.5</t></r><rPh sb=\"0\" eb=\"1\"><t>9</t></rPh></is>", "12.50"),
        (" t=\"inlineStr\"><v>12.5</v>", "12.50"),
        ("<v>12.5</v><extLst><v>9</v></extLst>", "12.50"),
    ];
    let wrong = [
        (" t=\"e\"><f>1/0</f><v>#DIV/0!</v>", "“#DIV/0!”"),
        (" t=\"e\"><v>#SPILL!</v>", "“#SPILL!”"),
        (" t=\"e\"><v>#GETTING_DATA</v>", "“#GETTING_DATA”"),
        (" t=\"e\"><v>#n/a </v>", "“#n/a”"),
        (" t=\"e\"><v>#值！</v>", "错误值"),
        (" t=\"e\"><v>513437199001011234</v>", "错误值"),
        ("<v>十二</v>", "不符"),
        ("<v>NaN</v>", "不符"),
        ("<v>1e999</v>", "不符"),
        ("<v>12,5</v>", "不符"),
        (" t=\"n\"><v>甲乙</v>", "不符"),
        (" t=\"s\"><v>1</v>", "不符"),
        (" t=\"s\"><v>-1</v>", "不符"),
        (" t=\"s\"><v></v>", "不符"),
        (" t=\"b\"><v>2</v>", "不符"),
        (" t=\"d\"><v>昨天</v>", "不符"),
        (" t=\"zz\"><v>12</v>", "不符"),
        ("<f>A1*2</f>", "没有保存计算结果"),
        ("<f>A1*2</f><v/>", "没有保存计算结果"),
        (" t=\"b\"><f>A1</f><v/>", "没有保存计算结果"),
        (" t=\"str\"><f>A1*2</f>", "没有保存计算结果"),
    ];
    let cell = |inside: &str| match inside.split_once('>').filter(|_| inside.starts_with(" t=")) {
        Some((kind, rest)) => format!("<c r=\"B2\"{kind}>{rest}{}", if kind.ends_with('/') { "" } else { "</c>" }),
        None => format!("<c r=\"B2\">{inside}</c>"),
    };
    let read_cell = |inside: &str| {
        let mut book = book(&row(2, &cell(inside)));
        book.set_texts("<si><t>12.5</t></si>");
        read(&book).unwrap_or_else(|refusal| panic!("{inside}: {refusal}"))
    };
    for (inside, value) in right {
        let found = read_cell(inside);
        assert_eq!((good(&found), found.faults.len()), (vec![format!("2: N2 | {value} |  | ")], 0), "{inside}");
    }
    for (inside, what) in wrong {
        let found = read_cell(inside);
        assert_eq!(
            (good(&found), spots(&found.faults)),
            (vec!["2: N2 |  |  | ".to_owned()], vec!["2 1 FormulaError".to_owned()]),
            "{inside}"
        );
        let fault = &found.faults[0];
        assert!(fault.what.chinese().contains(what), "{inside}: {:?}", fault.what);
        assert!(!format!("{fault:?}").contains("199001011"), "{fault:?}");
    }
    let found = read(&book(&row(2, &text("D2", &long)))).expect("is read");
    assert_eq!(spots(&found.faults), ["2 3 TooLong"]);
}

#[test]
fn texts_are_taken_as_their_cell_shows_them() {
    let cases = [
        ("甲&amp;乙&#x4E19;", "甲&乙丙"),
        ("<![CDATA[<甲>]]>", "<甲>"),
        ("甲<!-- x -->乙", "甲乙"),
        ("_x005F_x4E19_", "_x4E19_"),
        ("_x4E19_", "丙"),
    ];
    for (written, shown) in cases {
        let shared = row(3, "<c r=\"D3\" t=\"s\"><v>0</v></c>");
        let mut book = book(&format!("{}{shared}", row(2, &text("D2", written))));
        book.set_texts(&format!("<si><t xml:space=\"preserve\">{written}</t></si>"));
        let expected = [format!("2: N2 |  |  | {shown}"), format!("3: N3 |  |  | {shown}")];
        assert_eq!(good(&read(&book).expect("is read")), expected, "{written}");
    }
}

#[test]
fn relations_to_the_outside_are_not_followed() {
    let mut book = plain();
    let outside =
        "<Relationship Id=\"rId9\" Type=\"x/styles\" TargetMode=\"External\" Target=\"http://example.invalid/s.xml\"/>";
    book.replace("<!--more-->", outside);
    check_plain(&book, "an outside part");
    book.set("_rels/.rels", &relations_of(&relation("rId1", "officeDocument", "xl/other.xml")));
    check_plain(&book, "a relation to nowhere");
}
