//! Drops samples that repeat, or nearly repeat, one that survives before them.
//!
//! Points: a sample is dropped if an earlier survivor is at most `distance` away (Euclidean; 0: exact
//! copies only; a copy has the same label, too). Tokens: if an earlier survivor has a similarity of at
//! least `similarity`, |A ∩ B| / |A ∪ B| of the sets of runs of `shingle` tokens (a shorter sequence is
//! one run); 1: exact copies only. What survived earlier offers of the same generation counts, too.
//! Under collapse: stops a model from learning its own favourites twice; of a law with few values it
//! leaves each once, and changes their frequencies to equal ones.
//! Cost: O(n·d) for exact copies; near ones O(n²·d) of points, and of tokens as many steps as pairs of
//! sequences share runs. All pairs are looked at: nothing is hashed approximately.
//! Source: Lee et al. 2022 (arXiv 2107.06499).
//! Not to be confused with `match`, whose farthest points keep their distance without a threshold.

use super::pairs::Columns;
use super::{Curation, CurationBench, Draw, rank};
use crate::numeric::bounded::{Count, NonNegative, Share};
use crate::samples::{Points, Tokens};
use crate::stream::Stream;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct Deduplicate {
    /// Of points: as near as this is a repetition; 0: only exact copies.
    pub distance: NonNegative,
    /// Of tokens: as similar as this is a repetition; 1: only exact copies.
    pub similarity: Share,
    /// Of tokens: the number of tokens in a run.
    pub shingle: Count,
    /// "kept": draw until the schedule's number survives; "offspring": draw that number.
    pub draw: Draw,
}

impl Default for Deduplicate {
    fn default() -> Self {
        Deduplicate {
            distance: NonNegative::literal(0.0),
            similarity: Share::literal(1.0),
            shingle: Count::literal(3),
            draw: Draw::Offspring,
        }
    }
}

impl Curation<Points> for Deduplicate {
    fn draw(&self) -> Draw {
        self.draw
    }

    fn curate(
        &self,
        offered: Points,
        bench: &CurationBench<'_, Points>,
        _rng: &mut Stream,
    ) -> Points {
        let rows = match self.distance.get() {
            0.0 => firsts(bench.earlier.iter().flat_map(keys), keys(&offered)),
            distance => apart(&offered, bench.earlier, distance * distance),
        };
        rank::survivors(&offered, rows)
    }
}

impl Curation<Tokens> for Deduplicate {
    fn draw(&self) -> Draw {
        self.draw
    }

    fn curate(
        &self,
        offered: Tokens,
        bench: &CurationBench<'_, Tokens>,
        _rng: &mut Stream,
    ) -> Tokens {
        let rows = match self.similarity.get() {
            1.0 => firsts(bench.earlier.iter().flat_map(Tokens::sequences), offered.sequences()),
            similarity => {
                let mut shelf = Shelf::new(similarity);
                let length = self.shingle.get();
                for sequence in bench.earlier.iter().flat_map(Tokens::sequences) {
                    shelf.add(shingles(sequence, length));
                }
                let sequences = offered.sequences().enumerate();
                sequences
                    .filter_map(|(i, s)| shelf.add_if_new(shingles(s, length)).then_some(i))
                    .collect()
            }
        };
        rank::survivors(&offered, rows)
    }
}

/// The first row of each key that did not come before.
fn firsts<K: Ord>(before: impl Iterator<Item = K>, keys: impl Iterator<Item = K>) -> Vec<usize> {
    let mut seen: BTreeSet<K> = before.collect();
    keys.enumerate().filter_map(|(i, key)| seen.insert(key).then_some(i)).collect()
}

/// A point and its label as bits, where −0 is 0.
fn keys(points: &Points) -> impl Iterator<Item = Vec<u64>> {
    let labels = points.labels();
    points.rows().enumerate().map(move |(i, x)| {
        let label = labels.map(|labels| labels[i]);
        x.iter().copied().chain(label).map(|x| (x + 0.0).to_bits()).collect()
    })
}

/// Rows in turn that lie farther than √square from every one before them that does.
fn apart(offered: &Points, earlier: &[Points], square: f64) -> Vec<usize> {
    let columns = Columns::of(offered);
    let mut buffer = vec![0.0; columns.len()];
    let mut dropped = vec![false; columns.len()];
    for x in earlier.iter().flat_map(Points::rows) {
        columns.squares(x, 0, &mut buffer);
        dropped.iter_mut().zip(&buffer).for_each(|(gone, other)| *gone |= *other <= square);
    }
    let mut rows = Vec::new();
    for (i, x) in offered.rows().enumerate() {
        if dropped[i] {
            continue;
        }
        rows.push(i);
        let after = &mut buffer[i + 1..];
        columns.squares(x, i + 1, after);
        dropped[i + 1..].iter_mut().zip(after).for_each(|(gone, other)| *gone |= *other <= square);
    }
    rows
}

