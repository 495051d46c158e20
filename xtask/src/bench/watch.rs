//! Runs a command, watches its memory, and reads figures from what it printed.

use anyhow::{Context, Result, ensure};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

/// One finished command: what it printed, how long it took, the most memory it held.
pub(super) struct Ran {
    pub(super) output: String,
    pub(super) took: Duration,
    pub(super) peak_mib: u64,
}

/// Runs a command to its end and watches its memory.
pub(super) fn watch(command: &mut Command) -> Result<Ran> {
    let began = Instant::now();
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
    let status = PathBuf::from(format!("/proc/{}/status", child.id()));
    let (stop, stopped) = std::sync::mpsc::channel::<()>();
    let watcher = std::thread::spawn(move || {
        let mut peak = 0;
        loop {
            if let Ok(text) = std::fs::read_to_string(&status) {
                peak = peak.max(number_after(&text, "VmHWM:").unwrap_or_default() / 1024);
            }
            if stopped.recv_timeout(Duration::from_millis(10)).is_ok() {
                return peak;
            }
        }
    });
    let errors = child.stderr.take().map(drain);
    let output = child.stdout.take().map(drain).and_then(|reader| reader.join().ok()).unwrap_or_default();
    let ended = child.wait()?;
    let took = began.elapsed();
    let _ = stop.send(());
    let errors = errors.and_then(|reader| reader.join().ok()).unwrap_or_default();
    ensure!(ended.success(), "it ended with {ended}: {errors}");
    let peak_mib = watcher.join().unwrap_or_default();
    Ok(Ran { output, took, peak_mib })
}

fn drain(mut from: impl std::io::Read + Send + 'static) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let mut text = String::new();
        let _ = from.read_to_string(&mut text);
        text
    })
}

pub(super) fn number_after(text: &str, key: &str) -> Result<u64> {
    let at = text.find(key).with_context(|| format!("no {key} in the output"))? + key.len();
    let digits: String = text[at..].trim_start().chars().take_while(char::is_ascii_digit).collect();
    Ok(digits.parse()?)
}

pub(super) fn decimal_after(text: &str, key: &str) -> Result<f64> {
    let at = text.find(key).with_context(|| format!("no {key} in the output"))? + key.len();
    let is_part = |letter: &char| letter.is_ascii_digit() || *letter == '.';
    let digits: String = text[at..].trim_start().chars().take_while(is_part).collect();
    Ok(digits.parse()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_output_of_a_command_are_seen() {
        let ran = watch(Command::new("sh").args(["-c", "sleep 0.1; echo said"])).expect("it runs");
        assert_eq!(ran.output, "said\n");
        assert!(ran.took >= Duration::from_millis(100));
        assert!(watch(Command::new("sh").args(["-c", "exit 3"])).is_err());
    }
}
