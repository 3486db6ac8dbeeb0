//! The papers of the gallery: every file is whole, runs in miniature, and says what the page says.

mod common;

use assert_cmd::Command;
use common::place::PROGRAM;
use model_collapse::archive::csv::read_table;
use model_collapse::archive::table::Verdict;
use model_collapse::experiment;
use model_collapse::report::gallery::{Paper, Row, name_of, read_all, write_page};
use model_collapse::report::verify::words;
use serde_json::Value;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn papers() -> Vec<Paper> {
    read_all(&root().join("experiments/papers")).unwrap_or_else(|error| panic!("{error}"))
}

fn figures(papers: &[Paper]) -> Vec<(&Paper, &Path)> {
    let of = |paper: &'_ Paper| paper.figures.len();
    assert!(papers.iter().all(|paper| of(paper) > 0), "a paper without a figure");
    papers.iter().flat_map(|p| p.figures.iter().map(move |file| (p, file.as_path()))).collect()
}

/// Whether a file needs what this build does not have.
fn is_out_of_reach(text: &str) -> bool {
    let lacks = |feature: bool, words: &[&str]| !feature && words.iter().any(|w| text.contains(w));
    let bundled = ["[world.digits]", "[world.breast-cancer]", "[world.diabetes]", "\"cicero\""];
    lacks(cfg!(feature = "bundled-data"), &bundled)
        || lacks(cfg!(feature = "neural"), &["[model.transformer]", "[model.recurrent]"])
}

fn hung() -> Vec<Row> {
    read_table(&root().join("plots"), "verdicts").expect("the verdicts of the gallery")
}

