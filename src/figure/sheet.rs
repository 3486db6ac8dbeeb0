//! Charts on a page: one with names at the ends of its lines, or panels with a common key.

use super::chart::Chart;
use super::frame::{
    AXIS_ROOM, Area, Frame, MARGIN, gap_across, heading, name_across, name_panel, tick_room,
};
use super::key::{Key, Sample};
use super::mark::Page;
use super::panels::{columns, divide};
use super::render::WIDTH;
use super::{artist, ends, legend};
use crate::archive::table::Drawn;

/// What is drawn.
pub(super) enum Sheet {
    One(Chart),
    Panels(Facets),
}

/// Charts side by side, whose lines are told apart by the colours of a ramp.
pub(super) struct Facets {
    pub panels: Vec<(String, Chart)>,
    /// What the ramp stands for.
    pub ramp: String,
    /// How many panels had no room.
    pub left_out: usize,
}

impl Sheet {
    pub fn charts(&self) -> impl Iterator<Item = &Chart> {
        let (one, panels): (_, &[(String, Chart)]) = match self {
            Self::One(chart) => (Some(chart), &[]),
            Self::Panels(facets) => (None, &facets.panels),
        };
        one.into_iter().chain(panels.iter().map(|(_, chart)| chart))
    }

    /// The numbers of its charts that no other table has.
    pub fn rows(&self) -> Vec<Drawn> {
        self.charts().filter(|chart| chart.is_source).flat_map(Chart::rows).collect()
    }

    pub fn page(&self, title: &str) -> Page {
        match self {
            Self::One(chart) => one(chart, title),
            Self::Panels(facets) => facets.page(title),
        }
    }
}

fn one(chart: &Chart, title: &str) -> Page {
    let mut page = Page::default();
    let key = Key::new(legend::entries(&[chart]));
    let top = heading(&mut page, title, &chart.caption);
    let y = Chart::value_axis([chart]);
    let area = Area {
        left: MARGIN + tick_room(&y),
        right: WIDTH - MARGIN - ends::room(chart),
        top,
        bottom: page.height - key.height() - 52.0,
    };
    let frame = Frame::new(area, chart.x.clone(), y);
    frame.draw(&mut page, (true, true));
    name_across(&mut page, area, &chart.across);
    artist::draw(&mut page, &frame, chart);
    ends::label(&mut page, &frame, chart);
    key.draw(&mut page, frame.left);
    page
}

impl Facets {
    fn page(&self, title: &str) -> Page {
        let columns = columns(self.panels.len());
        let rows = self.panels.len().div_ceil(columns);
        let mut page = Page::of_height(240.0 + 190.0 * rows as f64);
        let charts: Vec<&Chart> = self.panels.iter().map(|(_, chart)| chart).collect();
        let mut entries = vec![(Sample::Ramp, self.ramp.clone())];
        entries.extend(legend::entries(&charts));
        if charts.iter().any(|chart| !chart.worlds.is_empty() && chart.shows_worlds()) {
            entries.retain(|(sample, _)| *sample != Sample::Worlds);
            entries.push((Sample::Worlds, "world".into()));
        }
        let key = Key::new(entries);
        let caption = charts.first().map_or("", |chart| &chart.caption);
        let caption = match self.left_out {
            0 => caption.to_owned(),
            more => format!("{caption}, {} of {} panels", charts.len(), charts.len() + more),
        };
        let top = heading(&mut page, title, &caption) + 14.0;
        let y = Chart::value_axis(charts.iter().copied());
        let area = Area {
            left: MARGIN + tick_room(&y),
            right: WIDTH - MARGIN - 8.0,
            top,
            bottom: page.height - key.height() - 52.0,
        };
        let gap = charts.first().map_or(0.0, |chart| gap_across(&chart.x));
        let panels = divide(area, self.panels.len(), columns, (gap, AXIS_ROOM));
        for (panel, (name, chart)) in panels.into_iter().zip(&self.panels) {
            let frame = Frame::new(panel.area, chart.x.clone(), y.clone());
            frame.draw(&mut page, (panel.is_lowest, panel.is_leftmost));
            name_panel(&mut page, panel.area, name);
            artist::draw(&mut page, &frame, chart);
        }
        if let Some(chart) = charts.first() {
            name_across(&mut page, area, &chart.across);
        }
        key.draw(&mut page, area.left);
        page
    }
}
