//! Where PostgreSQL's programs are, and as whom they run.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What to do where there is no PostgreSQL.
pub const MISSING: &str = "the programs of PostgreSQL (initdb, pg_ctl, psql) are not there; install the package \
    `postgresql` (on Debian: apt-get install postgresql), or name a database for tests in SHOUWANG_TEST_DATABASE";

/// The folder with `initdb`, `pg_ctl` and `psql`.
#[derive(Clone, Debug)]
pub struct Programs {
    folder: PathBuf,
}

impl Programs {
    /// Looks in the search path, then where Debian puts them, the newest first.
    pub fn find() -> Option<Programs> {
        Programs::find_in(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default()))
    }

    /// As [`Programs::find`], with another search path.
    pub fn find_in(path: impl Iterator<Item = PathBuf>) -> Option<Programs> {
        let of_debian = std::fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
        let mut versions: Vec<PathBuf> = of_debian.map(|entry| entry.path().join("bin")).collect();
        versions.sort_by_key(|folder| std::cmp::Reverse(version(folder)));
        Programs::only_in(path.chain(versions))
    }

    /// The first of these folders that has everything, the server itself among it.
    pub fn only_in(mut folders: impl Iterator<Item = PathBuf>) -> Option<Programs> {
        let needed = ["initdb", "pg_ctl", "postgres", "psql"];
        let has_all = |folder: &PathBuf| needed.iter().all(|name| folder.join(name).exists());
        folders.find(has_all).map(|folder| Programs { folder })
    }

    /// A program, run as somebody whom PostgreSQL accepts: it refuses the root user.
    pub fn command(&self, program: &str) -> Command {
        let program = self.folder.join(program);
        let mut command = match user() {
            None => Command::new(program),
            Some(user) => {
                let mut command = Command::new("runuser");
                command.args(["-u", user, "--"]).arg(program);
                command
            }
        };
        command.stdin(Stdio::null());
        command
    }

    /// `psql`, as the one who asks.
    pub fn psql(&self) -> Command {
        let mut command = Command::new(self.folder.join("psql"));
        command.stdin(Stdio::null());
        command
    }
}

fn version(folder: &Path) -> u32 {
    let name = folder.parent().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    name.and_then(|name| name.parse().ok()).unwrap_or(0)
}

/// The user of the server where this program runs as root.
pub(crate) fn user() -> Option<&'static str> {
    let is_root = answer("id", &["-u"]).is_some_and(|user| user.trim() == "0");
    let has_postgres = || answer("id", &["-u", "postgres"]).is_some();
    is_root.then(|| if has_postgres() { "postgres" } else { "nobody" })
}

pub(crate) fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Runs a command to its end; its words where it fails.
pub(crate) fn run(command: &mut Command) -> Result<String, String> {
    let output = command.output().map_err(|error| format!("cannot start {command:?}: {error}"))?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match output.status.success() {
        true => Ok(said(&output.stdout)),
        false => Err(format!("{command:?} failed: {}{}", said(&output.stdout), said(&output.stderr))),
    }
}
