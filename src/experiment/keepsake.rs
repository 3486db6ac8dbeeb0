//! A few samples of a few generations of trial 0, because people look at data before numbers.

use super::Space;
use crate::archive::{ArchiveError, csv::write_records};
use crate::lineage::Snapshot;
use crate::samples::Samples;
use std::path::Path;

/// At most this many samples of a generation are kept.
const MOST: usize = 500;

/// Samples that a generation left behind; the founders at generation 0.
pub struct Kept<S> {
    pub generation: u32,
    pub samples: S,
}

/// Collects them: generations 0, 1, 2, 5, 10, 20, 50 … and the last.
pub struct Keepsakes<S> {
    last: u32,
    pub kept: Vec<Kept<S>>,
}

impl<S: Samples> Keepsakes<S> {
    pub fn new(last: u32) -> Self {
        Keepsakes { last, kept: Vec::new() }
    }

    pub fn observe(&mut self, now: &Snapshot<'_, S>) {
        let t = now.generation;
        if t == self.last || is_round(t) {
            let rows: Vec<usize> = (0..now.offspring.len().min(MOST)).collect();
            self.kept.push(Kept { generation: t, samples: now.offspring.gather(&rows) });
        }
    }
}

/// 0, and 1, 2 or 5 times a power of ten.
fn is_round(t: u32) -> bool {
    let mut leading = t;
    while leading >= 10 && leading.is_multiple_of(10) {
        leading /= 10;
    }
    matches!(leading, 0 | 1 | 2 | 5)
}

/// Writes the kept samples of one cell: `samples/CELL/generation-0010.csv`.
pub fn write<S: Space>(folder: &Path, cell: &str, kept: &[Kept<S>]) -> Result<(), ArchiveError> {
    let folder = folder.join("samples").join(cell);
    std::fs::create_dir_all(&folder).map_err(ArchiveError::io("create the folder", &folder))?;
    for Kept { generation, samples } in kept {
        let (header, rows) = samples.rows();
        write_records(&folder, &format!("generation-{generation:04}"), &header, &rows)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_generations_by_hand() {
        let round: Vec<u32> = (0..=120).filter(|&t| is_round(t)).collect();
        assert_eq!(round, [0, 1, 2, 5, 10, 20, 50, 100]);
    }
}
