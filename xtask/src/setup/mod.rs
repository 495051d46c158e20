//! What the tests need besides Rust: a browser with its driver, a font with Chinese characters, PostgreSQL and a spreadsheet.
//!
//! What is said to be there has been tried: a program that tells its version may still lack the part that does the work.

mod driver;
mod tools;
mod trials;

use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tools::Tools;

/// Something the tests need, the packages of Debian that bring it, and how it is tried.
struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    /// Programs whose versions it hangs on; empty for what is tried quickly, each time.
    versions: &'static [&'static str],
    /// Installed packages that it hangs on besides, as dpkg matches them.
    parts: &'static str,
    works: fn(&Tools) -> Result<(), String>,
}

const NEEDS: [Need; 5] = [
    Need { what: "C compiler", packages: &["gcc", "libc6-dev"], versions: &[], parts: "", works: trials::compiles },
    Need {
        what: "Chromium with its driver",
        packages: &["chromium", "chromium-driver"],
        versions: &["chromium", "chromedriver"],
        parts: "chromium*",
        works: trials::opens_a_page,
    },
    Need {
        what: "Chinese font",
        packages: &["fontconfig", "fonts-noto-cjk"],
        versions: &[],
        parts: "",
        works: trials::has_chinese_characters,
    },
    Need {
        what: "PostgreSQL",
        packages: &["postgresql"],
        versions: &["psql"],
        parts: "postgresql*",
        works: trials::starts_a_server,
    },
    Need {
        what: "LibreOffice Calc",
        packages: &["libreoffice-calc-nogui"],
        versions: &["soffice"],
        parts: "libreoffice*",
        works: trials::converts_a_table,
    },
];

/// Installs what is missing when it may, and names it otherwise. `target`: the folder of builds, where it is noted what has
/// been tried with which versions.
///
/// # Errors
/// When something does not work and installing it does not help: the text names the packages.
pub fn everything(target: &Path) -> Result<()> {
    let setup = Setup { tools: Tools::of_this_machine(), tried: target.join("xtask-tried") };
    let missing = packages_of(NEEDS.iter().filter(|need| !setup.is_there(need)));
    if !missing.is_empty() {
        install(&missing)?;
        let still: Vec<&str> = NEEDS.iter().filter(|need| !setup.is_there(need)).map(|need| need.what).collect();
        if !still.is_empty() {
            bail!("not working after the installation: {}", still.join(", "));
        }
    }
    for component in ["fmt", "clippy"] {
        if !answers("cargo", &[component, "--version"]) {
            add_component(component)?;
        }
    }
    Ok(())
}

struct Setup {
    tools: Tools,
    /// Where it is noted what has been tried.
    tried: PathBuf,
}

impl Setup {
    /// True where it works; says so, or why not.
    fn is_there(&self, need: &Need) -> bool {
        let note = self.tried.join(need.what.replace(' ', "-"));
        let seen = self.seen(need);
        let is_known = !need.versions.is_empty() && std::fs::read_to_string(&note).is_ok_and(|noted| noted == seen);
        let works = if is_known { Ok(()) } else { (need.works)(&self.tools) };
        match works {
            Ok(()) => {
                println!("xtask: {} is there", need.what);
                if !need.versions.is_empty() && !is_known {
                    // Without the note it is tried again next time.
                    let _ = std::fs::create_dir_all(&self.tried).and_then(|()| std::fs::write(&note, seen));
                }
                true
            }
            Err(why) => {
                println!("xtask: {} does not work: {why}", need.what);
                let _ = std::fs::remove_file(&note);
                false
            }
        }
    }

    /// What a trial hangs on: another version, or another set of installed parts, is tried anew.
    fn seen(&self, need: &Need) -> String {
        let version = |program: &&str| self.tools.output(program, &["--version"]).unwrap_or_default();
        let mut seen: String = need.versions.iter().map(version).collect();
        if !need.parts.is_empty() {
            let asked = ["-W", "-f", "${Package} ${Version} ${db:Status-Abbrev}\n", need.parts];
            seen += &self.tools.output("dpkg-query", &asked).unwrap_or_default();
        }
        seen
    }
}