fn reproduce(arguments: &[&str]) -> (i32, String, String) {
    let mut command = Command::new(PROGRAM);
    let command = command.current_dir(root()).arg("reproduce").args(arguments);
    let output = command.output().expect("it runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("UTF-8");
    (output.status.code().unwrap_or(-1), text(output.stdout), text(output.stderr))
}

#[test]
fn every_paper_has_a_page_and_every_figure_a_section_on_it() {
    let papers = papers();
    assert!(figures(&papers).len() >= 25, "{} figures", figures(&papers).len());
    for (paper, file) in figures(&papers) {
        let page = fs::read_to_string(paper.folder.join("README.md")).expect("a page");
        let heading = format!("## {}", name_of(file));
        assert!(page.lines().any(|line| line.starts_with(&heading)), "{}: {heading}", paper.name);
    }
}

#[test]
fn every_figure_claims_two_to_eight_things_and_asks_for_its_picture() {
    for (_, file) in figures(&papers()) {
        let text = fs::read_to_string(file).expect("a file");
        if is_out_of_reach(&text) {
            continue;
        }
        let study = experiment::open(file).unwrap_or_else(|complaint| panic!("{complaint}"));
        let claims = study.claims().len();
        assert!((2..=8).contains(&claims), "{}: {claims} claims", file.display());
        let table: toml::Table = toml::from_str(&text).expect("TOML");
        let first = &table["figures"][0]["name"];
        assert_eq!(first.as_str(), Some(&*name_of(file)), "{}", file.display());
    }
}

#[test]
fn the_whole_gallery_runs_in_miniature() {
    let out = tempfile::tempdir().expect("a folder");
    let papers = papers();
    let all = figures(&papers);
    let within =
        all.iter().filter(|(_, file)| !is_out_of_reach(&fs::read_to_string(file).expect("a file")));
    let names: Vec<String> =
        within.map(|(paper, file)| format!("{}/{}", paper.name, name_of(file))).collect();
    let folder = out.path().to_str().expect("a path");
    let mut arguments = vec!["--quick", "--json", "--out", folder];
    arguments.extend(names.iter().map(String::as_str));
    let (code, told, message) = reproduce(&arguments);
    assert_eq!(code, 0, "{message}");
    let rows: Value = serde_json::from_str(&told).expect("JSON");
    let rows = rows.as_array().expect("rows");
    assert_eq!(rows.len(), names.len());
    for row in rows {
        let count = |key: &str| row[key].as_u64().unwrap_or(0);
        assert!(count("holds") + count("fails") + count("undecided") >= 2, "{row}");
        let (paper, figure) = (row["paper"].as_str().unwrap(), row["figure"].as_str().unwrap());
        let results = out.path().join("papers").join(paper).join(figure);
        assert!(results.join("verdicts.csv").is_file(), "{row}");
        let picture = results.join("figures").join(figure).with_extension("png");
        assert!(picture.is_file(), "{}", picture.display());
    }
}

#[test]
fn what_hangs_in_the_gallery_is_what_the_files_claim() {
    let (papers, rows) = (papers(), hung());
    for (paper, file) in figures(&papers) {
        let text = fs::read_to_string(file).expect("a file");
        if is_out_of_reach(&text) {
            continue;
        }
        let study = experiment::open(file).unwrap_or_else(|complaint| panic!("{complaint}"));
        let claimed: Vec<(&str, &str)> =
            study.claims().iter().map(|claim| (&*claim.name, &*claim.says)).collect();
        let figure = name_of(file);
        let own = rows.iter().filter(|row| row.paper == paper.name && row.figure == figure);
        let shown: Vec<(&str, &str)> = own.map(|row| (&*row.claim, &*row.says)).collect();
        assert_eq!(
            shown,
            claimed,
            "{}: run `collapse reproduce {}/{figure}`",
            file.display(),
            paper.name
        );
        let picture = root().join("plots").join(&paper.name).join(format!("{figure}.png"));
        assert!(picture.is_file(), "{} is missing", picture.display());
    }
}

/// Figures of a second or two, whose numbers are made once more.
const CHEAP: [&str; 5] = [
    "suresh-2025/gaussian",
    "suresh-2025/zipf",
    "alemohammad-2024/bias",
    "barzilai-2025/counterexample",
    "ferbach-2024/curation",
];

#[test]
fn cheap_figures_made_anew_come_to_what_hangs_and_their_foils_fail() {
    let rows = hung();
    let out = tempfile::tempdir().expect("a folder");
    for name in CHEAP {
        let file = root().join("experiments/papers").join(name).with_extension("toml");
        let mut command = Command::new(PROGRAM);
        let run = command.current_dir(root()).arg("run").arg(&file).arg("--out").arg(out.path());
        run.assert().success();
        let results = out.path().join("papers").join(name);
        let mut command = Command::new(PROGRAM);
        command.arg("verify").arg(&results).assert().success();
        let made: Vec<Verdict> = read_table(&results, "verdicts").expect("verdicts");
        let hung = rows.iter().filter(|row| format!("{}/{}", row.paper, row.figure) == name);
        let hung: Vec<&Row> = hung.collect();
        assert_eq!(made.len(), hung.len(), "{name}");
        for (made, hung) in made.iter().zip(hung) {
            assert_eq!(made.foil_verdict, "fails", "{name}: {}", made.claim);
            assert_eq!(
                (&made.claim, &made.verdict, &words::expected(made), &words::measured(made)),
                (&hung.claim, &hung.verdict, &hung.expected, &hung.measured),
                "{name}"
            );
        }
    }
}

#[test]
fn every_claim_that_is_decided_could_have_failed_and_failures_are_explained() {
    let rows = hung();
    let undecided = rows.iter().filter(|row| row.verdict == "undecided").count();
    assert!(10 * undecided <= rows.len(), "{undecided} of {} are undecided", rows.len());
    for row in rows {
        let name = format!("{}/{}: {}", row.paper, row.figure, row.claim);
        match row.verdict.as_str() {
            "holds" => assert_eq!(row.foil_verdict, "fails", "{name}"),
            "fails" => {
                assert!(!row.known.is_empty(), "{name} does not say why");
                let page = root().join("experiments/papers").join(&row.paper).join("README.md");
                let page = fs::read_to_string(page).expect("a page");
                assert!(page.contains(&format!("`{}`", row.claim)), "{name}: nothing on its page");
            }
            _ => assert!(!row.reason.is_empty(), "{name}"),
        }
    }
}

#[test]
fn the_page_is_made_of_the_verdicts_that_lie_beside_it() {
    let plots = root().join("plots");
    let copy = tempfile::tempdir().expect("a folder");
    for entry in fs::read_dir(&plots).expect("plots") {
        let path = entry.expect("an entry").path();
        let target = copy.path().join(path.file_name().expect("a name"));
        if path.is_dir() {
            fs::create_dir(&target).expect("a folder");
            for picture in fs::read_dir(&path).expect("pictures") {
                let picture = picture.expect("a picture").file_name();
                fs::write(target.join(picture), "").expect("a picture");
            }
        } else {
            fs::copy(&path, &target).expect("a copy");
        }
    }
    let page = fs::read_to_string(plots.join("README.md")).expect("the page");
    write_page(copy.path(), &papers()).expect("a page");
    let again = fs::read_to_string(copy.path().join("README.md")).expect("the page");
    assert!(page == again, "plots/README.md is not what `collapse reproduce` writes");
}

#[test]
fn the_main_page_tells_what_the_gallery_comes_to() {
    let rows = hung();
    let count = |verdict: &str| rows.iter().filter(|row| row.verdict == verdict).count();
    let distinct = |key: fn(&Row) -> String| rows.iter().map(key).collect::<BTreeSet<_>>().len();
    let told = format!(
        "{} figures of {} papers make {} claims: {} hold, {} fail, {} are undecided",
        distinct(|row| format!("{}/{}", row.paper, row.figure)),
        distinct(|row| row.paper.clone()),
        rows.len(),
        count("holds"),
        count("fails"),
        count("undecided"),
    );
    let readme = fs::read_to_string(root().join("README.md")).expect("the README");
    let readme = readme.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(readme.contains(&told), "README.md should say: {told}");
}

#[test]
fn papers_are_listed_with_what_is_missing() {
    let mut command = Command::new(PROGRAM);
    let output = command.current_dir(root()).args(["list", "papers", "--json"]).output().unwrap();
    let listed: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    let listed = listed.as_array().expect("papers");
    let names: BTreeSet<&str> = listed.iter().map(|p| p["paper"].as_str().unwrap()).collect();
    let papers = papers();
    assert_eq!(names, papers.iter().map(|paper| &*paper.name).collect());
    assert!(listed.iter().any(|paper| !paper["missing"].as_array().unwrap().is_empty()));
}

#[test]
fn a_paper_that_there_is_not_is_refused_with_those_there_are() {
    let (code, _, message) = reproduce(&["kazdan-2024"]);
    assert!(code == 2 && message.contains("kazdan-2025"), "{message}");
    let mut command = Command::new(PROGRAM);
    let empty = tempfile::tempdir().expect("a folder");
    let output = command.current_dir(empty.path()).arg("reproduce").output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.code() == Some(2) && message.contains("a clone"), "{message}");
}

#[test]
fn a_bibliography_has_the_paper_and_what_its_figure_used() {
    let out = tempfile::tempdir().expect("a folder");
    let folder = out.path().to_str().expect("a path");
    let (code, told, message) =
        reproduce(&["--quick", "--bibtex", "--out", folder, "xu-2025/growing"]);
    assert_eq!(code, 0, "{message}");
    let paper = told.find("@misc{xu-2025,").expect("the paper");
    let metric = told.find("@article{Dowson1982,").expect("what the Fréchet distance is of");
    assert!(paper < metric, "{told}");
}
