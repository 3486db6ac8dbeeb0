//! The kernels of one head: its numbers are copied into padded blocks, so that tiles need no rest.
//!
//! Lengths are rounded up to 16 columns and heads to 16 numbers; what is added is zero. Tiles that lie
//! wholly above the diagonal are skipped.

use super::Form;
use crate::model::neural::buffer::Buffer;
use crate::model::neural::ops::tile::{ROWS, store, tile};
use crate::model::neural::simd::{self, LANES, dispatch};

/// T and D, and both rounded up.
#[derive(Clone, Copy)]
struct Size {
    t: usize,
    d: usize,
    wide_t: usize,
    wide_d: usize,
}

impl Size {
    fn of(form: &Form) -> Self {
        let (t, d) = (form.length, form.dimension());
        Size { t, d, wide_t: t.next_multiple_of(LANES), wide_d: d.next_multiple_of(LANES) }
    }

    /// The columns that rows from `first` on can see, rounded up.
    #[inline(always)]
    fn seen(self, first: usize) -> usize {
        (first + ROWS).next_multiple_of(LANES).min(self.wide_t)
    }

    fn rows(self) -> Vec<f32> {
        vec![0.0; self.wide_t * self.wide_d]
    }
}

/// Which of the three parts of `qkv` a block is made of, and how.
#[derive(Clone, Copy)]
struct Part {
    offset: usize,
    stride: usize,
    scale: f32,
    turns: bool,
}

fn parts(form: &Form, sample: usize, head: usize) -> [Part; 3] {
    let (c, d) = (form.width, form.dimension());
    let start = sample * form.length * 3 * c + head * d;
    let part = |k: usize, scale, turns| Part { offset: start + k * c, stride: 3 * c, scale, turns };
    let turns = form.rotation.is_some();
    [part(0, 1.0 / (d as f32).sqrt(), turns), part(1, 1.0, turns), part(2, 1.0, false)]
}

/// Copies a part into rows of a block, turned and scaled.
fn pack(from: &[f32], part: Part, form: &Form, size: Size, block: &mut [f32]) {
    let Some(rotation) = form.rotation.as_ref().filter(|_| part.turns) else {
        return copy(&from[part.offset..], part.stride, size, part.scale, block, size.wide_d);
    };
    copy(&from[part.offset..], part.stride, size, 1.0, block, size.wide_d);
    for (t, row) in block.chunks_exact_mut(size.wide_d).take(size.t).enumerate() {
        let row = &mut row[..size.d];
        rotation.turn(row, t, false);
        row.iter_mut().for_each(|x| *x *= part.scale);
    }
}

/// Copies rows of a block back to where its part lies, undoing turn and scale as a gradient does.
fn unpack(block: &mut [f32], part: Part, form: &Form, size: Size, to: &mut [f32]) {
    if let Some(rotation) = form.rotation.as_ref().filter(|_| part.turns) {
        for (t, row) in block.chunks_exact_mut(size.wide_d).take(size.t).enumerate() {
            rotation.turn(&mut row[..size.d], t, true);
        }
    }
    copy(block, size.wide_d, size, part.scale, &mut to[part.offset..], part.stride);
}

dispatch! {
    /// T rows of D numbers that start `from_stride` apart become rows that start `to_stride` apart.
    fn copy(
        from: &[f32], from_stride: usize, size: Size, scale: f32, to: &mut [f32], to_stride: usize,
    ) {
        for t in 0..size.t {
            let from = &from[t * from_stride..][..size.d];
            let to = &mut to[t * to_stride..][..size.d];
            for (to, from) in to.iter_mut().zip(from) {
                *to = from * scale;
            }
        }
    }
}

/// A block of rows with rows and columns exchanged: wide_d × wide_t.
fn transpose(block: &[f32], size: Size, out: &mut [f32]) {
    for (t, row) in block.chunks_exact(size.wide_d).enumerate() {
        for (d, x) in row.iter().enumerate() {
            out[d * size.wide_t + t] = *x;
        }
    }
}

/// Attention of every head; returns P, wide_t × wide_t a head, of which only what the backward pass
/// looks at is written.
pub fn forward(qkv: &[f32], form: &Form, out: &mut [f32]) -> Buffer {
    let size = Size::of(form);
    let square = size.wide_t * size.wide_t;
    let mut probabilities = Buffer::new(form.batch * form.heads * square);
    let [mut q, mut k, mut turned, mut v, mut o] = std::array::from_fn(|_| size.rows());
    for (at, p) in probabilities.chunks_exact_mut(square.max(1)).enumerate() {
        let (sample, head) = (at / form.heads, at % form.heads);
        let [query, key, value] = parts(form, sample, head);
        pack(qkv, query, form, size, &mut q);
        pack(qkv, key, form, size, &mut k);
        pack(qkv, value, form, size, &mut v);
        transpose(&k, size, &mut turned);
        forward_head(&q, &turned, &v, size, p, &mut o);
        let offset = sample * form.length * form.width + head * size.d;
        let place = Part { offset, stride: form.width, scale: 1.0, turns: false };
        unpack(&mut o, place, form, size, out);
    }
    probabilities
}

