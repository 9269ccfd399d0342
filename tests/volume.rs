//! Volumes of labels: slices between painted ones, objects in 3-D and their sizes agree with SciPy and scikit-image, surfaces with
//! formulas.

use std::cell::Cell;
use std::path::Path;

use insitu::scan::Geometry;
use insitu::volume::{
    Components3, Connectivity3, DenseLabels, LabelSlices, LabelVolume, Runs, Tidied, Tidy, TidyStep, between,
    fill_holes, measure, of_classes, remove_piece, remove_pieces, slice_areas, smooth, voxels_in,
};
use proptest::prelude::*;
use serde::Deserialize;

/// What `tests/reference/make_volume_measures.py` wrote.
#[derive(Deserialize)]
struct Reference {
    interpolation: Vec<Interpolation>,
    scattered: Scattered,
    hollow: Hollow,
    tidy: Order,
    affine: [[f64; 4]; 3],
    classes: Vec<Region>,
    objects: Vec<Region>,
    slices: Vec<(usize, u32, u64, f64, Option<f64>)>,
    ellipsoids: Vec<Ellipsoid>,
}

#[derive(Deserialize)]
struct Interpolation {
    name: String,
    width: usize,
    spacing: [f64; 2],
    first: String,
    last: String,
    between: Vec<String>,
}

#[derive(Deserialize)]
struct Scattered {
    size: [usize; 3],
    labels: String,
    components: std::collections::BTreeMap<String, Cleaned>,
}

#[derive(Deserialize)]
struct Cleaned {
    numbers: Vec<u32>,
    without_small: String,
    largest: String,
}

#[derive(Deserialize)]
struct Hollow {
    size: [usize; 3],
    labels: String,
    filled: String,
    spacing: [f64; 3],
    smoothed: Vec<(f64, String)>,
}

/// Neighbours, smallest mm³, only the largest, holes, sigma; and what SciPy makes of it.
type Case = ((u8, f64, bool, bool, f64), Ordered);

#[derive(Deserialize)]
struct Order {
    size: [usize; 3],
    labels: String,
    spacing: [f64; 3],
    cases: Vec<Case>,
}

#[derive(Deserialize)]
struct Ordered {
    labels: String,
    removed: (u64, u64),
    holes: (u64, u64),
    smoothed: u64,
}

#[derive(Deserialize)]
struct Region {
    number: u32,
    voxels: u64,
    bounds: [[usize; 2]; 3],
    centroid: [f64; 3],
    position: [f64; 3],
    volume_ml: f64,
    diameter_mm: f64,
    values: Option<[f64; 5]>,
}

#[derive(Deserialize)]
struct Ellipsoid {
    axes: [f64; 3],
    spacing: [f64; 3],
    area: f64,
}

fn reference() -> Reference {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/reference/volume/measures.json");
    serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap()
}

fn labels(text: &str) -> Vec<u8> {
    text.bytes().map(|b| if b == b'9' { 255 } else { b - b'0' }).collect()
}

fn text(labels: &[u8]) -> String {
    labels.iter().map(|l| if *l == 255 { '9' } else { char::from(b'0' + l) }).collect()
}

fn runs(size: [usize; 3], voxels: &[u8]) -> Runs {
    Runs::of(&DenseLabels::new(size, &mut voxels.to_vec()).unwrap()).unwrap()
}

/// What a change makes of labels, after checking that it tells how many voxels it changed.
fn changed(size: [usize; 3], before: &str, change: impl FnOnce(&mut dyn LabelVolume) -> u64) -> String {
    let mut voxels = labels(before);
    let told = change(&mut DenseLabels::new(size, &mut voxels).unwrap());
    let after = text(&voxels);
    assert_eq!(before.bytes().zip(after.bytes()).filter(|(a, b)| a != b).count() as u64, told);
    after
}

/// The image that the script measured.
fn value(x: usize, y: usize, z: usize) -> f32 {
    if (x + 2 * y + 3 * z).is_multiple_of(17) {
        return f32::NAN;
    }
    ((x * 37 + y * 101 + z * 59) % 211) as f32 - 100.0 + 0.25 * x as f32
}

fn row_of_values(slice: usize, row: usize, from: usize, to: &mut [f32]) {
    (from..).zip(to).for_each(|(x, to)| *to = value(x, row, slice));
}

