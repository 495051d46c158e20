//! Dirt as in real files: variants that a reader must put right without a word, and faults of which it must find each one.
//!
//! The list is a table: adding a kind means one line here and one arm in `spoil`.

mod spoil;

pub use spoil::{Spoiler, spoil};

use model::{Decimal, FaultKind, Kind};
use policy::declare::Column;
use std::collections::BTreeSet;

/// A kind of dirt.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Dirt {
    // Variants.
    TextNumber,
    FullWidthDigits,
    StraySpaces,
    IdeographicSpace,
    InvisibleMark,
    TextMark,
    DottedDay,
    ChineseDay,
    SlashedDay,
    CompactDay,
    SerialDay,
    DayWithTime,
    DashedMonth,
    ChineseMonth,
    GroupedDigits,
    MoneyWithUnit,
    SmallCheckLetter,
    FifteenDigits,
    TwentyDigits,
    TwentyTwoDigits,
    SplitIdentity,
    NameVariant,
    NameDot,
    PaddedName,
    CodeAsAlias,
    CodeAsCode,
    OtherTruthWord,
    PhoneWithPrefix,
    Stranger,
    BlankRow,
    TitleRow,
    // Faults of cells.
    WrongCheckDigit,
    SeventeenDigits,
    NineteenDigits,
    LetterInIdentity,
    ScientificIdentity,
    ImpossibleBirthDay,
    FutureBirthDay,
    UnknownArea,
    ImpossibleDisability,
    ImpossibleDay,
    ThirteenthMonth,
    WordsForDay,
    FutureDay,
    AncientDay,
    UnknownCode,
    NegativeNumber,
    TooLargeNumber,
    ThreeDecimals,
    WordsForMoney,
    WordsForNumber,
    BrokenWhole,
    FormulaMissing,
    FormulaReference,
    MissingRequired,
    WrongTruth,
    ShortPhone,
    DamagedText,
    OverlongText,
    DigitsInName,
    MaskedName,
    UnknownRegion,
    WrongHousehold,
    // Faults of rows.
    SwappedNameAndIdentity,
    DuplicateRow,
    DuplicateKey,
    TotalLine,
    NoteLine,
}

