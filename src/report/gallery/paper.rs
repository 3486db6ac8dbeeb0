//! The papers of the gallery: a folder each, with what is known of the paper and a file for each figure.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::GalleryError;

/// Where papers lie, seen from the top of the repository.
pub const PAPERS: &str = "experiments/papers";

/// What describes a paper in its folder.
const CARD: &str = "paper.toml";

/// One paper, and what there is of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Paper {
    /// The name of its folder: first author and year.
    pub name: String,
    pub folder: PathBuf,
    pub card: Card,
    /// The files of its figures, by name.
    pub figures: Vec<PathBuf>,
}

/// `paper.toml`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Card {
    pub title: String,
    /// "Family, Given"; `others` stands for the rest.
    pub authors: Vec<String>,
    pub year: u32,
    #[serde(default)]
    pub venue: Option<String>,
    #[serde(default)]
    pub arxiv: Option<String>,
    #[serde(default)]
    pub doi: Option<String>,
    #[serde(default)]
    pub missing: Vec<Missing>,
}

/// A figure that is not reproduced, and what it would take.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Missing {
    pub figure: String,
    pub needs: String,
}

/// All papers below a folder, by name.
pub fn read_all(folder: &Path) -> Result<Vec<Paper>, GalleryError> {
    if !folder.is_dir() {
        return Err(GalleryError::NoPapers { folder: folder.to_owned() });
    }
    let mut papers = Vec::new();
    for path in children(folder)? {
        if path.join(CARD).is_file() {
            papers.push(Paper::read(&path)?);
        }
    }
    Ok(papers)
}

impl Paper {
    fn read(folder: &Path) -> Result<Self, GalleryError> {
        let path = folder.join(CARD);
        let refuse = |reason: String| GalleryError::Card { path: path.clone(), reason };
        let text = fs::read_to_string(&path).map_err(|error| refuse(error.to_string()))?;
        let card = toml::from_str(&text)
            .map_err(|error: toml::de::Error| refuse(error.to_string().trim_end().to_owned()))?;
        let is_figure = |path: &PathBuf| {
            path.extension().is_some_and(|end| end == "toml") && !path.ends_with(CARD)
        };
        let figures = children(folder)?.into_iter().filter(is_figure).collect();
        Ok(Paper { name: name_of(folder), folder: folder.to_owned(), card, figures })
    }

    /// "Kazdan et al. 2025".
    pub fn cited(&self) -> String {
        let family = |author: &String| author.split(',').next().unwrap_or(author).trim().to_owned();
        let families: Vec<String> = self.card.authors.iter().map(family).collect();
        let who = match &families[..] {
            [] => self.name.clone(),
            [one] => one.clone(),
            [one, other] if other != "others" => format!("{one} & {other}"),
            [one, ..] => format!("{one} et al."),
        };
        format!("{who} {}", self.card.year)
    }

    /// What a figure answers, in the words at the head of its file: those after `Expected:`, without their source.
    pub fn answer(&self, figure: &str) -> Option<String> {
        let file = self.figures.iter().find(|file| name_of(file) == figure)?;
        answer_in(&fs::read_to_string(file).ok()?)
    }

    /// Its entry in a BibTeX file.
    pub fn bibtex(&self) -> String {
        let Card { title, authors, year, venue, arxiv, doi, .. } = &self.card;
        let mut fields = vec![
            ("title", format!("{{{title}}}")),
            ("author", authors.join(" and ")),
            ("year", year.to_string()),
        ];
        fields.extend(venue.iter().map(|venue| ("howpublished", venue.clone())));
        fields.extend(
            arxiv
                .iter()
                .flat_map(|id| [("eprint", id.clone()), ("archiveprefix", "arXiv".to_owned())]),
        );
        fields.extend(doi.iter().map(|doi| ("doi", doi.clone())));
        let lines = fields.iter().map(|(key, value)| format!("  {key} = {{{value}}},\n"));
        format!("@misc{{{},\n{}}}", self.name, lines.collect::<String>())
    }
}

fn answer_in(text: &str) -> Option<String> {
    let comments: Vec<&str> =
        text.lines().map_while(|line| line.strip_prefix('#')).map(str::trim).collect();
    let all = comments.join(" ");
    let (_, rest) = all.split_once("Expected:")?;
    let end = ["Source:", "Time:"].iter().filter_map(|word| rest.find(word)).min();
    let words = rest[..end.unwrap_or(rest.len())].trim().trim_end_matches('.');
    let mut letters = words.chars();
    let first = letters.next()?;
    // A Greek letter is a symbol, and another one in capitals.
    Some(format!("{}{}.", first.to_ascii_uppercase(), letters.as_str()))
}

/// The last part of a path.
pub fn name_of(path: &Path) -> String {
    path.file_stem().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn children(folder: &Path) -> Result<Vec<PathBuf>, GalleryError> {
    let refuse = |error: std::io::Error| GalleryError::Folder {
        folder: folder.to_owned(),
        reason: error.to_string(),
    };
    let entries = fs::read_dir(folder).map_err(refuse)?;
    let paths: Result<Vec<PathBuf>, _> = entries.map(|entry| Ok(entry?.path())).collect();
    let mut paths = paths.map_err(refuse)?;
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answer_is_what_the_head_of_a_file_expects() {
        let text = "# How long?\n#\n# Expected: of rates of 1, 53 % are alive at 24\n#           (theory: 54 %).\n\
                    #           Source: Doe 2025.\n# Time: 1 s.\n\nquestion = 'Expected: nothing'\n";
        let answer = "Of rates of 1, 53 % are alive at 24 (theory: 54 %).";
        assert_eq!(answer_in(text).as_deref(), Some(answer));
        assert_eq!(answer_in("# Expected: σ is 1.").as_deref(), Some("σ is 1."));
        assert_eq!(answer_in("question = 'Expected: nothing'"), None);
    }

    fn paper(authors: &[&str]) -> Paper {
        let authors = authors.iter().map(|author| (*author).to_owned()).collect();
        let card = Card {
            title: "On Tails".into(),
            authors,
            year: 2025,
            venue: None,
            arxiv: Some("2401.00001".into()),
            doi: None,
            missing: Vec::new(),
        };
        Paper { name: "doe-2025".into(), folder: PathBuf::new(), card, figures: Vec::new() }
    }

    #[test]
    fn papers_are_cited_by_their_first_authors() {
        assert_eq!(paper(&["Doe, Jane"]).cited(), "Doe 2025");
        assert_eq!(paper(&["Doe, Jane", "Roe, R."]).cited(), "Doe & Roe 2025");
        assert_eq!(paper(&["Doe, Jane", "others"]).cited(), "Doe et al. 2025");
        assert_eq!(paper(&["Doe, Jane", "Roe, R.", "Poe, E."]).cited(), "Doe et al. 2025");
    }

    #[test]
    fn an_entry_is_one_that_bibtex_reads() {
        let entry = paper(&["Doe, Jane", "others"]).bibtex();
        assert!(entry.starts_with("@misc{doe-2025,\n  title = {{On Tails}},\n"), "{entry}");
        assert!(entry.contains("  author = {Doe, Jane and others},\n"), "{entry}");
        assert!(
            entry.contains("  eprint = {2401.00001},\n  archiveprefix = {arXiv},\n}"),
            "{entry}"
        );
    }
}
