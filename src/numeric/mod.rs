//! Numbers: bounded values, special functions, and linear algebra behind one file.

pub mod special;