/// Where a kind of dirt may be planted.
#[derive(Clone, Copy)]
enum Spot {
    /// In cells of these kinds for which the test of the column holds.
    Cell(&'static [Kind], fn(&Column) -> bool),
    /// On whole rows that are planted by the writer of the table.
    Row,
    /// Once in a table, at its edges.
    Table,
}

/// One line of the list.
struct Entry(Dirt, &'static str, Option<FaultKind>, Spot);

/// A kind of dirt and the column in which it may be planted (the first column for dirt of whole rows).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Planting {
    pub dirt: Dirt,
    pub column: usize,
}

impl Planting {
    /// True for dirt of whole rows, which needs no filled cell.
    pub fn is_of_row(self) -> bool {
        matches!(self.dirt.entry().3, Spot::Row)
    }
}

const NUMBERS: &[Kind] = &[Kind::Int, Kind::Decimal, Kind::Fen];
const DIGITS: &[Kind] = &[Kind::Int, Kind::Fen, Kind::Identity, Kind::Phone, Kind::Day];
const SPACED: &[Kind] = &[Kind::Identity, Kind::Name, Kind::Code, Kind::Phone, Kind::Fen, Kind::Int, Kind::Day];
const DAYS: &[Kind] = &[Kind::Day];
const IDENTITY: &[Kind] = &[Kind::Identity];
const ANY_BUT_TEXT: &[Kind] = &[Kind::Int, Kind::Decimal, Kind::Fen, Kind::Day, Kind::Code, Kind::Bool, Kind::Identity];

use FaultKind as F;
use Spot::{Cell, Row, Table};

const LIST: &[Entry] = &[
    Entry(Dirt::TextNumber, "text_number", None, Cell(NUMBERS, any)),
    Entry(Dirt::FullWidthDigits, "full_width_digits", None, Cell(DIGITS, any)),
    Entry(Dirt::StraySpaces, "stray_spaces", None, Cell(SPACED, any)),
    Entry(Dirt::IdeographicSpace, "ideographic_space", None, Cell(SPACED, any)),
    Entry(Dirt::InvisibleMark, "invisible_mark", None, Cell(&[Kind::Identity, Kind::Code, Kind::Phone], any)),
    Entry(Dirt::TextMark, "text_mark", None, Cell(&[Kind::Identity, Kind::Phone], any)),
    Entry(Dirt::DottedDay, "dotted_day", None, Cell(DAYS, any)),
    Entry(Dirt::ChineseDay, "chinese_day", None, Cell(DAYS, any)),
    Entry(Dirt::SlashedDay, "slashed_day", None, Cell(DAYS, any)),
    Entry(Dirt::CompactDay, "compact_day", None, Cell(DAYS, any)),
    Entry(Dirt::SerialDay, "serial_day", None, Cell(DAYS, any)),
    Entry(Dirt::DayWithTime, "day_with_time", None, Cell(DAYS, any)),
    Entry(Dirt::DashedMonth, "dashed_month", None, Cell(&[Kind::Month], any)),
    Entry(Dirt::ChineseMonth, "chinese_month", None, Cell(&[Kind::Month], any)),
    Entry(Dirt::GroupedDigits, "grouped_digits", None, Cell(&[Kind::Fen], any)),
    Entry(Dirt::MoneyWithUnit, "money_with_unit", None, Cell(&[Kind::Fen], any)),
    Entry(Dirt::SmallCheckLetter, "small_check_letter", None, Cell(IDENTITY, any)),
    Entry(Dirt::FifteenDigits, "fifteen_digits", None, Cell(IDENTITY, any)),
    Entry(Dirt::TwentyDigits, "twenty_digits", None, Cell(IDENTITY, any)),
    Entry(Dirt::TwentyTwoDigits, "twenty_two_digits", None, Cell(IDENTITY, any)),
    Entry(Dirt::SplitIdentity, "split_identity", None, Cell(IDENTITY, any)),
    Entry(Dirt::NameVariant, "name_variant", None, Cell(&[Kind::Name], any)),
    Entry(Dirt::NameDot, "name_dot", None, Cell(&[Kind::Name], any)),
    Entry(Dirt::PaddedName, "padded_name", None, Cell(&[Kind::Name], any)),
    Entry(Dirt::CodeAsAlias, "code_as_alias", None, Cell(&[Kind::Code], any)),
    Entry(Dirt::CodeAsCode, "code_as_code", None, Cell(&[Kind::Code], any)),
    Entry(Dirt::OtherTruthWord, "other_truth_word", None, Cell(&[Kind::Bool], any)),
    Entry(Dirt::PhoneWithPrefix, "phone_with_prefix", None, Cell(&[Kind::Phone], any)),
    Entry(Dirt::Stranger, "stranger", None, Row),
    Entry(Dirt::BlankRow, "blank_row", None, Row),
    Entry(Dirt::TitleRow, "title_row", None, Table),
    Entry(Dirt::WrongCheckDigit, "wrong_check_digit", Some(F::IdentityCheckDigit), Cell(IDENTITY, any)),
    Entry(Dirt::SeventeenDigits, "seventeen_digits", Some(F::IdentityLength), Cell(IDENTITY, any)),
    Entry(Dirt::NineteenDigits, "nineteen_digits", Some(F::IdentityLength), Cell(IDENTITY, any)),
    Entry(Dirt::LetterInIdentity, "letter_in_identity", Some(F::IdentityLength), Cell(IDENTITY, any)),
    Entry(Dirt::ScientificIdentity, "scientific_identity", Some(F::IdentityLength), Cell(IDENTITY, any)),
    Entry(Dirt::ImpossibleBirthDay, "impossible_birth_day", Some(F::IdentityBirthDay), Cell(IDENTITY, any)),
    Entry(Dirt::FutureBirthDay, "future_birth_day", Some(F::IdentityBirthDay), Cell(IDENTITY, any)),
    Entry(Dirt::UnknownArea, "unknown_area", Some(F::IdentityArea), Cell(IDENTITY, any)),
    Entry(Dirt::ImpossibleDisability, "impossible_disability", Some(F::DisabilityDigits), Cell(IDENTITY, any)),
    Entry(Dirt::ImpossibleDay, "impossible_day", Some(F::NotADay), Cell(DAYS, any)),
    Entry(Dirt::ThirteenthMonth, "thirteenth_month", Some(F::NotADay), Cell(&[Kind::Day, Kind::Month], any)),
    Entry(Dirt::WordsForDay, "words_for_day", Some(F::NotADay), Cell(&[Kind::Day, Kind::Month], any)),
    Entry(Dirt::FutureDay, "future_day", Some(F::DayOutOfRange), Cell(DAYS, is_never_future)),
    Entry(Dirt::AncientDay, "ancient_day", Some(F::DayOutOfRange), Cell(DAYS, any)),
    Entry(Dirt::UnknownCode, "unknown_code", Some(F::UnknownCode), Cell(&[Kind::Code], has_codes)),
    Entry(Dirt::NegativeNumber, "negative_number", Some(F::OutOfRange), Cell(NUMBERS, is_never_negative)),
    Entry(Dirt::TooLargeNumber, "too_large_number", Some(F::OutOfRange), Cell(NUMBERS, has_most)),
    Entry(Dirt::ThreeDecimals, "three_decimals", Some(F::NotMoney), Cell(&[Kind::Fen], any)),
    Entry(Dirt::WordsForMoney, "words_for_money", Some(F::NotMoney), Cell(&[Kind::Fen], any)),
    Entry(Dirt::WordsForNumber, "words_for_number", Some(F::NotANumber), Cell(&[Kind::Int, Kind::Decimal], any)),
    Entry(Dirt::BrokenWhole, "broken_whole", Some(F::NotANumber), Cell(&[Kind::Int], any)),
    Entry(Dirt::FormulaMissing, "formula_missing", Some(F::FormulaError), Cell(ANY_BUT_TEXT, any)),
    Entry(Dirt::FormulaReference, "formula_reference", Some(F::FormulaError), Cell(ANY_BUT_TEXT, any)),
    Entry(Dirt::MissingRequired, "missing_required", Some(F::Missing), Cell(ANY_BUT_TEXT, is_required)),
    Entry(Dirt::WrongTruth, "wrong_truth", Some(F::NotABool), Cell(&[Kind::Bool], any)),
    Entry(Dirt::ShortPhone, "short_phone", Some(F::NotAPhone), Cell(&[Kind::Phone], any)),
    Entry(Dirt::DamagedText, "damaged_text", Some(F::BadText), Cell(&[Kind::Text, Kind::Name], any)),
    Entry(Dirt::OverlongText, "overlong_text", Some(F::TooLong), Cell(&[Kind::Text], any)),
    Entry(Dirt::DigitsInName, "digits_in_name", Some(F::BadText), Cell(&[Kind::Name], any)),
    Entry(Dirt::MaskedName, "masked_name", Some(F::BadText), Cell(&[Kind::Name], any)),
    Entry(Dirt::UnknownRegion, "unknown_region", Some(F::UnknownRegion), Cell(&[Kind::Region], any)),
    Entry(Dirt::WrongHousehold, "wrong_household", Some(F::UnknownHousehold), Cell(&[Kind::Text], is_household)),
    Entry(Dirt::SwappedNameAndIdentity, "swapped_name_and_identity", Some(F::SwappedCells), Row),
    Entry(Dirt::DuplicateRow, "duplicate_row", Some(F::DuplicateRow), Row),
    Entry(Dirt::DuplicateKey, "duplicate_key", Some(F::DuplicateKey), Row),
    Entry(Dirt::TotalLine, "total_line", Some(F::NotData), Table),
    Entry(Dirt::NoteLine, "note_line", Some(F::NotData), Table),
];

impl Dirt {
    /// All kinds, in the order of the list.
    pub fn all() -> impl Iterator<Item = Dirt> {
        LIST.iter().map(|entry| entry.0)
    }