const WAYS: [(&str, Connectivity3); 3] =
    [("6", Connectivity3::Six), ("18", Connectivity3::Eighteen), ("26", Connectivity3::TwentySix)];

#[test]
fn slices_between_painted_ones_are_those_of_signed_distances_by_scipy() {
    for case in reference().interpolation {
        let [first, last] = [&case.first, &case.last].map(|t| labels(t));
        let planes = between(&first, &last, case.width, case.spacing, case.between.len()).unwrap();
        assert_eq!(planes.iter().map(|p| text(p)).collect::<Vec<_>>(), case.between, "{}", case.name);
    }
}

#[test]
fn planes_that_do_not_fit_each_other_are_refused() {
    assert_eq!(between(&[0; 6], &[0; 4], 2, [1.0; 2], 1).unwrap_err().code(), "volume.size");
    assert_eq!(between(&[0; 6], &[0; 6], 4, [1.0; 2], 1).unwrap_err().code(), "volume.size");
    assert_eq!(between(&[0; 6], &[0; 6], 3, [1.0, 0.0], 1).unwrap_err().code(), "volume.spacing");
    assert!(DenseLabels::new([2, 2, 2], &mut [0; 7]).is_err());
    assert!(DenseLabels::new([usize::MAX, 2, 2], &mut [0; 7]).is_err());
}

#[test]
fn objects_are_numbered_as_by_scikit_image() {
    let Scattered { size, labels: before, components, .. } = reference().scattered;
    for (name, connectivity) in WAYS {
        let objects = Components3::of(runs(size, &labels(&before)), connectivity);
        let mut numbers = Vec::new();
        for slice in 0..size[2] {
            let mut plane = vec![7; size[0] * size[1]];
            objects.slice(slice, &mut plane);
            numbers.extend(plane);
        }
        assert_eq!(numbers, components[name].numbers, "{name}");
        assert_eq!(objects.at([3, 4, 2]), numbers[(2 * size[1] + 4) * size[0] + 3]);
        for (i, (voxels, class)) in objects.sizes.iter().zip(&objects.classes).enumerate() {
            let of = numbers.iter().zip(labels(&before)).filter(|(n, _)| **n == i as u32 + 1);
            assert!(of.clone().all(|(_, l)| l == *class) && of.count() as u64 == *voxels);
        }
    }
}

#[test]
fn specks_lesser_pieces_and_holes_go_as_in_scikit_image_and_scipy() {
    let reference = reference();
    let Scattered { size, labels, components, .. } = reference.scattered;
    for (name, connectivity) in WAYS {
        let small = changed(size, &labels, |l| remove_pieces(l, 1, connectivity, 4, false).unwrap().voxels);
        assert_eq!(small, components[name].without_small, "{name}");
        let largest = changed(size, &labels, |l| remove_pieces(l, 1, connectivity, 0, true).unwrap().voxels);
        assert_eq!(largest, components[name].largest, "{name}");
    }
    let Hollow { size, labels, filled, .. } = reference.hollow;
    assert_eq!(changed(size, &labels, |l| fill_holes(l, 1).unwrap().voxels), filled);
    assert_eq!(changed(size, &labels, |l| fill_holes(l, 7).unwrap().voxels), labels);
    assert_eq!([voxels_in(1.0, 0.3), voxels_in(0.9, 0.3), voxels_in(0.0, 0.3)], [4, 3, 0]);
}

#[test]
fn a_class_is_put_in_order_as_by_scipy_and_what_was_done_is_counted() {
    let Order { size, labels: before, spacing, cases } = reference().tidy;
    for ((neighbours, smallest, largest, fill, smooth), expected) in cases {
        let connectivity = Connectivity3::of(neighbours).unwrap();
        let tidy = Tidy { connectivity, smallest, largest, fill, smooth, spacing };
        let mut voxels = labels(&before);
        let mut done = Tidied::default();
        let slices = voxels.chunks_exact_mut(size[0] * size[1]).collect();
        let mut volume = LabelSlices::new(size[0], size[1], slices).unwrap();
        for step in tidy.steps() {
            tidy.step(&mut volume, 1, step, &mut done).unwrap();
        }
        assert_eq!(text(&voxels), expected.labels, "{tidy:?}");
        let counts = [done.removed, done.holes].map(|cleaned| (cleaned.pieces, cleaned.voxels));
        assert_eq!(
            (counts, done.smoothed),
            ([expected.removed, expected.holes], expected.smoothed),
            "{tidy:?}"
        );
    }
    let nothing = Tidy {
        connectivity: Connectivity3::Six,
        smallest: 0.0,
        largest: false,
        fill: false,
        smooth: 0.0,
        spacing,
    };
    assert_eq!(nothing.steps(), []);
    assert_eq!(Tidy { fill: true, ..nothing }.steps(), [TidyStep::Holes]);
    assert_eq!(Connectivity3::of(8).unwrap_err().code(), "volume.neighbours");
    assert!(LabelSlices::new(2, 2, vec![&mut [0; 3]]).is_err());
}

