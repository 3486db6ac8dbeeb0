//! How much memory a run will need at most, asked before any of it is taken.

use super::{Cell, Space};

/// A request that the machine cannot hold.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("this needs about {} of memory, and the machine has {}", bytes(*.needed), bytes(*.available))]
pub struct Excess {
    pub needed: f64,
    pub available: f64,
    /// The key that asks for most.
    pub culprit: &'static str,
    pub help: String,
}

/// A number of bytes as people say it.
pub fn bytes(n: f64) -> String {
    let (scale, unit) = match n {
        n if n < 1e6 => (1e3, "kB"),
        n if n < 1e9 => (1e6, "MB"),
        n if n < 1e12 => (1e9, "GB"),
        _ => (1e12, "TB"),
    };
    format!("{:.1} {unit}", n / scale)
}

/// The numbers that one lineage holds at its largest, by the key that asks for them.
fn numbers<S: Space>(cell: &Cell<S>, shape: &S::Shape) -> [(&'static str, f64); 5] {
    use crate::regime::Reach;
    let held = |n: f64| S::numbers(shape, n);
    let offspring = &cell.schedule[2..];
    let largest = offspring.iter().copied().max().unwrap_or(0) as f64;
    let remembered = match cell.regime.value.reach() {
        Reach::Everything => offspring.iter().map(|n| held(*n as f64)).sum(),
        Reach::Last(k) => f64::from(k.min(cell.header.last())) * held(largest),
    };
    let generations = f64::from(cell.header.last());
    let (trials, metrics) = (cell.header.trials.most() as f64, cell.metrics.len() as f64);
    [
        // A family that is not fitted to summaries sees one more copy of its training set.
        ("founders", 2.0 * held(cell.needs.founders as f64)),
        ("offspring", 2.0 * remembered + held(largest)),
        ("real", held(cell.needs.fresh as f64)),
        ("evaluation", 3.0 * held(cell.needs.evaluation as f64)),
        // The index of the journal, and the readings of one lineage and of one line of the summary.
        ("trials", 8.0 * trials + 4.0 * generations * metrics),
    ]
}

/// Bytes that one lineage holds at its largest.
pub fn of_lineage<S: Space>(cell: &Cell<S>, shape: &S::Shape) -> f64 {
    8.0 * numbers(cell, shape).iter().map(|(_, n)| n).sum::<f64>()
}

/// Refuses what cannot be held.
pub fn check<S: Space>(cell: &Cell<S>, shape: &S::Shape) -> Result<(), Excess> {
    let numbers = numbers(cell, shape);
    let needed = of_lineage(cell, shape);
    let mut system = sysinfo::System::new();
    system.refresh_memory();
    // A system that does not say how much it has is taken to have enough for what people do.
    let available = match system.total_memory() {
        0 => 64e9,
        total => total as f64,
    };
    if needed <= available {
        return Ok(());
    }
    let largest = numbers.iter().max_by(|a, b| a.1.total_cmp(&b.1));
    // Offspring that the file does not name are as many as the founders.
    let culprit = match largest {
        Some(("offspring", _)) if cell.header.offspring.is_none() => "founders",
        Some((key, _)) => key,
        None => "founders",
    };
    let help = format!(
        "lower `{culprit}`, or the dimension of the world ({shape} take {} each)",
        bytes(8.0 * S::numbers(shape, 1.0))
    );
    Err(Excess { needed, available, culprit, help })
}
