//! What a workbook says beside its cells: merged and hidden ones, several sheets, days by format and calendar.

mod support;

use exchange::{Note, NoteKind};
use support::book::{RawBook, text};
use support::payment::*;
use words::Wording;

/// Kind, sheet, count and columns of each note.
fn notes(notes: &[Note]) -> Vec<(NoteKind, u64, String)> {
    let columns = |note: &exchange::Note| note.columns.iter().map(Wording::chinese).collect::<Vec<_>>().join(",");
    notes.iter().map(|note| (note.kind, note.count, columns(note))).collect()
}

fn merge(book: &mut RawBook, areas: &[&str]) {
    let cells: String = areas.iter().map(|area| format!("<mergeCell ref=\"{area}\"/>")).collect();
    book.replace("</sheetData>", &format!("</sheetData><mergeCells>{cells}</mergeCells>"));
}

fn number(reference: &str, value: &str) -> String {
    format!("<c r=\"{reference}\"><v>{value}</v></c>")
}

#[test]
fn a_merged_cell_counts_for_every_row_of_its_area() {
    let rows = [
        row(2, &format!("{}{}{}", number("B2", "300"), number("C2", "2024-05-07"), text("D2", "甲"))),
        row(3, ""),
        row(4, &text("D4", "乙")),
        row(5, ""),
    ];
    let mut book = book(&rows.concat().replace("<c r=\"C2\"><v>2024-05-07</v></c>", &text("C2", "2024-05-07")));
    merge(&mut book, &["B2:B4", "C2:C3", "D2:D3", "D4:D5"]);
    let found = read(&book).expect("is read");
    let expected = [
        "2: N2 | 300.00 | 2024-05-07 | 甲",
        "3: N3 | 300.00 | 2024-05-07 | 甲",
        "4: N4 | 300.00 |  | 乙",
        "5: N5 |  |  | 乙",
    ];
    assert_eq!(good(&found), expected);
    assert_eq!(notes(&found.summary.notes), [(NoteKind::MergedCells, 4, String::new())]);
}

#[test]
fn a_text_merged_over_columns_belongs_to_the_first_and_headings_fill_nothing() {
    let title = format!("<row r=\"1\">{}</row>", text("A1", "发放表"));
    let rows = format!("{}{}", row(3, &text("B3", "5")), "<row r=\"4\"><c r=\"A4\" t=\"str\"><v>合计</v></c></row>");
    let mut book = RawBook::of(
        &below(&rows).replace("r=\"1\"", "r=\"2\"").replace("<row r=\"2\">", &format!("{title}<row r=\"2\">")),
    );
    for column in ["A", "B", "C", "D"] {
        book.replace(
            &format!("\"{column}1\" t=\"inlineStr\"><is><t>{}", heading(column)),
            &format!("\"{column}2\" t=\"inlineStr\"><is><t>{}", heading(column)),
        );
    }
    merge(&mut book, &["A1:D1", "A4:D4", "B3:C3", "D2:D4"]);
    let found = read(&book).expect("is read");
    assert_eq!(good(&found), ["3: N3 | 5.00 |  | "]);
    assert_eq!(spots(&found.faults), ["4 0 NotData"]);
    // The title, the headings and the total are told of by no note.
    assert_eq!(notes(&found.summary.notes), [(NoteKind::MergedAcross, 1, String::new())]);
}

#[test]
fn what_a_merged_cell_hides_is_no_value() {
    // Column B is merged over three rows: the second holds the same, the third another sum.
    let rows = [
        row(2, &number("B2", "300")),
        row(3, &number("B3", "300")),
        row(4, &number("B4", "999")),
        row(5, &format!("{}{}", number("B5", "5"), text("C5", "2024-05-07"))),
        row(6, &format!("{}{}", number("B6", "6"), text("D6", "甲"))),
    ];
    let mut book = book(&rows.concat());
    merge(&mut book, &["B2:B4", "B5:D5", "C6:D6"]);
    let found = read(&book).expect("is read");
    assert_eq!(
        good(&found),
        ["2: N2 | 300.00 |  | ", "3: N3 | 300.00 |  | ", "4: N4 |  |  | ", "5: N5 | 5.00 |  | ", "6: N6 | 6.00 |  | "]
    );
    assert_eq!(spots(&found.faults), ["4 1 CheckFailed", "5 2 CheckFailed", "6 3 CheckFailed"]);
    assert!(found.faults[0].what.chinese().contains("合并"), "{:?}", found.faults[0].what);
}

