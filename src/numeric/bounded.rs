//! Numbers that carry their bounds, and say them when a file breaks them.

// The bounds must be usable in constants, where `contains` is not.
#![allow(clippy::manual_range_contains)]

use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// A number outside its bounds.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{what} must be {bounds}, got {given}")]
pub struct OutOfBounds {
    what: &'static str,
    bounds: &'static str,
    given: String,
}

macro_rules! bounded {
    ($(#[$doc:meta])* $name:ident, $inner:ident, $what:literal, $bounds:literal,
     |$x:ident| $legal:expr, $($schema:tt)+) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
        #[serde(try_from = "Number")]
        pub struct $name($inner);

        impl $name {
            pub fn new($x: $inner) -> Result<Self, OutOfBounds> {
                let given = || $x.to_string();
                let broken = || OutOfBounds { what: $what, bounds: $bounds, given: given() };
                if $legal { Ok($name($x)) } else { Err(broken()) }
            }

            /// A value that the code itself writes down.
            ///
            /// # Panics
            /// If it breaks the bounds: a broken invariant of the caller.
            pub const fn literal($x: $inner) -> Self {
                assert!($legal);
                $name($x)
            }

            pub const fn get(self) -> $inner {
                self.0
            }
        }

        impl JsonSchema for $name {
            fn schema_name() -> Cow<'static, str> {
                stringify!($name).into()
            }

            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                json_schema!($($schema)+)
            }
        }

        impl TryFrom<Number> for $name {
            type Error = OutOfBounds;

            fn try_from(number: Number) -> Result<Self, OutOfBounds> {
                match number.$inner() {
                    Some(value) => $name::new(value),
                    None => Err(OutOfBounds { what: $what, bounds: $bounds, given: number.to_string() }),
                }
            }
        }
    };
}

bounded! {
    /// A share of a whole: 0 ≤ x ≤ 1.
    Fraction, f64, "a fraction", "between 0 and 1 (0 ≤ x ≤ 1)",
    |x| x >= 0.0 && x <= 1.0,
    { "type": "number", "minimum": 0.0, "maximum": 1.0 }
}

bounded! {
    /// A share that is not nothing: 0 < x ≤ 1.
    Share, f64, "a share", "above 0 and at most 1 (0 < x ≤ 1)",
    |x| x > 0.0 && x <= 1.0,
    { "type": "number", "exclusiveMinimum": 0.0, "maximum": 1.0 }
}

bounded! {
    /// The level of a quantile: 0 < x < 1.
    Quantile, f64, "a quantile level", "strictly between 0 and 1 (0 < x < 1)",
    |x| x > 0.0 && x < 1.0,
    { "type": "number", "exclusiveMinimum": 0.0, "exclusiveMaximum": 1.0 }
}

bounded! {
    /// A finite number above zero.
    Positive, f64, "a positive number", "finite and above 0",
    |x| x > 0.0 && x.is_finite(),
    { "type": "number", "exclusiveMinimum": 0.0 }
}

bounded! {
    /// A finite number that is not below zero.
    NonNegative, f64, "a non-negative number", "finite and at least 0",
    |x| x >= 0.0 && x.is_finite(),
    { "type": "number", "minimum": 0.0 }
}

bounded! {
    /// Any finite number.
    Finite, f64, "a number", "finite",
    |x| x.is_finite(),
    { "type": "number" }
}

bounded! {
    /// A number of things, at least one.
    Count, usize, "a count", "a whole number, at least 1",
    |x| x >= 1,
    { "type": "integer", "minimum": 1 }
}

bounded! {
    /// A small number of things.
    Few, usize, "a small count", "a whole number from 1 to 100",
    |x| x >= 1 && x <= 100,
    { "type": "integer", "minimum": 1, "maximum": 100 }
}

bounded! {
    /// The order of a model of sequences: it looks back one token less.
    Order, usize, "an order", "a whole number from 1 to 32",
    |x| x >= 1 && x <= 32,
    { "type": "integer", "minimum": 1, "maximum": 32 }
}

