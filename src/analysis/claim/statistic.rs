//! What is made of one or several centres: the statistic of a claim.

use super::Other;
use crate::archive::reading::{Worth, reached};
use crate::numeric::bounded::Finite;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An axis: "generation", or a swept path.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Along(pub String);

impl Along {
    /// The axis of time, as opposed to swept paths.
    pub fn is_generation(&self) -> bool {
        self.0 == "generation"
    }
}

/// What is made of centres y over an axis x.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Statistic {
    /// The centre itself.
    #[default]
    Value,
    /// It over that of another place.
    Ratio(Other),
    /// It minus that of another place.
    Difference(Other),
    /// The slope of y on x, by least squares.
    Slope(Along),
    /// The slope of ln y on x.
    LogSlope(Along),
    /// The slope of ln y on ln x.
    LogLogSlope(Along),
    /// The smallest step from one x to the next, upwards: above 0, y rises everywhere.
    Increasing(Along),
    /// The same downwards.
    Decreasing(Along),
    /// The x at which y is smallest.
    Argmin(Along),
    /// The x at which y is largest.
    Argmax(Along),
    /// The first x at which y reaches a level, on the straight line between its neighbours.
    Crossing(Crossing),
    /// The x at which another arm comes to the same centre.
    Worth(Worth),
    /// The smallest step from one of these arms to the next, upwards.
    Order(Vec<String>),
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Crossing {
    pub along: Along,
    pub level: Finite,
}

impl Statistic {
    /// The axis that it runs along.
    pub fn along(&self) -> Option<&Along> {
        match self {
            Self::Slope(x) | Self::LogSlope(x) | Self::LogLogSlope(x) => Some(x),
            Self::Increasing(x) | Self::Decreasing(x) => Some(x),
            Self::Argmin(x) | Self::Argmax(x) => Some(x),
            Self::Crossing(crossing) => Some(&crossing.along),
            Self::Value
            | Self::Ratio(_)
            | Self::Difference(_)
            | Self::Order(_)
            | Self::Worth(_) => None,
        }
    }

    /// The other place that it looks at.
    pub fn other(&self) -> Option<&Other> {
        match self {
            Self::Ratio(other) | Self::Difference(other) => Some(other),
            _ => None,
        }
    }

    /// How it is called in tables.
    pub fn name(&self) -> String {
        let along = self.along().map_or("", |along| &along.0);
        match self {
            Self::Value => "value".into(),
            Self::Ratio(other) => format!("ratio to {}", other.name()),
            Self::Difference(other) => format!("difference from {}", other.name()),
            Self::Slope(_) => format!("slope along {along}"),
            Self::LogSlope(_) => format!("slope of the logarithm along {along}"),
            Self::LogLogSlope(_) => format!("log-log slope along {along}"),
            Self::Increasing(_) => format!("smallest step up along {along}"),
            Self::Decreasing(_) => format!("smallest step down along {along}"),
            Self::Argmin(_) => format!("{along} of the smallest"),
            Self::Argmax(_) => format!("{along} of the largest"),
            Self::Crossing(crossing) => {
                format!("{along} at which it reaches {}", crossing.level.get())
            }
            Self::Worth(worth) => worth.name(),
            Self::Order(arms) => format!("smallest step through {}", arms.join(", ")),
        }
    }

    /// Whether its sampling distribution is about normal where that of its centres is.
    pub fn is_smooth(&self) -> bool {
        !matches!(self, Self::Argmin(_) | Self::Argmax(_) | Self::Crossing(_) | Self::Worth(_))
    }

