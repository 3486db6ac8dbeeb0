//! Families of models, and the rules that pick a member from data.

mod categorical;
mod classes;
pub mod decoding;
pub mod device;
mod empirical;
mod exponential;
mod gaussian;
pub mod kde;
mod learner;
mod linear;
mod location;
pub mod logistic;
pub mod mixture;
#[cfg(feature = "neural")]
pub mod neural;
pub mod ngram;
mod poisson;
#[cfg(feature = "neural")]
mod recurrent;
mod spike;
mod summarised;
#[cfg(feature = "neural")]
mod transformer;

pub use learner::{Breed, Fitted, Learner, Relatives};

use crate::catalog;
use crate::distribution::{Distribution, Summarised};
use crate::samples::{
    Counts, PointShape, Points, Samples, Scatter, TokenShape, Tokens, TrainingSet,
};
use crate::stream::Stream;
use crate::theory::Setting;

/// Why no member of a family fits: a finding that ends a lineage, not an error.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitError {
    #[error("{family} needs at least {needs} samples, got {got}")]
    TooFew { family: &'static str, needs: usize, got: usize },
    #[error("{family} met a value that is not finite")]
    NotFinite { family: &'static str },
    #[error("{family}: component {component} is empty after {restarts} restarts")]
    EmptyComponent { family: &'static str, component: usize, restarts: usize },
    #[error("{family} needs {needs}, got {got}")]
    OutOfRange { family: &'static str, needs: &'static str, got: f64 },
    #[error("{family} needs a label with every sample")]
    Unlabelled { family: &'static str },
    #[error("{family}: the likelihood has no maximum, since {cause}; a ridge above 0 gives it one")]
    NoMaximum { family: &'static str, cause: &'static str },
    #[error("no class is left: of {lost} that have samples, none is among the founders")]
    NoClass { lost: usize },
    #[error("{family} could not be trained: {cause}")]
    Untrained { family: &'static str, cause: String },
}

/// Why a family cannot be fitted in this experiment at all: an error in the file.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{reason}")]
pub struct Misfit {
    pub reason: String,
    /// What would be allowed.
    pub help: String,
}

impl Misfit {
    /// For a family of numbers: samples must have one coordinate.
    fn unless_one_dimensional(family: &str, shape: &PointShape) -> Result<(), Misfit> {
        match shape.dimension {
            1 => Ok(()),
            d => Err(Misfit {
                reason: format!("{family} needs points of dimension 1, and these have {d}"),
                help: format!("choose a world of dimension 1, such as `{family}`"),
            }),
        }
    }

    /// For a family whose sequences have one length: which.
    fn unless_one_length(family: &str, shape: &TokenShape) -> Result<usize, Misfit> {
        shape.length.filter(|length| *length > 0).ok_or_else(|| Misfit {
            reason: format!("{family} needs sequences of one length, and these are {shape}"),
            help: "choose a world whose sequences have one length".into(),
        })
    }

    /// For a family that predicts labels: samples must have them.
    fn unless_labelled(family: &str, help: &str, shape: &PointShape) -> Result<(), Misfit> {
        match shape.labelled {
            true => Ok(()),
            false => Err(Misfit {
                reason: format!("{family} needs samples with labels, and these are {shape}"),
                help: help.to_owned(),
            }),
        }
    }
}

/// Relatives that a fit may start from: none at generation 1.
pub struct Kin<'a, M> {
    /// The model of generation 1.
    pub founder: Option<&'a M>,
    /// The model of the generation before.
    pub parent: Option<&'a M>,
}

impl<M> Default for Kin<'_, M> {
    fn default() -> Self {
        Kin { founder: None, parent: None }
    }
}

/// Real samples that lie beside the training set.
pub struct Bench<'a, S> {
    /// What the lineage began with: prompts are taken from it.
    pub founders: Option<&'a S>,
    /// Held-out samples that decide when to stop, and that no metric looks at.
    pub validation: Option<&'a S>,
}

impl<S> Default for Bench<'_, S> {
    fn default() -> Self {
        Bench { founders: None, validation: None }
    }
}

/// Hyperparameters, and the rule that picks a member of the family from data.
pub trait Family: Send + Sync {
    type Data: Samples;
    type Model: Distribution<Self::Data> + 'static;

    /// The member that the weighted samples choose.
    fn fit(
        &self,
        data: &TrainingSet<'_, Self::Data>,
        kin: Kin<'_, Self::Model>,
        bench: &Bench<'_, Self::Data>,
        rng: &mut Stream,
    ) -> Result<Self::Model, FitError>;

    /// The number of real samples that a fit looks at to decide when to stop.
    fn validation(&self) -> usize {
        0
    }

    /// A fitted member as bytes: what a lineage that was cut off goes on from. `None` for families
    /// that fit so quickly that a lineage had better begin again.
    fn save(&self, _model: &Self::Model) -> Option<Vec<u8>> {
        None
    }

    /// The member that was saved, or why these bytes are none of this family.
    fn load(&self, _bytes: &[u8]) -> Result<Self::Model, String> {
        Err("this family keeps no models".into())
    }

    /// Whether the family can live in a world whose samples look like this.
    fn check(&self, _shape: &<Self::Data as Samples>::Shape) -> Result<(), Misfit> {
        Ok(())
    }

    /// Writes down which closed forms may hold.
    fn describe(&self, _setting: &mut Setting) {}
}

catalog! {
    /// Families over points.
    pub POINTS: dyn Breed<Points>;
    "gaussian" => gaussian::Gaussian,
    "mixture" => mixture::Mixture,
    "kde" => kde::Kde,
    "empirical" => empirical::OfPoints,
    "linear" => linear::Linear,
    "poisson" => poisson::Poisson,
    "exponential" => exponential::Exponential,
    "location" => location::Location,
    "logistic" => logistic::Logistic,
    "spike" => spike::Spike,
}

catalog! {
    /// Families over tokens.
    pub TOKENS: dyn Breed<Tokens>;
    "categorical" => categorical::Categorical,
    "ngram" => ngram::NGram,
    "empirical" => empirical::OfTokens,
    #[cfg(feature = "neural")]
    "transformer" => transformer::Transformer,
    #[cfg(feature = "neural")]
    "recurrent" => recurrent::Recurrent,
}

catalog! {
    /// Families over statistics of points.
    pub SCATTERS: dyn Breed<Scatter>, through Summarised;
    "gaussian" => gaussian::Gaussian,
}

catalog! {
    /// Families over statistics of tokens.
    pub COUNTS: dyn Breed<Counts>, through Summarised;
    "categorical" => categorical::Categorical,
}
