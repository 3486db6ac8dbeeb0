//! Appends records: safe against a killed process at once, against power loss within a second.

use super::{FORMAT, Form, Keepsake, Trial, encode, frame};
use crate::archive::ArchiveError;
use std::fs::File;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::Duration;

/// How long a record may wait for the disk.
const SYNC_EVERY: Duration = Duration::from_millis(400);

/// One process's own file of a journal; it comes into being with the first record.
pub struct Writer {
    folder: PathBuf,
    shared: Arc<Shared>,
    syncing: Option<JoinHandle<()>>,
}

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    wake: Condvar,
}

#[derive(Default)]
struct State {
    file: Option<(PathBuf, Arc<File>)>,
    /// Bytes of whole records.
    length: u64,
    forms: u32,
    is_dirty: bool,
    is_closing: bool,
    /// Why nothing more can be written.
    broken: Option<(io::ErrorKind, String)>,
}

/// A form that has been written, and the number by which records of this file name it.
pub struct Registered {
    number: u32,
    pub form: Form,
}

impl Writer {
    /// A writer for the journal in `folder`, which must exist.
    pub fn new(folder: &Path) -> Self {
        let shared = Arc::new(Shared::default());
        let for_thread = shared.clone();
        let syncing = std::thread::Builder::new().name("journal".into());
        // Without the thread, records still survive a killed process; `drop` syncs all the same.
        let syncing = syncing.spawn(move || for_thread.sync_now_and_then()).ok();
        Writer { folder: folder.to_owned(), shared, syncing }
    }

    /// Writes a form down.
    pub fn register(&self, form: Form) -> Result<Registered, ArchiveError> {
        let mut state = self.shared.lock();
        let number = state.forms;
        let payload = encode::form(number, &form).map_err(|error| self.unwritable(&error))?;
        let mut bytes = Vec::new();
        frame::put(&mut bytes, &payload);
        self.append(&mut state, &bytes)?;
        state.forms += 1;
        Ok(Registered { number, form })
    }

    /// Writes a finished trial down, and what it leaves to look at.
    pub fn record(
        &self,
        of: &Registered,
        trial: &Trial,
        kept: Option<&Keepsake>,
    ) -> Result<(), ArchiveError> {
        let mut bytes = Vec::new();
        if let Some(kept) = kept {
            let payload = encode::keepsake(kept).map_err(|error| self.unwritable(&error))?;
            frame::put(&mut bytes, &payload);
        }
        frame::put(&mut bytes, &encode::trial(of.number, &of.form, trial));
        self.append(&mut self.shared.lock(), &bytes)
    }

    /// Asks for all records to be put on the disk soon, without waiting for it; `drop` waits.
    pub fn sync_soon(&self) {
        self.shared.wake.notify_all();
    }

    fn unwritable(&self, error: &postcard::Error) -> ArchiveError {
        let source = io::Error::other(error.to_string());
        ArchiveError::Io { verb: "encode a record for", path: self.folder.clone(), source }
    }

    /// All of the bytes, or none.
    fn append(&self, state: &mut State, bytes: &[u8]) -> Result<(), ArchiveError> {
        if state.file.is_none() && state.broken.is_none() {
            state.file = Some(self.create()?);
            let mut header = Vec::new();
            frame::put(&mut header, &encode::header(FORMAT));
            self.put(state, &header)?;
        }
        self.put(state, bytes)
    }

    fn put(&self, state: &mut State, bytes: &[u8]) -> Result<(), ArchiveError> {
        if let Some((kind, words)) = &state.broken {
            let source = io::Error::new(*kind, words.clone());
            return Err(ArchiveError::io("write", &self.folder)(source));
        }
        let Some((path, file)) = &state.file else { return Ok(()) };
        if let Err(error) = (&**file).write_all(bytes) {
            // A part of a record would be found and passed over; better that there is none.
            let _stays_torn = file.set_len(state.length);
            let failed = ArchiveError::io("write", path);
            state.broken = Some((error.kind(), error.to_string()));
            return Err(failed(error));
        }
        state.length += bytes.len() as u64;
        state.is_dirty = true;
        Ok(())
    }

    /// A file that no other process has, on this machine or another.
    fn create(&self) -> Result<(PathBuf, Arc<File>), ArchiveError> {
        let mut builder = tempfile::Builder::new();
        builder.prefix("trials-").suffix(".bin").rand_bytes(12);
        #[cfg(unix)]
        {
            // As readable as any new file, not private to its maker.
            use std::os::unix::fs::PermissionsExt;
            builder.permissions(std::fs::Permissions::from_mode(0o666));
        }
        let create = ArchiveError::io("create a file in", &self.folder);
        let file = builder.tempfile_in(&self.folder).map_err(create)?;
        let (file, path) = file
            .keep()
            .map_err(|error| ArchiveError::io("keep a file in", &self.folder)(error.error))?;
        sync_folder(&self.folder);
        Ok((path, Arc::new(file)))
    }
}

/// Makes the name of a new file durable, where the system can.
fn sync_folder(folder: &Path) {
    if let Ok(folder) = File::open(folder) {
        let _not_everywhere = folder.sync_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn sync_now_and_then(&self) {
        loop {
            let state = self.lock();
            let waited = self.wake.wait_timeout(state, SYNC_EVERY);
            let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
            let is_closing = state.is_closing;
            self.sync(state);
            if is_closing {
                return;
            }
        }
    }

    /// Puts on the disk what is not there yet, while others go on writing.
    fn sync(&self, mut state: MutexGuard<'_, State>) {
        let Some((_, file)) = state.file.clone().filter(|_| state.is_dirty) else { return };
        state.is_dirty = false;
        drop(state);
        if let Err(error) = file.sync_data() {
            self.lock().broken = Some((error.kind(), error.to_string()));
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.shared.lock().is_closing = true;
        self.shared.wake.notify_all();
        match self.syncing.take() {
            Some(thread) => drop(thread.join()),
            None => self.shared.sync(self.shared.lock()),
        }
    }
}
