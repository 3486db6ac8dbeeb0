//! Newton's method for the penalised likelihood of a logistic regression.

use crate::distribution::sigmoid;
use crate::model::FitError;
use crate::numeric::linalg;
use ndarray::{Array1, Array2, ArrayView1, ArrayView2, Axis, concatenate};

/// Steps, halvings of a step, and the change of x·w that counts as none.
const MOST_STEPS: usize = 200;
const MOST_HALVINGS: usize = 40;
const STANDSTILL: f64 = 1e-9;

const ALMOST_SEPARATED: &str = "a plane separates the labels but for points on it";

/// What is to be maximised: Σw ln p(y) − ½λ‖b‖² over b.
pub struct Problem<'a> {
    /// The points, and a column of ones where there is an intercept; in the coordinates of `basis`.
    x: Array2<f64>,
    /// An orthonormal basis of what the points span, where that is not the whole space.
    basis: Option<Array2<f64>>,
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
        let basis = span(&x);
        let x = basis.as_ref().map_or_else(|| x.clone(), |basis| x.dot(basis));
        Problem { x, basis, labels, weights: weights.into(), ridge }
    }

    /// The coefficients of the maximum, the intercept last; of the least norm where the points leave
    /// it open.
    pub fn maximum(&self) -> Result<Vec<f64>, FitError> {
        let mut now = self.place(Array1::zeros(self.x.ncols()));
        if self.x.ncols() == 0 {
            return Ok(self.original(now.coefficients));
        }
        for _ in 0..MOST_STEPS {
            let step = self.step(&now)?;
            let next = self.climb(&now, &step);
            let change = (&next.predictor - &now.predictor).mapv(f64::abs);
            let largest = next.predictor.iter().fold(1.0, |most: f64, eta| most.max(eta.abs()));
            now = next;
            if self.ridge == 0.0 && self.separates(&now) {
                return Err(no_maximum("a plane separates the labels"));
            }
            if change.iter().all(|change| *change <= STANDSTILL * largest) {
                return Ok(self.original(now.coefficients));
            }
        }
        Err(no_maximum(ALMOST_SEPARATED))
    }

    fn original(&self, coefficients: Array1<f64>) -> Vec<f64> {
        match &self.basis {
            Some(basis) => basis.dot(&coefficients).to_vec(),
            None => coefficients.to_vec(),
        }
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

    /// H⁻¹·gradient. The points span the whole space, so H is singular only where the labels of all
    /// points that fix some direction have become certain.
    fn step(&self, now: &Place) -> Result<Array1<f64>, FitError> {
        let not_finite = FitError::NotFinite { family: "logistic" };
        let p = now.predictor.mapv(sigmoid);
        let residual = (&self.labels - &p) * &self.weights;
        let gradient = self.x.t().dot(&residual) - &now.coefficients * self.ridge;
        let curvature = now.predictor.mapv(|eta| sigmoid(eta) * sigmoid(-eta)) * &self.weights;
        let scaled = &self.x * &curvature.insert_axis(Axis(1));
        let mut hessian = self.x.t().dot(&scaled);
        hessian.diag_mut().iter_mut().for_each(|x| *x += self.ridge);
        if !hessian.iter().chain(&gradient).all(|x| x.is_finite()) {
            return Err(not_finite);
        }
        let step = match linalg::solve_positive(&hessian, &gradient) {
            Some(step) => step,
            None if self.ridge == 0.0 => return Err(no_maximum(ALMOST_SEPARATED)),
            None => linalg::solve_semidefinite(&hessian, &gradient).ok_or(not_finite.clone())?,
        };
        if step.iter().all(|x| x.is_finite()) { Ok(step) } else { Err(not_finite) }
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

/// The directions in which the points reach; `None` where these are all, or cannot be told.
fn span(x: &Array2<f64>) -> Option<Array2<f64>> {
    let gram = x.t().dot(x);
    if linalg::cholesky(&gram).is_some() {
        return None;
    }
    let (values, vectors) = linalg::symmetric_eigen(&gram)?;
    let largest = values.iter().copied().fold(0.0, f64::max);
    let zero = 64.0 * f64::EPSILON * values.len() as f64 * largest;
    let reached: Vec<usize> = (0..values.len()).filter(|&i| values[i] > zero).collect();
    Some(vectors.select(Axis(1), &reached))
}

fn no_maximum(cause: &'static str) -> FitError {
    FitError::NoMaximum { family: "logistic", cause }
}
