//! One curator at work, for the tests of this module.

use super::{Curation, CurationBench};
use crate::distribution::Distribution;
use crate::numeric::memo::Memo;
use crate::samples::Samples;
use crate::stream::{Role, stream};
use std::cell::Cell;

/// Where a curator is put: the world is the model, unless it is told otherwise.
pub struct Place<'a, S> {
    pub world: &'a dyn Distribution<S>,
    pub model: &'a dyn Distribution<S>,
    pub founders: S,
    pub earlier: Vec<S>,
    pub trial: u32,
}

impl<'a, S: Samples> Place<'a, S> {
    pub fn new(model: &'a dyn Distribution<S>, founders: S) -> Self {
        Place { world: model, model, founders, earlier: Vec::new(), trial: 0 }
    }

    /// What survives, and how often the world was asked.
    pub fn curate(&self, curator: &dyn Curation<S>, offered: S) -> (S, u64) {
        let (memo, oracle) = (Memo::default(), Cell::new(0));
        let bench = CurationBench {
            world: self.world,
            model: self.model,
            founders: &self.founders,
            earlier: &self.earlier,
            memo: &memo,
            oracle: &oracle,
        };
        let mut rng = stream(1, self.trial, 1, Role::curate("check", 0));
        (curator.curate(offered, &bench, &mut rng), oracle.get())
    }
}
