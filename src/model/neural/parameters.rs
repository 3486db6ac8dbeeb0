//! The parameters of a network by name, and how they start.

use super::Error;
use super::weights::{Array, Weights};
use crate::stream::Stream;
use candle_core::{Device, Tensor, Var};
use rand::RngExt;
use rand_distr::{Distribution, Normal};
use std::collections::BTreeMap;

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
pub struct Parameters {
    variables: BTreeMap<String, Var>,
    device: Device,
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

    /// Variables with these values.
    pub fn from_weights(weights: &Weights, device: &Device) -> Result<Self, Error> {
        let mut variables = BTreeMap::new();
        for (name, array) in weights.iter() {
            let tensor = Tensor::from_slice(&array.data, array.shape.as_slice(), device)?;
            variables.insert(name.clone(), Var::from_tensor(&tensor)?);
        }
        Ok(Parameters { variables, device: device.clone() })
    }

    /// The present values.
    pub fn weights(&self) -> Result<Weights, Error> {
        let array = |(name, var): (&String, &Var)| {
            let data = var.flatten_all()?.to_vec1()?;
            Ok((name.clone(), Array { shape: var.dims().to_vec(), data }))
        };
        self.variables.iter().map(array).collect()
    }

    pub fn device(&self) -> &Device {
        &self.device
    }

    pub fn variables(&self) -> &BTreeMap<String, Var> {
        &self.variables
    }

    /// The parameter of this name.
    pub fn get(&self, name: &str) -> candle_core::Result<&Tensor> {
        let missing = || candle_core::Error::Msg(format!("there is no parameter `{name}`"));
        self.variables.get(name).map(|var| var.as_tensor()).ok_or_else(missing)
    }
}
