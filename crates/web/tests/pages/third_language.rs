//! The guide for a language, followed: a copied folder is a language of pages, of the API and of what is kept.

use crate::browser::Browser;
use crate::fixture::{World, today};
use crate::house::officer;
use std::path::Path;
use std::process::Command as Process;
use store::{Command, ImportState, ImportSummary, NewImport};
use words::Language;

/// Tag and name of the language: Nuosu Yi, as the guide has it.
const TAG: &str = "ii";
const NAME: &str = "ꆈꌠꉙ";
/// What stands before every text that was translated.
const TRANSLATED: &str = "ꉬ ";

/// Languages are those of a whole process, so this one is run by itself.
#[test]
fn a_copied_folder_is_a_language() {
    let mut alone = Process::new(std::env::current_exe().expect("this program"));
    let done = alone.args(["--ignored", "--exact", "third_language::pages_answers_and_receipts_come_in_it"]).output();
    let done = done.expect("it runs");
    let said = String::from_utf8_lossy(&done.stdout);
    assert!(done.status.success() && said.contains("1 passed"), "{said}{}", String::from_utf8_lossy(&done.stderr));
}

/// The three steps of the guide: the copy, its name in `language.toml`, the translation of the other files.
fn follow_the_guide() -> Language {
    let english = Path::new(env!("CARGO_MANIFEST_DIR")).join("../words/en");
    let mut parts: Vec<&'static str> = Vec::new();
    for file in std::fs::read_dir(english).expect("the folder").flatten().map(|entry| entry.path()) {
        let text = std::fs::read_to_string(&file).expect("a file");
        let changed = match file.file_name().is_some_and(|name| name == "language.toml") {
            true => text.replace("language_name = \"English\"", &format!("language_name = \"{NAME}\"")),
            false => translated(&text.parse().expect("TOML")).to_string(),
        };
        parts.push(changed.leak());
    }
    words::add_folder(TAG, parts.leak()).expect("nothing was said before")
}

fn translated(texts: &toml::Table) -> toml::Table {
    let one = |text: &toml::Value| match text {
        toml::Value::String(text) => toml::Value::String(format!("{TRANSLATED}{text}")),
        toml::Value::Table(texts) => toml::Value::Table(translated(texts)),
        other => other.clone(),
    };
    texts.iter().map(|(key, text)| (key.clone(), one(text))).collect()
}

/// An import whose receipt says this.
fn receipt(world: &World, message: words::Wording) -> String {
    let mut accounts = world.store.accounts().expect("a store").into_iter();
    let account = accounts.find(|one| one.name == officer(world)).expect("an account");
    let actor = model::Actor {
        account: account.name,
        shown_name: account.shown_name,
        role: account.role,
        region: account.region,
        department: account.department,
    };
    let registers = world.package.registers.iter();
    let mut imported = registers.filter(|(_, register)| register.may_import.contains(&actor.role));
    let new = NewImport {
        dataset: imported.next().expect("a register to import").0.clone(),
        file_name: "a.xlsx".into(),
        file_hash: "abcdefabcdef0123".into(),
        bytes: 10,
        region: actor.region,
        delivered_on: today(),
        said_days: (None, None),
    };
    let apply = |command: Command| {
        world.store.apply(&actor, model::Moment { day: today(), at_ms: 1_795_320_000_000 }, command).expect("is done")
    };
    let import = apply(Command::BeginImport(new)).id.expect("an id");
    let summary = ImportSummary { state: ImportState::Refused, message, ..ImportSummary::default() };
    apply(Command::FinishImport { import: import.clone(), summary });
    format!("/imports/{import}")
}

#[tokio::test]
#[ignore = "adds a language to its process: run by `a_copied_folder_is_a_language`"]
async fn pages_answers_and_receipts_come_in_it() {
    let third = follow_the_guide();
    assert_eq!(Language::all().map(Language::tag).collect::<Vec<_>>(), ["zh-CN", "en", TAG]);
    let world = World::new();
    let chinese = Browser::of(&world, officer(&world), "").get("/leads").await;
    assert!(chinese.text.contains(&format!("value=\"{TAG}\" lang=\"{TAG}\">{NAME}</button>")), "a button in the bar");
    let browser = Browser::of(&world, officer(&world), &format!("; sw_language={TAG}"));
    let page = browser.get("/leads").await;
    assert!(page.text.contains(&format!("<html lang=\"{TAG}\"")), "{}", page.text);
    let menu = format!("{TRANSLATED}{}", Language::ENGLISH.say("menu_leads"));
    assert!(page.text.contains(&menu) && page.text.contains(">中文</button>"), "{}", page.visible());
    let refused = browser.get("/nothing-here").await.visible();
    assert!(refused.contains(TRANSLATED) && !refused.contains("??"), "{refused}");
    let kept = words::wording("record_remarks", &[]);
    assert_eq!(kept.of(third), format!("{TRANSLATED}{}", Language::ENGLISH.say("record_remarks")));
    let receipt = receipt(&world, kept.clone());
    assert!(browser.get(&receipt).await.visible().contains(kept.of(third)), "what was kept is read again");
    let in_chinese = Browser::of(&world, officer(&world), "").get(&receipt).await.visible();
    assert!(in_chinese.contains(kept.chinese()) && !in_chinese.contains(TRANSLATED), "{in_chinese}");
}
