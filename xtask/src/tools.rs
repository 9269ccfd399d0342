//! What the commands need on the machine; installs it where that is possible, and says so.

use std::process::Stdio;

use crate::build::WASM;
use crate::process::{Result, program, run};

/// Makes sure that Rust can compile for the web.
pub fn wasm_target() -> Result {
    let libraries =
        program("rustc", &["--print", "target-libdir", "--target", WASM]).stderr(Stdio::null()).output()?;
    let folder = String::from_utf8_lossy(&libraries.stdout).trim().to_string();
    if std::path::Path::new(&folder).is_dir() {
        return Ok(());
    }
    println!("Adding the target {WASM} to the Rust toolchain ...");
    run(&mut program("rustup", &["target", "add", WASM]))
}