fn heading(column: &str) -> &'static str {
    match column {
        "A" => "编号",
        "B" => "金额",
        "C" => "日期",
        _ => "备注",
    }
}

#[test]
fn areas_that_cannot_be_are_refused_and_large_ones_cost_nothing() {
    for areas in [["B2:B4", "B3:B5"], ["B2:B9", "B4:C4"], ["B2:B4", "B4"], ["B2:XFE9", "A1"], ["?", "A1"]] {
        let mut book = book(&row(2, ""));
        merge(&mut book, &areas);
        let refusal = read(&book).map(|_| ()).expect_err("is refused");
        assert!(refusal.to_string().contains("合并单元格"), "{areas:?}: {refusal}");
    }
    let mut book = book(&format!("{}{}", row(2, &number("B2", "7")), row(900_000, "")));
    merge(&mut book, &["B2:B1048576", "B2:B1048576", "C2:XFD1048576"]);
    assert_eq!(good(&read(&book).expect("is read")), ["2: N2 | 7.00 |  | ", "900000: N900000 | 7.00 |  | "]);
}

#[test]
fn hidden_columns_and_rows_are_read_and_told_and_hidden_sheets_are_told() {
    let rows = format!(
        "{}{}{}",
        row(2, &number("B2", "1")).replace("<row ", "<row hidden=\"1\" "),
        row(3, &number("B3", "2")).replace("<row ", "<row ht=\"0\" customHeight=\"1\" "),
        row(4, &number("B4", "3")),
    );
    let columns = "<cols><col min=\"2\" max=\"2\" hidden=\"1\" width=\"9\"/><col min=\"4\" max=\"4\" width=\"0\"/>\
                   <col min=\"5\" max=\"16384\" hidden=\"1\"/></cols><sheetData>";
    let shown = below(&rows).replace("<sheetData>", columns);
    let hidden = below(&row(2, ""));
    let sheets = [("数据", "visible", shown.as_str()), ("旧表", "hidden", &hidden), ("底稿", "veryHidden", &hidden)];
    let found = read(&RawBook::with_sheets(&sheets)).expect("is read");
    assert_eq!((found.rows.len(), found.faults.len()), (3, 0));
    let expected = [
        (NoteKind::HiddenColumns, 2, "B,D".to_owned()),
        (NoteKind::HiddenRows, 2, String::new()),
        (NoteKind::HiddenSheets, 2, "旧表,底稿".to_owned()),
    ];
    assert_eq!(notes(&found.summary.notes), expected);
    for note in &found.summary.notes {
        let said = note.said();
        assert!(said.chinese().ends_with('。') && said.english().ends_with('.'), "{said:?}");
    }
}

#[test]
fn a_record_on_two_sheets_names_the_sheet_that_won() {
    let first = below(&format!("{}{}", row(2, &number("B2", "1")), row(3, &number("B3", "5"))));
    let second = below(&format!("{}{}{}", row(2, &number("B2", "9")), row(3, &number("B3", "5")), row(4, "")));
    let found =
        read(&RawBook::with_sheets(&[("正式", "visible", &first), ("备份", "visible", &second)])).expect("is read");
    assert_eq!(good(&found), ["2: N2 | 1.00 |  | ", "3: N3 | 5.00 |  | ", "4: N4 |  |  | "]);
    let told: Vec<(Option<&str>, &str)> =
        found.faults.iter().map(|fault| (fault.place.sheet.as_deref(), fault.what.chinese())).collect();
    let expected =
        [(Some("备份"), "与工作表“正式”第2行是同一条记录，但内容不同"), (Some("备份"), "与工作表“正式”第3行完全相同")];
    assert_eq!(told, expected);
    assert_eq!(notes(&found.summary.notes), [(NoteKind::SheetsInOrder, 2, "正式,备份".to_owned())]);
    let again = below(&format!("{}{}", row(2, &number("B2", "1")), row(3, &number("B3", "5")).replace("N3", "N2")));
    let found =
        read(&RawBook::with_sheets(&[("空", "visible", &below("")), ("数据", "visible", &again)])).expect("is read");
    assert_eq!(found.faults[0].what.chinese(), "与第2行是同一条记录，但内容不同");
}

/// Cell formats of days, a time, a span, a number and a text, numbered from 1.
const FORMATS: [&str; 7] =
    ["yyyy-mm-dd", "yyyy\"年\"m\"月\"d\"日\"", "[$-804]m\"月\"d\"日\";@", "h:mm", "[h]:mm", "0.00", "@"];