#[test]
fn one_piece_goes_if_it_is_still_as_it_was_listed() {
    let Scattered { size, labels: before, components, .. } = reference().scattered;
    for (name, connectivity) in WAYS {
        let numbers = &components[name].numbers;
        let voxels = numbers.iter().filter(|number| **number == 2).count() as u64;
        let after = changed(size, &before, |l| remove_piece(l, 0, connectivity, 2, voxels).unwrap().voxels);
        let expected = labels(&before).into_iter().zip(numbers).map(|(l, n)| if *n == 2 { 0 } else { l });
        assert_eq!(after, text(&expected.collect::<Vec<_>>()), "{name}");
        let mut gone = labels(&before);
        let volume = &mut DenseLabels::new(size, &mut gone).unwrap();
        for (number, voxels) in [(0, voxels), (2, voxels + 1), (9999, 1)] {
            let error = remove_piece(volume, 0, connectivity, number, voxels).unwrap_err();
            assert_eq!(error.code(), "volume.piece");
        }
        assert_eq!(text(&gone), before);
    }
}

#[test]
fn a_class_is_smoothed_as_by_scipys_gaussian() {
    let Hollow { size, labels, spacing, smoothed, .. } = reference().hollow;
    for (sigma, expected) in smoothed {
        assert_eq!(changed(size, &labels, |l| smooth(l, 1, sigma, spacing).unwrap()), expected, "{sigma} mm");
    }
    assert_eq!(changed(size, &labels, |l| smooth(l, 9, 1.0, spacing).unwrap()), labels);
    let mut voxels = vec![1];
    let mut one = DenseLabels::new([1; 3], &mut voxels).unwrap();
    assert_eq!(smooth(&mut one, 1, 0.0, [1.0; 3]).unwrap_err().code(), "volume.sigma");
    assert_eq!(smooth(&mut one, 1, 1.0, [1.0, 0.0, 1.0]).unwrap_err().code(), "volume.sigma");
}

#[test]
fn classes_and_objects_are_measured_as_by_numpy_and_scipy() {
    let reference = reference();
    let geometry = Geometry::from_affine(reference.affine, false);
    let Scattered { size, labels: before, .. } = reference.scattered;
    let objects = Components3::of(runs(size, &labels(&before)), Connectivity3::TwentySix);
    let classes = of_classes(objects.runs());
    for (numbers, regions) in [(objects.numbers(), &reference.objects), (&classes, &reference.classes)] {
        let measured = measure(objects.runs(), numbers, Some(&geometry), Some(&row_of_values)).unwrap();
        assert_eq!(measured.len(), regions.len());
        for (m, r) in measured.iter().zip(regions) {
            let close = |a: f64, b: f64, what: &str| {
                assert!((a - b).abs() < 1e-9 * b.abs().max(1.0), "{what}: {a} {b}")
            };
            assert_eq!((m.number, m.voxels, m.bounds), (r.number, r.voxels, r.bounds));
            let physical = m.physical.unwrap();
            for axis in 0..3 {
                close(m.centroid[axis], r.centroid[axis], "centroid");
                close(physical.position[axis], r.position[axis], "position");
            }
            close(physical.volume_ml, r.volume_ml, "volume");
            close(physical.diameter_mm, r.diameter_mm, "diameter");
            assert!(physical.surface_cm2 > 0.0);
            let values = m.values.map(|v| [v.voxels as f64, v.mean, v.deviation, v.min, v.max]);
            assert_eq!(values.is_some(), r.values.is_some());
            for (a, b) in values.iter().zip(&r.values).flat_map(|(a, b)| a.iter().zip(b)) {
                close(*a, *b, "values");
            }
        }
    }
    let rows = slice_areas(objects.runs(), &classes, Some(&geometry), Some(&row_of_values)).unwrap();
    assert_eq!(rows.len(), reference.slices.len());
    for (row, (slice, number, pixels, area, mean)) in rows.iter().zip(reference.slices) {
        assert_eq!((row.slice, row.number, row.pixels), (slice, number, pixels));
        assert!((row.area_mm2.unwrap() - area).abs() < 1e-9);
        assert!((row.mean.unwrap() - mean.unwrap()).abs() < 1e-9);
    }
    let bare = measure(objects.runs(), &classes, None, None).unwrap();
    assert!(bare.iter().all(|m| m.physical.is_none() && m.values.is_none()));
    assert_eq!(measure(objects.runs(), &[1], None, None).unwrap_err().code(), "volume.size");
    let beyond = vec![u32::MAX; objects.numbers().len()];
    assert_eq!(measure(objects.runs(), &beyond, None, None).unwrap_err().code(), "volume.size");
}

