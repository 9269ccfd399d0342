//! What the page's engine is made of: the crates that are compiled into it, as `cargo tree` and `cargo metadata` name them.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::{Value, json};

use crate::build::WASM;
use crate::process::{Result, cargo, root};

#[derive(Clone, Debug)]
pub struct Crate {
    pub name: String,
    pub version: String,
    /// SPDX.
    pub licence: String,
    /// Of the archive at the registry; none for crates of this repository.
    pub sha256: Option<String>,
    pub folder: PathBuf,
    /// Names and versions of the crates that it needs itself.
    pub needs: BTreeSet<(String, String)>,
}

/// Those of the page's engine, in the order of their names; itself among them.
pub fn crates() -> Result<Vec<Crate>> {
    let tree = ["tree", "-p", "insitu", "--target", WASM, "--edges", "normal,no-proc-macro", "--locked"];
    let tree = output(&[&tree[..], &["--prefix", "none", "--format", "{p}"]].concat())?;
    let inside: BTreeSet<(String, String)> = tree.lines().filter_map(named).collect();
    let metadata: Value = serde_json::from_str(&output(&[
        "metadata",
        "--format-version",
        "1",
        "--locked",
        "--filter-platform",
        WASM,
    ])?)?;
    let lock: toml::Table = std::fs::read_to_string(root().join("Cargo.lock"))?.parse()?;
    read(&inside, &metadata, &hashes(&lock))
}

fn output(args: &[&str]) -> Result<String> {
    let output = cargo(args).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// A line such as `syn v2.0.1 (*)`.
fn named(line: &str) -> Option<(String, String)> {
    let mut words = line.split(' ');
    Some((words.next()?.to_string(), words.next()?.strip_prefix('v')?.to_string()))
}

fn hashes(lock: &toml::Table) -> BTreeMap<(String, String), String> {
    let packages = lock.get("package").and_then(|p| p.as_array()).cloned().unwrap_or_default();
    let text = |package: &toml::Value, key: &str| package.get(key)?.as_str().map(str::to_string);
    let known =
        packages.iter().filter_map(|p| Some(((text(p, "name")?, text(p, "version")?), text(p, "checksum")?)));
    known.collect()
}

fn read(
    inside: &BTreeSet<(String, String)>,
    metadata: &Value,
    hashes: &BTreeMap<(String, String), String>,
) -> Result<Vec<Crate>> {
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    let text = |value: &Value| value.as_str().unwrap_or_default().to_string();
    let mut by_id = BTreeMap::new();
    for package in list(&metadata["packages"]) {
        by_id.insert(text(&package["id"]), (text(&package["name"]), text(&package["version"])));
    }
    let mut needs = BTreeMap::new();
    for node in list(&metadata["resolve"]["nodes"]) {
        let others = list(&node["dependencies"]);
        let others = others.iter().filter_map(|id| by_id.get(id.as_str()?)).filter(|o| inside.contains(*o));
        needs.insert(text(&node["id"]), others.cloned().collect::<BTreeSet<_>>());
    }
    let mut found = Vec::new();
    for package in list(&metadata["packages"]) {
        let key = (text(&package["name"]), text(&package["version"]));
        if !inside.contains(&key) {
            continue;
        }
        let manifest = PathBuf::from(text(&package["manifest_path"]));
        found.push(Crate {
            sha256: hashes.get(&key).cloned(),
            licence: text(&package["license"]).replace('/', " OR "),
            folder: manifest.parent().map(PathBuf::from).unwrap_or_default(),
            needs: needs.remove(&text(&package["id"])).unwrap_or_default(),
            name: key.0,
            version: key.1,
        });
    }
    found.sort_by(|a, b| (&a.name, &a.version).cmp(&(&b.name, &b.version)));
    if found.len() != inside.len() {
        return Err(format!("cargo names {} crates, and tells of {}", inside.len(), found.len()).into());
    }
    Ok(found)
}

/// The bill of materials, as CycloneDX 1.5: without a time and a serial number, so that the same crates give the same bytes.
pub fn bill(crates: &[Crate], version: &str) -> Result<String> {
    let reference = |name: &str, version: &str| format!("pkg:cargo/{name}@{version}");
    let component = |one: &Crate, kind: &str| {
        let purl = reference(&one.name, &one.version);
        let mut entry =
            json!({ "type": kind, "bom-ref": purl, "name": one.name, "version": one.version, "purl": purl });
        if !one.licence.is_empty() {
            entry["licenses"] = json!([{ "expression": one.licence }]);
        }
        if let Some(hash) = &one.sha256 {
            entry["hashes"] = json!([{ "alg": "SHA-256", "content": hash }]);
        }
        entry
    };
    let (ours, others): (Vec<_>, Vec<_>) = crates.iter().partition(|one| one.name == "insitu");
    let ours = ours.first().ok_or("the engine itself is not among its crates")?;
    let mut subject = component(ours, "application");
    subject["properties"] = json!([{ "name": "insitu:release", "value": version }]);
    let components: Vec<_> = others.iter().map(|one| component(one, "library")).collect();
    let graph: Vec<_> = crates
        .iter()
        .map(|one| {
            let needs: Vec<_> = one.needs.iter().map(|(name, version)| reference(name, version)).collect();
            json!({ "ref": reference(&one.name, &one.version), "dependsOn": needs })
        })
        .collect();
    let bill = json!({
        "bomFormat": "CycloneDX",
        "specVersion": "1.5",
        "version": 1,
        "metadata": { "component": subject },
        "components": components,
        "dependencies": graph,
    });
    Ok(format!("{}\n", serde_json::to_string_pretty(&bill)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known() -> Vec<Crate> {
        let inside = ["insitu v0.1.0 (place)", "half v2.0.0 (*)"].iter().filter_map(|l| named(l)).collect();
        let metadata = json!({
            "packages": [
                { "id": "1", "name": "insitu", "version": "0.1.0", "license": "MIT", "manifest_path": "a/Cargo.toml" },
                { "id": "2", "name": "half", "version": "2.0.0", "license": "MIT/Apache-2.0", "manifest_path": "b/Cargo.toml" },
                { "id": "3", "name": "other", "version": "1.0.0", "license": "MIT", "manifest_path": "c/Cargo.toml" },
            ],
            "resolve": { "nodes": [{ "id": "1", "dependencies": ["2", "3"] }] },
        });
        let lock = "[[package]]\nname = 'half'\nversion = '2.0.0'\nchecksum = 'ab'".parse().unwrap();
        read(&inside, &metadata, &hashes(&lock)).unwrap()
    }

    #[test]
    fn the_bill_names_what_is_inside_and_nothing_else() {
        let bill: Value = serde_json::from_str(&bill(&known(), "0.1.0-ab").unwrap()).unwrap();
        let components = bill["components"].as_array().unwrap();
        assert_eq!(components.len(), 1);
        assert_eq!(components[0]["purl"], "pkg:cargo/half@2.0.0");
        assert_eq!(components[0]["licenses"][0]["expression"], "MIT OR Apache-2.0");
        assert_eq!(components[0]["hashes"][0]["content"], "ab");
        assert_eq!(bill["dependencies"][1]["dependsOn"], json!(["pkg:cargo/half@2.0.0"]));
        assert_eq!(bill["metadata"]["component"]["name"], "insitu");
    }

    #[test]
    fn a_crate_that_nothing_is_known_of_is_no_small_matter() {
        let inside = [("gone".to_string(), "1.0.0".to_string())].into();
        assert!(read(&inside, &json!({}), &BTreeMap::new()).is_err());
    }
}
