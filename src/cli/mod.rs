//! Arguments → calls. Knows no science, and is the only place that prints.

mod compare;
mod data;
mod explain;
mod export;
mod finish;
mod infinite;
mod interrupt;
mod lifetimes;
mod meter;
mod new;
mod outcome;
mod paper;
mod place;
mod plan;
mod profile;
mod reproduce;
mod run;
mod screen;
mod shell;
mod tell;
mod telling;
mod texts;
mod verify;

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
        /// Print JSON to standard output.
        #[arg(long)]
        json: bool,
    },
    /// Summarise and draw a results folder again, from its tables alone.
    ///
    /// Example: collapse plot results/replace-forgets-modes
    Plot { folder: PathBuf },
    /// Compare the arms of a results folder with a baseline, paired by trial.
    ///
    /// Each line is the loss of one arm against that of the baseline, on one metric: smaller is better,
    /// and an extinct lineage ranks worst. A sign-flip test of the median difference decides, adjusted
    /// by Holm over all lines, and the verdict is plain: better, worse, no difference found (with the
    /// smallest effect that these trials could have found), or equivalent within a margin.
    ///
    /// Example: collapse compare results/replace-forgets-modes --baseline replace
    Compare(compare::Request),
    /// Tell how long the lineages of each arm last until they collapse or are extinct.
    ///
    /// Kaplan–Meier medians with intervals, the share that is left, and the log-rank test against a
    /// baseline. Half of what the world has, of its tail's mass for example, gives the half-life.
    ///
    /// Example: collapse lifetimes results/zipf-loses-its-tail --metric support --below 0.1 --baseline replace
    Lifetimes(lifetimes::Request),
    /// Tell which of eight definitions of model collapse each arm meets, and on what evidence.
    ///
    /// Catastrophic, any and diverging increase of risk, collapsing variance, a changed scaling law, a lost
    /// tail, hallucinated data, entangled modes (Schaeffer et al. 2025). Each is read off what the folder
    /// has measured, with an interval or a test over trials: yes, no, undecided, or not measured, with the
    /// metric that would have to be added. They disagree, and the first table shows it at a glance.
    ///
    /// Example: collapse profile results/replace-forgets-modes
    Profile(profile::Request),
    /// Hold the claims of an experiment against its results and against theory.
    ///
    /// Each `[[claims]]` of the file gets a verdict: it holds, it fails, or it is undecided, where the error
    /// bar is too wide to tell or where the claim's foil does not fail. verdicts.csv in the results folder
    /// has every number. Exit code 1 where a claim fails and the file does not say why.
    ///
    /// Example: collapse verify results/papers/kazdan-2025/gaussian
    Verify(verify::Request),
    /// Make published figures anew: run, draw and verify the papers of the gallery.
    ///
    /// Without a name all of them, in the order of the papers; what is there is not run again. One table
    /// tells what holds, and plots/ gets the pictures, every verdict and the page of the gallery.
    ///
    /// Example: collapse reproduce kazdan-2025/gaussian
    Reproduce(reproduce::Request),
    /// List what there is: worlds, models, regimes, curation, metrics; or mitigations, or papers.
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
    /// Get texts that are too large to be bundled, and say where they are.
    ///
    /// Example: collapse data get shakespeare
    Data {
        #[command(subcommand)]
        request: data::Request,
    },
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
    if arguments.quiet {
        screen::be_quiet();
    }
    match arguments.command {
        Command::Run { files, choice, how } => run::run(&files, &choice, &how),
        Command::Plan { file, choice, jobs, json } => plan::plan(&file, &choice, jobs, json),
        Command::Status { folder, json } => plan::status(folder.as_deref(), json),
        Command::Collect { folder, partial, json } => finish::collect(&folder, partial, json),
        Command::Plot { folder } => finish::plot(&folder),
        Command::Compare(request) => compare::run(&request),
        Command::Lifetimes(request) => lifetimes::run(&request),
        Command::Profile(request) => profile::run(&request),
        Command::Verify(request) => verify::run(&request),
        Command::Reproduce(request) => reproduce::run(&request),
        Command::List { kind, json } => explain::list(kind, json),
        Command::Explain { name, json } => explain::explain(&name, json),
        Command::New { path, tokens } => new::new(&path, tokens),
        Command::Export(request) => export::export(&request),
        Command::Data { request } => data::data(&request),
        Command::Schema => shell::schema(),
        Command::Completions { shell } => shell::completions(shell, Arguments::command()),
    }
}
