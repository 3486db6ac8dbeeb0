//! What every regime trains on, worked out by hand, and what the loop makes of the recipe.

mod common;

use model_collapse::catalog;
use model_collapse::curation::{self, Curation};
use model_collapse::distribution::{Distribution, Finite, Gaussian};
use model_collapse::lineage::{self, Needs, Observer, Rules, Snapshot, Supply, Truth};
use model_collapse::model;
use model_collapse::numeric::memo::Memo;
use model_collapse::regime::{self, Origin, Portion, Reach, Regime, Sizes, Take};
use model_collapse::samples::{Kind, Part, Points};
use model_collapse::stream::{Role, Streams};
use ndarray::arr1;
use std::collections::BTreeSet;
use toml::de::ValueDeserializer;

fn regime(name: &str, table: &str) -> Box<dyn Regime> {
    let table = ValueDeserializer::parse(table).expect("a table");
    let entry = catalog::find(regime::ALL, "regime", name).expect("registered");
    entry.read(table).expect("legal").value
}

/// Origin, number of samples (0 for all) and weight of every portion at t = 5.
fn at_five(name: &str, table: &str) -> Vec<(Origin, usize, f64)> {
    let sizes = Sizes { founders: 100, offspring: vec![0, 10, 20, 30, 45] };
    let recipe = regime(name, table).recipe(5, &sizes);
    let number = |take| if let Take::Exactly { n, .. } = take { n } else { 0 };
    recipe.into_iter().map(|p| (p.origin, number(p.take), p.weight)).collect()
}

#[test]
fn the_recipes_of_generation_five_by_hand() {
    use Origin::{Founders, Fresh, Offspring, Pool};
    assert_eq!(at_five("replace", "{}"), [(Offspring(4), 0, 1.0)]);
    assert_eq!(at_five("accumulate", "{}"), [(Pool, 0, 1.0)]);
    assert_eq!(at_five("subsample", "{}"), [(Pool, 45, 1.0)]);
    assert_eq!(at_five("augment", "{}"), [(Founders, 0, 1.0), (Offspring(4), 0, 1.0)]);
    let some = at_five("augment", "{ synthetic = 7 }");
    assert_eq!(some, [(Founders, 0, 1.0), (Offspring(4), 7, 1.0)]);
    // A tenth of 45 is 4.5: 5. A twentieth is 2.25: 2.
    assert_eq!(at_five("retain", "{}"), [(Founders, 5, 1.0), (Offspring(4), 40, 1.0)]);
    let less = at_five("retain", "{ fraction = 0.05 }");
    assert_eq!(less, [(Founders, 2, 1.0), (Offspring(4), 43, 1.0)]);
    let fresh = at_five("fresh", "{ real = 9 }");
    assert_eq!(fresh, [(Fresh(5), 0, 1.0), (Offspring(4), 0, 1.0)]);
    assert_eq!(at_five("fresh", "{ real = 9, pool = true }"), [(Pool, 0, 1.0)]);
    let window = at_five("window", "{ generations = 3 }");
    assert_eq!(window, [2, 3, 4].map(|g| (Offspring(g), 0, 1.0)));
    let window = at_five("window", "{ generations = 9, founders = true }");
    assert_eq!(window[0], (Founders, 0, 1.0));
    assert_eq!(window[1..], [1, 2, 3, 4].map(|g| (Offspring(g), 0, 1.0)));
}

#[test]
fn weights_of_generation_five_by_hand() {
    use Origin::{Founders, Fresh, Offspring};
    // Ages 4 (founders), 3, 2, 1 and 0 generations, halved every two.
    let decay = at_five("decay", "{ half-life = 2 }");
    assert_eq!((decay[0].0, decay[0].2), (Founders, 0.25));
    let ages = [(1, 8_f64.sqrt().recip()), (2, 0.5), (3, 0.5_f64.sqrt()), (4, 1.0)];
    for ((origin, _, weight), (g, exact)) in decay[1..].iter().zip(ages) {
        assert_eq!(*origin, Offspring(g));
        assert!((weight - exact).abs() < 1e-15, "{weight} of {g}");
    }
    // All real samples together weigh 0.6, all 45 synthetic ones 0.4.
    let weighted = at_five("weighted", "{ real = 15, weight = 0.6 }");
    assert_eq!((weighted[0].0, weighted[1].0), (Fresh(5), Offspring(4)));
    assert!((weighted[0].2 - 0.04).abs() < 1e-15 && (weighted[1].2 - 0.4 / 45.0).abs() < 1e-15);
    // As many real as synthetic samples: the reciprocal of the golden ratio.
    let golden = at_five("weighted", "{ real = 45 }");
    assert!((golden[0].2 * 45.0 - (5_f64.sqrt() - 1.0) / 2.0).abs() < 1e-12);
}

