//! The calibration of a metric: its bias and noise, as a table under its page.

use super::super::screen;
use super::page::Page;
use super::{Kind, indented};
use crate::catalog::find;
use crate::metric::calibration::{self, Calibration, Row, SEED, Shown};
use crate::metric::{POINTS, TOKENS};
use serde_json::{Value, json};

/// The calibrations of the metric that this page is of: one for each space. They are simulated anew.
pub fn calibrations(page: &Page) -> Vec<Calibration> {
    if page.kind != Kind::Metrics {
        return Vec::new();
    }
    let of_space = |space: &&str| match *space {
        "points" => {
            let metric = find(POINTS, "metric", page.name).ok()?.default()?;
            calibration::of_points(&*metric.value)
        }
        _ => {
            let metric = find(TOKENS, "metric", page.name).ok()?.default()?;
            calibration::of_tokens(&*metric.value)
        }
    };
    page.spaces.iter().filter_map(of_space).collect()
}

const HEADER: [&str; 9] =
    ["in the model's place", "n", "repeats", "mean", "sd", "stated", "bias", "±", "away"];

pub fn text(card: &Calibration) -> String {
    let shown = match card.shown {
        Shown::Draws => "n draws stand in the model's place",
        Shown::Law => "Laws with densities stand in the model's place, except for copies",
    };
    let ideal = card.ideal.map_or("not known".to_owned(), number);
    let rows: Vec<Vec<String>> = card.rows.iter().map(cells).collect();
    let table = indented(&screen::table(&HEADER, &rows));
    format!(
        "\nCalibration, simulated (seed {SEED}) in the world: {}.\n\
         {shown}, against n founders\n\
         and n held-out samples. The value of an ideal model: {ideal}.\n\n{table}\n\n  \
         mean, sd: over repeats. stated: the standard error it reports, relative to the sd.\n  \
         bias: mean less the ideal value, and its standard error. away: mean less that of the\n  \
         world itself, in sd. –: does not exist.",
        card.world
    )
}

fn cells(row: &Row) -> Vec<String> {
    let cell = |value: Option<f64>| value.map_or("–".to_owned(), number);
    let repeats = match row.values == row.repeats {
        true => row.repeats.to_string(),
        false => format!("{} of {}", row.values, row.repeats),
    };
    let (bias, error) = (row.bias.map(|(bias, _)| bias), row.bias.map(|(_, error)| error));
    let numbers = [row.mean, row.sd, row.stated, bias, error, row.away].map(cell);
    [row.what.to_owned(), row.n.to_string(), repeats].into_iter().chain(numbers).collect()
}

/// Three digits: these numbers are known to no more.
fn number(value: f64) -> String {
    match value.abs() {
        size if size == 0.0 || !size.is_finite() => screen::number(value),
        size if (1e-3..1e4).contains(&size) => {
            let digits = (2 - size.log10().floor() as i32).max(0) as usize;
            format!("{value:.digits$}")
        }
        _ => format!("{value:.2e}"),
    }
}

pub fn json(card: &Calibration) -> Value {
    let row = |row: &Row| {
        json!({
            "place": row.what,
            "n": row.n,
            "repeats": row.repeats,
            "values": row.values,
            "mean": finite(row.mean),
            "sd": finite(row.sd),
            "stated": finite(row.stated),
            "bias": finite(row.bias.map(|(bias, _)| bias)),
            "bias-error": finite(row.bias.map(|(_, error)| error)),
            "away": finite(row.away),
        })
    };
    let shown = match card.shown {
        Shown::Draws => "draws",
        Shown::Law => "law",
    };
    json!({
        "world": card.world,
        "seed": SEED,
        "shown": shown,
        "ideal": finite(card.ideal),
        "rows": card.rows.iter().map(row).collect::<Vec<_>>(),
    })
}

/// JSON knows no infinity: it is a text, as in the tables.
fn finite(value: Option<f64>) -> Value {
    match value {
        Some(value) if value.is_infinite() => json!(value.to_string()),
        value => json!(value),
    }
}
