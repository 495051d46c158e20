//! The search form above a register's list: what was asked becomes a filter of the store.
//!
//! Texts, names, numbers of people and everything personal are kept by the store under a token; they never stand in an address.

use model::{Class, Day, Kind, Value};
use policy::declare::{Column, Grain, Register};
use policy::written::Reader;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Condition, Predicate, RecordFilter};

/// Input with the code of a place.
pub(crate) const REGION: &str = "region";
/// Input with the name of a state.
pub(crate) const STATE: &str = "state";
/// Input that is filled where only overdue records are asked for.
pub(crate) const OVERDUE: &str = "overdue";
/// Input with `yes` where only records are asked for that wait for somebody, with `no` where only those at their end.
pub(crate) const OPEN: &str = "open";
/// Input with a day: only records that are due on it or later.
pub(crate) const DUE_FROM: &str = "due_from";
/// Input with a day: only records that are due before it.
pub(crate) const DUE_BEFORE: &str = "due_before";
/// Input of registers about households: number, beginning of the head's name, or of the village's.
pub(crate) const TEXT: &str = "text";
/// Input that is filled where withdrawn records are asked for.
pub(crate) const WITHDRAWN: &str = "withdrawn";
/// What stands before the path of a field in the name of the input that holds its value.
pub(crate) const IS: &str = "is-";
const FROM: &str = "from-";
const TO: &str = "to-";
const BEGINS: &str = "begins-";

/// How a field is searched by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ask {
    /// One code of its list, or one among several.
    Code,
    Truth,
    /// From and to, with the type of the two inputs.
    Range(&'static str),
    Begins,
    /// The whole text, letter by letter.
    Whole,
    /// A place and everything inside it.
    Place,
}

/// How a list may be searched by a field; `None` where it may not. `sees_names`: the reader sees names of people whole.
pub(crate) fn ask(register: &Register, column: &Column, sees_names: bool) -> Option<Ask> {
    let is_sealed = column.effective_class() == Class::Sensitive;
    match column.kind {
        Kind::File => None,
        Kind::Region if register.region.as_ref() == Some(&column.name) => None,
        Kind::Name if !sees_names => None,
        Kind::Code if is_sealed && column.many => None,
        Kind::Code => Some(Ask::Code),
        Kind::Bool => Some(Ask::Truth),
        Kind::Identity | Kind::Phone | Kind::Account | Kind::Reference => Some(Ask::Whole),
        Kind::Text | Kind::Name if is_sealed => Some(Ask::Whole),
        Kind::Text | Kind::Name => Some(Ask::Begins),
        _ if is_sealed => None,
        Kind::Region => Some(Ask::Place),
        Kind::Int | Kind::Decimal | Kind::Fen => Some(Ask::Range("text")),
        Kind::Day => Some(Ask::Range("date")),
        Kind::Month => Some(Ask::Range("month")),
    }
}

/// True for fields whose values may not stand in an address.
pub(crate) fn is_private(column: &Column) -> bool {
    let names_somebody =
        matches!(column.kind, Kind::Text | Kind::Name | Kind::Identity | Kind::Phone | Kind::Account | Kind::Reference);
    names_somebody || column.effective_class() >= Class::Personal
}

/// What a search form was filled with, by the names of its inputs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Search(BTreeMap<String, String>);

/// An input whose text does not fit, with the key of the sentence that says so.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Misfit {
    pub input: String,
    pub key: &'static str,
}

/// The fields that a list may be searched by, with the names of their inputs.
pub(crate) fn asked_fields(register: &Register, sees_names: bool) -> Vec<(&Column, Ask, Vec<String>)> {
    asked_paths(register, sees_names).map(|(path, column, ask)| (column, ask, inputs(path, ask))).collect()
}

/// The fields that a list may be searched by, with their paths: `field`, or `child.field` where one of the child records is to have it.
fn asked_paths(register: &Register, sees_names: bool) -> impl Iterator<Item = (&str, &Column, Ask)> {
    register.list.filter.iter().filter_map(move |path| {
        let column = register.field_at(path)?;
        let ask = match ask(register, column, sees_names)? {
            // Child records are found by whole values.
            Ask::Begins if path.contains('.') => Ask::Whole,
            Ask::Range(_) | Ask::Place if path.contains('.') => return None,
            ask => ask,
        };
        Some((path.as_str(), column, ask))
    })
}

