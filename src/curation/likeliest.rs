//! Keeps the samples that the model itself gives the highest density.
//!
//! Of m offered samples the round(keep·m) with the largest ln p_t(x) survive, in their order; ties go
//! to the earlier sample. A model without a density keeps everything it offers.
//! Under collapse: speeds it up; filtering by one's own likelihood cuts the tails each generation.
//! Cost: one density per offered sample.
//! Source: own-likelihood filtering, the selection studied by Feng et al. 2024 (arXiv 2406.07515).
//! Not to be confused with truncated sampling, which changes the model's own draws token by token;
//! of whole samples this is the nucleus: the likeliest of mass keep.

use super::{Curation, CurationBench, Draw, rank};
use crate::numeric::bounded::Share;
use crate::samples::Samples;
use crate::stream::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Likeliest {
    /// The share that survives, 0 < keep ≤ 1.
    pub keep: Share,
    /// "kept": draw enough that the schedule's number survives; "offspring": draw that number.
    pub draw: Draw,
}

impl Default for Likeliest {
    fn default() -> Self {
        Likeliest { keep: Share::literal(0.9), draw: Draw::Kept }
    }
}

impl<S: Samples> Curation<S> for Likeliest {
    fn draws(&self, n: usize) -> usize {
        self.draw.offers(n, self.keep.get())
    }

    fn draw(&self) -> Draw {
        self.draw
    }

    fn curate(&self, offered: S, bench: &CurationBench<'_, S>, _rng: &mut Stream) -> S {
        let Some(mut rows) = rank::likeliest_first(&offered, bench) else { return offered };
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

    fn survivors(keep: f64, variance: f64, offered: &[f64]) -> Vec<f64> {
        let curator = Likeliest { keep: Share::new(keep).expect("a share"), ..Default::default() };
        let model = Gaussian::spherical(arr1(&[0.0]), variance);
        let place = Place::new(&model, Points::from_rows(vec![0.0], 1));
        let offered = Points::from_rows(offered.to_vec(), 1);
        place.curate(&curator, offered).0.as_slice().to_vec()
    }

    #[test]
    fn the_likeliest_share_survives_in_its_order() {
        assert_eq!(survivors(0.5, 1.0, &[3., -1., 0.5, -2., 0.1]), [-1., 0.5, 0.1]);
        assert_eq!(survivors(0.2, 1.0, &[3., -1., 0.5, -2., 0.1]), [0.1]);
    }

    #[test]
    fn of_two_equally_likely_samples_the_earlier_survives() {
        assert_eq!(survivors(0.5, 1.0, &[1., -1.]), [1.]);
    }

    #[test]
    fn a_model_without_a_density_keeps_everything() {
        assert_eq!(survivors(0.5, 0.0, &[0., 0., 0., 0.]), [0.; 4]);
    }

    #[test]
    fn enough_is_drawn_that_the_number_asked_for_survives() {
        for keep in [0.01, 0.3, 0.9, 0.999, 1.0] {
            let curator = Likeliest { keep: Share::literal(keep), draw: Draw::Kept };
            for n in [1, 2, 7, 100, 9999] {
                let offered = Curation::<Points>::draws(&curator, n);
                assert!((keep * offered as f64).round() as usize >= n, "{keep} of {offered}");
            }
        }
    }
}
