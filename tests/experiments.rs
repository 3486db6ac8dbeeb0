//! Every file under `experiments/` parses, resolves, round-trips and runs in miniature.

use model_collapse::experiment::{Document, Study, read};
use model_collapse::{model, regime};
use std::path::{Path, PathBuf};

fn files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            match path.is_dir() {
                true => folders.push(path),
                // A paper's card is no experiment.
                false if path.ends_with("paper.toml") => {}
                false if path.extension().is_some_and(|e| e == "toml") => found.push(path),
                false => {}
            }
        }
    }
    found.sort();
    assert!(found.len() >= 6, "experiments/ has its files");
    found
}

fn study(path: &Path, text: String) -> Box<dyn Study> {
    let document = Document::new(path, text);
    read(document).unwrap_or_else(|complaint| panic!("{complaint}"))
}

/// Whether a file asks for what this build or this machine does not have: bundled data, networks, or a
/// text that has to be fetched.
fn is_out_of_reach(text: &str) -> bool {
    let lacks = |feature: bool, words: &[&str]| !feature && words.iter().any(|w| text.contains(w));
    let networks = ["[model.transformer]", "[model.recurrent]", "tokens = \"bpe\""];
    let bundled =
        ["[world.digits]", "[world.diabetes]", "[world.breast-cancer]", "name = \"cicero\""];
    lacks(cfg!(feature = "bundled-data"), &bundled)
        || lacks(cfg!(feature = "neural"), &networks)
        || lacks(has_shakespeare(), &["name = \"shakespeare\""])
}

/// A few steps say whether a network is trained as the file says.
fn train_briefly(table: &mut toml::Table) {
    let model = table.get_mut("model").and_then(toml::Value::as_table_mut);
    let network =
        model.and_then(|model| model.get_mut("transformer")).and_then(|t| t.as_table_mut());
    let Some(network) = network else { return };
    let training = network.entry("training").or_insert_with(|| toml::Table::new().into());
    let training = training.as_table_mut().expect("a table");
    training.insert("steps".into(), 10.into());
}

fn has_shakespeare() -> bool {
    let text = "world.corpus.name = \"shakespeare\"\nmodel = \"categorical\"\nfounders = 10\nevaluation = 2\n";
    read(Document::new("a.toml", text)).is_ok()
}

#[test]
fn every_file_asks_one_question_and_says_what_to_expect() {
    for path in files() {
        let text = std::fs::read_to_string(&path).expect("a file");
        let comment: String = text.lines().take_while(|line| line.starts_with('#')).collect();
        assert!(comment.contains("Expected:"), "{}: which number?", path.display());
        assert!(comment.contains("Time:"), "{}: how long?", path.display());
        let question = text.lines().find(|line| line.starts_with("question"));
        let asks = question.is_some_and(|line| line.matches('?').count() == 1);
        assert!(asks, "{}: one question", path.display());
    }
}

#[test]
fn every_file_resolves_to_a_file_that_resolves_to_itself() {
    for path in files() {
        let text = std::fs::read_to_string(&path).expect("a file");
        if is_out_of_reach(&text) {
            continue;
        }
        let first = study(&path, text);
        let again = study(&path, first.resolved());
        assert_eq!(first.resolved(), again.resolved(), "{}", path.display());
        assert_eq!(first.arms(), again.arms(), "{}", path.display());
        assert_eq!(first.question(), again.question());
    }
}

#[test]
fn every_file_runs_in_miniature_and_its_resolved_form_gives_the_same_bytes() {
    for path in files() {
        let text = std::fs::read_to_string(&path).expect("a file");
        if is_out_of_reach(&text) {
            continue;
        }
        // Papers are run in miniature by the test of the gallery.
        if path.components().any(|part| part.as_os_str() == "papers") {
            continue;
        }
        let mut table: toml::Table = toml::from_str(&text).expect("toml");
        for (key, value) in [("trials", 2), ("generations", 3), ("evaluation", 60)] {
            let own = table.get(key).and_then(toml::Value::as_integer).unwrap_or(value);
            table.insert(key.into(), own.min(value).into());
        }
        train_briefly(&mut table);
        // They are about generations that a miniature does not have.
        table.remove("claims");
        let small = study(&path, table.to_string());
        let folders = [&*small, &*study(&path, small.resolved())].map(|study| {
            let folder = tempfile::tempdir().expect("a folder");
            let report = study.run(folder.path(), 2, &|_| ());
            let report = report.unwrap_or_else(|error| panic!("{}: {error}", path.display()));
            assert_eq!(report.failed, 0, "{}", path.display());
            std::fs::read(folder.path().join("measurements.csv")).expect("measurements")
        });
        assert!(folders[0].len() > 100, "{} measures something", path.display());
        assert_eq!(folders[0], folders[1], "{}", path.display());
    }
}

#[test]
fn every_default_is_written_out_as_the_value_that_it_has() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/test.toml");
    let head = "trials = 2\ngenerations = 3\nfounders = 110\nevaluation = 20\n";
    let metrics = "metrics = [\"mean-shift\", \"cross-entropy\"]\n";
    let labelled = ["linear", "logistic"];
    let models = model::POINTS.iter().map(|entry| entry.name).filter(|n| !labelled.contains(n));
    let regimes = regime::ALL.iter().map(|entry| entry.name);
    for (model, regime) in
        models.map(|model| (model, "replace")).chain(regimes.map(|regime| ("gaussian", regime)))
    {
        let world = match model {
            "exponential" => "exponential",
            "spike" => "uniform",
            _ => "poisson",
        };
        let chosen = format!("world = \"{world}\"\nmodel = \"{model}\"\nregime = \"{regime}\"\n");
        let bare = study(&path, format!("{head}{metrics}{chosen}"));
        let numbers = [&*bare, &*study(&path, bare.resolved())].map(|study| {
            let folder = tempfile::tempdir().expect("a folder");
            study.run(folder.path(), 2, &|_| ()).expect("a run");
            std::fs::read_to_string(folder.path().join("measurements.csv")).expect("measurements")
        });
        assert!(numbers[0].lines().count() > 2 * 2 * 3, "{model} under {regime} dies out");
        assert_eq!(numbers[0], numbers[1], "{model} under {regime}");
    }
}
