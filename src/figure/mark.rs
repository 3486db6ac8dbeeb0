//! What a picture is made of, in units of its page: an order of drawing that any backend can follow.

use plotters::style::RGBColor;

use super::render::HEIGHT;

/// A place on the page; y grows downwards.
pub(super) type Place = (f64, f64);

#[derive(Clone, Debug, PartialEq)]
pub(super) enum Mark {
    Line { places: Vec<Place>, width: f64, colour: RGBColor },
    Area { places: Vec<Place>, colour: RGBColor, opacity: f64 },
    Disc { centre: Place, radius: f64, colour: RGBColor },
    Text { baseline: Place, text: String, em: f64, is_bold: bool, side: Side, colour: RGBColor },
}

/// Which point of a text lies at its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Side {
    Left,
    Centre,
    Right,
}

/// Marks in the order in which they are drawn.
pub(super) struct Page {
    pub marks: Vec<Mark>,
    pub height: f64,
}

impl Default for Page {
    fn default() -> Self {
        Self::of_height(HEIGHT)
    }
}

impl Page {
    pub fn of_height(height: f64) -> Self {
        Self { marks: Vec::new(), height }
    }

    pub fn line(&mut self, places: &[Place], width: f64, colour: RGBColor) {
        match places {
            [] => {}
            [centre] => self.disc(*centre, width * 1.6, colour),
            _ => self.marks.push(Mark::Line { places: thin(places), width, colour }),
        }
    }

    pub fn dashes(&mut self, places: &[Place], width: f64, colour: RGBColor) {
        for dash in cut(places, 7.0, 4.0) {
            self.marks.push(Mark::Line { places: dash, width, colour });
        }
    }

    pub fn dots(&mut self, places: &[Place], radius: f64, colour: RGBColor) {
        let starts = cut(places, 0.0, 5.5).into_iter().filter_map(|dot| dot.first().copied());
        for centre in starts.collect::<Vec<_>>() {
            self.disc(centre, radius, colour);
        }
    }

    pub fn area(&mut self, places: Vec<Place>, colour: RGBColor, opacity: f64) {
        if places.len() > 2 {
            self.marks.push(Mark::Area { places, colour, opacity });
        }
    }

    pub fn disc(&mut self, centre: Place, radius: f64, colour: RGBColor) {
        self.marks.push(Mark::Disc { centre, radius, colour });
    }

    /// An open marker: a ring on white, so that a line does not run through it.
    pub fn ring(&mut self, centre: Place, radius: f64, colour: RGBColor) {
        self.disc(centre, radius, colour);
        self.disc(centre, radius - 1.2, RGBColor(255, 255, 255));
    }

    /// An arrow head that points out of the picture: up, or down.
    pub fn arrow(&mut self, (x, y): Place, points_up: bool, colour: RGBColor) {
        let reach = if points_up { 8.0 } else { -8.0 };
        self.area(vec![(x - 4.5, y + reach), (x + 4.5, y + reach), (x, y)], colour, 1.0);
    }

    pub fn cross(&mut self, (x, y): Place, colour: RGBColor) {
        self.line(&[(x - 4.0, y - 4.0), (x + 4.0, y + 4.0)], 1.8, colour);
        self.line(&[(x - 4.0, y + 4.0), (x + 4.0, y - 4.0)], 1.8, colour);
    }

    pub fn text(&mut self, baseline: Place, text: &str, style: (f64, bool, RGBColor), side: Side) {
        let (em, is_bold, colour) = style;
        // What no font can show, and no SVG may hold.
        let text = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
        self.marks.push(Mark::Text { baseline, text, em, is_bold, side, colour });
    }
}

/// Leaves out places that no eye could tell from the one before; a long lineage has thousands.
fn thin(places: &[Place]) -> Vec<Place> {
    let mut kept: Vec<Place> = Vec::with_capacity(places.len().min(4096));
    for (index, &place) in places.iter().enumerate() {
        let is_near = kept.last().is_some_and(|last| distance(*last, place) < 0.3);
        if !is_near || index + 1 == places.len() {
            kept.push(place);
        }
    }
    kept
}

/// Cuts a line into pieces of length `on` with gaps of length `off`.
fn cut(places: &[Place], on: f64, off: f64) -> Vec<Vec<Place>> {
    let mut pieces = Vec::new();
    let (mut is_on, mut left) = (true, on);
    let mut piece: Vec<Place> = places.first().copied().into_iter().collect();
    for pair in places.windows(2) {
        let (mut from, to) = (pair[0], pair[1]);
        let mut rest = distance(from, to);
        while rest > left {
            let share = left / rest;
            from = (from.0 + share * (to.0 - from.0), from.1 + share * (to.1 - from.1));
            rest -= left;
            if is_on {
                piece.push(from);
                pieces.push(std::mem::take(&mut piece));
            } else {
                piece = vec![from];
            }
            is_on = !is_on;
            left = if is_on { on } else { off };
        }
        left -= rest;
        if is_on {
            piece.push(to);
        }
    }
    if is_on && !piece.is_empty() {
        pieces.push(piece);
    }
    pieces
}

fn distance(from: Place, to: Place) -> f64 {
    (to.0 - from.0).hypot(to.1 - from.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_cut_into_dashes_across_its_corners() {
        let dashes = cut(&[(0.0, 0.0), (10.0, 0.0), (10.0, 10.0)], 6.0, 2.0);
        assert_eq!(dashes[0], [(0.0, 0.0), (6.0, 0.0)]);
        assert_eq!(dashes[1], [(8.0, 0.0), (10.0, 0.0), (10.0, 4.0)]);
        assert_eq!(dashes[2], [(10.0, 6.0), (10.0, 10.0)]);
    }

    #[test]
    fn dots_lie_at_even_distances_also_where_the_line_stands_still() {
        let dots = cut(&[(0.0, 0.0), (0.0, 0.0), (11.0, 0.0)], 0.0, 5.5);
        let starts: Vec<f64> = dots.iter().map(|dot| dot[0].0).collect();
        assert_eq!(starts, [0.0, 5.5]);
    }

    #[test]
    fn a_long_line_is_thinned_and_keeps_its_ends() {
        let places: Vec<Place> = (0..10_000).map(|x| (f64::from(x) / 100.0, 0.0)).collect();
        let thinned = thin(&places);
        assert!(thinned.len() < 400);
        assert_eq!((thinned.first(), thinned.last()), (places.first(), places.last()));
    }
}
