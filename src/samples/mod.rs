//! What data is made of: points in ℝᵈ, and sequences of tokens; or the sufficient statistics of either.

mod counts;
mod equations;
mod grams;
mod lexicon;
mod points;
mod scatter;
mod statistic;
mod tokens;
mod training;
mod univariate;

pub use counts::Counts;
pub use equations::Equations;
pub use grams::Grams;
pub use lexicon::Lexicon;
pub use points::{Image, MOST_CLASSES, PointShape, Points};
pub use scatter::Scatter;
pub use tokens::{Frequencies, TokenShape, Tokens};
pub use training::{Additive, Chunk, Kind, Part, Pool, Summary, TrainingSet};
pub use univariate::Univariate;

use ndarray::{Array1, Array2};

/// A finite sequence of samples of one space. Clones share memory.
pub trait Samples: Clone + Send + Sync + 'static {
    /// What samples must agree in before they can stand in one set.
    type Shape: Clone + PartialEq + std::fmt::Debug + std::fmt::Display + Send + Sync;

    /// The name of the space, as error messages say it.
    const SPACE: &'static str;

    /// The number of samples.
    fn len(&self) -> usize;

    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn shape(&self) -> Self::Shape;

    /// Numbers stored for n samples of this shape in one set: what memory estimates count.
    fn numbers(shape: &Self::Shape, n: f64) -> f64;

    /// The samples at these rows, in this order; rows may repeat.
    fn gather(&self, rows: &[usize]) -> Self;

    /// All samples of the parts, one after the other. `None` when there is no part.
    fn concatenate(parts: &[&Self]) -> Option<Self>;

    /// Whether every number in it is finite.
    fn is_finite(&self) -> bool;

    /// Mean and covariance (divisor Σw) of the samples, each with its weight or all with the same.
    /// `None` in a space without coordinates, without any weight, or where they overflow.
    fn moments(&self, _weights: Option<&[f64]>) -> Option<(Array1<f64>, Array2<f64>)> {
        None
    }

    /// The share of each token type, each sample with its weight or all with the same.
    /// `None` in a space without types, or without any weight.
    fn frequencies(&self, _weights: Option<&[f64]>) -> Option<Frequencies> {
        None
    }
}
