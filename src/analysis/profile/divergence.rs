//! Definition 3, asymptotically diverging risk: does the course of R_t end?
//!
//! The median risk over lineages, at up to [`MOST`] generations. On the first two thirds of them three
//! courses are fitted: none (a), a + b·t^c and a + b·(1 − e^{−t/τ}); the one that foretells the last third
//! with the least squared error wins. It diverges if it is a power with b, c > 0, or a line (τ beyond three
//! times the last generation, b > 0); otherwise it levels off. A median that is infinite diverges.
//! This is done again for resamples of lineages, as many as there are, with replacement. Yes where at least
//! a share of 0.95 diverges, no where at most 0.05 does.
//! What was seen ends at T: a course that levels off later than that is told as one that does not.
//! In-sample fits (all courses have three numbers, so AIC and BIC compare their residuals) part a line
//! from a slow levelling off less surely: in one simulated table of linear regression under replace, 50
//! generations of 100 lineages, 71 % of resamples diverge by them, and 96 % here.
//! It needs 6 generations, and 6 lineages. Unit of the share: none; under collapse it is 1.
//! Source: the two courses are those of the definition; the decision is ours.

use rand::Rng;

use super::Curves;
use super::shape::{Course, Family, Fit, flat};
use crate::stream::Stream;

/// No more generations than these are looked at, evenly spread.
pub const MOST: usize = 40;
pub const FEWEST_GENERATIONS: usize = 6;
pub const FEWEST_LINEAGES: usize = 6;

/// How a median risk goes on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Divergence {
    /// The share of resamples that diverge.
    pub share: f64,
    pub resamples: usize,
    /// The first generation in which the median risk is infinite.
    pub infinite: Option<u32>,
    /// The winner on the lineages themselves, fitted to all generations, and whether it has no end.
    pub best: Option<(Fit, bool)>,
    pub lineages: usize,
}

/// Why there is nothing to tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TooFew {
    Generations(usize),
    Lineages(usize),
}

/// The course of a risk.
pub fn divergence(
    curves: &Curves,
    resamples: usize,
    rng: &mut Stream,
) -> Result<Divergence, TooFew> {
    let seen = curves.generations.len();
    if seen < FEWEST_GENERATIONS {
        return Err(TooFew::Generations(seen));
    }
    let places = spread(seen, MOST);
    let rows = rows(curves, &places);
    let n = rows.len();
    if n < FEWEST_LINEAGES {
        return Err(TooFew::Lineages(n));
    }
    let times: Vec<f64> = places.iter().map(|i| f64::from(curves.generations[*i])).collect();
    let oracle = Oracle::of(&times);
    let all: Vec<usize> = (0..n).collect();
    let mut hits = 0;
    let mut chosen = vec![0; n];
    for _ in 0..resamples {
        chosen.iter_mut().for_each(|i| *i = (((rng.next_u64() >> 32) * n as u64) >> 32) as usize);
        hits += usize::from(oracle.diverges(&medians(&rows, &chosen)));
    }
    let own = medians(&rows, &all);
    let infinite = own.iter().position(|risk| risk.is_infinite());
    Ok(Divergence {
        share: hits as f64 / resamples.max(1) as f64,
        resamples,
        infinite: infinite.map(|i| curves.generations[places[i]]),
        best: infinite
            .is_none()
            .then(|| oracle.whole(&own))
            .map(|fit| (fit, oracle.is_endless(&fit))),
        lineages: n,
    })
}

/// So many places among n, with both ends.
pub fn spread(n: usize, most: usize) -> Vec<usize> {
    if n <= most {
        return (0..n).collect();
    }
    (0..most).map(|i| (i * (n - 1) + (most - 1) / 2) / (most - 1)).collect()
}

