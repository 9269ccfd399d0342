//! What a shipped model says of itself: the file, its entry in `models/index.json`, its card for people.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::process::Result;

/// Bytes of a model file, at most: each is downloaded with the page.
const LARGEST: usize = 8_000_000;

/// What the weights may be under: as the data that they were trained on.
const LICENCES: [&str; 7] =
    ["CC0-1.0", "CC BY 4.0", "CC BY", "MIT", "Apache-2.0", "BSD-3-Clause", "Research and teaching"];

/// What a card for people must hold.
const SECTIONS: [&str; 5] =
    ["## What it was trained on", "## How well it does", "## Where it fails", ATTRIBUTION, RECIPE];
const ATTRIBUTION: &str = "## Licence and attribution";
const RECIPE: &str = "## How it was trained";

/// Bytes of the picture on a card, at most.
const LARGEST_PICTURE: u64 = 50_000;

/// Rows of its tables: what is found, and on whom and what it was trained, as far as that is known.
const ROWS: [&str; 5] = ["finds", "who", "machine", "place", "disease"];

/// One model.
pub struct Shipped {
    pub id: String,
    pub bytes: usize,
    /// SHA-256 of the file, 64 hexadecimal digits.
    pub hash: String,
    /// The card in the file.
    pub card: Value,
    /// The entry in `models/index.json`.
    entry: Value,
}

/// All models in the order of `models/index.json`.
///
/// # Errors
/// A file without an entry, an entry without a file, and what cannot be read.
pub fn read(folder: &Path) -> Result<Vec<Shipped>> {
    let index: Vec<Value> = serde_json::from_slice(&fs::read(folder.join("index.json"))?)?;
    let mut files = BTreeSet::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        files.extend(name.strip_suffix(".safetensors").map(str::to_string));
    }
    let mut models = Vec::new();
    for entry in index {
        let id = text(&entry, "id").to_string();
        if !files.remove(&id) {
            return Err(
                format!("models/index.json names {id}, and there is no models/{id}.safetensors").into()
            );
        }
        let bytes = fs::read(folder.join(format!("{id}.safetensors")))?;
        let card = card(&bytes).ok_or_else(|| format!("models/{id}.safetensors has no card"))?;
        let hash = Sha256::digest(&bytes).iter().map(|byte| format!("{byte:02x}")).collect();
        models.push(Shipped { id, bytes: bytes.len(), hash, card, entry });
    }
    match files.into_iter().next() {
        None => Ok(models),
        Some(id) => Err(format!("models/{id}.safetensors is not in models/index.json").into()),
    }
}

/// The card in a safetensors file: eight bytes that tell how long the header is, and the header, JSON.
fn card(bytes: &[u8]) -> Option<Value> {
    let length = u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);
    let end = usize::try_from(length).ok()?.checked_add(8)?;
    let header: Value = serde_json::from_slice(bytes.get(8..end)?).ok()?;
    serde_json::from_str(header["__metadata__"]["insitu"].as_str()?).ok()
}

/// What stands in a card under a heading.
fn under(card: &str, heading: &str) -> String {
    let lines = card.lines().skip_while(|line| line.trim() != heading).skip(1);
    lines.take_while(|line| !line.starts_with("## ")).collect::<Vec<_>>().join("\n")
}

/// Letters and digits that stand together.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty())
}

/// A text of a record, empty if there is none.
pub fn text<'a>(record: &'a Value, key: &str) -> &'a str {
    record[key].as_str().unwrap_or("")
}

impl Shipped {
    /// A model that is a card alone.
    #[cfg(test)]
    pub fn of_card(id: &str, card: Value) -> Self {
        Self { id: id.into(), bytes: 0, hash: String::new(), card, entry: Value::Null }
    }

    /// What is wrong with the file, its entry and its card, in words.
    pub fn faults(&self, folder: &Path) -> Vec<String> {
        let mut faults = Vec::new();
        if self.bytes > LARGEST {
            faults.push(format!("the file has {} bytes, more than {LARGEST}", self.bytes));
        }
        if self.entry["sizeBytes"] != self.bytes {
            faults.push(format!(
                "index.json says {} bytes, the file has {}",
                self.entry["sizeBytes"], self.bytes
            ));
        }
        if text(&self.entry, "file") != format!("{}.safetensors", self.id) {
            faults.push("index.json names another file".into());
        }
        for key in ["title", "summary", "licence"] {
            if text(&self.card, key).is_empty() || self.card[key] != self.entry[key] {
                faults.push(format!(
                    "the {key} in the file is '{}', in index.json '{}'",
                    text(&self.card, key),
                    text(&self.entry, key)
                ));
            }
        }
        let licence = text(&self.card, "licence");
        if !LICENCES.contains(&licence) {
            faults.push(format!("the licence '{licence}' is not one of: {}", LICENCES.join(", ")));
        }
        if text(&self.card["training"], "attribution").is_empty() {
            faults.push("the file does not say where its data come from".into());
        }
        match fs::read_to_string(folder.join(format!("{}.md", self.id))) {
            Ok(card) => {
                faults.extend(self.lacking(&card));
                faults.extend(self.unpictured(&card, folder));
            }
            Err(e) => faults.push(format!("its card {}.md cannot be read: {e}", self.id)),
        }
        faults
    }

