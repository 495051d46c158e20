//! What is said of a command line that is none, in a language: by the kind of mistake.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Arg, Command, Error};
use model::{NotADay, NotARegion};
use std::num::ParseIntError;
use words::{Advice, Language, Wording, advice, list, wording};

/// What is wrong, what to do and how the command is written; `None` for help and versions that were asked for. `whole`: the command
/// line in the language.
pub(super) fn said(error: &Error, whole: &Command, language: Language) -> Option<String> {
    let Advice { what, hint } = advice_of(error, whole)?;
    let mut said =
        format!("{}\n  {}", what.of(language), language.fill("trouble_hint", &[("hint", &hint.of(language))]));
    let usage = usage(error);
    if !usage.is_empty() {
        said += &format!("\n\n{} {usage}", language.say("help_usage"));
    }
    Some(said)
}

fn advice_of(error: &Error, whole: &Command) -> Option<Advice> {
    let (argument, value) = (text(error, ContextKind::InvalidArg), text(error, ContextKind::InvalidValue));
    let command = text(error, ContextKind::InvalidSubcommand);
    let explained = || explained(error, &argument, whole);
    Some(match error.kind() {
        ErrorKind::DisplayHelp
        | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand
        | ErrorKind::DisplayVersion
        | ErrorKind::Io
        | ErrorKind::Format => return None,
        ErrorKind::InvalidSubcommand => {
            advice!("use_command_unknown", command, near = near(error, ContextKind::SuggestedSubcommand))
        }
        ErrorKind::MissingSubcommand => advice!("use_command_missing"),
        ErrorKind::UnknownArgument => {
            advice!("use_argument_unknown", argument, near = near(error, ContextKind::SuggestedArg))
        }
        ErrorKind::MissingRequiredArgument => {
            let missing = texts(error, ContextKind::InvalidArg);
            let missing = list(missing.iter().map(|argument| self::explained(error, argument, whole)));
            advice!("use_argument_missing", missing)
        }
        ErrorKind::InvalidValue if value.is_empty() => advice!("use_value_missing", argument = explained()),
        ErrorKind::InvalidValue | ErrorKind::ValueValidation => {
            advice!("use_value_unfit", value, argument = explained(), form = form(error))
        }
        ErrorKind::TooManyValues => advice!("use_value_surplus", value, argument = explained()),
        ErrorKind::TooFewValues | ErrorKind::WrongNumberOfValues | ErrorKind::NoEquals => {
            advice!("use_value_missing", argument = explained())
        }
        ErrorKind::ArgumentConflict => {
            let others = texts(error, ContextKind::PriorArg);
            match others.is_empty() || others.contains(&argument) {
                true => advice!("use_argument_twice", argument),
                false => advice!("use_arguments_conflict", argument, others = list(others)),
            }
        }
        ErrorKind::InvalidUtf8 => advice!("use_no_utf8"),
        _ => advice!("use_wrong"),
    })
}

/// Whatever the parser says of this kind, as texts.
fn texts(error: &Error, kind: ContextKind) -> Vec<String> {
    match error.get(kind) {
        Some(ContextValue::String(text)) => vec![text.clone()],
        Some(ContextValue::Strings(texts)) => texts.clone(),
        _ => Vec::new(),
    }
}

fn text(error: &Error, kind: ContextKind) -> String {
    texts(error, kind).join(" ")
}

/// The nearest that there is, or where all are listed.
fn near(error: &Error, kind: ContextKind) -> Wording {
    // The likeliest one is named last.
    match texts(error, kind).last() {
        Some(name) => wording!("use_nearest", name),
        None => wording!("use_help"),
    }
}

/// `shouwang check [OPTIONS] <PACKAGE>`; empty where the parser does not say it.
fn usage(error: &Error) -> String {
    let usage = error.get(ContextKind::Usage).map(ToString::to_string).unwrap_or_default();
    usage.trim_start_matches("Usage:").trim().to_owned()
}

