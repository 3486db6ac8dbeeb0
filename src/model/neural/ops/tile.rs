//! Products of a few rows with a few times 16 columns that stay in registers: what attention is made of.

use crate::model::neural::simd::{LANES, Lanes};

/// Rows of a tile.
pub const ROWS: usize = 4;

/// tile[r][l] = Σ_k a[r·row + k·step]·b[k·next + l] over k < `steps`.
///
/// # Panics
/// If the slices are too short: a broken invariant of the caller.
#[inline(always)]
pub fn tile<const R: usize>(
    a: &[f32],
    (row, step): (usize, usize),
    b: &[f32],
    next: usize,
    steps: usize,
) -> [Lanes; R] {
    let mut sums = [[0.0; LANES]; R];
    let Some(last) = steps.checked_sub(1) else { return sums };
    assert!((R - 1) * row + last * step < a.len() && last * next + LANES <= b.len());
    for k in 0..steps {
        // SAFETY: the assertion keeps both inside their slices.
        let b: &Lanes = unsafe { &*b.as_ptr().add(k * next).cast() };
        for (r, sums) in sums.iter_mut().enumerate() {
            // SAFETY: as above.
            let a = unsafe { *a.get_unchecked(r * row + k * step) };
            for l in 0..LANES {
                sums[l] = a.mul_add(b[l], sums[l]);
            }
        }
    }
    sums
}

/// sums[b][l] = Σ_k a[k]·b[b·block + k·next + l] over k < `steps`: one row with B blocks of columns at
/// once, so that no sum waits for itself.
///
/// # Panics
/// If the slices are too short: a broken invariant of the caller.
#[inline(always)]
pub fn fan<const B: usize>(
    a: &[f32],
    b: &[f32],
    block: usize,
    next: usize,
    steps: usize,
) -> [Lanes; B] {
    let mut sums = [[0.0; LANES]; B];
    let Some(last) = steps.checked_sub(1) else { return sums };
    assert!(steps <= a.len() && (B - 1) * block + last * next + LANES <= b.len());
    for (k, a) in a[..steps].iter().enumerate() {
        for (c, sums) in sums.iter_mut().enumerate() {
            // SAFETY: the assertion keeps it inside its slice.
            let b: &Lanes = unsafe { &*b.as_ptr().add(c * block + k * next).cast() };
            for l in 0..LANES {
                sums[l] = a.mul_add(b[l], sums[l]);
            }
        }
    }
    sums
}

/// Writes the rows of a tile `stride` apart.
#[inline(always)]
pub fn store<const R: usize>(tile: [Lanes; R], out: &mut [f32], stride: usize) {
    for (r, row) in tile.iter().enumerate() {
        out[r * stride..r * stride + LANES].copy_from_slice(row);
    }
}
