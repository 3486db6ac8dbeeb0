//! The samples that a mixture is fitted to, as kernels read them.

use crate::numeric::kernel::{Columns, Quad};
use crate::samples::Points;
use crate::stream::Stream;
use rand::RngExt;

/// The samples, and a weight each.
pub struct Data<'a> {
    points: &'a Points,
    pub columns: Columns,
    pub weights: Vec<Quad>,
    /// Σw.
    pub total: f64,
}

impl<'a> Data<'a> {
    pub fn new(points: &'a Points, weights: Option<&[f64]>) -> Self {
        let columns = Columns::new(points.as_slice(), points.dimension());
        let weights = match weights {
            Some(weights) => columns.gather(weights.iter().copied()),
            None => columns.gather(std::iter::repeat(1.0)),
        };
        let total = weights.as_flattened().as_flattened().iter().sum();
        Data { points, columns, weights, total }
    }

    pub fn row(&self, i: usize) -> &'a [f64] {
        self.points.row(i)
    }

    /// A sample, as likely as its number in `masses`; by its weight where they are all zero.
    pub fn pick(&self, masses: &[Quad], rng: &mut Stream) -> usize {
        let flat = |quads: &[Quad]| self.columns.flatten(quads);
        let mut masses = flat(masses);
        if masses.iter().all(|mass| *mass <= 0.0) {
            masses = flat(&self.weights);
        }
        let mut left = rng.random::<f64>() * masses.iter().sum::<f64>();
        for (i, mass) in masses.iter().enumerate() {
            left -= mass;
            if left < 0.0 {
                return i;
            }
        }
        // Rounding can leave a little: the last sample that has any mass.
        masses.iter().rposition(|mass| *mass > 0.0).unwrap_or(0)
    }
}
