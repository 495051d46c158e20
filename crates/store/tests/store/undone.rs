//! Imports of one register taken back in any order: nothing comes back of an import that was itself taken back.

use crate::county::day;
use crate::place::on_both;
use crate::valley::{VILLAGES, Valley, clerk, decimal, garden_row};
use model::Value;
use store::{Command, Entry, ImportState, ImportSummary, NewImport, Receipt};

/// A valley whose register is filled from files; a file is named by the digit that its hash is made of.
struct Filled(Valley);

impl Filled {
    /// Takes a file with these gardens and areas in; gives the import.
    fn import(&self, digit: &str, gardens: &[(&str, &str)]) -> String {
        let new = NewImport {
            dataset: "garden".into(),
            file_name: format!("{digit}.xlsx"),
            file_hash: digit.repeat(64),
            bytes: 10,
            region: clerk().region,
            delivered_on: day("2024-06-03"),
            said_days: (None, None),
        };
        let import = self.apply(Command::BeginImport(new)).id.expect("a name");
        let rows = (2..).zip(gardens).map(|(row, (number, area))| garden_row(row, number, VILLAGES[0], area));
        let (register, file) = ("garden".to_owned(), digit.repeat(12));
        self.apply(Command::ImportRecords { register, file, records: rows.collect() });
        let summary = ImportSummary { state: ImportState::Done, ..ImportSummary::default() };
        self.apply(Command::FinishImport { import: import.clone(), summary });
        import
    }

    /// Records put back or withdrawn, and records that stay.
    fn undo(&self, import: &str) -> (u64, u64) {
        let receipt = self.apply(Command::UndoImport { import: import.to_owned() });
        (receipt.changed, receipt.outside)
    }

    fn apply(&self, command: Command) -> Receipt {
        self.0.apply(&clerk(), "2024-06-03", command).expect("is done")
    }

    fn correct(&self, number: &str, area: &str) {
        let view = self.0.store.view(&clerk());
        let id = view.record_by_key("garden", number).expect("reads").expect("is there");
        let version = view.record("garden", &id, day("2024-06-03")).expect("reads").expect("is there").version;
        let fields = vec![("area_mu".to_owned(), decimal(area))];
        let entry = Entry { register: "garden".into(), fields, ..Entry::default() };
        self.apply(Command::Correct { id, version, entry });
    }

    /// The area of a garden; `None` where the garden is not there.
    fn area(&self, number: &str) -> Option<Value> {
        let view = self.0.store.view(&clerk());
        let id = view.record_by_key("garden", number).expect("reads")?;
        let file = view.record("garden", &id, day("2024-06-03")).expect("reads").expect("is there");
        file.fields.into_iter().find(|field| field.name == "area_mu").map(|field| field.value)
    }

    fn check(&self, expected: &[(&str, Option<&str>)]) {
        for (number, area) in expected {
            assert_eq!(self.area(number), area.map(decimal), "{number}");
        }
    }
}

/// Two gardens, both changed by one file, the first by a second one.
fn twice() -> (Filled, String, String) {
    let filled = Filled(Valley::new());
    filled.import("a", &[("G1", "1"), ("G2", "2")]);
    let first = filled.import("b", &[("G1", "3"), ("G2", "4")]);
    let second = filled.import("c", &[("G1", "5")]);
    (filled, first, second)
}

fn in_reverse_order_everything_is_as_it_was() {
    let (filled, first, second) = twice();
    assert_eq!(filled.undo(&second), (1, 0));
    filled.check(&[("G1", Some("3")), ("G2", Some("4"))]);
    assert_eq!(filled.undo(&first), (2, 0));
    filled.check(&[("G1", Some("1")), ("G2", Some("2"))]);
    filled.0.store.verify().expect("the chain holds");
}

fn in_the_order_of_the_files_nothing_comes_back_of_the_one_taken_back() {
    let (filled, first, second) = twice();
    assert_eq!(filled.undo(&first), (1, 1), "the other one was changed since");
    filled.check(&[("G1", Some("5")), ("G2", Some("2"))]);
    assert_eq!(filled.undo(&second), (1, 0));
    filled.check(&[("G1", Some("1")), ("G2", Some("2"))]);
    filled.0.store.verify().expect("the chain holds");
}

fn what_only_taken_back_files_brought_is_withdrawn() {
    let filled = Filled(Valley::new());
    let added = filled.import("a", &[("G1", "1"), ("G2", "2")]);
    let changed = filled.import("b", &[("G1", "3")]);
    assert_eq!(filled.undo(&added), (1, 1));
    filled.check(&[("G1", Some("3")), ("G2", None)]);
    assert_eq!(filled.undo(&changed), (1, 0));
    filled.check(&[("G1", None)]);
    let again = filled.import("a", &[("G1", "1"), ("G2", "2")]);
    filled.check(&[("G1", Some("1")), ("G2", Some("2"))]);
    assert_eq!(filled.undo(&again), (2, 0), "the same file a second time");
    filled.check(&[("G1", None), ("G2", None)]);
}

fn a_file_that_was_taken_in_again_counts_again() {
    let (filled, first, second) = twice();
    assert_eq!(filled.undo(&first), (1, 1));
    assert_eq!(filled.import("b", &[("G1", "3"), ("G2", "4")]), first);
    assert_eq!(filled.undo(&second), (0, 1), "changed by the file that came again");
    filled.check(&[("G1", Some("3")), ("G2", Some("4"))]);
    assert_eq!(filled.undo(&first), (2, 0));
    filled.check(&[("G1", Some("1")), ("G2", Some("2"))]);
}

fn work_of_people_stays_whatever_is_taken_back() {
    let (filled, first, second) = twice();
    filled.correct("G1", "6");
    assert_eq!(filled.undo(&second), (0, 1));
    assert_eq!(filled.undo(&first), (1, 1));
    filled.check(&[("G1", Some("6")), ("G2", Some("2"))]);
    let third = filled.import("d", &[("G1", "7")]);
    assert_eq!(filled.undo(&third), (1, 0));
    filled.check(&[("G1", Some("6"))]);
}

on_both!(
    in_reverse_order_everything_is_as_it_was,
    in_the_order_of_the_files_nothing_comes_back_of_the_one_taken_back,
    what_only_taken_back_files_brought_is_withdrawn,
    a_file_that_was_taken_in_again_counts_again,
    work_of_people_stays_whatever_is_taken_back,
);
