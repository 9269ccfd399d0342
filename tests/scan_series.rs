//! Series of DICOM files become the volumes that SimpleITK and pydicom read, whatever the names and the order of the files.
//! `tests/reference/make_series.py` wrote the archives of `tests/reference/series` and `index.json`.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use insitu::scan::series::{Grouped, Head, Series, group, head};
use insitu::scan::{Limits, Scan};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/series")
}

fn index() -> BTreeMap<String, Value> {
    serde_json::from_slice(&std::fs::read(folder().join("index.json")).unwrap()).unwrap()
}

/// The files of an archive, in its order.
fn files(name: &str) -> Vec<Vec<u8>> {
    let bytes = std::fs::read(folder().join(format!("{name}.zip"))).unwrap();
    let archive = rawzip::ZipArchive::from_slice(&bytes).unwrap();
    let mut entries = archive.entries();
    let mut out = Vec::new();
    while let Some(entry) = entries.next_entry().unwrap() {
        let packed = archive.get_entry(entry.wayfinder()).unwrap();
        let mut file = Vec::new();
        flate2::read::DeflateDecoder::new(packed.data()).read_to_end(&mut file).unwrap();
        out.push(file);
    }
    out
}

/// What the first part of each file tells; more is given where it asks for it.
fn heads(files: &[Vec<u8>], first: usize) -> Vec<Head> {
    let look = |bytes: &Vec<u8>| {
        let mut size = first;
        loop {
            let head = head(&bytes[..size.min(bytes.len())], "a file").unwrap();
            if !head.cut || size >= bytes.len() {
                return head;
            }
            size *= 2;
        }
    };
    files.iter().map(look).collect()
}

fn read(series: &Series, files: &[Vec<u8>]) -> insitu::Result<Scan> {
    Scan::from_series(series, |i| Ok(files[i].clone()), &Limits::default(), |_, _| true)
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().map(|a| a.iter().filter_map(Value::as_f64).collect()).unwrap_or_default()
}

fn close(have: &[f64], want: &[f64], room: f64) -> bool {
    have.len() == want.len() && have.iter().zip(want).all(|(a, b)| (a - b).abs() <= room)
}

/// Checks a volume against what the reference says of it.
fn compare(name: &str, series: &Series, scan: &Scan, expected: &Value) {
    assert_eq!(series.part, expected["part"], "{name}");
    let planes = &scan.planes;
    let shape = [planes.depths, planes.times, planes.channels.len(), scan.slices];
    let channels: Vec<&str> =
        expected["channels"].as_array().unwrap().iter().map(|c| c.as_str().unwrap()).collect();
    let slices = expected["slices"].as_array().unwrap();
    let count = |key: &str| expected[key].as_u64().unwrap() as usize;
    assert_eq!(shape, [count("depths"), count("times"), channels.len(), slices.len()], "{name}");
    assert_eq!(planes.channels, channels, "{name}");
    assert_eq!(vec![scan.width as f64, scan.height as f64], numbers(&expected["size"]), "{name}");
    assert_eq!(scan.sample.name(), expected["sample"], "{name}");
    let notes: Vec<&str> =
        expected["notes"].as_array().unwrap().iter().map(|n| n.as_str().unwrap()).collect();
    for note in &notes {
        assert!(scan.notes.iter().any(|n| n.contains(note)), "{name}: {note} in {:?}", scan.notes);
    }
    assert_eq!(scan.notes.len(), notes.len(), "{name}: {:?}", scan.notes);
    let source = scan.source.as_ref().unwrap();
    assert_eq!(source.frames.len(), scan.slices);
    for (i, (slice, frame)) in slices.iter().zip(&source.frames).enumerate() {
        let image = scan.slice(i).unwrap();
        let sum: f64 = image.data.iter().map(|v| f64::from(*v)).sum();
        let weighted: f64 =
            image.data.iter().enumerate().map(|(i, v)| f64::from(*v) * (i % 97 + 1) as f64).sum();
        let wanted = [slice[2].as_f64().unwrap(), slice[3].as_f64().unwrap()];
        assert!(
            close(&[sum, weighted], &wanted, wanted[1] * 1e-6),
            "{name}, slice {i}: {sum} {weighted} {wanted:?}"
        );
        assert_eq!(frame.instance, slice[0], "{name}, slice {i}");
        assert_eq!(frame.number.map(u64::from), slice[1].as_u64(), "{name}, slice {i}");
    }
    let Some(geometry) = &scan.geometry else {
        assert!(expected.get("origin").is_none(), "{name} has a geometry");
        return;
    };
    assert!(close(&geometry.origin, &numbers(&expected["origin"]), 1e-4), "{name}: {geometry:?}");
    for (have, want) in geometry.steps.iter().zip(expected["steps"].as_array().unwrap()) {
        assert!(close(have, &numbers(want), 1e-4), "{name}: {geometry:?}, not {}", expected["steps"]);
    }
    assert!(
        planes.depths == 1
            || (scan.spacing.unwrap().z.unwrap() * dxy(scan) - geometry.voxel_volume()).abs() < 1e-6
    );
}

