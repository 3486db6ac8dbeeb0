//! Records as bytes: little more than their numbers.
//!
//! A trial's payload is a tag, the form's number in its file, the trial, microseconds, two bits for
//! each reading (nothing, a value, a value with its standard error, the form's constant), the
//! values as they lie in memory, and what each generation bred where that was counted; records of
//! before end with the values. Forms and keepsakes are few, and use postcard.

use super::frame::{put_length, take_length};
use super::{Bred, Ending, Form, Keepsake, Number, Trial};

const HEADER: u8 = 0;
const FORM: u8 = 1;
const KEEPSAKE: u8 = 2;
const SURVIVED: u8 = 3;
const EXTINCT: u8 = 4;
const FAILED: u8 = 5;
const ABSORBED: u8 = 6;

const NOTHING: u8 = 0;
const VALUE: u8 = 1;
const WITH_ERROR: u8 = 2;
const CONSTANT: u8 = 3;

/// A record as far as it can be read without its form.
#[derive(Debug, PartialEq)]
pub enum Record {
    /// The first of a file: the format that it is written in.
    Header(u32),
    Form(u32, Form),
    Keepsake(Box<Keepsake>),
    /// Form, trial, and the generation of its extinction or absorption.
    Trial {
        form: u32,
        trial: u32,
        end: End,
    },
}

/// How a trial ended, without the words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    Survived,
    Absorbed(u32),
    Extinct(u32),
    Failed,
}

pub fn header(format: u32) -> Vec<u8> {
    let mut bytes = vec![HEADER];
    put_length(&mut bytes, format as usize);
    bytes.extend_from_slice(b"collapse journal");
    bytes
}

pub fn form(number: u32, form: &Form) -> Result<Vec<u8>, postcard::Error> {
    let mut bytes = vec![FORM];
    put_length(&mut bytes, number as usize);
    bytes.extend(postcard::to_stdvec(form)?);
    Ok(bytes)
}

pub fn keepsake(keepsake: &Keepsake) -> Result<Vec<u8>, postcard::Error> {
    let mut bytes = vec![KEEPSAKE];
    bytes.extend(postcard::to_stdvec(keepsake)?);
    Ok(bytes)
}

pub fn trial(number: u32, form: &Form, trial: &Trial) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(32 + 9 * trial.readings.len());
    let (tag, words) = match &trial.ending {
        Ending::Survived => (SURVIVED, None),
        Ending::Absorbed { .. } => (ABSORBED, None),
        Ending::Extinct { cause, .. } => (EXTINCT, Some(cause)),
        Ending::Failed { message } => (FAILED, Some(message)),
    };
    bytes.push(tag);
    put_length(&mut bytes, number as usize);
    put_length(&mut bytes, trial.number as usize);
    if let Ending::Extinct { generation, .. } | Ending::Absorbed { generation } = trial.ending {
        put_length(&mut bytes, generation as usize);
    }
    put_length(&mut bytes, trial.microseconds as usize);
    if let Some(words) = words {
        put_length(&mut bytes, words.len());
        bytes.extend_from_slice(words.as_bytes());
        put_length(&mut bytes, trial.readings.len());
    }
    put_readings(&mut bytes, form, &trial.readings);
    for Bred { offered, kept, calls } in &trial.bred {
        for count in [offered, kept, calls] {
            put_length(&mut bytes, *count as usize);
        }
    }
    bytes
}

fn put_readings(bytes: &mut Vec<u8>, form: &Form, readings: &[Number]) {
    let modes = bytes.len();
    bytes.resize(modes + readings.len().div_ceil(4), 0);
    let mut constants = form.constants.iter().peekable();
    for (i, reading) in readings.iter().enumerate() {
        let constant = constants.next_if(|(place, _)| *place as usize == i).map(|(_, value)| value);
        let mode = match *reading {
            None => NOTHING,
            Some((value, None)) if constant.is_some_and(|c| c.to_bits() == value.to_bits()) => {
                CONSTANT
            }
            Some((value, error)) => {
                bytes.extend_from_slice(&value.to_le_bytes());
                error.iter().for_each(|error| bytes.extend_from_slice(&error.to_le_bytes()));
                if error.is_some() { WITH_ERROR } else { VALUE }
            }
        };
        bytes[modes + i / 4] |= mode << (2 * (i % 4));
    }
}

/// Reads a record; the numbers of a trial are left for [`read_trial`].
pub fn read(payload: &[u8]) -> Option<Record> {
    let (tag, rest) = payload.split_first()?;
    let mut bytes = Bytes(rest);
    match *tag {
        HEADER => Some(Record::Header(bytes.number()?)),
        FORM => Some(Record::Form(bytes.number()?, postcard::from_bytes(bytes.0).ok()?)),
        KEEPSAKE => Some(Record::Keepsake(Box::new(postcard::from_bytes(bytes.0).ok()?))),
        SURVIVED | ABSORBED | EXTINCT | FAILED => {
            let (form, trial) = (bytes.number()?, bytes.number()?);
            let end = match *tag {
                SURVIVED => End::Survived,
                ABSORBED => End::Absorbed(bytes.number()?),
                EXTINCT => End::Extinct(bytes.number()?),
                _ => End::Failed,
            };
            Some(Record::Trial { form, trial, end })
        }
        _ => None,
    }
}

