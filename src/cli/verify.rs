//! `collapse verify`: an experiment's claims against its results.

use super::finish::{End, lock};
use super::infinite::object;
use super::paper;
use super::place::Choice;
use super::screen::{self, cut, hang, wrap};
use super::telling::{Findings, Telling};
use crate::archive::table::Verdict;
use crate::report::verify::words::{expected, measured, place, verdict};
use crate::report::verify::{Verification, verify, verify_file, write};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What to verify.
#[derive(Debug, clap::Args)]
pub struct Request {
    /// A results folder, or an experiment file whose results are there.
    target: PathBuf,
    #[command(flatten)]
    telling: Telling,
}

/// Verifies, writes verdicts.csv, and tells; exit code 1 where a claim fails and nobody says why.
pub fn run(request: &Request) -> ExitCode {
    match tell(request) {
        Ok(0) => ExitCode::SUCCESS,
        Ok(_) => ExitCode::FAILURE,
        Err(Stop::End(end)) => end.exit(),
        Err(Stop::Told(code)) => code,
    }
}

enum Stop {
    End(End),
    /// What is wrong was said.
    Told(ExitCode),
}

impl<E: Into<End>> From<E> for Stop {
    fn from(error: E) -> Self {
        Stop::End(error.into())
    }
}

fn tell(request: &Request) -> Result<usize, Stop> {
    let target = &request.target;
    let (folder, found) = match target.is_file() {
        false => (target.clone(), verify(target)?),
        true => {
            let job = Choice::of_nothing().open(target).map_err(Stop::Told)?;
            let found = verify_file(target, &*job.study, &job.target)?;
            (job.target, found)
        }
    };
    let out = request.telling.folder::<Verification>(&folder);
    {
        // Elsewhere nobody else writes, and a folder that cannot be written to can be verified.
        let _lock = (out == folder).then(|| lock(&folder)).transpose()?;
        std::fs::create_dir_all(&out)
            .map_err(|error| End::Wrong(format!("cannot make {}: {error}", out.display())))?;
        write(&found, &out)?;
    }
    request.telling.tell(&found, &out, &[])?;
    Ok(found.unexplained())
}

impl Findings for Verification {
    const NAME: &'static str = "verdicts";
    const LEFT: &'static str = "verdicts.csv";

    /// Verdicts are a table of the results, not a folder.
    fn folder(results: &Path) -> PathBuf {
        results.to_owned()
    }

    fn text(&self) -> String {
        let parts = [table(&self.rows), remarks(&self.rows), totals(self)];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("\n\n")
    }

    fn markdown(&self) -> String {
        let (header, rows) = long(&self.rows);
        format!("{}\n\n{}", paper::markdown(&header, &rows), totals(self))
    }

    fn latex(&self) -> String {
        let (header, rows) = long(&self.rows);
        format!("% {}\n{}", totals(self), paper::latex(&header, &rows))
    }

    fn json(&self, folder: &Path, _pictures: &[PathBuf]) -> String {
        let numbers = |row: &Verdict| {
            let numbers = [
                ("measured", row.measured),
                ("standard_error", row.standard_error),
                ("ci_low", row.ci_low),
                ("ci_high", row.ci_high),
                ("foil_measured", row.foil_measured),
            ];
            object(row, &numbers)
        };
        json!({
            "question": self.question,
            "holds": self.count("holds"),
            "fails": self.count("fails"),
            "undecided": self.count("undecided"),
            "unexplained": self.unexplained(),
            "claims": self.rows.iter().map(numbers).collect::<Vec<Value>>(),
            "folder": folder,
        })
        .to_string()
    }

    fn notes(&self) -> &[String] {
        &[]
    }
}

const WIDEST_NAME: usize = 24;
const WIDEST_FOIL: usize = 26;

fn table(rows: &[Verdict]) -> String {
    let line = |row: &Verdict| {
        let foil = format!("{}: {}", cut(&row.foil, WIDEST_FOIL - 11), row.foil_verdict);
        vec![cut(&row.claim, WIDEST_NAME), expected(row), measured(row), verdict(row), foil]
    };
    let lines: Vec<Vec<String>> = rows.iter().map(line).collect();
    screen::table(&["claim", "expected", "measured", "verdict", "foil"], &lines)
}

/// What must be said of each claim that does not hold.
fn remarks(rows: &[Verdict]) -> String {
    let remark = |row: &Verdict| {
        let why = match (row.verdict.as_str(), row.known.as_str()) {
            ("fails", "") => format!("{}; {}", row.statistic, place(row)),
            ("fails", known) => known.to_owned(),
            _ => row.reason.clone(),
        };
        let head = format!("{}: ", row.claim);
        format!("{head}{}", hang(&format!("{} ({}) — {why}", row.says, row.source), 2))
    };
    let open = rows.iter().filter(|row| row.verdict != "holds");
    open.map(|row| wrap(&remark(row))).collect::<Vec<_>>().join("\n")
}

fn totals(found: &Verification) -> String {
    let known = found.count("fails") - found.unexplained();
    let known = if known > 0 { format!(" ({known} known)") } else { String::new() };
    format!(
        "{} claims: {} hold, {} fail{known}, {} undecided",
        found.rows.len(),
        found.count("holds"),
        found.count("fails"),
        found.count("undecided")
    )
}

fn long(rows: &[Verdict]) -> (Vec<String>, Vec<Vec<String>>) {
    let header = ["claim", "statement", "source", "expected", "measured", "verdict"];
    let line = |row: &Verdict| {
        let source = format!("{} ({})", row.source, row.read);
        vec![
            row.claim.clone(),
            row.says.clone(),
            source,
            expected(row),
            measured(row),
            verdict(row),
        ]
    };
    (header.map(str::to_owned).to_vec(), rows.iter().map(line).collect())
}
