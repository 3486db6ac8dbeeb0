//! Where a lineage can be absorbed: nothing but what the generation before has left trains the next one.

use super::document::{Document, Table, span_of};
use super::{Cell, Complaint, Space, Stop};
use crate::regime::{self, Regime};

/// Refuses to look for an end that cannot come.
pub fn check<S: Space>(
    cell: &Cell<S>,
    document: &Document,
    table: &Table<'_>,
) -> Result<(), Complaint> {
    if cell.header.stop == Stop::Never {
        return Ok(());
    }
    let span = span_of(table, &["stop"]);
    if !cell.curation.is_empty() {
        let message = "`stop = \"absorbed\"`, and curators may change what is left";
        let help = "leave `curation` out, or go on to the last generation: `stop = \"never\"`";
        return Err(document.complain(span, message).with_help(help));
    }
    let (sizes, last) = (cell.sizes(), cell.header.last());
    let can_end = |regime: &dyn Regime| regime::on_newest_alone(regime, &sizes, last);
    can_end(&*cell.regime.value).map_err(|company| {
        let name = cell.regime.entry.name;
        let message = format!(
            "`stop = \"absorbed\"`, and under `{name}` a lineage can always change: {company}"
        );
        let possible = regime::ALL
            .iter()
            .filter(|entry| entry.default().is_some_and(|regime| can_end(&*regime.value).is_ok()));
        let possible: Vec<&str> = possible.map(|entry| entry.name).collect();
        let help = format!(
            "choose the regime {}, or go on to the last generation: `stop = \"never\"`",
            possible.join(" or ")
        );
        document.complain(span, message).with_help(help)
    })
}
