//! Anything one can draw from: the world, and every fitted model.
//!
//! The world is a model nobody had to fit: p* and p_t have the same type, so divergences and samples
//! are symmetric. What a distribution knows of itself beyond sampling are *capabilities*, each asked
//! for once and `None` by default: a finite data set can be drawn from, and honestly has no density.

mod by_class;
mod chain;
#[cfg(test)]
pub(crate) mod check;
mod circle;
mod classes;
mod corpus;
mod curve;
mod design;
mod exponential;
mod finite;
mod gaussian;
mod grammar;
mod linear;
mod logistic;
mod markov;
mod ngram;
mod normal_mixture;
mod poisson;
mod quadratic;
mod sheet;
mod student;
mod types;
mod uniforms;

pub use by_class::ByClass;
pub use chain::Chain;
pub use circle::NoisyCircle;
pub use classes::{Classes, Part};
pub use corpus::Corpus;
pub use curve::{NoisyCurve, Plane};
pub use design::Design;
pub use exponential::Exponential;
pub use finite::Finite;
pub use gaussian::Gaussian;
pub use grammar::Grammar;
pub use linear::{Inputs, Linear};
pub use logistic::{Logistic, Release, sigmoid};
pub use markov::{Markov, Reducible};
pub use ngram::{Context, Contexts, NGram};
pub use normal_mixture::{NormalMixture, ln_sum_exp};
pub use poisson::Poisson;
pub use sheet::NoisySheet;
pub use student::StudentT;
pub use types::Types;
pub use uniforms::{Piece, Uniforms};

use crate::samples::{Lexicon, Points, Samples};
use crate::stream::Stream;
use ndarray::{Array1, Array2};
use std::borrow::Cow;

/// A probability distribution over samples `S`.
pub trait Distribution<S: Samples>: Send + Sync {
    /// n independent samples.
    fn draw(&self, n: usize, rng: &mut Stream) -> S;

    /// n samples as the model leaves them behind: with its truncation or temperature, where it has
    /// one. Metrics measure the model; later generations see what was released.
    fn release(&self, n: usize, rng: &mut Stream) -> S {
        self.draw(n, rng)
    }

    /// What every sample looks like.
    fn shape(&self) -> S::Shape;

    /// ln p(x), where the distribution has a density and knows it.
    fn density(&self) -> Option<&dyn Density<S>> {
        None
    }

    /// Whether it is known to put mass one on a set of volume zero: a point mass, a singular Σ, a
    /// finite data set. A divergence from a continuous distribution is then infinite.
    fn is_degenerate(&self) -> bool {
        false
    }

    /// Exact mean and covariance.
    fn moments(&self) -> Option<Moments> {
        None
    }

    /// Exact entropy in nats: differential for points, Shannon's for tokens.
    fn entropy(&self) -> Option<f64> {
        None
    }

    /// The distribution as a mixture of normals, where it is one of few components.
    fn normals(&self) -> Option<Cow<'_, NormalMixture>> {
        None
    }

    /// Regions around its modes, where they are known.
    fn modes(&self) -> Option<&[Mode]> {
        None
    }

    /// The exact tail region T_q = {x: p(x) ≤ c_q}.
    fn tail(&self, _q: f64) -> Option<Tail> {
        None
    }

    /// How often each token type occurs.
    fn types(&self) -> Option<TypeLaw<'_>> {
        None
    }

    /// What comes next in a sequence, given what came before.
    fn conditional(&self) -> Option<&dyn Conditional> {
        None
    }

    /// How its token types are written, where they stand for text.
    fn lexicon(&self) -> Option<&Lexicon> {
        None
    }

    /// How labels follow from points, where that is linear.
    fn regression(&self) -> Option<&Regression> {
        None
    }

    /// ln P(label | point) of each sample, where a model says only how labels follow from points.
    fn ln_labels(&self, _samples: &S) -> Option<Vec<f64>> {
        None
    }

    /// The samples themselves, where there are only finitely many.
    fn stock(&self) -> Option<&S> {
        None
    }

    /// Of a finite world, samples that are set apart from its stock: whatever is held out comes from
    /// them alone.
    fn reserve(&self) -> Option<&S> {
        None
    }
}

