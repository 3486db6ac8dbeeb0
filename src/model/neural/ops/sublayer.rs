//! y = x + mask∘out(f(in(norm x))): what one half of a transformer's layer does to the sum of all.
//!
//! x and y are batch × T × C; norm is the layer norm, in and out are linear with a bias, and f is GELU
//! (C → 4C → C) or attention over queries, keys and values (C → 3C, and C → C). The mask is that of
//! dropout. All parameters lie in one tensor, in the order of their names: `in.bias`, `in.weight`,
//! `norm.scale`, `norm.shift`, `out.bias`, `out.weight`. One operation, because candle starts every
//! gradient of the graph as zeros and adds to it, which here only the sum has need of.

use super::attention::{self, Form};
use super::rotary::Rotation;
use super::{add, contiguous, is_fused, layer_norm, linear, saved, scale, view};
use crate::model::neural::buffer::Buffer;
use crate::model::neural::plain::{Affine, Norm};
use crate::model::neural::weights::Weights;
use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};
use std::sync::{Arc, OnceLock};

/// f, between the two linear maps.
#[derive(Clone, Debug)]
pub enum Middle {
    Gelu,
    Attention { heads: usize, rotation: Option<Arc<Rotation>> },
}

impl Middle {
    /// What `in` gives and what `out` takes, for a width of C.
    fn widths(&self, c: usize) -> (usize, usize) {
        match self {
            Middle::Gelu => (4 * c, 4 * c),
            Middle::Attention { .. } => (3 * c, c),
        }
    }

    /// The lengths of all parameters.
    fn lengths(&self, c: usize) -> [usize; 6] {
        let (wide, inner) = self.widths(c);
        [wide, c * wide, c, c, c, inner * c]
    }

    fn form(&self, (batch, length, width): (usize, usize, usize)) -> Option<Form> {
        let Middle::Attention { heads, rotation } = self else { return None };
        Some(Form { batch, length, width, heads: *heads, rotation: rotation.clone() })
    }
}

/// The parameters of one half of a layer.
#[derive(Clone, Copy)]
pub struct Sublayer<'a> {
    pub norm: Norm<'a>,
    pub inward: Affine<'a>,
    pub outward: Affine<'a>,
}

impl<'a> Sublayer<'a> {
    /// The parameters whose names begin with `part`.
    pub fn of(weights: &'a Weights, part: &str) -> Self {
        Sublayer {
            norm: Norm::of(weights, &format!("{part}.norm")),
            inward: Affine::of(weights, &format!("{part}.in")),
            outward: Affine::of(weights, &format!("{part}.out")),
        }
    }

    fn cut(mut row: &'a [f32], lengths: [usize; 6]) -> Self {
        let parts = lengths.map(|n| {
            let (part, rest) = row.split_at(n);
            row = rest;
            part
        });
        let [in_bias, in_weight, scale, shift, out_bias, out_weight] = parts;
        Sublayer {
            norm: Norm { scale, shift },
            inward: Affine { weight: in_weight, bias: in_bias },
            outward: Affine { weight: out_weight, bias: out_bias },
        }
    }
}

/// x and what is added to it; `parameters` as one row.
pub fn sublayer(
    x: &Tensor,
    parameters: &Tensor,
    middle: &Middle,
    mask: Option<Vec<f32>>,
) -> Result<Tensor> {
    if !is_fused(x) {
        return composite(x, parameters, middle, mask);
    }
    x.apply_op2(parameters, Fused { middle: middle.clone(), mask, kept: OnceLock::new() })
}

pub fn composite(
    x: &Tensor,
    parameters: &Tensor,
    middle: &Middle,
    mask: Option<Vec<f32>>,
) -> Result<Tensor> {
    let dims = x.dims3()?;
    let (wide, inner) = middle.widths(dims.2);
    let mut first = 0;
    let parts = middle.lengths(dims.2).map(|n| {
        first += n;
        parameters.narrow(0, first - n, n)
    });
    let [in_bias, in_weight, scale, shift, out_bias, out_weight] = parts;
    let normed = layer_norm::composite(x, &scale?, &shift?)?;
    let in_weight = in_weight?.reshape((dims.2, wide))?;
    let entered = linear::composite(&normed, &in_weight, &in_bias?)?;
    let left = match middle.form(dims) {
        None => entered.gelu()?,
        Some(form) => attention::composite(&entered, &form)?,
    };
    let y = linear::composite(&left, &out_weight?.reshape((inner, dims.2))?, &out_bias?)?;
    match mask {
        Some(mask) => {
            let mask = Tensor::from_vec(mask, x.shape(), x.device())?.to_dtype(x.dtype())?;
            x + y.mul(&mask)?
        }
        None => x + y,
    }
}

struct Fused {
    middle: Middle,
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

impl Fused {
    fn forward(&self, x: &[f32], dims: (usize, usize, usize), parts: Sublayer<'_>) -> Vec<f32> {
        let rows = dims.0 * dims.1;
        let (normed, statistics) = parts.norm.apply(x);
        let mut entered = parts.inward.apply(&normed, rows);
        let (entered, left, inside) = match self.middle.form(dims) {
            None => {
                let mut derivative = Buffer::new(entered.len());
                linear::gelu(&mut entered, &mut derivative);
                (Buffer::default(), entered, derivative)
            }
            Some(form) => {
                let mut left = Buffer::new(x.len());
                let inside = attention::forward(&entered, &form, &mut left);
                (entered, left, inside)
            }
        };
        let mut y = vec![0.0; x.len()];
        parts.outward.apply_to(&left, rows, &mut y);
        if let Some(mask) = &self.mask {
            scale(&mut y, mask);
        }
        add(&mut y, x);
        let _ = self.kept.set(Kept { rows: statistics, normed, entered, left, inside });
        y
    }

