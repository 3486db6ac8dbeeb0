//! A logistic regression that tells synthetic samples from real ones.
//!
//! It maximises ½·mean ln P(real founders) + ½·mean ln P(synthetic offers), times the number of samples,
//! minus ½‖w‖², by Newton-like steps with Böhning's bound ¼XᵀWX + I in the place of the Hessian: each step
//! climbs, and the matrix is factored once. It ends when no logit's gradient matters, or after 50 steps.

use crate::numeric::linalg;
use crate::samples::{Points, Samples, Tokens};
use ndarray::{Array1, Array2, Axis, concatenate};

/// Types with a feature of their own; all others share one.
const OWN_TYPES: usize = 127;
const STEPS: usize = 50;

/// Samples as rows of features, on a scale that the founders set.
pub trait Featured: Samples {
    /// The features of founders and of offered samples.
    fn features(founders: &Self, offered: &Self) -> [Array2<f64>; 2];
}

/// The logit of being synthetic, of each offered sample.
pub fn synthetic_logits<S: Featured>(offered: &S, founders: &S) -> Vec<f64> {
    let [real, synthetic] = S::features(founders, offered).map(with_one);
    let weights = fit(&real, &synthetic);
    synthetic.dot(&weights).to_vec()
}

/// The features with a constant before them.
fn with_one(features: Array2<f64>) -> Array2<f64> {
    let ones = Array2::ones((features.nrows(), 1));
    let both = concatenate(Axis(1), &[ones.view(), features.view()]);
    // Both have as many rows.
    both.unwrap_or(features)
}

fn fit(real: &Array2<f64>, synthetic: &Array2<f64>) -> Array1<f64> {
    let f = real.ncols();
    let n = (real.nrows() + synthetic.nrows()) as f64;
    let share = |side: &Array2<f64>| 0.5 * n / side.nrows().max(1) as f64;
    let (of_real, of_synthetic) = (share(real), share(synthetic));
    let mut bound = real.t().dot(real) * (0.25 * of_real);
    bound.scaled_add(0.25 * of_synthetic, &synthetic.t().dot(synthetic));
    bound.diag_mut().iter_mut().for_each(|x| *x += 1.0);
    let Some(factor) = linalg::cholesky(&bound) else { return Array1::zeros(f) };
    let inverse = linalg::invert_lower(&factor);
    let mut weights = Array1::zeros(f);
    for _ in 0..STEPS {
        // P(synthetic) of a real sample and P(real) of a synthetic one: what is wrong with each.
        let wrong = real.dot(&weights).mapv(logistic) * of_real;
        let missed = synthetic.dot(&weights).mapv(|z| logistic(-z)) * of_synthetic;
        let gradient = synthetic.t().dot(&missed) - real.t().dot(&wrong) - &weights;
        let step = inverse.t().dot(&inverse.dot(&gradient));
        weights += &step;
        if step.dot(&gradient) < 1e-9 * n {
            break;
        }
    }
    weights
}

fn logistic(z: f64) -> f64 {
    1.0 / (1.0 + (-z).exp())
}

impl Featured for Points {
    fn features(founders: &Points, offered: &Points) -> [Array2<f64>; 2] {
        let all = [founders, offered].map(coordinates);
        let d = all[0].ncols();
        let mean = all[0].mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(d));
        // A coordinate in which founders do not vary is taken as it is.
        let scale = all[0].std_axis(Axis(0), 0.0).mapv(|s| if s > 0.0 { s } else { 1.0 });
        all.map(|x| {
            let linear = (x - &mean) / &scale;
            let squares = linear.mapv(|z| z * z);
            concatenate(Axis(1), &[linear.view(), squares.view()]).unwrap_or(linear)
        })
    }
}

/// The coordinates, and labels as one more.
fn coordinates(points: &Points) -> Array2<f64> {
    let values = points.values();
    match points.labels() {
        Some(labels) => concatenate(Axis(1), &[values, labels.insert_axis(Axis(1))])
            .unwrap_or_else(|_| values.to_owned()),
        None => values.to_owned(),
    }
}

impl Featured for Tokens {
    fn features(founders: &Tokens, offered: &Tokens) -> [Array2<f64>; 2] {
        let counts = founders.counts();
        let mut order: Vec<usize> = (0..counts.len()).collect();
        order.sort_by(|&i, &j| counts[j].total_cmp(&counts[i]).then(i.cmp(&j)));
        let own = counts.len().min(OWN_TYPES);
        let mut column = vec![own; counts.len()];
        order.iter().take(own).enumerate().for_each(|(place, &kind)| column[kind] = place);
        let width = own + usize::from(counts.len() > own);
        [founders, offered].map(|text| {
            let mut shares = Array2::zeros((text.len(), width));
            for (mut row, sequence) in shares.rows_mut().into_iter().zip(text.sequences()) {
                // √L, so that the scatter of a share does not shrink with the length.
                let one = 1.0 / (sequence.len() as f64).sqrt();
                sequence.iter().for_each(|&kind| row[column[kind as usize]] += one);
            }
            shares
        })
    }
}
