//! Checks that the tests of several distributions share: slow, plain, with a fixed seed.

pub mod sequence;

use super::{Distribution, Moments};
use crate::samples::{Points, Samples};
use crate::stream::{Role, stream};

pub fn draws(law: &dyn Distribution<Points>, n: usize) -> Points {
    law.draw(n, &mut stream(11, 0, 0, Role::DRAW))
}

/// Midpoints of a grid over [−reach, reach]², and the area of a cell.
fn grid(reach: f64, steps: usize) -> (Points, f64) {
    let width = 2.0 * reach / steps as f64;
    let at = |i: usize| -reach + (i as f64 + 0.5) * width;
    let rows = (0..steps * steps).flat_map(|k| [at(k / steps), at(k % steps)]).collect();
    (Points::from_rows(rows, 2), width * width)
}

/// ∫ p over a square, by the midpoint rule.
pub fn mass_in_square(law: &dyn Distribution<Points>, reach: f64, steps: usize) -> f64 {
    let (points, area) = grid(reach, steps);
    let ln = law.density().expect("a density").ln_density(&points);
    ln.iter().map(|l| l.exp() * area).sum()
}

/// Every mean and covariance of n draws is within four standard errors of the exact one.
pub fn moments_agree(law: &dyn Distribution<Points>, n: usize) {
    let points = draws(law, n);
    let exact = law.moments().expect("exact moments");
    let sample = Moments::of(&points).expect("many draws");
    let mean_and_error = |products: Vec<f64>| {
        let mean = products.iter().sum::<f64>() / n as f64;
        let square = products.iter().map(|p| (p - mean).powi(2)).sum::<f64>() / n as f64;
        (mean, (square / n as f64).sqrt())
    };
    for i in 0..exact.mean.len() {
        let (mean, error) = mean_and_error(points.rows().map(|x| x[i]).collect());
        assert!((mean - exact.mean[i]).abs() <= 4.0 * error + 1e-12, "mean {i}: {mean}");
        for j in 0..=i {
            let product = |x: &[f64]| (x[i] - exact.mean[i]) * (x[j] - exact.mean[j]);
            let (value, error) = mean_and_error(points.rows().map(product).collect());
            let gap = (value - exact.covariance[[i, j]]).abs();
            assert!(gap <= 4.0 * error + 1e-12, "covariance {i} {j}: {value}, {sample:?}");
        }
    }
}

/// The mean of −ln p over draws, and its standard error.
pub fn cross_entropy(law: &dyn Distribution<Points>, n: usize) -> (f64, f64) {
    let points = draws(law, n);
    let ln = law.density().expect("a density").ln_density(&points);
    assert_eq!(ln.len(), points.len());
    let mean = -ln.iter().sum::<f64>() / n as f64;
    let variance = ln.iter().map(|l| (l + mean).powi(2)).sum::<f64>() / n as f64;
    (mean, (variance / n as f64).sqrt())
}

/// Held-out draws cost as many nats as −∫ p ln p over a square that holds almost everything.
pub fn cross_entropy_is_the_grid_entropy(law: &dyn Distribution<Points>, reach: f64, steps: usize) {
    let (points, area) = grid(reach, steps);
    let ln = law.density().expect("a density").ln_density(&points);
    let entropy: f64 = ln.iter().filter(|l| **l > -700.0).map(|l| -l * l.exp() * area).sum();
    let (mean, error) = cross_entropy(law, 40_000);
    assert!((mean - entropy).abs() < 4.0 * error, "{mean} ± {error} and {entropy}");
}

/// The share of draws in the exact tail region is q.
pub fn tail_holds_its_mass(law: &dyn Distribution<Points>, q: f64, n: usize) {
    let tail = law.tail(q).expect("an exact tail");
    let ln = law.density().expect("a density").ln_density(&draws(law, n));
    let share = ln.iter().filter(|l| **l <= tail.ln_threshold).count() as f64 / n as f64;
    assert!((share - q).abs() < 4.0 * (q * (1.0 - q) / n as f64).sqrt(), "q = {q}: {share}");
}
