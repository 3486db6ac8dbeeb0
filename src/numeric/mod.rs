//! Numbers: bounded values, special functions, linear algebra behind one file, values kept once.

pub mod bounded;
pub mod linalg;
pub mod memo;
pub mod special;
