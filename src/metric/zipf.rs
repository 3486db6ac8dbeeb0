//! Zipf exponent of p_t: minus the slope of ln frequency on ln rank, by least squares.
//!
//! Types are ranked by their frequency, the most frequent first; the line goes through the first
//! `ranks` of those that occur, all of equal weight.
//! Unit: none. Range: [0, ∞); target: the world's own value.
//! Under collapse: grows, as frequent types gain on rare ones; then there is nothing left to rank.
//! Empty with fewer than two types.
//! Bias: exact frequencies have none, if what they follow is no power law either. Of draws the rare
//! ranks are sorted by their own noise, and the last ones stand on a step of types seen once: lower
//! `ranks` to types that are drawn some ten times. The band to read a model against is a generation
//! 0 that is measured in the same way: fewer draws, another value.
//! Cost: O(types·ln types). Exact where p_t knows its frequencies, else of the draws.
//! Source: Zipf 1949; Clauset, Shalizi and Newman 2009 for what this estimate is worth.
//! Not to be confused with the world `zipf`, whose parameter it recovers, or with a fit by maximum
//! likelihood, in which frequent types weigh more.

use super::{
    Card, Metric, Reading, Target,
    marginal::{self, Typed},
};
use crate::lineage::{Noise, Snapshot};
use crate::numeric::bounded::Count;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Zipf {
    /// The most frequent types, through which the line goes.
    pub ranks: Count,
}

impl Default for Zipf {
    fn default() -> Self {
        Zipf { ranks: Count::literal(1000) }
    }
}

impl<S: Typed> Metric<S> for Zipf {
    fn card(&self) -> Card {
        Card {
            symbol: "−slope of ln frequency on ln rank",
            unit: "",
            target: Target::World,
            cost: "O(types·ln types)",
            source: "Zipf 1949",
        }
    }

    fn measure(&self, now: &Snapshot<'_, S>, _noise: Noise<'_>) -> Option<Reading> {
        Reading::exact(exponent(&marginal::of_model(now)?, self.ranks.get())?)
    }
}

/// The exponent of the first ranks. `None` where fewer than two types have any mass.
pub fn exponent(shares: &[f64], ranks: usize) -> Option<f64> {
    let mut shares: Vec<f64> = shares.iter().copied().filter(|share| *share > 0.0).collect();
    shares.sort_unstable_by(|a, b| b.total_cmp(a));
    shares.truncate(ranks);
    if shares.len() < 2 {
        return None;
    }
    let n = shares.len() as f64;
    let points: Vec<(f64, f64)> =
        (1..).zip(&shares).map(|(rank, share)| (f64::from(rank).ln(), share.ln())).collect();
    let (x, y) = points.iter().fold((0.0, 0.0), |(a, b), (x, y)| (a + x / n, b + y / n));
    let (across, along) = points.iter().fold((0.0, 0.0), |(across, along), (u, v)| {
        (across + (u - x) * (v - y), along + (u - x).powi(2))
    });
    // 0 − x, so that equal types have the exponent 0 and not −0.
    Some(0.0 - across / along)
}

#[cfg(test)]
mod tests {
    use super::super::bench::{measure, of_samples, of_world};
    use super::*;
    use crate::distribution::{Finite, Types};
    use crate::samples::Tokens;

    fn law(exponent: f64) -> Types {
        let weights: Vec<f64> = (1..=2000).map(|r| f64::from(r).powf(-exponent)).collect();
        Types::new(&weights, 1).expect("some weight")
    }

    #[test]
    fn a_power_law_gives_its_exponent_back_whatever_the_order_of_types() {
        for exact in [0.7, 1.0, 1.5] {
            let reading = of_world(&Zipf::default(), &law(exact)).expect("many types");
            assert!((reading.value - exact).abs() < 1e-10);
        }
        let shuffled = [0.25, 0.0, 1.0, 0.5, 1.0 / 3.0];
        assert!((exponent(&shuffled, 1000).expect("four types") - 1.0).abs() < 1e-12);
    }

    #[test]
    fn only_the_first_ranks_count() {
        let broken = [1.0, 0.5, 1.0 / 3.0, 1e-9];
        assert!((exponent(&broken, 3).expect("three") - 1.0).abs() < 1e-12);
        assert!(exponent(&broken, 4).expect("four") > 3.0);
    }

    #[test]
    fn one_type_alone_has_no_rank_to_fall_with_and_equal_ones_do_not_fall() {
        let world = law(1.0);
        let fixed = Finite::new(Tokens::of_length(vec![7; 5], 1, 2000)).expect("five");
        assert_eq!(of_samples(&Zipf::default(), &world, fixed), None);
        let equal = Types::new(&[1.; 2000], 1).expect("some weight");
        let flat = measure(&Zipf::default(), &world, &equal).expect("types");
        assert!(flat.value.abs() < 1e-12);
        assert_eq!(exponent(&[0.5, 0.5], 1), None);
    }
}
