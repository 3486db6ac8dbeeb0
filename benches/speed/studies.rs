//! Whole experiments: text → trials → tables in a folder.

use model_collapse::archive::csv::read_table;
use model_collapse::archive::table::Measurement;
use model_collapse::experiment::{Document, Study, read};
use std::path::PathBuf;

/// The first work: a normal refitted to 100 samples of itself, with every generation measured.
pub fn replace(trials: usize) -> Box<dyn Study> {
    study(&format!(
        "trials = {trials}\ngenerations = 100\nfounders = 100\n\
         metrics = [\"mean-shift\", \"spread\"]\n\
         [world.normal]\n[model.gaussian]\n[regime.replace]"
    ))
}

/// Kernel density estimates of circles, each generation on everything before it.
pub fn kernels() -> Box<dyn Study> {
    study(
        "trials = 1\ngenerations = 100\nfounders = 100\nevaluation = 500\n\
         metrics = [\"cross-entropy\"]\n\
         [world.circles]\n[model.kde]\nbandwidth = 0.5\n[regime.accumulate]",
    )
}

/// A hundred cells of many trials of three generations, with nothing but exact metrics.
pub fn sweep(trials: usize) -> Box<dyn Study> {
    let tenths = |from: f64| (0..10).map(move |i| format!("{:.2}", from - 0.01 * f64::from(i)));
    let biases: Vec<String> = tenths(1.0).collect();
    study(&format!(
        "trials = {trials}\ngenerations = 3\nfounders = 10\n\
         metrics = [\"mean-shift\", \"spread\"]\n\
         [world.normal]\n[model.gaussian]\n[sweep]\n\
         seed = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]\n\
         \"model.gaussian.sampling-bias\" = [{}]",
        biases.join(", ")
    ))
}

/// Trials of mixtures of three normals.
pub fn mixtures(trials: usize) -> Box<dyn Study> {
    study(&format!(
        "trials = {trials}\ngenerations = 15\nfounders = 1000\n\
         metrics = [\"mean-shift\", \"spread\"]\n\
         [world.blobs]\n[model.mixture]\ncomponents = 3\n[regime.replace]"
    ))
}

/// Two lineages of small transformers, which take as long as each other.
#[cfg(feature = "neural")]
pub fn transformers() -> Box<dyn Study> {
    study(
        "trials = 2\ngenerations = 3\nfounders = 256\nevaluation = 64\n\
         metrics = [\"founder-perplexity\"]\n\
         [world.markov]\ntypes = 16\nlength = 64\n[model.transformer]\n\
         training = { epochs = 4, batch = 16 }\n[regime.replace]",
    )
}

/// One lineage of a million generations of a million samples, drawn as statistics.
pub fn million() -> Box<dyn Study> {
    study(
        "samples = \"statistics\"\ntrials = 1\ngenerations = 1000000\nfounders = 1000000\n\
         measure = { every = 1000000 }\nmetrics = [\"spread\", \"mean-shift\"]\n\
         [world.normal]\n[model.gaussian]\n[regime.replace]",
    )
}

/// A hundred lineages of ten types, until one type is left.
pub fn fixation() -> Box<dyn Study> {
    study(
        "samples = \"statistics\"\nstop = \"absorbed\"\ntrials = 100\ngenerations = 200000\n\
         founders = 10000\nmeasure = { every = 200000 }\nmetrics = [\"support\"]\n\
         [world.categorical]\ntypes = 10\n[model.categorical]\n[regime.replace]",
    )
}

/// One lineage that keeps the samples of all its generations, 1000 each.
pub fn accumulate(generations: usize) -> Box<dyn Study> {
    study(&format!(
        "trials = 1\ngenerations = {generations}\nfounders = 1000\nmetrics = [\"spread\"]\n\
         [world.normal]\n[model.gaussian]\n[regime.accumulate]"
    ))
}

fn study(text: &str) -> Box<dyn Study> {
    let path = PathBuf::from("experiments/speed.toml");
    read(Document::new(path, text)).unwrap_or_else(|complaint| panic!("{complaint}"))
}

/// Runs an experiment, and throws its tables away.
pub fn run(study: &dyn Study, threads: usize) {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let report = study.run(folder.path(), threads, &|_| ()).expect("a run");
    assert_eq!((report.extinct, report.failed), (0, 0));
}

/// The value of the only metric of a study with one trial, in generation t.
pub fn reading(study: &dyn Study, t: u32) -> Option<f64> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    study.run(folder.path(), 1, &|_| ()).expect("a run");
    let rows: Vec<Measurement> = read_table(folder.path(), "measurements").expect("measurements");
    rows.iter().find(|row| row.generation == t)?.value
}
