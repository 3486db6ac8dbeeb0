use super::super::bench::{at_the_world, value};
use super::*;
use crate::distribution::{Distribution, Finite, Gaussian};
use crate::samples::Samples;
use crate::stream::{Role, stream};
use ndarray::arr1;

fn plane() -> Gaussian {
    Gaussian::spherical(arr1(&[0.0, 0.0]), 1.0)
}

fn of(now: &Snapshot<'_, Points>, draws: Points) -> Option<f64> {
    value(&NearestReal {}, now, draws)
}

#[test]
fn medians_by_hand() {
    let median = |squares: &[f64]| Median::of_squares(squares).map(|median| median.value);
    assert_eq!(median(&[9.0, 1.0, 4.0]), Some(2.0));
    assert_eq!(median(&[9.0, 1.0, 4.0, 16.0]), Some(2.5));
    assert_eq!(median(&[]), None);
    let squares: Vec<f64> = (1..=25).map(|x| f64::from(x * x)).collect();
    // Five places on either side of the thirteenth: (18 − 8) / 4.
    assert_eq!(Median::of_squares(&squares), Some(Median { value: 13.0, error: Some(2.5) }));
    assert_eq!(Median::of_squares(&squares[..5]), Some(Median { value: 3.0, error: None }));
}

#[test]
fn ratios_by_hand() {
    let median = |value, error| Median { value, error: Some(error) };
    let found = ratio(median(3.0, 0.6), median(2.0, 0.4)).expect("a positive distance");
    assert_eq!(found.value, 1.5);
    let error = found.standard_error.expect("of both");
    assert!((error - (0.3f64.powi(2) + 0.3f64.powi(2)).sqrt()).abs() < 1e-12);
    assert_eq!(ratio(median(3.0, 0.1), median(0.0, 0.0)), None);
    assert_eq!(ratio(median(0.0, 0.0), median(0.0, 0.0)), None);
    let endless = median(f64::INFINITY, 0.0);
    assert_eq!(ratio(endless, endless), None);
    assert_eq!(ratio(endless, median(1.0, 0.1)), Reading::exact(f64::INFINITY));
}

#[test]
fn the_world_in_the_models_place_is_as_far_as_new_real_points() {
    at_the_world(&plane(), 1000, |now| {
        let reading = NearestReal {}.measure(now, now.noise("test")).expect("continuous");
        let error = reading.standard_error.expect("many points");
        assert!(error > 0.01 && error < 0.1, "{reading:?}");
        assert!((reading.value - 1.0).abs() < 4.0 * error, "{reading:?}");
    });
}

#[test]
fn copies_of_founders_are_at_no_distance_and_lose_without_end() {
    at_the_world(&plane(), 300, |now| {
        let copies = now.truth.supply.founders().gather(&[0, 1, 2, 3, 1]);
        assert_eq!(of(now, copies), Some(0.0));
        assert_eq!(NearestReal {}.card().loss(0.0, 1.0), Some(f64::INFINITY));
    });
}

#[test]
fn shrinking_comes_nearer_and_drifting_goes_away() {
    at_the_world(&plane(), 500, |now| {
        let moved = |map: &dyn Fn(f64) -> f64| Points::new(now.draws().values().mapv(map));
        assert!(of(now, moved(&|x| 0.5 * x)) < Some(0.8));
        assert!(of(now, moved(&|x| x + 9.0)) > Some(10.0));
        assert_eq!(of(now, moved(&|x| x * 1e200)), Some(f64::INFINITY));
        assert_eq!(of(now, moved(&|x| x / 0.0)), None);
    });
}

#[test]
fn a_world_of_few_values_has_no_ratio() {
    let coin = Finite::new(Points::from_rows([0.0, 1.0].repeat(600), 1)).expect("many points");
    at_the_world(&coin, 300, |now| assert_eq!(of(now, now.draws().clone()), None));
}

#[test]
fn the_standard_error_of_a_median_is_its_spread_over_repetitions() {
    let repetitions = 1000;
    let one = |r: u64| {
        let draws = plane().draw(200, &mut stream(r, 0, 0, Role::DRAW));
        let squares = draws.rows().map(|x| x[0] * x[0] + x[1] * x[1]);
        Median::of_squares(&squares.collect::<Vec<_>>()).expect("many")
    };
    let medians: Vec<Median> = (0..repetitions).map(one).collect();
    let n = repetitions as f64;
    let mean = medians.iter().map(|m| m.value).sum::<f64>() / n;
    let spread = medians.iter().map(|m| (m.value - mean).powi(2)).sum::<f64>() / (n - 1.0);
    let stated = medians.iter().map(|m| m.error.expect("many").powi(2)).sum::<f64>() / n;
    // A variance of 1000 repetitions has a relative standard error of √(2/1000) = 0.045, and the
    // mean of squared errors, each known to about a third, one of 0.02.
    assert!((stated / spread - 1.0).abs() < 4.0 * 0.05, "{}", stated / spread);
}
