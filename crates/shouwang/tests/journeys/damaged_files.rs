//! Damaged files of people, handed in as every source and register: nobody's number, phone, account or name comes out in full.

use crate::damage::{self, Datasets, NAMES, NUMBERS, Person};
use crate::harness::{DAY, Story, text};
use crate::imports::all_files;
use crate::secrets::Secrets;
use crate::served::{Served, between};
use crate::workbook::Book;
use lake::{DatasetSchema, Lake};
use model::{HouseholdNo, IdentityNumber};
use policy::Package;
use rusqlite::types::ValueRef;
use serde_json::Value;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::thread::sleep;
use std::time::Duration;

/// Of so many files of a dataset one is handed in on the pages.
const BY_PAGE_IN_TURN: usize = 3;
/// Files whose jobs are waited for together; the pages know of more than these.
const JOBS_AT_ONCE: usize = 40;
/// Digits of the numbers of the households that a sample makes.
const HOUSEHOLD_DIGITS: usize = 16;
/// Endings of the lists in which rows are masked. The workbooks with faults marked are the files themselves, for who handed them in.
const MASKED: [&str; 2] = ["-未匹配.xlsx", "-已采用但需核对.xlsx"];

/// An installation with people in its registers, and what must not come out of it.
struct County {
    story: Story,
    package: Package,
    people: Vec<Person>,
    secrets: Secrets,
}

impl County {
    fn begin() -> County {
        let story = Story::begin();
        let sample = story.sample("sample", 12, 7, &["--clean"]);
        story.init();
        let registers: Vec<(String, String)> = crate::harness::files(&sample);
        registers[..2].iter().for_each(|(register, file)| drop(story.import(register, file)));
        let people = people(&registers[1].1);
        let numbers = people.iter().map(|person| person.number.as_str()).chain(NUMBERS);
        let secrets = Secrets::new(numbers, &NAMES);
        let package = crate::county::package(&story);
        County { story, package, people, secrets }
    }

    /// The sources, or the registers, each with the damaged files of it; `is_wanted`: by the turn of the file.
    fn files(&self, is_source: bool, is_wanted: impl Fn(usize) -> bool) -> Vec<(String, Vec<PathBuf>)> {
        let sources: Vec<&String> = self.package.sources.keys().collect();
        let registers: Vec<&String> = self.package.registers.keys().collect();
        let (names, others) = if is_source { (sources, registers) } else { (registers, sources) };
        let one = |at: usize, name: &String| {
            let folder = self.story.path(&format!("damaged/{name}"));
            let files = damage::files(
                &folder,
                &self.package,
                &Datasets { own: name, other: others[at % others.len()] },
                &self.people,
            );
            let wanted = files.into_iter().enumerate().filter(|(turn, _)| is_wanted(turn + at));
            (name.clone(), wanted.map(|(_, file)| file).collect())
        };
        names.iter().enumerate().map(|(at, name)| one(at, name)).collect()
    }

    fn database(&self) -> rusqlite::Connection {
        let flags = rusqlite::OpenFlags::SQLITE_OPEN_READ_WRITE;
        rusqlite::Connection::open_with_flags(self.story.dir().join("data.db"), flags).expect("a database")
    }

    /// Nothing that the installation keeps outside the records, the inbox and the marked files says who somebody is.
    fn keeps_nothing(&self) {
        let database = self.database();
        let mut named = database.prepare("select name from sqlite_master where type = 'table'").expect("a query");
        let names: Vec<String> =
            named.query_map([], |row| row.get(0)).expect("tables").map(|name| name.expect("a name")).collect();
        assert!(names.len() > 40, "{names:?}");
        names.iter().for_each(|table| self.keeps_nothing_in(&database, table));
        for file in all_files(&self.story.dir().join("out")) {
            let name = file.strip_prefix(self.story.dir()).expect("is below").to_string_lossy().into_owned();
            self.secrets.check(&name, "the names of files");
            if MASKED.iter().any(|ending| name.ends_with(ending)) {
                self.secrets.check(&Book::open(&file).all_text(), &name);
            }
        }
        for file in all_files(&self.story.dir().join("lake")) {
            let bytes = std::fs::read(&file).expect("a file of the lake");
            self.secrets.check(&String::from_utf8_lossy(&bytes), &file.to_string_lossy());
        }
    }

