//! `collapse list` and `collapse explain`: the catalogue, as its own files describe it.

use super::screen;
use crate::catalog::{Entry, alternatives};
use crate::{curation, metric, model, regime, world};
use std::process::ExitCode;

/// A kind of entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    Worlds,
    Models,
    Regimes,
    Curation,
    Metrics,
}

impl Kind {
    const ALL: [Kind; 5] =
        [Kind::Worlds, Kind::Models, Kind::Regimes, Kind::Curation, Kind::Metrics];

    fn name(self) -> &'static str {
        match self {
            Kind::Worlds => "worlds",
            Kind::Models => "models",
            Kind::Regimes => "regimes",
            Kind::Curation => "curation",
            Kind::Metrics => "metrics",
        }
    }

    /// The key under which a file chooses one: `model` for models.
    fn key(self) -> &'static str {
        self.name().trim_end_matches('s')
    }
}

/// An entry as people read it, whatever it is an entry of.
struct Page {
    kind: Kind,
    name: &'static str,
    spaces: Vec<&'static str>,
    summary: String,
    documentation: String,
    parameters: Vec<(String, String)>,
    defaults: Option<toml::Table>,
}

fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    add(&mut pages, Kind::Worlds, "points", world::POINTS);
    add(&mut pages, Kind::Worlds, "tokens", world::TOKENS);
    add(&mut pages, Kind::Models, "points", model::POINTS);
    add(&mut pages, Kind::Models, "tokens", model::TOKENS);
    add(&mut pages, Kind::Regimes, "", regime::ALL);
    add(&mut pages, Kind::Curation, "points", curation::POINTS);
    add(&mut pages, Kind::Curation, "tokens", curation::TOKENS);
    add(&mut pages, Kind::Metrics, "points", metric::POINTS);
    add(&mut pages, Kind::Metrics, "tokens", metric::TOKENS);
    pages
}

/// Adds the entries of one list; an entry that is in both spaces has one page.
fn add<T: ?Sized>(
    pages: &mut Vec<Page>,
    kind: Kind,
    space: &'static str,
    entries: &'static [Entry<T>],
) {
    for entry in entries {
        let known = pages.iter_mut().find(|page| {
            page.kind == kind
                && page.name == entry.name
                && page.documentation == entry.documentation()
        });
        match known {
            Some(page) => page.spaces.push(space),
            None => pages.push(Page {
                kind,
                name: entry.name,
                spaces: if space.is_empty() { Vec::new() } else { vec![space] },
                summary: entry.summary(),
                documentation: entry.documentation(),
                parameters: entry.parameters(),
                defaults: entry.default().map(|default| default.table),
            }),
        }
    }
}

/// Prints a line for each entry of one kind, or of all.
pub fn list(kind: Option<Kind>) -> ExitCode {
    let pages = pages();
    let shown: Vec<Kind> =
        Kind::ALL.into_iter().filter(|k| kind.is_none_or(|only| only == *k)).collect();
    for (i, kind) in shown.iter().enumerate() {
        if i > 0 {
            screen::say("");
        }
        let rows: Vec<Vec<String>> = pages
            .iter()
            .filter(|page| page.kind == *kind)
            .map(|page| vec![page.name.into(), page.spaces.join(", "), page.summary.clone()])
            .collect();
        screen::say(&screen::table(&[kind.name(), "", ""], &rows));
    }
    ExitCode::SUCCESS
}

/// Prints the page of an entry, by its name or by `kind.name`.
pub fn explain(name: &str) -> ExitCode {
    let pages = pages();
    let called = |page: &&Page| match name.split_once('.') {
        Some((kind, name)) => {
            (kind == page.kind.key() || kind == page.kind.name()) && name == page.name
        }
        None => name == page.name,
    };
    let found: Vec<&Page> = pages.iter().filter(called).collect();
    if found.is_empty() {
        let short = name.rsplit('.').next().unwrap_or(name);
        screen::error(&format!("there is no entry `{name}`"));
        let mut names: Vec<&str> = pages.iter().map(|page| page.name).collect();
        names.dedup();
        screen::note(&format!("  help: {}", alternatives(short, names.into_iter())));
        return ExitCode::from(2);
    }
    for (i, page) in found.iter().enumerate() {
        if i > 0 {
            screen::say("");
        }
        show(page);
    }
    ExitCode::SUCCESS
}

fn show(page: &Page) {
    let spaces = match page.spaces.is_empty() {
        true => String::new(),
        false => format!(" ({})", page.spaces.join(", ")),
    };
    screen::say(&format!("{}.{}{spaces}\n", page.kind.key(), page.name));
    screen::say(&page.documentation);
    if page.parameters.is_empty() {
        return;
    }
    screen::say("\nParameters:");
    for (key, meaning) in &page.parameters {
        let default = page.defaults.as_ref().and_then(|table| table.get(key));
        let default = default.map(|value| format!(" = {value}")).unwrap_or_default();
        screen::say(&format!("  {key}{default}\n      {meaning}"));
    }
}
