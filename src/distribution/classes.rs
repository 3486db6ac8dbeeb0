//! Equally likely classes, each with a distribution of its own; with labels, or without.
//!
//! Without labels p(x) = (1/K)·Σ_k p_k(x); with them p(x, y) = p_y(x) / K, and moments and modes are
//! those of the point alone.

use super::{Base, Density, Distribution, Gaussian, Mode, Moments, ln_sum_exp};
use crate::samples::{PointShape, Points, Samples};
use crate::stream::Stream;
use ndarray::{Array1, Array2, Axis};
use rand::RngExt;

/// A distribution that can be drawn from one sample at a time.
pub trait Part: Distribution<Points> {
    /// One sample, appended to `out`.
    fn draw_one(&self, out: &mut Vec<f64>, rng: &mut Stream);
}

impl Part for Gaussian {
    fn draw_one(&self, out: &mut Vec<f64>, rng: &mut Stream) {
        self.draw_into(out, 1.0, rng);
    }
}

/// Σ_k p_k / K. The label of a sample is k, counted from 0.
#[derive(Clone, Debug)]
pub struct Classes<P> {
    parts: Vec<P>,
    labelled: bool,
    modes: Vec<Mode>,
}

impl<P: Part> Classes<P> {
    /// At least one part; all of one dimension.
    pub fn new(parts: Vec<P>, labelled: bool) -> Self {
        Classes { parts, labelled, modes: Vec::new() }
    }

    pub fn with_modes(self, modes: Vec<Mode>) -> Self {
        Classes { modes, ..self }
    }
}

impl<P: Part> Distribution<Points> for Classes<P> {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let d = self.shape().dimension;
        let mut values = Vec::with_capacity(n * d);
        let mut labels = Vec::with_capacity(n);
        for _ in 0..n {
            let k = rng.random_range(0..self.parts.len());
            self.parts[k].draw_one(&mut values, rng);
            labels.push(k as f64);
        }
        let points = Points::from_rows(values, d);
        if self.labelled { points.with_labels(labels) } else { points }
    }

    fn shape(&self) -> PointShape {
        PointShape { labelled: self.labelled, ..self.parts[0].shape() }
    }

    fn density(&self) -> Option<&dyn Density<Points>> {
        self.parts.iter().all(|part| part.density().is_some()).then_some(self)
    }

    fn is_degenerate(&self) -> bool {
        self.parts.iter().any(|part| part.is_degenerate())
    }

    /// μ = mean of the μ_k and Σ = mean of the Σ_k + (μ_k − μ)(μ_k − μ)ᵀ.
    fn moments(&self) -> Option<Moments> {
        let parts: Vec<Moments> = self.parts.iter().map(|p| p.moments()).collect::<Option<_>>()?;
        let (d, share) = (self.shape().dimension, 1.0 / parts.len() as f64);
        let mut mean = Array1::zeros(d);
        parts.iter().for_each(|part| mean.scaled_add(share, &part.mean));
        let mut covariance = Array2::zeros((d, d));
        for part in &parts {
            let shift = (&part.mean - &mean).insert_axis(Axis(1));
            covariance.scaled_add(share, &part.covariance);
            covariance.scaled_add(share, &shift.dot(&shift.t()));
        }
        Some(Moments { mean, covariance })
    }

    fn modes(&self) -> Option<&[Mode]> {
        (!self.modes.is_empty()).then_some(&self.modes)
    }
}

impl<P: Part> Density<Points> for Classes<P> {
    fn base(&self) -> Base {
        Base::Lebesgue
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let of_part = |part: &P| part.density().map(|density| density.ln_density(points));
        let Some(terms) = self.parts.iter().map(of_part).collect::<Option<Vec<_>>>() else {
            return vec![f64::NEG_INFINITY; points.len()];
        };
        let share = (self.parts.len() as f64).ln();
        let all = |i: usize| ln_sum_exp(terms.iter().map(move |term| term[i]));
        if !self.labelled {
            return (0..points.len()).map(|i| all(i) - share).collect();
        }
        let label = |i: usize| points.labels().map(|labels| labels[i]);
        let own = |i: usize| terms.iter().enumerate().find(|(k, _)| label(i) == Some(*k as f64));
        let ln = |i: usize| own(i).map_or(f64::NEG_INFINITY, |(_, term)| term[i] - share);
        (0..points.len()).map(ln).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{NormalMixture, check};
    use ndarray::arr1;

    fn two(labelled: bool) -> Classes<Gaussian> {
        Classes::new(parts(), labelled)
    }

    fn parts() -> Vec<Gaussian> {
        vec![Gaussian::spherical(arr1(&[-1.0]), 0.5), Gaussian::spherical(arr1(&[2.0]), 1.0)]
    }

    #[test]
    fn without_labels_it_is_a_mixture() {
        let mixture = NormalMixture::new(vec![1.0, 1.0], parts());
        let points = Points::from_rows(vec![-3.0, 0.4, 9.0], 1);
        let ln = two(false).ln_density(&points);
        for (a, b) in ln.iter().zip(mixture.ln_density(&points)) {
            assert!((a - b).abs() < 1e-12);
        }
        assert_eq!(two(false).moments(), mixture.moments());
        check::moments_agree(&two(false), 20_000);
    }

    #[test]
    fn with_labels_the_densities_of_all_labels_sum_to_that_of_the_point() {
        let labelled = |y: f64| Points::from_rows(vec![0.4], 1).with_labels(vec![y]);
        let joint = |y: f64| two(true).ln_density(&labelled(y))[0].exp();
        let alone = two(false).ln_density(&Points::from_rows(vec![0.4], 1))[0].exp();
        assert!((joint(0.0) + joint(1.0) - alone).abs() < 1e-12);
        assert_eq!(joint(2.0), 0.0);
    }

    #[test]
    fn labels_say_which_part_a_draw_came_from() {
        let points = check::draws(&two(true), 4000);
        let labels = points.labels().expect("labelled");
        let ones = labels.sum() / 4000.0;
        assert!((ones - 0.5).abs() < 4.0 * 0.5 / 4000f64.sqrt());
        let far = points.rows().zip(labels).filter(|(x, _)| x[0] > 2.5);
        assert!(far.clone().count() > 100 && far.clone().all(|(_, y)| *y == 1.0));
    }
}