fn inputs(name: &str, ask: Ask) -> Vec<String> {
    match ask {
        Ask::Range(_) => vec![format!("{FROM}{name}"), format!("{TO}{name}")],
        Ask::Begins => vec![format!("{BEGINS}{name}")],
        Ask::Code | Ask::Truth | Ask::Whole | Ask::Place => vec![format!("{IS}{name}")],
    }
}

impl Search {
    /// Takes the inputs of the register's form out of what was sent; everything else is left alone.
    pub fn of<'sent>(
        register: &Register,
        sees_names: bool,
        sent: impl IntoIterator<Item = (&'sent String, &'sent String)>,
    ) -> Search {
        let mut known = vec![REGION.to_owned(), WITHDRAWN.to_owned()];
        if register.has_lifecycle() {
            known.extend([STATE, OVERDUE, OPEN, DUE_FROM, DUE_BEFORE].map(str::to_owned));
        }
        if register.of == Some(Grain::Household) {
            known.push(TEXT.to_owned());
        }
        known.extend(asked_fields(register, sees_names).into_iter().flat_map(|(.., inputs)| inputs));
        let sent = sent.into_iter().map(|(name, text)| (name.clone(), text.trim().to_owned()));
        Search(sent.filter(|(name, text)| !model::written::is_blank(text) && known.contains(name)).collect())
    }

    /// Only what may stand in an address.
    pub fn in_address(self, register: &Register, sees_names: bool) -> Search {
        let private: Vec<String> = private_inputs(register, sees_names);
        Search(self.0.into_iter().filter(|(name, _)| !private.contains(name)).collect())
    }

    /// True when something was given that may not stand in an address, or that was perhaps meant for another input.
    pub fn is_private(&self, register: &Register, sees_names: bool, today: Day) -> bool {
        let private = private_inputs(register, sees_names);
        self.0.keys().any(|name| private.contains(name)) || self.filter(register, sees_names, today).is_err()
    }

    /// What was typed into an input; empty where nothing was.
    pub fn text(&self, input: &str) -> &str {
        self.0.get(input).map_or("", String::as_str)
    }

    /// True where nothing was typed at all.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Names and texts of the inputs that were filled.
    pub fn pairs(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }

    /// What the store is asked for on `today`.
    ///
    /// # Errors
    /// The inputs whose texts do not fit.
    pub fn filter(&self, register: &Register, sees_names: bool, today: Day) -> Result<RecordFilter, Vec<Misfit>> {
        let mut filter = RecordFilter {
            state: Some(self.text(STATE).to_owned()).filter(|state| !state.is_empty()),
            due_before: (!self.text(OVERDUE).is_empty()).then_some(today),
            withdrawn: !self.text(WITHDRAWN).is_empty(),
            text: Some(self.text(TEXT).to_owned()).filter(|text| !text.is_empty()),
            ..RecordFilter::default()
        };
        let mut misfits = Vec::new();
        match self.text(OPEN) {
            "" => {}
            "yes" => filter.open = Some(true),
            "no" => filter.open = Some(false),
            _ => misfits.push(Misfit { input: OPEN.to_owned(), key: "misfit_truth" }),
        }
        for (input, day) in [(DUE_FROM, &mut filter.due_from), (DUE_BEFORE, &mut filter.due_before)] {
            match self.text(input) {
                "" => {}
                text => match text.parse() {
                    Ok(said) => *day = Some(said),
                    Err(_) => misfits.push(Misfit { input: input.to_owned(), key: "misfit_day" }),
                },
            }
        }
        match self.text(REGION) {
            "" => {}
            text => match text.parse() {
                Ok(place) => filter.region = Some(place),
                Err(_) => misfits.push(Misfit { input: REGION.to_owned(), key: "misfit_place" }),
            },
        }
        for (path, column, ask) in asked_paths(register, sees_names) {
            for input in inputs(path, ask).into_iter().filter(|input| !self.text(input).is_empty()) {
                match test(column, ask, &input, self.text(&input)) {
                    Ok(test) => filter.conditions.push(Condition { field: path.to_owned(), test }),
                    Err(key) => misfits.push(Misfit { input, key }),
                }
            }
        }
        if misfits.is_empty() { Ok(filter) } else { Err(misfits) }
    }
}

fn private_inputs(register: &Register, sees_names: bool) -> Vec<String> {
    let asked = asked_fields(register, sees_names).into_iter();
    let of_fields = asked.filter(|(column, ..)| is_private(column)).flat_map(|(.., inputs)| inputs);
    of_fields.chain([TEXT.to_owned()]).collect()
}

