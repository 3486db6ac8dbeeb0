//! Sums over all data for each of many places: what a kernel density estimate is made of.

use super::elementary::exp;
use super::normal::finish;
use super::vector::Vector;
use super::{Quad, VECTORS, kernel};

kernel! {
    /// ln Σ_i exp(l_i − scale·‖x − x_i‖²) at every place x of a chunk; −∞ where every term is.
    ///
    /// `points` holds the x_i, one after the other; `d` coordinates each.
    pub fn ln_gaussian_sum<V>(
        places: &[Quad],
        d: usize,
        points: &[f64],
        ln_weights: &[f64],
        scale: f64,
        sums: &mut [Quad],
    ) {
        let (quads, scale) = (sums.len(), V::splat(scale));
        for (q, out) in sums.iter_mut().enumerate() {
            let mut largest = [V::splat(-1e300); VECTORS];
            for (point, &l) in points.chunks_exact(d).zip(ln_weights) {
                let squares = squares_to::<V>(places, quads, q, point);
                for g in 0..VECTORS {
                    largest[g] = squares[g].sub_from(scale, V::splat(l)).max(largest[g]);
                }
            }
            let mut sum = [V::splat(0.0); VECTORS];
            for (point, &l) in points.chunks_exact(d).zip(ln_weights) {
                let squares = squares_to::<V>(places, quads, q, point);
                for g in 0..VECTORS {
                    let term = squares[g].sub_from(scale, V::splat(l)).sub(largest[g]);
                    sum[g] = sum[g].add(exp(term));
                }
            }
            for g in 0..VECTORS {
                finish(largest[g], sum[g]).store(&mut out[g]);
            }
        }
    }
}

kernel! {
    /// Σ of the weights of all points closer than the square root of `square`, at every place of a
    /// chunk.
    pub fn ball_sum<V>(
        places: &[Quad],
        d: usize,
        points: &[f64],
        weights: &[f64],
        square: f64,
        sums: &mut [Quad],
    ) {
        let (quads, bound) = (sums.len(), V::splat(square));
        for (q, out) in sums.iter_mut().enumerate() {
            let mut sum = [V::splat(0.0); VECTORS];
            for (point, &weight) in points.chunks_exact(d).zip(weights) {
                let squares = squares_to::<V>(places, quads, q, point);
                for g in 0..VECTORS {
                    let more = bound.choose(squares[g], V::splat(weight), V::splat(0.0));
                    sum[g] = sum[g].add(more);
                }
            }
            for g in 0..VECTORS {
                sum[g].store(&mut out[g]);
            }
        }
    }
}

/// ‖x − point‖² at the places of quad `q`.
#[inline(always)]
fn squares_to<V: Vector>(places: &[Quad], quads: usize, q: usize, point: &[f64]) -> [V; VECTORS] {
    let mut squares = [V::splat(0.0); VECTORS];
    for (j, &x) in point.iter().enumerate() {
        let column = &places[j * quads + q];
        for g in 0..VECTORS {
            let gap = V::load(&column[g]).sub(V::splat(x));
            squares[g] = gap.mul_add(gap, squares[g]);
        }
    }
    squares
}
