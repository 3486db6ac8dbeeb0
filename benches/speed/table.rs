//! The one table that the bench prints, as Markdown.

/// What a work is held to.
pub enum Bound {
    AtLeast(f64),
    AtMost(f64),
    /// Nothing: the number is there to compare with.
    Free,
}

/// One line: a work, its numbers, and whether they are good enough.
pub struct Row {
    pub work: String,
    pub ours: String,
    pub peer: String,
    /// The number that is held to the bound, and how to say it; none where a peer was not asked.
    pub reached: Option<f64>,
    pub bound: Bound,
    pub unit: &'static str,
}

impl Row {
    /// Seconds of ours against seconds of a peer, who must take `least` times as long.
    pub fn against(work: &str, ours: f64, peer: Option<f64>, least: f64) -> Self {
        Row {
            work: work.into(),
            ours: duration(ours),
            peer: peer.map_or_else(|| "not asked".into(), duration),
            reached: peer.map(|peer| peer / ours),
            bound: Bound::AtLeast(least),
            unit: "×",
        }
    }

    fn missed(&self) -> bool {
        self.reached.is_some_and(|reached| match self.bound {
            Bound::AtLeast(least) => reached < least,
            Bound::AtMost(most) => reached > most,
            Bound::Free => false,
        })
    }

    fn line(&self) -> String {
        let number = |value: f64| match value {
            value if value >= 1000.0 => format!("{value:.0} {}", self.unit),
            value => format!("{value:.2} {}", self.unit),
        };
        let reached = self.reached.map_or_else(|| "–".into(), number);
        let (bound, verdict) = match (&self.bound, self.reached) {
            (Bound::Free, _) => ("–".into(), "–"),
            (Bound::AtLeast(least), None) => (format!("≥ {least} {}", self.unit), "–"),
            (Bound::AtMost(most), None) => (format!("≤ {most} {}", self.unit), "–"),
            (Bound::AtLeast(least), _) => (format!("≥ {least} {}", self.unit), self.verdict()),
            (Bound::AtMost(most), _) => (format!("≤ {most} {}", self.unit), self.verdict()),
        };
        format!(
            "| {} | {} | {} | {reached} | {bound} | {verdict} |",
            self.work, self.ours, self.peer
        )
    }

    fn verdict(&self) -> &'static str {
        if self.missed() { "missed" } else { "reached" }
    }
}

/// Prints the rows as they come; says how many miss their bound.
pub fn print(rows: impl Iterator<Item = Row>) -> usize {
    println!("| work | ours | peer | ratio | must reach | verdict |");
    println!("|---|---|---|---|---|---|");
    rows.inspect(|row| println!("{}", row.line())).filter(Row::missed).count()
}

/// Seconds as people say them.
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 1e-3 => format!("{:.2} µs", s * 1e6),
        s if s < 1.0 => format!("{:.2} ms", s * 1e3),
        s => format!("{s:.2} s"),
    }
}
