//! Whether the tables and pictures of a folder are those of its journal: `journal/finished.json`.
//!
//! It is written last, and names what was asked, what the journal held, and a hash of every file that
//! was made of it: so a run with nothing to do can tell that there is nothing to do, and a table that
//! somebody edited is made again.

use super::growing::replace_file;
use super::{ArchiveError, journal};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const FILE: &str = "finished.json";

/// What finished results were made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Made {
    /// Version and commit of the program.
    pub program: String,
    /// The resolved experiment.
    pub experiment: String,
    /// Names and lengths of the journal's files.
    pub journal: Vec<(String, u64)>,
}

#[derive(Serialize, Deserialize)]
struct Stamp {
    made: Made,
    /// Hashes of all that was made, by path.
    files: BTreeMap<String, String>,
}

/// Writes down that everything in `results` was made of this.
pub fn write(results: &Path, made: Made) -> Result<(), ArchiveError> {
    let files = hashes(results)?;
    let path = path(results);
    let text = serde_json::to_string(&Stamp { made, files })
        .map_err(|source| ArchiveError::Json { path: path.clone(), source })?;
    replace_file(&path, [Ok((text + "\n").into_bytes().into())])
}

/// Whether everything in `results` was made of this, and is as it was made.
pub fn holds(results: &Path, made: &Made) -> bool {
    let Ok(text) = fs::read_to_string(path(results)) else { return false };
    let Ok(stamp) = serde_json::from_str::<Stamp>(&text) else { return false };
    // Files that somebody added are theirs; those that were made must be there.
    let is_there = |files: BTreeMap<String, String>| {
        stamp.files.iter().all(|(name, hash)| files.get(name) == Some(hash))
    };
    stamp.made == *made && hashes(results).is_ok_and(is_there)
}

/// What everything in `results` was made of, if it is as it was made.
pub fn read(results: &Path) -> Option<Made> {
    let stamp: Stamp = serde_json::from_str(&fs::read_to_string(path(results)).ok()?).ok()?;
    holds(results, &stamp.made).then_some(stamp.made)
}

/// Nothing is finished any more.
pub fn remove(results: &Path) -> Result<(), ArchiveError> {
    let path = path(results);
    match fs::remove_file(&path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
            Err(ArchiveError::io("remove", &path)(error))
        }
        _ => Ok(()),
    }
}

fn path(results: &Path) -> PathBuf {
    results.join(journal::FOLDER).join(FILE)
}

/// The hash of every file but those of the journal.
fn hashes(results: &Path) -> Result<BTreeMap<String, String>, ArchiveError> {
    let mut hashes = BTreeMap::new();
    let mut folders = vec![results.to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).map_err(ArchiveError::io("look into", &folder))? {
            let path = entry.map_err(ArchiveError::io("look into", &folder))?.path();
            let name = path.strip_prefix(results).unwrap_or(&path).to_string_lossy().into_owned();
            if path.is_dir() {
                let is_ours = name != journal::FOLDER && !name.starts_with('.');
                folders.extend(is_ours.then_some(path));
            } else {
                let read = ArchiveError::io("read", &path);
                let mut hasher = blake3::Hasher::new();
                fs::File::open(&path)
                    .and_then(|file| hasher.update_reader(file).map(drop))
                    .map_err(read)?;
                hashes.insert(name, hasher.finalize().to_hex()[..32].to_owned());
            }
        }
    }
    Ok(hashes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_holds_until_the_request_the_journal_or_a_file_changes() {
        let home = tempfile::tempdir().unwrap();
        fs::create_dir(home.path().join(journal::FOLDER)).unwrap();
        fs::create_dir(home.path().join("figures")).unwrap();
        fs::write(home.path().join("figures/a.svg"), "<svg/>").unwrap();
        let made = Made { program: "1".into(), experiment: "x".into(), journal: vec![] };
        assert!(!holds(home.path(), &made));
        write(home.path(), made.clone()).unwrap();
        assert!(holds(home.path(), &made));
        fs::write(home.path().join("notes.txt"), "mine").unwrap();
        assert!(holds(home.path(), &made), "somebody's notes are nothing to redo");
        let more = Made { journal: vec![("trials-1.bin".into(), 7)], ..made.clone() };
        assert!(!holds(home.path(), &more));
        fs::write(home.path().join("figures/a.svg"), "<SVG/>").unwrap();
        assert!(!holds(home.path(), &made));
        write(home.path(), made.clone()).unwrap();
        remove(home.path()).unwrap();
        assert!(!holds(home.path(), &made));
    }
}
