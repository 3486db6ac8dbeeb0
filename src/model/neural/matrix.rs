//! Products of matrices of f32, on one thread, with bytes that do not depend on the machine's caches.
//!
//! The library behind chooses its blocks along the summed dimension from the sizes of the caches; here
//! that dimension is cut into pieces of 256 first, so that every sum has one order. With AVX2, all but
//! small products are made here ([`panels`]), in the same order: a factor that is used often is packed
//! once, and what products start from needs no pass of its own.

mod panels;

use super::buffer::Buffer;
use super::simd::{LANES, dispatch};
use gemm::{Parallelism, gemm};

/// Summed dimensions are cut into pieces of this length.
const PIECE: usize = 256;

/// A matrix inside a slice; one of its strides is 1.
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

    /// At most n rows from `first` on.
    #[inline(always)]
    fn rows_from(self, first: usize, n: usize) -> Self {
        let data = &self.data[first * self.row_stride..];
        Matrix { data, rows: n.min(self.rows - first), ..self }
    }

    /// At most n columns from `first` on.
    fn columns_from(self, first: usize, n: usize) -> Self {
        self.transposed().rows_from(first, n).transposed()
    }
}

/// What the sums of a product are added to.
#[derive(Clone, Copy)]
pub enum Onto<'a> {
    Nothing,
    /// What is there already.
    Itself,
    /// One row, the same for all rows.
    Row(&'a [f32]),
}

/// A second factor that is used several times.
pub struct Packed<'a> {
    matrix: Matrix<'a>,
    /// Piece after piece; nothing where the library does it all.
    panels: Buffer,
}

impl<'a> Packed<'a> {
    pub fn new(matrix: Matrix<'a>) -> Self {
        let wide = if in_panels() { matrix.columns.next_multiple_of(LANES) } else { 0 };
        let mut panels = Buffer::new(matrix.rows * wide);
        if wide > 0 {
            for first in (0..matrix.rows).step_by(PIECE) {
                panels::pack(matrix.rows_from(first, PIECE), &mut panels[first * wide..]);
            }
        }
        Packed { matrix, panels }
    }

    /// The same as [`multiply`] with this matrix.
    pub fn multiply(&self, a: Matrix<'_>, out: &mut [f32], stride: usize, onto: Onto<'_>) {
        product(a, self.matrix, Some(&self.panels), out, stride, onto);
    }
}

/// out = a·b on top of `onto`: rows of `out` start `stride` apart.
///
/// # Panics
/// If the sizes do not fit: a broken invariant of the caller.
pub fn multiply(a: Matrix<'_>, b: Matrix<'_>, out: &mut [f32], stride: usize, onto: Onto<'_>) {
    product(a, b, None, out, stride, onto);
}

fn product(
    a: Matrix<'_>,
    b: Matrix<'_>,
    packed: Option<&[f32]>,
    out: &mut [f32],
    stride: usize,
    mut onto: Onto<'_>,
) {
    let (m, n, k) = (a.rows, b.columns, a.columns);
    assert!(b.rows == k && stride >= n && (m == 0 || (m - 1) * stride + n <= out.len()));
    if let Onto::Row(row) = onto {
        assert!(row.len() == n);
    }
    if m == 0 || n == 0 {
        return;
    }
    if k == 0 {
        start(m, n, out, stride, onto);
    }
    for first in (0..k).step_by(PIECE) {
        let (a, b) = (a.columns_from(first, PIECE), b.rows_from(first, PIECE));
        if !suits_panels(m, n, b.rows) {
            by_library(a, b, out, stride, onto);
        } else if let Some(packed) = packed {
            let panels = &packed[first * n.next_multiple_of(LANES)..];
            panels::multiply(a, panels, n, out, stride, onto);
        } else {
            let mut panels = Buffer::new(b.rows * n.next_multiple_of(LANES));
            panels::pack(b, &mut panels);
            panels::multiply(a, &panels, n, out, stride, onto);
        }
        onto = Onto::Itself;
    }
}

/// Whether products are made here: the library's kernels for AVX-512 are as good.
pub fn in_panels() -> bool {
    #[cfg(target_arch = "x86_64")]
    return super::simd::level() == super::simd::Level::Avx2;
    #[cfg(not(target_arch = "x86_64"))]
    return false;
}

