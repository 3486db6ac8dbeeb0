//! A mixture of k normals Σ π_k N(μ_k, Σ_k), fitted by expectation-maximisation (EM).
//!
//! E-step: r_ik = π_k N(xᵢ; μ_k, Σ_k) / Σ_l π_l N(xᵢ; μ_l, Σ_l), in logs.
//! M-step: N_k = Σwᵢr_ik, π_k = N_k/Σw, μ_k = Σwᵢr_ik·xᵢ/N_k,
//! Σ_k = Σwᵢr_ik(xᵢ−μ_k)(xᵢ−μ_k)ᵀ/N_k + floor·I (divisor N_k: the maximum likelihood).
//! It ends when the mean log likelihood a sample gains less than `tolerance` (nats).
//! Start "k-means++": centres far apart, ten rounds of k-means, then equal weights and the pooled
//! covariance within clusters for every component.
//! Under collapse: replace shrinks every Σ_k by about (1 − 1/N_k) a generation down to the floor, and
//! lets π_k drift until components, and with them modes, are lost. With floor 0 a component can become a
//! point mass: legal, without a density. A component that nothing belongs to is put back on a random
//! sample; one that cannot be kept filled ends the lineage.
//! Labelled points: one mixture for each class, of as many components as the class has samples at most.
//! Cost: O(n k d²) an iteration with "full" and "tied", O(n k d) otherwise.
//! Source: Dempster, Laird & Rubin 1977; Arthur & Vassilvitskii 2007 (start).
//! Not to be confused with the world `grid` or `ring`, whose modes nobody fits, or with `kde`, which
//! puts one component on every sample.

mod data;
mod em;
mod moments;
mod parameters;
mod precision;
mod start;

use super::classes::Shares;
use super::{Bench, Family, FitError, Kin};
use crate::distribution::{ByClass, NormalMixture};
use crate::numeric::bounded::{Count, NonNegative};
use crate::samples::{Points, Samples, TrainingSet};
use crate::stream::Stream;
use data::Data;
use em::Em;
use ndarray::Array2;
use parameters::Parameters;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mixture {
    /// k: the number of components (default 8).
    pub components: Count,
    /// The form of Σ_k: "full" (default), "diagonal", "tied" (one full Σ for all) or "spherical".
    pub covariance: Form,
    /// Starts that are tried (default 1); the fit of the highest likelihood is kept, and one without a
    /// singular component before any that has one.
    pub restarts: Count,
    /// EM ends when the mean log likelihood a sample changes by less, in nats (default 0.0001).
    pub tolerance: NonNegative,
    /// EM ends after this many iterations at the latest (default 1000).
    pub iterations: Count,
    /// Added to every variance in each M-step, in squared units of the data (default 0.000001).
    pub covariance_floor: NonNegative,
    /// Where EM starts: "k-means++" (default), or "parent": at the model of the generation before,
    /// where there is one.
    pub start: Start,
    /// Of labelled points, how likely each class is among offspring: as "trained" on (default), as among
    /// the "founders", or "equal"; "ignored": one mixture for all, and no labels.
    pub classes: Shares,
}

/// The form of the covariances.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Form {
    Full,
    Diagonal,
    Tied,
    Spherical,
}

/// Where a file says that EM starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub enum Start {
    #[serde(rename = "k-means++")]
    KMeans,
    #[serde(rename = "parent")]
    Parent,
}

