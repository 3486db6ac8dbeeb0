//! How often types occur among kept tokens, by their rank in their own generation: a tail that is
//! forgotten is a line that ends early.

use crate::figure::chart::{Chart, Curve, Point};
use crate::figure::kept::{Collection, Kept};
use crate::figure::mark::Page;
use crate::figure::palette::{WORLD, ramp};
use crate::figure::results::Results;
use crate::figure::scale::Axis;
use crate::figure::sheet::{Facets, Sheet};

pub(super) fn page(results: &Results, all: &Collection, title: &str) -> Page {
    let shares = |kept: &[Kept]| kept.iter().map(|kept| kept.shares().len()).max().unwrap_or(1);
    let ranks = all.cells.iter().map(|(_, kept)| shares(kept)).max().unwrap_or(1);
    let x = Axis::of_swept(&[1.0, ranks as f64], Some(ranks > 1)).with_round_ticks();
    let mut caption = "share of each type among the tokens of trial 0, by its rank".to_owned();
    if all.cells.len() < all.of {
        caption += &format!(", {} of {} cells", all.cells.len(), all.of);
    }
    let chart = |kept: &[Kept]| Chart {
        caption: caption.clone(),
        log_y: Some(true),
        curves: curves(kept),
        is_detailed: false,
        ..Chart::over("rank of the type in its generation", x.clone())
    };
    let sheet = match &all.cells[..] {
        [(_, kept)] => Sheet::One(chart(kept)),
        cells => {
            let panels =
                cells.iter().map(|(place, kept)| (results.cells.name(*place), chart(kept)));
            let last = cells.iter().filter_map(|(_, kept)| kept.last()).map(|kept| kept.generation);
            let ramp = format!("generation 0 (grey), then up to {}", last.max().unwrap_or(0));
            Sheet::Panels(Facets { panels: panels.collect(), ramp, left_out: 0 })
        }
    };
    sheet.page(title)
}

fn curves(all: &[Kept]) -> Vec<Curve> {
    let last = all.len().saturating_sub(1).max(1);
    let curve = |(index, kept): (usize, &Kept)| {
        let colour = if kept.generation == 0 { WORLD } else { ramp(index as f64 / last as f64) };
        let mut curve = Curve::new(kept.name(), colour);
        (curve.trials, curve.survivors) = (1, 1);
        let point = |(rank, share)| Point {
            x: (rank + 1) as f64,
            value: Some(share),
            mean: None,
            low: None,
            high: None,
            is_survival: false,
            lineages: None,
        };
        curve.points = kept.shares().into_iter().enumerate().map(point).collect();
        curve
    };
    all.iter().enumerate().map(curve).collect()
}
