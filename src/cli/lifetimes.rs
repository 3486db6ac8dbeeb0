//! `collapse lifetimes`: how long the lineages of each arm last.

use super::finish::End;
use super::screen;
use super::telling::confidence;
use crate::archive::picture::Threshold;
use crate::report::lifetimes::{Lifetimes, Limit, Request as Wanted, Row, lifetimes};
use serde_json::json;
use std::path::PathBuf;
use std::process::ExitCode;

/// What ends a lineage, and how it is told.
#[derive(Debug, clap::Args)]
pub struct Request {
    /// A results folder.
    dir: PathBuf,
    /// What collapses, by its label or its bare name. Left out: lineages end by extinction alone.
    #[arg(long, value_name = "METRIC")]
    metric: Option<String>,
    /// A lineage is over once the metric is below this.
    #[arg(long, value_name = "X", requires = "metric", allow_hyphen_values = true)]
    below: Option<f64>,
    /// A lineage is over once the metric is above this.
    #[arg(
        long,
        value_name = "X",
        requires = "metric",
        conflicts_with = "below",
        allow_hyphen_values = true
    )]
    above: Option<f64>,
    /// The limit is a share of what the world has in the same trial.
    #[arg(long, requires = "metric")]
    of_real: bool,
    /// Test the other arms against this one.
    #[arg(long, value_name = "ARM")]
    baseline: Option<String>,
    /// One minus the probability of each interval.
    #[arg(long, default_value_t = 0.05, allow_hyphen_values = true)]
    alpha: f64,
    /// Print JSON to standard output.
    #[arg(long)]
    json: bool,
}

/// Tells how long lineages last.
pub fn run(request: &Request) -> ExitCode {
    match tell(request) {
        Ok(()) => ExitCode::SUCCESS,
        Err(end) => end.exit(),
    }
}

fn tell(request: &Request) -> Result<(), End> {
    let wanted =
        Wanted { limit: limit(request)?, baseline: request.baseline.clone(), alpha: request.alpha };
    let found = lifetimes(&request.dir, &wanted)?;
    screen::say(&match request.json {
        true => json!({
            "question": found.question,
            "end": found.end,
            "baseline": request.baseline,
            "alpha": request.alpha,
            "rows": found.rows,
        })
        .to_string(),
        false => text(&found, request),
    });
    Ok(())
}

fn limit(request: &Request) -> Result<Option<Limit>, End> {
    let Some(metric) = request.metric.clone() else { return Ok(None) };
    let threshold = match (request.below, request.above) {
        (Some(value), _) => Threshold::Below(value),
        (_, Some(value)) => Threshold::Above(value),
        _ => {
            let (what, help) = ("--metric", "add `--below X` or `--above X`");
            return Err(End::Wrong(format!("{what} {metric} has no limit: {help}")));
        }
    };
    Ok(Some(Limit { metric, threshold, is_share: request.of_real }))
}

fn text(found: &Lifetimes, request: &Request) -> String {
    let has_sweep = found.rows.iter().any(|row| !row.swept.is_empty());
    let mut header = vec!["arm", "lineages", "over", "median", "interval", "left", "of them"];
    if has_sweep {
        header.insert(1, "");
    }
    if request.baseline.is_some() {
        header.extend(["z", "p"]);
    }
    let cells = |row: &Row| {
        let mut cells = vec![
            row.arm.clone(),
            row.lineages.to_string(),
            row.over.to_string(),
            time(row.median, row.last),
            format!("[{}, {}]", time(row.median_low, row.last), time(row.median_high, row.last)),
            format!("{:.2}", row.left),
            format!("[{:.2}, {:.2}]", row.left_low, row.left_high),
        ];
        if has_sweep {
            cells.insert(1, row.swept.clone());
        }
        if request.baseline.is_some() {
            cells.push(row.z.map(|z| format!("{z:.2}")).unwrap_or_default());
            cells.push(row.p_holm.map(screen::number).unwrap_or_default());
        }
        cells
    };
    let rows: Vec<Vec<String>> = found.rows.iter().map(cells).collect();
    let confidence = confidence(request.alpha);
    let mut text = format!(
        "over: {}\n{}\n\nmedian: the generation at which at most half of the lineages are left, by Kaplan and \
         Meier, with its\n{confidence} interval; left: the share at the last measured generation.",
        found.end,
        screen::table(&header, &rows)
    );
    if let Some(baseline) = &request.baseline {
        text += &format!(
            " z, p: log-rank test against\n{baseline}, by Holm over the rows; above 0 the arm lasts \
             less long. Arms share founders and noise,\nwhich the test does not know: it finds too \
             little rather than too much."
        );
    }
    text
}

/// A generation, or that it lies beyond the last one.
fn time(generation: Option<u32>, last: u32) -> String {
    generation.map_or_else(|| format!("> {last}"), |t| t.to_string())
}
