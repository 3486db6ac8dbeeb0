//! The rows of a collapse profile.

use serde::{Deserialize, Serialize};

/// `profile.csv`: what one definition of model collapse says of one cell.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Judgement {
    pub cell: String,
    /// What was swept, as `path=value`; empty where nothing was.
    pub swept: String,
    pub arm: String,
    /// 1 to 8, in the order of Schaeffer et al. 2025.
    pub definition: u32,
    /// The definition in one word.
    pub name: String,
    /// `yes`, `no`, `undecided` or `not measured`.
    pub verdict: String,
    /// What it was read off; empty where nothing could be.
    pub metric: String,
    /// The last measured generation.
    pub generation: u32,
    /// Lineages that did not fail.
    pub lineages: u32,
    /// Those of them that were extinct by that generation.
    pub extinct: u32,
    /// Those of them that the statistic does not count.
    pub left_out: u32,
    /// What `value` is.
    pub statistic: String,
    pub value: Option<f64>,
    pub low: Option<f64>,
    pub high: Option<f64>,
    pub p: Option<f64>,
    /// By Holm over the cells that were told together.
    pub p_holm: Option<f64>,
    /// The same in words, and what would have to be measured.
    pub evidence: String,
}