/// The voxels of an ellipsoid whose half axes are in mm, in a volume that is just large enough.
fn ellipsoid(axes: [f64; 3], spacing: [f64; 3], off: [f64; 3]) -> ([usize; 3], Vec<u8>) {
    let size = [0, 1, 2].map(|a| 2 * (axes[a] / spacing[a]).ceil() as usize + 4);
    let inside = |voxel: [usize; 3]| {
        let of =
            |a: usize| ((voxel[a] as f64 - size[a] as f64 / 2.0 + off[a]) * spacing[a] / axes[a]).powi(2);
        of(0) + of(1) + of(2) <= 1.0
    };
    let all = 0..size.iter().product();
    (
        size,
        all.map(|i| u8::from(inside([i % size[0], i / size[0] % size[1], i / size[0] / size[1]]))).collect(),
    )
}

#[test]
fn surfaces_of_spheres_are_within_2_percent_and_of_ellipsoids_within_3() {
    for case in reference().ellipsoids {
        for off in [[0.0; 3], [0.31, -0.17, 0.43]] {
            let (size, voxels) = ellipsoid(case.axes, case.spacing, off);
            let runs = runs(size, &voxels);
            let geometry = Geometry::plain(case.spacing);
            let found = measure(&runs, &of_classes(&runs), Some(&geometry), None).unwrap();
            let ratio = found[0].physical.unwrap().surface_cm2 * 100.0 / case.area;
            println!("{:?} at {:?} mm: {ratio:.4}", case.axes, case.spacing);
            let bound =
                if case.axes[0] == case.axes[1] && case.axes[1] == case.axes[2] { 0.02 } else { 0.03 };
            assert!((ratio - 1.0).abs() < bound, "{:?} at {:?} mm: {ratio}", case.axes, case.spacing);
            let longest = 2.0 * case.axes.iter().copied().fold(0.0, f64::max);
            let diameter = found[0].physical.unwrap().diameter_mm;
            let step = case.spacing.iter().copied().fold(0.0, f64::max);
            assert!(
                diameter <= longest + 1e-9 && diameter > 0.98 * longest - 2.0 * step,
                "{diameter} of {longest}"
            );
        }
    }
}

/// Counts what is written, of a volume that is otherwise as it was.
struct Watched<'a>(DenseLabels<'a>, Cell<usize>);

impl LabelVolume for Watched<'_> {
    fn size(&self) -> [usize; 3] {
        self.0.size()
    }

    fn read(&self, slice: usize, row: usize, from: usize, to: &mut [u8]) {
        self.0.read(slice, row, from, to);
    }

    fn write(&mut self, slice: usize, row: usize, from: usize, labels: &[u8]) {
        self.1.set(self.1.get() + labels.len());
        self.0.write(slice, row, from, labels);
    }
}

#[test]
fn what_does_not_change_is_not_written() {
    let Hollow { size, labels: before, .. } = reference().hollow;
    let mut voxels = labels(&before);
    let mut watched = Watched(DenseLabels::new(size, &mut voxels).unwrap(), Cell::new(0));
    let removed = remove_pieces(&mut watched, 2, Connectivity3::Six, 3, false).unwrap().voxels;
    assert_eq!((removed, watched.1.get()), (2, 2));
    assert_eq!(remove_pieces(&mut watched, 1, Connectivity3::Six, 1, false).unwrap().voxels, 0);
    assert_eq!(watched.1.get(), 2);
}

