//! Counts of all contexts of a model, from those of its longest grams.

use crate::distribution::Contexts;
use crate::samples::Grams;

/// What an n-gram shorter than the longest counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Counting {
    /// How often it occurs.
    Occurrences,
    /// The types that differ just before it; occurrences where it begins with the start of a
    /// sequence, before which nothing differs.
    Continuations,
}

/// All contexts of one length with their counts, and a gram that each is found in.
struct Level {
    contexts: Contexts,
    rows: Vec<usize>,
}

/// The counts of n-grams of length 1 to n, each level with its contexts. Weights are rescaled to sum to
/// the number of tokens. Empty where there is no token.
pub fn levels(grams: &Grams, counting: Counting) -> Vec<Contexts> {
    let mut level = longest(grams);
    if level.rows.is_empty() {
        return Vec::new();
    }
    let mut sums = Sums::new(grams.vocabulary());
    let mut levels = Vec::with_capacity(grams.order());
    for length in (0..grams.order() - 1).rev() {
        let shorter = shorter(grams, &level, length, counting, &mut sums);
        levels.push(std::mem::replace(&mut level, shorter).contexts);
    }
    levels.push(level.contexts);
    levels.reverse();
    levels
}

/// The contexts of n − 1 tokens.
fn longest(grams: &Grams) -> Level {
    let length = grams.order() - 1;
    let scale = grams.tokens as f64 / grams.weight;
    let mut level = Level { contexts: Contexts::default(), rows: Vec::new() };
    let mut open: Option<&[u32]> = None;
    let close = |level: &mut Level, context: &[u32]| {
        level.contexts.close(context.last().copied().unwrap_or(grams.start()), 0, 0.0);
    };
    for (row, (gram, count)) in grams.iter().enumerate() {
        let (context, last) = gram.split_at(length);
        let count = count * scale;
        // A weight may be too small for a number.
        if !(count > 0.0 && count.is_finite()) {
            continue;
        }
        if open != Some(context) {
            if let Some(done) = open {
                close(&mut level, done);
            }
            open = Some(context);
            level.rows.push(row);
        }
        level.contexts.push(last[0], count);
    }
    if let Some(done) = open {
        close(&mut level, done);
    }
    level
}

/// The contexts of `length` tokens, from those of one more.
fn shorter(
    grams: &Grams,
    longer: &Level,
    length: usize,
    counting: Counting,
    sums: &mut Sums,
) -> Level {
    let (context, start) = (|node: usize| &grams.gram(longer.rows[node])[..length], grams.start());
    let mut level = Level { contexts: Contexts::default(), rows: Vec::new() };
    let mut first = 0;
    while first < longer.rows.len() {
        let here = context(first);
        let others = (first + 1..longer.rows.len()).take_while(|node| context(*node) == here);
        let end = first + 1 + others.count();
        let oldest = here.last().copied().unwrap_or(start);
        let occurrences = counting == Counting::Occurrences || (length > 0 && oldest == start);
        for child in first..end {
            for (kind, count) in longer.contexts.entries(child) {
                sums.add(kind, if occurrences { count } else { 1.0 });
            }
        }
        sums.drain(|kind, count| level.contexts.push(kind, count));
        level.contexts.close(oldest, end, 0.0);
        level.rows.push(longer.rows[first]);
        first = end;
    }
    level
}

/// Sums by type, in the order of the types, whatever order they were added in.
struct Sums {
    sums: Vec<f64>,
    touched: Vec<u32>,
}

impl Sums {
    fn new(vocabulary: u32) -> Self {
        Sums { sums: vec![0.0; vocabulary as usize], touched: Vec::new() }
    }

    fn add(&mut self, kind: u32, count: f64) {
        let sum = &mut self.sums[kind as usize];
        if *sum == 0.0 {
            self.touched.push(kind);
        }
        *sum += count;
    }

    fn drain(&mut self, mut each: impl FnMut(u32, f64)) {
        self.touched.sort_unstable();
        for kind in self.touched.drain(..) {
            each(kind, std::mem::take(&mut self.sums[kind as usize]));
        }
    }
}
