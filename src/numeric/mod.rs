//! Numbers: bounded values, special functions, linear algebra behind one file, sums with a fixed order.

pub mod bounded;
pub mod kernel;
pub mod linalg;
pub mod memo;
