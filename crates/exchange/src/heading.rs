//! Finding the row of headings, and which heading feeds which column.

use crate::cell::text;
use crate::raw::{RawCell, RawRow};
use crate::{Mapping, Shape, place_columns};
use model::{Kind, Level};
use std::collections::HashMap;

/// The headings of a sheet.
#[derive(Clone, Debug)]
pub(crate) struct Headings {
    /// Row that they end on; data begins below.
    pub row: u32,
    /// Texts by column of the file, as they stand there.
    pub texts: Vec<String>,
    /// For each declared column, its column in the file.
    pub of_column: Vec<Option<usize>>,
    /// For each declared column of places, the columns with its names by level.
    pub names_of: Vec<Vec<(Level, usize)>>,
    /// Columns of the file that only explain a declared one.
    pub explaining: Vec<usize>,
}

impl Headings {
    /// True when something in the file feeds the declared column.
    pub fn is_fed(&self, column: usize) -> bool {
        self.of_column[column].is_some() || !self.names_of[column].is_empty()
    }

    /// True when the column of the file feeds a declared one.
    pub fn feeds(&self, at: usize) -> bool {
        self.of_column.contains(&Some(at)) || self.names_of.iter().flatten().any(|(_, column)| *column == at)
    }

    fn is_beside(&self, at: usize) -> bool {
        self.explaining.contains(&at) || self.names_of.iter().flatten().any(|(_, column)| *column == at)
    }

    pub fn matched(&self) -> usize {
        self.of_column.iter().flatten().count()
    }

    /// Columns of the file that feed nothing, with a text.
    pub fn left(&self) -> Vec<String> {
        let is_left =
            |at: &usize| !self.of_column.contains(&Some(*at)) && !self.texts[*at].is_empty() && !self.is_beside(*at);
        (0..self.texts.len()).filter(is_left).map(|at| self.texts[at].clone()).collect()
    }

    /// Texts of all columns that have one and stand for themselves.
    pub fn seen(&self) -> Vec<String> {
        let stands = |at: &usize| !self.texts[*at].is_empty() && !self.is_beside(*at);
        (0..self.texts.len()).filter(stands).map(|at| self.texts[at].clone()).collect()
    }
}

/// Spellings by which the columns of a shape are known.
pub(crate) struct Spellings {
    /// Per column: exact spellings (label first), and the same without a bracketed remark at the end.
    exact: Vec<Vec<String>>,
    bare: Vec<Vec<String>>,
    forced: Vec<Option<String>>,
    /// Per column of places: the headings of its names by level, and of its name.
    levels: Vec<Vec<(Level, String)>>,
    explaining: Vec<String>,
}

impl Spellings {
    pub fn of(shape: &Shape<'_>, mapping: Option<&Mapping>) -> Spellings {
        let exact: Vec<Vec<String>> = shape
            .columns
            .iter()
            .map(|column| {
                let names = [&column.label].into_iter().chain(&column.headings).chain([&column.name, &column.label_en]);
                names.map(|name| normal(name)).filter(|name| !name.is_empty()).collect()
            })
            .collect();
        let bare =
            exact.iter().map(|names| names.iter().map(|name| without_remark(name).to_owned()).collect()).collect();
        let forced =
            shape.columns.iter().map(|column| mapping?.headings.get(&column.name).map(|text| normal(text))).collect();
        let is_place = |column: &&policy::declare::Column| column.kind == Kind::Region;
        let levels = shape.columns.iter().map(|column| {
            let headings =
                Some(column).filter(is_place).into_iter().flat_map(|one| place_columns::level_headings(&one.label));
            headings.map(|(level, heading)| (level, normal(&heading))).collect()
        });
        let explaining =
            shape.columns.iter().filter(is_place).map(|column| normal(&place_columns::name_heading(&column.label)));
        Spellings { exact, bare, forced, levels: levels.collect(), explaining: explaining.collect() }
    }

    /// Which heading feeds which column. What a person has said goes first, then labels, then aliases in their order, then spellings without
    /// remarks. Headings that stand twice feed columns in their order; none feeds two.
    pub fn assign(&self, texts: &[String]) -> Vec<Option<usize>> {
        let normal_texts: Vec<String> = texts.iter().map(|text| normal(text)).collect();
        let bare_texts: Vec<String> = normal_texts.iter().map(|text| without_remark(text).to_owned()).collect();
        let mut places = Places::new(self.exact.len(), texts.len());
        let by_text = index(&normal_texts);
        let by_bare = index(&bare_texts);
        for (column, forced) in self.forced.iter().enumerate() {
            if let Some(text) = forced {
                places.take(column, by_text.get(text.as_str()));
            }
        }
        let longest = self.exact.iter().map(Vec::len).max().unwrap_or_default();
        for (names, by_name) in [(&self.exact, &by_text), (&self.bare, &by_bare)] {
            for rank in 0..longest {
                for (column, spellings) in names.iter().enumerate() {
                    if let Some(name) = spellings.get(rank) {
                        places.take(column, by_name.get(name.as_str()));
                    }
                }
            }
        }
        places.of_column
    }

