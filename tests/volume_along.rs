//! Volumes that a network sees in another orientation: planes have square pixels as SciPy makes them, what is found of them comes back to its
//! voxels, and three orientations make their mean.

use std::path::Path;

use insitu::infer::{Prediction, VolumePrediction, segment_volume};
use insitu::net::Preset;
use insitu::scan::{Geometry, Image, Limits, Scan};
use insitu::volume::{Along, Sections, Stack};
use insitu::weights::{Card, Class, StarShapes};
use proptest::prelude::*;
use serde::Deserialize;

const GIB: u64 = 1 << 30;

/// A NIfTI file of shorts without a place in the patient.
fn scan(size: [usize; 3], spacing: [f32; 3], value: impl Fn([usize; 3]) -> i16) -> Scan {
    let mut header = vec![0u8; 352];
    let mut put = |at: usize, bytes: &[u8]| header[at..at + bytes.len()].copy_from_slice(bytes);
    put(0, &348i32.to_le_bytes());
    let dim = [3, size[0] as i16, size[1] as i16, size[2] as i16, 1, 1, 1, 1];
    dim.iter().enumerate().for_each(|(i, d)| put(40 + 2 * i, &d.to_le_bytes()));
    put(70, &4i16.to_le_bytes());
    put(72, &16i16.to_le_bytes());
    let [x, y, z] = spacing;
    [1.0, x, y, z, 1.0].iter().enumerate().for_each(|(i, v)| put(76 + 4 * i, &v.to_le_bytes()));
    put(108, &352f32.to_le_bytes());
    put(112, &1f32.to_le_bytes());
    put(123, &[2]);
    put(344, b"n+1\0");
    let voxels = (0..size.iter().product())
        .map(|n: usize| value([n % size[0], size[1] - 1 - n / size[0] % size[1], n / size[0] / size[1]]));
    header.extend(voxels.flat_map(i16::to_le_bytes));
    let mut scan = Scan::decode(&header, None, &Limits::default()).unwrap();
    // Without a place in the patient; the decoder has turned the rows over, which are written so above.
    scan.geometry = None;
    scan.spacing = Some(insitu::scan::Spacing { x: x.into(), y: y.into(), z: Some(z.into()) });
    scan
}

fn card(classes: usize) -> Card {
    let class = |i: usize| Class { name: format!("class {i}"), colour: "#E69F00".into() };
    let outputs = Card::plain_outputs(if classes > 1 { classes + 1 } else { 1 });
    let network = Preset::from_name("small").unwrap().config(1, outputs.len());
    Card::new("test", network, (0..classes).map(class).collect(), outputs)
}

/// A network that takes values for probabilities; of a second class what the first leaves.
fn seen(plane: &Image, classes: usize) -> Prediction {
    let first: Vec<f32> = plane.data.iter().map(|v| v / 200.0).collect();
    let second = first.iter().map(|p| 1.0 - p);
    let probability = if classes > 1 { first.iter().copied().chain(second).collect() } else { first };
    Prediction::plain(plane.width, plane.height, classes, probability)
}

fn volume(scan: &Scan, along: Along, classes: usize) -> VolumePrediction {
    let (stack, _) = Stack::around(scan, 0);
    let infer = async |plane: Image, done: usize, total: usize| {
        assert!(done < total);
        Ok(seen(&plane, classes))
    };
    pollster::block_on(segment_volume(&stack, along, &card(classes), GIB, infer)).unwrap()
}

fn slices(scan: &Scan, along: Along, classes: usize) -> Vec<f32> {
    let (stack, _) = Stack::around(scan, 0);
    let found = volume(scan, along, classes);
    (0..scan.planes.depths).flat_map(|depth| found.slice(&stack, depth).unwrap().probability).collect()
}

fn close(a: &[f32], b: &[f32], off: f32) {
    assert_eq!(a.len(), b.len());
    let worst = a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst <= off, "{worst}");
}

#[derive(Deserialize)]
struct Reference {
    size: [usize; 3],
    spacing: [f32; 3],
    voxels: Vec<i16>,
    planes: Vec<Plane>,
}

#[derive(Deserialize)]
struct Plane {
    axis: usize,
    index: usize,
    size: [usize; 2],
    square: Vec<f32>,
    back: Vec<f32>,
}

#[test]
fn planes_with_square_pixels_are_those_of_scipy_on_the_way_there_and_back() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/volume/sections.json");
    let reference: Reference = serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap();
    let [columns, rows, _] = reference.size;
    let scan =
        scan(reference.size, reference.spacing, |[i, j, k]| reference.voxels[(k * rows + j) * columns + i]);
    let (stack, _) = Stack::around(&scan, 0);
    for plane in &reference.planes {
        let sections = Sections::of(&stack, plane.axis).unwrap();
        assert_eq!(sections.size, plane.size);
        let image = sections.image(&stack, plane.index).unwrap();
        close(&image.data, &plane.square, 2e-4);
        close(&sections.back(&image.data).unwrap(), &plane.back, 2e-4);
    }
}