    /// Name in the table of planted dirt.
    pub fn name(self) -> &'static str {
        self.entry().1
    }

    /// The fault that a reader must find; `None` for variants, which it must put right.
    pub fn fault(self) -> Option<FaultKind> {
        self.entry().2
    }

    fn entry(self) -> &'static Entry {
        LIST.iter().find(|entry| entry.0 == self).expect("a test proves that each kind stands in the list")
    }
}

/// Every kind of dirt that fits some column, with each such column. `key`: places of the columns that name a row; `checked`:
/// places of those that a check of the row reads, where a lost optional value would raise a second fault.
pub fn plantings(columns: &[Column], key: &[usize], checked: &BTreeSet<usize>, is_of_residents: bool) -> Vec<Planting> {
    let mut plantings = Vec::new();
    for entry in LIST {
        match entry.3 {
            Cell(kinds, test) => {
                for (index, column) in columns.iter().enumerate() {
                    let loses_value = entry.2.is_some() && !column.required && checked.contains(&index);
                    let breaks_key = entry.0 == Dirt::NameVariant && key.contains(&index);
                    let fits = kinds.contains(&column.kind) && test(column) && !loses_value && !breaks_key;
                    let is_plain_text =
                        column.kind != Kind::Text || entry.0 == Dirt::WrongHousehold || !is_household(column);
                    if fits && is_plain_text {
                        plantings.push(Planting { dirt: entry.0, column: index });
                    }
                }
            }
            Row => {
                let has = |kind: Kind| columns.iter().any(|column| column.kind == kind);
                let fits = match entry.0 {
                    Dirt::SwappedNameAndIdentity => has(Kind::Name) && has(Kind::Identity),
                    Dirt::Stranger => is_of_residents && has(Kind::Identity),
                    Dirt::DuplicateRow | Dirt::DuplicateKey => !key.is_empty(),
                    _ => true,
                };
                if fits {
                    plantings.push(Planting { dirt: entry.0, column: 0 });
                }
            }
            Table => {}
        }
    }
    plantings
}

