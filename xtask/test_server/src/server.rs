//! A throw-away server in a folder of its own, reached by a socket in that folder only.

use crate::programs::{MISSING, Programs, run, user};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Whether a commit is on the disk when it is acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// As in earnest; for tests that kill the server.
    Full,
    /// For speed: a server that is killed by the machine may lose everything, which no other test minds.
    None,
}

/// A server that ends, and whose folder goes away, when it is dropped.
#[derive(Debug)]
pub struct Server {
    programs: Programs,
    folder: PathBuf,
    durability: Durability,
}

impl Server {
    /// Makes a cluster in a new folder and starts it. It ends at the latest when this program has ended.
    ///
    /// # Errors
    /// A text for people; it names the package where the programs are missing.
    pub fn start(durability: Durability) -> Result<Server, String> {
        let folder = std::env::temp_dir().join(format!("shouwang-postgres-{}", crate::scratch::unique()));
        let server = Server::make(folder, durability)?;
        let parent = std::process::id();
        server.keep(&format!("while kill -0 {parent} 2>/dev/null; do sleep 1; done"))?;
        Ok(server)
    }

    /// Makes a cluster in `folder` and starts it.
    pub(crate) fn make(folder: PathBuf, durability: Durability) -> Result<Server, String> {
        let programs = Programs::find().ok_or(MISSING)?;
        let fault = |error: std::io::Error| format!("cannot write in {}: {error}", folder.display());
        std::fs::create_dir_all(&folder).map_err(fault)?;
        if let Some(user) = user() {
            run(Command::new("chown").arg(user).arg(&folder))?;
        }
        run(Command::new("chmod").arg("0700").arg(&folder))?;
        let server = Server { programs, folder, durability };
        let data = server.data();
        let mut initdb = server.programs.command("initdb");
        initdb.args(["--auth=trust", "--username=shouwang", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"]);
        run(initdb.arg(&data))?;
        server.run_again()?;
        Ok(server)
    }

    /// Starts the server, e.g. after [`Server::kill`].
    ///
    /// # Errors
    /// A text with what the server said.
    pub fn run_again(&self) -> Result<(), String> {
        let fsync = if self.durability == Durability::Full { "on" } else { "off" };
        let socket = self.folder.display();
        let options = format!(
            "-c listen_addresses= -c unix_socket_directories={socket} -c unix_socket_permissions=0700 -c fsync={fsync} \
             -c max_connections=200 -c max_locks_per_transaction=256"
        );
        let mut start = self.programs.command("pg_ctl");
        start.args(["start", "--wait", "--silent", "-o", &options, "-l"]).arg(self.folder.join("log"));
        // What the server inherits it keeps open: it gets nothing of this program's.
        start.arg("-D").arg(self.data()).stdout(Stdio::null()).stderr(Stdio::null());
        let status = start.status().map_err(|error| format!("cannot start pg_ctl: {error}"))?;
        match status.success() {
            true => Ok(()),
            false => Err(std::fs::read_to_string(self.folder.join("log")).unwrap_or_else(|_| "no server".to_owned())),
        }
    }

    /// Starts the server anew with further settings, pairs of name and value.
    ///
    /// # Errors
    /// A text with what the server or the file system said.
    pub fn configure(&self, settings: &[(&str, &str)]) -> Result<(), String> {
        let lines: String = settings.iter().map(|(name, value)| format!("{name} = '{value}'\n")).collect();
        let file = self.data().join("postgresql.auto.conf");
        std::fs::write(&file, lines).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        run(self.programs.command("pg_ctl").args(["stop", "--mode=fast", "--silent", "-D"]).arg(self.data()))?;
        self.run_again()
    }

    /// Ends the server at once, as when the machine loses its power; what was acknowledged is found again afterwards.
    ///
    /// # Errors
    /// A text with what the program said.
    pub fn kill(&self) -> Result<(), String> {
        run(self.programs.command("pg_ctl").args(["stop", "--mode=immediate", "--silent", "-D"]).arg(self.data()))?;
        Ok(())
    }

    /// The address of its database.
    pub fn address(&self) -> String {
        address_in(&self.folder)
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Leaves a watchman behind that ends the server and takes its folder away once `wait` is over.
    pub(crate) fn keep(&self, wait: &str) -> Result<(), String> {
        let stop = self.programs.command("pg_ctl");
        let words = std::iter::once(stop.get_program()).chain(stop.get_args());
        let stop: Vec<String> = words.map(|word| format!("'{}'", word.to_string_lossy())).collect();
        let (stop, folder) = (stop.join(" "), self.folder.display());
        let script = format!("{wait}; {stop} stop --mode=immediate --silent -D '{folder}/data'; rm -rf '{folder}'");
        let mut watchman = Command::new("sh");
        watchman.args(["-c", &script]).current_dir("/");
        watchman.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        // A group of its own: the end of the test run is not the watchman's end.
        std::os::unix::process::CommandExt::process_group(&mut watchman, 0);
        watchman.spawn().map_err(|error| format!("cannot start the watchman: {error}"))?;
        Ok(())
    }

    /// Lets go of a server that somebody else ends.
    pub(crate) fn leave(self) {
        std::mem::forget(self);
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // It may have been killed already.
        let _ = self.kill();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// The address of the server whose socket lies in `folder`.
pub(crate) fn address_in(folder: &Path) -> String {
    let encoded = folder.to_string_lossy().replace('%', "%25").replace('/', "%2F").replace(' ', "%20");
    format!("postgres://shouwang@{encoded}/postgres")
}

/// True when the server in `folder` answers.
pub(crate) fn answers_in(folder: &Path) -> bool {
    std::os::unix::net::UnixStream::connect(folder.join(".s.PGSQL.5432")).is_ok()
}