#[test]
fn what_is_found_of_a_volume_with_thick_slices_lies_where_it_was() {
    // A block off the middle, and a value that rises along each axis.
    let value = |[i, j, k]: [usize; 3]| (20 * i + 5 * j + 10 * k) as i16;
    let scan = scan([6, 5, 4], [1.0, 1.0, 3.0], value);
    let expected: Vec<f32> = (0..120).map(|n| f32::from(value([n % 6, n / 6 % 5, n / 30])) / 200.0).collect();
    close(&slices(&scan, Along::Axis(2), 1), &expected, 1e-4);
    for along in [Along::Axis(0), Along::Axis(1), Along::Three] {
        let found = slices(&scan, along, 1);
        // The outermost slices lose a part of the slope, as what lies beyond their centres is as they are.
        close(&found[30..90], &expected[30..90], 1e-4);
        close(&found, &expected, 0.02);
    }
}

#[test]
fn the_mean_of_three_orientations_is_the_mean_of_the_three_answers() {
    let scan = scan([5, 6, 7], [1.0; 3], |[i, j, k]| ((i * 37 + j * 61 + k * 89) % 200) as i16);
    let (stack, _) = Stack::around(&scan, 0);
    // A network that says something else in each orientation.
    let of = |along: Along| {
        let mut planes = 0;
        let infer = async |plane: Image, _: usize, _: usize| {
            let mut found = seen(&plane, 2);
            let factor =
                [1.0, 0.5, 0.25][[5 * 6, 5 * 7, 6 * 7].iter().position(|n| *n == plane.data.len()).unwrap()];
            found.probability.iter_mut().for_each(|p| *p *= factor);
            planes += 1;
            Ok(found)
        };
        let volume = pollster::block_on(segment_volume(&stack, along, &card(2), GIB, infer)).unwrap();
        assert_eq!((planes, volume.done()), (volume.total(), volume.total()));
        (0..7).flat_map(|depth| volume.slice(&stack, depth).unwrap().probability).collect::<Vec<_>>()
    };
    let single = [0, 1, 2].map(|axis| of(Along::Axis(axis)));
    let mean: Vec<f32> =
        (0..single[0].len()).map(|i| single.iter().map(|one| one[i]).sum::<f32>() / 3.0).collect();
    close(&of(Along::Three), &mean, 1e-4);
    assert!(single[0] != single[1] && single[1] != single[2]);
}

#[test]
fn planes_are_as_a_network_sees_slices_where_low_values_are_bright() {
    let mut scan = scan([4, 5, 6], [1.0; 3], |[i, j, k]| (i + 7 * j + 11 * k) as i16);
    let plain = slices(&scan, Along::Axis(2), 1);
    scan.inverted = true;
    let (stack, _) = Stack::around(&scan, 0);
    let plane = Sections::of(&stack, 1).unwrap().image(&stack, 0).unwrap();
    assert_eq!((plane.data[0], plane.data[23]), (58.0, 0.0));
    assert_eq!(Sections::of(&stack, 2).unwrap().image(&stack, 3).unwrap(), scan.network_slice(3).unwrap());
    assert_ne!(slices(&scan, Along::Axis(2), 1), plain);
}

#[test]
fn what_cannot_be_is_refused_before_memory_is_taken() {
    let flat = scan([4, 5, 1], [1.0; 3], |_| 0);
    let deep = scan([4, 5, 6], [1.0, 1.0, 100.0], |_| 0);
    let refused = |scan: &Scan, along: Along, card: &Card, limit: u64| {
        let (stack, _) = Stack::around(scan, 0);
        VolumePrediction::new(&stack, along, card, limit).err().unwrap().code().to_string()
    };
    assert_eq!(refused(&flat, Along::Three, &card(1), GIB), "volume.flat");
    assert_eq!(refused(&deep, Along::Three, &card(1), GIB), "volume.thick");
    assert_eq!(refused(&deep, Along::Axis(2), &card(2), 479), "volume.memory");
    let stars = Card { stars: Some(StarShapes { overlap: 0.4 }), ..card(1) };
    assert_eq!(refused(&deep, Along::Axis(2), &stars, GIB), "volume.stars");
    let (stack, _) = Stack::around(&deep, 0);
    let unfinished = VolumePrediction::new(&stack, Along::Axis(2), &card(1), GIB).unwrap();
    assert_eq!(unfinished.slice(&stack, 0).err().unwrap().code(), "volume.unfinished");
}

proptest! {
    #[test]
    fn a_plane_of_any_volume_comes_back_at_its_own_size(
        size in prop::array::uniform3(2usize..7),
        spacing in prop::array::uniform3(0.2f32..4.0),
        steps in prop::array::uniform3(prop::array::uniform3(-3.0f64..3.0)),
        placed in any::<bool>(),
        axis in 0usize..3,
    ) {
        let mut scan = scan(size, spacing, |[i, j, k]| (i + 10 * j + 30 * k) as i16);
        if placed {
            scan.geometry = Some(Geometry { origin: [0.0; 3], steps });
        }
        let (stack, _) = Stack::around(&scan, 0);
        let Ok(sections) = Sections::of(&stack, axis) else { return Ok(()) };
        let image = sections.image(&stack, size[axis] - 1).unwrap();
        let back = sections.back(&image.data).unwrap();
        prop_assert_eq!(back.len(), size.iter().product::<usize>() / size[axis]);
        let labels = sections.labels(&vec![1; back.len()]).unwrap();
        prop_assert!(labels.len() == image.data.len() && labels.iter().all(|l| *l == 1));
        prop_assert!(back.iter().all(|v| v.is_finite()));
    }
}
