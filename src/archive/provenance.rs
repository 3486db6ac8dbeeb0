//! What made a results folder: the program, the machine and the time, as `provenance.json`.
//!
//! It is read by people, and tells a results folder from any other. It is not
//! part of any byte-identity: two runs of the same file differ here and in `costs.csv` alone.

use std::fs;
use std::path::Path;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::growing::replace_file;
use super::{ArchiveError, clock};

/// The name of the file, by which a results folder is known to be one.
pub const FILE: &str = "provenance.json";

/// The layout of a results folder; it grows by one when a reader would have to know.
pub const FORMAT: u32 = 2;

/// Where results come from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    pub format: u32,
    pub version: String,
    /// The commit the program was built from; none where it was built outside its repository.
    pub commit: Option<String>,
    /// Whether the sources differed from that commit.
    pub dirty: Option<bool>,
    pub stream_version: String,
    pub rustc: String,
    pub target: String,
    pub optimised: bool,
    pub cpu_model: Option<String>,
    pub cpu_features: Vec<String>,
    /// RFC 3339, UTC.
    pub started: String,
    pub seconds: f64,
    pub threads: usize,
}

impl Provenance {
    /// Describes this program and this machine; `seconds` counts up to this call.
    pub fn gather(stream_version: impl ToString, started: SystemTime, threads: usize) -> Self {
        Self {
            format: FORMAT,
            version: env!("CARGO_PKG_VERSION").into(),
            commit: option_env!("COLLAPSE_COMMIT").map(str::to_owned),
            dirty: option_env!("COLLAPSE_DIRTY").and_then(|flag| flag.parse().ok()),
            stream_version: stream_version.to_string(),
            rustc: option_env!("COLLAPSE_RUSTC").unwrap_or("unknown").into(),
            target: option_env!("COLLAPSE_TARGET").unwrap_or("unknown").into(),
            optimised: !cfg!(debug_assertions),
            cpu_model: cpu_model(),
            cpu_features: cpu_features().into_iter().map(str::to_owned).collect(),
            started: clock::rfc3339(started),
            // A clock that was set back while the run went on has no duration to tell.
            seconds: started.elapsed().map_or(0.0, |elapsed| elapsed.as_secs_f64()),
            threads,
        }
    }

    pub fn write(&self, dir: &Path) -> Result<(), ArchiveError> {
        let path = dir.join(FILE);
        let mut text = serde_json::to_string_pretty(self)
            .map_err(|source| ArchiveError::Json { path: path.clone(), source })?;
        text.push('\n');
        replace_file(&path, [Ok(text.into_bytes().into())])
    }

    pub fn read(dir: &Path) -> Result<Self, ArchiveError> {
        let path = dir.join(FILE);
        let text = fs::read_to_string(&path).map_err(ArchiveError::io("read", &path))?;
        serde_json::from_str(&text).map_err(|source| ArchiveError::Json { path, source })
    }
}

/// Version and commit of this program, and whether its sources differed from that.
pub fn program() -> String {
    let commit = option_env!("COLLAPSE_COMMIT").unwrap_or("no commit");
    let dirty = option_env!("COLLAPSE_DIRTY").unwrap_or("false");
    format!("{} {commit} {dirty}", env!("CARGO_PKG_VERSION"))
}

fn cpu_model() -> Option<String> {
    let mut system = sysinfo::System::new();
    system.refresh_cpu_list(sysinfo::CpuRefreshKind::nothing());
    let brand = system.cpus().first()?.brand().trim().to_owned();
    (!brand.is_empty()).then_some(brand)
}

/// The instruction sets that numerical code chooses between, and that may change a last digit.
fn cpu_features() -> Vec<&'static str> {
    #[cfg(any(target_arch = "x86", target_arch = "x86_64"))]
    let known = [
        ("avx2", std::is_x86_feature_detected!("avx2")),
        ("fma", std::is_x86_feature_detected!("fma")),
        ("avx512f", std::is_x86_feature_detected!("avx512f")),
    ];
    #[cfg(target_arch = "aarch64")]
    let known = [
        ("neon", std::arch::is_aarch64_feature_detected!("neon")),
        ("sve", std::arch::is_aarch64_feature_detected!("sve")),
    ];
    #[cfg(not(any(target_arch = "x86", target_arch = "x86_64", target_arch = "aarch64")))]
    let known: [(&str, bool); 0] = [];
    known.into_iter().filter(|(_, present)| *present).map(|(name, _)| name).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn provenance_reads_back_and_names_what_built_the_program() {
        let dir = tempfile::tempdir().unwrap();
        let written = Provenance::gather(3, SystemTime::now(), 2);
        written.write(dir.path()).unwrap();
        assert_eq!(Provenance::read(dir.path()).unwrap(), written);
        assert!(written.rustc.starts_with("rustc 1."), "{}", written.rustc);
        assert!(written.target.contains(std::env::consts::ARCH), "{}", written.target);
        assert!(written.seconds >= 0.0 && written.stream_version == "3");
    }

    #[test]
    fn a_commit_is_forty_or_more_hexadecimal_digits_or_absent() {
        let commit = Provenance::gather("1", SystemTime::now(), 1).commit;
        let hexadecimal = |text: &String| text.chars().all(|c| c.is_ascii_hexdigit());
        assert!(commit.is_none_or(|commit| commit.len() >= 40 && hexadecimal(&commit)));
    }
}
