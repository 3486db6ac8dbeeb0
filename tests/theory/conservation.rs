//! C5: what the biased variance loses within lineages, the means gain between them. E‖μ_t − μ*‖² +
//! E trΣ_t = trΣ* at every t, in every regime and every world; Σp² likewise.

use crate::check::{pairs, refutes};
use crate::common::{agrees, run};
use crate::watch::Watched;
use model_collapse::lineage::Snapshot;
use model_collapse::samples::{Points, Tokens};

const REGIMES: &str = r#"
[arms.replace.regime.replace]
[arms.accumulate.regime.accumulate]
[arms.subsample.regime.subsample]
size = 5
[arms.retain.regime.retain]
fraction = 0.4
[arms.retain-once.regime.retain]
fraction = 0.4
redraw = false
[arms.augment.regime.augment]
synthetic = 4
[arms.fresh.regime.fresh]
real = 3
[arms.fresh-pool.regime.fresh]
real = 3
pool = true
[arms.window.regime.window]
generations = 3
[arms.weighted.regime.weighted]
real = 3
weight = 0.3
[arms.decay.regime.decay]
half-life = 2.0
"#;

const ARMS: [&str; 11] = [
    "replace",
    "accumulate",
    "subsample",
    "retain",
    "retain-once",
    "augment",
    "fresh",
    "fresh-pool",
    "window",
    "weighted",
    "decay",
];

/// In every regime mean error and trace add up to that of the world, while the trace is less.
fn conserved(seed: u32, world: &str, model: &str, trace: f64) {
    let results = run(&format!(
        r#"
seed = {seed}
trials = 3000
generations = 5
founders = 8
evaluation = 10
metrics = ["spread", "mean-shift"]
{world}
{model}
{REGIMES}"#
    ));
    for arm in ARMS {
        for t in [1, 2, 5] {
            let spread = results.values(arm, t, "spread");
            let shift = results.values(arm, t, "mean-shift");
            let total = pairs(&spread, &shift, |v, m| trace * v + m);
            agrees(&total, trace, &format!("{world} under {arm} at {t}"));
        }
        refutes(&results.values(arm, 5, "spread"), 1.0, &format!("{arm} loses nothing"));
    }
}

#[test]
fn a_normal_keeps_mean_error_plus_trace_in_every_regime() {
    conserved(201, "[world.normal]\ndimension = 2\nmean = 0.7\nsd = 1.5", "[model.gaussian]", 4.5);
}

#[test]
fn a_normal_keeps_mean_error_plus_trace_in_a_world_that_is_not_normal() {
    conserved(202, "[world.exponential]\nrate = 0.5", "[model.gaussian]", 4.0);
}

#[test]
fn a_sphere_keeps_mean_error_plus_trace() {
    let model = "[model.gaussian]\ncovariance = \"spherical\"";
    conserved(203, "[world.normal]\ndimension = 3", model, 3.0);
}

/// Conditional on one set of founders: squared distance from their mean, and trace.
fn given_founders(seed: u64, regime: (&'static str, &'static str)) {
    let watched = Watched {
        world: ("normal", "{ dimension = 2 }"),
        model: ("gaussian", "{}"),
        regime,
        founders: 9,
        offspring: 7,
        generations: 6,
        seed,
        trials: 4000,
        same_founders: true,
    };
    let (mut own, mut total, mut trace) = (f64::NAN, Vec::new(), Vec::new());
    let mut centre = None;
    watched.each(|_, now: &Snapshot<'_, Points>| {
        if now.generation == 0 {
            return;
        }
        let found = now.model.moments().expect("moments");
        if now.generation == 1 {
            own = found.trace();
            centre = Some(found.mean);
        } else if now.generation == watched.generations {
            let off = &found.mean - centre.as_ref().expect("generation 1");
            total.push(off.dot(&off) + found.trace());
            trace.push(found.trace());
        }
    });
    agrees(&total, own, &format!("{} given the founders", regime.0));
    refutes(&trace, own, &format!("{} loses nothing", regime.0));
}

#[test]
fn given_the_founders_their_own_trace_is_kept() {
    given_founders(204, ("augment", "{}"));
    given_founders(205, ("retain", "{ fraction = 0.3 }"));
    given_founders(206, ("retain", "{ fraction = 0.3, redraw = false }"));
    given_founders(207, ("accumulate", "{}"));
    given_founders(208, ("subsample", "{ size = 6 }"));
    given_founders(209, ("replace", "{}"));
}

#[test]
fn frequencies_keep_squared_drift_plus_heterozygosity_in_every_regime() {
    for (k, (name, table)) in [
        ("replace", "{}"),
        ("accumulate", "{}"),
        ("subsample", "{ size = 6 }"),
        ("retain", "{ fraction = 0.3 }"),
        ("augment", "{}"),
        ("fresh", "{ real = 3 }"),
        ("fresh", "{ real = 3, pool = true }"),
        ("weighted", "{ real = 3, weight = 0.3 }"),
        ("window", "{ generations = 2 }"),
        ("decay", "{ half-life = 1.5 }"),
    ]
    .into_iter()
    .enumerate()
    {
        let watched = Watched {
            world: ("categorical", "{ weights = [4, 3, 2, 1] }"),
            model: ("categorical", "{}"),
            regime: (name, table),
            founders: 9,
            offspring: 7,
            generations: 5,
            seed: 210 + k as u64,
            trials: 4000,
            same_founders: false,
        };
        let (mut total, mut within) = (Vec::new(), Vec::new());
        let mut kinds = vec![Vec::new(); 4];
        let world = [0.4, 0.3, 0.2, 0.1];
        watched.each(|_, now: &Snapshot<'_, Tokens>| {
            if now.generation == watched.generations {
                let p = now.model.types().expect("types").probabilities.to_vec();
                let drift: f64 = p.iter().zip(&world).map(|(a, b)| (a - b).powi(2)).sum();
                let own = 1.0 - p.iter().map(|p| p * p).sum::<f64>();
                total.push(drift + own);
                within.push(own);
                kinds.iter_mut().zip(&p).for_each(|(kind, &p)| kind.push(p));
            }
        });
        agrees(&total, 0.7, &format!("{name} {table}: drift and heterozygosity"));
        refutes(&within, 0.7, &format!("{name} {table} loses nothing"));
        for (kind, p) in kinds.iter().zip(world) {
            agrees(kind, p, &format!("{name} {table}: E p"));
        }
    }
}
