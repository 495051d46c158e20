//! Conditions of the sample files: `resident.age >= 6 and resident.stage in primary|junior or ...`.

use crate::fields::{Datum, Getter, Subject, getter};
use crate::world::EVENT_KINDS;

/// Alternatives of comparisons that must all hold; the empty condition holds always.
#[derive(Clone, Default)]
pub struct Condition {
    alternatives: Vec<Vec<Comparison>>,
}

#[derive(Clone)]
struct Comparison {
    read: Getter,
    how: How,
    against: Vec<String>,
    number: Option<i64>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum How {
    Is,
    IsNot,
    Less,
    AtMost,
    More,
    AtLeast,
}

const SIGNS: [(&str, How); 7] = [
    ("=", How::Is),
    ("!=", How::IsNot),
    ("in", How::Is),
    ("<", How::Less),
    ("<=", How::AtMost),
    (">", How::More),
    (">=", How::AtLeast),
];

impl Condition {
    /// Reads a condition; empty text is the condition that always holds.
    ///
    /// # Errors
    /// What is wrong, in words: an unknown field, an unknown sign, a part without three words.
    pub fn parse(text: &str) -> Result<Condition, String> {
        if text.trim().is_empty() {
            return Ok(Condition::default());
        }
        let alternatives = text.split(" or ").map(|part| part.split(" and ").map(comparison).collect());
        Ok(Condition { alternatives: alternatives.collect::<Result<_, String>>()? })
    }

    /// True when it holds for the subject. Comparisons of size with something empty do not hold.
    pub fn holds(&self, subject: &Subject) -> bool {
        self.alternatives.is_empty()
            || self.alternatives.iter().any(|all| all.iter().all(|comparison| comparison.holds(subject)))
    }
}

fn comparison(text: &str) -> Result<Comparison, String> {
    let words: Vec<&str> = text.split_whitespace().collect();
    let [field, sign, against] = words.as_slice() else {
        return Err(format!("`{text}` is not a comparison of the form `field = value`"));
    };
    let read = getter(field).ok_or_else(|| format!("there is no field `{field}`"))?;
    let how = SIGNS.iter().find(|(known, _)| known == sign).ok_or_else(|| format!("`{sign}` is not a sign"))?.1;
    let number = against.parse().ok();
    if number.is_none() && !matches!(how, How::Is | How::IsNot) {
        return Err(format!("`{against}` is not a whole number"));
    }
    let is_list = *sign == "in";
    let against = if is_list { against.split('|').map(str::to_owned).collect() } else { vec![(*against).to_owned()] };
    if *field == "event.kind" {
        let unknown = against.iter().find(|kind| !EVENT_KINDS.contains(&kind.as_str()));
        unknown.map_or(Ok(()), |kind| Err(format!("there are no events of kind `{kind}`")))?;
    }
    Ok(Comparison { read, how, against, number })
}

impl Comparison {
    fn holds(&self, subject: &Subject) -> bool {
        let datum = (self.read)(subject);
        match self.how {
            How::Is => self.against.iter().any(|value| *value == datum.plain()),
            How::IsNot => self.against.iter().all(|value| *value != datum.plain()),
            how => match (number_of(&datum), self.number) {
                (Some(number), Some(against)) => match how {
                    How::Less => number < against,
                    How::AtMost => number <= against,
                    How::More => number > against,
                    _ => number >= against,
                },
                _ => false,
            },
        }
    }
}

fn number_of(datum: &Datum) -> Option<i64> {
    match datum {
        Datum::Int(number) | Datum::Yuan(number) => Some(*number),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::Condition;

    #[test]
    fn what_cannot_be_read_is_refused_with_a_reason() {
        for (text, reason) in [
            ("resident.agee = 3", "there is no field `resident.agee`"),
            ("resident.age ~ 3", "`~` is not a sign"),
            ("resident.age > old", "`old` is not a whole number"),
            ("event.kind = stays", "there are no events of kind `stays`"),
            ("resident.age", "`resident.age` is not a comparison of the form `field = value`"),
        ] {
            assert_eq!(Condition::parse(text).err().as_deref(), Some(reason));
        }
        assert!(Condition::parse("").is_ok());
        assert!(Condition::parse("resident.age >= 3 and event.kind in stay|clinic or event.sub != c").is_ok());
    }
}
