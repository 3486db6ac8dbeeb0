//! What a claim accepts: a number with a tolerance, a bound, an interval, or a closed form.

use super::verdict::Accepted;
use crate::numeric::bounded::{Finite, Positive};
use crate::theory::Form;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is accepted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(try_from = "Keys", into = "Keys")]
#[schemars(with = "Keys")]
pub enum Expectation {
    Near(Target, Tolerance),
    Below(f64),
    Above(f64),
    Between(f64, f64),
}

/// The number that is expected.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    Number(f64),
    /// What theory.csv says, or a named form.
    Theory(Form),
}

/// How far from it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Tolerance {
    Absolute(f64),
    Relative(f64),
    Z(f64),
}

/// The keys of an expectation, of which some go together.
#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
struct Keys {
    /// A number, with one of the tolerances.
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<Finite>,
    /// "table" for what theory.csv says of this place, or a named form; with one of the tolerances.
    #[serde(skip_serializing_if = "Option::is_none")]
    theory: Option<Form>,
    /// Within so much.
    #[serde(skip_serializing_if = "Option::is_none")]
    absolute: Option<Positive>,
    /// Within this share of the number.
    #[serde(skip_serializing_if = "Option::is_none")]
    relative: Option<Positive>,
    /// Within so many standard errors.
    #[serde(skip_serializing_if = "Option::is_none")]
    z: Option<Positive>,
    /// At most this.
    #[serde(skip_serializing_if = "Option::is_none")]
    below: Option<Finite>,
    /// At least this.
    #[serde(skip_serializing_if = "Option::is_none")]
    above: Option<Finite>,
    /// From the first to the second.
    #[serde(skip_serializing_if = "Option::is_none")]
    between: Option<[Finite; 2]>,
}

impl TryFrom<Keys> for Expectation {
    type Error = String;

    fn try_from(keys: Keys) -> Result<Self, String> {
        let Keys { value, theory, absolute, relative, z, below, above, between } = keys;
        let tolerances: Vec<Tolerance> = [
            absolute.map(|a| Tolerance::Absolute(a.get())),
            relative.map(|r| Tolerance::Relative(r.get())),
            z.map(|z| Tolerance::Z(z.get())),
        ]
        .into_iter()
        .flatten()
        .collect();
        let target = match (value, theory) {
            (Some(value), None) => Some(Target::Number(value.get())),
            (None, Some(form)) => Some(Target::Theory(form)),
            (None, None) => None,
            _ => return Err("a `value` and a `theory` are two expectations: keep one".into()),
        };
        match (target, &tolerances[..], below, above, between) {
            (Some(target), [tolerance], None, None, None) => Ok(Self::Near(target, *tolerance)),
            (None, [], Some(most), None, None) => Ok(Self::Below(most.get())),
            (None, [], None, Some(least), None) => Ok(Self::Above(least.get())),
            (None, [], None, None, Some([low, high])) if low.get() < high.get() => {
                Ok(Self::Between(low.get(), high.get()))
            }
            (Some(_), [], None, None, None) => {
                Err("an expected number needs a tolerance: `absolute`, `relative` or `z`".into())
            }
            _ => {
                Err("expect one of { value, and absolute, relative or z }, { theory, likewise }, \
                      { below }, { above } and { between = [low, high] }"
                    .into())
            }
        }
    }
}

impl From<Expectation> for Keys {
    fn from(expectation: Expectation) -> Keys {
        let finite = |value| Some(Finite::literal(value));
        let keys = Keys::default();
        match expectation {
            Expectation::Below(most) => Keys { below: finite(most), ..keys },
            Expectation::Above(least) => Keys { above: finite(least), ..keys },
            Expectation::Between(low, high) => {
                Keys { between: Some([Finite::literal(low), Finite::literal(high)]), ..keys }
            }
            Expectation::Near(target, tolerance) => {
                let keys = match target {
                    Target::Number(value) => Keys { value: finite(value), ..keys },
                    Target::Theory(form) => Keys { theory: Some(form), ..keys },
                };
                let some = |value| Some(Positive::literal(value));
                match tolerance {
                    Tolerance::Absolute(a) => Keys { absolute: some(a), ..keys },
                    Tolerance::Relative(r) => Keys { relative: some(r), ..keys },
                    Tolerance::Z(z) => Keys { z: some(z), ..keys },
                }
            }
        }
    }
}

impl Expectation {
    /// Whether it is what theory.csv says.
    pub fn is_of_theory(&self) -> bool {
        matches!(self, Self::Near(Target::Theory(Form::Table), _))
    }

    /// Why it accepts nothing, or what cannot be told.
    pub fn flaw(&self) -> Option<String> {
        match self {
            Self::Near(Target::Number(0.0), Tolerance::Relative(_) | Tolerance::Z(_)) => {
                Some("a share of 0 is 0: expect 0 with `absolute`".into())
            }
            _ => None,
        }
    }

    /// What is accepted, given the number that theory.csv has where that is asked for.
    pub fn accepted(&self, table: Option<f64>) -> Result<Accepted, String> {
        let (target, tolerance) = match self {
            Self::Below(most) => return Ok(Accepted::region(None, f64::NEG_INFINITY, *most)),
            Self::Above(least) => return Ok(Accepted::region(None, *least, f64::INFINITY)),
            Self::Between(low, high) => return Ok(Accepted::region(None, *low, *high)),
            Self::Near(target, tolerance) => (target, *tolerance),
        };
        let value = match target {
            Target::Number(value) => *value,
            Target::Theory(Form::Table) => {
                table.ok_or("theory.csv has no closed form for this place")?
            }
            Target::Theory(form) => form.value()?,
        };
        let reach = match tolerance {
            Tolerance::Absolute(a) => a,
            Tolerance::Relative(r) => r * value.abs(),
            Tolerance::Z(z) => {
                return Ok(Accepted { value: Some(value), low: value, high: value, z: Some(z) });
            }
        };
        Ok(Accepted::region(Some(value), value - reach, value + reach))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Expectation, String> {
        toml::from_str::<Expectation>(text).map_err(|error| error.message().to_owned())
    }

    #[test]
    fn an_expectation_without_tolerance_or_with_two_is_refused() {
        assert!(read("value = 1.0").unwrap_err().contains("needs a tolerance"));
        assert!(read("value = 1.0\nz = 1\nrelative = 1").unwrap_err().contains("expect one of"));
        assert!(read("below = 1.0\nz = 1").unwrap_err().contains("expect one of"));
        assert!(read("between = [1, 0]").unwrap_err().contains("expect one of"));
        assert!(read("").unwrap_err().contains("expect one of"));
    }

    #[test]
    fn an_expectation_is_written_as_it_is_read() {
        for text in ["value = 1.0\nz = 4.0", "below = 2.0", "between = [0.0, 1.0]"] {
            let expectation = read(text).unwrap();
            assert_eq!(read(&toml::to_string(&expectation).unwrap()).unwrap(), expectation);
        }
    }
}
