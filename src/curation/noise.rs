//! Adds the noise of a differentially private release to every sample, after clipping it.
//!
//! x − c (with its label as one more coordinate) is scaled back to the norm C = `clip` where it is longer,
//! and noise is added to each coordinate. Two samples then differ by at most Δ = 2C.
//! "gaussian": norm ‖·‖₂, N(0, σ²) with the least σ for which
//! Φ(Δ/2σ − εσ/Δ) − e^ε·Φ(−Δ/2σ − εσ/Δ) ≤ δ: (ε, δ)-private. "laplace": norm ‖·‖₁, Laplace noise of scale
//! Δ/ε: (ε, 0)-private.
//! What is protected is each released sample by itself (the local model): whoever sees it can hardly tell
//! which sample it was made of. Of what the founders gave to a whole generation of n samples, only
//! composition is sure: n·ε and n·δ, and as much again in each generation that is trained on founders.
//! Under collapse: variance grows by σ² (Laplace: 2Δ²/ε²) a generation, as under a kernel's bandwidth, and
//! clipping takes the tails.
//! Cost: O(n·d).
//! Source: Dwork & Roth 2014; Balle & Wang 2018 (arXiv 1805.06530) for the least σ.
//! Not to be confused with `mixup`, whose noise is other samples and protects nothing.

use super::centre::Centre;
use super::{Curation, CurationBench};
use crate::model::Misfit;
use crate::numeric::bounded::{Positive, Quantile};
use crate::numeric::special::normal_cdf;
use crate::samples::{PointShape, Points, Samples};
use crate::stream::Stream;
use ndarray::Array1;
use rand::RngExt;
use rand_distr::StandardNormal;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Noise {
    /// "gaussian" or "laplace".
    pub mechanism: Mechanism,
    /// ε of each released sample: the less, the more private and the noisier.
    pub epsilon: Positive,
    /// δ of each released sample under "gaussian".
    pub delta: Quantile,
    /// C: the longest norm that is not clipped.
    pub clip: Positive,
    /// c, known without the data: a list of one number for all coordinates or of one for each; [] is 0.
    pub centre: Centre,
}

/// Which noise.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Mechanism {
    Gaussian,
    Laplace,
}

impl Default for Noise {
    fn default() -> Self {
        Noise {
            mechanism: Mechanism::Gaussian,
            epsilon: Positive::literal(8.0),
            delta: Quantile::literal(1e-5),
            clip: Positive::literal(3.0),
            centre: Centre::default(),
        }
    }
}

impl Noise {
    /// σ of the normal noise, or the scale of the Laplace noise.
    fn scale(&self) -> f64 {
        let reach = 2.0 * self.clip.get();
        match self.mechanism {
            Mechanism::Gaussian => reach * least_ratio(self.epsilon.get(), self.delta.get()),
            Mechanism::Laplace => reach / self.epsilon.get(),
        }
    }

    /// x − c, no longer than C, with noise; `scale` is [`scale`](Self::scale).
    fn release(&self, x: &mut [f64], scale: f64, rng: &mut Stream) {
        let norm = match self.mechanism {
            Mechanism::Gaussian => x.iter().map(|x| x * x).sum::<f64>().sqrt(),
            Mechanism::Laplace => x.iter().map(|x| x.abs()).sum(),
        };
        let shrink = if norm > self.clip.get() { self.clip.get() / norm } else { 1.0 };
        for x in x {
            let noise: f64 = match self.mechanism {
                Mechanism::Gaussian => rng.sample(StandardNormal),
                Mechanism::Laplace => laplace(rng),
            };
            *x = *x * shrink + scale * noise;
        }
    }
}

/// A draw of density ½e^{−|x|}.
fn laplace(rng: &mut Stream) -> f64 {
    let u = rng.random::<f64>() - 0.5;
    // u may be −½ exactly, where the logarithm has no value.
    -u.signum() * (1.0 - 2.0 * u.abs()).max(f64::MIN_POSITIVE).ln()
}

/// The least σ/Δ of (ε, δ)-private normal noise, to rounding.
pub fn least_ratio(epsilon: f64, delta: f64) -> f64 {
    let spent = |ratio: f64| {
        let (half, shift) = (0.5 / ratio, epsilon * ratio);
        let tail = normal_cdf(-half - shift);
        // e^ε may be infinite where the tail is 0.
        let other = if tail > 0.0 { (epsilon + tail.ln()).exp() } else { 0.0 };
        normal_cdf(half - shift) - other
    };
    let (mut low, mut high) = (1e-200_f64, 1e200_f64);
    for _ in 0..2000 {
        let middle = (low.ln() + 0.5 * (high.ln() - low.ln())).exp();
        if middle <= low || middle >= high {
            break;
        }
        if spent(middle) > delta { low = middle } else { high = middle }
    }
    high
}

