//! How long fits and densities take, beside `benches/peers/run.py`. Timed by hand, in release:
//!
//! ```text
//! python3 benches/peers/run.py --write-data DIR --dry
//! PEERS_DATA=DIR cargo test --release --test speed_mixture -- --ignored --nocapture
//! ```

use model_collapse::distribution::{Density, Distribution};
use model_collapse::model::kde::{Bandwidth, Kde, Kernel};
use model_collapse::model::mixture::{Mixture, Origin};
use model_collapse::model::{Family, Kin};
use model_collapse::numeric::bounded::{Count, NonNegative, Positive};
use model_collapse::samples::{Points, Samples, TrainingSet};
use model_collapse::stream::{Role, stream};
use std::time::{Duration, Instant};

/// The median of nine runs.
fn median(mut work: impl FnMut()) -> Duration {
    let mut once = || {
        let start = Instant::now();
        work();
        start.elapsed()
    };
    let mut times: Vec<Duration> = (0..9).map(|_| once()).collect();
    times.sort();
    times[4]
}

fn table(path: &std::path::Path) -> Points {
    let text = std::fs::read_to_string(path).expect("a table");
    let rows: Vec<&str> = text.lines().skip(1).collect();
    let d = rows[0].split(',').count();
    let numbers = rows.iter().flat_map(|row| row.split(',').map(|x| x.parse().expect("a number")));
    Points::from_rows(numbers.collect(), d)
}

#[test]
#[ignore = "a timing, not a check"]
fn em_and_draws() {
    let folder = std::env::var("PEERS_DATA").expect("PEERS_DATA says where the data lie");
    for work in ["mixture-small", "mixture-large"] {
        let folder = std::path::Path::new(&folder).join(work);
        let (points, means) = (table(&folder.join("x.csv")), table(&folder.join("means.csv")));
        let mixture = Mixture {
            components: Count::new(means.len()).expect("some"),
            tolerance: NonNegative::literal(1e-6),
            iterations: Count::literal(10_000),
            ..Mixture::default()
        };
        let (means, rng) = (means.values().to_owned(), &mut stream(1, 0, 1, Role::FIT));
        let mut fit = || {
            let origin = Origin::Means(&means);
            mixture.fit_from(&points, None, origin, rng).expect("a member")
        };
        let found = fit();
        let time = median(|| {
            fit().model.draw(points.len(), &mut stream(1, 0, 1, Role::DRAW));
        });
        let ln = found.model.ln_density(&points).iter().sum::<f64>() / points.len() as f64;
        println!("{work}: {time:?}, {} iterations, mean ln p {ln}", found.iterations);
    }
}

#[test]
#[ignore = "a timing, not a check"]
fn accumulating_kernel_densities() {
    let circle = |n: usize, role| {
        let noise = model_collapse::distribution::Gaussian::spherical(vec![0.0; 2].into(), 0.0025);
        let shift = noise.draw(n, &mut stream(1, 0, 0, role));
        let on = |i: usize| {
            let (angle, radius) = (i as f64 * 0.37, [1.0, 0.8][i % 2]);
            [radius * angle.cos(), radius * angle.sin()]
        };
        let rows = shift.rows().enumerate().flat_map(|(i, e)| [on(i)[0] + e[0], on(i)[1] + e[1]]);
        Points::from_rows(rows.collect(), 2)
    };
    let (founders, real) = (circle(100, Role::WORLD), circle(500, Role::HELD_OUT));
    let h = Bandwidth::Fixed(Positive::literal(0.5));
    let kde = Kde { bandwidth: h, kernel: Kernel::Gaussian };
    let time = median(|| {
        let mut pool = founders.clone();
        for t in 1..=100 {
            let rng = &mut stream(1, 0, t, Role::DRAW);
            let model = kde.fit(&TrainingSet::plain(&pool), Kin::default(), rng).expect("samples");
            let loss = model.ln_density(&real).iter().sum::<f64>();
            assert!(loss.is_finite());
            pool = Points::concatenate(&[&pool, &model.draw(100, rng)]).expect("two parts");
        }
    });
    println!("kde-accumulate: {time:?}");
}
