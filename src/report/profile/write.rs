//! What a profile leaves on disk: its table, and the picture that is made of it.

use std::fs;
use std::path::{Path, PathBuf};

use super::Profile;
use crate::archive::ArchiveError;
use crate::archive::csv::write_table;
use crate::figure::profile::draw;
use crate::report::compare::CompareError;

/// Writes `profile.csv` and its picture into a folder, which it makes; says which pictures there are.
pub fn write(profile: &Profile, folder: &Path) -> Result<Vec<PathBuf>, CompareError> {
    fs::create_dir_all(folder).map_err(ArchiveError::io("create the folder", folder))?;
    write_table(folder, "profile", &profile.rows)?;
    Ok(draw(&profile.question, &profile.rows, folder)?)
}