/// Small products have routines of their own in the library, some with another order of their sums.
fn suits_panels(m: usize, n: usize, k: usize) -> bool {
    in_panels() && m >= 4 && n >= LANES && k >= 8 && m * n > 256
}

fn by_library(a: Matrix<'_>, b: Matrix<'_>, out: &mut [f32], stride: usize, onto: Onto<'_>) {
    let read = !matches!(onto, Onto::Nothing);
    if let Onto::Row(_) = onto {
        start(a.rows, b.columns, out, stride, onto);
    }
    // SAFETY: the constructors and the caller's assertion keep all of it inside the slices.
    unsafe {
        gemm(
            a.rows,
            b.columns,
            a.columns,
            out.as_mut_ptr(),
            1,
            stride as isize,
            read,
            a.data.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
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

dispatch! {
    /// What the sums are added to, by itself.
    fn start(m: usize, n: usize, out: &mut [f32], stride: usize, onto: Onto<'_>) {
        for row in out.chunks_mut(stride).take(m) {
            match onto {
                Onto::Nothing => row[..n].fill(0.0),
                Onto::Itself => {}
                Onto::Row(start) => row[..n].copy_from_slice(start),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stream::{Role, stream};
    use rand::RngExt;

    #[test]
    fn products_by_hand_with_strides_and_transposition() {
        let a = [1., 2., 9., 3., 4., 9.];
        let a = Matrix::strided(&a, 2, 2, 3);
        let b = [5., 6., 7., 8.];
        let b = Matrix::new(&b, 2, 2);
        let mut out = vec![1.0; 6];
        multiply(a, b, &mut out, 3, Onto::Nothing);
        assert_eq!(out, [19., 22., 1., 43., 50., 1.]);
        multiply(a.transposed(), b, &mut out, 3, Onto::Itself);
        assert_eq!(out, [19. + 26., 22. + 30., 1., 43. + 38., 50. + 44., 1.]);
    }

    #[test]
    fn long_sums_are_cut_and_complete() {
        let (a, b) = (vec![1.0; 2 * 1000], vec![2.0; 1000 * 3]);
        let mut out = vec![0.0; 6];
        multiply(Matrix::new(&a, 2, 1000), Matrix::new(&b, 1000, 3), &mut out, 3, Onto::Nothing);
        assert_eq!(out, [2000.0; 6]);
    }

    /// Numbers without any law between −1 and 1.
    fn numbers(n: usize, seed: u64) -> Vec<f32> {
        let mut rng = stream(seed, 0, 0, Role::FIT);
        (0..n).map(|_| rng.random_range(-1.0..1.0)).collect()
    }

    #[test]
    fn panels_give_the_bytes_of_the_library() {
        let sizes =
            [(64, 48, 40), (1024, 17, 8), (29, 80, 300), (6, 96, 257), (50, 33, 520), (8, 40, 9)];
        for (m, n, k) in sizes {
            for turned in 0..4 {
                let (left, right, row) = (numbers(m * k, 1), numbers(k * n, 2), numbers(n, 3));
                let (a, b) = (Matrix::new(&left, m, k), Matrix::new(&right, k, n));
                let a = if turned & 1 > 0 { Matrix::new(&left, k, m).transposed() } else { a };
                let b = if turned & 2 > 0 { Matrix::new(&right, n, k).transposed() } else { b };
                let mut expected = vec![0.5; m * (n + 3)];
                let [mut own, mut plain, mut packed] = std::array::from_fn(|_| expected.clone());
                let mut onto = Onto::Row(&row);
                for first in (0..k).step_by(PIECE) {
                    let (a, b) = (a.columns_from(first, PIECE), b.rows_from(first, PIECE));
                    by_library(a, b, &mut expected, n + 3, onto);
                    let mut panels = Buffer::new(b.rows * n.next_multiple_of(LANES));
                    panels::pack(b, &mut panels);
                    panels::multiply(a, &panels, n, &mut own, n + 3, onto);
                    onto = Onto::Itself;
                }
                multiply(a, b, &mut plain, n + 3, Onto::Row(&row));
                Packed::new(b).multiply(a, &mut packed, n + 3, Onto::Row(&row));
                let all = [own, plain, packed];
                assert!(all.iter().all(|one| *one == expected), "{m} × {n} × {k}, {turned}");
            }
        }
    }
}
