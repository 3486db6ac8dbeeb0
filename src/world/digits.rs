//! 1797 images of handwritten digits, 8 × 8 pixels: a finite world of real data, bundled.
//!
//! A sample is an image, its pixels row by row; 17 shades of grey, from 0 to `maximum`. Each trial
//! deals the images out once, without replacement.
//! Exact: nothing but the images; there is no density.
//! Source: Alpaydin and Kaynak 1998, the test part of the optical recognition set of the UCI
//! repository; the same images as scikit-learn's load_digits.
//! Not to be confused with MNIST, whose images are 28 × 28.

use super::{World, WorldError};
use crate::distribution::Distribution;
use crate::numeric::bounded::Positive;
use crate::samples::{Image, PointShape, Points};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::path::Path;

const IMAGE: Image = Image { height: 8, width: 8 };
const PIXELS: usize = IMAGE.height * IMAGE.width;

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Digits {
    /// The value of a fully inked pixel; 16 keeps the numbers of the source.
    pub maximum: Positive,
    /// The digits to keep, such as [0, 1]; left out: all ten.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1), inner(range(max = 9)))]
    pub classes: Option<Vec<u32>>,
    /// Whether every image carries its digit as a label.
    pub labels: bool,
    /// Whether images may be dealt out again once all have been used.
    pub reuse: bool,
}

impl Default for Digits {
    fn default() -> Self {
        Digits { maximum: Positive::literal(1.0), classes: None, labels: false, reuse: false }
    }
}

impl Digits {
    fn check(&self) -> Result<(), WorldError> {
        let Some(classes) = &self.classes else { return Ok(()) };
        let reason = match classes.iter().find(|class| **class > 9) {
            Some(class) => format!("{class} is not a digit"),
            None if classes.is_empty() => "`classes` keeps no digit at all".into(),
            None => return Ok(()),
        };
        let help = "name digits from 0 to 9, such as classes = [0, 1], or leave `classes` out";
        Err(WorldError { key: Some("classes"), reason, help: help.into() })
    }

    fn keeps(&self, digit: f32) -> bool {
        let Some(classes) = &self.classes else { return true };
        classes.iter().any(|class| *class as f32 == digit)
    }

    fn points(&self) -> Result<Points, WorldError> {
        let (ink, digits) = bundled()?;
        let unit = self.maximum.get() / 16.0;
        let images = ink.chunks_exact(PIXELS);
        let kept = || images.clone().zip(&digits).filter(|(_, digit)| self.keeps(**digit));
        let pixels = kept().flat_map(|(image, _)| image).map(|ink| f64::from(*ink) * unit);
        let points = Points::from_rows(pixels.collect(), PIXELS).with_image(Some(IMAGE));
        if self.labels {
            return Ok(points.with_labels(kept().map(|(_, digit)| f64::from(*digit)).collect()));
        }
        Ok(points)
    }
}

/// The ink of all pixels, image after image, and the digit of each image.
#[cfg(feature = "bundled-data")]
fn bundled() -> Result<(Vec<f32>, Vec<f32>), WorldError> {
    let data = smartcore::dataset::digits::load_dataset();
    Ok((data.data, data.target))
}

#[cfg(not(feature = "bundled-data"))]
fn bundled() -> Result<(Vec<f32>, Vec<f32>), WorldError> {
    Err(WorldError {
        key: None,
        reason: "this program was built without the images of `digits`".into(),
        help: "build it with the feature `bundled-data`, or use the world `table`".into(),
    })
}

impl World<Points> for Digits {
    fn shape(&self, _folder: &Path) -> Result<PointShape, WorldError> {
        self.check()?;
        Ok(PointShape { dimension: PIXELS, image: Some(IMAGE), labelled: self.labels })
    }

    fn open(&self, _folder: &Path) -> Result<Box<dyn Distribution<Points>>, WorldError> {
        self.check()?;
        let finite = crate::distribution::Finite::new(self.points()?);
        let world = finite.map(|finite| Box::new(finite) as Box<dyn Distribution<Points>>);
        world.ok_or_else(|| WorldError {
            key: Some("classes"),
            reason: "no image shows any of these digits".into(),
            help: "leave `classes` out to keep all".into(),
        })
    }

    fn reuse(&self) -> bool {
        self.reuse
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(feature = "bundled-data")]
    fn chosen_classes_alone_are_kept_and_labels_say_them() {
        use crate::samples::Samples;
        let digits = Digits { classes: Some(vec![3, 8]), labels: true, ..Digits::default() };
        let points = digits.points().expect("bundled");
        assert_eq!(points.len(), 183 + 174);
        let labels = points.labels().expect("labelled");
        assert!(labels.iter().all(|label| *label == 3.0 || *label == 8.0));
        assert!(points.as_slice().iter().all(|ink| (0.0..=1.0).contains(ink)));
        assert_eq!(points.shape(), digits.shape(Path::new("")).expect("legal"));
    }

    #[test]
    #[cfg(feature = "bundled-data")]
    fn what_is_not_a_digit_is_refused() {
        let error = |classes| Digits { classes: Some(classes), ..Digits::default() }.check().err();
        assert_eq!(error(vec![1, 12]).map(|e| e.reason), Some("12 is not a digit".into()));
        assert_eq!(error(vec![]).and_then(|e| e.key), Some("classes"));
    }

    #[test]
    #[cfg(not(feature = "bundled-data"))]
    fn without_the_feature_the_error_names_it() {
        let error = Digits::default().open(Path::new("")).err().expect("no images");
        assert!(error.help.contains("`bundled-data`"));
    }
}