impl Curation<Points> for Noise {
    fn check(&self, shape: &PointShape) -> Result<(), Misfit> {
        self.centre.check("noise", shape)
    }

    fn account(&self) -> Option<String> {
        let (epsilon, delta, clip) = (self.epsilon.get(), self.delta.get(), self.clip.get());
        let scale = self.scale();
        let (kind, variance, delta) = match self.mechanism {
            Mechanism::Gaussian => ("normal noise of standard deviation", scale * scale, delta),
            Mechanism::Laplace => ("Laplace noise of scale", 2.0 * scale * scale, 0.0),
        };
        Some(format!(
            "Each released sample is ({epsilon}, {delta})-private: clipped to norm {clip}, {kind} \
             {scale:.4}.\nEach coordinate's variance grows by {variance:.4} a generation."
        ))
    }

    fn curate(
        &self,
        offered: Points,
        _bench: &CurationBench<'_, Points>,
        rng: &mut Stream,
    ) -> Points {
        let d = offered.dimension();
        let centre = self.centre.named(d).unwrap_or_else(|| Array1::zeros(d));
        let (scale, labels) = (self.scale(), offered.labels());
        let mut values = Vec::with_capacity(offered.len() * d);
        let mut noisy = labels.map(|_| Vec::with_capacity(offered.len()));
        let mut record = Vec::with_capacity(d + 1);
        for (i, x) in offered.rows().enumerate() {
            record.clear();
            record.extend(x.iter().zip(&centre).map(|(x, c)| x - c));
            record.extend(labels.map(|labels| labels[i]));
            self.release(&mut record, scale, rng);
            values.extend(record.iter().zip(&centre).map(|(x, c)| x + c));
            if let Some(noisy) = &mut noisy {
                noisy.extend(record.last());
            }
        }
        let points = Points::from_rows(values, d).with_image(offered.image());
        match noisy {
            Some(labels) => points.with_labels(labels),
            None => points,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::Gaussian;

    fn released(table: &str, offered: Points) -> Points {
        let curator: Noise = toml::from_str(table).expect("legal");
        let model = Gaussian::spherical(Array1::zeros(offered.dimension()), 1.0);
        Place::new(&model, offered.clone()).curate(&curator, offered).0
    }

    #[test]
    fn the_least_noise_is_that_of_the_exact_condition() {
        // Below √(2 ln(1.25/δ))/ε, the classical bound, and where the condition is tight.
        for (epsilon, delta) in [(0.1, 1e-5), (0.5, 1e-6), (1.0, 1e-3), (8.0, 1e-5), (50.0, 1e-8)] {
            let ratio: f64 = least_ratio(epsilon, delta);
            let classical = (2.0 * (1.25_f64 / delta).ln()).sqrt() / epsilon;
            assert!(ratio < classical || epsilon > 1.0, "{ratio} and {classical}");
            let (half, shift) = (0.5 / ratio, epsilon * ratio);
            let spent = normal_cdf(half - shift) - f64::exp(epsilon) * normal_cdf(-half - shift);
            assert!((spent / delta - 1.0).abs() < 1e-6, "{spent} of {delta} at {epsilon}");
        }
    }

    #[test]
    fn samples_are_clipped_around_their_centre() {
        let offered = Points::from_rows(vec![1., 4., 1., 1.5, 9., 1.], 2);
        let quiet = "epsilon = 1e9\nclip = 2\ncentre = [1]";
        let moved = released(quiet, offered.clone());
        for (x, wanted) in moved.as_slice().iter().zip([1., 3., 1., 1.5, 3., 1.]) {
            assert!((x - wanted).abs() < 1e-3, "{x} is not {wanted}");
        }
        let moved = released(&format!("{quiet}\nmechanism = 'laplace'"), offered);
        assert!((moved.row(0)[1] - 3.0).abs() < 1e-3);
    }

    #[test]
    fn a_label_is_a_coordinate_like_any_other() {
        let offered = Points::from_rows(vec![3.], 1).with_labels(vec![4.]);
        let moved = released("epsilon = 1e9\nclip = 2.5", offered);
        assert!((moved.as_slice()[0] - 1.5).abs() < 1e-3);
        assert!((moved.labels().expect("labels")[0] - 2.0).abs() < 1e-3);
    }

    #[test]
    fn the_account_says_noise_and_privacy() {
        let account = Noise::default().account().expect("an account");
        assert!(account.contains("(8, 0.00001)-private") && account.contains("standard deviation"));
    }
}
