//! A results folder that is replaced as a whole: what was there stays until all of the new is.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{ArchiveError, provenance};

/// New results beside the place where they will lie; dropped without `commit`, they vanish.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    new: TempDir,
}

impl Staging {
    /// Opens a hidden folder next to `target`, on the same file system so that a rename is enough.
    pub fn begin(target: &Path) -> Result<Self, ArchiveError> {
        let target = resolve(target)?;
        refuse_what_is_not_ours(&target)?;
        refuse_results_within_results(&target)?;
        let (parent, name) = place(&target)?;
        fs::create_dir_all(&parent).map_err(ArchiveError::io("create the folder", &parent))?;
        let new = hidden_folder(&parent, name, "partial")?;
        Ok(Self { target, new })
    }

    /// Where the new results are written.
    pub fn path(&self) -> &Path {
        self.new.path()
    }

    /// Puts the new results in the place of the former, which come back if that fails.
    pub fn commit(self) -> Result<(), ArchiveError> {
        let Self { target, new } = self;
        // What is there may have changed while the new results were made.
        refuse_what_is_not_ours(&target)?;
        let replace = ArchiveError::io("put the new results at", &target);
        if !target.exists() {
            fs::rename(new.path(), &target).map_err(replace)?;
            let _moved = new.keep();
            return Ok(());
        }
        let (parent, name) = place(&target)?;
        let attic = hidden_folder(&parent, name, "replaced")?.keep();
        let former = attic.join(name);
        let swapped = fs::rename(&target, &former).and_then(|()| {
            // The first error is the one worth reporting, also where the way back fails.
            fs::rename(new.path(), &target).inspect_err(|_| drop(fs::rename(&former, &target)))
        });
        if let Err(source) = swapped {
            // Only an empty attic goes: former results that could not come back must not.
            let _kept_if_full = fs::remove_dir(&attic);
            return Err(replace(source));
        }
        let _moved = new.keep();
        fs::remove_dir_all(&attic).map_err(|source| ArchiveError::Leftover { path: attic, source })
    }
}

/// A link to a results folder stays a link; what it points at is replaced.
fn resolve(target: &Path) -> Result<PathBuf, ArchiveError> {
    if target.exists() {
        return target.canonicalize().map_err(ArchiveError::io("reach", target));
    }
    Ok(target.to_path_buf())
}

fn place(target: &Path) -> Result<(PathBuf, &OsStr), ArchiveError> {
    let name = target.file_name().ok_or_else(|| ArchiveError::Nameless(target.to_path_buf()))?;
    let parent = target.parent().filter(|parent| !parent.as_os_str().is_empty());
    Ok((parent.unwrap_or(Path::new(".")).to_path_buf(), name))
}

fn refuse_what_is_not_ours(target: &Path) -> Result<(), ArchiveError> {
    if !target.exists() || target.join(provenance::FILE).is_file() {
        return Ok(());
    }
    if !target.is_dir() {
        return Err(ArchiveError::TargetIsFile(target.to_path_buf()));
    }
    let mut entries = fs::read_dir(target).map_err(ArchiveError::io("look into", target))?;
    match entries.next() {
        None => Ok(()),
        Some(_) => Err(ArchiveError::ForeignFolder(target.to_path_buf())),
    }
}

/// A folder of results is replaced as a whole, with all that lies in it.
fn refuse_results_within_results(target: &Path) -> Result<(), ArchiveError> {
    let outer = target.ancestors().skip(1).find(|folder| folder.join(provenance::FILE).is_file());
    outer.map_or(Ok(()), |outer| Err(ArchiveError::WithinResults(outer.to_path_buf())))
}

fn hidden_folder(parent: &Path, name: &OsStr, role: &str) -> Result<TempDir, ArchiveError> {
    let mut prefix = OsString::from(".");
    prefix.push(name);
    prefix.push(format!(".{role}-"));
    let mut builder = tempfile::Builder::new();
    builder.prefix(&prefix);
    #[cfg(unix)]
    {
        // The folder becomes the results: readable by whom the user's mask allows, not private.
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o777));
    }
    builder.tempdir_in(parent).map_err(ArchiveError::io("create a folder in", parent))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(target: &Path, content: &str) -> Result<(), ArchiveError> {
        let staging = Staging::begin(target)?;
        fs::write(staging.path().join(provenance::FILE), content).unwrap();
        staging.commit()
    }

    fn names(dir: &Path) -> Vec<OsString> {
        fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name()).collect()
    }

    #[test]
    fn a_second_run_replaces_the_first_only_when_it_is_complete() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("deep/er/ring");
        run(&target, "first").unwrap();
        fs::write(target.join("stale.csv"), "").unwrap();
        let second = Staging::begin(&target).unwrap();
        fs::write(second.path().join(provenance::FILE), "second").unwrap();
        assert_eq!(fs::read_to_string(target.join(provenance::FILE)).unwrap(), "first");
        second.commit().unwrap();
        assert_eq!(fs::read_to_string(target.join(provenance::FILE)).unwrap(), "second");
        assert!(!target.join("stale.csv").exists());
        assert_eq!(names(target.parent().unwrap()), ["ring"]);
    }

    #[test]
    fn an_abandoned_run_leaves_the_former_results_and_no_trace() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("ring");
        run(&target, "first").unwrap();
        drop(Staging::begin(&target).unwrap());
        assert_eq!(names(home.path()), ["ring"]);
        assert_eq!(fs::read_to_string(target.join(provenance::FILE)).unwrap(), "first");
    }

    #[test]
    fn a_failed_swap_puts_the_former_results_back() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("ring");
        run(&target, "first").unwrap();
        let second = Staging::begin(&target).unwrap();
        fs::remove_dir_all(second.path()).unwrap();
        assert!(matches!(second.commit(), Err(ArchiveError::Io { .. })));
        assert_eq!(fs::read_to_string(target.join(provenance::FILE)).unwrap(), "first");
        assert_eq!(names(home.path()), ["ring"]);
    }

    #[test]
    fn a_folder_of_something_else_and_a_file_are_refused_and_an_empty_folder_is_taken() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("photos");
        fs::create_dir(&target).unwrap();
        run(&target, "taken").unwrap();
        fs::remove_file(target.join(provenance::FILE)).unwrap();
        fs::write(target.join("holiday.jpg"), "").unwrap();
        assert!(matches!(run(&target, ""), Err(ArchiveError::ForeignFolder(_))));
        assert!(target.join("holiday.jpg").exists());
        let file = target.join("holiday.jpg");
        assert!(matches!(run(&file, ""), Err(ArchiveError::TargetIsFile(_))));
    }

    #[test]
    fn results_never_lie_within_other_results() {
        let home = tempfile::tempdir().unwrap();
        run(&home.path().join("ring"), "first").unwrap();
        let within = run(&home.path().join("ring/deep/er"), "");
        assert!(matches!(within, Err(ArchiveError::WithinResults(_))), "{within:?}");
        assert_eq!(names(&home.path().join("ring")), [provenance::FILE]);
    }

    #[test]
    fn a_place_below_a_file_is_an_error_that_names_it() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        let error = Staging::begin(&file.join("ring")).unwrap_err().to_string();
        assert!(error.contains("cannot create the folder") && error.contains("file"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn results_are_as_readable_as_any_new_folder() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        run(&home.path().join("ring"), "").unwrap();
        fs::create_dir(home.path().join("plain")).unwrap();
        let mode = |name| fs::metadata(home.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("ring"), mode("plain"));
    }
}
