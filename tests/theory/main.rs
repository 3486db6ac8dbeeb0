//! Lineages of the real runner held against every closed form, at other parameters than those that
//! the forms are printed with. Four standard errors, fixed seeds; and where a simulation can tell,
//! it must also refute the formula that one would get wrong.

#[path = "../common/mod.rs"]
mod common;

mod check;
mod claims;
mod classes;
mod conservation;
mod curation;
mod kernels;
mod normal;
mod real_data;
mod regression;
mod spike;
mod survival;
mod tokens;
mod universality;
mod watch;
