//! Which cells are compared with which, on which metrics, at which generations.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::error::CompareError;
use crate::archive::csv::{read_table, stream_table};
use crate::archive::manifest::Manifest;
use crate::archive::table::{Cell, Outcome, places};
use crate::archive::{ArchiveError, folder};
use crate::catalog::alternatives;
use crate::experiment::{self, Document, Party, REQUEST, Study};

/// The experiment whose tables a results folder holds.
pub fn study_of_tables(folder: &Path) -> Result<Box<dyn Study>, CompareError> {
    let path = folder.join(REQUEST);
    if !folder::is_results(folder) || !path.is_file() {
        return Err(ArchiveError::NoResults(folder.to_owned()).into());
    }
    let refuse = |complaint| CompareError::Experiment(Box::new(complaint));
    let mut document = Document::read(&path).map_err(refuse)?;
    if let Some(manifest) = Manifest::read(folder)? {
        document = document.in_folder(&manifest.folder);
    }
    experiment::read(document).map_err(refuse)
}

/// The cells of a results folder, as its tables name them and as its experiment describes them.
pub struct Cells {
    pub ids: Vec<(String, String)>,
    pub parties: Vec<Party>,
}

/// By trial, when a lineage became extinct, or that it did not; those that failed are left out.
pub type Ends = BTreeMap<u32, Option<u32>>;

/// How the lineages of every cell ended.
pub fn ends(folder: &Path, ids: &[(String, String)]) -> Result<Vec<Ends>, ArchiveError> {
    let places = places(ids);
    let mut ends = vec![Ends::new(); ids.len()];
    for row in stream_table::<Outcome>(folder, "outcomes")? {
        let row = row?;
        let end = match row.outcome.as_str() {
            "survived" | "absorbed" => None,
            "extinct" => row.generation,
            _ => continue,
        };
        if let Some(place) = places.get(&(&*row.cell, &*row.arm)) {
            ends[*place].insert(row.trial, end);
        }
    }
    Ok(ends)
}

/// A cell and the baseline's cell beside it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    pub cell: usize,
    pub baseline: usize,
}

impl Cells {
    pub fn of(folder: &Path, study: &dyn Study) -> Result<Self, CompareError> {
        let rows: Vec<Cell> = read_table(folder, "cells")?;
        let parties = study.parties();
        let same = rows.len() == parties.len()
            && rows.iter().zip(&parties).all(|(row, party)| row.arm == party.arm);
        if !same {
            return Err(CompareError::OtherCells { folder: folder.display().to_string() });
        }
        let ids = rows.into_iter().map(|row| (row.cell, row.arm)).collect();
        Ok(Self { ids, parties })
    }

    /// Every arm, in the order of the file.
    pub fn arms(&self) -> Vec<String> {
        let mut arms: Vec<String> = self.parties.iter().map(|party| party.arm.clone()).collect();
        arms.dedup();
        arms
    }

    /// Refuses the name of an arm that there is not.
    fn know(&self, arm: &str, folder: &Path) -> Result<(), CompareError> {
        let arms = self.arms();
        if arms.iter().any(|known| known == arm) {
            return Ok(());
        }
        let known = alternatives(arm, arms.iter().map(String::as_str));
        let folder = folder.display().to_string();
        Err(CompareError::NoArm { arm: arm.into(), folder, known })
    }

    /// The cells of the arms that are asked for, or all.
    pub fn of_arms(&self, asked: &[String], folder: &Path) -> Result<Vec<usize>, CompareError> {
        asked.iter().try_for_each(|arm| self.know(arm, folder))?;
        let is_asked = |place: &usize| {
            asked.is_empty() || asked.iter().any(|arm| *arm == self.parties[*place].arm)
        };
        Ok((0..self.parties.len()).filter(is_asked).collect())
    }

    /// Every cell of another arm with the cells of the baseline that lie beside it.
    pub fn pairs(&self, baseline: &str, folder: &Path) -> Result<Vec<Pair>, CompareError> {
        self.know(baseline, folder)?;
        if let [arm] = &self.arms()[..] {
            let folder = folder.display().to_string();
            return Err(CompareError::OneArm { folder, arm: arm.clone() });
        }
        let mut pairs = Vec::new();
        for (cell, own) in self.parties.iter().enumerate().filter(|(_, p)| p.arm != baseline) {
            for (place, other) in self.parties.iter().enumerate() {
                if other.arm != baseline || !own.is_beside(other) {
                    continue;
                }
                if let Some(difference) = other.is_unlike(own) {
                    let (arm, baseline) = (own.arm.clone(), baseline.to_owned());
                    return Err(CompareError::Unlike { arm, baseline, difference });
                }
                pairs.push(Pair { cell, baseline: place });
            }
        }
        match pairs.is_empty() {
            true => Err(CompareError::NothingBeside { baseline: baseline.into() }),
            false => Ok(pairs),
        }
    }

    /// The labels that are asked for, or all; a bare name stands for every label that begins with it.
    pub fn metrics(&self, asked: &[String], folder: &Path) -> Result<Vec<String>, CompareError> {
        let mut known: Vec<&str> = Vec::new();
        for label in self.parties.iter().flat_map(|party| &party.metrics) {
            if !known.contains(&label.as_str()) {
                known.push(label);
            }
        }
        if asked.is_empty() {
            return Ok(known.into_iter().map(str::to_owned).collect());
        }
        let mut found: Vec<String> = Vec::new();
        for name in asked {
            let whole = known.iter().filter(|label| *label == name);
            let begun = known.iter().filter(|label| label.split('(').next() == Some(name));
            let own: Vec<&&str> = match whole.clone().next() {
                Some(_) => whole.collect(),
                None => begun.collect(),
            };
            if own.is_empty() {
                let known = alternatives(name, known.iter().copied());
                let folder = folder.display().to_string();
                return Err(CompareError::NoMetric { metric: name.clone(), folder, known });
            }
            found.extend(own.into_iter().map(|label| (*label).to_owned()));
        }
        let mut once = BTreeSet::new();
        found.retain(|label| once.insert(label.clone()));
        Ok(found)
    }

    /// The generations that are asked for, or the last one that all cells measure.
    pub fn generations(&self, asked: &[u32], folder: &Path) -> Result<Vec<u32>, CompareError> {
        let mut shared: BTreeSet<u32> =
            self.parties.iter().flat_map(|party| party.measured.iter().copied()).collect();
        shared.retain(|t| self.parties.iter().all(|party| party.measured.contains(t)));
        if asked.is_empty() {
            return Ok(shared.last().copied().into_iter().collect());
        }
        if let Some(&generation) = asked.iter().find(|t| !shared.contains(t)) {
            let known = match shared.len() {
                0..=12 => shared.iter().map(u32::to_string).collect::<Vec<_>>().join(", "),
                n => format!(
                    "{n} of them from {} to {}",
                    shared.first().unwrap_or(&0),
                    shared.last().unwrap_or(&0)
                ),
            };
            let (folder, known) = (folder.display().to_string(), format!("there are {known}"));
            return Err(CompareError::NoGeneration { generation, folder, known });
        }
        let sorted: BTreeSet<u32> = asked.iter().copied().collect();
        Ok(sorted.into_iter().collect())
    }

    /// What was swept in a pair, as `path=value`.
    pub fn swept(&self, places: &[usize]) -> String {
        let mut told: Vec<String> = Vec::new();
        for (path, value) in places.iter().flat_map(|place| &self.parties[*place].swept) {
            let text = format!("{path}={value}");
            if !told.contains(&text) {
                told.push(text);
            }
        }
        told.join(", ")
    }
}
