//! Frequencies refitted to their own samples, which is the Wright–Fisher model: heterozygosity,
//! support and fixation.
//!
//! H = 1 − Σp² lies in [0, 1); under replace E H_t = H*(1 − 1/n)^t while E p stays, until one type
//! is left. Support counts types with p > 0; a type once lost never returns under replace, and is
//! never lost while its samples are kept. E‖p_t − p*‖² is H* times the mean error of the recipe, H*(1 −
//! (1 − 1/n)^t) under replace. Sources: Shumailov et al., arXiv 2305.17493; Suresh et
//! al., arXiv 2412.17646 (bounds); Seddik et al., arXiv 2404.05090 (partly synthetic); Kazdan et
//! al., arXiv 2410.16713 (time to fixation). Heterozygosity in other recipes: `moments`.

use super::missing_mass::missing_mass;
use super::setting::{Claim, Estimator, Recipe, Setting, Truth};
use super::survival::{forgetting, lost_at_most};

/// 1 − Σp².
pub fn heterozygosity(probabilities: &[f64]) -> f64 {
    1.0 - probabilities.iter().map(|p| p * p).sum::<f64>()
}

/// E H_t/H* under replace: (1 − 1/n)^t.
pub fn replace_ratio(n: usize, t: u32) -> f64 {
    (1.0 - 1.0 / n as f64).powf(f64::from(t))
}

/// E H_t/H* under accumulate: ∏_{k≤t}(1 − 1/(nk²)), as for the biased variance.
pub fn accumulate_ratio(n: usize, t: u32) -> f64 {
    super::pooled::accumulate_variance(n, t)
}

/// Expected number of types that n draws of the world show: Σ 1 − (1 − p)^n.
pub fn types(probabilities: &[f64], n: usize) -> f64 {
    // Powers of 1 − p through ln_1p keep types rarer than 1e−16 apart from absent ones.
    probabilities.iter().map(|&p| -(n as f64 * (-p).ln_1p()).exp_m1()).sum()
}

/// Bounds on the expected number of types after t fits under replace, n samples each: Σ(1 −
/// e^{−npg_t}) ≤ E types ≤ Σ(1 − max(0, 1 − 3np² − 3tp) e^{−npg_t}). The gap grows where p is not
/// small. Suresh et al., arXiv 2412.17646, corollary 1.
pub fn types_bounds(probabilities: &[f64], n: usize, t: u32) -> (f64, f64) {
    let g = forgetting(t);
    let alive = |&p: &f64| -(-(n as f64) * p * g).exp_m1();
    let perhaps = |&p: &f64| 1.0 - lost_at_most(n, p, t) * (-(n as f64) * p * g).exp();
    (probabilities.iter().map(alive).sum(), probabilities.iter().map(perhaps).sum())
}

/// Probability that type i is the one left in the end: p_i. Any recipe in which E p stays and one
/// type takes all.
pub fn fixation_probability(probabilities: &[f64], i: usize) -> Option<f64> {
    probabilities.get(i).copied()
}

/// Mean number of fits until one type is left under replace, to first order in 1/n: −2n Σ(1 −
/// p)ln(1 − p); −2n(K−1)ln(1 − 1/K) for K types of equal probability. At n = 50 the truth is 3 to 4
/// % lower (large n).
pub fn fixation_time(probabilities: &[f64], n: usize) -> f64 {
    let term = |&p: &f64| if p < 1.0 { (1.0 - p) * (-p).ln_1p() } else { 0.0 };
    -2.0 * n as f64 * probabilities.iter().map(term).sum::<f64>()
}

