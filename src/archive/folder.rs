//! A results folder: whether it is one, and how its tables and pictures are replaced.
//!
//! New ones are made in a hidden folder inside, and put in place by renames when all of them are
//! there: whoever looks sees the former or the new ones, whole. The journal stays where it is.

use super::{ArchiveError, journal, provenance, stamp};
use std::fs;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// What the names of hidden folders begin with.
const HIDDEN: &str = ".partial-";

/// Makes sure that `target` is a results folder: creates it, or refuses what is something else.
pub fn open(target: &Path) -> Result<PathBuf, ArchiveError> {
    // A link to a results folder stays a link; what it points at is worked on.
    let target = match target.exists() {
        true => target.canonicalize().map_err(ArchiveError::io("reach", target))?,
        false => target.to_path_buf(),
    };
    if target.file_name().is_none() {
        return Err(ArchiveError::Nameless(target));
    }
    refuse_what_is_not_ours(&target)?;
    refuse_results_within_results(&target)?;
    refuse_what_is_newer(&target)?;
    let journal = target.join(journal::FOLDER);
    fs::create_dir_all(&journal).map_err(ArchiveError::io("create the folder", &journal))?;
    Ok(target)
}

/// Whether a folder holds results, finished or on their way.
pub fn is_results(folder: &Path) -> bool {
    folder.join(provenance::FILE).is_file() || folder.join(journal::FOLDER).is_dir()
}

