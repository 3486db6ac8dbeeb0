//! What is finished stays: killed processes, damaged files, full disks, several processes at once.

mod common;

use common::place::{PROGRAM, Place, contains};
use std::fs;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// About a second of work for one thread, in two arms and two cells each.
const WORK: &str = r#"question = "What survives?"
seed = 5
trials = 60
generations = 12
founders = 100
evaluation = 200
metrics = ["spread", "energy", { coverage = { of = "offspring" } }]
[world.moons]
[model.gaussian]
[sweep]
founders = [60, 100]
[arms.replace.regime.replace]
[arms.accumulate.regime.accumulate]
"#;

/// Numbers between 0 and 1 that are the same in every run of the test.
fn numbers(seed: u64) -> impl FnMut() -> f64 {
    let mut state = seed;
    move || {
        state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (state >> 33) as f64 / (1_u64 << 31) as f64
    }
}

fn started(place: &Place, arguments: &[&str]) -> std::process::Child {
    let mut command = Command::new(PROGRAM);
    command.current_dir(place.path()).args(arguments);
    command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("it runs")
}

#[test]
fn a_run_that_is_killed_at_random_moments_ends_with_the_same_bytes() {
    let place = Place::new();
    place.write("a.toml", WORK);
    let begun = std::time::Instant::now();
    place.succeeds(&["run", "a.toml", "--out", "whole"]);
    let whole = begun.elapsed();
    let mut number = numbers(1);
    let mut killed = 0;
    for _ in 0..8 {
        let mut child = started(&place, &["run", "a.toml"]);
        std::thread::sleep(whole.mul_f64(0.25 * number()));
        killed += usize::from(child.try_wait().expect("a child").is_none());
        child.kill().expect("it can be killed");
        child.wait().expect("it is dead");
    }
    assert!(killed >= 4, "most runs were killed on their way");
    place.succeeds(&["run", "a.toml"]);
    place.same("whole/a", "results/a");
    let left: Vec<_> = fs::read_dir(place.path().join("results/a")).expect("it").collect();
    let is_hidden = |e: &std::io::Result<fs::DirEntry>| {
        e.as_ref().is_ok_and(|e| e.file_name().to_string_lossy().starts_with('.'))
    };
    assert!(!left.iter().any(is_hidden), "nothing half-made stays behind");
}

#[test]
fn a_killed_run_loses_no_more_than_the_trials_in_flight() {
    let place = Place::new();
    place.write("a.toml", WORK);
    let mut child = started(&place, &["run", "a.toml", "--jobs", "2"]);
    let status = || place.collapse(&["status", "results/a", "--json"]).1;
    let done = |text: &str| -> u64 {
        let value: serde_json::Value = serde_json::from_str(text).unwrap_or_default();
        value["done"].as_u64().unwrap_or(0)
    };
    let mut before = 0;
    while before < 20 {
        before = done(&status());
        assert!(child.try_wait().expect("a child").is_none() || before >= 20);
    }
    child.kill().expect("it can be killed");
    child.wait().expect("it is dead");
    assert!(done(&status()) >= before, "what was there before is there after");
}

#[test]
fn flipped_bytes_of_the_journal_are_found_reported_and_run_again() {
    let place = Place::new();
    place.write("a.toml", WORK);
    place.succeeds(&["run", "a.toml", "--out", "whole"]);
    let mut number = numbers(2);
    for round in 0..4 {
        let run = ["run", "a.toml", "--out", &round.to_string()];
        let results = format!("{round}/a");
        place.succeeds(&run);
        let path = &place.journal(&results)[0];
        let mut bytes = fs::read(path).expect("a journal");
        for _ in 0..(1 << round) {
            // Behind the header, which holds nothing to run again.
            let at = 32 + (number() * (bytes.len() - 32) as f64) as usize;
            bytes[at] ^= 1 << (number() * 8.0) as u32;
        }
        fs::write(path, bytes).expect("a damaged journal");
        let message = place.succeeds(&run);
        contains(&message, &["what they held is run again", "to run"]);
        place.same("whole/a", &results);
        let message = place.succeeds(&run);
        contains(&message, &["nothing to do"]);
        assert!(!message.contains("what they held"), "damage is reported once: {message}");
    }
}

#[test]
fn a_table_or_picture_that_somebody_changed_is_made_again() {
    let place = Place::new();
    place.write("a.toml", WORK);
    place.succeeds(&["run", "a.toml", "--out", "whole"]);
    place.succeeds(&["run", "a.toml"]);
    for file in ["measurements.csv", "summary.csv", "figures/spread.svg"] {
        place.write(&format!("results/a/{file}"), "0,1,2\n");
        place.succeeds(&["run", "a.toml"]);
        place.same("whole/a", "results/a");
    }
    fs::remove_file(place.path().join("results/a/outcomes.csv")).expect("it was there");
    place.succeeds(&["run", "a.toml"]);
    place.same("whole/a", "results/a");
}

