//! A package that calls things otherwise: the records of the earlier one are there under their new names, with their history,
//! and a program with the earlier package works on beside it.

use crate::county::{day, key};
use crate::edited::Edited;
use crate::place::on_both;
use crate::valley::{AT_MS, VILLAGES, Valley, clerk, decimal, garden, garden_row, harvests, package, text};
use model::{Fen, Moment, Value};
use policy::Package;
use std::collections::BTreeMap;
use store::{
    Command, Condition, Entry, ImportState, ImportSummary, NewImport, Predicate, RecordFile, RecordFilter, RecordOrder,
    RecordQuery, Store,
};

const GARDEN: &str = "registers/garden.toml";

/// One way to call things otherwise.
struct Case {
    what: &'static str,
    later: fn(Edited) -> Edited,
    /// Present name of the register.
    register: &'static str,
    /// Old and new names of fields, of child records, and of their fields.
    names: &'static [(&'static str, &'static str)],
    /// Fields that are not declared any more.
    gone: &'static [&'static str],
    /// Old and new codes, by the field's old name.
    codes: &'static [(&'static str, &'static str, &'static str)],
}

const SAME: Case = Case { what: "", later: |edited| edited, register: "garden", names: &[], gone: &[], codes: &[] };

const CASES: [Case; 12] = [
    Case { what: "nothing", ..SAME },
    Case {
        what: "a field",
        later: |edited| {
            let edited = edited.replace(GARDEN, "worth_fen", "value_fen");
            edited.change(
                "a",
                "2024-06-05",
                "[[renamed]]\nregister = \"garden\"\nfield = \"worth_fen\"\nto = \"value_fen\"",
            )
        },
        names: &[("worth_fen", "value_fen")],
        ..SAME
    },
    Case {
        what: "a sensitive field, found by its hash",
        later: |edited| {
            let edited = edited.replace(GARDEN, "keeper_phone", "holder_phone");
            let change = "[[renamed]]\nregister = \"garden\"\nfield = \"keeper_phone\"\nto = \"holder_phone\"";
            edited.change("a", "2024-06-05", change)
        },
        names: &[("keeper_phone", "holder_phone")],
        ..SAME
    },
    Case {
        what: "a decimal, put in order beside its text, that a calculated field reads",
        later: |edited| {
            let edited = edited.replace(GARDEN, "area_mu", "size_mu").replace(GARDEN, "is_large", "is_wide");
            let change = "[[renamed]]\nregister = \"garden\"\nfield = \"area_mu\"\nto = \"size_mu\"\n\
                          [[renamed]]\nregister = \"garden\"\nfield = \"is_large\"\nto = \"is_wide\"";
            edited.change("a", "2024-06-05", change)
        },
        names: &[("area_mu", "size_mu"), ("is_large", "is_wide")],
        ..SAME
    },
    Case {
        what: "a field of the key, twice",
        later: |edited| {
            let change =
                |old: &str, new: &str| format!("[[renamed]]\nregister = \"garden\"\nfield = \"{old}\"\nto = \"{new}\"");
            edited
                .replace(GARDEN, "garden_no", "plot_no")
                .change("a", "2024-06-04", &change("garden_no", "patch_no"))
                .change("b", "2024-06-05", &change("patch_no", "plot_no"))
        },
        names: &[("garden_no", "plot_no")],
        ..SAME
    },
    Case {
        what: "a kind of child record",
        later: |edited| {
            let edited = edited.replace(GARDEN, "name = \"harvest\"", "name = \"yield_of_year\"");
            let edited = edited.replace(GARDEN, "of = \"harvest\"", "of = \"yield_of_year\"");
            edited.change(
                "a",
                "2024-06-05",
                "[[renamed]]\nregister = \"garden\"\nchild = \"harvest\"\nto = \"yield_of_year\"",
            )
        },
        names: &[("harvest", "yield_of_year")],
        ..SAME
    },
    Case {
        what: "fields of child records, one of them sensitive, and the child record after them",
        later: |edited| {
            let change = "[[renamed]]\nregister = \"garden\"\nchild = \"harvest\"\nfield = \"weight_kg\"\nto = \"mass_kg\"\n\
                          [[renamed]]\nregister = \"garden\"\nchild = \"harvest\"\nto = \"crop_taken\"\n\
                          [[renamed]]\nregister = \"garden\"\nchild = \"crop_taken\"\nfield = \"buyer_phone\"\nto = \"taker_phone\"";
            edited
                .replace(GARDEN, "weight_kg", "mass_kg")
                .replace(GARDEN, "buyer_phone", "taker_phone")
                .replace(GARDEN, "name = \"harvest\"", "name = \"crop_taken\"")
                .replace(GARDEN, "of = \"harvest\"", "of = \"crop_taken\"")
                .change("a", "2024-06-05", change)
        },
        names: &[("harvest", "crop_taken"), ("weight_kg", "mass_kg"), ("buyer_phone", "taker_phone")],
        ..SAME
    },
    Case {
        what: "a register, and a field of it after that",
        later: |edited| {
            let change = "[[renamed]]\nregister = \"garden\"\nto = \"allotment\"\n\
                          [[renamed]]\nregister = \"allotment\"\nfield = \"worth_fen\"\nto = \"value_fen\"";
            edited
                .replace(GARDEN, "worth_fen", "value_fen")
                .replace(GARDEN, "from = \"garden\"", "from = \"allotment\"")
                .replace("articles.toml", "registers/garden", "registers/allotment")
                .file(GARDEN, "registers/allotment.toml")
                .change("a", "2024-06-05", change)
        },
        register: "allotment",
        names: &[("worth_fen", "value_fen")],
        ..SAME
    },
    Case {
        what: "a field that is not kept any more",
        later: |edited| {
            let declared = "  { name = \"keeper_name\", label = \"看管人\", label_en = \"Keeper\", kind = \"name\", section = \"who\" },\n";
            edited
                .replace(GARDEN, declared, "")
                .replace(GARDEN, "\"garden_no\", \"keeper_name\", ", "\"garden_no\", ")
                .replace(GARDEN, "\"planted_on\", \"keeper_name\"]", "\"planted_on\"]")
                .replace(
                    GARDEN,
                    "\"planted_on\", \"keeper_name\", \"keeper_phone\"]",
                    "\"planted_on\", \"keeper_phone\"]",
                )
                .change("a", "2024-06-05", "[[removed]]\nregister = \"garden\"\nfield = \"keeper_name\"")
        },
        gone: &["keeper_name"],
        ..SAME
    },
    Case {
        what: "a field of child records that is not kept any more",
        later: |edited| {
            let declared = "    { name = \"buyer_phone\", label = \"买主电话\", label_en = \"Buyer's phone\", kind = \"phone\" },\n";
            edited.replace(GARDEN, declared, "").change(
                "a",
                "2024-06-05",
                "[[removed]]\nregister = \"garden\"\nchild = \"harvest\"\nfield = \"buyer_phone\"",
            )
        },
        gone: &["buyer_phone"],
        ..SAME
    },
    Case {
        what: "a code that is called otherwise, which a constraint reads",
        later: |edited| {
            let change = "[[recoded]]\ncodes = \"garden_kind\"\ncode = \"fruit\"\nto = \"orchard\"";
            edited.replace("../codes/garden_kind.toml", "\"fruit\"", "\"orchard\"").change("a", "2024-06-05", change)
        },
        codes: &[("kind_code", "fruit", "orchard")],
        ..SAME
    },
    Case {
        what: "a code that went into another one, among several at once",
        later: |edited| {
            let pear = "  { code = \"pear\", label = \"梨\", label_en = \"Pear\" },\n";
            let change = "[[recoded]]\ncodes = \"crop\"\ncode = \"pear\"\nto = \"apple\"";
            edited.replace("../codes/crop.toml", pear, "").change("a", "2024-06-05", change)
        },
        codes: &[("crops", "apple,pear,tea", "apple,tea")],
        ..SAME
    },
];

