//! Squared maximum mean discrepancy of p_t and the world, with a normal kernel.
//!
//! MMD² = E k(X, X′) + E k(Y, Y′) − 2·E k(X, Y), k(x, y) = exp(−‖x − y‖² / (2h²)), between draws of
//! p_t and held-out real points, as a U-statistic: free of bias, so generation 0 scatters around 0
//! and can be negative.
//!
//! Unit: none. Range: [0, 2] of the discrepancy itself; target 0.
//! Under collapse: grows; far from the world it saturates at 1 + E k(X, X′).
//! Standard error: over draws and held-out points, from Hoeffding's projection.
//! Cost: O(n²·d).
//! Source: Gretton et al. 2012.
//! Not to be confused with the V-statistic, which is never below 0, or with kernels whose bandwidth
//! follows the model: this one is frozen from real data.

use super::discrepancy::{Kernel, compare, median_distance, within};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Positive;
use crate::samples::{Points, Samples};
use crate::stream::{Role, stream};
use rand::seq::SliceRandom;
use serde::{Deserialize, Serialize};

/// Real points whose distances set the bandwidth.
const REAL: usize = 1000;

#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mmd {
    /// h. Left out: the median distance of two among 1000 frozen real points, the same in all trials
    /// and cells of a world. Where more than half of the pairs coincide, it must be given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bandwidth: Option<Positive>,
}

impl Mmd {
    fn bandwidth(&self, now: &Snapshot<'_, Points>) -> Option<f64> {
        let frozen = || median_distance(&frozen_points(now));
        let median = || *now.truth.world_memo.get("median distance", frozen);
        self.bandwidth.map(Positive::get).or_else(median)
    }
}

/// Real points that are the same in every trial: all or some of a finite world, without repetition.
fn frozen_points(now: &Snapshot<'_, Points>) -> Points {
    let (world, mut rng) = (now.truth.world(), stream(0, 0, 0, Role::measure("mmd")));
    match world.stock() {
        Some(stock) => {
            let mut rows: Vec<usize> = (0..stock.len()).collect();
            rows.shuffle(&mut rng);
            rows.truncate(REAL);
            stock.gather(&rows)
        }
        None => world.draw(REAL, &mut rng),
    }
}

impl Metric<Points> for Mmd {
    fn card(&self) -> Card {
        Card {
            symbol: "MMD²(p_t, p*)",
            unit: "",
            target: Target::Least,
            cost: "O(n²·d)",
            source: "Gretton et al. 2012",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let (real, bandwidth) = (now.truth.held_out(), self.bandwidth(now)?);
        let kernel = Kernel::Normal { bandwidth };
        let key = format!("held-out similarities, h = {bandwidth}");
        let own = now.truth.memo.get(&key, || within(real, kernel));
        compare(real, &own, now.draws(), kernel)
    }
}