/// Reads a whole trial.
pub fn read_trial(payload: &[u8], form: &Form) -> Option<Trial> {
    let (tag, rest) = payload.split_first()?;
    let mut bytes = Bytes(rest);
    let (_form, number) = (bytes.number()?, bytes.number()?);
    let generation = if [EXTINCT, ABSORBED].contains(tag) { bytes.number()? } else { 0 };
    let microseconds = bytes.number()?;
    let all: usize = form.slots.iter().map(|slot| slot.metrics.len()).sum();
    let (words, count) = match *tag {
        SURVIVED | ABSORBED => (String::new(), all),
        _ => (bytes.words()?, bytes.number()? as usize),
    };
    let ending = match *tag {
        SURVIVED => Ending::Survived,
        ABSORBED => Ending::Absorbed { generation },
        EXTINCT => Ending::Extinct { generation, cause: words },
        FAILED => Ending::Failed { message: words },
        _ => return None,
    };
    let readings = bytes.readings(form, count.min(all))?;
    let bred = bytes.bred()?;
    Some(Trial { number, ending, microseconds, readings, bred })
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, n: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(n)?;
        self.0 = rest;
        Some(taken)
    }

    fn number(&mut self) -> Option<u32> {
        let (number, digits) = take_length(self.0)?;
        self.take(digits)?;
        u32::try_from(number).ok()
    }

    fn words(&mut self) -> Option<String> {
        let length = self.number()? as usize;
        Some(String::from_utf8_lossy(self.take(length)?).into_owned())
    }

    fn real(&mut self) -> Option<f64> {
        Some(f64::from_le_bytes(self.take(8)?.try_into().ok()?))
    }

    /// All that is left.
    fn bred(&mut self) -> Option<Vec<Bred>> {
        let mut all = Vec::new();
        while !self.0.is_empty() {
            let mut count = || self.number().map(u64::from);
            all.push(Bred { offered: count()?, kept: count()?, calls: count()? });
        }
        Some(all)
    }

    fn readings(&mut self, form: &Form, count: usize) -> Option<Vec<Number>> {
        let modes = self.take(count.div_ceil(4))?;
        let mut constants = form.constants.iter().peekable();
        let read = |i: usize| {
            let constant = constants.next_if(|(place, _)| *place as usize == i);
            match modes[i / 4] >> (2 * (i % 4)) & 3 {
                NOTHING => Some(None),
                CONSTANT => Some(Some((constant?.1, None))),
                VALUE => Some(Some((self.real()?, None))),
                _ => Some(Some((self.real()?, Some(self.real()?)))),
            }
        };
        (0..count).map(read).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::archive::journal::Slot;

    fn a_form() -> Form {
        let slot = |generation| Slot { generation, metrics: vec![0, 1] };
        Form {
            cell: [9; 32],
            metrics: vec!["spread".into(), "kl".into()],
            slots: vec![slot(0), slot(1), slot(2)],
            reached: 2,
            constants: vec![(0, 1.0), (1, 0.0)],
        }
    }

    #[test]
    fn trials_come_back_as_they_were_written() {
        let form = a_form();
        let numbers = [
            Some((1.0, None)),
            Some((-0.0, None)),
            None,
            Some((f64::INFINITY, None)),
            Some((0.1, Some(1e-300))),
            Some((f64::MIN, None)),
        ];
        let endings = [
            (Ending::Survived, 6),
            (Ending::Absorbed { generation: 2 }, 6),
            (Ending::Extinct { generation: 2, cause: "σ = 0".into() }, 4),
            (Ending::Failed { message: "index".into() }, 0),
        ];
        for (ending, count) in endings {
            let readings = numbers[..count].to_vec();
            let bred = vec![Bred { offered: 300, kept: 9, calls: 70_000 }, Bred::default()];
            let whole = Trial { number: 300, ending, microseconds: 70_000, readings, bred };
            let bytes = trial(5, &form, &whole);
            let back = read_trial(&bytes, &form).unwrap();
            assert_eq!(back, whole);
            assert!(matches!(read(&bytes), Some(Record::Trial { form: 5, trial: 300, .. })));
            let zero = back.readings.get(1).copied().flatten();
            assert!(zero.is_none_or(|(value, _)| value.is_sign_negative()), "−0 is not 0");
        }
    }

    #[test]
    fn a_trial_is_little_more_than_its_numbers() {
        let form = a_form();
        let own = (2..6).map(|i| Some((f64::from(i), None)));
        let readings = [Some((1.0, None)), Some((0.0, None))].into_iter().chain(own).collect();
        let (ending, bred) = (Ending::Survived, Vec::new());
        let whole = Trial { number: 300, ending, microseconds: 40, readings, bred };
        assert_eq!(trial(5, &form, &whole).len(), 1 + 1 + 2 + 1 + 2 + 4 * 8);
    }

    #[test]
    fn forms_keepsakes_and_headers_come_back_and_cut_ones_do_not() {
        let form_bytes = form(3, &a_form()).unwrap();
        assert_eq!(read(&form_bytes), Some(Record::Form(3, a_form())));
        let kept = Keepsake {
            cell: [1; 32],
            samples: vec![(0, "x1\n0.5\n".into())],
            composition: vec![],
            composed: vec![1, 2],
        };
        let kept_bytes = keepsake(&kept).unwrap();
        assert_eq!(read(&kept_bytes), Some(Record::Keepsake(Box::new(kept))));
        assert_eq!(read(&header(7)), Some(Record::Header(7)));
        assert_eq!(read(&form_bytes[..form_bytes.len() - 1]), None);
        assert_eq!(read(&[200]), None);
        assert_eq!(read(&[]), None);
    }
}
