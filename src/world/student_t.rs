//! Student's t in `dimension` dimensions: a normal whose scale is drawn anew for each sample.
//!
//! x = location + scale·z·√(ν/χ²_ν), z ~ N(0, I). Tails fall like |x|^−ν: the mean exists for ν > 1, the
//! covariance scale²·ν/(ν−2)·I for ν > 2, and metrics of moments mean nothing below.
//! Exact: density, entropy, tail region (an F quantile), and moments where ν > 2.
//! Source: the textbook multivariate t (Kotz & Nadarajah 2004), for tails heavier than any normal's.
//! Not to be confused with a product of one-dimensional t's: the coordinates share one χ².

use super::{World, WorldError, describe_covariance};
use crate::distribution::{self, Distribution};
use crate::numeric::bounded::{Count, Finite, Positive};
use crate::samples::{PointShape, Points};
use crate::theory::Setting;
use ndarray::Array1;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

/// Below this χ²_ν falls to where a computer has no numbers.
const LEAST_DEGREES: f64 = 0.1;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct StudentT {
    /// ν ≥ 0.1, whole or not; 1 is Cauchy's distribution, a large ν nearly a normal one.
    #[schemars(range(min = LEAST_DEGREES))]
    pub degrees: Positive,
    /// d ≥ 1.
    pub dimension: Count,
    /// Every coordinate's centre.
    pub location: Finite,
    /// Every coordinate's scale: below its standard deviation by the factor √((ν−2)/ν).
    pub scale: Positive,
}

impl Default for StudentT {
    fn default() -> Self {
        let (location, scale) = (Finite::literal(0.0), Positive::literal(1.0));
        StudentT { degrees: Positive::literal(3.0), dimension: Count::literal(1), location, scale }
    }
}

impl StudentT {
    fn law(&self) -> Result<distribution::StudentT, WorldError> {
        let degrees = self.degrees.get();
        let location = Array1::from_elem(self.dimension.get(), self.location.get());
        let law = distribution::StudentT::new(degrees, location, self.scale.get());
        law.filter(|_| degrees >= LEAST_DEGREES).ok_or_else(|| WorldError {
            key: Some("degrees"),
            reason: format!("{degrees} degrees of freedom reach beyond what a number can hold"),
            help: format!("at least {LEAST_DEGREES}"),
        })
    }
}

impl World<Points> for StudentT {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        Ok(self.law()?.shape())
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        Ok(Box::new(self.law()?))
    }

    fn describe(&self, setting: &mut Setting) {
        if let Ok(law) = self.law() {
            describe_covariance(&law, setting);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::Samples;
    use crate::theory::Truth;

    #[test]
    fn theory_hears_of_a_covariance_only_where_there_is_one() {
        let truth = |degrees| {
            let mut setting = Setting::default();
            let degrees = Positive::literal(degrees);
            StudentT { degrees, ..StudentT::default() }.describe(&mut setting);
            setting.truth
        };
        assert_eq!(truth(3.0), Truth::OtherContinuous { covariance_trace: 3.0, dimension: 1 });
        assert_eq!(truth(2.0), Truth::Unknown);
    }

    #[test]
    fn the_heaviest_legal_tail_draws_numbers_and_a_heavier_one_is_refused() {
        let world = |degrees| StudentT { degrees, ..StudentT::default() };
        let heavy = world(Positive::literal(0.1)).law().expect("legal");
        assert!(heavy.draw(20_000, &mut crate::stream::of_parameters(1)).is_finite());
        let error = world(Positive::literal(0.01)).law().expect_err("too heavy");
        assert_eq!(error.key, Some("degrees"));
        assert!(error.reason.starts_with("0.01 degrees"));
    }
}
