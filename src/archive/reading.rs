//! What claims and pictures read off a lineage's rows: whether a value lies somewhere, when it first does,
//! and what it is worth.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::numeric::bounded::{Finite, Positive};

/// A side of a number, the number included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Bound {
    Below(Finite),
    Above(Finite),
}

/// The number along an axis at which another arm comes to as much.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Worth {
    /// The arm that is the measure: real samples alone, for example.
    pub arm: String,
    /// The swept path of numbers that it runs along.
    pub along: String,
    /// What it is told in units of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub per: Option<Positive>,
}

impl Worth {
    /// As words: "offspring of real-only that come to as much, in units of 100".
    pub fn name(&self) -> String {
        let per = self.per.map(|per| format!(", in units of {}", per.get()));
        let Worth { arm, along, .. } = self;
        format!("{along} of {arm} that come to as much{}", per.unwrap_or_default())
    }

    /// Where the broken line through `x` and `y` is at a level, over [`Worth::per`]: on logarithmic axes where all is
    /// positive, which errors that fall by powers make straight. None beyond its ends.
    pub fn of(&self, level: f64, x: &[f64], y: &[f64]) -> Option<f64> {
        let is_log = x.iter().chain(y).chain([&level]).all(|value| *value > 0.0);
        let scale = |value: &f64| if is_log { value.ln() } else { *value };
        let logs = |values: &[f64]| values.iter().map(scale).collect::<Vec<_>>();
        let found = reached(&logs(x), &logs(y), scale(&level))?;
        let found = if is_log { found.exp() } else { found };
        Some(found / self.per.map_or(1.0, Positive::get))
    }
}

/// The first x at which a broken line is at a level.
pub fn reached(x: &[f64], y: &[f64], level: f64) -> Option<f64> {
    if y.first() == Some(&level) {
        return x.first().copied();
    }
    let step = x.windows(2).zip(y.windows(2));
    let mut crossed = step.filter(|(_, y)| (y[0] < level) != (y[1] < level) || y[1] == level);
    let (x, y) = crossed.next()?;
    Some(x[0] + (level - y[0]) / (y[1] - y[0]) * (x[1] - x[0]))
}

impl Bound {
    /// As words: "at most 0.1".
    pub fn name(self) -> String {
        match self {
            Bound::Below(most) => format!("at most {}", most.get()),
            Bound::Above(least) => format!("at least {}", least.get()),
        }
    }

    pub fn holds(self, value: f64) -> bool {
        match self {
            Bound::Below(most) => value <= most.get(),
            Bound::Above(least) => value >= least.get(),
        }
    }
}

/// When a lineage comes somewhere for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Passage {
    Below(Finite),
    Above(Finite),
    /// When its state can no longer change, as a file with `stop = "absorbed"` records it.
    Absorbed,
}

impl Passage {
    /// Where a value comes to; none of absorption.
    pub fn bound(self) -> Option<Bound> {
        match self {
            Passage::Below(most) => Some(Bound::Below(most)),
            Passage::Above(least) => Some(Bound::Above(least)),
            Passage::Absorbed => None,
        }
    }

    /// As words: "first generation at most 0.1".
    pub fn name(self) -> String {
        match self.bound() {
            Some(bound) => format!("first generation {}", bound.name()),
            None => "generation of absorption".into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn worth(per: Option<f64>) -> Worth {
        Worth { arm: "real".into(), along: "offspring".into(), per: per.map(Positive::literal) }
    }

    #[test]
    fn an_error_that_falls_like_one_over_n_is_worth_its_inverse() {
        let x = [30.0, 100.0, 1000.0];
        let y = x.map(|n| 40.0 / n);
        for n in [30.0, 55.0, 400.0, 1000.0] {
            let found = worth(None).of(40.0 / n, &x, &y).unwrap();
            assert!((found / n - 1.0).abs() < 1e-12, "{found} {n}");
        }
        assert!((worth(Some(100.0)).of(0.2, &x, &y).unwrap() - 2.0).abs() < 1e-12);
        assert_eq!((worth(None).of(2.0, &x, &y), worth(None).of(0.01, &x, &y)), (None, None));
    }

    #[test]
    fn what_has_no_logarithm_is_on_straight_lines() {
        assert_eq!(worth(None).of(0.0, &[0.0, 2.0], &[-1.0, 1.0]), Some(1.0));
    }
}
