use super::*;
use crate::stream::{Role, stream};

/// A chain whose next token depends on the last two, over three types; logits made by hand.
struct Tiny;

impl Tiny {
    fn logits(text: &[u32]) -> [f32; 3] {
        let last = |back: usize| text.len().checked_sub(back).map_or(2, |i| text[i]) as f32;
        let (a, b) = (last(1), last(2));
        [(1.3 * a + b).sin() * 2.0, (a - 2.1 * b).cos(), (a * b + 0.7 * a).sin() - 0.3]
    }

    fn ln_p(text: &[u32], kind: u32) -> f64 {
        let z = Self::logits(text).map(f64::from);
        z[kind as usize] - z.iter().map(|z| z.exp()).sum::<f64>().ln()
    }
}

impl Continue for Tiny {
    type State = Vec<Vec<u32>>;

    fn vocabulary(&self) -> usize {
        3
    }

    fn begin(&self, prompts: &[&[u32]]) -> Self::State {
        prompts.iter().map(|prompt| prompt.to_vec()).collect()
    }

    fn ln_next(&self, state: &Self::State, row: usize, out: &mut [f32]) {
        out.copy_from_slice(&Self::logits(&state[row]));
    }

    fn push(&self, state: &mut Self::State, tokens: &[u32]) {
        state.iter_mut().zip(tokens).for_each(|(text, kind)| text.push(*kind));
    }

    fn reorder(&self, state: &mut Self::State, rows: &[usize]) {
        *state = rows.iter().map(|&row| state[row].clone()).collect();
    }
}

fn beams(beams: usize) -> Decoding {
    Decoding { beams: Count::new(beams).expect("a count"), ..Decoding::default() }
}

fn generated(n: usize, length: usize, decoding: &Decoding, founders: Option<&Tokens>) -> Vec<u32> {
    generate(&Tiny, n, length, decoding, founders, &mut stream(3, 0, 1, Role::DRAW))
}

/// All sequences of a length, and the one of the highest Σ ln p after the prompt.
fn exhaustive(prompt: &[u32], length: u32) -> Vec<u32> {
    let digits = |code: u32| (0..length).map(move |place| code / 3u32.pow(place) % 3);
    let score = |code: u32| {
        let mut text = prompt.to_vec();
        let mut sum = 0.0;
        for kind in digits(code) {
            sum += Tiny::ln_p(&text, kind);
            text.push(kind);
        }
        sum
    };
    let best = (0..3u32.pow(length)).max_by(|a, b| score(*a).total_cmp(&score(*b)));
    digits(best.expect("a sequence")).collect()
}

#[test]
fn beams_enough_for_everything_find_what_an_exhaustive_search_finds() {
    assert_eq!(generated(1, 5, &beams(81), None), exhaustive(&[], 5));
    let founders = Tokens::of_length(vec![0, 1, 2, 2, 1, 0], 3, 3);
    let prompted = Decoding { prompt: Some(Count::literal(2)), ..beams(27) };
    let expected = [exhaustive(&[1, 2], 4), exhaustive(&[1, 0], 4)].concat();
    assert_eq!(generated(2, 4, &prompted, Some(&founders)), expected);
}

#[test]
fn one_beam_is_greedy() {
    let greedy = Decoding { greedy: true, ..Decoding::default() };
    let founders = Tokens::of_length(vec![0, 1, 2], 3, 3);
    let prompts = greedy.prompts(Some(&founders));
    assert_eq!(generated(1, 9, &greedy, None), beam::search(&Tiny, 9, &beams(1), &[&[]]));
    assert!(prompts.is_empty());
}

#[test]
fn the_penalty_of_beam_search_multiplies_ln_p() {
    let penalised = Decoding { repetition_penalty: Positive::literal(2.0), ..beams(27) };
    let score = |text: &[u32]| {
        let step = |t: usize| {
            let ln = Tiny::ln_p(&text[..t], text[t]);
            if text[..t].contains(&text[t]) { 2.0 * ln } else { ln }
        };
        (0..text.len()).map(step).sum::<f64>()
    };
    let all = (0..27u32).map(|code| vec![code % 3, code / 3 % 3, code / 9]);
    let best = all.max_by(|a, b| score(a).total_cmp(&score(b))).expect("a sequence");
    assert_eq!(generated(1, 3, &penalised, None), best);
}

#[test]
fn the_size_of_a_batch_changes_no_token() {
    let founders = Tokens::of_length((0..30).map(|i| i * i % 3).collect(), 3, 3);
    let drawn = Decoding { prompt: Some(Count::literal(2)), ..Decoding::default() };
    for decoding in [Decoding::default(), drawn, beams(3)] {
        let all = |most| {
            let prompts = decoding.prompts(Some(&founders));
            let mut rng = stream(4, 0, 1, Role::DRAW);
            in_batches(&Tiny, 23, 6, &decoding, &prompts, &mut rng, most)
        };
        assert_eq!(all(1), all(64));
        assert_eq!(all(7), all(64));
        assert_eq!(all(64).len(), 23 * 6);
    }
}

#[test]
fn draws_follow_the_probabilities() {
    let n = 20_000;
    let types = generated(n, 2, &Decoding::default(), None);
    for code in 0..9u32 {
        let pair = [code % 3, code / 3];
        let p = (Tiny::ln_p(&[], pair[0]) + Tiny::ln_p(&pair[..1], pair[1])).exp();
        let share = types.chunks(2).filter(|two| *two == pair).count() as f64 / n as f64;
        assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "{pair:?}");
    }
}

#[test]
fn offspring_continue_the_founders_in_turn_and_short_ones_are_passed_over() {
    let founders = Tokens::ragged(vec![0, 1, 2, 2, 1, 0], vec![2, 3, 6], 3);
    let two = Decoding { prompt: Some(Count::literal(2)), ..Decoding::default() };
    assert_eq!(two.prompts(Some(&founders)), [[0, 1], [1, 0]]);
    assert!(two.prompts(None).is_empty());
    let greedy = Decoding { greedy: true, ..two };
    let types = generated(3, 2, &greedy, Some(&founders));
    assert_eq!(types[..2], types[4..]);
}

#[test]
fn settings_that_exclude_one_another_are_refused() {
    let read = |text: &str| toml::from_str::<Decoding>(text).expect("legal keys").check(8);
    assert!(read("").is_ok() && read("beams = 5\nrepetition-penalty = 2").is_ok());
    assert!(read("beams = 5\ntop-k = 3").is_err());
    assert!(read("greedy = true\ntemperature = 0.5").is_err());
    assert!(read("greedy = true\nbeams = 2").is_err());
    assert!(toml::from_str::<Decoding>("top_k = 3").is_err());
}