on_both![what_is_called_otherwise_is_read_changed_and_undone_and_the_earlier_program_works_on];

impl Case {
    fn now<'n>(&self, name: &'n str) -> &'n str {
        self.names.iter().find(|(old, _)| *old == name).map_or(name, |(_, new)| new)
    }

    /// What the earlier package shows, as the later one has it. `stored`: today, codes carried over.
    fn later(&self, seen: &Seen, stored: bool) -> Seen {
        let code = |name: &str, value: &str| {
            let found = self.codes.iter().find(|(field, old, _)| stored && *field == name && *old == value);
            found.map_or(value, |(.., new)| new).to_owned()
        };
        let kept = seen.iter().filter(|(name, _)| !self.gone.iter().any(|gone| name.rsplit('.').next() == Some(gone)));
        kept.map(|(name, value)| {
            let parts: Vec<&str> = name.split('.').map(|part| self.now(part)).collect();
            (parts.join("."), code(name, value))
        })
        .collect()
    }
}

/// Every value of a record by its name, as a clerk sees it; those of child records as `child.number.field`.
type Seen = BTreeMap<String, String>;

fn seen(file: &RecordFile) -> Seen {
    let own = file.fields.iter().map(|field| (field.name.clone(), field.value.to_string()));
    let of_children = file.children.iter().flat_map(|child| {
        child.rows.iter().enumerate().flat_map(move |(at, row)| {
            row.iter().map(move |field| (format!("{}.{at}.{}", child.name, field.name), field.value.to_string()))
        })
    });
    own.chain(of_children).collect()
}

