//! Running other programs, and where things are.

use std::error::Error;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// Any failure, in words.
pub type Result<T = ()> = std::result::Result<T, Box<dyn Error>>;

/// The root of the repository: of the one that cargo was called in, since clones may share their build folder.
pub fn root() -> PathBuf {
    let ours = std::env::var("CARGO_MANIFEST_DIR").unwrap_or_else(|_| env!("CARGO_MANIFEST_DIR").into());
    PathBuf::from(ours).join("..").canonicalize().unwrap_or_else(|_| PathBuf::from("."))
}

/// Where cargo builds: `CARGO_TARGET_DIR`, or `target/`.
pub fn target() -> PathBuf {
    let dir = std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| PathBuf::from("target"), PathBuf::from);
    if dir.is_absolute() { dir } else { root().join(dir) }
}

/// A program, to be run in the root.
pub fn program(name: &str, args: &[&str]) -> Command {
    let mut command = Command::new(name);
    command.args(args).current_dir(root());
    command
}

/// The cargo that runs us.
pub fn cargo(args: &[&str]) -> Command {
    let name = std::env::var("CARGO").unwrap_or_else(|_| "cargo".into());
    let mut command = program(&name, &[]);
    command.arg("--config").arg(nameless()).args(args);
    // A workspace build started from `cargo run` would otherwise inherit the package it was started for.
    for (key, _) in std::env::vars().filter(|(k, _)| k.starts_with("CARGO_PKG_") || k == "CARGO_MANIFEST_DIR")
    {
        command.env_remove(key);
    }
    command
}

/// What the page's engine is compiled with beside the flags of `.cargo/config.toml`: where a panic was is told without the folders of
/// the machine that built it, so that two machines build the same bytes, and nothing of theirs is in them.
fn nameless() -> String {
    // Our own files are named from the root on anyway, and clones in other places share what is compiled.
    let flag = |place: &PathBuf| format!("'--remap-path-prefix={}/='", place.display());
    let flags: Vec<_> = registries().iter().map(flag).collect();
    format!("target.wasm32-unknown-unknown.rustflags=[{}]", flags.join(","))
}

/// Folders of this machine that hold what is compiled.
pub fn building_places() -> Vec<PathBuf> {
    registries().into_iter().chain([root()]).collect()
}

/// Where cargo keeps the sources of crates.
fn registries() -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let registries = home.and_then(|home| fs::read_dir(home.join("registry").join("src")).ok());
    let mut places: Vec<_> = registries.into_iter().flatten().flatten().map(|entry| entry.path()).collect();
    places.sort();
    places
}

/// Runs to the end; an error names the program if it failed.
pub fn run(command: &mut Command) -> Result {
    let status = command.status().map_err(|e| format!("{} did not start: {e}", shown(command)))?;
    if status.success() { Ok(()) } else { Err(format!("{} failed ({status})", shown(command)).into()) }
}

/// Runs to the end, showing standard output line by line and keeping it; tells whether the program succeeded.
pub fn watch(command: &mut Command) -> Result<(bool, String)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(|e| format!("{} did not start: {e}", shown(command)))?;
    let mut kept = String::new();
    if let Some(output) = child.stdout.take() {
        for line in BufReader::new(output).split(b'\n') {
            let line = line?;
            let line = String::from_utf8_lossy(&line);
            // Who reads us may have gone; the run still ends in order.
            let _ = writeln!(std::io::stdout(), "{line}");
            kept.push_str(&line);
            kept.push('\n');
        }
    }
    Ok((child.wait()?.success(), kept))
}

fn shown(command: &Command) -> String {
    let args: Vec<_> = command.get_args().map(|a| a.to_string_lossy().into_owned()).collect();
    format!("{} {}", command.get_program().to_string_lossy(), args.join(" "))
}