fn any(_: &Column) -> bool {
    true
}

fn is_required(column: &Column) -> bool {
    column.required
}

fn is_never_future(column: &Column) -> bool {
    !column.may_be_future
}

fn has_codes(column: &Column) -> bool {
    column.codes.is_some()
}

fn is_never_negative(column: &Column) -> bool {
    column.min.is_some_and(|least| least >= Decimal::ZERO)
}

fn has_most(column: &Column) -> bool {
    column.max.is_some()
}

/// Columns with the number of a household, by the engine's own name for it.
fn is_household(column: &Column) -> bool {
    column.kind == Kind::Text && column.name == "household_no"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_of_its_own() {
        let names: BTreeSet<&str> = Dirt::all().map(Dirt::name).collect();
        assert_eq!(names.len(), LIST.len());
        let kinds: BTreeSet<Dirt> = Dirt::all().collect();
        assert_eq!(kinds.len(), LIST.len());
        assert_eq!(kinds.iter().next_back().map(|last| *last as usize + 1), Some(LIST.len()), "a kind lacks its line");
    }

    #[test]
    fn there_are_forty_kinds_or_more_of_which_most_are_faults() {
        let faults = Dirt::all().filter(|dirt| dirt.fault().is_some()).count();
        assert!(LIST.len() >= 60 && faults >= 35, "{} {faults}", LIST.len());
    }
}
