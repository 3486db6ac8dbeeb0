use super::super::bench::{at_the_world, value};
use super::*;
use crate::distribution::{Distribution, Gaussian};
use crate::stream::{Role, stream};
use ndarray::arr1;

fn order(q: f64) -> Renyi {
    Renyi::Of(Positive::literal(q))
}

fn orders() -> [Renyi; 5] {
    [order(0.5), order(1.0), order(2.0), order(7.0), Renyi::Infinity]
}

fn score(draws: &Points, bandwidth: f64, order: Renyi) -> Reading {
    Spectrum::of(draws, bandwidth).expect("finite").score(order)
}

fn plane() -> Gaussian {
    Gaussian::spherical(arr1(&[0.0, 0.0]), 1.0)
}

fn normal(n: usize, seed: u64) -> Points {
    plane().draw(n, &mut stream(seed, 0, 0, Role::DRAW))
}

#[test]
fn a_point_mass_is_one_draw_and_strangers_are_as_many_as_they_are() {
    let same = Points::from_rows(vec![3.0; 12], 1);
    let spread = Points::from_rows((0..12).map(|i| 100.0 * f64::from(i)).collect(), 1);
    for order in orders() {
        let one = score(&same, 1.0, order);
        assert!((one.value - 1.0).abs() < 1e-9, "{order:?}: {one:?}");
        assert!(one.standard_error.is_none_or(|error| error < 1e-6), "{order:?}: {one:?}");
        assert!((score(&spread, 1.0, order).value - 12.0).abs() < 1e-9, "{order:?}");
        assert_eq!(score(&same.gather(&[0]), 1.0, order).value, 1.0);
    }
    assert_eq!(score(&spread, 1.0, Renyi::Infinity).standard_error, None);
}

#[test]
fn two_draws_by_hand() {
    // At distance 1 with h = 1 the similarity is c = e^(−1/2), and λ = (1 ± c)/2.
    let (draws, c) = (Points::from_rows(vec![4.0, 5.0], 1), (-0.5f64).exp());
    let (high, low) = (0.5 * (1.0 + c), 0.5 * (1.0 - c));
    let power = |q: f64| (high.powf(q) + low.powf(q)).powf(1.0 / (1.0 - q));
    let shannon = (-high * high.ln() - low * low.ln()).exp();
    for (q, expected) in [(0.5, power(0.5)), (1.0, shannon), (2.0, power(2.0)), (7.0, power(7.0))] {
        let found = score(&draws, 1.0, order(q)).value;
        assert!((found - expected).abs() < 1e-12, "{q}: {found} is not {expected}");
    }
    assert!((score(&draws, 1.0, Renyi::Infinity).value - 1.0 / high).abs() < 1e-12);
    assert!((of_order_two(&draws, 1.0).value - power(2.0)).abs() < 1e-12);
}

#[test]
fn order_two_needs_no_eigenvalues() {
    let draws = normal(80, 1);
    let (by_values, direct) = (score(&draws, 1.3, order(2.0)), of_order_two(&draws, 1.3));
    assert!((by_values.value - direct.value).abs() < 1e-10);
    let errors = (by_values.standard_error.unwrap(), direct.standard_error.unwrap());
    assert!(errors.1 > 0.01 && (errors.0 - errors.1).abs() < 1e-10, "{errors:?}");
}

#[test]
fn orders_that_come_near_one_and_infinity_come_near_their_scores() {
    let draws = normal(60, 2);
    let near = |a: Reading, b: Reading, gap: f64| {
        let errors = (a.standard_error.unwrap(), b.standard_error.unwrap());
        assert!((a.value - b.value).abs() < gap && (errors.0 - errors.1).abs() < gap);
    };
    near(score(&draws, 1.3, order(1.0 + 1e-6)), score(&draws, 1.3, order(1.0)), 1e-4);
    near(score(&draws, 1.3, order(1e4)), score(&draws, 1.3, Renyi::Infinity), 1e-2);
}

#[test]
fn data_shrunk_to_a_hundredth_are_seen() {
    at_the_world(&plane(), 400, |now| {
        let shrunk = Points::new(now.draws().values().mapv(|x| 0.01 * x));
        let of = |draws| value(&Vendi::default(), now, draws).expect("finite");
        assert!(of(shrunk) < 1.01 && of(now.draws().clone()) > 3.0);
        assert_eq!(value(&Vendi::default(), now, Points::from_rows(vec![f64::NAN; 2], 2)), None);
    });
}

#[test]
fn more_draws_than_samples_are_thinned_evenly() {
    at_the_world(&plane(), 40, |now| {
        let capped = |samples| Vendi { samples: Count::literal(samples), ..Vendi::default() };
        let third: Vec<usize> = (0..40).map(|i| 3 * i).collect();
        let many = normal(120, 3);
        let whole = value(&capped(40), now, many.gather(&third));
        assert_eq!(value(&capped(40), now, many.clone()), whole);
        assert!(value(&capped(120), now, many) > whole);
    });
}

#[test]
fn the_standard_error_is_the_spread_over_repetitions() {
    let repetitions = 300;
    let one = |r: u64| Spectrum::of(&normal(100, r), 1.7).expect("finite");
    let spectra: Vec<Spectrum> = (0..repetitions).map(one).collect();
    assert_eq!(spectra[0].score(order(0.5)).standard_error, None);
    for order in [order(1.0), order(2.0), Renyi::Infinity] {
        let readings: Vec<Reading> = spectra.iter().map(|s| s.score(order)).collect();
        let n = repetitions as f64;
        let mean = readings.iter().map(|r| r.value).sum::<f64>() / n;
        let spread = readings.iter().map(|r| (r.value - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let stated = readings.iter().map(|r| r.standard_error.unwrap().powi(2)).sum::<f64>() / n;
        // A variance of 300 repetitions has a relative standard error of √(2/300) = 0.08.
        assert!((stated / spread - 1.0).abs() < 4.0 * 0.082, "{order:?}: {}", stated / spread);
    }
}
