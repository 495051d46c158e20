//! A county with records in every register, on either database.

use crate::harness::{Story, files, text};
use policy::Package;
use serde_json::Value;
use test_server::Scratch;

/// Where a story's database is.
pub enum On {
    Sqlite,
    Postgresql(Scratch),
}

impl On {
    pub fn both() -> [On; 2] {
        [On::Sqlite, On::Postgresql(Scratch::new().unwrap_or_else(|why| panic!("{why}")))]
    }

    pub fn init(&self, story: &Story) {
        match self {
            On::Sqlite => story.init(),
            On::Postgresql(scratch) => story.init_at(&scratch.address()),
        }
    }
}

pub fn package(story: &Story) -> Package {
    Package::load(&story.package, &[]).unwrap_or_else(|problems| panic!("{problems}"))
}

/// An installation with records in every register.
pub fn county(on: &On, households: u32) -> (Story, Vec<(String, String)>) {
    let story = Story::begin();
    let sample = story.sample("sample", households, 7, &["--clean", "--ledgers"]);
    on.init(&story);
    let mut registers: Vec<(String, String)> = files(&sample);
    registers.retain(|(dataset, _)| package(&story).registers.contains_key(dataset));
    for (register, file) in &registers {
        let report = story.import(register, file);
        assert_eq!(report[0]["summary"]["state"], "done", "{register}: {report}");
    }
    (story, registers)
}

pub fn export(story: &Story, register: &str, name: &str) -> (String, u64) {
    let file = text(&story.path(name));
    let format = name.rsplit('.').next().expect("an ending");
    let dir = text(&story.dir());
    let said = story.run(&["export", "--dir", &dir, register, "--out", &file, "--format", format]);
    (file, said["rows"].as_u64().expect("a number of rows"))
}

pub fn preview(story: &Story, register: &str, file: &str) -> Value {
    let dir = text(&story.dir());
    story.run(&["import", "--dir", &dir, "--preview", register, file])[0].clone()
}

pub fn number(value: &Value) -> u64 {
    value.as_u64().unwrap_or_else(|| panic!("a number, not {value}"))
}

/// The first register with child records and a text that anybody may correct, and that text's name.
pub fn with_children(package: &Package, registers: &[(String, String)]) -> (String, String, String) {
    let found = registers.iter().find_map(|(name, file)| {
        let register = &package.registers[name];
        let is_free = |field: &&policy::declare::Column| {
            let is_plain = field.kind == model::Kind::Text && field.effective_class() < model::Class::Sensitive;
            is_plain && field.is_entered() && !register.key.contains(&field.name) && field.name != "household_no"
        };
        let field = register.field.iter().find(is_free).filter(|_| !register.child.is_empty())?;
        Some((name.clone(), file.clone(), field.name.clone()))
    });
    found.expect("a register with child records and a plain text")
}

/// The store of a story's installation.
pub fn store_of(story: &Story, on: &On, package: &Package) -> store::Store {
    let key = store::StoreKey::read(&story.dir().join("secret.key")).expect("a key");
    let location = match on {
        On::Sqlite => store::Location::from(&story.dir().join("data.db")),
        On::Postgresql(scratch) => scratch.address().as_str().into(),
    };
    store::Store::open(&location, package, &key).expect("the database opens")
}

/// Lines of a CSV file of ours: none of its cells goes over several lines.
pub fn csv_lines(whole: &str) -> Vec<Vec<String>> {
    let cells = |line: &str| {
        let mut cells = vec![String::new()];
        let mut is_quoted = false;
        for letter in line.chars() {
            match letter {
                '"' => is_quoted = !is_quoted,
                ',' if !is_quoted => cells.push(String::new()),
                letter => cells.last_mut().expect("a cell").push(letter),
            }
        }
        cells
    };
    whole.lines().map(cells).collect()
}
