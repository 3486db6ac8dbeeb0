//! How the density of one coordinate changes: a ridge per kept generation, the founders at the top,
//! a panel per cell. Of texts it is the logarithm of their perplexity under the model of generation 1
//! (of the founders' texts: under the world).
//!
//! A density is a sum of normal kernels with Silverman's bandwidth 0.9 min(s, IQR/1.34) n^(−1/5)
//! (B. W. Silverman, *Density Estimation*, 1986, eq. 3.31), but no narrower than what can be seen, so
//! that a point mass is a spike. Each ridge has its own scale: its peak has the same height.

use plotters::style::RGBColor;

use super::FigureError;
use super::font;
use super::frame::{
    Area, Frame, MARGIN, NAME_LINE, TEXT_EM, heading, name_across, name_panel_in_lines,
};
use super::kept::{self, Collection, Kept, Nature};
use super::key::{Key, Sample};
use super::mark::{Page, Side};
use super::palette::{AXIS, FAINT_INK, INK, WORLD, lighter};
use super::panels::divide;
use super::render::WIDTH;
use super::results::Results;
use super::scale::Axis;
use crate::archive::picture::Ridgeline;

const MOST_CELLS: usize = 4;
const PLACES: usize = 240;
/// The height of a ridge in units of the distance between two.
const OVERLAP: f64 = 1.7;

pub(super) fn page(
    results: &Results,
    spec: &Ridgeline,
    title: &str,
) -> Result<Result<Page, String>, FigureError> {
    let mut collection = match kept::read(results, spec.arms.as_deref(), MOST_CELLS)? {
        Ok(collection) => collection,
        Err(lack) => return Ok(Err(lack)),
    };
    let number = spec.coordinate.get();
    let has_founders = drop_empty_founders(&mut collection, number);
    let all = collection.cells.iter().flat_map(|(_, kept)| kept);
    let is_text = all.clone().any(|kept| kept.nature() == Nature::Tokens);
    let values: Vec<f64> = all.flat_map(|kept| kept.quantity(number)).collect();
    if values.is_empty() {
        return Ok(Err(match is_text {
            true => "kept texts that the model of generation 1 has a density of".into(),
            false => format!("a coordinate {number} of its kept samples"),
        }));
    }
    let (low, high) = kept::range(values);
    let what = match is_text {
        true => "ln perplexity under generation 1".to_owned(),
        false => format!("coordinate {number}"),
    };
    let judges = if is_text && has_founders { " (founders: under the world)" } else { "" };
    let quantity = Quantity { number, what, judges };
    Ok(Ok(draw(results, &collection, &quantity, Axis::between(low, high), title)))
}

/// A world without a density judges no text: its row would be empty in every panel. Says whether there
/// are founders left.
fn drop_empty_founders(collection: &mut Collection, number: usize) -> bool {
    let all = collection.cells.iter().flat_map(|(_, kept)| kept);
    let mut founders = all.filter(|kept| kept.generation == 0);
    let has_founders = founders.any(|kept| !kept.quantity(number).is_empty());
    if !has_founders {
        collection.cells.iter_mut().for_each(|(_, kept)| kept.retain(|kept| kept.generation > 0));
    }
    has_founders
}

/// What lies across: a coordinate, and what it is called.
struct Quantity {
    number: usize,
    what: String,
    judges: &'static str,
}

fn draw(results: &Results, all: &Collection, of: &Quantity, x: Axis, title: &str) -> Page {
    let rows = all.cells.iter().map(|(_, kept)| kept.len()).max().unwrap_or(1);
    let mut page = Page::of_height((230.0 + 46.0 * rows as f64).clamp(360.0, 900.0));
    let mut caption = format!("density of {} of the samples of trial 0{}", of.what, of.judges);
    if all.cells.len() < all.of {
        caption += &format!(", {} of {} cells", all.cells.len(), all.of);
    }
    let names = names(results, all);
    let lines = names.iter().map(Vec::len).max().unwrap_or(1);
    let top = heading(&mut page, title, &caption) + NAME_LINE * lines.max(1) as f64;
    let remark = "normal kernels with Silverman's bandwidth; every ridge has its own scale";
    let key = Key::new(vec![(Sample::Nothing, remark.into())]);
    let area = Area {
        left: MARGIN + 74.0,
        right: WIDTH - MARGIN - 8.0,
        top,
        bottom: page.height - key.height() - 48.0,
    };
    let places: Vec<usize> = all.cells.iter().map(|(place, _)| *place).collect();
    let colours = results.cells.colours(&places);
    let panels = divide(area, all.cells.len(), all.cells.len(), (22.0, 0.0));
    let cells = all.cells.iter().zip(&names);
    for ((panel, ((_, kept), name)), colour) in panels.iter().zip(cells).zip(colours) {
        let frame = Frame::new(panel.area, x.clone(), Axis::of_shares());
        name_panel_in_lines(&mut page, panel.area, name);
        // Rows are those of the longest lineage, so that generations stand side by side.
        let row = panel.area.height() / (rows as f64 + OVERLAP - 1.0);
        for (index, kept) in kept.iter().enumerate() {
            let floor = panel.area.top + row * (OVERLAP + index as f64);
            let tone = if kept.generation == 0 { WORLD } else { colour };
            ridge(&mut page, &frame, kept.quantity(of.number), (floor, row * OVERLAP * 0.95), tone);
            if panel.is_leftmost
                || kept.generation != all.cells[0].1[index.min(all.cells[0].1.len() - 1)].generation
            {
                label(&mut page, (panel.area.left - 8.0, floor), kept);
            }
        }
        frame.draw_across(&mut page, true);
    }
    page.text((MARGIN, top - 7.0), "generation", (TEXT_EM, false, INK), Side::Left);
    name_across(&mut page, area, &of.what);
    key.draw(&mut page, area.left);
    page
}

