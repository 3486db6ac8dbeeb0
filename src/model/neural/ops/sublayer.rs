//! y = x + mask∘out(f(in(norm x))): what one half of a transformer's layer does to the sum of all.
//!
//! x and y are batch × T × C; norm is the layer norm, in and out are linear with a bias, and f is GELU
//! (C → 4C → C) or attention over queries, keys and values (C → 3C, and C → C). The mask is that of
//! dropout. All parameters lie in one tensor, in the order of their names: `in.bias`, `in.weight`,
//! `norm.scale`, `norm.shift`, `out.bias`, `out.weight`. One operation, because candle starts every
//! gradient of the graph as zeros and adds to it, which here only the sum has need of.

mod pass;

use super::attention::{self, Form};
use super::rotary::Rotation;
use super::{contiguous, is_fused, layer_norm, linear, view};
use crate::model::neural::plain::{Affine, Norm, PackedAffine};
use crate::model::neural::weights::Weights;
use candle_core::{CpuStorage, CustomOp2, Layout, Result, Shape, Tensor};
use pass::Fused;
use std::sync::Arc;

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

    /// The same, for many products.
    pub fn packed(&self) -> PackedSublayer<'a> {
        let (inward, outward) = (self.inward.packed(), self.outward.packed());
        PackedSublayer { norm: self.norm, inward, outward }
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

/// [`Sublayer`], packed.
pub struct PackedSublayer<'a> {
    pub norm: Norm<'a>,
    pub inward: PackedAffine<'a>,
    pub outward: PackedAffine<'a>,
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
    x.apply_op2(parameters, Fused::new(middle.clone(), mask))
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
mod tests;
