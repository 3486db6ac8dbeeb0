//! Squared distances of one point to many, as plain sums of squares: no product is fused, so that
//! copies of a point are at distance 0 and ties stay ties.

use super::kernel;

kernel! {
    /// The squared distances of x to the points `from`, `from` + 1, … of n points that are stored
    /// coordinate after coordinate: as many as the block has places.
    pub fn squared_distances<V>(columns: &[f64], n: usize, from: usize, x: &[f64], block: &mut [f64]) {
        let size = block.len();
        let column = |c: usize| &columns[c * n + from..][..size];
        block.fill(0.0);
        for (first, x) in x.chunks(4).enumerate().map(|(chunk, x)| (4 * chunk, x)) {
            match *x {
                [a, b, c, d] => add([0, 1, 2, 3].map(|k| column(first + k)), [a, b, c, d], block),
                [a, b, c] => add([0, 1, 2].map(|k| column(first + k)), [a, b, c], block),
                [a, b] => add([0, 1].map(|k| column(first + k)), [a, b], block),
                [a] => add([column(first)], [a], block),
                _ => {}
            }
        }
    }
}

/// Adds the squares of a few coordinates, one after the other: more would not fit the registers.
#[inline(always)]
fn add<const D: usize>(columns: [&[f64]; D], x: [f64; D], block: &mut [f64]) {
    let columns = columns.map(|column| &column[..block.len()]);
    for (j, square) in block.iter_mut().enumerate() {
        let mut sum = *square;
        for (x, column) in x.iter().zip(&columns) {
            sum += (x - column[j]) * (x - column[j]);
        }
        *square = sum;
    }
}

kernel! {
    /// The square root of each number.
    pub fn square_roots<V>(numbers: &mut [f64]) {
        numbers.iter_mut().for_each(|x| *x = x.sqrt());
    }
}
