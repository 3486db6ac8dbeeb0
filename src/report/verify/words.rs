//! Verdicts as people read them.

use crate::archive::table::Verdict;
use crate::report::profile::short;

/// What a claim expects: "0.349 ± 10 %", "at most 0.5", "0.618 within 4 errors".
pub fn expected(row: &Verdict) -> String {
    match (row.expected, row.z, row.low, row.high) {
        (Some(value), Some(z), _, _) => format!("{} within {z} se", short(value)),
        (Some(value), None, _, Some(high)) => {
            format!("{} ± {}", short(value), short(high - value))
        }
        (None, _, Some(low), Some(high)) => format!("{} to {}", short(low), short(high)),
        (None, _, Some(low), None) => format!("> {}", short(low)),
        (None, _, None, Some(high)) => format!("< {}", short(high)),
        _ => String::new(),
    }
}

/// What was measured, with its standard error.
pub fn measured(row: &Verdict) -> String {
    match (row.measured, row.standard_error) {
        (None, _) => "nothing".into(),
        (Some(value), None | Some(0.0)) => short(value),
        (Some(value), Some(error)) => format!("{} ± {}", short(value), short(error)),
    }
}

/// The verdict, and whether a failure is explained.
pub fn verdict(row: &Verdict) -> String {
    match row.verdict.as_str() {
        "fails" if !row.known.is_empty() => "fails (known)".into(),
        verdict => verdict.to_owned(),
    }
}

/// Where a claim looks: "replace, founders=10, generation 10".
pub fn place(row: &Verdict) -> String {
    let generation = row.generation.map(|t| format!("generation {t}"));
    let parts = [row.arm.clone(), row.swept.clone(), row.metric.clone()];
    let parts = parts.into_iter().chain(generation).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn expectations_and_measurements_are_short() {
        let near = Verdict {
            expected: Some(0.349),
            low: Some(0.3141),
            high: Some(0.3839),
            measured: Some(0.3512),
            standard_error: Some(0.0123),
            ..Verdict::default()
        };
        assert_eq!(expected(&near), "0.349 ± 0.0349");
        assert_eq!(measured(&near), "0.351 ± 0.0123");
        let theory = Verdict { low: None, high: None, z: Some(4.0), ..near };
        assert_eq!(expected(&theory), "0.349 within 4 se");
        let most = Verdict { high: Some(0.5), ..Verdict::default() };
        assert_eq!((expected(&most).as_str(), measured(&most).as_str()), ("< 0.500", "nothing"));
        let both = Verdict { low: Some(0.1), ..most };
        assert_eq!(expected(&both), "0.100 to 0.500");
    }
}
