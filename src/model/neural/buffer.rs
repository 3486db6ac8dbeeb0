//! Buffers that are used again: what a step of training needs is what the step before it gave back.
//!
//! A thread keeps what its buffers leave behind. New buffers hold whatever was in them; where debug
//! assertions are on, that is NaN, so that a number which nobody wrote is noticed.

use std::cell::RefCell;
use std::ops::{Deref, DerefMut};

/// A thread keeps no more than this.
const MOST: usize = 256;

thread_local! {
    static FREE: RefCell<Vec<Vec<f32>>> = const { RefCell::new(Vec::new()) };
}

/// A slice of numbers that goes back to its thread.
#[derive(Debug, Default)]
pub struct Buffer {
    numbers: Vec<f32>,
    length: usize,
}

impl Buffer {
    /// n numbers, whatever they are.
    pub fn new(length: usize) -> Self {
        let mut numbers = FREE.with_borrow_mut(|free| {
            let fits = |(_, buffer): &(usize, &Vec<f32>)| buffer.len() >= length;
            let smallest = free.iter().enumerate().filter(fits).min_by_key(|(_, one)| one.len());
            smallest.map(|(at, _)| at).map_or_else(|| vec![0.0; length], |at| free.swap_remove(at))
        });
        if cfg!(debug_assertions) {
            numbers[..length].fill(f32::NAN);
        }
        Buffer { numbers, length }
    }

    pub fn copied(from: &[f32]) -> Self {
        let mut buffer = Buffer::new(from.len());
        buffer.copy_from_slice(from);
        buffer
    }
}

impl Deref for Buffer {
    type Target = [f32];

    fn deref(&self) -> &[f32] {
        &self.numbers[..self.length]
    }
}

impl DerefMut for Buffer {
    fn deref_mut(&mut self) -> &mut [f32] {
        &mut self.numbers[..self.length]
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        let numbers = std::mem::take(&mut self.numbers);
        // A thread that ends has no place for it any more.
        let _ = FREE.try_with(|free| {
            let mut free = free.borrow_mut();
            if !numbers.is_empty() && free.len() < MOST {
                free.push(numbers);
            }
        });
    }
}

/// Gives back to the system what this thread keeps.
pub fn forget() {
    FREE.with_borrow_mut(Vec::clear);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_smallest_that_fits_is_taken_again() {
        forget();
        let (small, large) = (Buffer::new(10), Buffer::new(100));
        let at = [small.as_ptr(), large.as_ptr()];
        drop((small, large));
        let (again, larger) = (Buffer::new(8), Buffer::new(9));
        assert_eq!([again.as_ptr(), larger.as_ptr()], at);
        assert_eq!((again.len(), larger.len()), (8, 9));
        assert!(again.iter().all(|x| x.is_nan()), "nothing is left to read by mistake");
    }
}
