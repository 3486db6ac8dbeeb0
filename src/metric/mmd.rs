//! Squared maximum mean discrepancy of p_t and the world, with a normal kernel.
//!
//! MMD² = E k(X, X′) + E k(Y, Y′) − 2·E k(X, Y), k(x, y) = exp(−‖x − y‖² / (2h²)), between draws of
//! p_t and held-out real points, as a U-statistic: free of bias, so generation 0 scatters around 0
//! and can be negative.
//!
//! Unit: none. Range: [0, 2] of the discrepancy itself; target 0.
//! Under collapse: grows; a point mass far away has 1 + E k(X, X′).
//! Standard error: over draws and held-out points, from Hoeffding's projection.
//! Cost: O(n²·d).
//! Source: Gretton et al. 2012.
//! Not to be confused with the V-statistic, which is never below 0, or with kernels whose bandwidth
//! follows the model: this one is frozen from real data.

use super::bandwidth::bandwidth;
use super::discrepancy::{Kernel, compare, within};
use super::{Card, Metric, Reading, Target};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Positive;
use crate::samples::Points;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Default, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Mmd {
    /// h. Left out: the median distance of two among 1000 frozen real points, the same in all trials
    /// and cells of a world. Where more than half of the pairs coincide, it must be given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bandwidth: Option<Positive>,
}

impl Metric<Points> for Mmd {
    fn card(&self) -> Card {
        Card {
            symbol: "MMD²(p_t, p*)",
            unit: "",
            target: Target::Floor(0.0),
            cost: "O(n²·d)",
            source: "Gretton et al. 2012",
        }
    }

    fn measure(&self, now: &Snapshot<'_, Points>, _noise: Noise<'_>) -> Option<Reading> {
        let (real, bandwidth) = (now.truth.held_out(), bandwidth(self.bandwidth, now)?);
        let kernel = Kernel::Normal { bandwidth };
        let key = format!("held-out similarities, h = {bandwidth}");
        let own = now.truth.memo.get(&key, || within(real, kernel));
        compare(real, &own, now.draws(), kernel)
    }
}

#[cfg(test)]
mod tests {
    use super::super::bench::{at_the_world, value};
    use super::*;
    use crate::distribution::Gaussian;
    use ndarray::arr1;

    #[test]
    fn the_bandwidth_is_the_median_distance_of_the_world() {
        let world = Gaussian::spherical(arr1(&[5.0, 0.0]), 1.0);
        at_the_world(&world, 30, |now| {
            // ‖x − x′‖²/2 is χ² with two degrees of freedom: median 2·ln 2. The standard error of
            // the median over 1000 points is about 0.03.
            let exact = (4.0 * 2f64.ln()).sqrt();
            let bandwidth = bandwidth(None, now).expect("a continuous world");
            assert!((bandwidth - exact).abs() < 4.0 * 0.03, "{bandwidth}");
            let given = Mmd { bandwidth: Some(Positive::literal(bandwidth)) };
            let draws = now.draws();
            assert_eq!(
                value(&given, now, draws.clone()),
                value(&Mmd::default(), now, draws.clone())
            );
        });
    }

    #[test]
    fn data_shrunk_to_a_hundredth_are_seen() {
        let world = Gaussian::spherical(arr1(&[0.0, 0.0]), 1.0);
        at_the_world(&world, 400, |now| {
            let shrunk = Points::new(now.draws().values().mapv(|x| 0.01 * x));
            assert!(value(&Mmd::default(), now, shrunk) > Some(0.1));
            assert!(value(&Mmd::default(), now, now.draws().clone()) < Some(0.02));
        });
    }
}
