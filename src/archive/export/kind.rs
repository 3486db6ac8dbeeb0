//! What the text of a column means to programs that have types.

/// The type of a column. A value may be missing in each.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Integer,
    Real,
}

/// A value of one row.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value<'a> {
    Missing,
    Text(&'a str),
    Integer(i64),
    Real(f64),
}

const TEXTS: [&str; 8] =
    ["cell", "arm", "metric", "statistic", "formula", "origin", "outcome", "cause"];
const INTEGERS: [&str; 6] = ["trial", "generation", "trials", "alive", "born", "count"];
const REALS: [&str; 14] = [
    "value",
    "standard_error",
    "weight",
    "mean",
    "sd",
    "ci_low",
    "ci_high",
    "median",
    "median_low",
    "median_high",
    "q05",
    "q25",
    "q75",
    "q95",
];

impl Kind {
    /// The type of a column that every results folder has: the same whatever values it holds.
    pub fn known(name: &str) -> Option<Kind> {
        match name {
            _ if TEXTS.contains(&name) => Some(Kind::Text),
            _ if INTEGERS.contains(&name) => Some(Kind::Integer),
            _ if REALS.contains(&name) => Some(Kind::Real),
            _ => None,
        }
    }

    /// The value that a text stands for; `None` where it is not of this type.
    pub fn read(self, text: &str) -> Option<Value<'_>> {
        match self {
            _ if text.is_empty() => Some(Value::Missing),
            Kind::Text => Some(Value::Text(text)),
            Kind::Integer => integer(text).map(Value::Integer),
            Kind::Real => real(text).map(Value::Real),
        }
    }

    pub fn expected(self) -> &'static str {
        match self {
            Kind::Text => "text",
            Kind::Integer => "a whole number",
            Kind::Real => "a number",
        }
    }
}

/// A whole number in its one spelling: 007 is a name.
fn integer(text: &str) -> Option<i64> {
    text.parse().ok().filter(|number: &i64| number.to_string() == text)
}

fn real(text: &str) -> Option<f64> {
    match text {
        "inf" => Some(f64::INFINITY),
        "-inf" => Some(f64::NEG_INFINITY),
        _ => text.parse().ok().filter(|number: &f64| number.is_finite()),
    }
}

/// Whether a text has zeros in front that a number would lose.
fn is_padded(text: &str) -> bool {
    let digits = text.trim_start_matches(['+', '-']);
    digits.starts_with('0') && digits[1..].starts_with(|c: char| c.is_ascii_digit())
}

/// Finds the type of a column from its values.
#[derive(Debug, Clone, Copy)]
pub struct Guess {
    integer: bool,
    real: bool,
    seen: bool,
}

impl Guess {
    pub fn new() -> Self {
        Guess { integer: true, real: true, seen: false }
    }

    pub fn see(&mut self, text: &str) {
        if !text.is_empty() {
            self.seen = true;
            self.integer &= integer(text).is_some();
            self.real &= real(text).is_some() && !is_padded(text);
        }
    }

    pub fn kind(self) -> Kind {
        match self {
            Guess { seen: false, .. } => Kind::Text,
            Guess { integer: true, .. } => Kind::Integer,
            Guess { real: true, .. } => Kind::Real,
            _ => Kind::Text,
        }
    }
}
