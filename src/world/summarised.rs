//! Worlds whose samples are known by their sufficient statistics.

use super::{World, WorldError};
use crate::distribution::{Distribution, Summarised, Types};
use crate::samples::{Counts, PointShape, Points, Scatter, TokenShape, Tokens};
use crate::theory::Setting;
use std::borrow::Cow;
use std::path::Path;

/// What the catalogue lists there has such a statistic.
fn unknown(law: &str) -> WorldError {
    let reason = format!("this world is not {law}: its statistics cannot be drawn at once");
    WorldError { key: None, reason, help: "draw samples: `samples = \"drawn\"`".into() }
}

impl<W: World<Points>> World<Scatter> for Summarised<W> {
    fn shape(&self, folder: &Path) -> Result<PointShape, WorldError> {
        let shape = self.0.shape(folder)?;
        match shape.labelled {
            false => Ok(shape),
            true => Err(WorldError {
                key: Some("labels"),
                reason: "the statistics of points say nothing of their labels".into(),
                help: "leave `labels` out, or draw samples: `samples = \"drawn\"`".into(),
            }),
        }
    }

    fn open(&self, folder: &Path) -> Result<Box<dyn Distribution<Scatter>>, WorldError> {
        let world = self.0.open(folder)?;
        let normals = world.normals().map(Cow::into_owned);
        Ok(Box::new(Summarised(normals.ok_or_else(|| unknown("a mixture of normals"))?)))
    }

    fn describe(&self, setting: &mut Setting) {
        self.0.describe(setting);
    }
}

impl<W: World<Tokens>> World<Counts> for Summarised<W> {
    fn shape(&self, folder: &Path) -> Result<TokenShape, WorldError> {
        self.0.shape(folder)
    }

    fn open(&self, folder: &Path) -> Result<Box<dyn Distribution<Counts>>, WorldError> {
        let world = self.0.open(folder)?;
        let law = world.types().filter(|law| law.complete);
        let types = law.and_then(|law| Types::new(law.probabilities, 1));
        Ok(Box::new(Summarised(types.ok_or_else(|| unknown("a law of single tokens"))?)))
    }

    fn describe(&self, setting: &mut Setting) {
        self.0.describe(setting);
    }
}
