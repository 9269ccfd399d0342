//! Python for the recipes of `examples/`, with the packages that they need.

use std::path::PathBuf;

use crate::process::{Result, program, root, run, target};
use crate::tools;

/// How many checks `examples/check.py` makes.
pub const CHECKS: usize = 2;

/// Where the packages stand.
const REQUIREMENTS: &str = "examples/requirements.txt";

/// A Python of our own that has the packages, in the build folder; installs them if their list has changed. Nothing where there is
/// no Python to begin with: a sentence says so.
pub fn python() -> Result<Option<PathBuf>> {
    let wanted = std::fs::read(root().join(REQUIREMENTS))?;
    let folder = target().join("recipes");
    let python = folder.join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" });
    let stamp = folder.join(".insitu-requirements");
    if python.is_file() && std::fs::read(&stamp).is_ok_and(|installed| installed == wanted) {
        println!("The packages of the recipes are up to date.");
        return Ok(Some(python));
    }
    let Some(system) = tools::python() else {
        println!("Passed over: the recipes need Python 3.11 or newer, with the modules venv and ensurepip.");
        return Ok(None);
    };
    println!("Installing the packages of {REQUIREMENTS} into {} ...", folder.display());
    run(program(&system.to_string_lossy(), &["-m", "venv", "--clear"]).arg(&folder))?;
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
    run(&mut program(&python.to_string_lossy(), &install))?;
    std::fs::write(stamp, wanted)?;
    Ok(Some(python))
}
