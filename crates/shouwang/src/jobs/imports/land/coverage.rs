//! Which place and which days a delivery covers: as it was said, else as the name of the file and its rows tell.
//!
//! Pure. Where name and rows contradict one another, nobody guesses: the answer is a question with what the rows tell.

use super::super::matched::heard::Seen;
use super::super::order::Declared;
use super::period::{Unit, in_name, in_name_of_year};
use model::{Day, Level, RegionCode};
use policy::Divisions;
use policy::declare::Mode;
use std::collections::BTreeMap;
use store::ImportCoverage;
use words::{Wording, wording};

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
    pub remarks: Vec<Wording>,
}

/// Why nobody can be sure, and what the rows tell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unsure {
    /// Without full stop.
    pub why: Wording,
    pub place: RegionCode,
    pub from: Day,
    pub to: Day,
}

/// Decides what a delivery covers. `elsewhere`: rows that are not of the place that was said, and were not taken for that.
///
/// # Errors
/// `Unsure` where what was said, the name of the file and the rows do not agree.
pub fn decide(before: &Before<'_>, seen: &Seen, elsewhere: &Seen) -> Result<Covered, Unsure> {
    let mut remarks = Vec::new();
    lies_there(before, seen, elsewhere)?;
    let place = place(before, seen, &mut remarks).map_err(|(why, place)| {
        let (from, to) = days(before, seen, &mut Vec::new()).unwrap_or_else(|(_, days)| days);
        Unsure { why, place, from, to }
    })?;
    let (from, to) = days(before, seen, &mut remarks).map_err(|(why, (from, to))| Unsure { why, place, from, to })?;
    let said = before.declared.from.is_some() || before.declared.to.is_some();
    let is_declared = said || before.mode == Mode::Events && named_days(before, seen).is_some();
    let is_partial = before.declared.is_partial;
    Ok(Covered { coverage: ImportCoverage { place, from, to, is_declared, is_partial }, remarks })
}

/// Of rows of other places, so many may come on one of the place that was said.
const ELSEWHERE_MAX: u64 = 10;

/// The place that was said is that of the rows: where next to none are, another place was meant.
fn lies_there(before: &Before<'_>, seen: &Seen, elsewhere: &Seen) -> Result<(), Unsure> {
    let count = |seen: &Seen| seen.townships.values().sum::<u64>();
    let (inside, outside) = (count(seen), count(elsewhere));
    let Some(said) = before.declared.place.filter(|_| outside > inside * ELSEWHERE_MAX) else { return Ok(()) };
    let place = common_place(elsewhere, before.scope);
    let [name, there] = [said, place].map(|place| before.divisions.name(place));
    let why = wording!("covers_other_place", name, outside, there, inside);
    let (from, to) = days(before, elsewhere, &mut Vec::new()).unwrap_or_else(|(_, days)| days);
    Err(Unsure { why, place, from, to })
}

/// The place that was said, that the file is named for, that the author's last delivery was of, or the author's whole place.
fn place(before: &Before<'_>, seen: &Seen, remarks: &mut Vec<Wording>) -> Result<RegionCode, (Wording, RegionCode)> {
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
        let why = match named {
            Some(_) => wording!("covers_not_named_place", name, outside),
            None => wording!("covers_not_last_place", name, outside),
        };
        return Err((why, common_place(seen, scope)));
    }
    let common = common_place(seen, scope);
    if before.mode == Mode::Roster && !before.declared.is_partial && common != scope {
        let [whole, part] = [scope, common].map(|place| before.divisions.name(place));
        remarks.push(wording!("covers_whole_place", whole, part));
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

/// Where the days of a delivery are taken from.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DaysFrom {
    Declared,
    FileName,
    Rows,
}

impl DaysFrom {
    /// The days, and where they are taken from.
    fn said(self, (from, to): Days) -> Wording {
        match self {
            DaysFrom::Declared => wording!("days_said", from, to),
            DaysFrom::FileName => wording!("days_named", from, to),
            DaysFrom::Rows => wording!("days_seen", from, to),
        }
    }
}

