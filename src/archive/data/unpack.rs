//! The files of a collection, out of a .tar.gz archive or a folder.

use super::{Collection, DataError};
use flate2::read::GzDecoder;
use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// The largest file that is read.
const LIMIT: u64 = 64 << 20;

/// The files, in the order of the collection.
pub fn archive(collection: &Collection, path: &Path) -> Result<Vec<Vec<u8>>, DataError> {
    let file = File::open(path).map_err(DataError::io("read", path))?;
    let broken = |source| DataError::Archive { path: path.to_path_buf(), source };
    let mut tar = tar::Archive::new(GzDecoder::new(BufReader::new(file)));
    let mut found: Vec<Option<Vec<u8>>> = vec![None; collection.files.len()];
    for entry in tar.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        let name = entry.path().map_err(broken)?.into_owned();
        let Some(place) = place(collection, &name) else { continue };
        found[place] = Some(read(&mut entry, path, &name, broken)?);
    }
    let files = found.into_iter().zip(collection.files);
    files.map(|(file, (name, _))| file.ok_or_else(|| missing(collection, path, name))).collect()
}

/// Which of the files this entry is, if it is one: `ANY/within/NAME`.
fn place(collection: &Collection, entry: &Path) -> Option<usize> {
    let folder = entry.parent()?;
    let name = entry.file_name()?;
    if !folder.ends_with(collection.within) {
        return None;
    }
    collection.files.iter().position(|(known, _)| name == *known)
}

/// The files, from the folder of an unpacked archive or the one in it that has them.
pub fn folder(collection: &Collection, path: &Path) -> Result<Vec<Vec<u8>>, DataError> {
    let Collection { package, version, within, .. } = collection;
    let inner = path.join(format!("{package}-{version}")).join(within);
    let (first, _) = collection.files.first().copied().unwrap_or_default();
    let places = [path.to_owned(), path.join(within), inner];
    let Some(folder) = places.iter().find(|folder| folder.join(first).is_file()) else {
        return Err(missing(collection, path, first));
    };
    let read_one = |(name, _): &(&str, &str)| {
        let file = folder.join(name);
        if !file.is_file() {
            return Err(missing(collection, folder, name));
        }
        let mut open = File::open(&file).map_err(DataError::io("read", &file))?;
        read(&mut open, folder, Path::new(name), |source| DataError::Io {
            verb: "read",
            path: file.clone(),
            source,
        })
    };
    collection.files.iter().map(read_one).collect()
}

fn read(
    from: &mut impl Read,
    path: &Path,
    name: &Path,
    broken: impl Fn(std::io::Error) -> DataError,
) -> Result<Vec<u8>, DataError> {
    let mut bytes = Vec::new();
    from.take(LIMIT + 1).read_to_end(&mut bytes).map_err(broken)?;
    if bytes.len() as u64 > LIMIT {
        let file = name.display().to_string();
        return Err(DataError::TooLarge { path: path.to_path_buf(), file, limit: LIMIT });
    }
    Ok(bytes)
}

fn missing(collection: &Collection, path: &Path, name: &str) -> DataError {
    let file = format!("{}/{name}", collection.within);
    DataError::Missing { path: path.to_path_buf(), file }
}

/// The source archive that a folder holds.
pub fn archive_in(folder: &Path) -> Result<Option<PathBuf>, DataError> {
    let entries = fs::read_dir(folder).map_err(DataError::io("read", folder))?;
    let mut paths = entries.flatten().map(|entry| entry.path());
    Ok(paths.find(|path| path.to_string_lossy().ends_with(".tar.gz")))
}
