//! Numbers: bounded values, special functions, linear algebra behind one file, sums with a fixed order.

pub mod bessel;
pub mod bounded;
pub mod interval;
pub mod linalg;
pub mod memo;
pub mod quadrature;
