//! What lineages had spent by a generation, and where two of them had spent the same.
//!
//! A budget is held equal by moving along the lineage: an arm is looked at in the generation in which
//! it has spent what the baseline has spent in the generation that was asked for, to within 1 % (10 %
//! of seconds, which no two runs share). Where several have, it is the one nearest to that generation.
//! An arm that has spent as much in none of its measured generations is not compared: both numbers are
//! told instead. Nothing is interpolated, and no lineage is cut to fit.

use std::collections::HashMap;
use std::path::Path;

use super::error::CompareError;
use crate::archive::csv::{read_table, scan};
use crate::archive::table::{Budget as Row, places};
use crate::experiment::Party;

/// A budget that can be held equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Budget {
    RealSamples,
    FreshSamples,
    SyntheticDrawn,
    SyntheticKept,
    VerifierCalls,
    TrainingSamples,
    Seconds,
}

impl Budget {
    pub const ALL: [Self; 7] = [
        Self::RealSamples,
        Self::FreshSamples,
        Self::SyntheticDrawn,
        Self::SyntheticKept,
        Self::VerifierCalls,
        Self::TrainingSamples,
        Self::Seconds,
    ];

    /// What is counted.
    pub fn what(self) -> &'static str {
        match self {
            Self::RealSamples => "Real samples that were drawn: founders and fresh ones",
            Self::FreshSamples => "Real samples that were drawn after the founders",
            Self::SyntheticDrawn => "Synthetic samples that were drawn, before curation",
            Self::SyntheticKept => "Synthetic samples that survived curation",
            Self::VerifierCalls => "Questions that curators asked of the world",
            Self::TrainingSamples => "Samples in all training sets so far",
            Self::Seconds => "Seconds of whole lineages",
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::RealSamples => "real-samples",
            Self::FreshSamples => "fresh-samples",
            Self::SyntheticDrawn => "synthetic-drawn",
            Self::SyntheticKept => "synthetic-kept",
            Self::VerifierCalls => "verifier-calls",
            Self::TrainingSamples => "training-samples",
            Self::Seconds => "seconds",
        }
    }

    fn of(self, row: &Row) -> Option<f64> {
        match self {
            Self::RealSamples => row.real_samples,
            Self::FreshSamples => row.fresh_samples,
            Self::SyntheticDrawn => row.synthetic_drawn,
            Self::SyntheticKept => row.synthetic_kept,
            Self::VerifierCalls => row.verifier_calls,
            Self::TrainingSamples => row.training_samples,
            Self::Seconds => None,
        }
    }

    fn tolerance(self) -> f64 {
        if self == Self::Seconds { 0.1 } else { 0.01 }
    }
}

/// One budget of every cell, by generation.
pub struct Ledger {
    pub budget: Budget,
    spent: HashMap<(usize, u32), f64>,
}

impl Ledger {
    /// Reads it; none where the folder is older than its table.
    pub fn read(
        folder: &Path,
        ids: &[(String, String)],
        parties: &[Party],
        budget: Budget,
    ) -> Result<Option<Self>, CompareError> {
        let places = places(ids);
        let mut spent = HashMap::new();
        if budget == Budget::Seconds {
            let mut totals: HashMap<usize, (f64, f64)> = HashMap::new();
            scan(folder, "costs", ["cell", "arm", "seconds"], |[cell, arm, seconds]| {
                if let (Some(place), Ok(seconds)) = (places.get(&(cell, arm)), seconds.parse()) {
                    let seconds: f64 = seconds;
                    let (sum, trials) = totals.entry(*place).or_default();
                    (*sum, *trials) = (*sum + seconds, *trials + 1.0);
                }
            })?;
            for (place, (sum, trials)) in totals {
                let last = parties[place].measured.last().copied().unwrap_or(0);
                spent.insert((place, last), sum / trials);
            }
            return Ok(Some(Self { budget, spent }));
        }
        if !folder.join("budget.csv").is_file() {
            return Ok(None);
        }
        for row in read_table::<Row>(folder, "budget")? {
            let place = places.get(&(&*row.cell, &*row.arm));
            if let (Some(place), Some(value)) = (place, budget.of(&row)) {
                spent.insert((*place, row.generation), value);
            }
        }
        Ok(Some(Self { budget, spent }))
    }

    /// What a cell had spent by the end of generation t, the mean over its trials.
    pub fn spent(&self, cell: usize, t: u32) -> Option<f64> {
        self.spent.get(&(cell, t)).copied()
    }

    /// The generation of `cell` nearest to t in which it has spent `target`.
    pub fn meets(&self, cell: usize, measured: &[u32], t: u32, target: f64) -> Option<u32> {
        let reach = self.budget.tolerance() * target;
        let is_equal = |g: &u32| self.spent(cell, *g).is_some_and(|s| (s - target).abs() <= reach);
        measured.iter().copied().filter(is_equal).min_by_key(|g| (g.abs_diff(t), *g))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_is_met_where_as_much_was_spent_and_nearest_to_the_generation() {
        let spent = [(1, 100.0), (2, 300.0), (3, 600.0), (4, 1000.0)];
        let growing = spent.into_iter().map(|(t, value)| ((0, t), value));
        let constant = (1..=4).map(|t| ((1, t), 100.0));
        let budget = Budget::TrainingSamples;
        let ledger = Ledger { budget, spent: growing.chain(constant).collect() };
        let measured = [1, 2, 3, 4];
        assert_eq!(ledger.meets(0, &measured, 4, 603.0), Some(3));
        assert_eq!(ledger.meets(0, &measured, 4, 400.0), None);
        assert_eq!(ledger.meets(1, &measured, 3, 100.0), Some(3));
        assert_eq!(ledger.meets(0, &measured, 4, 0.0), None);
    }
}
