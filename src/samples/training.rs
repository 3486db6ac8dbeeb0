//! What a generation is trained on: weighted parts that share memory with the lineage's history.
//!
//! Weights are importance weights. A family sees a training set in one of two ways: sample by sample
//! ([`TrainingSet::gathered`]), or through a [`Summary`] that adds up over chunks. Summaries of the
//! whole pool are kept and extended, so that a generation under `accumulate` costs the same at
//! t = 1000 as at t = 2.

use super::Samples;
use serde::{Deserialize, Serialize};
use std::any::{Any, TypeId};
use std::borrow::Cow;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Where samples came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Kind {
    Founders,
    Fresh,
    Offspring,
}

impl Kind {
    pub fn name(self) -> &'static str {
        match self {
            Kind::Founders => "founders",
            Kind::Fresh => "fresh",
            Kind::Offspring => "offspring",
        }
    }
}

/// Samples that came into being together: the founders (born 0), a fresh real draw, or the
/// offspring of generation `born`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Chunk<S> {
    pub kind: Kind,
    pub born: u32,
    pub samples: S,
}

/// Statistics that add up over disjoint sets of samples.
pub trait Additive: Clone + Send + Sync + 'static {
    /// As if every sample had `weight` times its weight.
    fn scale(&mut self, weight: f64);

    /// Of both sets together.
    fn merge(&mut self, other: &Self);
}

/// Statistics of samples `S`: what families with sufficient statistics need of the data.
pub trait Summary<S>: Additive {
    /// What a family chooses about it when it runs, such as how far back it looks; `()` where there
    /// is nothing to choose.
    type How: Clone + PartialEq + Send + Sync + 'static;

    /// Of one chunk, every sample with weight 1.
    fn of(samples: &S, how: &Self::How) -> Self;
}

/// Everything that a lineage remembers, oldest first, and its running summaries.
pub struct Pool<S> {
    chunks: Vec<Chunk<S>>,
    running: RefCell<BTreeMap<TypeId, Running>>,
}

/// The summary of the first `covers` chunks.
struct Running {
    covers: usize,
    /// A summary and how it was made.
    summary: Box<dyn Any + Send + Sync>,
}

impl<S: Samples> Pool<S> {
    pub fn new(founders: S) -> Self {
        let founders = Chunk { kind: Kind::Founders, born: 0, samples: founders };
        Pool { chunks: vec![founders], running: RefCell::default() }
    }

    /// A pool that was kept: its first chunk is the founders, or it is none.
    pub fn of(chunks: Vec<Chunk<S>>) -> Option<Self> {
        let are_founders = chunks.first().is_some_and(|chunk| chunk.kind == Kind::Founders);
        are_founders.then(|| Pool { chunks, running: RefCell::default() })
    }

    pub fn push(&mut self, kind: Kind, born: u32, samples: S) {
        self.chunks.push(Chunk { kind, born, samples });
    }

    /// Forget what no later generation can be trained on: all but founders older than `oldest`.
    pub fn forget_before(&mut self, oldest: u32) {
        self.chunks.retain(|chunk| chunk.kind == Kind::Founders || chunk.born >= oldest);
        self.running.get_mut().clear();
    }

    pub fn chunks(&self) -> &[Chunk<S>] {
        &self.chunks
    }

    pub fn founders(&self) -> &S {
        &self.chunks[0].samples
    }

    pub fn find(&self, kind: Kind, born: u32) -> Option<&Chunk<S>> {
        self.chunks.iter().rev().find(|chunk| chunk.kind == kind && chunk.born == born)
    }

    /// The number of samples in it.
    pub fn len(&self) -> usize {
        self.chunks.iter().map(|chunk| chunk.samples.len()).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn summary<T: Summary<S>>(&self, how: &T::How) -> Option<T> {
        let mut running = self.running.borrow_mut();
        let first = || {
            let summary = (T::of(&self.chunks[0].samples, how), how.clone());
            Running { covers: 1, summary: Box::new(summary) }
        };
        let entry = running.entry(TypeId::of::<T>()).or_insert_with(first);
        let made_so = entry.summary.downcast_ref::<(T, T::How)>().is_some_and(|(_, h)| h == how);
        if !made_so {
            *entry = first();
        }
        let (summary, _) = entry.summary.downcast_mut::<(T, T::How)>()?;
        for chunk in &self.chunks[entry.covers..] {
            summary.merge(&T::of(&chunk.samples, how));
        }
        entry.covers = self.chunks.len();
        Some(summary.clone())
    }
}

/// Chunks that enter a training set with one weight per sample.
pub struct Part<'a, S: Clone> {
    pub chunks: Cow<'a, [Chunk<S>]>,
    pub weight: f64,
    /// Set when the part is the whole pool.
    pool: Option<&'a Pool<S>>,
}

