//! What is said of a run before it begins: what is missing and why, what is damaged, what was decided.

use super::screen;
use crate::experiment::{RunReport, Survey};

/// Says what is missing and why, and what is damaged.
pub fn tell(survey: &Survey) {
    tell_damage(survey);
    let there: usize = survey.cells.iter().map(|cell| cell.complete).sum();
    if there > 0 && survey.missing() > 0 {
        screen::note(&format!("  {there} trials are there"));
    }
    for (reason, trials, cells) in &survey.reasons {
        let (trials, cells) = (plural(*trials, "trial"), plural(*cells, "cell"));
        screen::note(&format!("  to run, {trials} of {cells}: {reason}"));
    }
}

/// Says what of the journal is no good record, unless that was said before.
pub fn tell_damage(survey: &Survey) {
    for damage in &survey.damage {
        let what = if damage.is_torn { "a record was not finished" } else { "records are damaged" };
        screen::note(&format!(
            "  journal/{}: {what}, bytes {} to {}; what they held is run again",
            damage.file, damage.from, damage.to
        ));
    }
}

/// Says what adaptive replication spent.
pub fn tell_decision(survey: &Survey) {
    let Some(decision) = &survey.decision else { return };
    let width = decision.half_width.map_or("unknown".into(), screen::number);
    let how = if decision.is_met { "narrow enough" } else { "not narrow enough" };
    screen::note(&format!(
        "adaptive: {} of at most {} trials in each of {}; the widest half-width is {width}, {how}",
        decision.trials,
        survey.most,
        plural(survey.cells.len(), "cell")
    ));
}

/// Says which lineages went on where they had been cut off, and which could not.
pub fn tell_resumed(report: &RunReport) {
    if report.resumed > 0 {
        let lineages = plural(report.resumed, "lineage");
        screen::note(&format!("  {lineages} went on from the last generation that was kept"));
    }
    if report.restarted > 0 {
        let lineages = plural(report.restarted, "lineage");
        screen::note(&format!("  {lineages} began again: what was kept of them was damaged"));
    }
}

fn plural(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{n} {what}s") }
}
