//! What the program asks of the system for itself.

/// Files and folders that the program makes are for its own user alone, whatever is the habit of who starts it.
#[cfg(unix)]
pub fn keep_files_private() {
    nix::sys::stat::umask(nix::sys::stat::Mode::S_IRWXG | nix::sys::stat::Mode::S_IRWXO);
}

#[cfg(not(unix))]
pub fn keep_files_private() {}

/// Lets the program hold as many open files, connections among them, as the system allows; many systems begin with 1,024.
#[cfg(unix)]
pub fn raise_open_files() {
    use nix::sys::resource::{Resource, getrlimit, setrlimit};
    let raised =
        getrlimit(Resource::RLIMIT_NOFILE).and_then(|(_, most)| setrlimit(Resource::RLIMIT_NOFILE, most, most));
    if let Err(error) = raised {
        tracing::warn!(%error, "the number of open files stays as it is");
    }
}

#[cfg(not(unix))]
pub fn raise_open_files() {}
