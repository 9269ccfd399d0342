//! What the commands need on the machine; installs it where that is possible, and says so.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::build::WASM;
use crate::process::{Result, program, run};

/// Makes sure that Rust can compile for the web.
pub fn wasm_target() -> Result {
    let libraries =
        program("rustc", &["--print", "target-libdir", "--target", WASM]).stderr(Stdio::null()).output()?;
    let folder = String::from_utf8_lossy(&libraries.stdout).trim().to_string();
    if Path::new(&folder).is_dir() {
        return Ok(());
    }
    println!("Adding the target {WASM} to the Rust toolchain ...");
    run(&mut program("rustup", &["target", "add", WASM]))
}

/// A browser, and the driver that wasm-bindgen's tests steer it by.
pub struct Browser {
    pub chromium: PathBuf,
    pub driver: PathBuf,
}

/// Finds Chromium and its driver (`CHROMIUM` and `CHROMEDRIVER` name others), or installs them from Debian's packages.
pub fn browser() -> Result<Browser> {
    if let Some(found) = find_browser() {
        return Ok(found);
    }
    if is_root() && on_path("apt-get").is_some() {
        println!("Installing Chromium and its driver from Debian's packages ...");
        run(&mut program("apt-get", &["update", "-qq"]))?;
        let packages = ["install", "-y", "-qq", "--no-install-recommends", "chromium", "chromium-driver"];
        run(program("apt-get", &packages).env("DEBIAN_FRONTEND", "noninteractive"))?;
        if let Some(found) = find_browser() {
            return Ok(found);
        }
    }
    Err("The browser tests need Chromium and its driver, in the same version. On Debian: \
         `apt-get install chromium chromium-driver`; elsewhere install Chrome and chromedriver and name them in \
         the environment variables CHROMIUM and CHROMEDRIVER."
        .into())
}

fn find_browser() -> Option<Browser> {
    let named = |variable: &str| std::env::var_os(variable).map(PathBuf::from);
    let chromium = named("CHROMIUM").or_else(|| {
        ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
            .iter()
            .find_map(|n| on_path(n))
    })?;
    let driver = named("CHROMEDRIVER").or_else(|| on_path("chromedriver"))?;
    Some(Browser { chromium, driver })
}

/// Makes sure that Node is there, at least version 20.
pub fn node() -> Result {
    let what = "The tests of the page need Node.js 20 or newer, with npm: https://nodejs.org";
    let output = program("node", &["--version"]).output().map_err(|_| what)?;
    let version = String::from_utf8_lossy(&output.stdout).trim().trim_start_matches('v').to_string();
    let major = version.split('.').next().and_then(|m| m.parse::<u32>().ok()).unwrap_or(0);
    if major < 20 {
        return Err(format!("{what} (this is {version})").into());
    }
    on_path("npm").map(|_| ()).ok_or_else(|| what.into())
}

/// A Python that is new enough for the recipes of `examples/` and can make an environment for them, if there is one.
pub fn python() -> Option<PathBuf> {
    let able = "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 11))";
    ["python3", "python"].iter().filter_map(|name| on_path(name)).find(|python| {
        let mut command = program(&python.to_string_lossy(), &["-c", able]);
        command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    })
}

/// The program of that name in `PATH`.
pub fn on_path(name: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    std::env::split_paths(&path)
        .flat_map(|dir| [dir.join(name), dir.join(format!("{name}.exe"))])
        .find(|file| file.is_file())
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|o| o.stdout.trim_ascii() == b"0")
}
