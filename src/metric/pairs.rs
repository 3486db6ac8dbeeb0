//! Squared distances of one point to many, as direct sums of squares, coordinate after coordinate.
//!
//! Direct sums keep ties: two copies of a point are at distance 0 from each other, and at exactly
//! the same distance from everything else. The shortcut ‖x‖² + ‖y‖² − 2x·y does not.
//!
//! Labels do not count: a distance is between points.

use crate::numeric::kernel::squared_distances;
use crate::samples::{Points, Samples};

/// Points that are compared at once, and rows that they are compared with: what they hold stays in
/// fast memory.
const BLOCK: usize = 256;
const TILE: usize = 8;

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

    /// Shows, for each point i of a set, its squared distances to all points of these columns.
    pub fn each_row(&self, points: &Points, mut show: impl FnMut(usize, &mut [f64])) {
        self.tiles(points, |_| 0, |i, row| show(i, row));
    }

    /// The same of the set itself, for each point only the distances to the points after it.
    pub fn each_row_after(&self, own: &Points, mut show: impl FnMut(usize, &mut [f64])) {
        self.tiles(own, |start| start, |i, row| show(i, &mut row[i % TILE + 1..]));
    }

    /// A few rows at a time, so that a block of columns is fetched once for all of them. Row i holds
    /// the distances to the points from `from(s)` on, s the first row of the tile.
    fn tiles(
        &self,
        points: &Points,
        from: impl Fn(usize) -> usize,
        mut show: impl FnMut(usize, &mut [f64]),
    ) {
        let d = points.dimension();
        let mut buffer = vec![0.0; TILE * self.n];
        for (t, tile) in points.as_slice().chunks(TILE * d.max(1)).enumerate() {
            let first = from(t * TILE);
            let width = self.n - first;
            for start in (0..width).step_by(BLOCK) {
                let end = width.min(start + BLOCK);
                for (x, row) in tile.chunks(d).zip(buffer.chunks_mut(self.n.max(1))) {
                    let block = &mut row[start..end];
                    squared_distances(&self.values, self.n, first + start, x, block);
                }
            }
            for (k, row) in buffer.chunks_mut(self.n.max(1)).take(tile.len() / d).enumerate() {
                show(t * TILE + k, &mut row[..width]);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(n: i32, d: usize) -> Points {
        Points::from_rows((0..n * d as i32).map(|i| f64::from(i * i % 97) * 0.37).collect(), d)
    }

    #[test]
    fn tiles_give_what_the_plain_sum_gives() {
        for d in 1..=9 {
            let (xs, ys) = (points(19, d), points(600, d));
            let mut rows = 0;
            Columns::of(&ys).each_row(&xs, |i, row| {
                let plain =
                    |y: &[f64]| xs.row(i).iter().zip(y).map(|(a, b)| (a - b) * (a - b)).sum();
                assert_eq!(row.to_vec(), ys.rows().map(plain).collect::<Vec<f64>>());
                rows += 1;
            });
            assert_eq!(rows, 19);
        }
    }

    #[test]
    fn the_half_has_the_rows_of_the_whole() {
        let set = points(301, 3);
        let mut whole = Vec::new();
        Columns::of(&set).each_row(&set, |_, row| whole.push(row.to_vec()));
        let mut rows = 0;
        Columns::of(&set).each_row_after(&set, |i, row| {
            assert_eq!(row, &whole[i][i + 1..]);
            rows += 1;
        });
        assert_eq!(rows, 301);
    }
}