impl<'a, S: Samples> Part<'a, S> {
    pub fn of(chunks: impl Into<Cow<'a, [Chunk<S>]>>, weight: f64) -> Self {
        Part { chunks: chunks.into(), weight, pool: None }
    }

    pub fn pool(pool: &'a Pool<S>, weight: f64) -> Self {
        Part { chunks: Cow::Borrowed(pool.chunks()), weight, pool: Some(pool) }
    }

    fn summary<T: Summary<S>>(&self, how: &T::How) -> Option<T> {
        let mut total: Option<T> = match self.pool {
            Some(pool) => pool.summary(how),
            None => self.chunks.iter().map(|chunk| T::of(&chunk.samples, how)).reduce(
                |mut all, next| {
                    all.merge(&next);
                    all
                },
            ),
        };
        if let Some(total) = &mut total
            && self.weight != 1.0
        {
            total.scale(self.weight);
        }
        total
    }
}

/// The training set of one generation.
pub struct TrainingSet<'a, S: Clone> {
    parts: Vec<Part<'a, S>>,
}

impl<'a, S: Samples> TrainingSet<'a, S> {
    /// Weights that are zero leave a part out; it would only count as samples.
    pub fn new(mut parts: Vec<Part<'a, S>>) -> Self {
        parts.retain(|part| part.weight > 0.0);
        TrainingSet { parts }
    }

    /// All samples with weight 1.
    pub fn plain(samples: &S) -> Self {
        let chunk = Chunk { kind: Kind::Founders, born: 0, samples: samples.clone() };
        TrainingSet::new(vec![Part::of(vec![chunk], 1.0)])
    }

    pub fn parts(&self) -> &[Part<'a, S>] {
        &self.parts
    }

    /// The newest samples in it: what all of its samples look like.
    pub fn example(&self) -> Option<&S> {
        Some(&self.parts.last()?.chunks.last()?.samples)
    }

    /// The number of samples, whatever their weights.
    pub fn len(&self) -> usize {
        match self.parts.as_slice() {
            [Part { pool: Some(pool), .. }] => pool.len(),
            parts => parts.iter().flat_map(|p| p.chunks.iter()).map(|c| c.samples.len()).sum(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The statistics `T` of the weighted samples. `None` where there is no sample.
    pub fn summary<T: Summary<S, How = ()>>(&self) -> Option<T> {
        self.summary_by(&())
    }

    /// The statistics `T` of the weighted samples, made in this way. `None` where there is no sample.
    pub fn summary_by<T: Summary<S>>(&self, how: &T::How) -> Option<T> {
        self.parts.iter().filter_map(|part| part.summary::<T>(how)).reduce(|mut all, next| {
            all.merge(&next);
            all
        })
    }

    /// All samples in one set, with a weight each where weights differ.
    ///
    /// Weights are rescaled to sum to the number of samples. `None` where there is no sample.
    pub fn gathered(&self) -> Option<(S, Option<Vec<f64>>)> {
        let chunks = || self.parts.iter().flat_map(|p| p.chunks.iter().map(move |c| (c, p.weight)));
        let samples: Vec<&S> = chunks().map(|(chunk, _)| &chunk.samples).collect();
        let all = S::concatenate(&samples).filter(|all| !all.is_empty())?;
        if self.parts.windows(2).all(|pair| pair[0].weight == pair[1].weight) {
            return Some((all, None));
        }
        let mut weights = Vec::with_capacity(all.len());
        for (chunk, weight) in chunks() {
            weights.resize(weights.len() + chunk.samples.len(), weight);
        }
        let scale = weights.len() as f64 / weights.iter().sum::<f64>();
        weights.iter_mut().for_each(|weight| *weight *= scale);
        Some((all, Some(weights)))
    }
}

#[cfg(test)]
mod tests;
