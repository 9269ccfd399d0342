//! Objects are measured as scikit-image measures them, and other programs read them back as they are.

use std::path::{Path, PathBuf};

use insitu::export::{Category, Coco, Objects, Table, geojson, objects_tiff, roi_zip};
use serde::Deserialize;

/// What `tests/reference/make_objects.py` wrote.
#[derive(Deserialize)]
struct Reference {
    width: usize,
    height: usize,
    runs: Vec<(u32, usize)>,
    values: Vec<Vec<f32>>,
    regions: Vec<Region>,
}

#[derive(Deserialize)]
struct Region {
    object: u32,
    area: usize,
    bbox: [usize; 4],
    centroid: [f64; 2],
    equivalent_diameter: f64,
    perimeter: f64,
    axes: [f64; 2],
    eccentricity: f64,
    orientation: f64,
    convex_area: usize,
    solidity: f64,
    feret: f64,
    intensity: Vec<[f64; 4]>,
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/objects")
}

fn reference() -> Reference {
    serde_json::from_slice(&std::fs::read(folder().join("measured.json")).unwrap()).unwrap()
}

/// The reference's objects, every third of another class; pixels of half a micrometre.
fn objects(reference: &Reference) -> Objects {
    let numbers: Vec<u32> = reference.runs.iter().flat_map(|(n, count)| vec![*n; *count]).collect();
    let classes: Vec<u8> =
        numbers.iter().map(|n| if *n == 0 { 0 } else { 1 + u8::from(n % 3 == 0) }).collect();
    let planes: Vec<&[f32]> = reference.values.iter().map(Vec::as_slice).collect();
    let category = |name: &str, colour| Category { name: name.into(), colour };
    let categories = vec![category("nucleus", [0, 158, 115]), category("=2+3, \"odd\"", [230, 159, 0])];
    let size = [reference.width, reference.height];
    Objects::of(("cells.png".into(), 0), size, numbers, &classes, &planes, categories, Some([0.0005; 2]))
}

#[test]
fn objects_are_measured_as_by_scikit_image() {
    let reference = reference();
    let found = objects(&reference);
    assert_eq!(found.measurements.len(), reference.regions.len());
    for (m, r) in found.measurements.iter().zip(&reference.regions) {
        let near = |what: &str, ours: f64, theirs: f64, limit: f64| {
            let off = (ours - theirs).abs();
            assert!(
                off <= limit * theirs.abs().max(1.0),
                "{what} of object {}: {ours} and {theirs}",
                m.object
            );
        };
        assert_eq!(
            (m.object, m.area, m.convex_area),
            (r.object, r.area, r.convex_area),
            "object {}",
            r.object
        );
        assert_eq!([m.bounds.top, m.bounds.left, m.bounds.bottom, m.bounds.right], r.bbox);
        near("row", m.centroid[1], r.centroid[0], 1e-9);
        near("column", m.centroid[0], r.centroid[1], 1e-9);
        near("equivalent diameter", m.equivalent_diameter, r.equivalent_diameter, 1e-9);
        near("perimeter", m.perimeter, r.perimeter, 1e-9);
        near("major axis", m.axes[0], r.axes[0], 1e-6);
        near("minor axis", m.axes[1], r.axes[1], 1e-6);
        near("eccentricity", m.eccentricity, r.eccentricity, 1e-6);
        // A circle has no direction.
        if r.eccentricity > 0.01 {
            near("orientation", m.orientation, r.orientation, 1e-6);
        }
        near("solidity", m.solidity, r.solidity, 1e-9);
        near("Feret diameter", m.feret.length, r.feret, 1e-9);
        for (ours, theirs) in m.intensity.iter().zip(&r.intensity) {
            near("mean", ours.mean, theirs[0], 1e-5);
            near("minimum", ours.min, theirs[1], 0.0);
            near("maximum", ours.max, theirs[2], 0.0);
            near("sum", ours.integrated, theirs[3], 1e-9);
        }
    }
}

/// The files beside `check_exports.py`, which other programs have read, are what the writers write.
#[test]
fn files_for_other_programs_are_those_that_these_programs_have_read_back() {
    let found = objects(&reference());
    let (mut table, mut coco) = (Table::new(), Coco::new());
    table.add(&found);
    coco.add(&found);
    let tiff = objects_tiff(&found.numbers, found.width, found.height, found.spacing).unwrap();
    let files = [
        ("objects.csv", table.csv().into_bytes()),
        ("coco.json", coco.json().into_bytes()),
        ("cells.geojson", geojson(&found).into_bytes()),
        ("cells.roi.zip", roi_zip(&found).unwrap()),
        ("cells.objects.tif", tiff),
    ];
    for (name, bytes) in files {
        let path = folder().join(name);
        // INSITU_WRITE=1 writes them anew; then run tests/reference/check_exports.py.
        if std::env::var_os("INSITU_WRITE").is_some() {
            std::fs::write(&path, &bytes).unwrap();
        }
        assert!(std::fs::read(&path).unwrap() == bytes, "{name} is not what was read back by other programs");
    }
}
