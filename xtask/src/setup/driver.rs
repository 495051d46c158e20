//! A page opened through ChromeDriver: the few words of its protocol that this takes.

use super::tools::Tools;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Duration;

/// How long an answer may take.
const ANSWER_MAX: Duration = Duration::from_secs(60);
const BROWSER: &str = r#"{"capabilities":{"alwaysMatch":{"goog:chromeOptions":{"args":["--headless","--no-sandbox","--disable-gpu","--disable-dev-shm-usage"]}}}}"#;
/// A page whose title tells that it was read.
const PAGE: &str = r#"{"url":"data:text/html,<title>opened</title>"}"#;

/// A driver that ends with this value, and the browsers with it.
struct Driver {
    process: Child,
    port: u16,
}

impl Drop for Driver {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts the driver and a browser, opens a page and reads its title.
///
/// # Errors
/// What did not come about, in the driver's words where it has any.
pub fn open_a_page(tools: &Tools) -> Result<(), String> {
    let driver = start(tools)?;
    let begun = driver.ask("POST", "/session", BROWSER)?;
    let session = member(&begun, "sessionId").ok_or_else(|| format!("no browser starts: {}", shortened(&begun)))?;
    let opened = driver.ask("POST", &format!("/session/{session}/url"), PAGE);
    let title = opened.and_then(|_| driver.ask("GET", &format!("/session/{session}/title"), ""));
    // The browser ends with its session; whatever came before is what is told.
    let ended = driver.ask("DELETE", &format!("/session/{session}"), "");
    let title = title?;
    ended?;
    match member(&title, "value").as_deref() {
        Some("opened") => Ok(()),
        _ => Err(format!("the browser does not show a page: {}", shortened(&title))),
    }
}

fn start(tools: &Tools) -> Result<Driver, String> {
    let mut command = tools.command("chromedriver");
    command.arg("--port=0").stdout(Stdio::piped()).stderr(Stdio::null());
    let process = command.spawn().map_err(|error| format!("`chromedriver` does not start: {error}"))?;
    let mut driver = Driver { process, port: 0 };
    let said = driver.process.stdout.take().ok_or("`chromedriver` cannot be heard")?;
    for line in BufReader::new(said).lines().map_while(Result::ok) {
        if let Some(port) = line.split("started successfully on port ").nth(1) {
            let digits: String = port.chars().take_while(char::is_ascii_digit).collect();
            driver.port = digits.parse().map_err(|_| format!("`chromedriver` tells no port: {line}"))?;
            return Ok(driver);
        }
    }
    Err("`chromedriver` ends without telling its port".to_owned())
}

impl Driver {
    fn ask(&self, method: &str, path: &str, body: &str) -> Result<String, String> {
        let fault = |error: std::io::Error| format!("`chromedriver` does not answer: {error}");
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).map_err(fault)?;
        stream.set_read_timeout(Some(ANSWER_MAX)).map_err(fault)?;
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\nConnection: close\r\n", self.port);
        let kind = format!("Content-Type: application/json\r\nContent-Length: {length}\r\n\r\n{body}");
        stream.write_all((head + &kind).as_bytes()).map_err(fault)?;
        answer_of(BufReader::new(stream)).map_err(fault)
    }
}

/// The body of an answer: as long as its head says.
fn answer_of(mut stream: impl BufRead) -> std::io::Result<String> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line)? == 0 || line.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = line.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = Vec::new();
    stream.take(length).read_to_end(&mut body)?;
    Ok(String::from_utf8_lossy(&body).into_owned())
}

/// The text of a member of a JSON answer; its texts hold no quotation marks here.
fn member(json: &str, name: &str) -> Option<String> {
    let (_, rest) = json.split_once(&format!("\"{name}\":"))?;
    rest.trim_start().strip_prefix('"')?.split('"').next().map(str::to_owned)
}

fn shortened(text: &str) -> String {
    text.chars().take(300).collect()
}

#[cfg(test)]
mod tests {
    use super::{answer_of, member};

    #[test]
    fn an_answer_is_as_long_as_it_says_and_its_members_are_found() {
        let sent = b"HTTP/1.1 200 OK\r\ncontent-length: 15\r\n\r\n{\"value\": \"ab\"}more";
        let answer = answer_of(&sent[..]).expect("an answer");
        assert_eq!(answer, "{\"value\": \"ab\"}");
        assert_eq!(member(&answer, "value").as_deref(), Some("ab"));
        assert_eq!((member("{\"value\":null}", "value"), member("", "value")), (None, None));
    }
}
