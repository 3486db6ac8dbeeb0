//! What one trial still has to give: readings that no record holds, and things to look at.

use super::identity::metric_key;
use super::keepsake;
use super::{Cell, Space};
use crate::archive::ArchiveError;
use crate::archive::journal::{Bred, Ending, Form, Found, Journal, Number, Slot};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeSet, HashMap};

/// What a trial is run for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Need {
    /// Metrics to measure at each generation, as places in the cell's list.
    pub slots: Vec<(u32, Vec<u32>)>,
    /// Generations whose samples are kept, and whose composition is noted.
    pub samples: Vec<u32>,
    pub composed: Vec<u32>,
    /// The last generation that has to be lived through.
    pub last: u32,
}

impl Need {
    /// The form of its records, but for constants.
    pub fn form<S: Space>(&self, cell: &Cell<S>, metrics: &[String]) -> Form {
        let slot = |(generation, metrics): &(u32, Vec<u32>)| Slot {
            generation: *generation,
            metrics: metrics.clone(),
        };
        Form {
            cell: cell.identity.key,
            metrics: metrics.to_vec(),
            slots: self.slots.iter().map(slot).collect(),
            reached: self.last,
            constants: Vec::new(),
        }
    }

    /// What of it concerns generations up to t.
    pub fn until(&self, t: u32) -> Need {
        let early = |list: &[u32]| list.iter().copied().filter(|g| *g <= t).collect();
        Need {
            slots: self.slots.iter().filter(|(g, _)| *g <= t).cloned().collect(),
            samples: early(&self.samples),
            composed: early(&self.composed),
            last: t,
        }
    }

    pub fn looks(&self) -> bool {
        !self.samples.is_empty() || !self.composed.is_empty()
    }
}

/// What a cell asks of each of its trials, and which forms hold how much of it.
pub struct Asked {
    pub metrics: Vec<String>,
    /// Metrics in the order of the table, which is that of their labels.
    pub order: Vec<usize>,
    pub generations: Vec<u32>,
    pub last: u32,
    kept: Vec<u32>,
    held_samples: BTreeSet<u32>,
    held_composed: BTreeSet<u32>,
    /// Where the readings of each form of this cell belong: places in generations × metrics.
    places: HashMap<u32, Vec<Option<usize>>>,
}

/// How much of what is asked a trial has given.
pub enum Standing {
    Complete,
    /// It panicked, and nobody has asked to try again.
    Failed,
    Missing(Need),
}

impl Asked {
    pub fn of<S: Space>(cell: &Cell<S>, journal: &Journal) -> Self {
        let (measure, last) = (cell.header.measure, cell.header.last());
        let mut order: Vec<usize> = (0..cell.metrics.len()).collect();
        order.sort_by_key(|&m| &cell.metrics[m].label);
        let (mut held_samples, mut held_composed) = (BTreeSet::new(), BTreeSet::new());
        for held in journal.keepsakes_of(&cell.identity.key) {
            held_samples.extend(&held.samples);
            held_composed.extend(&held.composed);
        }
        let mut asked = Asked {
            metrics: cell.metrics.iter().map(metric_key).collect(),
            order,
            generations: (0..=last).filter(|&t| measure.includes(t, last)).collect(),
            last,
            kept: (0..=last).filter(|&t| S::HAS_SAMPLES && keepsake::is_kept(t, last)).collect(),
            held_samples,
            held_composed,
            places: HashMap::new(),
        };
        for (number, form) in (0..).zip(&journal.forms) {
            if form.cell == cell.identity.key {
                asked.places.insert(number, asked.places_of(form));
            }
        }
        asked
    }

    fn places_of(&self, form: &Form) -> Vec<Option<usize>> {
        let metric = |m: &String| self.metrics.iter().position(|known| known == m);
        let metrics: Vec<Option<usize>> = form.metrics.iter().map(metric).collect();
        let place = |(generation, m): (u32, usize)| {
            let t = self.generations.binary_search(&generation).ok()?;
            Some(t * self.metrics.len() + metrics[m]?)
        };
        form.places().map(place).collect()
    }

