//! Files that have their name only when they are complete.

use std::borrow::Cow;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use super::ArchiveError;

/// A reader of `path` sees the former bytes or the new ones, never a part of them.
pub(crate) fn replace_file<'a>(
    path: &Path,
    parts: impl IntoIterator<Item = Result<Cow<'a, [u8]>, ArchiveError>>,
) -> Result<(), ArchiveError> {
    let mut growing = Growing::at(path)?;
    parts.into_iter().try_for_each(|part| growing.put(&part?))?;
    growing.finish()
}

/// A file on its way: dropped before it is finished, it leaves nothing.
pub struct Growing {
    path: PathBuf,
    file: Option<tempfile::NamedTempFile>,
}

impl Growing {
    pub(super) fn at(path: &Path) -> Result<Self, ArchiveError> {
        let folder = path.parent().unwrap_or(Path::new("."));
        let mut builder = tempfile::Builder::new();
        builder.prefix(".partial-");
        #[cfg(unix)]
        {
            // As readable as any new file, not private to its maker.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(fs::Permissions::from_mode(0o666));
        }
        let file = builder.tempfile_in(folder).map_err(ArchiveError::io("write", path))?;
        Ok(Growing { path: path.to_owned(), file: Some(file) })
    }

    pub fn put(&mut self, bytes: &[u8]) -> Result<(), ArchiveError> {
        let Some(file) = &mut self.file else { return Ok(()) };
        file.write_all(bytes).map_err(ArchiveError::io("write", &self.path))
    }

    /// Gives the file its name.
    pub fn finish(mut self) -> Result<(), ArchiveError> {
        let Some(file) = self.file.take() else { return Ok(()) };
        let named = file.persist(&self.path).map_err(|error| error.error);
        named.map(drop).map_err(ArchiveError::io("write", &self.path))
    }
}