    fn keeps_nothing_in(&self, database: &rusqlite::Connection, table: &str) {
        let mut query = database.prepare(&format!("select * from \"{table}\"")).expect("a query");
        let columns: Vec<String> = query.column_names().iter().map(|name| (*name).to_owned()).collect();
        let mut rows = query.query([]).expect("rows");
        while let Some(row) = rows.next().expect("a row") {
            for (at, column) in columns.iter().enumerate() {
                let ValueRef::Text(bytes) = row.get_ref(at).expect("a cell") else { continue };
                let (said, place) = (String::from_utf8_lossy(bytes), format!("{table}.{column}"));
                let is_of_event = table == "event" && ["before", "after"].contains(&column.as_str());
                if is_of_event || table.starts_with("r_") {
                    // Names stand where registers keep them, and where events tell of the fields that were changed.
                    self.secrets.check_numbers(&said, &place);
                }
                if is_of_event {
                    let told: Value = serde_json::from_str(&said).unwrap_or_default();
                    let notes = told.as_object().into_iter().flatten().filter(|(name, _)| name.starts_with('_'));
                    notes.for_each(|(name, note)| self.secrets.check(&note.to_string(), &format!("{place} {name}")));
                } else if !table.starts_with("r_") {
                    self.secrets.check(&said, &place);
                }
            }
        }
    }

    /// Rows of the lake of these people, which say nothing of who they are.
    fn lake_says_nothing(&self) -> usize {
        let lake = Lake::local(self.story.dir().join("lake")).expect("a lake");
        let mut seen = 0;
        for (name, source) in &self.package.sources {
            let schema = DatasetSchema::of_source(name, source);
            let households: BTreeSet<&str> = self.people.iter().map(|person| person.household.as_str()).collect();
            for household in households.into_iter().filter_map(HouseholdNo::parse) {
                let rows = lake.rows_of_household(&schema, household).expect("rows");
                seen += rows.len();
                rows.iter().for_each(|row| self.secrets.check(&format!("{:?}", row.values), name));
            }
        }
        seen
    }

    /// Hands the files in on the command line, every second one for people and the others with `--json`.
    fn hands_in(&self, files: &[(String, Vec<PathBuf>)]) {
        let dir = text(&self.story.dir());
        for (at, (name, paths)) in files.iter().enumerate() {
            for half in 0..2 {
                let chosen = paths.iter().enumerate().filter(|(turn, _)| turn % 2 == half);
                let paths: Vec<String> = chosen.map(|(_, path)| text(path)).collect();
                let json = ["--json"].iter().filter(|_| (at + half) % 2 == 0).copied();
                let arguments = json.chain(["import", "--dir", &dir, "--day", DAY, name]);
                let arguments: Vec<&str> = arguments.chain(paths.iter().map(String::as_str)).collect();
                let output = self.story.try_run_with_log(&arguments);
                let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
                assert!(matches!(output.status.code(), Some(0 | 1)), "{name}: {}", said(&output.stderr));
                self.secrets.check(&said(&output.stdout), &format!("the summary of {name}"));
                self.secrets.check(&said(&output.stderr), &format!("what is said of {name}"));
            }
        }
    }
}

/// Three people of a file of the register of people: its lines have numbers of people and of their households.
fn people(file: &str) -> Vec<Person> {
    let bytes = std::fs::read(file).expect("a register");
    let said = String::from_utf8_lossy(&bytes).into_owned();
    let person = |line: &str| {
        let mut cells = line.split(',');
        let is_household =
            |cell: &&str| cell.len() == HOUSEHOLD_DIGITS && cell.bytes().all(|byte| byte.is_ascii_digit());
        let household = cells.clone().find(is_household)?.to_owned();
        let number = cells.find(|cell| cell.len() == 18 && IdentityNumber::parse(cell).is_ok())?.to_owned();
        Some(Person { number, household })
    };
    let people: Vec<Person> = said.lines().filter_map(person).step_by(3).take(3).collect();
    assert_eq!(people.len(), 3, "{file} has people");
    people
}

#[test]
fn nothing_of_a_person_comes_out_of_damaged_files_of_departments() {
    let county = County::begin();
    county.hands_in(&county.files(true, |turn| turn % BY_PAGE_IN_TURN > 0));
    county.keeps_nothing();
    let rows = county.lake_says_nothing();
    assert!(rows > 20, "{rows} rows stand in the lake");
}

#[test]
fn nothing_of_a_person_comes_out_of_damaged_files_of_registers() {
    let county = County::begin();
    county.hands_in(&county.files(false, |turn| turn % BY_PAGE_IN_TURN > 0));
    county.keeps_nothing();
}

/// The pages as an officer sees them while files are handed in.
struct Pages<'a> {
    county: &'a County,
    served: &'a Served,
    token: String,
    /// Forms and files that were asked for: the columns of a file, lists of rows.
    asked: (usize, usize),
}