    /// The columns that stand beside a column of places: its names by level for each, and those that only explain one.
    fn beside(&self, texts: &[String]) -> (Vec<Vec<(Level, usize)>>, Vec<usize>) {
        let normal_texts: Vec<String> = texts.iter().map(|text| normal(text)).collect();
        let place = |heading: &String| normal_texts.iter().position(|text| text == heading);
        let of_levels = |levels: &Vec<(Level, String)>| {
            levels.iter().filter_map(|(level, heading)| place(heading).map(|at| (*level, at))).collect()
        };
        (self.levels.iter().map(of_levels).collect(), self.explaining.iter().filter_map(place).collect())
    }

    /// The best row of headings among the first rows of a sheet: the one (with cells merged from the row above) whose texts feed
    /// most columns. `None` when none feeds any.
    pub fn find(&self, rows: &[RawRow]) -> Option<Headings> {
        let mut best: Option<Headings> = None;
        for (at, row) in rows.iter().enumerate() {
            let above = at.checked_sub(1).map(|above| &rows[above]).filter(|above| above.number + 1 == row.number);
            let texts = heading_texts(row, above);
            let (names_of, explaining) = self.beside(&texts);
            let found = Headings { row: row.number, of_column: self.assign(&texts), texts, names_of, explaining };
            if found.matched() > best.as_ref().map_or(0, Headings::matched) {
                best = Some(found);
            }
        }
        best
    }
}

/// Which columns have found their heading.
struct Places {
    of_column: Vec<Option<usize>>,
    is_taken: Vec<bool>,
}

impl Places {
    fn new(columns: usize, headings: usize) -> Places {
        Places { of_column: vec![None; columns], is_taken: vec![false; headings] }
    }

    /// Gives the column the first free heading among `candidates`, unless it has one.
    fn take(&mut self, column: usize, candidates: Option<&Vec<usize>>) {
        if self.of_column[column].is_some() {
            return;
        }
        let free = candidates.and_then(|places| places.iter().copied().find(|place| !self.is_taken[*place]));
        if let Some(place) = free {
            self.of_column[column] = Some(place);
            self.is_taken[place] = true;
        }
    }
}

fn index(texts: &[String]) -> HashMap<&str, Vec<usize>> {
    let mut places: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, text) in texts.iter().enumerate().filter(|(_, text)| !text.is_empty()) {
        places.entry(text).or_default().push(at);
    }
    places
}

/// The texts of a row; an empty cell takes the text above it, because merged cells keep theirs in the top row.
fn heading_texts(row: &RawRow, above: Option<&RawRow>) -> Vec<String> {
    let width = row.cells.len().max(above.map_or(0, |above| above.cells.len()));
    // A title that spans the sheet is no heading of its first column.
    let above = above.filter(|above| above.cells.iter().filter(|cell| !cell.is_empty()).count() > 1);
    (0..width)
        .map(|at| match (row.cell(at), above.map(|above| above.cell(at))) {
            (RawCell::Empty, Some(RawCell::Text(text))) | (RawCell::Text(text), _) => text.trim().to_owned(),
            (RawCell::Number(number), _) => crate::cell::shown_number(*number),
            _ => String::new(),
        })
        .collect()
}

/// A heading without what does not matter: width of letters, spaces, line breaks, stars, a colon at the end, capitals.
pub(crate) fn normal(text: &str) -> String {
    let plain =
        text.chars().filter(|letter| !text::is_space(*letter)).map(text::half_width).map(|letter| match letter {
            '【' | '[' | '〔' | '{' => '(',
            '】' | ']' | '〕' | '}' => ')',
            _ => letter,
        });
    let kept = plain.filter(|letter| !matches!(letter, '*' | '"' | '“' | '”' | '\'' | '、')).collect::<String>();
    kept.trim_end_matches([':', ';', '.']).to_lowercase()
}

/// Without one bracketed remark at its end: `金额(元)` is `金额`.
fn without_remark(normal: &str) -> &str {
    match normal.strip_suffix(')').and_then(|rest| rest.rfind('(')) {
        Some(start) if start > 0 => &normal[..start],
        _ => normal,
    }
}

/// How many tens the unit in a heading adds to yuan.
pub(crate) fn money_tens(heading: &str) -> i32 {
    let normal = normal(heading);
    match &normal {
        text if text.contains("万元") => 4,
        text if text.contains("千元") => 3,
        text if text.ends_with("(分)") => -2,
        _ => 0,
    }
}