/// An argument with what its help says of it.
fn explained(error: &Error, argument: &str, whole: &Command) -> Wording {
    let usage = usage(error);
    let command = usage.split_whitespace().nth(1).and_then(|name| whole.find_subcommand(name)).unwrap_or(whole);
    let is_it = |known: &&Arg| known.to_string().trim_end_matches("...") == argument.trim_end_matches("...");
    match command.get_arguments().find(is_it).and_then(Arg::get_help) {
        Some(help) => wording!("use_argument_explained", argument, help),
        None => Wording::same(argument),
    }
}

/// What may be written in the place of a value that does not fit.
fn form(error: &Error) -> Wording {
    let possible = texts(error, ContextKind::ValidValue);
    if !possible.is_empty() {
        return wording!("use_possible", possible = list(possible));
    }
    let Some(source) = std::error::Error::source(error) else { return wording!("use_help") };
    if source.is::<NotADay>() {
        return wording!("use_day");
    }
    if source.is::<NotARegion>() {
        return wording!("use_region");
    }
    if source.is::<ParseIntError>() { wording!("use_number") } else { wording!("use_help") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::arguments::help::command_line;

    /// What is said of a line in Chinese and in English.
    fn of(line: &str) -> [String; 2] {
        [Language::CHINESE, Language::ENGLISH].map(|language| {
            let read = command_line(language).try_get_matches_from(line.split(' '));
            said(&read.expect_err(line), &command_line(language), language).expect("a mistake")
        })
    }

    #[test]
    fn wrong_use_is_told_by_its_kind_in_the_language() {
        let cases: [(&str, &[&str]); 16] = [
            ("shouwang chek", &["没有命令 `chek`", "是不是 `check`"]),
            ("shouwang qqqq", &["没有命令 `qqqq`", "shouwang --help"]),
            ("shouwang help nix", &["没有命令 `nix`"]),
            ("shouwang --json", &["没有写命令"]),
            ("shouwang verify", &["缺少 --dir <DIR>(安装文件夹)", "shouwang verify --dir <DIR>"]),
            ("shouwang check", &["缺少 <PACKAGE>(政策包的文件夹)"]),
            ("shouwang verify --dirr a", &["不认识 `--dirr`", "是不是 `--dir`"]),
            ("shouwang verify --dir", &["--dir <DIR>", "后面没有写值"]),
            ("shouwang verify --dir a b", &["不认识 `b`"]),
            ("shouwang verify --dir a --dir b", &["--dir <DIR>` 只能写一次"]),
            ("shouwang leads --dir a --format pdf", &["`pdf` 不能用作 --format <FORMAT>", "table、csv"]),
            ("shouwang demo --day 2024-13-01", &["`2024-13-01`", "写成 2021-05-27"]),
            ("shouwang demo --region 12345", &["`12345`", "2、4、6、9 或 12 位"]),
            ("shouwang demo --households many", &["`many`"]),
            ("shouwang demo --port 70000", &["`70000`"]),
            ("shouwang migrate --dir a --plan --recalculate", &["不能同用", "--plan"]),
        ];
        let mut odd = Vec::new();
        for (line, parts) in cases {
            let [chinese, english] = of(line);
            odd.extend(
                parts
                    .iter()
                    .filter(|part| !chinese.contains(**part))
                    .map(|part| format!("{line}: no {part} in\n{chinese}")),
            );
            let foreign =
                ["Usage", "error:", "argument", "value", "tip"].into_iter().filter(|word| chinese.contains(word));
            odd.extend(foreign.map(|word| format!("{line}: {word} in\n{chinese}")));
            if english.contains(|letter| ('\u{3001}'..='\u{9fff}').contains(&letter)) {
                odd.push(format!("{line}:\n{english}"));
            }
        }
        assert!(odd.is_empty(), "{}", odd.join("\n\n"));
    }

    #[test]
    fn help_and_versions_that_are_asked_for_are_no_mistakes() {
        for line in ["shouwang --help", "shouwang help check", "shouwang check -h", "shouwang -V", "shouwang"] {
            let error = command_line(Language::CHINESE).try_get_matches_from(line.split(' ')).expect_err(line);
            assert_eq!(said(&error, &command_line(Language::CHINESE), Language::CHINESE), None, "{line}");
        }
    }
}