fn dxy(scan: &Scan) -> f64 {
    scan.spacing.map_or(0.0, |s| s.x * s.y)
}

#[test]
fn series_become_the_volumes_that_simpleitk_and_pydicom_read() {
    for (name, expected) in index() {
        let files = files(&name);
        let heads = heads(&files, 512);
        let Grouped { series, left_out } = group(&heads);
        let names: Vec<String> = heads.iter().map(|head| head.name.clone()).collect();
        let left_out = insitu::scan::series::told(&left_out, &names);
        let volumes = expected["volumes"].as_array().unwrap();
        assert_eq!(series.len(), volumes.len(), "{name}: {series:#?}");
        for (series, volume) in series.iter().zip(volumes) {
            let scan = read(series, &files).unwrap();
            compare(&name, series, &scan, volume);
            if series.geometry.is_some() && volume.get("files").is_none() {
                assert_eq!(series.geometry, scan.geometry, "{name}");
            }
        }
        let told = expected["left_out"].as_array().unwrap();
        assert_eq!(left_out.len(), told.len(), "{name}: {left_out:?}");
        for word in told {
            assert!(left_out.iter().any(|s| s.contains(word.as_str().unwrap())), "{name}: {left_out:?}");
        }
    }
}

#[test]
fn the_order_in_which_files_come_changes_nothing() {
    for name in ["axial", "cine", "diffusion", "localizer", "tilted", "perfusion"] {
        let files = files(name);
        let known = heads(&files, 512);
        let instances = |order: &[usize]| {
            let shuffled: Vec<Head> = order.iter().map(|i| known[*i].clone()).collect();
            let series = group(&shuffled).series;
            series
                .iter()
                .map(|s| (s.part.clone(), s.files.iter().map(|i| shuffled[*i].instance.clone()).collect()))
                .collect::<Vec<(String, Vec<String>)>>()
        };
        let plain: Vec<usize> = (0..files.len()).collect();
        let backwards: Vec<usize> = plain.iter().rev().copied().collect();
        let turned: Vec<usize> = plain.iter().map(|i| (i + files.len() / 2) % files.len()).collect();
        assert_eq!(instances(&plain), instances(&backwards), "{name}");
        assert_eq!(instances(&plain), instances(&turned), "{name}");
    }
}

#[test]
fn values_lie_where_the_geometry_says() {
    // The body of the reference is a linear function of the place in the patient.
    for name in
        ["axial_prone", "sagittal_from_behind", "oblique", "tilted", "signed_slopes", "enhanced", "nuclear"]
    {
        let files = files(name);
        let scan = read(&group(&heads(&files, 512)).series[0], &files).unwrap();
        let geometry = scan.geometry.unwrap();
        for (x, y, z) in [(0, 0, 0), (7, 0, 1), (0, 5, 2), (3, 4, scan.slices - 1)] {
            let [left, back, head] = geometry.at([x as f64, y as f64, z as f64]);
            let have = scan.value_at(z, x, y).unwrap()[0];
            let want = 1000.0 + left + 3.0 * back + 7.0 * head;
            assert!((f64::from(have) - want).abs() < 1.6, "{name} {x} {y} {z}: {have}, not {want}");
        }
    }
}

