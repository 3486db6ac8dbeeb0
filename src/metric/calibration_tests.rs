use super::super::{POINTS, TOKENS};
use super::*;
use crate::catalog::find;

fn points(name: &str) -> Calibration {
    let entry = find(POINTS, "metric", name).expect("in the catalogue");
    of_points(&*entry.default().expect("defaults").value).expect("a world")
}

fn tokens(name: &str) -> Calibration {
    let entry = find(TOKENS, "metric", name).expect("in the catalogue");
    of_tokens(&*entry.default().expect("defaults").value).expect("a world")
}

fn row<'c>(card: &'c Calibration, what: &str) -> &'c Row {
    card.rows.iter().find(|row| row.what == what).expect("a row")
}

fn mean(card: &Calibration, what: &str) -> f64 {
    row(card, what).mean.expect("a value")
}

/// The standard error that a metric states of the world, relative to the spread of its readings. Of
/// 160 repeats that is known to 1/√318 = 0.056.
fn stated(card: &Calibration) -> f64 {
    card.rows[0].stated.expect("an error")
}

fn law_of_card(name: &str, card: Option<Calibration>) {
    let card = card.unwrap_or_else(|| panic!("{name} has a value in no reference world"));
    assert!(card.rows[0].mean.is_some_and(f64::is_finite), "{name}: {:?}", card.rows[0]);
    let collapsed = &card.rows[3];
    assert_ne!(collapsed.mean, card.rows[1].mean, "{name} sees no collapse");
    for row in &card.rows {
        let (bias, error) = row.bias.unzip();
        let numbers = [row.mean, row.sd, row.stated, bias, error, row.away];
        assert!(numbers.iter().flatten().all(|x| !x.is_nan()), "{name}: {row:?}");
        assert!(row.values <= row.repeats && row.sd.is_none_or(|sd| sd >= 0.0), "{name}: {row:?}");
    }
}

#[test]
fn every_metric_of_the_catalogue_has_a_card_and_sees_collapse_on_it() {
    for entry in POINTS {
        law_of_card(entry.name, of_points(&*entry.default().expect("defaults").value));
    }
    for entry in TOKENS {
        law_of_card(entry.name, of_tokens(&*entry.default().expect("defaults").value));
    }
}

#[test]
fn a_card_is_the_same_whenever_it_is_made() {
    assert_eq!(points("recall"), points("recall"));
    assert_eq!(tokens("self-bleu"), tokens("self-bleu"));
}

#[test]
fn what_claims_to_be_free_of_bias_is() {
    for name in ["mmd", "energy", "membership", "nearest-real"] {
        let card = points(name);
        assert!(card.ideal.is_some(), "{name}");
        for row in &card.rows[..3] {
            let (bias, error) = row.bias.expect("a known ideal");
            assert!(error > 0.0 && bias.abs() < 4.0 * error, "{name}: {row:?}");
        }
    }
}

#[test]
fn distances_of_samples_are_biased_like_one_over_n() {
    for card in [points("frechet"), points("mean-shift")] {
        assert_eq!(card.ideal, Some(0.0));
        let bias = |k: usize| card.rows[k].bias.expect("a known ideal");
        assert!(bias(0).0 > 4.0 * bias(0).1 && bias(2).0 > 0.0, "{card:?}");
        // Four times the samples, a quarter of the bias.
        let (gap, error) = (bias(0).0 / 4.0 - bias(1).0, (bias(0).1 / 4.0).hypot(bias(1).1));
        assert!(gap.abs() < 4.0 * error, "{gap} ± {error}");
    }
    // The entropy of a sample is too low by (types − 1) / 2n, nearly, once all types occur.
    let (bias, error) = tokens("entropy").rows[2].bias.expect("a known ideal");
    assert!((bias + 99.0 / 3200.0).abs() < 4.0 * error, "{bias}");
}

#[test]
fn laws_that_are_known_exactly_have_no_noise() {
    for card in [points("kl"), points("excess-risk"), tokens("kl")] {
        assert_eq!((card.shown, card.ideal), (Shown::Law, Some(0.0)));
        assert!(card.rows[..3].iter().all(|row| row.mean == Some(0.0) && row.sd == Some(0.0)));
        assert!(card.rows[3].mean > Some(0.0));
    }
}

#[test]
fn one_sample_n_times_is_precise_and_recalls_nothing() {
    let one = "one sample n times";
    assert_eq!(mean(&points("precision"), one), 1.0);
    assert_eq!(mean(&points("recall"), one), 0.0);
    assert!(mean(&points("coverage"), one) < 0.05);
    assert!((mean(&points("vendi"), one) - 1.0).abs() < 1e-9);
    assert_eq!(mean(&points("spread"), one), 0.0);
    assert_eq!(mean(&tokens("self-bleu"), one), 1.0);
    assert_eq!(row(&points("kl"), one).mean, Some(f64::INFINITY));
    assert_eq!(row(&points("kl"), one).sd, None);
}

#[test]
fn ties_are_not_held_against_a_model_equal_to_the_world() {
    let ties = "whole numbers, as p*";
    for name in ["precision", "recall", "coverage"] {
        assert!(mean(&points(name), ties) > 0.97, "{name}");
    }
    assert!((mean(&points("membership"), ties) - 0.5).abs() < 0.01);
    assert_eq!(row(&points("nearest-real"), ties).values, 0);
}

#[test]
fn repeats_are_seen_where_diversity_is_asked_for() {
    let repeats = "a tenth, ten times each";
    assert_eq!(mean(&points("recall"), repeats), 0.0);
    assert!(mean(&points("precision"), repeats) > 0.97);
    assert!(row(&points("mmd"), repeats).away > Some(2.0));
}

#[test]
fn stated_errors_are_those_of_the_spread() {
    let of_points = ["vendi", "nearest-real", "membership", "cross-entropy", "tail-mass"];
    for card in
        of_points.map(points).iter().chain(&["perplexity", "founder-perplexity"].map(tokens))
    {
        let ratio = stated(card);
        assert!(ratio > 1.0 - 4.0 * 0.056 && ratio < 1.0 + 4.0 * 0.056, "{ratio}: {card:?}");
    }
}

#[test]
fn a_lost_class_is_missed_by_its_recall_and_by_the_judge() {
    let card = points("class-recall");
    assert_eq!(mean(&card, "the rare class lost"), 0.0);
    assert!(mean(&card, "the world itself") > 0.7);
    assert!(row(&card, "whole numbers, as p*").values > 0);
    let judge = points("train-on-synthetic-test-on-real");
    assert_eq!(judge.ideal, None);
    let lost = row(&judge, "the rare class lost");
    assert!((0.88..0.97).contains(&lost.mean.expect("a value")) && lost.away < Some(-3.0));
}

#[test]
fn at_the_world_itself_the_projection_is_wider_than_the_truth() {
    for name in ["mmd", "energy"] {
        let ratio = stated(&points(name));
        assert!(ratio > 1.0 && ratio < 2f64.sqrt() + 4.0 * 0.08, "{name}: {ratio}");
    }
}

/// A finding: they count points as independent and the other set as given, and neither is so.
#[test]
fn errors_of_neighbourhoods_are_too_small_by_no_more_than_half() {
    for name in ["precision", "recall", "density", "coverage", "tail-recall", "entropy"] {
        let ratio = stated(&points(name));
        assert!(ratio > 0.5 && ratio < 1.0, "{name}: {ratio}");
    }
}
