//! Lineages that are on their way: the state of each after its newest generation, one file a trial.
//!
//! A file is replaced as a whole, starts with a checksum of what follows, and goes when the trial is in
//! the journal. One that is torn or altered counts as not there: its lineage begins again.

use super::ArchiveError;
use super::growing::replace_file;
use super::journal::{self, CellKey};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// The folder inside the journal.
const FOLDER: &str = "lineages";

/// The first bytes of a file: its kind, and the format, which grows where an older program could not
/// read it.
const MAGIC: &[u8; 16] = b"collapse state 1";

/// Where unfinished lineages of a results folder lie.
#[derive(Debug)]
pub struct Shelf {
    folder: PathBuf,
    /// Whether anything may lie there: most lineages are too short for it, and need not look.
    is_used: AtomicBool,
}

/// What lies there of one lineage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Kept {
    Nothing,
    Damaged,
    State(Vec<u8>),
}

impl Shelf {
    pub fn of(results: &Path) -> Self {
        let folder = results.join(journal::FOLDER).join(FOLDER);
        Shelf { is_used: AtomicBool::new(folder.is_dir()), folder }
    }

    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Takes everything away: nothing is unfinished any more.
    pub fn sweep(&self) -> Result<(), ArchiveError> {
        match fs::remove_dir_all(&self.folder) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(ArchiveError::io("remove", &self.folder)(error))
            }
            _ => Ok(()),
        }
    }

    /// Puts the state of a lineage there, in place of the one before.
    pub fn keep(&self, cell: &CellKey, trial: u32, state: &[u8]) -> Result<(), ArchiveError> {
        let folder = &self.folder;
        fs::create_dir_all(folder).map_err(ArchiveError::io("create the folder", folder))?;
        self.is_used.store(true, Ordering::Relaxed);
        let hash = blake3::hash(state);
        let parts = [&MAGIC[..], &hash.as_bytes()[..], state];
        replace_file(&self.path(cell, trial), parts.map(|part| Ok(part.into())))
    }

    pub fn take(&self, cell: &CellKey, trial: u32) -> Result<Kept, ArchiveError> {
        if !self.is_used.load(Ordering::Relaxed) {
            return Ok(Kept::Nothing);
        }
        let path = self.path(cell, trial);
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Kept::Nothing),
            Err(error) => return Err(ArchiveError::io("read", &path)(error)),
        };
        let rest =
            bytes.strip_prefix(MAGIC).and_then(|rest| rest.split_at_checked(blake3::OUT_LEN));
        match rest {
            Some((hash, state)) if blake3::hash(state).as_bytes()[..] == *hash => {
                Ok(Kept::State(state.to_vec()))
            }
            _ => Ok(Kept::Damaged),
        }
    }

    /// Takes the state of a lineage away: it is over.
    pub fn clear(&self, cell: &CellKey, trial: u32) -> Result<(), ArchiveError> {
        if !self.is_used.load(Ordering::Relaxed) {
            return Ok(());
        }
        let path = self.path(cell, trial);
        match fs::remove_file(&path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                Err(ArchiveError::io("remove", &path)(error))
            }
            _ => Ok(()),
        }
    }

    fn path(&self, cell: &CellKey, trial: u32) -> PathBuf {
        let cell = blake3::Hash::from_bytes(*cell).to_hex();
        self.folder.join(format!("{cell}-{trial}.state"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_comes_back_as_it_was_until_its_lineage_is_over() {
        let results = tempfile::tempdir().expect("a folder");
        let (shelf, cell) = (Shelf::of(results.path()), [7; 32]);
        assert_eq!(shelf.take(&cell, 3).expect("readable"), Kept::Nothing);
        shelf.keep(&cell, 3, b"first").expect("written");
        shelf.keep(&cell, 3, b"second").expect("written");
        assert_eq!(shelf.take(&cell, 3).expect("readable"), Kept::State(b"second".to_vec()));
        assert_eq!(shelf.take(&cell, 4).expect("readable"), Kept::Nothing);
        shelf.clear(&cell, 3).expect("removed");
        shelf.clear(&cell, 3).expect("nothing to remove");
        assert_eq!(shelf.take(&cell, 3).expect("readable"), Kept::Nothing);
    }

    #[test]
    fn every_altered_byte_and_every_torn_file_is_noticed() {
        let results = tempfile::tempdir().expect("a folder");
        let (shelf, cell) = (Shelf::of(results.path()), [7; 32]);
        shelf.keep(&cell, 0, b"state").expect("written");
        let path = shelf.path(&cell, 0);
        let whole = fs::read(&path).expect("readable");
        for place in 0..whole.len() {
            let mut altered = whole.clone();
            altered[place] ^= 1;
            fs::write(&path, altered).expect("written");
            assert_eq!(shelf.take(&cell, 0).expect("readable"), Kept::Damaged, "byte {place}");
            fs::write(&path, &whole[..place]).expect("written");
            assert_eq!(shelf.take(&cell, 0).expect("readable"), Kept::Damaged, "{place} bytes");
        }
    }
}
