//! All files of a journal taken together: an index in memory, the numbers left on disk.

use super::disk::{files, read_at};
use super::encode::{self, End, Record};
use super::frame::{Next, Scanner};
use super::{CellKey, FOLDER, FORMAT, Form, Keepsake, Trial};
use crate::archive::ArchiveError;
use std::collections::HashMap;
use std::fs::File;
use std::path::{Path, PathBuf};

/// Where a record lies.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    file: u32,
    length: u32,
    at: u64,
}

/// A trial in the index: 40 bytes, whatever its readings take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Found {
    cell: u32,
    pub trial: u32,
    /// The place of its form in [`Journal::forms`].
    pub form: u32,
    pub end: End,
    place: Place,
}

impl Found {
    pub fn has_failed(&self) -> bool {
        self.end == End::Failed
    }

    /// The generation from which on the lineage could no longer change.
    pub fn absorbed(&self) -> Option<u32> {
        if let End::Absorbed(generation) = self.end { Some(generation) } else { None }
    }

    /// The generation that the lineage did not live through.
    pub fn extinct(&self) -> Option<u32> {
        if let End::Extinct(generation) = self.end { Some(generation) } else { None }
    }
}

/// A keepsake in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Held {
    pub samples: Vec<u32>,
    pub composed: Vec<u32>,
    cell: CellKey,
    place: Place,
}

/// Bytes that are no good record.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Damage {
    /// The name of the file.
    pub file: String,
    pub from: u64,
    pub to: u64,
    /// Whether the file ends in it: what a killed process was about to write.
    pub is_torn: bool,
}

/// The finished trials of a results folder.
#[derive(Debug, Default)]
pub struct Journal {
    files: Vec<(PathBuf, File)>,
    /// Names of the files, and their lengths when they were read.
    pub lengths: Vec<(String, u64)>,
    pub forms: Vec<Form>,
    cells: HashMap<CellKey, u32>,
    /// In the order of cell and trial.
    trials: Vec<Found>,
    keepsakes: Vec<Held>,
    pub damage: Vec<Damage>,
}

impl Journal {
    /// Reads the journal of a results folder; a folder without one has an empty one.
    pub fn read(results: &Path) -> Result<Self, ArchiveError> {
        let mut journal = Journal::default();
        for path in files(&results.join(FOLDER))? {
            journal.scan(path)?;
        }
        let key = |found: &Found| (found.cell, found.trial, found.place.file, found.place.at);
        journal.trials.sort_unstable_by_key(key);
        Ok(journal)
    }

    /// Whether a folder has the journal of a run.
    pub fn is_at(results: &Path) -> bool {
        files(&results.join(FOLDER)).is_ok_and(|files| !files.is_empty())
    }

    /// All that is known of a cell, in the order of its trials.
    pub fn trials_of(&self, cell: &CellKey) -> &[Found] {
        let Some(&cell) = self.cells.get(cell) else { return &[] };
        let from = self.trials.partition_point(|found| found.cell < cell);
        let to = self.trials.partition_point(|found| found.cell <= cell);
        &self.trials[from..to]
    }

    pub fn keepsakes_of(&self, cell: &CellKey) -> impl Iterator<Item = &Held> {
        self.keepsakes.iter().filter(move |held| held.cell == *cell)
    }

    /// The number of records of trials in a file, by its place in `lengths`.
    pub fn trials_in(&self, file: u32) -> usize {
        self.trials.iter().filter(|found| found.place.file == file).count()
    }

    pub fn is_empty(&self) -> bool {
        self.trials.is_empty()
    }

    /// The numbers of a trial.
    pub fn trial(&self, found: &Found) -> Result<Trial, ArchiveError> {
        let payload = self.payload(found.place)?;
        let trial = encode::read_trial(&payload, &self.forms[found.form as usize]);
        trial.ok_or_else(|| self.changed(found.place))
    }

    pub fn keepsake(&self, held: &Held) -> Result<Keepsake, ArchiveError> {
        match encode::read(&self.payload(held.place)?) {
            Some(Record::Keepsake(keepsake)) => Ok(*keepsake),
            _ => Err(self.changed(held.place)),
        }
    }

    fn payload(&self, place: Place) -> Result<Vec<u8>, ArchiveError> {
        let (path, file) = &self.files[place.file as usize];
        let mut bytes = vec![0; place.length as usize];
        read_at(file, &mut bytes, place.at).map_err(ArchiveError::io("read", path))?;
        Ok(bytes)
    }

    fn changed(&self, place: Place) -> ArchiveError {
        ArchiveError::Changed(self.files[place.file as usize].0.clone())
    }

    fn scan(&mut self, path: PathBuf) -> Result<(), ArchiveError> {
        let open = |path: &Path| File::open(path).map_err(ArchiveError::io("read", path));
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let file = u32::try_from(self.files.len()).unwrap_or(u32::MAX);
        let mut scanner = Scanner::new(open(&path)?);
        let mut forms = HashMap::new();
        let mut length = 0;
        loop {
            match scanner.next().map_err(ArchiveError::io("read", &path))? {
                None => break,
                Some(Next::Damage { from, to, is_tail }) => {
                    length = to;
                    let file = name.clone();
                    self.damage.push(Damage { file, from, to, is_torn: is_tail });
                }
                Some(Next::Payload { at, bytes }) => {
                    let end = at + bytes.len() as u64;
                    let place = Place { file, length: bytes.len() as u32, at };
                    length = end;
                    if !self.take(&path, &mut forms, place, &bytes)? {
                        let file = name.clone();
                        self.damage.push(Damage { file, from: at, to: end, is_torn: false });
                    }
                }
            }
        }
        self.files.push((path.clone(), open(&path)?));
        self.lengths.push((name, length));
        Ok(())
    }

