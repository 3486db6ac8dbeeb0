use super::*;
use crate::samples::Points;

#[derive(Clone, Debug, PartialEq)]
struct Total(f64);

impl Summary<Points> for Total {
    type How = ();
    fn of(samples: &Points, (): &()) -> Self {
        Total(samples.as_slice().iter().sum())
    }
}

impl Additive for Total {
    fn scale(&mut self, weight: f64) {
        self.0 *= weight;
    }
    fn merge(&mut self, other: &Self) {
        self.0 += other.0;
    }
}

/// Σ|x|^p, for a p that is chosen when it runs.
#[derive(Clone, Debug, PartialEq)]
struct Power(f64);

impl Summary<Points> for Power {
    type How = i32;
    fn of(samples: &Points, power: &i32) -> Self {
        Power(samples.as_slice().iter().map(|x| x.abs().powi(*power)).sum())
    }
}

impl Additive for Power {
    fn scale(&mut self, weight: f64) {
        self.0 *= weight;
    }
    fn merge(&mut self, other: &Self) {
        self.0 += other.0;
    }
}

fn points(values: &[f64]) -> Points {
    Points::from_rows(values.to_vec(), 1)
}

#[test]
fn a_summary_made_in_another_way_is_not_the_one_that_was_kept() {
    let mut pool = Pool::new(points(&[1., 2.]));
    for (power, expected) in [(2, 5.), (3, 9.), (2, 5.)] {
        let all = TrainingSet::new(vec![Part::pool(&pool, 1.0)]);
        assert_eq!(all.summary_by(&power), Some(Power(expected)));
    }
    pool.push(Kind::Offspring, 1, points(&[-3.]));
    let all = TrainingSet::new(vec![Part::pool(&pool, 1.0)]);
    assert_eq!(all.summary_by(&2), Some(Power(14.)));
}

#[test]
fn the_running_summary_follows_the_pool() {
    let mut pool = Pool::new(points(&[1., 2.]));
    for (t, x) in [(1, 10.), (2, 100.)] {
        pool.push(Kind::Offspring, t, points(&[x]));
        let all = TrainingSet::new(vec![Part::pool(&pool, 2.0)]);
        let plain = TrainingSet::new(vec![Part::of(pool.chunks(), 2.0)]);
        assert_eq!(all.summary::<Total>(), plain.summary::<Total>());
        assert_eq!(all.len(), plain.len());
    }
    assert_eq!(TrainingSet::new(vec![Part::pool(&pool, 1.0)]).summary(), Some(Total(113.)));
}

#[test]
fn gathered_weights_sum_to_the_number_of_samples() {
    let pool = Pool::new(points(&[1., 2.]));
    let fresh = Chunk { kind: Kind::Fresh, born: 2, samples: points(&[3.]) };
    let set = TrainingSet::new(vec![Part::pool(&pool, 1.0), Part::of(vec![fresh], 4.0)]);
    let (all, weights) = set.gathered().expect("three samples");
    assert_eq!(all.as_slice(), [1., 2., 3.]);
    assert_eq!(weights, Some(vec![0.5, 0.5, 2.0]));
}

#[test]
fn a_part_of_weight_zero_is_left_out() {
    let pool = Pool::new(points(&[1., 2.]));
    let set = TrainingSet::new(vec![Part::pool(&pool, 0.0)]);
    assert!(set.is_empty() && set.gathered().is_none() && set.summary::<Total>().is_none());
}
