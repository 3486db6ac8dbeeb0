//! Definitions 4 and 6: how much is left of a variance, or of the tail.
//!
//! Share left: λ = median over lineages of V_T/V_0 (variance: against the world) or of Q_T/Q_1 (tail:
//! against the first fit, which misses some of the tail whatever follows). The pace is the slope of ln V_t
//! over t in the last half of the generations, by least squares in each lineage, and its median; the
//! half-life is −ln 2 over it.
//! A variance collapses where λ is surely below a bound (a half, unless said otherwise) and the pace surely
//! below 0; a tail disappears where λ is below the bound.
//! Unit: none. Under collapse λ falls to 0. An extinct lineage has nothing left.
//! Not to be confused with the mean over lineages, which need not fall where every lineage does.

use super::{Centre, Curves, Lineage, Verdict};

/// What an end is held against.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Base {
    World,
    First,
}

impl Base {
    /// The symbol of what is left.
    pub fn statistic(self) -> &'static str {
        match self {
            Base::World => "V_T/V_0",
            Base::First => "Q_T/Q_1",
        }
    }
}

/// Below this share nothing worth the name is left.
pub const GONE: f64 = 0.05;

/// What is left, and how fast it goes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Decline {
    pub left: Centre,
    /// Lineages in which less than [`GONE`] is left.
    pub gone: usize,
    /// Of ln V_t, for each generation.
    pub slope: Option<Centre>,
    pub left_out: usize,
}

/// The decline of a metric; none where no lineage has a positive base.
pub fn decline(curves: &Curves, base: Base, alpha: f64) -> Option<Decline> {
    let last = curves.generations.len().checked_sub(1)?;
    let share = |lineage: &Lineage| {
        if curves.is_dead(lineage, last) {
            return Some(0.0);
        }
        let whole = match base {
            Base::World => lineage.world,
            Base::First => lineage.readings.first().copied()?,
        };
        let whole = whole.filter(|whole| *whole > 0.0 && whole.is_finite())?;
        Some(lineage.readings.get(last).copied()?? / whole)
    };
    let left: Vec<f64> = curves.lineages.iter().filter_map(share).collect();
    let slopes: Vec<f64> =
        curves.lineages.iter().filter_map(|lineage| slope(curves, lineage)).collect();
    Some(Decline {
        left: Centre::of(&left, alpha)?,
        gone: left.iter().filter(|left| **left < GONE).count(),
        slope: Centre::of(&slopes, alpha),
        left_out: curves.lineages.len() - left.len(),
    })
}

/// The slope of ln V_t in the last half of the generations, of three or more; −∞ once nothing is left.
fn slope(curves: &Curves, lineage: &Lineage) -> Option<f64> {
    let last = curves.generations.len().checked_sub(1)?;
    if curves.at(lineage, last, 0.0)? <= 0.0 {
        return Some(f64::NEG_INFINITY);
    }
    let middle = curves.first().midpoint(curves.last());
    let half = curves.generations.partition_point(|t| *t < middle).min(last.saturating_sub(2));
    let logarithm = |place: usize| {
        let value = curves.at(lineage, place, 0.0).filter(|value| *value > 0.0)?;
        Some((f64::from(curves.generations[place]), value.ln()))
    };
    let points: Vec<(f64, f64)> = (half..=last).map(logarithm).collect::<Option<_>>()?;
    if points.len() < 3 { None } else { line(&points).filter(|slope| slope.is_finite()) }
}

/// The slope of the line through points by least squares; none where they lie above each other.
pub fn line(points: &[(f64, f64)]) -> Option<f64> {
    let n = points.len() as f64;
    let mean = |of: fn(&(f64, f64)) -> f64| points.iter().map(of).sum::<f64>() / n;
    let (x, y) = (mean(|point| point.0), mean(|point| point.1));
    let squares: f64 = points.iter().map(|point| (point.0 - x).powi(2)).sum();
    let products: f64 = points.iter().map(|point| (point.0 - x) * (point.1 - y)).sum();
    (squares > 0.0).then(|| products / squares)
}

