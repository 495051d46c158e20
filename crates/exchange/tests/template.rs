//! A template asks for what the import reads, and comes back as it was filled in.

mod support;

use calamine::{Reader, SheetVisible};
use exchange::{KnownPlaces, Options, Purpose, Template, read_part, write_template};
use model::{AreaCodes, FaultKind, Value};
use policy::declare::Column;
use std::collections::BTreeMap;
use std::ops::ControlFlow;
use std::path::Path;
use support::office::{between, cells, xml};
use support::register::*;
use words::{Language, Wording};

/// The template of the made-up register for its county.
fn write(path: &Path) {
    write_in(path, Language::CHINESE);
}

fn write_in(path: &Path, language: Language) {
    let (parts, codes, divisions) = (parts(), codes(), divisions());
    let place = region(COUNTY);
    let template = Template { parts: &parts, codes: &codes, divisions: &divisions, place, origin: origin(), language };
    write_template(path, &template).expect("is written");
}

/// What a filled template holds: headings as the template has them, with rows below the example.
fn fill(path: &Path, rows: &[(&str, &[(&str, &str)])]) {
    fill_in(path, Language::CHINESE, ["测试台账", "走访记录", "发放_明细"], rows);
}

fn fill_in(path: &Path, language: Language, names: [&str; 3], rows: &[(&str, &[(&str, &str)])]) {
    write_in(path, language);
    let mut book = rust_xlsxwriter::Workbook::new();
    for name in names {
        let sheet = book.add_worksheet().set_name(name).expect("is a name");
        let top = cells(path, name);
        for (line, texts) in (0..).zip(&top) {
            for (column, text) in (0..).zip(texts) {
                sheet.write_string(line, column, text).expect("writes");
            }
        }
        let own = rows.iter().filter(|(sheet, _)| *sheet == name);
        for (line, (_, row)) in (2..).zip(own) {
            for (heading, text) in *row {
                let column = top[0].iter().position(|known| known == heading).expect("is a heading");
                sheet.write_string(line, column as u16, *text).expect("writes");
            }
        }
    }
    // The hidden sheet goes along, as it does when a spreadsheet saves the file.
    let sheet = book.add_worksheet().set_name("_shouwang").expect("is a name").set_hidden(true);
    for (line, row) in (0..).zip(cells(path, "_shouwang")) {
        sheet.write_string(line, 0, &row[0]).expect("writes").write_string(line, 1, &row[1]).expect("writes");
    }
    book.save(path).expect("saves");
}

/// Rows (by part) and faults of a filled template.
fn read(path: &Path) -> (Vec<Vec<Vec<Value>>>, Vec<model::Fault>, Option<exchange::Stamp>) {
    let (parts, codes, divisions, areas) = (parts(), codes(), divisions(), AreaCodes::default());
    let places = KnownPlaces::new(&areas, &divisions);
    let (mut rows, mut faults, mut stamp) = (vec![Vec::new(); parts.len()], Vec::new(), None);
    for at in 0..parts.len() {
        let shape = parts[at].shape(&codes, today(), &places);
        let summary = read_part(path, &parts, at, &shape, &Options::default(), &mut |chunk| {
            rows[at].extend(chunk.rows.into_iter().map(|row| row.cells));
            faults.extend(chunk.faults);
            ControlFlow::Continue(())
        });
        stamp = summary.expect("is read").and_then(|summary| summary.stamp).or(stamp);
    }
    (rows, faults, stamp)
}

fn place_of(columns: &[Column], name: &str) -> usize {
    columns.iter().position(|column| column.name == name).expect("is a column")
}

const FILLED: [(&str, &str); 5] = [
    ("档案号", "D1"),
    ("证件号码", "51343719900101123"),
    ("状态", "注销"),
    ("登记日期", "2024-05-01"),
    ("姓名", "王伟"),
];

/// A row with these cells besides the required ones.
fn row<'t>(more: &[(&'t str, &'t str)], identity: &'t str) -> Vec<(&'t str, &'t str)> {
    let own = FILLED.iter().map(|(heading, text)| (*heading, if *heading == "证件号码" { identity } else { *text }));
    let mut cells: Vec<(&str, &str)> = own.filter(|(heading, _)| !more.iter().any(|(new, _)| new == heading)).collect();
    cells.extend_from_slice(more);
    cells
}

