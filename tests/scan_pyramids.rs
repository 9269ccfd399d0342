//! Of a pyramid the largest level that fits the limits is read, with the spacing that it has. `tests/reference/make_pyramids.py` wrote the files of
//! `tests/reference/pyramids` and `index.json`, which tells what tifffile reads of each level.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::PathBuf;

use insitu::scan::{Limits, Pixels, Scan};
use serde::Deserialize;

#[derive(Deserialize)]
struct Level {
    width: usize,
    height: usize,
    pixel: f64,
    sums: Vec<f64>,
}

fn index() -> BTreeMap<String, (Vec<u8>, Vec<Level>)> {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/pyramids");
    let index = std::fs::read(folder.join("index.json")).unwrap();
    let index: BTreeMap<String, Vec<Level>> = serde_json::from_slice(&index).unwrap();
    assert_eq!(index.len(), 3, "the reference files are missing");
    index
        .into_iter()
        .map(|(name, levels)| (name.clone(), (std::fs::read(folder.join(&name)).unwrap(), levels)))
        .collect()
}

fn limits(pixels: usize) -> Limits {
    Limits { pixels: pixels as u64, ..Limits::default() }
}

#[test]
fn each_level_is_read_when_no_larger_one_fits() {
    for (name, (bytes, levels)) in index() {
        let whole = &levels[0];
        for (i, level) in levels.iter().enumerate() {
            // What is read must fit to the pixel.
            let pixels = level.width * level.height * level.sums.len();
            let scan = Scan::decode(&bytes, Some(&name), &limits(pixels)).unwrap();
            assert_eq!(
                (scan.width, scan.height, scan.slices),
                (level.width, level.height, level.sums.len()),
                "{name} {i}"
            );
            let spacing = scan.spacing.unwrap();
            assert!((spacing.x * 1000.0 - level.pixel).abs() < 1e-6, "{name} {i} {spacing:?}");
            let expected = level.height as f64 * spacing.y - whole.height as f64 * levels[0].pixel / 1000.0;
            assert!(expected.abs() < 1e-9, "{name} {i}: a level covers what the whole image does");
            for (slice, sum) in level.sums.iter().enumerate() {
                let pixels = scan.pixels(slice).unwrap();
                let mut all = vec![0.0; scan.width];
                let mut have = 0.0;
                for (channel, row) in
                    (0..scan.channels).flat_map(|c| (0..scan.height).map(move |row| (c, row)))
                {
                    pixels.read(channel, row, 0, &mut all);
                    have += all.iter().map(|v| f64::from(*v)).sum::<f64>();
                }
                assert_eq!(have, *sum, "{name} level {i} slice {slice}");
            }
            let told = scan.notes.iter().any(|note| {
                note.contains(&format!("The whole image has {} x {} pixels", whole.width, whole.height))
                    && note.contains(&format!("Level {} of the ", i + 1))
                    && note.contains(&format!("{} x {} pixels.", level.width, level.height))
            });
            assert_eq!(told, i > 0, "{name} {i}: {:?}", scan.notes);
        }
    }
}

#[test]
fn channels_and_depths_of_a_level_are_those_of_the_image() {
    let (bytes, levels) = &index()["children.ome.tif"];
    let scan = Scan::decode(bytes, None, &limits(levels[1].width * levels[1].height * 6)).unwrap();
    assert_eq!((scan.planes.channels.join(" "), scan.planes.depths), ("DAPI GFP".to_string(), 3));
}

#[test]
fn a_pyramid_without_a_level_that_fits_is_refused_with_the_size_of_the_whole() {
    for (name, (bytes, levels)) in index() {
        let refused = Scan::decode(&bytes, Some(&name), &limits(64)).unwrap_err();
        assert_eq!(refused.code(), "scan.limit.pixels", "{name}");
        assert!(
            refused.to_string().contains(&format!("{} x {}", levels[0].width, levels[0].height)),
            "{refused}"
        );
    }
}
