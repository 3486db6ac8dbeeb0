//! Training and drawing of small transformers, against PyTorch.

use crate::clock::seconds;
use crate::peers::Peer;
use crate::table::Row;
use crate::{PEER_ROUNDS, in_turns};
use model_collapse::model::{self, Bench, Breed};
use model_collapse::samples::{Tokens, TrainingSet};
use model_collapse::stream::{self, Role};
use rand::RngExt;
use toml::de::ValueDeserializer;

const LENGTH: usize = 64;
const BATCH: usize = 16;
const STEPS: usize = 20;
const DRAWS: usize = 64;

/// The family `transformer` with these hyperparameters.
fn family(hyperparameters: &str) -> Box<dyn Breed<Tokens>> {
    let entry = model_collapse::catalog::find(model::TOKENS, "family", "transformer");
    let table = ValueDeserializer::parse(hyperparameters).expect("a table");
    let family = entry.expect("registered").read(table).expect("legal").value;
    let shape = model_collapse::samples::TokenShape { vocabulary: 96, length: Some(LENGTH) };
    family.check(&shape).expect("a legal size");
    family
}

/// Sequences without any law.
fn noise(types: u32) -> Tokens {
    let mut rng = stream::stream(1, 0, 0, Role::WORLD);
    let types_of = (0..BATCH * LENGTH).map(|_| rng.random_range(0..types)).collect();
    Tokens::of_length(types_of, LENGTH, types)
}

fn training(what: &str, sizes: &str, types: u32, work: &'static str, ask: bool) -> Row {
    let training = format!("{{ epochs = {STEPS}, steps = {STEPS}, batch = {BATCH} }}");
    let family = family(&format!("{{ {sizes}, heads = 4, training = {training} }}"));
    let data = noise(types);
    let fit = || {
        let set = TrainingSet::plain(&data);
        let mut rng = stream::stream(1, 0, 1, Role::FIT);
        family.learner().learn(&set, &Bench::default(), &mut rng).map(|_| ()).expect("a fit");
    };
    let mut peer = Peer::new(work, None);
    let time = in_turns(PEER_ROUNDS, ask.then_some(&mut peer), || seconds(fit) / STEPS as f64);
    let work = format!("transformer, {what}, 16 × 64 tokens, one training step (peer: PyTorch)");
    Row::against(&work, time, peer.median(), 1.7)
}

fn generation(ask: bool) -> Row {
    let sizes = "layers = 4, width = 128, heads = 4";
    let family = family(&format!("{{ {sizes}, training = {{ steps = 1 }} }}"));
    let data = noise(65);
    let mut learner = family.learner();
    let mut rng = stream::stream(1, 0, 1, Role::FIT);
    let set = TrainingSet::plain(&data);
    let model = learner.learn(&set, &Bench::default(), &mut rng).expect("a fit").model;
    let draw = || {
        let mut rng = stream::stream(1, 0, 1, Role::DRAW);
        std::hint::black_box(model.draw(DRAWS, &mut rng));
    };
    let mut peer = Peer::new("gpt-generate", None);
    let time = in_turns(PEER_ROUNDS, ask.then_some(&mut peer), || seconds(draw));
    let work = "transformer, d = 128, 4 layers, 64 sequences of 64 tokens drawn (peer: PyTorch)";
    Row::against(work, time, peer.median(), 2.0)
}

pub fn rows(ask: bool) -> Vec<Row> {
    let small = "layers = 2, width = 64";
    let large = "layers = 4, width = 128";
    vec![
        training("d = 64, 2 layers, 96 types", small, 96, "gpt-small", ask),
        training("d = 128, 4 layers, 65 types", large, 65, "gpt-large", ask),
        generation(ask),
    ]
}
