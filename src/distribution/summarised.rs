//! Distributions, families and worlds whose samples are never drawn one by one.
//!
//! A draw of `Summarised(law)` is the sufficient statistic of n samples of the law, drawn exactly at
//! once: it costs the same whatever n is. Of single samples nothing is known, so there is no density;
//! everything else is as the law has it.

use super::{Distribution, Gaussian, Mode, Moments, NormalMixture, Tail, TypeLaw, Types};
use crate::numeric::multinomial::multinomial;
use crate::samples::{Additive, Counts, Points, Samples, Scatter, Tokens};
use crate::stream::Stream;
use std::borrow::Cow;

/// What knows its samples by their statistic alone.
#[derive(Clone, Debug)]
pub struct Summarised<T>(pub T);

/// A distribution that can draw the statistic of n samples without the samples.
pub trait Sufficient: Distribution<<Self as Sufficient>::Sample> {
    type Sample: Samples;
    type Statistic: Samples<Shape = <Self::Sample as Samples>::Shape>;

    /// The statistic of n independent samples.
    fn statistic(&self, n: usize, rng: &mut Stream) -> Self::Statistic;

    /// That of n samples as the model leaves them behind.
    fn released(&self, n: usize, rng: &mut Stream) -> Self::Statistic {
        self.statistic(n, rng)
    }
}

impl<D: Sufficient> Distribution<D::Statistic> for Summarised<D> {
    fn draw(&self, n: usize, rng: &mut Stream) -> D::Statistic {
        self.0.statistic(n, rng)
    }

    fn release(&self, n: usize, rng: &mut Stream) -> D::Statistic {
        self.0.released(n, rng)
    }

    fn shape(&self) -> <D::Statistic as Samples>::Shape {
        self.0.shape()
    }

    fn is_degenerate(&self) -> bool {
        self.0.is_degenerate()
    }

    fn is_constant(&self) -> bool {
        self.0.is_constant()
    }

    fn moments(&self) -> Option<Moments> {
        self.0.moments()
    }

    fn entropy(&self) -> Option<f64> {
        self.0.entropy()
    }

    fn normals(&self) -> Option<Cow<'_, NormalMixture>> {
        self.0.normals()
    }

    fn modes(&self) -> Option<&[Mode]> {
        self.0.modes()
    }

    fn tail(&self, q: f64) -> Option<Tail> {
        self.0.tail(q)
    }

    fn types(&self) -> Option<TypeLaw<'_>> {
        self.0.types()
    }
}

impl Sufficient for NormalMixture {
    type Sample = Points;
    type Statistic = Scatter;

    /// How many samples fall to each component, and the statistic of these.
    fn statistic(&self, n: usize, rng: &mut Stream) -> Scatter {
        let counts = multinomial(n, self.weights(), rng);
        let mut all = Scatter::nothing(self.components()[0].dimension());
        for (component, count) in self.components().iter().zip(counts) {
            all.merge(&Gaussian::statistic(component, count as usize, rng));
        }
        all
    }
}

impl Sufficient for Types {
    type Sample = Tokens;
    type Statistic = Counts;

    fn statistic(&self, n: usize, rng: &mut Stream) -> Counts {
        let tokens = n * self.length();
        let counts = multinomial(tokens, self.probabilities(), rng);
        Counts { counts, sequences: n, tokens, weight: tokens as f64 }
    }
}

#[cfg(test)]
mod tests;
