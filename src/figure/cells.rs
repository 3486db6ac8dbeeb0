//! What a curve is called: its arm, and what was swept in it.

use std::collections::HashMap;
use std::path::Path;

use super::FigureError;
use crate::archive::csv::read_records;

/// The curves of an experiment in the order of its cells, and their names.
#[derive(Debug, Default)]
pub(super) struct Arms {
    names: Vec<((String, String), String)>,
    places: HashMap<(String, String), usize>,
}

impl Arms {
    /// Reads `cells.csv`; without one, cells are met in other tables and called by their arm.
    pub fn read(dir: &Path) -> Result<Self, FigureError> {
        if !dir.join("cells.csv").is_file() {
            return Ok(Self::default());
        }
        let (header, rows) = read_records(dir, "cells")?;
        let column = |name: &str| header.iter().position(|column| column == name);
        let (Some(cell), Some(arm)) = (column("cell"), column("arm")) else {
            return Ok(Self::default());
        };
        let swept: Vec<usize> = (0..header.len()).filter(|c| *c != cell && *c != arm).collect();
        let names_differ = rows.iter().any(|row| row[arm] != rows[0][arm]);
        let mut arms = Self::default();
        for row in &rows {
            let values = swept.iter().filter(|column| !row[**column].is_empty());
            let values =
                values.map(|column| format!("{}={}", last(&header[*column]), row[*column]));
            let arm_name = Some(row[arm].clone()).filter(|_| names_differ || swept.is_empty());
            let name: Vec<String> = arm_name.into_iter().chain(values).collect();
            arms.add((row[cell].clone(), row[arm].clone()), name.join(", "));
        }
        Ok(arms)
    }

    /// The place of a cell among the curves; a cell not seen before comes last.
    pub fn place(&mut self, cell: &str, arm: &str) -> usize {
        let key = (cell.to_owned(), arm.to_owned());
        match self.places.get(&key) {
            Some(&place) => place,
            None => self.add(key, arm.to_owned()),
        }
    }

    pub fn name(&self, place: usize) -> &str {
        match self.names.get(place) {
            Some((_, name)) if !name.is_empty() => name,
            _ => "model",
        }
    }

    fn add(&mut self, key: (String, String), name: String) -> usize {
        self.places.insert(key.clone(), self.names.len());
        self.names.push((key, name));
        self.names.len() - 1
    }
}

/// "components" of "model.mixture.components".
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::csv::write_records;

    #[test]
    fn a_curve_is_called_by_what_tells_it_from_the_others() {
        let dir = tempfile::tempdir().unwrap();
        let row = |cells: [&str; 4]| cells.map(String::from).to_vec();
        let header = row(["cell", "arm", "offspring", "model.mixture.components"]);
        let rows = [row(["a", "replace", "100", "4"]), row(["b", "replace", "500", ""])];
        write_records(dir.path(), "cells", &header, &rows).unwrap();
        let mut arms = Arms::read(dir.path()).unwrap();
        assert_eq!((arms.name(0), arms.name(1)), ("offspring=100, components=4", "offspring=500"));
        assert_eq!((arms.place("b", "replace"), arms.place("c", "retain")), (1, 2));
        assert_eq!((arms.name(2), arms.name(9)), ("retain", "model"));
    }
}
