//! The guides for registers and steps work word by word: their blocks are applied to a copy of the package, up to the last check.

use lifecycle::run_cases;
use policy::scaffold::{Scaffold, scaffold};
use policy::{Package, Problem};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use words::Language;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// A fenced block: its language, its text, and the words that stand before it.
struct Block {
    language: String,
    text: String,
    before: String,
}

fn blocks(page: &str) -> Vec<Block> {
    let mut blocks = Vec::new();
    let (mut before, mut open): (String, Option<(String, String)>) = (String::new(), None);
    for line in page.lines() {
        match (line.strip_prefix("```"), open.take()) {
            (Some(language), None) => open = Some((language.to_owned(), String::new())),
            (Some(_), Some((language, text))) => {
                blocks.push(Block { language, text, before: std::mem::take(&mut before) });
            }
            (None, Some((language, text))) => open = Some((language, format!("{text}{line}\n"))),
            (None, None) if !line.trim().is_empty() => line.clone_into(&mut before),
            (None, None) => {}
        }
    }
    blocks
}

/// The path in the backticks of a sentence.
fn path_in(sentence: &str) -> &str {
    sentence.split('`').nth(1).unwrap_or_else(|| panic!("no file is named in: {sentence}"))
}

/// A copy of all packages, and what the reader of the guide does to it.
struct Reader {
    folder: tempfile::TempDir,
    package: PathBuf,
    /// The place where the last "replace" stands: file and text.
    replaced: Option<(PathBuf, String)>,
    /// What the last check said, and how many checks there were.
    said: Vec<Problem>,
    passed: usize,
    checks: usize,
    /// Commands that follow the checks and need an installation.
    left_out: Vec<String>,
}

impl Reader {
    fn follow(&mut self, block: &Block) {
        let before = block.before.as_str();
        match block.language.as_str() {
            "sh" => block.text.lines().for_each(|line| self.command(line)),
            "text" => self.reads(&block.text),
            "toml" if before.ends_with("replace") => {
                self.replaced = Some((self.file(path_in(before)), block.text.clone()));
            }
            "toml" if before == "by" => {
                let (path, old) = self.replaced.take().expect("something to replace");
                let text = fs::read_to_string(&path).expect("reads");
                assert_eq!(text.matches(&old).count(), 1, "stands once in {}:\n{old}", path.display());
                fs::write(&path, text.replace(&old, &block.text)).expect("writes");
            }
            "toml" if before.starts_with("At the end of") => {
                let path = self.file(path_in(before));
                let text = fs::read_to_string(&path).expect("reads");
                fs::write(&path, format!("{text}\n{}", block.text)).expect("writes");
            }
            "toml" if before.ends_with("reads") => {
                let path = self.file(path_in(before));
                fs::create_dir_all(path.parent().expect("a folder")).expect("makes");
                fs::write(&path, &block.text).expect("writes");
            }
            other => panic!("the reader does not know what to do with a block of {other} after: {before}"),
        }
    }

    fn file(&self, inside: &str) -> PathBuf {
        self.folder.path().join(&self.package).join(inside)
    }

    fn load(&self) -> Package {
        Package::load(&self.folder.path().join(&self.package), &[]).unwrap_or_else(|problems| panic!("{problems}"))
    }

    fn command(&mut self, line: &str) {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words.as_slice() {
            ["shouwang", "new", thing, name, "--package", package] => {
                self.package = PathBuf::from(package);
                let thing = match *thing {
                    "register" => Scaffold::Register,
                    "source" => Scaffold::Source,
                    "fact" => Scaffold::Fact,
                    "rule" => Scaffold::Rule,
                    other => panic!("the reader makes no {other}"),
                };
                for (path, text) in scaffold(&self.load(), thing, name, Language::CHINESE).expect("scaffolds") {
                    fs::write(self.file(&path), text).expect("writes");
                }
            }
            ["shouwang", "check", package] => {
                self.package = PathBuf::from(package);
                let package = self.load();
                let report = run_cases(&package);
                assert!(report.failed.is_empty(), "{:?}", report.failed);
                (self.said, self.passed) = (package.warnings, report.passed);
                self.checks += 1;
            }
            ["shouwang", ..] => self.left_out.push(line.to_owned()),
            ["sed", ..] => {
                let done = Command::new("sh").args(["-c", line]).current_dir(self.folder.path()).status();
                assert!(done.expect("a shell").success(), "{line}");
            }
            _ => panic!("not a command of the program: {line}"),
        }
    }

