//! Values, keys and tables of TOML as serde takes them apart, each with where it stands.

use super::fault::TomlFault;
use serde::de::{DeserializeSeed, Error, IntoDeserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserializer, forward_to_deserialize_any};
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeInteger, DeString, DeTable, DeValue};
use toml_datetime::de::DatetimeDeserializer;
use words::wording;

/// A value, with the bytes at which it stands.
pub(super) struct ValueReader<'de> {
    value: DeValue<'de>,
    span: Range<usize>,
}

impl<'de> ValueReader<'de> {
    pub(super) fn of_table(table: Spanned<DeTable<'de>>) -> ValueReader<'de> {
        let span = table.span();
        ValueReader { value: DeValue::Table(table.into_inner()), span }
    }

    fn of(value: Spanned<DeValue<'de>>) -> ValueReader<'de> {
        let span = value.span();
        ValueReader { value: value.into_inner(), span }
    }
}

/// Visits a number in the smallest type that holds it.
fn visit_number<'de, V: Visitor<'de>>(number: &DeInteger<'de>, visitor: V) -> Result<V::Value, TomlFault> {
    let (digits, radix) = (number.as_str(), number.radix());
    if let Ok(number) = i64::from_str_radix(digits, radix) {
        visitor.visit_i64(number)
    } else if let Ok(number) = u64::from_str_radix(digits, radix) {
        visitor.visit_u64(number)
    } else if let Ok(number) = i128::from_str_radix(digits, radix) {
        visitor.visit_i128(number)
    } else if let Ok(number) = u128::from_str_radix(digits, radix) {
        visitor.visit_u128(number)
    } else {
        Err(TomlFault::custom("integer number overflowed"))
    }
}

fn visit_text<'de, V: Visitor<'de>>(text: DeString<'de>, visitor: V) -> Result<V::Value, TomlFault> {
    match text {
        DeString::Borrowed(text) => visitor.visit_borrowed_str(text),
        DeString::Owned(text) => visitor.visit_string(text),
    }
}

impl<'de> Deserializer<'de> for ValueReader<'de> {
    type Error = TomlFault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TomlFault> {
        let visited = match self.value {
            DeValue::String(text) => visit_text(text, visitor),
            DeValue::Integer(number) => visit_number(&number, visitor),
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(parsed) if parsed.is_finite() || !number.as_str().contains(|sign: char| sign.is_ascii_digit()) => {
                    visitor.visit_f64(parsed)
                }
                _ => Err(TomlFault::custom("floating-point number overflowed")),
            },
            DeValue::Boolean(truth) => visitor.visit_bool(truth),
            DeValue::Datetime(day) => visitor
                .visit_map(DatetimeDeserializer::<TomlFault>::new(day))
                .map_err(|fault| fault.of_value(&wording!("toml_this_day", day))),
            DeValue::Array(values) => visitor.visit_seq(ListReader { values: values.into_iter() }),
            DeValue::Table(table) => visitor.visit_map(TableReader { entries: table.into_iter(), value: None }),
        };
        visited.map_err(|fault| fault.at(&self.span))
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TomlFault> {
        visitor.visit_some(self)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, TomlFault> {
        let span = self.span.clone();
        visitor.visit_newtype_struct(self).map_err(|fault| fault.at(&span))
    }

    /// One of several words. No declaration has one with something below it.
    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, TomlFault> {
        match self.value {
            DeValue::String(word) => {
                visitor.visit_enum(word.into_deserializer()).map_err(|fault: TomlFault| fault.at(&self.span))
            }
            _ => self.deserialize_any(visitor),
        }
    }

    forward_to_deserialize_any! {
        bool u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64 char str string seq bytes byte_buf map unit
        ignored_any unit_struct tuple_struct tuple identifier struct
    }
}

/// A key of a table.
struct KeyReader<'de>(DeString<'de>);

impl<'de> Deserializer<'de> for KeyReader<'de> {
    type Error = TomlFault;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, TomlFault> {
        visit_text(self.0, visitor)
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(self, _: &'static str, visitor: V) -> Result<V::Value, TomlFault> {
        visitor.visit_newtype_struct(self)
    }

    forward_to_deserialize_any! {
        bool u8 u16 u32 u64 u128 i8 i16 i32 i64 i128 f32 f64 char str string seq bytes byte_buf map unit option
        ignored_any unit_struct tuple_struct tuple enum identifier struct
    }
}

struct ListReader<'de> {
    values: std::vec::IntoIter<Spanned<DeValue<'de>>>,
}

impl<'de> SeqAccess<'de> for ListReader<'de> {
    type Error = TomlFault;

    fn next_element_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, TomlFault> {
        self.values.next().map(|value| seed.deserialize(ValueReader::of(value))).transpose()
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.values.len())
    }
}

struct TableReader<'de, E> {
    entries: E,
    /// What stands at the key that was read last.
    value: Option<Spanned<DeValue<'de>>>,
}

impl<'de, E: Iterator<Item = (Spanned<DeString<'de>>, Spanned<DeValue<'de>>)>> MapAccess<'de> for TableReader<'de, E> {
    type Error = TomlFault;

    fn next_key_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<Option<S::Value>, TomlFault> {
        let Some((key, value)) = self.entries.next() else { return Ok(None) };
        self.value = Some(value);
        let span = key.span();
        seed.deserialize(KeyReader(key.into_inner())).map(Some).map_err(|fault| fault.at(&span))
    }

    fn next_value_seed<S: DeserializeSeed<'de>>(&mut self, seed: S) -> Result<S::Value, TomlFault> {
        let value = self.value.take().ok_or_else(|| TomlFault::custom("a value is read once, behind its key"))?;
        let span = value.span();
        seed.deserialize(ValueReader::of(value)).map_err(|fault| fault.at(&span))
    }

    fn size_hint(&self) -> Option<usize> {
        self.entries.size_hint().1
    }
}
