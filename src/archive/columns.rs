//! The column names of a row type, known also where there is no row to ask.

use std::fmt;

use serde::de::value::Error as Refusal;
use serde::de::{DeserializeOwned, Deserializer, Visitor};

/// The fields of `R` in their order; empty for a type that is not a plain struct.
pub(super) fn column_names<R: DeserializeOwned>() -> &'static [&'static str] {
    let mut names: &'static [&'static str] = &[];
    // The probe hands out no value, so the answer is always a refusal; the names are the by-product.
    let _refused: Result<R, Refusal> = R::deserialize(Probe(&mut names));
    names
}

/// A deserializer that only listens to which fields are asked of it.
struct Probe<'a>(&'a mut &'static [&'static str]);

impl<'de> Deserializer<'de> for Probe<'_> {
    type Error = Refusal;

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Refusal> {
        *self.0 = fields;
        self.deserialize_any(visitor)
    }

    fn deserialize_any<V: Visitor<'de>>(self, _visitor: V) -> Result<V::Value, Refusal> {
        Err(serde::de::Error::custom(fmt::Error))
    }

    serde::forward_to_deserialize_any! {
        bool i8 i16 i32 i64 u8 u16 u32 u64 f32 f64 char str string bytes byte_buf option unit
        unit_struct newtype_struct seq tuple tuple_struct map enum identifier ignored_any
    }
}
