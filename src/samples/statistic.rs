//! Sufficient statistics in the place of samples: n points known by their mean and scatter, n sequences
//! known by the counts of their types.
//!
//! They are the same [`Scatter`] and [`Counts`] that families with sufficient statistics are fitted to.
//! Sets of them add up; what a single sample was, nobody knows any more.

use super::{Additive, Counts, Frequencies, PointShape, Samples, Scatter, Summary, TokenShape};
use ndarray::{Array1, Array2};
use serde::{Deserialize, Serialize};

/// All samples, or none: of some of them a statistic knows nothing.
///
/// # Panics
/// If some were asked for and not all: files that would ask are refused when they are read.
fn all_or_none<S: Samples>(all: &S, none: impl FnOnce() -> S, rows: &[usize]) -> S {
    match (rows.len(), all.len()) {
        (asked, n) if asked == n => all.clone(),
        (0, _) => none(),
        (asked, n) => panic!("{asked} of {n} samples, of which only a statistic is known"),
    }
}

fn merged<S: Additive>(parts: &[&S]) -> Option<S> {
    let (first, others) = parts.split_first()?;
    let mut all = (*first).clone();
    others.iter().for_each(|part| all.merge(part));
    Some(all)
}

impl Samples for Scatter {
    type Shape = PointShape;

    const SPACE: &'static str = "statistics of points";

    fn len(&self) -> usize {
        self.count
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: self.mean.len(), image: None, labelled: false }
    }

    fn numbers(shape: &PointShape, n: f64) -> f64 {
        let d = shape.dimension as f64;
        if n > 0.0 { d * (d + 1.0) + 20.0 } else { 0.0 }
    }

    fn gather(&self, rows: &[usize]) -> Self {
        all_or_none(self, || Scatter::nothing(self.mean.len()), rows)
    }

    fn concatenate(parts: &[&Self]) -> Option<Self> {
        merged(parts)
    }

    fn is_finite(&self) -> bool {
        self.mean.iter().chain(&self.scatter).all(|x| x.is_finite())
    }

    /// Weights would be those of single samples.
    fn moments(&self, weights: Option<&[f64]>) -> Option<(Array1<f64>, Array2<f64>)> {
        let is_known = weights.is_none() && self.count > 0 && self.is_finite();
        is_known.then(|| (self.mean.clone(), &self.scatter / self.weight))
    }
}

impl Samples for Counts {
    type Shape = TokenShape;

    const SPACE: &'static str = "statistics of tokens";

    fn len(&self) -> usize {
        self.sequences
    }

    fn shape(&self) -> TokenShape {
        let length = self.tokens.checked_div(self.sequences);
        TokenShape { vocabulary: self.counts.len() as u32, length }
    }

    fn numbers(shape: &TokenShape, n: f64) -> f64 {
        if n > 0.0 { f64::from(shape.vocabulary) + 8.0 } else { 0.0 }
    }

    fn gather(&self, rows: &[usize]) -> Self {
        all_or_none(self, || Counts::nothing(self.counts.len()), rows)
    }

    fn concatenate(parts: &[&Self]) -> Option<Self> {
        merged(parts)
    }

    fn is_finite(&self) -> bool {
        true
    }

    /// Weights would be those of single sequences.
    fn frequencies(&self, weights: Option<&[f64]>) -> Option<Frequencies> {
        let shares = self.counts.iter().map(|count| count / self.weight).collect();
        let complete = self.shape().length == Some(1);
        (weights.is_none() && self.tokens > 0).then_some(Frequencies { shares, complete })
    }
}

/// A statistic summarises itself.
impl Summary<Scatter> for Scatter {
    type How = ();

    fn of(samples: &Scatter, (): &()) -> Self {
        samples.clone()
    }
}

impl Summary<Counts> for Counts {
    type How = ();

    fn of(samples: &Counts, (): &()) -> Self {
        samples.clone()
    }
}

/// A scatter as it is kept in a file.
#[derive(Serialize, Deserialize)]
pub(super) struct Stored {
    count: usize,
    weights: (f64, f64),
    mean: Vec<f64>,
    scatter: Vec<f64>,
}

impl From<Scatter> for Stored {
    fn from(scatter: Scatter) -> Self {
        let Scatter { count, weight, square_weight, mean, scatter } = scatter;
        let scatter = scatter.iter().copied().collect();
        Stored { count, weights: (weight, square_weight), mean: mean.to_vec(), scatter }
    }
}

impl TryFrom<Stored> for Scatter {
    type Error = ndarray::ShapeError;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let Stored { count, weights: (weight, square_weight), mean, scatter } = stored;
        let d = mean.len();
        let (mean, scatter) = (Array1::from(mean), Array2::from_shape_vec((d, d), scatter)?);
        Ok(Scatter { count, weight, square_weight, mean, scatter })
    }
}
