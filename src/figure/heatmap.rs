//! A metric at one generation over two swept paths: a panel for each of what else differs, a tile per
//! cell, and colours from dark to light along a bar.

use std::collections::HashMap;

use super::chart::Point;
use super::font;
use super::frame::{AXIS_ROOM, Area, MARGIN, TEXT_EM, heading, name_across, name_panel};
use super::key::{Key, Sample};
use super::labels::choose;
use super::mark::{Page, Side};
use super::palette::{AXIS, FAINT_INK, GRID, INK, ink_on, ramp};
use super::panels::{columns, divide};
use super::reading::Seen;
use super::render::WIDTH;
use super::results::Results;
use super::scale::Axis;
use super::tick::short;
use super::{Drawing, FigureError};
use crate::archive::picture::Heatmap;

const MOST_PANELS: usize = 6;
const BAR: f64 = 14.0;
const TILE_EM: f64 = 10.5;

/// What is shown, where it is known to be there.
struct Asked {
    places: Vec<usize>,
    x: usize,
    y: usize,
    generation: u32,
}

pub(super) fn page(
    results: &Results,
    spec: &Heatmap,
    title: &str,
) -> Result<Result<Drawing, String>, FigureError> {
    let asked = match asked(results, spec) {
        Ok(asked) => asked,
        Err(lack) => return Ok(Err(lack)),
    };
    let (points, rows) = match &spec.worth {
        Some(worth) => {
            let seen = Seen::new(results, &spec.metric, spec.statistic);
            let at = |place: &usize| (*place, results.cells.number(*place, asked.x).unwrap_or(0.0));
            let places: Vec<(usize, f64)> = asked.places.iter().map(at).collect();
            let points = seen.worths(&places, worth, asked.generation)?;
            // No other table has them.
            let row = |place| {
                let name = results.cells.name_without(place, &[asked.x]);
                points.get(&place).map(|point| point.row(&name))
            };
            let rows = asked.places.iter().filter_map(|place| row(*place)).collect();
            (points, rows)
        }
        None => {
            let rows = results.at(&spec.metric, asked.generation).into_iter();
            let point = |row| Point::of(row, 0.0, spec.statistic);
            (rows.map(|(place, row)| (place, point(row))).collect(), Vec::new())
        }
    };
    Ok(draw(results, spec, title, &asked, &points).map(|page| (page, rows)))
}

fn asked(results: &Results, spec: &Heatmap) -> Result<Asked, String> {
    let places = results.cells.shown(&spec.arms, spec.worth.as_ref())?;
    let (x, y) = axes(results, spec)?;
    let generation = results.generation_of(&spec.metric, spec.generation)?;
    Ok(Asked { places, x, y, generation })
}

fn draw(
    results: &Results,
    spec: &Heatmap,
    title: &str,
    &Asked { ref places, x, y, generation }: &Asked,
    points: &HashMap<usize, Point>,
) -> Result<Page, String> {
    let cells = &results.cells;
    let value = |place: usize| {
        let point = points.get(&place)?;
        Some((point.value?, point.is_survival))
    };
    let all: Vec<f64> = places.iter().filter_map(|place| value(*place)).map(|(v, _)| v).collect();
    if all.is_empty() {
        return Err(format!("values of `{}` at generation {generation}", spec.metric));
    }
    let groups = cells.groups(places, &[x, y]);
    let shown = choose(groups.len(), MOST_PANELS);
    let left_out = (shown.len() < groups.len()).then_some((shown.len(), groups.len()));
    let caption = caption(results, spec, generation, left_out);
    let mut tiles = Tiles {
        results,
        x,
        y,
        colours: Axis::of_values(&all, &[], &[], None),
        lacks: false,
        lives: false,
    };
    let panel_columns = columns(shown.len());
    let page_rows = shown.len().div_ceil(panel_columns);
    let mut page = Page::of_height(if page_rows > 1 { 760.0 } else { 560.0 });
    let top = heading(&mut page, title, &caption) + 32.0;
    let area = tiles.area(top, page.height);
    let up = format!("↑ {}", cells.axes[y].name);
    page.text((MARGIN, top - 26.0), &up, (12.0, false, INK), Side::Left);
    let panels = divide(area, shown.len(), panel_columns, (18.0, AXIS_ROOM));
    for (panel, index) in panels.iter().zip(&shown) {
        let (name, places) = &groups[*index];
        if groups.len() > 1 {
            name_panel(&mut page, panel.area, name);
        }
        tiles.draw(&mut page, panel.area, places, value);
        tiles.texts(&mut page, panel.area, (panel.is_lowest, panel.is_leftmost));
    }
    name_across(&mut page, area, &cells.axes[x].name);
    draw_bar(&mut page, area, &tiles.colours);
    tiles.key().draw(&mut page, area.left);
    Ok(page)
}