fn days(before: &Before<'_>, seen: &Seen, remarks: &mut Vec<Wording>) -> Result<Days, (Wording, Days)> {
    if before.mode == Mode::Roster {
        return days_of_list(before, remarks);
    }
    let SeenDays { days: seen_days, remembered } = seen_days(before, seen);
    let said = match (before.declared.from, before.declared.to) {
        (None, None) => None,
        (from, to) => Some((from.unwrap_or(seen_days.0), to.unwrap_or(seen_days.1))),
    };
    let (days, days_from) = match (said, named_days(before, seen)) {
        (Some(said), _) => (said, DaysFrom::Declared),
        (None, Some(named)) => (named, DaysFrom::FileName),
        (None, None) => (seen_days, DaysFrom::Rows),
    };
    if let Some((from, to)) = remembered.filter(|_| days_from == DaysFrom::Rows) {
        let (first, last) = days;
        let why = wording!("covers_not_last_days", first, last, from, to);
        return Err((why, days));
    }
    let shown = days_from.said(days);
    let inside: u64 = seen.days.range(days.0.min(days.1)..=days.1).map(|(_, rows)| rows).sum();
    let outside = seen.days.values().sum::<u64>() - inside;
    if days.0 > days.1 {
        let why = wording!("days_turned_round", days = shown);
        return Err((why, seen_days));
    }
    if outside > inside {
        let why = wording!("days_mostly_others", days = shown, outside, inside);
        return Err((why, seen_days));
    }
    if outside > 0 {
        remarks.push(wording!("days_partly_others", days = shown, outside));
    }
    Ok(days)
}

/// A list is of its day of delivery; a month that its file is named for is told beside it.
fn days_of_list(before: &Before<'_>, remarks: &mut Vec<Wording>) -> Result<Days, (Wording, Days)> {
    let day = before.delivered_on;
    let (from, to) = (before.declared.from.unwrap_or(day), before.declared.to.unwrap_or(day));
    if from > to {
        let why = wording!("days_turned_round", days = DaysFrom::Declared.said((from, to)));
        return Err((why, (day, day)));
    }
    if let Some((first, last)) = in_name(before.file_name) {
        remarks.push(wording!("list_named_for_days", first, last, day));
    }
    Ok((from, to))
}

/// The day of a list whose file is named for a month (quarter, year): its last day, or today while it goes on.
pub fn list_day(file_name: &str, today: Day) -> Option<Day> {
    in_name(file_name).map(|(from, to)| if from <= today { to.min(today) } else { to })
}

/// The days that the file is named for; a name without a year is of the year that most rows are of.
fn named_days(before: &Before<'_>, seen: &Seen) -> Option<Days> {
    let of_year = || {
        let mut years: BTreeMap<i32, u64> = BTreeMap::new();
        for (day, rows) in &seen.days {
            *years.entry(day.year()).or_default() += rows;
        }
        let most = years.into_iter().max_by_key(|(_, rows)| *rows).map(|(year, _)| year);
        let day = before.delivered_on;
        let days = in_name_of_year(before.file_name, most.unwrap_or(day.year()))?;
        let is_to_come = most.is_none() && days.0 > day;
        if is_to_come { in_name_of_year(before.file_name, day.year() - 1) } else { Some(days) }
    };
    in_name(before.file_name).or_else(of_year)
}

/// The days that rows tell.
struct SeenDays {
    days: Days,
    /// The longer period that the author's last delivery would make of them.
    remembered: Option<Days>,
}

/// The days that the rows tell, in whole months, quarters or years: the one of them that nearly all rows are of, else all. What the
/// author said last time makes them no longer: where it would, it is told.
fn seen_days(before: &Before<'_>, seen: &Seen) -> SeenDays {
    let remembered = before.remembered.as_ref().filter(|last| last.is_declared);
    let remembered = remembered.and_then(|last| Unit::of((last.from, last.to)));
    let cadence = Unit::of_cadence(before.cadence);
    let unit = remembered.map_or(cadence, |remembered| remembered.min(cadence));
    let (Some((first, _)), Some((last, _))) = (seen.days.first_key_value(), seen.days.last_key_value()) else {
        return SeenDays { days: unit.around(before.delivered_on), remembered: None };
    };
    if let Some(days) = most(seen, unit) {
        return SeenDays { days, remembered: None };
    }
    let Some(longer) = remembered.and_then(|longer| most(seen, longer)) else {
        return SeenDays { days: (unit.around(*first).0, unit.around(*last).1), remembered: None };
    };
    let mut inside = seen.days.range(longer.0..=longer.1).map(|(day, _)| *day);
    let first = inside.next().unwrap_or(longer.0);
    let days = (unit.around(first).0, unit.around(inside.next_back().unwrap_or(first)).1);
    SeenDays { days, remembered: (days != longer).then_some(longer) }
}

