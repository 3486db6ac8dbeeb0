//! A fitted n-gram model with the way that its offspring are made.

use crate::distribution::{Conditional, Context, Density, Distribution, NGram, TypeLaw};
use crate::model::decoding::{Continue, Decoding, generate};
use crate::samples::{TokenShape, Tokens};
use crate::stream::Stream;

/// Its draws are those of the law; what it releases is decoded.
#[derive(Debug, Clone)]
pub struct Fitted {
    law: NGram,
    decoding: Decoding,
    /// Where prompts are taken from, if there are any.
    founders: Option<Tokens>,
}

impl Fitted {
    pub fn new(law: NGram, decoding: Decoding, founders: Option<Tokens>) -> Self {
        Fitted { law, decoding, founders }
    }

    pub fn law(&self) -> &NGram {
        &self.law
    }
}

impl Distribution<Tokens> for Fitted {
    fn draw(&self, n: usize, rng: &mut Stream) -> Tokens {
        self.law.draw(n, rng)
    }

    fn release(&self, n: usize, rng: &mut Stream) -> Tokens {
        let founders = self.founders.as_ref();
        // Decoding that changes no probability is drawing, which need not look at every type.
        if (Decoding { prompt: None, ..self.decoding.clone() }) == Decoding::default() {
            return self.law.draw_after(&self.decoding.prompts(founders), n, rng);
        }
        let types = generate(&self.law, n, self.law.length(), &self.decoding, founders, rng);
        Tokens::of_length(types, self.law.length(), self.law.shape().vocabulary)
    }

    fn shape(&self) -> TokenShape {
        self.law.shape()
    }

    fn density(&self) -> Option<&dyn Density<Tokens>> {
        self.law.density()
    }

    fn entropy(&self) -> Option<f64> {
        self.law.entropy()
    }

    fn types(&self) -> Option<TypeLaw<'_>> {
        self.law.types()
    }

    fn conditional(&self) -> Option<&dyn Conditional> {
        self.law.conditional()
    }
}

/// The last tokens of each sequence, as many as the model looks at.
pub struct Recent {
    rows: Vec<Vec<u32>>,
    starts: bool,
}

impl Recent {
    fn push(row: &mut Vec<u32>, token: u32, most: usize) {
        row.push(token);
        if row.len() > most {
            row.remove(0);
        }
    }
}

impl Continue for NGram {
    type State = Recent;

    fn vocabulary(&self) -> usize {
        self.shape().vocabulary as usize
    }

    fn begin(&self, prompts: &[&[u32]]) -> Recent {
        let most = self.order() - 1;
        let last = |prompt: &&[u32]| prompt[prompt.len().saturating_sub(most)..].to_vec();
        let starts = prompts.iter().all(|prompt| prompt.is_empty());
        Recent { rows: prompts.iter().map(last).collect(), starts }
    }

    fn ln_next(&self, state: &Recent, row: usize, out: &mut [f32]) {
        let mut probabilities = vec![0.0; out.len()];
        let context = Context { tokens: &state.rows[row], starts: state.starts };
        self.next_after(context, &mut probabilities);
        out.iter_mut().zip(probabilities).for_each(|(ln, p)| *ln = p.ln() as f32);
    }

    fn push(&self, state: &mut Recent, tokens: &[u32]) {
        let most = self.order() - 1;
        for (row, token) in state.rows.iter_mut().zip(tokens) {
            Recent::push(row, *token, most);
        }
    }

    fn reorder(&self, state: &mut Recent, rows: &[usize]) {
        state.rows = rows.iter().map(|row| state.rows[*row].clone()).collect();
    }
}

#[cfg(test)]
mod tests {
    use crate::distribution::{Density, Distribution};
    use crate::model::decoding::{Decoding, generate};
    use crate::model::ngram::{Additive, Fitted, NGram, Smoothing};
    use crate::model::{Bench, Family, Kin};
    use crate::numeric::bounded::{Count, Order, Positive, Share};
    use crate::samples::{Tokens, TrainingSet};
    use crate::stream::{Role, Stream, stream};

    fn rng() -> Stream {
        stream(61, 0, 1, Role::DRAW)
    }

    fn fit(order: usize, smoothing: Smoothing, decoding: Decoding, data: &Tokens) -> Fitted {
        let family = NGram { order: Order::new(order).expect("legal"), smoothing, decoding };
        let bench = Bench { founders: Some(data), validation: None };
        let mut rng = stream(61, 0, 1, Role::FIT);
        family.fit(&TrainingSet::plain(data), Kin::default(), &bench, &mut rng).expect("tokens")
    }

