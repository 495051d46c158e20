//! What people write into declared fields, as values: one reading for forms, searches and programs. Pure.
//!
//! The judgement of a text by itself is `model::written`, which the cells of files are held against, too; here the declaration comes
//! in: code lists, limits, days that may not lie ahead. Nothing here words a complaint: whoever asks says in the reader's language, and
//! for the place where it was written, what a [`Misfit`] means.

use crate::declare::{Code, CodeList, Column};
use crate::{Divisions, Package};
use model::written::{self, NameFault, NotANumber, PlainNumber, WrittenDay};
use model::{Day, Decimal, Fen, HouseholdNo, IdentityNumber, Kind, RegionCode, Value};
use std::collections::BTreeMap;

/// Characters of a text at most.
pub const TEXT_CHARACTERS_MAX: usize = 2_000;
/// Days before this year are mistakes.
pub const YEAR_MIN: i32 = 1900;
/// The field of every register that holds a household's number.
pub const HOUSEHOLD: &str = "household_no";

/// Why a text is no value of its field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misfit {
    /// Control characters or damaged ones.
    Characters,
    /// More characters than this.
    TooLong(usize),
    Household,
    NameDigits,
    /// A name with `*` or `?` in it.
    NameHidden,
    Code,
    Number,
    /// A number that is not whole.
    Whole,
    /// A number that is no money: parts of a fen, or too much.
    Money,
    Below(Decimal),
    Above(Decimal),
    Day,
    Month,
    /// Before [`YEAR_MIN`].
    Early,
    /// After this day.
    Late(Day),
    Truth,
    Identity,
    Phone,
    Account,
    /// No place of the divisions.
    Region,
    /// The field holds several codes, or files: no single text is one.
    Several,
}

/// Reads texts as values of declared fields.
#[derive(Clone, Copy)]
pub struct Reader<'a> {
    /// Code lists by name; a code of a list that is not among them is taken as it stands.
    pub codes: &'a BTreeMap<String, CodeList>,
    /// Places that exist; without them any code of the right form is one.
    pub divisions: Option<&'a Divisions>,
    /// Today, where values must keep to the limits of their field; a bound to search by may be any value of its kind.
    pub limits: Option<Day>,
}

impl<'a> Reader<'a> {
    /// Reads what will be kept.
    pub fn of(package: &'a Package, today: Day) -> Reader<'a> {
        Reader { codes: &package.codes, divisions: Some(&package.divisions), limits: Some(today) }
    }

    /// The value of one text; `Null` where it says nothing. Whether it may say nothing is for the caller.
    ///
    /// # Errors
    /// What does not fit.
    pub fn read(&self, column: &Column, text: &str) -> Result<Value, Misfit> {
        let text = text.trim();
        match column.kind {
            _ if written::is_blank(text) => Ok(Value::Null),
            Kind::Text if column.name == HOUSEHOLD => household(text),
            Kind::Text => free_text(text),
            Kind::Reference => Ok(optional(Some(written::fold_key(text).into_owned()))),
            Kind::Name => name(text),
            Kind::Code if column.many => Err(Misfit::Several),
            Kind::Code => self.code(column, text).map(Value::Text),
            Kind::Int => self.whole(column, text),
            Kind::Decimal => self.decimal(column, text),
            Kind::Fen => self.money(column, text),
            Kind::Day | Kind::Month => self.day(column, text),
            Kind::Bool => {
                written::truth_of(text).map(|truth| truth.map_or(Value::Null, Value::Bool)).map_err(|_| Misfit::Truth)
            }
            Kind::Identity => self.identity(text),
            Kind::Phone => written::phone_of(text).map(optional).ok_or(Misfit::Phone),
            Kind::Account => written::account_of(text).map(optional).ok_or(Misfit::Account),
            Kind::Region => self.region(text),
            Kind::File => Err(Misfit::Several),
        }
    }

    /// The value of a field that holds several codes, each once, in the list's order; `Null` for none.
    ///
    /// # Errors
    /// `Code` where one of the texts names none.
    pub fn several<'t>(&self, column: &Column, texts: impl IntoIterator<Item = &'t str>) -> Result<Value, Misfit> {
        let filled = texts.into_iter().map(str::trim).filter(|text| !written::is_blank(text));
        let chosen: Vec<String> = filled.map(|text| self.code(column, text)).collect::<Result<_, _>>()?;
        let in_order: Vec<&str> = match self.list(column) {
            Some(list) => list
                .code
                .iter()
                .map(|one| one.code.as_str())
                .filter(|code| chosen.iter().any(|one| one == code))
                .collect(),
            None => chosen.iter().map(String::as_str).collect(),
        };
        Ok(optional(Some(in_order.join(","))))
    }

