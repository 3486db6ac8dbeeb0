//! Definition 5: cells that differ in one size alone, seen together.

use std::collections::BTreeSet;

use super::judge::{Choice, Judge, put, say};
use super::metric::Definition;
use super::words;
use crate::analysis::profile::scaling::{FEWEST_SIZES, Trial, scaling};
use crate::analysis::profile::{Curves, Lineage, Verdict};
use crate::archive::table::Judgement;

/// Cells along one size, in ascending order of it, by their place among the chosen ones.
struct Group {
    path: String,
    sizes: Vec<f64>,
    members: Vec<usize>,
}

/// Whether a swept path is a number of samples.
fn is_size(path: &str) -> bool {
    let last = path.rsplit('.').next().unwrap_or(path);
    match path.strip_prefix("regime.") {
        Some(_) => ["real", "size", "synthetic"].contains(&last),
        None => ["founders", "offspring", "offspring.start"].contains(&path),
    }
}

/// A row for each cell: the cells of a group share what is found.
pub fn judge(judge: &Judge<'_>) -> Vec<Judgement> {
    let choices = judge.choose(Definition::Scaling, |curves, _| curves.flaw(true).is_none());
    let row = |i: usize| {
        let place = judge.chosen[i];
        let label = choices[i].as_ref().map(|choice| choice.label.as_str());
        let mut row = judge.row(place, Definition::Scaling, label);
        match (groups(judge, i), label) {
            (groups, _) if groups.is_empty() => {
                row.metric.clear();
                let what = "sweep \"offspring\" or \"founders\" over three sizes".into();
                say(&mut row, Verdict::NotMeasured, what);
            }
            (_, None) => {}
            (groups, Some(_)) => fill(&mut row, &groups, &choices, judge.request.alpha),
        }
        row
    };
    (0..judge.chosen.len()).map(row).collect()
}

/// The groups that a cell belongs to, one for each size that is swept.
fn groups(judge: &Judge<'_>, i: usize) -> Vec<Group> {
    let swept = |i: usize| &judge.cells.parties[judge.chosen[i]].swept;
    let arm = |i: usize| &judge.cells.parties[judge.chosen[i]].arm;
    let group = |path: &String| {
        let size = |other: usize| -> Option<(f64, usize)> {
            let rest =
                |i: usize| swept(i).iter().filter(|(own, _)| own != path).collect::<Vec<_>>();
            let own = swept(other).iter().find(|(own, _)| own == path)?;
            let is_beside = arm(other) == arm(i) && rest(other) == rest(i);
            is_beside.then_some((own.1.parse().ok()?, other))
        };
        let mut along: Vec<(f64, usize)> = (0..judge.chosen.len()).filter_map(size).collect();
        along.sort_by(|a, b| a.0.total_cmp(&b.0));
        let (sizes, members) = along.into_iter().unzip();
        Group { path: path.clone(), sizes, members }
    };
    let paths = swept(i).iter().map(|(path, _)| path).filter(|path| is_size(path));
    paths.map(group).filter(|group| group.members.contains(&i)).collect()
}

fn fill(row: &mut Judgement, groups: &[Group], choices: &[Option<Choice>], alpha: f64) {
    row.statistic = "slope of ln R over ln n, T less 1".into();
    let is_enough = |group: &&Group| group.sizes.len() >= FEWEST_SIZES && group.sizes[0] > 0.0;
    let Some(group) = groups.iter().find(is_enough) else {
        let what =
            groups.iter().map(|group| format!("{} sizes of {}", group.sizes.len(), group.path));
        let what = what.collect::<Vec<_>>().join(", ");
        let evidence = format!("{what}; three above 0 are needed");
        return say(row, Verdict::NotMeasured, evidence);
    };
    let same = |i: &usize| choices[*i].as_ref().filter(|choice| choice.label == row.metric);
    let curves: Option<Vec<&Curves>> =
        group.members.iter().map(|i| Some(&same(i)?.curves)).collect();
    let Some(curves) = curves else {
        let evidence = format!("{} cannot serve at every {}", row.metric, group.path);
        return say(row, Verdict::NotMeasured, evidence);
    };
    match scaling(&group.sizes, &trials(&curves), alpha) {
        Some(found) => {
            put(row, &found.change, found.left_out);
            let ends = (curves[0].first(), row.generation);
            let evidence = words::scaling(&found, ends, &group.path, &group.sizes);
            say(row, found.verdict(), evidence);
        }
        None => say(row, Verdict::Undecided, "no trial has a risk at every size".into()),
    }
}

/// The ends of every trial that any of the cells has.
fn trials(curves: &[&Curves]) -> Vec<Trial> {
    let all: BTreeSet<u32> =
        curves.iter().flat_map(|own| own.lineages.iter().map(|lineage| lineage.trial)).collect();
    let end = |own: &Curves, trial: u32, place: Option<usize>| {
        let lineage: &Lineage = own.lineages.iter().find(|lineage| lineage.trial == trial)?;
        own.at(lineage, place?, f64::INFINITY)
    };
    let trial = |trial: u32| Trial {
        first: curves.iter().map(|own| end(own, trial, Some(0))).collect(),
        last: curves
            .iter()
            .map(|own| end(own, trial, own.generations.len().checked_sub(1)))
            .collect(),
    };
    all.into_iter().map(trial).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_samples_are_sizes() {
        for path in ["founders", "offspring", "offspring.start", "regime.fresh.real"] {
            assert!(is_size(path), "{path}");
        }
        for path in ["trials", "world.ring.modes", "regime.retain.fraction", "offspring.growth"] {
            assert!(!is_size(path), "{path}");
        }
    }
}
