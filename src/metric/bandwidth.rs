//! The bandwidth of normal kernels among points, frozen from real data: what `mmd` and `vendi` share.

use super::discrepancy::median_distance;
use crate::lineage::Snapshot;
use crate::numeric::bounded::Positive;
use crate::samples::{Points, Samples};
use crate::stream::{Role, stream};
use rand::seq::SliceRandom;

/// Real points whose distances set the bandwidth.
const REAL: usize = 1000;

/// The one that was given, or the median distance of two among the frozen real points: the same in
/// all trials and cells of a world. `None` where more than half of the pairs coincide.
pub fn bandwidth(given: Option<Positive>, now: &Snapshot<'_, Points>) -> Option<f64> {
    let frozen = || median_distance(&frozen_points(now));
    let median = || *now.truth.world_memo.get("median distance", frozen);
    given.map(Positive::get).or_else(median)
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
