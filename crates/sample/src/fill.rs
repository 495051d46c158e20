//! Where a column's cells come from, and how a value becomes a cell of the column's kind.

use crate::condition::Condition;
use crate::fields::{Datum, Getter, Subject, getter};
use crate::random::Stream;
use crate::spec::Written;
use crate::tables::Cell;
use model::{Day, Decimal, Kind};
use policy::declare::{CodeList, Column};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// A filling, ready to run.
#[derive(Clone)]
pub enum Fill {
    Empty,
    Field { read: Getter, words: BTreeMap<String, String> },
    Constant(String),
    Choice(Vec<(String, f64)>),
    Serial(String),
    Between { unit: Unit, low: i64, high: i64 },
    After { read: Getter, low: i64, high: i64, may_be_ahead: bool },
    Text(Vec<Part>),
    Times { read: Getter, factor: f64 },
    Cases(Vec<(Condition, Fill)>),
}

/// What a random whole number counts.
#[derive(Clone, Copy, Debug)]
pub enum Unit {
    Int,
    Yuan,
    Tenths,
}

/// A piece of a template.
#[derive(Clone)]
pub enum Part {
    Plain(String),
    Field(Getter),
}

/// Word lists for one column: those of the table for the column, and those for all tables by field.
pub struct WordLists<'a> {
    pub of_column: Option<&'a BTreeMap<String, String>>,
    pub by_field: &'a BTreeMap<String, BTreeMap<String, String>>,
}

impl Fill {
    /// Reads how a column is filled.
    ///
    /// # Errors
    /// What is wrong, in words.
    pub fn parse(written: &Written, words: &WordLists) -> Result<Fill, String> {
        match written {
            Written::One(text) => one(text, words),
            Written::Cases(cases) => {
                let cases = cases.iter().map(|case| Ok((Condition::parse(&case.when)?, one(&case.is, words)?)));
                Ok(Fill::Cases(cases.collect::<Result<_, String>>()?))
            }
        }
    }

    /// The value for the subject. `serial` is the number of the row within its household and table.
    pub fn datum<'a>(&'a self, subject: &Subject<'a>, serial: u32, stream: &mut Stream) -> Datum<'a> {
        match self {
            Fill::Empty => Datum::Empty,
            Fill::Field { read, words } => {
                let datum = read(subject);
                match words.get(datum.plain().as_ref()) {
                    Some(code) => Datum::Text(Cow::Borrowed(code)),
                    None => datum,
                }
            }
            Fill::Constant(text) => Datum::Text(Cow::Borrowed(text)),
            Fill::Choice(choices) => {
                let weights: Vec<f64> = choices.iter().map(|(_, weight)| *weight).collect();
                choices
                    .get(stream.weighted(&weights))
                    .map_or(Datum::Empty, |(text, _)| Datum::Text(Cow::Borrowed(text)))
            }
            Fill::Serial(prefix) => Datum::Text(Cow::Owned(format!("{prefix}{}{serial:02}", subject.household.number))),
            Fill::Between { unit, low, high } => {
                let number = stream.between(*low, *high);
                match unit {
                    Unit::Int => Datum::Int(number),
                    Unit::Yuan => Datum::Yuan(number),
                    Unit::Tenths => Datum::Tenths(number),
                }
            }
            Fill::After { read, low, high, may_be_ahead } => match read(subject) {
                Datum::Day(day) => {
                    let moved = day.plus_days(stream.between(*low, *high));
                    Datum::Day(if *may_be_ahead { moved } else { moved.min(subject.day) })
                }
                _ => Datum::Empty,
            },
            Fill::Text(parts) => Datum::Text(Cow::Owned(template(parts, subject))),
            Fill::Times { read, factor } => match read(subject) {
                Datum::Yuan(number) => Datum::Yuan((number as f64 * factor) as i64),
                Datum::Int(number) => Datum::Int((number as f64 * factor) as i64),
                other => other,
            },
            Fill::Cases(cases) => {
                let case = cases.iter().find(|(condition, _)| condition.holds(subject));
                case.map_or(Datum::Empty, |(_, fill)| fill.datum(subject, serial, stream))
            }
        }
    }

    /// All codes that this filling may give to a column of codes, for checking.
    pub fn fixed_texts(&self) -> Vec<&str> {
        match self {
            Fill::Constant(text) => vec![text],
            Fill::Choice(choices) => {
                choices.iter().map(|(text, _)| text.as_str()).filter(|text| !text.is_empty()).collect()
            }
            Fill::Field { words, .. } => words.values().map(String::as_str).collect(),
            Fill::Cases(cases) => cases.iter().flat_map(|(_, fill)| fill.fixed_texts()).collect(),
            _ => Vec::new(),
        }
    }
}

/// A template with its fields put in.
pub fn template(parts: &[Part], subject: &Subject) -> String {
    let mut text = String::new();
    for part in parts {
        match part {
            Part::Plain(plain) => text.push_str(plain),
            Part::Field(read) => text.push_str(&read(subject).plain()),
        }
    }
    text
}

