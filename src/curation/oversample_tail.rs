//! Repeats the rare samples, or puts new ones between them.
//!
//! All m offered samples survive. The round(tail·m) with the smallest ln p_t(x) (ties: the later) are the
//! rare ones; `extra` times each gets a companion: a copy of itself, or with `neighbours` = k (points) a
//! sample x + u·(x' − x), u uniform on [0, 1) and x' one of the k rare samples nearest to x (the label is
//! x's own). Companions stand behind their sample. A model without a density leaves all as it is.
//! Under collapse: gives tails back a part of the mass that each generation loses; it cannot bring back
//! what was lost, and fattens tails that were sound.
//! Cost: one density per offered sample; with neighbours O((tail·m)²·d) more.
//! Source: Chawla et al. 2002 (SMOTE, arXiv 1106.1813), on the rare share instead of the rare class.
//! Not to be confused with `least-likely`, which drops what is not rare.

use super::pairs::Columns;
use super::{Curation, CurationBench, rank};
use crate::model::Misfit;
use crate::numeric::bounded::{Few, Share};
use crate::samples::{Points, Samples, TokenShape, Tokens};
use crate::stream::Stream;
use rand::RngExt;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct OversampleTail {
    /// The share of the offered samples that is rare.
    pub tail: Share,
    /// Companions of each rare sample, at most 100.
    pub extra: Few,
    /// k: new points between each rare one and its k nearest, at most 100. Left out: copies.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub neighbours: Option<Few>,
}

impl Default for OversampleTail {
    fn default() -> Self {
        OversampleTail { tail: Share::literal(0.1), extra: Few::literal(1), neighbours: None }
    }
}

/// Samples that may have others between them.
pub trait Between: Samples {
    fn check(curator: &OversampleTail, shape: &Self::Shape) -> Result<(), Misfit>;

    /// For each of these rows, `extra` samples between it and one of its k nearest.
    fn between(offered: &Self, rows: &[usize], extra: usize, k: usize, rng: &mut Stream) -> Self;
}

impl<S: Between> Curation<S> for OversampleTail {
    fn draws(&self, n: usize) -> usize {
        (n as f64 / (1.0 + self.tail.get() * self.extra.get() as f64)).ceil() as usize
    }

    fn check(&self, shape: &S::Shape) -> Result<(), Misfit> {
        S::check(self, shape)
    }

    fn curate(&self, offered: S, bench: &CurationBench<'_, S>, rng: &mut Stream) -> S {
        let Some(mut rows) = rank::likeliest_first(&offered, bench) else { return offered };
        rows.reverse();
        rows.truncate(rank::part(self.tail.get(), offered.len()));
        rows.sort_unstable();
        let (m, extra) = (offered.len(), self.extra.get());
        let companions = match self.neighbours {
            Some(k) => S::between(&offered, &rows, extra, k.get(), rng),
            None => offered.gather(&rows.iter().flat_map(|&i| vec![i; extra]).collect::<Vec<_>>()),
        };
        let Some(both) = S::concatenate(&[&offered, &companions]) else { return offered };
        let mut order = Vec::with_capacity(both.len());
        let mut next = m;
        for i in 0..m {
            order.push(i);
            if rows.binary_search(&i).is_ok() {
                order.extend(next..next + extra);
                next += extra;
            }
        }
        both.gather(&order)
    }
}

impl Between for Points {
    fn check(_: &OversampleTail, _: &<Points as Samples>::Shape) -> Result<(), Misfit> {
        Ok(())
    }

    fn between(
        offered: &Points,
        rows: &[usize],
        extra: usize,
        k: usize,
        rng: &mut Stream,
    ) -> Points {
        let rare = offered.gather(rows);
        let columns = Columns::of(&rare);
        let mut squares = vec![0.0; rare.len()];
        let mut values = Vec::with_capacity(rare.len() * extra * rare.dimension());
        for (i, x) in rare.rows().enumerate() {
            columns.squares(x, 0, &mut squares);
            let mut others: Vec<usize> = (0..rare.len()).filter(|&j| j != i).collect();
            let nearer = |a: &usize, b: &usize| squares[*a].total_cmp(&squares[*b]).then(a.cmp(b));
            if others.len() > k {
                others.select_nth_unstable_by(k - 1, nearer);
                others.truncate(k);
                others.sort_unstable();
            }
            for _ in 0..extra {
                // One sample alone is its own neighbour.
                let place = rng.random_range(0..others.len().max(1));
                let other = rare.row(others.get(place).copied().unwrap_or(i));
                let u: f64 = rng.random();
                values.extend(x.iter().zip(other).map(|(a, b)| a + u * (b - a)));
            }
        }
        let copies: Vec<usize> = (0..rare.len()).flat_map(|i| vec![i; extra]).collect();
        let points = Points::from_rows(values, rare.dimension()).with_image(rare.image());
        match rare.labels() {
            Some(labels) => points.with_labels(copies.iter().map(|&i| labels[i]).collect()),
            None => points,
        }
    }
}

impl Between for Tokens {
    fn check(curator: &OversampleTail, _: &TokenShape) -> Result<(), Misfit> {
        match curator.neighbours {
            None => Ok(()),
            Some(_) => Err(Misfit {
                reason: "there is nothing between two sequences of tokens".into(),
                help: "leave out `neighbours`: rare sequences are then copied".into(),
            }),
        }
    }

    fn between(offered: &Tokens, rows: &[usize], extra: usize, _: usize, _: &mut Stream) -> Tokens {
        offered.gather(&rows.iter().flat_map(|&i| vec![i; extra]).collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::Gaussian;
    use ndarray::arr1;

    fn kept(table: &str, offered: &[f64]) -> Vec<f64> {
        let curator: OversampleTail = toml::from_str(table).expect("legal");
        let model = Gaussian::spherical(arr1(&[0.0]), 1.0);
        let place = Place::new(&model, Points::from_rows(vec![0.0], 1));
        let (kept, _) = place.curate(&curator, Points::from_rows(offered.to_vec(), 1));
        kept.as_slice().to_vec()
    }

    #[test]
    fn copies_of_the_rare_stand_behind_them() {
        let offered = [0., 3., 0.1, -2., 0.5];
        assert_eq!(kept("tail = 0.4", &offered), [0., 3., 3., 0.1, -2., -2., 0.5]);
        assert_eq!(kept("tail = 0.2\nextra = 2", &offered), [0., 3., 3., 3., 0.1, -2., 0.5]);
        let curator = OversampleTail::default();
        assert_eq!(Curation::<Points>::draws(&curator, 110), 100);
    }

    #[test]
    fn new_points_lie_between_a_rare_one_and_its_nearest() {
        let offered = [3., 0., 4., -9., -8., 0.];
        let all = kept("tail = 0.67\nneighbours = 1", &offered);
        assert_eq!([all[0], all[2], all[3], all[5], all[7], all[9]], offered);
        for (new, (low, high)) in
            [(all[1], (3., 4.)), (all[4], (3., 4.)), (all[6], (-9., -8.)), (all[8], (-9., -8.))]
        {
            assert!((low..=high).contains(&new), "{new} is not between {low} and {high}");
        }
    }

    #[test]
    fn a_single_rare_sample_is_copied() {
        assert_eq!(kept("tail = 0.3\nneighbours = 5", &[5., 0., 1.]), [5., 5., 0., 1.]);
    }
}
