//! `cargo xtask fuzz`: bytes that nobody thought of, for everything that opens a file.
//!
//! The targets are `tests/fuzz/targets.rs`. A run begins with the committed corpus and with the reference files of the tests, goes on for a
//! set time, and leaves what it found of new ways through the code in the build folder, so that the next run goes on from there.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::process::{Result, cargo, program, root, run, target};

/// Seconds of each target, unless told otherwise.
const SECONDS: u64 = 600;
/// Reference files beyond this many bytes make cases slow and find nothing that smaller ones do not.
const MAX_SEED: u64 = 64 << 10;
/// Bytes of a case, at most: the kept training of the corpus fits.
const MAX_CASE: u64 = 160 << 10;

/// A target, and which of the reference files show it the way.
const TARGETS: [(&str, &[&str]); 5] = [
    (
        "image",
        &[
            "scans",
            "tiffs",
            "medical",
            "channels",
            "volumes",
            "mixes",
            "pyramids",
            "sets",
            "values",
            "segmentations",
        ],
    ),
    ("several", &[]),
    (
        "weights",
        &[
            "keras",
            "keras_networks",
            "libraries",
            "onnx",
            "public",
            "pytorch",
            "stardist",
            "networks",
            "instance",
            "unet",
        ],
    ),
    ("labels", &["labels", "segmentations"]),
    ("session", &[]),
];

/// What the coverage of LLVM counts, as libFuzzer wants it.
const COVERAGE: &str = "--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
    -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
    -Cllvm-args=-sanitizer-coverage-trace-compares";

/// `[TARGET...] [--seconds N]`
pub fn fuzz(options: &[&str]) -> Result {
    let mut seconds = SECONDS;
    let mut named = Vec::new();
    let mut words = options.iter();
    while let Some(word) = words.next() {
        match *word {
            "--seconds" => {
                let given = words.next().and_then(|number| number.parse().ok());
                seconds = given.ok_or("--seconds wants a number")?;
            }
            name => named.push(*TARGETS.iter().find(|(known, _)| *known == name).ok_or_else(|| {
                format!("There is no target {name}; there are {}", TARGETS.map(|(known, _)| known).join(", "))
            })?),
        }
    }
    if named.is_empty() {
        named.extend(TARGETS);
    }
    let program = build()?;
    let mut broken = Vec::new();
    for (name, seeds) in named {
        println!("=== {name}, {seconds} s");
        if !one(&program, name, seeds, seconds)? {
            broken.push(name);
        }
    }
    if broken.is_empty() {
        return Ok(());
    }
    Err(format!("{} found something: see tests/fuzz/found/", broken.join(", ")).into())
}

fn build() -> Result<PathBuf> {
    let told = String::from_utf8(program("rustc", &["-vV"]).output()?.stdout)?;
    let host =
        told.lines().find_map(|line| line.strip_prefix("host: ")).ok_or("rustc does not tell its host")?;
    let folder = target().join("fuzz");
    let manifest = "tests/fuzz/Cargo.toml";
    let mut build = cargo(&["build", "--release", "--locked", "--target", host, "--manifest-path", manifest]);
    run(build.env("CARGO_TARGET_DIR", &folder).env("RUSTFLAGS", COVERAGE))?;
    Ok(folder.join(host).join("release/insitu-fuzz"))
}

/// Whether nothing was found.
fn one(program: &Path, name: &str, seeds: &[&str], seconds: u64) -> Result<bool> {
    let corpus = target().join("fuzz/corpus").join(name);
    fs::create_dir_all(&corpus)?;
    let found = root().join("tests/fuzz/found");
    fs::create_dir_all(&found)?;
    for folder in seeds {
        seed(&root().join("tests/reference").join(folder), &corpus)?;
    }
    let mut fuzzer = Command::new(program);
    fuzzer.arg(&corpus).arg(root().join("tests/fuzz/corpus").join(name));
    fuzzer.args([
        format!("-max_total_time={seconds}"),
        format!("-max_len={MAX_CASE}"),
        format!("-artifact_prefix={}/{name}-", found.display()),
    ]);
    // A case takes milliseconds; ten seconds on a busy machine are a fault, and so is a gigabyte of a small file.
    fuzzer.args(["-timeout=10", "-rss_limit_mb=2048", "-print_final_stats=1", "-verbosity=1"]);
    fuzzer.env("INSITU_FUZZ", name);
    Ok(fuzzer.status()?.success())
}

/// Copies the small files of a folder, and of those in it.
fn seed(from: &Path, to: &Path) -> std::io::Result<()> {
    for entry in fs::read_dir(from)? {
        let path = entry?.path();
        if path.is_dir() {
            seed(&path, to)?;
        } else if path.extension().is_none_or(|ending| ending != "json")
            && fs::metadata(&path)?.len() <= MAX_SEED
        {
            fs::copy(&path, to.join(path.file_name().unwrap_or_default()))?;
        }
    }
    Ok(())
}
