//! Our speed beside onnxruntime-web, TensorFlow.js and PyTorch: the driver in `../shared/peers` opens our `bench.html`
//! and theirs in the same browser.

use std::fs;
use std::path::PathBuf;

use crate::dist::{copy, dist};
use crate::process::{Result, cargo, program, root, run, target};
use crate::tools;

/// `bench [ARGS...]`: the arguments go to the driver (`--only 'infer/unet16/1x128'`, `--rounds 3`).
pub fn bench(args: &[&str]) -> Result {
    match args {
        ["learn", rest @ ..] => return learn(rest),
        ["native", rest @ ..] => {
            return run(cargo(&["bench", "-p", "insitu", "--bench", "network", "--"]).args(rest));
        }
        ["kernels", rest @ ..] => {
            return run(cargo(&["bench", "-p", "insitu-kernels", "--bench", "layers", "--"]).args(rest));
        }
        _ => {}
    }
    tools::node()?;
    let browser = tools::browser()?;
    let dist = dist()?;
    let peers = peers()?;
    let mut driver = program("node", &["bench.mjs"]);
    driver.current_dir(&peers).arg("--mount").arg(format!("insitu={}", dist.display()));
    for (name, backend) in [("burn-webgpu", "webgpu"), ("burn-wasm", "wasm")] {
        let page = format!("{name}={{ORIGIN}}/mount/insitu/bench.html?backend={backend}");
        driver.args(["--add", &page]);
    }
    driver.arg("--chromium").arg(browser.chromium).args(args);
    if !peers.join("venv").is_dir() && !args.contains(&"--skip") {
        println!("Without {} the native libraries are left out.", peers.join("venv").display());
        driver.args(["--skip", "torch|native"]);
    }
    run(&mut driver)
}

/// `bench learn [--steps N] [--only domain,strokes,rough,touch-up]`: what teaching brings, natively on the CPU, as the page does it.
fn learn(args: &[&str]) -> Result {
    run(cargo(&["bench", "--bench", "learning", "--"]).args(args))
}

/// A copy of the driver's folder among the build outputs, with the other libraries installed: its own folder is shared and
/// stays as it is.
fn peers() -> Result<PathBuf> {
    let shared = root().join("../shared/peers");
    if !shared.join("bench.mjs").is_file() {
        return Err(format!(
            "The driver and the other libraries are not in {}. Open bench.html?backend=webgpu of `cargo xtask serve` \
             with your own driver: window.bench(what) is described there.",
            shared.display()
        )
        .into());
    }
    let ours = target().join("peers");
    let lock = |folder: &PathBuf| fs::read(folder.join("package-lock.json")).ok();
    if lock(&shared) != lock(&ours) || !ours.join("node_modules").is_dir() {
        println!("Installing the other libraries with npm ...");
        if ours.exists() {
            fs::remove_dir_all(&ours)?;
        }
        copy(&shared, &ours)?;
        run(program("npm", &["ci", "--no-audit", "--no-fund"]).current_dir(&ours))?;
    }
    Ok(ours)
}
