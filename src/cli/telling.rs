//! How findings about a folder are told: what `compare`, `profile` and `verify` share.

use super::finish::End;
use super::screen;
use std::path::{Path, PathBuf};

/// In which form findings go to standard output, and where their tables and pictures go.
#[derive(Debug, clap::Args)]
pub struct Telling {
    /// How findings are told on standard output.
    #[arg(long, value_enum, default_value = "text", conflicts_with = "json")]
    format: Format,
    /// Print JSON to standard output.
    #[arg(long)]
    json: bool,
    /// The folder that gets tables and pictures. Left out: one in the results folder, named after what was
    /// found.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Format {
    /// Tables for a terminal of 100 columns.
    Text,
    Markdown,
    /// The rows of the table that is left in the folder.
    Csv,
    /// A `tabular` for a paper, with the rules of booktabs.
    Latex,
}

/// Findings in each form.
pub trait Findings {
    /// The folder of their tables, and without an ending that of their rows.
    const NAME: &'static str;
    /// What is left in the folder.
    const LEFT: &'static str = "tables and pictures";

    /// Where tables and pictures go, if the command line does not say.
    fn folder(results: &Path) -> PathBuf {
        results.join(Self::NAME)
    }

    fn text(&self) -> String;
    fn markdown(&self) -> String;
    fn latex(&self) -> String;
    fn json(&self, folder: &Path, pictures: &[PathBuf]) -> String;
    fn notes(&self) -> &[String];
}

impl Telling {
    /// The folder for tables and pictures.
    pub fn folder<F: Findings>(&self, results: &Path) -> PathBuf {
        self.out.clone().unwrap_or_else(|| F::folder(results))
    }

    /// Says what was found, once tables and pictures are in the folder.
    pub fn tell<F: Findings>(
        &self,
        found: &F,
        folder: &Path,
        pictures: &[PathBuf],
    ) -> Result<(), End> {
        screen::say(&match (self.json, self.format) {
            (true, _) => found.json(folder, pictures),
            (_, Format::Text) => found.text(),
            (_, Format::Markdown) => found.markdown(),
            (_, Format::Latex) => found.latex(),
            (_, Format::Csv) => rows(&folder.join(F::NAME).with_extension("csv"))?,
        });
        // The text has its notes within.
        if self.json || self.format != Format::Text {
            found.notes().iter().for_each(|note| screen::note(note));
        }
        screen::note(&format!("{}: {}", F::LEFT, folder.display()));
        Ok(())
    }
}

fn rows(table: &Path) -> Result<String, End> {
    let text = std::fs::read_to_string(table)
        .map_err(|error| End::Wrong(format!("cannot read {}: {error}", table.display())))?;
    Ok(text.trim_end().to_owned())
}

/// How sure intervals are, as people write it: "95 %".
pub fn confidence(alpha: f64) -> String {
    format!("{} %", (100.0 * (1.0 - alpha) * 1000.0).round() / 1000.0)
}
