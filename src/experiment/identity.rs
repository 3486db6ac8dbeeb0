//! What makes two lineages, or two readings, the same: everything that decides them, and its hash.
//!
//! A lineage is decided by the resolved cell without its names, its question, its counts of trials and
//! generations and what is measured; by the content of every file read; by the versions of streams and
//! loop; and by the revision of each entry used. A reading, by that and its metric.

use super::{Cell, Complaint, Document, Measured, Space, resolved};
use crate::archive::journal::CellKey;
use crate::{lineage, stream};
use std::collections::{BTreeMap, BTreeSet};
use toml::Value;

/// Keys of a resolved cell that decide nothing about its lineages.
const NO_PART: [&str; 5] = ["question", "trials", "generations", "measure", "metrics"];

/// Values of keys that once were the only way.
const USUAL: [(&str, &str); 2] = [("samples", "\"drawn\""), ("stop", "\"never\"")];

/// What decides the lineages of a cell.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identity {
    /// By name, so that a change can be told in words.
    pub decides: BTreeMap<String, String>,
    pub key: CellKey,
}

impl Identity {
    pub fn of<S: Space>(document: &Document, cell: &Cell<S>) -> Result<Self, Complaint> {
        let mut decides = BTreeMap::new();
        let mut table = resolved::cell_table(cell);
        NO_PART.iter().for_each(|key| drop(table.remove(*key)));
        flatten("", &Value::Table(table), &mut decides);
        // What is as it has always been is not said: older lineages keep their names.
        decides.retain(|key, value| !USUAL.contains(&(key.as_str(), value.as_str())));
        decides.insert("world".into(), cell.world.entry.name.into());
        decides.insert("model".into(), cell.model.entry.name.into());
        decides.insert("regime".into(), cell.regime.entry.name.into());
        decides.insert("version of streams".into(), stream::VERSION.into());
        decides.insert("version of the loop".into(), lineage::VERSION.to_string());
        // World and model may share a name.
        let choices = [
            ("world", cell.world.entry.name, cell.world.entry.revision),
            ("model", cell.model.entry.name, cell.model.entry.revision),
            ("regime", cell.regime.entry.name, cell.regime.entry.revision),
        ];
        let curators = cell.curation.iter().map(|c| ("curator", c.entry.name, c.entry.revision));
        for (kind, name, revision) in choices.into_iter().chain(curators) {
            decides.insert(format!("revision of {kind} {name}"), revision.to_string());
        }
        for path in cell.world.value.files(document.folder()) {
            let content = std::fs::read(&path).map_err(|error| {
                document.complain(None, format!("cannot read {}: {error}", path.display()))
            })?;
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            decides.insert(format!("content of {name}"), blake3::hash(&content).to_string());
        }
        let key = hash(&decides);
        Ok(Identity { decides, key })
    }

    /// The short hash, by which tables name the cell.
    pub fn short(&self) -> String {
        self.hex()[..10].to_owned()
    }

    pub fn hex(&self) -> String {
        blake3::Hash::from_bytes(self.key).to_hex().to_string()
    }
}

/// "founders 20 → 30", for everything that differs. Of a world, model or regime that became another
/// one, its parameters say no more than its name.
pub fn difference(old: &BTreeMap<String, String>, new: &BTreeMap<String, String>) -> String {
    let is_other = |choice: &str| old.get(choice) != new.get(choice);
    let is_implied = |name: &str| {
        let choice = name.split('.').next().unwrap_or(name);
        let is_of_a_choice = ["world", "model", "regime"].contains(&choice) && name != choice;
        let is_of_an_entry =
            name.starts_with("revision of ") && !(old.contains_key(name) && new.contains_key(name));
        (is_of_a_choice && is_other(choice)) || is_of_an_entry
    };
    let names: BTreeSet<&String> = old.keys().chain(new.keys()).collect();
    let is_hash = |value: &str| value.len() == 64;
    let told = names.into_iter().filter(|name| !is_implied(name));
    let told = told.filter_map(|name| match (old.get(name), new.get(name)) {
        (Some(old), Some(new)) if old == new => None,
        (Some(old), Some(new)) if is_hash(old) && is_hash(new) => Some(name.clone()),
        (Some(old), Some(new)) => Some(format!("{name} {old} → {new}")),
        (None, Some(new)) => Some(format!("{name} {new} is new")),
        (Some(_), None) => Some(format!("{name} is gone")),
        (None, None) => None,
    });
    let told: Vec<String> = told.collect();
    match told.len() {
        0..=3 => told.join(", "),
        n => format!("{}, and {} more", told[..2].join(", "), n - 2),
    }
}

/// What decides a reading besides its lineage: the label, and a hash of parameters and revision.
pub fn metric_key<S: Space>(measured: &Measured<S>) -> String {
    key_of(measured, measured.metric.entry.revision)
}