fn refuse_what_is_not_ours(target: &Path) -> Result<(), ArchiveError> {
    if !target.exists() || is_results(target) {
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

/// Tables and pictures of one run would lie among those of another.
fn refuse_results_within_results(target: &Path) -> Result<(), ArchiveError> {
    let outer = target
        .ancestors()
        .skip(1)
        .find(|folder| folder.join(provenance::FILE).is_file() || journal::Journal::is_at(folder));
    outer.map_or(Ok(()), |outer| Err(ArchiveError::WithinResults(outer.to_path_buf())))
}

fn refuse_what_is_newer(target: &Path) -> Result<(), ArchiveError> {
    let Ok(provenance) = provenance::Provenance::read(target) else { return Ok(()) };
    let (format, known) = (provenance.format, provenance::FORMAT);
    if format > known {
        let path = target.join(provenance::FILE);
        return Err(ArchiveError::Newer { path, format, known });
    }
    Ok(())
}

/// New tables and pictures beside those that are in place; dropped without `commit`, they vanish.
#[derive(Debug)]
pub struct Staging {
    target: PathBuf,
    new: TempDir,
}

impl Staging {
    /// Opens a hidden folder inside a results folder; the caller holds the folder's lock.
    pub fn begin(target: &Path) -> Result<Self, ArchiveError> {
        sweep(target);
        let builder = TempDir::with_prefix_in(HIDDEN, target);
        let new = builder.map_err(ArchiveError::io("create a folder in", target))?;
        Ok(Self { target: target.to_path_buf(), new })
    }

    /// Where the new tables and pictures are written.
    pub fn path(&self) -> &Path {
        self.new.path()
    }

    /// Puts each table and each folder of pictures in the place of its former one.
    pub fn commit(self) -> Result<(), ArchiveError> {
        fn replace(path: &Path) -> impl FnOnce(std::io::Error) -> ArchiveError {
            ArchiveError::io("put in place", path)
        }
        stamp::remove(&self.target)?;
        let attic = self.new.path().join("former");
        fs::create_dir(&attic).map_err(replace(&attic))?;
        let entries = fs::read_dir(self.new.path()).map_err(replace(self.new.path()))?;
        for entry in entries {
            let entry = entry.map_err(replace(self.new.path()))?;
            let (from, to) = (entry.path(), self.target.join(entry.file_name()));
            if from == attic {
                continue;
            }
            if to.is_dir() {
                fs::rename(&to, attic.join(entry.file_name())).map_err(replace(&to))?;
            }
            open_to_readers(&from);
            fs::rename(&from, &to).map_err(replace(&to))?;
        }
        Ok(())
    }
}

/// Removes what killed runs left behind.
fn sweep(target: &Path) {
    let entries = fs::read_dir(target).into_iter().flatten().flatten();
    for entry in entries.filter(|e| e.file_name().to_string_lossy().starts_with(HIDDEN)) {
        let _stays_hidden = fs::remove_dir_all(entry.path());
    }
}

/// Folders that were made private for their making become as readable as the results folder.
fn open_to_readers(path: &Path) {
    let like = path.parent().and_then(Path::parent).and_then(|target| fs::metadata(target).ok());
    if let (true, Some(like)) = (path.is_dir(), like) {
        let _stays_private = fs::set_permissions(path, like.permissions());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::OsString;

    fn run(target: &Path, content: &str) -> Result<(), ArchiveError> {
        let target = open(target)?;
        let staging = Staging::begin(&target)?;
        fs::write(staging.path().join(provenance::FILE), content).unwrap();
        fs::create_dir(staging.path().join("figures")).unwrap();
        fs::write(staging.path().join("figures").join(content), content).unwrap();
        staging.commit()
    }

    fn names(dir: &Path) -> Vec<OsString> {
        let mut names: Vec<_> =
            fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().file_name()).collect();
        names.sort();
        names
    }

    #[test]
    fn new_tables_and_folders_replace_the_former_and_touch_nothing_else() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("deep/er/ring");
        run(&target, "first").unwrap();
        fs::write(target.join("notes.txt"), "mine").unwrap();
        fs::write(target.join(journal::FOLDER).join("trials-1.bin"), "").unwrap();
        run(&target, "second").unwrap();
        assert_eq!(fs::read_to_string(target.join(provenance::FILE)).unwrap(), "second");
        assert_eq!(names(&target.join("figures")), ["second"], "the stale picture is gone");
        assert_eq!(fs::read_to_string(target.join("notes.txt")).unwrap(), "mine");
        assert_eq!(names(&target.join(journal::FOLDER)), ["trials-1.bin"]);
        assert_eq!(names(&target), ["figures", "journal", "notes.txt", provenance::FILE]);
    }

    #[test]
    fn an_abandoned_run_leaves_the_former_results_and_no_trace() {
        let home = tempfile::tempdir().unwrap();
        run(&home.path().join("ring"), "first").unwrap();
        let target = open(&home.path().join("ring")).unwrap();
        drop(Staging::begin(&target).unwrap());
        // A killed one cannot clean up after itself: the next one does.
        fs::create_dir(target.join(".partial-killed")).unwrap();
        drop(Staging::begin(&target).unwrap());
        assert_eq!(names(&target), ["figures", "journal", provenance::FILE]);
        assert_eq!(fs::read_to_string(target.join(provenance::FILE)).unwrap(), "first");
    }

    #[test]
    fn a_folder_of_something_else_and_a_file_are_refused_and_an_empty_folder_is_taken() {
        let home = tempfile::tempdir().unwrap();
        let target = home.path().join("empty");
        fs::create_dir(&target).unwrap();
        run(&target, "taken").unwrap();
        let photos = home.path().join("photos");
        fs::create_dir(&photos).unwrap();
        fs::write(photos.join("holiday.jpg"), "").unwrap();
        assert!(matches!(run(&photos, ""), Err(ArchiveError::ForeignFolder(_))));
        assert_eq!(names(&photos), ["holiday.jpg"]);
        let file = photos.join("holiday.jpg");
        assert!(matches!(run(&file, ""), Err(ArchiveError::TargetIsFile(_))));
    }

    #[test]
    fn results_never_lie_within_other_results() {
        let home = tempfile::tempdir().unwrap();
        run(&home.path().join("ring"), "first").unwrap();
        let within = run(&home.path().join("ring/deep/er"), "");
        assert!(matches!(within, Err(ArchiveError::WithinResults(_))), "{within:?}");
        assert!(!home.path().join("ring/deep").exists());
    }

    #[test]
    fn a_place_below_a_file_is_an_error_that_names_it() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        fs::write(&file, "").unwrap();
        let error = open(&file.join("ring")).unwrap_err().to_string();
        assert!(error.contains("cannot create the folder") && error.contains("file"), "{error}");
    }

    #[cfg(unix)]
    #[test]
    fn results_are_as_readable_as_any_new_folder() {
        use std::os::unix::fs::PermissionsExt;
        let home = tempfile::tempdir().unwrap();
        run(&home.path().join("ring"), "x").unwrap();
        fs::create_dir(home.path().join("plain")).unwrap();
        let mode = |name| fs::metadata(home.path().join(name)).unwrap().permissions().mode();
        assert_eq!(mode("ring"), mode("plain"));
        assert_eq!(mode("ring/figures"), mode("plain"));
    }
}
