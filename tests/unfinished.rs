//! A run that is stopped in the middle of long lineages goes on with their next generation, to the same
//! bytes; what was kept of them may be damaged, and then they begin again.

#![cfg(feature = "neural")]

use model_collapse::archive::folder;
use model_collapse::experiment::{Document, Orders, RunReport, Study, read};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

const FILE: &str = r#"
question = "Does it go on?"
trials = 2
generations = 4
founders = 24
evaluation = 10
metrics = ["perplexity", "founder-perplexity", "distinct"]

[world.markov]
types = 6
length = 8

[model.transformer]
layers = 1
width = 16
heads = 2
dropout = 0.1
training = { epochs = 3 }
start = "parent"

[regime.accumulate]
"#;

fn study(text: &str) -> Box<dyn Study> {
    read(Document::new("goes-on.toml", text)).unwrap_or_else(|complaint| panic!("{complaint}"))
}

/// A folder that a run works on, and is stopped in.
struct Place {
    _home: tempfile::TempDir,
    results: PathBuf,
}

impl Place {
    fn new() -> Self {
        let home = tempfile::tempdir().expect("a folder");
        let results = folder::open(&home.path().join("goes-on")).expect("a results folder");
        Place { _home: home, results }
    }

    /// Runs until every lineage that is begun has lived one generation more.
    fn step(&self, study: &dyn Study) -> RunReport {
        let stop = AtomicBool::new(false);
        let witness = |_: &str, _: u32| stop.store(true, Ordering::Relaxed);
        let orders = Orders {
            stop: &stop,
            witness: &witness,
            rest_every: Duration::ZERO,
            ..Orders::default()
        };
        study.work(&self.results, &orders).expect("a run").report
    }

    fn finish(&self, study: &dyn Study) -> RunReport {
        study.work(&self.results, &Orders::default()).expect("a run").report
    }

    /// The readings, compiled into a folder of their own.
    fn measurements(&self, study: &dyn Study) -> String {
        let tables = tempfile::tempdir().expect("a folder");
        study.compile(&self.results, tables.path(), &Orders::default()).expect("tables");
        let read = |name: &str| fs::read_to_string(tables.path().join(name)).expect("a table");
        read("measurements.csv") + &read("composition.csv") + &samples(tables.path())
    }

    fn kept(&self) -> Vec<PathBuf> {
        let folder = self.results.join("journal/lineages");
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        entries.map(|entry| entry.path()).collect()
    }
}

/// All kept samples, in the order of their names.
fn samples(results: &Path) -> String {
    let mut files: Vec<PathBuf> = fs::read_dir(results.join("samples"))
        .expect("samples")
        .flat_map(|cell| fs::read_dir(cell.expect("an entry").path()).expect("a folder"))
        .map(|entry| entry.expect("an entry").path())
        .collect();
    files.sort();
    files.iter().map(|file| fs::read_to_string(file).expect("a table")).collect()
}

fn uninterrupted(text: &str) -> String {
    let (place, study) = (Place::new(), study(text));
    place.finish(&*study);
    place.measurements(&*study)
}

#[test]
fn a_run_stopped_after_every_generation_gives_the_same_bytes() {
    stopped_after_every_generation(FILE);
}

#[test]
fn so_does_one_of_networks_that_start_afresh_and_continue_prompts() {
    let fresh = "decoding = { prompt = 3 }\nstart = \"fresh\"";
    stopped_after_every_generation(&FILE.replace("start = \"parent\"", fresh));
}

fn stopped_after_every_generation(text: &str) {
    let (place, study) = (Place::new(), study(text));
    let mut stops = 0;
    loop {
        let report = place.step(&*study);
        if !report.is_interrupted {
            break;
        }
        assert_eq!(report.resumed, usize::from(stops % 5 > 0), "stop {stops}");
        stops += 1;
        assert!(stops < 20, "it never ends");
    }
    // Four generations and the end of each of two trials, the last of which ends the run.
    assert!(stops >= 8, "only {stops} stops");
    assert_eq!(place.kept(), [] as [PathBuf; 0], "nothing is unfinished any more");
    assert_eq!(place.measurements(&*study), uninterrupted(text));
}

#[test]
fn a_damaged_state_is_told_and_its_lineage_begins_again() {
    let (place, study) = (Place::new(), study(FILE));
    place.step(&*study);
    let [file] = &place.kept()[..] else { panic!("one lineage is unfinished") };
    let mut bytes = fs::read(file).expect("a state");
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(file, bytes).expect("written");
    let report = place.finish(&*study);
    assert_eq!((report.resumed, report.restarted), (0, 1));
    assert_eq!(place.measurements(&*study), uninterrupted(FILE));
}

#[test]
fn a_state_of_the_same_lineage_serves_more_generations_and_not_other_metrics() {
    let more = FILE.replace("generations = 4", "generations = 6");
    let (place, longer) = (Place::new(), study(&more));
    place.step(&*study(FILE));
    let report = place.finish(&*longer);
    assert_eq!((report.resumed, report.restarted), (1, 0));
    assert_eq!(place.measurements(&*longer), uninterrupted(&more));

    let other = FILE.replace("\"distinct\"", "\"repetition\"");
    let (place, other) = (Place::new(), study(&other));
    place.step(&*study(FILE));
    let report = place.finish(&*other);
    assert_eq!((report.resumed, report.restarted), (0, 0));
}