/// Reads a template: plain text with `{field}`.
///
/// # Errors
/// What is wrong, in words.
pub fn parse_template(text: &str) -> Result<Vec<Part>, String> {
    let mut parts = Vec::new();
    for (index, piece) in text.split('{').enumerate() {
        let plain = if index == 0 {
            piece
        } else {
            let (field, plain) =
                piece.split_once('}').ok_or_else(|| format!("`{text}` has a brace that is not closed"))?;
            parts.push(Part::Field(field_of(field)?));
            plain
        };
        if !plain.is_empty() {
            parts.push(Part::Plain(plain.to_owned()));
        }
    }
    Ok(parts)
}

fn field_of(name: &str) -> Result<Getter, String> {
    getter(name.trim()).ok_or_else(|| format!("there is no field `{name}`"))
}

fn one(text: &str, words: &WordLists) -> Result<Fill, String> {
    if text == "empty" {
        return Ok(Fill::Empty);
    }
    let Some((verb, rest)) = text.split_once(':') else {
        let read = field_of(text)?;
        let words = words.of_column.or_else(|| words.by_field.get(text)).cloned().unwrap_or_default();
        return Ok(Fill::Field { read, words });
    };
    Ok(match verb {
        "const" => Fill::Constant(rest.to_owned()),
        "serial" => Fill::Serial(rest.to_owned()),
        "text" => Fill::Text(parse_template(rest)?),
        "choice" => Fill::Choice(rest.split('|').map(choice).collect::<Result<_, String>>()?),
        "int" => between(Unit::Int, rest)?,
        "yuan" => between(Unit::Yuan, rest)?,
        "tenths" => between(Unit::Tenths, rest)?,
        "after" | "ahead" => {
            let (field, range) = rest.split_at(rest.find(['+', '-']).ok_or_else(|| format!("`{text}` lacks days"))?);
            let (low, high) = range_of(range.trim_start_matches('+'))?;
            Fill::After { read: field_of(field)?, low, high, may_be_ahead: verb == "ahead" }
        }
        "times" => {
            let (field, factor) = rest.split_once('*').ok_or_else(|| format!("`{text}` lacks `*factor`"))?;
            let factor = factor.parse().map_err(|_| format!("`{factor}` is not a number"))?;
            Fill::Times { read: field_of(field)?, factor }
        }
        _ => return Err(format!("`{verb}:` is not known")),
    })
}

fn choice(text: &str) -> Result<(String, f64), String> {
    let (value, weight) = text.split_once('=').ok_or_else(|| format!("`{text}` lacks `=weight`"))?;
    Ok((value.to_owned(), weight.parse().map_err(|_| format!("`{weight}` is not a number"))?))
}

fn between(unit: Unit, range: &str) -> Result<Fill, String> {
    let (low, high) = range_of(range)?;
    Ok(Fill::Between { unit, low, high })
}

fn range_of(text: &str) -> Result<(i64, i64), String> {
    let wrong = || format!("`{text}` is not a range of whole numbers such as `5..20`");
    let (low, high) = text.split_once("..").ok_or_else(wrong)?;
    Ok((low.parse().map_err(|_| wrong())?, high.parse().map_err(|_| wrong())?))
}

/// The cell of a column of that kind. `labels` says that codes are written as their labels.
pub fn cell(datum: Datum, column: &Column, codes: Option<&CodeList>, labels: bool) -> Cell {
    match (column.kind, datum) {
        (_, Datum::Empty) => Cell::Empty,
        (Kind::Code, datum) => code_cell(&datum.plain(), codes, labels),
        (Kind::Month, Datum::Day(day)) => Cell::Text(format!("{:04}{:02}", day.year(), day.month())),
        (Kind::Bool, datum) => match datum.plain().as_ref() {
            "true" | "1" => Cell::text("是"),
            "false" | "0" => Cell::text("否"),
            other => Cell::text(other),
        },
        (Kind::Fen, Datum::Yuan(yuan) | Datum::Int(yuan)) => Cell::Number(Decimal::from(yuan)),
        (Kind::Int, Datum::Int(number) | Datum::Yuan(number)) => Cell::Number(Decimal::from(number)),
        (Kind::Decimal, Datum::Int(number) | Datum::Yuan(number)) => Cell::Number(Decimal::from(number)),
        (Kind::Decimal, Datum::Tenths(number)) => Cell::Number(Decimal::new(number, 1)),
        (Kind::Int | Kind::Fen | Kind::Decimal, datum) => number_cell(&datum.plain()),
        (Kind::Day, Datum::Day(day)) => Cell::Day(day),
        (Kind::Day, datum) => {
            let text = datum.plain();
            text.parse::<Day>().map_or_else(|_| Cell::text(text.as_ref()), Cell::Day)
        }
        (_, datum) => Cell::text(datum.plain()),
    }
}

fn code_cell(code: &str, codes: Option<&CodeList>, labels: bool) -> Cell {
    let known = codes.and_then(|list| list.code.iter().find(|known| known.code == code));
    match known {
        Some(known) if labels => Cell::text(known.label.as_str()),
        _ => Cell::text(code),
    }
}

fn number_cell(text: &str) -> Cell {
    text.parse().map_or_else(|_| Cell::text(text), Cell::Number)
}
