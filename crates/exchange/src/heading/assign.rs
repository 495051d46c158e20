//! Which column of the file feeds which declared column, and where more than one could.

use super::remarks::{OTHER_PEOPLE, names_another};
use super::spelling::{Spellings, normal, remark, without_remark};
use super::stack::Stack;
use crate::ground::letters::{column_of, letters};

/// How a heading came to feed a column; the surest last.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Sureness {
    /// By its own spelling.
    Spelling,
    /// By the heading above it.
    Group,
    /// By a person.
    Chosen,
}

/// The texts of a row of headings, ready to be compared.
pub(super) struct Texts {
    /// By column of the file.
    own: Vec<String>,
    /// The headings above, from the top.
    groups: Vec<Vec<String>>,
    divides: bool,
}

/// The outcome: for each declared column its column in the file.
pub(super) struct Assigned {
    pub of_column: Vec<Option<usize>>,
    how: Vec<Sureness>,
    is_taken: Vec<bool>,
    /// Declared columns whose choice by a person is not in the file.
    pub unfit: Vec<usize>,
    /// Declared columns that an earlier choice was taken for, and those that none could be taken for.
    pub kept: Vec<usize>,
    pub forgotten: Vec<usize>,
    /// Those of the latter whose field has its own heading.
    pub replaced: Vec<usize>,
}

/// A declared column for which several columns of the file would do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Rivals {
    pub column: usize,
    /// Columns of the file, in order.
    pub places: Vec<usize>,
}

impl Texts {
    /// The texts of a heading and of the groups above it, in the form in which they are compared.
    pub fn of(stack: &Stack) -> Texts {
        let groups = stack.groups.iter().map(|groups| groups.iter().map(|text| normal(text)).collect());
        Texts {
            own: stack.texts.iter().map(|text| normal(text)).collect(),
            groups: groups.collect(),
            divides: stack.divides,
        }
    }

    /// The heading with those above it before it: `户主` over `姓名` is `户主姓名`.
    fn joined(&self, place: usize) -> impl Iterator<Item = String> {
        let groups = &self.groups[place];
        (0..groups.len()).map(move |from| groups[from..].concat() + &self.own[place])
    }
}

impl Spellings {
    /// What a person has said goes first, then headings that are settled by the one above them, then labels, then aliases in their order,
    /// then spellings without remarks, then the parts of a heading that is divided. None feeds two.
    pub(super) fn assign(&self, texts: &Texts) -> Assigned {
        let columns = self.exact.len();
        let mut assigned = Assigned {
            of_column: vec![None; columns],
            how: vec![Sureness::Spelling; columns],
            is_taken: vec![false; texts.own.len()],
            unfit: Vec::new(),
            kept: Vec::new(),
            forgotten: Vec::new(),
            replaced: Vec::new(),
        };
        self.assign_chosen(texts, &mut assigned);
        for column in 0..columns {
            let places = (0..texts.own.len()).filter(|place| self.is_joined(column, *place, texts));
            assigned.take(column, places.collect::<Vec<_>>(), Sureness::Group);
        }
        for column in 0..columns {
            let fits =
                |place: &usize| self.is_spelled(column, &texts.own[*place]) && self.is_grouped(column, *place, texts);
            let places = (0..texts.own.len()).filter(fits);
            assigned.take(column, places.collect::<Vec<_>>(), Sureness::Group);
        }
        self.assign_spellings(texts, &mut assigned);
        if texts.divides {
            for column in 0..columns {
                let places = (0..texts.own.len()).filter(|place| self.is_part(column, *place, texts));
                assigned.take(column, places.collect::<Vec<_>>(), Sureness::Spelling);
            }
        }
        assigned
    }

