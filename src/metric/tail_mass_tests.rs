use super::super::bench::{measure, of_samples, of_world};
use super::*;
use crate::distribution::{Finite, Gaussian, Types};
use ndarray::arr1;

fn normal(mean: f64, variance: f64) -> Gaussian {
    Gaussian::spherical(arr1(&[mean]), variance)
}

fn types(weights: &[f64]) -> Types {
    Types::new(weights, 1).expect("some weight")
}

fn exact(reading: Option<Reading>) -> f64 {
    let reading = reading.expect("a tail");
    assert_eq!(reading.standard_error, None);
    reading.value
}

#[test]
fn half_the_standard_deviation_leaves_a_tail_of_two_thousandths() {
    // 2·Φ(−2·1.959964) = 8.857544e-5, over 0.05.
    let value = exact(measure(&TailMass::default(), &normal(0.0, 1.0), &normal(0.0, 0.25)));
    assert!((value - 8.857_544e-5 / 0.05).abs() < 1e-9);
    let value = exact(of_world(&TailMass::default(), &normal(0.0, 1.0)));
    assert!((value - 1.0).abs() < 1e-9);
}

#[test]
fn a_point_mass_is_in_the_tail_or_out_of_it() {
    let world = normal(0.0, 1.0);
    assert_eq!(exact(measure(&TailMass::default(), &world, &normal(1.9, 0.0))), 0.0);
    let beyond = exact(measure(&TailMass::default(), &world, &normal(2.0, 0.0)));
    assert!((beyond - 20.0).abs() < 1e-9);
    let mixture = NormalMixture::new(vec![1., 3.], vec![normal(5., 0.), normal(0., 0.)]);
    assert_eq!(mass_outside(&mixture, (-5.0, 5.0)), 0.25);
    assert_eq!(mass_outside(&mixture, (0.0, 9.0)), 0.75);
}

#[test]
fn draws_agree_with_the_formula() {
    let plane = |variance| Gaussian::spherical(arr1(&[0.0, 0.0]), variance);
    let reading = measure(&TailMass::default(), &plane(1.0), &plane(2.0)).expect("a tail");
    // The square of the radius is exponential: 0.05^(1/2) of it lies beyond the 0.05 quantile.
    let expected = 0.05_f64.sqrt() / 0.05;
    let error = reading.standard_error.expect("estimated");
    assert!(error > 0.0 && (reading.value - expected).abs() < 4.0 * error);
    let small = measure(&TailMass::default(), &plane(1.0), &plane(1e-12)).map(|r| r.value);
    assert_eq!(small, Some(0.0));
}

#[test]
fn samples_count_by_the_side_they_are_on() {
    let values = vec![0.0, 0.0, 3.0, 3.0, -3.0, 0.1, 0.2, 0.3];
    let sample = Finite::new(Points::from_rows(values, 1)).expect("points");
    let reading = of_samples(&TailMass::default(), &normal(0.0, 1.0), sample).expect("a tail");
    assert!((reading.value - 0.375 / 0.05).abs() < 1e-9);
}

#[test]
fn a_table_has_a_tail_and_a_constant_has_none() {
    let table = |values: Vec<f64>| Finite::new(Points::from_rows(values, 1)).expect("rows");
    let world = table((0..400).map(|i| f64::from(i).powi(3)).collect());
    let at = |mean| measure(&TailMass::default(), &world, &normal(mean, 1.0)).map(|r| r.value);
    assert_eq!(at(0.0), Some(0.0));
    assert!((at(1e9).expect("a tail") - 20.0).abs() < 1e-9);
    let constant = table(vec![4.0; 9]);
    assert_eq!(measure(&TailMass::default(), &constant, &normal(0.0, 1.0)), None);
}

#[test]
fn rare_types_by_hand() {
    // 0.5 + 0.3 + 0.1 + 0.06 + 0.04: the last two make a tenth.
    let world = types(&[50., 30., 10., 6., 4.]);
    let tenth = TailMass { quantile: Quantile::literal(0.1) };
    let model = types(&[90., 5., 0., 2., 3.]);
    assert!((exact(measure(&tenth, &world, &model)) - 0.5).abs() < 1e-12);
    assert_eq!(exact(measure(&tenth, &world, &types(&[1., 0., 0., 0., 0.]))), 0.0);
    assert_eq!(exact(of_world(&tenth, &world)), 1.0);
}

#[test]
fn ties_go_in_or_stay_out_together() {
    assert_eq!(rare_types(&[0.6, 0.2, 0.1, 0.1], 0.2), [2, 3]);
    assert_eq!(rare_types(&[0.6, 0.25, 0.05, 0.1], 0.15), [2, 3]);
    // Two of a twentieth together are above 0.07, and are what there is; with a smaller one they stay.
    assert_eq!(rare_types(&[0.6, 0.3, 0.05, 0.05], 0.07), [2, 3]);
    assert_eq!(rare_types(&[0.6, 0.29, 0.01, 0.05, 0.05], 0.07), [2]);
    assert_eq!(rare_types(&[0.25; 4], 0.05), [0, 1, 2, 3]);
}

#[test]
fn types_the_world_never_uses_are_in_its_tail_but_do_not_fill_it() {
    assert_eq!(rare_types(&[0.9, 0.0, 0.1], 0.05), [1, 2]);
    assert_eq!(rare_types(&[0.96, 0.0, 0.04], 0.05), [1, 2]);
    let model = types(&[90., 6., 4.]);
    let value = exact(measure(&TailMass::default(), &types(&[96., 0., 4.]), &model));
    assert!((value - 2.5).abs() < 1e-12);
}
