//! How much more two sets of points differ from each other than each from itself: the U-statistics
//! behind `energy` and `mmd`.
//!
//! For a kernel φ: 2·E φ(X, Y) − E φ(X, X′) − E φ(Y, Y′), the means within a set over pairs of
//! different points. The first is free of bias, so that a model equal to the world averages 0 and is
//! sometimes below it.
//!
//! The standard error is that of Hoeffding's projection, over both sets. Where the model comes close
//! to the world the projection vanishes, and what is left of it is wider than the truth by about √2.

use super::Reading;
use super::pairs::Columns;
use crate::numeric::kernel::{LANES, exp_of_negatives, square_roots};
use crate::samples::{Points, Samples};

/// What two points have to do with each other.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kernel {
    /// ‖x − y‖
    Distance,
    /// exp(−‖x − y‖² / (2h²))
    Normal { bandwidth: f64 },
}

impl Kernel {
    /// Turns squared distances into what it says of them.
    pub fn of_squares(self, squares: &mut [f64]) {
        match self {
            Kernel::Distance => square_roots(squares),
            Kernel::Normal { bandwidth } => {
                let rate = -0.5 / bandwidth / bandwidth;
                squares.iter_mut().for_each(|s| *s *= rate);
                let (lanes, rest) = squares.as_chunks_mut::<LANES>();
                exp_of_negatives(lanes);
                let mut last = [0.0; LANES];
                last[..rest.len()].copy_from_slice(rest);
                exp_of_negatives(std::slice::from_mut(&mut last));
                rest.copy_from_slice(&last[..rest.len()]);
            }
        }
    }

    fn is_distance_on_a_line(self, points: &Points) -> bool {
        self == Kernel::Distance && points.dimension() == 1
    }
}

/// Energy distance D² of two sets. `None` for fewer than two points in either.
pub fn energy(real: &Points, draws: &Points) -> Option<Reading> {
    compare(real, &within(real, Kernel::Distance), draws, Kernel::Distance)
}

/// MMD² of two sets for a normal kernel. `None` for fewer than two points in either.
pub fn mmd(real: &Points, draws: &Points, bandwidth: f64) -> Option<Reading> {
    let kernel = Kernel::Normal { bandwidth };
    compare(real, &within(real, kernel), draws, kernel)
}

/// The statistic, with the sums within the real points at hand: a distance counts as it is, a
/// similarity with its sign turned.
pub fn compare(real: &Points, own: &[f64], draws: &Points, kernel: Kernel) -> Option<Reading> {
    if real.len() < 2 || draws.len() < 2 || !draws.is_finite() {
        return None;
    }
    let [real_across, draws_across] = across(real, draws, kernel);
    let (of_real, real_error) = project(&real_across, draws.len(), own);
    let (of_draws, draws_error) = project(&draws_across, real.len(), &within(draws, kernel));
    let sign = if kernel == Kernel::Distance { 1.0 } else { -1.0 };
    // 0 + x: no model is at distance −0.
    Reading::estimate(0.0 + sign * (of_real + of_draws), (real_error + draws_error).sqrt())
}

/// One set's half of the statistic, and its half of the variance.
///
/// `across` and `own` sum the kernel over the `others` points of the other set, and over the set's own.
fn project(across: &[f64], others: usize, own: &[f64]) -> (f64, f64) {
    let n = across.len() as f64;
    let term = |(a, o): (&f64, &f64)| a / others as f64 - o / (n - 1.0);
    let terms: Vec<f64> = across.iter().zip(own).map(term).collect();
    let mean = terms.iter().sum::<f64>() / n;
    let square: f64 = terms.iter().map(|t| (t - mean) * (t - mean)).sum();
    (mean, 4.0 * square / (n - 1.0) / n)
}

/// For each point of a set, the sum of the kernel over the other points of the set.
///
/// Distances on a line come in the order of the points, everything else in the order of the set.
pub fn within(points: &Points, kernel: Kernel) -> Vec<f64> {
    if kernel.is_distance_on_a_line(points) {
        let sorted = sorted(points);
        return distances_on_a_line(&sorted, &sorted);
    }
    let (points, unit) = in_units(points, span(points), kernel);
    let mut sums = vec![0.0; points.len()];
    Columns::of(&points).each_row_after(&points, |i, row| {
        kernel.of_squares(row);
        let own = add_to(&mut sums[i + 1..], row);
        sums[i] += own;
    });
    sums.iter_mut().for_each(|sum| *sum *= unit);
    sums
}

