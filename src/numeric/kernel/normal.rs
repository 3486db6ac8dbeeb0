//! Quadratic forms of normals, and what Bayes' rule makes of them.

use super::elementary::{exp, ln};
use super::vector::Vector;
use super::{LANES, Lane, Quad, VECTORS, kernel};

/// Log densities count as no less than this, so that a sample far from every component still belongs
/// somewhere and their sum stays finite.
const FLOOR: f64 = -1e300;

kernel! {
    /// ‖W(x − μ)‖² of every sample of a chunk: the squared Mahalanobis distance where W = L⁻¹ of the
    /// covariance L·Lᵀ.
    ///
    /// `whiten` is lower triangular, row by row, with a row of zeros more where d is odd; `centred`
    /// holds d quads for each quad of samples, and is overwritten with x − μ.
    pub fn whitened_squares<V>(
        chunk: &[Quad],
        mean: &[f64],
        whiten: &[f64],
        centred: &mut [Quad],
        squares: &mut [Quad],
    ) {
        let (d, quads) = (mean.len(), squares.len());
        centre::<V>(chunk, mean, centred);
        for (q, square) in squares.iter_mut().enumerate() {
            let mut sums = [V::splat(0.0); VECTORS];
            for i in (0..d).step_by(2) {
                let (first, second) = whiten[i * d..(i + 2) * d].split_at(d);
                let mut a = [V::splat(0.0); VECTORS];
                let mut b = [V::splat(0.0); VECTORS];
                for j in 0..d.min(i + 2) {
                    let column = &centred[j * quads + q];
                    let (u, v) = (V::splat(first[j]), V::splat(second[j]));
                    for g in 0..VECTORS {
                        let x = V::load(&column[g]);
                        a[g] = x.mul_add(u, a[g]);
                        b[g] = x.mul_add(v, b[g]);
                    }
                }
                for g in 0..VECTORS {
                    sums[g] = b[g].mul_add(b[g], a[g].mul_add(a[g], sums[g]));
                }
            }
            for g in 0..VECTORS {
                sums[g].store(&mut square[g]);
            }
        }
    }
}

/// x − μ of every sample of a chunk.
#[inline(always)]
pub fn centre<V: Vector>(chunk: &[Quad], mean: &[f64], centred: &mut [Quad]) {
    let quads = chunk.len() / mean.len();
    let columns = chunk.chunks_exact(quads).zip(centred.chunks_exact_mut(quads));
    for ((from, to), &m) in columns.zip(mean) {
        let m = V::splat(m);
        for q in 0..quads {
            for g in 0..VECTORS {
                V::load(&from[q][g]).sub(m).store(&mut to[q][g]);
            }
        }
    }
}

kernel! {
    /// Σ_j p_j·(x_j − μ_j)² of every sample of a chunk.
    pub fn scaled_squares<V>(
        chunk: &[Quad],
        mean: &[f64],
        precisions: &[f64],
        squares: &mut [Quad],
    ) {
        let quads = squares.len();
        for (q, square) in squares.iter_mut().enumerate() {
            let mut sums = [V::splat(0.0); VECTORS];
            for (j, (&m, &p)) in mean.iter().zip(precisions).enumerate() {
                let (m, p) = (V::splat(m), V::splat(p));
                let column = &chunk[j * quads + q];
                for g in 0..VECTORS {
                    let x = V::load(&column[g]).sub(m);
                    sums[g] = x.mul(p).mul_add(x, sums[g]);
                }
            }
            for g in 0..VECTORS {
                sums[g].store(&mut square[g]);
            }
        }
    }
}

kernel! {
    /// The E-step: from squares s_k to weighted responsibilities, in place.
    ///
    /// With l_k = constant_k − s_k/2: r_k = w·exp(l_k)/Σ exp(l), and w·ln Σ exp(l) is added to
    /// `bound`. `squares` holds one run of quads for each component.
    pub fn posterior<V>(
        squares: &mut [Quad],
        constants: &[f64],
        weights: &[Quad],
        bound: &mut Lane,
    ) {
        let quads = weights.len();
        let mut likelihood = V::load(bound);
        for (q, weight) in weights.iter().enumerate() {
            for g in 0..VECTORS {
                let mut largest = V::splat(FLOOR);
                for (k, &constant) in constants.iter().enumerate() {
                    let lane = &mut squares[k * quads + q][g];
                    let l = V::load(lane).sub_from(V::splat(0.5), V::splat(constant));
                    let l = l.max(V::splat(FLOOR));
                    l.store(lane);
                    largest = l.max(largest);
                }
                let mut sum = V::splat(0.0);
                for k in 0..constants.len() {
                    let lane = &mut squares[k * quads + q][g];
                    let part = exp(V::load(lane).sub(largest));
                    part.store(lane);
                    sum = sum.add(part);
                }
                let w = V::load(&weight[g]);
                likelihood = w.mul_add(largest.add(ln(sum)), likelihood);
                let share = w.div(sum);
                for k in 0..constants.len() {
                    let lane = &mut squares[k * quads + q][g];
                    V::load(lane).mul(share).store(lane);
                }
            }
        }
        likelihood.store(bound);
    }
}

kernel! {
    /// ln Σ_k exp(constant_k − s_k/2) of every sample; −∞ where every term is.
    pub fn ln_sum_exp<V>(squares: &[Quad], constants: &[f64], sums: &mut [Quad]) {
        let quads = sums.len();
        for (q, out) in sums.iter_mut().enumerate() {
            for g in 0..VECTORS {
                let mut largest = V::splat(FLOOR);
                for (k, &constant) in constants.iter().enumerate() {
                    let square = V::load(&squares[k * quads + q][g]);
                    largest = square.sub_from(V::splat(0.5), V::splat(constant)).max(largest);
                }
                let mut sum = V::splat(0.0);
                for (k, &constant) in constants.iter().enumerate() {
                    let square = V::load(&squares[k * quads + q][g]);
                    let l = square.sub_from(V::splat(0.5), V::splat(constant));
                    sum = sum.add(exp(l.sub(largest)));
                }
                finish(largest, sum).store(&mut out[g]);
            }
        }
    }
}

/// largest + ln sum, where the largest term was taken out of the sum: −∞ where nothing is left.
#[inline(always)]
pub fn finish<V: Vector>(largest: V, sum: V) -> V {
    let zero = V::splat(0.0);
    sum.choose(zero, largest.add(ln(sum)), V::splat(f64::NEG_INFINITY))
}

const _: () = assert!(LANES == 8, "exp and ln are written for f64 in eight lanes");