    /// The statistic of centres `y` at ascending `x`; none where it does not exist.
    pub fn of(&self, x: &[f64], y: &[f64]) -> Option<f64> {
        let steps = || y.windows(2).map(|pair| pair[1] - pair[0]);
        let log = |values: &[f64]| -> Option<Vec<f64>> {
            let positive = values.iter().all(|value| *value > 0.0);
            positive.then(|| values.iter().map(|value| value.ln()).collect())
        };
        let best = |sign: f64| {
            let least = |(a, _): &(f64, f64), (b, _): &(f64, f64)| a.total_cmp(b);
            y.iter().map(|y| sign * y).zip(x.iter().copied()).min_by(least).map(|(_, x)| x)
        };
        let found = match self {
            Self::Value => y.first().copied(),
            Self::Ratio(_) => Some(y.first()? / y.get(1)?),
            Self::Difference(_) => Some(y.first()? - y.get(1)?),
            Self::Slope(_) => slope(x, y),
            Self::LogSlope(_) => slope(x, &log(y)?),
            Self::LogLogSlope(_) => slope(&log(x)?, &log(y)?),
            Self::Increasing(_) | Self::Order(_) => steps().reduce(f64::min),
            Self::Decreasing(_) => steps().map(|step| -step).reduce(f64::min),
            Self::Argmin(_) => best(1.0),
            Self::Argmax(_) => best(-1.0),
            Self::Crossing(crossing) => reached(x, y, crossing.level.get()),
            Self::Worth(worth) => worth.of(*y.first()?, x.get(1..)?, y.get(1..)?),
        };
        found.filter(|value| !value.is_nan())
    }
}

/// The slope of a straight line by least squares; none of fewer than 2 different x.
fn slope(x: &[f64], y: &[f64]) -> Option<f64> {
    let n = x.len() as f64;
    let (mean_x, mean_y) = (x.iter().sum::<f64>() / n, y.iter().sum::<f64>() / n);
    let square: f64 = x.iter().map(|x| (x - mean_x).powi(2)).sum();
    let product: f64 = x.iter().zip(y).map(|(x, y)| (x - mean_x) * (y - mean_y)).sum();
    (square > 0.0).then(|| product / square)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn along() -> Along {
        Along("founders".into())
    }

    #[test]
    fn statistics_of_a_few_numbers_by_hand() {
        let (x, y) = ([1.0, 2.0, 4.0], [8.0, 4.0, 2.0]);
        assert_eq!(Statistic::Value.of(&x, &y), Some(8.0));
        assert_eq!(Statistic::Ratio(Other::default()).of(&x, &y), Some(2.0));
        assert_eq!(Statistic::Difference(Other::default()).of(&x, &y), Some(4.0));
        let close = |found: Option<f64>, wanted: f64| (found.unwrap() - wanted).abs() < 1e-12;
        assert!(close(Statistic::LogLogSlope(along()).of(&x, &y), -1.0));
        assert!(close(Statistic::Slope(along()).of(&x, &y), -26.0 / 14.0));
        assert_eq!(Statistic::Decreasing(along()).of(&x, &y), Some(2.0));
        assert_eq!(Statistic::Increasing(along()).of(&x, &y), Some(-4.0));
        assert_eq!(Statistic::Argmin(along()).of(&x, &y), Some(4.0));
        assert_eq!(Statistic::Argmax(along()).of(&x, &y), Some(1.0));
        assert_eq!(Statistic::Order(Vec::new()).of(&x, &[1.0, 2.0, 2.5]), Some(0.5));
    }

    #[test]
    fn a_level_is_reached_between_two_places_or_at_one_or_nowhere() {
        let crossing =
            |level| Statistic::Crossing(Crossing { along: along(), level: Finite::literal(level) });
        let (x, y) = ([0.0, 1.0, 2.0], [1.0, 0.6, 0.2]);
        assert!((crossing(0.5).of(&x, &y).unwrap() - 1.25).abs() < 1e-12);
        assert_eq!(crossing(1.0).of(&x, &y), Some(0.0));
        assert!((crossing(0.2).of(&x, &y).unwrap() - 2.0).abs() < 1e-12);
        assert_eq!(crossing(0.1).of(&x, &y), None);
    }

    #[test]
    fn logarithms_of_nothing_and_slopes_of_one_place_are_none() {
        assert_eq!(Statistic::LogSlope(along()).of(&[1.0, 2.0], &[0.0, 1.0]), None);
        assert_eq!(Statistic::Slope(along()).of(&[1.0], &[1.0]), None);
        assert_eq!(Statistic::Ratio(Other::default()).of(&[0.0, 1.0], &[0.0, 0.0]), None);
    }
}
