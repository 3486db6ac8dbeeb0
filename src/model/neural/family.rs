//! A family of networks: what its hyperparameters must say, and the family that follows from it.

use super::{FittedLanguageModel, Network, Plan, fit, load, reserve};
use crate::model::{Bench, Family, FitError, Kin, Misfit};
use crate::samples::{TokenShape, Tokens, TrainingSet};
use crate::stream::Stream;

/// Hyperparameters of networks of one architecture.
pub trait LanguageFamily: Send + Sync {
    type Network: Network;

    /// The network for so many types, and sequences of this length.
    fn network(&self, types: usize, length: usize) -> Self::Network;

    /// How it is trained, where training starts, and how offspring are drawn.
    fn plan(&self) -> Plan<'_>;

    /// Whether there are networks of these sizes, for sequences of this length.
    fn check_sizes(&self, _length: usize) -> Result<(), Misfit> {
        Ok(())
    }
}

impl<F: LanguageFamily> Family for F {
    type Data = Tokens;
    type Model = FittedLanguageModel<F::Network>;

    fn fit(
        &self,
        data: &TrainingSet<'_, Tokens>,
        kin: Kin<'_, Self::Model>,
        bench: &Bench<'_, Tokens>,
        rng: &mut Stream,
    ) -> Result<Self::Model, FitError> {
        let network = |types, length| self.network(types, length);
        fit(&self.plan(), network, data, &kin, bench, rng)
    }

    fn validation(&self) -> usize {
        self.plan().training.early_stopping.as_ref().map_or(0, |rule| rule.sequences.get())
    }

    /// Also where training starts afresh: a lineage cannot go on without its founder, which later
    /// generations are judged by.
    fn save(&self, model: &Self::Model) -> Option<Vec<u8>> {
        model.to_bytes().ok()
    }

    fn load(&self, bytes: &[u8]) -> Result<Self::Model, String> {
        let network = |types, length| self.network(types, length);
        load(bytes, self.plan().decoding, network).map_err(|error| error.to_string())
    }

    fn check(&self, shape: &TokenShape) -> Result<(), Misfit> {
        reserve();
        let length = Misfit::unless_one_length(F::Network::NAME, shape)?;
        let Plan { training, decoding, dropout, .. } = self.plan();
        if dropout.get() >= 1.0 {
            let (reason, help) = ("dropout is 1".into(), "a dropout below 1".into());
            return Err(Misfit { reason, help });
        }
        training.check()?;
        decoding.check(length)?;
        self.check_sizes(length)
    }
}
