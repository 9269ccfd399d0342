//! Our speed beside onnxruntime-web, TensorFlow.js and PyTorch: the driver in `../shared/peers` opens our `bench.html`
//! and theirs in the same browser.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::build::build;
use crate::dist::{copy, dist};
use crate::process::{Result, cargo, program, root, run, target};
use crate::tools;

/// `bench [ARGS...]`: the arguments go to the driver (`--only 'infer/unet16/1x128'`, `--rounds 3`). `bench gpu` is the same on a
/// graphics card.
pub fn bench(args: &[&str]) -> Result {
    match args {
        ["learn", rest @ ..] => return learn(rest),
        ["memory", rest @ ..] => return memory(rest),
        ["native", rest @ ..] => {
            let gpu: &[&str] = if rest.contains(&"--gpu") { &["--features", "gpu"] } else { &[] };
            return run(cargo(&["bench", "-p", "insitu", "--bench", "network"])
                .args(gpu)
                .arg("--")
                .args(rest));
        }
        ["kernels", rest @ ..] => {
            return run(cargo(&["bench", "-p", "insitu-kernels", "--bench", "layers", "--"]).args(rest));
        }
        ["growth"] => return growth(),
        ["gpu", rest @ ..] => return compare(&[GRAPHICS_CARD, rest].concat()),
        _ => {}
    }
    compare(args)
}

/// What `bench gpu` adds: a graphics card instead of SwiftShader, and those jobs alone that run on it. Less than ten minutes.
const GRAPHICS_CARD: &[&str] = &[
    "--arg",
    "--use-webgpu-adapter=default",
    "--arg",
    "--enable-features=Vulkan",
    "--only",
    "webgpu",
    "--rounds",
    "2",
    "--budget",
    "5",
    "--cap",
    "60",
];

fn compare(args: &[&str]) -> Result {
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

/// `bench growth`: how time grows with side, workers and width; draws docs/growth.svg.
fn growth() -> Result {
    let mut page = in_page("growth.mjs")?;
    let native = ["bench", "-p", "insitu", "--bench", "network", "--", "--growth"];
    let native = cargo(&native).stderr(Stdio::inherit()).output()?;
    let mut page = page.stdin(Stdio::piped()).spawn()?;
    if let Some(input) = &mut page.stdin {
        input.write_all(&native.stdout)?;
    }
    // Closes its input, too.
    if page.wait()?.success() { Ok(()) } else { Err("The page could not be measured.".into()) }
}

/// `bench learn [--steps N] [--only domain,strokes,rough,touch-up]`: what teaching brings, natively on the CPU, as the page does it.
fn learn(args: &[&str]) -> Result {
    run(cargo(&["bench", "--bench", "learning", "--"]).args(args))
}

/// `bench memory [--sides 256,4096] [--cores N] [--times N] [--again N]`: what a segmentation in the page takes of the memory, on Linux.
fn memory(args: &[&str]) -> Result {
    run(in_page("memory.mjs")?.args(args))
}

/// A script of `tests/bench` that opens the page, which is built first.
fn in_page(script: &str) -> Result<Command> {
    tools::node()?;
    let browser = tools::browser()?;
    build()?;
    let mut bench = program("node", &[&format!("tests/bench/{script}")]);
    bench.env("CHROMIUM", browser.chromium).env("INSITU_XTASK", std::env::current_exe()?);
    Ok(bench)
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
