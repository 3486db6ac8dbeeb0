//! Divergence between two languages, token by token.
//!
//! KL(p‖q) = Σ_i E_p[KL(p(·|x_<i) ‖ q(·|x_<i))], in nats a sequence. Where what comes next depends on
//! few tokens the law of the context is carried from place to place, and the sum is exact. Else it is
//! a mean over sequences of p, with the sum over the next token still exact: 0 where the two are one,
//! never below 0, and of less variance than a mean of ln p − ln q.

use super::{Reading, kl};
use crate::distribution::{Conditional, Distribution};
use crate::samples::Tokens;

/// Transitions, types^(order + 1), up to which every context is visited.
const MOST_TRANSITIONS: usize = 1_000_000;

/// Probabilities that a mean looks at, at most; of so many sequences as that allows.
const MOST_PROBABILITIES: usize = 50_000_000;

/// KL(p‖q) between laws of sequences of one length. `None` where a next token's law is not known.
pub fn divergence<'s>(
    p: &dyn Distribution<Tokens>,
    q: &dyn Distribution<Tokens>,
    of_p: impl FnOnce() -> &'s Tokens,
) -> Option<Reading> {
    let (shape, other) = (p.shape(), q.shape());
    let length = shape.length.filter(|length| *length > 0 && shape == other)?;
    let pair = Pair { p: p.conditional()?, q: q.conditional()?, types: shape.vocabulary as usize };
    match pair.order(length) {
        Some(order) => Reading::exact(pair.exact(order, length)),
        None => pair.mean(of_p(), length),
    }
}

/// Two languages over the same types.
struct Pair<'a> {
    p: &'a dyn Conditional,
    q: &'a dyn Conditional,
    types: usize,
}

/// What follows one context: the law of the next token under p, and its divergence.
struct Step {
    next: Vec<f64>,
    divergence: f64,
}

