//! What a picture shows of lineages where no table has it: events, passages and worths, read and weighed as claims
//! read and weigh them.

use std::collections::{BTreeSet, HashMap};

use super::FigureError;
use super::chart::Point;
use super::results::Results;
use crate::analysis::claim::{self, Centre, Look, Measured, Reading, Readings, measure};
use crate::archive::picture::Statistic;
use crate::archive::reading::{Bound, Passage, Worth};
use crate::stream::{Role, stream};

/// What is measured in some places of the results.
pub(super) struct Seen<'a> {
    results: &'a Results,
    metric: &'a str,
    of: Centre,
}

impl<'a> Seen<'a> {
    pub fn new(results: &'a Results, metric: &'a str, statistic: Statistic) -> Self {
        let of = match statistic {
            Statistic::Median => Centre::Median,
            Statistic::Mean => Centre::Mean,
        };
        Self { results, metric, of }
    }

    /// The generations at which each cell was measured, generation 0 left out.
    fn measured(&self) -> HashMap<usize, BTreeSet<u32>> {
        let mut measured: HashMap<usize, BTreeSet<u32>> = HashMap::new();
        for (place, row) in self.results.summary(self.metric) {
            if row.generation > 0 {
                measured.entry(*place).or_default().insert(row.generation);
            }
        }
        measured
    }

    /// The share of lineages of each cell whose value lies there, by generation.
    pub fn events(
        &self,
        places: &[usize],
        bound: Bound,
    ) -> Result<HashMap<usize, Vec<Point>>, FigureError> {
        let measured = self.measured();
        let looks: Vec<Look> = places
            .iter()
            .flat_map(|place| measured.get(place).into_iter().flatten().map(|t| (*place, *t)))
            .map(|(cell, t)| self.look(f64::from(t), cell, vec![t]))
            .collect();
        let readings = self.read(&looks)?;
        let mut events: HashMap<usize, Vec<Point>> = HashMap::new();
        for look in looks {
            let own = std::slice::from_ref(&look);
            let how = (Centre::Mean, &claim::Statistic::Value, Reading::Event(bound));
            let seen = self.measure(&readings, own, how);
            events.entry(look.cell).or_default().extend(seen.map(|seen| self.point(&look, seen)));
        }
        Ok(events)
    }

    /// When the lineages of each cell come there, at a place of the axis.
    pub fn passages(
        &self,
        places: &[(usize, f64)],
        passage: Passage,
    ) -> Result<HashMap<usize, Point>, FigureError> {
        let measured = self.measured();
        let looks: Vec<Look> = places
            .iter()
            .map(|(cell, x)| {
                let generations = measured.get(cell).into_iter().flatten().copied().collect();
                self.look(*x, *cell, generations)
            })
            .collect();
        let readings = self.read(&looks)?;
        let one = |look: &Look| {
            let own = std::slice::from_ref(look);
            let how = (self.of, &claim::Statistic::Value, Reading::Passage(passage));
            let seen = self.measure(&readings, own, how)?;
            Some((look.cell, self.point(look, seen)))
        };
        Ok(looks.iter().filter_map(one).collect())
    }

    /// How much of the arm that is the measure the value of each cell is worth, at one generation.
    pub fn worths(
        &self,
        places: &[(usize, f64)],
        worth: &Worth,
        generation: u32,
    ) -> Result<HashMap<usize, Point>, FigureError> {
        // Its own place first, as the statistic has it, then the measure's.
        let places_of = |(cell, x): &(usize, f64)| -> Vec<Look> {
            let all = std::iter::once((*cell, *x)).chain(self.beside(*cell, worth));
            all.map(|(place, x)| self.look(x, place, vec![generation])).collect()
        };
        let looks: Vec<Vec<Look>> = places.iter().map(places_of).collect();
        let readings = self.read(&looks.concat())?;
        let statistic = claim::Statistic::Worth(worth.clone());
        let one = |looks: &Vec<Look>| {
            let seen = self.measure(&readings, looks, (self.of, &statistic, Reading::Value))?;
            Some((looks[0].cell, self.point(&looks[0], seen)))
        };
        Ok(looks.iter().filter_map(one).collect())
    }

    /// The cells of the arm that is the measure which differ from a cell along its axis alone, in its order.
    fn beside(&self, cell: usize, worth: &Worth) -> Vec<(usize, f64)> {
        let cells = &self.results.cells;
        let Some(axis) = cells.axis(&worth.along) else { return Vec::new() };
        let is_same = |place: &usize| {
            (0..cells.axes.len()).filter(|other| *other != axis).all(|other| {
                let (own, its) = (cells.value(cell, other), cells.value(*place, other));
                own == its || own.is_empty() || its.is_empty()
            })
        };
        let all = (0..cells.len()).filter(|place| cells.arm(*place) == worth.arm).filter(is_same);
        let mut beside: Vec<(usize, f64)> =
            all.filter_map(|place| Some((place, cells.number(place, axis)?))).collect();
        beside.sort_by(|one, other| one.1.total_cmp(&other.1));
        beside
    }

    fn look(&self, x: f64, cell: usize, generations: Vec<u32>) -> Look {
        Look { x, cell, metric: Some(self.metric.to_owned()), generations }
    }

    fn read(&self, looks: &[Look]) -> Result<Readings, FigureError> {
        let cells = &self.results.cells;
        let id = |place: usize| (cells.id(place).to_owned(), cells.arm(place).to_owned());
        let ids: Vec<(String, String)> = (0..cells.len()).map(id).collect();
        Ok(Readings::read(&self.results.dir, &ids, looks)?)
    }

    fn measure(
        &self,
        readings: &Readings,
        looks: &[Look],
        how: (Centre, &claim::Statistic, Reading),
    ) -> Option<Measured> {
        // Intervals of pictures come from resamples that no claim has.
        let mut rng = stream(0, 0, 0, Role::verify("[[figures]]"));
        measure(&readings.evidence(looks, how.2), how, &mut rng)
    }

    fn point(&self, look: &Look, seen: Measured) -> Point {
        let interval = seen.interval.filter(|(low, high)| !low.is_nan() && !high.is_nan());
        let trials = self.results.fates.get(&look.cell).map_or(0, |fates| fates.lineages());
        let lineages = (seen.lineages + seen.missing) as u32;
        Point {
            x: look.x,
            value: Some(seen.value),
            mean: None,
            low: interval.map(|(low, _)| low),
            high: interval.map(|(_, high)| high),
            is_survival: lineages < trials,
            lineages: Some(lineages),
        }
    }
}
