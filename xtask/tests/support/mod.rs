//! Looking at the files of the project.
#![allow(dead_code)] // Each test uses its part.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// What git tracks, and what it would.
pub fn files() -> Vec<String> {
    let output = Command::new("git")
        .args(["ls-files", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .unwrap();
    let files: BTreeSet<String> =
        String::from_utf8(output.stdout).unwrap().lines().map(str::to_string).collect();
    let files: Vec<_> = files.into_iter().filter(|f| root().join(f).is_file()).collect();
    assert!(files.len() > 20, "git lists {} files", files.len());
    files
}

pub fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap_or_else(|e| panic!("{file}: {e}"))
}

pub fn ends(file: &str, endings: &[&str]) -> bool {
    endings.iter().any(|e| file.ends_with(e))
}

/// Under one of the folders, with one of the endings.
pub fn sources(folders: &[&str], endings: &[&str]) -> Vec<String> {
    let found: Vec<_> = files()
        .into_iter()
        .filter(|f| folders.iter().any(|d| f.starts_with(&format!("{d}/"))) && ends(f, endings))
        .collect();
    assert!(!found.is_empty(), "no {endings:?} in {folders:?}");
    found
}

/// Lines of code: without comments.
pub fn code(file: &str) -> Vec<String> {
    let comment = |l: &str| ["//", "*", "/*", "#"].iter().any(|c| l.trim_start().starts_with(c));
    read(file).lines().filter(|l| !comment(l)).map(str::to_string).collect()
}

pub fn none(faults: Vec<String>) {
    assert!(faults.is_empty(), "{}", faults.join("\n"));
}
