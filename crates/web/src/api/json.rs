//! The body of a call as JSON in which every name stands once: of two values one would have to be passed over in silence.

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};
use std::cell::RefCell;
use std::fmt;

/// Why a body is not taken.
#[derive(Debug, PartialEq, Eq)]
pub enum Wrong {
    /// It is no JSON.
    Malformed,
    /// An object says a name twice; the way to it, as `fields.harvest[0].weight_kg`.
    Twice(String),
}

/// Reads a JSON text.
///
/// # Errors
/// [`Wrong`].
pub fn read(bytes: &[u8]) -> Result<Json, Wrong> {
    let twice = RefCell::default();
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let read = Once { path: String::new(), twice: &twice }.deserialize(&mut reader);
    let read = read.and_then(|json| reader.end().map(|()| json));
    read.map_err(|_| twice.into_inner().map_or(Wrong::Malformed, Wrong::Twice))
}

/// Reads one value at `path`; notes the way to a name that stands twice.
struct Once<'a> {
    path: String,
    twice: &'a RefCell<Option<String>>,
}

impl Once<'_> {
    fn at(&self, step: &str) -> Once<'_> {
        let dot = if self.path.is_empty() || step.starts_with('[') { "" } else { "." };
        Once { path: format!("{}{dot}{step}", self.path), twice: self.twice }
    }
}

impl<'de> DeserializeSeed<'de> for Once<'_> {
    type Value = Json;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Once<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Json, E> {
        Ok(truth.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }

    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Json, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self.at(&format!("[{}]", values.len())))? {
            values.push(value);
        }
        Ok(values.into())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Json, A::Error> {
        let mut members = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            let below = self.at(&name);
            if members.contains_key(&name) {
                *self.twice.borrow_mut() = Some(below.path);
                return Err(A::Error::custom("a name stands twice"));
            }
            members.insert(name, object.next_value_seed(below)?);
        }
        Ok(members.into())
    }
}

#[cfg(test)]
mod tests {
    use super::{Wrong, read};
    use serde_json::json;

    #[test]
    fn what_says_every_name_once_is_read_as_it_stands() {
        let text = r#" {"a": [1, -2, 3.5, "x\u0061", null, true, {"a": {"a": {}}}], "b": 18446744073709551615} "#;
        let expected = json!({ "a": [1, -2, 3.5, "xa", null, true, { "a": { "a": {} } }], "b": u64::MAX });
        assert_eq!(read(text.as_bytes()), Ok(expected));
    }

    #[test]
    fn a_name_that_stands_twice_is_told_with_its_place() {
        let cases = [
            (r#"{"a":1,"a":1}"#, "a"),
            (r#"{"fields":{"x":1,"y":2,"x":null}}"#, "fields.x"),
            (r#"{"fields":{"rows":[{"x":1},{"x":1,"x":2}]}}"#, "fields.rows[1].x"),
            (r#"[{"a":1,"\u0061":2}]"#, "[0].a"),
        ];
        for (text, path) in cases {
            assert_eq!(read(text.as_bytes()), Err(Wrong::Twice(path.to_owned())), "{text}");
        }
        for text in ["", "{", "{} {}", r#"{"a":}"#, "nothing", "{\"a\":1,}"] {
            assert_eq!(read(text.as_bytes()), Err(Wrong::Malformed), "{text}");
        }
        let deep = "[".repeat(100_000);
        assert_eq!(read(deep.as_bytes()), Err(Wrong::Malformed), "deeper than anybody needs");
    }
}
