//! Folders of Zarr, packed as ZIP archives, hold what the library zarr reads in them. `tests/reference/make_zarr.py` wrote
//! `tests/reference/zarr`.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::PathBuf;

use insitu::Result;
use insitu::scan::{Archive, Beginning, Limits, Scan, Together, What, together, zarr};
use proptest::prelude::*;
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/zarr")
}

fn bytes_of(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn index() -> BTreeMap<String, Value> {
    serde_json::from_slice(&bytes_of("index.json")).unwrap()
}

fn open(name: &str) -> Result<Scan> {
    Scan::decode(&bytes_of(name), Some(name), &Limits::default())
}

/// The folder in an archive as files with their names.
fn unzipped(name: &str) -> (Vec<String>, Vec<Vec<u8>>) {
    let bytes = bytes_of(name);
    let archive = Archive::of(&bytes).unwrap();
    let names = archive.names().to_vec();
    let files = (0..names.len()).map(|i| archive.read(i, &Limits::default()).unwrap()).collect();
    (names, files)
}

fn found(names: &[String], files: &[Vec<u8>]) -> Vec<Together> {
    let beginnings: Vec<Beginning> =
        names.iter().zip(files).map(|(name, bytes)| Beginning::of(bytes, name, true).unwrap()).collect();
    together(&beginnings, names).0
}

/// FNV-1a of all values as 32-bit floats.
fn fnv(values: &[f32]) -> String {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01B3);
    let hash = values.iter().flat_map(|v| v.to_le_bytes()).fold(0xCBF2_9CE4_8422_2325, step);
    format!("{hash:016x}")
}

#[test]
fn every_folder_has_the_voxels_that_zarr_reads_in_it() {
    let read = index().into_iter().filter(|(_, expected)| expected.get("refused").is_none());
    let mut count = 0;
    for (name, expected) in read {
        count += 1;
        let scan = open(&name).unwrap_or_else(|e| panic!("{name}: {e}"));
        let number = |key: &str| expected[key].as_u64().unwrap() as usize;
        let shape: Vec<usize> = serde_json::from_value(expected["shape"].clone()).unwrap();
        let channels: Vec<String> = serde_json::from_value(expected["channels"].clone()).unwrap();
        assert_eq!(scan.planes.channels, channels, "{name}");
        assert_eq!((scan.planes.depths, scan.planes.times), (number("depths"), number("times")), "{name}");
        assert_eq!([scan.height, scan.width], shape[..], "{name}");
        assert_eq!(scan.sample.name(), expected["sample"].as_str().unwrap(), "{name}");
        assert_eq!(scan.notes.len(), number("notes"), "{name}: {:?}", scan.notes);
        let spacing = scan.spacing.map(|s| vec![s.x, s.y, s.z.unwrap()]);
        let wanted: Option<Vec<f64>> = serde_json::from_value(expected["spacing"].clone()).unwrap();
        match (&spacing, &wanted) {
            (Some(have), Some(wanted)) => {
                assert!(have.iter().zip(wanted).all(|(a, b)| (a - b).abs() < 1e-9), "{name}: {have:?}");
            }
            _ => assert_eq!(spacing, wanted, "{name}"),
        }
        let values: Vec<f32> = (0..scan.slices).flat_map(|i| scan.slice(i).unwrap().data).collect();
        match &expected["values"] {
            Value::String(sum) => assert_eq!(&fnv(&values), sum, "{name}"),
            list => {
                // Slices change their channel fastest, the list its columns, then rows, channels, depths, times.
                let list = list.as_array().unwrap();
                assert_eq!(values.len(), list.len(), "{name}");
                for (i, (have, wanted)) in values.iter().zip(list).enumerate() {
                    match wanted.as_f64() {
                        Some(wanted) => assert_eq!(*have, wanted as f32, "{name}, value {i}"),
                        None => assert!(have.is_nan(), "{name}, value {i}"),
                    }
                }
            }
        }
    }
    assert!(count > 50, "the reference files are missing");
}

#[test]
fn what_cannot_be_read_is_refused_by_name() {
    for (name, expected) in index() {
        let Some(code) = expected["refused"].as_str() else { continue };
        let error = open(&name).expect_err(&name);
        assert_eq!(error.code(), code, "{name}: {error}");
        let words = match name.as_str() {
            "bz2.zip" => "bz2",
            "lzma.zip" => "lzma",
            "filter.zip" => "delta",
            "snappy.zip" => "Snappy",
            "complex.zip" => "<c8",
            "codec.zip" => "zfp",
            "grid.zip" => "rectilinear",
            "axis.zip" => "lambda",
            "cut-plain.zip" => "1.0.1",
            "cut-shard.zip" => "c/0/1/1",
            _ => "",
        };
        assert!(error.message().contains(words), "{name}: {error}");
    }
}

