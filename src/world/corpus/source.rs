//! The documents of a text: one file, the .txt files of a folder, or a text by its name.

use super::{Corpus, Name, SHAKESPEARE};
use crate::archive::data;
use crate::world::WorldError;
use std::path::{Path, PathBuf};

/// A text that stands for itself.
pub struct Document {
    pub text: String,
}

/// The documents, in the order of their names.
pub fn documents(corpus: &Corpus, folder: &Path) -> Result<Vec<Document>, WorldError> {
    let documents = match (&corpus.path, corpus.name) {
        (None, None | Some(Name::Cicero)) => vec![cicero()?],
        (None, Some(Name::Shakespeare)) => read_all(&shakespeare()?, "name")?,
        (Some(path), _) => read_all(&listed(&folder.join(path))?, "path")?,
    };
    if documents.iter().all(|document| document.text.is_empty()) {
        let path = corpus.path.as_deref().unwrap_or(Path::new("the text")).display();
        return Err(error("path", format!("{path} is empty"), HELP));
    }
    Ok(documents)
}

/// The files whose content the documents are.
pub fn files(corpus: &Corpus, folder: &Path) -> Vec<PathBuf> {
    match (&corpus.path, corpus.name) {
        (Some(path), _) => {
            let path = folder.join(path);
            listed(&path).unwrap_or_else(|_missing| vec![path])
        }
        (None, Some(Name::Shakespeare)) => shakespeare().unwrap_or_default(),
        (None, _) => Vec::new(),
    }
}

const HELP: &str = "a text is a UTF-8 file, or a folder with .txt files; or name = \"cicero\"";

fn error(key: &'static str, reason: String, help: &str) -> WorldError {
    WorldError { key: Some(key), reason, help: help.into() }
}

/// The file itself, or the .txt files of a folder.
fn listed(path: &Path) -> Result<Vec<PathBuf>, WorldError> {
    let shown = path.display();
    if !path.is_dir() {
        return match path.try_exists() {
            Ok(false) => Err(error("path", format!("there is no file or folder {shown}"), HELP)),
            _ => Ok(vec![path.to_owned()]),
        };
    }
    let unreadable = |e: std::io::Error| error("path", format!("cannot read {shown}: {e}"), HELP);
    let mut files = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let file = entry.map_err(unreadable)?.path();
        if file.extension().is_some_and(|e| e.eq_ignore_ascii_case("txt")) && file.is_file() {
            files.push(file);
        }
    }
    if files.is_empty() {
        return Err(error("path", format!("the folder {shown} has no .txt file"), HELP));
    }
    files.sort();
    Ok(files)
}

fn read_all(files: &[PathBuf], key: &'static str) -> Result<Vec<Document>, WorldError> {
    files.iter().map(|file| read(file, key)).collect()
}

fn read(file: &Path, key: &'static str) -> Result<Document, WorldError> {
    let shown = file.display();
    let bytes =
        std::fs::read(file).map_err(|e| error(key, format!("cannot read {shown}: {e}"), HELP))?;
    match String::from_utf8(bytes) {
        Ok(text) => Ok(Document { text: plain(text) }),
        Err(broken) => {
            let at = broken.utf8_error().valid_up_to();
            let byte = broken.as_bytes().get(at).copied().unwrap_or_default();
            let line = 1 + broken.as_bytes()[..at].iter().filter(|b| **b == b'\n').count();
            let reason = format!("{shown} is not UTF-8: byte {at} (line {line}) is 0x{byte:02x}");
            let help = "convert it, such as with: iconv -f ISO-8859-1 -t UTF-8 OLD > NEW";
            Err(error(key, reason, help))
        }
    }
}

/// Without a byte order mark, and with \n at the end of lines.
fn plain(text: String) -> String {
    let text = text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text);
    if text.contains('\r') { text.replace("\r\n", "\n").replace('\r', "\n") } else { text }
}

#[cfg(feature = "bundled-data")]
fn cicero() -> Result<Document, WorldError> {
    Ok(Document { text: plain(lipsum::LIBER_PRIMUS.to_owned()) })
}

#[cfg(not(feature = "bundled-data"))]
fn cicero() -> Result<Document, WorldError> {
    Err(WorldError {
        key: None,
        reason: "this program was built without the text `cicero`".into(),
        help: "build it with the feature `bundled-data`, or give a text with `path`".into(),
    })
}

/// The works, where `collapse data get shakespeare` puts them.
fn shakespeare() -> Result<Vec<PathBuf>, WorldError> {
    let help = "get it: collapse data get shakespeare";
    let missing = |what: &dyn std::fmt::Display| {
        error("name", format!("the text `shakespeare` is not here: {what}"), help)
    };
    let folder = data::home().map_err(|e| missing(&e))?.join(SHAKESPEARE.name);
    let files: Vec<PathBuf> = SHAKESPEARE.files.iter().map(|(name, _)| folder.join(name)).collect();
    match files.iter().find(|file| !file.is_file()) {
        Some(file) => Err(missing(&format!("there is no {}", file.display()))),
        None => Ok(files),
    }
}