/// Runs with no file larger than so many bytes.
fn limited(place: &Place, bytes: u64, out: &str) -> (i32, String) {
    // POSIX counts in blocks of 512 bytes.
    let blocks = bytes / 512;
    let script = format!("trap '' XFSZ; ulimit -f {blocks}; exec {PROGRAM} run a.toml --out {out}");
    let output = Command::new("sh").current_dir(place.path()).args(["-c", &script]).output();
    let output = output.expect("a shell");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[test]
fn a_full_disk_is_a_clear_error_and_what_finished_is_kept() {
    let place = Place::new();
    place.write("a.toml", WORK);
    place.succeeds(&["run", "a.toml", "--out", "whole"]);
    let journal = fs::metadata(&place.journal("whole/a")[0]).expect("a journal").len();
    let table = fs::metadata(place.path().join("whole/a/measurements.csv")).expect("a table").len();
    // The journal does not fit.
    let (code, message) = limited(&place, journal * 3 / 4, "small");
    assert_eq!(code, 2, "{message}");
    contains(&message, &["journal/trials-", "make room and run again; finished trials are kept"]);
    assert!(!place.path().join("small/a/measurements.csv").exists());
    let message = place.succeeds(&["run", "a.toml", "--out", "small"]);
    contains(&message, &["trials are there"]);
    assert!(!message.contains("damaged") && !message.contains("not finished,"), "{message}");
    place.same("whole/a", "small/a");
    // The journal fits, the tables do not.
    assert!(table > 2 * journal, "there is room between {journal} and {table}");
    let (code, message) = limited(&place, (journal + table) / 2, "middle");
    assert_eq!(code, 2, "{message}");
    contains(&message, &[".csv", "make room"]);
    let tables = fs::read_dir(place.path().join("middle/a")).expect("a folder");
    let tables = tables.filter(|e| e.as_ref().is_ok_and(|e| e.path().extension().is_some()));
    assert_eq!(tables.count(), 0, "no table is there by half");
    place.succeeds(&["run", "a.toml", "--out", "middle"]);
    place.same("whole/a", "middle/a");
}

#[test]
fn threads_and_shards_in_any_order_make_the_same_bytes() {
    let place = Place::new();
    place.write("a.toml", WORK);
    for jobs in ["1", "2", "4"] {
        place.succeeds(&["run", "a.toml", "--out", jobs, "--jobs", jobs]);
    }
    place.same("1/a", "2/a");
    place.same("1/a", "4/a");
    for (out, shares) in [("one", vec!["1/1"]), ("three", vec!["3/3", "1/3", "2/3"])] {
        for share in &shares {
            place.succeeds(&["run", "a.toml", "--out", out, "--shard", share]);
        }
        place.succeeds(&["collect", &format!("{out}/a")]);
        place.same("1/a", &format!("{out}/a"));
    }
}

#[test]
fn shards_work_side_by_side_and_collecting_too_early_is_refused() {
    let place = Place::new();
    place.write("a.toml", WORK);
    place.succeeds(&["run", "a.toml", "--out", "whole"]);
    let run = |share| ["run", "a.toml", "--jobs", "1", "--shard", share];
    let mut first = started(&place, &run("1/2"));
    place.succeeds(&run("2/2"));
    assert!(first.wait().expect("a child").success());
    fs::remove_file(&place.journal("results/a")[0]).expect("a share is lost");
    let (code, _, message) = place.collapse(&["collect", "results/a"]);
    assert_eq!(code, 2);
    contains(&message, &["of 240 trials are missing in", "results/a", "--partial"]);
    assert!(!place.path().join("results/a/measurements.csv").exists());
    place.succeeds(&["collect", "results/a", "--partial"]);
    place.succeeds(&["run", "a.toml"]);
    place.same("whole/a", "results/a");
}

#[test]
fn a_second_run_waits_for_the_first_and_finds_nothing_to_do() {
    let place = Place::new();
    place.write("a.toml", WORK);
    place.succeeds(&["run", "a.toml", "--out", "whole"]);
    let mut first = started(&place, &["run", "a.toml", "--jobs", "1"]);
    let lock = place.path().join("results/a/journal/lock");
    while fs::read_to_string(&lock).map_or(true, |holder| holder.is_empty()) {
        std::thread::sleep(Duration::from_millis(2));
    }
    let message = place.succeeds(&["run", "a.toml"]);
    contains(&message, &["process", "works on", "waiting for it", "nothing to do"]);
    assert!(first.wait().expect("a child").success());
    place.same("whole/a", "results/a");
}

#[test]
fn an_interrupted_run_keeps_what_finished_and_exits_with_130() {
    let place = Place::new();
    place.write("a.toml", &WORK.replace("trials = 60", "trials = 2000"));
    let mut child = started(&place, &["run", "a.toml"]);
    let has_begun = |said: &str| said.contains(" of 8000 ") && !said.contains(": 0 of");
    while !has_begun(&place.collapse(&["status", "results/a"]).1) {
        std::thread::sleep(Duration::from_millis(5));
    }
    let interrupt = Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(interrupt.expect("kill").success());
    assert_eq!(child.wait().expect("a child").code(), Some(130));
    let out = place.collapse(&["plan", "a.toml"]);
    contains(&out.2, &["trials are there", "not finished before"]);
}

/// The program as a user who owns nothing here.
fn as_nobody(place: &Place, arguments: &[&str]) -> (i32, String) {
    let program = place.path().join("collapse");
    fs::copy(PROGRAM, &program).expect("a copy");
    let mut command = Command::new(&program);
    command.current_dir(place.path()).args(arguments);
    // Without the right to become somebody else, the folder's own mode has to do.
    let is_root =
        fs::metadata("/proc/self").is_ok_and(|it| std::os::unix::fs::MetadataExt::uid(&it) == 0);
    if is_root {
        command.uid(65534).gid(65534);
    }
    let output = command.output().expect("it runs");
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn set_mode(path: &Path, mode: u32) {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).expect("a mode");
}

#[test]
fn a_folder_that_may_not_be_written_is_refused_with_the_remedy() {
    let place = Place::new();
    place.write("a.toml", WORK);
    fs::create_dir(place.path().join("results")).expect("a folder");
    set_mode(place.path(), 0o755);
    set_mode(&place.path().join("results"), 0o555);
    let (code, message) = as_nobody(&place, &["run", "a.toml"]);
    set_mode(&place.path().join("results"), 0o755);
    assert_eq!(code, 2, "{message}");
    contains(&message, &["results/a", "make that place writable", "--out"]);
}

#[test]
fn results_of_a_newer_program_are_refused_and_stay_as_they_are() {
    let place = Place::new();
    place.write("a.toml", WORK);
    place.succeeds(&["run", "a.toml", "--set", "trials=2"]);
    for file in ["provenance.json", "journal/manifest.json"] {
        let path = place.path().join("results/a").join(file);
        let text = fs::read_to_string(&path).expect("it is there");
        let newer = text.replace("\"format\":2", "\"format\":99");
        let newer = newer.replace("\"format\": 2", "\"format\": 99");
        assert_ne!(text, newer);
        fs::write(&path, &newer).expect("it can be written");
        for command in [&["run", "a.toml"][..], &["plan", "a.toml"], &["status", "results/a"]] {
            let (code, _, message) = place.collapse(command);
            if command[0] == "run" || file.starts_with("journal") {
                assert_eq!(code, 2, "{command:?}: {message}");
                contains(&message, &[file, "format 99", "update the program", "--out"]);
            }
        }
        assert_eq!(fs::read_to_string(&path).expect("still there"), newer);
        fs::write(&path, text).expect("it can be written");
    }
}

#[test]
fn a_folder_of_another_experiment_is_refused_and_an_edited_one_is_not() {
    let place = Place::new();
    fs::create_dir_all(place.path().join("x")).expect("a folder");
    place.write("a.toml", WORK);
    place.write("x/a.toml", &WORK.replace("world.moons", "world.circles"));
    place.succeeds(&["run", "a.toml", "--trials", "2"]);
    let before = place.bytes("results/a");
    let (code, _, message) = place.collapse(&["run", "x/a.toml", "--trials", "2"]);
    assert_eq!(code, 2);
    contains(&message, &["results/a", "another experiment", "a.toml", "--out", "rename"]);
    assert!(before == place.bytes("results/a"));
    place.write("a.toml", &WORK.replace("world.moons", "world.circles"));
    let message = place.succeeds(&["run", "a.toml", "--trials", "2"]);
    contains(&message, &["changed: world moons → circles"]);
}

#[test]
fn a_manifest_that_cannot_be_read_is_an_error_with_the_remedy() {
    let place = Place::new();
    place.write("a.toml", WORK);
    place.succeeds(&["run", "a.toml", "--trials", "2"]);
    place.write("results/a/journal/manifest.json", "{\"form");
    let (code, _, message) = place.collapse(&["run", "a.toml", "--trials", "2"]);
    assert_eq!(code, 2);
    contains(&message, &["manifest.json", "restore it, or delete it"]);
    fs::remove_file(place.path().join("results/a/journal/manifest.json")).expect("it was there");
    contains(&place.succeeds(&["run", "a.toml", "--trials", "2"]), &["nothing to do"]);
}
