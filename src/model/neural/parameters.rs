//! The parameters of a network by name, and how they start.

use super::Error;
use super::weights::{Array, Weights};
use crate::stream::Stream;
use candle_core::{Device, Tensor, Var};
use rand::RngExt;
use rand_distr::{Distribution, Normal};
use std::collections::BTreeMap;
use std::ops::Range;

/// One parameter before it has a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Specification {
    pub name: String,
    pub shape: Vec<usize>,
    pub start: Start,
    /// Rows and columns beyond these only fill up, and are zero for ever.
    pub used: [usize; 2],
}

/// How a parameter starts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Start {
    Constant(f32),
    /// N(0, deviation²).
    Normal(f64),
    /// Uniform between −bound and bound.
    Uniform(f64),
}

impl Specification {
    pub fn new(name: impl Into<String>, shape: &[usize], start: Start) -> Self {
        let used = [shape.first().copied().unwrap_or(1), shape.get(1).copied().unwrap_or(1)];
        Specification { name: name.into(), shape: shape.to_vec(), start, used }
    }

    /// The same, of which only so many rows and columns are used.
    pub fn using(self, rows: usize, columns: usize) -> Self {
        Specification { used: [rows, columns], ..self }
    }

    fn draw(&self, rng: &mut Stream) -> Vec<f32> {
        let columns = self.shape.get(1).copied().unwrap_or(1);
        let normal = match self.start {
            Start::Normal(deviation) => Normal::new(0.0, deviation).ok(),
            _ => None,
        };
        let mut element = |k: usize| {
            if k / columns >= self.used[0] || k % columns >= self.used[1] {
                return 0.0;
            }
            match (self.start, normal) {
                (Start::Constant(value), _) => value,
                (Start::Uniform(bound), _) => (bound * (2.0 * rng.random::<f64>() - 1.0)) as f32,
                (Start::Normal(_), Some(normal)) => normal.sample(rng) as f32,
                (Start::Normal(_), None) => 0.0,
            }
        };
        (0..self.shape.iter().product()).map(&mut element).collect()
    }
}

/// The trainable parameters of one network, in the order of their names.
///
/// Parameters that one operation takes together lie in one variable, one after the other.
pub struct Parameters {
    variables: BTreeMap<String, Variable>,
    device: Device,
}

/// What candle sees: one parameter with its shape, or several in one row.
pub struct Variable {
    pub var: Var,
    pub parts: Vec<Part>,
}

/// One parameter's place in its variable.
pub struct Part {
    pub name: String,
    pub shape: Vec<usize>,
    pub place: Range<usize>,
}

impl Variable {
    fn new(arrays: &[(&String, &Array)], device: &Device) -> candle_core::Result<Self> {
        let (mut parts, mut data) = (Vec::with_capacity(arrays.len()), Vec::new());
        for (name, array) in arrays {
            let place = data.len()..data.len() + array.data.len();
            data.extend_from_slice(&array.data);
            parts.push(Part { name: (*name).clone(), shape: array.shape.clone(), place });
        }
        let shape = match parts.as_slice() {
            [one] => one.shape.clone(),
            _ => vec![data.len()],
        };
        Ok(Variable { var: Var::from_tensor(&Tensor::from_vec(data, shape, device)?)?, parts })
    }
}

impl Parameters {
    /// Fresh ones, drawn in the order of their names.
    pub fn initial(mut all: Vec<Specification>, rng: &mut Stream) -> Weights {
        all.sort_by(|a, b| a.name.cmp(&b.name));
        let array = |one: &Specification, rng: &mut Stream| {
            (one.name.clone(), Array { shape: one.shape.clone(), data: one.draw(rng) })
        };
        all.iter().map(|one| array(one, rng)).collect()
    }

    /// Variables with these values; `variable` names the one that a parameter lies in.
    pub fn from_weights(
        weights: &Weights,
        variable: fn(&str) -> &str,
        device: &Device,
    ) -> Result<Self, Error> {
        let mut together: BTreeMap<&str, Vec<(&String, &Array)>> = BTreeMap::new();
        for one in weights.iter() {
            together.entry(variable(one.0)).or_default().push(one);
        }
        let mut variables = BTreeMap::new();
        for (name, arrays) in together {
            variables.insert(name.to_owned(), Variable::new(&arrays, device)?);
        }
        Ok(Parameters { variables, device: device.clone() })
    }

    /// The present values.
    pub fn weights(&self) -> Result<Weights, Error> {
        self.arrays(|var| Ok(var.as_tensor().clone()))
    }

    /// What a tensor of each variable's shape says of every parameter.
    pub fn arrays(
        &self,
        of: impl Fn(&Var) -> candle_core::Result<Tensor>,
    ) -> Result<Weights, Error> {
        let mut all = Vec::new();
        for Variable { var, parts } in self.variables.values() {
            let numbers = of(var)?.flatten_all()?.to_vec1::<f32>()?;
            for Part { name, shape, place } in parts {
                let data = numbers[place.clone()].to_vec();
                all.push((name.clone(), Array { shape: shape.clone(), data }));
            }
        }
        Ok(all.into_iter().collect())
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    pub fn variables(&self) -> &BTreeMap<String, Variable> {
        &self.variables
    }

    /// The variable of this name.
    pub fn get(&self, name: &str) -> candle_core::Result<&Tensor> {
        let missing = || candle_core::Error::Msg(format!("there is no variable `{name}`"));
        self.variables.get(name).map(|variable| variable.var.as_tensor()).ok_or_else(missing)
    }
}
