//! How the loop holds a family whose models it does not know the type of: it learns, and remembers founder and
//! parent.

use super::{Bench, Family, FitError, Kin, Misfit};
use crate::distribution::Distribution;
use crate::samples::{Samples, TrainingSet};
use crate::stream::Stream;
use crate::theory::Setting;

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
