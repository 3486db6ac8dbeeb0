//! Why arms could not be compared.

use crate::archive::ArchiveError;
use crate::experiment::Complaint;
use crate::figure::FigureError;
use thiserror::Error;

/// What is wrong, where, and what would be right.
#[derive(Debug, Error)]
pub enum CompareError {
    #[error(transparent)]
    Table(#[from] ArchiveError),
    #[error(transparent)]
    Figure(#[from] FigureError),
    #[error("{0}")]
    Experiment(Box<Complaint>),
    #[error("`{arm}` is no arm of {folder}: {known}")]
    NoArm { arm: String, folder: String, known: String },
    #[error(
        "{folder} has one arm, `{arm}`, and nothing to compare it with: give the experiment \
         `[arms]`, or compare another folder"
    )]
    OneArm { folder: String, arm: String },
    #[error("`{metric}` is not measured in {folder}: {known}")]
    NoMetric { metric: String, folder: String, known: String },
    #[error("`{metric}` is the name of several: {labels}; name one of them")]
    ManyMetrics { metric: String, labels: String },
    #[error("generation {generation} is not measured in every arm of {folder}: {known}")]
    NoGeneration { generation: u32, folder: String, known: String },
    #[error(
        "arm `{arm}` cannot be paired with `{baseline}`: {difference}. Trials are pairs where seed, \
         world and `evaluation` are the same: run both arms with the same ones"
    )]
    Unlike { arm: String, baseline: String, difference: String },
    #[error("no cell of `{baseline}` lies beside one of another arm: they share no swept values")]
    NothingBeside { baseline: String },
    #[error(
        "{folder} has no trial that finished in both `{baseline}` and another arm: run the experiment \
         first, or look at outcomes.csv for what failed"
    )]
    NoTrials { folder: String, baseline: String },
    #[error(
        "{folder} has no lineage that finished: run the experiment first, or look at outcomes.csv for \
         what failed"
    )]
    NoLineages { folder: String },
    #[error("no definition of model collapse is read off `{metric}`: {known}")]
    NoDefinition { metric: String, known: String },
    #[error(
        "{folder}: cells.csv and experiment.toml do not name the same cells: run the experiment again"
    )]
    OtherCells { folder: String },
    #[error("{what} must be {allowed}, got {value}")]
    OutOfRange { what: &'static str, allowed: &'static str, value: f64 },
    #[error(
        "{folder} does not say what its lineages spent (it has no budget.csv): make its tables again \
         with `collapse collect {folder}`"
    )]
    NoBudget { folder: String },
    #[error(
        "what trials took in seconds is known of whole lineages alone: leave `--generation` out, or \
         match another budget"
    )]
    SecondsOfPart,
}