    /// A whole number, within the field's limits.
    ///
    /// # Errors
    /// `Below` or `Above`.
    pub fn check_range(&self, column: &Column, value: Decimal) -> Result<(), Misfit> {
        match (column.min, column.max) {
            _ if self.limits.is_none() => Ok(()),
            (Some(min), _) if value < min => Err(Misfit::Below(min.normalize())),
            (_, Some(max)) if value > max => Err(Misfit::Above(max.normalize())),
            _ => Ok(()),
        }
    }

    fn list(&self, column: &Column) -> Option<&'a CodeList> {
        column.codes.as_ref().and_then(|name| self.codes.get(name))
    }

    /// The code of a code or label.
    fn code(&self, column: &Column, text: &str) -> Result<String, Misfit> {
        let Some(list) = self.list(column) else { return Ok(text.to_owned()) };
        let folded = written::fold_key(text);
        let same = |one: &&Code| {
            one.code == folded || written::fold_key(&one.label) == folded || one.label_en.eq_ignore_ascii_case(text)
        };
        let found = list.code.iter().find(|one| one.code == folded).or_else(|| list.code.iter().find(same));
        found.map(|one| one.code.clone()).ok_or(Misfit::Code)
    }

    fn whole(&self, column: &Column, text: &str) -> Result<Value, Misfit> {
        let Some(number) = number(written::number_of(text))? else { return Ok(Value::Null) };
        let whole = number.times_tens(0).ok_or(Misfit::Whole)?;
        self.check_range(column, Decimal::from(whole))?;
        Ok(Value::Int(whole))
    }

    fn decimal(&self, column: &Column, text: &str) -> Result<Value, Misfit> {
        let Some(number) = number(written::number_of(text))? else { return Ok(Value::Null) };
        let value = number.decimal().ok_or(Misfit::Number)?;
        self.check_range(column, value)?;
        Ok(Value::Decimal(value))
    }

    /// Money in yuan.
    fn money(&self, column: &Column, text: &str) -> Result<Value, Misfit> {
        let Some(number) = number(written::money_of(text))? else { return Ok(Value::Null) };
        let fen = number.times_tens(2).ok_or(Misfit::Money)?;
        self.check_range(column, Decimal::new(fen, 2))?;
        Ok(Value::Fen(Fen(fen)))
    }

    fn day(&self, column: &Column, text: &str) -> Result<Value, Misfit> {
        let is_month = column.kind == Kind::Month;
        let wrong = if is_month { Misfit::Month } else { Misfit::Day };
        let day = match written::day_of(text).ok_or(wrong)? {
            WrittenDay::Nothing => return Ok(Value::Null),
            WrittenDay::Day(day) | WrittenDay::Month(day) if is_month => day.first_of_month(),
            WrittenDay::Day(day) => day,
            WrittenDay::Month(_) => return Err(wrong),
        };
        match self.limits {
            Some(_) if day.year() < YEAR_MIN => Err(Misfit::Early),
            Some(today) if day > today && !column.may_be_future => Err(Misfit::Late(today)),
            _ => Ok(Value::Day(day)),
        }
    }

    /// An identity number, or a disability certificate with what stands behind its eighteen characters.
    fn identity(&self, text: &str) -> Result<Value, Misfit> {
        let folded = written::fold(text);
        if written::is_nothing(&folded) {
            return Ok(Value::Null);
        }
        let number = IdentityNumber::parse(&folded).map_err(|_| Misfit::Identity)?;
        if self.limits.is_some_and(|today| number.born_on() > today) {
            return Err(Misfit::Identity);
        }
        let behind = number.disability().map_or(String::new(), |_| {
            let letters = folded.chars().filter(char::is_ascii_alphanumeric);
            letters.skip(18).map(|letter| letter.to_ascii_uppercase()).collect()
        });
        Ok(Value::Text(number.canonical() + &behind))
    }

    fn region(&self, text: &str) -> Result<Value, Misfit> {
        let code = written::fold(text).parse::<RegionCode>().map_err(|_| Misfit::Region)?;
        let exists = self.divisions.is_none_or(|divisions| divisions.get(code).is_some());
        if exists { Ok(Value::Text(code.to_string())) } else { Err(Misfit::Region) }
    }
}

fn number(read: Result<Option<PlainNumber>, NotANumber>) -> Result<Option<PlainNumber>, Misfit> {
    read.map_err(|NotANumber| Misfit::Number)
}

/// Lines stay lines; what cannot be seen goes.
fn free_text(text: &str) -> Result<Value, Misfit> {
    let lines: Result<Vec<_>, _> = text.lines().map(written::tidy).collect();
    let tidy = lines.map_err(|_| Misfit::Characters)?.join("\n").trim().to_owned();
    if tidy.chars().count() > TEXT_CHARACTERS_MAX {
        return Err(Misfit::TooLong(TEXT_CHARACTERS_MAX));
    }
    Ok(optional(Some(tidy)))
}

