//! Colours that stay apart for colour-blind readers.
//!
//! Up to seven arms have the palette of Okabe & Ito ("Color Universal Design", 2008) without its
//! black, which is for text, and with its yellow darkened, which white paper swallows. More arms are
//! mostly a sweep, and run through a ramp of rising lightness (anchors after viridis).

use plotters::style::RGBColor;

pub(super) const INK: RGBColor = RGBColor(40, 40, 40);
pub(super) const FAINT_INK: RGBColor = RGBColor(105, 105, 105);
pub(super) const GRID: RGBColor = RGBColor(232, 232, 232);
pub(super) const AXIS: RGBColor = RGBColor(150, 150, 150);
pub(super) const WORLD: RGBColor = RGBColor(125, 125, 125);

const OKABE_ITO: [RGBColor; 7] = [
    RGBColor(0, 114, 178),
    RGBColor(213, 94, 0),
    RGBColor(0, 158, 115),
    RGBColor(204, 121, 167),
    RGBColor(86, 180, 233),
    RGBColor(230, 159, 0),
    RGBColor(176, 164, 20),
];

const RAMP: [RGBColor; 6] = [
    RGBColor(68, 1, 84),
    RGBColor(64, 67, 135),
    RGBColor(41, 120, 142),
    RGBColor(34, 167, 132),
    RGBColor(121, 190, 70),
    RGBColor(214, 190, 30),
];

/// The colour of the arm at `index` among `count`.
pub(super) fn colour(index: usize, count: usize) -> RGBColor {
    if count <= OKABE_ITO.len() {
        return OKABE_ITO[index % OKABE_ITO.len()];
    }
    ramp(index as f64 / (count - 1) as f64)
}

/// The colour at a share of the ramp, from dark to light.
pub(super) fn ramp(share: f64) -> RGBColor {
    let position = share.clamp(0.0, 1.0) * (RAMP.len() - 1) as f64;
    let below = (position as usize).min(RAMP.len() - 2);
    mix(RAMP[below], RAMP[below + 1], position - below as f64)
}

/// Ink that is read on a colour: black on light ones, white on dark ones.
pub(super) fn ink_on(RGBColor(red, green, blue): RGBColor) -> RGBColor {
    let light = 0.299 * f64::from(red) + 0.587 * f64::from(green) + 0.114 * f64::from(blue);
    if light > 115.0 { INK } else { RGBColor(255, 255, 255) }
}

/// The colour nearer to white, opaque so that overlapping pieces of a line do not add up.
pub(super) fn lighter(colour: RGBColor, share: f64) -> RGBColor {
    mix(colour, RGBColor(255, 255, 255), share)
}

pub(super) fn darker(colour: RGBColor, share: f64) -> RGBColor {
    mix(colour, RGBColor(0, 0, 0), share)
}

pub(super) fn mix(from: RGBColor, to: RGBColor, share: f64) -> RGBColor {
    let blend = |from: u8, to: u8| {
        (f64::from(from) + share.clamp(0.0, 1.0) * (f64::from(to) - f64::from(from))).round() as u8
    };
    RGBColor(blend(from.0, to.0), blend(from.1, to.1), blend(from.2, to.2))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_arms_of_a_figure_share_a_colour() {
        for count in 1..30 {
            let colours: std::collections::BTreeSet<_> = (0..count)
                .map(|index| colour(index, count))
                .map(|RGBColor(red, green, blue)| (red, green, blue))
                .collect();
            assert_eq!(colours.len(), count);
        }
    }
}
