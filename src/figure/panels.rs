//! Several rectangles of one picture, in rows.

use super::frame::Area;

/// One of them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Panel {
    pub area: Area,
    pub is_leftmost: bool,
    /// Whether no panel lies below.
    pub is_lowest: bool,
}

/// How many panels stand side by side where `count` are to be seen at a similar width and height.
pub(super) fn columns(count: usize) -> usize {
    match count {
        0..=3 => count.max(1),
        4 => 2,
        5..=9 => 3,
        _ => 4,
    }
}

/// Divides an area among `count` panels, with `gap` (across, down) between them.
pub(super) fn divide(area: Area, count: usize, columns: usize, gap: (f64, f64)) -> Vec<Panel> {
    let columns = columns.max(1);
    let rows = count.div_ceil(columns).max(1);
    let width = (area.width() - gap.0 * (columns - 1) as f64) / columns as f64;
    let height = (area.height() - gap.1 * (rows - 1) as f64) / rows as f64;
    let panel = |index: usize| {
        let (row, column) = (index / columns, index % columns);
        let left = area.left + column as f64 * (width + gap.0);
        let top = area.top + row as f64 * (height + gap.1);
        Panel {
            area: Area { left, right: left + width, top, bottom: top + height },
            is_leftmost: column == 0,
            is_lowest: index + columns >= count,
        }
    };
    (0..count).map(panel).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn panels_fill_their_area_and_know_their_neighbours() {
        let area = Area { left: 0.0, right: 100.0, top: 0.0, bottom: 50.0 };
        let panels = divide(area, 5, 3, (5.0, 10.0));
        assert_eq!(panels[4].area, Area { left: 35.0, right: 65.0, top: 30.0, bottom: 50.0 });
        let lowest: Vec<bool> = panels.iter().map(|panel| panel.is_lowest).collect();
        assert_eq!(lowest, [false, false, true, true, true]);
        assert!(panels[3].is_leftmost && !panels[4].is_leftmost);
        assert!(divide(area, 0, 0, (1.0, 1.0)).is_empty());
    }
}
