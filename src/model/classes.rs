//! One member of a family for each class of labelled points: p(x, y) = π_y·p_y(x).
//!
//! Labels are classes where they are few ([`Points::classes`]); other labels are left out, as if there
//! were none. A class that its samples no longer support is lost, and the shares of the others grow; a
//! lineage ends where all are lost.

use super::{Bench, FitError};
use crate::distribution::{ByClass, Classes, Part};
use crate::samples::{Chunk, Part as Portion, Points, Samples, TrainingSet};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// How likely each class is among what a model draws.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Shares {
    /// As in the training set.
    #[default]
    Trained,
    /// As among the founders.
    Founders,
    /// All classes alike.
    Equal,
    /// Labels are left out.
    Ignored,
}

impl Shares {
    /// Fits one member to all points, or one to each class, in the order of their labels.
    ///
    /// `fit` is told the label of the class whose points it gets.
    pub fn fit<P: Part>(
        self,
        data: &TrainingSet<'_, Points>,
        bench: &Bench<'_, Points>,
        mut fit: impl FnMut(&TrainingSet<'_, Points>, Option<f64>) -> Result<P, FitError>,
    ) -> Result<ByClass<P>, FitError> {
        let Some(labels) = self.labels(data) else { return fit(data, None).map(ByClass::One) };
        let (mut classes, mut lost) = (Vec::with_capacity(labels.len()), None);
        for label in labels {
            let own = of_class(data, label);
            match fit(&own, Some(label)) {
                Ok(part) => classes.push((label, self.weight(&own, label, bench), part)),
                Err(error @ (FitError::TooFew { .. } | FitError::EmptyComponent { .. })) => {
                    lost = Some(error);
                }
                Err(error) => return Err(error),
            }
        }
        let too_few = FitError::NoClass { lost: classes.len() };
        Classes::weighted(classes).map(ByClass::Each).ok_or(lost.unwrap_or(too_few))
    }

    /// The labels of all classes. `None` where points are of one kind.
    fn labels(self, data: &TrainingSet<'_, Points>) -> Option<Vec<f64>> {
        data.example()?.labels().filter(|_| self != Shares::Ignored)?;
        data.gathered()?.0.classes()
    }

    fn weight(self, own: &TrainingSet<'_, Points>, label: f64, bench: &Bench<'_, Points>) -> f64 {
        match (self, bench.founders) {
            (Shares::Equal, _) => 1.0,
            (Shares::Founders, Some(founders)) => founders.rows_labelled(label).len() as f64,
            _ => {
                let chunks = |part: &Portion<'_, Points>| {
                    part.chunks.iter().map(|chunk| chunk.samples.len()).sum::<usize>()
                };
                own.parts().iter().map(|part| part.weight * chunks(part) as f64).sum()
            }
        }
    }
}

/// The points of one class, without their label.
fn of_class(data: &TrainingSet<'_, Points>, label: f64) -> TrainingSet<'static, Points> {
    let of_chunk = |chunk: &Chunk<Points>| {
        let rows = chunk.samples.rows_labelled(label);
        let samples = chunk.samples.gather(&rows).without_labels();
        (!rows.is_empty()).then_some(Chunk { kind: chunk.kind, born: chunk.born, samples })
    };
    let of_part = |part: &Portion<'_, Points>| {
        let chunks: Vec<_> = part.chunks.iter().filter_map(of_chunk).collect();
        (!chunks.is_empty()).then(|| Portion::of(Cow::Owned(chunks), part.weight))
    };
    TrainingSet::new(data.parts().iter().filter_map(of_part).collect())
}

#[cfg(test)]
mod tests;
