//! What LibreOffice makes of our files: no formula, no repair, the same texts and the same drop-downs.

mod support;

use exchange::{ExportBook, ExportHead, ExportTable, KnownPlaces, Options, Output, Part, Template, write_template};
use model::{AreaCodes, Kind, Value};
use policy::declare::{Code, CodeList, Register};
use std::collections::BTreeMap;
use std::io::Write;
use std::path::Path;
use support::office::{between, cells, convert, xml, xml_of};
use support::register::*;

/// Beginnings that some spreadsheet takes for a formula, or drops to find one behind.
const BEGINNINGS: [&str; 8] = ["=", "+", "-", "@", "\t=", "\r=", "\0=", "＝"];
/// What attackers and honest people write behind them; without digits and marks that no name has.
const BODIES: [&str; 25] = [
    "cmd|' /C calc'!A",
    "HYPERLINK(\"http://example.invalid/\",\"点击\")",
    "WEBSERVICE(\"http://example.invalid/\")",
    "IMPORTXML(\"a\",\"//a\")",
    "DDE(\"cmd\",\"/c calc\",\"x\")",
    "SUM(A:A)",
    "A+B",
    "王伟",
    "'甲'",
    "\"乙\"",
    "甲,乙;丙",
    "甲|乙",
    "{甲}",
    "IF(TRUE,\"是\",\"否\")",
    "@SUM(A:A)",
    "=嵌套",
    "-负",
    "+正",
    " 空格",
    "甲&乙",
    "<f>甲</f>",
    "甲<乙>丙",
    "CHAR(A)",
    "INDIRECT(\"A\")",
    "欧阳·青云",
];

/// 200 texts.
fn payloads() -> Vec<String> {
    BEGINNINGS.iter().flat_map(|head| BODIES.iter().map(move |body| format!("{head}{body}"))).collect()
}

/// The texts that a name can be: its rules of writing leave them as they are.
fn as_name(payload: &str) -> String {
    let odd = |letter: char| letter.is_whitespace() || letter.is_control() || ".*?".contains(letter);
    let plain: String = payload.chars().filter(|letter| !odd(*letter)).collect();
    plain.replace('＝', "=")
}

/// The label made of a payload, different from all others whatever spaces are left out.
fn as_label(at: usize, payload: &str) -> String {
    format!("{payload}{at}")
}

fn register_of_texts() -> Register {
    let coded = |column| policy::declare::Column { codes: Some("label".to_owned()), ..column };
    Register {
        label: "文字".to_owned(),
        key: vec!["no".to_owned()],
        field: vec![
            support::column("no", "编号", Kind::Text),
            support::column("name", "姓名", Kind::Name),
            support::column("note", "备注", Kind::Text),
            coded(support::column("label_code", "标签", Kind::Code)),
        ],
        ..Register::default()
    }
}

fn labels() -> BTreeMap<String, CodeList> {
    let code = |at: usize, label: &str| Code {
        code: format!("c{at}"),
        label: as_label(at, label),
        label_en: String::new(),
        aliases: Vec::new(),
        confirms: false,
    };
    let code = payloads().iter().enumerate().map(|(at, label)| code(at, label)).collect();
    let list = CodeList { label: "标签".to_owned(), label_en: String::new(), source: String::new(), code };
    BTreeMap::from([("label".to_owned(), list)])
}

/// A row for each payload: in the name, in the note and as a label.
fn rows() -> Vec<Vec<Value>> {
    let row = |at: usize, payload: &str| {
        let texts = [format!("N{at}"), as_name(payload), payload.to_owned(), format!("c{at}")];
        texts.map(Value::Text).to_vec()
    };
    payloads().iter().enumerate().map(|(at, payload)| row(at, payload)).collect()
}

fn export(path: &Path, output: Output) {
    let parts = Part::all_of("texts", &register_of_texts());
    let head = ExportHead {
        who: "=张三",
        when: "2024-06-30",
        filter: "=1+1",
        language: words::Language::CHINESE,
        is_handed_in: true,
    };
    let table = ExportTable { part: &parts[0], columns: &[] };
    let mut book = ExportBook::create(path, output, &head, origin(), &[table], &labels(), None).expect("creates");
    rows().iter().for_each(|row| book.write_row(0, row).expect("writes"));
    book.finish().expect("finishes");
}

/// The rows of a file and how many faults it has.
fn import(path: &Path) -> (Vec<Vec<Value>>, usize) {
    let parts = Part::all_of("texts", &register_of_texts());
    let (labels, divisions, areas) = (labels(), divisions(), AreaCodes::default());
    let places = KnownPlaces::new(&areas, &divisions);
    let shape = parts[0].shape(&labels, today(), &places);
    let read = support::read_all(path, &shape, &Options::default()).expect("is read");
    (read.rows.into_iter().map(|row| row.cells).collect(), read.faults.len())
}

