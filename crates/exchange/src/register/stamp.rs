//! Where a workbook of ours comes from: a hidden sheet that says which form it was made with.

use crate::ground::own_sheets;
use crate::ground::shape::label_of;
use crate::raw::{Book, RawFile};
use crate::register::part::{Part, RECORD_COLUMN};
use model::{Day, Decimal, RegionCode};
use policy::declare::Column;
use rust_xlsxwriter::{Workbook, XlsxError};
use serde_json::json;
use std::ops::ControlFlow;
use words::{Wording, wording};

/// Lines of the hidden sheet that are read.
const LINES_MAX: usize = 4_096;

/// What a workbook was made for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Template,
    Export,
}

/// The form that a workbook was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    pub purpose: Purpose,
    /// Name of the register.
    pub register: String,
    /// Name and version of the package.
    pub package: String,
    pub version: String,
    /// Day on which it was made.
    pub day: Day,
    /// Place below which it lets places be chosen.
    pub place: Option<RegionCode>,
    /// Hash of all columns with what they ask for, hexadecimal.
    pub hash: String,
    /// Names of all columns as `<part>.<column>`.
    pub columns: Vec<String>,
}

/// Who makes a workbook, and when.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// Name and version of the package.
    pub package: &'a str,
    pub version: &'a str,
    pub day: Day,
}

/// How the form of today differs from the one that a workbook was made with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormChange {
    pub version: String,
    pub day: Day,
    /// Labels of the columns that are new.
    pub new: Vec<Wording>,
    /// Names of the columns that are gone, as `<part>.<column>`.
    pub gone: Vec<String>,
}

impl Stamp {
    /// The stamp of a workbook with these parts.
    pub fn of(purpose: Purpose, parts: &[Part], origin: Origin<'_>, place: Option<RegionCode>) -> Stamp {
        Stamp {
            purpose,
            register: parts.first().map(|part| part.name.clone()).unwrap_or_default(),
            package: origin.package.to_owned(),
            version: origin.version.to_owned(),
            day: origin.day,
            place,
            hash: hash_of(parts),
            columns: entered(parts).map(|(part, column)| spot(part, column)).collect(),
        }
    }

    /// How today's form differs; `None` where it asks for the same.
    pub fn change_to(&self, parts: &[Part]) -> Option<FormChange> {
        if self.hash == hash_of(parts) || self.hash == former_hash_of(parts) {
            return None;
        }
        let is_new = |(part, column): &(&Part, &Column)| !self.columns.contains(&spot(part, column));
        let is_gone = |name: &&String| !entered(parts).any(|(part, column)| spot(part, column) == **name);
        Some(FormChange {
            version: self.version.clone(),
            day: self.day,
            new: entered(parts).filter(is_new).map(|(_, column)| label_of(column)).collect(),
            gone: self.columns.iter().filter(is_gone).cloned().collect(),
        })
    }

    /// Adds the hidden sheet.
    pub(crate) fn write(&self, workbook: &mut Workbook) -> Result<(), XlsxError> {
        let sheet = workbook.add_worksheet();
        sheet.set_name(own_sheets::STAMP)?.set_hidden(true);
        let purpose = if self.purpose == Purpose::Template { "template" } else { "export" };
        let (day, place) = (self.day.to_string(), self.place.map(|place| place.to_string()).unwrap_or_default());
        let head = [
            ("purpose", purpose),
            ("register", &self.register),
            ("package", &self.package),
            ("version", &self.version),
            ("day", &day),
            ("place", &place),
            ("hash", &self.hash),
        ];
        let columns = self.columns.iter().map(|column| ("column", column.as_str()));
        for (row, (name, text)) in (0..).zip(head.into_iter().chain(columns)) {
            sheet.write_string(row, 0, name)?.write_string(row, 1, text)?;
        }
        Ok(())
    }

    /// The stamp of a file; `None` where it is no workbook of ours.
    pub(crate) fn of_file(file: &mut RawFile) -> Option<Stamp> {
        file.book_mut().and_then(Stamp::read)
    }

