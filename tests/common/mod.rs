//! Runs experiments from text, in a folder of their own.

#![allow(dead_code)]

pub mod place;

use model_collapse::archive::csv::read_table;
use model_collapse::archive::table::{Measurement, Outcome, Prediction};
use model_collapse::experiment::{Document, read};
use std::path::Path;

/// What a run left behind.
pub struct Results {
    pub folder: tempfile::TempDir,
    pub measurements: Vec<Measurement>,
    pub outcomes: Vec<Outcome>,
    pub theory: Vec<Prediction>,
}

/// Runs an experiment on so many threads.
///
/// # Panics
/// If the experiment is refused or cannot be run: the test is wrong then.
pub fn run_on(threads: usize, text: &str) -> Results {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments").join("test.toml");
    let study = read(Document::new(path, text));
    let study = study.unwrap_or_else(|complaint| panic!("{complaint}\n{text}"));
    let folder = tempfile::tempdir().expect("a temporary folder");
    study.run(folder.path(), threads, &|_| ()).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let measurements = read_table(folder.path(), "measurements").expect("measurements");
    let outcomes = read_table(folder.path(), "outcomes").expect("outcomes");
    let theory = read_table(folder.path(), "theory").expect("theory");
    Results { folder, measurements, outcomes, theory }
}

/// Runs an experiment on all cores.
pub fn run(text: &str) -> Results {
    run_on(std::thread::available_parallelism().map_or(1, usize::from), text)
}

impl Results {
    /// The values of a metric at a generation over trials; those that do not exist are left out.
    pub fn values(&self, arm: &str, generation: u32, metric: &str) -> Vec<f64> {
        let here = self
            .measurements
            .iter()
            .filter(|row| row.arm == arm && row.generation == generation && row.metric == metric);
        here.filter_map(|row| row.value).collect()
    }

    /// The text of a table.
    pub fn text(&self, table: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(format!("{table}.csv"))).expect("a table")
    }
}

/// Mean and its standard error.
pub fn mean(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    let variance = values.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / (n - 1.0);
    (mean, (variance / n).sqrt())
}

/// Asserts that the mean of the values is within four standard errors of what theory says.
pub fn agrees(values: &[f64], expected: f64, what: &str) {
    let (mean, error) = mean(values);
    let z = (mean - expected) / error;
    let exact = (mean - expected).abs() <= 1e-9 * expected.abs().max(1.0);
    assert!(exact || z.abs() < 4.0, "{what}: {mean} ± {error} is not {expected} (z = {z:.1})");
}
