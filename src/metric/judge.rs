//! Judges that learn labels from points, and what they say of held-out real points: the work that the
//! metrics of utility share.

use super::Reading;
use super::pairs::Columns;
use crate::distribution::sigmoid;
use crate::lineage::Snapshot;
use crate::model::logistic::Logistic;
use crate::numeric::bounded::NonNegative;
use crate::samples::{Points, Samples};
use crate::stream::{Role, stream};
use ndarray::{Array1, Array2, Axis};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// Who learns labels.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Judge {
    /// One logistic regression for each class against the rest, ridge 1; the likeliest class.
    #[default]
    Logistic,
    /// The label of the nearest point, the first of several.
    NearestNeighbour,
}

impl Judge {
    /// The labels that it gives to `tested` once it has learnt from `training`. `None` where that has no
    /// labels that are classes, or a number that is not finite.
    pub fn verdicts(self, training: &Points, tested: &Points) -> Option<Vec<f64>> {
        let classes = training.classes().filter(|_| training.is_finite())?;
        match self {
            Judge::Logistic => one_against_the_rest(&classes, training, tested),
            Judge::NearestNeighbour => Some(labels_of_the_nearest(training, tested)),
        }
    }

    fn name(self) -> &'static str {
        match self {
            Judge::Logistic => "logistic",
            Judge::NearestNeighbour => "nearest neighbour",
        }
    }

    /// Whether each held-out point gets its label, from a judge that learnt from draws of p_t.
    pub fn trained_on_draws(self, now: &Snapshot<'_, Points>) -> Option<Arc<Vec<bool>>> {
        let compute = || self.right(now, now.draws()).map(Arc::new);
        now.memo.get(&format!("right on draws, {}", self.name()), compute).as_ref().clone()
    }

    /// The same from a judge that learnt from as many real points.
    pub fn trained_on_real(self, now: &Snapshot<'_, Points>) -> Option<Arc<Vec<bool>>> {
        let compute = || self.right(now, &now.truth.supply.replica()).map(Arc::new);
        now.truth.memo.get(&format!("right on real, {}", self.name()), compute).as_ref().clone()
    }

    /// Coordinates on the scale of the held-out points, whatever the judge learns from.
    fn right(self, now: &Snapshot<'_, Points>, training: &Points) -> Option<Vec<bool>> {
        let held_out = now.truth.held_out();
        let labels = held_out.classes().and(held_out.labels())?;
        let scale = Scale::of(held_out);
        let verdicts = self.verdicts(&scale.apply(training), &scale.apply(held_out))?;
        Some(labels.iter().zip(&verdicts).map(|(own, verdict)| own == verdict).collect())
    }
}

/// Mean and deviation (divisor n) of every coordinate; one that does not vary is left as it is.
struct Scale {
    mean: Array1<f64>,
    deviation: Array1<f64>,
}

impl Scale {
    fn of(points: &Points) -> Scale {
        let values = points.values();
        let zero = || Array1::zeros(points.dimension());
        let mean = values.mean_axis(Axis(0)).unwrap_or_else(zero);
        let deviation = values.std_axis(Axis(0), 0.0).mapv(|s| if s > 0.0 { s } else { 1.0 });
        Scale { mean, deviation }
    }

    fn apply(&self, points: &Points) -> Points {
        let scaled = Points::new((&points.values() - &self.mean) / &self.deviation);
        match points.labels() {
            Some(labels) => scaled.with_labels(labels.to_vec()),
            None => scaled,
        }
    }
}

fn one_against_the_rest(classes: &[f64], training: &Points, tested: &Points) -> Option<Vec<f64>> {
    let judge = Logistic { ridge: NonNegative::literal(1.0), ..Logistic::default() };
    let mut scores = Array2::zeros((tested.len(), classes.len()));
    for (column, class) in classes.iter().enumerate() {
        let (weights, intercept) =
            judge.coefficients(&against_the_rest(training, *class), None).ok()?;
        let logits = tested.values().dot(&weights) + intercept;
        scores.column_mut(column).assign(&logits.mapv(sigmoid));
    }
    let first_best = |row: ndarray::ArrayView1<'_, f64>| {
        let best = row.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        row.iter().position(|score| *score == best).map_or(f64::NAN, |place| classes[place])
    };
    Some(scores.rows().into_iter().map(first_best).collect())
}

/// 1 for the points of the class, and 0 for all others.
fn against_the_rest(points: &Points, class: f64) -> Points {
    let own = |label: &f64| f64::from(u8::from(*label == class));
    let labels = points.labels().into_iter().flatten().map(own).collect();
    points.clone().without_labels().with_labels(labels)
}

fn labels_of_the_nearest(training: &Points, tested: &Points) -> Vec<f64> {
    let labels = training.labels();
    let label = |place: usize| labels.map_or(f64::NAN, |labels| labels[place]);
    let mut verdicts = Vec::with_capacity(tested.len());
    Columns::of(training).each_row(tested, |_, row| {
        let nearest = row.iter().copied().fold(f64::INFINITY, f64::min);
        verdicts.push(row.iter().position(|s| *s == nearest).map_or(f64::NAN, label));
    });
    verdicts
}

/// Real points that are counted to find the rarest class of an infinite world.
const COUNTED: usize = 10_000;

/// The class of which the world has fewest, the first of several; the same in all trials.
pub fn rarest_class(now: &Snapshot<'_, Points>) -> Option<f64> {
    let world = now.truth.world();
    let rarest = |real: &Points| {
        let size = |class: &f64| real.rows_labelled(*class).len();
        real.classes()?.into_iter().min_by_key(size)
    };
    let drawn = || world.draw(COUNTED, &mut stream(0, 0, 0, Role::measure("class-recall")));
    let compute = || world.stock().map_or_else(|| rarest(&drawn()), rarest);
    *now.truth.world_memo.get("rarest class", compute)
}

/// The share of points that are right, where `counts` says which count.
pub fn share(right: &[bool], counts: impl Fn(usize) -> bool) -> Option<Reading> {
    let own: Vec<f64> =
        (0..right.len()).filter(|i| counts(*i)).map(|i| f64::from(u8::from(right[i]))).collect();
    let n = own.len() as f64;
    let value = (n > 0.0).then(|| own.iter().sum::<f64>() / n)?;
    Reading::estimate(value, (value * (1.0 - value) / n).sqrt())
}
