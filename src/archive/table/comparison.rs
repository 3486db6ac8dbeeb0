//! The rows of a comparison of arms, and of the pictures that are made of it.

use serde::{Deserialize, Serialize};

/// `comparison.csv`: the loss of one arm against that of its baseline, paired by trial.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Contrast {
    pub cell: String,
    /// What was swept, as `path=value`; empty where nothing was.
    pub swept: String,
    pub arm: String,
    pub generation: u32,
    pub baseline: String,
    pub baseline_generation: u32,
    pub metric: String,
    /// Pairs of losses.
    pub trials: u32,
    /// Trials without such a pair.
    pub left_out: u32,
    /// Lineages of these trials that were extinct by that generation.
    pub extinct: u32,
    pub baseline_extinct: u32,
    pub median: Option<f64>,
    pub median_low: Option<f64>,
    pub median_high: Option<f64>,
    pub mean: Option<f64>,
    pub mean_low: Option<f64>,
    pub mean_high: Option<f64>,
    pub cliff: Option<f64>,
    pub cliff_low: Option<f64>,
    pub cliff_high: Option<f64>,
    pub p: Option<f64>,
    pub p_holm: Option<f64>,
    pub p_wilcoxon: Option<f64>,
    /// The smallest effect that these trials could have found.
    pub detectable: Option<f64>,
    /// What each side had spent of the budget that was to be equal.
    pub spent: Option<f64>,
    pub baseline_spent: Option<f64>,
    pub verdict: String,
}

/// `ranks.csv`: the mean rank of an arm among all arms, over trials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Rank {
    pub swept: String,
    pub generation: u32,
    pub metric: String,
    pub arm: String,
    pub arms: u32,
    pub trials: u32,
    pub rank: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
}

/// `frontier.csv`: the median loss of an arm beside what it had spent.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outlay {
    pub swept: String,
    pub generation: u32,
    pub metric: String,
    pub arm: String,
    /// The budget that `spent` counts.
    pub budget: String,
    pub spent: f64,
    pub trials: u32,
    pub loss: f64,
    pub low: Option<f64>,
    pub high: Option<f64>,
}
