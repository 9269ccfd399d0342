//! Volumes of research programs: every small file of `tests/reference/volumes` has, at each place in the patient, the value that nibabel or SimpleITK
//! find there, and is shown the way radiologists look. `tests/reference/make_volumes.py` wrote the files and `index.json`.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::PathBuf;

use insitu::Result;
use insitu::scan::{Detached, Limits, Scan};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/volumes")
}

fn read(name: &str) -> Option<Vec<u8>> {
    std::fs::read(folder().join(name)).ok()
}

/// With the files that it names beside it.
fn decode(name: &str) -> Result<Scan> {
    let bytes = read(name).unwrap();
    let mut files = |wanted: &str| read(wanted).map(Into::into);
    Scan::decode_detached(&bytes, Some(name), &mut files, &Limits::default())
}

fn numbers(list: &Value) -> Option<Vec<f64>> {
    list.as_array()?.iter().map(Value::as_f64).collect()
}

fn index() -> BTreeMap<String, Value> {
    let index: BTreeMap<String, Value> = serde_json::from_slice(&read("index.json").unwrap()).unwrap();
    assert!(index.len() > 90, "the reference files are missing");
    index
}

/// The value of one place in the file, at the voxel of the display.
fn check_point(name: &str, scan: &Scan, point: &Value) {
    let [at, world, values] = [0, 1, 2].map(|i| numbers(&point[i]));
    let at: Vec<usize> = at.unwrap().into_iter().map(|v| v as usize).collect();
    let values = values.unwrap();
    let depths = scan.planes.depths;
    let [columns, rows] = scan.turn.size([scan.width, scan.height]);
    let place = at[0] + columns * (at[1] + rows * at[2]);
    let (width, height) = (scan.width, scan.height);
    let shown = (0..width * height * depths)
        .find(|i| scan.turn.place(*i, [width, height, depths]) == place)
        .unwrap_or_else(|| panic!("{name}: no voxel of the display is {at:?}"));
    let [x, y, z] = [shown % width, shown / width % height, shown / width / height];
    if let Some(world) = world {
        let geometry = scan.geometry.unwrap_or_else(|| panic!("{name} has no geometry"));
        let here = geometry.at([x as f64, y as f64, z as f64]);
        for (have, want) in here.iter().zip(&world) {
            assert!((have - want).abs() < 2e-5, "{name}: {at:?} lies at {here:?}, not {world:?}");
        }
        let back = geometry.voxel_of([world[0], world[1], world[2]]).unwrap();
        assert_eq!(back.map(|v| v.round() as usize), [x, y, z], "{name}");
    }
    let planes = scan.planes.channels.len();
    let slice = planes * (z + depths * at[3]);
    let have: Vec<f32> = (0..planes).flat_map(|plane| scan.value_at(slice + plane, x, y).unwrap()).collect();
    let want: Vec<f32> = values.iter().map(|v| *v as f32).collect();
    assert_eq!(have, want, "{name} at {at:?}");
}

#[test]
fn every_place_in_the_patient_has_the_value_that_other_programs_find_there() {
    for (name, expected) in index() {
        let scan = match (decode(&name), expected["refused"].as_str()) {
            (Ok(scan), None) => scan,
            (Err(error), Some(code)) => {
                assert_eq!(error.code(), code, "{name}: {error}");
                continue;
            }
            (result, _) => panic!("{name}: {:?}", result.err()),
        };
        let planes = [scan.planes.channels.len(), scan.planes.depths, scan.planes.times];
        assert_eq!(Value::from(planes.to_vec()), expected["planes"], "{name}");
        let told = scan.notes.iter().any(|note| note.contains("Check the side"));
        assert_eq!(told, expected["note"].as_bool().unwrap_or(false), "{name}: {:?}", scan.notes);
        for point in expected["points"].as_array().unwrap() {
            check_point(&name, &scan, point);
        }
    }
}

#[test]
fn slices_of_every_format_are_shown_as_radiologists_look() {
    let mut seen = 0;
    for (name, expected) in index() {
        let Some(geometry) = decode(&name).ok().and_then(|scan| scan.geometry) else { continue };
        let letters = [0, 1, 2].map(|axis| geometry.letters(axis).iter().collect::<String>());
        let expected_of = match letters[2].as_str() {
            "IS" => ["RL", "AP"],
            "PA" => ["RL", "SI"],
            "LR" => ["AP", "SI"],
            other => panic!("{name}: slices run {other} ({})", expected["planes"]),
        };
        assert_eq!(letters[..2], expected_of, "{name}");
        seen += 1;
    }
    assert!(seen > 70, "{seen}");
}

