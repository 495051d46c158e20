//! Which place and which days a delivery covers: as it was said, else as the name of the file and its rows tell.
//!
//! Pure. Where name and rows contradict one another, nobody guesses: the answer is a question with what the rows tell.

use super::period::{Unit, in_name};
use model::{Bilingual, Day, Level, RegionCode};
use policy::Divisions;
use policy::declare::Mode;
use std::collections::BTreeMap;
use store::ImportCoverage;

/// What was said of a delivery, on the command line or the page.
#[derive(Clone, Debug, Default)]
pub struct Declared {
    pub place: Option<RegionCode>,
    pub from: Option<Day>,
    pub to: Option<Day>,
    /// Only some rows: they are added, and no row goes.
    pub is_partial: bool,
}

/// What the rows of a file tell.
#[derive(Debug, Default)]
pub struct Seen {
    /// How many rows are of each day; empty where rows have no day.
    pub days: BTreeMap<Day, u64>,
    /// How many rows are of households of each township.
    pub townships: BTreeMap<RegionCode, u64>,
}

/// What is known before the rows are.
pub struct Before<'a> {
    pub declared: &'a Declared,
    pub mode: Mode,
    /// How often the source is handed in.
    pub cadence: &'a str,
    pub file_name: &'a str,
    pub delivered_on: Day,
    /// The whole place of who hands in.
    pub scope: RegionCode,
    /// What the same author's last delivery of the source covered.
    pub remembered: Option<ImportCoverage>,
    pub divisions: &'a Divisions,
}

/// The answer, with what is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Covered {
    pub coverage: ImportCoverage,
    pub remarks: Vec<Bilingual>,
}

/// Why nobody can be sure, and what the rows tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsure {
    /// Without full stop.
    pub why: Bilingual,
    pub place: RegionCode,
    pub from: Day,
    pub to: Day,
}

/// Decides what a delivery covers.
///
/// # Errors
/// `Unsure` where what was said, the name of the file and the rows do not agree.
pub fn decide(before: &Before<'_>, seen: &Seen) -> Result<Covered, Unsure> {
    let mut remarks = Vec::new();
    let place = place(before, seen, &mut remarks).map_err(|(why, place)| {
        let (from, to) = days(before, seen, &mut Vec::new()).unwrap_or_else(|(_, days)| days);
        Unsure { why, place, from, to }
    })?;
    let (from, to) = days(before, seen, &mut remarks).map_err(|(why, (from, to))| Unsure { why, place, from, to })?;
    let said = before.declared.from.is_some() || before.declared.to.is_some();
    let is_declared = said || before.mode == Mode::Events && in_name(before.file_name).is_some();
    let is_partial = before.declared.is_partial;
    Ok(Covered { coverage: ImportCoverage { place, from, to, is_declared, is_partial }, remarks })
}

/// The place that was said, that the file is named for, that the author's last delivery was of, or the author's whole place.
fn place(
    before: &Before<'_>,
    seen: &Seen,
    remarks: &mut Vec<Bilingual>,
) -> Result<RegionCode, (Bilingual, RegionCode)> {
    let scope = before.scope;
    if let Some(said) = before.declared.place {
        return Ok(said);
    }
    let narrower = |place: &RegionCode| *place != scope && scope.holds(*place);
    let remembered = before.remembered.as_ref().map(|last| last.place).filter(narrower);
    let named = place_in_name(before);
    if let Some(guess) = named.or(remembered) {
        let outside: u64 = seen.townships.iter().filter(|(town, _)| !guess.holds(**town)).map(|(_, rows)| rows).sum();
        if outside == 0 {
            return Ok(guess);
        }
        let name = before.divisions.name(guess);
        let (said, said_en) = match named {
            Some(_) => ("文件名写的是", "The file is named for"),
            None => ("上次报送的是", "The last delivery was of"),
        };
        let why = Bilingual::new(
            format!("{said}“{name}”,但有{outside}行所在的户不在那里,无法确定本次报送的是哪里的数据"),
            format!(
                "{said_en} {name}, but the households of {outside} rows are not there; it is not clear of which place the data are"
            ),
        );
        return Err((why, common_place(seen, scope)));
    }
    let common = common_place(seen, scope);
    if before.mode == Mode::Roster && !before.declared.is_partial && common != scope {
        let [whole, part] = [scope, common].map(|place| before.divisions.name(place));
        remarks.push(Bilingual::new(
            format!(
                "各行所在的户都在“{part}”;本次按“{whole}”的完整名单收下,如只是“{part}”的名单,请撤销后写明地方再报送。"
            ),
            format!(
                "All households of the rows are in {part}; the list was taken as the whole one of {whole}. If it is that of {part} \
                 alone, take it back and hand it in again for that place."
            ),
        ));
    }
    Ok(scope)
}

