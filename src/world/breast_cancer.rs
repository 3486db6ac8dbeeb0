//! 569 tumours of the breast, 30 measurements of each and a diagnosis: a finite world, bundled.
//!
//! A sample is a row of numbers, its label 1 if the tumour is benign (357 rows) and 0 if malignant
//! (212). Each trial deals the rows out once, without replacement: 70 % founders are 398 of them, and
//! leave 171 for an evaluation of 85 (held-out rows, and as many for generation 0). All 30 columns
//! together separated the classes of 398 rows in each of 60 random splits: then the likelihood of
//! `logistic` has no maximum without a ridge. Few `columns` separate nothing.
//! Exact: nothing but the rows; there is no density.
//! Source: Wolberg, Street and Mangasarian 1995, the diagnostic set of Wisconsin in the UCI
//! repository; the same rows as scikit-learn's load_breast_cancer. Relabelled by logistic regression in
//! Dey & Donoho 2024 (arXiv 2410.22812).
//! Not to be confused with the set's older relative of nine graded columns and 699 rows.

use super::bundled::{self, Bundled, Choice};
use super::{World, WorldError};
use crate::distribution::Distribution;
use crate::samples::{PointShape, Points};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct BreastCancer {
    /// Names of the columns to use, such as ["mean radius", "mean texture"]; left out: all 30.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub columns: Option<Vec<String>>,
    /// Whether every column is brought to mean 0 and variance 1 (divisor n), over all rows.
    pub standardise: bool,
    /// Whether rows may be dealt out again once all have been used.
    pub reuse: bool,
}

impl Default for BreastCancer {
    fn default() -> Self {
        BreastCancer { columns: None, standardise: true, reuse: false }
    }
}

impl BreastCancer {
    fn choice(&self) -> Choice<'_> {
        Choice { columns: self.columns.as_deref(), standardise: self.standardise }
    }
}

#[cfg(feature = "bundled-data")]
fn data() -> Result<Bundled, WorldError> {
    Ok(smartcore::dataset::breast_cancer::load_dataset().into())
}

#[cfg(not(feature = "bundled-data"))]
fn data() -> Result<Bundled, WorldError> {
    Err(bundled::absent())
}

impl World<Points> for BreastCancer {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        self.choice().shape(&data()?)
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        bundled::open(self.choice().points(&data()?, |target| target == 1)?)
    }

    fn reuse(&self) -> bool {
        self.reuse
    }
}

#[cfg(test)]
#[cfg(feature = "bundled-data")]
mod tests {
    use super::*;
    use crate::samples::Samples;

    fn read(text: &str) -> BreastCancer {
        toml::from_str(text).expect("legal")
    }

    fn points(text: &str) -> Points {
        read(text).choice().points(&data().expect("bundled"), |target| target == 1).expect("legal")
    }

    #[test]
    fn columns_have_mean_0_and_variance_1_unless_they_keep_their_units() {
        let standard = points("");
        assert_eq!((standard.len(), standard.dimension()), (569, 30));
        for column in 0..30 {
            let of = |power| standard.rows().map(|x| x[column].powi(power)).sum::<f64>() / 569.0;
            assert!(of(1).abs() < 1e-9 && (of(2) - 1.0).abs() < 1e-9, "column {column}");
        }
        let raw = points("standardise = false");
        assert!((raw.as_slice()[0] - 17.99).abs() < 1e-5 && raw.as_slice()[3] == 1001.0);
    }

    #[test]
    fn named_columns_come_in_their_order() {
        let two = points("columns = [\"worst radius\", \"mean radius\"]\nstandardise = false");
        assert!(
            (two.as_slice()[0] - 25.38).abs() < 1e-5 && (two.as_slice()[1] - 17.99).abs() < 1e-5
        );
        let shape = read("columns = [\"mean area\"]").shape(Path::new("")).expect("legal");
        assert!(shape.dimension == 1 && shape.labelled);
    }

    #[test]
    fn columns_that_do_not_exist_come_twice_or_are_none_are_refused() {
        let error = |text| read(text).open(Path::new("")).err().expect("illegal");
        assert_eq!(error("columns = [\"radius\"]").reason, "there is no column `radius`");
        let twice = error("columns = [\"mean area\", \"mean area\"]");
        assert_eq!(twice.reason, "`columns` names `mean area` twice");
        assert!(twice.help.contains("worst concave points") && twice.key == Some("columns"));
        assert_eq!(error("columns = []").reason, "`columns` keeps no column at all");
    }
}
