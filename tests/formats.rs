//! What docs/formats.md says is read or refused is shown by a file for each kind: `tests/reference/kinds.json` names the files; what is in them is compared
//! by scan_channels.rs, scan_reference.rs, tiff_reference.rs, scan_medical.rs, scan_values.rs, scan_volumes.rs and scan_zarr.rs. With `--nocapture` the rows are printed from which `cargo xtask formats`
//! writes the table.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeSet;
use std::path::PathBuf;

use insitu::scan::{Limits, Scan};
use serde_json::Value;

const FOLDERS: [&str; 10] =
    ["scans", "tiffs", "medical", "values", "channels", "volumes", "mixes", "pyramids", "sets", "zarr"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference")
}

/// All reference files, `FOLDER/NAME`.
fn all() -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for folder_name in FOLDERS {
        for entry in std::fs::read_dir(folder().join(folder_name)).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            if name != "index.json" {
                names.insert(format!("{folder_name}/{name}"));
            }
        }
    }
    names
}

/// Whether a name is what a pattern with at most two `*` means.
fn matches(pattern: &str, name: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == name,
        Some((head, tail)) => name.strip_prefix(head).is_some_and(|rest| match tail.split_once('*') {
            None => rest.ends_with(tail),
            Some(_) => (0..=rest.len()).any(|i| rest.is_char_boundary(i) && matches(tail, &rest[i..])),
        }),
    }
}

fn refusal(name: &str) -> Option<insitu::Error> {
    // Not a file but the hexadecimal digits of many (scan_values.rs).
    if name.ends_with(".json") {
        return None;
    }
    let path = folder().join(name);
    // A header has its pixels beside it.
    let mut files = |wanted: &str| std::fs::read(path.with_file_name(wanted)).ok().map(Into::into);
    let bytes = std::fs::read(&path).unwrap();
    Scan::decode_detached(&bytes, path.file_name()?.to_str(), &mut files, &Limits::default()).err()
}

/// The kinds of a format, `[words, pattern...]`, with all their files.
fn kinds<'a>(kinds: &'a Value, all: &BTreeSet<String>) -> Vec<(&'a str, Vec<String>)> {
    let kind = |kind: &'a Value| {
        let mut words = kind.as_array().unwrap().iter().filter_map(Value::as_str);
        let name = words.next().unwrap();
        let patterns: Vec<&str> = words.collect();
        (name, all.iter().filter(|name| patterns.iter().any(|p| matches(p, name))).cloned().collect())
    };
    kinds.as_array().unwrap().iter().map(kind).collect()
}

#[test]
fn every_kind_is_shown_by_a_file_and_every_file_shows_a_kind() {
    let table = std::fs::read(folder().join("kinds.json")).unwrap();
    let table: Vec<Value> = serde_json::from_slice(&table).unwrap();
    let docs = std::fs::read_to_string(folder().join("../../docs/formats.md")).unwrap();
    let all = all();
    let (mut shown, mut stale) = (BTreeSet::new(), false);
    for format in &table {
        let text = |key: &str| format[key].as_str().unwrap_or_default();
        let (read, refused) = (kinds(&format["read"], &all), kinds(&format["refused"], &all));
        for (kind, files) in read.iter().chain(&refused) {
            assert!(!files.is_empty(), "{}: no file shows {kind}", text("format"));
            shown.extend(files.iter().cloned());
        }
        for name in read.iter().flat_map(|(_, files)| files) {
            assert!(refusal(name).is_none(), "{name}: {:?}", refusal(name));
        }
        for (kind, files) in &refused {
            for name in files {
                let error =
                    refusal(name).unwrap_or_else(|| panic!("{name} was read, and should be refused: {kind}"));
                println!("formats|refused|{}|{kind}|{name}|{error}|{}", text("format"), error.code());
            }
        }
        let words = |kinds: &[(&str, Vec<String>)]| kinds.iter().map(|k| k.0.to_string()).collect::<Vec<_>>();
        let told = format!("| {} | {} |", text("format"), words(&read).join("; "));
        stale |= !docs.contains(&told);
        let mut not = words(&refused);
        not.extend(Some(text("also").to_string()).filter(|also| !also.is_empty()));
        let count = |kinds: &[(&str, Vec<String>)]| kinds.iter().map(|k| k.1.len()).sum::<usize>();
        println!(
            "formats|kind|{}|{}|{}|{}|{}",
            text("format"),
            words(&read).join("; "),
            not.join("; "),
            text("left"),
            count(&read) + count(&refused)
        );
    }
    let unnamed: Vec<_> = all.difference(&shown).collect();
    assert!(unnamed.is_empty(), "kinds.json names none of these: {unnamed:?}");
    assert!(!stale, "docs/formats.md tells something else: run cargo xtask formats");
    assert!(all.len() > 200, "the reference files are missing");
}
