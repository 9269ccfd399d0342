//! Channels, depths and times of OME-TIFF, ImageJ and LSM are those that tifffile reads, in one order whatever the file's.
//! `tests/reference/make_channels.py` wrote the files of `tests/reference/channels` and `index.json`.

#![cfg(not(target_arch = "wasm32"))]

use std::collections::BTreeMap;
use std::path::PathBuf;

use insitu::scan::{Limits, Planes, Scan};
use serde_json::Value;

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/channels")
}

fn open(name: &str) -> Scan {
    let bytes = std::fs::read(folder().join(name)).unwrap();
    Scan::decode(&bytes, Some(name), &Limits::default()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

#[test]
fn every_plane_is_where_its_channel_depth_and_time_say() {
    let index: BTreeMap<String, Value> =
        serde_json::from_slice(&std::fs::read(folder().join("index.json")).unwrap()).unwrap();
    assert!(index.len() >= 15, "the reference files are missing");
    for (name, expected) in index {
        let scan = open(&name);
        let channels: Vec<String> = serde_json::from_value(expected["channels"].clone()).unwrap();
        let number = |key: &str| expected[key].as_u64().unwrap() as usize;
        let planes = Planes { channels, depths: number("depths"), times: number("times") };
        assert_eq!(scan.planes, planes, "{name}");
        assert_eq!(scan.slices, planes.channels.len() * planes.of_a_channel(), "{name}");
        assert_eq!(scan.channels, if expected["colour"] == true { 3 } else { 1 }, "{name}");
        let notes = expected["notes"].as_u64().unwrap_or(0) as usize;
        let sample = expected["sample"].as_str().unwrap();
        assert_eq!((scan.sample.name(), scan.notes.len()), (sample, notes), "{name}: {:?}", scan.notes);
        for slice in 0..scan.slices {
            let (channel, n) = (slice % planes.channels.len(), slice / planes.channels.len());
            let value = &expected["values"][n / planes.depths][n % planes.depths][channel];
            let wanted: Vec<f64> = match value.as_array() {
                Some(colours) => colours.iter().filter_map(Value::as_f64).collect(),
                None => vec![value.as_f64().unwrap()],
            };
            let have = scan.value_at(slice, scan.width / 2, scan.height / 2).unwrap();
            assert_eq!(
                have.iter().map(|v| f64::from(*v)).collect::<Vec<_>>(),
                wanted,
                "{name}, slice {slice}"
            );
        }
    }
}

#[test]
fn a_channel_opens_in_its_middle_and_has_one_window_for_all_its_slices() {
    let scan = open("xyztc.ome.tif");
    assert_eq!(scan.planes.middle(), 3 * 4);
    let windows = scan.windows();
    assert_eq!(windows.len(), 24);
    for (slice, window) in windows.iter().enumerate() {
        assert_eq!(*window, scan.default_window(12 + slice % 3), "slice {slice}");
    }
    assert_eq!(open("colour.ome.tif").windows().len(), 1);
}
