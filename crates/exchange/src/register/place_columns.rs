//! The columns beside a column of places: its names by level, to choose from, and its name, to read.

use crate::Places;
use crate::cell::{Problem, text};
use model::{FaultKind, Level, RegionCode};
use policy::declare::Column;
use words::Language;

/// A level as the headings of the columns with its names say it.
struct LevelWord {
    level: Level,
    word: &'static str,
    word_en: &'static str,
}

/// Levels below a province, from the top.
const LEVELS: [LevelWord; 4] = [
    LevelWord { level: Level::Prefecture, word: "市州", word_en: "prefecture" },
    LevelWord { level: Level::County, word: "县", word_en: "county" },
    LevelWord { level: Level::Township, word: "乡镇", word_en: "township" },
    LevelWord { level: Level::Village, word: "村", word_en: "village" },
];

/// The levels below a place, from the top.
pub(crate) fn levels_below(place: RegionCode) -> impl Iterator<Item = Level> {
    LEVELS.into_iter().map(|one| one.level).filter(move |level| *level > place.level())
}

/// The heading of the column with the names of a level, beside this heading in this language.
pub(crate) fn level_heading(heading: &str, level: Level, language: Language) -> String {
    let known = LEVELS.iter().find(|one| one.level == level);
    if language.reads_english() {
        format!("{heading} — {}", known.map_or("province", |one| one.word_en))
    } else {
        format!("{heading}—{}", known.map_or("省", |one| one.word))
    }
}

/// The headings of all columns with names of a level beside a column of places, in every form in which a workbook of ours has them.
pub(crate) fn level_headings(column: &Column) -> impl Iterator<Item = (Level, String)> {
    let forms = |level: Level| {
        let chinese = level_heading(&column.label, level, Language::CHINESE);
        let english = [&column.label_en, &column.name, &column.label];
        let english = english.map(|heading| level_heading(heading, level, Language::ENGLISH));
        std::iter::once(chinese).chain(english).map(move |heading| (level, heading))
    };
    LEVELS.into_iter().flat_map(move |one| forms(one.level))
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
        let unknown = || Problem::new(FaultKind::UnknownRegion, "cell_place_unknown").at(column);
        chosen = Some(found.ok_or_else(unknown)?);
    }
    Ok(chosen)
}

/// The code of `name(code)`, as names are written that two places with the same place above have.
fn code_behind(name: &str) -> Option<RegionCode> {
    name.strip_suffix(')').and_then(|rest| rest.rsplit_once('('))?.1.parse().ok()
}
