//! What a results folder holds, sorted by metric and cell.

use std::collections::{BTreeMap, HashMap};
use std::path::{Path, PathBuf};

use super::FigureError;
use super::cells::Cells;
use crate::archive::ArchiveError;
use crate::archive::csv::{read_table, scan};
use crate::archive::table::{Prediction, Summary};

/// The tables that most pictures are drawn from.
pub(super) struct Results {
    pub dir: PathBuf,
    pub cells: Cells,
    /// Labels in the order of `summary.csv`.
    pub metrics: Vec<String>,
    summary: HashMap<String, Rows<Summary>>,
    theory: HashMap<String, Rows<Prediction>>,
    /// Of every cell that has outcomes.
    pub fates: HashMap<usize, Fates>,
}

/// How the lineages of a cell ended, counted: a study may have more trials than memory has room for.
#[derive(Debug, Default)]
pub(super) struct Fates {
    pub survived: u32,
    pub failed: u32,
    /// By the generation that could not be fitted.
    pub extinct: BTreeMap<u32, u32>,
}

impl Fates {
    /// Trials that did not fail for reasons of the program.
    pub fn lineages(&self) -> u32 {
        self.survived + self.extinct.values().sum::<u32>()
    }

    fn add(&mut self, outcome: &str, generation: &str) {
        match outcome {
            "survived" | "absorbed" => self.survived += 1,
            "extinct" => *self.extinct.entry(generation.parse().unwrap_or(0)).or_default() += 1,
            _ => self.failed += 1,
        }
    }
}

/// Rows with the places of their cells.
pub(super) type Rows<R> = Vec<(usize, R)>;

impl Results {
    pub fn read(dir: &Path) -> Result<Self, FigureError> {
        let mut cells = Cells::read(dir)?;
        let mut metrics = Vec::new();
        let mut summary: HashMap<String, Rows<Summary>> = HashMap::new();
        for row in read_table::<Summary>(dir, "summary")? {
            let place = cells.place(&row.cell, &row.arm);
            if !summary.contains_key(&row.metric) {
                metrics.push(row.metric.clone());
            }
            summary.entry(row.metric.clone()).or_default().push((place, row));
        }
        let mut theory: HashMap<String, Rows<Prediction>> = HashMap::new();
        for row in read_if_there::<Prediction>(dir, "theory")? {
            let place = cells.place(&row.cell, &row.arm);
            theory.entry(row.metric.clone()).or_default().push((place, row));
        }
        let mut fates: HashMap<usize, Fates> = HashMap::new();
        if dir.join("outcomes.csv").is_file() {
            let columns = ["cell", "arm", "outcome", "generation"];
            scan(dir, "outcomes", columns, |[cell, arm, outcome, generation]| {
                fates.entry(cells.place(cell, arm)).or_default().add(outcome, generation);
            })?;
        }
        Ok(Self { dir: dir.to_path_buf(), cells, metrics, summary, theory, fates })
    }

    pub fn summary(&self, metric: &str) -> &[(usize, Summary)] {
        self.summary.get(metric).map_or(&[], Vec::as_slice)
    }

    /// A metric at one generation, by cell.
    pub fn at(&self, metric: &str, generation: u32) -> HashMap<usize, &Summary> {
        let rows = self.summary(metric).iter().filter(|(_, row)| row.generation == generation);
        rows.map(|(place, row)| (*place, row)).collect()
    }

    pub fn theory(&self, metric: &str) -> &[(usize, Prediction)] {
        self.theory.get(metric).map_or(&[], Vec::as_slice)
    }

    /// Whether a metric has a value in some generation of a model.
    pub fn has_values(&self, metric: &str) -> bool {
        let is_value =
            |row: &Summary| row.generation > 0 && row.median.is_some_and(|v| !v.is_nan());
        self.summary(metric).iter().any(|(_, row)| is_value(row))
    }

    /// The last generation that any metric was measured at.
    pub fn last_generation(&self) -> u32 {
        let rows = self.summary.values().flatten();
        rows.map(|(_, row)| row.generation).max().unwrap_or(0)
    }

    /// Trials and survivors of every cell, from the one table that knows how each lineage ended.
    pub fn survivors(&self) -> HashMap<usize, (u32, u32)> {
        let of = |fates: &Fates| (fates.lineages() + fates.failed, fates.survived);
        self.fates.iter().map(|(place, fates)| (*place, of(fates))).collect()
    }

    pub fn has_table(&self, name: &str) -> bool {
        self.dir.join(format!("{name}.csv")).is_file()
    }
}

fn read_if_there<R>(dir: &Path, name: &str) -> Result<Vec<R>, ArchiveError>
where
    R: serde::de::DeserializeOwned,
{
    if dir.join(format!("{name}.csv")).is_file() { read_table(dir, name) } else { Ok(Vec::new()) }
}

impl Results {
    /// What is missing where a picture asks for a path that was not swept.
    pub fn no_axis(&self, path: &str) -> String {
        let known: Vec<&str> = self.cells.axes.iter().map(|axis| axis.path.as_str()).collect();
        match known.is_empty() {
            true => format!("a swept path `{path}` in cells.csv (nothing was swept)"),
            false => {
                format!("a swept path `{path}` in cells.csv (there are: {})", known.join(", "))
            }
        }
    }

    /// The generation that is asked for, or the last at which the metric has a value.
    pub fn generation_of(&self, metric: &str, asked: Option<u32>) -> Result<u32, String> {
        let rows = self.summary(metric).iter().filter(|(_, row)| row.median.is_some());
        let mut known: Vec<u32> = rows.map(|(_, row)| row.generation).collect();
        known.sort_unstable();
        known.dedup();
        match (asked, known.last()) {
            (_, None) => {
                let there = self.metrics.join(", ");
                Err(format!("values of the metric `{metric}` (there are: {there})"))
            }
            (Some(asked), Some(last)) if !known.contains(&asked) => {
                Err(format!("values of `{metric}` at generation {asked} (its last is {last})"))
            }
            (Some(asked), _) => Ok(asked),
            (None, Some(last)) => Ok(*last),
        }
    }
}