impl Decline {
    /// The generations in which half of it goes, at the last pace: infinite where it does not fall.
    pub fn half_life(&self) -> Option<Centre> {
        let half = |slope: f64| match slope < 0.0 {
            true => std::f64::consts::LN_2 / -slope,
            false => f64::INFINITY,
        };
        self.slope.map(|slope| slope.map(half))
    }

    /// Definition 4.
    pub fn is_collapsing(&self, bound: f64) -> Verdict {
        let falls = self.slope.and_then(|slope| slope.interval);
        match (Verdict::of_losing(&self.left, bound), falls) {
            (Verdict::Yes, Some((_, high))) if high < 0.0 => Verdict::Yes,
            (Verdict::Yes, Some((low, _))) if low >= 0.0 => Verdict::No,
            (Verdict::Yes, _) => Verdict::Undecided,
            (other, _) => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::curves::tests::curves;
    use super::*;

    /// Eight lineages of 2·share^t, each a little different.
    fn geometric(share: f64, generations: i32) -> Curves {
        let row = |i: i32| -> Vec<f64> {
            let start = 2.0 + 0.01 * f64::from(i);
            (1..=generations).map(|t| start * share.powi(t)).collect()
        };
        let rows: Vec<Vec<f64>> = (0..8).map(row).collect();
        curves(2.0, &rows)
    }

    #[test]
    fn a_geometric_decline_has_its_share_and_its_half_life() {
        let found = decline(&geometric(0.5, 6), Base::World, 0.05).expect("shares");
        assert!((found.left.median / (2.035 / 2.0 / 64.0) - 1.0).abs() < 1e-12);
        assert_eq!(found.gone, 8);
        let life = found.half_life().expect("a slope").median;
        assert!((life - 1.0).abs() < 1e-12, "{life}");
        assert_eq!(found.is_collapsing(0.5), Verdict::Yes);
        let first = decline(&geometric(0.5, 6), Base::First, 0.05).expect("shares");
        assert!((first.left.median - 1.0 / 32.0).abs() < 1e-15);
    }

    #[test]
    fn what_is_low_and_does_not_fall_does_not_collapse() {
        let still = decline(&curves(9.0, &[[1.0; 6]; 8]), Base::World, 0.05).expect("shares");
        assert_eq!(still.half_life().expect("a slope").median, f64::INFINITY);
        assert_eq!(still.is_collapsing(0.5), Verdict::No);
        let high = decline(&geometric(0.99, 6), Base::World, 0.05).expect("shares");
        assert_eq!(high.is_collapsing(0.5), Verdict::No);
        // Two generations have no pace.
        let short = decline(&geometric(0.1, 2), Base::World, 0.05).expect("shares");
        assert_eq!((short.slope, short.is_collapsing(0.5)), (None, Verdict::Undecided));
        let one = decline(&curves(1.0, &[[0.1, 0.01, 0.001]]), Base::World, 0.05).expect("one");
        assert_eq!(one.is_collapsing(0.5), Verdict::Undecided);
    }

    #[test]
    fn the_dead_and_the_degenerate_have_nothing_left() {
        let mut dead = geometric(0.99, 4);
        dead.lineages.iter_mut().take(7).for_each(|lineage| lineage.end = Some(1));
        dead.lineages[7].readings = [0.5, 0.1, 0.0, 0.0].map(Some).to_vec();
        for base in [Base::World, Base::First] {
            let found = decline(&dead, base, 0.05).expect("shares");
            assert_eq!((found.left.median, found.gone, found.left_out), (0.0, 8, 0));
            assert_eq!(found.half_life().expect("a slope").median, 0.0);
            assert_eq!(found.is_collapsing(0.5), Verdict::Yes);
        }
        let nothing = curves(0.0, &[[1.0, 1.0]]);
        assert_eq!(decline(&nothing, Base::World, 0.05), None);
    }
}
