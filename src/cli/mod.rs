//! Arguments → calls. Knows no science, and is the only place that prints.

mod explain;
mod interrupt;
mod meter;
mod outcome;
mod place;
mod plan;
mod run;
mod screen;

use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// A laboratory for model collapse: generative models trained, generation after generation, on
/// their own samples.
#[derive(Debug, Parser)]
#[command(name = "collapse", version, arg_required_else_help = true, max_term_width = 100)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Run what is missing of experiments, then summarise and draw them.
    ///
    /// Finished trials are kept, whatever happens: the same command again goes on where it ended, and
    /// an experiment that asks for more runs only what is new.
    ///
    /// Example: collapse run experiments/replace-forgets-modes.toml --jobs 2
    Run {
        /// Experiment files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        #[command(flatten)]
        choice: place::Choice,
        #[command(flatten)]
        how: run::How,
    },
    /// Say what a run would do: cells, trials, what is there, time, memory and disk; run nothing.
    ///
    /// Example: collapse plan experiments/replace-forgets-modes.toml
    Plan {
        file: PathBuf,
        #[command(flatten)]
        choice: place::Choice,
        /// Threads that the run would have; left out: one for each core.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
        jobs: Option<u16>,
        /// Print JSON to standard output.
        #[arg(long)]
        json: bool,
    },
    /// Say how far results are, also while they are being made.
    ///
    /// Example: collapse status results/replace-forgets-modes
    Status {
        /// A results folder; left out: all below results/.
        folder: Option<PathBuf>,
        /// Print JSON to standard output.
        #[arg(long)]
        json: bool,
    },
    /// Make tables and figures of what shards have left in a results folder.
    ///
    /// Example: collapse collect results/replace-forgets-modes
    Collect {
        folder: PathBuf,
        /// Make them of what there is, where trials are missing.
        #[arg(long)]
        partial: bool,
    },
    /// Summarise and draw a results folder again, from its tables alone.
    ///
    /// Example: collapse plot results/replace-forgets-modes
    Plot { folder: PathBuf },
    /// List what there is: worlds, models, regimes, curation, metrics.
    ///
    /// Example: collapse list regimes
    List {
        #[arg(value_enum)]
        kind: Option<explain::Kind>,
    },
    /// Explain an entry: what it is, its parameters and their defaults.
    ///
    /// Example: collapse explain tail-mass, or model.linear where two kinds share a name
    Explain { name: String },
}

/// Reads the command line and does what it says.
///
/// Exit codes: 0 done; 1 a trial failed; 2 the command line or a file is wrong; 130 interrupted.
pub fn main() -> ExitCode {
    let arguments = match Arguments::try_parse() {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to standard output, mistakes to standard error.
            let _closed_pipe = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    match arguments.command {
        Command::Run { files, choice, how } => run::run(&files, &choice, &how),
        Command::Plan { file, choice, jobs, json } => plan::plan(&file, &choice, jobs, json),
        Command::Status { folder, json } => plan::status(folder.as_deref(), json),
        Command::Collect { folder, partial } => run::collect(&folder, partial),
        Command::Plot { folder } => run::plot(&folder),
        Command::List { kind } => explain::list(kind),
        Command::Explain { name } => explain::explain(&name),
    }
}
