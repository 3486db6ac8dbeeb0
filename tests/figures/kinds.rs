//! Each kind of picture from handmade tables, as it comes by itself and as it is asked for.

use super::Folder;
use rand::SeedableRng;
use rand_distr::{Distribution, Normal};
use rand_pcg::Pcg64Dxsm;

fn shows(drawing: &str, texts: &[&str]) {
    for text in texts {
        assert!(drawing.contains(&format!(">\n{text}\n<")), "{text} is missing");
    }
}

/// A sweep of sizes and rates in two arms.
fn sweep(case: &str, sizes: &[u32], rates: &[f64], arms: &[&'static str]) -> Folder {
    let mut folder = Folder::new(case);
    let mut cells = Vec::new();
    for arm in arms {
        for size in sizes {
            for rate in rates {
                let cell = cells.len();
                cells.push((*arm, vec![size.to_string(), rate.to_string()]));
                let strength = if *arm == "replace" { 1.0 } else { 0.2 };
                for generation in 0..=3 {
                    let loss = f64::from(generation) * strength * 40.0 / f64::from(*size);
                    folder.median(cell, arm, generation, "spread", (-loss * (1.0 + rate)).exp());
                    folder.median(cell, arm, generation, "kl", 1e-3 + loss * rate);
                }
            }
        }
    }
    folder.cells(&["offspring", "regime.retain.fraction"], &cells);
    folder
}

#[test]
fn two_swept_paths_are_a_heatmap_with_a_panel_per_arm() {
    let folder = sweep(
        "heatmap",
        &[10, 30, 100, 300, 1000],
        &[0.0, 0.1, 0.2, 0.5, 0.9],
        &["replace", "accumulate"],
    );
    let (names, drawing) = folder.drawn("");
    assert_eq!(names, ["heatmap-kl", "heatmap-spread", "kl", "spread"]);
    shows(&drawing, &["offspring", "↑ fraction", "replace", "accumulate", "0.9", "1000"]);
    shows(&drawing, &["spread at generation 3, median of 20 trials", "offspring from 10 to 1000"]);
}

#[test]
fn a_hundred_cells_are_drawn_fast_and_a_cell_without_a_value_is_hatched() {
    let sizes: Vec<u32> = (1..=10).map(|size| size * size * 10).collect();
    let rates: Vec<f64> = (0..10).map(|rate| f64::from(rate) / 10.0).collect();
    let mut folder = sweep("hundred", &sizes, &rates, &["replace"]);
    folder.summary.retain(|row| row.cell != "55" || row.generation < 3);
    let begin = std::time::Instant::now();
    folder.draw("").unwrap();
    let seconds = begin.elapsed().as_secs_f64();
    assert!(seconds < 10.0, "{seconds}");
    let (names, drawing) = folder.drawn("");
    assert_eq!(names, ["heatmap-kl", "heatmap-spread", "kl", "spread"]);
    shows(&drawing, &["no value"]);
}

#[test]
fn one_swept_number_is_a_picture_against_it() {
    let mut folder =
        sweep("against", &[10, 30, 100, 300, 1000], &[0.5], &["replace", "accumulate"]);
    folder.summary.iter_mut().filter(|row| row.cell == "1").for_each(|row| row.alive = 7);
    let (names, drawing) = folder.drawn("");
    assert_eq!(names, ["against-kl", "against-spread", "kl", "spread"]);
    shows(&drawing, &["spread at generation 3", "offspring", "world", "survivors only"]);
    shows(&drawing, &["95 % interval of the median"]);
    let (_, drawing) = folder.drawn(
        "[[figures]]\nkind = 'against'\nname = 'means'\nmetric = 'kl'\nstatistic = 'mean'\n\
         generation = 1\nlog-x = false\narms = ['replace']\ntitle = 'Means'",
    );
    shows(&drawing, &["Means", "kl at generation 1", "95 % interval of the mean"]);
}

#[test]
fn curves_can_be_told_their_statistic_their_arms_and_their_scales() {
    let folder = sweep("curves", &[10, 30], &[0.5], &["replace", "accumulate"]);
    let (names, drawing) = folder.drawn(
        "[[figures]]\nkind = 'curves'\nmetric = 'spread'\nstatistic = 'mean'\narms = ['replace']\n\
         [[figures]]\nkind = 'curves'\nmetric = 'spread'\nband = false\nlog-y = true",
    );
    assert_eq!(names, ["spread-2", "spread"]);
    shows(&drawing, &["spread, mean", "95 % interval of the mean", "replace, offspring=10"]);
    assert!(!drawing.contains("5–95 %"));
}

#[test]
fn a_recipe_stacks_what_training_sets_come_from() {
    let mut folder = Folder::new("recipe");
    folder.cells(&[], &[("accumulate", vec![]), ("retain", vec![]), ("fresh", vec![])]);
    for generation in 1..=30 {
        for (cell, arm) in ["accumulate", "retain", "fresh"].iter().enumerate() {
            folder.median(cell, arm, generation, "spread", 1.0);
            let real = if generation == 1 { 1.0 } else { 0.25 };
            folder.portion(cell, arm, generation, ("founders", 0, real));
            match *arm {
                "accumulate" => (1..generation).for_each(|born| {
                    let weight = 0.75 / f64::from(generation - 1);
                    folder.portion(cell, arm, generation, ("offspring", born, weight));
                }),
                _ if generation == 1 => {}
                "retain" => {
                    folder.portion(cell, arm, generation, ("offspring", generation - 1, 0.75))
                }
                _ => {
                    folder.portion(cell, arm, generation, ("fresh", generation, 0.35));
                    folder.portion(cell, arm, generation, ("offspring", generation - 1, 0.4));
                }
            }
        }
    }
    let (names, drawing) = folder.drawn("");
    assert_eq!(names, ["recipe", "spread"]);
    shows(&drawing, &["founders", "fresh real samples", "offspring of 3–5", "offspring of 21–29"]);
    shows(&drawing, &["accumulate", "retain", "generation that is trained"]);
    folder.composition.iter_mut().for_each(|row| row.generation *= 40);
    let (_, drawing) = folder.drawn("figures = [{ kind = 'recipe', arms = ['accumulate'] }]");
    shows(&drawing, &["offspring of 1–10", "offspring of 11–100"]);
}

/// Rows of points around a centre in each of some dimensions.
fn cloud(rng: &mut Pcg64Dxsm, dimension: usize, centre: f64, sd: f64) -> Vec<Vec<String>> {
    let normal = Normal::new(centre, sd).unwrap();
    let mut row = || (0..dimension).map(|_| normal.sample(rng).to_string()).collect();
    (0..300).map(|_| row()).collect()
}

#[test]
fn kept_points_are_scattered_and_their_density_is_a_ridge_per_generation() {
    let mut folder = Folder::new("points");
    let rng = &mut Pcg64Dxsm::seed_from_u64(5);
    folder.cells(&[], &[("replace", vec![]), ("accumulate", vec![])]);
    for (cell, arm) in ["replace", "accumulate"].iter().enumerate() {
        for generation in [0, 1, 2, 5, 10, 20, 50] {
            folder.median(cell, arm, generation, "spread", 1.0);
            let sd = if cell == 0 { 0.85f64.powi(generation as i32) } else { 1.0 };
            let mut rows = cloud(rng, 2, 0.0, sd);
            for (index, row) in rows.iter_mut().enumerate().filter(|(index, _)| index % 2 == 0) {
                row[0] = (3.0 + row[0].parse::<f64>().unwrap() + 0.0 * index as f64).to_string();
            }
            folder.samples(cell, generation, &["x1", "x2"], &rows);
        }
    }
    let (names, drawing) = folder.drawn("");
    assert_eq!(names, ["gallery", "ridgeline-x1", "spread"]);
    shows(&drawing, &["founders", "generation 50", "coordinate 1", "20"]);
    let (_, drawing) = folder.drawn(
        "[[figures]]\nkind = 'gallery'\ngenerations = [0, 50]\ncoordinates = [2, 1]\nsamples = 20\n\
         [[figures]]\nkind = 'ridgeline'\ncoordinate = 2\narms = ['replace']",
    );
    shows(&drawing, &["density of coordinate 2 of the samples of trial 0"]);
    assert!(drawing.contains("coordinate 2 across, coordinate 1 up"));
    assert!(!drawing.contains("generation 10\n"));
}

#[test]
fn points_on_a_line_are_ridges_and_bins_also_where_they_are_one_point() {
    let mut folder = Folder::new("line");
    let rng = &mut Pcg64Dxsm::seed_from_u64(6);
    folder.cells(&[], &[("replace", vec![])]);
    for (generation, sd) in [(0, 1.0), (1, 0.7), (2, 0.3), (5, 0.05), (10, 0.0)] {
        folder.median(0, "replace", generation, "spread", sd * sd);
        let mut rows = cloud(rng, 1, 0.4, sd);
        rows[0][0] = if generation == 0 { "1e9" } else { "inf" }.into();
        folder.samples(0, generation, &["x1"], &rows);
    }
    let (names, _) = folder.drawn("");
    assert_eq!(names, ["ridgeline-x1", "spread"]);
    let (_, drawing) = folder.drawn("figures = [{ kind = 'gallery' }]");
    shows(&drawing, &["share of the samples in each of 30 bins", "generation 10"]);
}

#[test]
fn images_are_shown_as_images() {
    let mut folder = Folder::new("images");
    folder.cells(&[], &[("replace", vec![]), ("accumulate", vec![])]);
    let pixels: Vec<String> =
        (1..=8).flat_map(|row| (1..=6).map(move |column| format!("r{row}c{column}"))).collect();
    let header: Vec<&str> = pixels.iter().map(String::as_str).chain(["label"]).collect();
    for (cell, arm) in ["replace", "accumulate"].iter().enumerate() {
        for generation in [0, 1, 2, 5] {
            folder.median(cell, arm, generation, "spread", 1.0);
            let image = |sample: u32| -> Vec<String> {
                let value = |at: u32| (at * (sample + 1) % 17 / (generation + 1)).to_string();
                (0..48).map(value).chain(["3".to_owned()]).collect()
            };
            folder.samples(cell, generation, &header, &(0..40).map(image).collect::<Vec<_>>());
        }
    }
    let (names, drawing) = folder.drawn("");
    assert_eq!(names, ["gallery", "spread"]);
    shows(&drawing, &["samples as images; dark is high", "generation 5"]);
}

#[test]
fn tokens_are_frequencies_by_rank() {
    let mut folder = Folder::new("tokens");
    folder.cells(&[], &[("replace", vec![])]);
    for generation in [0, 1, 2, 5, 10] {
        folder.median(0, "replace", generation, "support", 1.0);
        let types = 200 / (generation + 1);
        let row = |index: u32| vec![format!("{} {}", index * index % types, index % 7)];
        folder.samples(0, generation, &["tokens"], &(0..400).map(row).collect::<Vec<_>>());
    }
    let (names, drawing) = folder.drawn("");
    assert_eq!(names, ["gallery", "support"]);
    shows(&drawing, &["rank of the type in its generation", "founders", "generation 10"]);
}
