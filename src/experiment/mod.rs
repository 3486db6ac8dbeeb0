//! From a file to rows: text → typed cells → lineages → tables.

mod cell;
mod document;
mod header;
mod keepsake;
mod memory;
mod metrics;
mod record;
mod resolved;
mod run;
pub mod schema;
mod space;
mod study;
mod trial;

pub use cell::Cell;
pub use document::{Complaint, Document};
pub use header::{Header, Measure, Schedule};
pub use metrics::Measured;
pub use run::{Progress, RunError, RunReport};
pub use space::Space;
pub use study::{Study, open, read};