impl Pair<'_> {
    /// Tokens that a context must have, where all contexts can be visited.
    fn order(&self, length: usize) -> Option<usize> {
        // Nothing lies farther back than the start of a sequence.
        let order = self.p.order()?.max(self.q.order()?).min(length - 1);
        let exponent = u32::try_from(order + 1).ok()?;
        let transitions = self.types.checked_pow(exponent)?;
        (transitions <= MOST_TRANSITIONS).then_some(order)
    }

    fn step(&self, context: &[u32]) -> Step {
        let (mut next, mut other) = (vec![0.0; self.types], vec![0.0; self.types]);
        self.p.next(context, &mut next);
        self.q.next(context, &mut other);
        Step { divergence: kl::between_laws(&next, &other), next }
    }

    fn exact(&self, order: usize, length: usize) -> f64 {
        let mut total = 0.0;
        // The mass of each context: of none at the start, then of all that can have come before.
        let mut mass = vec![1.0];
        let mut full: Vec<Option<Step>> = Vec::new();
        for place in 0..length {
            let digits = place.min(order);
            let is_full = digits == order;
            full.resize_with(if is_full { mass.len() } else { 0 }, || None);
            let contexts = if is_full { mass.len() } else { mass.len() * self.types };
            let mut after = vec![0.0; contexts];
            for code in (0..mass.len()).filter(|code| mass[*code] > 0.0) {
                let compute = || self.step(&self.context(code, digits));
                let fresh;
                let step = match full.get_mut(code) {
                    Some(kept) => &*kept.get_or_insert_with(compute),
                    None => {
                        fresh = compute();
                        &fresh
                    }
                };
                total += mass[code] * step.divergence;
                for (kind, p) in step.next.iter().enumerate() {
                    after[(code * self.types + kind) % contexts] += mass[code] * p;
                }
            }
            mass = after;
        }
        total
    }

    /// The tokens of a context: the digits of its number, the newest last.
    fn context(&self, mut code: usize, digits: usize) -> Vec<u32> {
        let mut context = vec![0; digits];
        for token in context.iter_mut().rev() {
            *token = (code % self.types) as u32;
            code /= self.types;
        }
        context
    }

    fn mean(&self, sequences: &Tokens, length: usize) -> Option<Reading> {
        let affordable = MOST_PROBABILITIES / (length * self.types).max(1);
        let (mut next, mut other) = (Vec::new(), Vec::new());
        let mut of_sequence = |sequence: &[u32]| {
            next.resize(sequence.len() * self.types, 0.0);
            other.resize(sequence.len() * self.types, 0.0);
            self.p.along(sequence, &mut next);
            self.q.along(sequence, &mut other);
            let places = next.chunks(self.types).zip(other.chunks(self.types));
            places.map(|(p, q)| kl::between_laws(p, q)).sum::<f64>()
        };
        let terms = sequences.sequences().take(affordable.max(2)).map(&mut of_sequence);
        Reading::mean_of(&terms.collect::<Vec<_>>())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{Base, Density, Markov, Types};
    use crate::samples::TokenShape;
    use crate::stream::{Role, Stream, stream};
    use ndarray::arr2;

    fn chain(rows: [[f64; 3]; 3], length: usize) -> Markov {
        Markov::new(arr2(&rows), length).expect("irreducible")
    }

    fn weather(length: usize) -> Markov {
        chain([[0.9, 0.1, 0.0], [0.4, 0.4, 0.2], [0.0, 0.7, 0.3]], length)
    }

    fn other(length: usize) -> Markov {
        chain([[0.5, 0.3, 0.2], [0.2, 0.6, 0.2], [0.1, 0.1, 0.8]], length)
    }

    /// Every sequence of three types, and Σ p ln(p/q) over them.
    fn by_enumeration<P, Q>(p: &P, q: &Q, length: u32) -> f64
    where
        P: Density<Tokens>,
        Q: Density<Tokens>,
    {
        let digits = |k: u32| (0..length).map(move |i| k / 3_u32.pow(i) % 3);
        let all = (0..3_u32.pow(length)).flat_map(digits).collect();
        let all = Tokens::of_length(all, length as usize, 3);
        let pairs = p.ln_density(&all).into_iter().zip(q.ln_density(&all));
        pairs.filter(|(p, _)| p.is_finite()).map(|(p, q)| p.exp() * (p - q)).sum()
    }

    fn exact(p: &dyn Distribution<Tokens>, q: &dyn Distribution<Tokens>) -> f64 {
        let reading = divergence(p, q, || unreachable!("known in closed form")).expect("known");
        assert_eq!(reading.standard_error, None);
        reading.value
    }

    #[test]
    fn the_divergence_of_chains_is_that_of_all_their_sequences() {
        for length in [1, 2, 6] {
            let (p, q) = (weather(length), other(length));
            let truth = by_enumeration(&p, &q, length as u32);
            assert!((exact(&p, &q) - truth).abs() < 1e-12, "length {length}");
            let flat = Types::new(&[2., 3., 1.], length).expect("some weight");
            assert!((exact(&flat, &q) - by_enumeration(&flat, &q, length as u32)).abs() < 1e-12);
            assert!((exact(&p, &flat) - by_enumeration(&p, &flat, length as u32)).abs() < 1e-12);
        }
    }

    #[test]
    fn nothing_separates_a_language_from_itself_and_a_lost_step_is_infinite() {
        assert_eq!(exact(&weather(9), &weather(9)), 0.0);
        assert_eq!(exact(&other(5), &weather(5)), f64::INFINITY);
        let fixed = Types::new(&[0., 1., 0.], 5).expect("some weight");
        assert_eq!(exact(&weather(5), &fixed), f64::INFINITY);
        assert!(exact(&fixed, &weather(5)).is_finite());
    }

    #[test]
    fn other_lengths_or_types_are_no_pair() {
        let nothing = || unreachable!("nothing to compare");
        assert_eq!(divergence(&weather(4), &weather(5), nothing), None);
        let two = Types::new(&[1., 1.], 4).expect("some weight");
        assert_eq!(divergence(&weather(4), &two, nothing), None);
    }

    /// A chain that does not say how far it looks back.
    struct Unbounded(Markov);

    impl Distribution<Tokens> for Unbounded {
        fn draw(&self, n: usize, rng: &mut Stream) -> Tokens {
            self.0.draw(n, rng)
        }

        fn shape(&self) -> TokenShape {
            self.0.shape()
        }

        fn conditional(&self) -> Option<&dyn Conditional> {
            Some(self)
        }
    }

    impl Conditional for Unbounded {
        fn order(&self) -> Option<usize> {
            None
        }

        fn next(&self, context: &[u32], probabilities: &mut [f64]) {
            self.0.next(context, probabilities);
        }
    }

    #[test]
    fn a_mean_over_sequences_agrees_with_the_sum_over_all_contexts() {
        let (p, q, length) = (weather(20), other(20), 20);
        let text = p.draw(4000, &mut stream(8, 0, 0, Role::HELD_OUT));
        let (truth, q) = (exact(&p, &q), Unbounded(q));
        let reading = divergence(&p, &q, || &text).expect("two languages");
        let error = reading.standard_error.expect("estimated");
        assert!((reading.value - truth).abs() < 4.0 * error);
        // Less variance than the mean of ln p − ln q has.
        assert_eq!(q.0.base(), Base::Counting);
        let pairs = p.ln_density(&text).into_iter().zip(q.0.ln_density(&text));
        let plain = Reading::mean_of(&pairs.map(|(p, q)| p - q).collect::<Vec<_>>());
        assert!(error < plain.and_then(|r| r.standard_error).expect("estimated"));
        let itself = divergence(&p, &Unbounded(weather(length)), || &text);
        assert_eq!(itself.map(|reading| reading.value), Some(0.0));
    }
}
