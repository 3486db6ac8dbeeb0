//! Products of matrices of f32, on one thread, with bytes that do not depend on the machine's caches.
//!
//! The library behind chooses its blocks along the summed dimension from the sizes of the caches; here
//! that dimension is cut into pieces of 256 first, so that every sum has one order.

use gemm::{Parallelism, gemm};

/// Summed dimensions are cut into pieces of this length.
const PIECE: usize = 256;

/// A matrix inside a slice.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    data: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Row after row.
    pub fn new(data: &'a [f32], rows: usize, columns: usize) -> Self {
        Matrix::strided(data, rows, columns, columns)
    }

    /// Rows that start `stride` apart.
    ///
    /// # Panics
    /// If the slice is too short: a broken invariant of the caller.
    pub fn strided(data: &'a [f32], rows: usize, columns: usize, stride: usize) -> Self {
        assert!(rows == 0 || (rows - 1) * stride + columns <= data.len());
        Matrix { data, rows, columns, row_stride: stride, column_stride: 1 }
    }

    pub fn transposed(self) -> Self {
        Matrix {
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
            ..self
        }
    }
}

/// out = a·b, or out += a·b: rows of `out` start `stride` apart.
///
/// # Panics
/// If the sizes do not fit: a broken invariant of the caller.
pub fn multiply(a: Matrix<'_>, b: Matrix<'_>, out: &mut [f32], stride: usize, add: bool) {
    let (m, n, k) = (a.rows, b.columns, a.columns);
    assert!(b.rows == k && stride >= n && (m == 0 || (m - 1) * stride + n <= out.len()));
    if k == 0 && !add {
        out.chunks_mut(stride).take(m).for_each(|row| row[..n].fill(0.0));
    }
    for first in (0..k).step_by(PIECE) {
        let read = add || first > 0;
        // SAFETY: the constructors and the assertion above keep all of it inside the slices.
        unsafe {
            gemm(
                m,
                n,
                PIECE.min(k - first),
                out.as_mut_ptr(),
                1,
                stride as isize,
                read,
                a.data.as_ptr().add(first * a.column_stride),
                a.column_stride as isize,
                a.row_stride as isize,
                b.data.as_ptr().add(first * b.row_stride),
                b.column_stride as isize,
                b.row_stride as isize,
                1.0,
                1.0,
                false,
                false,
                false,
                Parallelism::None,
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn products_by_hand_with_strides_and_transposition() {
        let a = [1., 2., 9., 3., 4., 9.];
        let a = Matrix::strided(&a, 2, 2, 3);
        let b = [5., 6., 7., 8.];
        let b = Matrix::new(&b, 2, 2);
        let mut out = vec![1.0; 6];
        multiply(a, b, &mut out, 3, false);
        assert_eq!(out, [19., 22., 1., 43., 50., 1.]);
        multiply(a.transposed(), b, &mut out, 3, true);
        assert_eq!(out, [19. + 26., 22. + 30., 1., 43. + 38., 50. + 44., 1.]);
    }

    #[test]
    fn long_sums_are_cut_and_complete() {
        let (a, b) = (vec![1.0; 2 * 1000], vec![2.0; 1000 * 3]);
        let mut out = vec![0.0; 6];
        multiply(Matrix::new(&a, 2, 1000), Matrix::new(&b, 1000, 3), &mut out, 3, false);
        assert_eq!(out, [2000.0; 6]);
    }
}
