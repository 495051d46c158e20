//! A throw-away server in a folder of its own, reached by a socket in that folder, and by a port where a test asks for one.

use crate::programs::{MISSING, Programs, run, user};
use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a server wants to hear at its port.
pub const PASSWORD: &str = "geheim";

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
    /// Where it listens besides its socket.
    port: Cell<Option<u16>>,
}

impl Server {
    /// Makes a cluster in a new folder and starts it. It ends at the latest when this program has ended.
    ///
    /// # Errors
    /// A text for people; it names the package where the programs are missing.
    pub fn start(durability: Durability) -> Result<Server, String> {
        Server::start_with(Programs::find().ok_or(MISSING)?, durability)
    }

    /// As [`Server::start`], with these programs.
    ///
    /// # Errors
    /// A text for people.
    pub fn start_with(programs: Programs, durability: Durability) -> Result<Server, String> {
        let folder = std::env::temp_dir().join(format!("shouwang-postgres-{}", crate::scratch::unique()));
        let server = Server::make(programs, folder, durability)?;
        let parent = std::process::id();
        server.keep(&format!("while kill -0 {parent} 2>/dev/null; do sleep 1; done"))?;
        Ok(server)
    }

    /// Makes a cluster in `folder` and starts it.
    pub(crate) fn make(programs: Programs, folder: PathBuf, durability: Durability) -> Result<Server, String> {
        let fault = |error: std::io::Error| format!("cannot write in {}: {error}", folder.display());
        std::fs::create_dir_all(&folder).map_err(fault)?;
        if let Some(user) = user() {
            run(Command::new("chown").arg(user).arg(&folder))?;
        }
        run(Command::new("chmod").arg("0700").arg(&folder))?;
        let server = Server { programs, folder, durability, port: Cell::default() };
        let data = server.data();
        let mut initdb = server.programs.command("initdb");
        initdb.args(["--auth=trust", "--username=shouwang", "--encoding=UTF8", "--no-locale", "--no-sync", "-D"]);
        run(initdb.arg(&data))?;
        server.write_settings(&[])?;
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
            "-c unix_socket_directories={socket} -c unix_socket_permissions=0700 -c fsync={fsync} \
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
        self.write_settings(settings)?;
        run(self.programs.command("pg_ctl").args(["stop", "--mode=fast", "--silent", "-D"]).arg(self.data()))?;
        self.run_again()
    }

    /// Starts the server anew, reached besides its socket at a port of `127.0.0.1`, which is returned; there it wants the
    /// password [`PASSWORD`]. With certificate and key (PEM) it encrypts who asks for it.
    ///
    /// # Errors
    /// A text with what the server or the file system said.
    pub fn listen(&self, encryption: Option<(&str, &str)>) -> Result<u16, String> {
        let set = format!("alter role shouwang password '{PASSWORD}'");
        run(self.programs.psql().args(["--quiet", "--no-psqlrc", "--command", &set, "--dbname", &self.address()]))?;
        self.write("pg_hba.conf", "local all all trust\nhost all all 127.0.0.1/32 scram-sha-256\n")?;
        let free = std::net::TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.map_err(|error| format!("no port is free: {error}"))?.port();
        let shown = port.to_string();
        let mut settings = vec![("listen_addresses", "127.0.0.1"), ("port", shown.as_str())];
        if let Some((certificate, key)) = encryption {
            self.write("server.crt", certificate)?;
            self.write("server.key", key)?;
            settings.push(("ssl", "on"));
        }
        self.configure(&settings)?;
        self.port.set(Some(port));
        Ok(port)
    }

    /// Settings beside those that the server is started with; what is named twice counts as it was named last.
    fn write_settings(&self, settings: &[(&str, &str)]) -> Result<(), String> {
        let all = std::iter::once(&("listen_addresses", "")).chain(settings);
        let lines: String = all.map(|(name, value)| format!("{name} = '{value}'\n")).collect();
        self.write("postgresql.auto.conf", &lines)
    }

    /// Writes a file of the server's own folder, which nobody else may read.
    fn write(&self, name: &str, text: &str) -> Result<(), String> {
        let file = self.data().join(name);
        std::fs::write(&file, text).map_err(|error| format!("cannot write {}: {error}", file.display()))?;
        if let Some(user) = user() {
            run(Command::new("chown").arg(user).arg(&file))?;
        }
        run(Command::new("chmod").arg("0600").arg(&file)).map(|_| ())
    }

    /// Ends the server at once, as when the machine loses its power; what was acknowledged is found again afterwards.
    ///
    /// # Errors
    /// A text with what the program said.
    pub fn kill(&self) -> Result<(), String> {
        run(self.programs.command("pg_ctl").args(["stop", "--mode=immediate", "--silent", "-D"]).arg(self.data()))?;
        Ok(())
    }

    /// The address of its database, by the socket.
    pub fn address(&self) -> String {
        match self.port.get() {
            None => address_in(&self.folder),
            Some(port) => address_in(&self.folder).replace("/postgres", &format!(":{port}/postgres")),
        }
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
