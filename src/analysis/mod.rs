//! From rows to statements: what trials have in common, with intervals that say how sure that is.

pub mod claim;
pub mod comparison;
pub mod interval;
pub mod lifetime;
pub mod moment;
pub mod profile;
pub mod quantile;
pub mod summary;

pub use summary::{Ends, summarise, summarise_stream};
