//! Unusual and damaged DICOM, JPEG, JPEG 2000 and JPEG-LS files give what pydicom, libjpeg, OpenJPEG and CharLS read in them, or are refused
//! by name. `tests/reference/make_medical.py` wrote the files of `tests/reference/medical` and `index.json`.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::PathBuf;

use insitu::scan::{Limits, Scan};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/medical")
}

fn index() -> BTreeMap<String, Value> {
    serde_json::from_slice(&std::fs::read(folder().join("index.json")).unwrap()).unwrap()
}

fn decode(name: &str) -> insitu::Result<Scan> {
    Scan::decode(&std::fs::read(folder().join(name)).unwrap(), Some(name), &Limits::default())
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map(|a| a.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}

/// What is wrong with a file that can be read, if anything.
fn difference(scan: &Scan, expected: &Value) -> Option<String> {
    let shape = [scan.slices, scan.height, scan.width, scan.channels];
    let wanted = shape.map(|n| n as f64).to_vec();
    if wanted != numbers(&expected["shape"]) || scan.sample.name() != expected["sample"] {
        return Some(format!("{shape:?} of {}", scan.sample));
    }
    // In the order of the reference: channels side by side.
    let mut values = Vec::new();
    for slice in 0..scan.slices {
        let image = scan.slice(slice).unwrap();
        for i in 0..scan.width * scan.height {
            values.extend((0..scan.channels).map(|c| f64::from(image.plane(c)[i])));
        }
    }
    if values.iter().filter(|v| v.is_nan()).count() as f64 != expected["nan"].as_f64()? {
        return Some("other pixels have no value".to_string());
    }
    let finite = |v: &f64| if v.is_nan() { 0.0 } else { *v };
    let sum: f64 = values.iter().map(finite).sum();
    let weighted: f64 = values.iter().enumerate().map(|(i, v)| finite(v) * (i % 97 + 1) as f64).sum();
    let tolerance = expected["tolerance"].as_f64()?;
    // A lossy picture may differ by its tolerance anywhere, on average by a fifth of it.
    let lossy = tolerance / 5.0 * values.len() as f64;
    for (have, want, room) in
        [(sum, &expected["sum"], lossy), (weighted, &expected["weighted"], lossy * 49.0)]
    {
        if (have - want.as_f64()?).abs() > room + want.as_f64()?.abs() * 1e-9 {
            return Some(format!("the values add up to {have}, not {want}"));
        }
    }
    for point in expected["points"].as_array()? {
        let point = numbers(point);
        let [slice, y, x] = [point[0], point[1], point[2]].map(|n| n as usize);
        for (have, want) in scan.value_at(slice, x, y)?.iter().zip(&point[3..]) {
            if (f64::from(*have) - want).abs() > tolerance {
                return Some(format!("{have} at {slice} {y} {x}, not {want}"));
            }
        }
    }
    None
}

#[test]
fn every_file_gives_the_reference_values_or_is_refused_by_name() {
    let index = index();
    assert!(index.len() > 55, "the reference files are missing");
    let mut wrong = Vec::new();
    for (name, expected) in index {
        let complaint = match (decode(&name), expected["refused"].as_str()) {
            (Ok(scan), None) => difference(&scan, &expected),
            (Ok(_), Some(code)) => Some(format!("decoded, and should be refused with {code}")),
            (Err(error), Some(code)) if error.code() == code => {
                let words = expected["words"].as_str().unwrap();
                let told = error.message().contains(words) && error.message().ends_with('.');
                (!told).then(|| format!("refused with the words “{error}”"))
            }
            (Err(error), _) => Some(format!("refused with {} ({error})", error.code())),
        };
        wrong.extend(complaint.map(|c| format!("{name}: {c}")));
    }
    assert!(wrong.is_empty(), "{} files differ:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn every_file_has_its_spacing_unit_and_window() {
    for (name, expected) in index() {
        let Ok(scan) = decode(&name) else { continue };
        let spacing = scan.spacing.map(|s| (s.x, s.y, s.z));
        let wanted = expected["spacing"].as_array().map(|s| (s[0].as_f64(), s[1].as_f64(), s[2].as_f64()));
        match (spacing, wanted) {
            (None, None) => {}
            (Some((x, y, z)), Some((Some(wx), Some(wy), wz))) => {
                assert!(
                    (x - wx).abs() < 1e-9 && (y - wy).abs() < 1e-9 && z == wz,
                    "{name}: spacing {x} {y} {z:?}"
                );
            }
            (have, want) => panic!("{name}: spacing {have:?}, not {want:?}"),
        }
        assert_eq!(scan.unit.as_deref(), expected["unit"].as_str(), "{name}: unit");
        let window = expected.get("window").map(numbers);
        assert_eq!(scan.window.map(|w| vec![w.center, w.width]), window, "{name}: window");
        for (slice, wanted) in expected["windows"].as_array().into_iter().flatten().enumerate() {
            let window = scan.default_window(slice);
            assert_eq!(vec![window.center, window.width], numbers(wanted), "{name}: window of slice {slice}");
            assert_eq!(scan.windows()[slice], window, "{name}");
        }
        if expected["windows"].is_null() {
            assert_eq!(scan.windows().len(), 1, "{name}: one window for all slices");
        }
    }
}

/// Wherever a sector of a JPEG is lost, overwritten or cut away, there is an error and no picture.
#[test]
fn no_damage_of_a_jpeg_passes_for_a_picture() {
    for name in ["restarts.jpg", "progressive.jpg", "twelve-bits-colour.jpg", "grey.jls", "restarts.jls"] {
        let whole = std::fs::read(folder().join(name)).unwrap();
        let begin = whole.windows(2).position(|w| w == [0xFF, 0xDA]).unwrap() + 20;
        let sector = 128.min((whole.len() - begin) / 4);
        for at in (begin..whole.len() - sector - 2).step_by(97) {
            let (before, behind) = (&whole[..at], &whole[at + sector..]);
            let cut = [before, &[0xFF, 0xD9]].concat();
            let lost = [before, behind].concat();
            for (kind, bytes) in [("cut", cut), ("lost", lost)] {
                let result = Scan::decode(&bytes, None, &Limits::default());
                assert!(result.is_err(), "{name}: {kind} at {at} of {} passes", whole.len());
            }
        }
    }
}