    fn assign_chosen(&self, texts: &Texts, assigned: &mut Assigned) {
        for (column, asked) in self.forced.iter().enumerate() {
            let Some(asked) = asked else { continue };
            match place_asked(asked, texts).filter(|place| !assigned.is_taken[*place]) {
                Some(place) => assigned.take(column, [place], Sureness::Chosen),
                None => assigned.unfit.push(column),
            }
        }
        for (column, remembered) in self.remembered.iter().enumerate() {
            let Some(remembered) = remembered.as_ref().filter(|_| self.forced[column].is_none()) else { continue };
            let place = place_remembered(remembered, texts).filter(|place| !assigned.is_taken[*place]);
            // A file that has the field's own heading by now is not read by another.
            let own = texts.own.iter().filter(|own| self.is_spelled(column, own)).count();
            let is_better = |place: &usize| self.is_spelled(column, &texts.own[*place]) || own != 1;
            match place.filter(is_better) {
                Some(place) => {
                    assigned.take(column, [place], Sureness::Chosen);
                    assigned.kept.push(column);
                }
                None => {
                    assigned.forgotten.push(column);
                    if place.is_some() && own == 1 {
                        assigned.replaced.push(column);
                    }
                }
            }
        }
    }

    fn assign_spellings(&self, texts: &Texts, assigned: &mut Assigned) {
        let longest = self.exact.iter().map(Vec::len).max().unwrap_or_default();
        for (names, is_bare) in [(&self.exact, false), (&self.bare, true)] {
            for rank in 0..longest {
                for (column, spellings) in names.iter().enumerate() {
                    let Some(name) = spellings.get(rank) else { continue };
                    let is_it = |place: &usize| {
                        let own = texts.own[*place].as_str();
                        (if is_bare { without_remark(own) } else { own }) == name
                            && !self.is_another(column, own)
                            && !self.is_foreign(column, *place, texts)
                    };
                    let places = (0..texts.own.len()).filter(is_it);
                    assigned.take(column, places.collect::<Vec<_>>(), Sureness::Spelling);
                }
            }
        }
    }

    /// Declared columns for which several columns of the file would do.
    pub(super) fn rivals(&self, texts: &Texts, assigned: &Assigned) -> Vec<Rivals> {
        let one = |column: usize| {
            let taken = assigned.of_column[column]?;
            let how = assigned.how[column];
            if how == Sureness::Chosen {
                return None;
            }
            let is_rival = |place: &usize| {
                if *place == taken {
                    return true;
                }
                let fits = match how {
                    Sureness::Group => {
                        let is_named = self.is_joined(column, *place, texts);
                        is_named
                            || self.is_spelled(column, &texts.own[*place]) && self.is_grouped(column, *place, texts)
                    }
                    _ => self.would_do(column, *place, texts),
                };
                fits && match assigned.column_at(*place) {
                    None => true,
                    // Two headings of one spelling feed two columns: which is which, nobody knows.
                    Some(other) => {
                        assigned.how[other] == Sureness::Spelling
                            && how == Sureness::Spelling
                            && texts.own[*place] == texts.own[taken]
                    }
                }
            };
            let places: Vec<usize> = (0..texts.own.len()).filter(is_rival).collect();
            (places.len() > 1).then_some(Rivals { column, places })
        };
        (0..assigned.of_column.len()).filter_map(one).collect()
    }

    /// How many declared columns have a heading, also where it is that of somebody else.
    pub(super) fn score(&self, texts: &Texts, assigned: &Assigned) -> usize {
        let has_foreign = |column: usize| {
            (0..texts.own.len()).any(|place| !assigned.is_taken[place] && self.is_spelled(column, &texts.own[place]))
        };
        (0..assigned.of_column.len())
            .filter(|column| assigned.of_column[*column].is_some() || has_foreign(*column))
            .count()
    }

    fn would_do(&self, column: usize, place: usize, texts: &Texts) -> bool {
        let is_spelled = self.is_spelled(column, &texts.own[place]) || self.is_part(column, place, texts);
        is_spelled && !self.is_foreign(column, place, texts)
    }

    fn is_spelled(&self, column: usize, own: &str) -> bool {
        let bare = without_remark(own);
        let is_another = self.is_another(column, own);
        let mut spellings = self.exact[column].iter().zip(&self.bare[column]);
        !own.is_empty() && spellings.any(|(exact, short)| exact == own || short == bare && !is_another)
    }

    /// The remark of the heading names somebody or something else, which no heading of the column does.
    fn is_another(&self, column: usize, own: &str) -> bool {
        let said = [self.exact[column].as_slice(), self.groups[column].as_slice()];
        remark(own).is_some_and(|remark| names_another(remark, self.kinds[column], &said))
    }

