//! What lineages spend: real samples, synthetic ones, questions to the world, and training.
//!
//! Counted to the end of the last generation that a lineage lived through:
//!
//! * real samples: founders and fresh draws; fresh samples: the draws alone. A sample counts once,
//!   however often it is trained on, and what is held out for measuring is nobody's spending;
//! * synthetic samples drawn, before curation, and kept, after it;
//! * verifier calls: questions that curators asked of the world (`Truth::oracle` counts them);
//! * training samples: the sizes of all training sets so far. Epochs of a network are not counted.
//!
//! Where nothing is curated, all of it follows from the regime and the sizes of the file. A journal
//! holds what cannot be known from there: offers, survivors and questions of each generation.

use super::{Cell, Space};
use crate::archive::journal::Bred;
use crate::archive::table;
use crate::regime::{Origin, Regime, Sizes, Take};

/// What a lineage has spent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Spent {
    pub real: u64,
    pub fresh: u64,
    pub drawn: u64,
    pub kept: u64,
    pub calls: u64,
    pub trained: u64,
}

/// What an uncurated generation leaves behind.
pub fn uncurated<S: Space>(cell: &Cell<S>) -> Vec<Bred> {
    let of = |n: &usize| Bred { offered: *n as u64, kept: *n as u64, calls: 0 };
    cell.schedule.iter().skip(2).map(of).collect()
}

/// What was spent by the end of each generation from 1 on, given what each of them bred.
pub fn account(regime: &dyn Regime, founders: usize, bred: &[Bred]) -> Vec<Spent> {
    let mut sizes = Sizes { founders, offspring: vec![0] };
    let mut spent = Spent { real: founders as u64, ..Spent::default() };
    let mut pool = founders;
    let mut all = Vec::with_capacity(bred.len());
    for (t, own) in (1..).zip(bred) {
        let mut trained = founders;
        if t > 1 {
            let fresh = regime.fresh(t);
            spent.real += fresh as u64;
            spent.fresh += fresh as u64;
            pool += sizes.newest(t) + fresh;
            trained = training(regime, t, &sizes, pool);
        }
        spent.trained += trained as u64;
        spent.drawn += own.offered;
        spent.kept += own.kept;
        spent.calls += own.calls;
        sizes.offspring.push(own.kept as usize);
        all.push(spent);
    }
    all
}

/// The size of the training set of generation t.
fn training(regime: &dyn Regime, t: u32, sizes: &Sizes, pool: usize) -> usize {
    let recipe = regime.recipe(t, sizes);
    let portion = |portion: &crate::regime::Portion| {
        let there = match portion.origin {
            Origin::Founders => sizes.founders,
            Origin::Fresh(g) => regime.fresh(g),
            Origin::Offspring(g) => sizes.offspring[g as usize],
            Origin::Pool => pool,
        };
        match portion.take {
            Take::All => there,
            Take::Exactly { n, .. } => n.min(there),
        }
    };
    recipe.iter().map(portion).sum()
}

/// All that a lineage spent, as a row of `costs.csv`; one that bred nothing had its founders.
pub fn cost(founders: usize, spent: Option<&[Spent]>) -> table::Cost {
    let none = Spent { real: founders as u64, ..Spent::default() };
    let all = spent.map(|spent| spent.last().copied().unwrap_or(none));
    table::Cost {
        real_samples: all.map(|spent| spent.real),
        fresh_samples: all.map(|spent| spent.fresh),
        synthetic_drawn: all.map(|spent| spent.drawn),
        synthetic_kept: all.map(|spent| spent.kept),
        verifier_calls: all.map(|spent| spent.calls),
        training_samples: all.map(|spent| spent.trained),
        ..table::Cost::default()
    }
}

/// Spending of the trials of one cell at its measured generations, to be summed up.
#[derive(Debug, Default)]
pub struct Sums {
    generations: Vec<u32>,
    trials: Vec<u32>,
    sums: Vec<[u64; 6]>,
    /// Whether some trial comes from a journal that did not count.
    has_gaps: bool,
}

