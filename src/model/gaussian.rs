//! A normal N(μ, Σ) with the sample mean and the sample covariance.
//!
//! μ̂ = Σwᵢxᵢ/Σw; Σ̂ = Σwᵢ(xᵢ−μ̂)(xᵢ−μ̂)ᵀ / c, with c = n (biased, the maximum likelihood) or
//! Σw − Σw²/Σw (unbiased; n − 1 for equal weights), the weights rescaled to sum to n.
//! The model is N(μ̂, Σ̂); the samples it leaves behind come from N(μ̂, λΣ̂).
//! Labelled points: one normal for each class.
//! Under collapse: replace shrinks E Σ by (1 − 1/n) a generation (biased) or keeps it while Σ → 0
//! almost surely (unbiased). n ≤ d leaves Σ̂ singular: legal, without a density.
//! Cost: O(n d²) a chunk, once.
//! Source: Shumailov et al. 2024; Alemohammad et al. 2023 (sampling bias λ).
//! Not to be confused with `mixture` of one component, which is fitted by EM with a covariance floor.

use super::classes::Shares;
use super::{Bench, Family, FitError, Kin};
use crate::distribution::{ByClass, Gaussian as Normal};
use crate::numeric::bounded::Share;
use crate::samples::{Points, Samples, Scatter, Summary, TrainingSet};
use crate::stream::Stream;
use crate::theory::{Divisor, Estimator, Setting};
use ndarray::{Array1, Array2};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gaussian {
    /// The divisor of the variance: "biased" (n) or "unbiased" (n − 1).
    pub variance: Variance,
    /// The form of Σ: "full", "diagonal" or "spherical".
    pub covariance: Form,
    /// λ, 0 < λ ≤ 1: offspring come from N(μ, λΣ).
    pub sampling_bias: Share,
    /// Of labelled points, how likely each class is among offspring: as "trained" on (default), as among
    /// the "founders", or "equal"; "ignored": one normal for all, and no labels.
    pub classes: Shares,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Variance {
    Biased,
    Unbiased,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    Full,
    Diagonal,
    Spherical,
}

impl Default for Gaussian {
    fn default() -> Self {
        let sampling_bias = Share::literal(1.0);
        let (variance, covariance) = (Variance::Biased, Form::Full);
        Gaussian { variance, covariance, sampling_bias, classes: Shares::Trained }
    }
}

impl Family for Gaussian {
    type Data = Points;
    type Model = ByClass<Normal>;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        _kin: Kin<'_, ByClass<Normal>>,
        bench: &Bench<'_, Points>,
        _rng: &mut Stream,
    ) -> Result<ByClass<Normal>, FitError> {
        let image = data.example().and_then(Points::image);
        self.classes.fit(data, bench, |own, _| Ok(self.normal(own)?.with_image(image)))
    }

    fn describe(&self, setting: &mut Setting) {
        let divisor = match self.variance {
            Variance::Biased => Divisor::Biased,
            Variance::Unbiased => Divisor::Unbiased,
        };
        let full = self.covariance == Form::Full;
        let sampling_bias = self.sampling_bias.get();
        setting.estimator = Estimator::Gaussian { divisor, full, sampling_bias };
    }
}

impl Gaussian {
    /// The normal of all samples, whatever their labels.
    pub(super) fn normal<S: Samples>(&self, data: &TrainingSet<'_, S>) -> Result<Normal, FitError>
    where
        Scatter: Summary<S, How = ()>,
    {
        let needs = if self.variance == Variance::Unbiased { 2 } else { 1 };
        let too_few = |got| FitError::TooFew { family: "gaussian", needs, got };
        let scatter: Scatter = data.summary().ok_or(too_few(0))?;
        let divisor = match self.variance {
            Variance::Biased => scatter.count as f64,
            Variance::Unbiased => scatter.unbiased_divisor(),
        };
        if scatter.count < needs || divisor <= 0.0 {
            return Err(too_few(scatter.count));
        }
        let covariance = scatter.rescaled_scatter() / divisor;
        let not_finite = FitError::NotFinite { family: "gaussian" };
        let normal = self.member(scatter.mean, covariance).ok_or(not_finite)?;
        Ok(normal.released_at(self.sampling_bias.get()))
    }

    fn member(&self, mean: Array1<f64>, covariance: Array2<f64>) -> Option<Normal> {
        if !mean.iter().chain(&covariance).all(|x| x.is_finite()) {
            return None;
        }
        match self.covariance {
            Form::Full => Normal::full(mean, covariance),
            Form::Diagonal => Some(Normal::diagonal(mean, covariance.into_diag())),
            Form::Spherical => {
                let variance = covariance.diag().mean()?;
                Some(Normal::spherical(mean, variance))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::Distribution;
    use crate::stream::{Role, stream};

    fn fit(family: &Gaussian, values: &[f64], d: usize) -> Result<Normal, FitError> {
        family.normal(&TrainingSet::plain(&Points::from_rows(values.to_vec(), d)))
    }

    #[test]
    fn one_sample_is_a_point_mass_if_biased_and_too_few_if_unbiased() {
        let biased = Gaussian::default();
        let point = fit(&biased, &[3.0, 4.0], 2).expect("legal");
        assert!(point.density().is_none() && point.covariance().iter().all(|c| *c == 0.0));
        let unbiased = Gaussian { variance: Variance::Unbiased, ..biased.clone() };
        let error = fit(&unbiased, &[3.0], 1).unwrap_err();
        assert_eq!(error.to_string(), "gaussian needs at least 2 samples, got 1");
        assert!(matches!(fit(&biased, &[], 1), Err(FitError::TooFew { got: 0, .. })));
    }

    #[test]
    fn values_that_overflow_are_not_finite_rather_than_a_panic() {
        for form in [Form::Full, Form::Diagonal, Form::Spherical] {
            let family = Gaussian { covariance: form, ..Gaussian::default() };
            let error = fit(&family, &[1e200, 0., -1e200, 1.], 2).unwrap_err();
            assert_eq!(error, FitError::NotFinite { family: "gaussian" });
        }
    }

    #[test]
    fn the_forms_keep_the_diagonal_or_its_mean() {
        let values = [0., 0., 2., 4., 4., 8., 2., 4.];
        let of = |covariance| {
            let family = Gaussian { covariance, ..Gaussian::default() };
            fit(&family, &values, 2).expect("four points").covariance()
        };
        assert_eq!(of(Form::Full), ndarray::arr2(&[[2., 4.], [4., 8.]]));
        assert_eq!(of(Form::Diagonal), ndarray::arr2(&[[2., 0.], [0., 8.]]));
        assert_eq!(of(Form::Spherical), ndarray::arr2(&[[5., 0.], [0., 5.]]));
    }

    #[test]
    fn a_sampling_bias_narrows_what_is_released_and_not_the_model() {
        let sampling_bias = Share::literal(0.25);
        let family = Gaussian { sampling_bias, ..Gaussian::default() };
        let normal = fit(&family, &[-1.0, 1.0], 1).expect("two points");
        assert_eq!(normal.moments().map(|m| m.trace()), Some(1.0));
        let n = 20_000;
        let released = normal.release(n, &mut stream(1, 0, 1, Role::DRAW));
        let square = released.as_slice().iter().map(|x| x * x).sum::<f64>() / n as f64;
        assert!((square - 0.25).abs() < 4.0 * 0.25 * (2.0 / n as f64).sqrt());
    }
}
