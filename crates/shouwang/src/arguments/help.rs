//! The help of the command line, in a language.

use super::{Arguments, wrong_use};
use clap::{Arg, ArgAction, Command, CommandFactory, FromArgMatches};
use words::{Language, list};

impl Arguments {
    /// Reads the command line; ends the program where it is not one, or asks for help, which is given in this language.
    pub fn read(language: Language) -> Arguments {
        let found = command_line(language).try_get_matches();
        found.and_then(|found| Arguments::from_arg_matches(&found)).unwrap_or_else(|error| end(error, language))
    }
}

/// Ends the program with help that was asked for, or because of wrong use.
fn end(error: clap::Error, language: Language) -> ! {
    let Some(said) = wrong_use::said(&error, &command_line(language), language) else { error.exit() };
    eprintln!("{said}");
    std::process::exit(error.exit_code())
}

/// The command line with its help in the language. What stands on declarations in the code is for who reads the code.
pub(super) fn command_line(language: Language) -> Command {
    let program = explained(Arguments::command(), language, None).about(language.say("program_about"));
    let mut program = program.mut_subcommands(move |command| {
        let name = command.get_name().to_owned();
        let about = language.say(&format!("command_{name}"));
        explained(command, language, Some(&name)).about(about)
    });
    // The command `help` is there once the rest is built.
    program.build();
    program.mut_subcommand("help", |help| {
        let page = template(&help, language);
        help.about(language.say("command_help")).help_template(page)
    })
}

/// A command whose arguments are explained.
fn explained(command: Command, language: Language, name: Option<&str>) -> Command {
    let flag =
        |name: &'static str, short: char, action: ArgAction| Arg::new(name).short(short).long(name).action(action);
    let command = command
        .disable_help_flag(true)
        .disable_version_flag(true)
        .arg(flag("help", 'h', ArgAction::Help))
        .arg(flag("version", 'V', ArgAction::Version));
    let template = template(&command, language);
    let name = name.map(str::to_owned);
    let command = command.mut_args(move |argument| {
        let help = help_of(language, name.as_deref(), argument.get_id().as_str());
        let help = with_values(help, language, &argument);
        argument.help(help).hide_default_value(true).hide_possible_values(true)
    });
    command.help_template(template)
}

/// The help of an argument, with what may be written and what stands for one that is not, where they are declared.
fn with_values(help: &str, language: Language, argument: &Arg) -> String {
    let mut said = help.to_owned();
    if !argument.get_action().takes_values() {
        return said;
    }
    let possible = argument.get_possible_values();
    if !possible.is_empty() {
        let possible = list(possible.iter().map(|value| value.get_name().to_owned()));
        said = language.fill("help_possible", &[("help", &said), ("possible", &possible.of(language))]);
    }
    if let [value, ..] = argument.get_default_values() {
        said = language.fill("help_default", &[("help", &said), ("value", &value.to_string_lossy())]);
    }
    said
}

/// What a page of help has one below the other, with its headings in the language.
fn template(command: &Command, language: Language) -> String {
    let mut page = format!("{{about-with-newline}}\n{} {{usage}}", language.say("help_usage"));
    if command.has_subcommands() {
        page += &format!("\n\n{}\n{{subcommands}}", language.say("help_commands"));
    }
    if command.get_positionals().next().is_some() {
        page += &format!("\n\n{}\n{{positionals}}", language.say("help_arguments"));
    }
    page + &format!("\n\n{}\n{{options}}", language.say("help_options"))
}

/// What is said of an argument of a command; what all commands with such an argument share where nothing is said of its own.
fn help_of(language: Language, command: Option<&str>, argument: &str) -> &'static str {
    let own = command.map(|command| format!("option_{command}_{argument}"));
    let own = own.and_then(|key| language.words().get(&key));
    own.map_or_else(|| language.say(&format!("option_{argument}")), String::as_str)
}
