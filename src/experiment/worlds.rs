//! Worlds that are open, each once for all cells that live in it.

use super::run::RunError;
use super::study::Cells;
use super::survey::Task;
use super::{Cell, Space};
use crate::distribution::Distribution;
use crate::numeric::memo::Memo;
use crate::samples::Samples;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A world that is open, and what has been computed about it.
pub struct OpenWorld<S: Samples> {
    pub distribution: Box<dyn Distribution<S>>,
    pub memo: Memo,
}

/// The world of each cell that has something to do; cells with the same world share one, and what is
/// computed about it.
pub fn open_worlds<S: Space>(
    study: &Cells<S>,
    tasks: &[Task],
) -> Result<Vec<Option<Arc<OpenWorld<S>>>>, RunError> {
    let mut open: BTreeMap<String, Arc<OpenWorld<S>>> = BTreeMap::new();
    let mut worlds = vec![None; study.cells.len()];
    for task in tasks {
        let c = task.cell as usize;
        if worlds[c].is_none() {
            worlds[c] = Some(open_world(study, &study.cells[c], &mut open)?);
        }
    }
    Ok(worlds)
}

/// Opens the world of a cell, or finds it among those that are open.
pub fn open_world<S: Space>(
    study: &Cells<S>,
    cell: &Cell<S>,
    open: &mut BTreeMap<String, Arc<OpenWorld<S>>>,
) -> Result<Arc<OpenWorld<S>>, RunError> {
    let key = format!("{} {}", cell.world.entry.name, cell.world.table);
    if let Some(world) = open.get(&key) {
        return Ok(world.clone());
    }
    let distribution = cell.world.value.open(study.document.folder()).map_err(|error| {
        let complaint = study.document.complain(None, error.reason).with_help(error.help);
        RunError::World(Box::new(complaint))
    })?;
    let world = Arc::new(OpenWorld { distribution, memo: Memo::default() });
    open.insert(key, world.clone());
    Ok(world)
}
