//! A page as SVG and as PNG: the same marks at the same places.
//!
//! Both are drawn enlarged, because plotters knows whole pixels only: the SVG is shown at its size
//! through its view box, and the PNG is averaged down, which smooths every edge alike.

use std::fs;
use std::path::{Path, PathBuf};

use plotters::backend::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::coord::Shift;
use plotters::drawing::{DrawingArea, IntoDrawingArea};
use plotters::element::{Circle, PathElement, Polygon, Text};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, RGBColor, TextStyle, WHITE};

use super::mark::{Mark, Page, Place, Side};
use super::{FigureError, font};

pub(super) const WIDTH: f64 = 900.0;
pub(super) const HEIGHT: f64 = 560.0;

/// How much larger than the page a backend draws, and what it does with lines and letters.
struct Scale {
    factor: f64,
    /// What plotters must be told for an em of 1, and how far below its top the baseline then is.
    size_of_em: f64,
    baseline: f64,
    has_joins: bool,
}

const SVG: Scale = Scale { factor: 4.0, size_of_em: 1.24, baseline: 0.76, has_joins: true };
const PNG: Scale = Scale {
    factor: 4.0,
    size_of_em: font::LINE_OVER_EM,
    baseline: font::LINE_OVER_EM / 2.0,
    has_joins: false,
};

/// Pixels of the enlarged picture that become one pixel of the PNG, along each side.
const AVERAGED: usize = 2;

/// Draws a page both ways into a folder, and says where.
pub(super) fn both(page: &Page, folder: &Path, name: &str) -> Result<[PathBuf; 2], FigureError> {
    let paths = ["svg", "png"].map(|kind| folder.join(format!("{name}.{kind}")));
    svg(page, &paths[0])?;
    png(page, &paths[1])?;
    Ok(paths)
}

pub(super) fn svg(page: &Page, path: &Path) -> Result<(), FigureError> {
    let mut text = String::new();
    let (width, height) = size(page, SVG.factor);
    draw(page, SVGBackend::with_string(&mut text, (width, height)), &SVG)?;
    let shown = format!("<svg width=\"{WIDTH}\" height=\"{}\"", page.height.round());
    let text = text.replacen(&format!("<svg width=\"{width}\" height=\"{height}\""), &shown, 1);
    // Verdana has the widths of DejaVu Sans, for readers who do not have the latter.
    let family = "font-family=\"DejaVu Sans, Verdana, sans-serif\"";
    let text = text.replace("font-family=\"sans-serif\"", family);
    let text = text.replace("<polyline fill", "<polyline stroke-linejoin=\"round\" fill");
    fs::write(path, text).map_err(|error| FigureError::drawing(path, error))
}

pub(super) fn png(page: &Page, path: &Path) -> Result<(), FigureError> {
    let (width, height) = size(page, PNG.factor);
    let mut large = vec![0; (width * height * 3) as usize];
    draw(page, BitMapBackend::with_buffer(&mut large, (width, height)), &PNG)?;
    let small = average(&large, width as usize, height as usize);
    let size = (width / AVERAGED as u32, height / AVERAGED as u32);
    let mut file = BitMapBackend::new(path, size);
    file.blit_bitmap((0, 0), size, &small).map_err(|error| FigureError::drawing(path, error))?;
    file.present().map_err(|error| FigureError::drawing(path, error))
}

fn size(page: &Page, factor: f64) -> (u32, u32) {
    ((WIDTH * factor) as u32, (page.height.round() * factor) as u32)
}

fn average(large: &[u8], width: usize, height: usize) -> Vec<u8> {
    let mut small = Vec::with_capacity(large.len() / (AVERAGED * AVERAGED));
    for y in 0..height / AVERAGED {
        for x in 0..width / AVERAGED {
            for channel in 0..3 {
                let mut sum = 0;
                for row in y * AVERAGED..(y + 1) * AVERAGED {
                    for column in x * AVERAGED..(x + 1) * AVERAGED {
                        sum += usize::from(large[(row * width + column) * 3 + channel]);
                    }
                }
                small.push((sum / (AVERAGED * AVERAGED)) as u8);
            }
        }
    }
    small
}

