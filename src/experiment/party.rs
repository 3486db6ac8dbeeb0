//! A cell as a party of a comparison: what must be the same of two, for their trials to be pairs.

use super::identity::difference;
use super::survey::swept_of;
use super::{Cell, Space, Stop};
use std::collections::BTreeMap;

/// What a comparison needs to know of one cell.
#[derive(Clone, Debug, PartialEq)]
pub struct Party {
    pub arm: String,
    /// Swept paths and their values.
    pub swept: Vec<(String, String)>,
    /// The generations that are measured, generation 0 left out.
    pub measured: Vec<u32>,
    /// Labels of its metrics.
    pub metrics: Vec<String>,
    /// Whether its lineages end where they are absorbed.
    pub ends_absorbed: bool,
    /// What decides founders, noise and the truth that is measured against.
    ground: BTreeMap<String, String>,
}

impl Party {
    pub fn of<S: Space>(cell: &Cell<S>) -> Self {
        let (measure, last) = (cell.header.measure, cell.header.last());
        let is_ground = |name: &String| {
            name == "seed"
                || name == "evaluation"
                || name == "world"
                || name == "version of streams"
                || ["world.", "revision of world ", "content of "]
                    .iter()
                    .any(|start| name.starts_with(start))
        };
        let decides = cell.identity.decides.iter();
        let ground = decides.filter(|(name, _)| is_ground(name));
        Party {
            arm: cell.arm.clone(),
            swept: swept_of(cell),
            measured: (1..=last).filter(|&t| measure.includes(t, last)).collect(),
            metrics: cell.metrics.iter().map(|measured| measured.label.clone()).collect(),
            ends_absorbed: cell.header.stop == Stop::Absorbed,
            ground: ground.map(|(name, value)| (name.clone(), value.clone())).collect(),
        }
    }

    /// Whether no path that both sweep has another value.
    pub fn is_beside(&self, other: &Party) -> bool {
        let of = |path: &String| other.swept.iter().find(|(known, _)| known == path);
        self.swept.iter().all(|(path, value)| of(path).is_none_or(|(_, other)| other == value))
    }

    /// What keeps the trials of two parties from being pairs, in words: their seeds, their worlds, or
    /// the number of samples that they are measured with.
    pub fn is_unlike(&self, other: &Party) -> Option<String> {
        (self.ground != other.ground).then(|| difference(&self.ground, &other.ground))
    }
}
