//! Products in tiles of six rows and 16 columns, whose sums stay in registers.
//!
//! The second factor lies in panels of 16 columns (k × 16, filled up with zeros), which are read from
//! front to back. Every sum runs over k in order, from zero, and is then added to what was there.

use super::{Matrix, Onto};
use crate::model::neural::buffer::Buffer;
use crate::model::neural::ops::tile::tile;
use crate::model::neural::simd::{LANES, Lanes, dispatch};

/// Rows of the first factor that meet all panels while they are near.
const BLOCK: usize = 48;

/// Rows of a tile.
const ROWS: usize = 6;

/// Rows of the next tile. Tiles of fewer than four rows would wait for their own sums.
#[inline(always)]
fn height(left: usize) -> usize {
    match left {
        4 | 5 | 8 => 4,
        0..=3 => left,
        _ => ROWS,
    }
}

dispatch! {
    /// One piece of a second factor, panel after panel.
    pub fn pack(b: Matrix<'_>, panels: &mut [f32]) {
        let k = b.rows;
        let wide = b.columns - b.columns % LANES;
        if b.column_stride == 1 {
            for (i, row) in b.data.chunks(b.row_stride).take(k).enumerate() {
                let (whole, rest) = row[..b.columns].as_chunks::<LANES>();
                for (p, lanes) in whole.iter().enumerate() {
                    panels[(p * k + i) * LANES..][..LANES].copy_from_slice(lanes);
                }
                if !rest.is_empty() {
                    let last = &mut panels[wide * k + i * LANES..][..LANES];
                    last.fill(0.0);
                    last[..rest.len()].copy_from_slice(rest);
                }
            }
            return;
        }
        for c in (0..b.columns).step_by(LANES) {
            let panel = &mut panels[c * k..][..k * LANES];
            if c == wide {
                panel.fill(0.0);
            }
            for l in 0..LANES.min(b.columns - c) {
                let column = &b.data[(c + l) * b.column_stride..][..k];
                for (lanes, x) in panel.chunks_exact_mut(LANES).zip(column) {
                    lanes[l] = *x;
                }
            }
        }
    }
}

/// Rows of the first factor, k × height for each tile.
#[inline(always)]
fn gather(a: Matrix<'_>, tiles: &mut [f32]) {
    let k = a.columns;
    for (j, column) in a.data.chunks(a.column_stride).take(k).enumerate() {
        let mut i = 0;
        while i < a.rows {
            let rows = height(a.rows - i);
            let to = &mut tiles[i * k + j * rows..][..rows];
            match (to.first_chunk_mut::<ROWS>(), column[i..].first_chunk::<ROWS>()) {
                (Some(to), Some(from)) => *to = *from,
                _ => to.iter_mut().zip(&column[i..]).for_each(|(to, from)| *to = *from),
            }
            i += rows;
        }
    }
}

/// The product of one piece with the panels of the other factor, which has n columns.
pub fn multiply(
    a: Matrix<'_>,
    panels: &[f32],
    n: usize,
    out: &mut [f32],
    stride: usize,
    onto: Onto<'_>,
) {
    let mut tiles = (a.column_stride != 1).then(|| Buffer::new(BLOCK * a.columns));
    blocks(a, panels, n, out, stride, onto, tiles.as_deref_mut().unwrap_or_default());
}

dispatch! {
    fn blocks(
        a: Matrix<'_>, panels: &[f32], n: usize, out: &mut [f32], stride: usize, onto: Onto<'_>,
        tiles: &mut [f32],
    ) {
        let k = a.columns;
        for first in (0..a.rows).step_by(BLOCK) {
            let a = a.rows_from(first, BLOCK);
            if !tiles.is_empty() {
                gather(a, tiles);
            }
            for (p, panel) in panels.chunks_exact(k * LANES).take(n.div_ceil(LANES)).enumerate() {
                let (mut i, columns) = (0, p * LANES..n.min((p + 1) * LANES));
                let onto = match onto {
                    Onto::Row(row) => Onto::Row(&row[columns.clone()]),
                    other => other,
                };
                while i < a.rows {
                    let rows = height(a.rows - i);
                    let (left, steps) = match tiles.is_empty() {
                        true => (&a.data[i * a.row_stride..], (a.row_stride, 1)),
                        false => (&tiles[i * k..], (1, rows)),
                    };
                    let out = &mut out[(first + i) * stride + columns.start..];
                    let width = columns.len();
                    match rows {
                        6 => put(tile::<6>(left, steps, panel, LANES, k), out, stride, width, onto),
                        4 => put(tile::<4>(left, steps, panel, LANES, k), out, stride, width, onto),
                        3 => put(tile::<3>(left, steps, panel, LANES, k), out, stride, width, onto),
                        2 => put(tile::<2>(left, steps, panel, LANES, k), out, stride, width, onto),
                        _ => put(tile::<1>(left, steps, panel, LANES, k), out, stride, width, onto),
                    }
                    i += rows;
                }
            }
        }
    }
}

/// Writes a tile, or of one at the edge the first `width` columns.
#[inline(always)]
fn put<const R: usize>(
    sums: [Lanes; R],
    out: &mut [f32],
    stride: usize,
    width: usize,
    onto: Onto<'_>,
) {
    let whole = width == LANES;
    match onto {
        Onto::Nothing if whole => each(sums, out, stride, |out, sum| *out = *sum),
        Onto::Itself if whole => each(sums, out, stride, |out, sum| {
            (0..LANES).for_each(|l| out[l] += sum[l]);
        }),
        Onto::Row(row) if whole => {
            let row: &Lanes = row.first_chunk().expect("16 columns");
            each(sums, out, stride, |out, sum| (0..LANES).for_each(|l| out[l] = row[l] + sum[l]));
        }
        _ => edge(sums.as_flattened(), out, stride, width, onto),
    }
}

#[inline(always)]
fn each<const R: usize>(
    sums: [Lanes; R],
    out: &mut [f32],
    stride: usize,
    set: impl Fn(&mut Lanes, &Lanes),
) {
    for (r, sum) in sums.iter().enumerate() {
        set(out[r * stride..].first_chunk_mut().expect("16 columns"), sum);
    }
}

#[inline(never)]
fn edge(sums: &[f32], out: &mut [f32], stride: usize, width: usize, onto: Onto<'_>) {
    for (row, sums) in out.chunks_mut(stride).zip(sums.chunks_exact(LANES)) {
        for (l, (out, sum)) in row[..width].iter_mut().zip(sums).enumerate() {
            *out = match onto {
                Onto::Nothing => *sum,
                Onto::Itself => *out + sum,
                Onto::Row(row) => row[l] + sum,
            };
        }
    }
}
