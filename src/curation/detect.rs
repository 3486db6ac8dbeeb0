//! Resamples synthetic samples by how real a classifier finds them.
//!
//! A logistic regression learns to tell the founders from the offered samples (both sides weigh the same,
//! ridge ½‖w‖²), and gives each offered x the probability q(x) of being synthetic, its logit divided by
//! `temperature`. Then round(upsample·m) samples are drawn with weights (1 − q)^bias, without replacement
//! from `repeats` copies of each, and stand in the order in which they were offered.
//! Points: the coordinates and their squares, scaled by the founders' mean and deviation, and a label as
//! one more coordinate. Tokens: the share of each of the 127 types that founders use most, and of the rest.
//! Under collapse: undoes the part of it that the classifier sees; repeated samples lower diversity.
//! Cost: O((N + m)·f·steps), f features (2d, or at most 128), at most 50 steps; O(m·repeats·ln) to draw.
//! Source: Drayson, Yilmaz & Lampos 2025 (arXiv 2502.15654): bias 10, 1.5 times as many samples, at most 3
//! of each; their classifier is a network, with a temperature of 1.36.
//! Not to be confused with `verify`, which asks the world and knows nothing of the founders' company.

mod classifier;

use super::{Curation, CurationBench, rank};
use crate::numeric::bounded::{Few, NonNegative, Positive};
use crate::stream::Stream;
use classifier::{Featured, synthetic_logits};
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Detect {
    /// b: the power of 1 − q; 0 draws all alike.
    pub bias: NonNegative,
    /// Samples that survive for each that is offered, at most `repeats`.
    pub upsample: Positive,
    /// The most copies of one sample, at most 100.
    pub repeats: Few,
    /// What the classifier's logits are divided by.
    pub temperature: Positive,
}

impl Default for Detect {
    fn default() -> Self {
        Detect {
            bias: NonNegative::literal(10.0),
            upsample: Positive::literal(1.5),
            repeats: Few::literal(3),
            temperature: Positive::literal(1.0),
        }
    }
}

impl Detect {
    /// Survivors for each sample that is offered.
    fn factor(&self) -> f64 {
        self.upsample.get().min(self.repeats.get() as f64)
    }

    /// k of the copies without replacement, by the largest keys b·ln(1 − q) + Gumbel noise.
    fn resample(&self, logits: &[f64], rng: &mut Stream) -> Vec<usize> {
        let copies = self.repeats.get();
        let kept = rank::part(self.factor(), logits.len());
        let mut keys = Vec::with_capacity(copies * logits.len());
        for logit in logits {
            // ln(1 − q) = −ln(1 + e^z)
            let z = logit / self.temperature.get();
            let real = -(z.max(0.0) + (-z.abs()).exp().ln_1p());
            for _ in 0..copies {
                let gumbel = -(-(1.0 - rng.random::<f64>()).ln()).ln();
                keys.push(self.bias.get() * real + gumbel);
            }
        }
        let chosen = rank::highest_first(&keys).into_iter().take(kept);
        chosen.map(|key| key / copies).collect()
    }
}

impl<S: Featured> Curation<S> for Detect {
    fn draws(&self, n: usize) -> usize {
        (n as f64 / self.factor()).ceil() as usize
    }

    fn curate(&self, offered: S, bench: &CurationBench<'_, S>, rng: &mut Stream) -> S {
        if offered.is_empty() {
            return offered;
        }
        let logits = synthetic_logits(&offered, bench.founders);
        rank::survivors(&offered, self.resample(&logits, rng))
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::{Distribution, Gaussian, Types};
    use crate::samples::{Points, Samples, Tokens};
    use crate::stream::{Role, stream};
    use ndarray::arr1;

    fn normal(mean: f64, variance: f64, n: usize) -> Points {
        let normal = Gaussian::spherical(arr1(&[mean]), variance);
        normal.draw(n, &mut stream(5, 0, 0, Role::DRAW))
    }

    fn moments(points: &Points) -> (f64, f64) {
        let n = points.len() as f64;
        let mean = points.as_slice().iter().sum::<f64>() / n;
        (mean, points.as_slice().iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n)
    }

    #[test]
    fn so_many_survive_and_none_too_often() {
        let model = Gaussian::spherical(arr1(&[0.0]), 1.0);
        let place = Place::new(&model, normal(0.0, 1.0, 100));
        let offered = normal(0.5, 0.3, 200);
        let (kept, _) = place.curate(&Detect::default(), offered.clone());
        assert_eq!(kept.len(), 300);
        for x in offered.as_slice() {
            assert!(kept.as_slice().iter().filter(|y| *y == x).count() <= 3);
        }
        assert_eq!(Curation::<Points>::draws(&Detect::default(), 300), 200);
        let most = Detect { upsample: Positive::literal(9.0), ..Detect::default() };
        assert_eq!(place.curate(&most, offered).0.len(), 600);
    }

    #[test]
    fn a_narrow_and_shifted_sample_comes_back_towards_the_founders() {
        let model = Gaussian::spherical(arr1(&[0.0]), 1.0);
        let place = Place::new(&model, normal(0.0, 1.0, 2000));
        let offered = normal(0.4, 0.5, 2000);
        let honest = Detect { bias: NonNegative::literal(1.0), ..Detect::default() };
        let ((mean, variance), (before, narrow)) =
            (moments(&place.curate(&honest, offered.clone()).0), moments(&offered));
        assert!(mean < 0.9 * before, "{mean} from {before}");
        assert!(variance > 1.03 * narrow, "{variance} from {narrow}");
        let (strict, _) = moments(&place.curate(&Detect::default(), offered.clone()).0);
        assert!(strict < mean - 0.05, "{strict} from {mean}");
        let blind = Detect { bias: NonNegative::literal(0.0), ..Detect::default() };
        let (mean, _) = moments(&place.curate(&blind, offered).0);
        assert!((mean - before).abs() < 0.05, "{mean} from {before}");
    }

    #[test]
    fn a_type_that_founders_use_more_is_drawn_more_often() {
        let (real, own) = ([1., 1., 1.], [6., 1., 1.]);
        let world = Types::new(&real, 8).expect("weights");
        let founders = world.draw(500, &mut stream(6, 0, 0, Role::DRAW));
        let model = Types::new(&own, 8).expect("weights");
        let offered = model.draw(500, &mut stream(7, 0, 0, Role::DRAW));
        let share = |text: &Tokens| text.counts()[0] / text.types().len() as f64;
        let (kept, _) = Place::new(&model, founders).curate(&Detect::default(), offered.clone());
        assert!(share(&kept) < share(&offered) - 0.1, "{} of {}", share(&kept), share(&offered));
    }
}
