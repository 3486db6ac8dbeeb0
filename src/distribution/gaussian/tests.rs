use super::*;
use crate::stream::{Role, stream};
use ndarray::{arr1, arr2};

fn skewed() -> Gaussian {
    let covariance = arr2(&[[2.0, 0.8], [0.8, 1.0]]);
    Gaussian::full(arr1(&[1.0, -2.0]), covariance).expect("finite")
}

#[test]
fn draws_have_the_moments_of_the_distribution() {
    let n = 40_000;
    let points = skewed().draw(n, &mut stream(1, 0, 0, Role::DRAW));
    let moments = Moments::of(&points).expect("many points");
    let four_errors = 4.0 * (2.0 * 4.0 / n as f64).sqrt();
    assert!((&moments.mean - skewed().mean()).iter().all(|e| e.abs() < four_errors));
    assert!((&moments.covariance - &skewed().covariance()).iter().all(|e| e.abs() < four_errors));
}

#[test]
fn a_singular_covariance_draws_on_its_line_and_has_no_density() {
    let line = Gaussian::full(arr1(&[0., 0.]), arr2(&[[1., 2.], [2., 4.]])).expect("finite");
    assert!(line.density().is_none());
    assert_eq!(line.ln_determinant(), f64::NEG_INFINITY);
    let points = line.draw(100, &mut stream(1, 0, 0, Role::DRAW));
    assert!(points.rows().all(|x| (2.0 * x[0] - x[1]).abs() < 1e-9));
}

#[test]
fn the_tail_of_a_normal_lies_outside_its_interval() {
    let tail = Gaussian::spherical(arr1(&[1.0]), 4.0).tail(0.05).expect("continuous");
    let (low, high) = tail.interval.expect("one dimension");
    assert!((low - (1.0 - 2.0 * 1.959963984540054)).abs() < 1e-9);
    assert!((high - (1.0 + 2.0 * 1.959963984540054)).abs() < 1e-9);
}

#[test]
fn all_forms_of_one_covariance_have_one_density() {
    let points = Points::from_rows(vec![0.3, -0.7, 2.0, 1.0], 2);
    let forms = [
        Gaussian::spherical(arr1(&[0., 1.]), 2.0),
        Gaussian::diagonal(arr1(&[0., 1.]), arr1(&[2., 2.])),
        Gaussian::full(arr1(&[0., 1.]), arr2(&[[2., 0.], [0., 2.]])).expect("finite"),
    ];
    let reference = forms[0].ln_density(&points);
    for form in &forms {
        for (a, b) in form.ln_density(&points).iter().zip(&reference) {
            assert!((a - b).abs() < 1e-12);
        }
        assert!((form.entropy().unwrap() - forms[0].entropy().unwrap()).abs() < 1e-12);
    }
}
