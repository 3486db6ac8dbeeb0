//! The catalogue: one line of registration for each world, model, regime, curator and metric.
//!
//! From that line and the entry's own file come its name in TOML, the list of alternatives in error
//! messages, `collapse list` and `collapse explain`, its JSON Schema, and its membership in the law
//! tests.

pub mod schema;

use schemars::{Schema, SchemaGenerator};
use toml::de::ValueDeserializer;

/// One registered entry: its name, its own source file, and how to read it from TOML.
pub struct Entry<T: ?Sized + 'static> {
    pub name: &'static str,
    /// Version of what the entry computes: raised whenever the same input gives other numbers.
    pub revision: u32,
    source: &'static str,
    type_name: &'static str,
    read: Reader<T>,
    schema: fn(&mut SchemaGenerator) -> Schema,
}

/// Reads an entry's hyperparameters, and writes them back with their defaults.
type Reader<T> = fn(ValueDeserializer<'_>) -> Result<(Box<T>, toml::Table), toml::de::Error>;

/// A name that no entry of a catalogue has.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("there is no {what} `{name}`")]
pub struct UnknownName {
    pub what: &'static str,
    pub name: String,
    pub help: String,
}

/// An entry as a file chose it: the value, and its table with every default written out.
pub struct Chosen<T: ?Sized + 'static> {
    pub entry: &'static Entry<T>,
    pub value: Box<T>,
    pub table: toml::Table,
}

impl<T: ?Sized> Entry<T> {
    /// The entry with these hyperparameters; what the table leaves out takes its default.
    pub fn read(&'static self, table: ValueDeserializer<'_>) -> Result<Chosen<T>, toml::de::Error> {
        let (value, table) = (self.read)(table)?;
        Ok(Chosen { entry: self, value, table })
    }

    /// The entry with all defaults. `None` where something must be given.
    pub fn default(&'static self) -> Option<Chosen<T>> {
        self.read(ValueDeserializer::parse("{}").ok()?).ok()
    }

    /// What the entry is: the documentation at the top of its file.
    pub fn documentation(&self) -> String {
        let lines = self.source.lines().take_while(|line| line.starts_with("//!"));
        lines.map(|line| line[3..].strip_prefix(' ').unwrap_or("")).collect::<Vec<_>>().join("\n")
    }

    /// The first sentence of the documentation.
    pub fn summary(&self) -> String {
        let text = self.documentation();
        text.split("\n\n").next().unwrap_or("").replace('\n', " ")
    }

    /// Where the documentation says it comes from: its "Source:", to the end of that paragraph.
    pub fn cited(&self) -> Option<String> {
        let text = self.documentation();
        let text = text.split_once("\nSource:")?.1;
        // A source ends where the next remark starts: an empty line, or words before a colon.
        let ends = |line: &&str| line.is_empty() || line.starts_with("Not to be confused");
        let lines = text.lines().take_while(|line| !ends(line));
        Some(
            lines
                .map(str::trim)
                .collect::<Vec<_>>()
                .join(" ")
                .trim_end_matches('.')
                .trim()
                .to_owned(),
        )
    }

    /// The hyperparameters and what their documentation says, in the order of the file.
    pub fn parameters(&self) -> Vec<(String, String)> {
        let head = format!("pub struct {} {{", self.type_name);
        let Some(start) = self.source.find(&head) else { return Vec::new() };
        let mut parameters = Vec::new();
        let mut words: Vec<&str> = Vec::new();
        for line in self.source[start..].lines().skip(1).map(str::trim) {
            if line.starts_with('}') {
                break;
            } else if let Some(text) = line.strip_prefix("///") {
                words.push(text.trim());
            } else if let Some((name, _)) =
                line.strip_prefix("pub ").and_then(|l| l.split_once(':'))
            {
                parameters.push((
                    name.trim().trim_start_matches("r#").replace('_', "-"),
                    words.join(" "),
                ));
                words.clear();
            }
        }
        parameters
    }

    /// For the macro alone.
    #[doc(hidden)]
    pub const fn new(
        name: &'static str,
        revision: u32,
        source: &'static str,
        type_name: &'static str,
        read: Reader<T>,
        schema: fn(&mut SchemaGenerator) -> Schema,
    ) -> Self {
        Entry { name, revision, source, type_name, read, schema }
    }
}

