//! What is wrong with an experiment file, told with its place.

use std::ops::Range;
use std::path::PathBuf;

/// What is wrong with a file, where, and what would be right.
#[derive(Debug, Clone, PartialEq)]
pub struct Complaint {
    pub path: PathBuf,
    /// The whole text, where it could be read.
    pub text: String,
    pub span: Option<Range<usize>>,
    pub message: String,
    pub help: Option<String>,
}

impl Complaint {
    /// Line and column of the place, both counted from one.
    pub fn place(&self) -> Option<(usize, usize)> {
        let before = self.text.get(..self.span.as_ref()?.start)?;
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or("").chars().count() + 1;
        Some((line, column))
    }

    pub fn with_help(self, help: impl Into<String>) -> Self {
        Complaint { help: Some(help.into()), ..self }
    }
}

impl std::fmt::Display for Complaint {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.path.display())?;
        if let Some((line, column)) = self.place() {
            write!(f, ":{line}:{column}")?;
        }
        write!(f, ": {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, " ({help})"),
            None => Ok(()),
        }
    }
}

impl std::error::Error for Complaint {}
