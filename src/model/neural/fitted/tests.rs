use super::*;
use crate::model::neural::{Recurrent, Transformer};
use crate::numeric::bounded::Count;
use crate::stream::{Role, stream};

fn transformer(rotary: bool, tied: bool, prompt: usize) -> Transformer {
    Transformer {
        types: 3,
        length: 4,
        context: 4 + prompt,
        layers: 2,
        width: 12,
        heads: 3,
        rotary,
        tied,
        dropout: 0.0,
    }
}

fn recurrent() -> Recurrent {
    Recurrent { types: 3, length: 4, layers: 2, width: 9, embedding: 5, dropout: 0.0 }
}

/// A model with random weights, larger than trained ones start.
fn model<N: Network>(network: N, decoding: Decoding) -> FittedLanguageModel<N> {
    let mut rng = stream(2, 0, 1, Role::FIT);
    let weights = Parameters::initial(network.specifications(), &mut rng);
    let larger = |(name, array): (&String, &crate::model::neural::weights::Array)| {
        let mut array = array.clone();
        let is_matrix = array.shape.len() > 1;
        array.data.iter_mut().filter(|_| is_matrix).for_each(|x| *x *= 15.0);
        (name.clone(), array)
    };
    let weights = weights.iter().map(larger).collect();
    FittedLanguageModel { network, weights, decoding, founders: None }
}

fn everything() -> Tokens {
    Tokens::of_length(
        (0..81u32).flat_map(|k| [k / 27, k / 9 % 3, k / 3 % 3, k % 3]).collect(),
        4,
        3,
    )
}

fn the_density_is_a_probability_and_the_law_of_draws<N: Network>(network: N) {
    let model = model(network, Decoding::default());
    let ln = model.ln_density(&everything());
    let mass: f64 = ln.iter().map(|ln| ln.exp()).sum();
    assert!((mass - 1.0).abs() < 1e-4, "{mass}");
    let n = 4000;
    let draws = model.draw(n, &mut stream(3, 0, 1, Role::DRAW));
    for (k, ln) in ln.iter().enumerate().filter(|(_, ln)| ln.exp() > 0.01) {
        let sequence = everything().sequence(k).to_vec();
        let share = draws.sequences().filter(|s| *s == sequence).count() as f64 / n as f64;
        let p = ln.exp();
        assert!((share - p).abs() < 4.0 * (p * (1.0 - p) / n as f64).sqrt(), "{sequence:?}");
    }
    let (mut all, mut one) = ([0.0; 12], [0.0; 3]);
    model.along(&[1, 0, 2, 2], &mut all);
    for (place, row) in all.chunks_exact(3).enumerate() {
        model.next(&[1, 0, 2, 2][..place], &mut one);
        assert!(row.iter().zip(&one).all(|(a, b)| (a - b).abs() < 1e-5), "place {place}");
    }
    let mut next = [0.0; 3];
    let mut product = 0.0;
    for t in 0..4 {
        model.next(&[1, 0, 2, 2][..t], &mut next);
        product += next[[1, 0, 2, 2][t]].ln();
    }
    let ln = model.ln_density(&Tokens::of_length(vec![1, 0, 2, 2], 4, 3))[0];
    assert!((product - ln).abs() < 1e-4, "{product}, {ln}");
}

#[test]
fn a_transformer_is_a_distribution_whatever_its_positions_and_head() {
    for (rotary, tied, prompt) in [(false, false, 0), (true, true, 0), (false, true, 3)] {
        let network = transformer(rotary, tied, prompt);
        the_density_is_a_probability_and_the_law_of_draws(network);
    }
}

#[test]
fn a_recurrent_network_is_a_distribution() {
    the_density_is_a_probability_and_the_law_of_draws(recurrent());
}

#[test]
fn fewer_draws_are_the_first_of_more() {
    fn draws<N: Network>(network: N) {
        let model = model(network, Decoding::default());
        let draw = |n| model.draw(n, &mut stream(3, 0, 1, Role::DRAW)).types().to_vec();
        let all = draw(64);
        assert_eq!(draw(1), all[..4]);
        assert_eq!(draw(5), all[..20]);
    }
    draws(transformer(false, true, 0));
    draws(recurrent());
}

#[test]
fn beams_and_prompts_work_with_kept_keys_and_states() {
    fn released<N: Network>(network: N) {
        let founders = everything();
        let prompt = Some(Count::literal(2));
        let wide = Decoding { prompt, beams: Count::literal(27), ..Decoding::default() };
        let greedy = Decoding { prompt, greedy: true, ..Decoding::default() };
        for decoding in [wide, greedy] {
            let mut model = model(network.clone(), decoding);
            model.founders = Some(founders.clone());
            let offspring = model.release(5, &mut stream(3, 0, 1, Role::DRAW));
            assert_eq!(offspring.len(), 5);
            assert_eq!(offspring.shape().length, Some(4));
        }
    }
    released(transformer(false, true, 2));
    released(transformer(true, false, 2));
    released(recurrent());
}

#[test]
fn checkpoints_come_back_and_those_of_others_are_refused() {
    let network = transformer(false, true, 0);
    let model = model(network.clone(), Decoding::default());
    let bytes = model.to_bytes().expect("bytes");
    let load = |network: Transformer| load(&bytes, &Decoding::default(), move |_, _| network);
    let back = load(network.clone()).map(|back| back.weights == model.weights);
    assert_eq!(back, Ok(true));
    let other = load(Transformer { heads: 2, ..network }).map(|_| ()).unwrap_err();
    assert!(other.to_string().contains("\"heads\":2"), "{other}");
    let other = Recurrent::restore(&bytes).map(|_| ()).unwrap_err();
    assert!(matches!(other, Error::Architecture { .. }));
}

#[test]
fn the_graph_and_the_plain_buffers_agree() {
    fn compare<N: Network>(network: N) {
        use crate::model::neural::ops::cross_entropy::{Target, cross_entropy};
        let model = model(network, Decoding::default());
        let device = candle_core::Device::Cpu;
        let parameters =
            Parameters::from_weights(&model.weights, N::variable, &device).expect("parameters");
        let batch = crate::model::neural::Batch {
            inputs: [3, 1, 0, 2, 3, 0, 0, 1].into(),
            offsets: [0, 0].into(),
        };
        let tokens = [1, 0, 2, 2, 0, 0, 1, 1];
        let target = Target { types: 3, tokens: tokens.into(), weights: None, confidence: None };
        let logits = model.network.logits(&parameters, &batch, None).expect("logits");
        let loss = cross_entropy(&logits, &target).and_then(|loss| loss.to_scalar::<f32>());
        let ln = model.ln_density(&Tokens::of_length(tokens.to_vec(), 4, 3));
        let (loss, ln) = (f64::from(loss.expect("a loss")), -ln.iter().sum::<f64>() / 8.0);
        assert!((loss - ln).abs() < 1e-5, "{loss}, {ln}");
    }
    compare(transformer(false, false, 0));
    compare(transformer(true, true, 0));
    compare(recurrent());
}
