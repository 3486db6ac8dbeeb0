//! The worlds in which metrics are calibrated, and what stands for a little collapse in each.

use crate::distribution::{
    Classes, Distribution, Finite, Gaussian, Inputs, Linear, Markov, NormalMixture, Regression,
    Types,
};
use crate::samples::{Points, Tokens};
use crate::stream::{Role, stream};
use ndarray::{Array1, Array2, arr1};
use std::f64::consts::TAU;

/// A world, and models that collapsed in it.
pub struct Reference<S> {
    pub name: &'static str,
    pub world: Box<dyn Distribution<S>>,
    pub collapsed: Box<dyn Distribution<S>>,
    /// What happened to the collapsed law.
    pub collapse: &'static str,
    /// One sample where the world is dense.
    pub mode: S,
    /// A world of ties.
    pub ties: Option<Box<dyn Distribution<S>>>,
    /// Whether it serves those metrics alone that know the exact value of a law here.
    pub only_exact: bool,
}

/// Rows of the table that stands for a world of ties.
const TABLE: usize = 10_000;

/// The reference worlds of points: the first in which a metric has a value is its own.
pub fn points() -> impl Iterator<Item = Reference<Points>> {
    let worlds: [fn() -> Option<Reference<Points>>; 5] = [
        || normal("a normal world, d = 2", 2),
        || normal("a normal world, d = 1", 1),
        ring,
        linear,
        classes,
    ];
    worlds.into_iter().filter_map(|world| world())
}

/// Those of tokens.
pub fn tokens() -> impl Iterator<Item = Reference<Tokens>> {
    let worlds: [fn() -> Option<Reference<Tokens>>; 2] = [zipf, chain];
    worlds.into_iter().filter_map(|world| world())
}

fn normal(name: &'static str, d: usize) -> Option<Reference<Points>> {
    let centre = Array1::zeros(d);
    let world = Gaussian::spherical(centre.clone(), 1.0);
    Some(Reference {
        name,
        ties: whole_numbers(&world),
        world: Box::new(world),
        collapsed: Box::new(Gaussian::spherical(centre, 0.5)),
        collapse: "its variance halved",
        mode: Points::from_rows(vec![0.0; d], d),
        only_exact: false,
    })
}

fn ring() -> Option<Reference<Points>> {
    let angle = |k: usize| TAU * k as f64 / 8.0;
    let centre = |k: usize| arr1(&[2.0 * angle(k).cos(), 2.0 * angle(k).sin()]);
    let modes = |kept: usize| NormalMixture::of_modes((0..kept).map(centre).collect(), 0.01);
    Some(Reference {
        name: "a ring of 8 modes",
        ties: whole_numbers(&modes(8)),
        world: Box::new(modes(8)),
        collapsed: Box::new(modes(6)),
        collapse: "2 of 8 modes lost",
        mode: Points::from_rows(vec![2.0, 0.0], 2),
        only_exact: false,
    })
}

fn linear() -> Option<Reference<Points>> {
    let law = |weight| {
        let weights = Array1::from_elem(3, weight);
        Linear::new(Regression { weights, noise: 0.5 }, Inputs::Normal)
    };
    let world = law(1.0);
    Some(Reference {
        name: "a linear world, d = 3",
        mode: world.draw(1, &mut stream(super::SEED, 0, 0, Role::WORLD)),
        world: Box::new(world),
        collapsed: Box::new(law(0.5f64.sqrt())),
        collapse: "weights times √½",
        ties: None,
        only_exact: false,
    })
}

/// Three classes, the last of them rare and near to the others.
fn classes() -> Option<Reference<Points>> {
    let class =
        |label: f64, share: f64, x: [f64; 2]| (label, share, Gaussian::spherical(arr1(&x), 0.25));
    let law = |rare: f64| {
        Classes::weighted(vec![
            class(0.0, 0.6, [-1.0, 0.0]),
            class(1.0, 0.3, [1.0, 0.0]),
            class(2.0, rare, [0.0, 1.5]),
        ])
    };
    Some(Reference {
        name: "three labelled classes, the last of 10 %",
        ties: whole_numbers(&law(0.1)?),
        world: Box::new(law(0.1)?),
        collapsed: Box::new(law(0.0)?),
        collapse: "the rare class lost",
        mode: Points::from_rows(vec![-1.0, 0.0], 2).with_labels(vec![0.0]),
        only_exact: false,
    })
}

/// Draws rounded to whole numbers, with their labels, as a table.
fn whole_numbers(world: &dyn Distribution<Points>) -> Option<Box<dyn Distribution<Points>>> {
    let draws = world.draw(TABLE, &mut stream(super::SEED, 0, 0, Role::WORLD));
    // 0 + x: a whole number is not −0.
    let rounded = Points::new(draws.values().mapv(|x| 0.0 + x.round()));
    let table = Finite::new(match draws.labels() {
        Some(labels) => rounded.with_labels(labels.to_vec()),
        None => rounded,
    })?;
    Some(Box::new(table))
}

fn zipf() -> Option<Reference<Tokens>> {
    let types = |exponent: f64| {
        let weights: Vec<f64> = (1..=100).map(|rank| f64::from(rank).powf(-exponent)).collect();
        Types::new(&weights, 1)
    };
    Some(Reference {
        name: "single tokens, Zipf's law of 100 types",
        world: Box::new(types(1.0)?),
        collapsed: Box::new(types(1.3)?),
        collapse: "exponent 1.3, not 1",
        mode: Tokens::of_length(vec![0], 1, 100),
        ties: None,
        only_exact: true,
    })
}

/// Sequences of 16 tokens; what follows a type is Zipfian, in an order of its own.
fn chain() -> Option<Reference<Tokens>> {
    let chain = |power: f64| {
        let weight = |(i, j): (usize, usize)| (1.0 + ((j + 7 * i) % 20) as f64).powf(-power);
        let weights = Array2::from_shape_fn((20, 20), weight);
        let totals = weights.sum_axis(ndarray::Axis(1)).insert_axis(ndarray::Axis(1));
        Markov::new(weights / totals, 16).ok()
    };
    let world = chain(1.0)?;
    Some(Reference {
        name: "sequences of 16 tokens, a chain of 20 types",
        mode: world.draw(1, &mut stream(super::SEED, 0, 0, Role::WORLD)),
        world: Box::new(world),
        collapsed: Box::new(chain(1.3)?),
        collapse: "exponents 1.3, not 1",
        ties: None,
        only_exact: false,
    })
}