fn draw<DB: DrawingBackend>(page: &Page, backend: DB, scale: &Scale) -> Result<(), FigureError> {
    let area = backend.into_drawing_area();
    let mut pen = Pen { area: &area, scale };
    let drawn =
        area.fill(&WHITE).and_then(|()| page.marks.iter().try_for_each(|mark| pen.draw(mark)));
    drawn.and_then(|()| area.present()).map_err(|error| FigureError::Backend(error.to_string()))
}

type Drawn<DB> =
    Result<(), plotters::drawing::DrawingAreaErrorKind<<DB as DrawingBackend>::ErrorType>>;

struct Pen<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    scale: &'a Scale,
}

impl<DB: DrawingBackend> Pen<'_, DB> {
    fn draw(&mut self, mark: &Mark) -> Drawn<DB> {
        match mark {
            Mark::Line { places, width, colour } => self.line(places, *width, colour),
            Mark::Area { places, colour, opacity } => {
                let places: Vec<_> = places.iter().map(|place| self.pixel(*place)).collect();
                self.area.draw(&Polygon::new(places, colour.mix(*opacity).filled()))
            }
            Mark::Disc { centre, radius, colour } => self.disc(*centre, *radius, colour),
            Mark::Text { baseline, text, em, is_bold, side, colour } => {
                let size = em * self.scale.factor * self.scale.size_of_em;
                let anchor = match side {
                    Side::Left => HPos::Left,
                    Side::Centre => HPos::Center,
                    Side::Right => HPos::Right,
                };
                let style = TextStyle::from(font::describe(size, *is_bold)).color(colour);
                let style = style.pos(Pos::new(anchor, VPos::Top));
                let top = baseline.1 - em * self.scale.baseline;
                self.area.draw(&Text::new(text.as_str(), self.pixel((baseline.0, top)), style))
            }
        }
    }

    /// The bitmap backend mitres sharp corners into spikes; straight pieces with round joins do not.
    fn line(&mut self, places: &[Place], width: f64, colour: &RGBColor) -> Drawn<DB> {
        if self.scale.has_joins {
            let stroke = (width * self.scale.factor).round().max(1.0) as u32;
            let places: Vec<_> = places.iter().map(|place| self.pixel(*place)).collect();
            return self.area.draw(&PathElement::new(places, colour.stroke_width(stroke)));
        }
        for pair in places.windows(2) {
            let length = (pair[1].0 - pair[0].0).hypot(pair[1].1 - pair[0].1);
            if length > 0.0 {
                let across = width / 2.0 / length;
                let (dx, dy) = ((pair[1].1 - pair[0].1) * across, (pair[0].0 - pair[1].0) * across);
                let corner = |(x, y): Place, side: f64| self.pixel((x + side * dx, y + side * dy));
                let (from, to) = (pair[0], pair[1]);
                let corners =
                    [corner(from, 1.0), corner(to, 1.0), corner(to, -1.0), corner(from, -1.0)];
                self.area.draw(&Polygon::new(corners, colour.filled()))?;
            }
        }
        let joins = places.get(1..places.len().saturating_sub(1)).unwrap_or_default();
        joins.iter().try_for_each(|join| self.disc(*join, width / 2.0, colour))
    }

    fn disc(&self, centre: Place, radius: f64, colour: &RGBColor) -> Drawn<DB> {
        let radius = (radius * self.scale.factor).round().max(1.0) as i32;
        self.area.draw(&Circle::new(self.pixel(centre), radius, colour.filled()))
    }

    fn pixel(&self, (x, y): Place) -> (i32, i32) {
        ((x * self.scale.factor).round() as i32, (y * self.scale.factor).round() as i32)
    }
}