#[test]
fn a_head_can_be_cut_anywhere_and_tells_when_it_needs_more() {
    for name in ["axial", "coronal", "enhanced", "two_series"] {
        for bytes in files(name) {
            let whole = head(&bytes, "a.dcm").unwrap();
            let mut enough = false;
            for size in 132..bytes.len() {
                let Ok(part) = head(&bytes[..size], "a.dcm") else { continue };
                if !part.cut && matches!(part.kind, insitu::scan::series::Kind::Image) {
                    assert_eq!(part, whole, "{name}, {size} of {} bytes", bytes.len());
                    enough = true;
                }
                assert!(!enough || !part.cut, "{name} {size}");
            }
        }
    }
    assert_eq!(head(b"GIF89a and more", "a.gif").unwrap_err().code(), "dicom.invalid");
}

#[test]
fn the_patient_is_known_and_names_keep_their_letters() {
    let files = files("axial");
    let scan = read(&group(&heads(&files, 512)).series[0], &files).unwrap();
    let source = scan.source.unwrap();
    assert_eq!(source.patient.name, "Müller^Eva");
    assert_eq!((source.patient.id.as_str(), source.character_set.as_str()), ("id 7", "ISO_IR 100"));
    assert_eq!(source.study.date, "20200131");
    assert_eq!(source.class, "1.2.840.10008.5.1.4.1.1.2");
    assert!(source.frames.iter().all(|f| f.position.is_some() && f.orientation.is_some()));
}

#[test]
fn a_single_file_has_its_geometry_too() {
    let scan = Scan::decode(&files("one")[0], None, &Limits::default()).unwrap();
    compare("one", &group(&heads(&files("one"), 512)).series[0], &scan, &index()["one"]["volumes"][0]);
    let enhanced = Scan::decode(&files("enhanced")[0], None, &Limits::default()).unwrap();
    assert!(enhanced.geometry.is_some() && enhanced.source.unwrap().frames[0].number.is_some());
}

#[test]
fn reading_can_be_stopped_and_keeps_the_limits() {
    let files = files("axial");
    let series = &group(&heads(&files, 512)).series[0];
    let stopped = Scan::from_series(series, |i| Ok(files[i].clone()), &Limits::default(), |done, _| done < 2);
    assert_eq!(stopped.unwrap_err().code(), "cancelled");
    let few = Limits { pixels: 100, ..Limits::default() };
    let refused = Scan::from_series(series, |i| Ok(files[i].clone()), &few, |_, _| true);
    assert_eq!(refused.unwrap_err().code(), "scan.limit.pixels");
    let broken = Scan::from_series(series, |_| Ok(vec![0; 9]), &Limits::default(), |_, _| true);
    assert_eq!(broken.unwrap_err().code(), "dicom.invalid");
    let other = Scan::from_series(series, |_| Ok(files[0].clone()), &Limits::default(), |_, _| true);
    assert_eq!(other.unwrap_err().code(), "series.changed");
}

#[test]
fn damaged_bytes_are_errors_or_notes_and_never_end_the_program() {
    let mut seed = 1u64;
    let mut next = |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below
    };
    for name in ["axial", "coronal", "cine", "enhanced_diffusion", "dose", "nuclear", "diffusion"] {
        let whole = files(name);
        for _ in 0..60 {
            let mut files = whole.clone();
            for file in &mut files {
                for _ in 0..1 + next(4) {
                    let at = 132 + next(file.len() - 132);
                    file[at] = next(256) as u8;
                }
                if next(8) == 0 {
                    file.truncate(next(file.len()));
                }
            }
            let (mut known, mut held) = (Vec::new(), Vec::new());
            for file in files {
                if let Ok(head) = head(&file, "a file") {
                    known.push(head);
                    held.push(file);
                }
            }
            for series in group(&known).series {
                assert!(series.files.len() == 1 || series.files.len() == series.depths * series.times);
                if let Ok(scan) = read(&series, &held) {
                    let planes = &scan.planes;
                    assert_eq!(scan.slices, planes.channels.len() * planes.depths * planes.times);
                    assert_eq!(scan.source.unwrap().frames.len(), scan.slices);
                }
            }
        }
    }
}
