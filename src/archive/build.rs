//! Tells the program where it comes from: commit, compiler and target; runs before it is compiled.
//!
//! Nothing here may fail a build: without git, or outside the repository, there is no commit.

use std::path::Path;
use std::process::Command;

const SOURCES: [&str; 3] = ["src", "Cargo.toml", "Cargo.lock"];

fn main() {
    watch_sources();
    if let Ok(target) = std::env::var("TARGET") {
        println!("cargo::rustc-env=COLLAPSE_TARGET={target}");
    }
    let compiler = std::env::var("RUSTC").unwrap_or_else(|_| "rustc".into());
    if let Some(version) = answer(&compiler, &["--version"]) {
        println!("cargo::rustc-env=COLLAPSE_RUSTC={version}");
    }
    // A copy of the sources inside somebody else's repository must not borrow that one's commit.
    if answer("git", &["ls-files", "--error-unmatch", "Cargo.toml"]).is_some() {
        describe_commit();
    }
}

fn describe_commit() {
    let Some(commit) = answer("git", &["rev-parse", "HEAD"]) else { return };
    println!("cargo::rustc-env=COLLAPSE_COMMIT={commit}");
    let changes =
        ["--no-optional-locks", "status", "--porcelain", "--", SOURCES[0], SOURCES[1], SOURCES[2]];
    if let Some(changes) = answer("git", &changes) {
        println!("cargo::rustc-env=COLLAPSE_DIRTY={}", !changes.is_empty());
    }
    for file in ["HEAD", "index", "logs/HEAD"] {
        if let Some(path) = answer("git", &["rev-parse", "--git-path", file]) {
            watch(&path);
        }
    }
}

/// "Dirty" would go stale if a change of the sources did not ask again.
fn watch_sources() {
    SOURCES.into_iter().for_each(watch);
}

/// A watched path that does not exist would make every build run this again.
fn watch(path: &str) {
    if Path::new(path).exists() {
        println!("cargo::rerun-if-changed={path}");
    }
}

fn answer(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| text.trim().to_owned())
}
