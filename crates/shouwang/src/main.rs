//! 守望 Shouwang, the program: commands for the machine's owner, pages for everyone else.
//!
//! Exit code 0: done; 1: refused, with the reason on standard error; 2: wrong use.

mod arguments;
mod clock;
mod commands;
mod gateway;
mod installation;
mod jobs;
mod language;
mod package_folder;
mod place;
mod process;
mod progress;
mod trouble;

use arguments::{Arguments, Command};
use commands::Said;
use std::io::Write;
use std::process::ExitCode;
use trouble::Outcome;

fn main() -> ExitCode {
    process::keep_files_private();
    let arguments = Arguments::read(language::of_terminal());
    let filter = tracing_subscriber::EnvFilter::try_from_env("SHOUWANG_LOG")
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn"));
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
    match run(&arguments) {
        Ok(said) => {
            print(&arguments, &said);
            ExitCode::SUCCESS
        }
        Err(trouble) => {
            if let Some(summary) = trouble.summary.as_ref().filter(|_| arguments.json) {
                put(&summary.to_string());
            }
            eprintln!("{trouble}");
            ExitCode::from(1)
        }
    }
}

fn run(arguments: &Arguments) -> Outcome<Said> {
    match &arguments.command {
        Command::Demo(demo) => commands::demo::run(demo),
        Command::Check(check) => commands::check::run(check),
        Command::Sample(sample) => commands::sample::run(sample),
        Command::Init(init) => commands::init::run(init),
        Command::Import(import) => commands::import::run(import),
        Command::Template(template) => commands::registers::template(template),
        Command::Export(export) => commands::registers::export(export),
        Command::Undo(undo) => commands::registers::undo(undo),
        Command::Freeze(freeze) => commands::registers::freeze(freeze),
        Command::Schema(schema) => commands::registers::schema(schema),
        Command::Screen(screen) => commands::screen::run(screen),
        Command::Sql(sql) => commands::sql::run(sql),
        Command::Leads(leads) => commands::leads::run(leads),
        Command::Explain(explain) => commands::explain::run(explain),
        Command::Whatif(what_if) => commands::whatif::run(what_if),
        Command::Score(score) => commands::score::run(score),
        Command::Serve(serve) => commands::serve::run(serve),
        Command::Account(account) => commands::accounts::run(account),
        Command::Migrate(migrate) => commands::migrate::run(migrate),
        Command::Verify(verify) => commands::verify::run(verify),
        Command::New(new) => commands::new::run(new),
    }
}

/// One JSON object, or the text and the lines for people.
fn print(arguments: &Arguments, said: &Said) {
    if arguments.json {
        return put(&said.summary.to_string());
    }
    let language = language::of_terminal();
    let text = said.text.as_deref();
    text.into_iter().chain(said.lines.iter().map(|line| line.of(language))).for_each(put);
}

/// A line on standard output. A reader that closes the pipe early is no error.
fn put(line: &str) {
    if writeln!(std::io::stdout().lock(), "{line}").is_err() {
        tracing::debug!("standard output was closed");
    }
}
