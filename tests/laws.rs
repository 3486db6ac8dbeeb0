//! What every entry of the catalogue must obey. The laws walk the catalogue itself: a new entry is
//! under them the moment it is listed, and nothing can be left out.

use model_collapse::catalog::{Chosen, Entry};
use model_collapse::curation::{self, Curation, CurationBench};
use model_collapse::distribution::{Distribution, Finite};
use model_collapse::experiment::Space;
use model_collapse::lineage::{Needs, Snapshot, Supply, Truth};
use model_collapse::metric::{self, Metric};
use model_collapse::model::{self, Bench, Breed, Fitted};
use model_collapse::numeric::memo::Memo;
use model_collapse::regime::{self, Origin, Reach, Regime, Sizes, Take};
use model_collapse::samples::{Counts, Points, Samples, Scatter, Tokens, TrainingSet};
use model_collapse::stream::{Role, Streams, stream};
use model_collapse::world::{self, World};
use std::cell::Cell;
use std::path::PathBuf;
use toml::de::ValueDeserializer;

/// Where entries find the files that they must be given.
fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/data")
}

/// Hyperparameters for entries that must be given some.
const GIVEN: [(&str, &str); 1] = [("table", "{ path = \"three-columns.csv\" }")];

/// An entry with all defaults, or with what it must be given.
fn chosen<T: ?Sized>(entry: &'static Entry<T>) -> Chosen<T> {
    let given = GIVEN.iter().find(|(name, _)| *name == entry.name).map(|(_, table)| *table);
    match (entry.default(), given) {
        (Some(default), _) => default,
        (None, Some(table)) => {
            let table = ValueDeserializer::parse(table).expect("toml");
            entry.read(table).unwrap_or_else(|error| panic!("{}: {error}", entry.name))
        }
        (None, None) => panic!("`{}` has no default: give it what it needs in GIVEN", entry.name),
    }
}

/// All worlds of a space that this build can open (real data may have been left out of it), and their
/// names; those that can label their samples once more with labels.
fn worlds<S: Space>() -> Vec<(String, Box<dyn World<S>>)> {
    let is_bundled = |name: &str| ["digits", "corpus"].contains(&name);
    let mut all = Vec::new();
    for entry in S::worlds() {
        if is_bundled(entry.name) && !cfg!(feature = "bundled-data") {
            continue;
        }
        let plain = chosen(entry);
        if S::HAS_SAMPLES && plain.table.contains_key("labels") {
            let table = ValueDeserializer::parse("{ labels = true }").expect("TOML");
            let labelled = entry.read(table).expect("legal").value;
            all.push((format!("labelled {}", entry.name), labelled));
        }
        all.push((entry.name.to_owned(), plain.value));
    }
    all
}

fn open<S: Space>(name: &str, world: &dyn World<S>) -> Box<dyn Distribution<S>> {
    world.open(&folder()).unwrap_or_else(|error| panic!("{name}: {error}"))
}

/// A law about an entry's name, documentation, parameters and defaults.
type Law<'a> = &'a mut dyn FnMut(&str, String, Vec<(String, String)>, toml::Table);

/// Calls a law with every entry.
fn every_entry(law: Law<'_>) {
    fn each<T: ?Sized>(entries: &'static [Entry<T>], law: Law<'_>) {
        for entry in entries {
            law(entry.name, entry.documentation(), entry.parameters(), chosen(entry).table);
        }
    }
    each(world::POINTS, law);
    each(world::TOKENS, law);
    each(world::SCATTERS, law);
    each(world::COUNTS, law);
    each(model::POINTS, law);
    each(model::TOKENS, law);
    each(model::SCATTERS, law);
    each(model::COUNTS, law);
    each(regime::ALL, law);
    each(curation::POINTS, law);
    each(curation::TOKENS, law);
    each(metric::POINTS, law);
    each(metric::TOKENS, law);
    each(metric::SCATTERS, law);
    each(metric::COUNTS, law);
}

