//! The API as a package for npm: the modules that it is made of as they are, their types, the engine and the models.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::json;

use super::copy;
use crate::process::{Result, program, root, run};

/// Where it is written, in `dist/`.
pub const FOLDER: &str = "npm";
/// What is imported by its name, and the module that it is.
const ENTRIES: [(&str, &str); 3] =
    [(".", "www/insitu.js"), ("./viewer", "www/viewer.js"), ("./node", "npm/node.js")];
/// Beside the modules: the engine, types that people wrote, and words.
const FILES: [&str; 7] = [
    "pkg/insitu.js",
    "pkg/insitu_bg.wasm",
    "pkg/insitu.d.ts",
    "www/api.d.ts",
    "LICENSE",
    "LICENSE-MIT",
    "LICENSE-APACHE",
];
const MODELS: &str = "models";
const PICTURES: &str = "models/pictures";

/// Writes the package into `dist/`; tells whether it could: the types are made by the compiler of TypeScript, which not everybody has.
pub fn write(dist: &Path, version: &str, licences: Option<&str>) -> Result<bool> {
    let from = root();
    if !from.join("node_modules/typescript").is_dir() {
        println!("Without the package for npm: its types need `npm ci` (Node.js 20 or newer).");
        return Ok(false);
    }
    let to = dist.join(FOLDER);
    for file in modules(&from)?.iter().map(String::as_str).chain(FILES) {
        place(&from.join(file), &to.join(file))?;
    }
    for entry in fs::read_dir(from.join(MODELS))? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if name == "index.json"
            || name.ends_with(".safetensors")
            || name.ends_with(".md") && name != "README.md"
        {
            place(&from.join(MODELS).join(&name), &to.join(MODELS).join(&name))?;
        }
    }
    for entry in fs::read_dir(from.join(PICTURES))? {
        let name = entry?.file_name();
        place(&from.join(PICTURES).join(&name), &to.join(PICTURES).join(&name))?;
    }
    place(&from.join("npm/README.md"), &to.join("README.md"))?;
    if let Some(text) = licences {
        fs::write(to.join("LICENCES.txt"), text)?;
    }
    fs::write(to.join("package.json"), manifest(version)?)?;
    let types = ["--no-install", "tsc", "--project", "npm/tsconfig.json", "--outDir"];
    run(program("npx", &types).arg(&to))?;
    Ok(true)
}

fn place(from: &Path, to: &Path) -> Result {
    if let Some(folder) = to.parent() {
        fs::create_dir_all(folder)?;
    }
    copy(from, to).map_err(|e| format!("{}: {e}", from.display()))?;
    Ok(())
}

fn manifest(version: &str) -> Result<String> {
    let mut exports: serde_json::Map<_, _> =
        ENTRIES.iter().map(|(name, file)| (name.to_string(), json!(format!("./{file}")))).collect();
    exports.insert("./engine.wasm".into(), json!("./pkg/insitu_bg.wasm"));
    exports.insert("./models/*".into(), json!("./models/*"));
    exports.insert("./package.json".into(), json!("./package.json"));
    let text = json!({
        "name": "insitu",
        "version": version,
        "description": "Segments biomedical images with a U-Net, and teaches it, where the images are: in a page or in Node.js.",
        "keywords": ["segmentation", "u-net", "biomedical", "dicom", "microscopy", "webgpu", "wasm"],
        "license": "MIT OR Apache-2.0",
        "type": "module",
        "engines": { "node": ">=20" },
        "exports": exports,
        "types": "./www/insitu.d.ts",
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&text)?))
}

/// The modules that the entries load, at once, later, or in workers; those of the engine are not among them.
fn modules(root: &Path) -> Result<BTreeSet<String>> {
    let mut found = BTreeSet::new();
    let mut left: Vec<String> = ENTRIES.iter().map(|(_, file)| file.to_string()).collect();
    while let Some(file) = left.pop() {
        if !found.insert(file.clone()) {
            continue;
        }
        let text = fs::read_to_string(root.join(&file)).map_err(|e| format!("{file}: {e}"))?;
        left.extend(imports(&file, &text).into_iter().filter(|other| !other.starts_with("pkg/")));
    }
    Ok(found)
}

/// The modules that a module names, from the root on.
fn imports(file: &str, text: &str) -> Vec<String> {
    let mut found = Vec::new();
    // Comments name types alone.
    let code: String =
        text.split("/*").enumerate().map(|(i, part)| if i == 0 { part } else { after(part) }).collect();
    for start in ["from '", "import '", "import('", "new URL('"] {
        for part in code.split(start).skip(1) {
            let path = part.split('\'').next().unwrap_or_default();
            if path.starts_with('.') && path.ends_with(".js") {
                found.push(resolved(file, path));
            }
        }
    }
    found
}

/// What stands behind the end of a comment.
fn after(comment: &str) -> &str {
    comment.split_once("*/").map_or("", |(_, code)| code)
}

/// `path` as seen from a file.
fn resolved(file: &str, path: &str) -> String {
    let mut parts: Vec<&str> = file.split('/').collect();
    parts.pop();
    for part in path.split('/') {
        match part {
            "." => {}
            ".." => {
                parts.pop();
            }
            name => parts.push(name),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn modules_are_found_by_every_way_to_load_them_and_not_by_their_types() {
        let text = "import { a } from './a.js';\nimport '../guard/b.js';\n/** @type {import('./types.js').T} */\n\
            const c = () => import('./c.js');\nnew Worker(new URL('./d.js', import.meta.url), { type: 'module' });\n\
            new URL('../../pkg/insitu_bg.wasm', import.meta.url);\nimport { readFile } from 'node:fs/promises';\n";
        let found = imports("www/wire/life.js", text);
        assert_eq!(found, ["www/wire/a.js", "www/guard/b.js", "www/wire/c.js", "www/wire/d.js"]);
    }

    #[test]
    fn the_package_has_the_api_and_its_workers_and_nothing_of_our_own_page() {
        let found = modules(&root()).unwrap();
        for file in
            ["www/insitu.js", "www/wire/engine-worker.js", "www/wire/helper-worker.js", "www/strings/de.js"]
        {
            assert!(found.contains(file), "{file}");
        }
        let own = ["www/views/", "www/session/", "www/canvas/", "www/store.js", "www/keep/", "www/offline/"];
        let strangers: Vec<_> = found.iter().filter(|f| own.iter().any(|o| f.starts_with(o))).collect();
        assert!(strangers.is_empty(), "{strangers:?}");
    }

    #[test]
    fn the_manifest_has_the_version_of_the_crate_and_needs_no_package() {
        let text = manifest("1.2.3").unwrap();
        let read: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&read["version"], &read["type"]), (&json!("1.2.3"), &json!("module")));
        assert_eq!(read["exports"]["."], "./www/insitu.js");
        assert!(read.get("dependencies").is_none());
    }
}
