//! The columns beside a column of places: its names by level, to choose from, and its name, to read.

use crate::Places;
use crate::cell::{Problem, text};
use model::{FaultKind, Level, RegionCode};

/// Levels below a province, from the top.
const LEVELS: [(Level, &str); 4] =
    [(Level::Prefecture, "市州"), (Level::County, "县"), (Level::Township, "乡镇"), (Level::Village, "村")];

/// The levels below a place, from the top.
pub(crate) fn levels_below(place: RegionCode) -> impl Iterator<Item = Level> {
    LEVELS.into_iter().map(|(level, _)| level).filter(move |level| *level > place.level())
}

/// The heading of the column with the names of a level.
pub(crate) fn level_heading(label: &str, level: Level) -> String {
    let word = LEVELS.iter().find(|(known, _)| *known == level).map_or("省", |(_, word)| word);
    format!("{label}—{word}")
}

/// The headings of all columns with names of a level.
pub(crate) fn level_headings(label: &str) -> impl Iterator<Item = (Level, String)> {
    LEVELS.into_iter().map(move |(level, _)| (level, level_heading(label, level)))
}

/// The heading of the column in which an export names the place; an import passes it over.
pub(crate) fn name_heading(label: &str) -> String {
    format!("{label}—名称")
}

/// The same in English, beside this heading.
pub(crate) fn name_heading_en(heading: &str) -> String {
    format!("{heading} — name")
}

/// The deepest place that names by level say, the first of them anywhere below `within`; `None` where all are empty.
///
/// `names`: level, column in the file and text, from the top.
///
/// # Errors
/// A problem, with its column, at the first name that no place (or more than one) has.
pub(crate) fn chosen<'n>(
    names: impl Iterator<Item = (Level, usize, &'n str)>,
    within: Option<RegionCode>,
    places: &dyn Places,
) -> Result<Option<RegionCode>, Problem> {
    let mut chosen = None;
    for (level, column, written) in names {
        let name = text::fold(written);
        if text::is_nothing(&name) {
            continue;
        }
        let above = chosen.or(within);
        let found = match code_behind(&name).filter(|code| places.is_division(*code)) {
            Some(code) => Some(code).filter(|code| above.is_none_or(|above| above.holds(*code))),
            None => places.division_below(above, level, &name),
        };
        let unknown = || {
            Problem::new(
                FaultKind::UnknownRegion,
                "上级区划之下没有这个地名（或有多个）",
                "请从下拉列表逐级选择，或改填12位行政区划代码",
            )
            .at(column)
        };
        chosen = Some(found.ok_or_else(unknown)?);
    }
    Ok(chosen)
}

/// The code of `name(code)`, as names are written that two places with the same place above have.
fn code_behind(name: &str) -> Option<RegionCode> {
    name.strip_suffix(')').and_then(|rest| rest.rsplit_once('('))?.1.parse().ok()
}