    /// How far a trial is, given all its records.
    pub fn standing(
        &self,
        trial: u32,
        found: &[Found],
        journal: &Journal,
        retry: bool,
    ) -> Standing {
        let failed = found.iter().any(Found::has_failed);
        let good: Vec<&Found> = found.iter().filter(|found| !found.has_failed()).collect();
        let need = self.need(trial, &good, journal);
        match need {
            None => Standing::Complete,
            Some(_) if failed && !retry => Standing::Failed,
            Some(need) => Standing::Missing(need),
        }
    }

    fn need(&self, trial: u32, good: &[&Found], journal: &Journal) -> Option<Need> {
        let extinct = good.iter().filter_map(|found| found.extinct()).min();
        let reached = good.iter().map(|found| journal.forms[found.form as usize].reached).max();
        let ends = extinct.filter(|generation| *generation <= self.last);
        let absorbed = good.iter().filter_map(|found| found.absorbed()).min();
        // A generation that nobody lived to see has nothing to give.
        let lived = |t: &u32| ends.is_none_or(|end| *t < end);
        let mut have = vec![false; self.generations.len() * self.metrics.len()];
        for found in good {
            let places = self.places.get(&found.form).into_iter().flatten().flatten();
            places.for_each(|place| have[*place] = true);
        }
        let metrics = self.metrics.len();
        let missing = |(i, t): (usize, &u32)| {
            let of = (0..metrics).filter(|m| !have[i * metrics + m]).map(|m| m as u32);
            (*t, of.collect::<Vec<u32>>())
        };
        let slots: Vec<(u32, Vec<u32>)> = (self.generations.iter().enumerate())
            .filter(|(_, t)| lived(t))
            .map(missing)
            .filter(|(_, metrics)| !metrics.is_empty())
            .collect();
        let (mut samples, mut composed) = (Vec::new(), Vec::new());
        if trial == 0 {
            // Once it can no longer change it is not looked at again.
            let was_seen = |t: &u32| lived(t) && absorbed.is_none_or(|end| *t <= end);
            let lacks = |t: &&u32, held: &BTreeSet<u32>| was_seen(t) && !held.contains(*t);
            samples.extend(self.kept.iter().filter(|t| lacks(t, &self.held_samples)));
            let trained = self.generations.iter().filter(|t| **t > 0);
            composed.extend(trained.filter(|t| lacks(t, &self.held_composed)));
        }
        let is_lived = ends.is_some() || reached.is_some_and(|reached| reached >= self.last);
        let need = Need { slots, samples, composed, last: self.last };
        (!is_lived || !need.slots.is_empty() || need.looks()).then_some(need)
    }
}

/// All that the records of one trial say of what is asked.
pub struct Readings {
    /// Generations × metrics.
    pub numbers: Vec<Number>,
    /// The generation that was not lived through, of those asked for, and why.
    pub extinct: Option<(u32, String)>,
    /// Since when it could no longer change, if that was by the last generation asked for.
    pub absorbed: Option<u32>,
    pub microseconds: u64,
    /// What each generation bred, of the record that reaches farthest.
    pub bred: Vec<Bred>,
}

impl Asked {
    /// Puts the records of a trial together.
    pub fn readings(&self, found: &[Found], journal: &Journal) -> Result<Readings, ArchiveError> {
        let mut readings = Readings {
            numbers: vec![None; self.generations.len() * self.metrics.len()],
            extinct: None,
            absorbed: None,
            microseconds: 0,
            bred: Vec::new(),
        };
        for found in found.iter().filter(|found| !found.has_failed()) {
            let trial = journal.trial(found)?;
            readings.microseconds += u64::from(trial.microseconds);
            if trial.bred.len() > readings.bred.len() {
                readings.bred = trial.bred;
            }
            match trial.ending {
                Ending::Extinct { generation, cause } if generation <= self.last => {
                    readings.extinct = Some((generation, cause));
                }
                Ending::Absorbed { generation } if generation <= self.last => {
                    readings.absorbed = Some(generation);
                }
                _ => {}
            }
            let places = self.places.get(&found.form).into_iter().flatten();
            for (place, number) in places.zip(trial.readings) {
                if let Some(place) = place {
                    readings.numbers[*place] = number;
                }
            }
        }
        Ok(readings)
    }
}
