//! The eight definitions of model collapse that are in use, each as something one can compute.
//!
//! Schaeffer et al. count them and show that they disagree; which of them a lineage meets is its collapse
//! profile. Everything here works on the readings of one metric in one cell, a lineage a trial; R is a
//! risk, 1 the first measured generation, T the last one.
//!
//! | definition | here | module |
//! |---|---|---|
//! | 1 catastrophic increase of population risk | R_T/R_1 ≥ c | [`leap`] |
//! | 2 any increase of population risk | R_T > R_1, one-sided, by Holm over arms | [`rise`] |
//! | 3 asymptotically diverging risk | which course foretells the last third of R_t | [`divergence`] |
//! | 4 collapsing variance | V_T/V_0 below a bound, and still falling | [`decline`] |
//! | 5 change in scaling law | slope of ln R_T against ln n, minus that of ln R_1 | [`scaling`] |
//! | 6 disappearance of real tail data | Q_T/Q_1 below a bound | [`decline`] |
//! | 7 appearance of hallucinated data | share of draws outside the world: a rise, as 2 | [`rise`] |
//! | 8 entanglement of real modes | modes lost while draws outside the world appear | [`Verdict::of_merging`] |
//!
//! Every statement is about the median lineage: means over trials are carried by rare runs. An interval
//! is that of the median by order statistics, which assumes no law, and which needs 6 lineages at
//! α = 0.05. An extinct lineage has infinite risk, nothing left of what it had, and no draws.
//! Source: Schaeffer, Kazdan, Arulandu & Koyejo, "Position: Model Collapse Does Not Mean What You Think",
//! 2025 (arXiv 2503.03150); the computable forms are ours.

mod centre;
mod curves;
pub mod decline;
pub mod divergence;
pub mod leap;
pub mod rise;
pub mod scaling;
pub mod shape;

pub use centre::{Centre, Signs};
pub use curves::{Curves, Flaw, Lineage};

use std::fmt;

/// What is said of a definition.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    Yes,
    No,
    /// Measured, and these trials do not tell.
    Undecided,
    #[default]
    NotMeasured,
}

impl Verdict {
    pub const ALL: [Self; 4] = [Self::Yes, Self::No, Self::Undecided, Self::NotMeasured];

    /// Whether a median is at least so much.
    pub fn of_reaching(centre: &Centre, bound: f64) -> Self {
        match centre.interval {
            Some((low, _)) if low >= bound => Self::Yes,
            Some((_, high)) if high < bound => Self::No,
            _ => Self::Undecided,
        }
    }

    /// Whether less than so much is left.
    pub fn of_losing(centre: &Centre, bound: f64) -> Self {
        match Self::of_reaching(centre, bound) {
            Self::Yes => Self::No,
            Self::No => Self::Yes,
            other => other,
        }
    }

    /// Whether modes have run into one another: fewer are left than there were (their share is surely
    /// below 1), and mass appears outside the world. Modes that die leave none between them, and mass
    /// outside may lie beyond all modes: neither alone tells.
    pub fn of_merging(modes_left: &Centre, appears_outside: Self) -> Self {
        let is_lost = modes_left.interval.is_some_and(|(_, high)| high < 1.0);
        match (is_lost, appears_outside) {
            (true, Self::Yes) => Self::Yes,
            (_, Self::No) => Self::No,
            _ => Self::Undecided,
        }
    }

    pub fn name(self) -> &'static str {
        match self {
            Self::Yes => "yes",
            Self::No => "no",
            Self::Undecided => "undecided",
            Self::NotMeasured => "not measured",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn centre(low: f64, high: f64) -> Centre {
        Centre { n: 20, median: low.midpoint(high), interval: Some((low, high)) }
    }

    #[test]
    fn an_interval_decides_where_it_lies_on_one_side() {
        let reaches = |low, high| Verdict::of_reaching(&centre(low, high), 10.0);
        assert_eq!(reaches(10.0, 12.0), Verdict::Yes);
        assert_eq!(reaches(2.0, 9.9), Verdict::No);
        assert_eq!(reaches(9.0, 11.0), Verdict::Undecided);
        assert_eq!(reaches(f64::INFINITY, f64::INFINITY), Verdict::Yes);
        assert_eq!(Verdict::of_losing(&centre(0.1, 0.4), 0.5), Verdict::Yes);
        assert_eq!(Verdict::of_losing(&centre(0.5, 0.9), 0.5), Verdict::No);
        let one = Centre { n: 1, median: 100.0, interval: None };
        assert_eq!(Verdict::of_reaching(&one, 10.0), Verdict::Undecided);
    }

    #[test]
    fn modes_merge_where_they_are_lost_and_mass_appears_outside() {
        let merge = Verdict::of_merging;
        assert_eq!(merge(&centre(0.4, 0.6), Verdict::Yes), Verdict::Yes);
        assert_eq!(merge(&centre(0.4, 0.6), Verdict::No), Verdict::No);
        assert_eq!(merge(&centre(1.0, 1.0), Verdict::Yes), Verdict::Undecided);
        assert_eq!(merge(&centre(0.4, 1.0), Verdict::Yes), Verdict::Undecided);
        assert_eq!(merge(&centre(0.4, 0.6), Verdict::Undecided), Verdict::Undecided);
    }
}