#[test]
fn headings_are_frozen_noted_and_marked_and_helper_sheets_hidden() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.xlsx");
    write(&path);
    let book: calamine::Xlsx<_> = calamine::open_workbook(&path).expect("opens");
    let sheets: Vec<(String, bool)> = book
        .sheets_metadata()
        .iter()
        .map(|sheet| (sheet.name.clone(), sheet.visible == SheetVisible::Visible))
        .collect();
    let expected = [
        ("测试台账", true),
        ("走访记录", true),
        ("发放_明细", true),
        ("说明", true),
        ("_codes", false),
        ("_places", false),
        ("_shouwang", false),
    ];
    assert_eq!(sheets, expected.map(|(name, visible)| (name.to_owned(), visible)));
    let top = cells(&path, "测试台账");
    let headings = &top[0];
    for heading in ["档案号", "所在村", "所在村—乡镇", "所在村—村", "备注"] {
        assert!(headings.contains(&heading.to_owned()), "{heading}: {headings:?}");
    }
    for heading in ["照片", "两倍收入", "所在村—县"] {
        assert!(!headings.contains(&heading.to_owned()), "{heading}");
    }
    assert!(top[1][0].starts_with("示例："), "{:?}", top[1]);
    assert!(top[1].iter().all(|text| !text.is_empty()), "{:?}", top[1]);
    assert_eq!(cells(&path, "走访记录")[0], ["档案号", "走访日期", "发现的需求", "记录"]);
    let sheet = xml(&path, "xl/worksheets/sheet1.xml");
    assert!(sheet.contains("ySplit=\"1\"") && sheet.contains("state=\"frozen\""));
    let notes = xml(&path, "xl/comments1.xml");
    assert_eq!(between(&notes, "<comment ", ">").len(), headings.len());
    assert_eq!(notes.matches("必填").count(), register().field.iter().filter(|field| field.required).count());
    for text in ["可填多项，用顿号“、”隔开：就业、就学", "单位：人", "在1与30之间", "填上一年度的合计", "单位：元"]
    {
        assert!(notes.contains(text), "{text}");
    }
}

#[test]
fn drop_downs_are_ranges_days_are_checked_and_numbers_only_warned_about() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.xlsx");
    write(&path);
    let headings = cells(&path, "测试台账").swap_remove(0);
    let sheet = xml(&path, "xl/worksheets/sheet1.xml");
    let rules: BTreeMap<String, &str> = between(&sheet, "<dataValidation ", "</dataValidation>")
        .into_iter()
        .map(|rule| (between(rule, "sqref=\"", "\"")[0].to_owned(), rule))
        .collect();
    let letter = |heading: &str| {
        let at = headings.iter().position(|known| known == heading).expect("is a heading");
        rust_xlsxwriter::utility::column_number_to_name(at as u16)
    };
    let rule = |heading: &str| rules.get(&format!("{0}3:{0}10002", letter(heading))).copied();
    let town = letter("所在村—乡镇");
    let cases = [
        ("状态", "type=\"list\"", "'_codes'!$B$1:$B$4"),
        ("措施", "type=\"list\"", "'_codes'!$D$1:$D$120"),
        ("是否低收入", "type=\"list\"", "'_codes'!$A$1:$A$2"),
        ("登记日期", "type=\"date\"", "<formula1>1</formula1>"),
        ("发放年月", "type=\"date\"", "<formula2>73050</formula2>"),
        ("人数", "errorStyle=\"warning\"", "<formula1>1</formula1><formula2>30</formula2>"),
        ("所在村—乡镇", "type=\"list\"", "<formula1>p_513437000000</formula1>"),
        ("所在村—村", "type=\"list\"", &format!("INDIRECT(\"p_\"&amp;VLOOKUP(${town}3,q_513437000000,2,FALSE))")),
    ];
    for (heading, kind, formula) in cases {
        let rule = rule(heading).unwrap_or_else(|| panic!("{heading} has no rule: {rules:?}"));
        assert!(rule.contains(kind) && rule.contains(formula), "{heading}: {rule}");
    }
    for heading in ["需求", "姓名", "耕地面积", "收入", "备注"] {
        assert!(rule(heading).is_none(), "{heading}");
    }
    let workbook = xml(&path, "xl/workbook.xml");
    let names = between(&workbook, "<definedName name=\"", "</definedName>");
    assert_eq!(names.len(), 6, "{names:?}");
    assert!(names.contains(&"q_513437101000\">'_places'!$A$5:$B$7"), "{names:?}");
    assert_eq!(cells(&path, "_places")[6][0], "双河村(513437101003)", "siblings of one name carry their codes");
}

