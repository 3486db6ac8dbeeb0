//! What a generation is trained on: recipes.
//!
//! A regime is a pure function from the generation number and the sizes of what exists to
//! *portions*; it never sees a sample. Generation 1 is always fitted to the founders, and a regime
//! is asked from generation 2 on. "Pool" means the founders, all earlier fresh draws and all
//! offspring so far.

mod accumulate;
mod augment;
mod decay;
mod fresh;
mod replace;
mod retain;
mod subsample;
mod weighted;
mod window;

use crate::catalog;
use crate::theory::Setting;

/// Which samples a portion is taken from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Founders,
    /// The real samples drawn for generation g.
    Fresh(u32),
    /// What generation g left behind.
    Offspring(u32),
    /// Everything so far.
    Pool,
}

/// How much of it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Take {
    All,
    /// n samples without replacement.
    Exactly {
        n: usize,
        redraw: Redraw,
    },
}

/// When a partial choice is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Redraw {
    EachGeneration,
    /// One choice, kept for the whole lineage.
    Once,
}

/// One line of a recipe. Every sample of it gets the same importance weight.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Portion {
    pub origin: Origin,
    pub take: Take,
    pub weight: f64,
}

impl Portion {
    /// All samples of an origin, with weight 1.
    pub fn all(origin: Origin) -> Self {
        Portion { origin, take: Take::All, weight: 1.0 }
    }

    /// n samples of an origin, chosen anew in each generation, with weight 1.
    pub fn exactly(n: usize, origin: Origin) -> Self {
        let take = Take::Exactly { n, redraw: Redraw::EachGeneration };
        Portion { origin, take, weight: 1.0 }
    }

    pub fn weighing(self, weight: f64) -> Self {
        Portion { weight, ..self }
    }
}

/// The sizes that a recipe may depend on.
#[derive(Clone, Debug, PartialEq)]
pub struct Sizes {
    pub founders: usize,
    /// `offspring[g]` = the number of samples that generation g left behind; index 0 is unused.
    pub offspring: Vec<usize>,
}

impl Sizes {
    /// What generation t − 1 left behind: the synthetic samples that are new to generation t.
    pub fn newest(&self, t: u32) -> usize {
        self.offspring[t as usize - 1]
    }
}

/// How far back a regime reaches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// The offspring of the last k generations (and the founders).
    Last(u32),
    Everything,
}

/// The rule that composes training sets.
pub trait Regime: Send + Sync {
    /// The portions that train generation t ≥ 2.
    fn recipe(&self, t: u32, sizes: &Sizes) -> Vec<Portion>;

    /// The number of real samples drawn anew before generation t ≥ 2 is trained.
    fn fresh(&self, _t: u32) -> usize {
        0
    }

    /// What later generations may still be trained on.
    fn reach(&self) -> Reach;

    /// Whether samples can get different weights.
    fn is_weighted(&self) -> bool {
        false
    }

    /// Writes down which closed forms may hold.
    fn describe(&self, _setting: &mut Setting) {}
}

catalog! {
    /// All regimes.
    pub ALL: dyn Regime;
    "replace" => replace::Replace,
    "accumulate" => accumulate::Accumulate,
    "subsample" => subsample::Subsample,
    "retain" => retain::Retain,
    "augment" => augment::Augment,
    "fresh" => fresh::Fresh,
    "window" => window::Window,
    "weighted" => weighted::Weighted,
    "decay" => decay::Decay,
}

/// A recipe asks for more than there is.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error(
    "generation {generation} would take {asked} samples of {origin}, but there are {available}"
)]
pub struct Shortage {
    pub generation: u32,
    pub origin: &'static str,
    pub asked: usize,
    pub available: usize,
}

/// How many samples an origin has for generation t, given the planned sizes.
pub fn available(regime: &dyn Regime, sizes: &Sizes, t: u32, origin: Origin) -> usize {
    match origin {
        Origin::Founders => sizes.founders,
        Origin::Fresh(g) => regime.fresh(g),
        Origin::Offspring(g) => sizes.offspring[g as usize],
        Origin::Pool => {
            (2..=t).fold(sizes.founders, |pool, g| pool + sizes.newest(g) + regime.fresh(g))
        }
    }
}

/// Calls with every portion of every recipe up to the last generation, with the name of its origin and
/// with how many samples there are to take from, given the planned sizes.
fn walk<E>(
    regime: &dyn Regime,
    sizes: &Sizes,
    generations: u32,
    mut see: impl FnMut(u32, &Portion, &'static str, usize) -> Result<(), E>,
) -> Result<(), E> {
    let mut pool = sizes.founders;
    for t in 2..=generations {
        pool += sizes.newest(t) + regime.fresh(t);
        for portion in regime.recipe(t, sizes) {
            let (origin, available) = match portion.origin {
                Origin::Founders => ("the founders", sizes.founders),
                Origin::Fresh(g) => ("the fresh real samples", regime.fresh(g)),
                Origin::Offspring(g) => ("the offspring", sizes.offspring[g as usize]),
                Origin::Pool => ("the pool", pool),
            };
            see(t, &portion, origin, available)?;
        }
    }
    Ok(())
}

/// Whether every recipe up to the last generation can be filled, given the planned sizes.
pub fn audit(regime: &dyn Regime, sizes: &Sizes, generations: u32) -> Result<(), Shortage> {
    walk(regime, sizes, generations, |generation, portion, origin, available| match portion.take {
        Take::Exactly { n: asked, .. } if asked > available => {
            Err(Shortage { generation, origin, asked, available })
        }
        _ => Ok(()),
    })
}

/// A recipe takes some samples of an origin and leaves others.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("generation {generation} takes {asked} of the {available} samples of {origin}")]
pub struct Division {
    pub generation: u32,
    pub origin: &'static str,
    pub asked: usize,
    pub available: usize,
}

/// Whether every recipe up to the last generation takes all of an origin or nothing.
pub fn undivided(regime: &dyn Regime, sizes: &Sizes, generations: u32) -> Result<(), Division> {
    walk(regime, sizes, generations, |generation, portion, origin, available| match portion.take {
        Take::Exactly { n: asked, .. } if asked > 0 && asked < available => {
            Err(Division { generation, origin, asked, available })
        }
        _ => Ok(()),
    })
}

/// A recipe that takes anything but what the generation before has left.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("generation {generation} also trains on {origin}")]
pub struct Company {
    pub generation: u32,
    pub origin: &'static str,
}

/// Whether every recipe up to the last generation takes the offspring of the generation before, and
/// nothing else.
pub fn on_newest_alone(
    regime: &dyn Regime,
    sizes: &Sizes,
    generations: u32,
) -> Result<(), Company> {
    walk(regime, sizes, generations, |generation, portion, origin, _| {
        let is_nothing =
            portion.weight == 0.0 || matches!(portion.take, Take::Exactly { n: 0, .. });
        match portion.origin {
            Origin::Offspring(g) if g == generation - 1 => Ok(()),
            Origin::Offspring(_) if !is_nothing => {
                Err(Company { generation, origin: "older offspring" })
            }
            _ if is_nothing => Ok(()),
            _ => Err(Company { generation, origin }),
        }
    })
}