fn key_of<S: Space>(measured: &Measured<S>, revision: u32) -> String {
    let mut decides = BTreeMap::new();
    flatten("", &measured.resolved(), &mut decides);
    decides.insert("revision".into(), revision.to_string());
    let hash = blake3::Hash::from_bytes(hash(&decides)).to_hex();
    format!("{}#{}", measured.label, &hash[..10])
}

/// The values of a tree of tables, by their paths.
fn flatten(path: &str, value: &Value, into: &mut BTreeMap<String, String>) {
    match value {
        Value::Table(table) if !table.is_empty() => {
            for (key, value) in table {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                flatten(&path, value, into);
            }
        }
        Value::Array(values) if values.iter().any(Value::is_table) => {
            for (i, value) in values.iter().enumerate() {
                flatten(&format!("{path}.{i}"), value, into);
            }
        }
        value => {
            into.insert(path.to_owned(), value.to_string());
        }
    }
}

/// Names and values are hashed with their lengths: no two maps can spell the same text.
fn hash(decides: &BTreeMap<String, String>) -> CellKey {
    let mut hasher = blake3::Hasher::new();
    for text in decides.iter().flat_map(|(name, value)| [name, value]) {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    }
    *hasher.finalize().as_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{Points, Scatter};

    fn map(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    #[test]
    fn a_difference_is_told_in_words() {
        let of = |founders, regime, parameter, entry| {
            let shared = ("seed", "1");
            map(&[
                ("founders", founders),
                ("regime", regime),
                (parameter, "0.1"),
                (entry, "1"),
                shared,
            ])
        };
        let old = of("20", "retain", "regime.retain.fraction", "revision of regime retain");
        let new = of("30", "replace", "regime.replace", "revision of regime replace");
        assert_eq!(difference(&old, &new), "founders 20 → 30, regime retain → replace");
        let revised = map(&[("revision of kde", "2")]);
        assert_eq!(
            difference(&map(&[("revision of kde", "1")]), &revised),
            "revision of kde 1 → 2"
        );
        assert_eq!(difference(&old, &old), "");
    }

    #[test]
    fn every_name_and_value_decides_the_hash() {
        let hashes = [
            hash(&map(&[("a", "bc")])),
            hash(&map(&[("ab", "c")])),
            hash(&map(&[("a", "b"), ("c", "")])),
            hash(&map(&[])),
        ];
        for (i, one) in hashes.iter().enumerate() {
            assert!(hashes[..i].iter().all(|other| other != one));
        }
    }

    #[test]
    fn lists_of_tables_are_told_by_their_places() {
        let value: toml::Table =
            toml::from_str("c = [{ keep = 0.9 }, { keep = 0.5 }]\nw = [1, 2]").expect("toml");
        let mut into = BTreeMap::new();
        flatten("", &Value::Table(value), &mut into);
        assert_eq!(into, map(&[("c.0.keep", "0.9"), ("c.1.keep", "0.5"), ("w", "[1, 2]")]));
    }

    #[test]
    fn keys_that_are_as_they_have_always_been_do_not_rename_older_lineages() {
        let decides = |header: &str| {
            let text = format!("{header}\n[world.normal]\n[model.gaussian]\n");
            let document = Document::new("a.toml", text);
            let table = document.tables().expect("toml");
            match header.contains("statistics") {
                true => Cell::<Scatter>::read(&document, "base", Vec::new(), &table)
                    .map(|cell| cell.identity.decides),
                false => Cell::<Points>::read(&document, "base", Vec::new(), &table)
                    .map(|cell| cell.identity.decides),
            }
            .expect("a cell")
        };
        let usual = decides("");
        assert!(!usual.contains_key("samples") && !usual.contains_key("stop"));
        assert_eq!(usual, decides("samples = \"drawn\"\nstop = \"never\""));
        let other = decides("samples = \"statistics\"\nstop = \"absorbed\"");
        assert_eq!(
            difference(&usual, &other),
            r#"samples "statistics" is new, stop "absorbed" is new"#
        );
    }

    #[test]
    fn the_revision_of_every_entry_used_decides_a_lineage_and_that_of_a_metric_its_reading() {
        let text = "metrics = [\"spread\"]\ncuration = [\"likeliest\"]\n[world.exponential]\n\
                    [model.exponential]\n[regime.retain]\nfraction = 0.5\n";
        let document = Document::new("a.toml", text);
        let table = document.tables().expect("toml");
        let cell = Cell::<Points>::read(&document, "base", Vec::new(), &table).expect("a cell");
        for entry in
            ["curator likeliest", "world exponential", "model exponential", "regime retain"]
        {
            let name = format!("revision of {entry}");
            let revision = cell.identity.decides.get(&name);
            assert!(revision.is_some(), "{name} is not in {:?}", cell.identity.decides);
            let mut revised = cell.identity.decides.clone();
            revised.insert(name, "99".into());
            assert_ne!(hash(&revised), cell.identity.key);
        }
        assert_ne!(key_of(&cell.metrics[0], 1), key_of(&cell.metrics[0], 2));
    }
}
