//! Definition 1, catastrophic increase of population risk: R_T is at least c times R_1.
//!
//! ρ = median over lineages of R_T/R_1, with its interval. Yes where the whole interval is at or above
//! c, no where it is below. Unit: none; under collapse it grows.
//! c is a convention. Ten is an order of magnitude, and parts two laws in about ten generations: replace
//! adds R_1 in each (R_t = t·R_1, linear regression and means), accumulate never exceeds π²/6 of it
//! (Gerstgrasser et al. 2024; Dey & Donoho 2024).
//! An extinct lineage has an infinite ratio. A living one without a finite R_1 is left out.
//! Not to be confused with the rise of definition 2, which may be as small as one likes.

use super::{Centre, Curves};
use crate::analysis::quantile::quantile;

/// How often the first risk the last one is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Leap {
    pub ratio: Centre,
    /// The first generation in which the median ratio is at least c.
    pub reached: Option<u32>,
    pub left_out: usize,
}

/// The leap of risks that are positive; none where no lineage has a ratio.
pub fn leap(curves: &Curves, times: f64, alpha: f64) -> Option<Leap> {
    let at = |place: usize| -> Vec<f64> {
        let ratio = |lineage| {
            let now = curves.at(lineage, place, f64::INFINITY)?;
            let first = lineage.readings.first().copied()?;
            let first = first.filter(|first| first.is_finite() && *first > 0.0);
            match curves.is_dead(lineage, place) {
                true => Some(f64::INFINITY),
                false => Some(now / first?),
            }
        };
        curves.lineages.iter().filter_map(ratio).collect()
    };
    let last = curves.generations.len().checked_sub(1)?;
    let is_reached = |place: &usize| {
        let mut ratios = at(*place);
        ratios.sort_unstable_by(f64::total_cmp);
        quantile(&ratios, 0.5).is_some_and(|median| median >= times)
    };
    let ratios = at(last);
    let reached = (1..=last).find(is_reached).map(|place| curves.generations[place]);
    let left_out = curves.lineages.len() - ratios.len();
    Some(Leap { ratio: Centre::of(&ratios, alpha)?, reached, left_out })
}

#[cfg(test)]
mod tests {
    use super::super::curves::tests::curves;
    use super::*;

    #[test]
    fn ratios_are_those_of_each_lineage_and_the_dead_have_an_infinite_one() {
        let rows = [
            [1.0, 4.0, 20.0],
            [2.0, 4.0, 30.0],
            [1.0, 12.0, 11.0],
            [1.0, 11.0, 12.0],
            [0.5, 6.0, 9.0],
            [f64::INFINITY, 6.0, 9.0],
        ];
        let found = leap(&curves(0.0, &rows), 10.0, 0.05).expect("ratios");
        // 20, 15, 11, 12, 18, and one without a beginning.
        assert_eq!((found.ratio.median, found.ratio.n, found.left_out), (15.0, 5, 1));
        // At generation 2: 4, 2, 12, 11, 12.
        assert_eq!(found.reached, Some(2));
        let mut dead = curves(0.0, &rows);
        dead.lineages[5].end = Some(1);
        let found = leap(&dead, 10.0, 0.05).expect("ratios");
        assert_eq!((found.ratio.median, found.left_out), (16.5, 0));
        assert_eq!(found.ratio.interval, Some((11.0, f64::INFINITY)));
        assert_eq!(leap(&dead, 100.0, 0.05).expect("ratios").reached, None);
    }

    #[test]
    fn without_a_beginning_there_is_no_ratio() {
        assert_eq!(leap(&curves(0.0, &[[f64::INFINITY, 1.0]]), 10.0, 0.05), None);
        assert_eq!(leap(&Curves::default(), 10.0, 0.05), None);
    }
}
