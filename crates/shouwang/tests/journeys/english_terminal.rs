//! On a terminal in English the program speaks English, in what it prints and in the files that it gives back.

use crate::harness::{Story, files, text};
use crate::workbook::Book;
use serde_json::Value;
use std::path::Path;

const LOCALE: &str = "en_GB.UTF-8";

fn has_han(text: &str) -> bool {
    text.contains(|letter| ('\u{3001}'..='\u{9fff}').contains(&letter))
}

#[test]
fn what_is_said_on_a_terminal_is_in_its_language() {
    let story = Story::begin();
    let cases: [(&[&str], &str, &str); 3] = [
        (&["verify", "--dir", "nowhere"], "建议:", "What to do:"),
        (&["--help"], "检查政策包", "Check a policy package"),
        (&["import", "--help"], "数据起始日期", "First day that the file covers"),
    ];
    for (arguments, chinese, english) in cases {
        let said = |locale: &str| {
            let output = story.try_run_in(locale, arguments);
            String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).into_owned()
        };
        let (in_chinese, in_english) = (said("zh_CN.UTF-8"), said(LOCALE));
        assert!(in_chinese.contains(chinese) && !in_chinese.contains(english), "{in_chinese}");
        assert!(in_english.contains(english) && !in_english.contains(chinese), "{in_english}");
    }
    let refused = story.try_run_in(LOCALE, &["verify", "--dir", "nowhere"]);
    assert_eq!(refused.status.code(), Some(1));
    let refused = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.contains("nowhere cannot be opened") && !has_han(&refused), "{refused}");
}

#[test]
fn what_goes_back_to_the_author_is_in_the_language_of_the_terminal() {
    let story = Story::begin();
    let sample = story.sample("sample", 20, 41, &[]);
    story.init();
    let (_, residents) = files(&sample).into_iter().find(|(name, _)| name == "resident").expect("residents");
    // Without their households nobody knows where they live.
    let dir = text(&story.dir());
    let output = story.try_run_in(LOCALE, &["--json", "import", "--dir", &dir, "resident", &residents]);
    let report: Value = serde_json::from_slice(&output.stdout).expect("a summary");
    let message = report[0]["summary"]["message"].as_str().expect("a message");
    assert!(message.contains("household numbers that are not in the register") && !has_han(message), "{message}");
    let unmatched = report[0]["unmatched_file"].as_str().expect("rows go back");
    assert!(unmatched.ends_with("-unmatched.xlsx"), "{unmatched}");
    let book = Book::open(Path::new(unmatched)).all_text();
    for part in ["Explanation", "As it stands (masked)", "The register of households does not have this number"] {
        assert!(book.contains(part), "{part}: {book}");
    }
}

#[test]
fn what_is_wrong_with_a_package_is_read_by_programs_in_the_language_of_the_terminal() {
    let story = Story::with_own_package();
    let rule = story.package.join("rules/accident_injury.toml");
    let right = std::fs::read_to_string(&rule).expect("a rule");
    std::fs::write(&rule, right.replacen("severity", "sevrity", 1)).expect("writes");
    let package = text(&story.package);
    for (locale, what) in [(LOCALE, "There is no key `sevrity`"), ("zh_CN.UTF-8", "不认识的键 `sevrity`")] {
        let output = story.try_run_in(locale, &["--json", "check", &package]);
        assert_eq!(output.status.code(), Some(1));
        let report: Value = serde_json::from_slice(&output.stdout).expect("a summary");
        assert_eq!((&report["errors"], &report["failed"]), (&Value::from(1), &Value::Array(Vec::new())), "{report}");
        let problem = &report["problems"][0];
        assert_eq!((&problem["what"], &problem["gravity"]), (&Value::from(what), &Value::from("error")), "{report}");
        assert!(problem["file"].as_str().is_some_and(|file| file.ends_with("accident_injury.toml")), "{report}");
        assert!(problem["line"].as_u64() > Some(1) && problem["column"] == 1, "{report}");
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(said.contains(what), "{said}");
    }
    let refused = story.try_run_in(LOCALE, &["new", "rule", "Bad", "--package", &package]);
    let refused = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.contains("has mistakes") && !has_han(&refused), "{refused}");
    std::fs::write(&rule, right).expect("writes");
    let refused = story.try_run_in(LOCALE, &["new", "rule", "Bad", "--package", &package]);
    let refused = String::from_utf8_lossy(&refused.stderr).into_owned();
    assert!(refused.contains("`Bad` cannot be a name") && refused.contains("Only small letters"), "{refused}");
}
