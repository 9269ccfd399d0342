//! The licences of all that is downloaded with the page, in one text.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use super::crates::Crate;
use crate::process::Result;

/// How the files begin that hold licences and what must be passed on with them.
const NAMES: [&str; 7] = ["license", "licence", "copying", "copyright", "notice", "unlicense", "authors"];

/// Every text once, below the crates that it is of; then the crates that come without one, and the models.
pub fn gathered(crates: &[Crate], models: &str) -> Result<String> {
    let mut texts: BTreeMap<String, Vec<String>> = BTreeMap::new();
    let mut without = Vec::new();
    for one in crates {
        let name = format!("{} {} ({})", one.name, one.version, one.licence);
        let found = texts_in(&one.folder)?;
        if found.is_empty() {
            without.push(name.clone());
        }
        for text in found {
            texts.entry(text).or_default().push(name.clone());
        }
    }
    let mut parts: Vec<_> = texts.into_iter().map(|(text, names)| (names, text)).collect();
    parts.sort();
    let line = "-".repeat(80);
    let mut all = format!(
        "Insitu and what is compiled into its engine, with their licences. Beside these crates the engine holds parts of\n\
         Rust's standard library (MIT OR Apache-2.0).\n\nWithout a text of their own:\n{}\n\nThe models:\n{}",
        without.join("\n"),
        of_models(models)?
    );
    for (names, text) in parts {
        all += &format!("\n{line}\n{}\n{line}\n\n{}\n", names.join("\n"), text);
    }
    Ok(all)
}

/// In a crate's folder, or in one of its folders that is called so; in the order of their names.
fn texts_in(folder: &Path) -> Result<Vec<String>> {
    let mut places: Vec<_> =
        fs::read_dir(folder)?.map(|e| e.map(|e| e.path())).collect::<std::io::Result<_>>()?;
    places.sort();
    let mut texts = Vec::new();
    for place in places {
        let name = place.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
        // Files of code are called so, too.
        if !NAMES.iter().any(|n| name.starts_with(n)) || name.ends_with(".rs") {
            continue;
        }
        if place.is_dir() {
            for entry in fs::read_dir(&place)? {
                let path = entry?.path();
                if path.is_file() {
                    texts.push(plain(&fs::read(path)?));
                }
            }
        } else {
            texts.push(plain(&fs::read(place)?));
        }
    }
    texts.sort();
    texts.dedup();
    texts.retain(|text| !text.is_empty());
    Ok(texts)
}

/// The same text is the same however its lines end.
fn plain(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes)
        .lines()
        .map(str::trim_end)
        .collect::<Vec<_>>()
        .join("\n")
        .trim()
        .to_string()
}

/// A line for each model of `models/index.json`.
fn of_models(index: &str) -> Result<String> {
    let models: Vec<serde_json::Value> = serde_json::from_str(index)?;
    let word = |model: &serde_json::Value, key: &str| model[key].as_str().unwrap_or_default().to_string();
    let line = |m| {
        format!("{}: {} (models/{}.md tells more)\n", word(m, "title"), word(m, "licence"), word(m, "id"))
    };
    Ok(models.iter().map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_stands_once_below_all_that_it_is_of() {
        let place = std::env::temp_dir().join(format!("insitu-texts-{}", std::process::id()));
        let _ = fs::remove_dir_all(&place);
        let mut crates = Vec::new();
        for (name, file, text) in [
            ("a", "LICENSE-MIT", Some("Permission\r\n")),
            ("b", "license.txt", Some("Permission")),
            ("c", "lib.rs", None),
        ] {
            let folder = place.join(name);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join(file), text.unwrap_or("code")).unwrap();
            crates.push(Crate {
                name: name.into(),
                version: "1.0.0".into(),
                licence: "MIT".into(),
                sha256: None,
                folder,
                needs: Default::default(),
            });
        }
        let models = r#"[{ "id": "nuclei", "title": "Nuclei", "licence": "CC0-1.0" }]"#;
        let all = gathered(&crates, models).unwrap();
        fs::remove_dir_all(&place).unwrap();
        assert_eq!(all.matches("Permission").count(), 1, "{all}");
        assert!(all.contains("a 1.0.0 (MIT)\nb 1.0.0 (MIT)\n"), "{all}");
        assert!(all.contains("Without a text of their own:\nc 1.0.0 (MIT)"), "{all}");
        assert!(all.contains("Nuclei: CC0-1.0 (models/nuclei.md tells more)"), "{all}");
        assert!(!all.contains(&*place.to_string_lossy()), "no place on this machine");
    }
}
