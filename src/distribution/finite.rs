//! A finite set of samples: an empirical distribution, with or without weights.

use super::{Distribution, Moments, TypeLaw};
use crate::samples::{Frequencies, Samples};
use crate::stream::Stream;
use rand::RngExt;
use rand_distr::Distribution as _;
use rand_distr::weighted::WeightedAliasIndex;
use std::sync::OnceLock;

/// Every sample of a set is as likely as its weight; draws are with replacement.
#[derive(Debug)]
pub struct Finite<S> {
    samples: S,
    weights: Option<Weights>,
    /// Computed when first asked for: images have large covariances.
    moments: OnceLock<Option<Moments>>,
    frequencies: OnceLock<Option<Frequencies>>,
}

#[derive(Debug)]
struct Weights {
    weights: Vec<f64>,
    alias: WeightedAliasIndex<f64>,
}

impl<S: Samples> Finite<S> {
    /// All samples equally likely. `None` where there is none.
    pub fn new(samples: S) -> Option<Self> {
        (!samples.is_empty()).then(|| Finite::of(samples, None))
    }

    /// With a weight each. `None` where there is not one weight for each sample, no weight is above
    /// zero, or one is not finite.
    pub fn weighted(samples: S, weights: Vec<f64>) -> Option<Self> {
        if weights.len() != samples.len() {
            return None;
        }
        let alias = WeightedAliasIndex::new(weights.clone()).ok()?;
        Some(Finite::of(samples, Some(Weights { weights, alias })))
    }

    fn of(samples: S, weights: Option<Weights>) -> Self {
        Finite { samples, weights, moments: OnceLock::new(), frequencies: OnceLock::new() }
    }

    pub fn samples(&self) -> &S {
        &self.samples
    }

    /// The row of one draw.
    pub fn draw_row(&self, rng: &mut Stream) -> usize {
        match &self.weights {
            Some(weights) => weights.alias.sample(rng),
            None => rng.random_range(0..self.samples.len()),
        }
    }

    fn weights(&self) -> Option<&[f64]> {
        self.weights.as_ref().map(|weights| weights.weights.as_slice())
    }
}

impl<S: Samples> Distribution<S> for Finite<S> {
    fn draw(&self, n: usize, rng: &mut Stream) -> S {
        let rows: Vec<usize> = (0..n).map(|_| self.draw_row(rng)).collect();
        self.samples.gather(&rows)
    }

    fn shape(&self) -> S::Shape {
        self.samples.shape()
    }

    fn is_degenerate(&self) -> bool {
        true
    }

    /// Exact: the divisor is the sum of the weights.
    fn moments(&self) -> Option<Moments> {
        let compute = || {
            let (mean, covariance) = self.samples.moments(self.weights())?;
            Some(Moments { mean, covariance })
        };
        self.moments.get_or_init(compute).clone()
    }

    /// How often each type occurs; they say everything where every sample is one token.
    fn types(&self) -> Option<TypeLaw<'_>> {
        let compute = || self.samples.frequencies(self.weights());
        let law = self.frequencies.get_or_init(compute).as_ref()?;
        Some(TypeLaw { probabilities: &law.shares, complete: law.complete })
    }

    fn stock(&self) -> Option<&S> {
        Some(&self.samples)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Points, Tokens};
    use crate::stream::{Role, stream};

    #[test]
    fn the_moments_of_a_finite_set_have_the_divisor_n() {
        let coin = Finite::new(Points::from_rows(vec![0., 1.], 1)).expect("two points");
        let moments = coin.moments().expect("exact");
        assert_eq!((moments.mean[0], moments.covariance[[0, 0]]), (0.5, 0.25));
        let points = Points::from_rows(vec![0., 1.], 1);
        let moments = Finite::weighted(points, vec![3., 1.]).and_then(|f| f.moments());
        assert_eq!(moments.map(|m| m.covariance[[0, 0]]), Some(0.25 * 0.75));
    }

    #[test]
    fn draws_follow_the_weights() {
        let points = Points::from_rows(vec![0., 1., 2.], 1);
        let finite = Finite::weighted(points, vec![1., 0., 3.]).expect("weight");
        let n = 40_000;
        let draws = finite.draw(n, &mut stream(1, 0, 0, Role::DRAW));
        assert!(draws.as_slice().iter().all(|x| *x != 1.0));
        let share = draws.as_slice().iter().sum::<f64>() / (2 * n) as f64;
        assert!((share - 0.75).abs() < 4.0 * (0.75 * 0.25 / n as f64).sqrt());
    }

    #[test]
    fn types_are_a_complete_law_only_of_single_tokens() {
        let words = Finite::new(Tokens::of_length(vec![0, 2, 2, 1], 1, 4)).expect("four");
        let law = words.types().expect("tokens");
        assert!(law.complete && law.probabilities == [0.25, 0.25, 0.5, 0.0]);
        let pairs = Finite::new(Tokens::of_length(vec![0, 2, 2, 1], 2, 4)).expect("two");
        assert!(pairs.types().is_some_and(|law| !law.complete));
        assert!(Finite::new(Points::from_rows(vec![1.], 1)).is_some_and(|f| f.types().is_none()));
    }

    #[test]
    fn a_set_without_samples_or_weight_is_no_distribution() {
        assert!(Finite::new(Points::from_rows(vec![], 1)).is_none());
        let point = || Points::from_rows(vec![1.], 1);
        assert!(Finite::weighted(point(), vec![0.]).is_none());
        assert!(Finite::weighted(point(), vec![f64::NAN]).is_none());
        assert!(Finite::weighted(point(), vec![1., 1.]).is_none());
    }
}
