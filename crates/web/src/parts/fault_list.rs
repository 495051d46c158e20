//! What is wrong in a file, as lists for people: the faults by kind and one by one, and the rows for which nobody was found.
//! The receipt of an import and the preview of one show the same.

use crate::parts::show;
use model::{Fault, FaultKind};
use std::cmp::Reverse;
use words::Language;
use words::Wording;

/// What is known of one file.
pub struct Found<'a> {
    /// Name of the file as it was handed in.
    pub file: &'a str,
    /// How many faults of each kind.
    pub counts: &'a [(FaultKind, u64)],
    /// Those that are shown, in the order of the file.
    pub faults: &'a [&'a Fault],
    /// The faults that are not shown stand on further pages; otherwise the list says how many they are.
    pub is_paged: bool,
    /// Reason, its text, and how many rows it holds for.
    pub unmatched: &'a [(String, Wording, u64)],
    pub effect: Effect,
}

/// What the faults did to their rows.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// The file was taken in.
    Taken,
    /// The file was only looked at.
    Looked,
}

/// The lists, ready for `fault_list.html`.
pub struct FaultList {
    pub file: String,
    /// Kind and number, most first.
    pub counts: Vec<(String, String)>,
    pub faults: Vec<FaultShown>,
    /// How many are not listed, and where they are; empty where all are.
    pub rest: String,
    pub unmatched: Vec<UnmatchedLine>,
    pub unmatched_about: &'static str,
}

/// One fault.
pub struct FaultShown {
    /// Sheet, row, heading and column.
    pub place: String,
    /// What stands in the cell, masked where its column is sensitive.
    pub seen: String,
    pub what: String,
    pub effect: &'static str,
    pub hint: String,
}

/// Rows for which nobody was found, for one reason.
pub struct UnmatchedLine {
    pub what: String,
    pub count: String,
}

impl FaultList {
    /// Prepares what was found in a file for the page.
    pub fn new(found: &Found<'_>, language: Language) -> FaultList {
        let mut counts = found.counts.to_vec();
        counts.retain(|(_, count)| *count > 0);
        counts.sort_by_key(|(kind, count)| (Reverse(*count), *kind));
        let unmatched = found
            .unmatched
            .iter()
            .map(|(_, what, count)| UnmatchedLine { what: what.of(language).to_owned(), count: show::count(*count) });
        FaultList {
            file: found.file.to_owned(),
            rest: rest(found, &counts, language),
            faults: found.faults.iter().map(|fault| shown(fault, found.effect, language)).collect(),
            counts: counts.iter().map(|(kind, count)| (kind.label(language).to_owned(), show::count(*count))).collect(),
            unmatched: unmatched.collect(),
            unmatched_about: language.say(match found.effect {
                Effect::Taken => "unmatched_about",
                Effect::Looked => "preview_unmatched_about",
            }),
        }
    }
}

fn rest(found: &Found<'_>, counts: &[(FaultKind, u64)], language: Language) -> String {
    let all: u64 = counts.iter().map(|(_, count)| count).sum();
    let left = all.saturating_sub(found.faults.len() as u64);
    if found.is_paged || left == 0 {
        return String::new();
    }
    let values: [(&str, &dyn std::fmt::Display); 2] = [("shown", &found.faults.len()), ("count", &show::count(left))];
    language.fill("faults_rest", &values)
}

fn shown(fault: &Fault, effect: Effect, language: Language) -> FaultShown {
    FaultShown {
        place: place(&fault.place, language),
        seen: if fault.seen.is_empty() { "–".to_owned() } else { fault.seen.clone() },
        what: fault.what.of(language).to_owned(),
        effect: language.say(match (effect, fault.drops_row) {
            (Effect::Taken, true) => "fault_drops_row",
            (Effect::Taken, false) => "fault_keeps_row",
            (Effect::Looked, true) => "preview_drops_row",
            (Effect::Looked, false) => "preview_keeps_row",
        }),
        hint: fault.hint.of(language).to_owned(),
    }
}

/// `明细 · 第 12 行 · 身份证号 · C 列`
fn place(place: &model::Place, language: Language) -> String {
    let row = place.row.map(|row| language.fill("evidence_row", &[("row", &row)]));
    let column = place.column.map(|column| language.fill("fault_column", &[("column", &letters(column))]));
    let parts = [place.sheet.clone(), row, place.heading.clone(), column];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// A column (from 0) as a spreadsheet names it: A, B ... Z, AA.
fn letters(column: u32) -> String {
    let (before, last) = (column / 26, char::from(b'A' + (column % 26) as u8));
    if before == 0 { last.to_string() } else { letters(before - 1) + &last.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOTH: [Language; 2] = [Language::CHINESE, Language::ENGLISH];

    fn fault(row: u32, kind: FaultKind) -> Fault {
        Fault {
            place: model::Place {
                file: "台账.xlsx".to_owned(),
                sheet: Some("明细".to_owned()),
                row: Some(row),
                column: Some(27),
                heading: Some("数量".to_owned()),
            },
            kind,
            seen: String::new(),
            what: Wording::pair("这一格不对", "The cell is wrong"),
            hint: Wording::pair("请改正", "Correct it"),
            drops_row: true,
        }
    }

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name, "{column}");
        }
    }

    #[test]
    fn what_is_not_listed_is_counted_and_said_once() {
        let faults = [fault(3, FaultKind::NotANumber), fault(4, FaultKind::Missing)];
        let faults: Vec<&Fault> = faults.iter().collect();
        let counts = [(FaultKind::Missing, 2), (FaultKind::NotANumber, 40), (FaultKind::NotADay, 0)];
        let cases = [(true, "", ""), (false, "另有 40 处", "40 more")];
        for (is_paged, chinese, english) in cases {
            let found =
                Found { file: "", counts: &counts, faults: &faults, is_paged, unmatched: &[], effect: Effect::Looked };
            for (language, told) in BOTH.into_iter().zip([chinese, english]) {
                let list = FaultList::new(&found, language);
                assert!(list.rest.contains(told) && list.rest.is_empty() == is_paged, "{}", list.rest);
                assert_eq!(list.counts.iter().map(|(_, count)| count.as_str()).collect::<Vec<_>>(), ["40", "2"]);
            }
        }
    }

    #[test]
    fn a_fault_says_where_it_stands_what_is_wrong_and_what_to_do() {
        let all = fault(12, FaultKind::NotANumber);
        let chinese = shown(&all, Effect::Looked, Language::CHINESE);
        assert_eq!((chinese.place.as_str(), chinese.seen.as_str()), ("明细 · 第 12 行 · 数量 · AB 列", "–"));
        assert_eq!((chinese.what.as_str(), chinese.hint.as_str()), ("这一格不对", "请改正"));
        let english = shown(&all, Effect::Looked, Language::ENGLISH);
        assert_eq!((english.what.as_str(), english.hint.as_str()), ("The cell is wrong", "Correct it"));
        let old = Fault { what: Wording::pair("这一格不对", ""), ..fault(12, FaultKind::NotANumber) };
        assert_eq!(shown(&old, Effect::Looked, Language::ENGLISH).what, "这一格不对", "as an earlier release kept it");
        assert_ne!(chinese.effect, shown(&all, Effect::Taken, Language::CHINESE).effect);
    }
}
