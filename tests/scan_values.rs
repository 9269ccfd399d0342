//! Pixels that are turned, packed or missing: every small file of `tests/reference/values` gives what nibabel, SimpleITK,
//! tifffile and Pillow read in it. `tests/reference/make_values.py` wrote the files, `index.json` and `axes.json`.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use insitu::Result;
use insitu::scan::{Limits, Scan};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/values")
}

fn read(name: &str) -> Vec<u8> {
    std::fs::read(folder().join(name)).unwrap()
}

fn decode(bytes: &[u8]) -> Result<Scan> {
    Scan::decode(bytes, None, &Limits::default())
}

fn values(list: &Value) -> Vec<Option<f64>> {
    list.as_array().unwrap().iter().map(Value::as_f64).collect()
}

/// `[slice][row][column][channel]`, none for NaN.
fn pixels(scan: &Scan) -> Vec<Option<f64>> {
    let mut out = Vec::new();
    for slice in 0..scan.slices {
        for y in 0..scan.height {
            for x in 0..scan.width {
                let here = scan.value_at(slice, x, y).unwrap();
                let image = scan.slice(slice).unwrap();
                for (channel, value) in here.into_iter().enumerate() {
                    let plane = image.plane(channel)[y * scan.width + x];
                    assert!(value == plane || (value.is_nan() && plane.is_nan()));
                    out.push(Some(f64::from(value)).filter(|v| v.is_finite()));
                }
            }
        }
    }
    out
}

#[track_caller]
fn same(name: &str, scan: &Scan, expected: &Value) {
    let have = pixels(scan);
    let want = values(&expected["values"]);
    assert_eq!(have.len(), want.len(), "{name}");
    for (i, (have, want)) in have.iter().zip(&want).enumerate() {
        match (have, want) {
            (Some(have), Some(want)) => {
                assert!((have - want).abs() < 1e-6, "{name}: {have}, not {want} at {i}")
            }
            (have, want) => assert_eq!(have, want, "{name} at {i}"),
        }
    }
    match (scan.spacing, expected["spacing"].as_array()) {
        (None, None) => {}
        (Some(s), Some(want)) => {
            for (have, want) in [Some(s.x), Some(s.y), s.z].into_iter().zip(want) {
                assert_eq!(have.map(|v| v as f32), want.as_f64().map(|v| v as f32), "{name}: spacing");
            }
        }
        (have, want) => panic!("{name}: spacing {have:?}, not {want:?}"),
    }
}

#[test]
fn every_file_gives_its_values_or_its_refusal() {
    let index: BTreeMap<String, Value> = serde_json::from_slice(&read("index.json")).unwrap();
    assert!(index.len() > 40, "the reference files are missing");
    for (name, expected) in index {
        match (decode(&read(&name)), expected["refused"].as_str()) {
            (Ok(scan), None) => {
                let shape = [scan.slices, scan.height, scan.width, scan.channels];
                assert_eq!(Value::from(shape.to_vec()), expected["shape"], "{name}: shape");
                same(&name, &scan, &expected);
            }
            (Err(error), Some(code)) => assert_eq!(error.code(), code, "{name}: {error}"),
            (Ok(_), Some(code)) => panic!("{name} was read, and should be refused with {code}"),
            (Err(error), None) => panic!("{name}: {error} ({})", error.code()),
        }
    }
}

#[test]
fn all_orientations_of_nifti_are_shown_alike() {
    let all: Vec<Value> = serde_json::from_slice(&read("axes.json")).unwrap();
    assert!(all.len() > 2 * 48, "the reference files are missing");
    for expected in all {
        let name = expected["name"].as_str().unwrap();
        let packed = expected["file"].as_str().unwrap().as_bytes();
        let byte = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap();
        let packed: Vec<u8> = packed.chunks(2).map(byte).collect();
        let scan = decode(&packed).unwrap_or_else(|e| panic!("{name}: {e}"));
        let shape = [scan.slices, scan.height, scan.width];
        assert_eq!(Value::from(shape.to_vec()), expected["shape"], "{name}: shape");
        same(name, &scan, &expected);
    }
}

#[test]
fn a_sform_without_directions_leaves_the_decision_to_the_qform() {
    let all: Vec<Value> = serde_json::from_slice(&read("axes.json")).unwrap();
    let qform = all.iter().find(|one| one["name"] == "qform PIR").unwrap();
    let packed = qform["file"].as_str().unwrap().as_bytes();
    let byte = |digits: &[u8]| u8::from_str_radix(std::str::from_utf8(digits).unwrap(), 16).unwrap();
    let packed: Vec<u8> = packed.chunks(2).map(byte).collect();
    let mut plain = Vec::new();
    flate2::read::GzDecoder::new(&packed[..]).read_to_end(&mut plain).unwrap();
    let (code, rows) = (254..256, 280..328);
    plain[code].copy_from_slice(&1i16.to_le_bytes());
    plain[rows].fill(0);
    same("empty sform", &decode(&plain).unwrap(), qform);
}

#[test]
fn a_bomb_of_any_packing_is_refused_at_the_limit() {
    let limits = Limits { slice: 1000, pixels: 1000, bytes: 1000 };
    let zeros = vec![0u8; 3 << 20];
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    std::io::Write::write_all(&mut gz, &zeros).unwrap();
    // Zstandard: a block that repeats one byte (RFC 8878, 3.1.1.2), as often as it takes.
    let mut zst = vec![0x28, 0xB5, 0x2F, 0xFD, 0x00, 0x38];
    for last in (0..24).rev().map(|left| u32::from(left == 0)) {
        let header = (128u32 << 10) << 3 | 1 << 1 | last;
        zst.extend(&header.to_le_bytes()[..3]);
        zst.push(0);
    }
    for (name, packed) in [("gzip", gz.finish().unwrap()), ("zstd", zst)] {
        let error = Scan::decode(&packed, None, &limits).unwrap_err();
        assert_eq!(error.code(), "scan.limit.bytes", "{name}: {error}");
    }
    // A ZIP archive's directory tells the size before anything is unpacked.
    let mut zip = read("stored.zip");
    let claim = 0x7000_0000u32.to_le_bytes();
    let at = zip.windows(4).position(|w| w == b"PK\x01\x02").unwrap();
    zip[at + 24..at + 28].copy_from_slice(&claim);
    assert_eq!(decode(&zip).unwrap_err().code(), "scan.limit.bytes");
}

#[test]
fn an_archive_of_several_files_says_how_many() {
    let error = decode(&read("two.zip")).unwrap_err();
    assert!(error.message().contains("2 files"), "{error}");
    let error = decode(&read("words.zip")).unwrap_err();
    assert!(error.message().contains("text file"), "{error}");
}

#[test]
fn a_picture_of_simpleitk_is_the_same_as_nifti_and_as_png() {
    let [nifti, png] = ["simpleitk.nii.gz", "simpleitk.png"].map(|name| decode(&read(name)).unwrap());
    assert_eq!(nifti.slice(0).unwrap(), png.slice(0).unwrap());
}
