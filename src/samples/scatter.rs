//! Weighted mean and scatter of points: the sufficient statistic of a normal.

use super::statistic::Stored;
use super::{Additive, Points, Samples, Summary};
use ndarray::{Array1, Array2, Axis};
use serde::{Deserialize, Serialize};

/// Σw, Σw², mean and Σw·(x − mean)(x − mean)ᵀ of points.
///
/// One-dimensional points are summed without matrices; that is what a long replace loop spends its
/// time on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Scatter {
    pub count: usize,
    pub weight: f64,
    pub square_weight: f64,
    pub mean: Array1<f64>,
    pub scatter: Array2<f64>,
}

impl Scatter {
    /// Of no point at all.
    pub fn nothing(d: usize) -> Self {
        let (mean, scatter) = (Array1::zeros(d), Array2::zeros((d, d)));
        Scatter { count: 0, weight: 0.0, square_weight: 0.0, mean, scatter }
    }

    /// Σw − Σw²/Σw after rescaling the weights to sum to n: the divisor of the unbiased variance.
    ///
    /// With equal weights it is n − 1.
    pub fn unbiased_divisor(&self) -> f64 {
        let n = self.count as f64;
        n - n * self.square_weight / (self.weight * self.weight)
    }

    /// The scatter with weights rescaled to sum to n.
    pub fn rescaled_scatter(&self) -> Array2<f64> {
        &self.scatter * (self.count as f64 / self.weight)
    }
}

impl Summary<Points> for Scatter {
    type How = ();

    fn of(samples: &Points, (): &()) -> Self {
        let count = samples.len();
        let weight = count as f64;
        let (mean, scatter) = if samples.dimension() == 1 {
            let (mean, scatter) = on_a_line(samples.as_slice());
            (Array1::from_elem(1, mean), Array2::from_elem((1, 1), scatter))
        } else {
            let values = samples.values();
            let zero = || Array1::zeros(samples.dimension());
            let mean = values.mean_axis(Axis(0)).unwrap_or_else(zero);
            let centred = &values - &mean;
            (mean, centred.t().dot(&centred))
        };
        Scatter { count, weight, square_weight: weight, mean, scatter }
    }
}

impl Additive for Scatter {
    fn scale(&mut self, weight: f64) {
        self.weight *= weight;
        self.square_weight *= weight * weight;
        self.scatter *= weight;
    }

    fn merge(&mut self, other: &Self) {
        if other.count == 0 {
            return;
        }
        let total = self.weight + other.weight;
        let shift = &other.mean - &self.mean;
        let share = other.weight / total;
        let column = shift.view().insert_axis(Axis(1));
        self.scatter.scaled_add(self.weight * share, &column.dot(&column.t()));
        self.scatter += &other.scatter;
        self.mean.scaled_add(share, &shift);
        self.count += other.count;
        self.weight = total;
        self.square_weight += other.square_weight;
    }
}

/// Sums in a fixed number of lanes, so that the result does not depend on the machine.
const LANES: usize = 8;

fn on_a_line(values: &[f64]) -> (f64, f64) {
    let mean = sum_of(values, |x| x) / (values.len().max(1)) as f64;
    (mean, sum_of(values, |x| (x - mean) * (x - mean)))
}

fn sum_of(values: &[f64], term: impl Fn(f64) -> f64) -> f64 {
    let mut lanes = [0.0; LANES];
    let blocks = values.chunks_exact(LANES);
    let rest: f64 = blocks.remainder().iter().map(|&x| term(x)).sum();
    for block in blocks {
        for (lane, &x) in lanes.iter_mut().zip(block) {
            *lane += term(x);
        }
    }
    lanes.iter().sum::<f64>() + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn points(values: &[f64]) -> Points {
        Points::from_rows(values.to_vec(), 2)
    }

    #[test]
    fn merged_summaries_equal_the_summary_of_all() {
        let mut merged = Scatter::of(&points(&[0., 1., 2., 5.]), &());
        merged.merge(&Scatter::of(&points(&[-3., 4.]), &()));
        let all = Scatter::of(&points(&[0., 1., 2., 5., -3., 4.]), &());
        assert_eq!((merged.count, merged.weight), (3, 3.0));
        assert!((&merged.mean - &all.mean).iter().all(|e| e.abs() < 1e-12));
        assert!((&merged.scatter - &all.scatter).iter().all(|e| e.abs() < 1e-12));
    }

    #[test]
    fn equal_weights_leave_the_divisor_at_n_minus_one() {
        let mut scatter = Scatter::of(&points(&[0., 1., 2., 5., 7., 7.]), &());
        scatter.scale(0.25);
        assert!((scatter.unbiased_divisor() - 2.0).abs() < 1e-12);
    }

    #[test]
    fn a_line_and_a_plane_agree() {
        let values: Vec<f64> = (0..37).map(|i| f64::from(i * i % 11)).collect();
        let line = Scatter::of(&Points::from_rows(values.clone(), 1), &());
        let plane = values.iter().flat_map(|x| [*x, 0.0]).collect();
        let plane = Scatter::of(&Points::from_rows(plane, 2), &());
        assert!((line.scatter[[0, 0]] - plane.scatter[[0, 0]]).abs() < 1e-9);
    }
}
