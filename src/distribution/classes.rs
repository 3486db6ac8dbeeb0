//! Classes, each with a distribution of its own; with labels, or without.
//!
//! Without labels p(x) = Σ_y π_y·p_y(x); with them p(x, y) = π_y·p_y(x), and moments and modes are those
//! of the point alone. A class without any share takes no part in anything.

use super::{Base, Density, Distribution, Gaussian, Mode, Moments, NormalMixture, ln_sum_exp};
use crate::samples::{PointShape, Points, Samples};
use crate::stream::Stream;
use ndarray::{Array1, Array2, Axis};
use rand::RngExt;

/// A distribution that can be drawn from one sample at a time.
pub trait Part: Distribution<Points> {
    /// One sample, appended to `out`.
    fn draw_one(&self, out: &mut Vec<f64>, rng: &mut Stream);

    /// One sample as the model leaves it behind.
    fn release_one(&self, out: &mut Vec<f64>, rng: &mut Stream) {
        self.draw_one(out, rng);
    }
}

impl Part for Gaussian {
    fn draw_one(&self, out: &mut Vec<f64>, rng: &mut Stream) {
        self.draw_into(out, 1.0, rng);
    }

    fn release_one(&self, out: &mut Vec<f64>, rng: &mut Stream) {
        self.release_into(out, rng);
    }
}

impl Part for NormalMixture {
    fn draw_one(&self, out: &mut Vec<f64>, rng: &mut Stream) {
        self.draw_into(out, rng);
    }
}

/// Σ_y π_y·p_y over classes y.
#[derive(Clone, Debug)]
pub struct Classes<P> {
    parts: Vec<P>,
    /// The label of each part.
    labels: Vec<f64>,
    /// π of each part. `None` where all are equal.
    shares: Option<Vec<f64>>,
    labelled: bool,
    modes: Vec<Mode>,
}

impl<P: Part> Classes<P> {
    /// Equally likely parts, their labels counted from 0. At least one part; all of one dimension.
    pub fn new(parts: Vec<P>, labelled: bool) -> Self {
        let labels = (0..parts.len()).map(|k| k as f64).collect();
        Classes { parts, labels, shares: None, labelled, modes: Vec::new() }
    }

    /// Labelled parts, each as likely as its weight. `None` where no weight is above zero, or one is
    /// below it or not finite.
    pub fn weighted(classes: Vec<(f64, f64, P)>) -> Option<Self> {
        let sound = classes.iter().all(|(_, weight, _)| weight.is_finite() && *weight >= 0.0);
        let live = || classes.iter().map(|(_, weight, _)| *weight).filter(|weight| *weight > 0.0);
        let total: f64 = live().sum();
        let shares = live().map(|weight| weight / total).collect();
        if !sound || total <= 0.0 || !total.is_finite() {
            return None;
        }
        let live = classes.into_iter().filter(|(_, weight, _)| *weight > 0.0);
        let (labels, parts) = live.map(|(label, _, part)| (label, part)).unzip();
        Some(Classes { parts, labels, shares: Some(shares), labelled: true, modes: Vec::new() })
    }

    pub fn with_modes(self, modes: Vec<Mode>) -> Self {
        Classes { modes, ..self }
    }

    /// The labels that it draws.
    pub fn labels(&self) -> &[f64] {
        &self.labels
    }

    /// π of each label.
    pub fn shares(&self) -> Vec<f64> {
        let equal = || vec![1.0 / self.parts.len() as f64; self.parts.len()];
        self.shares.clone().unwrap_or_else(equal)
    }

    /// The distribution of one class.
    pub fn part(&self, label: f64) -> Option<&P> {
        let place = self.labels.iter().position(|own| *own == label)?;
        self.parts.get(place)
    }

    fn choose(&self, rng: &mut Stream) -> usize {
        let Some(shares) = &self.shares else { return rng.random_range(0..self.parts.len()) };
        let u = rng.random::<f64>();
        let mut below = 0.0;
        let place = shares.iter().position(|share| {
            below += share;
            u < below
        });
        // Rounding can leave the sum just below one.
        place.unwrap_or(shares.len() - 1)
    }

    fn sample(
        &self,
        n: usize,
        rng: &mut Stream,
        one: impl Fn(&P, &mut Vec<f64>, &mut Stream),
    ) -> Points {
        let PointShape { dimension, image, .. } = self.shape();
        let mut values = Vec::with_capacity(n * dimension);
        let mut labels = Vec::with_capacity(n);
        for _ in 0..n {
            let k = self.choose(rng);
            one(&self.parts[k], &mut values, rng);
            labels.push(self.labels[k]);
        }
        let points = Points::from_rows(values, dimension).with_image(image);
        if self.labelled { points.with_labels(labels) } else { points }
    }
}