struct Open<'a> {
    store: Store,
    register: &'a str,
    names: &'a dyn Fn(&str) -> String,
}

impl Open<'_> {
    fn file(&self, id: &str) -> RecordFile {
        self.store.view(&clerk()).record(self.register, id, day("2024-06-20")).expect("reads").expect("is there")
    }

    fn as_of(&self, id: &str, on: &str) -> Seen {
        let file = self.store.view(&clerk()).record_as_of(self.register, id, day(on)).expect("reads");
        seen(&file.expect("was there"))
    }

    fn correct(&self, id: &str, on: &str, name: &str, value: Value) {
        let version = self.file(id).version;
        let fields = vec![((self.names)(name), value)];
        let entry = Entry { register: self.register.into(), fields, ..Entry::default() };
        let command = Command::Correct { id: id.into(), version, entry };
        self.store.apply(&clerk(), Moment { day: day(on), at_ms: AT_MS }, command).expect("is corrected");
    }

    fn enter(&self, number: &str, on: &str) -> String {
        let mut entry = garden(number, VILLAGES[0], &[]);
        entry.register = self.register.into();
        entry.fields.retain(|(name, _)| name != "keeper_name");
        entry.fields.iter_mut().for_each(|(name, _)| *name = (self.names)(name));
        let entered = self.store.apply(&clerk(), Moment { day: day(on), at_ms: AT_MS }, Command::Enter(entry));
        entered.expect("is entered").id.expect("has an id")
    }

    /// Imports rows of the earlier package; gives the name of the import.
    fn import(&self, digit: &str, on: &str, rows: Vec<store::Record>) -> String {
        let hash = digit.repeat(64);
        let apply =
            |command| self.store.apply(&clerk(), Moment { day: day(on), at_ms: AT_MS }, command).expect("is taken");
        let begin = NewImport {
            dataset: self.register.into(),
            file_name: "a.xlsx".into(),
            file_hash: hash.clone(),
            bytes: 1,
            region: clerk().region,
            delivered_on: day(on),
            said_days: (None, None),
        };
        let import = apply(Command::BeginImport(begin)).id.expect("has a name");
        let records = Command::ImportRecords { register: self.register.into(), file: hash[..12].into(), records: rows };
        let receipt = apply(records);
        assert!(receipt.refused.is_empty(), "{receipt:?}");
        let summary = ImportSummary { state: ImportState::Done, ..ImportSummary::default() };
        apply(Command::FinishImport { import: import.clone(), summary });
        import
    }

    /// Ids of the records in a list with this condition, in this order.
    fn list(&self, field: &str, test: Predicate, order: &str) -> Vec<String> {
        let condition = Condition { field: (self.names)(field), test };
        let filter = RecordFilter { conditions: vec![condition], ..RecordFilter::default() };
        let order = RecordOrder { field: (self.names)(order), descending: false };
        let columns = [(self.names)("worth_fen")];
        let page = self.store.view(&clerk()).records(
            self.register,
            RecordQuery { filter: &filter, order: Some(&order), columns: &columns },
            None,
            50,
        );
        page.expect("lists").rows.into_iter().map(|row| row.id).collect()
    }

    fn id(&self, number: &str) -> String {
        self.store.view(&clerk()).record_by_key(self.register, number).expect("reads").expect("is there")
    }
}

fn open<'a>(
    valley: &Valley,
    package: &Package,
    register: &'a str,
    names: &'a dyn Fn(&str) -> String,
    on: &str,
) -> Open<'a> {
    let store = Store::open(valley.location(), package, &key()).unwrap_or_else(|error| panic!("opens: {error}"));
    store.backfill(Moment { day: day(on), at_ms: AT_MS }).expect("settles");
    Open { store, register, names }
}

fn what_is_called_otherwise_is_read_changed_and_undone_and_the_earlier_program_works_on() {
    for case in &CASES {
        println!("{}", case.what);
        tell(case);
    }
}

