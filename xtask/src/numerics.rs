//! `docs/numerics.md`: how far every preset is from the framework it comes from, on each device, as the tests measure it.

use std::fs;

use crate::process::{Result, cargo, root, watch};
use crate::test::web_tests;

const HEAD: &str = "\
# Numerics

Every preset, 2 to 4 channels wide, with random weights and batch-norm statistics, beside the framework it comes from
(`tests/reference/make_networks.py`). The largest differences: of the logits in inference; of the gradients of three parameters, in
parts of the largest value of each; of the losses of five steps of Adam. The tests allow 1e-4, 1e-3 and 1e-3. Dropout is off here, since
no two frameworks draw alike. WebGPU was computed by SwiftShader, on the CPU, in headless Chromium.

Written by `cargo xtask numerics`.

| preset | framework | device | logits | gradients | losses |
|---|---|---|---|---|---|
";

/// Runs the tests that measure, and writes the table.
pub fn numerics() -> Result {
    let native = ["test", "--release", "--workspace", "--exclude", "xtask", "--test", "presets"];
    let (fine, mut output) = watch(cargo(&native).args(["--", "--nocapture"]))?;
    if !fine {
        return Err("the native test of the presets failed".into());
    }
    let mut web = web_tests()?;
    // All five steps on WebGPU too, which may take twenty minutes.
    web.env("INSITU_NUMERICS", "1").env("WASM_BINDGEN_TEST_TIMEOUT", "7200");
    web.args(["--", "--nocapture", "preset"]);
    let (fine, in_browser) = watch(&mut web)?;
    if !fine {
        return Err("the test of the presets in the browser failed".into());
    }
    output.push_str(&in_browser);
    let mut rows: Vec<Vec<&str>> = output
        .lines()
        .filter_map(|line| line.split_once("numerics|"))
        .map(|(_, cells)| cells.trim().split('|').collect())
        .collect();
    let order: Vec<&str> = rows.iter().map(|r| r[0]).collect::<Vec<_>>();
    let order: Vec<String> = order.into_iter().map(str::to_string).collect();
    rows.sort_by_key(|r| order.iter().position(|n| n == r[0]));
    rows.dedup();
    let table: String = rows.iter().map(|cells| format!("| {} |\n", cells.join(" | "))).collect();
    let file = root().join("docs/numerics.md");
    // What stands below the table is written by people.
    let written = fs::read_to_string(&file).unwrap_or_default();
    let below = written.find("\n## ").map_or("", |at| &written[at..]);
    fs::write(file, format!("{HEAD}{table}{below}"))?;
    println!("docs/numerics.md: {} rows", rows.len());
    Ok(())
}
