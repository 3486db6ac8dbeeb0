//! Arguments → calls. Knows no science, and is the only place that prints.

mod explain;
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
    /// Run experiments, summarise them and draw their figures.
    ///
    /// Example: collapse run experiments/replace-forgets-modes.toml --jobs 2
    Run {
        /// Experiment files.
        #[arg(required = true)]
        files: Vec<PathBuf>,
        /// The folder that gets a results folder for each file.
        #[arg(long, value_name = "DIR")]
        out: Option<PathBuf>,
        /// Threads to run trials on; left out: one for each core.
        #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=4096))]
        jobs: Option<u16>,
    },
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
/// Exit codes: 0 done; 1 a trial failed; 2 the command line or a file is wrong.
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
        Command::Run { files, out, jobs } => run::run(&files, out.as_deref(), jobs),
        Command::List { kind } => explain::list(kind),
        Command::Explain { name } => explain::explain(&name),
    }
}
