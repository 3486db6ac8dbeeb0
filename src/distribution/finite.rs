//! A finite set of samples: an empirical distribution, with or without weights.

use super::Distribution;
use crate::samples::Samples;
use crate::stream::Stream;
use rand::RngExt;
use rand_distr::Distribution as _;
use rand_distr::weighted::WeightedAliasIndex;

/// Every sample of a set is as likely as its weight; draws are with replacement.
pub struct Finite<S> {
    samples: S,
    alias: Option<WeightedAliasIndex<f64>>,
}

impl<S: Samples> Finite<S> {
    /// All samples equally likely. `None` where there is none.
    pub fn new(samples: S) -> Option<Self> {
        (!samples.is_empty()).then_some(Finite { samples, alias: None })
    }

    /// With a weight each. `None` where no weight is above zero, or one is not finite.
    pub fn weighted(samples: S, weights: Vec<f64>) -> Option<Self> {
        let alias = WeightedAliasIndex::new(weights).ok()?;
        Some(Finite { samples, alias: Some(alias) })
    }

    pub fn samples(&self) -> &S {
        &self.samples
    }
}

impl<S: Samples> Distribution<S> for Finite<S> {
    fn draw(&self, n: usize, rng: &mut Stream) -> S {
        let one = |rng: &mut Stream| match &self.alias {
            Some(alias) => alias.sample(rng),
            None => rng.random_range(0..self.samples.len()),
        };
        let rows: Vec<usize> = (0..n).map(|_| one(rng)).collect();
        self.samples.gather(&rows)
    }

    fn shape(&self) -> S::Shape {
        self.samples.shape()
    }

    fn is_degenerate(&self) -> bool {
        true
    }

    fn stock(&self) -> Option<&S> {
        Some(&self.samples)
    }
}
