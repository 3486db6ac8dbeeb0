//! A folder of its own, and the program run in it as its users run it.

use assert_cmd::Command;
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_collapse");

pub struct Place(TempDir);

impl Place {
    pub fn new() -> Self {
        Place(tempfile::tempdir().expect("a folder"))
    }

    /// With the results of this experiment at `results/a`.
    pub fn of_results(text: &str) -> Self {
        let place = Place::new();
        place.write("a.toml", text);
        place.succeeds(&["run", "a.toml", "--jobs", "1"]);
        place
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).expect("a file");
    }

    /// Exit code, standard output and standard error.
    pub fn collapse(&self, arguments: &[&str]) -> (i32, String, String) {
        let mut command = Command::new(PROGRAM);
        let output = command.current_dir(self.path()).args(arguments).output().expect("it runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
        (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
    }

    /// Runs a file that must be refused: exit code 2, nothing written; gives the message.
    pub fn refused(&self, text: &str) -> String {
        self.write("a.toml", text);
        let (code, _, message) = self.collapse(&["run", "a.toml"]);
        assert_eq!(code, 2, "{message}");
        assert!(!self.path().join("results").exists(), "something was written");
        message
    }

    /// Runs what must succeed; gives standard error.
    pub fn succeeds(&self, arguments: &[&str]) -> String {
        let (code, _, message) = self.collapse(arguments);
        assert_eq!(code, 0, "{arguments:?}: {message}");
        message
    }

    /// The bytes of every table and picture of a results folder that must not depend on how they came
    /// to be.
    pub fn bytes(&self, results: &str) -> Vec<(PathBuf, Vec<u8>)> {
        let root = self.path().join(results);
        let mut found = Vec::new();
        let mut folders = vec![root.clone()];
        while let Some(folder) = folders.pop() {
            for entry in
                fs::read_dir(&folder).unwrap_or_else(|e| panic!("{}: {e}", folder.display()))
            {
                let path = entry.expect("an entry").path();
                let name = path.strip_prefix(&root).expect("inside").to_owned();
                let is_exempt =
                    ["journal", "costs.csv", "provenance.json"].map(Path::new).contains(&&*name);
                match path.is_dir() {
                    true if !is_exempt => folders.push(path),
                    false if !is_exempt => found.push((name, fs::read(path).expect("a file"))),
                    _ => {}
                }
            }
        }
        found.sort();
        assert!(found.len() > 6, "{results} has tables and pictures");
        found
    }

    /// Asserts that two results folders are the same but for what is exempt.
    pub fn same(&self, one: &str, other: &str) {
        let (one_bytes, other_bytes) = (self.bytes(one), self.bytes(other));
        let names = |files: &[(PathBuf, Vec<u8>)]| -> Vec<PathBuf> {
            files.iter().map(|(name, _)| name.clone()).collect()
        };
        assert_eq!(names(&one_bytes), names(&other_bytes));
        for ((name, a), (_, b)) in one_bytes.iter().zip(&other_bytes) {
            assert!(a == b, "{} of {one} and {other} differ", name.display());
        }
    }

    /// The files of a journal.
    pub fn journal(&self, results: &str) -> Vec<PathBuf> {
        let folder = self.path().join(results).join("journal");
        let entries = fs::read_dir(folder).expect("a journal").map(|e| e.expect("an entry").path());
        let mut files: Vec<PathBuf> =
            entries.filter(|path| path.extension().is_some_and(|e| e == "bin")).collect();
        files.sort();
        files
    }
}

pub fn contains(message: &str, parts: &[&str]) {
    for part in parts {
        assert!(message.contains(part), "{part:?} is not in:\n{message}");
    }
}