fn test(column: &Column, ask: Ask, input: &str, text: &str) -> Result<Predicate, &'static str> {
    match ask {
        Ask::Begins => Ok(Predicate::Begins(text.to_owned())),
        Ask::Range(_) if input.starts_with(FROM) => Ok(Predicate::AtLeast(read_value(column, text)?)),
        Ask::Range(_) => Ok(Predicate::AtMost(read_value(column, text)?)),
        Ask::Place => {
            let place: model::RegionCode = text.parse().map_err(|_| "misfit_place")?;
            let digits = place.level().digits() as usize;
            Ok(Predicate::Begins(place.to_string().chars().take(digits).collect()))
        }
        Ask::Code | Ask::Truth | Ask::Whole => Ok(Predicate::Is(read_value(column, text)?)),
    }
}

/// Reads what people type into one input: as a form does, but without limits, and codes as they are chosen.
///
/// # Errors
/// The key of a sentence that says what would fit.
fn read_value(column: &Column, text: &str) -> Result<Value, &'static str> {
    use policy::written::Misfit;
    if column.kind == Kind::Code {
        return Ok(Value::Text(text.to_owned()));
    }
    let reader = Reader { codes: &BTreeMap::new(), divisions: None, limits: None };
    reader.read(column, text).map_err(|misfit| match misfit {
        Misfit::Number | Misfit::Below(_) | Misfit::Above(_) => "misfit_number",
        Misfit::Whole => "misfit_whole",
        Misfit::Money => "misfit_money",
        Misfit::Day | Misfit::Early | Misfit::Late(_) => "misfit_day",
        Misfit::Month => "misfit_month",
        Misfit::Truth => "misfit_truth",
        Misfit::Region => "misfit_place",
        Misfit::Identity => "typed_identity",
        Misfit::Phone => "typed_phone",
        Misfit::Account => "typed_account",
        Misfit::Household => "typed_household",
        Misfit::NameDigits => "typed_name_digits",
        Misfit::NameHidden => "typed_name_hidden",
        Misfit::Characters | Misfit::TooLong(_) => "typed_characters",
        Misfit::Code | Misfit::Several => "typed_code",
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::Fen;

    fn column(name: &str, kind: Kind) -> Column {
        Column { name: name.to_owned(), kind, ..Column::default() }
    }

    fn register() -> Register {
        let field = vec![
            column("kind_code", Kind::Code),
            column("name", Kind::Name),
            column("phone", Kind::Phone),
            column("worth_fen", Kind::Fen),
            column("area_mu", Kind::Decimal),
            column("count", Kind::Int),
            column("since_on", Kind::Month),
            column("region_code", Kind::Region),
            column("birth_region", Kind::Region),
            Column { class: Class::Sensitive, ..column("illness_code", Kind::Code) },
        ];
        let list = policy::declare::List {
            filter: field.iter().map(|column| column.name.clone()).collect(),
            ..policy::declare::List::default()
        };
        Register { region: Some("region_code".to_owned()), field, list, ..Register::default() }
    }

    fn search(pairs: &[(&str, &str)]) -> Search {
        let sent: BTreeMap<String, String> =
            pairs.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        Search::of(&register(), true, &sent)
    }

    fn today() -> Day {
        "2026-11-23".parse().expect("a day")
    }

    #[test]
    fn what_is_typed_becomes_conditions_of_the_declared_kind() {
        let day = |text: &str| Value::Day(text.parse().expect("a day"));
        let cases = [
            ("is-kind_code", "tea", "kind_code", Predicate::Is(Value::Text("tea".into()))),
            ("begins-name", " 阿依 ", "name", Predicate::Begins("阿依".into())),
            ("is-phone", "138 1234-5678", "phone", Predicate::Is(Value::Text("13812345678".into()))),
            (
                "is-phone",
                "＋８６ １３８１２３４５６７８\u{200B}",
                "phone",
                Predicate::Is(Value::Text("13812345678".into())),
            ),
            ("from-worth_fen", "1,200.5", "worth_fen", Predicate::AtLeast(Value::Fen(Fen(120_050)))),
            ("to-area_mu", "4.50", "area_mu", Predicate::AtMost(Value::Decimal("4.50".parse().expect("a number")))),
            ("from-count", "3.0", "count", Predicate::AtLeast(Value::Int(3))),
            ("to-since_on", "2024-06", "since_on", Predicate::AtMost(day("2024-06-01"))),
            ("is-birth_region", "513437", "birth_region", Predicate::Begins("513437".into())),
        ];
        for (input, text, field, test) in cases {
            let filter = search(&[(input, text)]).filter(&register(), true, today()).expect(input);
            assert_eq!(filter.conditions, [Condition { field: field.into(), test }], "{input}");
        }
    }

    #[test]
    fn what_does_not_fit_is_told_at_its_input() {
        let cases = [
            ("from-worth_fen", "1.005", "misfit_money"),
            ("from-worth_fen", "many", "misfit_number"),
            ("to-count", "1.5", "misfit_whole"),
            ("from-since_on", "2024-13", "misfit_month"),
            ("region", "5", "misfit_place"),
            ("is-phone", "138", "typed_phone"),
        ];
        for (input, text, key) in cases {
            let misfits = search(&[(input, text)]).filter(&register(), true, today()).expect_err(input);
            assert_eq!(misfits, [Misfit { input: input.to_owned(), key }]);
        }
    }

    #[test]
    fn nothing_of_a_person_stands_in_an_address() {
        let cases = [
            ("is-kind_code", "tea", false),
            ("from-area_mu", "5", false),
            ("region", "513437", false),
            ("begins-name", "阿依", true),
            ("is-phone", "13812345678", true),
            ("is-illness_code", "01", true),
            ("from-area_mu", "阿依", true),
        ];
        for (input, text, private) in cases {
            let search = search(&[(input, text), ("withdrawn", "1")]);
            assert_eq!(search.is_private(&register(), true, today()), private, "{input}");
        }
        let left = search(&[("begins-name", "阿依"), ("is-kind_code", "tea")]).in_address(&register(), true);
        assert_eq!(left.pairs().collect::<Vec<_>>(), [("is-kind_code", "tea")]);
    }

    fn raised() -> Register {
        let reason = policy::declare::Child {
            name: "reason".to_owned(),
            field: vec![column("rule", Kind::Code), column("points", Kind::Int)],
            ..policy::declare::Child::default()
        };
        let open = policy::declare::State { name: "open".to_owned(), ..policy::declare::State::default() };
        let (of, child, state) = (Some(Grain::Household), vec![reason], vec![open]);
        let mut register = Register { of, child, state, ..register() };
        register.list.filter.extend(["reason.rule", "reason.points", "reason.none"].map(str::to_owned));
        register
    }

    #[test]
    fn what_waits_what_is_due_and_child_records_are_asked_for_where_a_register_has_them() {
        let register = raised();
        let sent: BTreeMap<String, String> = [
            ("open", "yes"),
            ("due_before", "2026-11-27"),
            ("text", "阿依"),
            ("is-reason.rule", "far_below"),
            ("from-reason.points", "3"),
        ]
        .map(|(name, text)| (name.to_owned(), text.to_owned()))
        .into();
        let search = Search::of(&register, true, &sent);
        let expected = RecordFilter {
            open: Some(true),
            due_before: Some("2026-11-27".parse().expect("a day")),
            text: Some("阿依".to_owned()),
            conditions: vec![Condition::is("reason.rule", Value::Text("far_below".to_owned()))],
            ..RecordFilter::default()
        };
        assert_eq!(search.filter(&register, true, today()), Ok(expected));
        assert!(search.is_private(&register, true, today()), "a text may be a name");
        assert_eq!(search.in_address(&register, true).text(TEXT), "");
        for (input, text, key) in [
            ("open", "perhaps", "misfit_truth"),
            ("due_from", "soon", "misfit_day"),
            ("due_before", "soon", "misfit_day"),
        ] {
            let search = Search::of(&register, true, &BTreeMap::from([(input.to_owned(), text.to_owned())]));
            let misfits = search.filter(&register, true, today()).expect_err(input);
            assert_eq!(misfits, [Misfit { input: input.to_owned(), key }]);
        }
    }

    #[test]
    fn inputs_that_the_register_does_not_ask_for_are_left_alone() {
        let blank = search(&[("begins-name", "\u{3000}\u{200B}"), ("is-phone", "\u{3164}")]);
        assert!(blank.is_empty(), "a blank of any kind asks for nothing");
        let none = search(&[
            ("state", "open"),
            ("open", "yes"),
            ("text", "阿依"),
            ("is-region_code", "5134"),
            ("is-colour", "red"),
        ]);
        assert!(none.is_empty(), "no lifecycle, the place has its own input, no such field");
        let sent = BTreeMap::from([("begins-name".to_owned(), "阿依".to_owned())]);
        assert!(Search::of(&register(), false, &sent).is_empty(), "who does not see names does not search by them");
    }
}
