//! Releases samples at a temperature.
//!
//! Points: x ← μ + √T·(x − μ), μ the model's exact mean, or the mean of the offered samples: covariance is
//! T times what it was, whatever the model, and of a normal N(μ, Σ) this is p^{1/T} itself. Labels stay.
//! Tokens: a sequence survives with probability (p_t(x)/p_max)^{1/T − 1}, p_max the largest offered (for
//! T > 1 the smallest): the survivors follow p_t^{1/T}, normalised, but for p_max. Without a density all
//! survive.
//! Under collapse: T < 1 multiplies the variance by T in each generation; of types, p_t ∝ p_0^{1/T^t} ends
//! on the likeliest. T > 1 undoes it, and flattens what was sound.
//! Cost: O(n·d); of tokens one density each, and as many more draws as are rejected.
//! Source: the sampling bias λ = T of Alemohammad et al. 2024 (arXiv 2307.01850); Marchi et al. 2024
//! (arXiv 2404.02325).
//! Not to be confused with a family's own `sampling-bias` and `decoding`, which act while samples are made,
//! token by token, and cost no draws; nor with `likeliest`, the nucleus (top-p) of whole samples.

use super::{Curation, CurationBench, Draw, rank};
use crate::numeric::bounded::Positive;
use crate::samples::{Points, Samples, Tokens};
use crate::stream::Stream;
use ndarray::{Array1, Axis};
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Truncate {
    /// T: below 1 samples come nearer to the typical one, above 1 they spread.
    pub temperature: Positive,
    /// Of tokens: "kept": draw until the schedule's number survives; "offspring": draw that number.
    pub draw: Draw,
}

impl Default for Truncate {
    fn default() -> Self {
        Truncate { temperature: Positive::literal(0.9), draw: Draw::Kept }
    }
}

impl Curation<Points> for Truncate {
    fn curate(
        &self,
        offered: Points,
        bench: &CurationBench<'_, Points>,
        _rng: &mut Stream,
    ) -> Points {
        if offered.is_empty() {
            return offered;
        }
        let own = || offered.values().mean_axis(Axis(0));
        let mean = bench.model.moments().map(|moments| moments.mean).or_else(own);
        let mean = mean.unwrap_or_else(|| Array1::zeros(offered.dimension()));
        let scale = self.temperature.get().sqrt();
        let values = (&offered.values() - &mean) * scale + &mean;
        let points = Points::new(values).with_image(offered.image());
        match offered.labels() {
            Some(labels) => points.with_labels(labels.to_vec()),
            None => points,
        }
    }
}

impl Curation<Tokens> for Truncate {
    fn draw(&self) -> Draw {
        self.draw
    }

    fn curate(
        &self,
        offered: Tokens,
        bench: &CurationBench<'_, Tokens>,
        rng: &mut Stream,
    ) -> Tokens {
        let Some(density) = bench.model.density() else { return offered };
        let power = 1.0 / self.temperature.get() - 1.0;
        let weights: Vec<f64> =
            density.ln_density(&offered).into_iter().map(|ln| power * ln).collect();
        let most = weights.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        let kept = |i: &usize| rng.random::<f64>() < (weights[*i] - most).exp();
        let rows = (0..offered.len()).filter(kept).collect();
        rank::survivors(&offered, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::{Gaussian, Types};
    use ndarray::arr1;

    #[test]
    fn points_come_nearer_to_the_mean_by_the_root_of_the_temperature() {
        let curator = Truncate { temperature: Positive::literal(0.25), ..Truncate::default() };
        let model = Gaussian::spherical(arr1(&[1.0]), 1.0);
        let place = Place::new(&model, Points::from_rows(vec![0.0], 1));
        let offered = Points::from_rows(vec![3., 1., -1.], 1).with_labels(vec![7., 8., 9.]);
        let (kept, _) = place.curate(&curator, offered);
        assert_eq!(kept.as_slice(), [2., 1., 0.]);
        assert_eq!(kept.labels().map(|l| l.to_vec()), Some(vec![7., 8., 9.]));
    }

    #[test]
    fn the_likeliest_sequence_always_survives_and_temperature_one_keeps_all() {
        let model = Types::new(&[8., 1.], 1).expect("weights");
        let offered = Tokens::of_length(vec![0, 1, 0, 1, 1, 0], 1, 2);
        let place = Place::new(&model, offered.clone());
        let cold = Truncate { temperature: Positive::literal(0.01), ..Truncate::default() };
        assert_eq!(place.curate(&cold, offered.clone()).0.types(), [0, 0, 0]);
        let same = Truncate { temperature: Positive::literal(1.0), ..Truncate::default() };
        assert_eq!(place.curate(&same, offered.clone()).0, offered);
    }
}
