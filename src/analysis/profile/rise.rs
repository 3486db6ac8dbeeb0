//! Definitions 2 and 7: something rose from the first to the last generation, by however little.
//!
//! d_i = x_T − x_1 in lineage i, with x the population risk, or the share of draws that lie outside the
//! world. One-sided sign test of "in more than half of all lineages it rose", adjusted by Holm over the
//! arms and cells that are told together. Yes where p ≤ α. No where the interval of the median d lies at
//! or below a margin that is no rise: 0 for risks. In between the trials do not tell.
//! Unit: that of x. Under collapse d is positive.
//! A living lineage without a finite x_1 is left out. One that is extinct has infinite risk, and no draws.
//! Not to be confused with a comparison of arms: each lineage is held against its own beginning.

use super::super::comparison::holm::holm;
use super::{Centre, Curves, Signs, Verdict};

/// What happened between the first and the last generation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rise {
    pub difference: Centre,
    pub signs: Signs,
    pub left_out: usize,
    /// What is no rise.
    pub margin: f64,
}

/// The rise of a metric, whose value of an extinct lineage is `dead`; none where no lineage has one.
pub fn rise(curves: &Curves, dead: Option<f64>, margin: f64, alpha: f64) -> Option<Rise> {
    let last = curves.generations.len().checked_sub(1)?;
    let difference = |lineage| {
        if curves.is_dead(lineage, last) {
            return dead;
        }
        let first = lineage.readings.first().copied()??;
        Some(lineage.readings.get(last).copied()?? - first).filter(|_| first.is_finite())
    };
    let all: Vec<f64> = curves.lineages.iter().filter_map(difference).collect();
    let left_out = curves.lineages.len() - all.len();
    let (difference, signs) = (Centre::of(&all, alpha)?, Signs::of(&all));
    Some(Rise { difference, signs, left_out, margin })
}

/// The p-values of rises that are told together, adjusted by Holm, and what they say.
pub fn judge(rises: &[Option<Rise>], alpha: f64) -> Vec<Option<(f64, Verdict)>> {
    let p: Vec<f64> = rises.iter().flatten().map(|rise| rise.signs.p()).collect();
    let mut adjusted = holm(&p).into_iter();
    let mut judge = |rise: &Option<Rise>| {
        let (rise, p) = (rise.as_ref()?, adjusted.next()?);
        let verdict = match rise.difference.interval {
            _ if p <= alpha => Verdict::Yes,
            Some((_, high)) if high <= rise.margin => Verdict::No,
            _ => Verdict::Undecided,
        };
        Some((p, verdict))
    };
    rises.iter().map(&mut judge).collect()
}

#[cfg(test)]
mod tests {
    use super::super::curves::tests::curves;
    use super::*;
    use crate::stream::{Role, Stream, stream};
    use rand_distr::{Distribution, LogNormal};
    use statrs::distribution::{Beta, Binomial, ContinuousCDF, DiscreteCDF};

    fn verdicts(rises: &[Option<Rise>]) -> Vec<Option<Verdict>> {
        judge(rises, 0.05).into_iter().map(|found| Some(found?.1)).collect()
    }

    #[test]
    fn differences_are_those_of_each_lineage() {
        let mut risks = curves(0.0, &[[1.0, 9.0, 2.0], [1.0, 9.0, 4.0], [f64::INFINITY, 1.0, 1.0]]);
        let found = rise(&risks, Some(f64::INFINITY), 0.0, 0.05).expect("differences");
        assert_eq!((found.difference.median, found.left_out), (2.0, 1));
        assert_eq!(found.signs, Signs { up: 2, down: 0 });
        risks.lineages[1].end = Some(2);
        let with = rise(&risks, Some(f64::INFINITY), 0.0, 0.05).expect("differences");
        assert_eq!((with.difference.median, with.signs.up), (f64::INFINITY, 2));
        let without = rise(&risks, None, 0.0, 0.05).expect("differences");
        assert_eq!((without.difference.n, without.left_out), (1, 2));
    }

