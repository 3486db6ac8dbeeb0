//! One run at a time works on a results folder: the others wait. Shards do not ask.
//!
//! The lock is the operating system's, on `journal/lock`, so that a killed process leaves none behind.
//! Where a file system has no locks, runs go on without: each appends to a file of its own, and the
//! worst that two of them can do is the same work twice.

use super::{ArchiveError, journal};
use std::fs::{File, OpenOptions, TryLockError};
use std::io::{Read, Seek, Write};
use std::path::Path;
use std::time::Duration;

/// How often a waiting run asks again.
const ASK_EVERY: Duration = Duration::from_millis(100);

/// The lock, held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    file: File,
}

impl Lock {
    /// Takes the lock; `waiting` is told once who has it, and asked each time whether to go on.
    ///
    /// `None` where it said to stop.
    pub fn wait(
        results: &Path,
        waiting: &dyn Fn(Option<&str>) -> bool,
    ) -> Result<Option<Self>, ArchiveError> {
        let path = results.join(journal::FOLDER).join("lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let mut file = options.open(&path).map_err(ArchiveError::io("write", &path))?;
        let mut is_told = false;
        // An error that is not "somebody has it" means that there are no locks here.
        while let Err(TryLockError::WouldBlock) = file.try_lock() {
            let holder = (!is_told).then(|| holder(&mut file));
            is_told = true;
            if !waiting(holder.as_deref()) {
                return Ok(None);
            }
            std::thread::sleep(ASK_EVERY);
        }
        let mut lock = Lock { file };
        lock.sign();
        Ok(Some(lock))
    }

    /// Whether somebody works on the folder now, as far as the file system knows.
    pub fn is_held(results: &Path) -> bool {
        let path = results.join(journal::FOLDER).join("lock");
        File::open(path).is_ok_and(|file| matches!(file.try_lock(), Err(TryLockError::WouldBlock)))
    }

    /// Says who holds it; a disk that is full may say nothing.
    fn sign(&mut self) {
        let _only_words = self.file.set_len(0).and_then(|()| self.file.rewind());
        let _only_words = writeln!(self.file, "process {}", std::process::id());
    }
}

/// The words of whoever holds the lock.
fn holder(file: &mut File) -> String {
    let mut words = String::new();
    let _only_words = file.rewind().and_then(|()| file.read_to_string(&mut words));
    words.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    #[test]
    fn the_second_waits_is_told_who_works_and_may_give_up() {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(journal::FOLDER)).unwrap();
        assert!(!Lock::is_held(home.path()));
        let first = Lock::wait(home.path(), &|_| false).unwrap();
        assert!(first.is_some() && Lock::is_held(home.path()));
        let told = RefCell::new(Vec::new());
        let patience = |holder: Option<&str>| {
            told.borrow_mut().push(holder.map(str::to_owned));
            told.borrow().len() < 3
        };
        assert!(Lock::wait(home.path(), &patience).unwrap().is_none());
        let process = Some(format!("process {}", std::process::id()));
        assert_eq!(told.into_inner(), [process, None, None]);
        drop(first);
        assert!(Lock::wait(home.path(), &|_| false).unwrap().is_some());
    }
}