/// Parts of a workbook that hold a formula.
fn formulas(path: &Path) -> Vec<String> {
    let is_sheet = |name: &str| name.contains("worksheets/sheet");
    let has_formula = |text: &str| text.contains("<f>") || text.contains("<f ") || text.contains("<f/>");
    xml_of(path).into_iter().filter(|(name, text)| is_sheet(name) && has_formula(text)).map(|(name, _)| name).collect()
}

/// Without what a spreadsheet may do to control characters.
fn plain(text: &str) -> String {
    text.chars().filter(|letter| !letter.is_control()).collect()
}

#[test]
fn two_hundred_formulas_in_names_notes_and_labels_stay_texts_everywhere() {
    assert_eq!(payloads().len(), 200);
    for (output, ending, mark) in [(Output::Xlsx, "xlsx", ""), (Output::CsvBom, "csv", "'")] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(format!("list.{ending}"));
        export(&path, output);
        if output == Output::Xlsx {
            assert_eq!(formulas(&path), [""; 0]);
        }
        let opened = convert(&path, "xlsx").join("list.xlsx");
        assert_eq!(formulas(&opened), [""; 0], "{ending}");
        let sheet = if output == Output::Xlsx { "文字" } else { "list" };
        let seen = cells(&opened, sheet);
        // The line above the headings and the headings, then a row for each payload.
        assert_eq!(seen.len(), 202, "{ending}");
        for (at, payload) in payloads().iter().enumerate() {
            let shown = [as_name(payload), payload.clone(), as_label(at, payload)];
            for (written, found) in shown.iter().zip(&seen[at + 2][1..]) {
                let expected = if written.starts_with(char::is_alphanumeric) { "" } else { mark };
                assert_eq!(plain(found), format!("{expected}{}", plain(written)), "{ending} {payload:?}");
            }
        }
        // Saved by a spreadsheet it still comes back, but for control characters, which that may change.
        let kept = |row: &Vec<Value>| row.iter().all(|cell| !cell.to_string().contains(char::is_control));
        let found: Vec<Vec<Value>> = import(&opened).0.into_iter().filter(kept).collect();
        let shown = rows().into_iter().filter(kept).filter(|row| found.contains(row)).count();
        assert_eq!(shown, payloads().iter().filter(|text| !text.contains(char::is_control)).count(), "{ending}");
    }
}

#[test]
fn the_spreadsheet_of_these_tests_takes_a_bare_text_for_a_formula() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bare.csv");
    std::fs::write(&path, "编号,备注\nN1,=1+1\n").expect("writes");
    assert_eq!(formulas(&convert(&path, "xlsx").join("bare.xlsx")).len(), 1);
}

#[test]
fn two_hundred_formulas_come_back_unchanged() {
    for (output, ending) in [(Output::Xlsx, "xlsx"), (Output::CsvBom, "csv"), (Output::CsvGb18030, "csv")] {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join(format!("list.{ending}"));
        export(&path, output);
        assert_eq!(import(&path), (rows(), 0), "{output:?}");
    }
}

/// The template of the made-up register for a place.
fn template(path: &Path, place: &str) {
    let (parts, codes, divisions) = (parts(), codes(), divisions());
    let place = region(place);
    let language = words::Language::CHINESE;
    let template = Template { parts: &parts, codes: &codes, divisions: &divisions, place, origin: origin(), language };
    write_template(path, &template).expect("is written");
}

/// Kind and cells of all rules of a sheet.
fn rules(path: &Path, sheet: &str) -> Vec<(String, String)> {
    let text = xml(path, sheet);
    let rule = |rule: &str| {
        let kind = between(rule, "type=\"", "\"").first().copied().unwrap_or_default();
        (between(rule, "sqref=\"", "\"")[0].to_owned(), kind.to_owned())
    };
    let mut rules: Vec<(String, String)> =
        between(&text, "<dataValidation ", "</dataValidation>").into_iter().map(rule).collect();
    rules.sort();
    rules
}

/// First cell and kind of all rules. LibreOffice saves rules for a thousand rows below the last one that is filled.
fn places_of(path: &Path, sheet: &str) -> Vec<(String, String)> {
    let place = |cells: String, kind: String| {
        let (first, last) = cells.split_once(':').expect("is a range");
        let rows: u32 = last.trim_start_matches(char::is_alphabetic).parse().expect("is a row");
        assert!(rows >= 1_000, "{cells}");
        (first.to_owned(), kind)
    };
    rules(path, sheet).into_iter().map(|(cells, kind)| place(cells, kind)).collect()
}

