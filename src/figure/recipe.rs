//! Where training sets came from: the founders, fresh real samples, and offspring by their birth, as
//! shares of the weight, a column per generation.

use std::collections::{BTreeMap, HashMap};

use plotters::style::RGBColor;

use super::FigureError;
use super::frame::{
    AXIS_ROOM, Area, Frame, MARGIN, gap_across, heading, name_across, name_panel, tick_room,
};
use super::key::{Key, Sample};
use super::labels::choose;
use super::mark::Page;
use super::palette::{colour, ramp};
use super::panels::{columns, divide};
use super::render::WIDTH;
use super::results::Results;
use super::scale::Axis;
use crate::archive::csv::scan;
use crate::archive::picture::Recipe;

const MOST_PANELS: usize = 6;
const FOUNDERS: usize = 0;
const FRESH: usize = 1;
const OFFSPRING: usize = 2;

/// The weights of one training set by band.
type Set = BTreeMap<usize, f64>;
type Sets = BTreeMap<u32, Set>;

/// Whether some training set has more than one origin.
pub(super) fn is_mixed(results: &Results) -> Result<bool, FigureError> {
    let mut last = [const { String::new() }; 3];
    let mut is_mixed = false;
    scan(&results.dir, "composition", ["cell", "arm", "generation"], |row| {
        is_mixed |= last.iter().zip(row).all(|(last, now)| last == now);
        last = row.map(str::to_owned);
    })?;
    Ok(is_mixed)
}

pub(super) fn page(
    results: &Results,
    spec: &Recipe,
    title: &str,
) -> Result<Result<Page, String>, FigureError> {
    let places = match results.cells.of_arms(spec.arms.as_deref().unwrap_or_default()) {
        Ok(places) => places,
        Err(lack) => return Ok(Err(lack)),
    };
    if !results.has_table("composition") {
        return Ok(Err("composition.csv".into()));
    }
    let panels = distinct(results, &places, read(results)?);
    if panels.is_empty() {
        return Ok(Err("rows in composition.csv".into()));
    }
    Ok(Ok(draw(&panels, title)))
}

fn read(results: &Results) -> Result<HashMap<usize, Sets>, FigureError> {
    let mut all: HashMap<usize, Sets> = HashMap::new();
    let columns = ["cell", "arm", "generation", "origin", "born", "weight"];
    scan(&results.dir, "composition", columns, |[cell, arm, generation, origin, born, weight]| {
        let Some(place) = results.cells.find(cell, arm) else { return };
        let (Ok(generation), Ok(weight)) = (generation.parse(), weight.parse::<f64>()) else {
            return;
        };
        if !(weight.is_finite() && weight > 0.0) {
            return;
        }
        let band = match origin {
            "founders" => FOUNDERS,
            "fresh" => FRESH,
            _ => OFFSPRING + bracket(born.parse().unwrap_or(0)),
        };
        let set = all.entry(place).or_default().entry(generation).or_default();
        *set.entry(band).or_default() += weight;
    })?;
    Ok(all)
}

/// Cells of one arm that have the same recipe are shown once.
fn distinct(
    results: &Results,
    places: &[usize],
    mut all: HashMap<usize, Sets>,
) -> Vec<(String, Sets)> {
    let mut kept: Vec<(usize, Sets)> = Vec::new();
    for &place in places {
        let Some(mut sets) = all.remove(&place) else { continue };
        for set in sets.values_mut() {
            let total: f64 = set.values().sum();
            set.values_mut().for_each(|weight| *weight /= total);
        }
        let arm = results.cells.arm(place);
        let is_known =
            kept.iter().any(|(of, known)| results.cells.arm(*of) == arm && are_alike(known, &sets));
        if !is_known {
            kept.push((place, sets));
        }
    }
    let count = |arm: &str| kept.iter().filter(|(of, _)| results.cells.arm(*of) == arm).count();
    let name = |place: usize| match results.cells.arm(place) {
        arm if count(arm) == 1 => arm.to_owned(),
        _ => results.cells.name(place),
    };
    let names: Vec<String> = kept.iter().map(|(place, _)| name(*place)).collect();
    names.into_iter().zip(kept).map(|(name, (_, sets))| (name, sets)).collect()
}

fn are_alike(one: &Sets, other: &Sets) -> bool {
    one.len() == other.len()
        && one.iter().zip(other).all(|((at, one), (of, other))| {
            let close = |a: &f64, b: &f64| (a - b).abs() < 1e-6;
            at == of
                && one.len() == other.len()
                && one.iter().zip(other).all(|((a, x), (b, y))| a == b && close(x, y))
        })
}

