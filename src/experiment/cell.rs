//! One cell of an experiment: a world, a model, a regime, and everything else that a lineage needs.

use super::choice::{by_name, choose, elsewhere, find, list, required};
use super::document::{Document, Table, span_of};
use super::identity::Identity;
use super::{Complaint, Header, Measured, Space, absorption, memory, statistics};
use crate::catalog::{self, Chosen};
use crate::curation::Curation;
use crate::lineage::Needs;
use crate::model::Breed;
use crate::regime::{self, Regime, Sizes};
use crate::theory::Setting;
use crate::world::{World, WorldError};
use toml::Spanned;
use toml::de::{DeValue, ValueDeserializer};

/// A resolved cell.
pub struct Cell<S: Space> {
    pub arm: String,
    /// The swept paths that concern this arm, and their values here.
    pub swept: Vec<(String, toml::Value)>,
    /// What decides its lineages.
    pub identity: Identity,
    pub header: Header,
    pub world: Chosen<dyn World<S>>,
    pub model: Chosen<dyn Breed<S>>,
    pub regime: Chosen<dyn Regime>,
    pub curation: Vec<Chosen<dyn Curation<S>>>,
    pub metrics: Vec<Measured<S>>,
    pub schedule: Vec<usize>,
    pub needs: Needs,
}

/// The keys of a file that are not in the header.
const CHOSEN: [&str; 5] = ["world", "model", "regime", "metrics", "curation"];

impl<S: Space> Cell<S> {
    /// Reads the tables of one cell, and checks that they fit together.
    pub fn read(
        document: &Document,
        arm: &str,
        swept: Vec<(String, toml::Value)>,
        table: &Table<'_>,
    ) -> Result<Self, Complaint> {
        let header = read_header(document, table)?;
        statistics::check_space::<S>(document, table, &header)?;
        let elsewhere = |what| move |name: &str| elsewhere::<S>(what, name);
        let pick = |key| required(document, table, key);
        let world = choose(document, pick("world")?, "world", S::worlds(), &elsewhere("world"))?;
        let model = choose(document, pick("model")?, "model", S::models(), &elsewhere("model"))?;
        let regime = match find(table, "regime") {
            Some(value) => choose(document, value.clone(), "regime", regime::ALL, &|_| None)?,
            None => by_name(document, "regime", regime::ALL, "replace")?,
        };
        let curation = list(document, table, "curation")?
            .unwrap_or_default()
            .into_iter()
            .map(|element| choose(document, element, "curator", S::curators(), &|_| None))
            .collect::<Result<Vec<_>, _>>()?;
        // A world without a shape is refused below, whatever would be measured of it.
        let shape = || world.value.shape(document.folder()).ok();
        let metrics = read_metrics(document, table, shape)?;
        let schedule = header.schedule();
        let fresh =
            (2..=header.last()).fold(0, |all: usize, t| all.saturating_add(regime.value.fresh(t)));
        let (founders, evaluation) = (header.founders.get(), header.evaluation.get());
        let validation = model.value.validation();
        let needs = Needs { founders, evaluation, fresh, validation };
        let (arm, identity) = (arm.to_owned(), Identity::default());
        let mut cell = Cell {
            arm,
            swept,
            identity,
            header,
            world,
            model,
            regime,
            curation,
            metrics,
            schedule,
            needs,
        };
        cell.check(document, table)?;
        cell.identity = Identity::of(document, &cell)?;
        Ok(cell)
    }

    /// The sizes that recipes are planned with: what every generation should leave behind.
    pub fn sizes(&self) -> Sizes {
        let mut offspring = self.schedule[1..].to_vec();
        offspring[0] = 0;
        Sizes { founders: self.needs.founders, offspring }
    }

    /// The closed forms that hold here.
    pub fn setting(&self) -> Setting {
        let mut setting = Setting {
            founders: self.needs.founders,
            offspring: self.schedule.clone(),
            curated: !self.curation.is_empty(),
            ..Setting::default()
        };
        self.world.value.describe(&mut setting);
        self.model.value.describe(&mut setting);
        self.regime.value.describe(&mut setting);
        setting
    }

    fn check(&self, document: &Document, table: &Table<'_>) -> Result<(), Complaint> {
        let at = |path: &[&str]| span_of(table, path);
        let folder = document.folder();
        let blame = |error: WorldError| {
            let path: Vec<&str> =
                ["world", self.world.entry.name].into_iter().chain(error.key).collect();
            document.complain(at(&path), error.reason).with_help(error.help)
        };
        let shape = self.world.value.shape(folder).map_err(blame)?;
        self.model.value.check(&shape).map_err(|misfit| {
            document.complain(at(&["model"]), misfit.reason).with_help(misfit.help)
        })?;
        let elements = list(document, table, "curation")?.unwrap_or_default();
        for (curator, element) in self.curation.iter().zip(elements) {
            curator.value.check(&shape).map_err(|misfit| {
                document.complain(Some(element.span()), misfit.reason).with_help(misfit.help)
            })?;
        }
        memory::check(self, &shape).map_err(|excess| {
            let (culprit, help) = (excess.culprit, excess.help.clone());
            let fresh = ["regime", self.regime.entry.name, "real"];
            let span = if culprit == fresh[2] { at(&fresh) } else { at(&[culprit]) };
            let span = span.or(at(&["founders"])).or(at(&["world"]));
            document.complain(span, excess.to_string()).with_help(help)
        })?;
        let sizes = self.sizes();
        statistics::check_regime(self, document, at(&["regime"]))?;
        absorption::check(self, document, table)?;
        regime::audit(&*self.regime.value, &sizes, self.header.last()).map_err(|shortage| {
            let path = ["regime", self.regime.entry.name];
            document
                .complain(at(&path), shortage.to_string())
                .with_help("take fewer samples, or provide more founders or offspring")
        })?;
        self.check_replication(document, table)?;
        self.check_stock(document, table, blame)
    }

