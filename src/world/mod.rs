//! Worlds: p*, known before anything is trained.
//!
//! A world's struct is what a file says of it; opened, it is one [`Distribution`] object, and
//! founders, fresh draws and held-out samples all come from that object.

mod exponential;
mod linear;
mod normal;
mod poisson;
mod zipf;

use crate::catalog;
use crate::distribution::Distribution;
use crate::samples::{Points, Samples, Tokens};
use crate::theory::Setting;
use std::path::{Path, PathBuf};

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
    "linear" => linear::Linear,
    "poisson" => poisson::Poisson,
    "exponential" => exponential::Exponential,
}

catalog! {
    /// Worlds of tokens.
    pub TOKENS: dyn World<Tokens>;
    "zipf" => zipf::Zipf,
}
