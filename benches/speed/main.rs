//! How fast the laboratory is, beside what researchers do today in Python.
//!
//! ```text
//! cargo bench --bench speed                  our own times
//! cargo bench --bench speed -- --peers       and those of Python, in turns
//! cargo bench --bench speed -- threads       some of them: the names in `WORKS`
//! ```
//!
//! One thread, unless a line says otherwise; medians of several repeats; one Markdown table.

mod clock;
mod comparison;
mod curators;
mod lineages;
mod mixtures;
#[cfg(feature = "neural")]
mod neural;
mod ngrams;
mod peers;
mod process;
mod studies;
mod sweep;
mod table;

use clock::{alternate, median, seconds};
use model_collapse::archive::provenance::Provenance;
use model_collapse::experiment::Study;
use peers::Peer;
use std::process::ExitCode;
use std::time::SystemTime;
use table::{Bound, Row, duration};

/// Our times are taken this often, and the peers' processes are started this often.
const ROUNDS: usize = 7;
const PEER_ROUNDS: usize = 3;
const THREAD_ROUNDS: usize = 5;

/// All works; told whether to ask the peers, each makes a few lines of the table.
type Work = (&'static str, fn(bool) -> Vec<Row>);
const WORKS: &[Work] = &[
    ("trials", |_| trials()),
    ("generation", |ask| vec![generation(ask)]),
    ("mixtures", |ask| if ask { mixtures() } else { Vec::new() }),
    ("kernels", |ask| vec![kernels(ask)]),
    ("ngrams", ngrams::rows),
    ("curators", |_| curators::rows()),
    ("accumulate", |_| accumulate()),
    ("statistics", |_| statistics()),
    ("threads", |_| two_threads()),
    ("sweep", |_| sweep::rows()),
    ("comparison", |_| vec![comparison::row()]),
    #[cfg(feature = "neural")]
    ("neural", neural::rows),
];

fn main() -> ExitCode {
    #[cfg(feature = "neural")]
    model_collapse::model::neural::on_one_thread();
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let Some(place) = arguments.iter().position(|argument| argument == process::ARGUMENT) {
        process::answer(arguments.get(place + 1).map_or("", String::as_str));
        return ExitCode::SUCCESS;
    }
    // `cargo test --all-targets` starts this program, too, and has no use for a timing.
    if !arguments.iter().any(|argument| argument == "--bench") {
        return ExitCode::SUCCESS;
    }
    let ask = arguments.iter().any(|argument| argument == "--peers");
    let named = |name: &str| arguments.iter().any(|argument| argument == name);
    let all = !WORKS.iter().any(|(name, _)| named(name));
    describe_machine();
    let chosen = WORKS.iter().filter(|(name, _)| all || named(name));
    let missed = table::print(chosen.flat_map(|(_, rows)| rows(ask)));
    ExitCode::from(u8::from(missed > 0))
}

fn describe_machine() {
    let here = Provenance::gather("", SystemTime::now(), 1);
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let model = here.cpu_model.unwrap_or_else(|| "unknown processor".into());
    println!("{model}, {cores} cores, {}", here.rustc);
    if let Ok(load) = std::fs::read_to_string("/proc/loadavg") {
        println!("load average at the start: {}", load.trim());
    }
    println!();
}

/// Trials a second: whole experiments, and their lineages alone.
fn trials() -> Vec<Row> {
    const TRIALS: u32 = 1000;
    let study = studies::replace(TRIALS as usize);
    let setup = lineages::Setup::gaussian("replace", 100, 100);
    let mut alone = || (0..TRIALS).for_each(|trial| setup.run(trial, &mut lineages::Reader::new()));
    let mut whole = || studies::run(&*study, 1);
    let [whole, alone] = alternate(ROUNDS, [&mut whole, &mut alone]);
    let row = |what: &str, seconds: f64, bound| Row {
        work: format!("Gaussian, d = 1, n = 100, replace, 100 generations, {what}"),
        ours: format!("{} a trial", duration(seconds / f64::from(TRIALS))),
        peer: "–".into(),
        reached: Some(f64::from(TRIALS) / seconds),
        bound,
        unit: "trials/s",
    };
    vec![
        row("tables written", whole, Bound::AtLeast(3000.0)),
        row("lineages alone", alone, Bound::Free),
    ]
}

/// One generation of n = 1000, against the numpy loop.
fn generation(ask: bool) -> Row {
    let mut peer = Peer::new("gaussian-generation", None);
    let times = in_turns(PEER_ROUNDS, ask.then_some(&mut peer), lineages::generation);
    let work = "Gaussian, d = 1, n = 1000, one generation (peer: numpy)";
    Row::against(work, times, peer.median(), 2.5)
}

/// EM and draws, against scikit-learn from the same means on the same data.
fn mixtures() -> Vec<Row> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    peers::write_data(folder.path());
    let against = |(name, what, least): (&'static str, &str, f64)| {
        let mut peer = Peer::new(name, Some(folder.path()));
        let work = mixtures::Work::read(&folder.path().join(name));
        let time = in_turns(PEER_ROUNDS, Some(&mut peer), || work.seconds());
        let theirs = peer.number("mean_log_likelihood").expect("a likelihood");
        let ours = work.mean_ln_likelihood();
        assert!((ours - theirs).abs() < 1e-3, "{name}: mean ln p is {ours}, the peer's {theirs}");
        let work = format!("mixture, {what}, fit and sample (peer: scikit-learn)");
        Row::against(&work, time, peer.median(), least)
    };
    let works = [
        ("mixture-small", "n = 1000, d = 2, k = 3", 10.0),
        ("mixture-large", "n = 10 000, d = 16, k = 8", 5.0),
    ];
    works.map(against).into()
}

