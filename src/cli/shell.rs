//! `collapse schema` and `collapse completions`: what editors and shells read.

use super::screen;
use crate::experiment::schema;
use clap_complete::Shell;
use std::process::ExitCode;

/// Prints the JSON Schema of experiment files.
pub fn schema() -> ExitCode {
    screen::say(&format!("{:#}", schema::schema()));
    ExitCode::SUCCESS
}

/// Prints the completion script of a shell.
pub fn completions(shell: Shell, mut command: clap::Command) -> ExitCode {
    // By way of memory: the generator panics where a pipe is closed early.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, "collapse", &mut script);
    screen::say(String::from_utf8_lossy(&script).trim_end());
    ExitCode::SUCCESS
}
