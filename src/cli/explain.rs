//! `collapse list` and `collapse explain`: the catalogue, as its own files describe it.

mod card;
mod page;
mod recipe;

use super::screen;
use crate::catalog::{Entry, alternatives};
use crate::experiment::mitigations;
use crate::{curation, metric, model, regime, world};
use page::{Extra, Page};
use serde_json::{Value, json};
use std::process::ExitCode;

/// A kind of entry, or the table of mitigations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Kind {
    Worlds,
    Models,
    Regimes,
    Curation,
    Metrics,
    /// Papers, and the line of a file that does what each of them does.
    Mitigations,
    /// Papers, their figures that are reproduced here, and what is missing.
    Papers,
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
            Kind::Mitigations => "mitigations",
            Kind::Papers => "papers",
        }
    }

    /// The key under which a file chooses one: `model` for models.
    fn key(self) -> &'static str {
        self.name().trim_end_matches('s')
    }
}

fn pages() -> Vec<Page> {
    let mut pages = Vec::new();
    add(&mut pages, Kind::Worlds, "points", world::POINTS, |_| Extra::None);
    add(&mut pages, Kind::Worlds, "tokens", world::TOKENS, |_| Extra::None);
    add(&mut pages, Kind::Models, "points", model::POINTS, |_| Extra::None);
    add(&mut pages, Kind::Models, "tokens", model::TOKENS, |_| Extra::None);
    add(&mut pages, Kind::Regimes, "", regime::ALL, |r| Extra::Recipe(recipe::table(r)));
    add(&mut pages, Kind::Curation, "points", curation::POINTS, |c| account(c.account()));
    add(&mut pages, Kind::Curation, "tokens", curation::TOKENS, |c| account(c.account()));
    add(&mut pages, Kind::Metrics, "points", metric::POINTS, |m| Extra::Card(m.card()));
    add(&mut pages, Kind::Metrics, "tokens", metric::TOKENS, |m| Extra::Card(m.card()));
    pages
}

fn account(account: Option<String>) -> Extra {
    account.map_or(Extra::None, Extra::Account)
}

/// Adds the entries of one list; an entry that is in both spaces has one page.
fn add<T: ?Sized>(
    pages: &mut Vec<Page>,
    kind: Kind,
    space: &'static str,
    entries: &'static [Entry<T>],
    extra: impl Fn(&T) -> Extra,
) {
    for entry in entries {
        let same = |page: &&mut Page| page.kind == kind && page.name == entry.name;
        let known = pages.iter_mut().find(same);
        match known.filter(|page| page.documentation == entry.documentation()) {
            Some(page) => page.spaces.push(space),
            None => pages.push(Page::new(kind, space, entry, &extra)),
        }
    }
}

/// Prints a line for each entry of one kind, or of all.
pub fn list(kind: Option<Kind>, json: bool) -> ExitCode {
    match kind {
        Some(Kind::Mitigations) => return list_mitigations(json),
        Some(Kind::Papers) => return super::reproduce::list(json),
        _ => {}
    }
    let pages = pages();
    if json {
        return print_json(pages.iter().filter(|page| kind.is_none_or(|only| only == page.kind)));
    }
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

/// Prints papers and lines of TOML.
fn list_mitigations(json: bool) -> ExitCode {
    if json {
        let object = |m: &mitigations::Mitigation| {
            let spaces = if m.space.is_empty() { vec!["points", "tokens"] } else { vec![m.space] };
            json!({ "mitigation": m.what, "paper": m.paper, "place": m.place(), "spaces": spaces,
                    "entry": m.entry(), "toml": m.line })
        };
        let list: Value = mitigations::ALL.iter().map(object).collect();
        screen::say(&format!("{list:#}"));
        return ExitCode::SUCCESS;
    }
    let row = |m: &mitigations::Mitigation| {
        vec![m.what.to_owned(), m.space.to_owned(), m.paper.to_owned(), m.line.to_owned()]
    };
    let rows: Vec<Vec<String>> = mitigations::ALL.iter().map(row).collect();
    screen::say(&screen::table(&["mitigation", "", "paper", "in the file"], &rows));
    ExitCode::SUCCESS
}

/// Prints the page of an entry, by its name or by `kind.name`.
pub fn explain(name: &str, json: bool) -> ExitCode {
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
        screen::help(&alternatives(short, names.into_iter()));
        return ExitCode::from(2);
    }
    if json {
        let list: Value = found.into_iter().map(explained).collect();
        screen::say(&format!("{list:#}"));
        return ExitCode::SUCCESS;
    }
    for (i, page) in found.iter().enumerate() {
        if i > 0 {
            screen::say("");
        }
        show(page);
        card::calibrations(page).iter().for_each(|card| screen::say(&card::text(card)));
    }
    ExitCode::SUCCESS
}

/// The page, and what is simulated for it.
fn explained(page: &Page) -> Value {
    let mut object = page.json();
    if page.kind == Kind::Metrics {
        let cards: Vec<Value> = card::calibrations(page).iter().map(card::json).collect();
        object["calibration"] = json!(cards);
    }
    object
}

fn show(page: &Page) {
    let spaces = match page.spaces.is_empty() {
        true => String::new(),
        false => format!(" ({})", page.spaces.join(", ")),
    };
    screen::say(&format!("{}.{}{spaces}\n", page.kind.key(), page.name));
    screen::say(&page.documentation);
    if !page.parameters.is_empty() {
        screen::say("\nParameters:");
    }
    for parameter in &page.parameters {
        let (name, rule) = (&parameter.name, parameter.rule());
        screen::say(&format!("  {name}{rule}\n      {}", parameter.documentation));
    }
    match &page.extra {
        Extra::None => {}
        Extra::Recipe(table) => screen::say(&format!("\n{table}")),
        Extra::Account(account) => {
            screen::say(&format!("\nWith the defaults:\n{}", indented(account)));
        }
        Extra::Card(card) => {
            let unit = if card.unit.is_empty() { "none (a ratio or share)" } else { card.unit };
            let rows = [
                ("symbol", card.symbol.to_owned()),
                ("unit", unit.to_owned()),
                ("target", page::target(card.target)),
                ("cost", card.cost.to_owned()),
                ("source", card.source.to_owned()),
            ];
            let rows = rows.map(|(key, value)| format!("  {key:6}  {value}"));
            screen::say(&format!("\nCard:\n{}", rows.join("\n")));
        }
    }
}

fn print_json<'p>(pages: impl Iterator<Item = &'p Page>) -> ExitCode {
    let list: Value = pages.map(Page::json).collect();
    screen::say(&format!("{list:#}"));
    ExitCode::SUCCESS
}

/// Every line two spaces further in.
fn indented(text: &str) -> String {
    text.lines().map(|line| format!("  {line}")).collect::<Vec<_>>().join("\n")
}
