//! The lines of a comparison for a terminal: a table for each metric, at most 100 columns wide.

use super::NO_NOISE;
use crate::archive::table::Contrast;
use crate::cli::screen::{self, cut, wrap};
use crate::cli::telling::confidence;
use crate::report::compare::{Comparison, NO_LOSS, OTHER_BUDGET};
use crate::report::profile::short;

const WIDEST_ARM: usize = 20;

/// All of it.
pub fn text(comparison: &Comparison) -> String {
    let mut parts = Vec::new();
    let alike = |a: &Contrast, b: &Contrast| {
        (&a.metric, &a.swept, a.baseline_generation) == (&b.metric, &b.swept, b.baseline_generation)
    };
    let mut lines: Vec<&Contrast> = comparison.lines.iter().collect();
    // Arms of one swept cell together, in the order in which each first appears.
    let place = |line: &Contrast| comparison.lines.iter().position(|first| alike(first, line));
    lines.sort_by_key(|line| place(line));
    for group in lines.chunk_by(|a, b| alike(a, b)) {
        parts.push(table(group, &comparison.baseline));
    }
    parts.push(wrap(&legend(comparison)));
    parts
        .extend((!comparison.notes.is_empty()).then(|| {
            comparison.notes.iter().map(|note| wrap(note)).collect::<Vec<_>>().join("\n")
        }));
    parts.join("\n\n")
}

fn table(group: &[&Contrast], baseline: &str) -> String {
    let Some(first) = group.first() else { return String::new() };
    let swept = if first.swept.is_empty() { String::new() } else { format!(", {}", first.swept) };
    let trials = group.iter().map(|line| line.trials).max().unwrap_or(0);
    let generation = first.baseline_generation;
    let title = format!(
        "{}, generation {generation}{swept}: loss against {baseline}, {trials} pairs",
        first.metric
    );
    let header = ["arm", "median", "interval", "delta", "p", "verdict"];
    let rows: Vec<Vec<String>> = group.iter().map(|line| row(line)).collect();
    format!("{}\n{}", wrap(&title), screen::table(&header, &rows))
}

fn row(line: &Contrast) -> Vec<String> {
    let number = |value: Option<f64>| value.map(short).unwrap_or_default();
    let interval = match (line.median_low, line.median_high) {
        (Some(low), Some(high)) => format!("[{}, {}]", short(low), short(high)),
        _ => String::new(),
    };
    let arm = match line.generation == line.baseline_generation {
        true => line.arm.clone(),
        false => format!("{} at {}", line.arm, line.generation),
    };
    vec![
        cut(&arm, WIDEST_ARM),
        number(line.median),
        interval,
        line.cliff.map(|delta| format!("{delta:.2}")).unwrap_or_default(),
        number(line.p_holm),
        verdict(line),
    ]
}

fn verdict(line: &Contrast) -> String {
    match (line.verdict.as_str(), line.detectable) {
        ("no difference found", Some(effect)) if effect <= NO_NOISE => {
            "no difference found (all pairs alike)".into()
        }
        ("no difference found", Some(effect)) => {
            format!("no difference found (finds {})", short(effect))
        }
        ("no difference found", None) => "no difference found (finds none)".into(),
        (OTHER_BUDGET, _) => {
            let number = |spent: Option<f64>| spent.map_or("?".into(), count);
            format!("{OTHER_BUDGET}: {} ≠ {}", number(line.spent), number(line.baseline_spent))
        }
        (verdict, _) => verdict.to_owned(),
    }
}

/// What was spent: whole, as nearly all of it is counted.
pub fn count(spent: f64) -> String {
    if spent.fract() == 0.0 && spent < 1e12 { format!("{spent}") } else { short(spent) }
}

fn legend(comparison: &Comparison) -> String {
    let is_said = |word: &str| comparison.lines.iter().any(|line| line.verdict.starts_with(word));
    let mut text = format!(
        "median: of the differences loss − loss of {}, with its {} interval; below 0 the arm is better. \
         delta: share of trials in which it loses more, minus share in which it loses less. p: \
         sign-flip test of the median, by Holm over {} lines.",
        comparison.baseline,
        confidence(comparison.settings.alpha),
        comparison.lines.iter().filter(|line| line.p.is_some()).count(),
    );
    let is_bounded = |line: &Contrast| {
        line.verdict == "no difference found" && line.detectable.is_none_or(|e| e > NO_NOISE)
    };
    if comparison.lines.iter().any(is_bounded) {
        text += " finds: the smallest shift that these trials would have found 4 times in 5.";
    }
    if is_said(NO_LOSS) {
        text += " no loss: the metric does not exist there.";
    }
    text
}
