//! Trials: each need does once what the tests will ask of it.

use super::driver;
use super::tools::{Scratch, Tools};
use test_server::{Durability, Programs, Server};

/// Characters that a Chinese font must have: 一 守 望 村 and one that only larger fonts have, 黧.
const CHARACTERS: &str = ":charset=4e00 5b88 671b 6751 9ee7";

/// A program is compiled, linked and run.
pub fn compiles(tools: &Tools) -> Result<(), String> {
    let scratch = Scratch::new()?;
    let source = scratch.write("main.c", "#include <stdio.h>\nint main(void) { return puts(\"linked\") < 0; }\n")?;
    let program = scratch.file("main");
    tools.run("cc", &["-o", &program, &source])?;
    match tools.run(&program, &[])?.trim() {
        "linked" => Ok(()),
        other => Err(format!("what `cc` made says `{other}`")),
    }
}

/// A font has the characters that pages are written with.
pub fn has_chinese_characters(tools: &Tools) -> Result<(), String> {
    let fonts = tools.run("fc-list", &[CHARACTERS, "family"])?;
    if fonts.trim().is_empty() { Err("no font has Chinese characters".to_owned()) } else { Ok(()) }
}

/// A table of CSV becomes a workbook, under a profile of its own.
pub fn converts_a_table(tools: &Tools) -> Result<(), String> {
    let scratch = Scratch::new()?;
    let table = scratch.write("table.csv", "name,number\none,1\n")?;
    let profile = format!("-env:UserInstallation=file://{}", scratch.file("profile"));
    let folder = scratch.path().to_string_lossy();
    let said = tools.run("soffice", &[&profile, "--headless", "--convert-to", "xlsx", "--outdir", &folder, &table])?;
    match std::fs::metadata(scratch.path().join("table.xlsx")) {
        Ok(file) if file.len() > 0 => Ok(()),
        _ => Err(format!("`soffice` makes no workbook of a table: {}", said.trim())),
    }
}

/// A server is made, started and ended.
pub fn starts_a_server(tools: &Tools) -> Result<(), String> {
    let programs = Programs::find_in(tools.folders()).ok_or(test_server::MISSING)?;
    Server::start_with(programs, Durability::None).map(drop)
}

/// The browser and its driver belong together, and a page is opened.
pub fn opens_a_page(tools: &Tools) -> Result<(), String> {
    let version = |program: &str| -> Result<String, String> {
        let said = tools.run(program, &["--version"])?;
        let major = said.split_whitespace().find_map(|word| word.split_once('.').map(|(major, _)| major));
        let major = major.filter(|major| major.bytes().all(|digit| digit.is_ascii_digit()));
        major.map(str::to_owned).ok_or_else(|| format!("`{program}` tells no version: {}", said.trim()))
    };
    let (browser, its_driver) = (version("chromium")?, version("chromedriver")?);
    if browser != its_driver {
        return Err(format!("Chromium is of version {browser}, its driver of version {its_driver}"));
    }
    driver::open_a_page(tools)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::setup::tools::tests::Bench;

    /// The trial fails on a machine whose program answers for its version, but does this at work; the reason holds `why`.
    fn check(trial: fn(&Tools) -> Result<(), String>, programs: &[(&str, &str)], why: &str) {
        let bench = Bench::new();
        for (name, lines) in programs {
            bench.program(name, &format!("[ \"$1\" = --version ] && echo {name} 7.1 && exit 0\n{lines}"));
        }
        let told = trial(&bench.tools()).expect_err("the program only tells its version");
        assert!(told.contains(why), "{told}");
    }

    #[test]
    fn a_compiler_that_cannot_link_is_none() {
        check(compiles, &[("cc", "echo cannot find crt1.o >&2; exit 1")], "crt1.o");
        check(compiles, &[("cc", "exit 0")], "main");
        check(compiles, &[("cc", "printf '#!/bin/sh\\nexit 3\\n' > \"$2\"; chmod +x \"$2\"")], "fails");
    }

    #[test]
    fn fonts_without_chinese_characters_are_none() {
        check(has_chinese_characters, &[("fc-list", "exit 0")], "no font");
        check(
            has_chinese_characters,
            &[("fc-list", "case \"$1\" in :charset=*4e00*) ;; *) echo DejaVu ;; esac")],
            "no font",
        );
        let bench = Bench::new();
        bench.program("fc-list", "echo Some Font");
        assert_eq!(has_chinese_characters(&bench.tools()), Ok(()));
    }

    #[test]
    fn an_office_without_its_spreadsheet_is_none() {
        check(converts_a_table, &[("soffice", "echo Error: source file could not be loaded")], "could not be loaded");
        check(converts_a_table, &[("soffice", ": > \"$6/table.xlsx\"")], "no workbook");
        check(converts_a_table, &[("soffice", "exit 77")], "fails");
    }

    #[test]
    fn a_browser_and_a_driver_of_other_versions_do_not_belong_together() {
        let old = "[ \"$1\" = --version ] && echo ChromeDriver 6.9 && exit 0";
        let bench = Bench::new();
        bench.program("chromium", "echo Chromium 7.1 built on Debian");
        bench.program("chromedriver", old);
        let told = opens_a_page(&bench.tools()).expect_err("other versions");
        assert!(told.contains("version 7") && told.contains("version 6"), "{told}");
        check(opens_a_page, &[("chromium", ""), ("chromedriver", "exit 1")], "port");
        let bench = Bench::new();
        bench.program("chromium", "echo Chromium");
        bench.program("chromedriver", "echo ChromeDriver 7.1");
        assert!(opens_a_page(&bench.tools()).expect_err("no version").contains("tells no version"));
    }

    #[test]
    fn a_database_without_its_server_is_none() {
        let bench = Bench::new();
        for program in ["initdb", "pg_ctl", "psql"] {
            bench.program(program, "[ \"$1\" = --version ] && echo 7.1");
        }
        let own = || [bench.path("bin")].into_iter();
        assert!(Programs::only_in(own()).is_none(), "`postgres` itself is not there");
        bench.program("postgres", "[ \"$1\" = --version ] && echo 7.1");
        bench.program("initdb", "echo no such user >&2; exit 1");
        let programs = Programs::only_in(own()).expect("all names are there");
        assert!(Server::start_with(programs, Durability::None).expect_err("no server").contains("initdb"));
    }
}
