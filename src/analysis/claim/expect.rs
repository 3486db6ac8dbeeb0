//! What a claim accepts, and the verdict on a measured value.
//!
//! A region is *held* where the whole 95 % interval of the measured value lies in it, and *failed* where
//! none of it does. A closed form with `z` is failed where the value is more than z standard errors away,
//! and held only where the error is at most a quarter of the expected value: a wide bar proves nothing.

use super::weigh::Measured;
use crate::numeric::bounded::{Finite, Positive};
use crate::theory::Form;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The largest standard error that decides a claim with `z`, as a share of the expected value.
const WIDEST_ERROR: f64 = 0.25;

/// Rounding that no statistic is blamed for, as a share.
const ROUNDING: f64 = 1e-9;

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

/// The values that are accepted, ends included, and how many standard errors stand for them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Accepted {
    /// The number in the middle, where there is one.
    pub value: Option<f64>,
    pub low: f64,
    pub high: f64,
    pub z: Option<f64>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    Holds,
    Fails,
    Undecided,
}

impl Verdict {
    pub fn name(self) -> &'static str {
        match self {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::Undecided => "undecided",
        }
    }
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

impl Accepted {
    fn region(value: Option<f64>, low: f64, high: f64) -> Self {
        Self { value, low, high, z: None }
    }

    /// The verdict, and why where it is none.
    pub fn verdict(&self, measured: &Measured) -> (Verdict, String) {
        match (self.value, self.z) {
            (Some(value), Some(z)) => self.by_error(value, z, measured),
            _ => self.by_interval(measured),
        }
    }

    fn by_interval(&self, measured: &Measured) -> (Verdict, String) {
        let Some((low, high)) = measured.interval else {
            return (Verdict::Undecided, measured.lack());
        };
        // A lone bound is not accepted itself: no step at all is none upwards.
        let is_open = self.low.is_infinite() || self.high.is_infinite();
        let within = |x: f64| match is_open {
            true => x > self.low && x < self.high,
            false => x >= self.low && x <= self.high,
        };
        let beyond = match is_open {
            true => low >= self.high || high <= self.low,
            false => low > self.high || high < self.low,
        };
        match () {
            () if within(low) && within(high) => (Verdict::Holds, String::new()),
            () if beyond => (Verdict::Fails, String::new()),
            () => (Verdict::Undecided, "the interval reaches over the bound".into()),
        }
    }

    fn by_error(&self, value: f64, z: f64, measured: &Measured) -> (Verdict, String) {
        let Some(error) = measured.error.filter(|_| measured.value.is_finite()) else {
            return (Verdict::Undecided, measured.lack());
        };
        let away = (measured.value - value).abs();
        match () {
            () if away > (z * error).max(ROUNDING * value.abs()) => (Verdict::Fails, String::new()),
            () if error > WIDEST_ERROR * value.abs() => (
                Verdict::Undecided,
                "the error is more than a quarter of the expected value".into(),
            ),
            () => (Verdict::Holds, String::new()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Expectation, String> {
        toml::from_str::<Expectation>(text).map_err(|error| error.message().to_owned())
    }

    fn measured(value: f64, error: f64) -> Measured {
        let interval = Some((value - 2.0 * error, value + 2.0 * error));
        Measured { value, error: Some(error), interval, lineages: 100, missing: 0 }
    }

    fn verdict(text: &str, value: f64, error: f64) -> Verdict {
        read(text).unwrap().accepted(None).unwrap().verdict(&measured(value, error)).0
    }

    #[test]
    fn a_region_holds_the_whole_interval_or_none_of_it() {
        let text = "value = 1.0\nabsolute = 0.1";
        assert_eq!(verdict(text, 1.02, 0.01), Verdict::Holds);
        assert_eq!(verdict(text, 1.02, 0.1), Verdict::Undecided);
        assert_eq!(verdict(text, 1.2, 0.01), Verdict::Fails);
        assert_eq!(verdict("value = 10\nrelative = 0.1", 10.9, 0.01), Verdict::Holds);
        assert_eq!(verdict("below = 0.5", 0.4, 0.01), Verdict::Holds);
        assert_eq!(verdict("above = 0.5", 0.4, 0.01), Verdict::Fails);
        assert_eq!(verdict("between = [0, 1]", 0.99, 0.01), Verdict::Undecided);
        assert_eq!(verdict("above = 0", 0.0, 0.0), Verdict::Fails, "no step is none upwards");
        assert_eq!(verdict("between = [0, 1]", 0.0, 0.0), Verdict::Holds);
    }

    #[test]
    fn a_wide_error_never_passes_for_agreement_with_theory() {
        let text = "value = 1.0\nz = 4";
        assert_eq!(verdict(text, 1.05, 0.02), Verdict::Holds);
        assert_eq!(verdict(text, 1.09, 0.02), Verdict::Fails);
        assert_eq!(verdict(text, 1.5, 0.3), Verdict::Undecided);
        assert_eq!(verdict(text, 1.0, 0.0), Verdict::Holds, "an exact value has no error");
        assert_eq!(verdict(text, 1.001, 0.0), Verdict::Fails);
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
