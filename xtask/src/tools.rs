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
    if can_install() {
        install("Chromium and its driver", &["chromium", "chromium-driver"])?;
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

/// Installs Firefox and WebKit from Debian's packages where they are missing and that is possible; says what stays missing.
/// Which programs they are, `tests/e2e/support/browsers/` knows: tests in a browser that is not there count as skipped.
pub fn other_browsers() {
    let named = |variable: &str| std::env::var_os(variable).is_some();
    let there =
        |variable: &str, names: &[&str]| named(variable) || names.iter().any(|n| on_path(n).is_some());
    let missing = |name: &str| match name {
        "Firefox" => !there("FIREFOX", &["firefox-esr", "firefox"]),
        _ => !there("WEBKITDRIVER", &["WebKitWebDriver"]) || on_path("Xvfb").is_none(),
    };
    for (name, packages) in
        [("Firefox", ["firefox-esr"].as_slice()), ("WebKit", &["webkit2gtk-driver", "xvfb"])]
    {
        if missing(name) && can_install() {
            // Without a network the others are tested all the same.
            if let Err(e) = install(name, packages) {
                println!("{e}");
            }
        }
        if missing(name) {
            let list = packages.join(" ");
            println!("{name} is not here and is not tested. On Debian: `apt-get install {list}`.");
        }
    }
}

fn can_install() -> bool {
    is_root() && on_path("apt-get").is_some()
}

/// From Debian's packages.
fn install(what: &str, packages: &[&str]) -> Result {
    println!("Installing {what} from Debian's packages ...");
    run(&mut program("apt-get", &["update", "-qq"]))?;
    let mut command = program("apt-get", &["install", "-y", "-qq", "--no-install-recommends"]);
    run(command.args(packages).env("DEBIAN_FRONTEND", "noninteractive"))
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