/// A number as a file writes it, before anyone knows its bounds: `1` is a legal way to write 1.0.
#[derive(Debug, Clone, Copy)]
pub enum Number {
    Integer(i64),
    Real(f64),
}

impl Number {
    fn f64(self) -> Option<f64> {
        match self {
            Number::Integer(value) => Some(value as f64),
            Number::Real(value) => Some(value),
        }
    }

    fn usize(self) -> Option<usize> {
        match self {
            Number::Integer(value) => usize::try_from(value).ok(),
            Number::Real(_) => None,
        }
    }
}

impl std::fmt::Display for Number {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Number::Integer(value) => write!(f, "{value}"),
            Number::Real(value) => write!(f, "{value:?}"),
        }
    }
}

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Visitor;
        impl serde::de::Visitor<'_> for Visitor {
            type Value = Number;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("a number")
            }

            fn visit_i64<E: serde::de::Error>(self, value: i64) -> Result<Number, E> {
                Ok(Number::Integer(value))
            }

            fn visit_u64<E: serde::de::Error>(self, value: u64) -> Result<Number, E> {
                i64::try_from(value).map(Number::Integer).map_err(E::custom)
            }

            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Number, E> {
                Ok(Number::Real(value))
            }
        }
        deserializer.deserialize_any(Visitor)
    }
}

/// Reads a value that is either a number or a word: what `expected` says is what a file may hold.
pub fn number_or_word<'de, D: serde::Deserializer<'de>, T, E: std::fmt::Display>(
    deserializer: D,
    expected: &'static str,
    number: impl FnOnce(Number) -> Result<T, E>,
    word: impl FnOnce(&str) -> Option<T>,
) -> Result<T, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a number or a word")]
    enum Either {
        Number(Number),
        Word(String),
    }
    use serde::de::Error;
    match Either::deserialize(deserializer) {
        Ok(Either::Number(value)) => number(value).map_err(D::Error::custom),
        Ok(Either::Word(text)) => {
            word(&text).ok_or_else(|| D::Error::custom(format!("`{text}` is not {expected}")))
        }
        Err(_) => Err(D::Error::custom(format!("this is not {expected}"))),
    }
}

/// Reads a struct from a table alone: left to itself, serde also takes a list of its fields in turn.
pub fn table<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Deserialize<'de>,
{
    struct Visitor<T>(std::marker::PhantomData<T>);
    impl<'de, T: Deserialize<'de>> serde::de::Visitor<'de> for Visitor<T> {
        type Value = T;

        fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("a table")
        }

        fn visit_map<A: serde::de::MapAccess<'de>>(self, table: A) -> Result<T, A::Error> {
            T::deserialize(serde::de::value::MapAccessDeserializer::new(table))
        }
    }
    deserializer.deserialize_map(Visitor(std::marker::PhantomData))
}

/// The schema of what [`number_or_word`] reads: `T`, or one of the words.
pub fn number_or_word_schema<T: JsonSchema>(
    generator: &mut SchemaGenerator,
    words: &[&str],
) -> Schema {
    let number = generator.subschema_for::<T>();
    json_schema!({ "anyOf": [number, { "type": "string", "enum": words }] })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fraction_names_its_bounds_and_the_value() {
        let error = Fraction::new(1.3).unwrap_err().to_string();
        assert_eq!(error, "a fraction must be between 0 and 1 (0 ≤ x ≤ 1), got 1.3");
    }

    #[test]
    fn nan_is_in_no_bounds() {
        assert!(Fraction::new(f64::NAN).is_err());
        assert!(Positive::new(f64::NAN).is_err());
        assert!(Finite::new(f64::NAN).is_err());
    }

    #[test]
    fn a_count_is_a_whole_number_of_at_least_one() {
        assert!(Count::new(0).is_err());
        assert!(toml::from_str::<std::collections::BTreeMap<String, Count>>("n = 1.5").is_err());
        assert!(toml::from_str::<std::collections::BTreeMap<String, Count>>("n = -3").is_err());
    }
}