/// Kind, birth and samples, and the weight of each.
type Chunk = (Kind, u32, Vec<f64>, f64);

/// Every training set and every set of offspring of one lineage, and its reference.
#[derive(Default)]
struct Seen {
    training: Vec<Vec<Chunk>>,
    offspring: Vec<Vec<f64>>,
    held_out: Vec<f64>,
    replica: Vec<f64>,
    /// Questions that the world had answered by the end of each generation.
    asked: Vec<u64>,
}

impl Observer<Points> for Seen {
    fn observe(&mut self, now: &Snapshot<'_, Points>) {
        let of = |points: &Points| points.as_slice().to_vec();
        let parts = now.training.map(|training| training.parts()).unwrap_or_default();
        let weighted = |part: &Part<'_, Points>| {
            let chunk = |c: &model_collapse::samples::Chunk<Points>| {
                (c.kind, c.born, of(&c.samples), part.weight)
            };
            part.chunks.iter().map(chunk).collect::<Vec<_>>()
        };
        self.training.push(parts.iter().flat_map(weighted).collect());
        self.offspring.push(of(now.offspring));
        self.asked.push(now.truth.oracle.get());
        if now.generation == 0 {
            (self.held_out, self.replica) = (of(now.truth.held_out()), of(now.draws()));
        }
    }
}

/// Five generations of a normal, 20 founders, 20 offspring each.
fn lineage_of(
    world: &dyn Distribution<Points>,
    regime: &dyn Regime,
    curation: &[(&str, &dyn Curation<Points>)],
) -> Seen {
    let streams = Streams { seed: 21, trial: 0 };
    let fresh = (2..=5).map(|t| regime.fresh(t)).sum();
    let supply = Supply::new(
        world,
        Needs { founders: 20, evaluation: 10, fresh, ..Needs::default() },
        streams,
    );
    let memo = Memo::default();
    let truth = Truth::new(&supply, 10, &memo);
    let family = catalog::find(model::POINTS, "model", "gaussian").expect("registered");
    let family = family.default().expect("defaults").value;
    let schedule = &[20; 7];
    let rules = Rules {
        family: &*family,
        regime,
        curation,
        generations: 5,
        schedule,
        ends_absorbed: false,
    };
    let mut seen = Seen::default();
    lineage::run(&rules, &truth, streams, &mut seen);
    assert_eq!(seen.training.len(), 6, "the lineage survives");
    seen
}

fn normal() -> Gaussian {
    Gaussian::spherical(arr1(&[0.0]), 1.0)
}

fn set(values: &[f64]) -> BTreeSet<u64> {
    values.iter().map(|x| x.to_bits()).collect()
}

/// All values of one kind in a training set.
fn kind(training: &[Chunk], kind: Kind) -> Vec<f64> {
    training.iter().filter(|c| c.0 == kind).flat_map(|c| c.2.clone()).collect()
}

#[test]
fn retained_founders_are_different_ones_chosen_anew_or_once() {
    for redraw in [true, false] {
        let regime = regime("retain", &format!("{{ fraction = 0.5, redraw = {redraw} }}"));
        let seen = lineage_of(&normal(), &*regime, &[]);
        let founders = set(&seen.offspring[0]);
        let kept: Vec<_> = seen.training[2..].iter().map(|t| kind(t, Kind::Founders)).collect();
        for kept in &kept {
            assert_eq!((kept.len(), set(kept).len()), (10, 10), "one comes twice");
            assert!(set(kept).is_subset(&founders));
        }
        assert_eq!(kept.len(), 4);
        for (i, one) in kept.iter().enumerate() {
            assert!(kept[..i].iter().all(|other| (set(one) != set(other)) == redraw));
        }
        let synthetic = kind(&seen.training[5], Kind::Offspring);
        assert_eq!((synthetic.len(), set(&synthetic).len()), (10, 10));
        assert!(set(&synthetic).is_subset(&set(&seen.offspring[4])));
        assert_ne!(synthetic, seen.offspring[4][..10], "the first are no random choice");
        let places = |chosen: &[f64], all: &[f64]| {
            (0..20).filter(|&i| chosen.contains(&all[i])).collect::<Vec<_>>()
        };
        let founding = places(&kept[3], &seen.offspring[0]);
        let others = places(&synthetic, &seen.offspring[4]);
        assert_ne!(founding, others, "two portions of one recipe choose by themselves");
    }
}

