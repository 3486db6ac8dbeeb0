use super::super::check::Place;
use super::*;
use crate::distribution::{
    Classes, Distribution, Finite, Gaussian, Inputs, Linear, Regression, Types,
};
use crate::samples::{Points, Tokens};
use ndarray::arr1;

fn oracle() -> Verify {
    Verify { tail: Quantile::literal(0.2), ..Verify::default() }
}

fn points(values: &[f64]) -> Points {
    Points::from_rows(values.to_vec(), 1)
}

#[test]
fn an_oracle_keeps_what_is_as_likely_as_the_founders_and_counts_its_questions() {
    let world = Gaussian::spherical(arr1(&[0.0]), 1.0);
    // A fifth of five: one founder, at 2, would count as wrong; 1.5 is the last right one.
    let place = Place::new(&world, points(&[0., 0.5, -1., -1.5, 2.]));
    let (kept, questions) = place.curate(&oracle(), points(&[1.5, -1.6, 0.1, 4., -0.3]));
    assert_eq!((kept.as_slice(), questions), ([1.5, 0.1, -0.3].as_slice(), 5));
}

#[test]
fn a_verifier_that_keeps_only_what_is_wrong_keeps_the_rest() {
    let world = Gaussian::spherical(arr1(&[0.0]), 1.0);
    let place = Place::new(&world, points(&[0., 0.5, -1., -1.5, 2.]));
    let mut contrary = oracle();
    (contrary.right, contrary.wrong) = (contrary.wrong, contrary.right);
    let (kept, _) = place.curate(&contrary, points(&[1.5, -1.6, 0.1, 4., -0.3]));
    assert_eq!(kept.as_slice(), [-1.6, 4.]);
}

#[test]
fn a_class_label_is_right_where_it_is_the_likeliest() {
    let parts = [-2.0, 2.0].map(|mean| Gaussian::spherical(arr1(&[mean]), 1.0));
    let world = Classes::new(parts.into(), true);
    let founders = points(&[-2., -1., 1., 2.]).with_labels(vec![0., 0., 1., 1.]);
    let offered = points(&[-0.1, -0.1, 0.1, 5.]).with_labels(vec![0., 1., 1., 7.]);
    let (kept, _) = Place::new(&world, founders.clone()).curate(&oracle(), offered.clone());
    assert_eq!(kept.as_slice(), [-0.1, 0.1]);
    // Without a density the nearest founder says it.
    let stock = Finite::new(founders.clone()).expect("four");
    let (kept, _) = Place::new(&stock, founders).curate(&oracle(), offered);
    assert_eq!(kept.as_slice(), [-0.1, 0.1]);
}

#[test]
fn a_number_is_right_where_its_residual_is_one_of_the_founders() {
    let law = Regression { weights: arr1(&[2.0]), noise: 1.0 };
    let world = Linear::new(law, Inputs::Normal);
    let founders = points(&[0., 1., 2., 3., 4.]).with_labels(vec![0.1, 2.2, 4.3, 6.4, 13.]);
    let offered = points(&[10., 10., -5.]).with_labels(vec![20.39, 20.5, -9.7]);
    let (kept, _) = Place::new(&world, founders).curate(&oracle(), offered);
    assert_eq!(kept.as_slice(), [10., -5.]);
}

#[test]
fn without_a_density_founders_say_what_is_far() {
    let founders = points(&[0., 1., 2., 3., 7.]);
    let stock = Finite::new(founders.clone()).expect("five");
    // All founders but 7 have another one at distance 1.
    let (kept, _) = Place::new(&stock, founders).curate(&oracle(), points(&[-1., 4.1, 7.5, 1.5]));
    assert_eq!(kept.as_slice(), [-1., 7.5, 1.5]);
}

#[test]
fn a_text_is_right_where_founders_write_so() {
    let founders = Tokens::of_length(vec![0, 1, 2, 0, 1, 3, 2, 0, 1, 4, 4, 4], 3, 5);
    let stock = Finite::new(founders.clone()).expect("four");
    let verifier = Verify { tail: Quantile::literal(0.3), ..Verify::default() };
    // Shares of pairs that others have, too: 1/2, 1/2, 1, 0; a quarter may be wrong.
    let offered = Tokens::of_length(vec![2, 0, 1, 3, 3, 3, 4, 4, 2, 1, 0, 4], 3, 5);
    let (kept, questions) = Place::new(&stock, founders).curate(&verifier, offered);
    assert_eq!((kept.types(), questions), ([2, 0, 1, 4, 4, 2].as_slice(), 4));
}

#[test]
fn rare_types_are_wrong_to_a_world_of_single_tokens() {
    let world = Types::new(&[8., 4., 1.], 1).expect("weights");
    let founders = Tokens::of_length(vec![0, 0, 0, 1, 1], 1, 3);
    let place: Place<'_, Tokens> = Place::new(&world as &dyn Distribution<Tokens>, founders);
    let (kept, _) = place.curate(&oracle(), Tokens::of_length(vec![2, 1, 0, 2], 1, 3));
    assert_eq!(kept.types(), [1, 0]);
}
