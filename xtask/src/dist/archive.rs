//! The release as it is handed out: one archive of `dist/`, the bill of what is inside, and the hashes of both.

use std::fs;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::HOUSE;
use super::release::{File, hex, list};
use super::zip::zip;
use crate::process::Result;

const SUMS: &str = "SHA256SUMS";

/// Writes the archive of a folder and what lies beside it into another.
pub fn write(dist: &Path, to: &Path, version: &str, bill: &str) -> Result<()> {
    if to.exists() {
        fs::remove_dir_all(to)?;
    }
    fs::create_dir_all(to)?;
    let mut entries = Vec::new();
    // Unpacked over an older release, it leaves what the house has set.
    for file in list(dist)?.into_iter().filter(|file| file.path != HOUSE) {
        entries.push((file.path.clone(), fs::read(dist.join(&file.path))?));
    }
    entries.push(("insitu.cdx.json".into(), bill.as_bytes().to_vec()));
    let hashed = |(path, bytes): &(String, Vec<u8>)| File {
        path: path.clone(),
        bytes: bytes.len() as u64,
        sha256: hex(&Sha256::digest(bytes)),
    };
    let mut files: Vec<_> = entries.iter().map(hashed).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    entries.push((SUMS.into(), sums(&files).into_bytes()));
    fs::write(to.join(format!("insitu-{version}.zip")), zip(entries)?)?;
    fs::write(to.join(format!("insitu-{version}.cdx.json")), bill)?;
    let beside = sums(&list(to)?);
    fs::write(to.join(SUMS), beside)?;
    Ok(())
}

/// As `sha256sum --check` reads it.
fn sums(files: &[File]) -> String {
    files.iter().map(|file| format!("{}  {}\n", file.sha256, file.path)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_archive_of_the_same_files_is_the_same_and_leaves_the_settings_of_the_house_out() {
        let place = std::env::temp_dir().join(format!("insitu-archive-{}", std::process::id()));
        let _ = fs::remove_dir_all(&place);
        let dist = place.join("dist");
        fs::create_dir_all(dist.join("www")).unwrap();
        for (name, text) in [("index.html", "page"), ("www/insitu.js", "door"), (HOUSE, "{}")] {
            fs::write(dist.join(name), text).unwrap();
        }
        for to in ["first", "second"] {
            write(&dist, &place.join(to), "0.1.0-ab", "{}").unwrap();
        }
        let of = |to: &str| list(&place.join(to)).unwrap();
        let (first, second) = (of("first"), of("second"));
        let archive = fs::read(place.join("first/insitu-0.1.0-ab.zip")).unwrap();
        fs::remove_dir_all(&place).unwrap();
        assert_eq!(first, second);
        assert_eq!(first.len(), 3, "archive, bill and sums");
        let holds = |name: &str| archive.windows(name.len()).any(|w| w == name.as_bytes());
        assert!(holds("www/insitu.js") && holds(SUMS) && !holds(HOUSE));
    }
}
