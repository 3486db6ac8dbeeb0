//! The lines of a comparison for a paper: as Markdown and as LaTeX.

use super::NO_NOISE;
use super::terminal::count;
use crate::archive::table::Contrast;
use crate::cli::paper;
use crate::cli::telling::confidence;
use crate::report::compare::Comparison;
use crate::report::profile::short;

/// The columns of both, as text without markup.
fn columns(comparison: &Comparison) -> (Vec<String>, Vec<Vec<String>>) {
    let lines = &comparison.lines;
    let is_swept = lines.iter().any(|line| !line.swept.is_empty());
    let confidence = confidence(comparison.settings.alpha);
    let mut header: Vec<String> = ["metric", "generation"].map(str::to_owned).into();
    header.extend(is_swept.then(|| "swept".to_owned()));
    header.extend(["arm", "pairs", "median difference"].map(str::to_owned));
    header.push(format!("{confidence} interval"));
    header.push("mean difference".into());
    header.push(format!("{confidence} interval"));
    header.extend(["Cliff's delta", "p", "p (Holm)", "p (Wilcoxon)", "verdict"].map(str::to_owned));
    let rows = lines.iter().map(|line| row(line, is_swept)).collect();
    (header, rows)
}

fn row(line: &Contrast, is_swept: bool) -> Vec<String> {
    let number = |value: Option<f64>| value.map(short).unwrap_or_default();
    let interval = |low: Option<f64>, high: Option<f64>| match (low, high) {
        (Some(low), Some(high)) => format!("[{}, {}]", short(low), short(high)),
        _ => String::new(),
    };
    let generation = match line.generation == line.baseline_generation {
        true => line.generation.to_string(),
        false => format!("{} against {}", line.generation, line.baseline_generation),
    };
    let mut cells = vec![line.metric.clone(), generation];
    cells.extend(is_swept.then(|| line.swept.clone()));
    cells.extend([
        line.arm.clone(),
        line.trials.to_string(),
        number(line.median),
        interval(line.median_low, line.median_high),
        number(line.mean),
        interval(line.mean_low, line.mean_high),
        line.cliff.map(|delta| format!("{delta:.2}")).unwrap_or_default(),
        number(line.p),
        number(line.p_holm),
        number(line.p_wilcoxon),
        verdict(line),
    ]);
    cells
}

/// The verdict, with what could have been found, or with what was spent.
fn verdict(line: &Contrast) -> String {
    let spent = |spent: Option<f64>| spent.map_or("?".into(), count);
    match line.verdict.as_str() {
        "no difference found" => match line.detectable {
            Some(effect) if effect <= NO_NOISE => "no difference found (all pairs alike)".into(),
            Some(effect) => format!("no difference found (smallest detectable: {})", short(effect)),
            None => "no difference found (none detectable)".into(),
        },
        "budget differs" => {
            format!("budget differs: {}, not {}", spent(line.spent), spent(line.baseline_spent))
        }
        verdict => verdict.to_owned(),
    }
}

fn caption(comparison: &Comparison) -> String {
    format!(
        "Differences of the loss from {}, paired by trial; negative: the arm is better. p: sign-flip \
         test of the median difference, adjusted by Holm; intervals: BCa bootstrap.",
        comparison.baseline
    )
}

pub fn markdown(comparison: &Comparison) -> String {
    let (header, rows) = columns(comparison);
    format!("{}\n\n{}", paper::markdown(&header, &rows), caption(comparison))
}

pub fn latex(comparison: &Comparison) -> String {
    let (header, rows) = columns(comparison);
    format!("% {}\n{}", caption(comparison), paper::latex(&header, &rows))
}
