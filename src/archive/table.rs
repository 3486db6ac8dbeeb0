//! The rows of every table under `results/`, in the order of their columns.
//!
//! A quantity that does not exist is an empty cell (`None`), never NaN; an infinite one is `inf` or `-inf`.

mod comparison;
mod profile;
mod verdict;

pub use comparison::{Contrast, Outlay, Rank};
pub use profile::Judgement;
pub use verdict::Verdict;

use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::HashMap;

/// `cells.csv`: what the short hash of a resolved cell stands for; a column for each swept path follows.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cell {
    pub cell: String,
    pub arm: String,
}

/// The place of each cell, by its short hash and arm.
pub fn places(ids: &[(String, String)]) -> HashMap<(&str, &str), usize> {
    ids.iter().enumerate().map(|(i, (cell, arm))| ((&**cell, &**arm), i)).collect()
}

/// `measurements.csv`: one reading. There are many, and few names among them: so names are borrowed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Reading<'a> {
    pub cell: Cow<'a, str>,
    pub arm: Cow<'a, str>,
    pub trial: u32,
    pub generation: u32,
    pub metric: Cow<'a, str>,
    pub value: Option<f64>,
    pub standard_error: Option<f64>,
}

/// A reading as it comes back from disk.
pub type Measurement = Reading<'static>;

/// `summary.csv`: one metric at one generation over the trials that are still alive.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Summary {
    pub cell: String,
    pub arm: String,
    pub generation: u32,
    pub metric: String,
    pub trials: u32,
    pub alive: u32,
    pub mean: Option<f64>,
    pub sd: Option<f64>,
    pub ci_low: Option<f64>,
    pub ci_high: Option<f64>,
    pub median: Option<f64>,
    pub median_low: Option<f64>,
    pub median_high: Option<f64>,
    pub q05: Option<f64>,
    pub q25: Option<f64>,
    pub q75: Option<f64>,
    pub q95: Option<f64>,
}

/// `figures/NAME.csv`: a place of a line of a picture, where no other table has it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Drawn {
    /// The line as the picture calls it.
    pub line: String,
    /// `measured`, or what the picture calls its closed form.
    pub of: String,
    pub x: f64,
    pub value: Option<f64>,
    /// The 95 % interval.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// How many lineages it is of.
    pub lineages: Option<u32>,
}

/// `theory.csv`: what a closed form says of `statistic` ("mean", "median", …) over trials.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Prediction {
    pub cell: String,
    pub arm: String,
    pub generation: u32,
    pub metric: String,
    pub statistic: String,
    pub value: f64,
    pub formula: String,
}

/// `composition.csv`: where the training set of a generation came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Composition {
    pub cell: String,
    pub arm: String,
    pub generation: u32,
    pub origin: String,
    pub born: u32,
    pub count: u64,
    pub weight: f64,
}

/// `outcomes.csv`: how a lineage ended: `survived`, `absorbed`, `extinct` or `failed`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Outcome {
    pub cell: String,
    pub arm: String,
    pub trial: u32,
    pub outcome: String,
    pub generation: Option<u32>,
    pub cause: String,
}

/// `costs.csv`: what a trial spent, and how long it took on the machine that ran it; seconds are in no
/// way part of the results.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Cost {
    pub cell: String,
    pub arm: String,
    pub trial: u32,
    pub seconds: f64,
    pub real_samples: Option<u64>,
    pub fresh_samples: Option<u64>,
    pub synthetic_drawn: Option<u64>,
    pub synthetic_kept: Option<u64>,
    pub verifier_calls: Option<u64>,
    pub training_samples: Option<u64>,
}

/// `budget.csv`: what the lineages of a cell had spent by the end of a generation, the mean over those
/// that lived through it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Budget {
    pub cell: String,
    pub arm: String,
    pub generation: u32,
    pub trials: u32,
    pub real_samples: Option<f64>,
    pub fresh_samples: Option<f64>,
    pub synthetic_drawn: Option<f64>,
    pub synthetic_kept: Option<f64>,
    pub verifier_calls: Option<f64>,
    pub training_samples: Option<f64>,
}