/// The narrowest place, of townships upwards, that holds all rows; the whole place where there are none.
pub fn common_place(seen: &Seen, scope: RegionCode) -> RegionCode {
    let Some(first) = seen.townships.keys().next() else { return scope };
    let levels = [Level::Township, Level::County, Level::Prefecture, Level::Province];
    let holds = |place: &RegionCode| scope.holds(*place) && seen.townships.keys().all(|town| place.holds(*town));
    levels.into_iter().map(|level| first.at(level)).find(holds).unwrap_or(scope)
}

/// The one county or township inside the scope that the file is named for, by its code or its full name.
fn place_in_name(before: &Before<'_>) -> Option<RegionCode> {
    let name = before.file_name;
    let is_number = |letter: char| !letter.is_ascii_digit();
    let codes = name.split(is_number).filter(|digits| matches!(digits.len(), 6 | 9 | 12));
    let codes = codes.filter_map(|digits| digits.parse().ok());
    let codes = codes.filter(|code: &RegionCode| before.divisions.get(*code).is_some());
    let inside = before.divisions.inside(before.scope).filter(|division| division.level <= Level::Township);
    let names = inside.filter(|division| name.contains(&division.name)).map(|division| division.code);
    let mut found: Vec<RegionCode> =
        codes.chain(names).filter(|code| *code != before.scope && before.scope.holds(*code)).collect();
    // Of a county and a township in it the township counts.
    let wider: Vec<RegionCode> =
        found.iter().copied().filter(|wide| found.iter().any(|code| code != wide && wide.holds(*code))).collect();
    found.retain(|code| !wider.contains(code));
    found.sort();
    found.dedup();
    if found.len() == 1 { found.pop() } else { None }
}

type Days = (Day, Day);

fn days(before: &Before<'_>, seen: &Seen, remarks: &mut Vec<Bilingual>) -> Result<Days, (Bilingual, Days)> {
    if before.mode == Mode::Roster {
        let day = before.delivered_on;
        return Ok((before.declared.from.unwrap_or(day), before.declared.to.unwrap_or(day)));
    }
    let seen_days = seen_days(before, seen);
    let said = match (before.declared.from, before.declared.to) {
        (None, None) => None,
        (from, to) => Some((from.unwrap_or(seen_days.0), to.unwrap_or(seen_days.1))),
    };
    let (days, (what, what_en)) = match (said, in_name(before.file_name)) {
        (Some(said), _) => (said, ("写明的时间", "The days that were said")),
        (None, Some(named)) => (named, ("文件名写的时间", "The days that the file is named for")),
        (None, None) => (seen_days, ("本次报送的时间", "The days of this delivery")),
    };
    let (shown, shown_en) =
        (format!("{what}是{}至{}", days.0, days.1), format!("{what_en} are {} to {}", days.0, days.1));
    let inside: u64 = seen.days.range(days.0.min(days.1)..=days.1).map(|(_, rows)| rows).sum();
    let outside = seen.days.values().sum::<u64>() - inside;
    if days.0 > days.1 {
        let why = Bilingual::new(
            format!("{shown},起始日期晚于截止日期"),
            format!("{shown_en}: the first day is later than the last one"),
        );
        return Err((why, seen_days));
    }
    if outside > inside {
        let why = Bilingual::new(
            format!("{shown},但有{outside}行的日期不在其中,在其中的只有{inside}行"),
            format!("{shown_en}, but {outside} rows are of other days and only {inside} are of these"),
        );
        return Err((why, seen_days));
    }
    if outside > 0 {
        remarks.push(Bilingual::new(
            format!("{shown},有{outside}行的日期不在其中。"),
            format!("{shown_en}; {outside} rows are of other days."),
        ));
    }
    Ok(days)
}

/// The days that the rows tell, in whole months, quarters or years: the one of them that nearly all rows are of, else all.
fn seen_days(before: &Before<'_>, seen: &Seen) -> Days {
    let remembered = before.remembered.as_ref().filter(|last| last.is_declared);
    let unit = remembered.and_then(|last| Unit::of((last.from, last.to)));
    let unit = unit.unwrap_or_else(|| Unit::of_cadence(before.cadence));
    let (Some((first, _)), Some((last, _))) = (seen.days.first_key_value(), seen.days.last_key_value()) else {
        return unit.around(before.delivered_on);
    };
    let mut units: BTreeMap<Days, u64> = BTreeMap::new();
    for (day, rows) in &seen.days {
        *units.entry(unit.around(*day)).or_default() += rows;
    }
    let total: u64 = units.values().sum();
    match units.iter().find(|(_, rows)| **rows * 4 >= total * 3) {
        Some((days, _)) => *days,
        None => (unit.around(*first).0, unit.around(*last).1),
    }
}