impl<P: Part> Distribution<Points> for Classes<P> {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        self.sample(n, rng, P::draw_one)
    }

    fn release(&self, n: usize, rng: &mut Stream) -> Points {
        self.sample(n, rng, P::release_one)
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

    /// μ = Σ π_y·μ_y and Σ = Σ π_y·(Σ_y + (μ_y − μ)(μ_y − μ)ᵀ).
    fn moments(&self) -> Option<Moments> {
        let parts: Vec<Moments> = self.parts.iter().map(|p| p.moments()).collect::<Option<_>>()?;
        let (d, shares) = (self.shape().dimension, self.shares());
        let mut mean = Array1::zeros(d);
        let weighted = || parts.iter().zip(&shares);
        weighted().for_each(|(part, share)| mean.scaled_add(*share, &part.mean));
        let mut covariance = Array2::zeros((d, d));
        for (part, share) in weighted() {
            let shift = (&part.mean - &mean).insert_axis(Axis(1));
            covariance.scaled_add(*share, &part.covariance);
            covariance.scaled_add(*share, &shift.dot(&shift.t()));
        }
        Some(Moments { mean, covariance })
    }

    fn modes(&self) -> Option<&[Mode]> {
        (!self.modes.is_empty()).then_some(&self.modes)
    }
}

impl<P: Part> Density<Points> for Classes<P> {
    fn base(&self) -> Base {
        if self.labelled { Base::Labelled } else { Base::Lebesgue }
    }

    fn ln_density(&self, points: &Points) -> Vec<f64> {
        let of_part = |part: &P| part.density().map(|density| density.ln_density(points));
        let Some(terms) = self.parts.iter().map(of_part).collect::<Option<Vec<_>>>() else {
            return vec![f64::NEG_INFINITY; points.len()];
        };
        // Equal shares are taken off at the end: one rounding instead of one for each class.
        let ln_share = |k: usize| self.shares.as_ref().map_or(0.0, |shares| shares[k].ln());
        let term = |k: usize, i: usize| terms[k][i] + ln_share(k);
        let off = if self.shares.is_none() { (self.parts.len() as f64).ln() } else { 0.0 };
        let classes = 0..self.parts.len();
        if !self.labelled {
            let all = |i: usize| ln_sum_exp(classes.clone().map(|k| term(k, i)));
            return (0..points.len()).map(|i| all(i) - off).collect();
        }
        let label = |i: usize| points.labels().map(|labels| labels[i]);
        let own = |i: usize| self.labels.iter().position(|own| label(i) == Some(*own));
        let ln = |i: usize| own(i).map_or(f64::NEG_INFINITY, |k| term(k, i) - off);
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

    #[test]
    fn shares_weigh_the_classes_and_a_class_without_weight_is_none() {
        let [low, high] = <[Gaussian; 2]>::try_from(parts()).expect("two");
        let unused = Gaussian::spherical(arr1(&[99.0]), 1.0);
        let classes = vec![(4.0, 3.0, low.clone()), (5.0, 0.0, unused), (7.0, 1.0, high.clone())];
        let classes = Classes::weighted(classes).expect("some weight");
        assert_eq!((classes.labels(), classes.shares()), ([4., 7.].as_slice(), vec![0.75, 0.25]));
        let mixture = NormalMixture::new(vec![3.0, 1.0], vec![low, high]);
        assert_eq!(classes.moments(), mixture.moments());
        let labelled = |y: f64| Points::from_rows(vec![0.4], 1).with_labels(vec![y]);
        let joint = |y: f64| classes.ln_density(&labelled(y))[0].exp();
        let alone = mixture.ln_density(&Points::from_rows(vec![0.4], 1))[0].exp();
        assert!((joint(4.0) + joint(7.0) - alone).abs() < 1e-12);
        assert_eq!(joint(5.0), 0.0);
        let labels = check::draws(&classes, 4000).labels().expect("labelled").to_vec();
        let sevens = labels.iter().filter(|label| **label == 7.0).count() as f64 / 4000.0;
        assert!((sevens - 0.25).abs() < 4.0 * (0.25 * 0.75 / 4000f64).sqrt());
        assert!(labels.iter().all(|label| [4.0, 7.0].contains(label)));
        assert!(Classes::weighted(vec![(0.0, 0.0, parts().remove(0))]).is_none());
        assert!(Classes::weighted(vec![(0.0, f64::NAN, parts().remove(0))]).is_none());
    }
}
