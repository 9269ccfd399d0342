//! Our speed beside onnxruntime-web, TensorFlow.js and PyTorch: the driver in `../shared/peers` opens our `bench.html`
//! and theirs in the same browser.

use crate::dist::dist;
use crate::process::{Result, program, root, run};
use crate::tools;

/// `bench [ARGS...]`: the arguments go to the driver (`--only 'infer/unet16/1x128'`, `--rounds 3`).
pub fn bench(args: &[&str]) -> Result {
    let peers = root().join("../shared/peers");
    if !peers.join("bench.mjs").is_file() {
        return Err(format!(
            "The driver and the other libraries are not in {}. Open bench.html?backend=webgpu of `cargo xtask serve` \
             with your own driver: window.bench(what) is described there.",
            peers.display()
        )
        .into());
    }
    tools::node()?;
    let browser = tools::browser()?;
    let dist = dist()?;
    if !peers.join("node_modules").is_dir() {
        println!("Installing the other libraries with npm ...");
        run(program("npm", &["ci", "--no-audit", "--no-fund"]).current_dir(&peers))?;
    }
    let mut driver = program("node", &["bench.mjs"]);
    driver.current_dir(&peers).arg("--mount").arg(format!("insitu={}", dist.display()));
    for (name, backend) in [("burn-webgpu", "webgpu"), ("burn-wasm", "wasm")] {
        let page = format!("{name}={{ORIGIN}}/mount/insitu/bench.html?backend={backend}");
        driver.args(["--add", &page]);
    }
    driver.arg("--chromium").arg(browser.chromium).args(args);
    run(&mut driver)
}
