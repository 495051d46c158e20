//! Spellings of one name: what may differ between two writings without naming somebody else.

use std::collections::{HashMap, HashSet};

/// What separates the parts of a name.
const DOTS: [char; 13] = ['·', '•', '‧', '・', '･', '∙', '⋅', '.', '．', '。', '●', '‐', '-'];
/// Brackets around a remark or another name.
const BRACKETS: [char; 8] = ['(', '（', '[', '【', ')', '）', ']', '】'];
const OPENING: [char; 4] = ['(', '（', '[', '【'];
/// Letters of the shortest part by which a person is called.
const PART_LETTERS_MIN: usize = 2;
/// Letters from which a name without dots is taken for one of two parts.
const WHOLE_LETTERS_MIN: usize = 4;

/// Letters and forms of names that stand for one another.
#[derive(Clone, Debug, Default)]
pub struct Spellings {
    letters: HashMap<char, char>,
    /// Each form of a name, and the first form of its group.
    forms: HashMap<Vec<char>, Vec<char>>,
    /// The first letters of all forms.
    begins: HashSet<char>,
    longest: usize,
}

/// A line of a list of spellings cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line} of the list of spellings cannot be read: `{text}`")]
pub struct NotASpelling {
    /// Counted from 1.
    pub line: usize,
    /// The line as it stands.
    pub text: String,
}

/// A name taken apart and written in one way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Parts {
    pub(crate) whole: String,
    pub(crate) first: Option<String>,
    pub(crate) last: Option<String>,
}

impl Spellings {
    /// `letters`: CSV with one header line and the columns `form,letter`, one letter each. `forms`: CSV with one header line
    /// whose first and third columns are `group` and `form`; forms of a group stand for one another.
    ///
    /// # Errors
    /// `NotASpelling` for the first line that is no such line.
    pub fn from_csv(letters: &str, forms: &str) -> Result<Spellings, NotASpelling> {
        let mut spellings = Spellings::default();
        for (line, text) in lines(letters) {
            let pair = text.split_once(',').and_then(|(form, letter)| Some((only(form)?, only(letter)?)));
            let (form, letter) = pair.ok_or_else(|| NotASpelling { line, text: text.to_owned() })?;
            spellings.letters.insert(form, letter);
        }
        let mut groups: HashMap<&str, Vec<char>> = HashMap::new();
        for (line, text) in lines(forms) {
            let cells: Vec<&str> = text.split(',').map(str::trim).collect();
            let [group, _, form] = cells[..] else { return Err(NotASpelling { line, text: text.to_owned() }) };
            let form = spellings.plain(form);
            if form.len() < PART_LETTERS_MIN {
                return Err(NotASpelling { line, text: text.to_owned() });
            }
            spellings.longest = spellings.longest.max(form.len());
            spellings.begins.insert(form[0]);
            let first = groups.entry(group).or_insert_with(|| form.clone()).clone();
            spellings.forms.entry(form).or_insert(first);
        }
        Ok(spellings)
    }

    /// The one name that a writing without brackets gives, in one form; `None` with brackets, and where no letter is left.
    pub(crate) fn whole(&self, written: &str) -> Option<String> {
        let letters = if written.contains(BRACKETS) { Vec::new() } else { self.plain(written) };
        (!letters.is_empty()).then(|| self.one_form(&letters))
    }

    /// The names that a writing gives: what stands outside of brackets, and what stands in each of them.
    pub(crate) fn names(&self, written: &str) -> Vec<Parts> {
        let mut pieces = vec![String::new()];
        let mut outside = true;
        for letter in written.chars() {
            match letter {
                opening if OPENING.contains(&opening) => {
                    outside = false;
                    pieces.push(String::new());
                }
                closing if BRACKETS.contains(&closing) => outside = true,
                _ if outside => pieces[0].push(letter),
                _ => pieces.last_mut().unwrap_or_else(|| unreachable!("there is one at least")).push(letter),
            }
        }
        pieces.iter().filter_map(|piece| self.parts(piece)).collect()
    }