/// Where one run of EM starts.
#[derive(Debug, Clone, Copy)]
pub enum Origin<'a> {
    /// At centres that k-means++ chooses.
    KMeans,
    /// At these means (k × d), with equal weights and the covariance of the data for every component.
    Means(&'a Array2<f64>),
    /// At a mixture of as many components.
    Model(&'a NormalMixture),
}

/// Where one run of EM ended.
#[derive(Debug, Clone)]
pub struct Fit {
    pub model: NormalMixture,
    /// Pairs of an E- and an M-step.
    pub iterations: usize,
    /// Whether the tolerance was reached before the number of iterations.
    pub converged: bool,
    /// Mean ln p of a sample in the last E-step, before the last M-step.
    pub mean_ln_likelihood: f64,
}

impl Default for Mixture {
    fn default() -> Self {
        Mixture {
            components: Count::literal(8),
            covariance: Form::Full,
            restarts: Count::literal(1),
            tolerance: NonNegative::literal(1e-4),
            iterations: Count::literal(1000),
            covariance_floor: NonNegative::literal(1e-6),
            start: Start::KMeans,
            classes: Shares::Trained,
        }
    }
}

impl Family for Mixture {
    type Data = Points;
    type Model = ByClass<NormalMixture>;

    fn fit(
        &self,
        data: &TrainingSet<'_, Points>,
        kin: Kin<'_, ByClass<NormalMixture>>,
        bench: &Bench<'_, Points>,
        rng: &mut Stream,
    ) -> Result<ByClass<NormalMixture>, FitError> {
        self.classes.fit(data, bench, |own, label| {
            let parent = kin.parent.and_then(|parent| parent.part(label));
            match label.and_then(|_| Count::new(self.components.get().min(own.len())).ok()) {
                Some(components) => {
                    Mixture { components, ..self.clone() }.mixture(own, parent, rng)
                }
                None => self.mixture(own, parent, rng),
            }
        })
    }
}

impl Mixture {
    /// The mixture of all points, whatever their labels.
    fn mixture(
        &self,
        data: &TrainingSet<'_, Points>,
        parent: Option<&NormalMixture>,
        rng: &mut Stream,
    ) -> Result<NormalMixture, FitError> {
        let (points, weights) = data.gathered().ok_or(self.too_few(0))?;
        let alike = |parent: &&NormalMixture| parent.components().len() == self.components.get();
        let parent = parent.filter(|_| self.start == Start::Parent).filter(alike);
        let first = parent.map_or(Origin::KMeans, Origin::Model);
        let origins = (0..self.restarts.get()).map(|i| if i == 0 { first } else { Origin::KMeans });
        Ok(self.best(&points, weights.as_deref(), origins, rng)?.model)
    }

    /// EM from one start. Without `weights` every sample weighs 1; the numbers that `rng` gives choose
    /// the start, and the sample that an empty component is put on.
    pub fn fit_from(
        &self,
        points: &Points,
        weights: Option<&[f64]>,
        origin: Origin<'_>,
        rng: &mut Stream,
    ) -> Result<Fit, FitError> {
        self.best(points, weights, std::iter::once(origin), rng)
    }

    /// The best of several runs.
    fn best<'a>(
        &self,
        points: &Points,
        weights: Option<&[f64]>,
        origins: impl Iterator<Item = Origin<'a>>,
        rng: &mut Stream,
    ) -> Result<Fit, FitError> {
        if points.len() < self.components.get() {
            return Err(self.too_few(points.len()));
        }
        if !points.is_finite() {
            return Err(NOT_FINITE);
        }
        let data = Data::new(points, weights);
        let mut em = Em::new(self, &data);
        let (mut best, mut failure): (Option<em::End>, _) = (None, NOT_FINITE);
        for origin in origins {
            let start = match origin {
                Origin::KMeans => start::k_means(&mut em, rng),
                Origin::Means(means) => Parameters::around(means, &em.spread(), self.covariance),
                Origin::Model(model) => Parameters::of(model, self.covariance),
            };
            match em.run(start, rng) {
                Ok(end) if best.as_ref().is_none_or(|best| end.beats(best)) => best = Some(end),
                Ok(_) => {}
                Err(error) => failure = error,
            }
        }
        let Some(end) = best else { return Err(failure) };
        let model = end.parameters.model().ok_or(NOT_FINITE)?.with_image(points.image());
        let em::End { iterations, converged, mean_ln_likelihood, .. } = end;
        Ok(Fit { model, iterations, converged, mean_ln_likelihood })
    }

    fn too_few(&self, got: usize) -> FitError {
        FitError::TooFew { family: "mixture", needs: self.components.get(), got }
    }
}

const NOT_FINITE: FitError = FitError::NotFinite { family: "mixture" };

#[cfg(test)]
mod tests;
