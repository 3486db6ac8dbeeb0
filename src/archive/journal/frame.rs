//! Frames: length, CRC-32 of length and payload, payload. A reader finds the next good one after damage.

use std::io::{self, Read};

/// A longer payload is taken for a damaged length.
const LONGEST: usize = 1 << 30;

/// Bytes asked of the file at once.
const BLOCK: usize = 1 << 16;

/// Appends a frame around `payload`.
pub fn put(out: &mut Vec<u8>, payload: &[u8]) {
    let start = out.len();
    put_length(out, payload.len());
    let mut checksum = crc32fast::Hasher::new();
    checksum.update(&out[start..]);
    checksum.update(payload);
    out.extend_from_slice(&checksum.finalize().to_le_bytes());
    out.extend_from_slice(payload);
}

/// Seven bits a byte, the least first; the highest bit says that more follow.
pub fn put_length(out: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        out.push(length as u8 | 0x80);
        length >>= 7;
    }
    out.push(length as u8);
}

/// Reads a length at the start of `bytes`, and says how many bytes it took.
pub fn take_length(bytes: &[u8]) -> Option<(usize, usize)> {
    let mut length = 0_usize;
    for (i, byte) in bytes.iter().take(5).enumerate() {
        length |= usize::from(byte & 0x7f) << (7 * i);
        if byte & 0x80 == 0 {
            return Some((length, i + 1));
        }
    }
    None
}

/// What lies next in a file.
#[derive(Debug, PartialEq)]
pub enum Next {
    /// A good payload, and where it starts.
    Payload { at: u64, bytes: Vec<u8> },
    /// Bytes that belong to no good frame; `is_tail` where the file ends in them.
    Damage { from: u64, to: u64, is_tail: bool },
}

/// Walks over the frames of a file with a buffer of the size of one.
pub struct Scanner<R> {
    file: R,
    buffer: Vec<u8>,
    /// The place of the buffer's first byte in the file.
    start: u64,
    /// How much of the buffer has been walked over.
    walked: usize,
    is_at_end: bool,
}

impl<R: Read> Scanner<R> {
    pub fn new(file: R) -> Self {
        Scanner { file, buffer: Vec::new(), start: 0, walked: 0, is_at_end: false }
    }

    /// The next good payload or stretch of damage; nothing at the end of the file.
    pub fn next(&mut self) -> io::Result<Option<Next>> {
        let from = self.start + self.walked as u64;
        let mut skipped = 0;
        loop {
            self.fill(1)?;
            if self.walked == self.buffer.len() {
                let to = from + skipped;
                return Ok((skipped > 0).then_some(Next::Damage { from, to, is_tail: true }));
            }
            if let Some((head, length)) = self.good_frame()? {
                if skipped > 0 {
                    return Ok(Some(Next::Damage { from, to: from + skipped, is_tail: false }));
                }
                let begin = self.walked + head;
                let bytes = self.buffer[begin..begin + length].to_vec();
                let at = self.start + begin as u64;
                self.walked = begin + length;
                return Ok(Some(Next::Payload { at, bytes }));
            }
            self.walked += 1;
            skipped += 1;
        }
    }

    /// Header and payload length of a whole frame at this place.
    fn good_frame(&mut self) -> io::Result<Option<(usize, usize)>> {
        self.fill(9)?;
        let Some((length, digits)) = take_length(&self.buffer[self.walked..]) else {
            return Ok(None);
        };
        let head = digits + 4;
        if length == 0 || length > LONGEST {
            return Ok(None);
        }
        self.fill(head + length)?;
        let bytes = &self.buffer[self.walked..];
        if bytes.len() < head + length {
            return Ok(None);
        }
        let mut checksum = crc32fast::Hasher::new();
        checksum.update(&bytes[..digits]);
        checksum.update(&bytes[head..head + length]);
        let is_good = checksum.finalize().to_le_bytes() == bytes[digits..head];
        Ok(is_good.then_some((head, length)))
    }

    /// Makes at least n bytes ready behind what has been walked over, or all that are left.
    fn fill(&mut self, n: usize) -> io::Result<()> {
        if self.buffer.len() - self.walked >= n || self.is_at_end {
            return Ok(());
        }
        self.buffer.drain(..self.walked);
        self.start += self.walked as u64;
        self.walked = 0;
        // A damaged length may ask for a gigabyte: what the file does not have is not allocated.
        while self.buffer.len() < n && !self.is_at_end {
            let wanted = BLOCK.max(n - self.buffer.len()) as u64;
            let got = (&mut self.file).take(wanted).read_to_end(&mut self.buffer)?;
            self.is_at_end = (got as u64) < wanted;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(payloads: &[&[u8]]) -> Vec<u8> {
        let mut bytes = Vec::new();
        payloads.iter().for_each(|payload| put(&mut bytes, payload));
        bytes
    }

    /// Good payloads, and stretches of damage with whether they are the tail.
    type Found = (Vec<Vec<u8>>, Vec<(u64, u64, bool)>);

    fn scan(bytes: &[u8]) -> Found {
        let mut scanner = Scanner::new(bytes);
        let (mut good, mut damage) = (Vec::new(), Vec::new());
        while let Some(next) = scanner.next().unwrap() {
            match next {
                Next::Payload { at, bytes: payload } => {
                    assert_eq!(&bytes[at as usize..][..payload.len()], &payload[..]);
                    good.push(payload);
                }
                Next::Damage { from, to, is_tail } => damage.push((from, to, is_tail)),
            }
        }
        (good, damage)
    }

    #[test]
    fn frames_come_back_as_they_were_put_whatever_their_size() {
        let long = vec![7; 3 * BLOCK + 5];
        let payloads: [&[u8]; 4] = [b"a", &long, b"bc", &[0; 200]];
        assert_eq!(scan(&file(&payloads)), (payloads.map(<[u8]>::to_vec).to_vec(), vec![]));
    }

    #[test]
    fn every_flip_of_one_bit_costs_one_frame_and_is_reported() {
        let payloads: [&[u8]; 3] = [b"first", b"the second", b"third"];
        let whole = file(&payloads);
        for place in 0..whole.len() {
            for bit in 0..8 {
                let mut bytes = whole.clone();
                bytes[place] ^= 1 << bit;
                let (good, damage) = scan(&bytes);
                assert_eq!(good.len(), 2, "byte {place}, bit {bit}");
                assert!(good.iter().all(|payload| payloads.contains(&&payload[..])));
                assert_eq!(damage.len(), 1);
            }
        }
    }

    #[test]
    fn a_file_cut_anywhere_keeps_its_whole_frames_and_says_that_its_end_is_torn() {
        let whole = file(&[b"first", b"the second"]);
        let first = file(&[b"first"]).len();
        for length in 0..whole.len() {
            let (good, damage) = scan(&whole[..length]);
            assert_eq!(good.len(), usize::from(length >= first));
            let is_torn = length != 0 && length != first;
            assert_eq!(damage.len(), usize::from(is_torn), "{length}");
            assert!(damage.iter().all(|(_, to, is_tail)| *is_tail && *to == length as u64));
        }
    }

    #[test]
    fn zeros_that_a_disk_left_behind_are_damage() {
        let mut bytes = file(&[b"first"]);
        bytes.extend([0; 64]);
        bytes.extend(file(&[b"last"]));
        let (good, damage) = scan(&bytes);
        assert_eq!(good.len(), 2);
        assert_eq!(damage[0].1 - damage[0].0, 64);
    }
}
