//! Every definition, over all cells that are told together.

use super::super::compare::arms::Cells;
use super::metric::{Definition, Use, bare, candidates};
use super::readings::Readings;
use super::{Request, scaling, words};
use crate::analysis::profile::decline::{Base, Decline, decline};
use crate::analysis::profile::divergence::divergence;
use crate::analysis::profile::leap::leap;
use crate::analysis::profile::rise::{self, Rise, rise};
use crate::analysis::profile::{Centre, Curves, Verdict};
use crate::archive::table::Judgement;
use crate::stream::{Role, stream};
use rayon::prelude::*;

/// More draws outside the world than this share of all are some.
const OUTSIDE: f64 = 0.01;

/// What definitions are read off.
pub struct Judge<'a> {
    pub cells: &'a Cells,
    pub chosen: &'a [usize],
    pub readings: &'a Readings,
    pub request: &'a Request,
    /// Labels that were asked for.
    pub asked: &'a [String],
    pub is_of_tokens: bool,
}

/// A metric that a definition can use in one cell.
pub struct Choice {
    pub label: String,
    pub curves: Curves,
}

impl Judge<'_> {
    /// All eight of every cell, cell by cell.
    pub fn rows(&self) -> Vec<Judgement> {
        let by_definition = [
            self.leaps(),
            self.rises(Definition::Rise),
            self.courses(),
            self.variances(),
            scaling::judge(self),
            self.tails(),
            self.rises(Definition::Invent),
        ];
        let merges = self.merges(&by_definition[6]);
        let columns: Vec<Vec<Judgement>> = by_definition.into_iter().chain([merges]).collect();
        let of_cell = |i: usize| columns.iter().map(move |column| column[i].clone());
        let mut rows: Vec<Judgement> = (0..self.chosen.len()).flat_map(of_cell).collect();
        let cells = rows.chunks_mut(Definition::ALL.len()).zip(self.chosen);
        for (cell, place) in cells.filter(|(_, place)| self.readings.lineages(**place).first() > 1)
        {
            cell.iter_mut().for_each(|row| self.doubt(row, *place));
        }
        rows
    }

    /// A row that says nothing yet, but of what.
    pub fn row(&self, place: usize, definition: Definition, label: Option<&str>) -> Judgement {
        let lineages = self.readings.lineages(place);
        let mut row = Judgement {
            cell: self.cells.ids[place].0.clone(),
            swept: self.cells.swept(&[place]),
            arm: self.cells.ids[place].1.clone(),
            definition: definition.number(),
            name: definition.name().into(),
            metric: label.unwrap_or_default().into(),
            generation: lineages.last(),
            lineages: lineages.lineages.len() as u32,
            extinct: lineages.extinct() as u32,
            ..Judgement::default()
        };
        if label.is_none() {
            say(&mut row, Verdict::NotMeasured, self.lack(place, definition));
        }
        row
    }

    /// Where generation 1 is not measured, what happened before the first one that is may be all there was:
    /// nothing that is held against the first fit is refused.
    fn doubt(&self, row: &mut Judgement, place: usize) {
        let of_variance = [Definition::Variance, Definition::Diverge].map(Definition::number);
        if row.verdict == Verdict::No.name() && !of_variance.contains(&row.definition) {
            row.verdict = Verdict::Undecided.name().into();
            let first = self.readings.lineages(place).first();
            row.evidence += &format!("; open what happened before generation {first}");
        }
    }

    /// What is missing where a definition can be read off nothing.
    fn lack(&self, place: usize, definition: Definition) -> String {
        let known = self.candidates(place, definition);
        let Some((label, of)) = known.first() else {
            return definition.advice(self.is_of_tokens).into();
        };
        let curves = self.readings.of(place, label, *of);
        let is_ratio = [Definition::Leap, Definition::Scaling].contains(&definition);
        match curves.flaw(is_ratio) {
            Some(flaw) => words::flaw(label, flaw, curves.first()),
            None => words::bound(label, of.bound, curves.beginning()),
        }
    }

    fn candidates(&self, place: usize, definition: Definition) -> Vec<(String, Use)> {
        let labels = &self.cells.parties[place].metrics;
        candidates(definition, self.is_of_tokens, labels, self.asked)
    }

    /// The metric of each cell: the first one that serves in all of them, or else in its own.
    pub fn choose(
        &self,
        definition: Definition,
        serves: impl Fn(&Curves, Use) -> bool,
    ) -> Vec<Option<Choice>> {
        let of_cell = |place: &usize| -> Vec<Choice> {
            let known = self.candidates(*place, definition).into_iter();
            let choice = |(label, of): (String, Use)| {
                let curves = self.readings.of(*place, &label, of);
                serves(&curves, of).then_some(Choice { label, curves })
            };
            known.filter_map(choice).collect()
        };
        let all: Vec<Vec<Choice>> = self.chosen.iter().map(of_cell).collect();
        let is_everywhere =
            |label: &String| all.iter().all(|own| own.iter().any(|choice| choice.label == *label));
        let mut labels = all.iter().flatten().map(|choice| &choice.label);
        let shared = labels.find(|label| is_everywhere(label)).cloned();
        let pick = |own: Vec<Choice>| {
            let place = own.iter().position(|choice| Some(&choice.label) == shared.as_ref());
            own.into_iter().nth(place.unwrap_or(0))
        };
        all.into_iter().map(pick).collect()
    }

    /// One row for each cell, of what its choice says.
    fn each(
        &self,
        definition: Definition,
        choices: &[Option<Choice>],
        fill: impl Fn(&mut Judgement, &Curves) + Sync,
    ) -> Vec<Judgement> {
        let row = |(place, choice): (&usize, &Option<Choice>)| {
            let label = choice.as_ref().map(|choice| choice.label.as_str());
            let mut row = self.row(*place, definition, label);
            if let Some(choice) = choice {
                fill(&mut row, &choice.curves);
            }
            row
        };
        self.chosen.par_iter().zip(choices).map(row).collect()
    }

    fn leaps(&self) -> Vec<Judgement> {
        let Request { times, alpha, .. } = *self.request;
        // A risk that is bounded may be unable to grow so often.
        let serves = |curves: &Curves, of: Use| {
            let can_reach = |first: f64| times * first <= of.bound;
            curves.flaw(true).is_none() && curves.beginning().is_none_or(can_reach)
        };
        let choices = self.choose(Definition::Leap, serves);
        self.each(Definition::Leap, &choices, |row, curves| {
            row.statistic = "R_T/R_1".into();
            match leap(curves, times, alpha) {
                Some(found) => {
                    put(row, &found.ratio, found.left_out);
                    let evidence = words::leap(&found, times, curves.first());
                    say(row, Verdict::of_reaching(&found.ratio, times), evidence);
                }
                None => say(row, Verdict::Undecided, "no lineage has both ends".into()),
            }
        })
    }

    /// Definitions 2 and 7, each a family of its own.
    fn rises(&self, definition: Definition) -> Vec<Judgement> {
        let choices = self.choose(definition, |curves, _| curves.flaw(false).is_none());
        let of_risk = definition == Definition::Rise;
        let found = |choice: &Option<Choice>| -> Option<Rise> {
            let choice = choice.as_ref()?;
            let is_share = ["precision", "reverse-kl"].contains(&bare(&choice.label));
            let margin = if is_share { OUTSIDE } else { 0.0 };
            let dead = of_risk.then_some(f64::INFINITY);
            rise(&choice.curves, dead, margin, self.request.alpha)
        };
        let rises: Vec<Option<Rise>> = choices.iter().map(found).collect();
        let judged = rise::judge(&rises, self.request.alpha);
        let mut rows = self.each(definition, &choices, |row, _| {
            row.statistic = if of_risk { "R_T − R_1" } else { "h_T − h_1" }.into();
            say(row, Verdict::Undecided, "no lineage has both ends".into());
        });
        for (row, (found, judged)) in rows.iter_mut().zip(rises.iter().zip(judged)) {
            if let (Some(found), Some((p, verdict))) = (found, judged) {
                put(row, &found.difference, found.left_out);
                (row.p, row.p_holm) = (Some(found.signs.p()), Some(p));
                say(row, verdict, words::rise(found, p));
            }
        }
        rows
    }

    fn courses(&self) -> Vec<Judgement> {
        let Request { resamples, seed, .. } = *self.request;
        // A risk that is bounded cannot diverge, whatever its course.
        let serves =
            |curves: &Curves, of: Use| of.bound.is_infinite() && curves.flaw(false).is_none();
        let choices = self.choose(Definition::Diverge, serves);
        self.each(Definition::Diverge, &choices, |row, curves| {
            row.statistic = "share of resamples that diverge".into();
            let name = format!("{} | {}", row.arm, row.swept);
            let mut rng = stream(seed, 0, curves.last(), Role::profile(&name));
            match divergence(curves, resamples, &mut rng) {
                Ok(found) => {
                    row.value = Some(found.share);
                    row.left_out = row.lineages - found.lineages as u32;
                    let verdict = match found.share {
                        share if share >= 0.95 => Verdict::Yes,
                        share if share <= 0.05 => Verdict::No,
                        _ => Verdict::Undecided,
                    };
                    say(row, verdict, words::course(&found));
                }
                Err(few) => say(row, Verdict::Undecided, words::too_few(few)),
            }
        })
    }

    fn variances(&self) -> Vec<Judgement> {
        let verdict = |found: &Decline| found.is_collapsing(self.request.left);
        self.declines(Definition::Variance, Base::World, verdict, words::variance)
    }

    fn tails(&self) -> Vec<Judgement> {
        let verdict = |found: &Decline| Verdict::of_losing(&found.left, self.request.left);
        self.declines(Definition::Tail, Base::First, verdict, words::tail)
    }

    /// What is left of something, definitions 4 and 6.
    fn declines(
        &self,
        definition: Definition,
        base: Base,
        verdict: impl Fn(&Decline) -> Verdict + Sync,
        evidence: impl Fn(&Decline) -> String + Sync,
    ) -> Vec<Judgement> {
        let decline = |curves: &Curves| decline(curves, base, self.request.alpha);
        let choices = self.choose(definition, |curves, _| decline(curves).is_some());
        self.each(definition, &choices, |row, curves| {
            row.statistic = base.statistic().into();
            if let Some(found) = decline(curves) {
                put(row, &found.left, found.left_out);
                say(row, verdict(&found), evidence(&found));
            }
        })
    }

    /// Definition 8, which needs what definition 7 found with draws outside the world.
    fn merges(&self, inventions: &[Judgement]) -> Vec<Judgement> {
        let alpha = self.request.alpha;
        let serves = |curves: &Curves, _| decline(curves, Base::First, alpha).is_some();
        let choices = self.choose(Definition::Merge, serves);
        let mut rows = self.each(Definition::Merge, &choices, |row, curves| {
            row.statistic = "share of modes, T over 1".into();
            match decline(&curves.living(), Base::First, alpha) {
                Some(found) => put(row, &found.left, found.left_out),
                None => say(row, Verdict::Undecided, "no lineage is left".into()),
            }
        });
        for ((row, choice), outside) in rows.iter_mut().zip(&choices).zip(inventions) {
            let curves = choice.as_ref().map(|choice| choice.curves.living());
            let Some(found) = curves.and_then(|curves| decline(&curves, Base::First, alpha)) else {
                continue;
            };
            if bare(&outside.metric) != "precision" {
                let evidence = "modes that die and modes that merge look alike: add \"precision\"";
                say(row, Verdict::NotMeasured, evidence.into());
                continue;
            }
            let known = Verdict::ALL.into_iter().find(|known| known.name() == outside.verdict);
            let outside = known.unwrap_or_default();
            let verdict = Verdict::of_merging(&found.left, outside);
            say(row, verdict, words::merging(&found, outside));
        }
        rows
    }
}

/// Writes a median into a row.
pub fn put(row: &mut Judgement, centre: &Centre, left_out: usize) {
    row.value = Some(centre.median);
    (row.low, row.high) = (centre.interval.map(|(l, _)| l), centre.interval.map(|(_, h)| h));
    row.left_out = left_out as u32;
}

/// Writes what is said into a row.
pub fn say(row: &mut Judgement, verdict: Verdict, evidence: String) {
    row.verdict = verdict.name().into();
    row.evidence = evidence;
}
