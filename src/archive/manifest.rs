//! What was asked of a results folder last: `journal/manifest.json`, written before a run begins.
//!
//! With it, the next run can tell a new cell from a changed one and a new trial from one that was
//! interrupted, and refuses a folder that belongs to another experiment.

use super::growing::replace_file;
use super::journal::{self, Damage};
use super::{ArchiveError, provenance};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const FILE: &str = "manifest.json";

/// What a run was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Manifest {
    pub format: u32,
    pub question: String,
    /// The experiment file, absolute.
    pub source: PathBuf,
    /// What its paths are relative to.
    pub folder: PathBuf,
    pub cells: Vec<Asked>,
    /// Damage of the journal that was reported before.
    pub known_damage: Vec<(String, u64)>,
}

/// What was asked of one cell.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Asked {
    /// The hash of `decides`, in hexadecimal digits.
    pub key: String,
    pub arm: String,
    pub swept: BTreeMap<String, String>,
    /// The most that may be needed, where adaptive replication decides.
    pub trials: u32,
    pub is_adaptive: bool,
    pub generations: u32,
    /// Labels, each with the hash of what decides its readings.
    pub metrics: Vec<String>,
    /// Everything that decides its lineages, by name.
    pub decides: BTreeMap<String, String>,
}

impl Manifest {
    /// The manifest of a results folder, if it has one.
    pub fn read(results: &Path) -> Result<Option<Self>, ArchiveError> {
        let path = results.join(journal::FOLDER).join(FILE);
        if !path.is_file() {
            return Ok(None);
        }
        let text = std::fs::read_to_string(&path).map_err(ArchiveError::io("read", &path))?;
        #[derive(Deserialize)]
        struct Format {
            format: u32,
        }
        let refuse = |source| ArchiveError::Manifest { path: path.clone(), source };
        let Format { format } = serde_json::from_str(&text).map_err(refuse)?;
        if format > provenance::FORMAT {
            return Err(ArchiveError::Newer { path, format, known: provenance::FORMAT });
        }
        serde_json::from_str(&text).map(Some).map_err(refuse)
    }

    pub fn write(&self, results: &Path) -> Result<(), ArchiveError> {
        let path = results.join(journal::FOLDER).join(FILE);
        let text = serde_json::to_string(self)
            .map_err(|source| ArchiveError::Json { path: path.clone(), source })?;
        replace_file(&path, [Ok((text + "\n").into_bytes().into())])
    }

    /// Whether the folder belongs to this experiment: the same file, or a cell that both know.
    pub fn belongs_to(&self, other: &Manifest) -> bool {
        let shares = |asked: &Asked| other.cells.iter().any(|cell| cell.key == asked.key);
        self.source == other.source || self.cells.iter().any(shares)
    }

    /// What was asked of the cell of this arm with these swept values.
    pub fn asked(&self, arm: &str, swept: &BTreeMap<String, String>) -> Option<&Asked> {
        self.cells.iter().find(|cell| cell.arm == arm && cell.swept == *swept)
    }

    /// Whether this damage was reported before.
    pub fn knows(&self, damage: &Damage) -> bool {
        self.known_damage.iter().any(|(file, from)| *file == damage.file && *from == damage.from)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn manifest(source: &str, key: &str) -> Manifest {
        let asked = Asked {
            key: key.into(),
            arm: "base".into(),
            swept: BTreeMap::new(),
            trials: 3,
            is_adaptive: false,
            generations: 2,
            metrics: vec![],
            decides: BTreeMap::from([("founders".into(), "20".into())]),
        };
        Manifest {
            format: provenance::FORMAT,
            question: "?".into(),
            source: source.into(),
            folder: ".".into(),
            cells: vec![asked],
            known_damage: vec![],
        }
    }

    #[test]
    fn a_manifest_reads_back_and_one_of_a_newer_program_is_refused() {
        let home = tempfile::tempdir().unwrap();
        assert_eq!(Manifest::read(home.path()).unwrap(), None);
        std::fs::create_dir(home.path().join(journal::FOLDER)).unwrap();
        let mut written = manifest("a.toml", "1");
        written.write(home.path()).unwrap();
        assert_eq!(Manifest::read(home.path()).unwrap(), Some(written.clone()));
        written.format = provenance::FORMAT + 1;
        written.write(home.path()).unwrap();
        let refusal = Manifest::read(home.path()).unwrap_err();
        assert!(matches!(refusal, ArchiveError::Newer { .. }), "{refusal}");
    }

    #[test]
    fn an_edited_file_and_a_moved_one_are_the_same_experiment() {
        let known = manifest("a.toml", "1");
        assert!(known.belongs_to(&manifest("a.toml", "2")));
        assert!(known.belongs_to(&manifest("b.toml", "1")));
        assert!(!known.belongs_to(&manifest("b.toml", "2")));
    }
}
