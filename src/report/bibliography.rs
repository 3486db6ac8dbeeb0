//! The sources of exactly what an experiment used, as BibTeX.
//!
//! Every entry of the catalogue names its sources in words; `references.bib` has what is known of each. A
//! work is found in a text by its arXiv number or its DOI, or, where none stands in brackets behind its year, by
//! its first author's name before it.

use std::collections::BTreeSet;

/// What is known of the works that the catalogue cites.
const REFERENCES: &str = include_str!("references.bib");

/// One work.
#[derive(Clone, Debug, PartialEq)]
pub struct Work<'a> {
    pub key: &'a str,
    pub entry: &'a str,
    family: String,
    pub year: &'a str,
    numbers: Vec<&'a str>,
}

/// All works, in the order of the file.
pub fn works() -> Vec<Work<'static>> {
    REFERENCES.split("\n\n").filter_map(|entry| Work::read(entry.trim())).collect()
}

/// The works that some texts cite, each once, in the order of the file.
pub fn cited<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Work<'static>> {
    let all = works();
    let mut found = BTreeSet::new();
    for text in texts {
        found.extend((0..all.len()).filter(|i| all[*i].is_in(text)));
    }
    found.into_iter().map(|i| all[i].clone()).collect()
}

impl<'a> Work<'a> {
    /// Whether it is the work with this arXiv number or DOI.
    pub fn has_number(&self, number: &str) -> bool {
        self.numbers.contains(&number)
    }

    fn read(entry: &'a str) -> Option<Self> {
        let key = entry.split_once('{')?.1.split_once(',')?.0;
        let field = |name: &str| {
            let line = entry
                .lines()
                .find_map(|line| line.trim().strip_prefix(name)?.trim_start().strip_prefix('='))?;
            line.trim().strip_prefix('{')?.strip_suffix("},")
        };
        let family = field("author")?.split(" and ").next()?.split(',').next()?;
        let numbers = ["eprint", "doi"].into_iter().filter_map(field).collect();
        Some(Work { key, entry, family: plain(family), year: field("year")?, numbers })
    }

    /// Whether a text cites it.
    fn is_in(&self, text: &str) -> bool {
        if self.numbers.iter().any(|number| text.contains(number)) {
            return true;
        }
        let text = plain(text);
        // Words up to the year, without those that belong to the year before.
        let mut rest = text.as_str();
        while let Some(place) = rest.find(self.year) {
            let (before, after) = (&rest[..place], &rest[place + self.year.len()..]);
            rest = after;
            if has_number(after) {
                continue;
            }
            let cut = |c: char| c == ';' || c == '.' || c.is_ascii_digit();
            let named = before.trim_end_matches(|c: char| c.is_whitespace() || ".,(".contains(c));
            let named = named.strip_suffix(" et al").unwrap_or(named);
            let own = named.rsplit(cut).next().unwrap_or(named);
            let mut words = own.split(|c: char| !c.is_alphanumeric() && c != '-');
            let is_near = own.len() < 90 || own.trim_end().ends_with(&self.family);
            if is_near && words.any(|word| word == self.family) {
                return true;
            }
        }
        false
    }
}

/// Whether a text goes on with brackets that say by a number which work is meant.
fn has_number(text: &str) -> bool {
    let within = text.trim_start().strip_prefix('(').and_then(|text| text.split(')').next());
    within.is_some_and(|within| within.contains("arXiv ") || within.contains("doi "))
}

/// A text without what BibTeX needs for letters, and letters without their marks.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut letters = text.chars().peekable();
    while let Some(c) = letters.next() {
        match c {
            '\\' => drop(letters.next_if(|next| "\"'`^~".contains(*next))),
            '{' | '}' => {}
            'ä' | 'á' | 'à' => plain.push('a'),
            'é' | 'è' => plain.push('e'),
            'ö' | 'ó' => plain.push('o'),
            'ü' => plain.push('u'),
            c => plain.push(c),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(text: &str) -> Vec<&'static str> {
        cited([text]).into_iter().map(|work| work.key).collect()
    }

    #[test]
    fn works_are_found_by_number_and_by_name_and_year() {
        assert_eq!(keys("He, Xu & Cheng 2025 (arXiv 2502.18049)"), ["He2025"]);
        assert_eq!(
            keys("Kynkäänniemi et al. 2019; k = 5 as Naeem et al. 2020"),
            ["Kynkaanniemi2019", "Naeem2020"]
        );
        assert_eq!(keys("Rosenblatt 1956; Parzen 1962"), ["Rosenblatt1956", "Parzen1962"]);
        assert_eq!(keys("Székely & Rizzo 2013"), ["Szekely2013"]);
        assert_eq!(keys("your own data"), [""; 0]);
        assert_eq!(
            keys("scikit-learn's make_moons; Kazdan et al. 2025 (noise 0.05)"),
            ["Kazdan2025"]
        );
        let long =
            "scikit-learn's make_blobs, of which much can be said before a semicolon comes at last";
        assert_eq!(keys(&format!("{long}; the blobs of Kazdan et al. 2025")), ["Kazdan2025"]);
    }

    #[test]
    fn of_two_works_of_one_author_and_year_the_number_tells_which() {
        assert_eq!(
            keys("Dohmatob et al. 2024 (arXiv 2402.07043), the error"),
            ["DohmatobTails2024"]
        );
        assert_eq!(keys("Dohmatob et al. 2024 (arXiv 2402.07712)"), ["Dohmatob2024"]);
    }

    #[test]
    fn every_work_has_a_key_of_its_own() {
        let all = works();
        let keys: BTreeSet<&str> = all.iter().map(|work| work.key).collect();
        assert_eq!((keys.len(), all.len()), (REFERENCES.matches("\n@").count() + 1, keys.len()));
    }
}
