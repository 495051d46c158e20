//! The help of the command line, in a language.

use super::Arguments;
use clap::{CommandFactory, FromArgMatches};
use words::Language;

impl Arguments {
    /// Reads the command line; ends the program where it is not one, or asks for help, which is given in this language.
    pub fn read(language: Language) -> Arguments {
        let found = command_line(language).get_matches();
        Arguments::from_arg_matches(&found).unwrap_or_else(|error| error.format(&mut command_line(language)).exit())
    }
}

/// The command line with what the language has for its help; the other texts are those of the declarations.
pub(super) fn command_line(language: Language) -> clap::Command {
    let word = move |key: String| language.words().get(&key).map(String::as_str);
    Arguments::command().about(language.say("program_about")).mut_subcommands(move |command| {
        let command = match word(format!("command_{}", command.get_name())) {
            Some(about) => command.about(about),
            None => command,
        };
        command.mut_args(move |option| match word(format!("option_{}", option.get_id())) {
            Some(help) => option.help(help),
            None => option,
        })
    })
}
