//! Pictures of synthetic results: every case is drawn, twice the same, and left to be looked at in
//! the build folder.

mod kinds;
mod lines;
mod refusals;

use std::fs;
use std::path::{Path, PathBuf};

use model_collapse::archive::csv::{write_records, write_table};
use model_collapse::archive::table::{Composition, Outcome, Summary};
use model_collapse::figure::{FigureError, draw};

/// The files of a folder and what they hold.
fn contents(dir: &Path) -> Vec<(String, Vec<u8>)> {
    let mut files: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .map(|path| (path.file_name().unwrap().to_string_lossy().into(), fs::read(&path).unwrap()))
        .collect();
    files.sort();
    files
}

/// A results folder that is put together by hand.
struct Folder {
    dir: PathBuf,
    summary: Vec<Summary>,
    outcomes: Vec<Outcome>,
    composition: Vec<Composition>,
}

impl Folder {
    fn new(case: &str) -> Self {
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join("figures").join(case);
        fs::remove_dir_all(&dir).ok();
        fs::create_dir_all(&dir).unwrap();
        Self { dir, summary: Vec::new(), outcomes: Vec::new(), composition: Vec::new() }
    }

    /// Writes `cells.csv`: ids are "0", "1" and so on.
    fn cells(&self, paths: &[&str], rows: &[(&str, Vec<String>)]) {
        let header: Vec<String> =
            ["cell", "arm"].iter().chain(paths).map(|name| (*name).to_owned()).collect();
        let row = |(index, (arm, values)): (usize, &(&str, Vec<String>))| {
            [index.to_string(), (*arm).to_owned()].into_iter().chain(values.clone()).collect()
        };
        let rows: Vec<Vec<String>> = rows.iter().enumerate().map(row).collect();
        write_records(&self.dir, "cells", &header, &rows).unwrap();
    }

    /// A row of `summary.csv` around a median.
    fn median(&mut self, cell: usize, arm: &str, generation: u32, metric: &str, median: f64) {
        self.summary.push(Summary {
            cell: cell.to_string(),
            arm: arm.into(),
            generation,
            metric: metric.into(),
            trials: 20,
            alive: 20,
            mean: Some(median * 1.1),
            sd: Some(0.1),
            ci_low: Some(median * 1.0),
            ci_high: Some(median * 1.2),
            median: Some(median),
            median_low: Some(median * 0.8),
            median_high: Some(median * 1.25),
            q05: Some(median * 0.5),
            q25: None,
            q75: None,
            q95: Some(median * 1.9),
        });
    }

    fn portion(&mut self, cell: usize, arm: &str, generation: u32, of: (&str, u32, f64)) {
        let (origin, born, weight) = of;
        self.composition.push(Composition {
            cell: cell.to_string(),
            arm: arm.into(),
            generation,
            origin: origin.into(),
            born,
            count: 100,
            weight,
        });
    }

    /// Kept samples of a generation.
    fn samples(&self, cell: usize, generation: u32, header: &[&str], rows: &[Vec<String>]) {
        let folder = self.dir.join("samples").join(cell.to_string());
        fs::create_dir_all(&folder).unwrap();
        let header: Vec<String> = header.iter().map(|name| (*name).to_owned()).collect();
        write_records(&folder, &format!("generation-{generation:04}"), &header, rows).unwrap();
    }

    fn draw(&self, figures: &str) -> Result<Vec<PathBuf>, FigureError> {
        write_table(&self.dir, "summary", &self.summary).unwrap();
        write_table(&self.dir, "outcomes", &self.outcomes).unwrap();
        if !self.composition.is_empty() {
            write_table(&self.dir, "composition", &self.composition).unwrap();
        }
        let experiment = format!("question = \"Does it hold?\"\n{figures}");
        fs::write(self.dir.join("experiment.toml"), experiment).unwrap();
        draw(&self.dir, &self.dir.join("figures"))
    }

    /// Draws twice the same; gives the names of the pictures and the text of the drawings.
    fn drawn(&self, figures: &str) -> (Vec<String>, String) {
        fs::remove_dir_all(self.dir.join("figures")).ok();
        let written = self.draw(figures).unwrap();
        let first = contents(&self.dir.join("figures"));
        assert_eq!(self.draw(figures).unwrap(), written);
        assert!(contents(&self.dir.join("figures")) == first, "a second drawing differs");
        let drawings = first.iter().filter(|(name, _)| name.ends_with("svg"));
        let text: String =
            drawings.map(|(_, bytes)| String::from_utf8(bytes.clone()).unwrap()).collect();
        assert!(!text.contains("NaN") && text.contains("</svg>"));
        let names =
            first.into_iter().filter_map(|(name, _)| Some(name.strip_suffix(".svg")?.into()));
        (names.collect(), text)
    }
}
