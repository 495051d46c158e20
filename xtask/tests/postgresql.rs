//! The guide for PostgreSQL, followed on a server of one's own: its settings are taken, its certificates are made and looked at, its
//! statements run. Its lines of `shouwang` are held against the command line by that crate.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use test_server::{Durability, PASSWORD, Programs, Server};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("xtask lies in the workspace")
}

fn read(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

fn guide() -> String {
    read("docs/guides/postgresql.md")
}

fn server() -> Server {
    Server::start(Durability::None).unwrap_or_else(|why| panic!("{why}"))
}

fn programs() -> Programs {
    Programs::find().unwrap_or_else(|| panic!("{}", test_server::MISSING))
}

/// The blocks of shell lines.
fn shell(guide: &str) -> Vec<&str> {
    guide.split("```sh\n").skip(1).filter_map(|rest| rest.split_once("\n```")).map(|(block, _)| block).collect()
}

/// The statements behind `psql … -c "…"`.
fn statements(guide: &str) -> Vec<&str> {
    guide.split("-c \"").skip(1).filter_map(|rest| rest.split_once('"')).map(|(statement, _)| statement).collect()
}

/// The settings of the table, names and values.
fn settings(guide: &str) -> Vec<(&str, &str)> {
    let rows = guide.lines().filter(|line| line.starts_with("| `") && !line.contains("ssl"));
    rows.filter_map(|row| Some((row.split('`').nth(1)?, row.split('`').nth(3)?))).collect()
}

fn done(output: Output, of: &str) -> String {
    assert!(output.status.success(), "{of}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// What `psql` says to a statement.
fn ask(connection: &str, statement: &str) -> String {
    let mut psql = programs().psql();
    psql.args(["--no-psqlrc", "--tuples-only", "--no-align", "--dbname", connection, "-c", statement]);
    done(psql.env("PGPASSWORD", PASSWORD).output().expect("psql runs"), statement)
}

#[test]
fn the_settings_are_taken_and_are_those_of_the_bench() {
    let (guide, bench) = (guide(), read("xtask/src/bench/registers.rs"));
    let settings = settings(&guide);
    assert_eq!(settings.len(), 6, "{settings:?}");
    let server = server();
    server.configure(&settings).unwrap_or_else(|why| panic!("{why}"));
    for (name, value) in settings {
        assert_eq!(ask(&server.address(), &format!("show {name}")), value, "{name}");
        assert!(bench.contains(&format!("(\"{name}\", \"{value}\")")), "{name}");
    }
    let usage = Command::new(env!("CARGO_BIN_EXE_xtask")).args(["bench", "registers", "--none", "1"]).output();
    let usage = String::from_utf8_lossy(&usage.expect("xtask runs").stderr).into_owned();
    assert!(
        guide.contains("`cargo xtask bench registers`") && usage.contains("cargo xtask bench registers"),
        "{usage}"
    );
}

#[test]
fn the_shell_lines_can_be_read_and_the_dump_is_one() {
    let guide = guide();
    for block in shell(&guide) {
        done(Command::new("sh").args(["-n", "-c", block]).output().expect("a shell"), block);
    }
    assert!(guide.contains("`pg_dump --schema=...`"));
    let mut dump = programs().command("pg_dump");
    let dump = dump.args(["--schema=public", "--dbname", &server().address()]).output().expect("pg_dump runs");
    assert!(done(dump, "pg_dump").contains("PostgreSQL database dump"));
}

/// A folder that goes when the test does.
struct Folder(PathBuf);

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[test]
fn the_certificates_are_made_as_written_and_the_server_is_known_by_its_name_alone() {
    let guide = guide();
    let blocks = shell(&guide);
    let making = blocks.iter().find(|block| block.starts_with("openssl req -x509")).expect("the block of openssl");
    let folder = Folder(std::env::temp_dir().join(format!("shouwang-guide-{}", std::process::id())));
    std::fs::create_dir_all(&folder.0).expect("a folder");
    let made = Command::new("sh").args(["-e", "-c", making]).current_dir(&folder.0).output();
    done(made.expect("a shell"), making);
    let text =
        |name: &str| std::fs::read_to_string(folder.0.join(name)).unwrap_or_else(|error| panic!("{name}: {error}"));
    let server = server();
    let port = server.listen(Some((&text("server.crt"), &text("server.key")))).unwrap_or_else(|why| panic!("{why}"));
    let root = folder.0.join("root.crt");
    let address = |host: &str| {
        format!(
            "host={host} hostaddr=127.0.0.1 port={port} user=shouwang dbname=postgres sslmode=verify-full sslrootcert={}",
            root.display()
        )
    };
    let statements = statements(&guide);
    assert_eq!(statements.len(), 2, "{statements:?}");
    let own = ask(&address("db.example"), statements[0]);
    assert!(own.starts_with("t|TLS"), "{own}");
    assert_eq!(ask(&address("db.example"), statements[1]), "", "no installation runs on it");
    let mut other = programs().psql();
    let other =
        other.args(["--dbname", &address("other.example"), "-c", "select 1"]).env("PGPASSWORD", PASSWORD).output();
    let other = other.expect("psql runs");
    let why = String::from_utf8_lossy(&other.stderr);
    assert!(!other.status.success() && why.contains("other.example"), "{why}");
}