#[test]
fn a_template_keeps_its_drop_downs_names_and_hidden_sheets_in_libreoffice() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.xlsx");
    template(&path, COUNTY);
    let saved = convert(&path, "xlsx").join("t.xlsx");
    for sheet in ["xl/worksheets/sheet1.xml", "xl/worksheets/sheet2.xml", "xl/worksheets/sheet3.xml"] {
        assert_eq!(places_of(&saved, sheet), places_of(&path, sheet), "{sheet}");
    }
    assert_eq!(rules(&path, "xl/worksheets/sheet1.xml").len(), 8);
    for sheet in ["测试台账", "走访记录", "发放_明细", "_codes", "_places", "_shouwang"] {
        assert_eq!(cells(&saved, sheet), cells(&path, sheet), "{sheet}");
    }
    let workbook = xml(&saved, "xl/workbook.xml");
    assert_eq!(workbook.matches("state=\"hidden\"").count(), 3);
    assert!(workbook.contains("p_513437100000") && workbook.contains("q_513437000000"), "{workbook}");
    let lists: String = xml(&saved, "xl/worksheets/sheet1.xml");
    assert!(lists.contains("INDIRECT(&quot;p_&quot;&amp;VLOOKUP") || lists.contains("INDIRECT(\"p_\"&amp;VLOOKUP"));
    let sheet = convert(&path, "ods").join("t.ods");
    let content = xml(&sheet, "content.xml");
    assert!(content.matches("<table:content-validation ").count() >= 8, "the drop-downs are gone");
    assert!(content.contains("cell-content-is-in-list"), "the drop-downs are gone");
}

/// The template with a third row: these cells, and behind the columns a formula for each column with a drop-down of places.
fn with_formulas(path: &Path, filled: &[(&str, &str)], out: &Path) {
    let headings = cells(path, "测试台账").swap_remove(0);
    let letter = |heading: &str| {
        let at = headings.iter().position(|known| known == heading).expect("is a heading");
        rust_xlsxwriter::utility::column_number_to_name(at as u16)
    };
    let sheet = xml(path, "xl/worksheets/sheet1.xml");
    let mut row = String::from("<row r=\"3\">");
    for (heading, text) in filled {
        row += &format!("<c r=\"{}3\" t=\"inlineStr\"><is><t>{text}</t></is></c>", letter(heading));
    }
    let mut formulas = Vec::new();
    for heading in headings.iter().filter(|heading| heading.contains('—')) {
        let cells = format!("sqref=\"{0}3:{0}10002\"", letter(heading));
        let rule =
            between(&sheet, "<dataValidation ", "</dataValidation>").into_iter().find(|rule| rule.contains(&cells));
        formulas.push(between(rule.expect("has a drop-down"), "<formula1>", "</formula1>")[0].to_owned());
    }
    for (at, formula) in formulas.iter().enumerate() {
        let (count, last) = (["BA", "BC", "BE", "BG"][at], ["BB", "BD", "BF", "BH"][at]);
        row += &format!("<c r=\"{count}3\"><f>COUNTA({formula})</f></c>");
        row += &format!("<c r=\"{last}3\" t=\"str\"><f>INDEX({formula},COUNTA({formula}))</f></c>");
    }
    row += "</row>";
    let patched = sheet.replace("</sheetData>", &format!("{row}</sheetData>"));
    let mut writer = zip::ZipWriter::new(std::fs::File::create(out).expect("creates"));
    for (name, text) in xml_of(path) {
        writer.start_file(name.as_str(), zip::write::SimpleFileOptions::default()).expect("begins");
        let text = if name == "xl/worksheets/sheet1.xml" { &patched } else { &text };
        writer.write_all(text.as_bytes()).expect("writes");
    }
    writer.finish().expect("finishes");
}

#[test]
fn places_are_offered_below_the_chosen_place() {
    type Filled = &'static [(&'static str, &'static str)];
    let cases: [(&str, Filled, &[&str]); 3] = [
        (COUNTY, &[("所在村—乡镇", "上河镇")], &["2", "阿·都乡（彝）", "2", "团结村"]),
        (COUNTY, &[("所在村—乡镇", "阿·都乡（彝）")], &["2", "阿·都乡（彝）", "3", "双河村(513437101003)"]),
        (
            "513400000000",
            &[("所在村—县", "白水县"), ("所在村—乡镇", "上河镇")],
            &["2", "白水县", "1", "上河镇", "1", "前进村"],
        ),
    ];
    for (place, filled, offered) in cases {
        let folder = tempfile::tempdir().expect("a folder");
        let (path, asked) = (folder.path().join("t.xlsx"), folder.path().join("asked.xlsx"));
        template(&path, place);
        with_formulas(&path, filled, &asked);
        let counted = convert(&asked, "xlsx").join("asked.xlsx");
        let row = cells(&counted, "测试台账").swap_remove(2);
        assert_eq!(row[52..52 + offered.len()], *offered, "{place} {filled:?}");
    }
}
