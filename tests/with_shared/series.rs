//! Cine series of the heart, of each of which two phases are there.

use std::path::Path;

use insitu::scan::series::{group, head};
use insitu::scan::{Limits, Scan};

pub const FOLDER: &str = "data/clinical/left-ventricle/images";

/// Files of four people become four volumes with two times each, whose slices lie behind each other.
pub fn cine_series_of_the_heart_are_volumes_with_times(folder: &Path) {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let look = |path: &std::path::PathBuf| {
        let bytes = std::fs::read(path).unwrap();
        head(bytes.get(..1 << 16).unwrap_or(&bytes), "a file").unwrap()
    };
    let heads: Vec<_> = paths.iter().map(look).collect();
    let found = group(&heads);
    assert!(found.left_out.is_empty());
    let mut shapes = Vec::new();
    for series in &found.series {
        let file = |i: usize| Ok(std::fs::read(&paths[i]).unwrap());
        let scan = Scan::from_series(series, file, &Limits::default(), |_, _| true).unwrap();
        shapes.push([scan.planes.depths, scan.planes.times]);
        let geometry = scan.geometry.unwrap();
        assert!(geometry.tilt() < 0.1, "{geometry:?}");
        let frames = scan.source.unwrap().frames;
        for (i, frame) in frames.iter().enumerate() {
            let at = geometry.at([0.0, 0.0, (i % scan.planes.depths) as f64]);
            let position = frame.position.unwrap();
            assert!(at.iter().zip(position).all(|(a, b)| (a - b).abs() < 0.05), "{at:?} {position:?}");
        }
    }
    shapes.sort_unstable();
    assert_eq!(shapes, [[9, 2], [9, 2], [10, 2], [11, 2]]);
}
