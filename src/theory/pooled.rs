//! Everything kept: the growing pool under accumulate, with fresh real data, and subsamples of it.
//!
//! Accumulate with the biased covariance and n per generation: E trΣ_t/trΣ* = ∏_{k≤t}(1 − 1/(nk²)),
//! which stops at sin(π/√n)/(π/√n). In units of trΣ*; collapse lowers the trace, here never to 0.
//! Sources: Gerstgrasser et al., arXiv 2404.01413; Kazdan et al., arXiv 2410.16713; pool with fresh
//! data, Wang, Niu & Li, arXiv 2602.16065; unequal sizes are our own.

use super::moments::{Moments, Response, first};
use std::f64::consts::PI;

/// E trΣ_t/trΣ* under accumulate, biased covariance, n founders and n offspring: ∏_{k≤t}(1 −
/// 1/(nk²)). The mean's error is d(1 − this)σ*². Also heterozygosity in units of its first value.
pub fn accumulate_variance(n: usize, t: u32) -> f64 {
    (1..=t).map(|k| 1.0 - 1.0 / (n as f64 * f64::from(k).powi(2))).product()
}

/// The limit sin(π/√n)/(π/√n) of [`accumulate_variance`] as t → ∞.
pub fn accumulate_limit(n: usize) -> f64 {
    let angle = PI / (n as f64).sqrt();
    angle.sin() / angle
}

/// Founders, `real` fresh draws per generation from the second on, and all offspring so far; `real`
/// = 0 is accumulate.
///
/// With N samples in the pool, A the error of its mean and Q the sum of squares about μ*:
/// A' = ((N + n)²A + nv + n_r)/N'², Q' = Q + n(A + v) + n_r, scatter = Q/N − A.
pub fn pool(response: &Response, sizes: &[usize], real: usize) -> Option<Moments> {
    let (&founders, later) = sizes.split_first()?;
    let mut now = first(response, founders);
    let (mut count, mut squares, real) = (founders as f64, founders as f64, real as f64);
    for &n in later {
        let n = n as f64;
        let after = count + n + real;
        squares += n * (now.mean_error + now.trace) + real;
        let error = (count + n).powi(2) * now.mean_error + n * now.trace + real;
        let mean_error = error / (after * after);
        count = after;
        let trace = response.trace(squares / count - mean_error, 1.0 / count, mean_error);
        now = Moments { mean_error, trace };
    }
    Some(now)
}

/// Model and pool under the subsample regime.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Subsample {
    /// Of the model that was fitted to the subsample.
    pub model: Moments,
    /// Of the pool that the subsample was drawn from; its trace has the pool's size as divisor.
    pub pool: Moments,
}

/// `size` samples of founders and all offspring so far, without replacement, anew for each
/// generation t ≥ 2.
///
/// A subsample of m out of N misses the pool's mean by f = (N−m)/(m(N−1)) of the pool's variance v,
/// and shows c = N(m−1)/((N−1)m) of it. n new draws of the model lie e = f v + trace/n off the
/// pool's mean, so that M' = M + (n/N')² e, and the pool's sum of squares gains (n−1)·trace +
/// (Nn/N') e. None if `size` exceeds the pool.
pub fn subsample(response: &Response, sizes: &[usize], size: usize) -> Option<Subsample> {
    let (&founders, later) = sizes.split_first()?;
    let mut count = founders as f64;
    let mut model = first(response, founders);
    let (mut miss, mut error, mut variance) = (0.0, model.mean_error, 1.0 - model.mean_error);
    for &n in later {
        let n = n as f64;
        let after = count + n;
        let off = miss + model.trace / n;
        error += (n / after).powi(2) * off;
        variance = (count * variance + (n - 1.0) * model.trace + count * n / after * off) / after;
        count = after;
        let m = size as f64;
        if size == 0 || m > count {
            return None;
        }
        miss = variance * (count - m) / (m * (count - 1.0));
        let seen = variance * count * (m - 1.0) / ((count - 1.0) * m);
        let mean_error = error + miss;
        model = Moments { mean_error, trace: response.trace(seen, 1.0 / m, mean_error) };
    }
    Some(Subsample { model, pool: Moments { mean_error: error, trace: variance } })
}

