//! The peers in Python, one process a call: `benches/peers/run.py`.

use model_collapse::samples::Points;
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs the peers' script, and gives the JSON that it prints.
///
/// # Panics
/// If Python or the script fails: there is nothing to compare with then.
fn script(arguments: &[&str]) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches/peers/run.py");
    let mut command = Command::new("python3");
    command.arg(path).args(arguments).stderr(Stdio::inherit());
    let output = command.output().expect("python3 runs");
    assert!(output.status.success(), "benches/peers/run.py {arguments:?} failed");
    serde_json::from_slice(&output.stdout).expect("the peers print JSON")
}

/// What Python does in one work, asked for in the same rounds as our own times.
pub struct Peer {
    work: &'static str,
    data: Option<PathBuf>,
    seconds: Vec<f64>,
    /// What the last call said besides.
    pub report: Value,
}

impl Peer {
    pub fn new(work: &'static str, data: Option<&Path>) -> Self {
        let data = data.map(Path::to_owned);
        Peer { work, data, seconds: Vec::new(), report: Value::Null }
    }

    /// One process: an unmeasured call, then five measured ones.
    pub fn run(&mut self) {
        let mut arguments = vec!["--only", self.work];
        let data = self.data.as_ref().map(|path| path.to_string_lossy().into_owned());
        arguments.extend(data.iter().flat_map(|path| ["--data", path]));
        let mut report = script(&arguments);
        self.report = report[self.work].take();
        let all = self.report["all_seconds"].as_array().expect("all_seconds");
        self.seconds.extend(all.iter().filter_map(Value::as_f64));
    }

    /// The median over all processes; none before the first.
    pub fn median(&self) -> Option<f64> {
        (!self.seconds.is_empty()).then(|| crate::clock::median(&self.seconds))
    }

    pub fn number(&self, key: &str) -> Option<f64> {
        self.report[key].as_f64()
    }
}

/// Has the data of the mixtures written below a folder.
pub fn write_data(folder: &Path) {
    script(&["--write-data", &folder.to_string_lossy(), "--dry"]);
}

/// Points from a table that the peers wrote.
pub fn read_points(path: &Path) -> Points {
    let text = std::fs::read_to_string(path).expect("a table");
    let rows: Vec<&str> = text.lines().skip(1).collect();
    let d = rows[0].split(',').count();
    let numbers = rows.iter().flat_map(|row| row.split(',').map(|x| x.parse().expect("a number")));
    Points::from_rows(numbers.collect(), d)
}

/// The versions that the last call ran with.
pub fn versions(report: &Value) -> String {
    let versions = report["versions"].as_object().into_iter().flatten();
    let named =
        versions.map(|(name, version)| format!("{name} {}", version.as_str().unwrap_or("")));
    named.collect::<Vec<_>>().join(", ")
}
