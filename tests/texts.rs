//! Worlds of texts, from the file to the tables: which metrics are read off them, and what is kept.

mod common;

use common::{Results, run};
use model_collapse::metric;

/// Texts of a chain, under independent tokens and under the bootstrap of whole texts.
fn texts(metrics: &str) -> Results {
    run(&format!(
        "seed = 3\ntrials = 2\ngenerations = 5\nfounders = 60\noffspring = 60\nevaluation = 80\n\
         {metrics}\n[world.markov]\ntypes = 6\nlength = 8\n[model.categorical]\n\
         [arms.independent.model.categorical]\n[arms.bootstrap.model.empirical]\n"
    ))
}

#[test]
fn every_metric_of_tokens_reads_texts_of_every_family() {
    let names: Vec<String> =
        metric::TOKENS.iter().map(|entry| format!("\"{}\"", entry.name)).collect();
    let results = texts(&format!("metrics = [{}]", names.join(", ")));
    assert!(results.outcomes.iter().all(|row| row.outcome == "survived"));
    for entry in metric::TOKENS {
        let values = |arm| results.values(arm, 5, entry.name);
        assert_eq!(values("independent").len(), 2, "{} of independent tokens", entry.name);
        // A bootstrap of whole texts has no density.
        let is_of_density =
            ["cross-entropy", "perplexity", "founder-perplexity", "kl", "reverse-kl", "entropy"]
                .contains(&entry.name);
        let present = usize::from(!is_of_density) * 2;
        assert_eq!(values("bootstrap").len(), present, "{} of a bootstrap", entry.name);
    }
}

#[test]
fn texts_that_are_kept_carry_what_the_first_model_thinks_of_each() {
    let results = texts("metrics = [\"founder-perplexity\"]");
    let row = results
        .measurements
        .iter()
        .find(|row| (&*row.arm, row.trial, row.generation) == ("independent", 0, 5));
    let (cell, value) = row.map(|row| (&row.cell, row.value)).expect("measured");
    let kept = results.text(&format!("samples/{cell}/generation-0005"));
    let mut lines = kept.lines();
    assert_eq!(lines.next(), Some("tokens,founder-perplexity"));
    let column = lines.filter_map(|line| line.rsplit(',').next()?.parse::<f64>().ok());
    let ln: Vec<f64> = column.map(f64::ln).collect();
    assert_eq!(ln.len(), 60);
    let pooled = (ln.iter().sum::<f64>() / 60.0).exp();
    assert!((pooled - value.expect("a density")).abs() < 1e-9, "{pooled}");
}

#[test]
fn what_is_measured_without_a_word_depends_on_whether_samples_are_texts() {
    let of_texts = texts("");
    for name in ["perplexity", "support", "zipf", "distinct", "repetition", "kl"] {
        assert_eq!(of_texts.values("independent", 1, name).len(), 2, "{name}");
    }
    let of_tokens = run("seed = 3\ntrials = 2\ngenerations = 1\nfounders = 60\noffspring = 60\n\
         evaluation = 80\n[world.zipf]\ntypes = 6\n[model.categorical]\n");
    let names = |results: &Results| {
        let names: std::collections::BTreeSet<String> =
            results.measurements.iter().map(|row| row.metric.to_string()).collect();
        names
    };
    assert!(names(&of_tokens).contains("heterozygosity"));
    assert!(!names(&of_tokens).contains("distinct"), "single tokens have no pairs");
}
