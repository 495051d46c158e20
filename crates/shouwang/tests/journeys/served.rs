//! The program serving a story's installation, seen through the eyes of one account.

use crate::harness::{REGION, Story, program, text};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// The program serving a story's installation, and a signed-in browser's cookie.
pub struct Served {
    /// The program, of which others may be guests.
    program: Option<Child>,
    address: String,
    cookie: String,
    said: Arc<Mutex<Vec<u8>>>,
}

impl Drop for Served {
    fn drop(&mut self) {
        if let Some(program) = &mut self.program {
            let _ = program.kill();
            let _ = program.wait();
        }
    }
}

/// One answer: first line with headers, and the body.
pub struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    /// First line and headers.
    pub fn head(&self) -> &str {
        &self.head
    }

    /// Where it leads to, if anywhere.
    pub fn location(&self) -> Option<&str> {
        self.head.lines().find_map(|line| line.strip_prefix("location: "))
    }

    /// The body as it came.
    pub fn bytes(&self) -> &[u8] {
        &self.body
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("pages are UTF-8")
    }

    pub fn header(&self, name: &str) -> String {
        let line = self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.head)).to_owned()
    }
}

pub fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

pub fn form(fields: &[(String, String)]) -> String {
    let plain = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).into() } else { format!("%{byte:02X}") };
    let escape = |text: &str| -> String { text.bytes().map(plain).collect::<Vec<String>>().concat() };
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    pairs.join("&")
}

/// Adds an account, and gives its password.
fn new_account(story: &Story, name: &str, role: &str, region: &str) -> String {
    let account = ["account", "--dir", &text(&story.dir()), name, "--role", role, "--region", region];
    story.run(&account)["password"].as_str().expect("a password").to_owned()
}

impl Served {
    /// Serves it to an officer of the county.
    pub fn begin(story: &Story) -> Served {
        Served::as_role(story, "li", "county_officer", REGION)
    }

    /// Serves it to a new account.
    pub fn as_role(story: &Story, name: &str, role: &str, region: &str) -> Served {
        let (dir, password) = (text(&story.dir()), new_account(story, name, role, region));
        let mut program = program()
            .args(["serve", "--dir", &dir, "--listen", "127.0.0.1:0", "--stop-after", "600"])
            .env("SHOUWANG_LOG", "debug")
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut lines = BufReader::new(program.stderr.take().expect("it is piped"));
        let (mut line, said) = (Vec::new(), Arc::new(Mutex::new(Vec::new())));
        let address = loop {
            line.clear();
            let count = lines.read_until(b'\n', &mut line).expect("it says where it listens");
            let text = String::from_utf8_lossy(&line);
            assert!(count > 0, "it ends before it listens");
            said.lock().expect("no panic").extend(&line);
            if let Some(address) = text.contains("Ctrl+C").then(|| between(&text, "http://", " ")).flatten() {
                break address.to_owned();
            }
        };
        let more = said.clone();
        std::thread::spawn(move || {
            while lines.read_until(b'\n', &mut line).is_ok_and(|count| count > 0) {
                more.lock().expect("no panic").append(&mut line);
            }
        });
        Served { program: Some(program), address, cookie: String::new(), said }.signed_in(name, &password)
    }

    /// The same program through the eyes of a further new account.
    pub fn also(&self, story: &Story, name: &str, role: &str, region: &str) -> Served {
        let (address, said) = (self.address.clone(), self.said.clone());
        let password = new_account(story, name, role, region);
        Served { program: None, address, cookie: String::new(), said }.signed_in(name, &password)
    }

    fn signed_in(self, name: &str, password: &str) -> Served {
        let mut served = self;
        let page = served.get("/sign-in");
        served.cookie = page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let token = between(&page.text(), "name=\"form_token\" value=\"", "\"").expect("a token").to_owned();
        let answer = served.post("/sign-in", &[("form_token", &token), ("account", name), ("password", password)]);
        served.cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        served
    }

    /// What it has said so far on standard error, its log among it.
    pub fn said(&self) -> String {
        String::from_utf8_lossy(&self.said.lock().expect("no panic")).into_owned()
    }

    pub fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.0\r\n"), "")
    }

    pub fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let body = form(&fields);
        let kind = "content-type: application/x-www-form-urlencoded";
        self.send(&format!("POST {path} HTTP/1.0\r\n{kind}\r\ncontent-length: {}\r\n", body.len()), &body)
    }

    /// Sends a form with a file, as a browser does.
    pub fn upload(&self, path: &str, fields: &[(&str, &str)], file: &std::path::Path) -> Answer {
        const BOUNDARY: &str = "parts-of-a-form";
        let mut body = Vec::new();
        for (name, value) in fields {
            let part = format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n");
            body.extend(part.into_bytes());
        }
        let name = file.file_name().expect("a name").to_string_lossy();
        let head =
            format!("--{BOUNDARY}\r\ncontent-disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
        body.extend(head.into_bytes());
        body.extend(std::fs::read(file).expect("a file"));
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        let kind = format!("content-type: multipart/form-data; boundary={BOUNDARY}");
        self.send(&format!("POST {path} HTTP/1.0\r\n{kind}\r\ncontent-length: {}\r\n", body.len()), &body)
    }

    fn send(&self, head: &str, body: impl AsRef<[u8]>) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let (host, cookie) = (&self.address, &self.cookie);
        write!(stream, "{head}host: {host}\r\ncookie: {cookie}\r\n\r\n").expect("it takes requests");
        stream.write_all(body.as_ref()).expect("it takes requests");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("it answers");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        Answer { head: String::from_utf8_lossy(&bytes[..end]).into_owned(), body: bytes[end + 4..].to_vec() }
    }

    /// The same browser, whose pages are in English.
    pub fn in_english(mut self) -> Served {
        self.cookie.push_str("; sw_language=en");
        self
    }

    /// The file of an export that a page asks for, through its job, as a file in the story's folder.
    pub fn exported(&self, story: &Story, address: &str, fields: &[(&str, &str)], format: &str) -> PathBuf {
        let job = self.post(address, &[fields, &[("format", format)]].concat()).header("location");
        for _ in 0..600 {
            let state = self.get(&format!("{job}/state")).text();
            if let Some(name) = between(&state, &format!("{job}/files/"), "\"") {
                let file = self.get(&format!("{job}/files/{name}"));
                let path = story.path(&format!("exported.{format}"));
                std::fs::write(&path, file.body).expect("a file can be written");
                return path;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the export of {address} {fields:?} as {format} does not end");
    }
}
