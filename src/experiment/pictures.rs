//! The `[[figures]]` of a file: read, and held against what it has.

use super::document::{Document, Table, Value, place_of_word, take_list};
use super::{Complaint, Party};
use crate::archive::picture::{Against, Kind, Line, Picture};
use crate::archive::reading::Passage;
use crate::catalog;
use crate::theory::along;
use std::collections::BTreeSet;

/// Takes the figures out of a file's tables, each with the places of what it names.
pub fn take<'t>(
    document: &Document,
    table: &mut Table<'t>,
) -> Result<Vec<(Picture, Value<'t>)>, Complaint> {
    let read = |value: Value<'t>| {
        let picture = Picture::read(value.clone()).map_err(|error| document.because(error))?;
        Ok((picture, value))
    };
    take_list(document, table, "figures", "kind")?.into_iter().map(read).collect()
}

/// Refuses figures of what is not there: metrics, axes, arms, ends and closed forms.
pub fn check(
    document: &Document,
    figures: &[(Picture, Value<'_>)],
    parties: &[Party],
    axes: &[&str],
) -> Result<(), Complaint> {
    let metrics = parties.iter().flat_map(|party| party.metrics.iter().map(String::as_str));
    let metrics: BTreeSet<&str> = metrics.collect();
    let arms: BTreeSet<&str> = parties.iter().map(|party| &*party.arm).collect();
    let axes: BTreeSet<&str> = axes.iter().copied().collect();
    for (picture, value) in figures {
        let own_arms = picture.arms().iter().map(String::as_str);
        let named = [
            ("metric", picture.metrics(), &metrics),
            ("axis", picture.axes(), &axes),
            ("arm", own_arms.chain(picture.other_arms()).collect(), &arms),
        ];
        for (what, names, known) in named {
            if let Some(name) = names.into_iter().find(|name| !known.contains(name)) {
                let span = place_of_word(value, name).unwrap_or(value.span());
                let message =
                    format!("the figure is about the {what} `{name}`, which there is not");
                let help = match known.is_empty() {
                    true => format!("the file has no {what}"),
                    false => catalog::alternatives(name, known.iter().copied()),
                };
                return Err(document.complain(Some(span), message).with_help(help));
            }
        }
        let complain = |message: String, word: Option<&str>, help: String| {
            let span = word.and_then(|word| place_of_word(value, word)).unwrap_or(value.span());
            document.complain(Some(span), message).with_help(help)
        };
        let waits = matches!(
            &picture.kind,
            Kind::Against(Against { passage: Some(Passage::Absorbed), .. })
        );
        if waits && !parties.iter().any(|party| party.ends_absorbed) {
            let message = "no lineage of this file ends where it is absorbed".to_owned();
            let help = "add `stop = \"absorbed\"` to the file".to_owned();
            return Err(complain(message, Some("absorbed"), help));
        }
        for line in picture.lines() {
            check_line(line, &picture.kind, parties)
                .map_err(|(message, word, help)| complain(message, word.as_deref(), help))?;
        }
    }
    Ok(())
}

/// A message, the word that is wrong, and a remedy.
type Flaw = (String, Option<String>, String);

/// Refuses a closed form whose words stand for nothing, or that does not take their numbers.
fn check_line(line: &Line, kind: &Kind, parties: &[Party]) -> Result<(), Flaw> {
    let Some(form) = &line.theory else { return Ok(()) };
    let through_time = matches!(kind, Kind::Curves(_));
    let is_about = |party: &&Party| line.arms.as_ref().is_none_or(|arms| arms.contains(&party.arm));
    for party in parties.iter().filter(is_about) {
        let number = |word: &str| match word {
            "generation" if through_time => Some(1.0),
            path => {
                let (_, text) = party.swept.iter().find(|(known, _)| known == path)?;
                text.parse().ok()
            }
        };
        if let Some(word) = along::words(form).into_iter().find(|word| number(word).is_none()) {
            let time = through_time.then_some("generation");
            let known: BTreeSet<&str> =
                party.swept.iter().map(|(path, _)| path.as_str()).chain(time).collect();
            let message = format!(
                "`{word}` in a closed form is neither the axis of time nor a swept number of arm `{}`",
                party.arm
            );
            let help = match known.is_empty() {
                true => "write a number".to_owned(),
                false => catalog::alternatives(word, known.iter().copied()),
            };
            return Err((message, Some(word.to_owned()), help));
        }
        along::value(form, number).map_err(|cause| {
            let message = format!("a closed form of the figure has no value: {cause}");
            (
                message,
                None,
                "see the forms that `expect = { theory = … }` of claims takes".to_owned(),
            )
        })?;
    }
    Ok(())
}