/// The risks of the lineages that have one everywhere; the dead have an infinite one.
fn rows(curves: &Curves, places: &[usize]) -> Vec<Vec<f64>> {
    let row = |lineage| -> Option<Vec<f64>> {
        let at = |place: &usize| curves.at(lineage, *place, f64::INFINITY);
        places.iter().map(at).collect()
    };
    curves.lineages.iter().filter_map(row).collect()
}

/// The median risk of these lineages at every place; half of them infinite make it infinite.
fn medians(rows: &[Vec<f64>], chosen: &[usize]) -> Vec<f64> {
    let n = chosen.len();
    let mut column = vec![0.0; n];
    let median = |place: usize| {
        column.iter_mut().zip(chosen).for_each(|(value, i)| *value = rows[*i][place]);
        let (below, upper, _) = column.select_nth_unstable_by(n / 2, f64::total_cmp);
        if n % 2 == 1 {
            return *upper;
        }
        let lower = below.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if lower == *upper { lower } else { lower.midpoint(*upper) }
    };
    (0..rows[0].len()).map(median).collect()
}

/// The three courses, for the beginning of a curve and for the whole of it.
struct Oracle {
    times: Vec<f64>,
    seen: usize,
    early: [Family; 2],
    whole: [Family; 2],
}

impl Oracle {
    fn of(times: &[f64]) -> Self {
        let seen = (2 * times.len()).div_ceil(3);
        let both = |times: &[f64]| [Family::levelling(times), Family::powers(times)];
        Self { times: times.to_vec(), seen, early: both(&times[..seen]), whole: both(times) }
    }

    /// The course that foretells the last third best, the simplest one of equals, as fitted before it.
    fn winner(&self, y: &[f64]) -> Fit {
        let (early, late) = y.split_at(self.seen);
        let late: Vec<(f64, f64)> =
            self.times[self.seen..].iter().copied().zip(late.iter().copied()).collect();
        let mut best = flat(early);
        for family in &self.early {
            let fit = family.fit(early);
            if fit.error(&late) < best.error(&late) {
                best = fit;
            }
        }
        best
    }

    fn diverges(&self, y: &[f64]) -> bool {
        let size = y.iter().fold(0.0, |size: f64, y| size.max(y.abs()));
        if size.is_infinite() {
            return true;
        }
        // Squares of risks near the largest f64 would overflow.
        let scaled: Vec<f64> = y.iter().map(|y| if size > 0.0 { y / size } else { 0.0 }).collect();
        self.is_endless(&self.winner(&scaled))
    }

    fn is_endless(&self, fit: &Fit) -> bool {
        let last = self.times.last().copied().unwrap_or(0.0);
        match fit.course {
            Course::Flat => false,
            Course::Power(c) => c > 0.0 && fit.b > 0.0,
            Course::Levelling(tau) => tau > 3.0 * last && fit.b > 0.0,
        }
    }

