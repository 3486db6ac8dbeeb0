//! Finished trials, appended as they end: the one thing in a results folder that is never rewritten.
//!
//! `journal/` holds a file for each process that ever worked on the folder, and a process appends to
//! its own alone: so nothing that two of them do at the same time, or on two machines, can mix. A
//! reader takes all files together; what two of them hold twice is the same. Each record has a
//! checksum of its own ([`frame`]): a torn or altered one is passed over, reported, and computed again.
//!
//! | record | holds |
//! |---|---|
//! | form | what the readings of many trials are: a cell, metrics, and which of them at which generation |
//! | trial | how one lineage ended, and its readings in the order of its form |
//! | keepsake | what trial 0 of a cell leaves to look at: samples, and where its training sets came from |

mod disk;
mod encode;
mod frame;
mod read;
pub mod writer;

pub use read::{Damage, Found, Journal, Place};
pub use writer::Writer;

use serde::{Deserialize, Serialize};

/// The folder inside a results folder.
pub const FOLDER: &str = "journal";

/// The format of the files; it grows by one when an older program could not read them.
pub const FORMAT: u32 = 1;

/// The full hash of all that decides the lineages of a cell.
pub type CellKey = [u8; 32];

/// A key from its hexadecimal digits.
pub fn key_of_hex(digits: &str) -> Option<CellKey> {
    blake3::Hash::from_hex(digits).ok().map(|hash| *hash.as_bytes())
}

/// Which readings the trials of one form hold, and how far their lineages ran.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Form {
    pub cell: CellKey,
    /// What decides a reading besides the lineage: the label of a metric, and a hash of its parameters.
    pub metrics: Vec<String>,
    /// In the order of the lineage.
    pub slots: Vec<Slot>,
    /// The last generation that a surviving lineage of this form has lived through.
    pub reached: u32,
    /// Readings that are the same in most trials (those of the world), by their place in the order.
    pub constants: Vec<(u32, f64)>,
}

/// The metrics that are read at one generation, as places in the form's list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Slot {
    pub generation: u32,
    pub metrics: Vec<u32>,
}

impl Form {
    /// Generation and metric of each reading, in the order of the records.
    pub fn places(&self) -> impl Iterator<Item = (u32, usize)> + '_ {
        let of = |slot: &Slot| (slot.generation, slot.metrics.clone());
        self.slots.iter().map(of).flat_map(|(generation, metrics)| {
            metrics.into_iter().map(move |metric| (generation, metric as usize))
        })
    }
}

/// How a trial ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// Alive after the last generation that its form reached.
    Survived,
    /// It could no longer change since this generation; its readings go on to the last one.
    Absorbed {
        generation: u32,
    },
    Extinct {
        generation: u32,
        cause: String,
    },
    /// The trial panicked; it has no readings.
    Failed {
        message: String,
    },
}

/// A value and its standard error, or nothing where the quantity does not exist.
pub type Number = Option<(f64, Option<f64>)>;

/// One trial.
#[derive(Clone, Debug, PartialEq)]
pub struct Trial {
    pub number: u32,
    pub ending: Ending,
    pub microseconds: u32,
    /// In the order of the form; shorter where the lineage ended before the form's last generation.
    pub readings: Vec<Number>,
    /// Of each generation from 1 on, where offspring were curated; else it follows from the cell.
    pub bred: Vec<Bred>,
}

/// What one generation took to leave its offspring.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bred {
    /// Synthetic samples that were drawn, and those that curation kept.
    pub offered: u64,
    pub kept: u64,
    /// Questions that curators asked of the world.
    pub calls: u64,
}

/// What trial 0 of a cell leaves to look at.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Keepsake {
    pub cell: CellKey,
    /// Samples of some generations, each the text of a table.
    pub samples: Vec<(u32, String)>,
    pub composition: Vec<Portion>,
    /// The generations whose composition is there.
    pub composed: Vec<u32>,
}

/// Samples of one origin in one training set: of one birth, or of several in a row that are alike.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Portion {
    pub generation: u32,
    pub origin: String,
    /// The first birth, and how many there are.
    pub born: u32,
    pub births: u32,
    /// Of each birth.
    pub count: u64,
    pub weight: f64,
}
