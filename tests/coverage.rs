//! Intervals must cover as often as they claim, on data like those that lineages leave behind.

use model_collapse::analysis::interval::mean_interval;
use model_collapse::analysis::quantile::median_interval;
use rand::SeedableRng;
use rand_distr::{ChiSquared, Distribution, LogNormal, Normal};
use rand_pcg::Pcg64Dxsm;

const REPEATS: usize = 4000;

/// Shares of repeats in which an interval exists, and of those in which it covers the truth.
fn coverage(
    n: usize,
    truth: f64,
    mut draw: impl FnMut(&mut Pcg64Dxsm) -> f64,
    interval: impl Fn(&[f64]) -> Option<(f64, f64)>,
) -> (f64, f64) {
    let mut rng = Pcg64Dxsm::seed_from_u64(n as u64);
    let (mut given, mut covered) = (0, 0);
    for _ in 0..REPEATS {
        let mut sample: Vec<f64> = (0..n).map(|_| draw(&mut rng)).collect();
        sample.sort_by(f64::total_cmp);
        let Some((low, high)) = interval(&sample) else { continue };
        given += 1;
        covered += usize::from(low <= truth && truth <= high);
    }
    (given as f64 / REPEATS as f64, covered as f64 / given as f64)
}

/// Nominal 95 %, less what choosing an interval by its sample may cost, less four standard errors.
fn assert_covers(what: &str, n: usize, (given, covered): (f64, f64), usual: f64, least: f64) {
    let error = (least * (1.0 - least) / (REPEATS as f64 * given)).sqrt();
    assert!(given >= usual, "{what}, n = {n}: an interval in only {given}");
    assert!(covered >= least - 4.0 * error, "{what}, n = {n}: covers {covered}");
    assert!(covered <= 0.995, "{what}, n = {n}: covers {covered}, wider than it must be");
}

#[test]
fn the_mean_of_normal_values_is_covered() {
    let normal = Normal::new(0.0, 1.0).unwrap();
    for n in [5, 20, 60, 200] {
        let found = coverage(n, 0.0, |rng| normal.sample(rng), mean_interval);
        assert_covers("normal", n, found, 0.9, 0.95);
        // Student's interval of normal values is exact: it is no wider than it must be, either.
        let error = (0.95 * 0.05 / (REPEATS as f64 * found.0)).sqrt();
        assert!(found.1 <= 0.95 + 4.0 * error, "n = {n}: covers {}", found.1);
    }
}

#[test]
fn the_mean_of_log_normal_values_is_covered() {
    for sigma in [0.3_f64, 0.7, 1.0] {
        let values = LogNormal::new(0.0, sigma).unwrap();
        let truth = (sigma * sigma / 2.0).exp();
        for n in [20, 60, 200] {
            let found = coverage(n, truth, |rng| values.sample(rng), mean_interval);
            assert_covers(&format!("log-normal {sigma}"), n, found, 0.9, 0.94);
        }
    }
}

#[test]
fn the_mean_variance_of_a_replacing_lineage_is_covered_while_it_is_claimed() {
    let factor = ChiSquared::new(9.0).unwrap();
    let variance = |generations: u32| {
        move |rng: &mut Pcg64Dxsm| (0..generations).map(|_| factor.sample(rng) / 9.0).product()
    };
    for n in [20, 60, 200] {
        for generations in [1, 4, 8] {
            let found = coverage(n, 1.0, variance(generations), mean_interval);
            assert_covers(&format!("{generations} generations"), n, found, 0.5, 0.94);
        }
        let (given, _) = coverage(n, 1.0, variance(60), mean_interval);
        assert!(given < 0.01, "n = {n}: a mean carried by rare runs was given an interval {given}");
    }
}

#[test]
fn the_median_is_covered_whatever_the_distribution() {
    let values = LogNormal::new(0.0, 3.0).unwrap();
    for n in [6, 20, 60, 200] {
        let (given, covered) = coverage(n, 1.0, |rng| values.sample(rng), median_interval);
        let error = (0.95 * 0.05 / REPEATS as f64).sqrt();
        assert_eq!(given, 1.0);
        assert!(covered >= 0.95 - 4.0 * error && covered < 0.985, "n = {n}: {covered}");
    }
}
