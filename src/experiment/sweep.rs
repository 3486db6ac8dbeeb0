//! Swept axes: lists of values for paths of the file, and their Cartesian product.

use super::Complaint;
use super::document::{CHOICES, Document, Table, Value};
use crate::catalog;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeString, DeValue};

/// What does not decide what a lineage does, and so cannot tell two cells apart.
const NOT_SWEPT: [&str; 11] = [
    "question",
    "trials",
    "generations",
    "measure",
    "metrics",
    "figures",
    "claims",
    "full",
    "quick",
    "arms",
    "sweep",
];

/// One axis: a path and the values that it takes, in all arms or in some.
#[derive(Clone)]
pub struct Axis<'t> {
    pub name: String,
    span: Range<usize>,
    pub values: Vec<Value<'t>>,
    pub arms: Option<Vec<String>>,
}

impl Axis<'_> {
    pub fn concerns(&self, arm: &str) -> bool {
        self.arms.as_ref().is_none_or(|arms| arms.iter().any(|name| name == arm))
    }
}

/// Takes the table `sweep` out of a file's tables.
pub fn take<'t>(document: &Document, table: &mut Table<'t>) -> Result<Vec<Axis<'t>>, Complaint> {
    let Some(key) = table.keys().find(|key| key.get_ref() == "sweep").cloned() else {
        return Ok(Vec::new());
    };
    let Some(sweep) = table.remove(&key) else { return Ok(Vec::new()) };
    let span = sweep.span();
    let DeValue::Table(sweep) = sweep.into_inner() else {
        let message = "`sweep` is a table of paths and lists of values";
        return Err(document.complain(Some(span), message).with_help(EXAMPLE));
    };
    let mut axes = Vec::new();
    collect(document, "", sweep, &mut axes)?;
    Ok(axes)
}

/// Refuses axes that cannot tell cells apart, and arms that there are not.
pub fn check(document: &Document, axes: &[Axis<'_>], arms: &[&str]) -> Result<(), Complaint> {
    axes.iter().try_for_each(|axis| check_one(document, axis, arms))
}

const EXAMPLE: &str = "write for example `\"model.mixture.components\" = [4, 8]` below `[sweep]`";

/// The axes of a table, whose paths may be quoted keys or tables within tables.
fn collect<'t>(
    document: &Document,
    above: &str,
    table: Table<'t>,
    axes: &mut Vec<Axis<'t>>,
) -> Result<(), Complaint> {
    for (key, value) in table {
        let name = match above {
            "" => key.get_ref().to_string(),
            _ => format!("{above}.{}", key.get_ref()),
        };
        let (place, span) = (key.span(), value.span());
        match value.into_inner() {
            DeValue::Array(values) => {
                let values = values.into_iter().collect();
                axes.push(Axis { name, span: place, values, arms: None });
            }
            DeValue::Table(inner) if inner.keys().any(|key| key.get_ref() == "values") => {
                axes.push(with_arms(document, name, place, inner)?);
            }
            DeValue::Table(inner) if !inner.is_empty() => {
                collect(document, &name, inner, axes)?;
            }
            _ => {
                let message = format!("`{name}` is swept over a list of values");
                return Err(document.complain(Some(span), message).with_help(EXAMPLE));
            }
        }
    }
    Ok(())
}

/// `{ values = […], arms = […] }`
fn with_arms<'t>(
    document: &Document,
    name: String,
    span: Range<usize>,
    table: Table<'t>,
) -> Result<Axis<'t>, Complaint> {
    let mut axis = Axis { name, span, values: Vec::new(), arms: None };
    for (key, value) in table {
        let place = value.span();
        match (key.get_ref().as_ref(), value.into_inner()) {
            ("values", DeValue::Array(values)) => axis.values = values.into_iter().collect(),
            ("arms", DeValue::Array(names)) => {
                let word = |name: &Value<'_>| match name.get_ref() {
                    DeValue::String(word) => Ok(word.to_string()),
                    _ => Err(document.complain(Some(name.span()), "an arm is named by a word")),
                };
                axis.arms = Some(names.iter().map(word).collect::<Result<_, _>>()?);
            }
            _ => {
                let message = "an axis is a list, or a table of two lists";
                let help = "write `{ values = [4, 8], arms = [\"NAME\"] }`";
                return Err(document.complain(Some(place), message).with_help(help));
            }
        }
    }
    Ok(axis)
}

fn check_one(document: &Document, axis: &Axis<'_>, arms: &[&str]) -> Result<(), Complaint> {
    let complain = |message: String| document.complain(Some(axis.span.clone()), message);
    let first = axis.name.split('.').next().unwrap_or("");
    if NOT_SWEPT.contains(&first) {
        let message = format!("`{first}` does not change what a lineage does");
        let help = "sweep what does: sizes, the seed, or a parameter of world, model or regime";
        return Err(complain(message).with_help(help));
    }
    if first == "evaluation" {
        let message = "metrics are compared over cells, and many depend on `evaluation`";
        return Err(complain(message.into()).with_help("keep it the same in all cells"));
    }
    if axis.values.is_empty() {
        return Err(complain(format!("`{}` takes no value", axis.name)).with_help(EXAMPLE));
    }
    for (i, value) in axis.values.iter().enumerate() {
        if axis.values[..i].iter().any(|known| label(known) == label(value)) {
            let message = format!("`{}` takes the value {} twice", axis.name, label(value));
            let complaint = document.complain(Some(value.span()), message);
            return Err(complaint.with_help("list every value once"));
        }
    }
    let unknown = axis.arms.iter().flatten().find(|arm| !arms.contains(&arm.as_str()));
    let Some(arm) = unknown else { return Ok(()) };
    let message = format!("`{}` is swept in an arm `{arm}`, which there is not", axis.name);
    let help = catalog::alternatives(arm, arms.iter().copied());
    Err(complain(message).with_help(help))
}

