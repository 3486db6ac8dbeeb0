//! The cells of an experiment: their arms, what was swept in them, and what they are called.

use std::collections::HashMap;
use std::path::Path;

use plotters::style::RGBColor;

use super::FigureError;
use super::palette::{colour, ramp};
use super::scale::is_geometric;
use crate::archive::csv::read_records;
use crate::archive::reading::Worth;

/// Cells in their order, with the paths that were swept.
#[derive(Debug, Default)]
pub(super) struct Cells {
    list: Vec<Cell>,
    places: HashMap<(String, String), usize>,
    pub axes: Vec<Swept>,
    have_many_arms: bool,
}

#[derive(Debug)]
struct Cell {
    id: String,
    arm: String,
    /// One per swept path; empty where an arm does not have it.
    values: Vec<String>,
}

/// A swept path.
#[derive(Debug)]
pub(super) struct Swept {
    pub path: String,
    /// "components" of "model.mixture.components", unless another path ends the same.
    pub name: String,
    /// Distinct ones; numbers rise, words stand in the order of the cells.
    pub values: Vec<String>,
    pub is_numeric: bool,
}

impl Cells {
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
        let mut cells = Self::default();
        for row in &rows {
            let values = swept.iter().map(|column| row[*column].clone()).collect();
            cells.add(Cell { id: row[cell].clone(), arm: row[arm].clone(), values });
        }
        let paths: Vec<&str> = swept.iter().map(|column| header[*column].as_str()).collect();
        let all = |index: usize| cells.list.iter().map(move |cell| cell.values[index].as_str());
        let axes = (0..paths.len()).map(|index| Swept::of(index, &paths, all(index))).collect();
        cells.axes = axes;
        Ok(cells)
    }

    /// The place of a cell; one not seen before comes last.
    pub fn place(&mut self, id: &str, arm: &str) -> usize {
        self.find(id, arm).unwrap_or_else(|| {
            let values = vec![String::new(); self.axes.len()];
            self.add(Cell { id: id.to_owned(), arm: arm.to_owned(), values })
        })
    }

    pub fn find(&self, id: &str, arm: &str) -> Option<usize> {
        self.places.get(&(id.to_owned(), arm.to_owned())).copied()
    }

    pub fn len(&self) -> usize {
        self.list.len()
    }

    pub fn id(&self, place: usize) -> &str {
        &self.list[place].id
    }

    pub fn arm(&self, place: usize) -> &str {
        &self.list[place].arm
    }

    pub fn value(&self, place: usize, axis: usize) -> &str {
        &self.list[place].values[axis]
    }

    pub fn number(&self, place: usize, axis: usize) -> Option<f64> {
        number(self.value(place, axis))
    }

    /// What tells a cell from the others.
    pub fn name(&self, place: usize) -> String {
        self.name_without(place, &[])
    }

    /// The name of all cells that differ from this one in `without` alone.
    pub fn name_without(&self, place: usize, without: &[usize]) -> String {
        let cell = &self.list[place];
        let values = self.axes.iter().enumerate().filter(|(axis, swept)| {
            !without.contains(axis) && swept.values.len() > 1 && !cell.values[*axis].is_empty()
        });
        let values = values.map(|(axis, swept)| format!("{}={}", swept.name, cell.values[axis]));
        let values: Vec<String> = values.collect();
        let arm = Some(cell.arm.clone()).filter(|_| self.have_many_arms || values.is_empty());
        let name = arm.into_iter().chain(values).collect::<Vec<_>>().join(", ");
        if name.is_empty() { "model".into() } else { name }
    }

    /// The cells of these arms; none named stands for all.
    pub fn of_arms(&self, arms: &[String]) -> Result<Vec<usize>, String> {
        for arm in arms {
            if !self.list.iter().any(|cell| cell.arm == *arm) {
                let mut known: Vec<&str> = self.list.iter().map(|cell| cell.arm.as_str()).collect();
                known.dedup();
                return Err(format!("an arm `{arm}` (there are: {})", known.join(", ")));
            }
        }
        let is_of = |place: &usize| arms.is_empty() || arms.contains(&self.list[*place].arm);
        Ok((0..self.list.len()).filter(is_of).collect())
    }

    /// The cells of these arms, those of the arm that is the measure of all others left out unless it is named.
    pub fn shown(
        &self,
        arms: &Option<Vec<String>>,
        worth: Option<&Worth>,
    ) -> Result<Vec<usize>, String> {
        let mut places = self.of_arms(arms.as_deref().unwrap_or_default())?;
        let is_measure = |place: &usize| worth.is_some_and(|worth| worth.arm == self.arm(*place));
        places.retain(|place| arms.is_some() || !is_measure(place));
        Ok(places)
    }

    pub fn axis(&self, path: &str) -> Option<usize> {
        self.axes.iter().position(|axis| axis.path == path)
    }

    /// Among some cells, the swept numbers of more than one value, those of most values first.
    pub fn numeric_axes(&self, places: &[usize]) -> Vec<usize> {
        let count = |axis: usize| {
            let mut values: Vec<&str> = places.iter().map(|at| self.value(*at, axis)).collect();
            values.sort_unstable();
            values.dedup();
            values.iter().filter(|value| !value.is_empty()).count()
        };
        let numeric = (0..self.axes.len()).filter(|axis| self.axes[*axis].is_numeric);
        let mut axes: Vec<(usize, usize)> = numeric.map(|axis| (count(axis), axis)).collect();
        axes.retain(|(count, _)| *count > 1);
        axes.sort_by_key(|(count, axis)| (usize::MAX - count, *axis));
        axes.into_iter().map(|(_, axis)| axis).collect()
    }

    /// Groups of cells that differ in `without` alone, in their order, under their common name.
    pub fn groups(&self, places: &[usize], without: &[usize]) -> Vec<(String, Vec<usize>)> {
        let mut groups: Vec<(String, Vec<usize>)> = Vec::new();
        let mut known: HashMap<String, usize> = HashMap::new();
        for &place in places {
            let name = self.name_without(place, without);
            let index = *known.entry(name.clone()).or_insert(groups.len());
            if index == groups.len() {
                groups.push((name, Vec::new()));
            }
            groups[index].1.push(place);
        }
        groups
    }

    /// A colour for each cell: along the ramp where they differ in one swept number alone.
    pub fn colours(&self, places: &[usize]) -> Vec<RGBColor> {
        if let &[axis] = &self.numeric_axes(places)[..]
            && places.len() > 2
            && self.groups(places, &[axis]).len() == 1
        {
            return self.along(places, axis);
        }
        (0..places.len()).map(|index| colour(index, places.len())).collect()
    }

    /// The colours of cells by the value of a swept number.
    pub fn along(&self, places: &[usize], axis: usize) -> Vec<RGBColor> {
        let values: Vec<f64> =
            self.axes[axis].values.iter().filter_map(|value| number(value)).collect();
        let scale = |value: f64| if is_geometric(&values) { value.ln() } else { value };
        let (low, high) = match (values.first(), values.last()) {
            (Some(low), Some(high)) if low < high => (scale(*low), scale(*high)),
            _ => (0.0, 1.0),
        };
        let share = |place: &usize| {
            let value = self.number(*place, axis).map(scale);
            value.map_or(0.0, |value| (value - low) / (high - low))
        };
        places.iter().map(|place| ramp(share(place))).collect()
    }

    fn add(&mut self, cell: Cell) -> usize {
        self.have_many_arms |= self.list.first().is_some_and(|first| first.arm != cell.arm);
        self.places.insert((cell.id.clone(), cell.arm.clone()), self.list.len());
        self.list.push(cell);
        self.list.len() - 1
    }
}

