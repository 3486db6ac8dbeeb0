//! Language models that are trained by gradients: the only place that knows candle.
//!
//! Networks ([`transformer`], [`recurrent`]) say which parameters they have and how logits follow from
//! them, once as a graph for training and once over plain buffers for drawing; the training loop, the
//! optimiser, checkpoints and the fitted model are shared. All randomness comes from streams of the
//! laboratory, every sum has one order, and nothing here starts a thread.

mod adam;
mod buffer;
mod device;
mod family;
mod fitted;
#[cfg(test)]
mod golden;
mod matrix;
mod network;
mod ops;
mod parameters;
mod plain;
mod recurrent;
mod simd;
mod train;
mod transformer;
mod weights;

pub use device::{device, on_one_thread, reserve};
pub use family::LanguageFamily;
pub use fitted::{FittedLanguageModel, Plan, fit, load};
pub use network::Network;
pub use parameters::Parameters;
pub use recurrent::Recurrent;
pub use train::{Batch, EarlyStopping, Origin, Training};
pub use transformer::Transformer;
pub use weights::Weights;

/// Why a network cannot be trained, stored or read.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum Error {
    #[error("{0}")]
    Candle(String),
    #[error("the loss is {loss} at step {step}; a smaller learning rate may help")]
    Diverged { step: usize, loss: f64 },
    #[error("the gradient's norm is {norm} at step {step}; a smaller learning rate may help")]
    Exploded { step: usize, norm: f64 },
    #[error("the checkpoint is of another architecture: it has {found}, and {expected} is needed")]
    Architecture { found: String, expected: String },
    #[error("the checkpoint cannot be read: {0}")]
    Checkpoint(String),
    #[error("this build knows no device `{0}`: there is cpu, and cuda with the feature `cuda`")]
    Device(String),
}

impl From<candle_core::Error> for Error {
    fn from(error: candle_core::Error) -> Self {
        Error::Candle(error.to_string())
    }
}
