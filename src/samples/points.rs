//! Points: an n × d matrix of f64, with an optional image shape and an optional column of labels.

use super::Samples;
use ndarray::{ArcArray1, ArcArray2, Array1, Array2, ArrayView1, ArrayView2, Axis, concatenate};
use serde::{Deserialize, Serialize};

/// Height and width of an image whose pixels are the coordinates, row by row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Image {
    pub height: usize,
    pub width: usize,
}

/// What two sets of points must agree in.
#[derive(Clone, Debug, PartialEq)]
pub struct PointShape {
    pub dimension: usize,
    pub image: Option<Image>,
    pub labelled: bool,
}

impl std::fmt::Display for PointShape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "points of dimension {}", self.dimension)?;
        if self.labelled {
            write!(f, " with labels")?;
        }
        Ok(())
    }
}

/// n samples in ℝᵈ.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Points {
    values: ArcArray2<f64>,
    labels: Option<ArcArray1<f64>>,
    image: Option<Image>,
}

/// Points as they are kept in a file.
#[derive(Serialize, Deserialize)]
struct Stored {
    values: Vec<f64>,
    dimension: usize,
    labels: Option<Vec<f64>>,
    image: Option<Image>,
}

impl From<Points> for Stored {
    fn from(points: Points) -> Self {
        let labels = points.labels.as_ref().map(|labels| labels.to_vec());
        let (dimension, image) = (points.dimension(), points.image);
        Stored { values: points.values.iter().copied().collect(), dimension, labels, image }
    }
}

impl TryFrom<Stored> for Points {
    type Error = ndarray::ShapeError;

    fn try_from(stored: Stored) -> Result<Self, Self::Error> {
        let n = stored.values.len().checked_div(stored.dimension).unwrap_or(0);
        let values = Array2::from_shape_vec((n, stored.dimension), stored.values)?.into_shared();
        let of_n = |labels| ArcArray1::from_shape_vec(n, labels);
        Ok(Points { values, labels: stored.labels.map(of_n).transpose()?, image: stored.image })
    }
}

impl Points {
    /// Points from an n × d matrix, one sample a row.
    pub fn new(values: Array2<f64>) -> Self {
        let values = if values.is_standard_layout() {
            values
        } else {
            values.as_standard_layout().into_owned()
        };
        Points { values: values.into_shared(), labels: None, image: None }
    }

    /// Points from n·d numbers, sample after sample.
    ///
    /// # Panics
    /// If the numbers do not fill whole samples of dimension `d`: a broken invariant of the caller.
    pub fn from_rows(values: Vec<f64>, d: usize) -> Self {
        let n = values.len().checked_div(d).unwrap_or(0);
        let matrix = Array2::from_shape_vec((n, d), values);
        Points::new(matrix.unwrap_or_else(|error| panic!("points of dimension {d}: {error}")))
    }

    /// The same points with a label each.
    ///
    /// # Panics
    /// If there is not one label for each point: a broken invariant of the caller.
    pub fn with_labels(self, labels: Vec<f64>) -> Self {
        assert_eq!(labels.len(), self.values.nrows(), "one label a point");
        Points { labels: Some(Array1::from(labels).into_shared()), ..self }
    }

    /// The same points, to be shown as images.
    pub fn with_image(self, image: Option<Image>) -> Self {
        Points { image, ..self }
    }

    pub fn dimension(&self) -> usize {
        self.values.ncols()
    }

    pub fn values(&self) -> ArrayView2<'_, f64> {
        self.values.view()
    }

    /// All numbers, sample after sample.
    pub fn as_slice(&self) -> &[f64] {
        // The constructors keep the standard layout, so the empty slice is never met.
        self.values.as_slice().unwrap_or(&[])
    }

    /// The samples, one slice each.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> + Clone {
        // `chunks_exact` refuses 0; zero-dimensional samples have no numbers at all.
        self.as_slice().chunks_exact(self.dimension().max(1))
    }

    pub fn row(&self, i: usize) -> &[f64] {
        let d = self.dimension();
        &self.as_slice()[i * d..(i + 1) * d]
    }

    pub fn labels(&self) -> Option<ArrayView1<'_, f64>> {
        self.labels.as_ref().map(|labels| labels.view())
    }

    /// The labels in ascending order, each once, where they tell classes apart: at most
    /// [`MOST_CLASSES`], and fewer than half as many as points. `None` of points without labels, and
    /// where labels are numbers rather than classes.
    pub fn classes(&self) -> Option<Vec<f64>> {
        let mut labels = self.labels()?.to_vec();
        labels.sort_by(f64::total_cmp);
        labels.dedup();
        let few = labels.len() <= MOST_CLASSES && 2 * labels.len() <= self.len();
        (few && labels.iter().all(|label| label.is_finite())).then_some(labels)
    }

    /// The rows with this label.
    pub fn rows_labelled(&self, label: f64) -> Vec<usize> {
        let labels = self.labels().into_iter().flatten();
        labels.enumerate().filter(|(_, own)| **own == label).map(|(i, _)| i).collect()
    }

    /// The same points without their labels.
    pub fn without_labels(self) -> Self {
        Points { labels: None, ..self }
    }

    pub fn image(&self) -> Option<Image> {
        self.image
    }
}

/// More labels than this are numbers, not classes.
pub const MOST_CLASSES: usize = 64;

impl Samples for Points {
    type Shape = PointShape;

    const SPACE: &'static str = "points";

    fn len(&self) -> usize {
        self.values.nrows()
    }

    fn shape(&self) -> PointShape {
        PointShape {
            dimension: self.dimension(),
            image: self.image,
            labelled: self.labels.is_some(),
        }
    }

