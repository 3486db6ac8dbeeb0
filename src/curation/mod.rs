//! What happens to synthetic samples between sampling and remembering.
//!
//! A curator never changes how a model fits or which data a regime takes: it decides which samples
//! survive, and as what.

mod band;
mod centre;
#[cfg(test)]
mod check;
mod correct;
mod deduplicate;
mod detect;
mod edit;
mod ellipsoid;
mod least_likely;
mod likeliest;
mod matching;
mod mixup;
mod nearest;
mod noise;
mod oversample_tail;
mod pairs;
mod prefer;
mod rank;
mod reject_outliers;
mod truncate;
mod verify;

use crate::catalog;
use crate::distribution::Distribution;
use crate::model::Misfit;
use crate::numeric::memo::Memo;
use crate::samples::{Points, Samples, Tokens};
use crate::stream::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::cell::Cell;

/// What a curator may look at.
pub struct CurationBench<'a, S: Samples> {
    /// p*, which answers the questions of those who claim to know the truth: they [`ask`](Self::ask).
    pub world: &'a dyn Distribution<S>,
    /// The model that the offered samples come from.
    pub model: &'a dyn Distribution<S>,
    /// The real samples that founded the lineage.
    pub founders: &'a S,
    /// What survived this generation's earlier offers, where they were not enough.
    pub earlier: &'a [S],
    /// Values that stay the same through the lineage.
    pub memo: &'a Memo,
    /// Questions that the world has answered so far.
    pub oracle: &'a Cell<u64>,
}

impl<S: Samples> CurationBench<'_, S> {
    /// Counts questions that the world answers: one for each sample, or place of a sequence, whose
    /// truth a curator looks up.
    pub fn ask(&self, questions: usize) {
        self.oracle.set(self.oracle.get() + questions as u64);
    }
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

impl Draw {
    /// How many samples to offer so that n are left of them, if so large a share survives.
    fn offers(self, n: usize, share: f64) -> usize {
        match self {
            Draw::Kept => (n as f64 / share).ceil() as usize,
            Draw::Offspring => n,
        }
    }
}

/// A rule that turns offered samples into those that survive.
pub trait Curation<S: Samples>: Send + Sync {
    /// How many samples to offer so that about n survive: fewer than n where some are multiplied.
    fn draws(&self, n: usize) -> usize {
        n
    }

    /// Whether fewer may survive than were asked for.
    fn draw(&self) -> Draw {
        Draw::Kept
    }

    /// Whether samples that look like this can be curated so.
    fn check(&self, _shape: &S::Shape) -> Result<(), Misfit> {
        Ok(())
    }

    /// What the hyperparameters come to, where that is not plain from them.
    fn account(&self) -> Option<String> {
        None
    }

    /// The survivors, in the order in which they were offered.
    fn curate(&self, offered: S, bench: &CurationBench<'_, S>, rng: &mut Stream) -> S;
}

catalog! {
    /// Curators of points.
    pub POINTS: dyn Curation<Points>;
    "likeliest" => likeliest::Likeliest,
    "least-likely" => least_likely::LeastLikely,
    "band" => band::Band,
    "reject-outliers" => reject_outliers::RejectOutliers,
    "nearest" => nearest::Nearest,
    "verify" => verify::Verify,
    "prefer" => prefer::Prefer,
    "detect" => detect::Detect,
    "match" => matching::Match,
    "deduplicate" => deduplicate::Deduplicate,
    "oversample-tail" => oversample_tail::OversampleTail,
    "correct" => correct::Correct,
    "truncate" => truncate::Truncate,
    "noise" => noise::Noise,
    "mixup" => mixup::Mixup,
}

catalog! {
    /// Curators of tokens.
    pub TOKENS: dyn Curation<Tokens>;
    "likeliest" => likeliest::Likeliest,
    "least-likely" => least_likely::LeastLikely,
    "band" => band::Band,
    "verify" => verify::Verify,
    "prefer" => prefer::Prefer,
    "detect" => detect::Detect,
    "deduplicate" => deduplicate::Deduplicate,
    "edit" => edit::Edit,
    "oversample-tail" => oversample_tail::OversampleTail,
    "truncate" => truncate::Truncate,
}