/// What a cell in the column of days is read as, and how many notes there are.
fn day_of(cell: &str, is_1904: bool) -> (String, usize) {
    let mut book = book(&row(2, cell));
    book.set_styles(&FORMATS);
    if is_1904 {
        book.replace("<workbookPr/>", "<workbookPr date1904=\"1\"/>");
    }
    let found = read(&book).expect("is read");
    let faults = spots(&found.faults).join(" ");
    let day = found.rows.first().map_or(String::new(), |row| row.cells[2].to_string());
    (format!("{day}{faults}"), found.summary.notes.len())
}

#[test]
fn the_calendar_of_1904_holds_for_cells_with_and_without_a_format() {
    for style in 0..=FORMATS.len() {
        for (value, is_1904) in [("45419", false), ("43957", true), ("45419.4", false), ("43957.4", true)] {
            let cell = format!("<c r=\"C2\" s=\"{style}\"><v>{value}</v></c>");
            assert_eq!(day_of(&cell, is_1904), ("2024-05-07".to_owned(), 0), "{style} {value}");
        }
    }
    assert_eq!(day_of(&text("C2", "43957"), true).0, "2024-05-07");
    assert_eq!(day_of(&text("C2", "2024-05-07"), true).0, "2024-05-07");
    assert_eq!(day_of("<c r=\"C2\"><v>20240507</v></c>", true).0, "2024-05-07");
    assert_eq!(day_of("<c r=\"C2\" s=\"1\"><v>-3</v></c>", true).0, "2 2 NotADay");
}

#[test]
fn the_last_minute_of_a_day_is_the_next_day_with_and_without_a_format() {
    let cases = [
        ("s=\"1\"><v>45418.99950231481</v>", "2024-05-07", 1),
        ("s=\"2\"><v>45418.99950231481</v>", "2024-05-07", 1),
        ("><v>45418.99950231481</v>", "2024-05-07", 1),
        ("s=\"1\"><v>45418.999999</v>", "2024-05-07", 0),
        ("><v>45418.999999</v>", "2024-05-07", 0),
        ("s=\"1\"><v>45418.99</v>", "2024-05-06", 0),
        ("t=\"d\"><v>2024-05-06T23:59:43</v>", "2024-05-07", 1),
        ("t=\"d\"><v>2024-05-06T16:00:00Z</v>", "2024-05-07", 0),
        ("t=\"d\"><v>2024-05-07T00:00:00</v>", "2024-05-07", 0),
        ("t=\"d\"><v>2024-05-07</v>", "2024-05-07", 0),
    ];
    for (cell, expected, told) in cases {
        assert_eq!(day_of(&format!("<c r=\"C2\" {cell}</c>"), false), (expected.to_owned(), told), "{cell}");
    }
}

#[test]
fn a_number_with_the_format_of_a_span_or_time_stays_a_number() {
    let mut made = book(&row(2, "<c r=\"B2\" s=\"5\"><v>1.5</v></c><c r=\"D2\" s=\"4\"><v>2</v></c>"));
    made.set_styles(&FORMATS);
    assert_eq!(good(&read(&made).expect("is read")), ["2: N2 | 1.50 |  | 2"]);
    let mut made = book(&row(2, "<c r=\"B2\" s=\"1\"><v>45419</v></c>"));
    made.set_styles(&FORMATS);
    assert_eq!(spots(&read(&made).expect("is read").faults), ["2 1 NotMoney"]);
}

#[test]
fn the_returned_book_keeps_merged_cells_moments_and_the_calendar() {
    for (is_1904, bare, serial) in [(false, "45420", "45418.99950231481"), (true, "43958", "43956.99950231481")] {
        let rows = [
            row(2, &format!("{}<c r=\"C2\" s=\"1\"><v>{serial}</v></c>{}", number("B2", "很多"), text("D2", "甲"))),
            row(3, &format!("<c r=\"C3\"><v>{bare}</v></c>")),
            row(4, &format!("{}<c r=\"C4\" s=\"1\"><v>{bare}</v></c>", number("B4", "4"))),
        ];
        let mut made = book(&rows.concat());
        made.set_styles(&FORMATS);
        merge(&mut made, &["D2:D4"]);
        if is_1904 {
            made.replace("<workbookPr/>", "<workbookPr date1904=\"true\"/>");
        }
        let expected = ["2: N2 |  | 2024-05-07 | 甲", "3: N3 |  | 2024-05-08 | 甲", "4: N4 | 4.00 | 2024-05-08 | 甲"];
        assert_eq!(good(&read(&made).expect("is read")), expected, "{is_1904}");
        assert_eq!(good(&read_returned(&made)), expected, "{is_1904}");
    }
}
