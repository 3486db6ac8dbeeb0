//! Kept samples themselves: a row per cell, a column per generation, on common axes. Points are
//! scattered, points on a line are counted in bins, images are images, and of tokens the frequency
//! of types is shown by their rank.

mod image;
mod ranks;

use plotters::style::RGBColor;

use super::FigureError;
use super::frame::{Area, Frame, MARGIN, TEXT_EM, heading, name_panel, tick_room};
use super::kept::{self, Collection, Kept, Nature};
use super::key::{Key, Sample};
use super::labels::choose;
use super::mark::{Page, Side};
use super::palette::{FAINT_INK, WORLD, lighter};
use super::render::WIDTH;
use super::results::Results;
use super::scale::Axis;
use crate::archive::picture::Gallery;

const MOST_CELLS: usize = 4;
const MOST_GENERATIONS: usize = 5;
const BINS: usize = 30;
const GAP: f64 = 14.0;

pub(super) fn page(
    results: &Results,
    spec: &Gallery,
    title: &str,
) -> Result<Result<Page, String>, FigureError> {
    let mut collection = match kept::read(results, spec.arms.as_deref(), MOST_CELLS)? {
        Ok(collection) => collection,
        Err(lack) => return Ok(Err(lack)),
    };
    for (_, kept) in &mut collection.cells {
        match &spec.generations {
            Some(asked) => kept.retain(|kept| asked.contains(&kept.generation)),
            None => {
                let shown = choose(kept.len(), MOST_GENERATIONS);
                let mut index = 0..;
                kept.retain(|_| index.next().is_some_and(|index| shown.contains(&index)));
            }
        }
    }
    collection.cells.retain(|(_, kept)| !kept.is_empty());
    let Some(first) = collection.cells.first().and_then(|(_, kept)| kept.first()) else {
        return Ok(Err("kept samples of the generations that it names".into()));
    };
    let nature = first.nature();
    let all = || collection.cells.iter().flat_map(|(_, kept)| kept);
    if all().any(|kept| kept.nature() != nature) {
        return Ok(Err("kept samples that are all of one kind (choose its `arms`)".into()));
    }
    let wall = Wall { results, all: &collection, spec };
    Ok(match nature {
        Nature::Tokens => Ok(ranks::page(results, &collection, title)),
        Nature::Image { height, width } => Ok(wall.images(title, (height, width))),
        Nature::Points { dimension: 1 } => Ok(wall.bins(title)),
        Nature::Points { .. } => wall.scatter(title),
    })
}

/// Panels in rows of cells and columns of generations.
struct Wall<'a> {
    results: &'a Results,
    all: &'a Collection,
    spec: &'a Gallery,
}

/// What one panel is about.
struct Pane<'a> {
    area: Area,
    kept: &'a Kept,
    colour: RGBColor,
    is_leftmost: bool,
    is_lowest: bool,
}