/// For each point of either set, the sum of the kernel over the points of the other.
fn across(a: &Points, b: &Points, kernel: Kernel) -> [Vec<f64>; 2] {
    if kernel.is_distance_on_a_line(a) {
        let (a, b) = (sorted(a), sorted(b));
        return [distances_on_a_line(&a, &b), distances_on_a_line(&b, &a)];
    }
    let span = span(a).max(span(b));
    let ((a, unit), (b, _)) = (in_units(a, span, kernel), in_units(b, span, kernel));
    let mut of_b = vec![0.0; b.len()];
    let mut of_a = Vec::with_capacity(a.len());
    Columns::of(&b).each_row(&a, |_, row| {
        kernel.of_squares(row);
        of_a.push(unit * add_to(&mut of_b, row));
    });
    of_b.iter_mut().for_each(|sum| *sum *= unit);
    [of_a, of_b]
}

/// Adds a row to the sums of its columns, and says its own sum: in lanes of fixed number, so that
/// it does not depend on the machine.
fn add_to(columns: &mut [f64], row: &[f64]) -> f64 {
    const LANES: usize = 8;
    let mut lanes = [0.0; LANES];
    for (columns, row) in columns.chunks_exact_mut(LANES).zip(row.chunks_exact(LANES)) {
        for l in 0..LANES {
            columns[l] += row[l];
            lanes[l] += row[l];
        }
    }
    let whole = row.len() - row.len() % LANES;
    for ((column, lane), x) in columns[whole..].iter_mut().zip(&mut lanes).zip(&row[whole..]) {
        *column += x;
        *lane += x;
    }
    lanes.iter().sum()
}

/// The largest coordinate.
fn span(points: &Points) -> f64 {
    points.as_slice().iter().fold(0.0, |largest, x| x.abs().max(largest))
}

/// Points whose squared distances would overflow, in units that are a power of two; and that unit.
fn in_units(points: &Points, span: f64, kernel: Kernel) -> (Points, f64) {
    if kernel != Kernel::Distance || span < 1e100 {
        return (points.clone(), 1.0);
    }
    let unit = span.log2().floor().exp2();
    (Points::new(points.values().mapv(|x| x / unit)), unit)
}

fn sorted(points: &Points) -> Vec<f64> {
    let mut sorted = points.as_slice().to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// Σ_j |x − y_j| for each x: both sorted, in one walk. Between two points the sum is linear.
fn distances_on_a_line(xs: &[f64], ys: &[f64]) -> Vec<f64> {
    let (Some(&x), Some(&y)) = (xs.first(), ys.first()) else { return vec![0.0; xs.len()] };
    let m = ys.len() as f64;
    let (mut place, mut below) = (x.min(y), 0);
    let mut sum: f64 = ys.iter().map(|y| y - place).sum();
    let mut at = |x: f64| {
        let mut walk = |to: f64, below: usize| {
            sum += (to - place) * (2.0 * below as f64 - m);
            place = to;
        };
        while below < ys.len() && ys[below] <= x {
            walk(ys[below], below);
            below += 1;
        }
        walk(x, below);
        sum
    };
    xs.iter().map(|&x| at(x)).collect()
}

/// The median distance of two different points of a set. `None` where it is 0 or does not exist.
pub fn median_distance(points: &Points) -> Option<f64> {
    let n = points.len();
    let mut squares = Vec::with_capacity(n * n.saturating_sub(1) / 2);
    Columns::of(points).each_row_after(points, |_, row| squares.extend_from_slice(row));
    let upper = squares.len() / 2;
    if squares.is_empty() {
        return None;
    }
    let odd = squares.len() % 2 == 1;
    let (below, middle, _) = squares.select_nth_unstable_by(upper, f64::total_cmp);
    let lower = if odd { *middle } else { below.iter().copied().fold(0.0, f64::max) };
    let median = 0.5 * (lower.sqrt() + middle.sqrt());
    (median > 0.0 && median.is_finite()).then_some(median)
}

#[cfg(test)]
#[path = "discrepancy_tests.rs"]
mod tests;
