//! A filtered list goes to a file: page, export job, file, row by row.

use crate::harness::{DAY, REGION, Story, text};
use exchange::{NoPlaces, Options, Shape};
use policy::declare::Column;
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::ops::ControlFlow;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The program serving a story's installation, and a signed-in browser's cookie.
struct Served {
    program: Child,
    address: String,
    cookie: String,
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

/// One answer: first line with headers, and the body.
struct Answer {
    head: String,
    body: Vec<u8>,
}

impl Answer {
    fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("pages are UTF-8")
    }

    fn header(&self, name: &str) -> String {
        let line = self.head.lines().find_map(|line| line.strip_prefix(&format!("{name}: ")));
        line.unwrap_or_else(|| panic!("no {name} in {}", self.head)).to_owned()
    }
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> Option<&'a str> {
    let (_, rest) = text.split_once(before)?;
    rest.split_once(after).map(|(found, _)| found)
}

fn form(fields: &[(String, String)]) -> String {
    let plain = |byte: u8| if byte.is_ascii_alphanumeric() { char::from(byte).into() } else { format!("%{byte:02X}") };
    let escape = |text: &str| -> String { text.bytes().map(plain).collect::<Vec<String>>().concat() };
    let pairs: Vec<String> = fields.iter().map(|(name, value)| format!("{name}={}", escape(value))).collect();
    pairs.join("&")
}

impl Served {
    fn begin(story: &Story) -> Served {
        let dir = text(&story.dir());
        let account = ["account", "--dir", &dir, "li", "--role", "county_officer", "--region", REGION];
        let password = story.run(&account)["password"].as_str().expect("a password").to_owned();
        let mut program = Command::new(env!("CARGO_BIN_EXE_shouwang"))
            .args(["serve", "--dir", &dir, "--listen", "127.0.0.1:0", "--stop-after", "300"])
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let mut said = BufReader::new(program.stderr.take().expect("it is piped"));
        let mut line = String::new();
        said.read_line(&mut line).expect("it says where it listens");
        std::thread::spawn(move || said.read_to_end(&mut Vec::new()));
        let address = between(&line, "http://", " ").unwrap_or_else(|| panic!("{line}")).to_owned();
        let mut served = Served { program, address, cookie: String::new() };
        let page = served.get("/sign-in");
        served.cookie = page.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        let token = between(&page.text(), "name=\"form_token\" value=\"", "\"").expect("a token").to_owned();
        let answer = served.post("/sign-in", &[("form_token", &token), ("account", "li"), ("password", &password)]);
        served.cookie = answer.header("set-cookie").split(';').next().unwrap_or_default().to_owned();
        served
    }

    fn get(&self, path: &str) -> Answer {
        self.send(&format!("GET {path} HTTP/1.0\r\n"), "")
    }

    fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        let fields: Vec<_> = fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let body = form(&fields);
        let kind = "content-type: application/x-www-form-urlencoded";
        self.send(&format!("POST {path} HTTP/1.0\r\n{kind}\r\ncontent-length: {}\r\n", body.len()), &body)
    }

    fn send(&self, head: &str, body: &str) -> Answer {
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        let (host, cookie) = (&self.address, &self.cookie);
        write!(stream, "{head}host: {host}\r\ncookie: {cookie}\r\n\r\n{body}").expect("it takes requests");
        let mut bytes = Vec::new();
        stream.read_to_end(&mut bytes).expect("it answers");
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("a head");
        Answer { head: String::from_utf8_lossy(&bytes[..end]).into_owned(), body: bytes[end + 4..].to_vec() }
    }

    /// All rows that the page shows under the filter, page after page: lead, why, state.
    fn shown(&self, filter: &[(&str, &str)], token: &str) -> Vec<[String; 3]> {
        let is_search = filter.iter().any(|(name, _)| *name == "text");
        let owned: Vec<_> = filter.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        let mut page = match is_search {
            true => self.post("/leads", &[filter, &[("form_token", token)]].concat()).text(),
            false => self.get(&format!("/leads?{}", form(&owned))).text(),
        };
        let mut rows = rows(&page);
        loop {
            let next = between(&page, "rel=\"next\"", ">").and(page.split("<a class=\"sw-button\" href=\"").last());
            let after = page.split("<button class=\"sw-button\" name=\"after\" value=\"").last();
            let after = after.and_then(|rest| rest.split('"').next()).filter(|after| is_search && after.contains(':'));
            page = match (after, next.and_then(|rest| rest.split('"').next())) {
                (Some(after), _) => {
                    self.post("/leads", &[filter, &[("form_token", token), ("after", after)]].concat()).text()
                }
                (None, Some(address)) => self.get(&address.replace("&#38;", "&").replace("&amp;", "&")).text(),
                (None, None) => return rows,
            };
            rows.extend(self::rows(&page));
        }
    }

    /// The export of the same list, through its job, as a file in the story's folder.
    fn exported(&self, story: &Story, filter: &[(&str, &str)], token: &str, format: &str) -> std::path::PathBuf {
        let job = self.post("/leads/export", &[filter, &[("form_token", token), ("format", format)]].concat());
        let job = job.header("location");
        for _ in 0..300 {
            let state = self.get(&format!("{job}/state")).text();
            if let Some(name) = between(&state, &format!("{job}/files/"), "\"") {
                let file = self.get(&format!("{job}/files/{name}"));
                let path = story.path(&format!("exported.{format}"));
                std::fs::write(&path, file.body).expect("a file can be written");
                return path;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        panic!("the export of {filter:?} as {format} does not end");
    }
}

/// Rows of the table of leads.
fn rows(page: &str) -> Vec<[String; 3]> {
    let row = |row: &str| -> Option<[String; 3]> {
        let id = between(row, "href=\"/leads/", "\"")?;
        let cell = |label: &str| {
            let cell = between(row, &format!("data-label=\"{label}\"><span>"), "</span>").expect("a cell");
            cell.split("<small").next().unwrap_or_default().to_owned()
        };
        Some([id.to_owned(), cell("为什么被发现"), cell("状态")])
    };
    let table = between(page, "<table class=\"sw-table sw-stacks\" data-keys>", "</table>").unwrap_or_default();
    table.split("<tr>").filter_map(row).collect()
}

#[derive(serde::Deserialize)]
struct Columns {
    column: Vec<Column>,
}

/// The same columns of an exported file, read as any file is.
fn read(path: &Path) -> Vec<[String; 3]> {
    let columns: Vec<String> = ["线索编号", "为什么被发现", "状态"]
        .iter()
        .enumerate()
        .map(|(at, label)| {
            format!("[[column]]\nname = \"c{at}\"\nlabel = \"{label}\"\nlabel_en = \"{at}\"\nkind = \"text\"")
        })
        .collect();
    let Columns { column } = toml::from_str(&columns.join("\n")).expect("columns");
    let codes = BTreeMap::new();
    let shape = Shape {
        name: "leads",
        label: "线索",
        columns: &column,
        key: &[],
        identity: None,
        household: None,
        tests: Vec::new(),
        codes: &codes,
        delivery_day: DAY.parse().expect("a day"),
        places: &NoPlaces,
    };
    let mut rows = Vec::new();
    let summary = exchange::read(path, &shape, &Options::default(), &mut |chunk| {
        assert!(chunk.faults.is_empty(), "{:?}", chunk.faults);
        rows.extend(chunk.rows.into_iter().map(|row| [0, 1, 2].map(|at| row.cells[at].to_string())));
        ControlFlow::Continue(())
    });
    summary.unwrap_or_else(|refusal| panic!("{}: {refusal}", path.display()));
    rows
}

#[test]
fn an_exported_list_holds_exactly_the_rows_that_its_page_shows() {
    let story = Story::begin();
    let sample = story.sample("sample", 1_400, 11, &["--format", "csv"]);
    story.init();
    story.import_all(&sample);
    story.screen();
    let served = Served::begin(&story);
    let page = served.get("/leads").text();
    let token = between(&page, "name=\"form_token\" value=\"", "\"").expect("a token").to_owned();
    let leads = story.leads();
    let of_first = |name: &str| leads[0][name].as_str().expect("a text").to_owned();
    let (risk, number) = (of_first("risk"), leads[0]["household_no"].to_string());
    let region = format!("{}000", &of_first("region")[..9]);
    let reason = story.explain(&leads[0])["reasons"][0]["rule"].as_str().expect("a rule").to_owned();
    let head = between(&page, "<tr>", "</tr>").and_then(|_| between(&page, "data-label=\"户主\"><span>", "<"));
    let head = head.expect("a head of household").to_owned();
    let filters: [&[(&str, &str)]; 8] = [
        &[],
        &[("risk", &risk)],
        &[("region", &region), ("state", "all")],
        &[("rule", &reason)],
        &[("text", &head)],
        &[("text", &number), ("risk", &risk)],
        &[("text", &head[..3])],
        &[("state", "overdue")],
    ];
    let mut counts = Vec::new();
    for filter in filters {
        let shown = served.shown(filter, &token);
        for format in ["csv", "xlsx"] {
            if shown.is_empty() {
                continue;
            }
            let exported = read(&served.exported(&story, filter, &token, format));
            assert_eq!(exported, shown, "{filter:?} as {format}");
        }
        counts.push(shown.len());
    }
    let [all, by_risk, by_place, by_rule, by_head, by_number, by_family_name, _] = counts[..] else {
        panic!("{counts:?}")
    };
    assert_eq!(all, leads.len(), "every page was turned");
    for part in [by_risk, by_place, by_rule, by_head, by_family_name] {
        assert!(0 < part && part < all, "{counts:?}");
    }
    assert_eq!(by_number, 1);
    assert!(by_family_name > 50, "a search goes on over several pages: {counts:?}");
}