/// Squared error E‖p_t − p̂‖² against the founders' own frequencies p̂ with h = 1 − Σp̂², when all
/// N founders stay and n offspring join them: (α²h/n)(1 − r^m)/(1 − r), α = n/(N+n), r = α²(1 −
/// 1/n), after m synthetic generations. Seddik et al., arXiv 2404.05090, in its exact form.
pub fn partial_error(founders: usize, n: usize, m: u32, own_heterozygosity: f64) -> f64 {
    let size = n as f64;
    let share = size / (founders as f64 + size);
    let r = share * share * (1.0 - 1.0 / size);
    share * share * own_heterozygosity / size * (1.0 - r.powf(f64::from(m))) / (1.0 - r)
}

/// Holds for unsmoothed frequencies of a categorical world at the first fit, and ever after where
/// every real sample stays in the training set, since a model invents no type. Heterozygosity is
/// claimed by the recursion of second moments.
pub(super) fn claims(setting: &Setting, generation: u32) -> Vec<Claim> {
    let Truth::Categorical { probabilities } = &setting.truth else { return Vec::new() };
    if setting.estimator != Estimator::Categorical || setting.sizes(generation).is_none() {
        return Vec::new();
    }
    let real = match setting.recipe {
        _ if generation == 1 => setting.founders,
        Recipe::Accumulate | Recipe::Augment { .. } => setting.founders,
        Recipe::Fresh { real, pool: true } => setting.founders + real * (generation as usize - 1),
        _ => return Vec::new(),
    };
    let all = probabilities.iter().filter(|&&p| p > 0.0).count() as f64;
    let share = types(probabilities, real) / all;
    vec![
        Claim::mean(
            "support",
            share,
            "Σ(1 − (1−p)^n)/K over all n real samples in the training set",
        ),
        Claim::mean(
            "missing-mass",
            missing_mass(probabilities, real),
            "Σp(1−p)^n over all n real samples in the training set",
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theory::moments::{Response, moments};
    use crate::theory::printed;

    const WORLD: [f64; 4] = [0.5, 0.3, 0.15, 0.05];

    fn zipf(types: u32) -> Vec<f64> {
        let total: f64 = (1..=types).map(|i| 1.0 / f64::from(i)).sum();
        (1..=types).map(|i| 1.0 / f64::from(i) / total).collect()
    }

    #[test]
    fn heterozygosity_of_zipf_reproduces_the_printed_value() {
        printed(heterozygosity(&zipf(20)) * replace_ratio(30, 25), 0.37563, 5);
    }

    #[test]
    fn support_reproduces_the_printed_values_and_bounds() {
        let p = zipf(20);
        printed(types(&p, 30), 12.208, 3);
        printed(types_bounds(&p, 30, 5).0, 6.13, 2);
        printed(types_bounds(&p, 30, 25).0, 1.97, 2);
        assert!(types_bounds(&p, 30, 5).1 > 6.37);
    }

    #[test]
    fn fixation_takes_the_printed_time() {
        printed(fixation_time(&[0.5; 2], 200), 277.0, 0);
        printed(fixation_time(&[0.1; 10], 200), 379.0, 0);
        printed(fixation_time(&[0.1; 10], 1), 1.896, 3);
        assert_eq!(fixation_time(&[1.0, 0.0], 200), 0.0);
    }

    #[test]
    fn accumulate_reproduces_the_printed_value() {
        let found = moments(&Response::frequencies(), &Recipe::Accumulate, &[8; 60]).unwrap();
        printed(found.trace, accumulate_ratio(8, 60), 12);
        printed(heterozygosity(&WORLD) * accumulate_ratio(8, 60), 0.51331, 5);
    }

    #[test]
    fn the_partial_error_is_the_recursion_given_the_founders() {
        let mut sizes = [100; 31];
        sizes[0] = 50;
        let recipe = Recipe::Augment { synthetic: 100 };
        let found = moments(&Response::frequencies(), &recipe, &sizes).unwrap();
        let given_founders = found.mean_error - 1.0 / 50.0;
        let own = 1.0 - 1.0 / 50.0;
        printed(partial_error(50, 100, 30, own), given_founders, 12);
        printed(partial_error(50, 100, 30, own * heterozygosity(&WORLD)), 0.00494, 5);
    }
}
