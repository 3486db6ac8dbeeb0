//! `collapse new`: a commented experiment to start from.

use super::screen;
use std::ffi::OsString;
use std::fs::OpenOptions;
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

const POINTS: &str = include_str!("new/points.toml");
const TOKENS: &str = include_str!("new/tokens.toml");

/// Writes the template to `path`, and says how to go on.
pub fn new(path: &Path, tokens: bool) -> ExitCode {
    let template = if tokens { TOKENS } else { POINTS };
    match target(path).and_then(|file| write(&file, template).map(|()| file)) {
        Ok(file) => {
            let file = file.display();
            screen::note(&format!("wrote {file}: read its comments, then\n  collapse run {file}"));
            ExitCode::SUCCESS
        }
        Err((message, help)) => {
            screen::error(&message);
            screen::help(&help);
            ExitCode::from(2)
        }
    }
}

type Refusal = (String, String);

/// The name with `.toml`.
fn target(path: &Path) -> Result<PathBuf, Refusal> {
    let shown = path.display();
    let nameless = path.file_name().is_none() || shown.to_string().ends_with(['/', '\\']);
    if nameless || path.is_dir() {
        let help = "give the file a name, such as `collapse new experiments/does-it-forget`";
        return Err((format!("`{shown}` does not name a file"), help.into()));
    }
    if shown.to_string().chars().any(char::is_control) {
        let help = "give the file a name that can be typed".into();
        return Err((format!("{shown:?} has a line break or another control character"), help));
    }
    if path.extension().is_some_and(|extension| extension == "toml") {
        return Ok(path.to_owned());
    }
    let mut name = OsString::from(path);
    name.push(".toml");
    Ok(name.into())
}

/// Writes a file that is not there yet.
fn write(file: &Path, text: &str) -> Result<(), Refusal> {
    let refuse = |error: std::io::Error| {
        let shown = file.display();
        let folder = file.parent().unwrap_or(Path::new("")).display();
        match error.kind() {
            ErrorKind::AlreadyExists => {
                let help = "choose another name, or move that file away".into();
                (format!("{shown} is there already, and is not replaced"), help)
            }
            ErrorKind::NotFound => {
                let help = format!("create it first: mkdir -p {folder}");
                (format!("there is no folder {folder}"), help)
            }
            _ => (format!("cannot write {shown}: {error}"), "choose another place".into()),
        }
    };
    let mut new = OpenOptions::new().write(true).create_new(true).open(file).map_err(refuse)?;
    new.write_all(text.as_bytes()).map_err(refuse)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::{Document, read};

    #[test]
    fn the_templates_are_experiments() {
        for text in [POINTS, TOKENS] {
            let document = Document::new("new.toml", text);
            let study = read(document).unwrap_or_else(|complaint| panic!("{complaint}"));
            assert!(study.arms().len() > 1);
        }
    }

    #[test]
    fn a_name_gets_its_extension_once() {
        let name = |path: &str| target(Path::new(path)).expect("a name");
        assert_eq!(name("a/b"), Path::new("a/b.toml"));
        assert_eq!(name("a/b.toml"), Path::new("a/b.toml"));
        assert_eq!(name("v1.5"), Path::new("v1.5.toml"));
        for path in ["", "/", "..", "a/", "a\nb"] {
            assert!(target(Path::new(path)).is_err(), "{path:?}");
        }
    }
}