#[test]
fn every_entry_is_documented_in_its_own_file() {
    every_entry(&mut |name, documentation, parameters, defaults| {
        assert!(documentation.contains("Source:"), "{name} names no source");
        assert!(documentation.contains("Not to be confused with"), "{name}: confused with what?");
        for key in defaults.keys() {
            let words = parameters.iter().find(|(parameter, _)| parameter == key);
            assert!(
                words.is_some_and(|(_, text)| !text.is_empty()),
                "{name}.{key} is not explained"
            );
        }
        let kebab = name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
        assert!(kebab, "{name} is not in kebab case");
    });
}

#[test]
fn names_are_unique_within_a_list() {
    fn unique<T: ?Sized>(entries: &[Entry<T>]) {
        for (i, entry) in entries.iter().enumerate() {
            assert!(entries[..i].iter().all(|other| other.name != entry.name), "{}", entry.name);
        }
    }
    unique(world::POINTS);
    unique(world::TOKENS);
    unique(world::SCATTERS);
    unique(world::COUNTS);
    unique(model::POINTS);
    unique(model::TOKENS);
    unique(model::SCATTERS);
    unique(model::COUNTS);
    unique(regime::ALL);
    unique(curation::POINTS);
    unique(curation::TOKENS);
    unique(metric::POINTS);
    unique(metric::TOKENS);
    unique(metric::SCATTERS);
    unique(metric::COUNTS);
}

#[test]
fn every_table_with_its_defaults_reads_back_the_same() {
    fn same<T: ?Sized>(entries: &'static [Entry<T>]) {
        for entry in entries {
            let table = chosen(entry).table;
            let text = format!("x = {}", toml::Value::Table(table.clone()));
            let parsed: toml::Table = toml::from_str(&text).expect("toml");
            let again = ValueDeserializer::parse(&parsed["x"].to_string()).map(|de| entry.read(de));
            let again = again.expect("toml").unwrap_or_else(|e| panic!("{}: {e}", entry.name));
            assert_eq!(again.table, table, "{}", entry.name);
        }
    }
    same(world::POINTS);
    same(world::TOKENS);
    same(world::SCATTERS);
    same(world::COUNTS);
    same(model::POINTS);
    same(model::TOKENS);
    same(model::SCATTERS);
    same(model::COUNTS);
    same(regime::ALL);
    same(curation::POINTS);
    same(curation::TOKENS);
    same(metric::POINTS);
    same(metric::TOKENS);
    same(metric::SCATTERS);
    same(metric::COUNTS);
}

#[test]
fn no_entry_takes_a_key_that_it_does_not_have() {
    fn refuses<T: ?Sized>(entries: &'static [Entry<T>]) {
        for entry in entries {
            let table = ValueDeserializer::parse("{ no-such-key = 1 }").expect("toml");
            assert!(entry.read(table).is_err(), "{} takes any key", entry.name);
        }
    }
    refuses(world::POINTS);
    refuses(world::TOKENS);
    refuses(world::SCATTERS);
    refuses(world::COUNTS);
    refuses(model::POINTS);
    refuses(model::TOKENS);
    refuses(model::SCATTERS);
    refuses(model::COUNTS);
    refuses(regime::ALL);
    refuses(curation::POINTS);
    refuses(curation::TOKENS);
    refuses(metric::POINTS);
    refuses(metric::TOKENS);
    refuses(metric::SCATTERS);
    refuses(metric::COUNTS);
}

