//! What the world calls right.

use super::CurationBench;
use crate::curation::pairs::{Columns, least};
use crate::samples::{Points, Samples, Tokens};
use std::collections::BTreeMap;

/// Samples whose truth can be judged.
pub trait Judged: Samples {
    /// Whether each sample carries the label of its class. `None` of samples without classes.
    fn agreement(_offered: &Self, _bench: &CurationBench<'_, Self>) -> Option<Vec<bool>> {
        None
    }

    /// How true each sample is, the more the higher. Where only founders know the truth, founders
    /// themselves (`own`) are held against all others.
    fn truth(samples: &Self, own: bool, bench: &CurationBench<'_, Self>) -> Vec<f64>;
}

/// Whether each sample is right: it has the label of its class, or is at least as true as all but the
/// share `tail` of the founders.
pub fn right<S: Judged>(offered: &S, tail: f64, bench: &CurationBench<'_, S>) -> Vec<bool> {
    if let Some(agreeing) = S::agreement(offered, bench) {
        return agreeing;
    }
    let threshold = bench.memo.get(&format!("verify, tail = {tail}"), || {
        let mut scores = S::truth(bench.founders, true, bench);
        scores.sort_by(f64::total_cmp);
        let place = (tail * scores.len() as f64) as usize;
        scores.get(place).copied().unwrap_or(f64::NEG_INFINITY)
    });
    S::truth(offered, false, bench).into_iter().map(|score| score >= *threshold).collect()
}

impl Judged for Points {
    fn agreement(offered: &Points, bench: &CurationBench<'_, Points>) -> Option<Vec<bool>> {
        let labels = offered.labels()?;
        let classes = bench.founders.classes().filter(|_| bench.world.regression().is_none())?;
        let truth = likeliest_labels(offered, &classes, bench)
            .unwrap_or_else(|| labels_of_the_nearest(offered, bench.founders));
        Some(labels.iter().zip(&truth).map(|(own, truth)| own == truth).collect())
    }

    fn truth(samples: &Points, own: bool, bench: &CurationBench<'_, Points>) -> Vec<f64> {
        match (bench.world.regression(), bench.world.density(), samples.labels()) {
            (Some(law), _, Some(labels)) => {
                let expected = samples.values().dot(&law.weights);
                labels.iter().zip(&expected).map(|(y, mean)| -(y - mean).abs()).collect()
            }
            (_, Some(density), _) => density.ln_density(samples),
            _ => closeness(&joined(samples), &joined(bench.founders), own),
        }
    }
}

/// argmax_y p*(x, y), the first of several. `None` where the world has no density.
fn likeliest_labels(
    offered: &Points,
    classes: &[f64],
    bench: &CurationBench<'_, Points>,
) -> Option<Vec<f64>> {
    let density = bench.world.density()?;
    let mut best = vec![(f64::NEG_INFINITY, classes[0]); offered.len()];
    for &label in classes {
        let ln = density.ln_density(&offered.clone().with_labels(vec![label; offered.len()]));
        for (best, ln) in best.iter_mut().zip(ln).filter(|(best, ln)| *ln > best.0) {
            *best = (ln, label);
        }
    }
    Some(best.into_iter().map(|(_, label)| label).collect())
}

fn labels_of_the_nearest(offered: &Points, founders: &Points) -> Vec<f64> {
    let columns = Columns::of(founders);
    let mut row = vec![0.0; columns.len()];
    let label = |i: usize| founders.labels().map_or(0.0, |labels| labels[i]);
    let nearest = |x| columns.nearest(x, &mut row).map_or(f64::NAN, |(i, _)| label(i));
    offered.rows().map(nearest).collect()
}

/// Minus the squared distance to the nearest founder; of a founder, to the nearest other.
fn closeness(samples: &Points, founders: &Points, own: bool) -> Vec<f64> {
    let columns = Columns::of(founders);
    let mut row = vec![0.0; columns.len()];
    let nearest = |(i, x): (usize, &[f64])| {
        columns.squares(x, 0, &mut row);
        if own {
            row[i] = f64::INFINITY;
        }
        least(&row).map_or(f64::NEG_INFINITY, |(_, square)| -square)
    };
    samples.rows().enumerate().map(nearest).collect()
}

/// Points with their labels as one more coordinate.
fn joined(points: &Points) -> Points {
    let Some(labels) = points.labels() else { return points.clone() };
    let with = |(x, y): (&[f64], &f64)| x.iter().copied().chain([*y]).collect::<Vec<f64>>();
    let values = points.rows().zip(labels).flat_map(with).collect();
    Points::from_rows(values, points.dimension() + 1)
}

impl Judged for Tokens {
    fn truth(samples: &Tokens, own: bool, bench: &CurationBench<'_, Tokens>) -> Vec<f64> {
        if let Some(density) = bench.world.density() {
            return density.ln_density(samples);
        }
        let carriers =
            bench.memo.get("verify, pairs of the founders", || Carriers::of(bench.founders));
        let known = |i: usize, pair: &[u32]| match carriers.0.get(pair) {
            Some(Carrier::One(sequence)) => !(own && *sequence == i),
            Some(Carrier::Several) => true,
            None => false,
        };
        let share = |(i, sequence): (usize, &[u32])| {
            let pairs = pairs(sequence);
            let shared = pairs.clone().filter(|pair| known(i, pair)).count();
            shared as f64 / pairs.count().max(1) as f64
        };
        samples.sequences().enumerate().map(share).collect()
    }
}

/// Which founders have a pair of tokens.
struct Carriers(BTreeMap<Vec<u32>, Carrier>);

enum Carrier {
    One(usize),
    Several,
}

impl Carriers {
    fn of(founders: &Tokens) -> Self {
        let mut carriers = BTreeMap::new();
        for (i, sequence) in founders.sequences().enumerate() {
            for pair in pairs(sequence) {
                let carrier = carriers.entry(pair.to_vec()).or_insert(Carrier::One(i));
                if !matches!(carrier, Carrier::One(first) if *first == i) {
                    *carrier = Carrier::Several;
                }
            }
        }
        Carriers(carriers)
    }
}

/// Tokens with the one after them; of a single token, that.
fn pairs(sequence: &[u32]) -> impl Iterator<Item = &[u32]> + Clone {
    sequence.windows(sequence.len().clamp(1, 2))
}