/// A law of sequences that is known token by token.
pub trait Conditional: Send + Sync {
    /// Tokens that the next one depends on, at most. `None` where all of them matter.
    fn order(&self) -> Option<usize>;

    /// P(next = i | the tokens of the sequence so far), for every type i; they sum to one. The context
    /// is the whole sequence from its start, or at least its last [`order`](Self::order) tokens.
    fn next(&self, context: &[u32], probabilities: &mut [f64]);

    /// The same at every place of a sequence, given its tokens before that place: one row of
    /// probabilities after the other. For models that read a sequence at once faster than bit by bit.
    fn along(&self, sequence: &[u32], probabilities: &mut [f64]) {
        let types = probabilities.len() / sequence.len().max(1);
        for (place, row) in probabilities.chunks_mut(types.max(1)).enumerate() {
            self.next(&sequence[..place], row);
        }
    }
}

/// The reference measure of a density: two densities compare only over the same one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    /// Volume in ℝᵈ.
    Lebesgue,
    /// Volume in ℝᵈ for the point, counting for the label of its class.
    Labelled,
    /// Counting: the density is a probability.
    Counting,
}

impl Base {
    /// Whether no single point has any mass.
    pub fn is_continuous(self) -> bool {
        self != Base::Counting
    }
}

/// A density that can be evaluated.
pub trait Density<S> {
    fn base(&self) -> Base;

    /// ln p(x) in nats, one per sample; `-inf` where there is no mass.
    fn ln_density(&self, samples: &S) -> Vec<f64>;
}

/// Mean (d) and covariance (d × d) of points.
#[derive(Clone, Debug, PartialEq)]
pub struct Moments {
    pub mean: Array1<f64>,
    pub covariance: Array2<f64>,
}

impl Moments {
    /// tr Σ.
    pub fn trace(&self) -> f64 {
        self.covariance.diag().sum()
    }

    /// Mean and unbiased covariance (divisor n − 1) of at least two points.
    pub fn of(points: &Points) -> Option<Moments> {
        let n = points.len();
        if n < 2 {
            return None;
        }
        let values = points.values();
        let mean = values.mean_axis(ndarray::Axis(0))?;
        let centred = &values - &mean;
        let covariance = centred.t().dot(&centred) / (n - 1) as f64;
        Some(Moments { mean, covariance })
    }
}

/// A mode and the ball around it whose mass says whether it is alive.
#[derive(Clone, Debug, PartialEq)]
pub struct Mode {
    pub centre: Array1<f64>,
    /// Three standard deviations of the mode.
    pub radius: f64,
}

impl Mode {
    pub fn contains(&self, x: &[f64]) -> bool {
        let square: f64 = x.iter().zip(&self.centre).map(|(a, b)| (a - b).powi(2)).sum();
        square <= self.radius * self.radius
    }
}

/// The tail region T_q of a distribution.
#[derive(Clone, Debug, PartialEq)]
pub struct Tail {
    /// ln c_q: samples with ln p(x) at or below it are in the tail.
    pub ln_threshold: f64,
    /// The distribution's own mass of its tail: q where it is continuous, at most q where it is not.
    pub mass: f64,
    /// In one dimension, where the tail is all that lies outside an interval: that interval.
    pub interval: Option<(f64, f64)>,
}

/// The probability of each token type.
#[derive(Clone, Copy, Debug)]
pub struct TypeLaw<'a> {
    pub probabilities: &'a [f64],
    /// Whether samples are single independent tokens, so that the probabilities say everything.
    pub complete: bool,
}

/// y = x·w + ε with ε ~ N(0, noise²).
#[derive(Clone, Debug, PartialEq)]
pub struct Regression {
    pub weights: Array1<f64>,
    pub noise: f64,
}