#[test]
fn a_dropped_folder_is_one_image_and_reads_only_the_chunks_of_its_level() {
    let (names, files) = unzipped("ngff4.zip");
    let images = found(&names, &files);
    assert_eq!(images.len(), 1);
    let one = &images[0];
    assert_eq!(one.name(), "ngff4.zarr");
    let What::Zarr(store) = &one.what else { panic!("not Zarr") };
    assert_eq!(store.slices(), 8);
    assert_eq!(one.files.len() + store.beside.len(), names.len());
    let read: Vec<&str> = one.files.iter().map(|i| names[*i].as_str()).collect();
    let chunks: Vec<&&str> = read.iter().filter(|name| !zarr::describes(name)).collect();
    assert_eq!(chunks.len(), 12);
    assert!(chunks.iter().all(|name| name.starts_with("ngff4.zarr/0/")), "{chunks:?}");
}

#[test]
fn beside_other_files_a_folder_takes_only_its_own() {
    let (mut names, mut files) = unzipped("plain3.zip");
    let own = names.len();
    for name in &mut names {
        *name = format!("/study/{name}");
    }
    names.extend(["/study/a.png".to_string(), "/study/plain3.zarr.txt".to_string()]);
    files.extend([b"\x89PNG\r\n\x1a\n".to_vec(), b"words".to_vec()]);
    let images = found(&names, &files);
    assert_eq!(images.len(), 3);
    assert_eq!(images[0].files.len(), own);
}

#[test]
fn the_largest_level_that_fits_is_opened_and_told() {
    let limits = Limits { pixels: 24 * 16 * 20 - 1, bytes: 1 << 20, ..Limits::default() };
    let scan = Scan::decode(&bytes_of("ngff5.zip"), None, &limits).unwrap();
    assert_eq!((scan.width, scan.height, scan.slices), (10, 8, 24));
    assert!(
        scan.notes[0].contains("number 2 was opened, 10 x 8 x 4 pixels; all of it is 20 x 16 x 4"),
        "{:?}",
        scan.notes
    );
    assert!((scan.spacing.unwrap().x - 0.001).abs() < 1e-9);
    let limits = Limits { pixels: 1000, bytes: 1 << 20, ..Limits::default() };
    assert_eq!(Scan::decode(&bytes_of("ngff5.zip"), None, &limits).unwrap_err().code(), "scan.limit.pixels");
}

fn damaged(name: &'static str) -> impl Strategy<Value = (Vec<String>, Vec<Vec<u8>>)> {
    let (names, files) = unzipped(name);
    (0..files.len(), any::<prop::sample::Index>(), any::<u8>(), 0..3u8).prop_map(
        move |(file, at, byte, how)| {
            let mut files = files.clone();
            let bytes = &mut files[file];
            if !bytes.is_empty() {
                let at = at.index(bytes.len());
                match how {
                    0 => bytes[at] = byte,
                    1 => bytes.truncate(at),
                    _ => bytes.insert(at, byte),
                }
            }
            (names.clone(), files)
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn a_damaged_folder_is_read_or_refused_and_never_more(
        (names, files) in prop_oneof![
            damaged("shards.zip"), damaged("shards-start.zip"), damaged("ngff4.zip"), damaged("ngff5.zip"), damaged("plate.zip"),
            damaged("blosc-blosclz-bytes.zip"), damaged("blosc-lz4-bits.zip"), damaged("blosc-zstd-bytes.zip"),
            damaged("blosc-zlib-bytes.zip"), damaged("blosc-far.zip"), damaged("lz4.zip"), damaged("transposed.zip"), damaged("crc.zip"),
        ]
    ) {
        let limits = Limits { pixels: 1 << 16, bytes: 1 << 18, ..Limits::default() };
        for one in found(&names, &files) {
            match one.open(&names, &limits, |i| Ok(files[i].clone())) {
                Ok(scan) => prop_assert!(scan.slice(0).is_ok()),
                Err(error) => prop_assert!(error.message().len() > 20),
            }
        }
    }
}
