//! From a file to rows: text → typed cells → lineages → journal → tables.

mod cell;
mod choice;
mod compile;
mod decide;
mod document;
mod estimate;
mod facts;
mod header;
mod identity;
mod keepsake;
mod memory;
mod metrics;
mod need;
mod replication;
mod resolved;
mod run;
pub mod schema;
mod space;
mod study;
mod survey;
mod sweep;
mod trial;
mod understand;
mod unfinished;
mod worlds;

pub use cell::Cell;
pub use document::{Complaint, Document};
pub use estimate::Estimate;
pub use header::{Header, Measure, Schedule};
pub use memory::bytes;
pub use metrics::Measured;
pub use replication::{Adaptive, Statistic, Trials, Until};
pub use run::{Orders, Progress, REQUEST, RunError, RunReport, Shard, Worked};
pub use space::Space;
pub use study::{Study, open, read};
pub use survey::{CellSurvey, Decision, Survey};
