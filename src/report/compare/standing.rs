//! Where arms stand: their mean ranks, and their losses beside what they had spent.

use std::collections::BTreeSet;

use super::Place;
use super::arms::Pair;
use super::budget::Ledger;
use super::table::Table;
use crate::analysis::comparison::rank::{MeanRank, mean_ranks};
use crate::analysis::quantile::{median_interval, quantile};
use crate::archive::table::{Outlay, Rank};

impl Table<'_> {
    /// The cells that are seen together: each cell of the baseline with those beside it.
    fn groups(&self, pairs: &[Pair]) -> Vec<Vec<usize>> {
        let baselines: BTreeSet<usize> = pairs.iter().map(|pair| pair.baseline).collect();
        let of = |baseline: usize| {
            let others = pairs.iter().filter(|pair| pair.baseline == baseline);
            let mut cells: Vec<usize> = others.map(|pair| pair.cell).chain([baseline]).collect();
            cells.sort_unstable();
            cells
        };
        baselines.into_iter().map(of).collect()
    }

    /// An arm's name in a group, with what it alone sweeps.
    fn name_within(&self, group: &[usize], cell: usize) -> String {
        let arm = &self.cells.ids[cell].1;
        let is_alone = group.iter().filter(|place| self.cells.ids[**place].1 == *arm).count() == 1;
        if is_alone { arm.clone() } else { self.name(cell) }
    }

    /// Ranks in the generations in which lines are compared; an arm that is not compared has none.
    pub fn ranks(&self, pairs: &[Pair], plan: &[Place]) -> Vec<Rank> {
        let mut rows = Vec::new();
        let generations: BTreeSet<u32> = plan.iter().map(|place| place.generation).collect();
        for group in self.groups(pairs) {
            let shared = self.shared(&group);
            for &generation in &generations {
                let own = |cell: &usize| {
                    let is_own = |place: &&Place| {
                        place.generation == generation
                            && place.pair.cell == *cell
                            && group.contains(&place.pair.baseline)
                    };
                    let place = plan.iter().find(is_own);
                    Some((*cell, place.map_or(Some(generation), |place| place.own)?))
                };
                let cells: Vec<(usize, u32)> = group.iter().filter_map(own).collect();
                for metric in 0..self.metrics.len() {
                    rows.extend(self.ranks_of(&cells, metric, (&shared, generation)));
                }
            }
        }
        rows
    }

    /// The mean rank of each of these cells, each in its own generation.
    fn ranks_of(
        &self,
        cells: &[(usize, u32)],
        metric: usize,
        (swept, generation): (&str, u32),
    ) -> Vec<Rank> {
        let places: Vec<usize> = cells.iter().map(|(cell, _)| *cell).collect();
        let row = |trial| -> Option<Vec<f64>> {
            cells.iter().map(|(cell, t)| self.losses.loss(*cell, trial, *t, metric)).collect()
        };
        let trials = places.first().into_iter().flat_map(|cell| self.losses.trials(*cell));
        let losses: Vec<Vec<f64>> = trials.filter_map(row).collect();
        let ranks = mean_ranks(&losses, self.request.settings.alpha).unwrap_or_default();
        let rank = |(cell, mean): (&usize, MeanRank)| Rank {
            swept: swept.to_owned(),
            generation,
            metric: self.metrics[metric].clone(),
            arm: self.name_within(&places, *cell),
            arms: cells.len() as u32,
            trials: losses.len() as u32,
            rank: mean.rank,
            low: mean.interval.map(|(low, _)| low),
            high: mean.interval.map(|(_, high)| high),
        };
        places.iter().zip(ranks).map(rank).collect()
    }

    /// What the baseline's cell of a group sweeps.
    fn shared(&self, group: &[usize]) -> String {
        let is_baseline = |cell: &&usize| self.cells.ids[**cell].1 == self.request.baseline;
        group.iter().find(is_baseline).map(|cell| self.cells.swept(&[*cell])).unwrap_or_default()
    }

    /// The median loss of every arm beside what it had spent by the same generation.
    pub fn frontier(&self, pairs: &[Pair], generations: &[u32], ledger: &Ledger) -> Vec<Outlay> {
        let mut rows = Vec::new();
        for group in self.groups(pairs) {
            for (&t, metric) in
                generations.iter().flat_map(|t| (0..self.metrics.len()).map(move |m| (t, m)))
            {
                rows.extend(group.iter().filter_map(|cell| {
                    let of = |trial| self.losses.loss(*cell, trial, t, metric);
                    let mut losses: Vec<f64> = self.losses.trials(*cell).filter_map(of).collect();
                    losses.sort_unstable_by(f64::total_cmp);
                    let interval = median_interval(&losses);
                    Some(Outlay {
                        swept: self.shared(&group),
                        generation: t,
                        metric: self.metrics[metric].clone(),
                        arm: self.name_within(&group, *cell),
                        budget: ledger.budget.name().into(),
                        spent: ledger.spent(*cell, t)?,
                        trials: losses.len() as u32,
                        loss: quantile(&losses, 0.5)?,
                        low: interval.map(|(low, _)| low),
                        high: interval.map(|(_, high)| high),
                    })
                }));
            }
        }
        rows
    }
}