/// The one of these units that three of four rows are of.
fn most(seen: &Seen, unit: Unit) -> Option<Days> {
    let mut units: BTreeMap<Days, u64> = BTreeMap::new();
    for (day, rows) in &seen.days {
        *units.entry(unit.around(*day)).or_default() += rows;
    }
    let total: u64 = units.values().sum();
    units.into_iter().find(|(_, rows)| *rows * 4 >= total * 3).map(|(days, _)| days)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().expect("a day")
    }

    /// Days of rows, written `2024-06-01*3`.
    fn seen(text: &str) -> Seen {
        let one = |word: &str| {
            let (on, rows) = word.split_once('*').unwrap_or((word, "1"));
            (day(on), rows.parse().expect("a number"))
        };
        Seen { days: text.split_whitespace().map(one).collect(), townships: BTreeMap::new() }
    }

    fn decided(mode: Mode, said: &str, remembered: &str, name: &str, rows: &str) -> String {
        let two = |text: &str| text.split_once(' ').map(|(from, to)| (day(from), day(to)));
        let place: RegionCode = "990101".parse().expect("a place");
        let days = two(said);
        let (from, to) = (days.map(|days| days.0), days.map(|days| days.1));
        let covers = |(from, to)| ImportCoverage { place, from, to, is_declared: true, is_partial: false };
        let declared = Declared { from, to, ..Declared::default() };
        let before = Before {
            declared: &declared,
            mode,
            cadence: "month",
            file_name: name,
            delivered_on: day("2024-07-05"),
            scope: place,
            remembered: two(remembered).map(covers),
            divisions: &Divisions::default(),
        };
        match decide(&before, &seen(rows), &Seen::default()) {
            Ok(covered) => format!("{} {}", covered.coverage.from, covered.coverage.to),
            Err(unsure) => format!("? {} {}", unsure.from, unsure.to),
        }
    }

    #[test]
    fn the_days_of_events_are_said_or_named_or_told_by_the_rows_and_never_grow_by_what_was_remembered() {
        let half = "2024-01-01 2024-06-30";
        // What was said, what was remembered, the name of the file, the rows' days; what is covered, or asked.
        let cases = [
            ("", "", "a.csv", "2024-06-03 2024-06-12", "2024-06-01 2024-06-30"),
            ("", "", "a.csv", "2024-05-30*1 2024-06-12*3", "2024-06-01 2024-06-30"),
            ("", "", "a.csv", "2024-05-30*2 2024-06-12*3", "2024-05-01 2024-06-30"),
            ("", half, "a.csv", "2024-06-05*5", "2024-06-01 2024-06-30"),
            ("", half, "a.csv", "2024-01-05 2024-06-05", half),
            ("", half, "a.csv", "2024-03-05 2024-06-05", "? 2024-03-01 2024-06-30"),
            (half, half, "a.csv", "2024-03-05 2024-06-05", half),
            ("", half, "2024年上半年.csv", "2024-03-05 2024-06-05", half),
            ("", "2024-04-01 2024-06-30", "6月临时救助.csv", "2024-06-05", "2024-06-01 2024-06-30"),
            ("", "", "5月临时救助.csv", "2024-06-05", "? 2024-06-01 2024-06-30"),
            ("", "", "12月.csv", "", "2023-12-01 2023-12-31"),
            ("", half, "a.csv", "", "2024-07-01 2024-07-31"),
            ("2024-06-30 2024-06-01", "", "a.csv", "2024-06-05", "? 2024-06-01 2024-06-30"),
        ];
        for (said, remembered, name, rows, expected) in cases {
            let shown = decided(Mode::Events, said, remembered, name, rows);
            assert_eq!(shown, expected, "{said}|{remembered}|{name}|{rows}");
        }
    }

    #[test]
    fn a_list_is_of_its_day() {
        let cases = [
            ("", "2024-07-05 2024-07-05"),
            ("2024-06-01 2024-07-01", "2024-06-01 2024-07-01"),
            ("2024-12-01 2024-11-01", "? 2024-07-05 2024-07-05"),
        ];
        for (said, expected) in cases {
            assert_eq!(decided(Mode::Roster, said, "", "a.csv", ""), expected, "{said}");
        }
        let today = day("2024-11-05");
        let named = [
            ("养老保险2024年10月.csv", Some("2024-10-31")),
            ("养老保险2024年11月.csv", Some("2024-11-05")),
            ("养老保险2024年12月.csv", Some("2024-12-31")),
            ("养老保险.csv", None),
        ];
        for (name, expected) in named {
            assert_eq!(list_day(name, today), expected.map(day), "{name}");
        }
    }
}