impl Swept {
    fn of<'a>(index: usize, paths: &[&str], all: impl Iterator<Item = &'a str>) -> Self {
        let mut values: Vec<String> = Vec::new();
        for value in all.filter(|value| !value.is_empty()) {
            if !values.iter().any(|known| known == value) {
                values.push(value.to_owned());
            }
        }
        let is_numeric = values.iter().all(|value| number(value).is_some());
        if is_numeric {
            let key = |value: &String| number(value).unwrap_or_default();
            values.sort_by(|a, b| key(a).total_cmp(&key(b)));
        }
        let path = paths[index];
        let is_alone = paths.iter().filter(|other| last(other) == last(path)).count() == 1;
        let name = if is_alone { last(path) } else { path };
        Self { path: path.to_owned(), name: name.to_owned(), values, is_numeric }
    }
}

fn number(text: &str) -> Option<f64> {
    text.parse().ok().filter(|value: &f64| value.is_finite())
}

/// "components" of "model.mixture.components".
fn last(path: &str) -> &str {
    path.rsplit('.').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::csv::write_records;

    fn cells(header: [&str; 4], rows: &[[&str; 4]]) -> Cells {
        let dir = tempfile::tempdir().unwrap();
        let row = |cells: [&str; 4]| cells.map(String::from).to_vec();
        let rows: Vec<_> = rows.iter().map(|cells| row(*cells)).collect();
        write_records(dir.path(), "cells", &row(header), &rows).unwrap();
        Cells::read(dir.path()).unwrap()
    }

    #[test]
    fn a_cell_is_called_by_what_tells_it_from_the_others() {
        let header = ["cell", "arm", "offspring", "model.mixture.components"];
        let rows = [["a", "replace", "100", "4"], ["b", "replace", "500", ""]];
        let mut cells = cells(header, &[rows[0], rows[1], ["d", "replace", "100", "8"]]);
        assert_eq!(cells.name(0), "offspring=100, components=4");
        assert_eq!(cells.name(1), "offspring=500");
        assert_eq!((cells.place("b", "replace"), cells.place("c", "retain")), (1, 3));
        assert_eq!(cells.name(3), "retain");
    }

    #[test]
    fn paths_that_end_the_same_keep_their_beginnings() {
        let header = ["cell", "arm", "world.ring.n", "model.kde.n"];
        let cells = cells(header, &[["a", "r", "1", "4"], ["b", "r", "2", "x"]]);
        assert_eq!(cells.name(0), "world.ring.n=1, model.kde.n=4");
        assert_eq!(
            cells.axes.iter().map(|axis| axis.is_numeric).collect::<Vec<_>>(),
            [true, false]
        );
    }

    #[test]
    fn numbers_rise_and_cells_are_grouped_by_what_else_differs() {
        let header = ["cell", "arm", "n", "k"];
        let rows = [["a", "r", "100", "4"], ["b", "r", "20", "4"], ["c", "r", "3", "8"]];
        let cells = cells(header, &rows);
        assert_eq!(cells.axes[0].values, ["3", "20", "100"]);
        assert_eq!(cells.numeric_axes(&[0, 1, 2]), [0, 1]);
        let groups = cells.groups(&[0, 1, 2], &[0]);
        assert_eq!(groups, [("k=4".to_owned(), vec![0, 1]), ("k=8".to_owned(), vec![2])]);
        assert!(cells.of_arms(&["s".into()]).unwrap_err().contains("there are: r"));
    }
}
