//! The recipe of a regime for its first generations, with sizes that are easy to follow.

use super::super::screen;
use crate::regime::{Origin, Redraw, Regime, Sizes, Take, available};

/// The example: founders, and offspring of every generation.
const FOUNDERS: usize = 100;
const OFFSPRING: usize = 80;
const LAST: u32 = 5;

/// A line for each portion: generation, origin, how many, weight of each sample.
pub fn table(regime: &dyn Regime) -> String {
    let mut offspring = vec![OFFSPRING; LAST as usize + 1];
    offspring[0] = 0;
    let sizes = Sizes { founders: FOUNDERS, offspring };
    let mut rows = vec![line(1, "all founders".into(), FOUNDERS, 1.0)];
    for t in 2..=LAST {
        for portion in regime.recipe(t, &sizes) {
            let (n, choice) = match portion.take {
                Take::All => (available(regime, &sizes, t, portion.origin), "all"),
                Take::Exactly { n, redraw: Redraw::EachGeneration } => (n, "a new choice of"),
                Take::Exactly { n, redraw: Redraw::Once } => (n, "one choice, kept, of"),
            };
            let origin = match portion.origin {
                Origin::Founders => "founders".to_owned(),
                Origin::Fresh(g) => format!("fresh real samples of {g}"),
                Origin::Offspring(g) => format!("offspring of {g}"),
                Origin::Pool => "samples so far".to_owned(),
            };
            rows.push(line(t, format!("{choice} {origin}"), n, portion.weight));
        }
    }
    let head =
        format!("Recipe with {FOUNDERS} founders and {OFFSPRING} offspring of each generation:");
    let table = screen::table(&["t", "trained on", "samples", "weight of each"], &rows);
    format!("{head}\n{}", super::indented(&table))
}

fn line(t: u32, origin: String, n: usize, weight: f64) -> Vec<String> {
    vec![t.to_string(), origin, n.to_string(), screen::number(weight)]
}