fn tell(case: &Case) {
    let later = (case.later)(Edited::new()).package();
    let (same, now) = (|name: &str| name.to_owned(), |name: &str| case.now(name).to_owned());
    let valley = Valley::new();
    let older = open(&valley, package(), "garden", &same, "2024-06-02");
    let several = [("crops", text("apple,pear,tea"))];
    let mut entry = garden("G1", VILLAGES[0], &several);
    let (kind, mut rows) = harvests(&[("2024-05-01", "10.5"), ("2024-05-09", "4.25")]);
    rows[0].push(("buyer_phone".into(), text("13987654321")));
    entry.children.push((kind, rows));
    let first = older
        .store
        .apply(&clerk(), Moment { day: day("2024-06-02"), at_ms: AT_MS }, Command::Enter(entry))
        .expect("is entered");
    let first = first.id.expect("has an id");
    older.correct(&first, "2024-06-03", "worth_fen", Value::Fen(Fen(130_000)));
    older.correct(&first, "2024-06-03", "keeper_phone", text("13812340000"));
    let row = |number: u32, area: &str| garden_row(number, &format!("G{number}"), VILLAGES[0], area);
    older.import("b", "2024-06-03", vec![row(2, "1"), row(3, "2")]);
    let import = older.import("c", "2024-06-04", vec![row(2, "8"), row(4, "3")]);
    let before = [older.as_of(&first, "2024-06-02"), seen(&older.file(&first))];
    let second = older.id("G2");
    let second_before = older.as_of(&second, "2024-06-03");
    drop(older);

    let newer = open(&valley, &later, case.register, &now, "2024-06-05");
    let file = newer.file(&first);
    assert_eq!(seen(&file), case.later(&before[1], true), "{}: what is read", case.what);
    assert_eq!(newer.as_of(&first, "2024-06-02"), case.later(&before[0], false), "{}: an older day", case.what);
    let told: Vec<&str> = file.history.iter().flat_map(|event| &event.changes).map(|one| one.0.as_str()).collect();
    for (old, new) in case.names.iter().filter(|(old, _)| ["worth_fen", "keeper_phone", "harvest"].contains(old)) {
        assert!(told.contains(new) && !told.contains(old), "{}: the history says {told:?}", case.what);
    }
    assert!(file.history.iter().all(|event| event.register == case.register), "{}", case.what);
    let texts = file.history.iter().flat_map(|event| &event.changes).map(|one| format!("{} {}", one.1, one.2));
    for text in texts {
        let is_shown = ["1381234", "1398765"].iter().any(|number| text.contains(number));
        let hides_names = case.gone.contains(&"keeper_name");
        assert!(!(is_shown || hides_names && text.contains("阿依")), "{}: {text}", case.what);
    }
    newer.correct(&first, "2024-06-05", "worth_fen", Value::Fen(Fen(140_000)));
    let found = newer.list("keeper_phone", Predicate::Is(text("13812340000")), "area_mu");
    assert_eq!(found, std::slice::from_ref(&first), "{}: found by its hash", case.what);
    let found = newer.list("area_mu", Predicate::AtMost(decimal("3")), "area_mu");
    assert_eq!(found, [newer.id("G3"), newer.id("G4")], "{}: in order", case.what);
    let imports = newer.store.view(&clerk()).imports(None, 10).expect("lists").rows;
    assert!(imports.iter().all(|import| import.dataset == case.register), "{}", case.what);
    drop(newer);

    let older = open(&valley, package(), "garden", &same, "2024-06-06");
    let mut expected = before[1].clone();
    expected.insert("worth_fen".into(), Value::Fen(Fen(140_000)).to_string());
    let carried = case.codes.iter().map(|(field, _, new)| ((*field).to_owned(), (*new).to_owned()));
    expected.extend(carried);
    assert_eq!(
        seen(&older.file(&first)),
        expected,
        "{}: the earlier program reads what the later one wrote",
        case.what
    );
    assert_eq!(older.as_of(&first, "2024-06-04"), before[1], "{}: and its history", case.what);
    older.correct(&first, "2024-06-06", "area_mu", decimal("7"));
    let entered = older.enter("G9", "2024-06-06");
    older.import("d", "2024-06-06", vec![row(3, "2.5"), row(5, "1")]);
    assert_eq!(older.list("area_mu", Predicate::AtMost(decimal("2.5")), "area_mu"), [older.id("G5"), older.id("G3")]);
    let in_between = [seen(&older.file(&first)), seen(&older.file(&entered)), seen(&older.file(&older.id("G5")))];
    drop(older);

    let newer = open(&valley, &later, case.register, &now, "2024-06-07");
    for (id, before) in [&first, &entered, &newer.id("G5")].into_iter().zip(&in_between) {
        assert_eq!(seen(&newer.file(id)), case.later(before, true), "{}: nothing is lost", case.what);
        let file = newer.file(id);
        let changes = file.history.len() as i64;
        assert_eq!(changes, file.version.0, "{}: one event for each change: {:?}", case.what, file.history);
    }
    let undone =
        newer.store.apply(&clerk(), Moment { day: day("2024-06-08"), at_ms: AT_MS }, Command::UndoImport { import });
    let undone = undone.expect("is undone");
    assert_eq!((undone.changed, undone.outside), (2, 0), "{}", case.what);
    assert_eq!(seen(&newer.file(&second)), case.later(&second_before, true), "{}: put back", case.what);
    newer.store.verify().unwrap_or_else(|error| panic!("{}: {error}", case.what));
}
