//! AdamW: gradient descent with a step of its own for every number, and decay apart from the gradient.
//!
//! At step k: p ← p·(1 − rate·decay), m ← β₁m + (1 − β₁)g, v ← β₂v + (1 − β₂)g²,
//! p ← p − rate·(m/(1 − β₁ᵏ)) / (√(v/(1 − β₂ᵏ)) + ε), ε = 10⁻⁸. Only matrices decay. Moments are kept
//! in the order of the parameters' names.
//! Source: Loshchilov & Hutter 2019 (arXiv 1711.05101).

use super::Error;
use super::ops::{contiguous, view};
use super::parameters::{Parameters, Part, Variable};
use super::simd::{self, dispatch};
use candle_core::backprop::GradStore;
use candle_core::{CpuStorage, InplaceOp2, Layout, Result, Tensor};
use std::collections::BTreeMap;
use std::sync::Mutex;

const EPSILON: f32 = 1e-8;

/// Everything but the state.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    pub beta1: f64,
    pub beta2: f64,
    pub decay: f64,
}

/// The optimiser and its memory.
pub struct Adam {
    rule: Rule,
    steps: i32,
    moments: BTreeMap<String, Mutex<Moments>>,
}

#[derive(Default)]
struct Moments {
    first: Vec<f32>,
    second: Vec<f32>,
}

/// The numbers of one step.
#[derive(Clone, Copy)]
struct Step {
    /// By which the gradient is multiplied.
    scale: f32,
    /// 1 − rate·decay, for matrices.
    keep: f32,
    beta1: f32,
    beta2: f32,
    /// rate / (1 − β₁ᵏ).
    rate: f32,
    /// 1 / √(1 − β₂ᵏ).
    root: f32,
}

impl Adam {
    pub fn new(rule: Rule) -> Self {
        Adam { rule, steps: 0, moments: BTreeMap::new() }
    }

    /// Moves every parameter that has a gradient, the gradient first multiplied by `scale`.
    pub fn step(
        &mut self,
        parameters: &Parameters,
        gradients: &GradStore,
        rate: f64,
        scale: f64,
    ) -> std::result::Result<(), Error> {
        self.steps += 1;
        let Rule { beta1, beta2, decay } = self.rule;
        let step = Step {
            scale: scale as f32,
            keep: (1.0 - rate * decay) as f32,
            beta1: beta1 as f32,
            beta2: beta2 as f32,
            rate: (rate / (1.0 - beta1.powi(self.steps))) as f32,
            root: (1.0 / (1.0 - beta2.powi(self.steps)).sqrt()) as f32,
        };
        for (name, Variable { var, parts }) in parameters.variables() {
            let Some(gradient) = gradients.get(var) else { continue };
            let moments = self.moments.entry(name.clone()).or_default();
            update(var, gradient, &Update { step, parts, moments })?;
        }
        Ok(())
    }
}

/// In place on the CPU; by way of the host elsewhere.
fn update(var: &candle_core::Var, gradient: &Tensor, update: &Update<'_>) -> Result<()> {
    if var.device().is_cpu() {
        return var.inplace_op2(&gradient.contiguous()?, update);
    }
    let mut values = var.flatten_all()?.to_vec1::<f32>()?;
    update.apply(&mut values, &gradient.flatten_all()?.to_vec1::<f32>()?)?;
    var.set(&Tensor::from_vec(values, var.shape(), var.device())?)
}

struct Update<'a> {
    step: Step,
    parts: &'a [Part],
    moments: &'a Mutex<Moments>,
}

impl Update<'_> {
    fn apply(&self, values: &mut [f32], gradient: &[f32]) -> Result<()> {
        let poisoned = |_| candle_core::Error::Msg("moments of a step that failed".into());
        let mut moments = self.moments.lock().map_err(poisoned)?;
        let Moments { first, second } = &mut *moments;
        first.resize(values.len(), 0.0);
        second.resize(values.len(), 0.0);
        for Part { shape, place, .. } in self.parts {
            let keep = if shape.len() > 1 { self.step.keep } else { 1.0 };
            let at = || place.clone();
            let (values, gradient) = (&mut values[at()], &gradient[at()]);
            let (first, second) = (&mut first[at()], &mut second[at()]);
            descend(values, gradient, first, second, Step { keep, ..self.step });
        }
        Ok(())
    }
}

