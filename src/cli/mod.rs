//! Arguments → calls. Knows no science, and is the only place that prints.

mod explain;
mod export;
mod new;
mod run;
mod screen;
mod shell;

use clap::{CommandFactory, Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

/// A laboratory for model collapse: generative models trained, generation after generation, on
/// their own samples.
#[derive(Debug, Parser)]
#[command(name = "collapse", version, arg_required_else_help = true, max_term_width = 100)]
struct Arguments {
    /// Only errors on standard error; results stay on standard output.
    #[arg(long, short, global = true)]
    quiet: bool,
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
        /// Everything about every entry, as JSON.
        #[arg(long)]
        json: bool,
    },
    /// Explain an entry: what it is, its parameters, their bounds and defaults.
    ///
    /// A regime shows its recipe for the first generations, a metric its unit, target and cost.
    ///
    /// Example: collapse explain tail-mass, or model.linear where two kinds share a name
    Explain {
        /// The name of an entry, or its kind and name.
        name: String,
        /// The same as JSON: a list with every entry of that name.
        #[arg(long)]
        json: bool,
    },
    /// Write a commented experiment file to start from.
    ///
    /// Example: collapse new experiments/does-it-forget && collapse run experiments/does-it-forget.toml
    New {
        /// Where to write it; `.toml` is added. A file that is there already is never replaced.
        #[arg(value_name = "NAME")]
        path: PathBuf,
        /// An experiment over tokens instead of points.
        #[arg(long)]
        tokens: bool,
    },
    /// Export a table of a results folder, each row with the swept values of its cell.
    ///
    /// A missing value is an empty cell in CSV and null in JSON lines and Parquet. An infinite one is
    /// inf in CSV and Parquet, and the string "inf" or "-inf" in JSON lines, where JSON has no number
    /// for it. A swept path that has the name of a column is called `sweep.` and that name.
    ///
    /// Example: collapse export results/gaussian-drifts --format parquet
    Export(export::Request),
    /// Print the JSON Schema of experiment files, for editors.
    ///
    /// Put `#:schema ./collapse.schema.json` on the first line of an experiment.
    ///
    /// Example: collapse schema > collapse.schema.json
    Schema,
    /// Print a script that completes this program's command lines in a shell.
    ///
    /// Example: collapse completions fish > ~/.config/fish/completions/collapse.fish
    Completions {
        #[arg(value_enum)]
        shell: clap_complete::Shell,
    },
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
    if arguments.quiet {
        screen::be_quiet();
    }
    match arguments.command {
        Command::Run { files, out, jobs } => run::run(&files, out.as_deref(), jobs),
        Command::List { kind, json } => explain::list(kind, json),
        Command::Explain { name, json } => explain::explain(&name, json),
        Command::New { path, tokens } => new::new(&path, tokens),
        Command::Export(request) => export::export(&request),
        Command::Schema => shell::schema(),
        Command::Completions { shell } => shell::completions(shell, Arguments::command()),
    }
}
