//! Who may import whom: strictly downwards. Every `crate::` path counts, not only `use` lines.

use std::fs;
use std::path::{Path, PathBuf};

/// The house, from the ground up.
const LAYERS: [&[&str]; 10] = [
    &["catalog", "stream", "numeric", "samples"],
    &["distribution", "theory", "archive"],
    &["world", "model", "regime", "analysis"],
    &["curation"],
    &["lineage"],
    &["metric"],
    &["experiment"],
    &["figure"],
    &["report"],
    &["cli", "main"],
];

/// What a layer must not know although it lies below.
const NEVER: [(&str, &[&str]); 3] = [
    ("figure", &["lineage", "model", "world", "experiment", "metric"]),
    ("report", &["lineage", "model", "world", "metric"]),
    ("cli", &["lineage", "theory", "stream", "numeric", "distribution"]),
];

fn layer(module: &str) -> Option<usize> {
    LAYERS.iter().position(|modules| modules.contains(&module))
}

/// Every source file with the top-level module it belongs to.
fn sources() -> Vec<(String, PathBuf)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "rs") {
                let inside = path.strip_prefix(&root).expect("inside src");
                let first = inside.components().next().expect("a name").as_os_str();
                let module = Path::new(first).with_extension("").to_string_lossy().into_owned();
                found.push((module, path));
            }
        }
    }
    found
}

/// The modules named by `crate::a` and by `crate::{a, b::c}` anywhere in a text.
fn imports(text: &str) -> Vec<String> {
    let word = |s: &str| s.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    let mut found: Vec<String> = Vec::new();
    for (at, _) in text.match_indices("crate::") {
        let rest = &text[at + "crate::".len()..];
        match rest.strip_prefix('{') {
            None => found.push(word(rest)),
            Some(group) => {
                let (mut depth, mut start) = (0, true);
                for (i, c) in group.char_indices() {
                    match c {
                        '}' if depth == 0 => break,
                        '{' => depth += 1,
                        '}' => depth -= 1,
                        ',' if depth == 0 => start = true,
                        c if start && c.is_alphabetic() => {
                            found.push(word(&group[i..]));
                            start = false;
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    found.retain(|module| layer(module).is_some());
    found
}

#[test]
fn imports_point_strictly_downwards() {
    let mut wrong = Vec::new();
    for (module, path) in sources() {
        let Some(own) = layer(&module) else { continue };
        let text = fs::read_to_string(&path).expect("a source file");
        for used in imports(&text) {
            if used != module && layer(&used).is_some_and(|other| other >= own) {
                wrong.push(format!("{}: {module} uses {used}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "upwards or sideways:\n{}", wrong.join("\n"));
}

#[test]
fn what_must_never_meet_does_not() {
    let mut wrong = Vec::new();
    for (module, path) in sources() {
        let Some((_, never)) = NEVER.iter().find(|(name, _)| *name == module) else { continue };
        // The catalogue's own pages are all that the command line shows of science.
        if path.ends_with("cli/explain.rs") {
            continue;
        }
        let text = fs::read_to_string(&path).expect("a source file");
        let met = imports(&text).into_iter().filter(|used| never.contains(&used.as_str()));
        wrong.extend(met.map(|used| format!("{}: {module} uses {used}", path.display())));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_module_has_a_layer() {
    for (module, path) in sources() {
        assert!(module == "lib" || layer(&module).is_some(), "{} has no layer", path.display());
    }
}

#[test]
fn only_the_command_line_prints_and_only_worlds_and_archives_touch_the_disk() {
    let mut wrong = Vec::new();
    for (module, path) in sources() {
        let text = fs::read_to_string(&path).expect("a source file");
        let code = text.split("#[cfg(test)]").next().unwrap_or("");
        let prints = ["println!", "print!(", "eprintln!", "dbg!"].iter().any(|p| code.contains(p));
        // A build script talks to cargo by printing.
        if prints && module != "cli" && !path.ends_with("archive/build.rs") {
            wrong.push(format!("{} prints", path.display()));
        }
        if module == "lineage"
            && ["std::fs", "std::thread", "rayon"].iter().any(|p| code.contains(p))
        {
            wrong.push(format!("{} does I/O or starts threads", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_scanner_sees_paths_and_groups() {
    let text = "use crate::{model, world::{A, B}, stream::Role};\nlet x = crate::metric::f(crate::lineage::G);";
    assert_eq!(imports(text), ["model", "world", "stream", "metric", "lineage"]);
}
