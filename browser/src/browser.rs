//! A real headless Chromium, driven through ChromeDriver, against the real program on a loopback port.

use crate::{Story, text};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader};
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use thirtyfour::prelude::*;

/// Starts of ChromeDriver until it has a port.
const STARTS_MAX: u32 = 5;

/// The demo's pages, served until the value is dropped.
pub struct Served {
    child: Child,
    pub address: String,
    pub accounts: Vec<(String, String)>,
}

impl Served {
    /// Makes a small demo and serves it on a free port; it stops by itself after five minutes.
    pub fn demo(story: &Story) -> Served {
        let dir = text(&story.dir());
        let package = text(&story.package);
        let mut child = Command::new(crate::program())
            .args(["demo", "--dir", &dir, "--package", &package, "--households", "300", "--port", "0"])
            .args(["--stop-after", "300"])
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let address = first_address(&mut child);
        let accounts = std::fs::read_to_string(story.dir().join("demo-accounts.txt")).expect("the accounts");
        let pair = |line: &str| {
            let mut words = line.split_whitespace();
            Some((words.next()?.to_owned(), words.next().filter(|word| word.contains('-'))?.to_owned()))
        };
        Served { child, address, accounts: accounts.lines().filter_map(pair).collect() }
    }

    /// The password of an account.
    pub fn password(&self, account: &str) -> &str {
        let found = self.accounts.iter().find(|(name, _)| name == account);
        found.map(|(_, password)| password.as_str()).unwrap_or_else(|| panic!("{account} in {:?}", self.accounts))
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Reads standard error until the program says where it serves; goes on reading so that it never blocks.
fn first_address(child: &mut Child) -> String {
    let errors = child.stderr.take().expect("standard error is piped");
    let (send, receive) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let mut said = String::new();
        for line in BufReader::new(errors).lines().map_while(Result::ok) {
            if let Some(at) = line.find("http://127.0.0.1:") {
                let _ = send.send(Ok(line[at..].split_whitespace().next().unwrap_or_default().to_owned()));
            }
            said.push_str(&line);
            said.push('\n');
        }
        let _ = send.send(Err(said));
    });
    match receive.recv_timeout(Duration::from_secs(240)) {
        Ok(Ok(address)) => address,
        Ok(Err(said)) => panic!("the demo ended: {said}"),
        Err(_) => panic!("the demo did not become ready"),
    }
}

/// A browser and the driver in front of it.
pub struct Browser {
    driver_process: Child,
    /// The browser's own process, as the driver tells it.
    process: Option<u64>,
    pub driver: WebDriver,
}

impl Browser {
    /// Starts ChromeDriver on a free port and one browser window of that size.
    pub async fn start(width: u32, height: u32) -> Browser {
        let (process, port) = driver();
        let mut capabilities = DesiredCapabilities::chrome();
        let mut options = json!({
            "args": ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--disable-dev-shm-usage", format!("--window-size={width},{height}")],
        });
        if width < 500 {
            // A window cannot be that narrow, a phone can.
            let metrics = json!({ "width": width, "height": height, "pixelRatio": 1.0, "mobile": true, "touch": true });
            options["mobileEmulation"] = json!({ "deviceMetrics": metrics });
        }
        capabilities.set("goog:chromeOptions", options).expect("options of the browser");
        let driver = WebDriver::new(format!("http://127.0.0.1:{port}"), capabilities).await.expect("a browser");
        let own = driver.cdp().handle().capabilities().get("goog:processID").and_then(Value::as_u64);
        Browser { driver_process: process, process: own, driver }
    }

    /// Ends the browser and its driver.
    pub async fn stop(mut self) {
        if self.driver.clone().quit().await.is_ok() {
            self.process = None;
        }
    }
}

/// A test that fails leaves no browser behind, not even one whose driver answers nothing more.
impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(browser) = self.process {
            let _ = Command::new("kill").args(["-9", &browser.to_string()]).stderr(Stdio::null()).status();
        }
        let _ = self.driver_process.kill();
        let _ = self.driver_process.wait();
    }
}

/// Starts ChromeDriver. It takes a free port on one kind of address and ends where the same port of the other kind is in use:
/// then it is started again.
fn driver() -> (Child, u16) {
    let mut said = Vec::new();
    for _ in 0..STARTS_MAX {
        let mut process = Command::new("chromedriver")
            .arg("--port=0")
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("chromedriver is installed; `cargo xtask test` does it");
        match driver_port(&mut process, &mut said) {
            Some(port) => return (process, port),
            None => drop(process.wait()),
        }
    }
    panic!("chromedriver did not say its port in {STARTS_MAX} starts, but: {said:?}");
}

/// The port that it says; `None` where it ends without one.
fn driver_port(process: &mut Child, said: &mut Vec<String>) -> Option<u16> {
    let output = process.stdout.take().expect("standard output is piped");
    for line in BufReader::new(output).lines().map_while(Result::ok) {
        if let Some(port) = line.split("started successfully on port ").nth(1) {
            let digits: String = port.chars().take_while(char::is_ascii_digit).collect();
            return Some(digits.parse().expect("a port"));
        }
        said.push(line);
    }
    None
}
