use super::super::bench::at_the_world;
use super::*;
use crate::distribution::{Finite, Gaussian, NormalMixture};
use ndarray::arr1;

fn points(values: &[f64]) -> Points {
    Points::from_rows(values.to_vec(), 1)
}

#[test]
fn the_tail_of_a_normal_is_exact() {
    let world = Gaussian::spherical(arr1(&[0.0]), 1.0);
    at_the_world(&world, 100, |now| {
        let tail = region(now, 0.05).expect("continuous");
        assert_eq!(tail.mass(), 0.05);
        assert_eq!(
            tail.contains(&points(&[-1.97, -1.95, 1.95, 1.97]), &world),
            [true, false, false, true]
        );
    });
}

#[test]
fn frozen_draws_find_the_tail_where_it_has_no_formula() {
    let side = |mean: f64| Gaussian::spherical(arr1(&[mean]), 1.0);
    let world = NormalMixture::new(vec![1.0, 1.0], vec![side(-20.0), side(20.0)]);
    at_the_world(&world, 100, |now| {
        let tail = region(now, 0.05).expect("a density");
        assert!((tail.mass() - 0.05).abs() < 2e-6);
        // Each side's own tail: 1.96 standard deviations, found with a standard error of about
        // sqrt(0.05·0.95/10⁶) / (2·density(1.96)) = 0.002.
        let inside = tail.contains(&points(&[20.0 - 1.95, 20.0 + 1.97, -20.0, 0.0]), &world);
        assert_eq!(inside, [false, true, false, true]);
        assert_eq!(held_out(now, 0.05).expect("a region").len(), 100);
    });
}

#[test]
fn without_a_density_the_tail_is_what_lies_far_from_its_neighbours() {
    let spaced = (0..300).map(|i| f64::from(i).powi(3)).collect::<Vec<_>>();
    let world = Finite::new(points(&spaced)).expect("samples");
    at_the_world(&world, 100, |now| {
        let tail = region(now, 0.1).expect("no two points repeat");
        let own = held_out(now, 0.1).expect("a region");
        assert_eq!(tail.mass(), own.iter().filter(|tail| **tail).count() as f64 / 100.0);
        assert!((tail.mass() - 0.1).abs() < 1e-12);
        assert_eq!(tail.contains(&points(&[300f64.powi(3) * 2.0, 10.0]), &world), [true, false]);
    });
}

#[test]
fn a_world_of_one_value_without_density_has_no_tail() {
    let world = Finite::new(points(&[4.0; 50])).expect("samples");
    at_the_world(&world, 20, |now| assert!(region(now, 0.05).is_none()));
}
