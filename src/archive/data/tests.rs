//! Collections of two small files, in archives made here.

use super::*;
use flate2::Compression;
use flate2::write::GzEncoder;

/// A collection of these files; its hashes are those of their contents.
fn collection(files: &[(&'static str, &str)]) -> Collection {
    let text = |hash: blake3::Hash| -> &'static str { hash.to_string().leak() };
    let hashes =
        files.iter().map(|(name, content)| (*name, text(blake3::hash(content.as_bytes()))));
    let all: String = files.iter().map(|(_, content)| *content).collect();
    Collection {
        name: "plays",
        what: "two plays",
        package: "plays",
        version: "0.1",
        within: "data/texts",
        bytes: all.len() as u64,
        whole: text(blake3::hash(all.as_bytes())),
        files: hashes.collect::<Vec<_>>().leak(),
    }
}

fn two() -> Collection {
    collection(&[("hamlet.txt", "To be\n"), ("lear.txt", "Nothing\n")])
}

/// A .tar.gz archive of these entries.
fn archive(folder: &Path, entries: &[(&str, &str)]) -> PathBuf {
    let path = folder.join("plays-0.1.tar.gz");
    let file = fs::File::create(&path).unwrap();
    let mut tar = tar::Builder::new(GzEncoder::new(file, Compression::fast()));
    for (name, content) in entries {
        let mut header = tar::Header::new_gnu();
        header.set_size(content.len() as u64);
        header.set_mode(0o644);
        tar.append_data(&mut header, name, content.as_bytes()).unwrap();
    }
    tar.into_inner().unwrap().finish().unwrap();
    path
}

const GOOD: [(&str, &str); 4] = [
    ("plays-0.1/setup.py", "raise SystemExit"),
    ("plays-0.1/data/texts/lear.txt", "Nothing\n"),
    ("plays-0.1/data/texts/hamlet.txt", "To be\n"),
    ("plays-0.1/other/hamlet.txt", "another one"),
];

#[test]
fn an_archive_is_checked_and_put_in_place() {
    let place = tempfile::tempdir().unwrap();
    let (home, plays) = (place.path().join("new/home"), two());
    assert_eq!(plays.state(&home), State::Absent);
    let folder = plays.store(&archive(place.path(), &GOOD), &home).unwrap();
    assert_eq!(fs::read_to_string(folder.join("hamlet.txt")).unwrap(), "To be\n");
    assert_eq!(fs::read_dir(&home).unwrap().count(), 1, "no staging folder stays behind");
    assert_eq!(plays.state(&home), State::Present);
    fs::write(folder.join("lear.txt"), "Something\n").unwrap();
    assert_eq!(plays.state(&home), State::Damaged);
    plays.store(&archive(place.path(), &GOOD), &home).unwrap();
    assert_eq!(plays.state(&home), State::Present);
}

#[test]
fn an_unpacked_archive_serves_from_any_of_its_folders() {
    let place = tempfile::tempdir().unwrap();
    let texts = place.path().join("src/plays-0.1/data/texts");
    fs::create_dir_all(&texts).unwrap();
    fs::write(texts.join("hamlet.txt"), "To be\n").unwrap();
    let missing = two().store(&place.path().join("src"), place.path()).unwrap_err();
    assert!(missing.to_string().ends_with("has no data/texts/lear.txt"), "{missing}");
    fs::write(texts.join("lear.txt"), "Nothing\n").unwrap();
    for source in ["src", "src/plays-0.1", "src/plays-0.1/data/texts"] {
        two().store(&place.path().join(source), &place.path().join("home")).unwrap();
    }
    assert!(two().store(&place.path().join("home"), place.path()).is_err());
}

#[test]
fn a_changed_file_is_refused_and_nothing_is_written() {
    let place = tempfile::tempdir().unwrap();
    let mut entries = GOOD;
    entries[1].1 = "Never, never, never\n";
    let home = place.path().join("home");
    let error = two().store(&archive(place.path(), &entries), &home).unwrap_err();
    assert!(matches!(&error, DataError::Checksum { file, .. } if file == "lear.txt"), "{error}");
    let whole = Collection { whole: "0", ..two() };
    let error = whole.store(&archive(place.path(), &GOOD), &home).unwrap_err();
    assert!(error.to_string().starts_with("all of plays is not"), "{error}");
    assert!(!home.exists());
}

#[test]
fn what_is_no_archive_or_lacks_a_file_is_refused_by_name() {
    let place = tempfile::tempdir().unwrap();
    let refused = |path: &Path| two().store(path, place.path()).unwrap_err();
    let lacking = refused(&archive(place.path(), &GOOD[..2]));
    assert!(matches!(&lacking, DataError::Missing { file, .. } if file == "data/texts/hamlet.txt"));
    assert!(lacking.help("plays-0.1.tar.gz").contains("plays-0.1.tar.gz"));
    let cut = archive(place.path(), &GOOD);
    let bytes = fs::read(&cut).unwrap();
    fs::write(&cut, &bytes[..bytes.len() / 2]).unwrap();
    assert!(matches!(refused(&cut), DataError::Archive { .. }));
    fs::write(&cut, "no archive").unwrap();
    assert!(matches!(refused(&cut), DataError::Archive { .. }));
    assert!(matches!(refused(&place.path().join("nowhere")), DataError::Io { .. }));
}

#[test]
fn the_data_folder_follows_the_variables_in_their_order() {
    let home = |set: &[(&str, &str)]| {
        let value = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, v)| v.into());
        home_among(value).ok().map(|path| path.display().to_string())
    };
    let (own, xdg) = (("COLLAPSE_DATA", "own"), ("XDG_DATA_HOME", "/xdg"));
    let user = ("HOME", "/user");
    assert_eq!(home(&[own, xdg, user]).as_deref(), Some("own"));
    assert_eq!(home(&[xdg, user]).as_deref(), Some("/xdg/collapse"));
    let default = Some("/user/.local/share/collapse");
    assert_eq!(home(&[("XDG_DATA_HOME", "relative"), user]).as_deref(), default);
    assert_eq!(home(&[("COLLAPSE_DATA", ""), user]).as_deref(), default);
    assert_eq!(home(&[]), None);
}