    /// The gradients of x and of the parameters.
    fn backward(
        &self,
        x: &[f32],
        dims: (usize, usize, usize),
        parts: Sublayer<'_>,
        gradient: &[f32],
    ) -> Result<(Vec<f32>, Vec<f32>)> {
        let rows = dims.0 * dims.1;
        let Kept { rows: statistics, normed, entered, left, inside } = saved(&self.kept)?;
        let lengths = self.middle.lengths(dims.2);
        let mut all = vec![0.0; lengths.iter().sum()];
        let mut rest = all.as_mut_slice();
        let parameters = lengths.map(|n| {
            let (part, after) = std::mem::take(&mut rest).split_at_mut(n);
            rest = after;
            part
        });
        let [in_bias, in_weight, norm_scale, norm_shift, out_bias, out_weight] = parameters;
        let masked = self.mask.as_ref().map(|mask| {
            let mut masked = Buffer::copied(gradient);
            scale(&mut masked, mask);
            masked
        });
        let outer = masked.as_deref().unwrap_or(gradient);
        let mut inner = parts.outward.back(left, outer, rows, out_weight, out_bias);
        let inner = match self.middle.form(dims) {
            None => {
                scale(&mut inner, inside);
                inner
            }
            Some(form) => {
                let mut before = Buffer::new(entered.len());
                attention::backward(entered, &inner, inside, &form, &mut before);
                before
            }
        };
        let inner = parts.inward.back(normed, &inner, rows, in_weight, in_bias);
        let mut dx = gradient.to_vec();
        let gamma = parts.norm.scale;
        layer_norm::backward(x, gamma, statistics, &inner, &mut dx, norm_scale, norm_shift);
        Ok((dx, all))
    }
}

impl CustomOp2 for Fused {
    fn name(&self) -> &'static str {
        "sublayer"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        parameters: &CpuStorage,
        parameters_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let dims = x_layout.shape().dims3()?;
        let row = contiguous(parameters, parameters_layout)?;
        let lengths = self.middle.lengths(dims.2);
        if row.len() != lengths.iter().sum::<usize>() {
            candle_core::bail!("{} parameters for a width of {}", row.len(), dims.2);
        }
        let y = self.forward(contiguous(x, x_layout)?, dims, Sublayer::cut(row, lengths));
        Ok((CpuStorage::F32(y), x_layout.shape().clone()))
    }

    fn bwd(
        &self,
        x: &Tensor,
        parameters: &Tensor,
        _y: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>)> {
        let (gradient, dims) = (gradient.contiguous()?, x.dims3()?);
        let (x_view, row, gradient) = (view(x), view(parameters), view(&gradient));
        let parts = Sublayer::cut(row.data()?, self.middle.lengths(dims.2));
        let (dx, all) = self.backward(x_view.data()?, dims, parts, gradient.data()?)?;
        let dx = Tensor::from_vec(dx, x.shape(), x.device())?;
        Ok((Some(dx), Some(Tensor::from_vec(all, parameters.shape(), parameters.device())?)))
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::gradients;
    use super::*;

    fn check(middle: &Middle, batch: usize, length: usize, width: usize, mask: Option<Vec<f32>>) {
        let parameters = middle.lengths(width).iter().sum();
        gradients(
            &[&[batch, length, width], &[parameters]],
            |t| sublayer(&t[0], &t[1], middle, mask.clone()),
            |t| composite(&t[0], &t[1], middle, mask.clone()),
        );
    }

    fn attention(length: usize, width: usize, heads: usize, rotary: bool) -> Middle {
        let rotation = rotary.then(|| Arc::new(Rotation::new(length, width / heads)));
        Middle::Attention { heads, rotation }
    }

    #[test]
    fn gradients_of_the_half_with_gelu() {
        check(&Middle::Gelu, 2, 3, 5, None);
    }

    #[test]
    fn gradients_of_the_half_with_attention_for_lengths_and_heads_of_any_size() {
        for (batch, length, width, heads) in [(2, 5, 6, 3), (1, 18, 8, 2), (1, 1, 4, 1)] {
            check(&attention(length, width, heads, false), batch, length, width, None);
        }
    }

    #[test]
    fn gradients_with_rotary_positions_and_under_dropout() {
        check(&attention(6, 8, 2, true), 2, 6, 8, None);
        let mask = (0..60).map(|k| if k % 3 == 0 { 0.0 } else { 1.5 }).collect();
        check(&Middle::Gelu, 2, 5, 6, Some(mask));
    }

    #[test]
    fn parameters_of_another_width_are_an_error() {
        let zeros = |shape: &[usize]| {
            Tensor::zeros(shape, candle_core::DType::F32, &candle_core::Device::Cpu).expect("zeros")
        };
        assert!(sublayer(&zeros(&[1, 2, 4]), &zeros(&[7]), &Middle::Gelu, None).is_err());
    }
}
