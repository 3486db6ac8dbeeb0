//! `experiments/data/rare-class.csv` is made here: a table of simulated rows, so that its law is known and
//! nobody's data are shared. The test says whether the file is still what this code writes.

use model_collapse::distribution::{Classes, Distribution, Gaussian};
use model_collapse::samples::Points;
use model_collapse::stream::of_parameters;
use ndarray::{Array1, arr1};
use std::fmt::Write;
use std::path::Path;

const ROWS: usize = 5000;
const SEED: u64 = 2;

/// Share of the rows, mean and variances of each class.
const CLASSES: [(f64, [f64; 4], [f64; 4]); 3] = [
    (0.70, [0.0, 0.0, 0.0, 0.0], [1.0, 1.0, 1.0, 1.0]),
    (0.28, [2.5, 1.0, 0.0, 0.0], [1.0, 0.5, 1.0, 1.5]),
    (0.02, [1.0, -2.5, 2.5, 1.5], [0.5, 0.5, 0.5, 0.5]),
];

fn law() -> Classes<Gaussian> {
    let normal = |mean: &[f64; 4], variances: &[f64; 4]| {
        Gaussian::diagonal(arr1(mean), Array1::from(variances.to_vec()))
    };
    let class = |(label, (share, mean, variances)): (usize, &(f64, [f64; 4], [f64; 4]))| {
        (label as f64, *share, normal(mean, variances))
    };
    Classes::weighted(CLASSES.iter().enumerate().map(class).collect()).expect("some weight")
}

fn table(points: &Points) -> String {
    let mut text = "amount,hour,distance,age,kind\n".to_owned();
    for (x, label) in points.rows().zip(points.labels().expect("labelled")) {
        let cells: Vec<String> = x.iter().map(|x| format!("{:.3}", x + 0.0)).collect();
        writeln!(text, "{},{label}", cells.join(",")).expect("room");
    }
    text
}

#[test]
fn the_table_of_a_rare_class_is_drawn_from_three_normals() {
    let drawn = table(&law().draw(ROWS, &mut of_parameters(SEED)));
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("experiments/data/rare-class.csv");
    let here = Path::new(env!("CARGO_TARGET_TMPDIR")).join("rare-class.csv");
    std::fs::write(&here, &drawn).expect("a folder for tests");
    let same = std::fs::read_to_string(&kept).is_ok_and(|text| text == drawn);
    assert!(same, "{} is not what this test writes to {}", kept.display(), here.display());
    let rare = drawn.lines().filter(|line| line.ends_with(",2")).count() as f64 / ROWS as f64;
    assert!((0.01..=0.03).contains(&rare), "{rare}");
}