    /// Every line of a block of output must have been said by the last check.
    fn reads(&self, text: &str) {
        let said: Vec<String> = self.said.iter().map(ToString::to_string).collect();
        for line in text.lines() {
            assert!(said.iter().any(|problem| problem.contains(line)), "not said: {line}\nbut: {said:?}");
        }
        assert_eq!(said.len(), text.lines().count(), "{said:?}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).expect("makes");
    for entry in fs::read_dir(from).expect("lists").map(|entry| entry.expect("an entry").path()) {
        let target = to.join(entry.file_name().expect("a name"));
        if entry.is_dir() {
            copy(&entry, &target);
        } else {
            fs::copy(&entry, &target).expect("copies");
        }
    }
}

fn guide(name: &str) -> Vec<Block> {
    blocks(&fs::read_to_string(root().join("docs/guides").join(name)).expect("the guide"))
}

/// A reader before the first line, with a copy of all packages.
fn reader() -> Reader {
    let folder = tempfile::tempdir().expect("a folder");
    copy(&root().join("policy"), &folder.path().join("policy"));
    Reader {
        folder,
        package: PathBuf::new(),
        replaced: None,
        said: Vec::new(),
        passed: 0,
        checks: 0,
        left_out: Vec::new(),
    }
}

/// Follows a guide; gives the reader and how many cases its last check ran more than its first.
fn follow(name: &str) -> (Reader, usize) {
    let mut reader = reader();
    let mut passed = Vec::new();
    for block in guide(name) {
        reader.follow(&block);
        passed.push(reader.passed);
    }
    assert_eq!(reader.checks, 2, "the guide checks before and after its cases");
    assert!(reader.said.is_empty(), "the last check has nothing to remark: {:?}", reader.said);
    let first = passed.iter().find(|count| **count > 0).copied().unwrap_or(0);
    let more = reader.passed - first;
    (reader, more)
}

#[test]
fn the_guide_for_a_register_works_word_by_word() {
    let (reader, cases) = follow("add-a-register.md");
    assert_eq!(cases, 6, "the cases of the guide are run");
    assert!(reader.left_out.iter().all(|line| line.contains(" --dir ")), "{:?}", reader.left_out);
    let register = &reader.load().registers["heating_subsidy"];
    assert_eq!(register.label, "取暖补贴");
    assert!(register.field_named("fuel_code").is_some());
}

#[test]
fn the_guide_for_a_changed_register_works_word_by_word_behind_that_for_a_register() {
    let (mut reader, _) = follow("add-a-register.md");
    let before = reader.passed;
    guide("change-a-register.md").iter().for_each(|block| reader.follow(block));
    assert_eq!((reader.checks, reader.passed), (3, before), "the cases hold under the new names");
    assert!(reader.said.is_empty(), "the last check has nothing to remark: {:?}", reader.said);
    let package = reader.load();
    let register = &package.registers["heating_subsidy"];
    assert!(register.field_named("granted_fen").is_some() && register.field_named("left_fen").is_none());
    let changes = &package.worked_out;
    assert_eq!(changes.kept_field("heating_subsidy", None, "granted_fen"), "approved_fen");
    assert!(changes.is_removed("heating_subsidy", None, Some("left_fen")));
    let recoded: Vec<(&str, &str)> =
        changes.recoded("heating_fuel").iter().map(|one| (one.old.as_str(), one.new.as_str())).collect();
    assert_eq!(recoded, [("3", "1")]);
}

#[test]
fn the_guide_for_a_step_works_word_by_word() {
    let (reader, cases) = follow("add-a-step.md");
    assert_eq!(cases, 11, "the cases of the guide are run");
    let register = &reader.load().registers["home_aid"];
    let names: Vec<&str> = register.step.iter().map(|step| step.name.as_str()).collect();
    assert_eq!(names, ["approve", "finish", "publish", "pause", "take_up", "lapse"]);
}

#[test]
fn the_guides_for_a_source_a_fact_and_a_rule_work_word_by_word_one_after_the_other() {
    let mut reader = reader();
    let mut passed = Vec::new();
    for name in ["add-a-source.md", "add-a-fact.md", "add-a-rule.md"] {
        guide(name).iter().for_each(|block| reader.follow(block));
        let of_the_guide = reader.said.iter().filter(|problem| problem.to_string().contains("heating"));
        assert_eq!(of_the_guide.count(), 0, "{name}: the check has something to remark: {:?}", reader.said);
        passed.push(reader.passed);
    }
    assert_eq!(reader.checks, 3, "each guide ends with a check");
    let more: Vec<usize> = passed.windows(2).map(|pair| pair[1] - pair[0]).collect();
    assert_eq!(more, [4, 5], "the cases of the guides are run");
    let package = reader.load();
    assert_eq!(package.sources["heating_bill"].label, "取暖缴费");
    assert_eq!(package.facts_behind("heating_cost"), ["heating_cost_12m_fen"]);
    assert!(package.parameters_behind("heating_cost").contains("heating_line"));
}
