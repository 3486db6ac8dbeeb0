use super::*;
use crate::distribution::{Distribution, Gaussian};
use crate::stream::{Role, stream};
use ndarray::arr1;

fn line(values: &[f64]) -> Points {
    Points::from_rows(values.to_vec(), 1)
}

fn normal(d: usize, mean: f64, variance: f64, n: usize, seed: u64) -> Points {
    let normal = Gaussian::spherical(arr1(&vec![mean; d]), variance);
    normal.draw(n, &mut stream(seed, 0, 0, Role::DRAW))
}

#[test]
fn a_line_and_the_same_line_in_a_plane_agree() {
    let (a, b) = (normal(1, 0.0, 1.0, 70, 1), normal(1, 0.5, 2.0, 50, 2));
    let plane =
        |p: &Points| Points::from_rows(p.as_slice().iter().flat_map(|x| [*x, 3.0]).collect(), 2);
    let (on_line, in_plane) = (energy(&a, &b).unwrap(), energy(&plane(&a), &plane(&b)).unwrap());
    assert!((on_line.value - in_plane.value).abs() < 1e-12);
    let errors = (on_line.standard_error.unwrap(), in_plane.standard_error.unwrap());
    assert!((errors.0 - errors.1).abs() < 1e-12);
}

#[test]
fn energy_by_hand() {
    // 2·(1 + 2 + 2 + 1)/4 − 3 − 0 with X = {0, 3} and Y = {1, 1}.
    let reading = energy(&line(&[0.0, 3.0]), &line(&[1.0, 1.0])).expect("two points each");
    assert_eq!(reading.value, 0.0);
    assert_eq!(energy(&line(&[0.0, 3.0]), &line(&[1.0])), None);
}

#[test]
fn closed_forms_of_two_normals_are_met_within_four_standard_errors() {
    let (a, b) = (normal(1, 0.0, 1.0, 4000, 3), normal(1, 1.3, 0.36, 4000, 4));
    let close = |reading: Reading, exact: f64| {
        let error = reading.standard_error.expect("many points");
        assert!(error < 0.05 && (reading.value - exact).abs() < 4.0 * error, "{reading:?}");
    };
    close(energy(&a, &b).unwrap(), 1.1054680797668228);
    close(mmd(&a, &b, 1.0).unwrap(), 0.4297737734305719);
}

#[test]
fn the_standard_error_is_the_spread_over_repetitions() {
    let (n, repetitions) = (60, 400);
    let one = |r: u64| energy(&normal(2, 0.0, 1.0, n, 2 * r), &normal(2, 0.8, 0.5, n, 2 * r + 1));
    let readings: Vec<Reading> = (0..repetitions).map(|r| one(r).unwrap()).collect();
    let values: Vec<f64> = readings.iter().map(|r| r.value).collect();
    let mean = values.iter().sum::<f64>() / repetitions as f64;
    let spread = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (repetitions - 1) as f64;
    let stated = readings.iter().map(|r| r.standard_error.unwrap().powi(2)).sum::<f64>();
    let ratio = stated / repetitions as f64 / spread;
    // A variance of 400 repetitions has a relative standard error of √(2/400) = 0.07.
    assert!((ratio - 1.0).abs() < 4.0 * 0.071, "{ratio}");
}

#[test]
fn huge_points_have_a_finite_energy_and_the_largest_mmd() {
    let (a, b) = (
        normal(2, 0.0, 1.0, 40, 5),
        Points::new(normal(2, 0.0, 1.0, 40, 6).values().mapv(|x| x * 1e200)),
    );
    let small = Points::new(b.values().mapv(|x| x / 1e200));
    let origin = Points::new(a.values().mapv(|x| x / 1e200));
    let (huge, scaled) = (energy(&a, &b).unwrap().value, energy(&origin, &small).unwrap().value);
    assert!((huge / 1e200 / scaled - 1.0).abs() < 1e-12);
    let own = mmd(&a, &b, 1.0).unwrap().value;
    let within_a =
        within(&a, Kernel::Normal { bandwidth: 1.0 }).iter().sum::<f64>() / (40.0 * 39.0);
    assert!((own - within_a).abs() < 1e-12);
}

#[test]
fn the_median_distance_is_that_of_pairs() {
    assert_eq!(median_distance(&line(&[0.0, 1.0, 3.0])), Some(2.0));
    assert_eq!(median_distance(&line(&[0.0, 1.0, 3.0, 7.0])), Some(3.5));
    assert_eq!(median_distance(&line(&[2.0; 9])), None);
    assert_eq!(median_distance(&line(&[2.0])), None);
}
