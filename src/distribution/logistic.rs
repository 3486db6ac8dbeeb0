//! Logistic regression: rows of a design, and labels y ∈ {0, 1} with P(y = 1) = σ(x·w + b).

use super::{Design, Distribution, Moments};
use crate::samples::{PointShape, Points};
use crate::stream::Stream;
use ndarray::{Array1, ArrayView1};
use rand::RngExt;

/// Points of a design with random labels.
#[derive(Clone, Debug)]
pub struct Logistic {
    weights: Array1<f64>,
    intercept: f64,
    design: Design,
    release: Release,
}

/// The labels that a model leaves behind.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Release {
    /// Whether each point gets the likelier label instead of a random one.
    pub likeliest: bool,
    /// The probability that a label is turned into the other one.
    pub flip: f64,
}

impl Logistic {
    /// From finite weights and a finite intercept.
    pub fn new(weights: Array1<f64>, intercept: f64, design: Design) -> Self {
        let release = Release { likeliest: false, flip: 0.0 };
        Logistic { weights, intercept, design, release }
    }

    /// The same regression, whose released labels are made so.
    pub fn released_as(self, release: Release) -> Self {
        Logistic { release, ..self }
    }

    pub fn weights(&self) -> &Array1<f64> {
        &self.weights
    }

    pub fn intercept(&self) -> f64 {
        self.intercept
    }

    /// P(y = 1) at x.
    pub fn probability(&self, x: ArrayView1<'_, f64>) -> f64 {
        sigmoid(x.dot(&self.weights) + self.intercept)
    }

    pub fn design(&self) -> &Design {
        &self.design
    }

    fn label(&self, points: Points, rng: &mut Stream) -> Points {
        let coin = |x: ArrayView1<'_, f64>| match rng.random::<f64>() < self.probability(x) {
            true => 1.0,
            false => 0.0,
        };
        let labels = points.values().rows().into_iter().map(coin).collect();
        points.with_labels(labels)
    }

    fn label_for_release(&self, points: Points, rng: &mut Stream) -> Points {
        let Release { likeliest, flip } = self.release;
        let label = |x: ArrayView1<'_, f64>| {
            let p = self.probability(x);
            let one = if likeliest { p > 0.5 } else { rng.random::<f64>() < p };
            let turned = flip > 0.0 && rng.random::<f64>() < flip;
            f64::from(u8::from(one != turned))
        };
        let labels = points.values().rows().into_iter().map(label).collect();
        points.with_labels(labels)
    }
}

/// 1 / (1 + e^−η), exact in both tails.
pub fn sigmoid(eta: f64) -> f64 {
    match eta >= 0.0 {
        true => 1.0 / (1.0 + (-eta).exp()),
        false => eta.exp() / (1.0 + eta.exp()),
    }
}

impl Distribution<Points> for Logistic {
    fn draw(&self, n: usize, rng: &mut Stream) -> Points {
        let points = self.design.draw(n, rng);
        self.label(points, rng)
    }

    fn release(&self, n: usize, rng: &mut Stream) -> Points {
        self.label_for_release(self.design.cycle(n), rng)
    }

    fn shape(&self) -> PointShape {
        self.design.labelled_shape()
    }

    /// Of the points, without their labels.
    fn moments(&self) -> Option<Moments> {
        self.design.moments()
    }

    /// Nothing is known of points without labels, and labels but 0 and 1 do not occur.
    fn ln_labels(&self, samples: &Points) -> Option<Vec<f64>> {
        let logits = samples.values().dot(&self.weights) + self.intercept;
        let ln = |(eta, label): (&f64, &f64)| match *label {
            1.0 => ln_sigmoid(*eta),
            0.0 => ln_sigmoid(-eta),
            _ => f64::NEG_INFINITY,
        };
        Some(logits.iter().zip(samples.labels()?).map(ln).collect())
    }
}

/// ln σ(η) = −ln(1 + e^−η), exact in both tails.
fn ln_sigmoid(eta: f64) -> f64 {
    eta.min(0.0) - (-eta.abs()).exp().ln_1p()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};
    use ndarray::arr1;

    #[test]
    fn the_sigmoid_holds_far_out() {
        assert_eq!((sigmoid(800.0), sigmoid(-800.0), sigmoid(0.0)), (1.0, 0.0, 0.5));
        assert!((sigmoid(-40.0) / (-40.0_f64).exp() - 1.0).abs() < 1e-15);
        assert_eq!((ln_sigmoid(-800.0), ln_sigmoid(0.0)), (-800.0, 0.5_f64.ln()));
        assert!((ln_sigmoid(40.0) / -(-40.0_f64).exp() - 1.0).abs() < 1e-15);
    }

    #[test]
    fn labels_have_the_logarithms_of_their_probabilities() {
        let design = Design::new(&Points::from_rows(vec![0.0], 1)).expect("a row");
        let logistic = Logistic::new(arr1(&[0.7]), 0.2, design);
        let points = Points::from_rows(vec![-1.0, 2.0, 2.0], 1);
        assert_eq!(logistic.ln_labels(&points), None);
        let ln = logistic.ln_labels(&points.with_labels(vec![0.0, 1.0, 2.0])).expect("labelled");
        let exact = [1.0 - sigmoid(-0.5), sigmoid(1.6), 0.0].map(f64::ln);
        assert!((ln[0] - exact[0]).abs() < 1e-15 && (ln[1] - exact[1]).abs() < 1e-15);
        assert_eq!(ln[2], f64::NEG_INFINITY);
    }

    #[test]
    fn labels_follow_the_probability_of_their_row() {
        let design = Design::new(&Points::from_rows(vec![-1.0, 2.0], 1)).expect("two rows");
        let logistic = Logistic::new(arr1(&[0.7]), 0.2, design);
        let n = 40_000;
        let points = logistic.release(n, &mut stream(1, 0, 0, Role::DRAW));
        let labels = points.labels().expect("labelled");
        for (first, x) in [(0, -1.0), (1, 2.0)] {
            let of_row = labels.iter().skip(first).step_by(2);
            let share = of_row.sum::<f64>() / (n / 2) as f64;
            let p = sigmoid(0.7 * x + 0.2);
            assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / (n / 2) as f64).sqrt());
        }
    }

    #[test]
    fn likeliest_labels_are_certain_and_so_many_of_them_are_turned() {
        let design = Design::new(&Points::from_rows(vec![-1.0, 2.0], 1)).expect("two rows");
        let of = |likeliest, flip| {
            let logistic = Logistic::new(arr1(&[0.7]), 0.2, design.clone());
            let logistic = logistic.released_as(Release { likeliest, flip });
            let points = logistic.release(40_000, &mut stream(1, 0, 0, Role::DRAW));
            points.labels().expect("labelled").to_vec()
        };
        let wrong = |labels: Vec<f64>| {
            let turned = labels.iter().enumerate().filter(|(i, y)| **y != (i % 2) as f64);
            turned.count() as f64 / 40_000.0
        };
        assert_eq!(wrong(of(true, 0.0)), 0.0);
        assert!((wrong(of(true, 0.3)) - 0.3).abs() < 4.0 * (0.3 * 0.7 / 40_000f64).sqrt());
        assert_eq!(wrong(of(true, 1.0)), 1.0);
        let (p, q) = (sigmoid(-0.5), sigmoid(1.6));
        let flipped = 0.5 * ((0.9 * p + 0.1 * (1.0 - p)) + (0.9 * (1.0 - q) + 0.1 * q));
        assert!((wrong(of(false, 0.1)) - flipped).abs() < 4.0 * 0.5 / 200.0);
    }
}
