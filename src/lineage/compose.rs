//! Fills a recipe from what the lineage remembers.

use super::Supply;
use crate::regime::{Origin, Portion, Redraw, Regime, Sizes, Take};
use crate::samples::{Chunk, Kind, Part, Pool, Samples, TrainingSet};
use crate::stream::{Role, Streams};
use rand::seq::index;

/// Draws the real samples that the regime wants anew before generation t, and remembers them.
pub fn gather_fresh<S: Samples>(
    regime: &dyn Regime,
    t: u32,
    supply: &Supply<'_, S>,
    streams: Streams,
    pool: &mut Pool<S>,
) {
    let n = if t == 1 { 0 } else { regime.fresh(t) };
    if n > 0 {
        pool.push(Kind::Fresh, t, supply.fresh(t, n, &mut streams.at(t, Role::FRESH)));
    }
}

/// The training set of generation t: the founders for t = 1, the regime's recipe afterwards.
pub fn compose<'a, S: Samples>(
    regime: &dyn Regime,
    t: u32,
    sizes: &Sizes,
    pool: &'a Pool<S>,
    streams: Streams,
) -> TrainingSet<'a, S> {
    let recipe = match t {
        1 => vec![Portion::all(Origin::Founders)],
        _ => regime.recipe(t, sizes),
    };
    let fill = |(k, portion): (usize, &Portion)| {
        let part = whole(portion, pool);
        match portion.take {
            Take::All => part,
            Take::Exactly { n, redraw } => {
                let available = part.chunks.iter().map(|chunk| chunk.samples.len()).sum();
                if n >= available {
                    return part;
                }
                // A choice made once has the address of generation 1, whenever it is asked for.
                let generation = if redraw == Redraw::Once { 1 } else { t };
                let mut rng = streams.at(generation, Role::COMPOSE.occurrence(k));
                let mut rows = index::sample(&mut rng, available, n).into_vec();
                rows.sort_unstable();
                Part::of(pick(&part.chunks, &rows), portion.weight)
            }
        }
    };
    TrainingSet::new(recipe.iter().enumerate().map(fill).collect())
}

/// All that a portion may take from.
fn whole<'a, S: Samples>(portion: &Portion, pool: &'a Pool<S>) -> Part<'a, S> {
    let one = |kind, born| pool.find(kind, born).map_or(&[][..], std::slice::from_ref);
    match portion.origin {
        Origin::Founders => Part::of(one(Kind::Founders, 0), portion.weight),
        Origin::Fresh(g) => Part::of(one(Kind::Fresh, g), portion.weight),
        Origin::Offspring(g) => Part::of(one(Kind::Offspring, g), portion.weight),
        Origin::Pool => Part::pool(pool, portion.weight),
    }
}

/// The rows, counted through all chunks in ascending order, each left in its chunk.
fn pick<S: Samples>(chunks: &[Chunk<S>], rows: &[usize]) -> Vec<Chunk<S>> {
    let mut picked = Vec::new();
    let (mut first, mut taken) = (0, 0);
    for chunk in chunks {
        let end = first + chunk.samples.len();
        let upto = taken + rows[taken..].partition_point(|&row| row < end);
        if upto > taken {
            let inside: Vec<usize> = rows[taken..upto].iter().map(|row| row - first).collect();
            picked.push(Chunk { samples: chunk.samples.gather(&inside), ..chunk.clone() });
        }
        (first, taken) = (end, upto);
    }
    picked
}