impl Sums {
    pub fn of(generations: &[u32]) -> Self {
        let generations: Vec<u32> = generations.iter().copied().filter(|t| *t > 0).collect();
        let n = generations.len();
        Self { generations, trials: vec![0; n], sums: vec![[0; 6]; n], has_gaps: false }
    }

    /// Takes in one trial: what it had spent by each generation, or nothing where nobody counted.
    pub fn add(&mut self, spent: Option<&[Spent]>) {
        let Some(spent) = spent else {
            self.has_gaps = true;
            return;
        };
        for (place, t) in self.generations.iter().enumerate() {
            if let Some(spent) = spent.get(*t as usize - 1) {
                self.trials[place] += 1;
                let Spent { real, fresh, drawn, kept, calls, trained } = *spent;
                let parts = [real, fresh, drawn, kept, calls, trained];
                self.sums[place].iter_mut().zip(parts).for_each(|(sum, part)| *sum += part);
            }
        }
    }

    /// A row for each generation that some lineage lived through.
    pub fn rows(&self, cell: &str, arm: &str) -> Vec<table::Budget> {
        let row = |place: usize| {
            let trials = self.trials[place];
            let mean = |part: usize| {
                (!self.has_gaps).then(|| self.sums[place][part] as f64 / f64::from(trials))
            };
            table::Budget {
                cell: cell.to_owned(),
                arm: arm.to_owned(),
                generation: self.generations[place],
                trials,
                real_samples: mean(0),
                fresh_samples: mean(1),
                synthetic_drawn: mean(2),
                synthetic_kept: mean(3),
                verifier_calls: mean(4),
                training_samples: mean(5),
            }
        };
        (0..self.generations.len()).filter(|place| self.trials[*place] > 0).map(row).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::Entry;
    use crate::regime;

    fn of(name: &str, bred: &[Bred]) -> Vec<Spent> {
        let is_named = |entry: &&Entry<dyn Regime>| entry.name == name;
        let entry = regime::ALL.iter().find(is_named).expect("a regime");
        account(&*entry.default().expect("defaults").value, 100, bred)
    }

    #[test]
    fn what_a_regime_trains_on_is_counted_once_for_each_generation() {
        let bred = [Bred { offered: 60, kept: 50, calls: 7 }; 4];
        let trained = |name: &str| of(name, &bred).iter().map(|s| s.trained).collect::<Vec<_>>();
        assert_eq!(trained("replace"), [100, 150, 200, 250]);
        assert_eq!(trained("accumulate"), [100, 250, 450, 700]);
        let last = of("accumulate", &bred)[3];
        assert_eq!((last.real, last.fresh), (100, 0));
        assert_eq!((last.drawn, last.kept, last.calls), (240, 200, 28));
    }

    #[test]
    fn fresh_samples_are_real_samples() {
        let bred = [Bred { offered: 50, kept: 50, calls: 0 }; 3];
        let spent = of("fresh", &bred);
        assert_eq!(spent[0].fresh, 0);
        assert!(spent[2].fresh > 0 && spent[2].real == 100 + spent[2].fresh);
    }

    #[test]
    fn means_are_those_of_the_lineages_that_lived() {
        let bred = [Bred { offered: 50, kept: 50, calls: 0 }; 3];
        let spent = of("replace", &bred);
        let mut sums = Sums::of(&[0, 1, 3]);
        sums.add(Some(&spent));
        sums.add(Some(&spent[..1]));
        let rows = sums.rows("c", "replace");
        let seen: Vec<(u32, u32)> = rows.iter().map(|row| (row.generation, row.trials)).collect();
        assert_eq!(seen, [(1, 2), (3, 1)]);
        assert_eq!(rows[1].training_samples, Some(200.0));
        sums.add(None);
        assert_eq!(sums.rows("c", "replace")[0].real_samples, None);
    }
}