    #[test]
    fn rises_are_found_refused_or_open() {
        let of = |differences: &[f64]| {
            let rows: Vec<[f64; 2]> = differences.iter().map(|d| [1.0, 1.0 + d]).collect();
            rise(&curves(0.0, &rows), Some(f64::INFINITY), 0.0, 0.05)
        };
        let (up, down, still) = (of(&[0.5; 9]), of(&[-0.5; 9]), of(&[0.0; 9]));
        let both = of(&[0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5, -0.5, 0.5]);
        use Verdict::*;
        let found = verdicts(&[up, down, None, still, both]);
        assert_eq!(found, [Some(Yes), Some(No), None, Some(No), Some(Undecided)]);
        // One lineage tells nothing; five in one direction are enough by themselves, not beside four.
        assert_eq!(verdicts(&[of(&[0.5])]), [Some(Undecided)]);
        assert_eq!(verdicts(&[of(&[0.5; 5])]), [Some(Yes)]);
        assert_eq!(verdicts(&[of(&[0.5; 5]), both, both, both])[0], Some(Undecided));
        // A margin that is no rise; three lineages have no interval that could lie below it.
        let wide = |rise: Option<Rise>| rise.map(|rise| Rise { margin: 0.6, ..rise });
        let within = [wide(both), wide(of(&[-0.5; 3]))];
        assert_eq!(verdicts(&within), [Some(No), Some(Undecided)]);
    }

    /// The share of tables in which a rise is found, and its upper 97.5 % limit (Clopper & Pearson).
    fn found(
        tables: usize,
        arms: usize,
        n: usize,
        draw: impl Fn(&mut Stream) -> f64,
    ) -> (f64, f64) {
        let mut hits = 0;
        for table in 0..tables {
            let mut rng = stream(17, table as u32, 0, Role::compare("equal in law"));
            let mut arm = || {
                let rows: Vec<[f64; 2]> =
                    (0..n).map(|_| [draw(&mut rng), draw(&mut rng)]).collect();
                rise(&curves(0.0, &rows), Some(f64::INFINITY), 0.0, 0.05)
            };
            let rises: Vec<Option<Rise>> = (0..arms).map(|_| arm()).collect();
            hits += usize::from(verdicts(&rises).contains(&Some(Verdict::Yes)));
        }
        let (k, n) = (hits as f64, tables as f64);
        (k / n, Beta::new(k + 1.0, n - k).expect("a law").inverse_cdf(0.975))
    }

    #[test]
    fn risks_that_are_equal_in_law_are_seldom_found_to_rise() {
        // Heavy tails, as products over generations have them.
        let law = LogNormal::new(0.0, 2.0).expect("a law");
        let (rate, limit) = found(4000, 1, 25, |rng| law.sample(rng));
        // 18 of 25 or more.
        let exact = Binomial::new(0.5, 25).expect("a law").sf(17);
        assert!((rate - exact).abs() < 4.0 * (exact / 4000.0).sqrt(), "{rate} {exact}");
        assert!(limit < 0.05, "{limit}");
        // The least p of six is at most 5 % over 6: 19 of 25 or more in one of them.
        let (rate, limit) = found(20_000, 6, 25, |rng| law.sample(rng));
        let one = Binomial::new(0.5, 25).expect("a law").sf(18);
        let exact = 1.0 - (1.0 - one).powi(6);
        assert!((rate - exact).abs() < 4.0 * (exact / 20_000.0).sqrt(), "{rate} {exact}");
        assert!(limit < 0.05, "{limit}");
    }

    #[test]
    fn shares_that_are_equal_in_law_are_seldom_found_to_rise() {
        // Of 50 draws, so that many differences are 0.
        let law = rand_distr::Binomial::new(50, 0.04).expect("a law");
        let share = |rng: &mut Stream| law.sample(rng) as f64 / 50.0;
        for (arms, n) in [(1, 20), (1, 60), (4, 40)] {
            let (rate, limit) = found(2000, arms, n, share);
            assert!(rate > 0.002 && limit < 0.05, "{arms} {n}: {rate} {limit}");
        }
    }
}
