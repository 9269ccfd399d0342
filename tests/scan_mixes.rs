//! Channels have the colours that their file gives them, and are mixed as numpy does it. `tests/reference/make_mixes.py` wrote the files of
//! `tests/reference/mixes` and `index.json`.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::PathBuf;

use insitu::scan::channels::{Tinted, mixed};
use insitu::scan::{Limits, Scan, Window};
use serde::Deserialize;

#[derive(Deserialize)]
struct Expected {
    colours: Vec<[u8; 3]>,
    windows: Vec<[f64; 2]>,
    mixed: Vec<Vec<[u8; 3]>>,
}

#[test]
fn channels_have_their_files_colours_and_are_added_in_them() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/mixes");
    let index = std::fs::read(folder.join("index.json")).unwrap();
    let index: BTreeMap<String, Expected> = serde_json::from_slice(&index).unwrap();
    assert_eq!(index.len(), 3, "the reference files are missing");
    for (name, expected) in index {
        let bytes = std::fs::read(folder.join(&name)).unwrap();
        let scan = Scan::decode(&bytes, Some(&name), &Limits::default()).unwrap();
        let looks = scan.channel_looks();
        assert_eq!(looks.iter().map(|look| look.colour).collect::<Vec<_>>(), expected.colours, "{name}");
        assert!(looks.iter().all(|look| look.shown), "{name}");
        let slices: Vec<_> = (0..3).map(|channel| scan.pixels(channel).unwrap()).collect();
        let channel = |i: usize| {
            let [center, width] = expected.windows[i];
            Tinted { pixels: &slices[i], window: Window { center, width }, colour: looks[i].colour }
        };
        let rgba = mixed(&[channel(0), channel(1), channel(2)], [scan.width, scan.height], false);
        let wanted = expected.mixed.concat().into_iter().flat_map(|[r, g, b]| [r, g, b, 255]);
        assert_eq!(rgba, wanted.collect::<Vec<u8>>(), "{name}");
    }
}
