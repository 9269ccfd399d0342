//! The engine as WebAssembly, in `pkg/`.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::Write;
use std::path::{Path, PathBuf};

use flate2::Compression;
use flate2::write::GzEncoder;
use wasm_bindgen_cli_support::Bindgen;

use crate::process::{Result, building_places, cargo, root, run, target};
use crate::tools;

/// The target that the page runs on.
pub const WASM: &str = "wasm32-unknown-unknown";
/// Largest js + wasm together, gzipped.
pub const LIMIT: usize = 4_000_000;

/// Runs the constructors of all crates (CubeCL registers its operations in some thousands). Unless it is exported, the linker
/// puts a call of it before every other export, down to the making of a single JavaScript value, which takes a millisecond then.
const CONSTRUCTORS: &str = "__wasm_call_ctors";

/// Builds `pkg/` if it is stale and returns its gzipped size in bytes.
pub fn build() -> Result<usize> {
    tools::wasm_target()?;
    println!("Compiling the engine for the web (the first time takes some ten minutes) ...");
    let what = ["rustc", "--profile", "web", "--target", WASM, "-p", "insitu", "--lib"];
    run(cargo(&what).args([
        "--crate-type",
        "cdylib",
        "--",
        "-C",
        &format!("link-arg=--export={CONSTRUCTORS}"),
    ]))?;
    let compiled = target().join(WASM).join("web").join("insitu.wasm");
    let pkg = root().join("pkg");
    let stamp = pkg.join(".stamp");
    // Beside the engine, this file decides what pkg/ looks like.
    let hash = hash(&[fs::read(&compiled)?, include_bytes!("build.rs").to_vec()].concat());
    if fs::read_to_string(&stamp).is_ok_and(|old| old == hash) && pkg.join("insitu_bg.wasm").is_file() {
        println!("pkg/ is up to date.");
    } else {
        println!("Writing pkg/ ...");
        Bindgen::new()
            .input_path(&compiled)
            .web(true)
            .map_err(|e| e.to_string())?
            // The page starts the engine without saying where the .wasm lies: beside the .js.
            .omit_default_module_path(false)
            // The types of everything that crosses, for the page's own checks.
            .typescript(true)
            .remove_name_section(true)
            .remove_producers_section(true)
            .generate(&pkg)
            .map_err(|e| e.to_string())?;
        construct_once(&pkg.join("insitu.js"))?;
        strip_comments(&pkg.join("insitu.js"))?;
        fs::write(&stamp, &hash)?;
    }
    let files: Vec<PathBuf> = ["insitu.js", "insitu_bg.wasm"].iter().map(|f| pkg.join(f)).collect();
    anonymous(&files)?;
    let mut total = (0, 0);
    for file in &files {
        let (raw, packed) = sizes(file)?;
        total = (total.0 + raw, total.1 + packed);
    }
    println!(
        "js + wasm: {:.2} MB, {:.2} MB gzipped (at most {:.2} MB)",
        total.0 as f64 / 1e6,
        total.1 as f64 / 1e6,
        LIMIT as f64 / 1e6
    );
    Ok(total.1)
}

/// Lets the page run the constructors when the module starts.
fn construct_once(script: &Path) -> Result<()> {
    const START: &str = "    wasm.__wbindgen_start();\n";
    let text = fs::read_to_string(script)?;
    if text.matches(START).count() != 1 {
        return Err(format!("{} does not start the module as expected.", script.display()).into());
    }
    fs::write(script, text.replace(START, &format!("    wasm.{CONSTRUCTORS}();\n{START}")))?;
    Ok(())
}

/// Nothing of the machine that built it is in what is downloaded.
fn anonymous(files: &[PathBuf]) -> Result<()> {
    for file in files {
        let bytes = fs::read(file)?;
        for place in building_places() {
            let place = place.to_string_lossy().into_owned();
            if bytes.windows(place.len()).any(|window| window == place.as_bytes()) {
                return Err(format!("{} holds the path {place}.", file.display()).into());
            }
        }
    }
    Ok(())
}

/// Takes the documentation of the classes out of the script: it stands in the types, too, and no browser needs it.
fn strip_comments(script: &Path) -> Result<()> {
    let text = fs::read_to_string(script)?;
    let (mut inside, mut kept) = (false, String::with_capacity(text.len()));
    for line in text.split_inclusive('\n') {
        let words = line.trim();
        inside |= words == "/**";
        if !inside {
            kept.push_str(line);
        }
        inside &= words != "*/";
    }
    Ok(fs::write(script, kept)?)
}

/// Size of a file, plain and gzipped at level 9, bytes.
pub fn sizes(file: &Path) -> Result<(usize, usize)> {
    let bytes = fs::read(file)?;
    let mut gzip = GzEncoder::new(Vec::new(), Compression::best());
    gzip.write_all(&bytes)?;
    Ok((bytes.len(), gzip.finish()?.len()))
}

fn hash(bytes: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}
