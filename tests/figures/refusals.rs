//! What cannot be drawn: errors that name the picture and what it lacks, and tables full of rubbish.

use super::Folder;
use model_collapse::archive::csv::write_table;
use model_collapse::archive::table::{Measurement, Outcome};
use std::fs;

fn folder(case: &str) -> Folder {
    let mut folder = Folder::new(case);
    folder.cells(&[], &[("replace", vec![])]);
    for generation in 0..=4 {
        folder.median(0, "replace", generation, "spread", 1.0 / f64::from(generation + 1));
    }
    folder
}

#[test]
fn a_picture_that_cannot_be_drawn_says_what_it_lacks() {
    let folder = folder("lacking");
    let lacks = [
        ("kind = 'curves', metric = 'kl'", "`kl`", "metric `kl` (there are: spread)"),
        ("kind = 'curves', metric = 'spread', arms = ['x']", "`spread`", "an arm `x`"),
        ("kind = 'heatmap', metric = 'spread'", "`heatmap-spread`", "two swept paths"),
        ("kind = 'against', metric = 'spread', x = 'n'", "`against-spread`", "nothing was swept"),
        ("kind = 'against', metric = 'spread', name = 'a/b'", "`a-b`", "a swept number"),
        ("kind = 'recipe'", "`recipe`", "composition.csv"),
        ("kind = 'gallery'", "`gallery`", "kept samples"),
        ("kind = 'ridgeline', coordinate = 3", "`ridgeline-x3`", "kept samples"),
        ("kind = 'survival'", "`survival`", "outcomes.csv"),
    ];
    for (keys, name, lack) in lacks {
        let error = folder.draw(&format!("figures = [{{ {keys} }}]")).unwrap_err().to_string();
        assert!(error.contains(name) && error.contains(lack), "{error}");
        assert!(error.contains("[[figures]]"), "{error}");
    }
}

#[test]
fn a_picture_that_cannot_be_drawn_does_not_keep_others_from_it() {
    let folder = folder("others");
    let entries = "figures = [{ kind = 'recipe' }, { kind = 'curves', metric = 'spread' }]";
    assert!(folder.draw(entries).is_err());
    assert!(folder.dir.join("figures/spread.svg").is_file());
}

#[test]
fn an_entry_that_is_wrong_is_shown_at_its_place() {
    let folder = folder("wrong");
    let error = folder.draw("[[figures]]\nkind = 'curvy'").unwrap_err().to_string();
    assert!(error.contains("experiment.toml") && error.contains("line 3, column 8"), "{error}");
    assert!(error.contains("unknown variant `curvy`"), "{error}");
}

#[test]
fn a_collapse_is_read_from_the_measurements_of_each_trial() {
    let mut folder = folder("collapse");
    let mut measurements = Vec::new();
    for trial in 0..10 {
        folder.outcomes.push(Outcome {
            cell: "0".into(),
            arm: "replace".into(),
            trial,
            outcome: if trial == 9 { "extinct" } else { "survived" }.into(),
            generation: (trial == 9).then_some(2),
            cause: String::new(),
        });
        for generation in 0..=4 {
            measurements.push(Measurement {
                cell: "0".into(),
                arm: "replace".into(),
                trial,
                generation,
                metric: "spread".into(),
                // Half of the lineages are below one half from generation 3 on.
                value: Some(if trial < 5 && generation > 2 { 0.4 } else { 0.9 }),
                standard_error: None,
            });
        }
    }
    write_table(&folder.dir, "measurements", &measurements).unwrap();
    let entry = "figures = [{ kind = 'survival', metric = 'spread', below = 0.5 }]";
    let (names, drawing) = folder.drawn(entry);
    assert_eq!(names, ["survival-spread"]);
    assert!(drawing.contains("alive 40 %") && drawing.contains("spread below 0.5"));
    let entry = "figures = [{ kind = 'survival', metric = 'kl', above = 1 }]";
    assert!(folder.draw(entry).unwrap_err().to_string().contains("measurements of `kl`"));
}

#[test]
fn rubbish_in_tables_is_an_error_or_a_picture_but_never_a_panic() {
    let header = "cell,arm,generation,metric,trials,alive,mean,sd,ci_low,ci_high,median,median_low,\
                  median_high,q05,q25,q75,q95\n";
    let values = ["", "NaN", "inf", "-inf", "1e308", "-1e308", "5e-324", "0", "-1", "words"];
    let kinds = "[[figures]]\nkind = 'curves'\nmetric = 'm'\nlog-y = true\n\
                 [[figures]]\nkind = 'heatmap'\nmetric = 'm'\n\
                 [[figures]]\nkind = 'against'\nmetric = 'm'\nlog-x = true\n\
                 [[figures]]\nkind = 'survival'\n[[figures]]\nkind = 'recipe'\n\
                 [[figures]]\nkind = 'gallery'\n[[figures]]\nkind = 'ridgeline'\n";
    let dir = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(dir.path().join(name), text).unwrap();
    fs::create_dir_all(dir.path().join("samples/a")).unwrap();
    for (first, second) in values.iter().flat_map(|a| values.iter().map(move |b| (a, b))).step_by(3)
    {
        let rest = [first; 10].map(|value| value.to_string()).join(",");
        let other = [second; 10].map(|value| value.to_string()).join(",");
        write("cells.csv", &format!("cell,arm,n,k\na,r,{first},1\nb,r,{second},{first}\n"));
        write(
            "summary.csv",
            &format!("{header}a,r,0,m,9,9,{rest},1\na,r,1,m,9,3,{other},\nb,r,1,m,0,0,{rest},\n"),
        );
        write(
            "outcomes.csv",
            "cell,arm,trial,outcome,generation,cause\na,r,0,extinct,4000000000,\n",
        );
        write(
            "composition.csv",
            &format!(
                "cell,arm,generation,origin,born,count,weight\na,r,1,x,{first},1,{second}\na,r,1,y,7,1,{first}\n"
            ),
        );
        write("samples/a/generation-0000.csv", &format!("x1,x2\n{first},{second}\n{second},0\n"));
        write("samples/a/generation-0001.csv", "x1,x2\n");
        write("experiment.toml", kinds);
        let asked = model_collapse::figure::draw(dir.path(), &dir.path().join("figures"));
        write("experiment.toml", "");
        let suggested = model_collapse::figure::draw(dir.path(), &dir.path().join("figures"));
        let text = [asked, suggested].map(|drawn| drawn.err().map(|error| error.to_string()));
        assert!(text.iter().flatten().all(|error| !error.is_empty()));
    }
}