    /// Whether what decides the number of trials is measured.
    fn check_replication(&self, document: &Document, table: &Table<'_>) -> Result<(), Complaint> {
        let Some(adaptive) = self.header.trials.adaptive() else { return Ok(()) };
        let (until, last) = (&adaptive.until, self.header.last());
        let at = |key| span_of(table, &["trials", "until", key]);
        if !self.metrics.iter().any(|measured| measured.label == until.metric) {
            let labels = self.metrics.iter().map(|measured| measured.label.as_str());
            let message = format!("`{}` is not measured here", until.metric);
            let help = catalog::alternatives(&until.metric, labels);
            return Err(document.complain(at("metric"), message).with_help(help));
        }
        let t = until.generation;
        if t > last || !self.header.measure.includes(t, last) {
            let message = format!("generation {t} is not measured: the last one is {last}");
            let help = format!("choose one up to {last} that `measure` includes");
            return Err(document.complain(at("generation"), message).with_help(help));
        }
        Ok(())
    }

    /// Whether a finite world has enough samples for a whole lineage.
    fn check_stock(
        &self,
        document: &Document,
        table: &Table<'_>,
        blame: impl Fn(WorldError) -> Complaint,
    ) -> Result<(), Complaint> {
        let world = self.world.value.open(document.folder()).map_err(blame)?;
        let (Some(stock), false) = (world.stock(), self.world.value.reuse()) else { return Ok(()) };
        let (needs, stock) = (self.needs, stock.len());
        let apart = world.reserve().map(|reserve| reserve.len());
        let held_out = format!(
            "2 × {} for evaluation{}",
            needs.evaluation,
            if needs.validation > 0 {
                format!(", {} for validation", needs.validation)
            } else {
                String::new()
            }
        );
        let training = format!("{} founders, {} fresh", needs.founders, needs.fresh);
        let (have, takes, of, key) = match apart {
            None => (stock, needs.total(), format!("{training}, {held_out}"), "evaluation"),
            Some(apart) if needs.held_out() > apart => {
                (apart, needs.held_out(), held_out, "evaluation")
            }
            Some(_) => (stock, needs.training(), training, "founders"),
        };
        if takes <= have {
            return Ok(());
        }
        let what =
            if apart.is_some() && key == "evaluation" { "held-out samples" } else { "samples" };
        let message = format!("the world has {have} {what}, and a lineage takes {takes}: {of}");
        let span = span_of(table, &[key]).or(span_of(table, &["world"]));
        Err(document
            .complain(span, message)
            .with_help("lower them, or let the world's samples be used again with `reuse = true`"))
    }
}

/// The header's values, after every key of the file has been recognised.
fn read_header(document: &Document, table: &Table<'_>) -> Result<Header, Complaint> {
    let known = Header::KEYS.iter().chain(&CHOSEN).copied();
    let mut header = Table::new();
    for (key, value) in table.iter() {
        let name = key.get_ref().as_ref();
        if Header::KEYS.contains(&name) {
            header.insert(key.clone(), value.clone());
        } else if name == "arms" {
            return Err(document
                .complain(Some(key.span()), "an arm has no arms of its own")
                .with_help("write each arm under the `arms` at the top of the file"));
        } else if !known.clone().any(|known| known == name) {
            return Err(document
                .complain(Some(key.span()), format!("unknown key `{name}`"))
                .with_help(catalog::alternatives(name, known.chain(["arms"]))));
        }
    }
    let value = Spanned::new(0..document.text.len(), DeValue::Table(header));
    let header: Header = serde::Deserialize::deserialize(ValueDeserializer::from(value))
        .map_err(|error| document.because(error))?;
    let most = [("generations", header.generations.get()), ("trials", header.trials.most())];
    for (key, n) in most {
        if n > Header::MOST {
            let message = format!("{n} {key} are more than one file can ask for");
            return Err(document
                .complain(span_of(table, &[key]), message)
                .with_help(format!("at most {} {key}", Header::MOST)));
        }
    }
    Ok(header)
}

fn read_metrics<S: Space>(
    document: &Document,
    table: &Table<'_>,
    shape: impl FnOnce() -> Option<S::Shape>,
) -> Result<Vec<Measured<S>>, Complaint> {
    let Some(elements) = list(document, table, "metrics")? else {
        let named = |name: &&str| {
            let text = DeValue::String((*name).into());
            Measured::read(document, Spanned::new(0..0, text))
        };
        let usual = shape().as_ref().map(S::usual_metrics).unwrap_or_default();
        return usual.iter().map(named).collect();
    };
    if elements.is_empty() {
        return Err(document
            .complain(span_of(table, &["metrics"]), "`metrics` lists nothing to measure")
            .with_help("list a metric, or leave `metrics` out to measure the usual ones"));
    }
    let mut metrics: Vec<Measured<S>> = Vec::new();
    for element in elements {
        let span = element.span();
        let next = Measured::read(document, element)?;
        if metrics.iter().any(|known| known.label == next.label) {
            let message = format!("`{}` is listed twice", next.label);
            return Err(document.complain(Some(span), message).with_help("list every metric once"));
        }
        metrics.push(next);
    }
    Ok(metrics)
}
