//! Every small file of `tests/reference/scans` gives what pydicom, tifffile, nibabel and Pillow read in it.
//! `tests/reference/make_scans.py` wrote the files and `index.json`.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::PathBuf;

use insitu::Kind;
use insitu::scan::{Format, Limits, Scan};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/scans")
}

fn index() -> BTreeMap<String, Value> {
    serde_json::from_slice(&std::fs::read(folder().join("index.json")).unwrap()).unwrap()
}

fn open(name: &str) -> Scan {
    let bytes = std::fs::read(folder().join(name)).unwrap();
    Scan::decode(&bytes, Some(name), &Limits::default())
        .unwrap_or_else(|e| panic!("{name}: {} ({})", e, e.code()))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map(|a| a.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}

#[test]
fn every_reference_file_has_its_shape_and_its_values() {
    let index = index();
    assert!(index.len() > 60, "the reference files are missing");
    for (name, expected) in index {
        let scan = open(&name);
        let shape = [scan.slices, scan.height, scan.width, scan.channels].map(|n| n as f64);
        assert_eq!(shape.to_vec(), numbers(&expected["shape"]), "{name}: shape");
        assert_eq!(scan.sample.name(), expected["sample"], "{name}: sample type");
        let tolerance = expected["tolerance"].as_f64().unwrap();
        let mut sum = 0.0;
        for slice in 0..scan.slices {
            let image = scan.slice(slice).unwrap();
            assert_eq!((image.width, image.height, image.channels), (scan.width, scan.height, scan.channels));
            sum += image.data.iter().map(|v| f64::from(*v)).sum::<f64>();
        }
        let wanted = expected["sum"].as_f64().unwrap();
        // A compressed picture may differ by its tolerance anywhere, on average by less than half a grey value.
        let count = shape.iter().product::<f64>();
        let room = wanted.abs() * 1e-6 + if tolerance > 0.0 { 0.5 * count } else { 1e-6 };
        assert!((sum - wanted).abs() <= room, "{name}: the values add up to {sum}, not {wanted}");
        for point in expected["points"].as_array().unwrap() {
            let point = numbers(point);
            let [slice, y, x] = [point[0], point[1], point[2]].map(|n| n as usize);
            let values = scan.value_at(slice, x, y).unwrap();
            assert_eq!(values.len(), point.len() - 3, "{name}: channels");
            for (have, want) in values.iter().zip(&point[3..]) {
                let room = tolerance + want.abs() * 1e-6;
                assert!(
                    (f64::from(*have) - want).abs() <= room,
                    "{name} at {slice} {y} {x}: {have}, not {want}"
                );
            }
        }
    }
}

#[test]
fn every_reference_file_has_its_spacing_unit_and_window() {
    for (name, expected) in index() {
        let scan = open(&name);
        let spacing = expected["spacing"].as_array();
        match (scan.spacing, spacing) {
            (None, None) => {}
            (Some(have), Some(want)) => {
                let room = expected["spacing_tolerance"].as_f64().unwrap_or(1e-6);
                for (have, want) in [Some(have.x), Some(have.y), have.z].into_iter().zip(want) {
                    let close = match (have, want.as_f64()) {
                        (Some(have), Some(want)) => (have - want).abs() <= room * want,
                        (None, None) => true,
                        _ => false,
                    };
                    assert!(close, "{name}: spacing {have:?}, not {want:?}");
                }
            }
            (have, want) => panic!("{name}: spacing {have:?}, not {want:?}"),
        }
        let text = |key: &str| expected.get(key).and_then(Value::as_str).map(str::to_string);
        assert_eq!(scan.unit, text("unit"), "{name}: unit");
        assert_eq!(scan.modality, text("modality"), "{name}: modality");
        assert_eq!(scan.inverted, expected.get("inverted") == Some(&Value::Bool(true)), "{name}: inverted");
        let window = expected.get("window").map(numbers);
        assert_eq!(scan.window.map(|w| vec![w.center, w.width]), window, "{name}: window");
    }
}

#[test]
fn the_format_is_recognised_by_content_under_any_name() {
    for (file, format) in
        [("implicit.dcm", Format::Dicom), ("bare.dcm", Format::Dicom), ("grey.png", Format::Png)]
    {
        let bytes = std::fs::read(folder().join(file)).unwrap();
        let scan = Scan::decode(&bytes, Some("holiday.jpeg"), &Limits::default()).unwrap();
        assert_eq!(scan.format, format);
    }
}

#[test]
fn a_gzipped_dicom_is_read_like_the_file_itself() {
    use std::io::Write;
    let plain = std::fs::read(folder().join("implicit.dcm")).unwrap();
    let mut packer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packer.write_all(&plain).unwrap();
    let packed = packer.finish().unwrap();
    let scan = Scan::decode(&packed, None, &Limits::default()).unwrap();
    assert_eq!(scan.slice(0).unwrap(), open("implicit.dcm").slice(0).unwrap());
}

#[test]
fn a_header_that_promises_too_much_is_refused_before_memory_is_taken() {
    // BITMAPINFOHEADER of 60,000 x 60,000 pixels, 24 bits, and a few bytes of pixels.
    let mut bmp = b"BM\0\0\0\0\0\0\0\0\x36\0\0\0\x28\0\0\0".to_vec();
    bmp.extend(60_000i32.to_le_bytes());
    bmp.extend(60_000i32.to_le_bytes());
    bmp.extend([1, 0, 24, 0]);
    bmp.extend([0; 64]);
    let mut png = std::fs::read(folder().join("grey.png")).unwrap();
    png[16..24].copy_from_slice(&[0, 0, 0xEA, 0x60, 0, 0, 0xEA, 0x60]);
    // The check sum of the header chunk, so that the size is what is wrong with it.
    let sum = crc32(&png[12..29]);
    png[29..33].copy_from_slice(&sum.to_be_bytes());
    let mut nifti = std::fs::read(folder().join("int16.nii")).unwrap();
    nifti[42..46].copy_from_slice(&[0xFF, 0x7F, 0xFF, 0x7F]);
    for (name, bytes) in [("bmp", bmp), ("png", png), ("nifti", nifti)] {
        let error = Scan::decode(&bytes, None, &Limits::default()).unwrap_err();
        assert_eq!((error.kind(), error.code()), (Kind::Limit, "scan.limit.pixels"), "{name}: {error}");
    }
}

/// ISO 3309, bit by bit.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32, _| if crc & 1 == 1 { (crc >> 1) ^ 0xEDB8_8320 } else { crc >> 1 };
    !bytes.iter().fold(u32::MAX, |crc, byte| (0..8).fold(crc ^ u32::from(*byte), step))
}