/// The set of runs of k tokens; of a shorter sequence the whole.
fn shingles(sequence: &[u32], k: usize) -> BTreeSet<&[u32]> {
    match sequence.len() {
        0 => BTreeSet::new(),
        length => sequence.windows(k.min(length)).collect(),
    }
}

/// Which survivors have a run of tokens.
struct Shelf<'a> {
    similarity: f64,
    holders: BTreeMap<&'a [u32], Vec<usize>>,
    sizes: Vec<usize>,
    /// Runs that each survivor shares with the sequence at hand, and who has any.
    shared: Vec<usize>,
}

impl<'a> Shelf<'a> {
    fn new(similarity: f64) -> Self {
        Shelf { similarity, holders: BTreeMap::new(), sizes: Vec::new(), shared: Vec::new() }
    }

    fn add(&mut self, runs: BTreeSet<&'a [u32]>) {
        self.shared.push(0);
        let place = self.sizes.len();
        self.sizes.push(runs.len());
        runs.into_iter().for_each(|run| self.holders.entry(run).or_default().push(place));
    }

    fn add_if_new(&mut self, runs: BTreeSet<&'a [u32]>) -> bool {
        let mut met = Vec::new();
        for holder in runs.iter().filter_map(|run| self.holders.get(run)).flatten() {
            if self.shared[*holder] == 0 {
                met.push(*holder);
            }
            self.shared[*holder] += 1;
        }
        let mut is_new = true;
        for holder in met {
            let shared = std::mem::take(&mut self.shared[holder]);
            let union = self.sizes[holder] + runs.len() - shared;
            is_new &= (shared as f64) < self.similarity * union as f64;
        }
        if is_new {
            self.add(runs);
        }
        is_new
    }
}

#[cfg(test)]
mod tests {
    use super::super::check::Place;
    use super::*;
    use crate::distribution::{Gaussian, Types};
    use crate::samples::Samples;
    use ndarray::arr1;

    fn points(table: &str, earlier: &[f64], offered: Points) -> Points {
        let curator: Deduplicate = toml::from_str(table).expect("legal");
        let model = Gaussian::spherical(arr1(&[0.0]), 1.0);
        let mut place = Place::new(&model, Points::from_rows(vec![0.0], 1));
        place.earlier = vec![Points::from_rows(earlier.to_vec(), 1)];
        place.curate(&curator, offered).0
    }

    fn texts(table: &str, offered: Tokens) -> Tokens {
        let curator: Deduplicate = toml::from_str(table).expect("legal");
        let model = Types::new(&[1.; 9], 1).expect("weights");
        Place::new(&model, offered.clone()).curate(&curator, offered).0
    }

    #[test]
    fn the_first_of_exact_copies_survives_and_none_of_an_earlier_offer() {
        let offered = Points::from_rows(vec![1., 0., 1., 2., -0., 3.], 1);
        assert_eq!(points("", &[3.], offered).as_slice(), [1., 0., 2.]);
        let labelled = Points::from_rows(vec![1., 1., 1.], 1).with_labels(vec![0., 1., 0.]);
        assert_eq!(points("", &[], labelled).len(), 2);
    }

    #[test]
    fn near_points_are_dropped_by_survivors_alone() {
        let offered = Points::from_rows(vec![0., 0.8, 1.6, 2.2, 9.], 1);
        // 0.8 is near 0 and drops; 1.6 is near 0.8 alone and stays; 2.2 is near 1.6; 9 came before.
        assert_eq!(points("distance = 1", &[8.5], offered).as_slice(), [0., 1.6]);
    }

    #[test]
    fn sequences_are_compared_by_the_runs_they_share() {
        let text = Tokens::of_length(
            [[0, 1, 2, 3, 4], [0, 1, 2, 3, 5], [0, 1, 2, 3, 4], [6, 7, 8, 6, 7]].concat(),
            5,
            9,
        );
        assert_eq!(texts("", text.clone()).len(), 3);
        // Two of four different runs are shared: 1/2.
        assert_eq!(texts("similarity = 0.5", text.clone()).len(), 2);
        assert_eq!(texts("similarity = 0.51", text.clone()).len(), 3);
        assert_eq!(texts("similarity = 0.51\nshingle = 9", text).len(), 3);
    }
}
