//! The tables that grow with the number of trials, while they are written.

use crate::archive::csv::Table;
use crate::archive::growing::Growing;
use crate::archive::{ArchiveError, table};
use crate::experiment::budget::{Spent, Sums};
use crate::experiment::run::RunReport;
use std::path::Path;

/// The tables that grow with the number of trials.
pub(super) struct Tables {
    pub measurements: Table<table::Measurement>,
    pub outcomes: Table<table::Outcome>,
    pub costs: Table<table::Cost>,
    pub composition: Table<table::Composition>,
    pub budget: Table<table::Budget>,
}

impl Tables {
    pub fn at(folder: &Path) -> Self {
        Tables {
            measurements: Table::at(folder, "measurements"),
            outcomes: Table::at(folder, "outcomes"),
            costs: Table::at(folder, "costs"),
            composition: Table::at(folder, "composition"),
            budget: Table::at(folder, "budget"),
        }
    }
}

/// The same, being written.
pub(super) struct Open {
    pub measurements: Growing,
    pub outcomes: Growing,
    pub costs: Growing,
    pub composition: Growing,
    pub budget: Growing,
    /// Spending of the cell whose trials are being written.
    pub sums: Sums,
}

impl Open {
    pub fn begin(tables: &Tables) -> Result<Self, ArchiveError> {
        Ok(Open {
            measurements: tables.measurements.begin()?,
            outcomes: tables.outcomes.begin()?,
            costs: tables.costs.begin()?,
            composition: tables.composition.begin()?,
            budget: tables.budget.begin()?,
            sums: Sums::default(),
        })
    }

    pub fn put(&mut self, lines: &Written, report: &mut RunReport) -> Result<(), ArchiveError> {
        report.trials += usize::from(!lines.is_missing);
        report.extinct += usize::from(lines.is_extinct);
        report.absorbed += usize::from(lines.is_absorbed);
        report.failed += usize::from(lines.is_failed);
        self.measurements.put(&lines.measurements)?;
        self.outcomes.put(&lines.outcome)?;
        if lines.is_counted {
            self.sums.add(lines.spent.as_deref());
        }
        self.costs.put(&lines.cost)
    }

    pub fn finish(self) -> Result<(), ArchiveError> {
        self.measurements.finish()?;
        self.outcomes.finish()?;
        self.costs.finish()?;
        self.composition.finish()?;
        self.budget.finish()
    }
}

/// What one trial adds to the tables.
#[derive(Default)]
pub(super) struct Written {
    pub measurements: Vec<u8>,
    pub outcome: Vec<u8>,
    pub cost: Vec<u8>,
    pub is_extinct: bool,
    pub is_absorbed: bool,
    pub is_failed: bool,
    pub is_missing: bool,
    /// Whether the lineage spent something, and how much by each generation where that is known.
    pub is_counted: bool,
    pub spent: Option<Vec<Spent>>,
}