/// The names of the panels, each in as many lines as it needs; one panel needs none.
fn names(results: &Results, all: &Collection) -> Vec<Vec<String>> {
    let count = all.cells.len();
    let width = (WIDTH - 2.0 * MARGIN - 82.0) / count as f64 - 22.0;
    let name = |(place, _): &(usize, Vec<Kept>)| match count {
        1 => Vec::new(),
        _ => font::wrap(&results.cells.name(*place), TEXT_EM, true, width, 3),
    };
    all.cells.iter().map(name).collect()
}

fn label(page: &mut Page, place: (f64, f64), kept: &Kept) {
    let text = match kept.generation {
        0 => "founders".to_owned(),
        generation => generation.to_string(),
    };
    page.text(place, &text, (TEXT_EM, false, FAINT_INK), Side::Right);
}

/// One density over its floor.
fn ridge(
    page: &mut Page,
    frame: &Frame,
    values: Vec<f64>,
    (floor, height): (f64, f64),
    colour: RGBColor,
) {
    page.line(&[(frame.left, floor), (frame.right, floor)], 0.8, lighter(AXIS, 0.4));
    let (low, high) = frame.x.ends();
    let grid: Vec<f64> =
        (0..PLACES).map(|step| low + (high - low) * step as f64 / (PLACES - 1) as f64).collect();
    let heights = density(values, &grid);
    let peak = heights.iter().copied().fold(0.0, f64::max);
    if peak <= 0.0 {
        return;
    }
    let line: Vec<(f64, f64)> = grid
        .iter()
        .zip(&heights)
        .map(|(x, density)| (frame.across(*x), floor - height * density / peak))
        .collect();
    let ends = [(frame.right, floor), (frame.left, floor)];
    page.area(line.iter().copied().chain(ends).collect(), lighter(colour, 0.6), 1.0);
    page.line(&line, 1.6, colour);
}

/// The density of values at the places of an even grid, up to a factor.
fn density(mut values: Vec<f64>, grid: &[f64]) -> Vec<f64> {
    let (Some(first), Some(last)) = (grid.first(), grid.last()) else { return Vec::new() };
    values.sort_by(f64::total_cmp);
    let narrowest = (last - first) / PLACES as f64;
    let bandwidth = bandwidth(&values).max(narrowest);
    let kernel = |x: f64| {
        let near = |value: &f64| {
            let distance = (x - value) / bandwidth;
            if distance.abs() > 8.0 { 0.0 } else { (-0.5 * distance * distance).exp() }
        };
        values.iter().map(near).sum()
    };
    grid.iter().map(|x| kernel(*x)).collect()
}

/// Silverman's bandwidth of sorted values.
fn bandwidth(sorted: &[f64]) -> f64 {
    let n = sorted.len() as f64;
    if sorted.len() < 2 {
        return 0.0;
    }
    let mean = sorted.iter().map(|value| value / n).sum::<f64>();
    let square = sorted.iter().map(|value| (value - mean).powi(2) / (n - 1.0)).sum::<f64>();
    let at = |share: f64| sorted[(share * (n - 1.0)).round() as usize];
    let spread = match (at(0.75) - at(0.25)) / 1.34 {
        // More than half of the values are one: the rest still has a width.
        0.0 => square.sqrt(),
        range => range.min(square.sqrt()),
    };
    let bandwidth = 0.9 * spread * n.powf(-0.2);
    if bandwidth.is_finite() { bandwidth } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bandwidth_is_silvermans() {
        let values: Vec<f64> = (0..101).map(f64::from).collect();
        let expected = 0.9 * f64::min(50.0 / 1.34, (101.0 * 102.0 / 12.0f64).sqrt());
        assert!((bandwidth(&values) - expected * 101f64.powf(-0.2)).abs() < 1e-9);
    }

    #[test]
    fn a_point_mass_is_a_spike_and_nothing_is_flat() {
        let grid: Vec<f64> = (0..240).map(|step| -1.0 + f64::from(step) / 119.5).collect();
        for values in [vec![0.0; 50], vec![0.0], vec![0.0, f64::MAX, f64::MIN]] {
            let heights = density(values, &grid);
            assert!(heights.iter().all(|height| height.is_finite()));
            let peak = heights.iter().copied().fold(0.0, f64::max);
            assert!(peak > 0.0 && heights[0] <= peak);
        }
        assert!(density(Vec::new(), &grid).iter().all(|height| *height == 0.0));
    }
}