/// Every combination of the values that concern an arm, the first axis changing slowest.
pub fn combinations<'a, 't>(
    axes: &'a [Axis<'t>],
    arm: &str,
) -> Vec<Vec<(&'a Axis<'t>, &'a Value<'t>)>> {
    let mut all = vec![Vec::new()];
    for axis in axes.iter().filter(|axis| axis.concerns(arm)) {
        let longer = |so_far: &Vec<(&'a Axis<'t>, &'a Value<'t>)>| {
            let so_far = so_far.clone();
            axis.values.iter().map(move |value| {
                let mut longer = so_far.clone();
                longer.push((axis, value));
                longer
            })
        };
        all = all.iter().flat_map(longer).collect();
    }
    all
}

/// A value as a table shows it: a word without its quotes.
pub fn label(value: &Value<'_>) -> String {
    match value.get_ref() {
        DeValue::String(word) => word.to_string(),
        _ => plain(value).to_string(),
    }
}

/// A value without its places.
pub fn plain(value: &Value<'_>) -> toml::Value {
    let reader = toml::de::ValueDeserializer::from(value.clone());
    serde::Deserialize::deserialize(reader).unwrap_or(toml::Value::Boolean(false))
}

/// Puts a value of an axis into the tables of an arm.
pub fn set<'t>(
    document: &Document,
    table: &mut Table<'t>,
    arm: &str,
    axis: &Axis<'t>,
    value: &Value<'t>,
) -> Result<(), Complaint> {
    let path: Vec<&str> = axis.name.split('.').collect();
    if let [choice, name, _, ..] = path[..]
        && CHOICES.contains(&choice)
    {
        unfold(table, choice);
        let chosen = chosen(table, choice);
        if chosen.as_deref() != Some(name) {
            let other = chosen.unwrap_or_else(|| "none".into());
            let message =
                format!("arm `{arm}` has no `{}`: its {choice} is {other}, not {name}", axis.name);
            let help = format!(
                "name the arms of this axis: `\"{}\" = {{ values = […], arms = [\"…\"] }}`",
                axis.name
            );
            return Err(document.complain(Some(axis.span.clone()), message).with_help(help));
        }
    }
    let mut place = Place::Table(table);
    for (i, part) in path.iter().enumerate() {
        let is_last = i + 1 == path.len();
        place = match place.step(part, &axis.span, is_last.then_some(value)) {
            Some(next) => next,
            None => {
                let so_far = path[..i].join(".");
                let message = format!("`{so_far}` of arm `{arm}` has no `{part}` to sweep");
                let help = "a path leads through tables by their keys, and through lists by 0, 1 …";
                return Err(document.complain(Some(axis.span.clone()), message).with_help(help));
            }
        };
    }
    Ok(())
}

/// Writes `model = "gaussian"` as `[model.gaussian]`, so that a parameter has a place.
fn unfold(table: &mut Table<'_>, choice: &str) {
    let Some(key) = table.keys().find(|key| key.get_ref() == choice).cloned() else { return };
    let Some(value) = table.get_mut(&key) else { return };
    let span = value.span();
    if let DeValue::String(name) = value.get_ref().clone() {
        let empty = Spanned::new(span.clone(), DeValue::Table(Table::new()));
        let mut one = Table::new();
        one.insert(Spanned::new(span, name), empty);
        *value.get_mut() = DeValue::Table(one);
    }
}

/// The entry that a table chooses.
fn chosen(table: &Table<'_>, choice: &str) -> Option<String> {
    let found = table.iter().find(|(key, _)| key.get_ref() == choice);
    match found.map(|(_, value)| value.get_ref()) {
        Some(DeValue::Table(one)) => one.keys().next().map(|name| name.get_ref().to_string()),
        Some(DeValue::String(name)) => Some(name.to_string()),
        _ => (choice == "regime").then(|| "replace".into()),
    }
}

/// A place on the way along a path.
enum Place<'a, 't> {
    Table(&'a mut Table<'t>),
    Value(&'a mut Value<'t>),
}

impl<'a, 't> Place<'a, 't> {
    /// One step along the path; the last one puts the value there.
    fn step(self, part: &str, span: &Range<usize>, value: Option<&Value<'t>>) -> Option<Self> {
        let inner = match self {
            Place::Table(table) => return Self::enter(table, part, span, value),
            Place::Value(inner) => inner.get_mut(),
        };
        match inner {
            DeValue::Table(table) => Self::enter(table, part, span, value),
            DeValue::Array(list) => {
                let element = list.get_mut(part.parse::<usize>().ok()?)?;
                if let Some(value) = value {
                    *element = value.clone();
                }
                Some(Place::Value(element))
            }
            _ => None,
        }
    }

    fn enter(
        table: &'a mut Table<'t>,
        part: &str,
        span: &Range<usize>,
        value: Option<&Value<'t>>,
    ) -> Option<Self> {
        let known = table.keys().find(|key| key.get_ref() == part).cloned();
        let key = match (known, value) {
            (Some(key), _) => key,
            (None, Some(_)) => Spanned::new(span.clone(), DeString::from(part.to_owned())),
            (None, None) => return None,
        };
        if let Some(value) = value {
            // A key that is new stands where the axis does.
            table.insert(key.clone(), value.clone());
        }
        table.get_mut(&key).map(Place::Value)
    }
}
