//! A package in which steps have effects: grants that are put up, approved by two, and bring a visit to the household.

use crate::county::{actor, day};
use crate::valley::{AT_MS, VILLAGES, Valley, text};
use model::{Actor, Fen, Moment, Value};
use policy::Package;
use std::path::Path;
use std::sync::OnceLock;
use store::{Command, Entry, Receipt, RecordFile, Refusal, RefusalKind, Rows, system_actor};

/// The valley's package with two registers more.
pub fn package() -> &'static Package {
    static PACKAGE: OnceLock<Package> = OnceLock::new();
    PACKAGE.get_or_init(|| {
        let here = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/store");
        let folder = tempfile::tempdir().expect("a temporary folder");
        for (from, to) in [("codes", "codes"), ("valley", "valley"), ("grants", "valley")] {
            copy(&here.join(from), &folder.path().join(to));
        }
        Package::load(&folder.path().join("valley"), &[]).unwrap_or_else(|problems| panic!("{problems}"))
    })
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("lists") {
        let entry = entry.expect("an entry");
        let target = to.join(entry.file_name());
        match entry.file_type().expect("a type").is_dir() {
            true => copy(&entry.path(), &target),
            false => drop(std::fs::copy(entry.path(), target).expect("copies")),
        }
    }
}

/// The valley with grants.
pub struct Grants(pub Valley);

pub fn cadre() -> Actor {
    actor("cadre", VILLAGES[0])
}

/// Somebody of the role at the first township, by name.
pub fn person(name: &str, role: &str) -> Actor {
    let region = if role == "county" { "990101" } else { "990101100" };
    Actor { account: name.to_owned(), ..actor(role, region) }
}

impl Grants {
    pub fn new() -> Grants {
        Grants(Valley::of(package()))
    }

    /// Makes an account of the county that a deputy may be named by, where there is none of that name.
    pub fn account(&self, name: &str) {
        self.account_at(name, "county", "990101");
    }

    /// Makes an account where there is none of that name.
    pub fn account_at(&self, name: &str, role: &str, region: &str) {
        if self.0.store.find_account(name).expect("reads").is_some() {
            return;
        }
        let new = store::NewAccount {
            name: name.to_owned(),
            shown_name: name.to_owned(),
            role: role.to_owned(),
            region: crate::county::place(region),
            department: None,
            password_hash: String::new(),
        };
        self.0.system(Command::AddAccount(new)).expect("is added");
    }

    pub fn apply(&self, who: &Actor, on: &str, command: Command) -> Result<Receipt, Refusal> {
        self.0.store.apply(who, Moment { day: day(on), at_ms: AT_MS }, command)
    }

    /// Enters a grant of the first household as the cadre of its village.
    pub fn enter(&self, number: &str, yuan: i64) -> String {
        let fields = vec![
            ("aid_no".into(), text(number)),
            ("region_code".into(), text(VILLAGES[0])),
            ("household_no".into(), text("1")),
            ("amount_fen".into(), Value::Fen(Fen(yuan * 100))),
        ];
        let entry = Entry { register: "aid".into(), fields, ..Entry::default() };
        self.apply(&cadre(), "2024-06-01", Command::Enter(entry)).expect("is entered").id.expect("has an id")
    }

    pub fn step(&self, who: &Actor, on: &str, id: &str, step: &str) -> Result<Receipt, Refusal> {
        self.step_with(who, on, id, step, &[])
    }

    pub fn step_with(
        &self,
        who: &Actor,
        on: &str,
        id: &str,
        step: &str,
        fields: &[(&str, &str)],
    ) -> Result<Receipt, Refusal> {
        let fields = fields.iter().map(|(name, value)| ((*name).to_owned(), text(value))).collect();
        let (register, id, step) = ("aid".to_owned(), id.to_owned(), step.to_owned());
        self.apply(who, on, Command::TakeStep { register, id, version: None, step, fields })
    }

    pub fn send_back(&self, who: &Actor, on: &str, id: &str, opinion: &str) -> Result<Receipt, Refusal> {
        let fields = match opinion {
            "" => Vec::new(),
            opinion => vec![("opinion".to_owned(), text(opinion))],
        };
        let (register, id, step, to) = ("aid".into(), id.to_owned(), "approve".into(), "drafted".into());
        self.apply(who, on, Command::SendBack { register, id, version: None, step, to, fields })
    }

    pub fn undo(&self, who: &Actor, on: &str, id: &str) -> Result<Receipt, Refusal> {
        let version = self.file("aid", id).version;
        let (register, id, why) = ("aid".to_owned(), id.to_owned(), "点错了".to_owned());
        self.apply(who, on, Command::UndoStep { register, id, version, why })
    }

    /// Writes the grant's objections: what is said, and the outcome.
    pub fn object(&self, on: &str, id: &str, rows: &[(&str, &str)]) {
        let row = |(said, outcome): &(&str, &str)| {
            vec![("said".to_owned(), text(said)), ("outcome".to_owned(), text(outcome))]
        };
        let rows: Rows = rows.iter().map(row).collect();
        let version = self.file("aid", id).version;
        let entry = Entry { register: "aid".into(), children: vec![("objection".into(), rows)], ..Entry::default() };
        self.apply(&cadre(), on, Command::Correct { id: id.to_owned(), version, entry }).expect("is corrected");
    }

    pub fn file(&self, register: &str, id: &str) -> RecordFile {
        let view = self.0.store.view(&system_actor(crate::county::place("99")));
        view.record(register, id, day("2024-06-30")).expect("reads").expect("is there")
    }

    pub fn state(&self, register: &str, id: &str) -> String {
        self.file(register, id).state.expect("has a state")
    }

    /// A grant that hangs since 10 June.
    pub fn put_up(&self, number: &str, yuan: i64) -> String {
        let id = self.enter(number, yuan);
        self.step(&cadre(), "2024-06-10", &id, "publish").expect("is put up");
        id
    }

    /// A grant that two persons approved on 16 June; with the receipt of the second.
    pub fn approved(&self, number: &str, yuan: i64) -> (String, Receipt) {
        let id = self.put_up(number, yuan);
        self.step(&person("an", "clerk"), "2024-06-16", &id, "approve").expect("one agrees");
        let receipt = self.step(&person("bo", "county"), "2024-06-16", &id, "approve").expect("both agree");
        (id, receipt)
    }
}

/// The kind of a refusal by the lifecycle.
pub fn kind(outcome: Result<Receipt, Refusal>) -> lifecycle::RefusalKind {
    match outcome.expect_err("is refused").kind {
        RefusalKind::Lifecycle(kind) => kind,
        other => panic!("{other:?}"),
    }
}