dispatch! {
    fn forward_head(q: &[f32], k: &[f32], v: &[f32], size: Size, p: &mut [f32], o: &mut [f32]) {
        let Size { t, d, wide_t, wide_d } = size;
        for first in (0..t).step_by(ROWS) {
            let seen = size.seen(first);
            for c in (0..seen).step_by(LANES) {
                let scores = tile::<ROWS>(&q[first * wide_d..], (wide_d, 1), &k[c..], wide_t, d);
                store(scores, &mut p[first * wide_t + c..], wide_t);
            }
            for i in first..first + ROWS {
                softmax(&mut p[i * wide_t..][..seen], i + 1);
            }
            for c in (0..wide_d).step_by(LANES) {
                let rows = &p[first * wide_t..];
                let sums = tile::<ROWS>(rows, (wide_t, 1), &v[c..], wide_d, first + ROWS);
                store(sums, &mut o[first * wide_d + c..], wide_d);
            }
        }
    }
}

/// The softmax of the first `n` scores; the others become zero.
#[inline(always)]
fn softmax(row: &mut [f32], n: usize) {
    let most = simd::maximum(&row[..n]);
    row.iter_mut().for_each(|x| *x = simd::exp(*x - most));
    row[n..].fill(0.0);
    let scale = 1.0 / simd::sum(row.len(), |i| row[i]);
    row.iter_mut().for_each(|x| *x *= scale);
}

/// The gradient of `qkv` from that of the result.
pub fn backward(qkv: &[f32], gradient: &[f32], p: &[f32], form: &Form, dqkv: &mut [f32]) {
    let size = Size::of(form);
    let square = size.wide_t * size.wide_t;
    let [mut q, mut k, mut v, mut turned, mut g] = std::array::from_fn(|_| size.rows());
    let [mut dq, mut dk, mut dv] = std::array::from_fn(|_| size.rows());
    let mut ds = vec![0.0; square];
    for (at, p) in p.chunks_exact(square.max(1)).enumerate() {
        let (sample, head) = (at / form.heads, at % form.heads);
        let parts = parts(form, sample, head);
        pack(qkv, parts[0], form, size, &mut q);
        pack(qkv, parts[1], form, size, &mut k);
        pack(qkv, parts[2], form, size, &mut v);
        transpose(&v, size, &mut turned);
        let offset = sample * form.length * form.width + head * size.d;
        let place = Part { offset, stride: form.width, scale: 1.0, turns: false };
        pack(gradient, place, form, size, &mut g);
        score_gradients(&g, &turned, &k, p, size, &mut ds, &mut dq);
        transposed_products(p, &g, size, &mut dv);
        transposed_products(&ds, &q, size, &mut dk);
        unpack(&mut dq, parts[0], form, size, dqkv);
        // The scale of 1/√D is in q already.
        unpack(&mut dk, parts[1], form, size, dqkv);
        unpack(&mut dv, parts[2], form, size, dqkv);
    }
}

dispatch! {
    /// ∂S from ∂P = G·Vᵀ, and ∂Q = ∂S·K.
    fn score_gradients(
        g: &[f32], v: &[f32], k: &[f32], p: &[f32], size: Size, ds: &mut [f32], dq: &mut [f32],
    ) {
        let Size { t, d, wide_t, wide_d } = size;
        for first in (0..t).step_by(ROWS) {
            let seen = size.seen(first);
            for c in (0..seen).step_by(LANES) {
                let dp = tile::<ROWS>(&g[first * wide_d..], (wide_d, 1), &v[c..], wide_t, d);
                store(dp, &mut ds[first * wide_t + c..], wide_t);
            }
            for i in first..first + ROWS {
                let (p, ds) = (&p[i * wide_t..][..seen], &mut ds[i * wide_t..][..seen]);
                let dot = simd::sum(seen, |j| p[j] * ds[j]);
                ds.iter_mut().zip(p).for_each(|(ds, p)| *ds = p * (*ds - dot));
            }
            for c in (0..wide_d).step_by(LANES) {
                let rows = &ds[first * wide_t..];
                let sums = tile::<ROWS>(rows, (wide_t, 1), &k[c..], wide_d, first + ROWS);
                store(sums, &mut dq[first * wide_d + c..], wide_d);
            }
        }
    }
}

dispatch! {
    /// out = Mᵀ·B for a lower triangular M: column j meets the rows from j on.
    fn transposed_products(m: &[f32], b: &[f32], size: Size, out: &mut [f32]) {
        let Size { t, wide_t, wide_d, .. } = size;
        for first in (0..t).step_by(ROWS) {
            let steps = t.next_multiple_of(ROWS) - first;
            for c in (0..wide_d).step_by(LANES) {
                let columns = &m[first * wide_t + first..];
                let rows = &b[first * wide_d + c..];
                let sums = tile::<ROWS>(columns, (1, wide_t), rows, wide_d, steps);
                store(sums, &mut out[first * wide_d + c..], wide_d);
            }
        }
    }
}
