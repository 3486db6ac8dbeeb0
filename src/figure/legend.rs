//! What solid, dashed and dotted mean in a chart, and nothing that is not drawn.

use super::chart::{Chart, Curve, Point, Shape, Subject};
use super::key::Sample;
use crate::archive::picture::Statistic;

/// Whether a chart contains it.
pub(super) fn shows(chart: &Chart, sample: Sample) -> bool {
    let points = |test: &dyn Fn(&Point) -> bool| {
        chart.curves.iter().any(|curve| curve.points.iter().any(test))
    };
    let curves = |test: &dyn Fn(&Curve) -> bool| chart.curves.iter().any(test);
    let has_trials = curves(&|curve| curve.trials > 1);
    let has_means = chart.is_detailed && has_trials && points(&Point::has_mean_of_its_own);
    let infinite = |value: Option<f64>| value.is_some_and(f64::is_infinite);
    match sample {
        Sample::Median => points(&|point| point.value.is_some()),
        Sample::Band => {
            chart.shape == Shape::Bands && chart.is_detailed && points(&Point::has_band)
        }
        Sample::Bar => chart.shape == Shape::Bars && chart.is_detailed && points(&Point::has_band),
        Sample::Mean => has_means,
        Sample::SurvivorsMean => {
            has_means && points(&|point| point.is_survival && point.mean.is_some())
        }
        Sample::Survivors => chart.marks_survivors() && points(&|point| point.is_survival),
        Sample::Theory => curves(&|curve| !curve.theory.is_empty()) || !chart.levels.is_empty(),
        Sample::Worlds => chart.worlds.len() > 1 && chart.shows_worlds(),
        Sample::InfiniteMedian => points(&|point| infinite(point.value)),
        Sample::InfiniteMean => has_means && points(&|point| infinite(point.mean)),
        Sample::Extinct => curves(&Curve::is_extinct),
        Sample::Fill(_) | Sample::Ramp | Sample::Nothing => false,
    }
}

/// The entries of the key of charts that are drawn alike.
pub(super) fn entries(charts: &[&Chart]) -> Vec<(Sample, String)> {
    let all = [
        Sample::Median,
        Sample::Band,
        Sample::Bar,
        Sample::Mean,
        Sample::SurvivorsMean,
        Sample::Survivors,
        Sample::Theory,
        Sample::Worlds,
        Sample::InfiniteMedian,
        Sample::InfiniteMean,
        Sample::Extinct,
    ];
    let contains = |sample: &Sample| charts.iter().any(|chart| shows(chart, *sample));
    all.into_iter().filter(contains).map(|sample| (sample, text(charts, sample))).collect()
}

fn text(charts: &[&Chart], sample: Sample) -> String {
    let Some(chart) = charts.first() else { return String::new() };
    let curves = charts.iter().flat_map(|chart| &chart.curves);
    let trials = curves.map(|curve| curve.trials).max().unwrap_or(0);
    match sample {
        Sample::Median => line(charts, chart.subject, trials),
        Sample::Band | Sample::Bar => match (chart.subject, chart.shape) {
            (Subject::Share | Subject::Event, _) => "95 % interval (Wilson)".into(),
            (Subject::Worth(_), _) => "95 % interval (trials resampled)".into(),
            (Subject::Trials(Statistic::Mean), _) => "95 % interval of the mean".into(),
            (_, Shape::Bars) => "95 % interval of the median".into(),
            (_, Shape::Bands) => "5–95 % of trials".into(),
        },
        Sample::Mean => "mean".into(),
        Sample::SurvivorsMean => "mean over survivors only".into(),
        Sample::Survivors => "survivors only".into(),
        Sample::Theory => chart.theory_name.clone().unwrap_or_else(|| "theory".into()),
        Sample::Worlds => "world of each arm".into(),
        Sample::InfiniteMedian => match chart.subject {
            Subject::Trials(statistic) | Subject::Worth(statistic) => {
                format!("{} infinite", statistic.name())
            }
            Subject::Share | Subject::Event => String::new(),
        },
        Sample::InfiniteMean => "mean infinite".into(),
        Sample::Extinct => "no trial left".into(),
        Sample::Fill(_) | Sample::Ramp | Sample::Nothing => String::new(),
    }
}

fn line(charts: &[&Chart], subject: Subject, trials: u32) -> String {
    let mut points = charts.iter().flat_map(|chart| &chart.curves).flat_map(|curve| &curve.points);
    match subject {
        Subject::Share => format!("share of {trials} lineages that is left"),
        Subject::Event if points.any(|point| point.is_survival) => {
            format!("share of the survivors of {trials} lineages")
        }
        Subject::Event => format!("share of {trials} lineages"),
        Subject::Worth(statistic) => {
            format!("what the {} of {trials} trials is worth", statistic.name())
        }
        Subject::Trials(_) if trials == 1 => "the one trial".into(),
        Subject::Trials(statistic) if points.any(|point| point.is_survival) => {
            format!("{} of the survivors of {trials} trials", statistic.name())
        }
        Subject::Trials(statistic) => format!("{} of {trials} trials", statistic.name()),
    }
}