impl Pages<'_> {
    /// A page, which names nobody.
    fn see(&self, address: &str) -> String {
        let page = self.served.get(address).text();
        self.county.secrets.check(&page, address);
        page
    }

    /// The page of a job once it has ended; the same of a job that did not come about is the answer itself.
    fn ended(&self, job: &str) -> String {
        for _ in 0..1_200 {
            let page = self.see(&format!("{job}/state"));
            if !page.contains("hx-get") {
                return self.see(job);
            }
            sleep(Duration::from_millis(50));
        }
        panic!("{job} does not end");
    }

    /// Hands a file in at an address; where its job is to be seen, if it was taken.
    fn hand_in(&self, address: &str, dataset: &str, file: &std::path::Path) -> Option<String> {
        let fields = [("form_token", self.token.as_str()), ("dataset", dataset), ("day", DAY)];
        let answer = self.served.upload(address, &fields, file);
        self.county.secrets.check(&String::from_utf8_lossy(answer.bytes()), &format!("the answer to {dataset}"));
        answer.location().map(str::to_owned)
    }

    /// Everything that is to be seen of an import, from the page of its job on.
    fn follow(&mut self, job: &str) {
        let page = self.ended(job);
        let Some(id) = between(&page, "href=\"/imports/", "\"") else { return };
        let receipt = self.see(&format!("/imports/{id}"));
        self.county.secrets.check(&self.served.get(&format!("/imports/{id}/undo")).text(), "the page to take back");
        // Who left a list stands there by name, for whoever may see the household.
        self.county.secrets.check_numbers(&self.served.get(&format!("/imports/{id}/leavers")).text(), "who left");
        for link in receipt.split("href=\"").skip(1).filter_map(|link| link.split('"').next()) {
            self.load(link);
        }
        if let Some(next) = receipt.contains("/columns\"").then(|| self.choose(&receipt)).flatten() {
            self.asked.0 += 1;
            self.ended(&next);
        }
    }

    /// Loads a list of masked rows.
    fn load(&mut self, link: &str) {
        let link_name = percent_decoded(link);
        if !MASKED.iter().any(|ending| link_name.ends_with(ending)) {
            return;
        }
        let path = self.county.story.path("list.xlsx");
        std::fs::write(&path, self.served.get(link).bytes()).expect("a file can be written");
        self.county.secrets.check(&Book::open(&path).all_text(), link);
        self.asked.1 += 1;
    }

    /// Answers what is asked about the columns of a file: the last column for every field.
    fn choose(&self, receipt: &str) -> Option<String> {
        let action =
            between(receipt, "<form class=\"sw-panel\" action=\"", "\"").filter(|to| to.ends_with("/columns"))?;
        let fields = receipt.split("<select ").skip(1).filter_map(|select| {
            let select = select.split("</select>").next()?;
            let name = between(select, "name=\"", "\"")?;
            Some((name, select.rsplit("<option value=\"").next()?.split('"').next()?))
        });
        let fields: Vec<(&str, &str)> = std::iter::once(("form_token", self.token.as_str())).chain(fields).collect();
        self.served.post(action, &fields).location().map(str::to_owned)
    }
}

fn percent_decoded(text: &str) -> String {
    let mut parts = text.split('%');
    let mut bytes = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(part.len().min(2));
        bytes.extend(u8::from_str_radix(digits, 16));
        bytes.extend(rest.as_bytes());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[test]
fn nothing_of_a_person_comes_out_of_damaged_files_on_the_pages() {
    let county = County::begin();
    let served = Served::begin(&county.story);
    let import = served.get("/import").text();
    let token = between(&import, "name=\"form_token\" value=\"", "\"").expect("a token").to_owned();
    let mut pages = Pages { county: &county, served: &served, token, asked: (0, 0) };
    let datasets = [
        county.files(true, |turn| turn % BY_PAGE_IN_TURN == 0),
        county.files(false, |turn| turn % BY_PAGE_IN_TURN == 0),
    ];
    let all = datasets.iter().flatten().flat_map(|(name, files)| files.iter().map(move |file| (name, file)));
    let all: Vec<(&String, &PathBuf)> = all.collect();
    for some in all.chunks(JOBS_AT_ONCE) {
        let jobs: Vec<String> = some.iter().filter_map(|(name, file)| pages.hand_in("/import", name, file)).collect();
        jobs.iter().for_each(|job| pages.follow(job));
        ["/jobs", "/imports", "/notices", "/"].iter().for_each(|page| drop(pages.see(page)));
    }
    for (name, _) in &datasets[1] {
        // What a look at a file shows of records that it would change is for whoever sees these records: it has none here.
        let file = county.story.path(&format!("damaged/{name}/no_head.xlsx"));
        let looks = [file.clone(), file.with_file_name("ragged.csv")];
        let shown: Vec<String> =
            looks.iter().filter_map(|file| pages.hand_in(&format!("/registers/{name}/import"), name, file)).collect();
        for shown in shown {
            let job = shown.rsplit('=').next().expect("the number of the job");
            pages.ended(&format!("/jobs/{job}"));
            pages.see(&shown);
        }
        county.secrets.check_numbers(&served.get(&format!("/registers/{name}/records")).text(), name);
    }
    for page in ["/jobs", "/imports", "/leads", "/import"] {
        pages.see(page);
    }
    assert!(pages.asked.0 > 3 && pages.asked.1 > 3, "{:?}", pages.asked);
    county.secrets.check(&served.said(), "the log");
    drop(served);
    county.keeps_nothing();
}
