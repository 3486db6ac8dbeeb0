//! Replaces each sample by a convex combination of itself and another.
//!
//! x ← λ·x + (1 − λ)·x', x' another offered sample, uniformly chosen, and λ ~ Beta(α, α), both drawn anew
//! for each; labels are mixed alike. A sample alone stays.
//! Covariance becomes E[λ² + (1 − λ)²] = (α + 1)/(2α + 1) times what it was: 1 for α → 0, a half for α → ∞.
//! Under collapse: one more loss of variance in each generation, and points between the modes; mixed class
//! labels are no classes any more.
//! Cost: O(n·d).
//! Source: Zhang et al. 2018 (arXiv 1710.09412).
//! Not to be confused with `oversample-tail`, which adds points between rare ones and keeps all others.

use super::{Curation, CurationBench};
use crate::numeric::bounded::Positive;
use crate::samples::{Points, Samples};
use crate::stream::Stream;
use rand::RngExt;
use rand_distr::{Beta, Distribution as _};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mixup {
    /// α: the larger, the nearer to the middle.
    pub alpha: Positive,
}

impl Default for Mixup {
    fn default() -> Self {
        Mixup { alpha: Positive::literal(0.2) }
    }
}

impl Curation<Points> for Mixup {
    fn curate(
        &self,
        offered: Points,
        _bench: &CurationBench<'_, Points>,
        rng: &mut Stream,
    ) -> Points {
        let (m, alpha) = (offered.len(), self.alpha.get());
        // Where α is too small or too large for the sampler, its limits: one of the two, or the middle.
        let beta = Beta::new(alpha, alpha).ok().filter(|_| (1e-3..=1e6).contains(&alpha));
        if m < 2 {
            return offered;
        }
        let mut values = Vec::with_capacity(m * offered.dimension());
        let mut labels = offered.labels().map(|_| Vec::with_capacity(m));
        for i in 0..m {
            let other = rng.random_range(0..m - 1);
            let j = other + usize::from(other >= i);
            let share = match &beta {
                Some(beta) => beta.sample(rng),
                None if alpha < 1.0 => f64::from(u8::from(rng.random::<bool>())),
                None => 0.5,
            };
            let mix = |a: f64, b: f64| share * a + (1.0 - share) * b;
            values.extend(offered.row(i).iter().zip(offered.row(j)).map(|(a, b)| mix(*a, *b)));
            if let (Some(mixed), Some(own)) = (&mut labels, offered.labels()) {
                mixed.push(mix(own[i], own[j]));
            }
        }
        let points = Points::from_rows(values, offered.dimension()).with_image(offered.image());
        match labels {
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
    use ndarray::arr1;

    fn mixed(alpha: f64, offered: Points) -> Points {
        let curator = Mixup { alpha: Positive::new(alpha).expect("positive") };
        let model = Gaussian::spherical(arr1(&[0.0]), 1.0);
        Place::new(&model, Points::from_rows(vec![0.0], 1)).curate(&curator, offered).0
    }

    #[test]
    fn labels_are_mixed_like_their_points() {
        let values: Vec<f64> = (0..40).map(f64::from).collect();
        let labels = values.iter().map(|x| 2.0 * x - 1.0).collect();
        let mixed = mixed(1.0, Points::from_rows(values, 1).with_labels(labels));
        for (x, y) in mixed.as_slice().iter().zip(mixed.labels().expect("labels")) {
            assert!((2.0 * x - 1.0 - y).abs() < 1e-12 && (0.0..=39.0).contains(x));
        }
    }

    #[test]
    fn extreme_shapes_are_one_of_the_two_or_the_middle() {
        let offered = Points::from_rows(vec![0., 1.], 1);
        for alpha in [1e-300, 1e-6] {
            let mixed = mixed(alpha, offered.clone());
            assert!(mixed.as_slice().iter().all(|x| *x == 0.0 || *x == 1.0));
        }
        assert_eq!(mixed(1e300, offered).as_slice(), [0.5, 0.5]);
        assert_eq!(mixed(1.0, Points::from_rows(vec![3.], 1)).as_slice(), [3.]);
    }
}
