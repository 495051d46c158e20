//! One server for all tests of a user: the first test starts it, it ends by itself when no test has asked for a while.

use crate::programs::{MISSING, Programs, answer};
use crate::server::{Durability, Server, address_in, answers_in};
use std::fs::File;
use std::path::Path;

/// Minutes without a test after which the server ends.
const IDLE_MINUTES: u32 = 10;

/// The address of the shared server; starts it where it does not run.
pub(crate) fn address() -> Result<String, String> {
    let user = answer("id", &["-u"]).unwrap_or_default();
    let home = std::env::temp_dir().join(format!("shouwang-tests-{}", user.trim()));
    let fault = |error: std::io::Error| format!("cannot write in {}: {error}", home.display());
    if Programs::find().is_none() {
        return Err(MISSING.to_owned());
    }
    std::fs::create_dir_all(&home).map_err(fault)?;
    let lock = File::create(home.join("lock")).map_err(fault)?;
    lock.lock().map_err(fault)?;
    let folder = home.join("postgres");
    File::create(home.join("used")).map_err(fault)?;
    if !answers_in(&folder) {
        // What an earlier server left when the machine stopped.
        let _ = std::fs::remove_dir_all(&folder);
        start(&home, &folder)?;
    }
    Ok(address_in(&folder))
}

fn start(home: &Path, folder: &Path) -> Result<(), String> {
    let programs = Programs::find().ok_or(MISSING)?;
    let server = Server::make(programs, folder.to_owned(), Durability::None)?;
    let home = home.display();
    // Under the lock the watchman looks again, so that no test finds a server that is about to end.
    server.keep(&format!(
        "while sleep 20; do exec 9>'{home}/lock'; flock 9; \
         [ -n \"$(find '{home}/used' -mmin -{IDLE_MINUTES} 2>/dev/null)\" ] || break; exec 9>&-; done"
    ))?;
    server.leave();
    Ok(())
}
