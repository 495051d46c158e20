//! Every command line of the documents is one that the program takes.

use super::Arguments;
use super::help::command_line;
use clap::Parser;
use std::path::{Path, PathBuf};
use words::Language;

fn documents() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let guides = std::fs::read_dir(root.join("docs/guides")).expect("the guides").flatten().map(|entry| entry.path());
    [root.join("README.md"), root.join("docs/architecture.md")].into_iter().chain(guides).collect()
}

/// The command lines of a document: lines of blocks, and what stands in backticks with an option.
fn command_lines(text: &str) -> Vec<String> {
    let (mut found, mut in_block) = (Vec::new(), false);
    for line in text.lines() {
        if line.trim_start().starts_with("```") {
            in_block = !in_block;
        } else if in_block && line.trim_start().starts_with("shouwang ") {
            found.push(line.split(" #").next().unwrap_or_default().trim().to_owned());
        } else if !in_block {
            let quoted = line.split('`').skip(1).step_by(2);
            found
                .extend(quoted.filter(|text| text.starts_with("shouwang ") && text.contains(" --")).map(str::to_owned));
        }
    }
    found
}

/// The words of a line, as a shell would split it; `...` stands for what the reader fills in.
fn words(line: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ' ' if !quoted => words.push(String::new()),
            letter => words.last_mut().expect("a word").push(letter),
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// What the program says against a line, if it says anything. What the reader still has to fill in may be missing.
fn refused(line: &str) -> Option<String> {
    let words = words(line);
    let is_open = words.iter().any(|word| word == "...");
    let error = Arguments::try_parse_from(words.iter().filter(|word| *word != "...")).err()?;
    let is_missing = error.kind() == clap::error::ErrorKind::MissingRequiredArgument;
    (!(is_open && is_missing)).then(|| error.to_string())
}

#[test]
fn every_command_line_of_the_documents_is_taken() {
    let mut count = 0;
    for path in documents() {
        let text = std::fs::read_to_string(&path).expect("a document");
        for line in command_lines(&text) {
            count += 1;
            let refused = refused(&line);
            assert!(refused.is_none(), "{}: {line}\n{}", path.display(), refused.unwrap_or_default());
        }
    }
    assert!(count > 40, "only {count} command lines are seen");
}

#[test]
fn a_line_that_the_program_does_not_take_is_seen() {
    for (line, is_taken) in [
        ("shouwang verify --dir county", true),
        ("shouwang verify --directory county", false),
        ("shouwang verify", false),
        ("shouwang init --database \"postgres://a b\" ...", true),
        ("shouwang init --databas x ...", false),
        ("shouwang forget --dir county", false),
        ("shouwang freeze --dir county 2024", true),
        ("shouwang freeze --dir county twenty", false),
    ] {
        assert_eq!(refused(line).is_none(), is_taken, "{line}: {:?}", refused(line));
    }
    let page = "`shouwang leads`\n```\nshouwang leads --dir a # why\n```\nand `shouwang leads --dir b`\n";
    assert_eq!(command_lines(page), ["shouwang leads --dir a", "shouwang leads --dir b"]);
}

#[test]
fn every_command_is_explained_in_every_language() {
    for language in Language::all() {
        let whole = command_line(language);
        assert_eq!(whole.get_about().map(ToString::to_string).as_deref(), Some(language.say("program_about")));
        let commands: Vec<&str> = whole.get_subcommands().map(clap::Command::get_name).collect();
        assert!(commands.len() > 15, "{commands:?}");
        for command in whole.get_subcommands() {
            let own = language.words().get(&format!("command_{}", command.get_name())).map(String::as_str);
            let about = command.get_about().map(ToString::to_string);
            assert!(own.is_some() && about.as_deref() == own, "{} in {}", command.get_name(), language.tag());
        }
    }
}

/// What a command and each of its arguments say, e.g. `import --partial`.
fn explained(command: &clap::Command) -> Vec<(String, Option<String>)> {
    let of_argument = |argument: &clap::Arg| {
        (format!("{} {}", command.get_name(), argument.get_id()), argument.get_help().map(ToString::to_string))
    };
    command.get_arguments().map(of_argument).collect()
}

#[test]
fn every_argument_is_explained_in_every_language() {
    let read = |language: Language| {
        let whole = command_line(language);
        let of_commands = whole.get_subcommands().filter(|command| command.get_name() != "help").flat_map(explained);
        explained(&whole).into_iter().chain(of_commands).collect::<Vec<_>>()
    };
    let has_han = |text: &str| text.contains(|letter| ('\u{3001}'..='\u{9fff}').contains(&letter));
    let chinese = read(Language::CHINESE);
    assert!(chinese.len() > 120, "{}", chinese.len());
    for (argument, help) in &chinese {
        assert!(help.as_deref().is_some_and(has_han), "{argument}: {help:?}");
    }
    for language in Language::all().skip(1) {
        for ((argument, chinese), (same, help)) in chinese.iter().zip(read(language)) {
            let help = help.unwrap_or_default();
            assert_eq!(*argument, same);
            assert!(!help.is_empty() && help != "??" && Some(&help) != chinese.as_ref(), "{argument}: {help}");
            assert!(language != Language::ENGLISH || !has_han(&help), "{argument}: {help}");
        }
    }
}

#[test]
fn help_pages_read_as_they_always_did() {
    let pages = [
        (Language::CHINESE, "check", include_str!("help/check.zh-CN.txt")),
        (Language::ENGLISH, "check", include_str!("help/check.en.txt")),
        (Language::CHINESE, "import", include_str!("help/import.zh-CN.txt")),
        (Language::ENGLISH, "import", include_str!("help/import.en.txt")),
    ];
    for (language, name, page) in pages {
        let mut whole = command_line(language);
        let command = whole.find_subcommand_mut(name).expect("a command");
        let shown = command.render_help().to_string();
        assert_eq!(shown.trim_end(), page.trim_end(), "{name} in {}:\n{shown}", language.tag());
    }
}