    /// The stamp of a workbook; `None` where it has none that can be read.
    pub(crate) fn read(workbook: &mut Book) -> Option<Stamp> {
        let mut lines = Vec::new();
        let visited = workbook.visit_own(own_sheets::STAMP, &mut |cells| {
            if let [name, text] = cells {
                lines.push((name.clone(), text.clone()));
            }
            if lines.len() < LINES_MAX { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
        });
        visited.ok()?;
        Stamp::from_lines(&lines)
    }

    fn from_lines(lines: &[(String, String)]) -> Option<Stamp> {
        let all = |name: &'static str| lines.iter().filter(move |(known, _)| known == name).map(|(_, text)| text);
        let text = |name: &'static str| all(name).next().cloned().unwrap_or_default();
        Some(Stamp {
            purpose: match text("purpose").as_str() {
                "template" => Purpose::Template,
                "export" => Purpose::Export,
                _ => return None,
            },
            register: text("register"),
            package: text("package"),
            version: text("version"),
            day: text("day").parse().ok()?,
            place: text("place").parse().ok(),
            hash: text("hash"),
            columns: all("column").cloned().collect(),
        })
    }
}

impl FormChange {
    /// Which form the file is of, and what has changed since.
    pub fn said(&self) -> Wording {
        let columns = words::list(self.new.iter().cloned());
        let new = (!self.new.is_empty()).then(|| wording!("form_new_columns", columns));
        let gone = (!self.gone.is_empty()).then(|| wording!("form_gone_columns", count = self.gone.len()));
        let said: Vec<Wording> = new.into_iter().chain(gone).collect();
        let changes = Wording::each(|language| said.iter().map(|one| one.of(language)).collect());
        wording!("form_old", day = self.day, version = self.version, changes)
    }
}

/// Columns that people fill in.
fn entered(parts: &[Part]) -> impl Iterator<Item = (&Part, &Column)> {
    let of_part = |part| move |column| (part, column);
    let is_asked = |column: &&Column| column.is_entered() && column.name != RECORD_COLUMN;
    parts.iter().flat_map(move |part| part.columns.iter().filter(is_asked).map(of_part(part)))
}

fn spot(part: &Part, column: &Column) -> String {
    format!("{}.{}", part.name, column.name)
}

/// Hash of what a form asks: its columns in order, each as one line of JSON: name, label, kind, code list, whether it must be filled
/// and may have several, register, unit, least and greatest value, as the package writes them.
fn hash_of(parts: &[Part]) -> String {
    let mut hasher = blake3::Hasher::new();
    for (part, column) in entered(parts) {
        let Column { label, kind, codes, required, many, to, unit, min, max, .. } = column;
        let (min, max) = (min.map(written), max.map(written));
        let line = json!([spot(part, column), label, kind, codes, required, many, to, unit, min, max]);
        hasher.update(format!("{line}\n").as_bytes());
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

fn written(number: Decimal) -> String {
    number.normalize().to_string()
}

/// The hash that earlier versions wrote for the same columns, out of the program's own inner names: forms that were handed out with it
/// are today's as long as it comes out alike.
fn former_hash_of(parts: &[Part]) -> String {
    let mut hasher = blake3::Hasher::new();
    for (part, column) in entered(parts) {
        let Column { label, kind, codes, required, many, to, unit, min, max, .. } = column;
        let line = format!(
            "{}\u{1}{label}\u{1}{kind:?}\u{1}{codes:?}\u{1}{required}\u{1}{many}\u{1}{to:?}\u{1}{unit}\u{1}{min:?}\u{1}{max:?}\n",
            spot(part, column)
        );
        hasher.update(line.as_bytes());
    }
    hasher.finalize().to_hex()[..16].to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Kind;
    use policy::declare::Register;

    fn parts(edit: impl FnOnce(&mut Column)) -> Vec<Part> {
        let mut column = Column {
            name: "area".to_owned(),
            label: "面积".to_owned(),
            kind: Kind::Decimal,
            unit: "亩".to_owned(),
            max: Some(Decimal::new(5_000, 1)),
            ..Column::default()
        };
        edit(&mut column);
        Part::all_of("garden", &Register { field: vec![column], ..Register::default() })
    }

    #[test]
    fn the_hashes_of_a_form_stay_what_they_were() {
        let parts = parts(|_| {});
        assert_eq!(
            (hash_of(&parts).as_str(), former_hash_of(&parts).as_str()),
            ("f7fcc9480caa260e", "b839303679a6116d")
        );
    }

    #[test]
    fn a_form_of_either_hash_is_todays_and_one_that_asks_otherwise_is_not() {
        let origin = Origin { package: "p", version: "1", day: Day::from_epoch_days(20_000).expect("a day") };
        let stamp = Stamp::of(Purpose::Template, &parts(|_| {}), origin, None);
        let former = Stamp { hash: former_hash_of(&parts(|_| {})), ..stamp.clone() };
        assert_ne!(stamp.hash, former.hash);
        type Edit = fn(&mut Column);
        let edits: [(Edit, bool); 6] = [
            (|_| {}, true),
            (|column| column.note = "一亩是666.7平方米".to_owned(), true),
            (|column| column.label = "地块面积".to_owned(), false),
            (|column| column.kind = Kind::Int, false),
            (|column| column.max = Some(Decimal::new(501, 0)), false),
            (|column| column.required = true, false),
        ];
        for (at, (edit, is_same)) in edits.into_iter().enumerate() {
            let today = parts(edit);
            assert_eq!(stamp.change_to(&today).is_none(), is_same, "{at}");
            assert_eq!(former.change_to(&today).is_none(), is_same, "{at}, stamped by an earlier version");
        }
        let tenths = parts(|column| column.max = Some(Decimal::new(500, 0)));
        assert!(stamp.change_to(&tenths).is_none(), "500 is 500.0");
    }
}
