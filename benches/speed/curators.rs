//! Every curator at work on samples of one generation.

use crate::clock::{median, seconds};
use crate::table::{Bound, Row, duration};
use model_collapse::catalog::Entry;
use model_collapse::curation::{self, Curation, CurationBench};
use model_collapse::experiment::Space;
use model_collapse::numeric::memo::Memo;
use model_collapse::samples::{Points, Tokens};
use model_collapse::stream::{Role, stream};
use std::cell::Cell;
use std::path::Path;
use toml::de::ValueDeserializer;

/// Samples that are offered, and founders.
const N: usize = 10_000;
const ROUNDS: usize = 3;

/// What costs more than the default does: curator, table, space.
const COSTLIER: &[(&str, &str, &str)] = &[
    ("match", "{ of = \"centre\" }", "points"),
    ("match", "{ of = \"farthest-point\" }", "points"),
    ("deduplicate", "{ distance = 1.0 }", "points"),
    ("deduplicate", "{ similarity = 0.8 }", "tokens"),
    ("oversample-tail", "{ neighbours = 5 }", "points"),
    ("correct", "{ towards = \"nearest\" }", "points"),
    ("prefer", "{ reward = \"distance\" }", "points"),
    ("edit", "{ by = \"world\", above = 0.2 }", "tokens"),
];

/// A line for each curator, with its defaults and with what costs more.
pub fn rows() -> Vec<Row> {
    let points = ("normal", "{ dimension = 16 }", "10 000 points of dimension 16");
    let text = ("markov", "{ types = 100, length = 32 }", "10 000 sequences of 32 tokens");
    let mut rows = of_space::<Points>(curation::POINTS, points);
    rows.extend(of_space::<Tokens>(curation::TOKENS, text));
    rows
}

fn chosen<T: ?Sized>(entry: &'static Entry<T>, table: &str) -> Box<T> {
    let table = ValueDeserializer::parse(table).expect("toml");
    entry.read(table).unwrap_or_else(|error| panic!("{}: {error}", entry.name)).value
}

fn of_space<S: Space>(
    entries: &'static [Entry<dyn Curation<S>>],
    (world, table, what): (&str, &str, &str),
) -> Vec<Row> {
    let entry = S::worlds().iter().find(|entry| entry.name == world).expect("a world");
    let world = chosen(entry, table).open(Path::new("")).unwrap_or_else(|e| panic!("{}", e.reason));
    let founders = world.draw(N, &mut stream(1, 0, 0, Role::WORLD));
    let offered = world.draw(N, &mut stream(1, 0, 1, Role::DRAW));
    let (memo, oracle) = (Memo::default(), Cell::new(0));
    let bench = CurationBench {
        world: &*world,
        model: &*world,
        founders: &founders,
        earlier: &[],
        memo: &memo,
        oracle: &oracle,
    };
    let mut rows = Vec::new();
    for entry in entries {
        let own =
            |(name, _, space): &&(&str, &str, &str)| (*name, *space) == (entry.name, S::SPACE);
        let costlier = COSTLIER.iter().filter(own).map(|(_, table, _)| *table);
        for table in ["{}"].into_iter().chain(costlier) {
            let curator = chosen(entry, table);
            let mut rng = stream(1, 0, 1, Role::curate(entry.name, 0));
            let mut once = || seconds(|| curator.curate(offered.clone(), &bench, &mut rng));
            let time = median(&(0..ROUNDS).map(|_| once()).collect::<Vec<_>>());
            rows.push(Row {
                work: format!("curator `{}` {table}, {what}", entry.name),
                ours: duration(time),
                peer: "–".into(),
                reached: Some(time),
                bound: Bound::AtMost(1.0),
                unit: "s",
            });
        }
    }
    rows
}
