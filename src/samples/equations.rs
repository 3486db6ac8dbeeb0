//! The normal equations of least squares: the sufficient statistic of a linear regression.

use super::{Points, Samples, Summary};
use crate::numeric::linalg;
use ndarray::{Array1, Array2};

/// Σw, XᵀWX, XᵀWy and yᵀWy of labelled points.
#[derive(Clone, Debug, PartialEq)]
pub struct Equations {
    pub count: usize,
    pub weight: f64,
    /// XᵀWX.
    pub gram: Array2<f64>,
    /// XᵀWy.
    pub cross: Array1<f64>,
    /// yᵀWy.
    pub square: f64,
    /// Whether every point had a label; one without counts as zero above.
    pub labelled: bool,
}

impl Equations {
    /// The same with weights that sum to the number of points.
    pub fn rescaled(mut self) -> Self {
        let scale = self.count as f64 / self.weight;
        if scale != 1.0 {
            self.scale(scale);
        }
        self
    }

    /// (XᵀWX + λI)⁻¹XᵀWy; of the least norm where many solve the equations.
    ///
    /// The equations square the condition number of X: directions in which X is 10⁷ times thinner
    /// than in the widest count as not seen at all. `None` where a sum has overflowed.
    pub fn solve(&self, ridge: f64) -> Option<Array1<f64>> {
        let mut matrix = self.gram.clone();
        matrix.diag_mut().iter_mut().for_each(|x| *x += ridge);
        if !matrix.iter().chain(&self.cross).chain([&self.square]).all(|x| x.is_finite()) {
            return None;
        }
        let solution = match linalg::solve_positive(&matrix, &self.cross) {
            Some(solution) => solution,
            None => least_norm(&matrix, &self.cross)?,
        };
        solution.iter().all(|x| x.is_finite()).then_some(solution)
    }

    /// Σw(y − x·b)²; what is left by rounding alone counts as zero.
    pub fn residual_square(&self, coefficients: &Array1<f64>) -> f64 {
        let explained = coefficients.dot(&self.cross);
        let spread = coefficients.dot(&self.gram.dot(coefficients));
        let residual = self.square - 2.0 * explained + spread;
        let rounding = 64.0 * f64::EPSILON * (self.count as f64).sqrt() * self.square;
        if residual <= rounding { 0.0 } else { residual }
    }
}

/// The pseudo-inverse solution, blind to eigenvalues that rounding could have made.
fn least_norm(matrix: &Array2<f64>, rhs: &Array1<f64>) -> Option<Array1<f64>> {
    let (values, vectors) = linalg::symmetric_eigen(matrix)?;
    let largest = values.iter().copied().fold(0.0, f64::max);
    let zero = 64.0 * f64::EPSILON * values.len() as f64 * largest;
    let mut along = vectors.t().dot(rhs);
    for (coefficient, &value) in along.iter_mut().zip(&values) {
        *coefficient = if value > zero { *coefficient / value } else { 0.0 };
    }
    Some(vectors.dot(&along))
}

impl Summary<Points> for Equations {
    fn of(samples: &Points) -> Self {
        let count = samples.len();
        let x = samples.values();
        let zero = || Array1::zeros(count);
        let y = samples.labels().map_or_else(zero, |labels| labels.to_owned());
        Equations {
            count,
            weight: count as f64,
            gram: x.t().dot(&x),
            cross: x.t().dot(&y),
            square: y.dot(&y),
            labelled: samples.labels().is_some(),
        }
    }

    fn scale(&mut self, weight: f64) {
        self.weight *= weight;
        self.gram *= weight;
        self.cross *= weight;
        self.square *= weight;
    }

    fn merge(&mut self, other: &Self) {
        self.count += other.count;
        self.weight += other.weight;
        self.gram += &other.gram;
        self.cross += &other.cross;
        self.square += other.square;
        self.labelled &= other.labelled;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(x: &[f64], y: &[f64]) -> Points {
        Points::from_rows(x.to_vec(), 1).with_labels(y.to_vec())
    }

    #[test]
    fn merged_equations_equal_the_equations_of_all() {
        let mut merged = Equations::of(&line(&[1., 2.], &[3., -1.]));
        merged.merge(&Equations::of(&line(&[4.], &[0.5])));
        assert_eq!(merged, Equations::of(&line(&[1., 2., 4.], &[3., -1., 0.5])));
        merged.merge(&Equations::of(&Points::from_rows(vec![1.], 1)));
        assert!(!merged.labelled);
    }

    #[test]
    fn an_exact_line_leaves_no_residual() {
        let equations = Equations::of(&line(&[0.1, 0.2, 0.7], &[0.3, 0.6, 2.1]));
        let slope = equations.solve(0.0).expect("finite");
        assert!((slope[0] - 3.0).abs() < 1e-12);
        assert_eq!(equations.residual_square(&slope), 0.0);
    }

    #[test]
    fn a_column_that_is_the_sum_of_two_others_is_solved_with_least_norm() {
        let row = |a: f64, b: f64| vec![a, b, a + b];
        let rows = [row(0.1, 0.7), row(1.3, -0.2), row(-0.4, 0.6), row(2.1, 0.9)].concat();
        let points = Points::from_rows(rows, 3);
        let labels = points.rows().map(|x| x[0] + x[1]).collect();
        let solution = Equations::of(&points.with_labels(labels)).solve(0.0).expect("finite");
        // a + b = ⅓a + ⅓b + ⅔(a + b)
        for (found, exact) in solution.iter().zip([1. / 3., 1. / 3., 2. / 3.]) {
            assert!((found - exact).abs() < 1e-9, "{solution}");
        }
    }

    #[test]
    fn sums_that_overflow_have_no_solution() {
        assert_eq!(Equations::of(&line(&[1e200], &[1.0])).solve(0.0), None);
        assert_eq!(Equations::of(&line(&[1.0], &[1e200])).solve(0.0), None);
    }
}