fn packages_of<'a>(needs: impl Iterator<Item = &'a Need>) -> Vec<&'static str> {
    let mut packages: Vec<&str> = needs.flat_map(|need| need.packages.iter().copied()).collect();
    packages.dedup();
    packages
}

fn install(packages: &[&str]) -> Result<()> {
    let list = packages.join(" ");
    if !answers("apt-get", &["--version"]) {
        bail!("please install what is missing (on Debian the packages are: {list})");
    }
    if !is_root() {
        bail!("please install what is missing: sudo apt-get install --no-install-recommends {list}");
    }
    println!("xtask: installing {list}");
    apt(&["update", "-qq"])?;
    apt(&[&["install", "-y", "-qq", "--no-install-recommends"], packages].concat())
}

fn apt(arguments: &[&str]) -> Result<()> {
    let status = Command::new("apt-get")
        .args(arguments)
        .env("DEBIAN_FRONTEND", "noninteractive")
        .stdin(Stdio::null())
        .status()
        .context("cannot start apt-get")?;
    if status.success() { Ok(()) } else { bail!("`apt-get {}` failed", arguments.join(" ")) }
}

fn add_component(component: &str) -> Result<()> {
    let name = if component == "fmt" { "rustfmt" } else { component };
    println!("xtask: adding {name}");
    let status = Command::new("rustup").args(["component", "add", name]).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        _ => bail!("`cargo {component}` is missing; please add it: rustup component add {name}"),
    }
}

/// True when the program starts and is content with the arguments.
pub fn answers(program: &str, arguments: &[&str]) -> bool {
    Tools::of_this_machine().output(program, arguments).is_some()
}

fn is_root() -> bool {
    Tools::of_this_machine().output("id", &["-u"]).is_some_and(|user| user.trim() == "0")
}

#[cfg(test)]
mod tests {
    use super::tools::tests::Bench;
    use super::{NEEDS, Need, Setup, answers, packages_of, trials};

    #[test]
    fn a_program_answers_only_when_it_is_there_and_content() {
        assert!(answers("cargo", &["--version"]));
        assert!(!answers("cargo", &["no-such-command-of-cargo"]));
        assert!(!answers("no-such-program-of-this-house", &[]));
    }

    #[test]
    fn the_packages_of_all_needs_are_named_in_order() {
        let packages = packages_of(NEEDS.iter());
        let expected = [
            "gcc",
            "libc6-dev",
            "chromium",
            "chromium-driver",
            "fontconfig",
            "fonts-noto-cjk",
            "postgresql",
            "libreoffice-calc-nogui",
        ];
        assert_eq!(packages, expected);
        assert_eq!(packages_of(NEEDS.iter().take(0)), [""; 0]);
    }

    #[test]
    fn what_worked_is_tried_again_only_with_other_versions_or_parts() {
        let bench = Bench::new();
        let count = bench.path("count");
        let works = format!(
            "[ \"$1\" = --version ] && echo 7 || {{ echo tried >> '{}'; touch \"$6/table.xlsx\"; echo x > \"$6/table.xlsx\"; }}",
            count.display()
        );
        bench.program("soffice", &works);
        bench.program("dpkg-query", "echo libreoffice-calc 7");
        let setup = Setup { tools: bench.tools(), tried: bench.path("tried") };
        let need =
            Need { what: "Calc", packages: &[], versions: &["soffice"], parts: "x*", works: trials::converts_a_table };
        let tries = || std::fs::read_to_string(&count).unwrap_or_default().lines().count();
        for expected in [1, 1] {
            assert!(setup.is_there(&need));
            assert_eq!(tries(), expected, "one version is tried once");
        }
        bench.program("dpkg-query", "echo libreoffice-writer 7");
        assert!(setup.is_there(&need));
        assert_eq!(tries(), 2, "another set of parts is tried anew");
        bench.program("soffice", "[ \"$1\" = --version ] && echo 8");
        assert!(!setup.is_there(&need), "another version that converts nothing");
        bench.program("soffice", &works);
        assert!(setup.is_there(&need));
        assert_eq!(tries(), 3, "what failed is not remembered as what worked");
    }
}
