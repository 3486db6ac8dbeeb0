//! A place that a file names.

use crate::model::Misfit;
use crate::numeric::bounded::Finite;
use crate::samples::{PointShape, Points};
use ndarray::{Array1, Axis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// One number for all coordinates, or one for each; none: a place that follows from the data.
#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Centre(Vec<Finite>);

impl Centre {
    /// Whether it names a place in this space.
    pub fn check(&self, curator: &str, shape: &PointShape) -> Result<(), Misfit> {
        let (given, d) = (self.0.len(), shape.dimension);
        match given <= 1 || given == d {
            true => Ok(()),
            false => Err(Misfit {
                reason: format!(
                    "the centre of `{curator}` has {given} numbers, the points have {d}"
                ),
                help: match d {
                    1 => "give 1 number".into(),
                    _ => format!("give {d} numbers, or one for all coordinates"),
                },
            }),
        }
    }

    /// The place among d coordinates. `None` where none is named.
    pub fn named(&self, d: usize) -> Option<Array1<f64>> {
        match self.0.as_slice() {
            [] => None,
            [one] => Some(Array1::from_elem(d, one.get())),
            each => Some(each.iter().map(|x| x.get()).collect()),
        }
    }

    /// The place, or the mean of the founders.
    pub fn or_mean_of(&self, founders: &Points) -> Array1<f64> {
        let d = founders.dimension();
        let mean = || founders.values().mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(d));
        self.named(d).unwrap_or_else(mean)
    }
}
