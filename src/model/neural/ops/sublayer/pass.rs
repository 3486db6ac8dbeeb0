//! The fused passes, some samples at a time, so that the next product finds in the cache what the last
//! one left there.

use super::{Middle, Sublayer};
use crate::model::neural::buffer::Buffer;
use crate::model::neural::matrix;
use crate::model::neural::ops::{add, add_columns, attention, layer_norm, linear, saved, scale};
use crate::model::neural::plain::weight_gradient;
use crate::model::neural::simd::LANES;
use candle_core::Result;
use std::ops::Range;
use std::sync::OnceLock;

/// Rows that are worked on together, at least.
const ROWS: usize = 64;

/// batch, T and C.
type Dims = (usize, usize, usize);

pub struct Fused {
    pub(super) middle: Middle,
    mask: Option<Vec<f32>>,
    kept: OnceLock<Kept>,
}

/// What the backward pass needs of the forward pass.
struct Kept {
    /// Mean and inverse deviation of every row of x.
    rows: Vec<[f32; 2]>,
    normed: Buffer,
    /// What f took: only attention looks at it again.
    entered: Buffer,
    /// What f gave.
    left: Buffer,
    /// GELU′, or the attention that every place paid to every other.
    inside: Buffer,
}

/// The samples of a batch in parts. Where the library makes the products, it would pack the weights for
/// each part, and for narrow rows it may choose another order of sums.
fn parts((batch, length, width): Dims) -> impl Iterator<Item = Range<usize>> {
    let together = matrix::in_panels() && width >= LANES;
    let samples = if together { ROWS.div_ceil(length.max(1)) } else { batch };
    let count = (batch / samples.max(1)).max(1);
    (0..count).map(move |k| k * batch / count..(k + 1) * batch / count)
}

/// The numbers of these samples, `each` a sample.
fn of(samples: &Range<usize>, each: usize) -> Range<usize> {
    samples.start * each..samples.end * each
}

impl Fused {
    pub fn new(middle: Middle, mask: Option<Vec<f32>>) -> Self {
        Fused { middle, mask, kept: OnceLock::new() }
    }

    pub fn forward(&self, x: &[f32], dims: Dims, parameters: Sublayer<'_>) -> Vec<f32> {
        let (batch, length, c) = dims;
        let (wide, inner) = self.middle.widths(c);
        let weights = parameters.packed();
        let form = self.middle.form(dims);
        let inside_each = form.as_ref().map_or(length * wide, |form| form.kept());
        let mut rows = vec![[0.0; 2]; batch * length];
        let mut normed = Buffer::new(x.len());
        let mut entered = Buffer::new(form.as_ref().map_or(0, |_| batch * length * wide));
        let mut left = Buffer::new(batch * length * inner);
        let mut inside = Buffer::new(batch * inside_each);
        let mut y = vec![0.0; x.len()];
        for samples in parts(dims) {
            let at = of(&samples, length * c);
            let n = samples.len() * length;
            let (x, normed, y) = (&x[at.clone()], &mut normed[at.clone()], &mut y[at.clone()]);
            weights.norm.apply_to(x, normed, &mut rows[of(&samples, length)]);
            let left = &mut left[of(&samples, length * inner)];
            let inside = &mut inside[of(&samples, inside_each)];
            match self.middle.form((samples.len(), length, c)) {
                None => {
                    weights.inward.apply_to(normed, n, left);
                    linear::gelu(left, inside);
                }
                Some(form) => {
                    let entered = &mut entered[of(&samples, length * wide)];
                    weights.inward.apply_to(normed, n, entered);
                    attention::forward(entered, &form, inside, left);
                }
            }
            weights.outward.apply_to(left, n, y);
            if let Some(mask) = &self.mask {
                scale(y, &mask[at]);
            }
            add(y, x);
        }
        let _ = self.kept.set(Kept { rows, normed, entered, left, inside });
        y
    }

    /// The gradients of x and of the parameters.
    pub fn backward(
        &self,
        x: &[f32],
        dims: Dims,
        parameters: Sublayer<'_>,
        gradient: &[f32],
    ) -> Result<(Vec<f32>, Vec<f32>)> {
        let kept = saved(&self.kept)?;
        let lengths = self.middle.lengths(dims.2);
        let mut all = vec![0.0; lengths.iter().sum()];
        let mut rest = all.as_mut_slice();
        let gradients = lengths.map(|n| {
            let (part, after) = std::mem::take(&mut rest).split_at_mut(n);
            rest = after;
            part
        });
        let masked = self.mask.as_ref().map(|mask| {
            let mut masked = Buffer::copied(gradient);
            scale(&mut masked, mask);
            masked
        });
        let outer = masked.as_deref().unwrap_or(gradient);
        let mut dx = gradient.to_vec();
        self.backward_to(x, dims, parameters, outer, kept, &mut dx, gradients);
        Ok((dx, all))
    }

    /// Adds to the gradient of x, and writes those of the parameters, which are zero.
    #[expect(clippy::too_many_arguments, reason = "the passes of one operation")]
    fn backward_to(
        &self,
        x: &[f32],
        dims: Dims,
        parameters: Sublayer<'_>,
        outer: &[f32],
        kept: &Kept,
        dx: &mut [f32],
        [in_bias, in_weight, norm_scale, norm_shift, out_bias, out_weight]: [&mut [f32]; 6],
    ) {
        let (batch, length, c) = dims;
        let (wide, inner) = self.middle.widths(c);
        let (inward, outward) = (parameters.inward.packed_back(), parameters.outward.packed_back());
        let most = parts(dims).map(|samples| samples.len()).max().unwrap_or(0) * length;
        let [mut of_left, mut of_normed] = [Buffer::new(most * inner), Buffer::new(most * c)];
        let mut of_entered = Buffer::new(batch * length * wide);
        for samples in parts(dims) {
            let at = of(&samples, length * c);
            let n = samples.len() * length;
            let entering = of(&samples, length * wide);
            let (outer, before) = (&outer[at.clone()], &mut of_entered[entering.clone()]);
            let inside = &kept.inside[of(&samples, kept.inside.len() / batch)];
            match self.middle.form((samples.len(), length, c)) {
                None => {
                    outward.apply_to(outer, n, before);
                    scale(before, inside);
                }
                Some(form) => {
                    let of_left = &mut of_left[..n * inner];
                    outward.apply_to(outer, n, of_left);
                    attention::backward(&kept.entered[entering], of_left, inside, &form, before);
                }
            }
            add_columns(outer, out_bias);
            add_columns(before, in_bias);
            let of_normed = &mut of_normed[..n * c];
            inward.apply_to(before, n, of_normed);
            let (gamma, rows) = (parameters.norm.scale, &kept.rows[of(&samples, length)]);
            let (x, dx) = (&x[at.clone()], &mut dx[at]);
            layer_norm::backward(x, gamma, rows, of_normed, dx, norm_scale, norm_shift);
        }
        weight_gradient(&kept.left, outer, batch * length, out_weight);
        weight_gradient(&kept.normed, &of_entered, batch * length, in_weight);
    }
}
