//! The tail region of the world, as every metric of tails understands it.
//!
//! T_q = {x: p*(x) ≤ c_q}, with c_q the q-quantile of p*(X): exact where the world knows it, else
//! from 10⁶ frozen draws of the world. A world without a density has the share q of held-out
//! points that are farthest from their k-th real neighbour (k = 5) as its tail: a point belongs to
//! it if it is at least that far from its own k-th held-out neighbour.

use super::neighbour::{held_out_balls, kth_smallest};
use super::pairs::Columns;
use super::reference::{FROZEN_DRAWS, frozen_batches};
use crate::distribution::{Density, Distribution};
use crate::lineage::Snapshot;
use crate::samples::{Points, Samples};
use std::sync::Arc;

/// Neighbours that say how far out a point lies, where there is no density.
pub const NEIGHBOURS: usize = 5;

/// Where the world's tail is.
pub enum Region {
    /// ln p*(x) ≤ `ln_threshold`; in one dimension, if known, all that lies outside an interval.
    Density { ln_threshold: f64, mass: f64, interval: Option<(f64, f64)> },
    /// At least as far from the k-th held-out neighbour as the farthest share q of held-out points.
    Far { held_out: Columns, square_threshold: f64, mass: f64 },
}

/// The tail T_q of the world. `None` where no point lies farther out than the others, and where a
/// model leaves the labels out of a density that has them.
pub fn region(now: &Snapshot<'_, Points>, q: f64) -> Option<Arc<Region>> {
    let world = now.truth.world();
    if world.density().is_some() && world.shape().labelled != now.model.shape().labelled {
        return None;
    }
    let region = match world.density() {
        Some(density) => now.truth.world_memo.get(&format!("tail, q = {q}"), || {
            exact(world, q).or_else(|| of_draws(world, density, q)).map(Arc::new)
        }),
        None => now.truth.memo.get(&format!("tail, q = {q}"), || far(now, q).map(Arc::new)),
    };
    region.as_ref().clone()
}

fn exact(world: &dyn Distribution<Points>, q: f64) -> Option<Region> {
    let tail = world.tail(q)?;
    let (ln_threshold, mass, interval) = (tail.ln_threshold, tail.mass, tail.interval);
    Some(Region::Density { ln_threshold, mass, interval })
}

fn of_draws(
    world: &dyn Distribution<Points>,
    density: &dyn Density<Points>,
    q: f64,
) -> Option<Region> {
    let ln = |points: Points| density.ln_density(&points);
    let mut ln: Vec<f64> = frozen_batches(world).flat_map(ln).collect();
    let ln_threshold = *ln.select_nth_unstable_by(rank(q, FROZEN_DRAWS), f64::total_cmp).1;
    let below = ln.iter().filter(|&&l| l <= ln_threshold).count();
    let mass = below as f64 / FROZEN_DRAWS as f64;
    Some(Region::Density { ln_threshold, mass, interval: None })
}

fn far(now: &Snapshot<'_, Points>, q: f64) -> Option<Region> {
    let balls = held_out_balls(now, NEIGHBOURS)?;
    let mut squares = balls.squares.clone();
    let n = squares.len();
    let farthest_first = |a: &f64, b: &f64| b.total_cmp(a);
    let square_threshold = *squares.select_nth_unstable_by(rank(q, n), farthest_first).1;
    let mass = squares.iter().filter(|&&s| s >= square_threshold).count() as f64 / n as f64;
    let held_out = Columns::of(now.truth.held_out());
    (square_threshold > 0.0).then_some(Region::Far { held_out, square_threshold, mass })
}

/// The place in n sorted numbers that closes the first share q of them.
fn rank(q: f64, n: usize) -> usize {
    ((q * n as f64).ceil() as usize).clamp(1, n) - 1
}

impl Region {
    /// p*(T_q): exact, or the share of the draws or held-out points that defined the region.
    pub fn mass(&self) -> f64 {
        match self {
            Region::Density { mass, .. } | Region::Far { mass, .. } => *mass,
        }
    }

    /// Whether each of these points, none of them a held-out one, lies in the world's tail.
    pub fn contains(&self, points: &Points, world: &dyn Distribution<Points>) -> Vec<bool> {
        match self {
            Region::Density { interval: Some((low, high)), .. } => {
                points.as_slice().iter().map(|x| x <= low || x >= high).collect()
            }
            Region::Density { ln_threshold, .. } => match world.density() {
                Some(density) => {
                    density.ln_density(points).into_iter().map(|ln| ln <= *ln_threshold).collect()
                }
                None => vec![false; points.len()],
            },
            Region::Far { held_out, square_threshold, .. } => {
                let mut nearest = [0.0; NEIGHBOURS];
                let mut inside = Vec::with_capacity(points.len());
                held_out.each_row(points, |_, row| {
                    inside.push(kth_smallest(row, &mut nearest) >= *square_threshold);
                });
                inside
            }
        }
    }
}

/// Whether each held-out point lies in the tail; where distances decide, it does not count as its
/// own neighbour.
pub fn held_out(now: &Snapshot<'_, Points>, q: f64) -> Option<Vec<bool>> {
    match &*region(now, q)? {
        Region::Far { square_threshold, .. } => {
            let balls = held_out_balls(now, NEIGHBOURS)?;
            Some(balls.squares.iter().map(|square| square >= square_threshold).collect())
        }
        region => Some(region.contains(now.truth.held_out(), now.truth.world())),
    }
}

#[cfg(test)]
#[path = "tail_tests.rs"]
mod tests;
