//! Keeps the subset of the offered samples that matches the founders, or that lies farthest apart.
//!
//! "centre" picks round(keep·m) samples whose mean is near the founders'; "covariance" whose mean and
//! covariance are: greedily, each time the candidate that leaves the least
//! ‖Σ_{i ≤ t} φ(xᵢ) − t·φ̄‖, with φ(x) = x, or x and all products, of coordinates in which the founders
//! have mean 0 and covariance I, and φ̄ their mean. Each step looks at ⌈ln 100·m/k⌉ random candidates,
//! which in expectation is 99 % as good as looking at all. "farthest-point" starts with the first sample
//! and adds the one farthest from all chosen so far (squared Euclidean distance; ties: the earlier).
//! Under collapse: "covariance" holds the moments at the founders', errors of these included; "centre"
//! alone prefers samples near it, and loses variance; "farthest-point" keeps tails, outliers included.
//! Cost: O(m·f), f the number of features (d, or d + d(d+1)/2); "farthest-point" O(k·m·d).
//! Source: herding, Welling 2009; Mirzasoleiman et al. 2015 (random candidates); Gonzalez 1985, and
//! Shi et al. 2025 (arXiv 2509.16499) for the farthest point.
//! Not to be confused with `correct`, which moves samples instead of choosing among them.

use super::pairs::Columns;
use super::{Curation, CurationBench, Draw, rank};
use crate::distribution::Moments;
use crate::numeric::bounded::Share;
use crate::numeric::linalg;
use crate::samples::{Points, Samples};
use crate::stream::Stream;
use ndarray::{Array1, Array2, ArrayView1, Axis};
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Match {
    /// What is matched: "centre", "covariance" (and the centre), or "farthest-point".
    pub of: Of,
    /// The share that survives, 0 < keep ≤ 1.
    pub keep: Share,
    /// "kept": draw enough that the schedule's number survives; "offspring": draw that number.
    pub draw: Draw,
}

/// What a subset is chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Of {
    Centre,
    Covariance,
    FarthestPoint,
}

impl Default for Match {
    fn default() -> Self {
        Match { of: Of::Covariance, keep: Share::literal(0.5), draw: Draw::Kept }
    }
}

impl Curation<Points> for Match {
    fn draws(&self, n: usize) -> usize {
        self.draw.offers(n, self.keep.get())
    }

    fn draw(&self) -> Draw {
        self.draw
    }

    fn curate(
        &self,
        offered: Points,
        bench: &CurationBench<'_, Points>,
        rng: &mut Stream,
    ) -> Points {
        let k = rank::part(self.keep.get(), offered.len()).max(1);
        if k >= offered.len() {
            return offered;
        }
        let rows = match self.of {
            Of::FarthestPoint => farthest_points(&offered, k),
            of => herd(&features(&offered, bench.founders, of), k, rng),
        };
        rank::survivors(&offered, rows)
    }
}

/// Features of every offered sample, less the founders' mean of each.
fn features(offered: &Points, founders: &Points, of: Of) -> Array2<f64> {
    let d = offered.dimension();
    let whole = Whitening::by(founders);
    let (mut all, own) = (whole.of(offered), whole.of(founders));
    if of == Of::Covariance {
        all = with_products(&all, d);
        let mean = with_products(&own, d).mean_axis(Axis(0));
        all -= &mean.unwrap_or_else(|| Array1::zeros(all.ncols()));
    }
    all
}

/// The map that gives founders mean 0 and covariance I.
struct Whitening {
    mean: Array1<f64>,
    map: Array2<f64>,
}

impl Whitening {
    /// Directions in which founders do not vary are left as they are.
    fn by(founders: &Points) -> Self {
        let d = founders.dimension();
        let mean = founders.values().mean_axis(Axis(0)).unwrap_or_else(|| Array1::zeros(d));
        let eigen = Moments::of(founders).and_then(|m| linalg::symmetric_eigen(&m.covariance));
        let Some((variances, axes)) = eigen else { return Whitening { mean, map: Array2::eye(d) } };
        let rounding = (64.0 * f64::EPSILON).powi(2) * mean.dot(&mean);
        let flat = rounding.max(1e-14 * variances.iter().copied().fold(0.0, f64::max));
        let scale = variances.mapv(|v| if v > flat { 1.0 / v.sqrt() } else { 1.0 });
        Whitening { mean, map: &axes * &scale }
    }

    fn of(&self, points: &Points) -> Array2<f64> {
        (&points.values() - &self.mean).dot(&self.map)
    }
}

