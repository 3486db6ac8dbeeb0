//! Families of models, and the rules that pick a member from data.

mod categorical;
mod classes;
pub mod decoding;
pub mod device;
mod empirical;
mod exponential;
mod gaussian;
pub mod kde;
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
#[cfg(feature = "neural")]
mod transformer;

use crate::catalog;
use crate::distribution::Distribution;
use crate::samples::{PointShape, Points, Samples, TokenShape, Tokens, TrainingSet};
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

/// A family whose models the loop holds without knowing their type.
pub trait Breed<S: Samples>: Send + Sync {
    /// A learner that has not seen any data yet.
    fn learner(&self) -> Box<dyn Learner<S> + '_>;

    fn check(&self, shape: &S::Shape) -> Result<(), Misfit>;

    /// The number of real samples that a fit looks at to decide when to stop.
    fn validation(&self) -> usize;

    fn describe(&self, setting: &mut Setting);
}

/// What a lineage has of models once a generation is fitted.
pub struct Fitted<'a, S: Samples> {
    /// The member that this generation's data chose.
    pub model: &'a dyn Distribution<S>,
    /// That of generation 1: the same one there.
    pub founder: &'a dyn Distribution<S>,
}

/// Fits generation after generation, and remembers founder and parent.
pub trait Learner<S: Samples> {
    fn learn(
        &mut self,
        data: &TrainingSet<'_, S>,
        bench: &Bench<'_, S>,
        rng: &mut Stream,
    ) -> Result<Fitted<'_, S>, FitError>;

    /// Founder and parent as bytes, where the family saves its models.
    fn save(&self) -> Option<Relatives>;

    /// Puts relatives back, or says why they are none of this family.
    fn restore(&mut self, relatives: &Relatives) -> Result<(), String>;
}

/// The saved models of a lineage that is cut off.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Relatives {
    pub founder: Vec<u8>,
    /// The model of the last generation, where that is another.
    pub parent: Option<Vec<u8>>,
}

impl<F: Family> Breed<F::Data> for F {
    fn learner(&self) -> Box<dyn Learner<F::Data> + '_> {
        Box::new(Line { family: self, founder: None, parent: None })
    }

    fn check(&self, shape: &<F::Data as Samples>::Shape) -> Result<(), Misfit> {
        Family::check(self, shape)
    }

    fn validation(&self) -> usize {
        Family::validation(self)
    }

    fn describe(&self, setting: &mut Setting) {
        Family::describe(self, setting);
    }
}

/// One lineage's models: the first, and the newest where that is another.
struct Line<'f, F: Family> {
    family: &'f F,
    founder: Option<F::Model>,
    parent: Option<F::Model>,
}

impl<F: Family> Learner<F::Data> for Line<'_, F> {
    fn learn(
        &mut self,
        data: &TrainingSet<'_, F::Data>,
        bench: &Bench<'_, F::Data>,
        rng: &mut Stream,
    ) -> Result<Fitted<'_, F::Data>, FitError> {
        let founder = self.founder.as_ref();
        let kin = Kin { founder, parent: self.parent.as_ref().or(founder) };
        let model = self.family.fit(data, kin, bench, rng)?;
        Ok(match &mut self.founder {
            Some(founder) => Fitted { model: self.parent.insert(model), founder },
            none => {
                let first: &F::Model = none.insert(model);
                Fitted { model: first, founder: first }
            }
        })
    }

    fn save(&self) -> Option<Relatives> {
        let founder = self.family.save(self.founder.as_ref()?)?;
        let parent = self.parent.as_ref().and_then(|parent| self.family.save(parent));
        Some(Relatives { founder, parent })
    }

    fn restore(&mut self, relatives: &Relatives) -> Result<(), String> {
        self.founder = Some(self.family.load(&relatives.founder)?);
        self.parent = relatives.parent.as_ref().map(|p| self.family.load(p)).transpose()?;
        Ok(())
    }
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
