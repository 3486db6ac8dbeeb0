//! A sweep of many small trials: what the laboratory itself costs, beside the lineages.

use crate::clock::seconds;
use crate::process::{ask, kilobytes};
use crate::table::{Bound, Row, duration};
use crate::{lineages, studies};
use model_collapse::archive::folder;
use model_collapse::archive::journal::Journal;
use model_collapse::experiment::Orders;
use model_collapse::report;

const CELLS: usize = 100;
const TRIALS: usize = 1000;
/// Generations 1 to 3; what the world reads is in the journal, too, but once.
const READINGS: usize = 3 * 2;

/// What one process measures: seconds of each step, bytes of the journal, peak kilobytes after the
/// trials and after the figures.
pub fn answer(trials: usize) {
    let home = tempfile::tempdir().expect("a temporary folder");
    let study = studies::sweep(trials);
    let results = folder::open(&home.path().join("sweep")).expect("a folder");
    let orders = Orders::default();
    let work = seconds(|| study.work(&results, &orders).expect("a run"));
    let peak_of_work = kilobytes("VmHWM:").unwrap_or(f64::NAN);
    let finish = seconds(|| report::finish(&results, &*study, &orders).expect("tables"));
    let peak = kilobytes("VmHWM:").unwrap_or(f64::NAN);
    let plan = seconds(|| {
        let survey = study.survey(&results, false).expect("a survey");
        study.estimate(&survey, 1).expect("an estimate")
    });
    let status = seconds(|| report::status(&results).expect("a status"));
    let nothing = seconds(|| {
        let survey = study.survey(&results, false).expect("a survey");
        assert!(report::is_finished(&results, &*study, &survey));
    });
    let journal: u64 =
        Journal::read(&results).expect("a journal").lengths.iter().map(|f| f.1).sum();
    for number in [work, finish, plan, status, nothing, journal as f64, peak_of_work, peak] {
        println!("{number}");
    }
}

/// The lines of the table.
pub fn rows() -> Vec<Row> {
    let few = ask(&format!("sweep-{TRIALS}"));
    let many = ask(&format!("sweep-{}", 4 * TRIALS));
    let few: Result<[f64; 8], _> = few.try_into();
    let (
        Ok([work, finish, plan, status, nothing, journal, peak_of_work, peak]),
        Some([more, more_drawn]),
    ) = (few, many.get(6..8))
    else {
        return Vec::new();
    };
    let all = (CELLS * TRIALS) as f64;
    let setup = lineages::Setup::gaussian("replace", 10, 3);
    let alone = seconds(|| {
        (0..all as u32).for_each(|trial| setup.run(trial, &mut lineages::Reader::new()));
    });
    let row = |work: &str, ours: String, reached: f64, bound, unit| Row {
        work: format!("100 cells × 1000 trials: {work}"),
        ours,
        peer: "–".into(),
        reached: Some(reached),
        bound,
        unit,
    };
    let of_two =
        |what, seconds: f64, most| row(what, duration(seconds), seconds, Bound::AtMost(most), "s");
    let overhead = (work - alone) / all;
    let numbers = all * READINGS as f64 * 8.0;
    vec![
        row("overhead a trial", duration(overhead), overhead * 1e6, Bound::AtMost(50.0), "µs"),
        row(
            "journal against its numbers",
            format!("{:.2} MB", journal / 1e6),
            journal / numbers,
            Bound::AtMost(1.3),
            "×",
        ),
        row(
            "peak memory of the trials",
            "–".into(),
            peak_of_work / 1024.0,
            Bound::AtMost(200.0),
            "MB",
        ),
        row(
            "the same with four times the trials",
            "–".into(),
            more / 1024.0,
            Bound::AtMost(200.0),
            "MB",
        ),
        row(
            "peak memory with tables and figures",
            "–".into(),
            peak / 1024.0,
            Bound::AtMost(200.0),
            "MB",
        ),
        row(
            "the same with tables, figures and four times the trials",
            "–".into(),
            more_drawn / 1024.0,
            Bound::AtMost(200.0),
            "MB",
        ),
        of_two("plan", plan, 2.0),
        of_two("status", status, 2.0),
        of_two("a run with nothing to do", nothing, 2.0),
        of_two("tables, summary and default figures", finish, 20.0),
    ]
}
