//! OME-TIFF images in several files are one image when all of them are there, and each says so when it is alone. `tests/reference/make_sets.py` wrote the
//! files of `tests/reference/sets` and `index.json`, which tells what tifffile reads in them.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::PathBuf;

use insitu::scan::{Beginning, Limits, Scan, What, together};
use serde::Deserialize;

#[derive(Deserialize)]
struct Set {
    files: Vec<String>,
    channels: Vec<String>,
    depths: usize,
    times: usize,
    held: usize,
    values: Vec<Vec<Vec<f32>>>,
}

fn bytes(name: &str) -> Vec<u8> {
    std::fs::read(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/sets").join(name)).unwrap()
}

fn sets() -> BTreeMap<String, Set> {
    let sets: BTreeMap<String, Set> = serde_json::from_slice(&bytes("index.json")).unwrap();
    assert_eq!(sets.len(), 2, "the reference files are missing");
    sets
}

fn beginnings(names: &[String]) -> Vec<Beginning> {
    names.iter().map(|name| Beginning::of(&bytes(name), name, true).unwrap()).collect()
}

#[test]
fn all_files_of_a_set_are_one_image_in_any_order() {
    for (stem, set) in sets() {
        for turned in [false, true] {
            let mut names = set.files.clone();
            if turned {
                names.reverse();
            }
            let (found, left_out) = together(&beginnings(&names), &names);
            assert_eq!((found.len(), left_out.len()), (1, 0), "{stem}");
            assert!(matches!(found[0].what, What::Set));
            let limits = Limits { pixels: 4 * 3 * (set.depths * set.times * 2) as u64, ..Limits::default() };
            let scan = found[0].open(&names, &limits, |place| Ok(bytes(&names[place]))).unwrap();
            assert_eq!((&scan.planes.channels, scan.planes.depths), (&set.channels, set.depths), "{stem}");
            assert_eq!((scan.planes.times, scan.notes.len()), (set.times, 0), "{stem} {:?}", scan.notes);
            let spacing = scan.spacing.unwrap();
            assert!((spacing.x - 0.0005).abs() < 1e-9 && (spacing.z.unwrap() - 0.002).abs() < 1e-9);
            for slice in 0..scan.slices {
                let (channel, n) = (slice % 2, slice / 2);
                let value = set.values[n / set.depths][n % set.depths][channel];
                assert_eq!(scan.value_at(slice, 2, 1), Some(vec![value]), "{stem} {slice}");
            }
            let fewer = Limits { pixels: limits.pixels - 1, ..limits };
            let refused = found[0].open(&names, &fewer, |place| Ok(bytes(&names[place]))).unwrap_err();
            assert_eq!(refused.code(), "scan.limit.pixels", "{stem}");
        }
    }
}

#[test]
fn a_file_of_a_set_alone_says_how_much_is_elsewhere() {
    for (stem, set) in sets() {
        let name = &set.files[0];
        let scan = Scan::decode(&bytes(name), Some(name), &Limits::default()).unwrap();
        assert_eq!(scan.slices, set.held, "{stem}");
        let rest = set.depths * set.times * 2 - set.held;
        let told = format!("one of the 2 of an OME-TIFF image of {} planes", rest + set.held);
        assert!(
            scan.notes[0].contains(&told) && scan.notes[0].contains(&format!("{rest} are in the other")),
            "{:?}",
            scan.notes
        );
    }
}

#[test]
fn a_set_that_is_not_whole_stays_single_files_and_sets_of_two_folders_are_two() {
    let set = &sets()["channels"];
    let (found, _) = together(&beginnings(&set.files[..1]), &set.files[..1]);
    assert!(matches!(found[..], [ref one] if matches!(one.what, What::File)));
    let names: Vec<String> = ["a", "b"]
        .iter()
        .flat_map(|folder| set.files.iter().map(move |name| format!("{folder}/{name}")))
        .collect();
    let heads = beginnings(&set.files).into_iter().cycle().take(4).collect::<Vec<_>>();
    let (found, _) = together(&heads, &names);
    let files: Vec<_> = found.iter().map(|one| one.files.clone()).collect();
    assert_eq!(files, [[0, 1], [2, 3]]);
}

#[test]
fn files_of_a_set_that_do_not_hold_what_they_say_are_refused() {
    let set = &sets()["channels"];
    let (found, _) = together(&beginnings(&set.files), &set.files);
    // The same file twice: its planes are as many, and another set's file has another size of planes.
    let cut = |place: usize| if place == 0 { Ok(bytes(&set.files[0])) } else { Ok(bytes("index.json")) };
    assert!(found[0].open(&set.files, &Limits::default(), cut).is_err());
    // One page fewer than promised.
    let short = |place: usize| if place == 0 { Ok(bytes(&set.files[0])) } else { Ok(one_page()) };
    let refused = found[0].open(&set.files, &Limits::default(), short).unwrap_err();
    assert_eq!(refused.code(), "tiff.set");
}

/// A TIFF of 4 x 3 pixels of 16 bits.
fn one_page() -> Vec<u8> {
    let mut file = b"II*\0\x08\0\0\0\x07\0".to_vec();
    for (tag, value) in [(256u16, 4u32), (257, 3), (258, 16), (262, 1), (273, 98), (277, 1), (279, 24)] {
        file.extend(
            [&tag.to_le_bytes()[..], &4u16.to_le_bytes(), &1u32.to_le_bytes(), &value.to_le_bytes()].concat(),
        );
    }
    file.extend([0; 4 + 24]);
    file
}
