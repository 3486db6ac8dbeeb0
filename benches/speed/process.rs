//! Accumulating lineages, each in a process of its own: no other work has left it memory to reuse.

use crate::clock::median;
use crate::{lineages, ngrams, studies, sweep};
use std::process::Command;

/// The word that makes this program such a process.
pub const ARGUMENT: &str = "--process";

/// The numbers that such a process prints.
pub fn ask(work: &str) -> Vec<f64> {
    let program = std::env::current_exe().expect("this program");
    let output = Command::new(program).args(["--bench", ARGUMENT, work]).output().expect("a run");
    let text = String::from_utf8_lossy(&output.stdout);
    text.split_whitespace().filter_map(|word| word.parse().ok()).collect()
}

/// Peak growth of the resident set over the bytes of the pool's numbers; Linux alone knows it.
pub fn factor(work: &str) -> Option<f64> {
    ask(work).first().copied()
}

/// Seconds of a generation at the start and at the end.
///
/// The median of each generation over the processes, then the mean over a hundred generations: what
/// falls on the same generation in every process stays in, what the machine does besides stays out.
pub fn early_and_late(processes: usize) -> (f64, f64) {
    let times: Vec<Vec<f64>> = (0..processes).map(|_| ask("watch")).collect();
    let seconds = |t: usize| median(&times.iter().map(|times| times[t - 1]).collect::<Vec<_>>());
    let mean = |from: usize| (from..from + 100).map(seconds).sum::<f64>() / 100.0;
    (mean(2), mean(901))
}

/// What such a process does.
pub fn answer(work: &str) {
    match work.strip_prefix("sweep-").and_then(|trials| trials.parse().ok()) {
        Some(trials) => sweep::answer(trials),
        None => answer_by_name(work),
    }
}

fn answer_by_name(work: &str) {
    match work {
        ngrams::PROCESS => ngrams::answer(),
        "watch" => lineages::watch().iter().for_each(|seconds| println!("{seconds}")),
        _ => measure(work),
    }
}

/// Prints the factor, or nothing where the system does not tell.
fn measure(work: &str) {
    let pool = lineages::POOL_BYTES as f64;
    let accumulate = |generations| match work {
        "lineage" => lineages::accumulate(generations),
        _ => studies::run(&*studies::accumulate(generations), 1),
    };
    // The program's own pages come into memory as it first runs.
    accumulate(3);
    let before = kilobytes("VmRSS:");
    accumulate(1000);
    if let (Some(before), Some(peak)) = (before, kilobytes("VmHWM:")) {
        println!("{}", (peak - before) * 1024.0 / pool);
    }
}

pub fn kilobytes(key: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    line.split_whitespace().next()?.parse().ok()
}
