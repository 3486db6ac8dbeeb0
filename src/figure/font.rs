//! DejaVu Sans, inside the program: text looks and measures the same on every machine.

use std::sync::OnceLock;

use plotters::style::{FontDesc, FontFamily, FontStyle, register_font};

use super::FigureError;

const FAMILY: &str = "sans-serif";

/// Height of a line of DejaVu Sans in units of its em, which is what plotters scales a glyph by.
pub(super) const LINE_OVER_EM: f64 = 1.164;

/// Makes the font known to plotters, once in the life of the program.
pub(super) fn register() -> Result<(), FigureError> {
    static DONE: OnceLock<bool> = OnceLock::new();
    let done = DONE.get_or_init(|| {
        let faces =
            [(FontStyle::Normal, dejavu::sans::regular()), (FontStyle::Bold, dejavu::sans::bold())];
        faces.into_iter().all(|(style, bytes)| register_font(FAMILY, style, bytes).is_ok())
    });
    if *done { Ok(()) } else { Err(FigureError::Font) }
}

pub(super) fn describe(size: f64, is_bold: bool) -> FontDesc<'static> {
    let style = if is_bold { FontStyle::Bold } else { FontStyle::Normal };
    FontDesc::new(FontFamily::SansSerif, size, style)
}

/// The width of a line of text whose em is `em`.
pub(super) fn width(text: &str, em: f64, is_bold: bool) -> f64 {
    // Measured large, because plotters rounds to whole pixels.
    const LARGE: f64 = 1000.0;
    let measured = describe(LARGE * LINE_OVER_EM, is_bold).layout_box(text);
    // A font that cannot be measured cannot be drawn either, and that error is told.
    measured.map_or(0.0, |(_, (right, _))| f64::from(right) / LARGE * em)
}

/// The text, or as much of its beginning as fits, with an ellipsis.
pub(super) fn fit(text: &str, em: f64, is_bold: bool, room: f64) -> String {
    if width(text, em, is_bold) <= room {
        return text.to_owned();
    }
    let mut kept = text.to_owned();
    while kept.pop().is_some() {
        let shortened = format!("{}…", kept.trim_end());
        if width(&shortened, em, is_bold) <= room {
            return shortened;
        }
    }
    "…".to_owned()
}

/// Breaks text at spaces into at most `most` lines; what does not fit ends in an ellipsis.
pub(super) fn wrap(text: &str, em: f64, is_bold: bool, room: f64, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let count = lines.len();
        if let Some(line) = lines.last_mut() {
            let longer = format!("{line} {word}");
            // The last line takes all that is left, and is cut below.
            if count == most || width(&longer, em, is_bold) <= room {
                *line = longer;
                continue;
            }
        }
        lines.push(word.to_owned());
    }
    lines.iter().map(|line| fit(line, em, is_bold, room)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_has_the_width_of_its_glyphs() {
        register().unwrap();
        assert!((width("m", 10.0, false) - 9.74).abs() < 0.05);
        assert!(width("mm", 10.0, true) > width("mm", 10.0, false));
    }

    #[test]
    fn long_text_is_wrapped_and_its_rest_is_cut() {
        register().unwrap();
        let text = "Does replacing real data make a mixture forget its modes?";
        let lines = wrap(text, 10.0, false, 120.0, 3);
        assert_eq!(lines.len(), 3);
        assert!(lines.iter().all(|line| width(line, 10.0, false) <= 120.0));
        assert_eq!(wrap(text, 10.0, false, 120.0, 9).join(" "), text);
        assert!(wrap(text, 10.0, false, 120.0, 2)[1].ends_with('…'));
        assert!(wrap("", 10.0, false, 120.0, 2).is_empty());
    }
}