/// Draws are what the world says they are, and the same for the same stream.
fn world_laws<S: Space + PartialEq + std::fmt::Debug>() {
    for (name, world) in worlds::<S>() {
        let shape = world.shape(&folder()).expect("a shape");
        let world = open(&name, &*world);
        let draw = || world.draw(300, &mut stream(3, 0, 0, Role::WORLD));
        let samples = draw();
        assert_eq!((samples.len(), samples.shape()), (300, shape), "{}", name);
        assert_eq!(samples, draw(), "{} draws differently each time", name);
        assert!(samples.is_finite(), "{}", name);
        assert_eq!(world.shape(), samples.shape(), "{}", name);
        if let Some(density) = world.density() {
            let ln = density.ln_density(&samples);
            assert!(ln.len() == 300 && ln.iter().all(|l| l.is_finite()), "{}", name);
        }
        if let (Some(density), Some(entropy)) = (world.density(), world.entropy()) {
            let n = 20_000;
            let ln = density.ln_density(&world.draw(n, &mut stream(4, 0, 0, Role::WORLD)));
            let mean = -ln.iter().sum::<f64>() / n as f64;
            let variance = ln.iter().map(|l| (l + mean).powi(2)).sum::<f64>() / n as f64;
            let error = (variance / n as f64).sqrt();
            let off = (mean - entropy).abs();
            assert!(off <= 4.0 * error + 1e-9, "{}: entropy {entropy}, draws {mean}", name);
        }
    }
}

#[test]
fn every_world_is_one_object_that_agrees_with_its_own_draws() {
    world_laws::<Points>();
    world_laws::<Tokens>();
    world_laws::<Scatter>();
    world_laws::<Counts>();
}

#[test]
fn every_tail_has_the_mass_that_its_world_says() {
    for (name, world) in worlds::<Points>() {
        let world = open(&name, &*world);
        let (Some(tail), Some(density)) = (world.tail(0.1), world.density()) else { continue };
        let n = 20_000;
        let points = world.draw(n, &mut stream(5, 0, 0, Role::WORLD));
        let ln = density.ln_density(&points);
        let inside = ln.iter().filter(|l| **l <= tail.ln_threshold).count() as f64 / n as f64;
        let error = (tail.mass * (1.0 - tail.mass) / n as f64).sqrt();
        assert!((inside - tail.mass).abs() < 4.0 * error, "{}: {inside}", name);
        assert!(tail.mass <= 0.1 + 1e-12, "{}", name);
    }
}

#[test]
fn every_regime_is_pure_and_takes_only_what_it_remembers() {
    let offspring: Vec<usize> = (0..60).map(|g| if g == 0 { 0 } else { 400 + g }).collect();
    let sizes = Sizes { founders: 500, offspring };
    for entry in regime::ALL {
        let regime = chosen(entry).value;
        regime::audit(&*regime, &sizes, 50).unwrap_or_else(|e| panic!("{}: {e}", entry.name));
        for t in 2..=50 {
            let recipe = regime.recipe(t, &sizes);
            assert_eq!(recipe, regime.recipe(t, &sizes), "{} is not a function", entry.name);
            assert!(!recipe.is_empty(), "{}", entry.name);
            for portion in recipe {
                law_of_portion(entry.name, &*regime, t, portion);
            }
        }
    }
}

fn law_of_portion(name: &str, regime: &dyn Regime, t: u32, portion: regime::Portion) {
    assert!(portion.weight.is_finite() && portion.weight >= 0.0, "{name} at {t}: {portion:?}");
    assert!(regime.is_weighted() || portion.weight == 1.0, "{name} hides its weights");
    let oldest = match regime.reach() {
        Reach::Everything => 1,
        Reach::Last(k) => t.saturating_sub(k).max(1),
    };
    match portion.origin {
        Origin::Founders => {}
        Origin::Pool => assert_eq!(regime.reach(), Reach::Everything, "{name} forgets its pool"),
        Origin::Offspring(g) => assert!((oldest..t).contains(&g), "{name} at {t} takes {g}"),
        Origin::Fresh(g) => {
            assert!(g == t && regime.fresh(g) > 0, "{name} at {t}: fresh {g}");
            assert_eq!(portion.take, Take::All, "{name} draws real samples and drops them");
        }
    }
}

