//! The normal equations of least squares: the sufficient statistic of a linear regression.

use super::{Additive, Points, Samples, Summary};
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

    /// Σw(y − x·b)²; what is left by rounding alone counts as zero.
    pub fn residual_square(&self, coefficients: &Array1<f64>) -> f64 {
        let explained = coefficients.dot(&self.cross);
        let spread = coefficients.dot(&self.gram.dot(coefficients));
        let residual = self.square - 2.0 * explained + spread;
        let rounding = 64.0 * f64::EPSILON * (self.count as f64).sqrt() * self.square;
        if residual <= rounding { 0.0 } else { residual }
    }
}

impl Summary<Points> for Equations {
    type How = ();

    fn of(samples: &Points, (): &()) -> Self {
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
}

impl Additive for Equations {
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
        let mut merged = Equations::of(&line(&[1., 2.], &[3., -1.]), &());
        merged.merge(&Equations::of(&line(&[4.], &[0.5]), &()));
        assert_eq!(merged, Equations::of(&line(&[1., 2., 4.], &[3., -1., 0.5]), &()));
        merged.merge(&Equations::of(&Points::from_rows(vec![1.], 1), &()));
        assert!(!merged.labelled);
    }

    #[test]
    fn an_exact_line_leaves_no_residual() {
        let equations = Equations::of(&line(&[0.1, 0.2, 0.7], &[0.3, 0.6, 2.1]), &());
        assert_eq!(equations.residual_square(&Array1::from_elem(1, 3.0)), 0.0);
    }
}
