//! The readings of one metric along the lineages of one cell.

use super::super::quantile::quantile;

/// Lineages that were looked at in the same generations.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curves {
    /// In ascending order, the world's generation 0 left out.
    pub generations: Vec<u32>,
    pub lineages: Vec<Lineage>,
}

/// Why what follows cannot be held against the first generation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flaw {
    /// No living lineage has a reading there.
    Missing,
    /// Most living lineages have no finite one.
    NotFinite,
    /// Some have one that is not positive.
    NotPositive,
}

/// One lineage.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Lineage {
    pub trial: u32,
    /// What the metric reads off the world in this trial.
    pub world: Option<f64>,
    /// The generation in which it became extinct.
    pub end: Option<u32>,
    /// One for each generation.
    pub readings: Vec<Option<f64>>,
}

impl Curves {
    /// The first generation; 0 where there is none.
    pub fn first(&self) -> u32 {
        self.generations.first().copied().unwrap_or(0)
    }

    /// The last generation, T; 0 where there is none.
    pub fn last(&self) -> u32 {
        self.generations.last().copied().unwrap_or(0)
    }

    /// Whether a lineage is extinct by the generation at this place.
    pub fn is_dead(&self, lineage: &Lineage, place: usize) -> bool {
        lineage.end.is_some_and(|end| end <= self.generations[place])
    }

    /// How many are extinct by the last generation.
    pub fn extinct(&self) -> usize {
        let last = self.last();
        self.lineages.iter().filter(|lineage| lineage.end.is_some_and(|end| end <= last)).count()
    }

    /// What a lineage has at a place: `dead` once it is extinct.
    pub fn at(&self, lineage: &Lineage, place: usize, dead: f64) -> Option<f64> {
        if self.is_dead(lineage, place) { Some(dead) } else { *lineage.readings.get(place)? }
    }

    /// Without the lineages that are extinct by the last generation.
    pub fn living(&self) -> Self {
        let last = self.last();
        let lives = |lineage: &&Lineage| lineage.end.is_none_or(|end| end > last);
        let lineages = self.lineages.iter().filter(lives).cloned().collect();
        Self { generations: self.generations.clone(), lineages }
    }

    /// What living lineages have in the first generation, and how many of them live.
    fn beginnings(&self) -> (Vec<f64>, usize) {
        let living = || self.lineages.iter().filter(|lineage| !self.is_dead(lineage, 0));
        let first = living().filter_map(|lineage| lineage.readings.first().copied()?);
        (first.collect(), living().count())
    }

    /// What keeps a metric from being a measure of what follows: most living lineages need a finite
    /// reading in the first generation, and a positive one, all of them, where ratios are asked for.
    pub fn flaw(&self, is_ratio: bool) -> Option<Flaw> {
        if self.generations.is_empty() {
            return Some(Flaw::Missing);
        }
        let (first, living) = self.beginnings();
        let finite = first.iter().filter(|value| value.is_finite()).count();
        match living {
            0 => None,
            _ if first.is_empty() => Some(Flaw::Missing),
            living if finite == 0 || 2 * finite < living => Some(Flaw::NotFinite),
            _ if is_ratio && first.iter().any(|value| *value <= 0.0) => Some(Flaw::NotPositive),
            _ => None,
        }
    }

    /// The median reading of living lineages in the first generation.
    pub fn beginning(&self) -> Option<f64> {
        let (mut first, _) = self.beginnings();
        first.sort_unstable_by(f64::total_cmp);
        quantile(&first, 0.5)
    }

    /// Every reading after a map of the reading and the world's; what the map refuses does not exist.
    pub fn map(&self, to: impl Fn(f64, Option<f64>) -> Option<f64>) -> Self {
        let lineage = |lineage: &Lineage| {
            let to = |value: f64| to(value, lineage.world);
            let readings = lineage.readings.iter().map(|value| value.and_then(to)).collect();
            Lineage { world: lineage.world.and_then(to), readings, ..*lineage }
        };
        let lineages = self.lineages.iter().map(lineage).collect();
        Self { generations: self.generations.clone(), lineages }
    }
}

#[cfg(test)]
pub mod tests {
    use super::*;

    /// Lineages from generation 1 on, of a world with this value.
    pub fn curves<R: AsRef<[f64]>>(world: f64, rows: &[R]) -> Curves {
        let lineage = |(trial, row): (usize, &R)| Lineage {
            trial: trial as u32,
            world: Some(world),
            end: None,
            readings: row.as_ref().iter().copied().map(Some).collect(),
        };
        let lineages: Vec<Lineage> = rows.iter().enumerate().map(lineage).collect();
        let last = rows.iter().map(|row| row.as_ref().len()).max().unwrap_or(0) as u32;
        Curves { generations: (1..=last).collect(), lineages }
    }

    #[test]
    fn an_extinct_lineage_has_what_the_dead_have() {
        let mut curves = curves(1.0, &[[0.5, 0.4, 0.3]]);
        curves.lineages[0].end = Some(2);
        let at = |place| curves.at(&curves.lineages[0], place, f64::INFINITY);
        assert_eq!((at(0), at(1), at(2)), (Some(0.5), Some(f64::INFINITY), Some(f64::INFINITY)));
        assert_eq!((curves.extinct(), curves.living().lineages.len()), (1, 0));
    }

    #[test]
    fn a_metric_that_is_infinite_from_the_first_is_no_measure() {
        let inf = f64::INFINITY;
        assert_eq!(curves(0.0, &[[1.0], [inf]]).flaw(true), None);
        assert_eq!(curves(0.0, &[[1.0], [inf], [inf]]).flaw(false), Some(Flaw::NotFinite));
        let around_zero = curves(0.0, &[[1.0], [-0.1]]);
        assert_eq!(around_zero.flaw(false), None);
        assert_eq!(around_zero.flaw(true), Some(Flaw::NotPositive));
        assert_eq!(Curves::default().flaw(false), Some(Flaw::Missing));
        let mut dead = curves(0.0, &[[inf]]);
        dead.lineages[0].end = Some(1);
        assert_eq!(dead.flaw(true), None);
        assert_eq!(curves(0.0, &[[1.0], [4.0], [2.0]]).beginning(), Some(2.0));
    }

    #[test]
    fn a_map_sees_the_world_of_each_lineage() {
        let over = curves(2.0, &[[3.0, 5.0]]).map(|value, world| Some(value - world?));
        assert_eq!(over, curves(0.0, &[[1.0, 3.0]]));
    }
}
