//! How near draws of p_t and real points are to the founders, by exact search: what `nearest-real`
//! and `membership` share.

use super::neighbour::closest;
use crate::lineage::Snapshot;
use crate::samples::{Points, Samples};
use std::sync::Arc;

/// The real points that trained generation 1, once for each trial.
pub fn founders(now: &Snapshot<'_, Points>) -> Arc<Points> {
    now.truth.memo.get("founders", || now.truth.supply.founders())
}

/// Squared distances between founders and draws of p_t.
pub struct Meeting {
    /// For each founder, to the nearest draw.
    pub of_founders: Vec<f64>,
    /// For each draw, to the nearest founder.
    pub of_draws: Vec<f64>,
}

/// Founders and draws of p_t, once for each generation. `None` without either.
pub fn meeting(now: &Snapshot<'_, Points>) -> Option<Arc<Meeting>> {
    let compute = || {
        let (founders, draws) = (founders(now), now.draws());
        if founders.is_empty() || draws.is_empty() || !draws.is_finite() {
            return None;
        }
        let [of_founders, of_draws] = closest(&founders, draws);
        Some(Arc::new(Meeting { of_founders, of_draws }))
    };
    now.memo.get("founders and draws", compute).as_ref().clone()
}
