//! A kernel density estimate: the mean of one kernel of width h on every sample.
//!
//! p̂(x) = Σwᵢ K((x−xᵢ)/h) / (hᵈ Σw); "gaussian": K = N(0, I); "tophat": K uniform in the unit ball
//! (strictly inside). h is a number, or "scott" m^(−1/(d+4)), or "silverman" (m(d+2)/4)^(−1/(d+4)),
//! with m = (Σw)²/Σw² samples (n for equal weights); these depend on m and d alone, not on the spread
//! of the data. Mean: that of the data. Covariance: the data's (divisor n), and h²·I (gaussian) or
//! h²/(d+2)·I (tophat) more. It always has a density; data that repeat do no harm.
//! Labelled points: one estimate for each class, with the bandwidth of its own samples.
//! Under collapse: the opposite of shrinking: replace adds h² to every variance in each generation, and
//! accumulate adds about h²·ln t.
//! Cost: O(n d) to fit; O(n m d) for the density of m places.
//! Source: Rosenblatt 1956; Parzen 1962; Scott 1992; Silverman 1986.
//! Not to be confused with `mixture`, whose components are few and fitted, or with SciPy's
//! `gaussian_kde`, which scales its bandwidth by the covariance of the data.

mod estimate;

use super::classes::Shares;
use super::{Bench, Family, FitError, Kin};
use crate::distribution::ByClass;
use crate::numeric::bounded::{Positive, number_or_word, number_or_word_schema};
use crate::samples::{Points, Samples, Scatter, TrainingSet};
use crate::stream::Stream;
use crate::theory::{Estimator, Setting};
pub use estimate::KernelDensity;
use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::borrow::Cow;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Kde {
    /// h: a number above 0 in units of the data, "scott" (default) or "silverman".
    pub bandwidth: Bandwidth,
    /// "gaussian" (default) or "tophat".
    pub kernel: Kernel,
    /// Of labelled points, how likely each class is among offspring: as "trained" on (default), as among
    /// the "founders", or "equal"; "ignored": one estimate for all, and no labels.
    pub classes: Shares,
}

/// The width of a kernel, or the rule that gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Bandwidth {
    Scott,
    Silverman,
    Fixed(Positive),
}

/// The shape of a kernel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Kernel {
    Gaussian,
    Tophat,
}

impl Default for Kde {
    fn default() -> Self {
        let (bandwidth, kernel) = (Bandwidth::Scott, Kernel::Gaussian);
        Kde { bandwidth, kernel, classes: Shares::Trained }
    }
}

impl Bandwidth {
    /// h for this many samples of dimension d.
    pub fn of(self, samples: f64, d: usize) -> f64 {
        let power = -1.0 / (d as f64 + 4.0);
        match self {
            Bandwidth::Fixed(h) => h.get(),
            Bandwidth::Scott => samples.powf(power),
            Bandwidth::Silverman => (samples * (d as f64 + 2.0) / 4.0).powf(power),
        }
    }
}

impl Serialize for Bandwidth {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Bandwidth::Scott => serializer.serialize_str("scott"),
            Bandwidth::Silverman => serializer.serialize_str("silverman"),
            Bandwidth::Fixed(h) => h.serialize(serializer),
        }
    }
}

impl JsonSchema for Bandwidth {
    fn schema_name() -> Cow<'static, str> {
        "Bandwidth".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        number_or_word_schema::<Positive>(generator, &["scott", "silverman"])
    }
}

impl<'de> Deserialize<'de> for Bandwidth {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let word = |text: &str| match text {
            "scott" => Some(Bandwidth::Scott),
            "silverman" => Some(Bandwidth::Silverman),
            _ => None,
        };
        let number = |number| Positive::try_from(number).map(Bandwidth::Fixed);
        let expected = "a bandwidth: a positive number, \"scott\" or \"silverman\"";
        number_or_word(deserializer, expected, number, word)
    }
}

impl Family for Kde {
    type Data = Points;
    type Model = ByClass<KernelDensity>;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        _kin: Kin<'_, ByClass<KernelDensity>>,
        bench: &Bench<'_, Points>,
        _rng: &mut Stream,
    ) -> Result<ByClass<KernelDensity>, FitError> {
        self.classes.fit(data, bench, |own, _| self.estimate(own))
    }

    fn describe(&self, setting: &mut Setting) {
        if let (Bandwidth::Fixed(h), Kernel::Gaussian) = (self.bandwidth, self.kernel) {
            setting.estimator = Estimator::Kde { bandwidth: h.get() };
        }
    }
}

impl Kde {
    /// The estimate from all points, whatever their labels.
    pub fn estimate(&self, data: &TrainingSet<'_, Points>) -> Result<KernelDensity, FitError> {
        let too_few = FitError::TooFew { family: "kde", needs: 1, got: 0 };
        let not_finite = FitError::NotFinite { family: "kde" };
        let scatter: Scatter = data.summary().ok_or(too_few.clone())?;
        let (points, weights) = data.gathered().ok_or(too_few)?;
        if !points.is_finite() {
            return Err(not_finite);
        }
        let effective = scatter.weight * scatter.weight / scatter.square_weight;
        let h = self.bandwidth.of(effective, points.dimension());
        KernelDensity::new(points, weights, self.kernel, h, &scatter).ok_or(not_finite)
    }
}

#[cfg(test)]
mod tests;
