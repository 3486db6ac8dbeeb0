//! Next-token probabilities of n-gram models, against NLTK.

use model_collapse::catalog::find;
use model_collapse::model::{self, Bench};
use model_collapse::samples::{Tokens, TrainingSet};
use model_collapse::stream::{Role, stream};
use serde_json::Value;
use toml::de::ValueDeserializer;

fn golden() -> Value {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/golden/ngram.json");
    serde_json::from_str(&std::fs::read_to_string(path).expect("the file")).expect("JSON")
}

fn list(value: &Value) -> &[Value] {
    value.as_array().expect("a list")
}

fn integers(value: &Value) -> Vec<i64> {
    list(value).iter().map(|x| x.as_i64().expect("an integer")).collect()
}

fn text(case: &Value) -> Tokens {
    let sequences: Vec<Vec<i64>> = list(&case["sequences"]).iter().map(integers).collect();
    let types = sequences.concat().iter().map(|kind| *kind as u32).collect();
    let vocabulary = case["vocabulary"].as_u64().expect("a count");
    Tokens::of_length(types, sequences[0].len(), vocabulary as u32)
}

/// Fits a smoothing to the text of a case, and holds every probability to the one that NLTK gives.
fn hold(case: &Value, smoothing: &str, name: &str) -> usize {
    let table = format!("{{ order = {}, smoothing = {smoothing} }}", case["order"]);
    let entry = find(model::TOKENS, "family", "ngram").expect("listed");
    let family = entry.read(ValueDeserializer::parse(&table).expect("TOML")).expect("legal").value;
    let (mut learner, text) = (family.learner(), text(case));
    let (data, mut rng) = (TrainingSet::plain(&text), stream(1, 0, 1, Role::FIT));
    let law = learner.learn(&data, &Bench::default(), &mut rng).expect("tokens").model;
    let conditional = law.conditional().expect("known");
    assert_eq!(conditional.order().map(|k| k + 1), case["order"].as_u64().map(|n| n as usize));
    let expected = &case[name];
    let rows = list(&expected["contexts"]).iter().zip(list(&expected["probabilities"]));
    let mut compared = 0;
    for (context, theirs) in rows {
        // A context that is shorter than n − 1 is a whole sequence, from its start.
        let from_start = integers(context).into_iter().filter(|kind| *kind >= 0);
        let from_start: Vec<u32> = from_start.map(|kind| kind as u32).collect();
        let mut ours = vec![0.0; text.vocabulary() as usize];
        conditional.next(&from_start, &mut ours);
        assert_eq!(ours.len(), list(theirs).len());
        for (p, exact) in ours.iter().zip(list(theirs)) {
            let exact = exact.as_f64().expect("a number");
            assert!((p - exact).abs() < 1e-13, "{table} after {context}: {p} is not {exact}");
            compared += 1;
        }
    }
    compared
}

#[test]
fn maximum_likelihood_is_that_of_nltk() {
    let compared: usize =
        list(&golden()["cases"]).iter().map(|c| hold(c, "\"none\"", "maximum-likelihood")).sum();
    assert!(compared > 200);
}

#[test]
fn additive_smoothing_is_that_of_nltk() {
    let smoothing = |case: &Value| format!("{{ additive = {{ amount = {} }} }}", case["amount"]);
    let golden = golden();
    let compared = list(&golden["cases"]).iter().map(|c| hold(c, &smoothing(c), "additive"));
    assert!(compared.sum::<usize>() > 200);
}

#[test]
fn kneser_ney_with_one_discount_is_that_of_nltk() {
    let rule = |case: &Value| format!("{{ kneser-ney = {{ discount = {} }} }}", case["discount"]);
    let golden = golden();
    let compared = list(&golden["cases"]).iter().map(|c| hold(c, &rule(c), "kneser-ney"));
    assert!(compared.sum::<usize>() > 200);
}