    fn numbers(shape: &PointShape, n: f64) -> f64 {
        n * (shape.dimension + usize::from(shape.labelled)) as f64
    }

    fn gather(&self, rows: &[usize]) -> Self {
        let d = self.dimension();
        let mut values = Vec::with_capacity(rows.len() * d);
        for &i in rows {
            values.extend_from_slice(self.row(i));
        }
        let labels = self.labels.as_ref().map(|all| rows.iter().map(|&i| all[i]).collect());
        let points = Points::from_rows(values, d).with_image(self.image);
        match labels {
            Some(labels) => points.with_labels(labels),
            None => points,
        }
    }

    fn concatenate(parts: &[&Self]) -> Option<Self> {
        let first = *parts.first()?;
        if parts.len() == 1 {
            return Some(first.clone());
        }
        let views: Vec<_> = parts.iter().map(|part| part.values()).collect();
        let values = concatenate(Axis(0), &views).ok()?;
        let labels: Option<Vec<_>> = parts.iter().map(|part| part.labels()).collect();
        let points = Points::new(values).with_image(first.image);
        Some(match labels {
            Some(labels) => points.with_labels(labels.iter().flatten().copied().collect()),
            None => points,
        })
    }

    fn is_finite(&self) -> bool {
        let labels = self.labels.iter().flatten();
        self.as_slice().iter().chain(labels).all(|x| x.is_finite())
    }

    fn moments(&self, weights: Option<&[f64]>) -> Option<(Array1<f64>, Array2<f64>)> {
        let equal = || Array1::ones(self.len());
        let weights = weights.map_or_else(equal, |weights| Array1::from(weights.to_vec()));
        // Shares first: a sum of large numbers overflows where their mean does not.
        let shares = &weights / weights.sum();
        let mean = shares.dot(&self.values);
        let centred = &self.values - &mean;
        let covariance = (&centred * &shares.insert_axis(Axis(1))).t().dot(&centred);
        let sound = mean.iter().chain(&covariance).all(|x| x.is_finite());
        (sound && !self.is_empty()).then_some((mean, covariance))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gathering_takes_labels_along() {
        let points = Points::from_rows(vec![1., 2., 3., 4.], 2).with_labels(vec![7., 8.]);
        let taken = points.gather(&[1, 1, 0]);
        assert_eq!(taken.as_slice(), [3., 4., 3., 4., 1., 2.]);
        assert_eq!(taken.labels().map(|l| l.to_vec()), Some(vec![8., 8., 7.]));
    }

    #[test]
    fn few_labels_are_classes_and_many_are_numbers() {
        let labelled = |labels: Vec<f64>| {
            Points::from_rows(vec![0.0; labels.len()], 1).with_labels(labels).classes()
        };
        assert_eq!(labelled(vec![2., 0., 2., -1., 0., -1.]), Some(vec![-1., 0., 2.]));
        assert_eq!(labelled(vec![0.0, -0.0]), Some(vec![-0.0]));
        assert_eq!(labelled(vec![1., 2., 3., 1.]), None);
        let many = (0..4 * MOST_CLASSES).map(|i| (i % (MOST_CLASSES + 1)) as f64).collect();
        assert_eq!(labelled(many), None);
        assert_eq!(labelled(vec![f64::NAN, f64::NAN, 1., 1., 1., 1.]), None);
        assert_eq!(Points::from_rows(vec![1., 1.], 1).classes(), None);
        let points = Points::from_rows(vec![5., 6., 7.], 1).with_labels(vec![1., 0., 1.]);
        assert_eq!(points.rows_labelled(1.0), [0, 2]);
    }

    #[test]
    fn concatenation_keeps_order_and_labels() {
        let a = Points::from_rows(vec![1.], 1).with_labels(vec![0.]);
        let b = Points::from_rows(vec![2., 3.], 1).with_labels(vec![1., 1.]);
        let both = Points::concatenate(&[&a, &b]).expect("two parts");
        assert_eq!(both.as_slice(), [1., 2., 3.]);
        assert_eq!(both.labels().map(|l| l.to_vec()), Some(vec![0., 1., 1.]));
        assert_eq!(Points::concatenate(&[]), None);
    }

    #[test]
    fn whole_weights_have_the_moments_of_repeated_rows() {
        let points = Points::from_rows(vec![1., 2., 3., 7., -1., 0.5], 2);
        let (mean, covariance) = points.moments(Some(&[2., 1., 3.])).expect("weight");
        let repeated = points.gather(&[0, 0, 1, 2, 2, 2]).moments(None).expect("six points");
        assert!((&mean - &repeated.0).iter().all(|e| e.abs() < 1e-12));
        assert!((&covariance - &repeated.1).iter().all(|e| e.abs() < 1e-12));
        assert!((mean[0] - 2.0 / 6.0).abs() < 1e-12);
    }

    #[test]
    fn moments_that_overflow_or_have_no_weight_do_not_exist() {
        assert_eq!(Points::from_rows(vec![1e200, -1e200], 1).moments(None), None);
        assert_eq!(Points::from_rows(vec![1., 2.], 1).moments(Some(&[0., 0.])), None);
        assert_eq!(Points::from_rows(vec![], 1).moments(None), None);
    }

    #[test]
    fn a_matrix_in_column_order_is_read_row_by_row() {
        let matrix = ndarray::arr2(&[[1., 2.], [3., 4.]]);
        assert_eq!(Points::new(matrix.reversed_axes()).as_slice(), [1., 3., 2., 4.]);
    }
}
