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
    const LANES: usize = 8;
    // Several minima at a time: one alone would wait for itself at every number.
    let mut lanes = [f64::INFINITY; LANES];
    let chunks = row.chunks_exact(LANES);
    let rest = chunks.remainder().iter().copied().fold(f64::INFINITY, f64::min);
    for chunk in chunks {
        lanes.iter_mut().zip(chunk).for_each(|(lane, &square)| *lane = lane.min(square));
    }
    let least = lanes.into_iter().fold(rest, f64::min);
    row.iter().position(|&square| square == least).map(|i| (i, least))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_least_is_found_wherever_it_stands_and_the_first_of_several() {
        for n in 1..20 {
            for place in 0..n {
                let mut row = vec![3.0; n];
                row[place..].iter_mut().step_by(2).for_each(|x| *x = 1.0);
                assert_eq!(least(&row), Some((place, 1.0)));
            }
        }
        assert_eq!(least(&[]), None);
        assert_eq!(least(&[f64::INFINITY; 3]), Some((0, f64::INFINITY)));
    }
}