/// The entry of this name.
pub fn find<T: ?Sized>(
    entries: &'static [Entry<T>],
    what: &'static str,
    name: &str,
) -> Result<&'static Entry<T>, UnknownName> {
    entries.iter().find(|entry| entry.name == name).ok_or_else(|| UnknownName {
        what,
        name: name.to_owned(),
        help: alternatives(name, entries.iter().map(|entry| entry.name)),
    })
}

/// "did you mean …? there are …", for a name that is not among `names`.
pub fn alternatives<'a>(name: &str, names: impl Iterator<Item = &'a str> + Clone) -> String {
    let list = names.clone().collect::<Vec<_>>().join(", ");
    let nearest = names.map(|known| (edits(name, known), known)).min();
    match nearest {
        Some((distance, known)) if distance <= 1 + name.len() / 4 => {
            format!("did you mean `{known}`? there are: {list}")
        }
        _ => format!("there are: {list}"),
    }
}

/// The Levenshtein distance of two words.
fn edits(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let substitute = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[b.len()]
}

/// Reads a hyperparameter struct and writes it back with its defaults: for the macro alone.
#[doc(hidden)]
pub fn read_struct<T: serde::de::DeserializeOwned + serde::Serialize>(
    table: ValueDeserializer<'_>,
) -> Result<(T, toml::Table), toml::de::Error> {
    let value = T::deserialize(table)?;
    let resolved = toml::Table::try_from(&value).map_err(serde::de::Error::custom)?;
    Ok((value, resolved))
}

/// `catalog! { /// docs  pub NAME: dyn Trait; "toml-name" => module::Type, … }`
///
/// The module is a file beside the one that invokes the macro. An entry's revision is 1 unless the
/// line says `"toml-name" (2) => module::Type`; `#[cfg(…)]` may stand before it. `pub NAME: dyn Trait,
/// through Wrapper;` lists entries that serve another space as `Wrapper(entry)`.
#[macro_export]
macro_rules! catalog {
    (@revision) => { 1 };
    (@revision $revision:literal) => { $revision };
    (@value $value:ident ()) => { $value };
    (@value $value:ident ($wrapper:ident)) => { $wrapper($value) };
    ($(#[$doc:meta])* pub $list:ident: $kind:ty $(, through $wrapper:ident)?;
     $($(#[$attribute:meta])*
       $name:literal $(($revision:literal))? => $module:ident::$type:ident),+ $(,)?) => {
        $crate::catalog!(@list ($(#[$doc])*) $list, $kind, ($($wrapper)?);
            $($(#[$attribute])* $name $(($revision))? => $module::$type),+);
    };
    (@list ($($doc:tt)*) $list:ident, $kind:ty, $wrapper:tt;
     $($(#[$attribute:meta])*
       $name:literal $(($revision:literal))? => $module:ident::$type:ident),+) => {
        $($doc)*
        pub static $list: &[$crate::catalog::Entry<$kind>] = &[$(
            $(#[$attribute])*
            $crate::catalog::Entry::new(
                $name,
                $crate::catalog!(@revision $($revision)?),
                include_str!(concat!(stringify!($module), ".rs")),
                stringify!($type),
                |table| {
                    let (value, resolved) = $crate::catalog::read_struct::<$module::$type>(table)?;
                    Ok((Box::new($crate::catalog!(@value value $wrapper)), resolved))
                },
                <$module::$type as ::schemars::JsonSchema>::json_schema,
            )
        ),+];
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_name_is_answered_with_the_nearest_and_the_list() {
        let help = alternatives("acumulate", ["replace", "accumulate"].into_iter());
        assert_eq!(help, "did you mean `accumulate`? there are: replace, accumulate");
        let help = alternatives("banana", ["replace", "accumulate"].into_iter());
        assert_eq!(help, "there are: replace, accumulate");
    }

    #[test]
    fn edits_by_hand() {
        assert_eq!(edits("kitten", "sitting"), 3);
        assert_eq!(edits("", "abc"), 3);
    }
}
