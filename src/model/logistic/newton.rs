//! Newton's method for the penalised likelihood of a logistic regression.

use crate::distribution::sigmoid;
use crate::model::FitError;
use crate::numeric::linalg;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, concatenate};

/// Steps, halvings of a step, and the change of x·w that counts as none.
const MOST_STEPS: usize = 200;
const MOST_HALVINGS: usize = 40;
const STANDSTILL: f64 = 1e-9;

/// What is to be maximised: Σw ln p(y) − ½λ‖b‖² over b.
pub struct Problem<'a> {
    /// The points, and a column of ones where there is an intercept.
    x: Array2<f64>,
    labels: ArrayView1<'a, f64>,
    weights: Array1<f64>,
    ridge: f64,
}

/// A place in the space of coefficients: where it is, x·b there, and the objective.
struct Place {
    coefficients: Array1<f64>,
    predictor: Array1<f64>,
    objective: f64,
}

impl<'a> Problem<'a> {
    pub fn new(
        points: ArrayView2<'_, f64>,
        labels: ArrayView1<'a, f64>,
        weights: Vec<f64>,
        intercept: bool,
        ridge: f64,
    ) -> Self {
        let ones = Array2::ones((points.nrows(), usize::from(intercept)));
        // Both have the same rows, so that they always stand side by side.
        let x = concatenate(Axis(1), &[points, ones.view()]).unwrap_or_else(|_| points.to_owned());
        Problem { x, labels, weights: weights.into(), ridge }
    }

    /// The coefficients of the maximum, the intercept last; of the least norm where the points leave
    /// it open.
    pub fn maximum(&self) -> Result<Vec<f64>, FitError> {
        let mut now = self.place(Array1::zeros(self.x.ncols()));
        for _ in 0..MOST_STEPS {
            let step = self.step(&now).ok_or(FitError::NotFinite { family: "logistic" })?;
            let next = self.climb(&now, &step);
            let change = (&next.predictor - &now.predictor).mapv(f64::abs);
            let largest = next.predictor.iter().fold(1.0, |most: f64, eta| most.max(eta.abs()));
            now = next;
            if self.ridge == 0.0 && self.separates(&now) {
                return Err(no_maximum("a plane separates the labels"));
            }
            if change.iter().all(|change| *change <= STANDSTILL * largest) {
                return Ok(now.coefficients.to_vec());
            }
        }
        Err(no_maximum("the labels are separated but for points on a plane"))
    }

    fn place(&self, coefficients: Array1<f64>) -> Place {
        let predictor = self.x.dot(&coefficients);
        // ln σ(±η) = −ln(1 + e^∓η), without overflow.
        let ln = |eta: f64, y: f64| {
            let margin = if y == 1.0 { eta } else { -eta };
            margin.min(0.0) - (-margin.abs()).exp().ln_1p()
        };
        let terms = predictor.iter().zip(self.labels).zip(&self.weights);
        let likelihood: f64 = terms.map(|((eta, y), w)| w * ln(*eta, *y)).sum();
        let penalty = 0.5 * self.ridge * coefficients.dot(&coefficients);
        Place { objective: likelihood - penalty, coefficients, predictor }
    }

    /// H⁻¹·gradient. `None` where a number overflows.
    fn step(&self, now: &Place) -> Option<Array1<f64>> {
        let p = now.predictor.mapv(sigmoid);
        let residual = (&self.labels - &p) * &self.weights;
        let gradient = self.x.t().dot(&residual) - &now.coefficients * self.ridge;
        let curvature = now.predictor.mapv(|eta| sigmoid(eta) * sigmoid(-eta)) * &self.weights;
        let scaled = &self.x * &curvature.insert_axis(Axis(1));
        let mut hessian = self.x.t().dot(&scaled);
        hessian.diag_mut().iter_mut().for_each(|x| *x += self.ridge);
        if !hessian.iter().chain(&gradient).all(|x| x.is_finite()) {
            return None;
        }
        let step = linalg::solve_positive(&hessian, &gradient)
            .or_else(|| linalg::solve_semidefinite(&hessian, &gradient))?;
        step.iter().all(|x| x.is_finite()).then_some(step)
    }

    /// The whole step, or the first half of a half … of it that does not lose.
    fn climb(&self, now: &Place, step: &Array1<f64>) -> Place {
        let mut share = 1.0;
        for _ in 0..MOST_HALVINGS {
            let next = self.place(&now.coefficients + &(step * share));
            if next.objective >= now.objective - 1e-12 * now.objective.abs() {
                return next;
            }
            share *= 0.5;
        }
        self.place(now.coefficients.clone())
    }

    /// Whether every point lies strictly on the side of its label: then the likelihood grows for
    /// ever along these coefficients.
    fn separates(&self, now: &Place) -> bool {
        let right = |(eta, y): (&f64, &f64)| if *y == 1.0 { *eta > 0.0 } else { *eta < 0.0 };
        now.predictor.iter().zip(self.labels).all(right)
    }
}

fn no_maximum(cause: &'static str) -> FitError {
    FitError::NoMaximum { family: "logistic", cause }
}