/// Data of every unpleasant kind that collapse produces, made of a world's own samples; of statistics,
/// those of a few samples.
fn unpleasant<S: Space>(world: &dyn Distribution<S>) -> Vec<(&'static str, S)> {
    if !S::HAS_SAMPLES {
        let of = |n| world.draw(n, &mut stream(6, 0, 0, Role::WORLD));
        return vec![("one sample", of(1)), ("two samples", of(2)), ("forty samples", of(40))];
    }
    let some = world.draw(40, &mut stream(6, 0, 0, Role::WORLD));
    let one = some.gather(&[0]);
    vec![
        ("one sample", one.clone()),
        ("two samples", some.gather(&[0, 1])),
        ("a constant", some.gather(&[0; 30])),
        ("two values", some.gather(&[0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1])),
        ("forty samples", some),
    ]
}

fn model_laws<S: Space + PartialEq + std::fmt::Debug>() {
    let mut fitted = std::collections::BTreeSet::new();
    for (world_name, world) in worlds::<S>() {
        let world = open(&world_name, &*world);
        for entry in S::models() {
            let family = chosen(entry).value;
            if family.check(&world.shape()).is_err() {
                continue;
            }
            for (what, data) in unpleasant(&*world) {
                let about = format!("{} on {what} of {}", entry.name, world_name);
                if law_of_fit(&*family, &data, &about) {
                    fitted.insert(entry.name);
                }
            }
        }
    }
    for entry in S::models() {
        assert!(fitted.contains(entry.name), "{} never fits", entry.name);
    }
}

/// A fit is a member that draws finite samples, or a cause of extinction; nothing else.
fn law_of_fit<S: Space + PartialEq + std::fmt::Debug>(
    family: &dyn Breed<S>,
    data: &S,
    about: &str,
) -> bool {
    let training = TrainingSet::plain(data);
    let mut learner = family.learner();
    let Ok(Fitted { model, .. }) =
        learner.learn(&training, &Bench::default(), &mut stream(7, 0, 1, Role::FIT))
    else {
        return false;
    };
    let draws = model.release(25, &mut stream(7, 0, 1, Role::DRAW));
    assert_eq!(
        draws,
        model.release(25, &mut stream(7, 0, 1, Role::DRAW)),
        "{about}: not a function"
    );
    assert!(draws.len() == 25 && draws.is_finite(), "{about}: draws are not finite");
    if let Some(moments) = model.moments() {
        let numbers = moments.mean.iter().chain(&moments.covariance);
        assert!(numbers.clone().all(|x| x.is_finite()), "{about}: moments");
        assert!(moments.covariance.diag().iter().all(|v| *v >= 0.0), "{about}: variance");
    }
    if let Some(density) = model.density() {
        let ln = density.ln_density(&model.draw(25, &mut stream(8, 0, 1, Role::DRAW)));
        assert!(ln.iter().all(|l| l.is_finite()), "{about}: no density at its own draws");
    }
    assert!(model.entropy().is_none_or(|entropy| !entropy.is_nan()), "{about}: entropy");
    true
}

#[test]
fn every_model_fits_or_is_extinct_on_whatever_collapse_produces() {
    model_laws::<Points>();
    model_laws::<Tokens>();
    model_laws::<Scatter>();
    model_laws::<Counts>();
}

fn metric_laws<S: Space>() {
    let mut measured = std::collections::BTreeSet::new();
    for (world_name, world) in worlds::<S>() {
        let world = open(&world_name, &*world);
        let streams = Streams { seed: 9, trial: 0 };
        let needs = Needs { founders: 30, evaluation: 60, fresh: 0, ..Needs::default() };
        let supply = Supply::new(&*world, needs, streams);
        let memo = Memo::default();
        let truth = Truth::new(&supply, 60, &memo);
        let founders = supply.founders();
        for entry in S::metrics() {
            let metric = chosen(entry).value;
            let at_world = Snapshot::of_world(&truth, &founders, streams);
            let ideal = metric.measure(&at_world, at_world.noise(entry.name));
            if let Some(reading) = ideal {
                let about = format!("{} of {} itself", entry.name, world_name);
                assert!(reading.value.is_finite(), "{about}: {reading:?}");
                measured.insert(entry.name);
            }
            for (what, data) in unpleasant(&*world) {
                let model = Finite::new(data.clone()).expect("some data");
                let training = TrainingSet::plain(&data);
                let now = Snapshot::of_model(1, &truth, &model, &training, &data, streams);
                let reading = metric.measure(&now, now.noise(entry.name));
                let about = format!("{} of {what} of {}", entry.name, world_name);
                assert!(reading.is_none_or(|r| !r.value.is_nan()), "{about} is not a number");
                let error = reading.and_then(|r| r.standard_error);
                assert!(error.is_none_or(|e| e.is_finite() && e >= 0.0), "{about}: {error:?}");
            }
        }
    }
    for entry in S::metrics() {
        assert!(measured.contains(entry.name), "{} measures no world at all", entry.name);
    }
}

