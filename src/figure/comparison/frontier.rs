//! Frontier: what an arm's loss is beside what it had spent, a panel per metric and a point per arm.

use super::super::font;
use super::super::frame::{
    AXIS_ROOM, Area, Frame, MARGIN, TEXT_EM, heading, name_across, name_panel, tick_room,
};
use super::super::key::{Key, Sample};
use super::super::mark::Page;
use super::super::palette::colour;
use super::super::panels::{columns, divide};
use super::super::render::WIDTH;
use super::super::scale::Axis;
use super::{MOST_PANELS, Subject, arms, groups, name, when};
use crate::archive::table::Outlay;

/// The width on which arms that spend alike stand.
const MOST_SHIFTED: f64 = 24.0;

/// The page; none where nobody knows what was spent.
pub(super) fn page(subject: &Subject<'_>) -> Option<Page> {
    let first = subject.frontier.first()?;
    let (mut panels, has_many) = groups(subject.frontier);
    let all = panels.len();
    panels.truncate(MOST_PANELS);
    let arms = arms(&panels);
    let entry =
        |(index, arm): (usize, &&str)| (Sample::Fill(colour(index, arms.len())), (*arm).to_owned());
    let key = Key::new(arms.iter().enumerate().map(entry).collect());
    let across = columns(panels.len()).min(3);
    let rows = panels.len().div_ceil(across);
    let mut page = Page::of_height(190.0 + 215.0 * rows as f64 + key.height());
    let when = when(first.generation, has_many);
    let mut caption =
        format!("median loss{when} with its 95 % interval, beside {} until then", said(first));
    if all > panels.len() {
        caption += &format!(", {} of {all} panels", panels.len());
    }
    let top = heading(&mut page, subject.title, &caption) + 14.0;
    let axes: Vec<Axis> = panels.iter().map(|panel| losses(panel)).collect();
    let room = axes.iter().map(tick_room).fold(0.0, f64::max);
    let area = Area {
        left: MARGIN,
        right: WIDTH - MARGIN - 8.0,
        top,
        bottom: page.height - key.height() - 52.0,
    };
    let spaces = divide(area, panels.len(), across, (18.0, AXIS_ROOM));
    for ((space, panel), y) in spaces.into_iter().zip(&panels).zip(axes) {
        let area = Area { left: space.area.left + room, ..space.area };
        draw(&mut page, panel, Frame::new(area, spendings(panel), y), &arms);
        name_panel(&mut page, Area { left: space.area.left, ..area }, &title(panel, has_many));
    }
    name_across(&mut page, area, &said(first));
    key.draw(&mut page, MARGIN);
    Some(page)
}

fn draw(page: &mut Page, panel: &[&Outlay], frame: Frame, arms: &[&str]) {
    frame.draw(page, (true, true));
    for row in panel {
        let index = arms.iter().position(|arm| *arm == row.arm).unwrap_or(0);
        let tint = colour(index, arms.len());
        // Arms that spend alike stand side by side, never far from where they belong.
        let alike: Vec<&&Outlay> = panel.iter().filter(|other| is_alike(other, row)).collect();
        let own = alike.iter().position(|other| other.arm == row.arm).unwrap_or(0) as f64;
        let others = alike.len() as f64 - 1.0;
        let shift = (own - others / 2.0) * f64::min(10.0, MOST_SHIFTED / others.max(1.0));
        let x = (frame.across(row.spent) + shift).clamp(frame.left + 5.0, frame.right - 5.0);
        if let (Some(low), Some(high)) = (row.low, row.high) {
            page.line(&[(x, frame.height(low)), (x, frame.height(high))], 1.6, tint);
        }
        match row.loss.is_finite() {
            true => page.disc((x, frame.height(row.loss)), 4.2, tint),
            false => page.arrow((x, frame.height(row.loss)), row.loss > 0.0, tint),
        }
    }
}

fn is_alike(one: &Outlay, other: &Outlay) -> bool {
    (one.spent - other.spent).abs() <= 0.02 * one.spent.abs().max(other.spent.abs())
}

fn losses(panel: &[&Outlay]) -> Axis {
    let ends = panel.iter().flat_map(|row| [row.low, row.high]).flatten();
    let lines: Vec<f64> =
        panel.iter().map(|row| row.loss).filter(|loss| loss.is_finite()).collect();
    let bands: Vec<f64> = ends.filter(|end| end.is_finite()).collect();
    Axis::of_values(&lines, &bands, &[], None)
}

fn spendings(panel: &[&Outlay]) -> Axis {
    let spent: Vec<f64> = panel.iter().map(|row| row.spent).collect();
    let (low, high) = spent.iter().fold((f64::MAX, 0.0_f64), |(l, h), s| (l.min(*s), h.max(*s)));
    match low > 0.0 && high >= 5.0 * low {
        true => Axis::of_swept(&[low / 1.5, high * 1.5], Some(true)).with_round_ticks(),
        false => Axis::between(0.0, high.max(1.0) * 1.1),
    }
}

fn title(panel: &[&Outlay], has_many: bool) -> String {
    font::fit(&name(panel, has_many), TEXT_EM, true, 250.0)
}

/// The budget in words.
fn said(row: &Outlay) -> String {
    match row.budget.as_str() {
        "seconds" => "seconds".into(),
        budget => budget.replace('-', " "),
    }
}
