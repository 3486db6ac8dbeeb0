//! What an E-step needs of the covariances: W with WᵀW = Σ⁻¹, and the constants of the log densities.

use super::Parameters;
use crate::numeric::kernel::{Quad, scaled_squares, whitened_squares};

/// Buffers for the inverse factors of k components.
pub struct Precision {
    /// A component's rows of W, padded to an even number of rows; or its d inverse variances.
    whiten: Vec<f64>,
    size: usize,
    /// ln π_k − d/2·ln 2π − ½·ln det Σ_k.
    pub constants: Vec<f64>,
    /// Whether some covariance was singular, and stands here with a little variance added.
    pub singular: bool,
    covariance: Vec<f64>,
    lower: Vec<f64>,
}

impl Precision {
    pub fn new(components: usize, d: usize, matrix: bool) -> Self {
        let size = if matrix { d.next_multiple_of(2) * d } else { d };
        let square = vec![0.0; if matrix { d * d } else { 0 }];
        let (covariance, lower) = (square.clone(), square);
        let (whiten, constants) = (vec![0.0; components * size], vec![0.0; components]);
        Precision { whiten, size, constants, singular: false, covariance, lower }
    }

    /// Reads the covariances. Where one is singular, the least of `little`, 10·`little`, … that helps
    /// is added to its diagonal: EM goes on, the parameters stay as they are. `None` where nothing helps.
    pub fn update(&mut self, parameters: &Parameters, little: f64) -> Option<()> {
        let (d, matrix) = (parameters.dimension(), parameters.form().is_matrix());
        self.singular = false;
        for k in 0..parameters.components() {
            let mut more = 0.0;
            let ln_determinant = loop {
                let whiten = &mut self.whiten[k * self.size..][..self.size];
                let given = parameters.covariance(k);
                let tried = match matrix {
                    true => {
                        self.covariance.copy_from_slice(given);
                        (0..d).for_each(|i| self.covariance[i * d + i] += more);
                        inverse_factor(&self.covariance, d, &mut self.lower, whiten)
                    }
                    false => inverse_variances(given, more, whiten),
                };
                if let Some(ln_determinant) = tried {
                    break ln_determinant;
                }
                self.singular = true;
                more = if more == 0.0 { little } else { 10.0 * more };
                if !more.is_finite() {
                    return None;
                }
            };
            let scale = d as f64 * std::f64::consts::TAU.ln();
            self.constants[k] = parameters.weights[k].ln() - 0.5 * (scale + ln_determinant);
        }
        Some(())
    }

    /// (x − μ_k)ᵀΣ_k⁻¹(x − μ_k) of every sample of a chunk.
    pub fn squares(
        &self,
        parameters: &Parameters,
        k: usize,
        chunk: &[Quad],
        centred: &mut [Quad],
        squares: &mut [Quad],
    ) {
        let whiten = &self.whiten[k * self.size..][..self.size];
        let mean = parameters.mean(k);
        match parameters.form().is_matrix() {
            true => whitened_squares(chunk, mean, whiten, centred, squares),
            false => scaled_squares(chunk, mean, whiten, squares),
        }
    }
}

/// 1/σ² of every coordinate, and Σ ln σ²; `None` where a variance is zero.
fn inverse_variances(variances: &[f64], more: f64, inverse: &mut [f64]) -> Option<f64> {
    let mut ln_determinant = 0.0;
    for (inverse, variance) in inverse.iter_mut().zip(variances) {
        *inverse = 1.0 / (variance + more);
        ln_determinant += (variance + more).ln();
    }
    inverse.iter().all(|p| p.is_finite() && *p > 0.0).then_some(ln_determinant)
}

/// W = L⁻¹ with L·Lᵀ the matrix, and its ln det; `None` where the matrix is singular in the sense of
/// [`crate::numeric::linalg::cholesky`].
///
/// In place of that function, because EM asks for it thousands of times, of small matrices.
fn inverse_factor(matrix: &[f64], d: usize, lower: &mut [f64], whiten: &mut [f64]) -> Option<f64> {
    let ln_determinant = cholesky(matrix, d, lower)?;
    whiten.fill(0.0);
    for i in 0..d {
        let (above, row) = whiten.split_at_mut(i * d);
        let row = &mut row[..d];
        let pivot = lower[i * d + i];
        for (l, above) in lower[i * d..][..i].iter().zip(above.chunks_exact(d)) {
            row[..i].iter_mut().zip(above).for_each(|(w, a)| *w -= l * a);
        }
        row[..i].iter_mut().for_each(|w| *w /= pivot);
        row[i] = 1.0 / pivot;
    }
    Some(ln_determinant)
}

fn cholesky(matrix: &[f64], d: usize, lower: &mut [f64]) -> Option<f64> {
    let rounding = 64.0 * f64::EPSILON * d as f64;
    let mut ln_determinant = 0.0;
    for i in 0..d {
        let (above, row) = lower.split_at_mut(i * d);
        for j in 0..i {
            let other = &above[j * d..][..=j];
            let known: f64 = row[..j].iter().zip(other).map(|(a, b)| a * b).sum();
            row[j] = (matrix[i * d + j] - known) / other[j];
        }
        let own = matrix[i * d + i];
        let square = own - row[..i].iter().map(|l| l * l).sum::<f64>();
        // A NaN is not above anything.
        if !(square > rounding * own && square.is_finite()) {
            return None;
        }
        row[i] = square.sqrt();
        ln_determinant += square.ln();
    }
    Some(ln_determinant)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::linalg;
    use ndarray::Array2;

    #[test]
    fn the_inverse_factor_is_that_of_the_library() {
        for d in [1, 2, 5, 16] {
            let root = Array2::from_shape_fn((d, d), |(i, j)| ((3 * i + 7 * j) % 5) as f64 - 1.7);
            let matrix = root.dot(&root.t()) + Array2::<f64>::eye(d);
            let lower = linalg::cholesky(&matrix).expect("positive definite");
            let expected = linalg::invert_lower(&lower);
            let mut whiten = vec![f64::NAN; d.next_multiple_of(2) * d];
            let flat = matrix.as_slice().expect("standard layout");
            let ln = inverse_factor(flat, d, &mut vec![0.0; d * d], &mut whiten).expect("definite");
            let exact = 2.0 * lower.diag().iter().map(|l| l.ln()).sum::<f64>();
            assert!((ln - exact).abs() < 1e-10);
            assert!(expected.iter().zip(&whiten).all(|(a, b)| (a - b).abs() < 1e-10));
        }
    }

    #[test]
    fn a_singular_matrix_has_no_inverse_factor() {
        let whiten = |matrix: &[f64]| inverse_factor(matrix, 2, &mut [0.0; 4], &mut [0.0; 4]);
        assert_eq!(whiten(&[1., 2., 2., 4.]), None);
        assert_eq!(whiten(&[0., 0., 0., 0.]), None);
        assert_eq!(whiten(&[1., f64::NAN, f64::NAN, 1.]), None);
        assert!(whiten(&[1e-200, 0., 0., 1.]).is_some());
    }
}