#[test]
fn numbers_that_must_keep_their_digits_are_texts() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.xlsx");
    write(&path);
    let headings = cells(&path, "测试台账").swap_remove(0);
    let sheet = xml(&path, "xl/worksheets/sheet1.xml");
    let styles = xml(&path, "xl/styles.xml");
    let formats = between(between(&styles, "<cellXfs", "</cellXfs>")[0], "<xf ", ">");
    let columns = between(between(&sheet, "<cols>", "</cols>")[0], "<col ", "/>");
    for heading in ["证件号码", "联系电话", "银行账号", "户编号", "项目编号", "所在村"] {
        let at = headings.iter().position(|known| known == heading).expect("is a heading") + 1;
        let number = |attribute: &str, column: &str| {
            between(column, &format!("{attribute}=\""), "\"").first().and_then(|text| text.parse::<usize>().ok())
        };
        let column =
            columns.iter().find(|column| number("min", column) <= Some(at) && Some(at) <= number("max", column));
        let style = column.and_then(|column| number("style", column)).expect("the column has a format");
        assert!(formats[style].contains("numFmtId=\"49\""), "{heading}: {}", formats[style]);
    }
}

#[test]
fn a_filled_template_is_read_without_its_example_and_with_its_children() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.xlsx");
    let identity = support::identity(1);
    let by_name = row(&[("所在村—乡镇", "上河镇"), ("所在村—村", "前进村"), ("需求", "就学,就业；d  b")], &identity);
    let by_code = row(&[("档案号", "D2"), ("所在村", "513437101002"), ("需求", "就业、就学")], &identity);
    let by_both = row(&[("档案号", "D3"), ("所在村", "513437101003"), ("所在村—乡镇", "阿·都乡（彝）")], &identity);
    let twins = row(
        &[("档案号", "D4"), ("所在村—乡镇", "阿·都乡（彝）"), ("所在村—村", "双河村(513437101003)"), ("人数", "3")],
        &identity,
    );
    let visit = [("档案号", "D1"), ("走访日期", "2024-06-01"), ("发现的需求", "就业 就学"), ("记录", "在家")];
    let payment = [("档案号", "D1"), ("金额", "12.5")];
    fill(
        &path,
        &[
            ("测试台账", &by_name),
            ("测试台账", &by_code),
            ("测试台账", &by_both),
            ("测试台账", &twins),
            ("走访记录", &visit),
            ("发放_明细", &payment),
        ],
    );
    let (rows, faults, stamp) = read(&path);
    assert_eq!(faults, []);
    let text = |text: &str| Value::Text(text.to_owned());
    let columns = register().field;
    let (village, need) = (place_of(&columns, "village_code"), place_of(&columns, "need_codes"));
    let villages: Vec<&Value> = rows[0].iter().map(|row| &row[village]).collect();
    let expected = ["513437100001", "513437101002", "513437101003", "513437101003"].map(text);
    assert_eq!(villages, expected.iter().collect::<Vec<_>>());
    assert_eq!(rows[0][0][need], text("a,b,d"));
    assert_eq!(rows[0][1][need], text("c"), "the longest label goes first");
    assert_eq!(rows[1], [[text("D1"), Value::Day(support::day("2024-06-01")), text("a,b"), text("在家")]]);
    assert_eq!(rows[2], [[text("D1"), Value::Fen(model::Fen(1_250))]]);
    let stamp = stamp.expect("the template says which it is");
    assert_eq!(
        (stamp.purpose, stamp.register.as_str(), stamp.version.as_str()),
        (Purpose::Template, "ledger", "1.2.0")
    );
    assert_eq!(stamp.change_to(&parts()), None);
}