/// A kernel density estimate that accumulates, against scikit-learn.
fn kernels(ask: bool) -> Row {
    let mut peer = Peer::new("kde-accumulate", None);
    let study = studies::kernels();
    // Their five repeats take a minute already.
    let time = in_turns(1, ask.then_some(&mut peer), || seconds(|| studies::run(&*study, 1)));
    if let Some(theirs) = peer.number("last_loss") {
        let ours = studies::reading(&*study, 100).expect("a reading");
        // Other noise, the same experiment.
        assert!((ours - theirs).abs() < 0.2, "kde: the last loss is {ours}, the peer's {theirs}");
        eprintln!("the peers run on {}", peers::versions(&peer.report));
    }
    let work = "KDE, circles, h = 0.5, n = 100, accumulate, 100 generations (peer: scikit-learn)";
    Row::against(work, time, peer.median(), 15.0)
}

/// The median of our seconds, taken between one process of the peer and the next.
fn in_turns(rounds: usize, mut peer: Option<&mut Peer>, ours: impl Fn() -> f64) -> f64 {
    ours();
    let mut times = Vec::new();
    for _ in 0..rounds {
        times.extend((0..ROUNDS).map(|_| ours()));
        if let Some(peer) = &mut peer {
            peer.run();
        }
    }
    median(&times)
}

/// Accumulating 1000 generations: the same cost at the end as at the start, and no second pool.
fn accumulate() -> Vec<Row> {
    let work = "accumulate, Gaussian, n = 1000, 1000 generations";
    let (early, late) = process::early_and_late(4 * ROUNDS + 1);
    let mut rows = vec![Row {
        work: format!("{work}: the last 100 against generations 2 to 101"),
        ours: format!("{} a generation", duration(late)),
        peer: format!("{} a generation", duration(early)),
        reached: Some(late / early),
        bound: Bound::AtMost(1.2),
        unit: "×",
    }];
    let resident = |what: &str, bound| Row {
        work: format!("{work}: peak memory of {what} against the pool's"),
        ours: "–".into(),
        peer: format!("{:.1} MB", lineages::POOL_BYTES as f64 / 1e6),
        reached: process::factor(what),
        bound,
        unit: "×",
    };
    rows.push(resident("lineage", Bound::AtMost(1.2)));
    rows.push(resident("study", Bound::Free));
    rows
}

/// Long lineages of large samples, which are never drawn; tables written.
fn statistics() -> Vec<Row> {
    let works = [
        ("Gaussian, d = 1, n = 10⁶, replace, 10⁶ generations", studies::million(), 2.0),
        ("10 types, n = 10⁴, replace, 100 lineages until absorbed", studies::fixation(), 10.0),
    ];
    let row = |(work, study, most): (&str, Box<dyn Study>, f64)| {
        let time = in_turns(1, None, || seconds(|| studies::run(&*study, 1)));
        Row {
            work: format!("statistics: {work}"),
            ours: duration(time),
            peer: "–".into(),
            reached: Some(time),
            bound: Bound::AtMost(most),
            unit: "s",
        }
    };
    works.map(row).into()
}

/// Two threads against one.
fn two_threads() -> Vec<Row> {
    let of = |what: &str, work: &dyn Fn(usize), bound| {
        let [two, one] = alternate(THREAD_ROUNDS, [&mut || work(2), &mut || work(1)]);
        Row {
            work: format!("two threads against one: {what}"),
            ours: duration(two),
            peer: duration(one),
            reached: Some(one / two),
            bound,
            unit: "×",
        }
    };
    let (replace, mixtures) = (studies::replace(1000), studies::mixtures(1000));
    #[cfg(feature = "neural")]
    let transformers = studies::transformers();
    vec![
        #[cfg(feature = "neural")]
        of(
            "two trials of a transformer",
            &|n| studies::run(&*transformers, n),
            Bound::AtLeast(1.8),
        ),
        of("1000 trials of the first work", &|n| studies::run(&*replace, n), Bound::AtLeast(1.85)),
        of("1000 trials of a mixture", &|n| studies::run(&*mixtures, n), Bound::AtLeast(1.85)),
        of("arithmetic alone, which the machine allows", &arithmetic, Bound::Free),
    ]
}

/// A fixed amount of arithmetic, shared by so many threads.
fn arithmetic(threads: usize) {
    let terms = 400_000_000 / threads as u64;
    let sum = move || (0..terms).fold(1_u64, |sum, i| sum.rotate_left(7).wrapping_mul(i | 1));
    let started: Vec<_> = (0..threads).map(|_| std::thread::spawn(sum)).collect();
    for thread in started {
        std::hint::black_box(thread.join().expect("a sum"));
    }
}
