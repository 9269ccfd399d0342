//! `dist/`: what a static host serves, and nothing else.

use std::fs;
use std::path::{Path, PathBuf};

use crate::build::build;
use crate::process::{Result, root};

/// The files and folders of the repository that make up the page.
pub const PAGE: [&str; 5] = ["index.html", "bench.html", "www", "pkg", "models"];

/// Builds and copies the page into `dist/`; returns the folder.
pub fn dist() -> Result<PathBuf> {
    build()?;
    let dist = root().join("dist");
    if dist.exists() {
        fs::remove_dir_all(&dist)?;
    }
    fs::create_dir_all(&dist)?;
    let mut bytes = 0;
    for name in PAGE {
        bytes += copy(&root().join(name), &dist.join(name))?;
    }
    println!(
        "dist/ is ready, {:.1} MB. Copy it to any static host, into any folder. Served over https (or from localhost)\n\
         it uses the GPU; over plain http browsers hide the GPU and it runs on the CPU.",
        bytes as f64 / 1e6
    );
    Ok(dist)
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
