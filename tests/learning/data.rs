//! Images and labels of `../shared/data`.

use std::fs;
use std::path::{Path, PathBuf};

use insitu::scan::{Image, Limits, Scan};
use insitu::train::split;

/// An image as networks see it, before normalisation, and the class of each of its pixels.
#[derive(Clone)]
pub struct Labelled {
    pub name: String,
    pub image: Image,
    pub classes: Vec<u8>,
}

pub fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data")
}

/// `data` is a folder with `images` and `labels`; in labels, anything but 0 is class 1.
pub fn labelled(data: &str, stem: &str) -> Labelled {
    let scan = |kind: &str| {
        let path = folder().join(data).join(kind).join(format!("{stem}.png"));
        let bytes = fs::read(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
        Scan::decode(&bytes, None, &Limits::default()).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
    };
    let label = scan("labels").slice(0).expect("a label has a slice");
    let image = scan("images").network_slice(0).expect("an image has a slice");
    let classes = label.data.iter().map(|v| u8::from(*v > 0.0)).collect();
    Labelled { name: stem.to_string(), image, classes }
}

/// The nuclei that the shipped model never saw, `(stem, kind)`: those of its training's split.
pub fn unseen_nuclei() -> Vec<(String, String)> {
    nuclei(false)
}

/// Those of a kind that it learnt from.
pub fn seen_nuclei(kind: &str) -> Vec<String> {
    nuclei(true).into_iter().filter(|row| row.1 == kind).map(|row| row.0).collect()
}

fn nuclei(seen: bool) -> Vec<(String, String)> {
    let path = folder().join("nuclei/index.csv");
    let text = fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let mut rows: Vec<(String, String)> = text
        .lines()
        .skip(1)
        .filter_map(|line| {
            let mut cells = line.split(',');
            Some((cells.next()?.to_string(), cells.next()?.to_string()))
        })
        .collect();
    rows.sort();
    let kinds: Vec<&str> = rows.iter().map(|row| row.1.as_str()).collect();
    // As in models/nuclei.md: a tenth, seed 1.
    let (train, held) = split(&kinds, 0.1, 1);
    if seen { train } else { held }.into_iter().map(|i| rows[i].clone()).collect()
}