    fn is_joined(&self, column: usize, place: usize, texts: &Texts) -> bool {
        !texts.own[place].is_empty() && texts.joined(place).any(|joined| self.is_spelled(column, &joined))
    }

    /// A heading above is one of the words that the column declares.
    fn is_grouped(&self, column: usize, place: usize, texts: &Texts) -> bool {
        let words = &self.groups[column];
        texts.groups[place].iter().any(|group| words.iter().any(|word| group.contains(word.as_str())))
    }

    /// The heading above is the column's, and this one only a part of it that feeds nothing by itself.
    fn is_part(&self, column: usize, place: usize, texts: &Texts) -> bool {
        let own = &texts.own[place];
        texts.divides
            && texts.groups[place].iter().any(|group| self.is_spelled(column, group))
            && !(0..self.exact.len()).any(|other| self.is_spelled(other, own))
    }

    /// The heading stands below that of somebody else.
    fn is_foreign(&self, column: usize, place: usize, texts: &Texts) -> bool {
        if !self.is_of_person[column] || self.is_joined(column, place, texts) {
            return false;
        }
        let others = self.groups.iter().enumerate().filter(|(other, _)| *other != column);
        let others = others.flat_map(|(_, words)| words.iter().map(String::as_str)).chain(OTHER_PEOPLE);
        let own = |word: &str| {
            let spellings = self.exact[column].iter().chain(&self.groups[column]);
            spellings.into_iter().any(|spelling| spelling.contains(word))
        };
        let words: Vec<&str> = others.filter(|word| !own(word)).collect();
        let stands_below = |group: &String| words.iter().any(|word| group.contains(word));
        texts.groups[place].iter().any(stands_below) && !self.is_grouped(column, place, texts)
    }
}

impl Assigned {
    /// Gives the column the first free place, unless it has one.
    fn take(&mut self, column: usize, places: impl IntoIterator<Item = usize>, how: Sureness) {
        if self.of_column[column].is_some() {
            return;
        }
        if let Some(place) = places.into_iter().find(|place| !self.is_taken[*place]) {
            self.of_column[column] = Some(place);
            self.how[column] = how;
            self.is_taken[place] = true;
        }
    }

    fn column_at(&self, place: usize) -> Option<usize> {
        self.of_column.iter().position(|taken| *taken == Some(place))
    }
}

/// The column of the file that a person has named: by its heading where only one has it, or as `列F`.
fn place_asked(asked: &str, texts: &Texts) -> Option<usize> {
    let asked = normal(asked);
    if texts.own.iter().any(|own| !own.is_empty() && *own == asked) {
        return only_place(texts, |place| texts.own[place] == asked);
    }
    let letters = asked.strip_prefix('列').or_else(|| asked.strip_suffix('列'));
    letters.and_then(column_of).filter(|place| *place < texts.own.len())
}

/// The column of a choice that was remembered: see [`remembered_as`].
fn place_remembered(remembered: &str, texts: &Texts) -> Option<usize> {
    match remembered.strip_prefix('列').and_then(|rest| rest.split_once(' ')) {
        Some((letters, heading)) => {
            column_of(letters).filter(|place| texts.own.get(*place).is_some_and(|own| *own == normal(heading)))
        }
        None => {
            let heading = normal(remembered);
            only_place(texts, |place| texts.own[place] == heading)
        }
    }
}

fn only_place(texts: &Texts, is_it: impl Fn(usize) -> bool) -> Option<usize> {
    let mut places = (0..texts.own.len()).filter(|place| is_it(*place));
    places.next().filter(|_| places.next().is_none())
}

/// How a choice is remembered for the next file: by the heading, with the column's letters before it (`列F 金额`) where several columns
/// have the same.
pub(super) fn remembered_as(place: usize, shown: &str, texts: &[String]) -> String {
    let same = texts.iter().filter(|text| normal(text) == normal(shown)).count();
    if same > 1 { format!("列{} {shown}", letters(place)) } else { shown.to_owned() }
}
