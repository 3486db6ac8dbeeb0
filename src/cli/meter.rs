//! How far a run is: a bar with rate and time left on a terminal, a line for each tenth elsewhere.

use super::screen;
use crate::experiment::Progress;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, stderr};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// Lines are no more frequent than this.
const BETWEEN_LINES: Duration = Duration::from_secs(10);

pub struct Meter {
    bar: Option<ProgressBar>,
    started: Instant,
    /// The last tenth that was told, and when.
    told: Mutex<(usize, Instant)>,
}

impl Meter {
    pub fn new() -> Self {
        let bar = (stderr().is_terminal() && !screen::is_quiet()).then(|| {
            let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr_with_hz(10));
            let words = "  {bar:30} {pos} of {len} trials, {per_sec}, {eta} left ";
            let style = ProgressStyle::with_template(words);
            bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
        });
        let now = Instant::now();
        Meter { bar, started: now, told: Mutex::new((0, now)) }
    }

    pub fn show(&self, progress: Progress) {
        let Progress { done, of } = progress;
        if let Some(bar) = &self.bar {
            bar.set_length(of as u64);
            bar.set_position(done as u64);
            return;
        }
        let tenth = 10 * done / of.max(1);
        let Ok(mut told) = self.told.try_lock() else { return };
        if tenth > told.0 && tenth < 10 && told.1.elapsed() >= BETWEEN_LINES {
            *told = (tenth, Instant::now());
            let seconds = self.started.elapsed().as_secs_f64();
            let rate = done as f64 / seconds;
            let left = duration((of - done) as f64 / rate);
            screen::note(&format!(
                "  {done} of {of} trials, {} a second, {left} left",
                screen::number(rate)
            ));
        }
    }

    pub fn finish(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

/// Seconds as people say them.
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if !s.is_finite() => "unknown time".into(),
        s if s < 0.95 => format!("{:.0} ms", (1e3 * s).max(1.0)),
        s if s < 99.5 => format!("{s:.0} s"),
        s if s < 5970.0 => format!("{:.0} min", s / 60.0),
        s if s < 172_800.0 => format!("{:.1} h", s / 3600.0),
        s => format!("{:.1} days", s / 86_400.0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_said_in_the_unit_that_suits_them() {
        let said = [0.0, 0.02, 12.3, 130.0, 9000.0, 3e5, f64::INFINITY].map(duration);
        assert_eq!(said, ["1 ms", "20 ms", "12 s", "2 min", "2.5 h", "3.5 days", "unknown time"]);
    }
}