/// The limit for large n, then t, of n·E‖μ_t − μ*‖² under subsample with m = n: π²/2 − 2.
pub const SUBSAMPLE_MODEL_ERROR: f64 = PI * PI / 2.0 - 2.0;
/// The same limit of n times the squared error of the pool's mean: π²/2 − 3.
pub const SUBSAMPLE_POOL_ERROR: f64 = PI * PI / 2.0 - 3.0;

/// The exponent −min(½, α) with which the pool's mean error (not squared) falls in t when a share α
/// of each generation's new samples is real; at α = ½ a logarithm joins. Wang, Niu & Li, arXiv
/// 2602.16065.
pub fn fresh_pool_rate(real_share: f64) -> f64 {
    -real_share.min(0.5)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::Divisor;
    use crate::theory::printed;

    fn biased() -> Response {
        Response::gaussian(Divisor::Biased, 1.0)
    }

    #[test]
    fn accumulate_reproduces_product_recursion_and_limit() {
        printed(accumulate_variance(10, 50), 0.8451, 4);
        printed(accumulate_limit(10), 0.8434, 4);
        printed(accumulate_variance(10, 100), 0.8443, 4);
        printed(accumulate_variance(32, 100), 0.9497, 4);
        printed(accumulate_variance(10, 100_000), accumulate_limit(10), 5);
        let found = pool(&biased(), &[10; 50], 0).unwrap();
        printed(found.trace, accumulate_variance(10, 50), 12);
        printed(found.mean_error, 0.1549, 4);
    }

    #[test]
    fn subsample_reproduces_the_printed_values() {
        let found = subsample(&biased(), &[10; 30], 10).unwrap();
        printed(found.model.trace, 0.7461, 4);
        printed(found.model.mean_error, 0.2539, 4);
        printed(found.pool.trace, 0.8262, 4);
        assert_eq!(subsample(&biased(), &[10; 2], 21), None);
    }

    #[test]
    fn subsample_nears_its_constants_for_large_samples() {
        let found = subsample(&biased(), &[100_000; 20_000], 100_000).unwrap();
        printed(1e5 * found.model.mean_error, SUBSAMPLE_MODEL_ERROR, 2);
        printed(1e5 * found.pool.mean_error, SUBSAMPLE_POOL_ERROR, 2);
        printed(SUBSAMPLE_MODEL_ERROR, 2.9348, 4);
        printed(SUBSAMPLE_POOL_ERROR, 1.9348, 4);
    }

    #[test]
    fn a_subsample_of_the_whole_pool_is_accumulate() {
        let sizes = [7, 5];
        let part = subsample(&biased(), &sizes, 12).unwrap().model;
        let whole = pool(&biased(), &sizes, 0).unwrap();
        printed(part.trace, whole.trace, 12);
        printed(part.mean_error, whole.mean_error, 12);
    }

    #[test]
    fn a_pool_with_fresh_data_reproduces_the_printed_values() {
        for (real, wanted, digits) in [(10, 0.00748, 5), (25, 0.001119, 6), (40, 0.000325, 6)] {
            let mut sizes = vec![50 - real; 100];
            sizes[0] = 50;
            printed(pool(&biased(), &sizes, real).unwrap().mean_error, wanted, digits);
        }
        let slope = |real: usize| {
            let at = |t: usize| {
                let mut sizes = vec![50 - real; t];
                sizes[0] = 50;
                pool(&biased(), &sizes, real).unwrap().mean_error.sqrt().ln()
            };
            (at(40_000) - at(20_000)) / 2f64.ln()
        };
        printed(slope(5), fresh_pool_rate(0.1), 2);
        printed(slope(45), fresh_pool_rate(0.9), 2);
    }
}
