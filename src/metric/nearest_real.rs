//! How near draws of p_t come to the founders, relative to new real points: the DCR ratio.
//!
//! median_y min_f ‖y − f‖ / median_x min_f ‖x − f‖, y the draws of p_t, x the held-out real points, and
//! f the founders: the real points that trained generation 1. Fresh real draws that a regime adds
//! later are not among them. (DCR: distance to the closest record.)
//!
//! Unit: ratio. Range: [0, ∞]; target 1, as near as new real points: generation 0 scatters around it.
//! It does not exist without founders, and where at least half of the held-out points equal a
//! founder, as in a discrete world: the distance 0 says nothing there. Labels do not count.
//! Below 1 is memorised: exact copies of founders have 0. It is also below 1 where p_t shrinks to
//! where founders are dense, and above 1 where p_t drifts away or broadens, so its loss is
//! |ln ratio|; `membership` tells a memory from a crowd.
//! Under collapse: falls at first; a point mass has the distance of one place, on either side of 1.
//! Standard error: over draws and held-out points, given the founders: each median's from the order
//! statistics √n places below and above it. None of fewer than six points.
//! Cost: O(n·m·d) for m founders, shared by `nearest-real` and `membership`.
//! Source: Zhao et al. 2021 (distance to the closest record); sdmetrics (against held-out data);
//! McKean & Schrader 1984 (standard error of a median).
//! Not to be confused with `precision`, which asks how near draws are to real points that nobody
//! trained on, or with the median distance itself, which is in the unit of the data.

use super::founders::{founders, meeting};
use super::neighbour::closest;
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct NearestReal {}

impl Metric<Points> for NearestReal {
    fn card(&self) -> Card {
        Card {
            symbol: "DCR(p_t) / DCR(p*)",
            unit: "",
            target: Target::Value(1.0),
            cost: "O(n·m·d) for m founders",
            source: "Zhao et al. 2021",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let meeting = meeting(now)?;
        let of_held_out = || {
            let [of_held_out, _] = closest(now.truth.held_out(), &founders(now));
            Median::of_squares(&of_held_out)
        };
        let real = now.truth.memo.get("held-out points and founders", of_held_out);
        ratio(Median::of_squares(&meeting.of_draws)?, (*real)?)
    }
}

/// A median distance, and its standard error where there are enough of them.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Median {
    value: f64,
    error: Option<f64>,
}

impl Median {
    /// `None` of nothing.
    fn of_squares(squares: &[f64]) -> Option<Median> {
        let last = squares.len().checked_sub(1)? as f64;
        let mut distances: Vec<f64> = squares.iter().map(|square| square.sqrt()).collect();
        distances.sort_unstable_by(f64::total_cmp);
        let value = at(&distances, 0.5 * last);
        let reach = (last + 1.0).sqrt();
        let low = 0.5 * last - reach;
        // Between the two lie four standard errors.
        let width = || 0.25 * (at(&distances, 0.5 * last + reach) - at(&distances, low));
        Some(Median { value, error: (low >= 0.0).then(width) })
    }
}

/// What stands at a place of a sorted list, the first being 0; between two, in proportion.
fn at(sorted: &[f64], place: f64) -> f64 {
    let below = place.floor() as usize;
    let (low, high) = (sorted[below], sorted[(below + 1).min(sorted.len() - 1)]);
    // Equal ends may be infinite.
    if low == high { low } else { low + (place - place.floor()) * (high - low) }
}

/// `None` where the real distance is 0, or both are infinite.
fn ratio(draws: Median, real: Median) -> Option<Reading> {
    if real.value == 0.0 {
        return None;
    }
    let value = draws.value / real.value;
    let error =
        |draws: f64, real_error: f64| (draws / real.value).hypot(value * real_error / real.value);
    match draws.error.zip(real.error) {
        Some((of_draws, of_real)) => Reading::estimate(value, error(of_draws, of_real)),
        None => Reading::exact(value),
    }
}

#[cfg(test)]
#[path = "nearest_real_tests.rs"]
mod tests;
