//! Numbers: bounded values, special functions, linear algebra behind one file, values kept once.

pub mod bessel;
pub mod bounded;
pub mod interval;
pub mod kernel;
pub mod linalg;
pub mod memo;
pub mod multinomial;
pub mod quadrature;
pub mod special;
