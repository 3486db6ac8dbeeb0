//! Every file that comes with the program is legal.

use crate::Validator;
use model_collapse::experiment::Document;
use model_collapse::experiment::schema::schema;
use std::fs;
use std::path::{Path, PathBuf};

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("it").path());
    let (folders, files): (Vec<_>, Vec<_>) = entries.partition(|path| path.is_dir());
    let within = folders.iter().flat_map(|folder| self::files(folder));
    files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "toml"))
        // A paper's card is no experiment.
        .filter(|path| !path.ends_with("paper.toml"))
        .chain(within)
        .collect()
}

#[test]
fn every_experiment_that_comes_with_the_program_is_legal() {
    let validator = Validator::new(schema());
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = files(&root.join("experiments"));
    assert!(files.len() >= 7, "{files:?}");
    for file in files {
        let text = fs::read_to_string(&file).expect("a file");
        if cfg!(not(feature = "neural")) && text.contains("[model.transformer]") {
            continue;
        }
        validator.check_toml(&text).unwrap_or_else(|e| panic!("{}: {e}", file.display()));
    }
}

#[test]
fn every_experiment_of_the_readme_is_legal() {
    let readme = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    let text = fs::read_to_string(readme).expect("the README");
    let blocks: Vec<&str> = text.split("```toml\n").skip(1).collect();
    assert!(!blocks.is_empty());
    let validator = Validator::new(schema());
    let table = |block: &str| -> toml::Table {
        let block = block.split("```").next().expect("its end");
        toml::from_str(block).unwrap_or_else(|e| panic!("{e}\n{block}"))
    };
    // The first one is whole; the others are what one would add to it.
    let whole = table(blocks[0]);
    for block in blocks {
        let mut with = whole.clone();
        with.extend(table(block));
        let text = with.to_string();
        validator.check_toml(&text).unwrap_or_else(|e| panic!("{e}\n{text}"));
        let read = model_collapse::experiment::read(Document::new("README.toml", text.clone()));
        let complaint = read.err().map(|complaint| complaint.to_string()).unwrap_or_default();
        // A picture of a sweep is told apart from the sweep.
        assert!(
            complaint.is_empty() || complaint.contains("the figure is about the axis"),
            "{complaint}\n{text}"
        );
    }
}

/// The text with each option switched on in turn: a line that starts with `#` and no space replaces
/// the line of its key, and one that starts with `#[` opens a table of the lines after it.
fn options(text: &str) -> Vec<String> {
    let is_option = |line: &str| line.starts_with('#') && !line[1..].starts_with([' ', ':']);
    let lines: Vec<&str> = text.lines().collect();
    let mut options = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let length = match lines[at] {
            line if !is_option(line) || line.len() == 1 => 0,
            line if line.starts_with("#[") => {
                lines[at..].iter().take_while(|line| is_option(line)).count()
            }
            _ => 1,
        };
        let own: Vec<&str> = lines[at..at + length].iter().map(|line| &line[1..]).collect();
        at += length.max(1);
        let Some(first) = own.first() else { continue };
        let key = first.split('=').next().expect("a key");
        let rest = lines.iter().copied().filter(|line| !line.starts_with(key));
        let table = first.starts_with('[');
        let parts: Vec<&str> =
            if table { rest.chain(own).collect() } else { own.into_iter().chain(rest).collect() };
        options.push(parts.join("\n"));
    }
    options
}

#[test]
fn the_templates_are_legal_with_each_of_their_options() {
    let validator = Validator::new(schema());
    for text in [
        include_str!("../../src/cli/new/points.toml"),
        include_str!("../../src/cli/new/tokens.toml"),
    ] {
        validator.check_toml(text).expect("the template");
        let options = options(text);
        assert_eq!(options.len(), 7, "{options:#?}");
        for option in options {
            validator.check_toml(&option).unwrap_or_else(|e| panic!("{e}\n{option}"));
        }
    }
}
