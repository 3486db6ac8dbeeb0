//! Moves every sample a part of the way to what it should have been.
//!
//! x ← (x + γ·π(x)) / (1 + γ). With towards = "world" or "founders", π is the optimal map from the normal
//! with the offered samples' mean and covariance to the one with those of the world (exact, or its whole
//! stock's; the founders' where it has none) or of the founders: π(x) = μ* + A·(x − μ),
//! A = Σ^{−½}(Σ^{½}Σ*Σ^{½})^{½}Σ^{−½}. Directions in which the samples do not vary stay without
//! variance. "nearest" makes π(x) the nearest founder. Labels stay.
//! Of normals, μ and (in one dimension) σ miss the target by 1/(1+γ) of what they missed it by, and the
//! Wasserstein distance falls by that factor in any dimension.
//! Under collapse: a lineage is pulled back each generation; γ → ∞ is real data's moments, or data itself.
//! Cost: O(n·d² + d³); "nearest" O(n·N·d) with N founders. With "world" each sample is one question.
//! Source: Gillman et al. 2024 (arXiv 2402.07087), whose operator mixes laws, (p + γp*) / (1 + γ).
//! Not to be confused with `match`, which chooses samples and moves none.

use super::pairs::Columns;
use super::{Curation, CurationBench};
use crate::distribution::Moments;
use crate::numeric::bounded::NonNegative;
use crate::numeric::linalg;
use crate::samples::{Points, Samples};
use crate::stream::Stream;
use ndarray::{Array1, Array2};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Correct {
    /// γ: 0 corrects nothing, 1 goes half of the way.
    pub strength: NonNegative,
    /// What samples are moved to: moments of the "world" or of the "founders", or the "nearest" founder.
    pub towards: Towards,
}

/// What samples are moved to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Towards {
    World,
    Founders,
    Nearest,
}

impl Default for Correct {
    fn default() -> Self {
        Correct { strength: NonNegative::literal(1.0), towards: Towards::World }
    }
}

impl Curation<Points> for Correct {
    fn curate(
        &self,
        offered: Points,
        bench: &CurationBench<'_, Points>,
        _rng: &mut Stream,
    ) -> Points {
        let target = match self.towards {
            Towards::World => {
                bench.ask(offered.len());
                world_moments(bench).or_else(|| moments_of(bench.founders))
            }
            Towards::Founders => moments_of(bench.founders),
            Towards::Nearest => None,
        };
        let ideal = match self.towards {
            Towards::Nearest => Some(nearest(&offered, bench.founders)),
            _ => target.and_then(|target| transported(&offered, &target)),
        };
        let Some(ideal) = ideal else { return offered };
        let share = self.strength.get() / (1.0 + self.strength.get());
        let moved = &offered.values() * (1.0 - share) + ideal * share;
        with_labels_of(&offered, Points::new(moved))
    }
}

fn with_labels_of(offered: &Points, points: Points) -> Points {
    let points = points.with_image(offered.image());
    match offered.labels() {
        Some(labels) => points.with_labels(labels.to_vec()),
        None => points,
    }
}

/// The world's moments: exact, or of its whole stock.
fn world_moments(bench: &CurationBench<'_, Points>) -> Option<Moments> {
    let compute = || bench.world.moments().or_else(|| moments_of(bench.world.stock()?));
    bench.memo.get("correct, moments of the world", compute).as_ref().clone()
}

/// Mean and covariance (divisor n); a single sample has covariance 0.
fn moments_of(points: &Points) -> Option<Moments> {
    let (mean, covariance) = points.moments(None)?;
    Some(Moments { mean, covariance })
}