fn household(text: &str) -> Result<Value, Misfit> {
    let number = HouseholdNo::parse(&written::fold(text)).ok_or(Misfit::Household)?;
    Ok(Value::Text(number.to_string()))
}

fn name(text: &str) -> Result<Value, Misfit> {
    written::name_of(text).map(optional).map_err(|fault| match fault {
        NameFault::Characters => Misfit::Characters,
        NameFault::Digits => Misfit::NameDigits,
        NameFault::Hidden => Misfit::NameHidden,
        NameFault::TooLong(most) => Misfit::TooLong(most),
    })
}

fn optional(text: Option<String>) -> Value {
    text.filter(|text| !text.is_empty()).map_or(Value::Null, Value::Text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(kind: Kind, text: &str, limits: Option<&str>) -> Result<Value, Misfit> {
        let (min, max) = (Some(Decimal::ZERO), Some(Decimal::from(100)));
        let column = Column { name: "field".into(), kind, min, max, ..Column::default() };
        let limits = limits.map(|day| day.parse().expect("a day"));
        Reader { codes: &BTreeMap::new(), divisions: None, limits }.read(&column, text)
    }

    #[test]
    fn limits_hold_for_what_is_kept_and_not_for_what_is_searched_by() {
        let day = |text: &str| Value::Day(text.parse().expect("a day"));
        let cases = [
            (Kind::Int, "101", Misfit::Above(100.into()), Value::Int(101)),
            (Kind::Fen, "-0.01", Misfit::Below(0.into()), Value::Fen(Fen(-1))),
            (Kind::Day, "2024-06-03", Misfit::Late("2024-06-02".parse().expect("a day")), day("2024-06-03")),
            (Kind::Month, "1899年12月", Misfit::Early, day("1899-12-01")),
        ];
        for (kind, text, kept, searched) in cases {
            assert_eq!(read(kind, text, Some("2024-06-02")), Err(kept), "{kind:?} {text}");
            assert_eq!(read(kind, text, None), Ok(searched), "{kind:?} {text}");
        }
    }

    #[test]
    fn a_blank_of_any_kind_is_nothing() {
        let kinds = [
            Kind::Text,
            Kind::Name,
            Kind::Reference,
            Kind::Int,
            Kind::Fen,
            Kind::Day,
            Kind::Bool,
            Kind::Identity,
            Kind::Phone,
        ];
        for kind in kinds {
            for blank in ["\u{3000}", "\u{A0}\t", "\u{200B}", "\u{2800}", "\u{3164}", "\u{AD}\u{FEFF}", "\r\n"] {
                assert_eq!(read(kind, blank, None), Ok(Value::Null), "{kind:?} {blank:?}");
            }
        }
    }

    #[test]
    fn an_identity_number_is_folded_as_every_other_number() {
        let number = "11010519491231002X";
        let wide: String =
            number.chars().map(|letter| char::from_u32(letter as u32 + 0xFEE0).unwrap_or(letter)).collect();
        let spellings = [
            number.to_lowercase(),
            wide,
            format!("'{number}"),
            format!("’{number}"),
            format!("=\"{number}\""),
            format!("\u{202A}{number}\u{202C}"),
            format!("\u{200B}{number}\u{3000}"),
            "110105-19491231-002X".to_owned(),
        ];
        for written in spellings {
            let expected = Ok(Value::Text(number.to_owned()));
            assert_eq!(read(Kind::Identity, &written, Some("2024-06-02")), expected, "{written:?}");
        }
    }

    #[test]
    fn a_text_that_does_not_fit_says_by_what() {
        let cases = [
            (Kind::Int, "1.5", Misfit::Whole),
            (Kind::Int, "许多", Misfit::Number),
            (Kind::Fen, "1.005", Misfit::Money),
            (Kind::Day, "2023-02-29", Misfit::Day),
            (Kind::Month, "202413", Misfit::Month),
            (Kind::Bool, "也许", Misfit::Truth),
            (Kind::Name, "王*", Misfit::NameHidden),
            (Kind::Identity, "110105194912310021", Misfit::Identity),
            (Kind::Phone, "110", Misfit::Phone),
            (Kind::Account, "62", Misfit::Account),
            (Kind::Region, "99011", Misfit::Region),
            (Kind::Text, "甲\u{0}乙", Misfit::Characters),
            (Kind::File, "x", Misfit::Several),
        ];
        for (kind, text, misfit) in cases {
            assert_eq!(read(kind, text, Some("2024-06-02")), Err(misfit), "{kind:?} {text}");
        }
    }
}
