//! Results on disk: the rows of every table, and how they are written, read back and replaced as a whole.

pub mod table;
