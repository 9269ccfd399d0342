//! Every small TIFF of `tests/reference/tiffs` gives what libtiff and tifffile read in it, or is refused by name.
//! `tests/reference/make_tiffs.py` wrote the files and `index.json`.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::PathBuf;

use insitu::scan::{Limits, Scan};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/tiffs")
}

fn open(name: &str) -> insitu::Result<Scan> {
    Scan::decode(&std::fs::read(folder().join(name)).unwrap(), Some(name), &Limits::default())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map(|a| a.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}

/// What is wrong with the values of a scan, if anything.
fn complaint(scan: &Scan, expected: &Value) -> Option<String> {
    let shape = [scan.slices, scan.height, scan.width, scan.channels];
    if Value::from(shape.to_vec()) != expected["shape"] || scan.sample.name() != expected["sample"] {
        return Some(format!("shape {shape:?}, {}", scan.sample));
    }
    if scan.inverted != expected["inverted"].as_bool().unwrap_or(false) {
        return Some(format!("inverted: {}", scan.inverted));
    }
    let tolerance = expected["tolerance"].as_f64()?;
    for point in expected["points"].as_array()? {
        let point = numbers(point);
        let values = scan.value_at(point[0] as usize, point[2] as usize, point[1] as usize)?;
        if values.iter().zip(&point[3..]).any(|(have, want)| (f64::from(*have) - want).abs() > tolerance) {
            return Some(format!("{values:?} at {point:?}"));
        }
    }
    let slices = (0..scan.slices).map(|slice| scan.slice(slice).unwrap());
    let sum: f64 = slices.map(|image| image.data.iter().map(|v| f64::from(*v)).sum::<f64>()).sum();
    let wanted = expected["sum"].as_f64()?;
    // A lossy picture may differ by its tolerance anywhere, on average by less than a grey value.
    let room = if tolerance > 0.0 { shape.iter().product::<usize>() as f64 } else { 1e-6 };
    ((sum - wanted).abs() > room).then(|| format!("the values add up to {sum}, not {wanted}"))
}

fn close(have: Option<f64>, want: &Value) -> bool {
    match (have, want.as_f64()) {
        (Some(have), Some(want)) => (have - want).abs() <= 1e-5 * want,
        (None, None) => true,
        _ => false,
    }
}

#[test]
fn every_tiff_gives_its_values_and_spacing_or_is_refused_by_name() {
    let index: BTreeMap<String, Value> =
        serde_json::from_slice(&std::fs::read(folder().join("index.json")).unwrap()).unwrap();
    assert!(index.len() > 50, "the reference files are missing");
    let mut wrong = Vec::new();
    for (name, expected) in index {
        let said = match (open(&name), expected["refused"].as_str()) {
            (Err(error), Some(code)) if error.code() == code => None,
            (Err(error), _) => Some(format!("{error} ({})", error.code())),
            (Ok(_), Some(code)) => Some(format!("read, and should be refused with {code}")),
            (Ok(scan), None) => complaint(&scan, &expected).or_else(|| {
                let have = scan.spacing.map_or([None; 3], |s| [Some(s.x), Some(s.y), s.z]);
                let want = [0, 1, 2].map(|axis| &expected["spacing"][axis]);
                let right = have.into_iter().zip(want).all(|(have, want)| close(have, want));
                (!right).then(|| format!("spacing {have:?}, not {want:?}")).or_else(|| {
                    let right = scan.notes.len() as u64 == expected["notes"].as_u64().unwrap_or(0);
                    (!right).then(|| format!("notes {:?}", scan.notes))
                })
            }),
        };
        wrong.extend(said.map(|said| format!("{name}: {said}")));
    }
    assert!(wrong.is_empty(), "{} files differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn pages_that_are_left_out_are_told() {
    let notes = open("label-first.tif").unwrap().notes;
    assert_eq!(notes, ["2 pages of another size or kind left out (12 x 10, 32 x 24 pixels)."]);
    let notes = open("imagej-one-of-five.tif").unwrap().notes;
    assert_eq!(notes, ["ImageJ's description names 5 images; this file holds one of them."]);
}

#[test]
fn a_refusal_names_the_compression() {
    for (name, word) in
        [("lerc.tif", "LERC"), ("lzma.tif", "LZMA"), ("old-jpeg-tables.tif", "old-style JPEG")]
    {
        let error = open(name).unwrap_err();
        assert!(error.message().contains(word), "{name}: {error}");
    }
}