fn caption(results: &Results, spec: &Heatmap, t: u32, some: Option<(usize, usize)>) -> String {
    let rows = results.at(&spec.metric, t);
    let trials = rows.values().map(|row| row.trials).max().unwrap_or(0);
    let (metric, statistic) = (&spec.metric, spec.statistic.name());
    let of_all = some.map(|(shown, all)| format!(", {shown} of {all} panels")).unwrap_or_default();
    let worth = spec.worth.as_ref().map(|worth| format!(": {}", worth.name())).unwrap_or_default();
    format!("{metric} at generation {t}, {statistic} of {trials} trials{worth}{of_all}")
}

/// The two swept paths: those named, and the first ones of the others.
fn axes(results: &Results, spec: &Heatmap) -> Result<(usize, usize), String> {
    let find = |path: &Option<String>| match path {
        Some(path) => results.cells.axis(path).map(Some).ok_or_else(|| results.no_axis(path)),
        None => Ok(None),
    };
    let (x, y) = (find(&spec.x)?, find(&spec.y)?);
    let axes = &results.cells.axes;
    let mut others = (0..axes.len())
        .filter(|axis| axes[*axis].values.len() > 1 && Some(*axis) != x && Some(*axis) != y);
    let mut or_other = |axis: Option<usize>| {
        axis.or_else(|| others.next()).ok_or("two swept paths in cells.csv".to_owned())
    };
    Ok((or_other(x)?, or_other(y)?))
}

struct Tiles<'a> {
    results: &'a Results,
    x: usize,
    y: usize,
    colours: Axis,
    /// Whether a tile has no value, and whether one speaks of survivors.
    lacks: bool,
    lives: bool,
}

