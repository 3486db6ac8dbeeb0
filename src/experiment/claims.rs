//! The `[[claims]]` of a file: read, and held against the cells that it has.

mod look;

pub use look::{Misplaced, looks};

use super::document::{Document, Table, Value, place_of_word, take_list};
use super::{Complaint, Party};
use crate::analysis::claim::Claim;
use std::collections::BTreeSet;
use toml::de::ValueDeserializer;

/// Takes the claims out of a file's tables, each with the places of what it names.
pub fn take<'t>(
    document: &Document,
    table: &mut Table<'t>,
) -> Result<Vec<(Claim, Value<'t>)>, Complaint> {
    let read = |value: Value<'t>| {
        let claim: Claim = serde::Deserialize::deserialize(ValueDeserializer::from(value.clone()))
            .map_err(|error| document.because(error))?;
        Ok((claim, value))
    };
    take_list(document, table, "claims", "name")?.into_iter().map(read).collect()
}

/// Refuses claims that say nothing, and claims about what is not there.
pub fn check(
    document: &Document,
    claims: &[(Claim, Value<'_>)],
    parties: &[Party],
) -> Result<(), Complaint> {
    let mut names = BTreeSet::new();
    for (claim, value) in claims {
        let complain = |message: String, word: Option<&str>| {
            let span = word.and_then(|word| place_of_word(value, word)).unwrap_or(value.span());
            document.complain(Some(span), format!("claim `{}`: {message}", claim.name))
        };
        if claim.name.trim().is_empty() || !names.insert(&claim.name) {
            let message = "another claim has its name, or it has none".to_owned();
            return Err(complain(message, Some(&claim.name)).with_help("name every claim once"));
        }
        if let Some(flaw) = claim.flaw() {
            return Err(complain(flaw, None));
        }
        let misplaced =
            |lack: Misplaced| complain(lack.message, lack.word.as_deref()).with_help(lack.help);
        let own = looks(claim, parties).map_err(misplaced)?;
        let foil = looks(&claim.seen_at(&claim.foil), parties).map_err(|lack| {
            misplaced(Misplaced { message: format!("its foil: {}", lack.message), ..lack })
        })?;
        if own == foil {
            let message = "its foil looks where it looks itself, and cannot fail alone".to_owned();
            return Err(complain(message, None)
                .with_help("name another arm, cell, metric or generation, where it must fail"));
        }
    }
    Ok(())
}