    /// The family of the winner, fitted to everything.
    fn whole(&self, y: &[f64]) -> Fit {
        match self.winner(y).course {
            Course::Flat => flat(y),
            Course::Levelling(_) => self.whole[0].fit(y),
            Course::Power(_) => self.whole[1].fit(y),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::curves::tests::curves;
    use super::*;
    use crate::stream::{Role, stream};
    use rand_distr::{Distribution, StandardNormal};

    fn rng(i: u32) -> Stream {
        stream(3, i, 0, Role::compare("divergence"))
    }

    fn of(rows: &[Vec<f64>], i: u32) -> Divergence {
        divergence(&curves(0.0, rows), 200, &mut rng(i)).expect("enough")
    }

    /// Squared lengths of walks in ten dimensions: the risk of linear regression. Each step is `shrink`
    /// of the step before it over its number.
    fn walks(
        n: usize,
        generations: u32,
        shrink: impl Fn(f64) -> f64,
        rng: &mut Stream,
    ) -> Vec<Vec<f64>> {
        let mut walk = || {
            let mut at = [0.0; 10];
            let mut step = |t: u32| {
                let scale = shrink(f64::from(t));
                at.iter_mut().for_each(|x| {
                    let noise: f64 = StandardNormal.sample(&mut *rng);
                    *x += scale * noise;
                });
                at.iter().map(|x| x * x).sum::<f64>()
            };
            (1..=generations).map(&mut step).collect()
        };
        (0..n).map(|_| walk()).collect()
    }

    #[test]
    fn exact_curves_diverge_or_level_off() {
        let rows = |of: fn(f64) -> f64| -> Vec<Vec<f64>> {
            (0..8).map(|i| (1..=15).map(|t| of(f64::from(t)) + f64::from(i)).collect()).collect()
        };
        assert_eq!(of(&rows(|t| t), 0).share, 1.0);
        assert_eq!(of(&rows(|t| 1e300 * t * t), 0).share, 1.0);
        assert_eq!(of(&rows(|t| 3.0 - (-t / 4.0).exp()), 0).share, 0.0);
        assert_eq!(of(&rows(|t| 3.0 - 1.0 / t), 0).share, 0.0);
        assert_eq!(of(&rows(|_| 2.0), 0).share, 0.0);
        assert_eq!(of(&rows(|t| 2.0 + 3.0 / t), 0).share, 0.0);
        assert_eq!(of(&rows(|t| 5.0 - t.sqrt()), 0).share, 0.0);
        let (line, is_endless) = of(&rows(|t| 2.0 * t), 0).best.expect("finite");
        assert!((line.at(30.0) - 63.5).abs() < 0.1 && is_endless, "{line:?}");
    }

    #[test]
    fn a_median_that_becomes_infinite_diverges() {
        let row = |i: usize| (1..=9).map(move |t| if t > 5 && i < 5 { f64::INFINITY } else { 1.0 });
        let found = of(&(0..8).map(|i| row(i).collect()).collect::<Vec<_>>(), 0);
        assert_eq!((found.infinite, found.best), (Some(6), None));
        assert!(found.share > 0.6 && found.share < 1.0);
    }

    #[test]
    fn few_generations_or_lineages_tell_nothing() {
        let short = curves(0.0, &[[1.0; 5]; 9]);
        assert_eq!(divergence(&short, 10, &mut rng(0)), Err(TooFew::Generations(5)));
        let few = curves(0.0, &[[1.0; 9]; 5]);
        assert_eq!(divergence(&few, 10, &mut rng(0)), Err(TooFew::Lineages(5)));
        assert_eq!(spread(3, 40), [0, 1, 2]);
        assert_eq!(spread(101, 5), [0, 25, 50, 75, 100]);
    }

    #[test]
    fn regression_diverges_under_replace_and_levels_off_under_accumulate() {
        let (mut grows, mut levels) = (0, 0);
        for i in 0..20 {
            let replace = of(&walks(100, 20, |_| 1.0, &mut rng(i)), i);
            let accumulate = of(&walks(100, 20, |t| 1.0 / t, &mut rng(i)), i);
            grows += usize::from(replace.share >= 0.95);
            levels += usize::from(accumulate.share <= 0.05);
            assert!(replace.share > 0.05 && accumulate.share < 0.95, "{i}");
        }
        // Not surely so: a walk of 20 steps may look as if it ended.
        assert!(grows >= 10 && levels >= 16, "{grows} {levels}");
    }

    #[test]
    fn noise_about_a_level_is_seldom_told_as_divergence() {
        let mut wrong = 0;
        for i in 0..100 {
            let mut rng = rng(1000 + i);
            let mut noise = || -> f64 { StandardNormal.sample(&mut rng) };
            let rows: Vec<Vec<f64>> =
                (0..30).map(|_| (0..12).map(|_| noise().exp()).collect()).collect();
            wrong += usize::from(of(&rows, i).share >= 0.95);
        }
        // 5 in 100, and four standard errors more would be 13.
        assert!(wrong <= 5, "{wrong}");
    }
}
