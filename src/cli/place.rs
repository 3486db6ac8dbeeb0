//! Which experiments a command line means, and where their results lie.

use super::screen;
use crate::experiment::{self, Complaint, Document, Study};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What may be said of an experiment on the command line.
#[derive(Debug, Clone, clap::Args)]
pub struct Choice {
    /// The folder that gets a results folder for each file.
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Give a path of the file another value in every cell; may be repeated.
    ///
    /// Example: --set founders=100 --set model.mixture.components=4
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub settings: Vec<String>,
    /// The number of trials: short for --set trials=N.
    #[arg(long, value_name = "N")]
    pub trials: Option<u64>,
    /// Run the size that was published, where the file has it under `[full]`.
    #[arg(long)]
    pub full: bool,
}

/// An experiment file that is understood, and where its results go.
pub struct Job {
    pub file: PathBuf,
    pub target: PathBuf,
    pub study: Box<dyn Study>,
}

/// How much of an experiment is run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Size {
    Own,
    /// What the file has under `[full]`.
    Full,
    /// A few trials, and what the file has under `[quick]`.
    Quick,
}

/// Trials of a miniature: enough for an error.
const FEW: &str = "trials=3";

impl Choice {
    /// The experiment as its file has it.
    pub fn of_nothing() -> Self {
        Choice { out: None, settings: Vec::new(), trials: None, full: false }
    }

    /// Reads and checks an experiment file; says what is wrong with it.
    pub fn open(&self, file: &Path) -> Result<Job, ExitCode> {
        let size = if self.full { Size::Full } else { Size::Own };
        self.read(file, size).map_err(|complaint| {
            screen::complain(&complaint);
            ExitCode::from(2)
        })
    }

    /// Reads and checks an experiment file at one of its sizes. The command line has the last word.
    pub fn read(&self, file: &Path, size: Size) -> Result<Job, Complaint> {
        let document = Document::read(file)?;
        let variant = match size {
            Size::Own => Vec::new(),
            Size::Full => document.variant("full")?,
            Size::Quick => document.variant("quick")?,
        };
        let few = (size == Size::Quick).then(|| FEW.to_owned());
        let trials = self.trials.map(|trials| format!("trials={trials}"));
        let path = |setting: &str| setting.split('=').next().map(|path| path.trim().to_owned());
        let own: Vec<String> = self.settings.iter().cloned().chain(trials).collect();
        let over = |setting: &String, later: &[String]| {
            later.iter().any(|other| path(other) == path(setting))
        };
        let few = few.filter(|few| !over(few, &variant));
        let less = few.into_iter().chain(variant).filter(|setting| !over(setting, &own));
        let settings: Vec<String> = less.chain(own.iter().cloned()).collect();
        let study = experiment::read(document.with_settings(&settings)?)?;
        Ok(Job { file: file.to_owned(), target: target(file, self.out.as_deref()), study })
    }

    /// Reads and checks all files, whose results must not lie within each other's.
    pub fn open_all(&self, files: &[PathBuf]) -> Result<Vec<Job>, ExitCode> {
        let jobs = files.iter().map(|file| self.open(file)).collect::<Result<Vec<_>, _>>()?;
        for (i, job) in jobs.iter().enumerate() {
            let target = &job.target;
            let clash = |other: &&Job| {
                other.target.starts_with(target) || target.starts_with(&other.target)
            };
            if let Some(other) = jobs[..i].iter().find(clash) {
                let is_inner = target.starts_with(&other.target);
                let outer = if is_inner { &other.target } else { target };
                screen::error(&format!(
                    "two files would write {}: rename one of them, or give each an `--out` of its own",
                    outer.display()
                ));
                return Err(ExitCode::from(2));
            }
        }
        Ok(jobs)
    }
}

/// `results/<path below experiments/, without extension>`, or the file's stem where it lies
/// elsewhere; `--out DIR` puts that folder into DIR.
fn target(file: &Path, out: Option<&Path>) -> PathBuf {
    let whole = std::path::absolute(file).unwrap_or_else(|_| file.to_owned());
    let parts: Vec<_> = whole.components().collect();
    let below = parts.iter().rposition(|part| part.as_os_str() == "experiments");
    let name = match below {
        Some(i) if i + 1 < parts.len() => parts[i + 1..].iter().collect::<PathBuf>(),
        _ => PathBuf::from(whole.file_name().unwrap_or_default()),
    };
    out.unwrap_or(Path::new("results")).join(name.with_extension(""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_mirror_the_experiments_folder() {
        let at = |file: &str, out| target(Path::new(file), out);
        assert_eq!(at("experiments/a.toml", None), Path::new("results/a"));
        assert_eq!(at("x/experiments/papers/b/c.toml", None), Path::new("results/papers/b/c"));
        assert_eq!(at("elsewhere/d.toml", Some(Path::new("o"))), Path::new("o/d"));
    }
}