    /// Puts a record into the index; false where it cannot be understood.
    fn take(
        &mut self,
        path: &Path,
        forms: &mut HashMap<u32, u32>,
        place: Place,
        payload: &[u8],
    ) -> Result<bool, ArchiveError> {
        match encode::read(payload) {
            Some(Record::Header(format)) if format > FORMAT => {
                return Err(ArchiveError::Newer { path: path.to_owned(), format, known: FORMAT });
            }
            Some(Record::Header(_)) => {}
            Some(Record::Form(number, form)) => {
                forms.insert(number, self.forms.len() as u32);
                let next = self.cells.len() as u32;
                self.cells.entry(form.cell).or_insert(next);
                self.forms.push(form);
            }
            Some(Record::Keepsake(kept)) => {
                let samples = kept.samples.iter().map(|(generation, _)| *generation).collect();
                let Keepsake { cell, composed, .. } = *kept;
                self.keepsakes.push(Held { samples, composed, cell, place });
            }
            Some(Record::Trial { form, trial, end }) => {
                // Its form was damaged: nobody knows any more what its numbers are.
                let Some(&form) = forms.get(&form) else { return Ok(false) };
                let cell = self.cells[&self.forms[form as usize].cell];
                self.trials.push(Found { cell, trial, form, end, place });
            }
            None => return Ok(false),
        }
        Ok(true)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Ending, Slot, Writer};
    use super::*;

    fn form(cell: u8) -> Form {
        let slots = vec![Slot { generation: 1, metrics: vec![0] }];
        let metrics = vec!["spread".into()];
        Form { cell: [cell; 32], metrics, slots, reached: 1, constants: Vec::new() }
    }

    fn trial(number: u32) -> Trial {
        let readings = vec![Some((f64::from(number), None))];
        Trial { number, ending: Ending::Survived, microseconds: 7, readings, bred: Vec::new() }
    }

    fn numbers(journal: &Journal, cell: u8) -> Vec<u32> {
        journal.trials_of(&[cell; 32]).iter().map(|found| found.trial).collect()
    }

    fn folder() -> tempfile::TempDir {
        let home = tempfile::tempdir().unwrap();
        std::fs::create_dir(home.path().join(FOLDER)).unwrap();
        home
    }

    #[test]
    fn what_several_writers_append_is_read_back_in_the_order_of_trials() {
        let home = folder();
        let writers = [0, 1].map(|_| Writer::new(&home.path().join(FOLDER)));
        for number in [5, 3, 4, 0] {
            let writer = &writers[number as usize % 2];
            let of = writer.register(form(1)).unwrap();
            let other = writer.register(form(2)).unwrap();
            writer.record(&of, &trial(number), None).unwrap();
            writer.record(&other, &trial(number + 10), None).unwrap();
        }
        // While they are still open: a run that goes on can be looked at.
        let journal = Journal::read(home.path()).unwrap();
        assert_eq!(numbers(&journal, 1), [0, 3, 4, 5]);
        assert_eq!(numbers(&journal, 2), [10, 13, 14, 15]);
        assert_eq!(journal.trial(&journal.trials_of(&[2; 32])[1]).unwrap(), trial(13));
        assert_eq!(journal.damage, []);
        assert_eq!(numbers(&journal, 3), [0; 0]);
    }

    #[test]
    fn a_damaged_record_is_reported_and_the_others_are_kept() {
        let home = folder();
        let writer = Writer::new(&home.path().join(FOLDER));
        let of = writer.register(form(1)).unwrap();
        (0..20).for_each(|number| writer.record(&of, &trial(number), None).unwrap());
        drop(writer);
        let path = &files(&home.path().join(FOLDER)).unwrap()[0];
        let mut bytes = std::fs::read(path).unwrap();
        let last = bytes.len() - 1;
        bytes[last - 100] ^= 4;
        bytes.truncate(last);
        std::fs::write(path, bytes).unwrap();
        let journal = Journal::read(home.path()).unwrap();
        assert_eq!(numbers(&journal, 1).len(), 18);
        let torn: Vec<bool> = journal.damage.iter().map(|damage| damage.is_torn).collect();
        assert_eq!(torn, [false, true]);
    }

    #[test]
    fn a_journal_of_a_newer_program_is_refused() {
        let home = folder();
        let mut bytes = Vec::new();
        super::super::frame::put(&mut bytes, &encode::header(FORMAT + 1));
        std::fs::write(home.path().join(FOLDER).join("trials-x.bin"), bytes).unwrap();
        let refusal = Journal::read(home.path()).unwrap_err();
        assert!(matches!(refusal, ArchiveError::Newer { .. }), "{refusal}");
    }

    #[test]
    fn a_writer_without_records_leaves_no_file() {
        let home = folder();
        drop(Writer::new(&home.path().join(FOLDER)));
        assert!(files(&home.path().join(FOLDER)).unwrap().is_empty());
        assert!(Journal::read(home.path()).unwrap().is_empty());
    }
}
