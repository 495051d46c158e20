//! Text files as offices send them: quotation marks, separators and ends of lines.

mod support;

use exchange::Refusal;
use model::FaultKind::{self, BadText, CellCount, TooLong};
use support::aid::{self, HEADINGS, text};

/// Name, lines below the headings, good rows, and faults by row.
type Case = (&'static str, &'static [&'static str], &'static [&'static str], &'static [(u32, FaultKind)]);

/// Reads the file and holds its rows and faults against what is right.
fn check(name: &str, file: &str, rows: &[&str], faults: &[(u32, FaultKind)]) {
    let outcome = aid::read(name, file.as_bytes()).unwrap_or_else(|refusal| panic!("{name}: {refusal}"));
    assert_eq!(outcome.rows, rows, "{name}");
    assert_eq!(outcome.faults, faults, "{name}");
    let summary = outcome.summary;
    assert_eq!(summary.rows_seen, summary.rows_good + summary.rows_dropped, "{name}");
}

#[test]
fn a_mark_that_never_closes_costs_its_own_row() {
    let cases: [Case; 11] = [
        (
            "before a row with a quoted cell",
            &["#1,王伟,\"住院,1,2024-06-01", "#2,李芳,探亲,2,2024-06-02", "#3,杨小珍,\"住院,手术\",3,2024-06-03"],
            &["3|李芳|探亲|2.00|2024-06-02", "4|杨小珍|住院,手术|3.00|2024-06-03"],
            &[(2, BadText)],
        ),
        (
            "before a row with doubled marks",
            &["#1,王伟,\"住院,1,2024-06-01", "#2,李芳,\"说\"\"好\"\"\",2,2024-06-02"],
            &["3|李芳|说\"好\"|2.00|2024-06-02"],
            &[(2, BadText)],
        ),
        (
            "before a row with an empty quoted cell",
            &["#1,王伟,\"住院,1,2024-06-01", "#2,李芳,\"\",2,2024-06-02", "#3,杨小珍,探亲,3,2024-06-03"],
            &["3|李芳||2.00|2024-06-02", "4|杨小珍|探亲|3.00|2024-06-03"],
            &[(2, BadText)],
        ),
        (
            "before a mark that is a letter at the end of a cell",
            &["#1,王伟,\"住院,1,2024-06-01", "#2,李芳,5\",2,2024-06-02", "#3,杨小珍,探亲,3,2024-06-03"],
            &["3|李芳|5\"|2.00|2024-06-02", "4|杨小珍|探亲|3.00|2024-06-03"],
            &[(2, BadText)],
        ),
        (
            "in the last cell",
            &["#1,王伟,住院,1,\"2024-06-01", "#2,李芳,探亲,2,2024-06-02", "#3,杨小珍,探亲,3,\"2024-06-03\""],
            &["3|李芳|探亲|2.00|2024-06-02", "4|杨小珍|探亲|3.00|2024-06-03"],
            &[(2, BadText)],
        ),
        (
            "in the first cell",
            &["\"#1,王伟,住院,1,2024-06-01", "\"#2\",李芳,探亲,2,2024-06-02"],
            &["3|李芳|探亲|2.00|2024-06-02"],
            &[(2, BadText)],
        ),
        (
            "twice in one row",
            &["#1,\"王伟,\"住院,1,2024-06-01", "#2,李芳,探亲,2,2024-06-02"],
            &["3|李芳|探亲|2.00|2024-06-02"],
            &[(2, BadText)],
        ),
        (
            "at the end of the file",
            &["#1,王伟,住院,1,2024-06-01", "#2,李芳,\"探亲,2,2024-06-02"],
            &["2|王伟|住院|1.00|2024-06-01"],
            &[(3, BadText)],
        ),
        (
            "around a part of a cell and on",
            &["#1,王伟,\"住\"院,\"手术\",1,2024-06-01", "#2,李芳,探亲,2,2024-06-02"],
            &["3|李芳|探亲|2.00|2024-06-02"],
            &[(2, BadText)],
        ),
        (
            "in the middle of a cell",
            &["#1,王伟,5\"管道,1,2024-06-01", "#2,李芳,探\"亲\",2,2024-06-02"],
            &["2|王伟|5\"管道|1.00|2024-06-01", "3|李芳|探\"亲\"|2.00|2024-06-02"],
            &[],
        ),
        ("around all cells", &["\"#1\",\"王伟\",\"住院\",\"1\",\"2024-06-01\""], &["2|王伟|住院|1.00|2024-06-01"], &[]),
    ];
    for (name, lines, rows, faults) in cases {
        check(name, &text(lines), rows, faults);
        check(name, &text(lines).replace('\n', "\r\n"), rows, faults);
        // The same without commas inside of cells, at tabs.
        if !lines.iter().any(|line| line.contains("院,手")) {
            check(name, &text(lines).replace(',', "\t"), rows, faults);
        }
    }
}

#[test]
fn two_marks_forty_lines_apart_cost_two_rows() {
    let lines: Vec<String> = (1..=80)
        .map(|number| {
            let mark = if matches!(number, 20 | 60) { "\"" } else { "" };
            format!("#{number},王伟,{mark}住院,{number},2024-06-01")
        })
        .collect();
    for closes in [false, true] {
        let mut lines = lines.clone();
        if closes {
            // Now the second mark ends a cell, so that all between looks quoted.
            lines[59] = "#60,王伟,住院\",60,2024-06-01".to_owned();
        }
        let outcome = aid::read("apart.csv", text(&lines.iter().map(String::as_str).collect::<Vec<_>>()).as_bytes());
        let outcome = outcome.expect("is read");
        assert_eq!(outcome.rows.len(), if closes { 79 } else { 78 });
        assert_eq!(outcome.faults[0], (21, BadText));
        let expected = |number: &usize| closes || *number != 60;
        let numbers = (1..=80).filter(|number| *number != 20).filter(expected);
        for (row, number) in outcome.rows.iter().zip(numbers) {
            assert!(row.starts_with(&format!("{}|", number + 1)) && row.contains(&format!("|{number}.00|")), "{row}");
        }
    }
}

#[test]
fn a_cell_of_several_lines_is_one_cell_unless_it_holds_rows() {
    let cases: [Case; 6] = [
        (
            "two and three lines",
            &["#1,王伟,\"住院,手术", "家中无劳力\",1,2024-06-01", "#2,李芳,\"一", "二", "三\",2,2024-06-02"],
            &["2|王伟|住院,手术 家中无劳力|1.00|2024-06-01", "3|李芳|一 二 三|2.00|2024-06-02"],
            &[],
        ),
        (
            "in the first and the last cell",
            &["\"", "#1\",王伟,住院,1,\"2024-06-01", "\"", "#2,李芳,探亲,2,2024-06-02"],
            &["2|王伟|住院|1.00|2024-06-01", "3|李芳|探亲|2.00|2024-06-02"],
            &[],
        ),
        (
            "a row inside",
            &["#1,王伟,\"住院", "#2,李芳,探亲,2,2024-06-02", "完\",1,2024-06-01", "#3,杨小珍,探亲,3,2024-06-03"],
            &["3|李芳|探亲|2.00|2024-06-02", "5|杨小珍|探亲|3.00|2024-06-03"],
            &[(2, BadText), (4, CellCount)],
        ),
        (
            "a row inside that lacks its last cell",
            &["#1,王伟,\"住院", "#2,李芳,探亲,2", "完\",1,2024-06-01"],
            &[],
            &[(2, BadText), (3, CellCount), (4, CellCount)],
        ),
        (
            "a row inside at its end",
            &["#1,王伟,\"住院", "#2,李芳,探亲,2,2024-06-02\",1,2024-06-01", "#3,杨小珍,探亲,3,2024-06-03"],
            &["4|杨小珍|探亲|3.00|2024-06-03"],
            &[(2, BadText), (3, CellCount)],
        ),
        (
            "two rows that share a pair of marks",
            &["#1,王伟,\"住院,1,2024-06-01", "#2,李芳,探亲\",2,2024-06-02"],
            &["3|李芳|探亲\"|2.00|2024-06-02"],
            &[(2, BadText)],
        ),
    ];
    for (name, lines, rows, faults) in cases {
        check(name, &text(lines), rows, faults);
        check(name, &text(lines).replace('\n', "\r\n"), rows, faults);
    }
}

#[test]
fn a_cell_may_have_sixty_four_more_lines_and_no_more() {
    for (more, is_taken) in [(64, true), (65, false)] {
        let lines = format!("#1,王伟,\"一{}\",1,2024-06-01", "\n二".repeat(more));
        let outcome = aid::read("long.csv", text(&[&lines, "#2,李芳,探亲,2,2024-06-02"]).as_bytes()).expect("is read");
        assert_eq!(outcome.rows.len(), if is_taken { 2 } else { 1 }, "{more}");
        assert_eq!(outcome.summary.rows_in_file, if is_taken { 3 } else { 68 }, "{more}: every line is told");
    }
}

#[test]
fn headings_may_stand_over_two_lines_and_below_a_title() {
    let one = text(&["#1,王伟,住院,1,2024-06-01"]).replace("金额（元）", "\"金额\n（元）\"");
    check("broken heading", &one, &["2|王伟|住院|1.00|2024-06-01"], &[]);
    let titled = format!("\"救助名单\n（一季度）\"\n{one}");
    check("broken title", &titled, &["3|王伟|住院|1.00|2024-06-01"], &[]);
    let open = format!("\"救助名单\n{one}");
    check("title with an open mark", &open, &["3|王伟|住院|1.00|2024-06-01"], &[]);
}

#[test]
fn the_separator_is_the_one_that_fills_the_headings() {
    let lines = ["#1@王伟@住院@1@2024-06-01", "#2@李芳@探亲@2@2024-06-02"];
    let rows = ["2|王伟|住院|1.00|2024-06-01", "3|李芳|探亲|2.00|2024-06-02"];
    for separator in [",", "\t", ";", "|", "，"] {
        let file = text(&lines).replace([',', '@'], separator);
        check(&format!("plain {separator:?}"), &file, &rows, &[]);
        // Every other mark stands in the texts, and more often.
        for other in [",", "\t", ";", "|", "，"].into_iter().filter(|other| *other != separator) {
            let many = format!("住{}院", format!("{other}甲").repeat(9));
            let shown = if other == "\t" { many.replace('\t', " ") } else { many.clone() };
            let file = text(&lines).replace([',', '@'], separator).replace("住院", &many).replace("探亲", &many);
            let rows = rows.map(|row| row.replace("住院", &shown).replace("探亲", &shown));
            check(&format!("{separator:?} with {other:?}"), &file, &rows.each_ref().map(String::as_str), &[]);
        }
    }
}

#[test]
fn a_line_that_names_the_separator_is_no_row() {
    let row = "#1,王伟,\"住院,手术;x\",1,2024-06-01";
    let rows = ["2|王伟|住院,手术;x|1.00|2024-06-01"];
    check("comma", &format!("sep=,\n{}", text(&[row])), &rows, &[]);
    check("marked", &format!("\u{FEFF}SEP=,\r\n{}", text(&[row])), &rows, &[]);
    check("quoted", &format!("\"sep=,\"\n{}", text(&[row])), &rows, &[]);
    let line = "#1;王伟;住院;1;2024-06-01";
    let file = text(&[line]).replacen(HEADINGS, &HEADINGS.replace(',', ";"), 1);
    check("semicolon", &format!("sep=;\n{file}"), &["2|王伟|住院|1.00|2024-06-01"], &[]);
    check("caret", &format!("sep=^\n{}", file.replace(';', "^")), &["2|王伟|住院|1.00|2024-06-01"], &[]);
    // It says one thing and the file another.
    check("wrong", &format!("sep=;\n{}", text(&[row])), &rows, &[]);
}

#[test]
fn lines_end_with_lf_crlf_cr_and_in_any_mixture() {
    let plain =
        text(&["#1,王伟,住院,1,2024-06-01", "", "#2,李芳,\"一\n二\",2,2024-06-02", "#3,杨小珍,探亲,3,2024-06-03"]);
    let rows = ["2|王伟|住院|1.00|2024-06-01", "4|李芳|一 二|2.00|2024-06-02", "5|杨小珍|探亲|3.00|2024-06-03"];
    for ending in ["\n", "\r\n", "\r", "\r\r\n"] {
        check(&format!("{ending:?}"), &plain.replace('\n', ending), &rows, &[]);
        check(&format!("{ending:?} but for the last"), plain.replace('\n', ending).trim_end(), &rows, &[]);
    }
    let endings = ["\r\n", "\n", "\r", "\r\n", "\n", "\r"];
    let mixed: String = plain.lines().zip(endings).map(|(line, ending)| format!("{line}{ending}")).collect();
    check("mixed", &mixed, &rows, &[]);
    let broken = plain.replace("住院", "住\r院").replace("探亲", "探\r亲");
    let rows = rows.map(|row| row.replace("住院", "住 院").replace("探亲", "探 亲"));
    check("CR inside of a cell", &broken, &rows.each_ref().map(String::as_str), &[]);
}

#[test]
fn a_line_of_very_many_cells_costs_its_row_and_a_table_of_them_is_refused() {
    let wide = "1,".repeat(400_000);
    let file = text(&["#1,王伟,住院,1,2024-06-01", &wide, "#2,李芳,探亲,2,2024-06-02"]);
    let rows = ["2|王伟|住院|1.00|2024-06-01", "4|李芳|探亲|2.00|2024-06-02"];
    check("wide", &file, &rows, &[(3, TooLong)]);
    let longer = "1,".repeat(1_000_000);
    check("long", &file.replace(&wide, &longer), &rows, &[(3, TooLong)]);
    let all = aid::read("all.csv", format!("{wide}\n").repeat(3).as_bytes());
    assert!(matches!(all, Err(Refusal::TooManyColumns { found: 400_001, limit: 512, .. })));
    // Of lines that were cut nobody knows the columns.
    let cut = aid::read("cut.csv", format!("{longer}\n").repeat(3).as_bytes());
    assert!(matches!(cut, Err(Refusal::NoHeadings { .. })));
}
