//! The bibliography against the catalogue: whatever an entry cites is a work that is known.

use model_collapse::catalog::Entry;
use model_collapse::report::bibliography::{Work, cited};
use model_collapse::{curation, metric, model, regime, world};

/// The sources of every entry of a list, with its name.
fn sources<T: ?Sized>(entries: &'static [Entry<T>]) -> Vec<(&'static str, String)> {
    entries.iter().filter_map(|entry| Some((entry.name, entry.cited()?))).collect()
}

#[test]
fn every_year_that_an_entry_cites_is_that_of_a_work() {
    let all = [
        sources(world::POINTS),
        sources(world::TOKENS),
        sources(model::POINTS),
        sources(model::TOKENS),
        sources(regime::ALL),
        sources(curation::POINTS),
        sources(curation::TOKENS),
        sources(metric::POINTS),
        sources(metric::TOKENS),
    ];
    for (name, text) in all.into_iter().flatten() {
        let works = cited([text.as_str()]);
        let words = text.split(|c: char| !c.is_ascii_digit() && c != '.');
        let is_year = |word: &&str| {
            word.len() == 4 && ["18", "19", "20"].iter().any(|start| word.starts_with(start))
        };
        for year in words.map(|word| word.trim_end_matches('.')).filter(is_year) {
            // A preprint and its proceedings may lie a year apart.
            let is_of = |work: &Work<'_>| {
                let years = [work.year, year].map(|year| year.parse::<i32>().unwrap_or(0));
                (years[0] - years[1]).abs() <= 1
            };
            assert!(works.iter().any(is_of), "{name}: whose is {year}? {text}");
        }
    }
}
