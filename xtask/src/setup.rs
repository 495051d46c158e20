//! What the tests need besides Rust: a browser with its driver, a font with Chinese characters, PostgreSQL and a spreadsheet.

use anyhow::{Context, Result, bail};
use std::process::{Command, Stdio};

/// Something the tests need, the packages of Debian that bring it, and how to see that it is there.
struct Need {
    what: &'static str,
    packages: &'static [&'static str],
    is_there: fn() -> bool,
}

const NEEDS: [Need; 6] = [
    Need { what: "C compiler", packages: &["gcc", "libc6-dev"], is_there: || answers("cc", &["--version"]) },
    Need { what: "Chromium", packages: &["chromium"], is_there: || answers("chromium", &["--version"]) },
    Need {
        what: "driver of Chromium",
        packages: &["chromium-driver"],
        is_there: || answers("chromedriver", &["--version"]),
    },
    Need { what: "Chinese font", packages: &["fontconfig", "fonts-noto-cjk"], is_there: has_chinese_font },
    Need { what: "PostgreSQL", packages: &["postgresql"], is_there: || test_server::Programs::find().is_some() },
    Need {
        what: "LibreOffice Calc",
        packages: &["libreoffice-calc-nogui"],
        is_there: || answers("soffice", &["--version"]),
    },
];

/// Installs what is missing when it may, and names it otherwise.
///
/// # Errors
/// When something is missing and cannot be installed: the text names the packages.
pub fn everything() -> Result<()> {
    let missing = packages_of(NEEDS.iter().filter(|need| is_missing(need)));
    if !missing.is_empty() {
        install(&missing)?;
        let still: Vec<&str> = NEEDS.iter().filter(|need| !(need.is_there)()).map(|need| need.what).collect();
        if !still.is_empty() {
            bail!("still missing after the installation: {}", still.join(", "));
        }
    }
    for component in ["fmt", "clippy"] {
        if !answers("cargo", &[component, "--version"]) {
            add_component(component)?;
        }
    }
    Ok(())
}

fn is_missing(need: &Need) -> bool {
    let missing = !(need.is_there)();
    println!("xtask: {} {}", need.what, if missing { "is missing" } else { "is there" });
    missing
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
    let mut command = Command::new(program);
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    command.status().is_ok_and(|status| status.success())
}

fn has_chinese_font() -> bool {
    output("fc-list", &[":lang=zh", "family"]).is_some_and(|fonts| !fonts.trim().is_empty())
}

fn is_root() -> bool {
    output("id", &["-u"]).is_some_and(|user| user.trim() == "0")
}

fn output(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

#[cfg(test)]
mod tests {
    use super::{NEEDS, answers, output, packages_of};

    #[test]
    fn a_program_answers_only_when_it_is_there_and_content() {
        assert!(answers("cargo", &["--version"]));
        assert!(!answers("cargo", &["no-such-command-of-cargo"]));
        assert!(!answers("no-such-program-of-this-house", &[]));
        assert_eq!(output("no-such-program-of-this-house", &[]), None);
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
}