    /// `None` where no letter is left.
    fn parts(&self, name: &str) -> Option<Parts> {
        let whole = self.plain(name);
        if whole.is_empty() {
            return None;
        }
        let mut parts: Vec<Vec<char>> =
            name.split(DOTS).map(|part| self.plain(part)).filter(|part| !part.is_empty()).collect();
        if parts.len() == 1 && whole.len() >= WHOLE_LETTERS_MIN && !whole[0].is_ascii() {
            let rest = whole[PART_LETTERS_MIN..].to_vec();
            parts = vec![whole[..PART_LETTERS_MIN].to_vec(), rest];
        }
        let called = |part: Option<&Vec<char>>| {
            let is_one = parts.len() > 1;
            part.filter(|part| is_one && part.len() >= PART_LETTERS_MIN).map(|part| self.one_form(part))
        };
        Some(Parts { first: called(parts.first()), last: called(parts.last()), whole: self.one_form(&whole) })
    }

    /// The letters alone, in one form each: no dots, spaces or marks, plain width, lower case, simplified.
    fn plain(&self, text: &str) -> Vec<char> {
        let letters = text.chars().map(model::written::half_width).filter(|letter| letter.is_alphanumeric());
        let simplified = letters.map(|letter| *self.letters.get(&letter).unwrap_or(&letter));
        simplified.map(|letter| letter.to_ascii_lowercase()).collect()
    }

    /// With the first form of its group for each form in it, the longest first.
    fn one_form(&self, letters: &[char]) -> String {
        let (mut text, mut at) = (String::with_capacity(letters.len() * 3), 0);
        while at < letters.len() {
            let rest = &letters[at..];
            let longest = if self.begins.contains(&rest[0]) { self.longest.min(rest.len()) } else { 0 };
            let lengths = (PART_LETTERS_MIN..=longest).rev();
            let form = lengths.filter_map(|length| Some((self.forms.get(&rest[..length])?, length))).next();
            match form {
                Some((first, length)) => {
                    text.extend(first);
                    at += length;
                }
                None => {
                    text.push(rest[0]);
                    at += 1;
                }
            }
        }
        text
    }
}

/// Lines behind the heading, with their numbers.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.lines().enumerate().skip(1).filter(|(_, line)| !line.trim().is_empty()).map(|(at, line)| (at + 1, line))
}

fn only(text: &str) -> Option<char> {
    let mut letters = text.trim().chars();
    letters.next().filter(|_| letters.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_that_cannot_be_read_are_named() {
        let cases =
            [("form,letter\n劉,刘\n楊", "", 3), ("", "group,people,form\n1,x,木呷\n1,x", 3), ("", "h\n1,x,呷", 2)];
        for (letters, forms, line) in cases {
            let wrong = Spellings::from_csv(letters, forms).expect_err("one line is wrong");
            assert_eq!(wrong.line, line, "{wrong}");
        }
    }

    #[test]
    fn a_name_is_taken_apart_at_its_dots_and_written_in_one_way() {
        let spellings = Spellings::from_csv("f,l\n爾,尔\n", "g,p,f\n1,x,木呷\n1,x,木嘎\n").expect("well written");
        let cases = [
            ("阿说·尔哈", "阿说尔哈", Some("阿说"), Some("尔哈")),
            ("阿说爾哈", "阿说尔哈", Some("阿说"), Some("尔哈")),
            ("吉克・曲・木嘎", "吉克曲木呷", Some("吉克"), Some("木呷")),
            ("王小珍", "王小珍", None, None),
            ("Li  Ming-Hua", "liminghua", Some("liming"), Some("hua")),
        ];
        for (written, whole, first, last) in cases {
            let parts = spellings.names(written);
            let [Parts { whole: found, first: head, last: tail }] = &parts[..] else { panic!("{written}: {parts:?}") };
            assert_eq!((found.as_str(), head.as_deref(), tail.as_deref()), (whole, first, last), "{written}");
        }
    }
}
