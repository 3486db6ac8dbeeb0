//! Keeps the samples that the model itself gives the lowest density.
//!
//! Of m offered samples the round(keep·m) with the smallest ln p_t(x) survive, in their order; ties go
//! to the earlier sample. A model without a density keeps everything it offers.
//! Under collapse: spreads the next generation, and moves it away from the model's own modes; with keep
//! far below 1 only the model's errors are left to learn from.
//! Cost: one density per offered sample.
//! Source: the opposite of own-likelihood filtering, a control for the selection studied by Feng et al.
//! 2024 (arXiv 2406.07515).
//! Not to be confused with `oversample-tail`, which keeps all samples and repeats the rare ones.

use super::{Curation, CurationBench, Draw, rank};
use crate::numeric::bounded::Share;
use crate::samples::Samples;
use crate::stream::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct LeastLikely {
    /// The share that survives, 0 < keep ≤ 1.
    pub keep: Share,
    /// "kept": draw enough that the schedule's number survives; "offspring": draw that number.
    pub draw: Draw,
}

impl Default for LeastLikely {
    fn default() -> Self {
        LeastLikely { keep: Share::literal(0.9), draw: Draw::Kept }
    }
}

impl<S: Samples> Curation<S> for LeastLikely {
    fn draws(&self, n: usize) -> usize {
        self.draw.offers(n, self.keep.get())
    }

    fn draw(&self) -> Draw {
        self.draw
    }

    fn curate(&self, offered: S, bench: &CurationBench<'_, S>, _rng: &mut Stream) -> S {
        let Some(density) = bench.model.density() else { return offered };
        let rarity: Vec<f64> = density.ln_density(&offered).into_iter().map(|ln| -ln).collect();
        let mut rows = rank::highest_first(&rarity);
        rows.truncate(rank::part(self.keep.get(), offered.len()));
        rank::survivors(&offered, rows)
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::Gaussian;
    use crate::samples::Points;
    use ndarray::arr1;

    #[test]
    fn the_least_likely_share_survives_in_its_order() {
        let curator = LeastLikely { keep: Share::literal(0.4), ..Default::default() };
        let model = Gaussian::spherical(arr1(&[0.0]), 1.0);
        let place = Place::new(&model, Points::from_rows(vec![0.0], 1));
        let offered = Points::from_rows(vec![-2., -1., 0.5, 3., 2.], 1);
        // Of −2 and 2 the earlier.
        assert_eq!(place.curate(&curator, offered).0.as_slice(), [-2., 3.]);
    }
}
