use super::super::bench::at_the_world;
use super::*;
use crate::distribution::{Base, Finite, Gaussian, NormalMixture, Types};
use crate::samples::PointShape;
use crate::stream::Stream;
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

/// The numbers of a die, that does not know its own tail.
struct Die(Types);

impl Distribution<Points> for Die {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let rolled = self.0.draw(n, rng);
        Points::from_rows(rolled.types().iter().map(|&side| f64::from(side)).collect(), 1)
    }

    fn shape(&self) -> PointShape {
        PointShape { dimension: 1, image: None, labelled: false }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        Some(self)
    }
}

impl Density<Points> for Die {
    fn base(&self) -> Base {
        Base::Counting
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let sides = points.as_slice().iter();
        sides.map(|&side| self.0.probabilities()[side as usize].ln()).collect()
    }
}

#[test]
fn what_is_just_as_likely_as_the_threshold_is_in_the_tail() {
    // P(p(X) ≤ 0.01) = 0.01 and P(p(X) ≤ 0.03) = 0.07: the 0.05 quantile of p(X) is 0.03, which two
    // sides have.
    let world = Die(Types::new(&[0.01, 0.03, 0.03, 0.93], 1).expect("some weight"));
    at_the_world(&world, 100, |now| {
        let tail = region(now, 0.05).expect("a density");
        assert_eq!(tail.contains(&points(&[0., 1., 2., 3.]), &world), [true, true, true, false]);
        assert!((tail.mass() - 0.07).abs() < 4.0 * (0.07 * 0.93 / FROZEN_DRAWS as f64).sqrt());
        let sides = now.truth.held_out();
        let unlikely: Vec<bool> = sides.as_slice().iter().map(|&side| side < 3.0).collect();
        assert_eq!(held_out(now, 0.05), Some(unlikely));
    });
}

#[test]
fn where_all_are_equally_likely_all_are_in_the_tail() {
    let world = Die(Types::new(&[1.0; 6], 1).expect("some weight"));
    at_the_world(&world, 100, |now| {
        let tail = region(now, 0.05).expect("a density");
        assert_eq!(tail.mass(), 1.0);
        assert_eq!(tail.contains(&points(&[0., 3., 5.]), &world), [true; 3]);
    });
}

#[test]
fn the_ends_of_the_bulk_of_a_normal_are_in_its_tail() {
    let world = Gaussian::spherical(arr1(&[0.0]), 1.0);
    at_the_world(&world, 100, |now| {
        let tail = region(now, 0.05).expect("continuous");
        let Region::Density { interval: Some((low, high)), .. } = *tail else {
            panic!("a normal on a line has an interval");
        };
        let ends = points(&[low, low.next_up(), high.next_down(), high]);
        assert_eq!(tail.contains(&ends, &world), [true, false, false, true]);
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
fn without_a_density_as_far_as_the_farthest_share_is_far_enough() {
    // 0, 1 … 19: both ends are 5 from their fifth neighbour, all others nearer. A twentieth is one
    // point, and the other end is just as far.
    let world = Finite::new(points(&(0..20).map(f64::from).collect::<Vec<_>>())).expect("samples");
    at_the_world(&world, 20, |now| {
        let tail = region(now, 0.05).expect("no two points repeat");
        assert_eq!(tail.mass(), 0.1);
        let ends: Vec<bool> =
            now.truth.held_out().as_slice().iter().map(|x| *x == 0.0 || *x == 19.0).collect();
        assert_eq!(held_out(now, 0.05), Some(ends));
        let beside = points(&[-1.0, -0.9, 10.5, 19.9, 20.0]);
        assert_eq!(tail.contains(&beside, &world), [true, false, false, false, true]);
    });
}

#[test]
fn a_world_of_one_value_without_density_has_no_tail() {
    let world = Finite::new(points(&[4.0; 50])).expect("samples");
    at_the_world(&world, 20, |now| assert!(region(now, 0.05).is_none()));
}
