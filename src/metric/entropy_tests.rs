use super::super::bench::{measure, of_samples, of_world};
use super::*;
use crate::distribution::{Distribution, Finite, Gaussian, NormalMixture, Types};
use crate::stream::{Role, stream};
use ndarray::arr1;

fn normal(mean: f64, variance: f64) -> Gaussian {
    Gaussian::spherical(arr1(&[mean]), variance)
}

fn finite(values: Vec<f64>) -> Finite<Points> {
    Finite::new(Points::from_rows(values, 1)).expect("some points")
}

#[test]
fn a_normal_and_a_law_by_hand() {
    let world = normal(0.0, 1.0);
    let value = measure(&Entropy {}, &world, &normal(3.0, 4.0)).map(|r| r.value);
    let expected = 0.5 * (2.0 * PI * std::f64::consts::E * 4.0).ln();
    assert!((value.expect("exact") - expected).abs() < 1e-14);
    let types = Types::new(&[2., 1., 1., 0.], 1).expect("some weight");
    let value = measure(&Entropy {}, &types, &types).map(|r| r.value);
    assert!((value.expect("exact") - 1.5 * 2.0_f64.ln()).abs() < 1e-15);
}

#[test]
fn two_distant_halves_add_the_logarithm_of_two() {
    let world = NormalMixture::of_modes(vec![arr1(&[0.0]), arr1(&[50.0])], 1.0);
    let reading = of_world(&Entropy {}, &world).expect("a density");
    let expected = normal(0.0, 1.0).entropy().expect("exact") + 2.0_f64.ln();
    let error = reading.standard_error.expect("estimated");
    assert!((reading.value - expected).abs() < 4.0 * error && error < 0.03);
}

#[test]
fn a_point_mass_is_minus_infinity_and_a_single_type_zero() {
    let world = normal(0.0, 1.0);
    let nothing = Reading::exact(f64::NEG_INFINITY);
    assert_eq!(measure(&Entropy {}, &world, &normal(0.0, 0.0)), nothing);
    let points = NormalMixture::new(vec![1., 1.], vec![normal(0.0, 0.0), normal(9.0, 0.0)]);
    assert_eq!(measure(&Entropy {}, &world, &points), nothing);
    let fixed = Types::new(&[0., 1.], 1).expect("some weight");
    assert_eq!(measure(&Entropy {}, &fixed, &fixed), Reading::exact(0.0));
}

#[test]
fn neighbours_estimate_what_a_sample_comes_from() {
    let plane = Gaussian::spherical(arr1(&[1.0, -1.0]), 9.0);
    let sample = plane.draw(4000, &mut stream(3, 0, 0, Role::DRAW));
    let reading = of_samples(&Entropy {}, &plane, Finite::new(sample).expect("points"));
    let reading = reading.expect("no repeats");
    let exact = plane.entropy().expect("exact");
    // The terms of neighbouring points are correlated: twice the error of independent ones.
    assert!((reading.value - exact).abs() < 8.0 * reading.standard_error.expect("estimated"));
    assert!((reading.value - exact).abs() < 0.1);
}

#[test]
fn points_on_a_line_by_hand() {
    // 0, 1, …, 5: the fifth neighbour is the farthest, at 5, 4, 3, 3, 4, 5.
    let reading = of_samples(&Entropy {}, &normal(0., 1.), finite((0..6).map(f64::from).collect()));
    // ψ(6) − ψ(5) = 1/5, c_1 = 2
    let expected = 0.2 + 2.0_f64.ln() + 60.0_f64.ln() / 3.0;
    assert!((reading.expect("six points").value - expected).abs() < 1e-12);
}

#[test]
fn repeats_are_atoms_in_a_model_and_silence_in_a_table() {
    let values = || (0..40).map(|i| f64::from(i / 2)).collect::<Vec<_>>();
    let world = normal(0.0, 1.0);
    let atoms = of_samples(&Entropy {}, &world, finite(values()));
    assert_eq!(atoms, Reading::exact(f64::NEG_INFINITY));
    assert_eq!(of_world(&Entropy {}, &finite(values())), None);
    let single = of_samples(&Entropy {}, &world, finite(vec![1.0]));
    assert_eq!(single, None);
}

#[test]
fn samples_of_single_tokens_have_the_entropy_of_their_frequencies() {
    let world = Types::new(&[1., 1.], 1).expect("some weight");
    let text = |length| Finite::new(Tokens::of_length(vec![0, 1, 1, 0], length, 2)).expect("text");
    let reading = of_samples(&Entropy {}, &world, text(1));
    assert_eq!(reading, Reading::exact(2.0_f64.ln()));
    assert_eq!(of_samples(&Entropy {}, &world, text(2)), None);
}