impl Tiles<'_> {
    /// Where panels may lie on a page of this height.
    fn area(&self, top: f64, height: f64) -> Area {
        Area {
            left: MARGIN + self.room_for_y(),
            right: WIDTH - MARGIN - bar_room(&self.colours),
            top,
            bottom: height - 26.0 - 52.0,
        }
    }

    fn draw(
        &mut self,
        page: &mut Page,
        area: Area,
        places: &[usize],
        value: impl Fn(usize) -> Option<(f64, bool)>,
    ) {
        let cells = &self.results.cells;
        let (columns, rows) = (&cells.axes[self.x].values, &cells.axes[self.y].values);
        let at = |place: &usize| (cells.value(*place, self.x), cells.value(*place, self.y));
        let by_value: HashMap<(&str, &str), usize> =
            places.iter().map(|place| (at(place), *place)).collect();
        let (width, height) =
            (area.width() / columns.len() as f64, area.height() / rows.len() as f64);
        for (column, x) in columns.iter().enumerate() {
            for (row, y) in rows.iter().enumerate() {
                let left = area.left + column as f64 * width;
                let bottom = area.bottom - row as f64 * height;
                let tile = Area { left, right: left + width, top: bottom - height, bottom };
                let place = by_value.get(&(x.as_str(), y.as_str()));
                match place.and_then(|place| value(*place)) {
                    Some(value) => self.tile(page, tile, value),
                    None => {
                        self.lacks = true;
                        hatch(page, tile);
                    }
                }
            }
        }
    }

    fn tile(&mut self, page: &mut Page, tile: Area, (value, is_survival): (f64, bool)) {
        let colour = ramp(self.colours.place(value));
        page.area(tile.corners(), colour, 1.0);
        self.lives |= is_survival;
        let text = format!("{}{}", short(value), if is_survival { "*" } else { "" });
        let middle = (tile.left.midpoint(tile.right), tile.top.midpoint(tile.bottom));
        let style = (TILE_EM, false, ink_on(colour));
        if font::width(&text, TILE_EM, false) + 4.0 <= tile.width() && tile.height() >= 13.0 {
            page.text((middle.0, middle.1 + 0.36 * TILE_EM), &text, style, Side::Centre);
        } else if is_survival && tile.width() > 7.0 && tile.height() > 7.0 {
            page.disc(middle, 1.8, ink_on(colour));
        }
    }

    /// The values of both axes, each where it does not touch the one before.
    fn texts(&self, page: &mut Page, area: Area, shows: (bool, bool)) {
        let style = (TEXT_EM, false, FAINT_INK);
        let columns = self.names(self.x);
        let mut end = f64::NEG_INFINITY;
        for (index, name) in columns.iter().enumerate().filter(|_| shows.0) {
            let x = area.left + (index as f64 + 0.5) * area.width() / columns.len() as f64;
            let half = font::width(name, TEXT_EM, false) / 2.0;
            if x - half > end + 4.0 {
                page.text((x, area.bottom + 17.0), name, style, Side::Centre);
                end = x + half;
            }
        }
        let rows = self.names(self.y);
        let mut last = f64::INFINITY;
        for (index, name) in rows.iter().enumerate().filter(|_| shows.1) {
            let y = area.bottom - (index as f64 + 0.5) * area.height() / rows.len() as f64;
            if last - y >= TEXT_EM + 1.0 {
                let place = (area.left - 8.0, y + 0.36 * TEXT_EM);
                page.text(place, name, style, Side::Right);
                last = y;
            }
        }
    }

    fn names(&self, axis: usize) -> Vec<String> {
        let swept = &self.results.cells.axes[axis];
        let name = |value: &String| match value.parse().ok().filter(|_| swept.is_numeric) {
            Some(number) => short(number),
            None => font::fit(value, TEXT_EM, false, 130.0),
        };
        swept.values.iter().map(name).collect()
    }

    fn room_for_y(&self) -> f64 {
        let names = self.names(self.y);
        names.iter().map(|name| font::width(name, TEXT_EM, false)).fold(12.0, f64::max) + 9.0
    }

    fn key(&self) -> Key {
        let mut entries = Vec::new();
        if self.lacks {
            entries.push((Sample::Fill(GRID), "no value".into()));
        }
        if self.lives {
            entries.push((Sample::Nothing, "* or a dot: survivors only".into()));
        }
        Key::new(entries)
    }
}

/// A tile without a value.
pub(super) fn hatch(page: &mut Page, tile: Area) {
    page.area(tile.corners(), GRID, 1.0);
    let (width, height) = (tile.width(), tile.height());
    let mut along = 7.0;
    while along < width + height {
        let (x, y) = (f64::min(along, width), f64::min(along, height));
        let from = (tile.left + x, tile.bottom - (along - x));
        let to = (tile.left + (along - y), tile.bottom - y);
        page.line(&[from, to], 0.7, AXIS);
        along += 7.0;
    }
}

fn bar_room(axis: &Axis) -> f64 {
    super::frame::tick_room(axis) + BAR + 16.0
}

/// The colours and their values, at the right of an area.
fn draw_bar(page: &mut Page, area: Area, axis: &Axis) {
    const STEPS: u32 = 64;
    let (left, right) = (area.right + 16.0, area.right + 16.0 + BAR);
    let height = |share: f64| area.bottom - share * area.height();
    for step in 0..STEPS {
        let share = |step: u32| f64::from(step) / f64::from(STEPS);
        let piece = Area { left, right, top: height(share(step + 1)), bottom: height(share(step)) };
        page.area(piece.corners(), ramp(f64::from(step) / f64::from(STEPS - 1)), 1.0);
    }
    for tick in &axis.ticks {
        let y = height(axis.place(tick.value));
        page.line(&[(right, y), (right + 4.0, y)], 1.0, AXIS);
        let place = (right + 7.0, y + 0.36 * TEXT_EM);
        page.text(place, &tick.text, (TEXT_EM, false, FAINT_INK), Side::Left);
    }
}