#[test]
fn a_pool_holds_the_founders_and_all_offspring_and_a_subsample_some_of_each() {
    let all = lineage_of(&normal(), &*regime("accumulate", "{}"), &[]);
    let pool: Vec<f64> = all.training[5].iter().flat_map(|c| c.2.clone()).collect();
    assert_eq!(pool, all.offspring[..5].concat());
    let some = lineage_of(&normal(), &*regime("subsample", "{ size = 60 }"), &[]);
    let chosen: Vec<f64> = some.training[5].iter().flat_map(|c| c.2.clone()).collect();
    assert_eq!((chosen.len(), set(&chosen).len()), (60, 60), "one comes twice");
    assert!(set(&chosen).is_subset(&set(&some.offspring[..5].concat())));
    // Of 100 samples 60 are taken: each fifth of them gives about 12.
    for born in 0..5 {
        let given: usize = some.training[5].iter().filter(|c| c.1 == born).map(|c| c.2.len()).sum();
        assert!((5..=19).contains(&given), "{given} of generation {born}");
    }
}

#[test]
fn real_samples_of_every_purpose_are_different_ones() {
    let rows: Vec<f64> = (0..80).map(f64::from).collect();
    let stock = Finite::new(Points::from_rows(rows, 1)).expect("rows");
    for world in [&stock as &dyn Distribution<Points>, &normal()] {
        let seen = lineage_of(world, &*regime("fresh", "{ real = 10 }"), &[]);
        let fresh = seen.training.iter().flat_map(|t| kind(t, Kind::Fresh));
        let founders = seen.training[1].iter().flat_map(|c| c.2.clone());
        let (held_out, replica) = (seen.held_out.iter().copied(), seen.replica.iter().copied());
        let all: Vec<f64> = founders.chain(fresh).chain(held_out).chain(replica).collect();
        // 20 founders, 4 × 10 fresh, 10 held out, 10 for generation 0: no row of 80 twice.
        assert_eq!((all.len(), set(&all).len()), (80, 80));
    }
}

#[test]
fn a_finite_world_deals_a_longer_lineage_the_same_samples_and_more() {
    let rows: Vec<f64> = (0..120).map(f64::from).collect();
    let stock = Finite::new(Points::from_rows(rows, 1)).expect("rows");
    let streams = Streams { seed: 21, trial: 0 };
    let dealt = |fresh, last| {
        let supply = Supply::new(
            &stock,
            Needs { founders: 20, evaluation: 10, fresh, ..Needs::default() },
            streams,
        );
        let fresh = (2..=last).map(|t| supply.fresh(t, 10, &mut streams.at(t, Role::FRESH)));
        let all = [supply.founders(), supply.held_out(), supply.replica()].into_iter().chain(fresh);
        all.flat_map(|points| points.as_slice().to_vec()).collect::<Vec<_>>()
    };
    let (short, long) = (dealt(40, 5), dealt(80, 9));
    assert_eq!((short.len(), long.len(), set(&long).len()), (80, 120, 120));
    assert_eq!(short, long[..80]);
}

/// From generation 2 on: five founders that count three times, and the offspring of generation 1.
struct Heavy;

impl Regime for Heavy {
    fn recipe(&self, _t: u32, _sizes: &Sizes) -> Vec<Portion> {
        let founders = Portion::exactly(5, Origin::Founders).weighing(3.0);
        vec![founders, Portion::all(Origin::Offspring(1))]
    }

    fn reach(&self) -> Reach {
        Reach::Everything
    }

    fn is_weighted(&self) -> bool {
        true
    }
}

#[test]
fn samples_weigh_in_a_training_set_what_their_portion_says() {
    use Kind::{Founders, Fresh, Offspring};
    let weights = |regime: &dyn Regime, t: usize| {
        let seen = lineage_of(&normal(), regime, &[]);
        let training = seen.training[t].iter();
        training.map(|c| (c.0, c.1, c.2.len(), c.3)).collect::<Vec<_>>()
    };
    let decay = weights(&*regime("decay", "{ half-life = 1 }"), 4);
    let offspring = [(1, 0.25), (2, 0.5), (3, 1.0)].map(|(g, weight)| (Offspring, g, 20, weight));
    assert_eq!((decay[0], &decay[1..]), ((Founders, 0, 20, 0.125), &offspring[..]));
    let weighted = weights(&*regime("weighted", "{ real = 10, weight = 0.75 }"), 3);
    assert_eq!(weighted, [(Fresh, 3, 10, 0.075), (Offspring, 2, 20, 0.0125)]);
    assert_eq!(weights(&Heavy, 3), [(Founders, 0, 5, 3.0), (Offspring, 1, 20, 1.0)]);
}

