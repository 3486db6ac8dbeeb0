//! A lineage that was cut off between two generations, and what was read off it until then.

use super::identity::metric_key;
use super::need::Need;
use super::run::Orders;
use super::{Cell, Space};
use crate::archive::ArchiveError;
use crate::archive::journal::{Bred, Keepsake, Number};
use crate::archive::shelf::{Kept, Shelf};
use crate::lineage::State;
use serde::{Deserialize, Serialize};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

/// Where the threads of a run leave what is not finished.
pub struct Desk<'a> {
    /// None for a trial that nobody will go on with.
    pub shelf: Option<Shelf>,
    /// How long a lineage may run before its state is kept.
    pub every: Duration,
    /// Set by whoever wants the run to end.
    pub stop: &'a AtomicBool,
    /// Lineages that went on from a kept generation.
    pub resumed: AtomicUsize,
    /// Kept states that could not be read, whose lineages began again.
    pub damaged: AtomicUsize,
}

/// What is kept of a trial after one of its generations.
#[derive(Serialize, Deserialize)]
#[serde(bound = "S: Space")]
pub struct Unfinished<S: Space> {
    /// What the places in the need mean.
    metrics: Vec<String>,
    need: Need,
    pub state: State<S>,
    pub readings: Vec<Number>,
    pub kept: Option<Keepsake>,
    pub microseconds: u64,
    pub bred: Vec<Bred>,
}

impl<'a> Desk<'a> {
    pub fn of(results: &Path, orders: &Orders<'a>) -> Self {
        Desk {
            shelf: Some(Shelf::of(results)),
            every: orders.rest_every,
            ..Desk::none(orders.stop)
        }
    }

    /// For lineages that run in one go.
    pub fn none(stop: &'a AtomicBool) -> Self {
        let (resumed, damaged) = (AtomicUsize::new(0), AtomicUsize::new(0));
        Desk { shelf: None, every: Duration::MAX, stop, resumed, damaged }
    }
}

impl<S: Space> Unfinished<S> {
    pub fn new(
        cell: &Cell<S>,
        need: &Need,
        state: State<S>,
        (readings, bred): (&[Number], &[Bred]),
        kept: Option<&Keepsake>,
        microseconds: u64,
    ) -> Self {
        let need = need.until(state.generation);
        let (metrics, kept) = (metric_keys(cell), kept.cloned());
        let (readings, bred) = (readings.to_vec(), bred.to_vec());
        Unfinished { metrics, need, state, readings, kept, microseconds, bred }
    }

    /// What is kept of this trial, if its lineage so far gave what is needed now.
    pub fn take(
        desk: &Desk<'_>,
        cell: &Cell<S>,
        trial: u32,
        need: &Need,
    ) -> Result<Option<Self>, ArchiveError> {
        let Some(shelf) = &desk.shelf else { return Ok(None) };
        let bytes = match shelf.take(&cell.identity.key, trial)? {
            Kept::Nothing => return Ok(None),
            Kept::Damaged => Vec::new(),
            Kept::State(bytes) => bytes,
        };
        let Ok(unfinished) = postcard::from_bytes::<Self>(&bytes) else {
            desk.damaged.fetch_add(1, Ordering::Relaxed);
            return Ok(None);
        };
        let generation = unfinished.state.generation;
        let fits = unfinished.metrics == metric_keys(cell)
            && generation <= need.last
            && unfinished.need == need.until(generation);
        Ok(fits.then_some(unfinished))
    }

    pub fn keep(&self, shelf: &Shelf, cell: &Cell<S>, trial: u32) -> Result<(), ArchiveError> {
        shelf.keep(&cell.identity.key, trial, &self.bytes(shelf)?)
    }

    fn bytes(&self, shelf: &Shelf) -> Result<Vec<u8>, ArchiveError> {
        let refuse = |error: postcard::Error| {
            ArchiveError::io("encode a lineage for", shelf.folder())(std::io::Error::other(error))
        };
        postcard::to_stdvec(self).map_err(refuse)
    }
}

fn metric_keys<S: Space>(cell: &Cell<S>) -> Vec<String> {
    cell.metrics.iter().map(metric_key).collect()
}