#[test]
fn mistakes_are_found_at_their_cells() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.xlsx");
    let identity = support::identity(1);
    type Filled = &'static [(&'static str, &'static str)];
    let cases: [(Filled, &str, FaultKind); 6] = [
        (&[("所在村—乡镇", "上河镇"), ("所在村—村", "双河村")], "所在村—村", FaultKind::UnknownRegion),
        (&[("所在村—乡镇", "没有的镇")], "所在村—乡镇", FaultKind::UnknownRegion),
        (&[("所在村", "513437101002"), ("所在村—乡镇", "上河镇")], "所在村", FaultKind::UnknownRegion),
        (&[("所在村—村", "前进村")], "所在村—村", FaultKind::UnknownRegion),
        (&[("备注", "没有地方")], "所在村", FaultKind::Missing),
        (&[("所在村", "513437100001"), ("需求", "就业、没有的")], "需求", FaultKind::UnknownCode),
    ];
    for (cells, heading, kind) in cases {
        fill(&path, &[("测试台账", &row(cells, &identity))]);
        let (_, faults, _) = read(&path);
        let found: Vec<_> = faults.iter().map(|fault| (fault.place.heading.as_deref(), fault.kind)).collect();
        assert_eq!(found, [(Some(heading), kind)], "{cells:?}");
    }
}

#[test]
fn a_village_named_alone_is_found_where_it_is_the_only_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.xlsx");
    fill(&path, &[("测试台账", &row(&[("所在村—村", "团结")], &support::identity(1)))]);
    let (rows, faults, _) = read(&path);
    let village = place_of(&register().field, "village_code");
    assert_eq!(faults, []);
    assert_eq!(rows[0][0][village], Value::Text("513437100002".to_owned()));
}

#[test]
fn a_book_with_faults_still_knows_its_template() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, marked) = (folder.path().join("t.xlsx"), folder.path().join("marked.xlsx"));
    let identity = support::identity(1);
    // 上河镇 stands in two counties: only the stamp says which is meant.
    let good = row(&[("所在村—乡镇", "上河镇")], &identity);
    let bad = row(&[("档案号", "D2"), ("所在村—乡镇", "上河镇"), ("登记日期", "昨天")], &identity);
    fill(&path, &[("测试台账", &good), ("测试台账", &bad)]);
    let (parts, codes, divisions, areas) = (parts(), codes(), divisions(), AreaCodes::default());
    let places = KnownPlaces::new(&areas, &divisions);
    let shape = parts[0].shape(&codes, today(), &places);
    let mut faults = Vec::new();
    let summary = read_part(&path, &parts, 0, &shape, &Options::default(), &mut |chunk| {
        faults.extend(chunk.faults);
        ControlFlow::Continue(())
    });
    let summary = summary.expect("is read").expect("has rows");
    assert_eq!((summary.rows_seen, summary.rows_good, faults.len()), (2, 1, 1));
    exchange::write_faults(&path, &summary, &(&summary).into(), faults.into_iter(), &marked, Language::CHINESE)
        .expect("is written");
    let (rows, faults, stamp) = read(&marked);
    assert_eq!((rows[0].len(), faults.len()), (1, 1));
    assert_eq!(stamp.and_then(|stamp| stamp.place), Some(region(COUNTY)));
}

