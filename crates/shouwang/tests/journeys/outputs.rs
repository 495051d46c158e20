//! Files and lists that commands write: what their names say, where the help says, on China's day.

use crate::harness::{Story, program, text};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

fn screened() -> Story {
    let story = Story::begin();
    let sample = story.sample("sample", 200, 7, &["--format", "csv"]);
    story.init();
    story.import_all(&sample);
    story.screen();
    story
}

/// What a file is, by its first bytes.
fn kind_of(content: &[u8]) -> &'static str {
    match content {
        [b'P', b'K', ..] => "xlsx",
        [b'P', b'A', b'R', b'1', ..] => "parquet",
        [b'[' | b'{', ..] => "json",
        _ if String::from_utf8_lossy(content).contains("条;shouwang explain") => "table",
        _ if content.windows(2).any(|pair| pair == b"\r\n") || content.contains(&b',') => "csv",
        _ => "nothing known",
    }
}

#[test]
fn a_file_holds_what_its_name_says() {
    let story = screened();
    let dir = text(&story.dir());
    let cases: [(&[&str], &str, &str); 9] = [
        (&["export", "household"], "x.csv", "csv"),
        (&["export", "household"], "x.xlsx", "xlsx"),
        (&["export", "household", "--format", "csv"], "x", "csv"),
        (&["leads"], "l.csv", "csv"),
        (&["leads"], "l.XLSX", "xlsx"),
        (&["leads"], "l.parquet", "parquet"),
        (&["leads"], "l.json", "json"),
        (&["leads"], "l.txt", "table"),
        (&["template", "household"], "t.xlsx", "xlsx"),
    ];
    for (command, name, kind) in cases {
        let out = text(&story.path(name));
        story.run(&[&command[..1], &["--dir", &dir], &command[1..], &["--out", &out]].concat());
        let content = std::fs::read(&out).unwrap_or_else(|error| panic!("{command:?} {name}: {error}"));
        assert_eq!(kind_of(&content), kind, "{command:?} {name}");
    }
    let refused: [(&[&str], &str); 11] = [
        (&["export", "household"], "x.parquet"),
        (&["export", "household"], "x.xls"),
        (&["export", "household"], "x"),
        (&["export", "household", "--format", "xlsx"], "x.csv"),
        (&["export", "household", "--format", "xlsx"], "x.doc"),
        (&["leads"], "l.pdf"),
        (&["leads", "--format", "json"], "l.csv"),
        (&["template", "household"], "t.csv"),
        (&["schema", "household"], "s.xlsx"),
        (&["sql"], "s.csv"),
        (&["screen", "--dry-run", "--pairs"], "p.xlsx"),
    ];
    for (command, name) in refused {
        let out = text(&story.path(&format!("new-{name}")));
        let to: &[&str] = if command.contains(&"--pairs") { &[&out] } else { &["--out", &out] };
        let said = story.refused(&[&command[..1], &["--dir", &dir], &command[1..], to].concat());
        assert!(said.contains("没有写出") && said.contains("建议"), "{command:?} {name}: {said}");
        assert!(!Path::new(&out).exists(), "{command:?} {name}");
    }
}

#[test]
fn lists_come_on_standard_output_where_the_help_says_so() {
    let story = screened();
    let dir = text(&story.dir());
    let leads = story.leads().len();
    let on_output = |arguments: &[&str]| {
        let output = story.try_run(&[arguments, &["--dir", &dir]].concat());
        let errors = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{arguments:?}: {errors}");
        output.stdout
    };
    for (arguments, kind) in [
        (&["leads"][..], "table"),
        (&["leads", "--format", "table"], "table"),
        (&["leads", "--format", "csv"], "csv"),
        (&["leads", "--format", "json"], "json"),
        (&["schema", "household"], "json"),
    ] {
        assert_eq!(kind_of(&on_output(arguments)), kind, "{arguments:?}");
    }
    assert!(String::from_utf8_lossy(&on_output(&["sql"])).to_lowercase().contains("select"));
    let csv = on_output(&["leads", "--format", "csv"]);
    let out = text(&story.path("again.csv"));
    story.run(&["leads", "--dir", &dir, "--out", &out]);
    let file = std::fs::read(&out).expect("the file");
    assert_eq!(file.strip_prefix(b"\xef\xbb\xbf").expect("a mark for spreadsheets"), csv, "the same lines");
    assert_eq!(csv.iter().filter(|byte| **byte == b'\n').count(), leads + 1);
    let left = std::fs::read_dir(story.dir().join("out")).into_iter().flatten().flatten();
    assert!(
        left.into_iter().all(|entry| !entry.file_name().to_string_lossy().starts_with(".leads")),
        "nothing is left"
    );
    assert_eq!(story.run(&["leads", "--dir", &dir, "--format", "csv"])["rows"], leads, "one summary for machines");
    for format in ["xlsx", "parquet"] {
        assert!(story.refused(&["leads", "--dir", &dir, "--format", format]).contains("--out"), "{format}");
    }
    let help = String::from_utf8(story.try_run(&["leads", "--help"]).stdout).expect("text");
    assert!(help.contains("不写时打印到标准输出(xlsx 和 parquet 必须写)"), "{help}");
}

#[test]
fn the_day_is_chinas_wherever_the_machine_stands() {
    let story = Story::begin();
    story.init();
    let dir = text(&story.dir());
    let now = || {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("a clock");
        model::moment_at(i64::try_from(since.as_millis()).expect("a clock"))
    };
    // The last zone is a day behind China at any time.
    for zone in ["Asia/Shanghai", "UTC", "America/Los_Angeles", "Pacific/Kiritimati", "BEHIND16"] {
        let out = text(&story.path("out.csv"));
        let before = now();
        let mut export = program();
        export.args(["export", "--dir", &dir, "household", "--out", &out]).env("TZ", zone);
        assert!(export.status().expect("it starts").success());
        let after = now();
        let head = std::fs::read_to_string(&out).expect("the file");
        let head = head.lines().next().unwrap_or_default();
        assert!(head.contains(&before) || head.contains(&after), "{zone}: {head}, not {before}");
    }
}
