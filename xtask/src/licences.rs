//! What the dependencies may be: the rules of `deny.toml`, read by `cargo deny check bans licenses sources` and, so that
//! nobody has to install that to run the tests, in their main points here.

use std::collections::BTreeSet;

use spdx::{Expression, ParseMode};
use toml::Table;

use crate::process::{Result, cargo, root};

/// Fails if a dependency's licence is not on the list, if it is forbidden, or if it does not come from crates.io.
pub fn check() -> Result {
    let rules: Table = std::fs::read_to_string(root().join("deny.toml"))?.parse()?;
    let rules = Rules::read(&rules);
    // `cargo metadata` would also name what only unused features of dependencies need.
    let tree = ["tree", "--workspace", "--all-features", "--target", "all", "--edges", "normal,build,dev"];
    let output = cargo(&tree).args(["--locked", "--prefix", "none", "--format", "{p}|{l}"]).output()?;
    if !output.status.success() {
        return Err(String::from_utf8_lossy(&output.stderr).into_owned().into());
    }
    let root = root().display().to_string();
    let packages: BTreeSet<Package> = String::from_utf8(output.stdout)?
        .lines()
        .filter_map(Package::read)
        .filter(|p| !p.source.starts_with(&root))
        .collect();
    let faults: Vec<String> = packages.iter().filter_map(|p| rules.fault(p)).collect();
    println!("{} packages, {} licences allowed.", packages.len(), rules.allowed.len());
    if packages.is_empty() {
        return Err("cargo tree named no package".into());
    }
    if faults.is_empty() { Ok(()) } else { Err(faults.join("\n").into()) }
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Package {
    name: String,
    version: String,
    /// A folder or a repository; empty for crates.io.
    source: String,
    licence: String,
}

impl Package {
    /// A line such as `syn v2.0.1 (proc-macro)|MIT OR Apache-2.0 (*)`.
    fn read(line: &str) -> Option<Self> {
        let (package, licence) = line.trim_end_matches(" (*)").split_once('|')?;
        let mut words = package.splitn(3, ' ');
        let (name, version) = (words.next()?.to_string(), words.next()?.to_string());
        let source = words.next().unwrap_or("").replace("(proc-macro)", "");
        let source = source.trim().trim_start_matches('(').trim_end_matches(')').to_string();
        Some(Self { name, version, source, licence: licence.to_string() })
    }
}

struct Rules {
    allowed: BTreeSet<String>,
    /// Allowed for one package only: name, licence.
    exceptions: BTreeSet<(String, String)>,
    banned: BTreeSet<String>,
}

impl Rules {
    fn read(file: &Table) -> Self {
        let list = |section: &str, key: &str| -> Vec<toml::Value> {
            file.get(section).and_then(|s| s.get(key)).and_then(|l| l.as_array()).cloned().unwrap_or_default()
        };
        let text = |value: &toml::Value| value.as_str().map(str::to_string);
        let name = |value: &toml::Value| value.get("crate").or(value.get("name")).and_then(&text);
        let mut exceptions = BTreeSet::new();
        for exception in list("licenses", "exceptions") {
            let licences = exception.get("allow").and_then(|a| a.as_array()).cloned().unwrap_or_default();
            for licence in licences.iter().filter_map(&text) {
                exceptions.extend(name(&exception).map(|n| (n, licence)));
            }
        }
        Self {
            allowed: list("licenses", "allow").iter().filter_map(&text).collect(),
            exceptions,
            banned: list("bans", "deny").iter().filter_map(|b| text(b).or_else(|| name(b))).collect(),
        }
    }

    /// What is wrong with a package, in words.
    fn fault(&self, package: &Package) -> Option<String> {
        let Package { name, version, source, licence } = package;
        if !source.is_empty() {
            return Some(format!("{name} {version} comes from {source}"));
        }
        if self.banned.contains(name) {
            return Some(format!("{name} {version} is forbidden by deny.toml"));
        }
        if licence.is_empty() {
            return Some(format!("{name} {version} names no licence"));
        }
        let expression = match Expression::parse_mode(licence, ParseMode::LAX) {
            Ok(expression) => expression,
            Err(e) => {
                return Some(format!("{name} {version}: the licence '{licence}' cannot be understood: {e}"));
            }
        };
        let fine = expression.evaluate(|required| {
            let text = required.to_string();
            self.allowed.contains(&text) || self.exceptions.contains(&(name.clone(), text))
        });
        (!fine).then(|| format!("{name} {version}: the licence '{licence}' is not allowed by deny.toml"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Rules {
        let file = "[licenses]\nallow = ['MIT', 'Apache-2.0', 'Apache-2.0 WITH LLVM-exception']\n\
            exceptions = [{ crate = 'odd', allow = ['MPL-2.0'] }]\n[bans]\ndeny = [{ crate = 'openssl' }]";
        Rules::read(&file.parse().unwrap())
    }

    fn package(name: &str, licence: &str) -> Package {
        Package::read(&format!("{name} v1.0.0|{licence} (*)")).unwrap()
    }

    #[test]
    fn one_allowed_licence_of_a_choice_is_enough() {
        for licence in
            ["MIT", "MIT OR GPL-3.0", "MIT/Apache-2.0", "Apache-2.0 WITH LLVM-exception OR GPL-2.0"]
        {
            assert_eq!(rules().fault(&package("a", licence)), None, "{licence}");
        }
    }

    #[test]
    fn what_is_not_on_the_list_is_named() {
        for licence in ["GPL-3.0-only", "MIT AND GPL-3.0-only", "MPL-2.0", "whatever I like"] {
            let fault = rules().fault(&package("bad", licence)).expect(licence);
            assert!(fault.contains("bad v1.0.0") && fault.contains(licence), "{fault}");
        }
    }

    #[test]
    fn an_exception_holds_for_its_package_alone() {
        assert_eq!(rules().fault(&package("odd", "MPL-2.0")), None);
        assert!(rules().fault(&package("even", "MPL-2.0")).is_some());
    }

    #[test]
    fn forbidden_packages_and_other_sources_are_named() {
        assert!(rules().fault(&package("openssl", "MIT")).is_some());
        let foreign = Package::read("a v1.0.0 (https://example.org/a#1f) (proc-macro)|MIT").unwrap();
        assert!(rules().fault(&foreign).unwrap().contains("https://example.org/a#1f"));
        assert!(rules().fault(&package("a", "")).unwrap().contains("names no licence"));
        assert_eq!(rules().fault(&Package::read("a v1.0.0 (proc-macro)|MIT").unwrap()), None);
    }
}
