//! Sample sizes that grow with the generation: how fast they must grow for a replaced lineage to
//! stay near its world.
//!
//! Unbiased normal, one dimension, in units of σ*²: E W2² after t fits = Σ 1/n_i + 2(1 − ∏
//! a_{n_i}), bounded over all t exactly when Σ 1/n_i is, hence for n_t ∝ t^(1+s) with s > 0.
//! Collapse raises it. Source: Xu, He & Cheng, arXiv 2505.13947.

use super::gaussian::Chain;
use super::setting::Divisor;

/// round(start · t^growth): the samples that train generation t. At least 1 for start ≥ 1.
pub fn size(start: usize, growth: f64, t: u32) -> usize {
    (start as f64 * f64::from(t).powf(growth)).round() as usize
}

/// E W2² to N(0, 1) after as many fits as there are sizes, unbiased divisor, each fit to the
/// samples of the last alone.
pub fn frechet(sizes: &[usize]) -> f64 {
    Chain { sizes, dimension: 1, divisor: Divisor::Unbiased, full: true, bias: 1.0 }.frechet()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn growing_sizes_reproduce_the_printed_distances() {
        for (extra, wanted) in [(0.0, 0.3201), (0.5, 0.1728), (1.0, 0.1225)] {
            let sizes: Vec<usize> = (1..=40).map(|t| size(20, 1.0 + extra, t)).collect();
            let found = frechet(&sizes);
            assert!((found - wanted).abs() < 0.0001, "{found} is not {wanted}");
        }
    }

    #[test]
    fn faster_than_linear_growth_bounds_the_distance_and_linear_growth_does_not() {
        let gain = |growth: f64| {
            let sizes: Vec<usize> = (1..=4000).map(|t| size(20, growth, t)).collect();
            frechet(&sizes) - frechet(&sizes[..2000])
        };
        assert!(gain(1.0) > 0.03, "a logarithm gains as much in every doubling");
        assert!(gain(2.0) < 0.0001);
    }
}