    fn prompt(tokens: usize) -> Decoding {
        Decoding { prompt: Some(Count::literal(tokens)), ..Decoding::default() }
    }

    fn top_k(k: usize) -> Decoding {
        Decoding { top_k: Some(Count::literal(k)), ..Decoding::default() }
    }

    /// Each share of the 27 sequences of three tokens over three types is its probability.
    fn follows(types: Vec<u32>, law: &Fitted) {
        let draws = Tokens::of_length(types, 3, 3);
        let all = (0..27).flat_map(|k| [k / 9, k / 3 % 3, k % 3]).collect();
        let all = Tokens::of_length(all, 3, 3);
        let n = draws.sequences().len() as f64;
        for (sequence, ln) in all.sequences().zip(law.law().ln_density(&all)) {
            let share = draws.sequences().filter(|s| *s == sequence).count() as f64 / n;
            let error = (ln.exp() * (1.0 - ln.exp()) / n).sqrt();
            assert!((share - ln.exp()).abs() <= 4.0 * error, "{sequence:?}: {share}");
        }
    }

    #[test]
    fn decoding_that_changes_nothing_has_the_law_of_drawing() {
        let data = Tokens::of_length((0..60).map(|i| (i * i / 5) % 3).collect(), 3, 3);
        for order in [1, 2, 3] {
            let smoothing = Smoothing::Additive(Additive { amount: Positive::literal(0.2) });
            let law = fit(order, smoothing, Decoding::default(), &data);
            follows(law.release(20_000, &mut rng()).types().to_vec(), &law);
            let slow = generate(law.law(), 20_000, 3, &Decoding::default(), None, &mut rng());
            follows(slow, &law);
            assert_eq!(law.release(9, &mut rng()), law.draw(9, &mut rng()));
        }
    }

    #[test]
    fn truncation_changes_what_is_released_and_not_what_is_drawn() {
        let data = Tokens::of_length(vec![0, 1, 0, 1, 0, 2, 1, 0], 2, 3);
        let law = fit(2, Smoothing::None, top_k(1), &data);
        let released = law.release(300, &mut rng());
        assert!(released.sequences().all(|s| *s == [0, 1]));
        assert!(law.draw(300, &mut rng()).sequences().any(|s| *s != [0, 1]));
        let greedy = Decoding { greedy: true, ..Decoding::default() };
        let beams = Decoding { beams: Count::literal(3), ..Decoding::default() };
        for decoding in [greedy, beams] {
            let law = fit(2, Smoothing::None, decoding, &data);
            assert_eq!(law.release(2, &mut rng()).types(), [0, 1, 0, 1]);
        }
    }

    #[test]
    fn offspring_go_on_from_the_ends_of_founders() {
        // A cycle in which every token decides the next.
        let data = Tokens::of_length(vec![0, 1, 2, 0, 1, 2, 2, 0, 1, 1, 2, 0], 3, 3);
        let slow = Decoding { top_p: Some(Share::literal(1.0)), ..prompt(2) };
        for (order, decoding) in [(2, prompt(1)), (2, prompt(3)), (2, slow), (3, prompt(2))] {
            let law = fit(order, Smoothing::None, decoding, &data);
            let released = law.release(5, &mut rng());
            assert_eq!(released.types(), [0, 1, 2, 0, 1, 2, 2, 0, 1, 1, 2, 0, 0, 1, 2]);
        }
    }

    #[test]
    fn what_lies_before_a_prompt_is_not_known() {
        // After 1: 0 where it starts a sequence, 2 later.
        let data = Tokens::of_length(vec![1, 0, 0, 0, 1, 2, 0, 0, 1], 3, 3);
        for decoding in [prompt(1), Decoding { top_k: Some(Count::literal(3)), ..prompt(1) }] {
            let law = fit(3, Smoothing::None, decoding, &data);
            // The last founder's prompt is 1: half of its continuations start with 0, half with 2.
            let released = law.release(3000, &mut rng());
            let first = released.sequences().skip(2).step_by(3).map(|s| s[0]);
            let zeros = first.filter(|kind| *kind == 0).count() as f64;
            assert!((zeros / 1000.0 - 0.5).abs() < 4.0 * 0.5 / 1000.0_f64.sqrt(), "{zeros}");
        }
    }
}
