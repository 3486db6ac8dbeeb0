//! Tables of real data inside the binary, as finite worlds whose rows carry a label 0 or 1.

use super::WorldError;
use super::table::standardise;
use crate::distribution::{Distribution, Finite};
use crate::samples::{PointShape, Points};

/// A table, row by row, with the names of its columns and the target of each row.
pub struct Bundled {
    pub names: Vec<String>,
    pub values: Vec<f32>,
    pub targets: Vec<u32>,
}

#[cfg(feature = "bundled-data")]
impl From<smartcore::dataset::Dataset<f32, u32>> for Bundled {
    fn from(data: smartcore::dataset::Dataset<f32, u32>) -> Self {
        Bundled { names: data.feature_names, values: data.data, targets: data.target }
    }
}

/// The rows with these columns (all, where none are named), as many as the table has.
pub struct Choice<'a> {
    pub columns: Option<&'a [String]>,
    pub standardise: bool,
}

impl Choice<'_> {
    /// The places of the columns.
    fn places(&self, names: &[String]) -> Result<Vec<usize>, WorldError> {
        let Some(columns) = self.columns else { return Ok((0..names.len()).collect()) };
        let error = |reason: String| WorldError {
            key: Some("columns"),
            reason,
            help: format!("name each column once, or leave `columns` out: {}", names.join(", ")),
        };
        let place = |column: &String| {
            let place = names.iter().position(|name| name == column);
            place.ok_or_else(|| error(format!("there is no column `{column}`")))
        };
        let places = columns.iter().map(place).collect::<Result<Vec<_>, _>>()?;
        if let Some(k) = (0..places.len()).find(|&k| places[..k].contains(&places[k])) {
            return Err(error(format!("`columns` names `{}` twice", columns[k])));
        }
        if places.is_empty() {
            return Err(error("`columns` keeps no column at all".into()));
        }
        Ok(places)
    }

    pub fn shape(&self, data: &Bundled) -> Result<PointShape, WorldError> {
        let dimension = self.places(&data.names)?.len();
        Ok(PointShape { dimension, image: None, labelled: true })
    }

    /// The rows, each with its label.
    pub fn points(
        &self,
        data: &Bundled,
        label: impl Fn(u32) -> bool,
    ) -> Result<Points, WorldError> {
        let places = self.places(&data.names)?;
        let rows = data.values.chunks_exact(data.names.len());
        let mut values: Vec<f64> =
            rows.flat_map(|row| places.iter().map(|&place| f64::from(row[place]))).collect();
        if self.standardise {
            standardise(&mut values, places.len());
        }
        let labels = data.targets.iter().map(|&target| f64::from(u8::from(label(target))));
        Ok(Points::from_rows(values, places.len()).with_labels(labels.collect()))
    }
}

pub fn open(points: Points) -> Result<Box<dyn Distribution<Points>>, WorldError> {
    match Finite::new(points) {
        Some(finite) => Ok(Box::new(finite)),
        None => Err(absent()),
    }
}

/// What a build without the data says.
pub fn absent() -> WorldError {
    WorldError {
        key: None,
        reason: "this program was built without the rows of this world".into(),
        help: "build it with the feature `bundled-data`, or use the world `table`".into(),
    }
}
