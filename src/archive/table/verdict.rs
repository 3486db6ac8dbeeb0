//! The rows of a verification.

use serde::{Deserialize, Serialize};

/// `verdicts.csv`: what the results say to one claim.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Verdict {
    pub claim: String,
    /// The statement in a sentence.
    pub says: String,
    /// Where it is made, and how its number was come by: `text`, `data`, `figure` or `derived`.
    pub source: String,
    pub read: String,
    pub arm: String,
    /// What was swept, as `path=value`; empty where nothing was.
    pub swept: String,
    pub metric: String,
    /// The generation; empty where the statistic runs through several.
    pub generation: Option<u32>,
    /// What is read off a lineage, taken over lineages, and made of that.
    pub statistic: String,
    /// The number that is expected; empty where a whole region is.
    pub expected: Option<f64>,
    /// The ends of what is accepted; both empty where standard errors decide.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// So many standard errors are accepted; empty where a region is.
    pub z: Option<f64>,
    pub measured: Option<f64>,
    pub standard_error: Option<f64>,
    pub ci_low: Option<f64>,
    pub ci_high: Option<f64>,
    /// Lineages with a reading at every place, and those without one somewhere.
    pub lineages: u32,
    pub missing: u32,
    /// `holds`, `fails` or `undecided`.
    pub verdict: String,
    /// Why it is undecided.
    pub reason: String,
    /// Where the claim must fail, what was measured there, and whether it did.
    pub foil: String,
    pub foil_measured: Option<f64>,
    pub foil_verdict: String,
    /// Why the claim fails, where its author knows.
    pub known: String,
}

impl Verdict {
    /// Whether it fails and nobody says why.
    pub fn is_unexplained(&self) -> bool {
        self.verdict == "fails" && self.known.is_empty()
    }
}
