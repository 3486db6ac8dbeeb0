//! Squared distances between points, and who is nearest: exact search over all pairs.

use crate::numeric::kernel::squared_distances;
use crate::samples::{Points, Samples};

/// Points stored coordinate after coordinate.
pub struct Columns {
    n: usize,
    values: Vec<f64>,
}

impl Columns {
    pub fn of(points: &Points) -> Self {
        Columns { n: points.len(), values: points.values().t().iter().copied().collect() }
    }

    pub fn len(&self) -> usize {
        self.n
    }

    /// The squared distances of x to the points from row `from` on: as many as `row` has places.
    pub fn squares(&self, x: &[f64], from: usize, row: &mut [f64]) {
        squared_distances(&self.values, self.n, from, x, row);
    }

    /// The row nearest to x and its squared distance, the first of several. `None` of no points.
    pub fn nearest(&self, x: &[f64], row: &mut [f64]) -> Option<(usize, f64)> {
        self.squares(x, 0, row);
        least(row)
    }
}

/// The least number and its place, the first of several.
pub fn least(row: &[f64]) -> Option<(usize, f64)> {
    let least = row.iter().copied().min_by(f64::total_cmp)?;
    row.iter().position(|&square| square == least).map(|i| (i, least))
}