impl Wall<'_> {
    fn scatter(&self, title: &str) -> Result<Page, String> {
        let [x, y] = self.spec.coordinates.map(|number| number.get());
        let pairs: Vec<(f64, f64)> = self.kept().flat_map(|kept| kept.pairs(x, y)).collect();
        if pairs.is_empty() {
            return Err(format!("coordinates {x} and {y} of its kept samples"));
        }
        let axis = |values: Vec<f64>| {
            let (low, high) = kept::range(values);
            Axis::between(low, high)
        };
        let axes = (
            axis(pairs.iter().map(|pair| pair.0).collect()),
            axis(pairs.iter().map(|pair| pair.1).collect()),
        );
        let ((left, right), (low, high)) = (axes.0.ends(), axes.1.ends());
        let most = self.spec.samples.map_or(500, |samples| samples.get());
        let is_inside =
            |pair: &(f64, f64)| (left..=right).contains(&pair.0) && (low..=high).contains(&pair.1);
        let outside = pairs.iter().filter(|pair| !is_inside(pair)).count();
        let mut remark = format!("coordinate {x} across, coordinate {y} up");
        if outside > 0 {
            remark += &format!("; {outside} of {} samples lie beyond the axes", pairs.len());
        }
        Ok(self.page(title, &axes, (0.8, &remark), |page, frame, pane| {
            for pair in pane.kept.pairs(x, y).iter().take(most).filter(|pair| is_inside(pair)) {
                page.disc(frame.place(pair.0, pair.1), 1.3, pane.colour);
            }
        }))
    }

    fn bins(&self, title: &str) -> Page {
        let (low, high) = kept::range(self.kept().flat_map(|kept| kept.coordinate(1)).collect());
        let x = Axis::between(low, high);
        let (low, high) = x.ends();
        let count = |kept: &Kept| -> Vec<f64> {
            let values = kept.coordinate(1);
            let mut bins = vec![0.0; BINS];
            for value in &values {
                let bin = ((value - low) / (high - low) * BINS as f64).floor();
                if (0.0..BINS as f64).contains(&bin) {
                    bins[bin as usize] += 1.0 / values.len() as f64;
                }
            }
            bins
        };
        let highest = self.kept().flat_map(count).fold(0.0, f64::max);
        let y = Axis::of_values(&[0.0, highest], &[], &[], Some(false));
        let edge = |bin: usize| low + (high - low) * bin as f64 / BINS as f64;
        let remark = "share of the samples in each of 30 bins";
        self.page(title, &(x, y), (0.8, remark), |page, frame, pane| {
            for (bin, share) in count(pane.kept).into_iter().enumerate().filter(|(_, s)| *s > 0.0) {
                let ((left, top), right) =
                    (frame.place(edge(bin), share), frame.across(edge(bin + 1)));
                let bar = Area { left, right, top, bottom: frame.bottom };
                page.area(bar.corners(), lighter(pane.colour, 0.25), 1.0);
            }
        })
    }

    fn images(&self, title: &str, shape: (usize, usize)) -> Page {
        let panels = self.kept().count();
        let side = image::side(shape, panels, self.spec.samples.map(|samples| samples.get()));
        let contrast = image::Contrast::of(self.kept());
        let ratio = shape.0 as f64 / shape.1 as f64;
        let unit = Axis::of_shares();
        let remark = "samples as images; dark is high";
        self.page(title, &(unit.clone(), unit), (-ratio, remark), |page, _, pane| {
            image::draw(page, pane.area, (shape, side), pane.kept, &contrast);
        })
    }

    fn kept(&self) -> impl Iterator<Item = &Kept> {
        self.all.cells.iter().flat_map(|(_, kept)| kept)
    }

    /// Panels of a height over width `ratio`; a negative one stands for panels without axes.
    fn page(
        &self,
        title: &str,
        (x, y): &(Axis, Axis),
        (ratio, remark): (f64, &str),
        draw: impl Fn(&mut Page, &Frame, &Pane<'_>),
    ) -> Page {
        let cells = &self.all.cells;
        let columns = cells.iter().map(|(_, kept)| kept.len()).max().unwrap_or(1);
        let has_axes = ratio > 0.0;
        let left = MARGIN + if has_axes { tick_room(y) } else { 0.0 };
        let room = WIDTH - MARGIN - 8.0 - left - GAP * (columns - 1) as f64;
        let width = (room / columns as f64).min(260.0);
        let height = width * ratio.abs();
        let row = height + if cells.len() > 1 { 52.0 } else { 28.0 };
        let mut page = Page::of_height(190.0 + row * cells.len() as f64 + 40.0);
        let mut caption = "samples of trial 0".to_owned();
        if cells.len() < self.all.of {
            caption += &format!(", {} of {} cells", cells.len(), self.all.of);
        }
        let mut top = heading(&mut page, title, &caption) + 14.0;
        let places: Vec<usize> = cells.iter().map(|(place, _)| *place).collect();
        for (index, ((place, kept), colour)) in
            cells.iter().zip(self.results.cells.colours(&places)).enumerate()
        {
            if cells.len() > 1 {
                let whole = Area { left, right: WIDTH - MARGIN, top: top + 8.0, bottom: top };
                name_panel(&mut page, whole, &self.results.cells.name(*place));
                top += 22.0;
            }
            for (column, kept) in kept.iter().enumerate() {
                let start = left + column as f64 * (width + GAP);
                let area = Area { left: start, right: start + width, top, bottom: top + height };
                let colour = if kept.generation == 0 { WORLD } else { colour };
                let is_lowest = index + 1 == cells.len();
                let pane = Pane { area, kept, colour, is_leftmost: column == 0, is_lowest };
                let name = kept.name();
                page.text((start, top - 5.0), &name, (TEXT_EM, false, FAINT_INK), Side::Left);
                let frame = Frame::new(area, x.clone(), y.clone());
                if has_axes {
                    frame.draw(&mut page, (pane.is_lowest, pane.is_leftmost));
                }
                draw(&mut page, &frame, &pane);
            }
            top += row - if cells.len() > 1 { 22.0 } else { 0.0 };
        }
        page.height = top + 36.0;
        Key::new(vec![(Sample::Nothing, remark.into())]).draw(&mut page, left);
        page
    }
}