/// z and z_i·z_j for i ≤ j; off the diagonal times √2, as in the norm of the matrix.
fn with_products(rows: &Array2<f64>, d: usize) -> Array2<f64> {
    let mut all = Array2::zeros((rows.nrows(), d + d * (d + 1) / 2));
    for (z, mut features) in rows.rows().into_iter().zip(all.rows_mut()) {
        let products = (0..d).flat_map(|i| (i..d).map(move |j| (i, j)));
        let product = |(i, j): (usize, usize)| {
            if i == j { z[i] * z[i] } else { std::f64::consts::SQRT_2 * z[i] * z[j] }
        };
        let values = z.iter().copied().chain(products.map(product));
        features.iter_mut().zip(values).for_each(|(feature, value)| *feature = value);
    }
    all
}

/// k rows whose features sum to about zero, each the best of some candidates.
fn herd(features: &Array2<f64>, k: usize, rng: &mut Stream) -> Vec<usize> {
    let m = features.nrows();
    let candidates = (100_f64.ln() * m as f64 / k as f64).ceil() as usize;
    let mut left: Vec<usize> = (0..m).collect();
    let mut sum = Array1::<f64>::zeros(features.ncols());
    let mut chosen = Vec::with_capacity(k);
    for _ in 0..k {
        let seen = candidates.min(left.len());
        let mut best = (f64::INFINITY, 0);
        for place in 0..seen {
            let other = rng.random_range(place..left.len());
            left.swap(place, other);
            let square = square_of_sum(&sum, features.row(left[place]));
            if square < best.0 {
                best = (square, place);
            }
        }
        let row = left.swap_remove(best.1);
        sum += &features.row(row);
        chosen.push(row);
    }
    chosen
}

fn square_of_sum(sum: &Array1<f64>, row: ArrayView1<'_, f64>) -> f64 {
    sum.iter().zip(row).map(|(a, b)| (a + b) * (a + b)).sum()
}

/// k rows, each the farthest from those before it.
fn farthest_points(offered: &Points, k: usize) -> Vec<usize> {
    let columns = Columns::of(offered);
    let mut nearest = vec![f64::INFINITY; columns.len()];
    let mut row = vec![0.0; columns.len()];
    let mut chosen = vec![0];
    let mut last = 0;
    while chosen.len() < k {
        columns.squares(offered.row(last), 0, &mut row);
        nearest.iter_mut().zip(&row).for_each(|(near, square)| *near = square.min(*near));
        // Below all distances: copies of a chosen point may still follow it.
        nearest[last] = -1.0;
        let most = nearest.iter().copied().fold(-1.0, f64::max);
        last = nearest.iter().position(|&near| near == most).unwrap_or(0);
        chosen.push(last);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::{Distribution, Gaussian};
    use crate::stream::{Role, stream};
    use ndarray::{arr1, arr2};

    fn kept(of: &str, founders: &Points, offered: &Points) -> Points {
        let curator: Match = toml::from_str(&format!("of = '{of}'")).expect("legal");
        let model = Gaussian::spherical(Array1::zeros(offered.dimension()), 1.0);
        Place::new(&model, founders.clone()).curate(&curator, offered.clone()).0
    }

    fn draw(normal: &Gaussian, n: usize, seed: u64) -> Points {
        normal.draw(n, &mut stream(seed, 0, 0, Role::DRAW))
    }

    #[test]
    fn the_subset_has_the_moments_of_the_founders_rather_than_its_own() {
        let founder =
            Gaussian::full(arr1(&[1., 0.]), arr2(&[[2., 0.5], [0.5, 1.]])).expect("finite");
        let founders = draw(&founder, 500, 1);
        let offered = draw(&Gaussian::spherical(arr1(&[0.7, 0.3]), 1.6), 2000, 2);
        let wanted = Moments::of(&founders).expect("many");
        let got = Moments::of(&kept("covariance", &founders, &offered)).expect("many");
        assert!((&got.mean - &wanted.mean).iter().all(|e| e.abs() < 0.02), "{:?}", got.mean);
        let off = (&got.covariance - &wanted.covariance).iter().map(|e| e.abs()).fold(0., f64::max);
        assert!(off < 0.05, "{got:?} for {wanted:?}");
        let centred = Moments::of(&kept("centre", &founders, &offered)).expect("many");
        assert!((&centred.mean - &wanted.mean).iter().all(|e| e.abs() < 0.02));
        assert!(centred.trace() < wanted.trace(), "a centre alone keeps no variance");
    }

    #[test]
    fn farthest_points_are_the_corners_and_not_the_crowd() {
        let offered = Points::from_rows(vec![0., 0.1, 10., 0.2, -4., 9.9, 0.1, 5.], 1);
        let kept = kept("farthest-point", &offered, &offered);
        // 0, then 10, then 5 (5 from both), then −4.
        assert_eq!(kept.as_slice(), [0., 10., -4., 5.]);
    }

    #[test]
    fn copies_fill_up_what_has_no_other_points() {
        let offered = Points::from_rows(vec![3.; 6], 1);
        for of in ["centre", "covariance", "farthest-point"] {
            assert_eq!(kept(of, &offered, &offered).len(), 3, "{of}");
        }
    }
}