#[test]
fn sizes_of_voxels_are_the_lengths_of_their_steps() {
    for name in index().into_keys() {
        let Ok(scan) = decode(&name) else { continue };
        let (Some(geometry), Some(spacing)) = (scan.geometry, scan.spacing) else { continue };
        let told = [spacing.x, spacing.y, spacing.z.unwrap()];
        for (have, want) in told.iter().zip(geometry.spacing()) {
            assert!((have - want).abs() < 1e-6, "{name}: {told:?}, not {:?}", geometry.spacing());
        }
    }
}

#[test]
fn a_header_tells_which_files_it_wants_and_alone_is_refused_with_their_name() {
    let mut seen = 0;
    for (name, expected) in index() {
        let bytes = read(&name).unwrap();
        let wanted = Scan::wants_pixels_of(&bytes, Some(&name));
        let Some(files) = expected["files"].as_array() else {
            assert_eq!(wanted, None, "{name}");
            continue;
        };
        let wanted = wanted.unwrap_or_else(|| panic!("{name} wants no file"));
        assert!(files.iter().all(|file| wanted.names(file.as_str().unwrap())), "{name}: {wanted:?}");
        assert!(wanted.any || wanted.names.len() == files.len(), "{name}: {wanted:?}");
        let error = Scan::decode(&bytes, Some(&name), &Limits::default()).unwrap_err();
        assert!(error.code().ends_with(".unsupported.pair"), "{name}: {error}");
        assert!(error.message().contains(&wanted.names[0]), "{name}: {error}");
        if let ([file], [_, ..]) = (files.as_slice(), wanted.names.as_slice()) {
            let pixels = read(file.as_str().unwrap()).unwrap();
            let pair = Scan::decode_pair(&bytes, &pixels, None, &Limits::default()).unwrap();
            assert_eq!(pair.range(0), decode(&name).unwrap().range(0), "{name}");
            let cut = Scan::decode_pair(&bytes, &pixels[..pixels.len() / 2], None, &Limits::default());
            assert!(cut.is_err(), "{name}: half of its pixels are enough");
        }
        seen += 1;
    }
    assert!(seen > 10, "{seen}");
}

#[test]
fn pixels_without_their_header_are_refused_with_what_is_missing() {
    for (name, header) in [("pair.img", ".hdr"), ("one.raw", ".nhdr")] {
        let error = Scan::decode(&read(name).unwrap(), Some(name), &Limits::default()).unwrap_err();
        assert_eq!(error.code(), "scan.unknown", "{name}");
        assert!(error.message().contains(header) && error.message().contains("both together"), "{error}");
    }
    assert!(Detached::is_same("series/one.raw", "ONE.raw"));
}

#[test]
fn a_header_in_gzip_finds_its_image_and_a_packed_volume_is_read() {
    let scan = decode("packed.hdr.gz").unwrap();
    assert_eq!(scan.geometry, decode("pair.hdr").unwrap().geometry);
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    std::io::Write::write_all(&mut packed, &read("oblique.mha").unwrap()).unwrap();
    let scan = Scan::decode(&packed.finish().unwrap(), None, &Limits::default()).unwrap();
    assert_eq!(scan.geometry, decode("oblique.mha").unwrap().geometry);
}

#[test]
fn a_list_that_is_too_short_is_refused() {
    let header = String::from_utf8(read("list.nhdr").unwrap()).unwrap().replace("depth-02.raw\n", "");
    let mut files = |wanted: &str| read(wanted).map(Into::into);
    let error = Scan::decode_detached(header.as_bytes(), None, &mut files, &Limits::default()).unwrap_err();
    assert_eq!(error.code(), "nrrd.invalid", "{error}");
}

#[test]
fn a_header_that_asks_for_too_much_is_refused_before_memory_is_taken() {
    for header in [
        "NRRD0005\ntype: double\ndimension: 3\nsizes: 100000 100000 1000\nencoding: gzip\n\n",
        "NRRD0005\ntype: uchar\ndimension: 4\nsizes: 400000000 1 1 1\nkinds: list domain domain domain\n\n",
        "NRRD0005\ntype: uchar\ndimension: 3\nsizes: 1 390000000 1\n\n",
        "ObjectType = Image\nNDims = 3\nDimSize = 9999999 9999999 9999999\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n",
        "ObjectType = Image\nNDims = 2\nDimSize = 2 2\nElementNumberOfChannels = 18446744073709551615\nElementType = MET_UCHAR\nElementDataFile = LOCAL\n",
    ] {
        let error = Scan::decode(header.as_bytes(), None, &Limits::default()).unwrap_err();
        assert!(
            ["scan.limit.pixels", "scan.limit.bytes", "scan.shape"].contains(&error.code()),
            "{header}: {error}"
        );
    }
}
