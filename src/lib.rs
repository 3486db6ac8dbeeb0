//! A laboratory for **model collapse**: what happens when generative models are trained on the
//! output of earlier generations, how fast the tails of reality disappear, and what stops it.
//!
//! A **world** p* founds a **lineage**. Generation 1 is fitted to real draws, the *founders*.
//! Generation t is fitted to a training set that a **regime** composes from the founders, from fresh
//! real draws, and from what earlier generations left behind. **Curation** may step between sampling
//! and remembering. **Metrics** look, and cannot touch. One type parameter, `S: Samples`, runs
//! through everything and is chosen once, at the door.
//!
//! **Generation 0 is the world, generation 1 is the first fit.**
//!
//! ```
//! use model_collapse::archive::{csv::read_table, table::Measurement};
//! use model_collapse::experiment::{Document, read};
//!
//! let text = r#"
//!     question = "Does the variance of a normal shrink when it is trained on itself?"
//!     trials = 200
//!     generations = 10
//!     founders = 20
//!     metrics = ["spread"]
//!     [world.normal]
//!     [model.gaussian]
//!     [regime.replace]
//! "#;
//! let study = read(Document::new("shrinks.toml", text))?;
//! let folder = tempfile::tempdir()?;
//! study.run(folder.path(), 1, &|_progress| ())?;
//!
//! let rows: Vec<Measurement> = read_table(folder.path(), "measurements")?;
//! let last: Vec<f64> = rows.iter().filter(|r| r.generation == 10).filter_map(|r| r.value).collect();
//! let mean = last.iter().sum::<f64>() / last.len() as f64;
//! assert!((mean - 0.95_f64.powi(10)).abs() < 0.15); // E tr Σ_t / tr Σ* = (1 − 1/n)^t
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # The map, from the ground up
//!
//! | layer | modules |
//! |---|---|
//! | 0 | [`catalog`] · [`stream`] · [`numeric`] · [`samples`] |
//! | 1 | [`distribution`] · [`theory`] · [`archive`] |
//! | 2 | [`world`] · [`model`] · [`regime`] · [`analysis`], which never import each other |
//! | 3 | [`curation`] |
//! | 4 | [`lineage`]: the loop, which knows no concrete world, model, regime or curator |
//! | 5 | [`metric`] |
//! | 6 | [`experiment`]: file → cells → rows |
//! | 7 | [`figure`]: tables → pictures |
//! | 8 | [`report`] |
//! | 9 | [`cli`] |
//!
//! Imports point strictly downwards; a test holds them to it.

pub mod analysis;
pub mod archive;
pub mod catalog;
pub mod cli;
pub mod curation;
pub mod distribution;
pub mod experiment;
pub mod figure;
pub mod lineage;
pub mod metric;
pub mod model;
pub mod numeric;
pub mod regime;
pub mod report;
pub mod samples;
pub mod stream;
pub mod theory;
pub mod world;
