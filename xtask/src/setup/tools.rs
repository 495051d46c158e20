//! Programs of a machine, found in a search path and run with an end to their time.

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};
use std::time::{Duration, Instant};

/// What a program may take for a trial.
const TIME_MAX: Duration = Duration::from_secs(120);

/// Where programs are looked for.
pub struct Tools {
    path: OsString,
}

impl Tools {
    /// The search path of this process.
    pub fn of_this_machine() -> Tools {
        Tools { path: std::env::var_os("PATH").unwrap_or_default() }
    }

    /// The folders in which programs are looked for.
    pub fn folders(&self) -> impl Iterator<Item = PathBuf> {
        std::env::split_paths(&self.path).collect::<Vec<_>>().into_iter()
    }

    /// A program, which sees the same search path and hears nothing.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("PATH", &self.path).stdin(Stdio::null());
        command
    }

    /// What the program says, where it starts and is content with the arguments.
    pub fn output(&self, program: &str, arguments: &[&str]) -> Option<String> {
        let output = self.command(program).args(arguments).output().ok()?;
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs the program to its end, or to the end of its time.
    ///
    /// # Errors
    /// What went wrong, with the program's own words.
    pub fn run(&self, program: &str, arguments: &[&str]) -> Result<String, String> {
        let mut command = self.command(program);
        command.args(arguments).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = command.spawn().map_err(|error| format!("`{program}` does not start: {error}"))?;
        let output = within(child, TIME_MAX).ok_or_else(|| format!("`{program}` does not end"))?;
        let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        if output.status.success() { Ok(said) } else { Err(format!("`{program}` fails: {}", said.trim())) }
    }
}

/// What a child says to its end; nothing where its time was over before.
fn within(mut child: Child, time: Duration) -> Option<Output> {
    let until = Instant::now() + time;
    while child.try_wait().ok()?.is_none() {
        if Instant::now() > until {
            let _ = child.kill();
            let _ = child.wait();
            return None;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    child.wait_with_output().ok()
}

/// A folder for one trial that goes away afterwards.
pub struct Scratch(PathBuf);

impl Scratch {
    /// A new folder.
    ///
    /// # Errors
    /// What the file system says.
    pub fn new() -> Result<Scratch, String> {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let folder = std::env::temp_dir().join(format!("shouwang-trial-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).map_err(|error| format!("cannot make {}: {error}", folder.display()))?;
        Ok(Scratch(folder))
    }

    /// The folder; it goes with this value.
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// A file of the folder, as an argument.
    pub fn file(&self, name: &str) -> String {
        self.0.join(name).to_string_lossy().into_owned()
    }

    /// Writes a file into the folder and gives its path.
    ///
    /// # Errors
    /// What the file system says.
    pub fn write(&self, name: &str, text: &str) -> Result<String, String> {
        std::fs::write(self.0.join(name), text).map_err(|error| format!("cannot write {name}: {error}"))?;
        Ok(self.file(name))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

#[cfg(test)]
pub mod tests {
    use super::{Scratch, Tools, within};
    use std::os::unix::fs::PermissionsExt;
    use std::path::PathBuf;
    use std::process::Command;
    use std::time::Duration;

    /// A machine with the programs that a test gives it, besides the plainest ones.
    pub struct Bench(Scratch);

    impl Bench {
        pub fn new() -> Bench {
            let bench = Bench(Scratch::new().expect("a folder"));
            std::fs::create_dir_all(bench.path("bin")).expect("a folder");
            bench
        }

        pub fn path(&self, name: &str) -> PathBuf {
            self.0.path().join(name)
        }

        /// A program that does what the lines say.
        pub fn program(&self, name: &str, lines: &str) {
            let file = self.path("bin").join(name);
            std::fs::write(&file, format!("#!/bin/sh\n{lines}\n")).expect("a file");
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).expect("permissions");
        }

        /// Its own programs first, then those of the system's base.
        pub fn tools(&self) -> Tools {
            let folders = [self.path("bin"), PathBuf::from("/usr/bin"), PathBuf::from("/bin")];
            Tools { path: std::env::join_paths(folders).expect("a path") }
        }
    }

    #[test]
    fn what_does_not_end_is_ended() {
        let child = Command::new("sleep").arg("60").spawn().expect("starts");
        assert!(within(child, Duration::from_millis(50)).is_none());
        assert!(Tools::of_this_machine().run("no-such-program-of-this-house", &[]).is_err());
    }
}
