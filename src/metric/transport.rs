//! Optimal transport between finite sets of points on a line, and along directions in space.
//!
//! On a line the best plan pairs quantile with quantile: both sets are sorted, and mass is moved in
//! that order. Sets of different sizes are met exactly, in whole fractions of 1/(n·m).

use crate::samples::{Points, Samples};
use crate::stream::{Role, stream};
use rand::RngExt;
use rand_distr::StandardNormal;

/// W₁ of two sets of points on a line: ∫ |F − G|. `None` in more dimensions, without points, or
/// with a number that is not finite.
pub fn wasserstein(real: &Points, draws: &Points) -> Option<f64> {
    if real.dimension() != 1 || !both_finite(real, draws) {
        return None;
    }
    Some(couple(&sorted(real.as_slice()), &sorted(draws.as_slice()), f64::abs))
}

/// W₂² of the projections of two sets of points, averaged over the directions.
///
/// `None` without points or directions, or with a number that is not finite.
pub fn sliced(real: &Points, draws: &Points, directions: &Points) -> Option<f64> {
    if !both_finite(real, draws) || directions.is_empty() {
        return None;
    }
    Some(sliced_onto(&projections(real, directions), draws, directions))
}

/// The same, with the sorted projections of the real points at hand.
pub fn sliced_onto(real: &[Vec<f64>], draws: &Points, directions: &Points) -> f64 {
    let square = |gap: f64| gap * gap;
    let along = real.iter().zip(directions.rows());
    let total: f64 = along.map(|(a, ray)| couple(a, &projection(draws, ray), square)).sum();
    total / directions.len() as f64
}

/// The sorted projections of points, one list for each direction.
pub fn projections(points: &Points, directions: &Points) -> Vec<Vec<f64>> {
    directions.rows().map(|ray| projection(points, ray)).collect()
}

fn projection(points: &Points, ray: &[f64]) -> Vec<f64> {
    let onto = |x: &[f64]| x.iter().zip(ray).map(|(x, r)| x * r).sum::<f64>();
    sorted(&points.rows().map(onto).collect::<Vec<_>>())
}

/// `count` directions, uniform on the sphere: the same in every trial, generation and experiment.
///
/// On a line there is only one.
pub fn frozen_directions(count: usize, dimension: usize) -> Points {
    if dimension == 1 {
        return Points::from_rows(vec![1.0], 1);
    }
    let mut rng = stream(0, 0, 0, Role::measure("sliced-wasserstein"));
    let mut values = Vec::with_capacity(count * dimension);
    for _ in 0..count {
        let ray: Vec<f64> = (0..dimension).map(|_| rng.sample(StandardNormal)).collect();
        let length = ray.iter().map(|z| z * z).sum::<f64>().sqrt();
        values.extend(ray.iter().map(|z| z / length));
    }
    Points::from_rows(values, dimension)
}

fn both_finite(a: &Points, b: &Points) -> bool {
    !a.is_empty() && !b.is_empty() && a.is_finite() && b.is_finite()
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Mean cost of moving one sorted list onto another, quantile by quantile.
///
/// A point of the first weighs m units, one of the second n: sums of mass are exact.
fn couple(a: &[f64], b: &[f64], cost: impl Fn(f64) -> f64) -> f64 {
    let (n, m) = (a.len(), b.len());
    if n == m {
        return a.iter().zip(b).map(|(x, y)| cost(x - y)).sum::<f64>() / n as f64;
    }
    let (mut i, mut j, mut left_a, mut left_b) = (0, 0, m, n);
    let mut total = 0.0;
    while i < n && j < m {
        let moved = left_a.min(left_b);
        total += moved as f64 * cost(a[i] - b[j]);
        (left_a, left_b) = (left_a - moved, left_b - moved);
        if left_a == 0 {
            (i, left_a) = (i + 1, m);
        }
        if left_b == 0 {
            (j, left_b) = (j + 1, n);
        }
    }
    total / (n as f64 * m as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(values: &[f64]) -> Points {
        Points::from_rows(values.to_vec(), 1)
    }

    #[test]
    fn sets_of_different_sizes_are_met_exactly() {
        let (a, b) = (line(&[0.0, 3.0]), line(&[6.0, 0.0, 0.0]));
        // Thirds and halves: 1/3 stays, 1/6 moves from 3 to 0, 1/3 from 3 to 6.
        assert_eq!(wasserstein(&a, &b), Some(1.5));
        assert_eq!(sliced(&a, &b, &frozen_directions(9, 1)), Some(4.5));
        let twice = line(&[0.0, 3.0, 3.0, 0.0]);
        assert_eq!(wasserstein(&a, &twice), Some(0.0));
    }

    #[test]
    fn a_moved_and_shrunk_set_has_its_distance_along_every_direction() {
        let rays = frozen_directions(200, 3);
        assert!(rays.rows().all(|r| (r.iter().map(|x| x * x).sum::<f64>() - 1.0).abs() < 1e-12));
        let plane = |s: f64| Points::from_rows((0..60).map(|i| s * f64::from(i % 7)).collect(), 3);
        let (near, far) =
            (sliced(&plane(1.0), &plane(0.9), &rays), sliced(&plane(1.0), &plane(0.01), &rays));
        assert!(near < far && near > Some(0.0));
        assert_eq!(sliced(&plane(1.0), &plane(1.0), &rays), Some(0.0));
    }

    #[test]
    fn nothing_and_what_is_not_finite_have_no_distance() {
        assert_eq!(wasserstein(&line(&[]), &line(&[1.0])), None);
        assert_eq!(wasserstein(&line(&[f64::NAN]), &line(&[1.0])), None);
        assert_eq!(wasserstein(&line(&[f64::INFINITY]), &line(&[f64::INFINITY])), None);
        assert_eq!(wasserstein(&line(&[1e300]), &line(&[-1e300])), Some(2e300));
    }
}
