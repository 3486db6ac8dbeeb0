//! Randomness as a pure function of where it is used: `stream(seed, trial, generation, role)`.
//!
//! A stream is addressed, never threaded: its seed is the BLAKE3 hash of a version tag and the
//! length-prefixed fields of the address, so that adding a metric, a trial, a generation or a thread
//! moves no other draw. The cell of an experiment is not part of the address: cells of one trial
//! share founders and noise, and differences between arms are paired.
//!
//! Not to be confused with the stream identifiers of PCG, which are correlated with one another.

use rand::SeedableRng;
use rand_pcg::Pcg64Dxsm;

/// The version of the addressing scheme and of the generator: part of every result's identity.
pub const VERSION: &str = "model-collapse stream v1";

/// The one generator of the laboratory.
pub type Stream = Pcg64Dxsm;

/// What a stream is used for. Roles are hashed by name and occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Role<'a> {
    name: &'a str,
    of: &'a str,
    occurrence: u64,
}

impl<'a> Role<'a> {
    /// The founders, and the split of a finite world.
    pub const WORLD: Role<'static> = Role::named("world");
    /// Real samples drawn anew in a later generation.
    pub const FRESH: Role<'static> = Role::named("fresh");
    /// The choice of rows when a training set takes a part of what exists.
    pub const COMPOSE: Role<'static> = Role::named("compose");
    /// Starting values and restarts of a fit.
    pub const FIT: Role<'static> = Role::named("fit");
    /// The synthetic samples that a model leaves behind.
    pub const DRAW: Role<'static> = Role::named("draw");
    /// Held-out real samples that nobody trains on.
    pub const HELD_OUT: Role<'static> = Role::named("held-out");
    /// Held-out real samples that a fit may look at to decide when to stop.
    pub const VALIDATE: Role<'static> = Role::named("validate");
    /// Draws made only to measure a model.
    pub const EVALUATE: Role<'static> = Role::named("evaluate");

    const fn named(name: &'a str) -> Self {
        Role { name, of: "", occurrence: 0 }
    }

    /// The `k`-th curator of a list, by its name.
    pub const fn curate(name: &'a str, k: usize) -> Self {
        Role { name: "curate", of: name, occurrence: k as u64 }
    }

    /// The metric that carries this label.
    pub const fn measure(label: &'a str) -> Self {
        Role { name: "measure", of: label, occurrence: 0 }
    }

    /// A line of a comparison of arms, by its name.
    pub const fn compare(line: &'a str) -> Self {
        Role { name: "compare", of: line, occurrence: 0 }
    }

    /// The resamples of a cell's collapse profile, by its name.
    pub const fn profile(cell: &'a str) -> Self {
        Role { name: "profile", of: cell, occurrence: 0 }
    }

    /// The resamples of a claim, by its name.
    pub const fn verify(claim: &'a str) -> Self {
        Role { name: "verify", of: claim, occurrence: 0 }
    }

    /// The same role, used for the `k`-th time at one place.
    pub const fn occurrence(self, k: usize) -> Self {
        Role { occurrence: k as u64, ..self }
    }
}

/// The generator that belongs to one place of an experiment.
pub fn stream(seed: u64, trial: u32, generation: u32, role: Role<'_>) -> Stream {
    // In one piece: a hash of one short text costs half of what its fields one by one do.
    let mut address = Vec::with_capacity(192);
    let mut field = |bytes: &[u8]| {
        address.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
        address.extend_from_slice(bytes);
    };
    field(VERSION.as_bytes());
    field(&seed.to_le_bytes());
    field(&trial.to_le_bytes());
    field(&generation.to_le_bytes());
    field(role.name.as_bytes());
    field(role.of.as_bytes());
    field(&role.occurrence.to_le_bytes());
    Stream::from_seed(*blake3::hash(&address).as_bytes())
}

/// The generator of a world's own parameters (centres, transition matrix, w*): the same in all trials.
pub fn of_parameters(seed: u64) -> Stream {
    stream(seed, 0, 0, Role::named("parameters"))
}

/// The streams of one trial: a seed and a trial number, still to be asked for a generation and a role.
#[derive(Clone, Copy, Debug)]
pub struct Streams {
    pub seed: u64,
    pub trial: u32,
}

impl Streams {
    pub fn at(&self, generation: u32, role: Role<'_>) -> Stream {
        stream(self.seed, self.trial, generation, role)
    }
}
