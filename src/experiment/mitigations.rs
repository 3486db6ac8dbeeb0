//! What the literature does against collapse, and the line of a file that does it here.
//!
//! Each line is a piece of an experiment file: one that stands before its tables. Curators decide which
//! synthetic samples survive, regimes which data are trained on, families how a model fits and samples.

/// One way to meet collapse, or a selection that is studied beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mitigation {
    /// What is done, in a few words.
    pub what: &'static str,
    /// Who does it.
    pub paper: &'static str,
    /// The space of its samples: "points", "tokens", or "" for either.
    pub space: &'static str,
    /// The line of TOML.
    pub line: &'static str,
}

const fn of(
    what: &'static str,
    paper: &'static str,
    space: &'static str,
    line: &'static str,
) -> Mitigation {
    Mitigation { what, paper, space, line }
}

/// Curation first, in the order of its catalogue, then regimes, then families.
pub const ALL: &[Mitigation] = &[
    of(
        "verify with a noisy oracle",
        "Feng et al. 2024, arXiv 2406.07515",
        "",
        "curation = [{ verify = { right = 0.9, wrong = 0.3 } }]",
    ),
    of(
        "keep one of K by preference",
        "Ferbach et al. 2024, arXiv 2407.09499",
        "",
        "curation = [{ prefer = { among = 4, reward = \"world\" } }]",
    ),
    of(
        "resample by a detector",
        "Drayson et al. 2025, arXiv 2502.15654",
        "",
        "curation = [{ detect = { bias = 10, upsample = 1.5, repeats = 3 } }]",
    ),
    of(
        "correct towards the truth",
        "Gillman et al. 2024, arXiv 2402.07087",
        "points",
        "curation = [{ correct = { strength = 1.0, towards = \"world\" } }]",
    ),
    of(
        "edit predictable tokens (ToEdit)",
        "Zhu et al. 2024, arXiv 2412.14689",
        "tokens",
        "curation = [{ edit = { above = 0.99, top = 8 } }]",
    ),
    of(
        "match the founders' moments",
        "Welling 2009; Mirzasoleiman et al. 2015",
        "points",
        "curation = [{ match = { of = \"covariance\", keep = 0.5 } }]",
    ),
    of(
        "keep the farthest points",
        "Shi et al. 2025, arXiv 2509.16499",
        "points",
        "curation = [{ match = { of = \"farthest-point\", keep = 0.5 } }]",
    ),
    of(
        "drop near copies",
        "Lee et al. 2022, arXiv 2107.06499",
        "tokens",
        "curation = [{ deduplicate = { similarity = 0.8, shingle = 3 } }]",
    ),
    of(
        "oversample the tail (SMOTE)",
        "Chawla et al. 2002, arXiv 1106.1813",
        "points",
        "curation = [{ oversample-tail = { tail = 0.1, extra = 1, neighbours = 5 } }]",
    ),
    of(
        "mix samples",
        "Zhang et al. 2018, arXiv 1710.09412",
        "points",
        "curation = [{ mixup = { alpha = 0.2 } }]",
    ),
    of(
        "release privately",
        "Balle & Wang 2018, arXiv 1805.06530",
        "points",
        "curation = [{ noise = { epsilon = 8, delta = 1e-5, clip = 3 } }]",
    ),
    of(
        "sample at a temperature",
        "Alemohammad et al. 2024, arXiv 2307.01850",
        "",
        "curation = [{ truncate = { temperature = 0.9 } }]",
    ),
    of(
        "keep what the model finds likely",
        "Feng et al. 2024, arXiv 2406.07515",
        "",
        "curation = [{ likeliest = { keep = 0.9 } }]",
    ),
    of(
        "keep what the model finds unlikely",
        "control for Feng et al. 2024, arXiv 2406.07515",
        "",
        "curation = [{ least-likely = { keep = 0.9 } }]",
    ),
    of(
        "keep the middle of the density",
        "Marion et al. 2023, arXiv 2309.04564",
        "",
        "curation = [{ band = { between = [0.05, 0.95] } }]",
    ),
    of(
        "reject outliers",
        "as in Qiao et al. 2026, arXiv 2606.13732",
        "points",
        "curation = [{ reject-outliers = { distance = 3 } }]",
    ),
    of(
        "select around a biased centre",
        "Qiao et al. 2026, arXiv 2606.13732",
        "points",
        "curation = [{ nearest = { centre = [0.5], keep = 0.1 } }]",
    ),
    of(
        "accumulate everything",
        "Gerstgrasser et al. 2024, arXiv 2404.01413",
        "",
        "regime = \"accumulate\"",
    ),
    of(
        "accumulate, train on a part",
        "Kazdan et al. 2025, arXiv 2410.16713",
        "",
        "regime.subsample.size = 100",
    ),
    of(
        "retain a share of the founders",
        "Shumailov et al. 2024, Nature 631",
        "",
        "regime.retain.fraction = 0.1",
    ),
    of("keep all founders", "Bertrand et al. 2023, arXiv 2310.00429", "", "regime = \"augment\""),
    of(
        "add fresh real data",
        "Alemohammad et al. 2024, arXiv 2307.01850",
        "",
        "regime.fresh.real = 100",
    ),
    of(
        "add fresh data, keep everything",
        "Wang, Niu & Li 2026, arXiv 2602.16065",
        "",
        "regime.fresh = { real = 50, pool = true }",
    ),
    of(
        "weigh real data by the golden ratio",
        "He, Xu & Cheng 2025, arXiv 2502.18049",
        "",
        "regime.weighted = { real = 100, weight = \"golden\" }",
    ),
    of(
        "train on the last K generations",
        "Alemohammad et al. 2024, arXiv 2307.01850",
        "",
        "regime.window = { generations = 3, founders = true }",
    ),
    of("let old samples fade", "exponential forgetting", "", "regime.decay.half-life = 4"),
    of(
        "draw more in each generation",
        "Xu, He & Cheng 2025, arXiv 2505.13947",
        "",
        "offspring = { start = 100, growth = 1.5 }",
    ),
    of(
        "narrow what is released",
        "Alemohammad et al. 2024, arXiv 2307.01850",
        "points",
        "model.gaussian.sampling-bias = 0.8",
    ),
    of(
        "decode at a temperature",
        "Marchi et al. 2024, arXiv 2404.02325",
        "tokens",
        "model.ngram.decoding.temperature = 0.9",
    ),
    of(
        "mask confident tokens (TCE)",
        "Shabgahi et al. 2025, arXiv 2509.08972",
        "tokens",
        "model.transformer.training.confidence = 0.9",
    ),
    of(
        "keep covariances off zero",
        "Dempster, Laird & Rubin 1977, with a floor",
        "points",
        "model.mixture.covariance-floor = 0.01",
    ),
    of(
        "shrink weights (MAP, a normal prior)",
        "Dohmatob et al. 2024, arXiv 2402.07712",
        "points",
        "model.linear.ridge = 1.0",
    ),
    of(
        "draw all classes alike",
        "Xu et al. 2019, arXiv 1907.00503",
        "points",
        "model.gaussian.classes = \"equal\"",
    ),
    of(
        "shrink frequencies (a Dirichlet prior)",
        "additive smoothing",
        "tokens",
        "model.categorical.smoothing = 0.5",
    ),
];

impl Mitigation {
    /// Where it acts: "curation", "regime", "model", or "offspring" for the sizes.
    pub fn place(&self) -> &'static str {
        self.line.split([' ', '.']).next().unwrap_or("")
    }

    /// The name of the entry that does it. `None` of what is no entry.
    pub fn entry(&self) -> Option<&'static str> {
        let rest = self
            .line
            .strip_prefix(self.place())?
            .trim_start_matches([' ', '=', '.', '[', '{', '"']);
        let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '-')?;
        (self.place() != "offspring").then_some(&rest[..end])
    }

    /// The table as Markdown.
    pub fn markdown() -> String {
        let row = |m: &Mitigation| format!("| {} | {} | `{}` |\n", m.what, m.paper, m.line);
        let head = "| mitigation | paper | in the file |\n|---|---|---|\n";
        std::iter::once(head.to_owned()).chain(ALL.iter().map(row)).collect()
    }
}
