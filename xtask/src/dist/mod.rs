//! `dist/`: what a static host serves, and nothing else.
//!
//! All that the page loads lies in a folder that is named after what is in it, so that no two versions share an address: a page that is open
//! never loads a part of another version, and hosts and browsers may keep that folder's files for good. At the top are `index.html`,
//! `bench.html`, the service worker, which knows every file by its hash, and `www/insitu.js`, the door for other pages.
//! `npm/` is a package for developers; no page asks for it, and neither the service worker's list nor the archive has it.

mod archive;
mod crates;
mod npm;
mod packed;
mod release;
mod texts;
mod zip;

use std::fs;
use std::path::{Path, PathBuf};

use crate::build::build;
use crate::process::{Result, program, root, run};
use release::{File, Release, list};

/// The files and folders of the repository that make up the page.
pub const PAGE: [&str; 5] = ["index.html", "bench.html", "www", "pkg", "models"];
/// What the page is served with where a house has not set anything: see docs/hosting.md.
pub const HOUSE: &str = "config.json";
/// Where the page looks for its service worker.
pub const WORKER: &str = "service-worker.js";
/// What the page is once it is installed; at the top, where its addresses begin.
pub const MANIFEST: (&str, &str) = ("manifest.webmanifest", "www/offline/manifest.webmanifest");
/// Gives up what a release left in a browser.
pub const WITHDRAW: &str = "www/offline/withdraw.js";

/// Where the archive and what belongs to it are written.
const ARCHIVES: &str = "dist-release";

/// `dist [--no-build] [--twice]`: builds, writes `dist/` with copies that are compressed and with all licences, the archive of it, and the package for npm.
pub fn command(options: &[&str]) -> Result {
    if !options.contains(&"--no-build") {
        build()?;
    }
    let first = whole()?;
    if options.contains(&"--twice") {
        println!("Once more, to compare ...");
        differing(&first, &whole()?)?;
        println!("Both times the same bytes.");
    }
    Ok(())
}

/// Builds and writes `dist/`, without what only a host needs; returns the folder.
pub fn dist() -> Result<PathBuf> {
    build()?;
    let (dist, _) = write()?;
    npm::write(&dist, env!("CARGO_PKG_VERSION"), None)?;
    Ok(dist)
}

/// `docs-api`: `docs/api/`, which is not committed, from the comments of the API.
pub fn docs_api() -> Result {
    build()?;
    run(&mut program("npx", &["--no-install", "typedoc", "--options", "npm/typedoc.json"]))
}

fn write() -> Result<(PathBuf, Release)> {
    let dist = root().join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    let release = release::write(&root(), &dist, env!("CARGO_PKG_VERSION"))?;
    // Without a house's own: a browser would note a file that is not there as a failure.
    fs::write(dist.join(HOUSE), "{}\n")?;
    println!(
        "dist/ is ready: {}, {:.1} MB. Copy it to any static host, into any folder. Served over https (or from localhost)\n\
         it uses the GPU and works without a network; over plain http browsers allow neither, and it runs on the CPU.",
        release.version,
        release.files.iter().map(|file| file.bytes).sum::<u64>() as f64 / 1e6
    );
    Ok((dist, release))
}

/// All of it; tells what was written.
fn whole() -> Result<Vec<File>> {
    let (dist, release) = write()?;
    let crates = crates::crates()?;
    let models = fs::read_to_string(root().join("models/index.json"))?;
    let licences = texts::gathered(&crates, &models)?;
    fs::write(dist.join("LICENCES.txt"), &licences)?;
    let count = packed::write(&dist)?;
    let archives = root().join(ARCHIVES);
    archive::write(&dist, &archives, &release.version, &crates::bill(&crates, &release.version)?)?;
    println!(
        "{count} files have compressed copies. {ARCHIVES}/ has the archive, the bill of its {} crates, and hashes.",
        crates.len()
    );
    // Last, so that neither copies nor the archive are made of it.
    if npm::write(&dist, env!("CARGO_PKG_VERSION"), Some(&licences))? {
        println!("dist/{} is the package for npm: `npm publish dist/{0}`, or `npm pack`.", npm::FOLDER);
    }
    let mut files = list(&dist)?;
    files.extend(list(&archives)?);
    Ok(files)
}

/// Fails with the names of files that are not the same.
fn differing(first: &[File], second: &[File]) -> Result {
    let missing = |of: &[File], other: &[File]| -> Vec<String> {
        of.iter().filter(|file| !other.contains(file)).map(|file| file.path.clone()).collect()
    };
    let names = [missing(first, second), missing(second, first)].concat();
    if names.is_empty() { Ok(()) } else { Err(format!("not the same: {}", names.join(", ")).into()) }
}

/// Copies a file or a folder without what is hidden or only for development; returns the bytes.
pub fn copy(from: &Path, to: &Path) -> Result<u64> {
    if from.is_file() {
        return Ok(fs::copy(from, to)?);
    }
    let mut bytes = 0;
    fs::create_dir_all(to)?;
    for entry in fs::read_dir(from).map_err(|e| format!("{}: {e}", from.display()))? {
        let entry = entry?;
        let name = entry.file_name();
        let shown = name.to_string_lossy();
        if !shown.starts_with('.') && !shown.ends_with(".d.ts") {
            bytes += copy(&entry.path(), &to.join(&name))?;
        }
    }
    Ok(bytes)
}
