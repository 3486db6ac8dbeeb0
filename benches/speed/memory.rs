//! The memory of an accumulating lineage, measured in a process that does nothing else.

use crate::{lineages, studies};
use std::process::Command;

/// The word that makes this program such a process.
pub const ARGUMENT: &str = "--memory-of";

/// Peak growth of the resident set over the bytes of the pool's numbers; Linux alone knows it.
pub fn factor(work: &str) -> Option<f64> {
    let program = std::env::current_exe().ok()?;
    let output = Command::new(program).args(["--bench", ARGUMENT, work]).output().ok()?;
    String::from_utf8(output.stdout).ok()?.trim().parse().ok()
}

/// What that process does: it prints the factor, or nothing where the system does not tell.
pub fn measure(work: &str) {
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

fn kilobytes(key: &str) -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(key))?;
    line.split_whitespace().next()?.parse().ok()
}
