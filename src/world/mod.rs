//! Worlds: p*, known before anything is trained.
//!
//! A world's struct is what a file says of it; opened, it is one [`Distribution`] object, and
//! founders, fresh draws and held-out samples all come from that object.

mod blobs;
mod breast_cancer;
mod bundled;
mod categorical;
mod circles;
mod corpus;
mod csv_file;
mod diabetes;
mod digits;
mod exponential;
mod grammar;
mod grid;
mod linear;
mod markov;
mod moons;
mod normal;
mod normal_mixture;
mod poisson;
mod ring;
mod student_t;
mod swiss_roll;
mod table;
mod uniform;
mod zipf;

use crate::archive::data::Collection;
use crate::catalog;
use crate::distribution::Distribution;
use crate::samples::{Points, Samples, TokenShape, Tokens};
use crate::theory::{Setting, Truth};
use std::path::{Path, PathBuf};

/// The texts that can be got, and then read by their names.
pub static COLLECTIONS: &[Collection] = &[corpus::SHAKESPEARE];

/// The most types of an independent law: beyond it a single draw takes minutes to prepare.
const MOST_TYPES: u32 = 10_000_000;

/// The most modes: more than a mixture can be asked for.
const MOST_MODES: usize = 10_000;

/// Why a world cannot be opened: an error in the file, or in a file that it names.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{reason}")]
pub struct WorldError {
    /// The hyperparameter at fault, where it is one.
    pub key: Option<&'static str>,
    pub reason: String,
    /// What would be allowed.
    pub help: String,
}

/// A rule that says what is real.
pub trait World<S: Samples>: Send + Sync {
    /// What its samples look like, without drawing or allocating any.
    ///
    /// Paths are relative to `folder`, where the experiment file lies.
    fn shape(&self, folder: &Path) -> Result<S::Shape, WorldError>;

    /// The distribution itself.
    fn open(&self, folder: &Path) -> Result<Box<dyn Distribution<S>>, WorldError>;

    /// Whether a finite world may be used again once it has run out.
    fn reuse(&self) -> bool {
        false
    }

    /// Files whose content decides what the world is.
    fn files(&self, _folder: &Path) -> Vec<PathBuf> {
        Vec::new()
    }

    /// Writes down which closed forms may hold.
    fn describe(&self, _setting: &mut Setting) {}
}

catalog! {
    /// Worlds of points.
    pub POINTS: dyn World<Points>;
    "normal" => normal::Normal,
    "uniform" => uniform::Uniform,
    "student-t" => student_t::StudentT,
    "normal-mixture" => normal_mixture::NormalMixture,
    "ring" => ring::Ring,
    "grid" => grid::Grid,
    "blobs" => blobs::Blobs,
    "circles" => circles::Circles,
    "moons" => moons::Moons,
    "swiss-roll" => swiss_roll::SwissRoll,
    "digits" => digits::Digits,
    "breast-cancer" => breast_cancer::BreastCancer,
    "diabetes" => diabetes::Diabetes,
    "table" => table::Table,
    "linear" => linear::Linear,
    "poisson" => poisson::Poisson,
    "exponential" (2) => exponential::Exponential,
}

catalog! {
    /// Worlds of tokens.
    pub TOKENS: dyn World<Tokens>;
    "categorical" => categorical::Categorical,
    "zipf" => zipf::Zipf,
    "markov" => markov::Markov,
    "grammar" => grammar::Grammar,
    "corpus" => corpus::Corpus,
}

/// Writes down the covariance of a world of which no more is known to theory.
fn describe_covariance(world: &dyn Distribution<Points>, setting: &mut Setting) {
    if let Some(moments) = world.moments() {
        let dimension = moments.mean.len();
        setting.truth = Truth::OtherContinuous { covariance_trace: moments.trace(), dimension };
    }
}

/// More modes than a mixture can be asked for are an error of the file.
fn check_modes(key: &'static str, modes: Option<usize>) -> Result<usize, WorldError> {
    modes.filter(|modes| *modes <= MOST_MODES).ok_or_else(|| WorldError {
        key: Some(key),
        reason: format!("this makes more than {MOST_MODES} modes"),
        help: format!("at most {MOST_MODES} modes"),
    })
}

/// The shape of single tokens of so many types.
fn single_tokens(types: usize) -> Result<TokenShape, WorldError> {
    let few = u32::try_from(types).ok().filter(|types| *types <= MOST_TYPES);
    let vocabulary = few.ok_or_else(|| WorldError {
        key: Some("types"),
        reason: format!("{types} types are more than a vocabulary may have"),
        help: format!("at most {MOST_TYPES} types"),
    })?;
    Ok(TokenShape { vocabulary, length: Some(1) })
}
