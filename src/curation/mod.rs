//! What happens to synthetic samples between sampling and remembering.
//!
//! A curator never changes how a model fits or which data a regime takes: it decides which samples
//! survive, and as what.

mod likeliest;
mod reject_outliers;

use crate::catalog;
use crate::distribution::Distribution;
use crate::numeric::memo::Memo;
use crate::samples::{Points, Samples, Tokens};
use crate::stream::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a curator may look at.
pub struct CurationBench<'a, S> {
    /// The model that the offered samples come from.
    pub model: &'a dyn Distribution<S>,
    /// The real samples that founded the lineage.
    pub founders: &'a S,
    /// Values that stay the same through the lineage.
    pub memo: &'a Memo,
}

/// How a curator that drops samples meets the number asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Draw {
    /// Draw until as many are kept as the schedule asks for.
    #[default]
    Kept,
    /// Draw as many as the schedule asks for, and keep fewer.
    Offspring,
}

/// A rule that turns offered samples into those that survive.
pub trait Curation<S: Samples>: Send + Sync {
    /// How many samples to offer so that about n survive.
    fn draws(&self, n: usize) -> usize {
        n
    }

    /// Whether fewer may survive than were asked for.
    fn draw(&self) -> Draw {
        Draw::Kept
    }

    /// The survivors, in the order in which they were offered.
    fn curate(&self, offered: S, bench: &CurationBench<'_, S>, rng: &mut Stream) -> S;
}

catalog! {
    /// Curators of points.
    pub POINTS: dyn Curation<Points>;
    "likeliest" => likeliest::Likeliest,
    "reject-outliers" => reject_outliers::RejectOutliers,
}

catalog! {
    /// Curators of tokens.
    pub TOKENS: dyn Curation<Tokens>;
    "likeliest" => likeliest::Likeliest,
}
