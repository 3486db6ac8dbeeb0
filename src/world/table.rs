//! The rows of a CSV file: a finite world of real data.
//!
//! The file has a header row with the names of its columns, cells separated by commas, and a finite
//! number in every cell that is used. A row is a sample. Each trial deals the rows out once, without
//! replacement: founders, fresh draws and held-out samples are disjoint.
//! Exact: nothing but the rows; there is no density.
//! Not to be confused with bootstrap samples: no row comes twice, unless `reuse = true`.
//! Source: your own data; the real-data loops of He et al. 2025 (arXiv 2502.18049) are run like this.

use super::csv_file::CsvFile;
use super::{World, WorldError};
use crate::distribution::{Distribution, Finite};
use crate::samples::{PointShape, Points};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Table {
    /// The CSV file, relative to the folder of the experiment file. It must be given.
    pub path: PathBuf,
    /// Names of the columns to use, in this order; left out: all but the label, which must be numbers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1), extend("uniqueItems" = true))]
    pub columns: Option<Vec<String>>,
    /// Name of a column whose numbers label the points; left out: no labels.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Whether every column is brought to mean 0 and variance 1 (divisor n); a constant column becomes
    /// 0. Labels stay as they are. Default: false.
    #[serde(default)]
    pub standardise: bool,
    /// Whether rows may be dealt out again once all have been used. Default: false.
    #[serde(default)]
    pub reuse: bool,
}

impl Table {
    fn file(&self, folder: &Path) -> Result<CsvFile, WorldError> {
        CsvFile::open(&folder.join(&self.path))
    }

    /// The places of the columns that become coordinates.
    fn coordinates(&self, file: &CsvFile) -> Result<Vec<usize>, WorldError> {
        let label = self.label_column(file)?;
        let columns: Vec<usize> = match &self.columns {
            Some(names) => {
                names.iter().map(|n| file.column(n, "columns")).collect::<Result<_, _>>()?
            }
            None => (0..file.header().len()).filter(|place| Some(*place) != label).collect(),
        };
        let twice = (1..columns.len()).find(|i| columns[..*i].contains(&columns[*i]));
        if let Some(name) = twice.map(|i| &file.header()[columns[i]]) {
            let help = "name each column once".into();
            let reason = format!("`columns` names `{name}` twice");
            return Err(WorldError { key: Some("columns"), reason, help });
        }
        if columns.is_empty() {
            return Err(WorldError {
                key: Some("columns"),
                reason: format!("no numeric column of {} is left to use", self.path.display()),
                help: format!("its columns are: {}", file.header().join(", ")),
            });
        }
        Ok(columns)
    }

    fn label_column(&self, file: &CsvFile) -> Result<Option<usize>, WorldError> {
        self.label.as_ref().map(|name| file.column(name, "label")).transpose()
    }

    fn points(&self, folder: &Path) -> Result<Points, WorldError> {
        let file = self.file(folder)?;
        let columns = self.coordinates(&file)?;
        let mut values = file.numbers(&columns)?;
        if self.standardise {
            standardise(&mut values, columns.len());
        }
        let points = Points::from_rows(values, columns.len());
        match self.label_column(&file)? {
            Some(label) => Ok(points.with_labels(file.numbers(&[label])?)),
            None => Ok(points),
        }
    }
}

/// Brings every column of n × d numbers to mean 0 and variance 1, divisor n.
pub(super) fn standardise(values: &mut [f64], d: usize) {
    for column in 0..d {
        // In units of the largest number no square overflows.
        let largest = values[column..].iter().step_by(d).fold(0.0, |m: f64, x| m.max(x.abs()));
        let unit = if largest > 0.0 { largest } else { 1.0 };
        let cells = || values[column..].iter().step_by(d).map(move |x| x / unit);
        let n = cells().count() as f64;
        let constant = cells().all(|x| x == values[column] / unit);
        let mean = cells().sum::<f64>() / n;
        let sd = (cells().map(|x| (x - mean).powi(2)).sum::<f64>() / n).sqrt();
        for x in values[column..].iter_mut().step_by(d) {
            *x = if constant || sd <= 0.0 { 0.0 } else { (*x / unit - mean) / sd };
        }
    }
}

impl World<Points> for Table {
    fn shape(&self, folder: &Path) -> Result<PointShape, WorldError> {
        let file = self.file(folder)?;
        let dimension = self.coordinates(&file)?.len();
        Ok(PointShape { dimension, image: None, labelled: self.label.is_some() })
    }

    fn open(&self, folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        match Finite::new(self.points(folder)?) {
            Some(finite) => Ok(Box::new(finite)),
            None => Err(WorldError {
                key: Some("path"),
                reason: format!("{} has no rows", self.path.display()),
                help: "a table needs at least one row below its header".into(),
            }),
        }
    }

    fn reuse(&self) -> bool {
        self.reuse
    }

    fn files(&self, folder: &Path) -> Vec<PathBuf> {
        vec![folder.join(&self.path)]
    }
}

#[cfg(test)]
mod tests;