#[test]
fn a_window_reaches_back_as_far_as_it_says() {
    let seen = lineage_of(&normal(), &*regime("window", "{ generations = 2 }"), &[]);
    let born = |t: usize| seen.training[t].iter().map(|c| (c.0, c.1)).collect::<Vec<_>>();
    assert_eq!(born(2), [(Kind::Offspring, 1)]);
    assert_eq!(born(5), [(Kind::Offspring, 3), (Kind::Offspring, 4)]);
}

fn curator(name: &str, table: &str) -> Box<dyn Curation<Points>> {
    let table = ValueDeserializer::parse(table).expect("a table");
    let entry = catalog::find(curation::POINTS, "curator", name).expect("registered");
    entry.read(table).expect("legal").value
}

#[test]
fn every_offer_that_an_oracle_judges_is_a_question_and_others_ask_none() {
    let asked = |name: &str, table: &str| {
        let curator = curator(name, table);
        lineage_of(&normal(), &*regime("replace", "{}"), &[(name, &*curator)]).asked
    };
    assert_eq!(asked("likeliest", "{}"), [0; 6]);
    assert_eq!(asked("correct", "{ towards = \"founders\" }"), [0; 6]);
    assert_eq!(asked("correct", "{}"), [0, 20, 40, 60, 80, 100]);
    assert_eq!(asked("prefer", "{ among = 3 }"), [0, 60, 120, 180, 240, 300]);
    // About half of the offers are dropped, and others are judged in their place.
    let verified = asked("verify", "{ right = 0.5 }");
    assert!(verified.windows(2).all(|pair| pair[1] >= pair[0] + 20), "{verified:?}");
    assert!((150..300).contains(&verified[5]), "{verified:?}");
}

#[test]
fn what_earlier_offers_left_is_not_kept_again() {
    let results = common::run(
        "trials = 3\ngenerations = 3\nfounders = 60\noffspring = 4\nevaluation = 10\n\
         curation = [{ deduplicate = { draw = \"kept\" } }]\n\
         metrics = [{ support = { of = \"offspring\" } }]\n\
         [world.categorical]\nweights = [1, 1, 1, 1, 1]\n\
         [model.categorical]\nsmoothing = 0.5\n[regime.accumulate]\n",
    );
    let left = results.values("base", 3, "support(of=offspring)");
    assert_eq!(left, [0.8; 3]);
}

#[test]
fn curators_work_in_the_order_of_the_file() {
    let near = curator("reject-outliers", "{ distance = 0.5, draw = \"offspring\" }");
    let half = curator("likeliest", "{ keep = 0.5, draw = \"offspring\" }");
    let regime = regime("retain", "{ fraction = 1 }");
    let number = |list: &[(&str, &dyn Curation<Points>)]| {
        let seen = lineage_of(&normal(), &*regime, list);
        seen.offspring[1].len()
    };
    // Rejecting first leaves half of those near; of the likelier ten of twenty nearly all are near.
    let (first, then) = (("reject-outliers", &*near), ("likeliest", &*half));
    let alone = number(&[first]);
    assert_eq!(number(&[first, then]), (alone as f64 / 2.0).round() as usize);
    let backwards = number(&[then, first]);
    assert!((alone / 2 + 2..10).contains(&backwards), "{backwards} of the likelier ten, {alone}");
}

#[test]
fn offspring_are_measured_as_they_were_left_and_compositions_sum_to_one() {
    let results = common::run(
        "trials = 2\ngenerations = 3\nfounders = 200\nevaluation = 100\n\
         curation = [{ likeliest = { keep = 0.5 } }]\n\
         metrics = [\"spread\", { spread = { of = \"offspring\" } }]\n\
         [world.normal]\n[model.gaussian]\n[regime.retain]\nfraction = 0.25\n",
    );
    let model = results.values("base", 3, "spread");
    let left = results.values("base", 3, "spread(of=offspring)");
    // The likelier half of a normal has a seventh of its variance: 1 − 4·0.6745·φ(0.6745) = 0.143.
    assert_eq!(left.len(), 2);
    assert!(left.iter().zip(&model).all(|(left, model)| *left < 0.3 * model), "{left:?} {model:?}");
    // Of generation 3: 50 founders and 150 of the offspring of generation 2.
    let table = results.text("composition");
    let last: Vec<_> = table.lines().filter_map(|line| line.split_once("base,3,")).collect();
    assert_eq!(
        last.iter().map(|l| l.1).collect::<Vec<_>>(),
        ["founders,0,50,0.25", "offspring,2,150,0.75"]
    );
}
