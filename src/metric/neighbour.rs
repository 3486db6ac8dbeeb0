//! Nearest neighbours among points, by exact search: the work that the k-NN metrics share.
//!
//! The ball of a point reaches to the k-th nearest *other* point of its own set, and holds what lies
//! on its edge (≤): with repeated points its radius can be 0, and it still holds their copies.
//! A squared distance beyond the largest number counts as infinitely far: no ball holds it.
//!
//! Cost: O(n²·d) for a set, once for the held-out points of a trial and once for each generation.

use super::Reading;
use super::pairs::Columns;
use crate::lineage::Snapshot;
use crate::samples::{Points, Samples};
use std::sync::Arc;

/// The balls around all points of one set.
pub struct Balls {
    /// Squared radius of each point's ball: squared distance to its k-th nearest other point.
    pub squares: Vec<f64>,
    /// Mean number of other points in a ball: k, or more where distances tie.
    pub crowd: f64,
}

impl Balls {
    /// `None` where a point has fewer than k others.
    pub fn of(points: &Points, k: usize) -> Option<Balls> {
        let n = points.len();
        if k == 0 || n <= k {
            return None;
        }
        let mut nearest = vec![0.0; k];
        let mut held = 0;
        let mut squares = Vec::with_capacity(n);
        Columns::of(points).each_row(points, |i, row| {
            // Not a number: neither below nor above anything, so that a point is not its own neighbour.
            row[i] = f64::NAN;
            let square = kth_smallest(row, &mut nearest);
            held += row.iter().filter(|&&other| other <= square).count();
            squares.push(square);
        });
        Some(Balls { squares, crowd: held as f64 / n as f64 })
    }
}

/// The k-th smallest number, k the length of `nearest`, which is room to work in.
pub fn kth_smallest(row: &[f64], nearest: &mut [f64]) -> f64 {
    nearest.fill(f64::INFINITY);
    let last = nearest.len() - 1;
    for &square in row {
        if square < nearest[last] {
            let place = nearest.partition_point(|&other| other <= square);
            nearest.copy_within(place..last, place + 1);
            nearest[place] = square;
        }
    }
    // A ball without end would hold even what is infinitely far.
    nearest[last].min(f64::MAX)
}

/// For each point of either set, the squared distance to the nearest point of the other.
///
/// Nothing is infinitely far from everything.
pub fn closest(points: &Points, others: &Points) -> [Vec<f64>; 2] {
    let mut of_points = Vec::with_capacity(points.len());
    let mut of_others = vec![f64::INFINITY; others.len()];
    Columns::of(others).each_row(points, |_, row| {
        let mut least = f64::INFINITY;
        for (nearest, &square) in of_others.iter_mut().zip(&*row) {
            *nearest = square.min(*nearest);
            least = square.min(least);
        }
        of_points.push(least);
    });
    [of_points, of_others]
}

/// Which real points and which draws lie in whose balls.
pub struct Overlap {
    /// For each draw, the number of real balls that hold it.
    pub holding: Vec<u32>,
    /// For each real point, whether its ball holds a draw.
    pub covered: Vec<bool>,
    /// For each real point, whether a draw's ball holds it. `None` where draws have no balls.
    pub recalled: Option<Vec<bool>>,
    /// Mean number of other real points in a real ball.
    pub crowd: f64,
}

impl Overlap {
    pub fn of(real: &Points, real_balls: &Balls, draws: &Points, balls: Option<&Balls>) -> Overlap {
        let mut holding = vec![0; draws.len()];
        let mut covered = Vec::with_capacity(real.len());
        let mut recalled = balls.map(|_| Vec::with_capacity(real.len()));
        Columns::of(draws).each_row(real, |i, row| {
            let radius = real_balls.squares[i];
            let mut inside = 0;
            for (count, &square) in holding.iter_mut().zip(&*row) {
                let held = u32::from(square <= radius);
                *count += held;
                inside |= held;
            }
            covered.push(inside > 0);
            if let (Some(recalled), Some(balls)) = (&mut recalled, balls) {
                recalled.push(row.iter().zip(&balls.squares).any(|(square, r)| square <= r));
            }
        });
        Overlap { holding, covered, recalled, crowd: real_balls.crowd }
    }

    /// The overlap of two sets. `None` without a draw, or with at most k real points.
    pub fn between(real: &Points, draws: &Points, k: usize) -> Option<Overlap> {
        let real_balls = Balls::of(real, k)?;
        let balls = Balls::of(draws, k);
        (!draws.is_empty()).then(|| Overlap::of(real, &real_balls, draws, balls.as_ref()))
    }

    /// Share of draws in some real ball.
    pub fn precision(&self) -> f64 {
        share_of(self.holding.iter().map(|&count| count > 0))
    }

    /// Share of real points in some draw's ball.
    pub fn recall(&self) -> Option<f64> {
        Some(share_of(self.recalled.as_ref()?.iter().copied()))
    }

    /// Real balls that hold a draw, relative to those that hold another real point.
    pub fn density(&self) -> f64 {
        let total: f64 = self.holding.iter().map(|&count| f64::from(count)).sum();
        total / self.holding.len() as f64 / self.crowd
    }

    /// Share of real points whose ball holds a draw.
    pub fn coverage(&self) -> f64 {
        share_of(self.covered.iter().copied())
    }
}

fn share_of(flags: impl ExactSizeIterator<Item = bool>) -> f64 {
    let n = flags.len() as f64;
    flags.filter(|&flag| flag).count() as f64 / n
}

/// A share of n points, with the standard error of a share. `None` of no points.
pub fn share(value: f64, n: usize) -> Option<Reading> {
    Reading::estimate(value, (value * (1.0 - value) / n as f64).sqrt())
}

/// The balls of the held-out points, once for each trial.
pub fn held_out_balls(now: &Snapshot<'_, Points>, k: usize) -> Option<Arc<Balls>> {
    let compute = || Balls::of(now.truth.held_out(), k).map(Arc::new);
    let balls = now.truth.memo.get(&format!("held-out balls, k = {k}"), compute);
    balls.as_ref().clone()
}

/// The overlap of held-out points and draws of p_t, once for each generation.
pub fn overlap(now: &Snapshot<'_, Points>, k: usize) -> Option<Arc<Overlap>> {
    let compute = || {
        let (real, draws) = (now.truth.held_out(), now.draws());
        if draws.is_empty() || !draws.is_finite() {
            return None;
        }
        let real_balls = held_out_balls(now, k)?;
        let balls = Balls::of(draws, k);
        Some(Arc::new(Overlap::of(real, &real_balls, draws, balls.as_ref())))
    };
    let overlap = now.memo.get(&format!("overlap, k = {k}"), compute);
    overlap.as_ref().clone()
}

#[cfg(test)]
#[path = "neighbour_tests.rs"]
mod tests;
