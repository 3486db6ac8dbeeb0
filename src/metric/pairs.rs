//! Squared distances of one point to many, as direct sums of squares, coordinate after coordinate.
//!
//! Direct sums keep ties: two copies of a point are at distance 0 from each other, and at exactly
//! the same distance from everything else. The shortcut ‖x‖² + ‖y‖² − 2x·y does not.
//!
//! Labels do not count: a distance is between points.

use crate::samples::{Points, Samples};

/// Numbers that one pass over a coordinate touches: they stay in the fastest memory.
const BLOCK: usize = 1024;

/// Points stored coordinate after coordinate.
pub struct Columns {
    n: usize,
    values: Vec<f64>,
}

impl Columns {
    pub fn of(points: &Points) -> Self {
        let values = points.values().t().iter().copied().collect();
        Columns { n: points.len(), values }
    }

    pub fn len(&self) -> usize {
        self.n
    }

    /// Squared distances of x to the points `from`, `from` + 1, …: as many as `out` has places.
    pub fn squares_from(&self, from: usize, x: &[f64], out: &mut [f64]) {
        for (b, block) in out.chunks_mut(BLOCK).enumerate() {
            let (start, size) = (from + b * BLOCK, block.len());
            block.fill(0.0);
            for (c, &x) in x.iter().enumerate() {
                for (square, &y) in block.iter_mut().zip(&self.values[c * self.n + start..][..size])
                {
                    *square += (x - y) * (x - y);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_give_what_the_plain_sum_gives() {
        let values = (0..3 * 2500).map(|i| f64::from(i % 97) * 0.37).collect();
        let points = Points::from_rows(values, 3);
        let x = [0.1, 7.0, -2.0];
        let mut squares = vec![0.0; 2490];
        Columns::of(&points).squares_from(10, &x, &mut squares);
        for (square, y) in squares.iter().zip(points.rows().skip(10)) {
            let plain: f64 = x.iter().zip(y).map(|(a, b)| (a - b) * (a - b)).sum();
            assert_eq!(*square, plain);
        }
    }
}
