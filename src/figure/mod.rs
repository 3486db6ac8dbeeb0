//! Tables to pictures: how every metric moves over the generations, one picture each.
//!
//! A picture shows the median over trials with the band from 5 to 95 %, the mean dashed, what theory
//! says dotted, and generation 0, the world, as a grey line; more than eight arms have medians and
//! theory alone. The same tables give the same bytes.

mod arms;
mod curves;
mod draw;
mod ends;
mod font;
mod frame;
mod key;
mod labels;
mod mark;
mod palette;
mod render;
mod scale;
mod tick;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::archive::ArchiveError;
use crate::archive::csv::read_table;

/// Why a picture could not be drawn.
#[derive(Debug, Error)]
pub enum FigureError {
    #[error(transparent)]
    Table(#[from] ArchiveError),
    #[error("cannot write {}: {cause}", path.display())]
    Io { path: PathBuf, cause: String },
    #[error("the drawing library refused: {0}")]
    Backend(String),
    #[error("the font inside this program cannot be read: build it again")]
    Font,
}

impl FigureError {
    fn drawing(path: &Path, cause: impl ToString) -> Self {
        Self::Io { path: path.to_path_buf(), cause: cause.to_string() }
    }
}

/// Draws the tables of the results folder `dir` into `dir/figures`: an SVG and a PNG per metric.
///
/// A metric without a single value has no picture. `theory.csv`, `outcomes.csv` and `cells.csv` are
/// read where they exist.
pub fn draw_defaults(dir: &Path, question: &str) -> Result<(), FigureError> {
    font::register()?;
    let summary = read_table(dir, "summary")?;
    let theory = read_if_there(dir, "theory")?;
    let outcomes = read_if_there(dir, "outcomes")?;
    let pictures = curves::pictures(arms::Arms::read(dir)?, &summary, &theory, &outcomes);
    let figures = dir.join("figures");
    fs::create_dir_all(&figures).map_err(|error| FigureError::drawing(&figures, error))?;
    let mut taken = BTreeSet::new();
    for picture in &pictures {
        let page = draw::page(picture, question);
        let name = file_name(&picture.metric, &mut taken);
        render::svg(&page, &figures.join(format!("{name}.svg")))?;
        render::png(&page, &figures.join(format!("{name}.png")))?;
    }
    Ok(())
}

fn read_if_there<R>(dir: &Path, name: &str) -> Result<Vec<R>, ArchiveError>
where
    R: serde::de::DeserializeOwned,
{
    if dir.join(format!("{name}.csv")).is_file() { read_table(dir, name) } else { Ok(Vec::new()) }
}

/// A metric's label as the name of a file, different from those taken: "tail-mass-quantile-0.01" of
/// "tail-mass(quantile=0.01)".
fn file_name(label: &str, taken: &mut BTreeSet<String>) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
    let parts = label.split(|c| !is_plain(c)).filter(|part| !part.is_empty());
    let plain = parts.collect::<Vec<_>>().join("-");
    let plain = plain.trim_start_matches('.');
    let plain = if plain.is_empty() { "metric" } else { plain };
    let mut name = plain.to_owned();
    let mut copy = 1;
    // Some file systems do not tell upper from lower case.
    while !taken.insert(name.to_lowercase()) {
        copy += 1;
        name = format!("{plain}-{copy}");
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_label_has_a_file_name_of_its_own() {
        let mut taken = BTreeSet::new();
        let labels =
            ["tail-mass(quantile=0.01)", "tail-mass-quantile-0.01", "KL", "kl", "../π", "π"];
        let names = labels.map(|label| file_name(label, &mut taken));
        let expected = [
            "tail-mass-quantile-0.01",
            "tail-mass-quantile-0.01-2",
            "KL",
            "kl-2",
            "metric",
            "metric-2",
        ];
        assert_eq!(names, expected);
    }
}