#[test]
fn an_english_template_and_its_marked_book_come_back_as_they_were_filled_in() {
    let folder = tempfile::tempdir().expect("a folder");
    let (path, marked) = (folder.path().join("t.xlsx"), folder.path().join("marked.xlsx"));
    let identity = support::identity(1);
    // The register of these tests has the names of its columns for their English labels.
    let good = [
        ("file_no", "D1"),
        ("identity_no", identity.as_str()),
        ("state_code", "3"),
        ("entered_on", "2024-05-01"),
        ("is_poor", "Yes"),
        ("village_code — township", "上河镇"),
        ("village_code — village", "团结村"),
    ];
    let mut bad = good;
    (bad[0].1, bad[3].1) = ("D2", "yesterday");
    let visit = [("file_no", "D1"), ("visited_on", "2024-05-02"), ("words", "at home")];
    let rows: [(&str, &[(&str, &str)]); 3] = [("Ledger", &good), ("Ledger", &bad), ("Visits", &visit)];
    fill_in(&path, Language::ENGLISH, ["Ledger", "Visits", "Payments"], &rows);
    let shown = cells(&path, "Ledger");
    let is_english = |text: &String| text.chars().all(|letter| letter.is_ascii() || letter == '—');
    assert!(shown[0].iter().all(is_english), "{shown:?}");
    assert_eq!(shown[1][..3], ["Example: Text", "(identity number of 18 characters)", "Zhang San"]);
    write_in(&marked, Language::ENGLISH);
    let notes = xml(&marked, "xl/comments1.xml");
    assert!(notes.contains("Must be filled in") && !notes.contains("必填") && !notes.contains("选填"), "{notes}");
    assert!(cells(&marked, "About this file")[0][0].starts_with("How to fill it in"));
    let judge = |path: &Path| {
        let (rows, faults, stamp) = read(path);
        assert_eq!((rows[0].len(), rows[1].len(), faults.len()), (1, 1, 1), "{faults:?}");
        assert_eq!((faults[0].kind, faults[0].place.row), (FaultKind::NotADay, Some(4)));
        assert_eq!(stamp.and_then(|stamp| stamp.place), Some(region(COUNTY)));
        let columns = &parts()[0].columns;
        let cell = |name: &str| rows[0][0][place_of(columns, name)].clone();
        assert_eq!(cell("village_code"), Value::Text("513437100002".to_owned()));
        assert_eq!((cell("is_poor"), cell("state_code")), (Value::Bool(true), Value::Text("3".to_owned())));
    };
    judge(&path);
    let (parts, codes, divisions, areas) = (parts(), codes(), divisions(), AreaCodes::default());
    let places = KnownPlaces::new(&areas, &divisions);
    let shape = parts[0].shape(&codes, today(), &places);
    let mut faults = Vec::new();
    let summary = read_part(&path, &parts, 0, &shape, &Options::default(), &mut |chunk| {
        faults.extend(chunk.faults);
        ControlFlow::Continue(())
    });
    let summary = summary.expect("is read").expect("has rows");
    exchange::write_faults(&path, &summary, &(&summary).into(), faults.into_iter(), &marked, Language::ENGLISH)
        .expect("is written");
    judge(&marked);
    let told = cells(&marked, "Faults").concat().join("\n");
    for part in ["Rows read: 2, taken: 1, left out: 1", "Not a day of the calendar", "What to do", "skipped: "] {
        assert!(told.contains(part), "{part} in {told}");
    }
}

#[test]
fn an_older_form_says_what_is_new() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.xlsx");
    fill(&path, &[("测试台账", &row(&[("所在村", "513437100001")], &support::identity(1)))]);
    let (_, _, stamp) = read(&path);
    let mut newer = register();
    newer.field.retain(|field| field.name != "phone");
    newer.field.push(support::column("well_depth", "井深", model::Kind::Int));
    let change = stamp.expect("is stamped").change_to(&exchange::Part::all_of("ledger", &newer)).expect("differs");
    assert_eq!(
        (change.new.as_slice(), change.gone.as_slice()),
        (&[Wording::pair("井深", "well_depth")][..], &["ledger.phone".to_owned()][..])
    );
    let said = change.said();
    assert!(said.chinese().contains("版本1.2.0") && said.chinese().contains("新增了列：井深"), "{said:?}");
    assert!(said.english().contains("version 1.2.0") && said.english().contains("new since: well_depth"), "{said:?}");
}

#[test]
fn a_row_of_data_is_not_taken_for_an_example() {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("t.csv");
    let line = |no: &str| format!("{no},{},注销,2024-05-01,513437100001\n", support::identity(1));
    let many: String = (0..12).map(|number| line(&format!("D{number}"))).collect();
    let text = format!("档案号,证件号码,状态,登记日期,所在村\n{}{many}{}", line("示例：D0"), line("示例:晚"));
    std::fs::write(&path, text).expect("writes");
    let (rows, faults, _) = {
        let (parts, codes, divisions, areas) = (parts(), codes(), divisions(), AreaCodes::default());
        let places = KnownPlaces::new(&areas, &divisions);
        let shape = parts[0].shape(&codes, today(), &places);
        let read = support::read_all(&path, &shape, &Options::default()).expect("is read");
        (read.rows, read.faults, read.summary)
    };
    assert_eq!(faults, []);
    let first = |row: &model::Row| row.cells[0].as_text().unwrap_or_default().to_owned();
    assert_eq!(rows.iter().map(first).collect::<Vec<_>>().len(), 13);
    assert_eq!(rows.last().map(first).as_deref(), Some("示例:晚"), "only the first rows are examples");
}
