//! A few samples of a few generations of trial 0, because people look at data before numbers.

use super::Space;
use crate::archive::{ArchiveError, csv, journal::Keepsake};
use crate::lineage::Snapshot;
use std::path::Path;

/// At most this many samples of a generation are kept.
const MOST: usize = 500;

/// Whether samples of generation t of `last` are kept: 0, 1, 2, 5, 10, 20, 50 … and the last.
pub fn is_kept(t: u32, last: u32) -> bool {
    t == last || is_round(t)
}

/// 0, and 1, 2 or 5 times a power of ten.
fn is_round(t: u32) -> bool {
    let mut leading = t;
    while leading >= 10 && leading.is_multiple_of(10) {
        leading /= 10;
    }
    matches!(leading, 0 | 1 | 2 | 5)
}

/// The first samples that a generation left behind, as the text of a table.
pub fn text<S: Space>(now: &Snapshot<'_, S>) -> Result<String, ArchiveError> {
    let first: Vec<usize> = (0..now.offspring.len().min(MOST)).collect();
    let samples = now.offspring.gather(&first);
    let (mut header, mut rows) = samples.rows(now.truth.world().lexicon());
    if let Some((column, values)) = samples.remark(now) {
        header.push(column.to_owned());
        let value = |value: Option<f64>| value.map(|x| x.to_string()).unwrap_or_default();
        rows.iter_mut().zip(values).for_each(|(row, x)| row.push(value(x)));
    }
    csv::records(Path::new("samples"), &header, &rows)
}

/// Writes the kept samples of one cell: `samples/CELL/generation-0010.csv`.
pub fn write(
    folder: &Path,
    cell: &str,
    keepsakes: &[Keepsake],
    last: u32,
) -> Result<(), ArchiveError> {
    if keepsakes.iter().all(|kept| kept.samples.is_empty()) {
        return Ok(());
    }
    let folder = folder.join("samples").join(cell);
    std::fs::create_dir_all(&folder).map_err(ArchiveError::io("create the folder", &folder))?;
    for (generation, text) in keepsakes.iter().flat_map(|kept| &kept.samples) {
        if *generation <= last && is_kept(*generation, last) {
            let path = folder.join(format!("generation-{generation:04}.csv"));
            std::fs::write(&path, text).map_err(ArchiveError::io("write", &path))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kept_generations_by_hand() {
        let kept: Vec<u32> = (0..=120).filter(|&t| is_kept(t, 113)).collect();
        assert_eq!(kept, [0, 1, 2, 5, 10, 20, 50, 100, 113]);
    }
}
