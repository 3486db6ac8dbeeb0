//! How many of n independent choices fall to each of some types, drawn at once.
//!
//! Type after type takes a binomial share of what is left, with p_i / (p_i + … + p_k): O(types), whatever
//! n is. Sums of what is still to come are taken from the end, so that rare types at the end lose nothing
//! to rounding; the last type that has any probability takes the rest.
//! Source: Davis 1993 (conditional binomials); Kachitvichyanukul & Schmeiser 1988 (binomials).

use rand::Rng;
use rand_distr::{Binomial, Distribution};

/// Counts that sum to n. The probabilities are not negative, and one of them is above zero.
pub fn multinomial(n: usize, probabilities: &[f64], rng: &mut impl Rng) -> Vec<f64> {
    // First the sums of what is still to come, then the counts in their places.
    let mut counts = probabilities.to_vec();
    let mut sum = 0.0;
    for rest in counts.iter_mut().rev() {
        sum += *rest;
        *rest = sum;
    }
    let mut left = n as u64;
    for (place, p) in counts.iter_mut().zip(probabilities) {
        let taken = match p / *place {
            _ if left == 0 || *p <= 0.0 => 0,
            share => Binomial::new(left, share.min(1.0)).map_or(0, |law| law.sample(rng)),
        };
        *place = taken as f64;
        left -= taken;
    }
    counts
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand::SeedableRng;
    use rand_pcg::Pcg64Dxsm;

    #[test]
    fn counts_sum_to_n_and_types_without_probability_have_none() {
        let mut rng = Pcg64Dxsm::seed_from_u64(1);
        for p in [vec![0.0, 0.3, 0.0, 0.7, 0.0], vec![1.0], vec![1e-300, 1.0, 1e-17]] {
            for n in [0, 1, 7, 1_000_000_007] {
                let counts = multinomial(n, &p, &mut rng);
                assert_eq!(counts.iter().sum::<f64>(), n as f64);
                assert!(counts.iter().zip(&p).all(|(count, p)| *count == 0.0 || *p > 0.0));
            }
        }
    }

    #[test]
    fn means_and_covariances_are_those_of_the_law() {
        let (p, n, draws) = ([0.5, 0.2, 0.3], 40, 20_000);
        let mut rng = Pcg64Dxsm::seed_from_u64(2);
        let (mut sums, mut product) = ([0.0; 3], 0.0);
        for _ in 0..draws {
            let counts = multinomial(n, &p, &mut rng);
            sums.iter_mut().zip(&counts).for_each(|(sum, count)| *sum += count);
            product += (counts[0] - 20.0) * (counts[2] - 12.0);
        }
        for (sum, p) in sums.iter().zip(p) {
            let error = (n as f64 * p * (1.0 - p) / draws as f64).sqrt();
            assert!((sum / draws as f64 - n as f64 * p).abs() < 4.0 * error);
        }
        // Cov = −n·p₀·p₂ = −6; the product has a standard deviation of about √(10·8.4 + 36).
        assert!((product / draws as f64 + 6.0).abs() < 4.0 * (120.0_f64 / draws as f64).sqrt());
    }
}
