//! 442 patients with diabetes, ten measurements of each, and how far the disease had gone a year
//! later: a finite world, bundled.
//!
//! A sample is a row of numbers; its label is 1 if the progression exceeds `threshold`, else 0. Each
//! trial deals the rows out once, without replacement: 70 % founders are 309 of them, and leave 133 for
//! an evaluation of 66 (held-out rows, and as many for generation 0).
//! Exact: nothing but the rows; there is no density.
//! Source: Efron, Hastie, Johnstone and Tibshirani 2004; the same rows as scikit-learn's
//! load_diabetes. Cut at 100 and relabelled by logistic regression in Dey & Donoho 2024 (arXiv
//! 2410.22812).
//! Not to be confused with the Pima set, whose labels are a diagnosis.

use super::bundled::{self, Bundled, Choice};
use super::{World, WorldError};
use crate::distribution::Distribution;
use crate::numeric::bounded::Finite;
use crate::samples::{PointShape, Points};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Diabetes {
    /// The progression (25 to 346) above which the label is 1: 294 of 442 rows exceed 100.
    pub threshold: Finite,
    /// Names of the columns to use, of Age, Sex, BMI, BP and S1 to S6; left out: all ten.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub columns: Option<Vec<String>>,
    /// Whether every column is brought to variance 1 (divisor n); else its squares sum to 1, as
    /// in the source. The mean is 0 in both.
    pub standardise: bool,
    /// Whether rows may be dealt out again once all have been used.
    pub reuse: bool,
}

impl Default for Diabetes {
    fn default() -> Self {
        let threshold = Finite::literal(100.0);
        Diabetes { threshold, columns: None, standardise: true, reuse: false }
    }
}

impl Diabetes {
    fn choice(&self) -> Choice<'_> {
        Choice { columns: self.columns.as_deref(), standardise: self.standardise }
    }

    fn points(&self) -> Result<Points, WorldError> {
        self.choice().points(&data()?, |target| f64::from(target) > self.threshold.get())
    }
}

#[cfg(feature = "bundled-data")]
fn data() -> Result<Bundled, WorldError> {
    Ok(smartcore::dataset::diabetes::load_dataset().into())
}

#[cfg(not(feature = "bundled-data"))]
fn data() -> Result<Bundled, WorldError> {
    Err(bundled::absent())
}

impl World<Points> for Diabetes {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        self.choice().shape(&data()?)
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        bundled::open(self.points()?)
    }

    fn reuse(&self) -> bool {
        self.reuse
    }
}

#[cfg(test)]
#[cfg(feature = "bundled-data")]
mod tests {
    use super::*;

    fn points(text: &str) -> Points {
        toml::from_str::<Diabetes>(text).expect("legal").points().expect("bundled")
    }

    fn labels(text: &str) -> Vec<f64> {
        points(text).labels().expect("labelled").to_vec()
    }

    #[test]
    fn the_threshold_decides_the_labels() {
        let of_100 = labels("");
        assert_eq!((of_100.len(), of_100.iter().sum::<f64>()), (442, 294.0));
        assert_eq!(of_100[..10], [1., 0., 1., 1., 1., 0., 1., 0., 1., 1.]);
        assert_eq!(labels("threshold = 346").iter().sum::<f64>(), 0.0);
        assert_eq!(labels("threshold = 24.5").iter().sum::<f64>(), 442.0);
    }

    #[test]
    fn columns_have_variance_1_or_their_squares_sum_to_1() {
        for (text, sum) in [("", 442.0), ("standardise = false", 1.0)] {
            let points = points(text);
            for column in 0..10 {
                let square: f64 = points.rows().map(|x| x[column].powi(2)).sum();
                assert!((square / sum - 1.0).abs() < 1e-6, "{text}: column {column}");
            }
        }
    }
}