/// All samples, moved as far as the optimal map between two normals moves them.
fn transported(offered: &Points, target: &Moments) -> Option<Array2<f64>> {
    let own = moments_of(offered)?;
    let (variances, axes) = linalg::symmetric_eigen(&own.covariance)?;
    // What rounding leaves of a constant grows with the constant.
    let rounding = (64.0 * f64::EPSILON).powi(2) * own.mean.dot(&own.mean);
    let flat = rounding.max(1e-14 * variances.iter().copied().fold(0.0, f64::max));
    let power = |of: fn(f64) -> f64| {
        let diagonal: Array1<f64> = variances.mapv(|v| if v > flat { of(v) } else { 0.0 });
        (&axes * &diagonal).dot(&axes.t())
    };
    let (root, inverse) = (power(f64::sqrt), power(|v| 1.0 / v.sqrt()));
    let between = linalg::square_root(&root.dot(&target.covariance).dot(&root))?;
    let map = inverse.dot(&between).dot(&inverse);
    // The map is symmetric: rows are multiplied from the right.
    Some((&offered.values() - &own.mean).dot(&map) + &target.mean)
}

/// The nearest founder of each sample.
fn nearest(offered: &Points, founders: &Points) -> Array2<f64> {
    let columns = Columns::of(founders);
    let mut row = vec![0.0; columns.len()];
    let mut ideal = offered.values().to_owned();
    for (x, mut ideal) in offered.rows().zip(ideal.rows_mut()) {
        if let Some((i, _)) = columns.nearest(x, &mut row) {
            ideal.assign(&founders.values().row(i));
        }
    }
    ideal
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::{Distribution, Gaussian};
    use crate::stream::{Role, stream};
    use ndarray::{arr1, arr2};

    fn corrected(table: &str, founders: &Points, offered: &Points) -> (Points, u64) {
        let curator: Correct = toml::from_str(table).expect("legal");
        let covariance = arr2(&[[2.0, 0.8], [0.8, 1.0]]);
        let world = Gaussian::full(arr1(&[1.0, -2.0]), covariance).expect("finite");
        Place::new(&world, founders.clone()).curate(&curator, offered.clone())
    }

    fn some(n: usize) -> Points {
        let model = Gaussian::full(arr1(&[0., 3.]), arr2(&[[0.5, -0.2], [-0.2, 0.3]]));
        model.expect("finite").draw(n, &mut stream(3, 0, 0, Role::DRAW))
    }

    #[test]
    fn without_end_samples_have_the_moments_of_the_world() {
        let offered = some(300);
        let (moved, asked) = corrected("strength = 1e12", &offered, &offered);
        let moments = moments_of(&moved).expect("many");
        assert!((&moments.mean - &arr1(&[1.0, -2.0])).iter().all(|e| e.abs() < 1e-9));
        let wanted = arr2(&[[2.0, 0.8], [0.8, 1.0]]);
        assert!((&moments.covariance - &wanted).iter().all(|e| e.abs() < 1e-9));
        assert_eq!(asked, 300);
    }

    #[test]
    fn nothing_moves_without_strength_and_samples_at_their_target_stay() {
        let offered = some(50);
        assert_eq!(corrected("strength = 0", &offered, &offered).0, offered);
        let (moved, asked) = corrected("towards = 'founders'", &offered, &offered);
        let off = (&moved.values() - &offered.values()).iter().map(|e| e.abs()).fold(0.0, f64::max);
        assert!(off < 1e-9 && asked == 0, "{off}");
    }

    #[test]
    fn the_nearest_founder_pulls_and_labels_stay() {
        let founders = Points::from_rows(vec![0., 0., 10., 10.], 2);
        let offered = Points::from_rows(vec![1., 1., 8., 8.], 2).with_labels(vec![4., 5.]);
        let (moved, _) = corrected("strength = 3\ntowards = 'nearest'", &founders, &offered);
        assert_eq!(moved.as_slice(), [0.25, 0.25, 9.5, 9.5]);
        assert_eq!(moved.labels().map(|l| l.to_vec()), Some(vec![4., 5.]));
    }

    #[test]
    fn a_constant_moves_and_stays_one() {
        let offered = Points::from_rows([[7., 7.]; 9].concat(), 2);
        let (moved, _) = corrected("strength = 1", &offered, &offered);
        let off = |x: &[f64]| (x[0] - 4.0).abs().max((x[1] - 2.5).abs());
        assert!(moved.rows().all(|x| off(x) < 1e-12));
    }
}
