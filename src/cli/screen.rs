//! What people see: errors that point into a file, progress, tables.

use crate::experiment::Complaint;
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme, NamedSource, SourceSpan};
use std::io::{IsTerminal, Write, stderr, stdout};
use std::sync::atomic::{AtomicBool, Ordering};

/// Columns of a terminal that every text fits.
const WIDTH: usize = 100;

/// Whether only errors go to standard error: like the terminal itself, one for the whole program.
static QUIET: AtomicBool = AtomicBool::new(false);

/// From here on standard error has errors alone.
pub fn be_quiet() {
    QUIET.store(true, Ordering::Relaxed);
}

pub fn is_quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// Writes a line to standard output; a closed pipe ends the output, not the program.
pub fn say(text: &str) {
    let _closed_pipe = writeln!(stdout(), "{text}");
}

/// Writes a line to standard error, unless the program was asked to be quiet.
pub fn note(text: &str) {
    if !is_quiet() {
        line_on_stderr(text);
    }
}

/// An error that has no place in a file.
pub fn error(text: &str) {
    line_on_stderr(&format!("error: {text}"));
}

/// What to do about an error.
pub fn help(text: &str) {
    line_on_stderr(&format!("  help: {text}"));
}

fn line_on_stderr(text: &str) {
    let _closed_pipe = writeln!(stderr(), "{text}");
}

#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
struct Pointed {
    message: String,
    #[source_code]
    source_code: NamedSource<String>,
    #[label("here")]
    span: SourceSpan,
    #[help]
    help: Option<String>,
}

/// Shows what is wrong with a file: the place with its line and a caret where there is one.
pub fn complain(complaint: &Complaint) {
    let Some(span) = complaint.span.clone() else {
        error(&format!("{}: {}", complaint.path.display(), complaint.message));
        if let Some(help) = &complaint.help {
            self::help(help);
        }
        return;
    };
    let name = complaint.path.display().to_string();
    let pointed = Pointed {
        message: complaint.message.clone(),
        source_code: NamedSource::new(name, complaint.text.clone()),
        span: SourceSpan::from(span),
        help: complaint.help.clone(),
    };
    let theme = match colours() {
        true => GraphicalTheme::unicode(),
        false => GraphicalTheme::unicode_nocolor(),
    };
    let mut text = String::new();
    let handler = GraphicalReportHandler::new_themed(theme).with_width(100).with_wrap_lines(true);
    match handler.render_report(&mut text, &pointed) {
        Ok(()) => line_on_stderr(text.trim_end()),
        Err(_) => error(&complaint.to_string()),
    }
}

fn colours() -> bool {
    stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// Columns of text, the first one and text columns left-aligned, numbers right-aligned.
pub fn table(header: &[&str], rows: &[Vec<String>]) -> String {
    let column = |i: usize| rows.iter().map(move |row| row[i].as_str());
    let width =
        |i: usize| column(i).chain([header[i]]).map(|cell| cell.chars().count()).max().unwrap_or(0);
    let numeric =
        |i: usize| column(i).all(|cell| cell.parse::<f64>().is_ok() || ["", "–"].contains(&cell));
    let pad = |i: usize, cell: &str| {
        let space = " ".repeat(width(i) - cell.chars().count());
        if numeric(i) { format!("{space}{cell}") } else { format!("{cell}{space}") }
    };
    let line = |cells: Vec<&str>| {
        let cells = cells.iter().enumerate().map(|(i, cell)| pad(i, cell));
        cells.collect::<Vec<_>>().join("  ").trim_end().to_owned()
    };
    let body = rows.iter().map(|row| line(row.iter().map(String::as_str).collect()));
    std::iter::once(line(header.to_vec())).chain(body).collect::<Vec<_>>().join("\n")
}

/// A text of at most so many characters.
pub fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.to_owned();
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// Lines of at most 100 columns.
pub fn wrap(text: &str) -> String {
    hang(text, 0)
}

/// The same for what begins at a column; the lines that follow begin there, too.
pub fn hang(text: &str, column: usize) -> String {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let last = lines.len() - 1;
        let used = lines[last].chars().count();
        match used {
            0 => lines[last] += word,
            used if column + used + 1 + word.chars().count() <= WIDTH => {
                lines[last] += " ";
                lines[last] += word;
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines.join(&format!("\n{}", " ".repeat(column)))
}

/// A number with four significant digits, without an exponent where that is short.
pub fn number(value: f64) -> String {
    match value.abs() {
        _ if value == 0.0 => "0".into(),
        size if !size.is_finite() => value.to_string(),
        size if (1e-3..1e5).contains(&size) => {
            let digits = (3 - size.log10().floor() as i32).max(0) as usize;
            format!("{value:.digits$}")
        }
        _ => format!("{value:.3e}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_four_significant_digits() {
        let shown: Vec<String> =
            [0.0, 1.0, 0.0123456, 12345.6, 1e-9, f64::INFINITY].map(number).into();
        assert_eq!(shown, ["0", "1.000", "0.01235", "12346", "1.000e-9", "inf"]);
    }

    #[test]
    fn lines_end_at_a_hundred_and_hang_below_their_beginning() {
        let text = wrap(&"word ".repeat(60));
        assert!(text.lines().count() == 3 && text.lines().all(|line| line.len() <= WIDTH));
        let hung = hang(&"word ".repeat(30), 40);
        assert!(hung.lines().skip(1).all(|line| line.starts_with(&" ".repeat(40))));
        assert!(hung.lines().skip(1).all(|line| line.len() <= WIDTH) && hung.lines().count() == 3);
        assert_eq!(cut("retain-ten-of-a-hundred", 10), "retain-te…");
    }

    #[test]
    fn numbers_stand_on_the_right_and_words_on_the_left() {
        let rows = vec![vec!["a".into(), "1.5".into()], vec!["bcd".into(), "12".into()]];
        assert_eq!(table(&["arm", "x"], &rows), "arm    x\na    1.5\nbcd   12");
    }
}
