//! A chain of word classes, each of which emits its own words: a language with known probabilities.
//!
//! Every word w belongs to one class c(w), so the classes of a sequence are known from its words:
//! P(w′ | w) = T[c(w), c(w′)]·E[w′ | c(w′)], the first word follows π[c]·E[w | c], and the entropy of a
//! sequence of length L is that of its classes and L·Σ π_c H(E_c).
//! Memory is types + classes², a token costs O(1).

use super::markov::shannon;
use super::{Base, Conditional, Density, Distribution, Markov, TypeLaw};
use crate::samples::{TokenShape, Tokens};
use crate::stream::Stream;
use rand_distr::Distribution as _;
use rand_distr::weighted::WeightedAliasIndex;

#[derive(Clone, Debug)]
pub struct Grammar {
    classes: Markov,
    class_of: Vec<u32>,
    /// E[w | c(w)].
    emissions: Vec<f64>,
    /// π[c(w)]·E[w | c(w)].
    frequencies: Vec<f64>,
    words: Vec<Words>,
}

/// The words of a class.
#[derive(Clone, Debug)]
struct Words {
    types: Vec<u32>,
    alias: WeightedAliasIndex<f64>,
}

impl Grammar {
    /// From a chain of classes, and of each word its class and its weight within it. `None` where a
    /// class has no word with a weight, or a word no class.
    pub fn new(classes: Markov, class_of: Vec<u32>, weights: &[f64]) -> Option<Self> {
        let count = classes.stationary().len();
        let mut types: Vec<Vec<u32>> = vec![Vec::new(); count];
        let mut totals = vec![0.0; count];
        for (kind, (class, weight)) in class_of.iter().zip(weights).enumerate() {
            types.get_mut(*class as usize)?.push(kind as u32);
            totals[*class as usize] += weight;
        }
        let share = |(class, weight): (&u32, &f64)| weight / totals[*class as usize];
        let emissions: Vec<f64> = class_of.iter().zip(weights).map(share).collect();
        let words = types.into_iter().map(|types| {
            let shares = types.iter().map(|kind| emissions[*kind as usize]).collect();
            Some(Words { alias: WeightedAliasIndex::new(shares).ok()?, types })
        });
        let words = words.collect::<Option<Vec<_>>>()?;
        let frequency = |(class, e): (&u32, &f64)| classes.stationary()[*class as usize] * e;
        let frequencies = class_of.iter().zip(&emissions).map(frequency).collect();
        Some(Grammar { classes, class_of, emissions, frequencies, words })
    }

    /// The chain of classes.
    pub fn classes(&self) -> &Markov {
        &self.classes
    }

    pub fn class_of(&self, kind: u32) -> u32 {
        self.class_of[kind as usize]
    }
}

impl Distribution<Tokens> for Grammar {
    fn draw(&self, n: usize, rng: &mut Stream) -> Tokens {
        let classes = self.classes.draw(n, rng);
        let word = |class: &u32| {
            let words = &self.words[*class as usize];
            words.types[words.alias.sample(rng)]
        };
        let types = classes.types().iter().map(word).collect();
        let length = self.classes.shape().length.unwrap_or(1);
        Tokens::of_length(types, length, self.class_of.len() as u32)
    }

    fn shape(&self) -> TokenShape {
        TokenShape { vocabulary: self.class_of.len() as u32, ..self.classes.shape() }
    }

    fn density(&self) -> Option<&dyn Density<Tokens>> {
        Some(self)
    }

    fn entropy(&self) -> Option<f64> {
        let within = |(words, share): (&Words, &f64)| {
            share * shannon(words.types.iter().map(|kind| &self.emissions[*kind as usize]))
        };
        let words: f64 = self.words.iter().zip(self.classes.stationary()).map(within).sum();
        Some(self.classes.entropy()? + self.classes.shape().length? as f64 * words)
    }

    fn types(&self) -> Option<TypeLaw<'_>> {
        let complete = self.classes.shape().length == Some(1);
        Some(TypeLaw { probabilities: &self.frequencies, complete })
    }

    fn conditional(&self) -> Option<&dyn Conditional> {
        Some(self)
    }
}

impl Conditional for Grammar {
    fn order(&self) -> Option<usize> {
        Some(1)
    }

    fn next(&self, context: &[u32], probabilities: &mut [f64]) {
        let Some(last) = context.last() else {
            return probabilities.copy_from_slice(&self.frequencies);
        };
        let row = self.classes.transitions().row(self.class_of(*last) as usize);
        let words = self.class_of.iter().zip(&self.emissions);
        for (p, (class, emission)) in probabilities.iter_mut().zip(words) {
            *p = row[*class as usize] * emission;
        }
    }
}

impl Density<Tokens> for Grammar {
    fn base(&self) -> Base {
        Base::Counting
    }

    fn ln_density(&self, tokens: &Tokens) -> Vec<f64> {
        let chain = self.classes.transitions();
        let ln = |sequence: &[u32]| {
            let first = sequence.first().map_or(0.0, |kind| self.frequencies[*kind as usize].ln());
            let step = |pair: &[u32]| {
                let classes = [self.class_of(pair[0]) as usize, self.class_of(pair[1]) as usize];
                chain[classes].ln() + self.emissions[pair[1] as usize].ln()
            };
            first + sequence.windows(2).map(step).sum::<f64>()
        };
        tokens.sequences().map(ln).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::check::sequence;
    use ndarray::{Array2, arr2};

    /// Articles, nouns and a verb that has no second form.
    fn english(length: usize) -> Grammar {
        let chain = arr2(&[[0.0, 1.0, 0.0], [0.1, 0.2, 0.7], [0.6, 0.3, 0.1]]);
        let chain = Markov::new(chain, length).expect("irreducible");
        Grammar::new(chain, vec![0, 1, 1, 2, 0], &[3.0, 2.0, 2.0, 5.0, 1.0]).expect("words")
    }

    #[test]
    fn the_probabilities_of_all_sequences_sum_to_one_and_give_the_entropy() {
        for length in [1, 2, 4] {
            sequence::all_sequences_sum_to_one(&english(length));
        }
    }

    #[test]
    fn draws_follow_the_law_and_conditionals_multiply_to_it() {
        sequence::draws_follow_the_law(&english(6), 20_000);
        sequence::conditionals_multiply_to_the_density(&english(6));
    }

    #[test]
    fn a_word_follows_the_class_of_the_one_before() {
        let mut next = [0.0; 5];
        english(3).next(&[3, 0], &mut next);
        assert_eq!(next, [0.0, 0.5, 0.5, 0.0, 0.0]);
        english(3).next(&[4], &mut next);
        assert_eq!(next, [0.0, 0.5, 0.5, 0.0, 0.0]);
    }

    #[test]
    fn a_class_without_words_is_no_grammar() {
        let chain = || Markov::new(Array2::from_elem((2, 2), 0.5), 3).expect("irreducible");
        assert!(Grammar::new(chain(), vec![0, 0], &[1.0, 1.0]).is_none());
        assert!(Grammar::new(chain(), vec![0, 1], &[1.0, 0.0]).is_none());
        assert!(Grammar::new(chain(), vec![0, 1, 2], &[1.0; 3]).is_none());
    }
}
