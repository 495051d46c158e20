//! What the program asks of the system for itself.

/// Files and folders that the program makes are for its own user alone, whatever is the habit of who starts it.
#[cfg(unix)]
pub fn keep_files_private() {
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
}

#[cfg(not(unix))]
pub fn keep_files_private() {}

/// Lets the program hold as many open files, connections among them, as the system allows; many systems begin with 1,024.
#[cfg(unix)]
pub fn raise_open_files() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    if let Err(error) = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }) {
        tracing::warn!(%error, "the number of open files stays as it is");
    }
}

#[cfg(not(unix))]
pub fn raise_open_files() {}