impl InplaceOp2 for Update<'_> {
    fn name(&self) -> &'static str {
        "adam"
    }

    fn cpu_fwd(
        &self,
        values: &mut CpuStorage,
        layout: &Layout,
        gradient: &CpuStorage,
        gradient_layout: &Layout,
    ) -> Result<()> {
        let gradient = contiguous(gradient, gradient_layout)?;
        let start = layout.start_offset();
        match values {
            CpuStorage::F32(values) => {
                self.apply(&mut values[start..start + layout.shape().elem_count()], gradient)
            }
            _ => candle_core::bail!("parameters are f32"),
        }
    }
}

dispatch! {
    fn descend(p: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32], step: Step) {
        let n = p.len();
        let (g, m, v) = (&g[..n], &mut m[..n], &mut v[..n]);
        let (other1, other2) = (1.0 - step.beta1, 1.0 - step.beta2);
        for i in 0..n {
            let g = g[i] * step.scale;
            m[i] = step.beta1.mul_add(m[i], other1 * g);
            v[i] = step.beta2.mul_add(v[i], other2 * g * g);
            let size = v[i].sqrt().mul_add(step.root, EPSILON);
            p[i] = (-step.rate).mul_add(m[i] / size, p[i] * step.keep);
        }
    }
}

/// √(Σ g²) over all parameters.
pub fn norm(parameters: &Parameters, gradients: &GradStore) -> std::result::Result<f64, Error> {
    let mut total = 0.0;
    for Variable { var, parts } in parameters.variables().values() {
        let Some(gradient) = gradients.get(var) else { continue };
        let gradient = gradient.contiguous()?;
        if !gradient.device().is_cpu() {
            total += f64::from(gradient.sqr()?.sum_all()?.to_scalar::<f32>()?);
            continue;
        }
        let view = view(&gradient);
        for part in parts {
            total += square(&view.data()?[part.place.clone()]);
        }
    }
    Ok(total.sqrt())
}

/// Σ x², in pieces that keep f32 exact enough.
fn square(x: &[f32]) -> f64 {
    x.chunks(4096).map(|piece| f64::from(square_of(piece))).sum()
}

dispatch! {
    fn square_of(x: &[f32]) -> f32 {
        simd::sum(x.len(), |i| x[i] * x[i])
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::neural::weights::{Array, Weights};
    use candle_core::Device;

    fn start() -> Parameters {
        let array = Array { shape: vec![1, 2], data: vec![1.0, -2.0] };
        let weights = Weights::from_iter([("w".to_owned(), array)]);
        Parameters::from_weights(&weights, |name| name, &Device::Cpu).expect("parameters")
    }

    /// The loss 3a + b² of w = (a, b).
    fn gradients(parameters: &Parameters) -> GradStore {
        let w = parameters.get("w").expect("w");
        let (a, b) = (w.narrow(1, 0, 1).expect("a"), w.narrow(1, 1, 1).expect("b"));
        let loss = ((a * 3.0).expect("3a") + b.sqr().expect("b²")).expect("a sum");
        loss.sum_all().and_then(|loss| loss.backward()).expect("gradients")
    }

    #[test]
    fn three_steps_follow_the_formula() {
        let parameters = start();
        let mut adam = Adam::new(Rule { beta1: 0.9, beta2: 0.99, decay: 0.1 });
        let (mut p, mut m, mut v) = ([1.0f64, -2.0], [0.0f64; 2], [0.0f64; 2]);
        for k in 1..=3 {
            let store = gradients(&parameters);
            let g = [3.0, 2.0 * p[1]];
            let length = (g[0] * g[0] + g[1] * g[1]).sqrt();
            assert!((norm(&parameters, &store).expect("a norm") - length).abs() < 1e-5);
            adam.step(&parameters, &store, 0.05, 0.5).expect("a step");
            for i in 0..2 {
                let g = g[i] * 0.5;
                m[i] = 0.9 * m[i] + 0.1 * g;
                v[i] = 0.99 * v[i] + 0.01 * g * g;
                let (m, v) = (m[i] / (1.0 - 0.9f64.powi(k)), v[i] / (1.0 - 0.99f64.powi(k)));
                p[i] = p[i] * (1.0 - 0.05 * 0.1) - 0.05 * m / (v.sqrt() + 1e-8);
            }
        }
        let weights = parameters.weights().expect("numbers");
        for (got, expected) in weights.get("w").iter().zip(p) {
            assert!((f64::from(*got) - expected).abs() < 1e-5, "{got}, {expected}");
        }
    }
}
