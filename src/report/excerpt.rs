//! A few generated lines of each kept generation, because people look at text before they look at
//! numbers.

use crate::archive::ArchiveError;
use crate::archive::csv::{read_records, read_table};
use crate::archive::table::Cell;
use std::path::Path;

/// What one generation of a cell wrote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Excerpt {
    pub cell: String,
    pub arm: String,
    pub generation: u32,
    /// Whole sequences, as many as were asked for.
    pub texts: Vec<String>,
}

/// The first `lines` sequences of every kept generation of every cell, in their order; nothing where
/// samples are no text.
pub fn excerpts(results: &Path, lines: usize) -> Result<Vec<Excerpt>, ArchiveError> {
    let mut excerpts = Vec::new();
    if !results.join("cells.csv").is_file() {
        return Ok(excerpts);
    }
    for Cell { cell, arm } in read_table::<Cell>(results, "cells")? {
        let folder = results.join("samples").join(&cell);
        for (generation, name) in generations(&folder) {
            let (header, rows) = read_records(&folder, &name)?;
            let Some(text) = header.iter().position(|column| column == "text") else { continue };
            let texts = rows.into_iter().take(lines).map(|mut row| row.swap_remove(text)).collect();
            excerpts.push(Excerpt { cell: cell.clone(), arm: arm.clone(), generation, texts });
        }
    }
    Ok(excerpts)
}

/// The tables of samples in a folder, by generation.
fn generations(folder: &Path) -> Vec<(u32, String)> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let number = |name: String| {
        let digits = name.strip_prefix("generation-")?.strip_suffix(".csv")?;
        Some((digits.parse().ok()?, name))
    };
    let mut found: Vec<(u32, String)> = names.filter_map(number).collect();
    found.sort_unstable();
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::csv::write_records;

    fn folder(column: &str) -> tempfile::TempDir {
        let results = tempfile::tempdir().expect("a folder");
        let words = |list: &[&str]| list.iter().map(|word| word.to_string()).collect::<Vec<_>>();
        let cells = [words(&["abc", "replace"])];
        write_records(results.path(), "cells", &words(&["cell", "arm"]), &cells).expect("written");
        let samples = results.path().join("samples/abc");
        std::fs::create_dir_all(&samples).expect("a folder");
        for t in [10, 2] {
            let (name, text) = (format!("generation-{t:04}"), format!("text, of {t}"));
            let rows = [words(&["1 2", &text]), words(&["3", "second"])];
            write_records(&samples, &name, &words(&["tokens", column]), &rows).expect("written");
        }
        results
    }

    #[test]
    fn generations_come_in_order_with_as_many_lines_as_were_asked_for() {
        let found = excerpts(folder("text").path(), 1).expect("readable");
        let said: Vec<_> = found.iter().map(|e| (e.generation, e.texts.join("|"))).collect();
        assert_eq!(said, [(2, "text, of 2".to_owned()), (10, "text, of 10".to_owned())]);
        assert_eq!((&*found[0].cell, &*found[0].arm), ("abc", "replace"));
    }

    #[test]
    fn samples_without_text_have_no_excerpt() {
        assert_eq!(excerpts(folder("label").path(), 3).expect("readable"), []);
        assert_eq!(excerpts(Path::new("/nowhere"), 3).expect("nothing"), []);
    }
}