fn draw(panels: &[(String, Sets)], title: &str) -> Page {
    let shown = choose(panels.len(), MOST_PANELS);
    let columns = columns(shown.len());
    let rows = shown.len().div_ceil(columns);
    let mut page = Page::of_height(if rows > 1 { 700.0 } else { 520.0 });
    let mut caption = "where training sets come from, as shares of their weight".to_owned();
    if shown.len() < panels.len() {
        caption += &format!(", {} of {} cells", shown.len(), panels.len());
    }
    let last = panels.iter().filter_map(|(_, sets)| sets.keys().next_back()).max();
    let last = *last.unwrap_or(&1);
    let bands = Bands { is_coarse: last > 50, last };
    let all: Vec<usize> = bands.of(panels);
    let entries =
        all.iter().map(|band| (Sample::Fill(bands.colour(*band, &all)), bands.name(*band)));
    let key = Key::new(entries.collect());
    let top = heading(&mut page, title, &caption) + 14.0;
    let y = Axis::of_shares();
    let area = Area {
        left: MARGIN + tick_room(&y),
        right: WIDTH - MARGIN - 8.0,
        top,
        bottom: page.height - key.height() - 52.0,
    };
    let first = panels.iter().filter_map(|(_, sets)| sets.keys().next()).min();
    let x = Axis::of_columns(*first.unwrap_or(&1), last);
    let gap = (gap_across(&x), AXIS_ROOM);
    for (panel, index) in divide(area, shown.len(), columns, gap).iter().zip(&shown) {
        let (name, sets) = &panels[*index];
        let frame = Frame::new(panel.area, x.clone(), y.clone());
        bands.stack(&mut page, &frame, sets, &all);
        frame.draw(&mut page, (panel.is_lowest, panel.is_leftmost));
        name_panel(&mut page, panel.area, name);
    }
    name_across(&mut page, area, "generation that is trained");
    key.draw(&mut page, area.left);
    page
}

/// How births are put together to be told apart.
struct Bands {
    /// By powers of ten rather than by 1, 2 and 5 times one.
    is_coarse: bool,
    last: u32,
}

impl Bands {
    fn merged(&self, band: usize) -> usize {
        match band.checked_sub(OFFSPRING) {
            // Four brackets up to ten, then three to each power.
            Some(bracket) if self.is_coarse => OFFSPRING + (bracket.max(1) - 1) / 3,
            _ => band,
        }
    }

    fn of(&self, panels: &[(String, Sets)]) -> Vec<usize> {
        let sets = panels.iter().flat_map(|(_, sets)| sets.values());
        let mut all: Vec<usize> =
            sets.flat_map(|set| set.keys()).map(|b| self.merged(*b)).collect();
        all.sort_unstable();
        all.dedup();
        all
    }

    fn colour(&self, band: usize, all: &[usize]) -> RGBColor {
        match band {
            FOUNDERS => colour(1, 7),
            FRESH => colour(3, 7),
            _ => {
                let offspring: Vec<usize> =
                    all.iter().copied().filter(|band| *band >= OFFSPRING).collect();
                let rank = offspring.iter().position(|of| *of == band).unwrap_or(0);
                ramp(0.15 + 0.7 * rank as f64 / (offspring.len().max(2) - 1) as f64)
            }
        }
    }

    fn name(&self, band: usize) -> String {
        if band == FOUNDERS {
            return "founders".into();
        } else if band == FRESH {
            return "fresh real samples".into();
        }
        let bracket = band - OFFSPRING;
        let (first, last) = match self.is_coarse {
            false => (edge(bracket), edge(bracket + 1) - 1),
            true if bracket == 0 => (1, 10),
            true => {
                (10u32.saturating_pow(bracket as u32) + 1, 10u32.saturating_pow(bracket as u32 + 1))
            }
        };
        match (first, last.min(self.last.saturating_sub(1).max(first))) {
            (first, last) if first == last => format!("offspring of {first}"),
            (first, last) => format!("offspring of {first}–{last}"),
        }
    }

    /// Bands on top of each other, the founders at the bottom; a column reaches half a generation
    /// to both sides.
    fn stack(&self, page: &mut Page, frame: &Frame, sets: &Sets, all: &[usize]) {
        let mut floor: BTreeMap<u32, f64> = BTreeMap::new();
        for band in all {
            let (mut above, mut below) = (Vec::new(), Vec::new());
            for (generation, set) in sets {
                let own = set.iter().filter(|(of, _)| self.merged(**of) == *band);
                let share: f64 = own.map(|(_, weight)| weight).sum();
                let low = floor.entry(*generation).or_default();
                let high = *low + share;
                let middle = f64::from(*generation);
                for x in [middle - 0.5, middle + 0.5] {
                    above.push(frame.place(x, high));
                    below.push(frame.place(x, *low));
                }
                *low = high;
            }
            above.extend(below.into_iter().rev());
            page.area(above, self.colour(*band, all), 1.0);
        }
    }
}

/// The bracket of a birth: 1, 2, 3–5, 6–10, 11–20, 21–50 and so on.
fn bracket(born: u32) -> usize {
    (0..32).take_while(|bracket| edge(bracket + 1) <= born).count()
}

/// The first birth of a bracket.
fn edge(bracket: usize) -> u32 {
    if bracket == 0 {
        return 1;
    }
    let digit = [1, 2, 5][(bracket - 1) % 3];
    let power = 10u32.saturating_pow(((bracket - 1) / 3) as u32);
    power.saturating_mul(digit).saturating_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn births_are_put_together_in_brackets_that_widen() {
        let births = [0, 1, 2, 3, 5, 6, 10, 11, 20, 21, 50, 51, 100, 101, u32::MAX];
        assert_eq!(births.map(bracket)[..13], [0, 0, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6]);
        let fine = Bands { is_coarse: false, last: 9 };
        assert_eq!(fine.name(OFFSPRING + 2), "offspring of 3–5");
        assert_eq!(fine.name(OFFSPRING + 3), "offspring of 6–8");
        assert_eq!(fine.name(OFFSPRING), "offspring of 1");
        let coarse = Bands { is_coarse: true, last: 1000 };
        let merged = |born| coarse.merged(OFFSPRING + bracket(born)) - OFFSPRING;
        assert_eq!([1, 2, 10, 11, 100, 101].map(merged), [0, 0, 0, 1, 1, 2]);
        assert_eq!(coarse.name(OFFSPRING + 1), "offspring of 11–100");
    }
}
