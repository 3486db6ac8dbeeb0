//! Weighted sums, squares and products of samples: what an M-step adds up.

use super::normal::centre;
use super::vector::Vector;
use super::{Lane, Quad, VECTORS, kernel};

/// Rows and columns of the products that one loop adds up.
const ROWS: usize = 2;
const COLUMNS: usize = 4;

/// Numbers in the lower triangle of a d × d matrix, row by row.
pub const fn packed(d: usize) -> usize {
    d * (d + 1) / 2
}

kernel! {
    /// Adds Σw to `sums[0]` and Σw·(x_j − μ_j) to `sums[1 + j]`.
    pub fn first_moments<V>(
        chunk: &[Quad],
        mean: &[f64],
        weights: &[Quad],
        sums: &mut [Lane],
    ) {
        let quads = weights.len();
        let (weight, moments) = sums.split_at_mut(1);
        let mut sum = [V::splat(0.0); VECTORS];
        for w in weights {
            for g in 0..VECTORS {
                sum[g] = sum[g].add(V::load(&w[g]));
            }
        }
        add_to(&mut weight[0], sum);
        for ((moment, &m), column) in moments.iter_mut().zip(mean).zip(chunk.chunks_exact(quads)) {
            let mut sum = [V::splat(0.0); VECTORS];
            let m = V::splat(m);
            for (x, w) in column.iter().zip(weights) {
                for g in 0..VECTORS {
                    sum[g] = V::load(&x[g]).sub(m).mul_add(V::load(&w[g]), sum[g]);
                }
            }
            add_to(moment, sum);
        }
    }
}

#[inline(always)]
fn add_to<V: Vector>(lane: &mut Lane, sums: [V; VECTORS]) {
    let all = sums[0].add(sums[2]).add(sums[1].add(sums[3]));
    V::load(lane).add(all).store(lane);
}

kernel! {
    /// Adds Σw·(x_j − μ_j)² to `sums[j]`.
    pub fn square_sums<V>(
        chunk: &[Quad],
        mean: &[f64],
        weights: &[Quad],
        sums: &mut [Lane],
    ) {
        let columns = chunk.chunks_exact(weights.len());
        for ((out, &m), column) in sums.iter_mut().zip(mean).zip(columns) {
            let mut sum = [V::splat(0.0); VECTORS];
            let m = V::splat(m);
            for (x, w) in column.iter().zip(weights) {
                for g in 0..VECTORS {
                    let c = V::load(&x[g]).sub(m);
                    sum[g] = c.mul(V::load(&w[g])).mul_add(c, sum[g]);
                }
            }
            add_to(out, sum);
        }
    }
}

kernel! {
    /// Adds Σw·(x − μ)(x − μ)ᵀ to the packed lower triangle `sums`.
    ///
    /// `centred` holds d quads, rounded up to a multiple of four, for each quad of samples; what it
    /// holds beyond d is read, and left out.
    pub fn weighted_scatter<V>(
        chunk: &[Quad],
        mean: &[f64],
        weights: &[Quad],
        centred: &mut [Quad],
        sums: &mut [Lane],
    ) {
        let (d, quads) = (mean.len(), weights.len());
        centre::<V>(chunk, mean, centred);
        for i in (0..d).step_by(ROWS) {
            for j in (0..=i).step_by(COLUMNS) {
                let tile = tile::<V>(centred, weights, i * quads, j * quads);
                for (r, row) in tile.iter().enumerate().take(d - i) {
                    for (c, sum) in row.iter().enumerate().take(i + r + 1 - j) {
                        let lane = &mut sums[packed(i + r) + j + c];
                        V::load(lane).add(*sum).store(lane);
                    }
                }
            }
        }
    }
}

/// Σw·x_i·x_j for two columns from `i` on and four from `j` on.
#[inline(always)]
fn tile<V: Vector>(centred: &[Quad], weights: &[Quad], i: usize, j: usize) -> [[V; COLUMNS]; ROWS] {
    let quads = weights.len();
    let mut rows = [&centred[..0]; ROWS];
    let mut columns = [&centred[..0]; COLUMNS];
    for (r, row) in rows.iter_mut().enumerate() {
        *row = &centred[i + r * quads..][..quads];
    }
    for (c, column) in columns.iter_mut().enumerate() {
        *column = &centred[j + c * quads..][..quads];
    }
    let mut sums = [[V::splat(0.0); COLUMNS]; ROWS];
    for q in 0..quads {
        for g in 0..VECTORS {
            let w = V::load(&weights[q][g]);
            for r in 0..ROWS {
                let x = V::load(&rows[r][q][g]).mul(w);
                for c in 0..COLUMNS {
                    sums[r][c] = V::load(&columns[c][q][g]).mul_add(x, sums[r][c]);
                }
            }
        }
    }
    sums
}