#[test]
fn every_metric_is_a_number_or_nothing_on_whatever_collapse_produces() {
    metric_laws::<Points>();
    metric_laws::<Tokens>();
    metric_laws::<Scatter>();
    metric_laws::<Counts>();
}

#[test]
fn every_card_says_what_a_reader_needs() {
    fn cards<S: Samples>(entries: &'static [Entry<dyn Metric<S>>]) {
        for entry in entries {
            let card = chosen(entry).value.card();
            assert!(!card.symbol.is_empty() && !card.cost.is_empty(), "{}", entry.name);
            assert!(!card.source.is_empty(), "{}", entry.name);
        }
    }
    cards(metric::POINTS);
    cards(metric::TOKENS);
    cards(metric::SCATTERS);
    cards(metric::COUNTS);
}

/// Curators that change samples, or repeat them.
const CHANGES: [&str; 7] =
    ["correct", "detect", "edit", "mixup", "noise", "oversample-tail", "truncate"];

/// Whether these are some of the offered samples, each at most once and in their order.
fn is_taken_in_order<S: Space + PartialEq>(kept: &S, offered: &S) -> bool {
    let mut rows = 0..offered.len();
    (0..kept.len()).all(|k| {
        let one = kept.gather(&[k]);
        rows.any(|row| offered.gather(&[row]) == one)
    })
}

fn curation_laws<S: Space + PartialEq + std::fmt::Debug>(
    entries: &'static [Entry<dyn Curation<S>>],
) {
    for (world_name, world) in worlds::<S>() {
        let world = open(&world_name, &*world);
        let founders = world.draw(50, &mut stream(10, 0, 0, Role::WORLD));
        let offered = world.draw(200, &mut stream(11, 0, 1, Role::DRAW));
        let memo = Memo::default();
        let (oracle, earlier) = (Cell::new(0), []);
        let bench = CurationBench {
            world: &*world,
            model: &*world,
            founders: &founders,
            earlier: &earlier,
            memo: &memo,
            oracle: &oracle,
        };
        for entry in entries {
            let curator = chosen(entry).value;
            let about = format!("{} of {}", entry.name, world_name);
            curator.check(&world.shape()).unwrap_or_else(|misfit| panic!("{about}: {misfit}"));
            assert!(curator.draws(100) > 0, "{about}");
            let rng = || stream(12, 0, 1, Role::curate(entry.name, 0));
            let kept = curator.curate(offered.clone(), &bench, &mut rng());
            assert_eq!(kept, curator.curate(offered.clone(), &bench, &mut rng()), "{about}");
            assert!(kept.shape() == offered.shape() && kept.is_finite(), "{about}");
            if !CHANGES.contains(&entry.name) {
                assert!(is_taken_in_order(&kept, &offered), "{about} makes or moves samples");
            }
            let nothing = curator.curate(offered.gather(&[]), &bench, &mut rng());
            assert!(nothing.is_empty(), "{about} makes something of nothing");
        }
    }
}

#[test]
fn every_curator_is_a_function_that_keeps_the_shape_of_samples() {
    curation_laws(curation::POINTS);
    curation_laws(curation::TOKENS);
}
