//! Dense linear algebra: the one door to the library that does it.
//!
//! Matrices are small (d up to a few hundred) and computed by one thread.

use faer::linalg::solvers::Solve;
use faer::{Mat, MatRef, Side};
use ndarray::{Array1, Array2, ArrayView2};

fn to_faer(matrix: ArrayView2<'_, f64>) -> Mat<f64> {
    Mat::from_fn(matrix.nrows(), matrix.ncols(), |i, j| matrix[[i, j]])
}

fn from_faer(matrix: MatRef<'_, f64>) -> Array2<f64> {
    Array2::from_shape_fn((matrix.nrows(), matrix.ncols()), |(i, j)| matrix[(i, j)])
}

/// L with A = L·Lᵀ. `None` where A is not numerically positive definite: where a coordinate is
/// determined by those before it up to rounding.
pub fn cholesky(a: &Array2<f64>) -> Option<Array2<f64>> {
    let d = a.nrows();
    let factor = to_faer(a.view()).llt(Side::Lower).ok()?;
    let l = from_faer(factor.L());
    let rounding = 64.0 * f64::EPSILON * d as f64;
    let determined = |i: usize| l[[i, i]].powi(2) <= rounding * a[[i, i]];
    let sound = l.iter().all(|x| x.is_finite()) && !(0..d).any(determined);
    sound.then_some(l)
}

/// L⁻¹ of a lower triangular matrix with a positive diagonal.
pub fn invert_lower(l: &Array2<f64>) -> Array2<f64> {
    let d = l.nrows();
    let mut inverse = Mat::<f64>::identity(d, d);
    to_faer(l.view()).solve_lower_triangular_in_place(inverse.as_mut());
    from_faer(inverse.as_ref())
}

/// Eigenvalues in ascending order and the eigenvectors as columns, of a symmetric matrix.
/// `None` where it holds a number that is not finite.
pub fn symmetric_eigen(a: &Array2<f64>) -> Option<(Array1<f64>, Array2<f64>)> {
    if !a.iter().all(|x| x.is_finite()) {
        return None;
    }
    let eigen = to_faer(a.view()).self_adjoint_eigen(Side::Lower).ok()?;
    let values = eigen.S().column_vector().iter().copied().collect();
    Some((values, from_faer(eigen.U())))
}

/// The symmetric square root of a positive semi-definite matrix; rounding below zero counts as zero.
pub fn square_root(a: &Array2<f64>) -> Option<Array2<f64>> {
    let (values, vectors) = symmetric_eigen(a)?;
    let roots = values.mapv(|value| value.max(0.0).sqrt());
    Some((&vectors * &roots).dot(&vectors.t()))
}

/// A factor F with A = F·Fᵀ of a positive semi-definite matrix, singular or not.
pub fn semidefinite_factor(a: &Array2<f64>) -> Option<Array2<f64>> {
    let (values, vectors) = symmetric_eigen(a)?;
    Some(&vectors * &values.mapv(|value| value.max(0.0).sqrt()))
}

/// The solution of A·x = b for a symmetric positive definite A.
pub fn solve_positive(a: &Array2<f64>, b: &Array1<f64>) -> Option<Array1<f64>> {
    cholesky(a)?;
    let factor = to_faer(a.view()).llt(Side::Lower).ok()?;
    let rhs = Mat::from_fn(b.len(), 1, |i, _| b[i]);
    let x = factor.solve(&rhs);
    Some((0..b.len()).map(|i| x[(i, 0)]).collect())
}

/// The pseudo-inverse of a symmetric positive semi-definite matrix times b: among all minimisers of
/// ‖A·x − b‖ the one of least norm. Eigenvalues that rounding could have made, those below 64·d·ε of
/// the largest, count as zero.
pub fn solve_semidefinite(a: &Array2<f64>, b: &Array1<f64>) -> Option<Array1<f64>> {
    let (values, vectors) = symmetric_eigen(a)?;
    let largest = values.iter().copied().fold(0.0, f64::max);
    let zero = 64.0 * values.len() as f64 * f64::EPSILON * largest;
    let mut along = vectors.t().dot(b);
    for (coefficient, &value) in along.iter_mut().zip(&values) {
        *coefficient = if value > zero { *coefficient / value } else { 0.0 };
    }
    Some(vectors.dot(&along))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ndarray::{arr1, arr2};

    fn close(a: &Array2<f64>, b: &Array2<f64>) -> bool {
        (a - b).iter().all(|x| x.abs() < 1e-12)
    }

    #[test]
    fn cholesky_gives_back_its_matrix() {
        let a = arr2(&[[4., 2., 0.], [2., 5., 1.], [0., 1., 3.]]);
        let l = cholesky(&a).expect("positive definite");
        assert!(close(&l.dot(&l.t()), &a));
        assert!(close(&invert_lower(&l).dot(&l), &Array2::eye(3)));
    }

    #[test]
    fn a_singular_matrix_has_no_cholesky_but_a_factor_and_a_root() {
        let a = arr2(&[[1., 2.], [2., 4.]]);
        assert_eq!(cholesky(&a), None);
        let f = semidefinite_factor(&a).expect("finite");
        assert!(close(&f.dot(&f.t()), &a));
        let r = square_root(&a).expect("finite");
        assert!(close(&r.dot(&r), &a));
    }

    #[test]
    fn a_tiny_but_sound_variance_is_not_singular() {
        assert!(cholesky(&arr2(&[[1e-200, 0.], [0., 1.]])).is_some());
        assert_eq!(cholesky(&arr2(&[[0., 0.], [0., 1.]])), None);
    }

    #[test]
    fn the_semidefinite_solution_has_least_norm() {
        let a = arr2(&[[1., 1.], [1., 1.]]);
        let x = solve_semidefinite(&a, &arr1(&[2., 2.])).expect("finite");
        assert!((x[0] - 1.0).abs() < 1e-12 && (x[1] - 1.0).abs() < 1e-12);
        let b = arr1(&[1., 2.]);
        let y = solve_positive(&arr2(&[[2., 0.], [0., 4.]]), &b).expect("positive definite");
        assert!(y.iter().all(|x| (x - 0.5).abs() < 1e-12));
    }
}