    /// What is wrong with the picture of a good and a bad case, if anything.
    fn unpictured(&self, card: &str, folder: &Path) -> Option<String> {
        let picture = format!("pictures/{}.png", self.id);
        let shown = |line: &str| line.starts_with("![") && line.ends_with(&format!("]({picture})"));
        if !card.lines().any(shown) {
            return Some(format!("the card does not show {picture}"));
        }
        match fs::metadata(folder.join(&picture)) {
            Ok(file) if file.len() <= LARGEST_PICTURE => None,
            Ok(file) => Some(format!("{picture} has {} bytes, more than {LARGEST_PICTURE}", file.len())),
            Err(e) => Some(format!("{picture} cannot be read: {e}")),
        }
    }

    /// What a card for people lacks.
    fn lacking(&self, card: &str) -> Vec<String> {
        let mut faults = Vec::new();
        for section in SECTIONS.iter().filter(|section| under(card, section).trim().is_empty()) {
            faults.push(format!("the card has nothing under '{section}'"));
        }
        let filled = |line: &str, name: &str| {
            line.strip_prefix(&format!("| {name} | "))
                .is_some_and(|cell| !cell.trim_matches([' ', '|']).is_empty())
        };
        for name in ROWS.into_iter().filter(|name| !card.lines().any(|line| filled(line, name))) {
            faults.push(format!("the card has no row '{name}'"));
        }
        if !under(card, RECIPE).contains(&format!("recipes/{}.sh", self.id)) {
            faults.push(format!("the card does not name recipes/{}.sh under '{RECIPE}'", self.id));
        }
        let said = under(card, ATTRIBUTION);
        let said: BTreeSet<&str> = words(&said).collect();
        let attribution = text(&self.card["training"], "attribution");
        let missing: Vec<&str> = words(attribution).filter(|word| !said.contains(word)).collect();
        if !missing.is_empty() {
            faults.push(format!(
                "the card lacks of the attribution under '{ATTRIBUTION}': {}",
                missing.join(" ")
            ));
        }
        faults
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn model() -> Shipped {
        let card = json!({ "title": "T", "summary": "S", "licence": "MIT", "training": { "attribution": "Sources, MIT." } });
        let entry = json!({ "file": "a.safetensors", "sizeBytes": 3, "title": "T", "summary": "S", "licence": "MIT" });
        Shipped { id: "a".into(), bytes: 3, hash: String::new(), card, entry }
    }

    fn card_for_people() -> String {
        let rows: String = ROWS.map(|row| format!("| {row} | something |\n")).concat();
        rows + &SECTIONS.map(|section| format!("{section}\nSources, MIT; recipes/a.sh.\n")).concat()
    }

    #[test]
    fn a_whole_card_lacks_nothing_and_each_part_is_missed() {
        let card = card_for_people();
        assert_eq!(model().lacking(&card), Vec::<String>::new());
        for part in SECTIONS {
            let faults = model().lacking(&card.replace(part, "## Another"));
            assert!(faults.iter().any(|f| f.contains(part)), "{part}: {faults:?}");
            let empty =
                card.replace(&format!("{part}\nSources, MIT; recipes/a.sh.\n"), &format!("{part}\n\n"));
            assert!(model().lacking(&empty).iter().any(|f| f.contains(part)), "{part}");
        }
        for row in ROWS {
            let faults =
                model().lacking(&card.replace(&format!("| {row} | something |"), &format!("| {row} | |")));
            assert!(faults.iter().any(|f| f.contains(row)), "{row}: {faults:?}");
        }
        assert!(model().lacking(&card.replace("a.sh", "b.sh"))[0].contains("recipes/a.sh"));
        assert!(model().lacking(&card.replace("MIT", ""))[0].ends_with("'## Licence and attribution': MIT"));
    }

    #[test]
    fn a_file_that_is_not_what_the_index_says_is_named() {
        let nowhere = Path::new("there-is-no-such-folder");
        let faults = |change: fn(&mut Shipped)| {
            let mut model = model();
            change(&mut model);
            model.faults(nowhere).join("\n")
        };
        assert!(faults(|m| m.bytes = 4).contains("index.json says 3 bytes"));
        assert!(faults(|m| m.bytes = LARGEST + 1).contains("more than"));
        assert!(faults(|m| m.card["licence"] = "CC BY-NC 4.0".into()).contains("is not one of"));
        assert!(faults(|m| m.entry["title"] = "U".into()).contains("the title"));
        assert!(faults(|m| m.card["training"] = Value::Null).contains("where its data come from"));
        assert!(faults(|_| ()).starts_with("its card a.md cannot be read"));
    }

    #[test]
    fn the_card_is_read_from_the_header_and_bytes_that_are_none_are_refused() {
        let header = json!({ "__metadata__": { "insitu": "{\"title\":\"T\"}" } }).to_string();
        let file = [&(header.len() as u64).to_le_bytes(), header.as_bytes()].concat();
        assert_eq!(card(&file), Some(json!({ "title": "T" })));
        assert_eq!(card(&file[..20]), None);
        assert_eq!(card(&[255; 16]), None);
    }

    #[test]
    fn a_card_shows_a_picture_that_is_there() {
        let folder = std::env::temp_dir().join("insitu-card-pictures");
        fs::create_dir_all(folder.join("pictures")).unwrap();
        let fault = |card: &str| model().unpictured(card, &folder).unwrap_or_default();
        assert!(fault("![two masks](pictures/b.png)").contains("does not show"));
        let card = "Words\n![two masks](pictures/a.png)\n";
        let picture = folder.join("pictures/a.png");
        let _ = fs::remove_file(&picture);
        assert!(fault(card).contains("cannot be read"));
        fs::write(&picture, [0; 10]).unwrap();
        assert_eq!(fault(card), "");
        fs::write(&picture, vec![0; 60_000]).unwrap();
        assert!(fault(card).contains("60000 bytes"));
        fs::remove_dir_all(&folder).unwrap();
    }
}
