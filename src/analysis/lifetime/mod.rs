//! How long lineages last: curves of survival, their medians, and whether two arms differ.
//!
//! A lifetime ends with an event (a collapse, an extinction), or is censored: it lasted at least so long.

mod kaplan_meier;
mod log_rank;

pub use kaplan_meier::{Curve, Step, kaplan_meier};
pub use log_rank::{LogRank, log_rank};

/// One lineage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Lifetime {
    /// The generation of its event, or the last one that it was seen in.
    pub time: u32,
    /// Whether the event was seen.
    pub is_over: bool,
}

impl Lifetime {
    pub fn over(time: u32) -> Self {
        Lifetime { time, is_over: true }
    }

    pub fn censored(time: u32) -> Self {
        Lifetime { time, is_over: false }
    }
}