/// A small volume of few classes.
fn volumes() -> impl Strategy<Value = ([usize; 3], Vec<u8>)> {
    prop::array::uniform3(1usize..6).prop_flat_map(|size| {
        let label = prop_oneof![3 => Just(0u8), 3 => Just(1), 2 => Just(2), 1 => Just(255)];
        (Just(size), prop::collection::vec(label, size.iter().product::<usize>()))
    })
}

proptest! {
    #[test]
    fn voxels_are_of_one_object_where_a_flood_reaches_one_from_the_other((size, voxels) in volumes(), way in 0usize..3) {
        let objects = Components3::of(runs(size, &voxels), WAYS[way].1);
        let at = |i: usize| [i % size[0], i / size[0] % size[1], i / size[0] / size[1]];
        let mut flooded = vec![0u32; voxels.len()];
        let mut count = 0;
        for start in 0..voxels.len() {
            if flooded[start] == 0 && !matches!(voxels[start], 0 | 255) {
                count += 1;
                let mut stack = vec![start];
                flooded[start] = count;
                while let Some(i) = stack.pop() {
                    for j in 0..voxels.len() {
                        let far = [0, 1, 2].map(|a| at(i)[a].abs_diff(at(j)[a]));
                        let near = far.iter().all(|d| *d <= 1) && far.iter().sum::<usize>() <= way + 1;
                        if near && flooded[j] == 0 && voxels[j] == voxels[i] {
                            flooded[j] = count;
                            stack.push(j);
                        }
                    }
                }
            }
        }
        let found: Vec<u32> = (0..voxels.len()).map(|i| objects.at(at(i))).collect();
        prop_assert_eq!(found, flooded);
    }

    #[test]
    fn the_way_back_between_two_planes_is_the_way_there(
        (first, last) in (2usize..40).prop_flat_map(|n| {
            let label = || prop_oneof![4 => Just(0u8), 3 => Just(1), 1 => Just(4), 1 => Just(255)];
            (prop::collection::vec(label(), 3 * n), prop::collection::vec(label(), 3 * n))
        }),
        count in 0usize..4,
        steep in 0.2f64..3.0,
    ) {
        let there = between(&first, &last, 3, [1.0, steep], count).unwrap();
        let mut back = between(&last, &first, 3, [1.0, steep], count).unwrap();
        back.reverse();
        prop_assert_eq!(&there, &back);
        for plane in there {
            for ((label, a), b) in plane.iter().zip(&first).zip(&last) {
                prop_assert!(a != b || label == a);
            }
        }
    }

    #[test]
    fn filled_holes_stay_filled_and_only_background_is_filled((size, voxels) in volumes()) {
        let mut after = voxels.clone();
        let mut volume = DenseLabels::new(size, &mut after).unwrap();
        fill_holes(&mut volume, 1).unwrap();
        prop_assert_eq!(fill_holes(&mut volume, 1).unwrap().voxels, 0);
        for (a, b) in voxels.iter().zip(&after) {
            prop_assert!(a == b || (matches!(a, 0 | 255) && *b == 1));
        }
    }

    #[test]
    fn turning_a_volume_over_changes_no_size((size, voxels) in volumes()) {
        let steps = [[0.7, 0.0, 0.1], [0.0, 0.9, 0.3], [0.2, 0.0, 2.9]];
        let sizes = |voxels: &[u8], geometry: Geometry| {
            let runs = runs(size, voxels);
            let all = measure(&runs, &of_classes(&runs), Some(&geometry), None).unwrap();
            all.into_iter().map(|m| m.physical.unwrap()).collect::<Vec<_>>()
        };
        let geometry = Geometry { origin: [1.0; 3], steps };
        let turned: Vec<u8> = voxels.iter().rev().copied().collect();
        let back = (0..3).fold(geometry, |g, axis| g.reversed(axis, size[axis]));
        for (a, b) in sizes(&voxels, geometry).iter().zip(&sizes(&turned, back)) {
            prop_assert!((a.surface_cm2 - b.surface_cm2).abs() < 1e-9);
            prop_assert!((a.diameter_mm - b.diameter_mm).abs() < 1e-9);
            prop_assert!(a.position.iter().zip(b.position).all(|(a, b)| (a - b).abs() < 1e-9));
        }
    }
}
