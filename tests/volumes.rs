//! Labels of a volume, as they are written, keep every voxel where it lies, for other programs and for ourselves.
//!
//! `tests/reference/check_volumes.py` opens the files of all cases with highdicom, pydicom, nibabel, SimpleITK, pynrrd, slicerio, rt-utils and
//! dcmrtstruct2nii, and notes in `tests/reference/volumes_checked.json` what it found right; here the files must be those:
//!     INSITU_VOLUMES=FOLDER cargo test --test volumes && python tests/reference/check_volumes.py FOLDER

#![cfg(not(target_arch = "wasm32"))]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use insitu::export::{
    Algorithm, LabelClass, LabelVolume, Making, PROPERTIES, Property, dicom_seg, dicom_seg_probability,
    in_steps, nifti, nifti_probability, ome_tiff, rtstruct, seg_nrrd,
};
use insitu::scan::geometry::Vector;
use insitu::scan::source::{Patient, SourceFrame, Study};
use insitu::scan::{
    Contours, Format, Geometry, Limits, Placed, Planes, Scan, Segmentation, Source, Spacing, Turn,
    place_contours, place_scan, place_segmentation, segment_values,
};
use proptest::prelude::*;
use serde_json::{Value, json};

const CT: &str = "1.2.840.10008.5.1.4.1.1.2";

struct Case {
    name: String,
    /// As displayed.
    size: [usize; 3],
    geometry: Option<Geometry>,
    turn: Turn,
    source: Option<Source>,
    empty: bool,
}

impl Case {
    /// No two views of it look alike: two classes strewn about, a ring with a hole in it, a slice without anything.
    fn labels(&self, slice: usize) -> Vec<u8> {
        let [width, height, depth] = self.size;
        if self.empty || (slice == 1 && depth > 1) {
            return Vec::new();
        }
        let mut labels = vec![0; width * height];
        for (i, label) in labels.iter_mut().enumerate() {
            let (x, y) = (i % width, i / width);
            let strewn = (i * 7919 + slice * 104_729) % 11;
            if (1..6).contains(&x) && (1..5).contains(&y) {
                let hole = (2..4).contains(&x) && (2..4).contains(&y) || (x == 4 && y == 3);
                *label = if hole { u8::from(x == 3 && y == 2) * 2 } else { 1 };
            } else {
                *label = [1, 2, 255, 0, 0, 0, 0, 0, 0, 0, 0][strewn];
            }
        }
        labels
    }

    fn probability(&self, class: usize, slice: usize) -> Vec<f32> {
        let labels = self.labels(slice);
        let value = |(i, label): (usize, &u8)| {
            if usize::from(*label) == class { 1.0 - (i % 5) as f32 / 17.0 } else { 0.0 }
        };
        labels.iter().enumerate().map(value).collect()
    }

    fn write(&self) -> BTreeMap<String, Vec<u8>> {
        self.write_as("")
    }

    /// `pseudonym`: in the place of who the patient is.
    fn write_as(&self, pseudonym: &str) -> BTreeMap<String, Vec<u8>> {
        let class = |name: &str, colour, id| LabelClass {
            name: name.into(),
            colour,
            property: Property::named(id).unwrap(),
        };
        let classes =
            [class("Niere, linke", [230, 159, 0], "kidney"), class("naïve läsion", [0, 114, 178], "lesion")];
        let labels = |slice| Cow::Owned(self.labels(slice));
        let probability = |class, slice| Cow::Owned(in_steps(&self.probability(class, slice)));
        let volume = LabelVolume {
            size: self.size,
            classes: &classes,
            geometry: self.geometry,
            spacing: Some(Spacing { x: 0.5, y: 0.75, z: None }),
            turn: self.turn,
            source: self.source.as_ref(),
            labels: &labels,
        };
        let making = Making {
            entropy: self.name.as_bytes(),
            date: "20240229",
            time: "134501",
            description: "",
            algorithm: Algorithm::Semiautomatic,
            algorithm_name: "U-Net",
            pseudonym,
        };
        let mut files = BTreeMap::new();
        let mut put = |ending: &str, file: Vec<u8>| files.insert(format!("{}{ending}", self.name), file);
        put(".seg.dcm", dicom_seg(&volume, &making).unwrap());
        put(".prob.dcm", dicom_seg_probability(&volume, &probability, &making).unwrap());
        put(".nii.gz", nifti(&volume, 1).unwrap());
        put(".prob.nii.gz", nifti_probability(&volume, 1, &probability).unwrap());
        put(".seg.nrrd", seg_nrrd(&volume).unwrap());
        put(".ome.tif", ome_tiff(&volume, &Planes::stack(self.size[2])).unwrap());
        match rtstruct(&volume, &making) {
            Ok(file) => {
                put(".rtstruct.dcm", file);
            }
            Err(error) => {
                assert!(self.geometry.is_none());
                assert_eq!(error.code(), "export.rtstruct.place");
            }
        }
        files
    }

    /// What the checking script goes by: the place of each voxel follows from it without this crate.
    fn told(&self) -> Value {
        let labels: Vec<Vec<u8>> = (0..self.size[2]).map(|slice| self.labels(slice)).collect();
        let probability: Vec<Vec<f32>> = (0..self.size[2]).map(|slice| self.probability(1, slice)).collect();
        let turn =
            [self.turn.transposed, self.turn.reversed[0], self.turn.reversed[1], self.turn.reversed[2]];
        let geometry = self.geometry.map(|g| json!({ "origin": g.origin, "steps": g.steps }));
        let source = self.source.as_ref().map(|source| {
            let frames: Vec<Value> = source
                .frames
                .iter()
                .map(|f| json!({ "instance": f.instance, "number": f.number, "position": f.position, "orientation": f.orientation }))
                .collect();
            json!({ "series": source.series, "study": source.study.instance, "frame_of_reference": source.frame_of_reference, "class": source.class, "frames": frames })
        });
        json!({ "size": self.size, "geometry": geometry, "turn": turn, "source": source, "labels": labels, "probability": probability })
    }
}

fn source(size: [usize; 3], geometry: Option<Geometry>, multi_frame: bool) -> Source {
    let name = |n: usize| format!("1.2.826.0.1.3680043.8.498.{n}");
    let unit = |v: Vector| {
        let length = v.iter().map(|v| v * v).sum::<f64>().sqrt();
        v.map(|v| v / length)
    };
    let frame = |slice: usize| SourceFrame {
        instance: name(if multi_frame { 100 } else { 100 + slice }),
        number: multi_frame.then_some(slice as u32 + 1),
        position: geometry.map(|g| g.at([0.0, 0.0, slice as f64])),
        orientation: geometry.map(|g| [unit(g.steps[0]), unit(g.steps[1])]),
    };
    Source {
        character_set: "ISO_IR 100".into(),
        patient: Patient {
            name: "Müller^Änne".into(),
            id: "42".into(),
            birth_date: "19700101".into(),
            sex: "F".into(),
        },
        study: Study {
            instance: name(1),
            date: "20240101".into(),
            time: "101112".into(),
            id: "S1".into(),
            ..Study::default()
        },
        series: name(2),
        description: "source".into(),
        number: "3".into(),
        frame_of_reference: if geometry.is_some() { name(3) } else { String::new() },
        class: if multi_frame { "1.2.840.10008.5.1.4.1.1.2.1" } else { CT }.into(),
        frames: (0..size[2]).map(frame).collect(),
    }
}

/// Numbers that 32-bit floats hold, so that an affine can come back exactly.
const LENGTHS: [f64; 3] = [0.75, 1.25, 2.5];

fn cases() -> Vec<Case> {
    let size = [9, 7, 4];
    let mut cases = Vec::new();
    let permutations = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    for (n, world) in permutations.into_iter().enumerate() {
        for mirrored in [false, true] {
            let mut steps = [[0.0; 3]; 3];
            for (axis, step) in steps.iter_mut().enumerate() {
                let sign = if (n + axis) % 3 == 0 || (mirrored && axis == 1) { -1.0 } else { 1.0 };
                step[world[axis]] = sign * LENGTHS[axis];
            }
            let bits = n * 2 + usize::from(mirrored) + 3;
            let bit = |i: usize| bits >> i & 1 == 1;
            let turn = Turn { transposed: bit(0), reversed: [bit(1), bit(2), bit(3)] };
            let geometry = Some(Geometry { origin: [-12.5, 30.25, 7.0], steps });
            let name = format!(
                "axes-{}{}{}-{}",
                world[0],
                world[1],
                world[2],
                if mirrored { "mirrored" } else { "plain" }
            );
            cases.push(Case { name, size, geometry, turn, source: None, empty: false });
        }
    }
    let (c, s) = (0.96, 0.28);
    let oblique = [[c * 0.75, s * 0.75, 0.0], [-s * c, c * c, s], [s * s * 2.5, -c * s * 2.5, c * 2.5]];
    let geometry = |steps| Some(Geometry { origin: [-12.5, 30.25, 7.0], steps });
    for (name, geometry, multi_frame) in [
        ("axial", geometry([[0.75, 0.0, 0.0], [0.0, 1.25, 0.0], [0.0, 0.0, 2.5]]), false),
        ("downwards", geometry([[0.75, 0.0, 0.0], [0.0, 1.25, 0.0], [0.0, 0.0, -2.5]]), false),
        ("sagittal", geometry([[0.0, 0.75, 0.0], [0.0, 0.0, -1.25], [2.5, 0.0, 0.0]]), false),
        ("coronal", geometry([[0.75, 0.0, 0.0], [0.0, 0.0, -1.25], [0.0, 2.5, 0.0]]), true),
        ("oblique", geometry(oblique), false),
        ("tilted", geometry([[0.75, 0.0, 0.0], [0.0, 1.25, 0.0], [0.0, 0.7, 2.4]]), false),
        ("square", geometry([[0.75, 0.0, 0.0], [0.0, 0.75, 0.0], [0.0, 0.0, 2.5]]), false),
        ("flat", None, false),
    ] {
        let size = match name {
            "square" => [9, 9, 4],
            "flat" => [9, 7, 1],
            _ => size,
        };
        let source = Some(source(size, geometry, multi_frame));
        cases.push(Case { name: name.into(), size, geometry, turn: Turn::default(), source, empty: false });
    }
    let steps = [[0.75, 0.0, 0.0], [0.0, 1.25, 0.0], [0.0, 0.0, 2.5]];
    let nothing = Some(source(size, geometry(steps), false));
    let empty = Case {
        name: "empty".into(),
        size,
        geometry: geometry(steps),
        turn: Turn::default(),
        source: nothing,
        empty: true,
    };
    cases.push(empty);
    let picture = Case {
        name: "picture".into(),
        size: [9, 7, 1],
        geometry: None,
        turn: Turn::default(),
        source: None,
        empty: false,
    };
    cases.push(picture);
    cases
}

/// FNV-1a of 64 bits, of what is packed in a file.
fn mark(file: &[u8]) -> String {
    let packed = file.windows(3).position(|w| w == [0x1F, 0x8B, 8]).unwrap_or(file.len());
    let mut bytes = file[..packed].to_vec();
    flate2::read::GzDecoder::new(&file[packed..]).read_to_end(&mut bytes).unwrap_or(0);
    if file.starts_with(b"II*") {
        // The XML and the values, however they are packed.
        let scan = Scan::decode(file, None, &Limits::default()).unwrap();
        bytes = file[8..].split(|byte| *byte == 0).next().unwrap_or_default().to_vec();
        for slice in 0..scan.slices {
            bytes.extend(scan.slice(slice).unwrap().plane(0).iter().map(|value| *value as u8));
        }
    }
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}

/// Files of several times, classes and channels; `check_times` of the script says what is where.
fn times() -> Vec<(String, Vec<u8>)> {
    let class = |name: &str| LabelClass { name: name.into(), colour: [0; 3], property: Property::default() };
    let classes = [class("a"), class("b")];
    let values = |slice: usize| (0..12).map(|i| (i % 4 + i / 4 + slice) as u8 % 3).collect::<Vec<u8>>();
    // Channel fastest, then depth, then time.
    let labels = |slice: usize| Cow::Owned(values(slice % 2 * 5 + slice / 2 % 2 * 2 + slice / 4 * 3));
    let depths = LabelVolume {
        size: [4, 3, 2],
        classes: &classes,
        geometry: Some(Geometry::plain([0.5, 0.75, 2.0])),
        spacing: None,
        turn: Turn::default(),
        source: None,
        labels: &labels,
    };
    let probability = |class: usize, slice: usize| {
        let first = 12 * (slice % 2) + 24 * (slice / 2) + 72 * (class - 1);
        Cow::Owned((0..12).map(|i| (first + i) as u8).collect())
    };
    let micrometres = Some(Spacing { x: 0.000_65, y: 0.000_65, z: Some(0.002) });
    let all = LabelVolume { size: [4, 3, 12], geometry: None, spacing: micrometres, ..depths };
    let planes = Planes { channels: vec!["DAPI & <GFP>".into(), String::new()], depths: 2, times: 3 };
    let chances = nifti_probability(&depths, 3, &probability).unwrap();
    vec![("times.prob.nii.gz".into(), chances), ("times.ome.tif".into(), ome_tiff(&all, &planes).unwrap())]
}

#[test]
fn files_are_those_that_other_programs_were_seen_to_read_right() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/volumes");
    let (mut marks, mut told) = (BTreeMap::new(), BTreeMap::new());
    let out = std::env::var_os("INSITU_VOLUMES").map(PathBuf::from);
    let all = cases();
    let files = all.iter().flat_map(Case::write).chain(times());
    for (name, file) in files {
        if let Some(out) = &out {
            std::fs::write(out.join(&name), &file).unwrap();
        }
        marks.insert(name, mark(&file));
    }
    told.extend(all.iter().map(|case| (case.name.clone(), case.told())));
    if let Some(out) = out {
        let codes = PROPERTIES.map(|property| [property.code, property.meaning]);
        let text = json!({ "cases": told, "marks": marks, "codes": codes }).to_string();
        std::fs::write(out.join("cases.json"), text).unwrap();
        return;
    }
    let checked: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(folder.join("../volumes_checked.json")).unwrap()).unwrap();
    let others: Vec<&String> =
        marks.iter().filter(|(name, mark)| checked.get(*name) != Some(mark)).map(|(name, _)| name).collect();
    assert!(others.is_empty(), "not as they were checked: {others:?}");
    assert_eq!(checked.len(), marks.len());
}

/// A scan of this size without a place, whose pixels are these.
fn scan_of(values: &[u8], size: [usize; 3]) -> Scan {
    let area = size[0] * size[1];
    let classes: Vec<LabelClass> = (1..255)
        .map(|n| LabelClass { name: n.to_string(), colour: [0; 3], property: Default::default() })
        .collect();
    let volume = LabelVolume {
        size,
        classes: &classes,
        geometry: Some(Geometry::plain([1.0; 3])),
        spacing: None,
        turn: Turn::default(),
        source: None,
        labels: &|slice| Cow::Borrowed(&values[slice * area..(slice + 1) * area]),
    };
    let mut scan = Scan::decode(&nifti(&volume, 1).unwrap(), None, &Limits::default()).unwrap();
    assert_eq!([scan.width, scan.height, scan.slices], size);
    (scan.geometry, scan.turn, scan.source) = (None, Turn::default(), None);
    scan
}

impl Case {
    /// The image that the labels were drawn on.
    fn scan(&self) -> Scan {
        let mut scan = scan_of(&vec![0; self.size.iter().product()], self.size);
        (scan.geometry, scan.turn, scan.source) = (self.geometry, self.turn, self.source.clone());
        scan.spacing = Some(Spacing { x: 0.5, y: 0.75, z: None });
        scan
    }

    /// Without what is not labelled.
    fn classes_of(&self, slice: usize) -> Option<Vec<u8>> {
        let mut labels = self.labels(slice);
        labels.iter_mut().for_each(|label| *label %= 255);
        labels.iter().any(|label| *label > 0).then_some(labels)
    }

    fn assert_placed(&self, placed: &Placed, what: &str) {
        for (slice, have) in placed.slices.iter().enumerate() {
            assert_eq!(have, &self.classes_of(slice), "{} {what}, slice {slice}", self.name);
        }
        assert_eq!(placed.slices.len(), self.size[2]);
    }
}

#[test]
fn what_is_written_comes_back_on_the_very_pixels_with_its_names_and_colours() {
    for case in cases() {
        let (scan, files) = (case.scan(), case.write());
        let read = |ending: &str| files.get(&format!("{}{ending}", case.name));
        let limits = Limits::default();
        let segmentation = Segmentation::read(read(".seg.dcm").unwrap(), &limits).unwrap();
        if case.source.is_some() || case.geometry.is_some() {
            let placed = place_segmentation(&segmentation, &scan).unwrap();
            case.assert_placed(&placed, "segmentation");
            assert_eq!(placed.notes, [""; 0], "{}", case.name);
            assert_eq!(placed.classes[1].name.as_deref(), Some("naïve läsion"));
            assert!(
                placed.classes[0].colour.unwrap().iter().zip([230, 159, 0]).all(|(a, b)| a.abs_diff(b) <= 1)
            );
        }
        // The same by their place alone.
        if case.geometry.is_some() && !case.empty {
            let mut nameless = scan.clone();
            nameless.source = None;
            let placed = place_segmentation(&segmentation, &nameless).unwrap();
            case.assert_placed(&placed, "segmentation by place");
            assert_eq!(placed.notes, [""; 0], "{}", case.name);
        }
        if let Some(contours) = read(".rtstruct.dcm") {
            let placed = place_contours(&Contours::read(contours, &limits).unwrap(), &scan).unwrap();
            case.assert_placed(&placed, "contours");
            assert_eq!(placed.classes[0].colour, Some([230, 159, 0]));
        }
        let values = segment_values(read(".seg.nrrd").unwrap());
        assert_eq!(values[1].class.name.as_deref(), Some("naïve läsion"));
        assert_eq!((values[1].value, values[1].class.colour), (2, Some([0, 114, 178])));
    }
}

#[test]
fn without_identity_dicom_files_name_nobody_and_still_lie_on_their_images() {
    let all = cases();
    let case = all.iter().find(|case| case.name == "axial").unwrap();
    let (named, nameless) = (case.write(), case.write_as("image-1"));
    let has = |file: &[u8], text: &str| file.windows(text.len()).any(|bytes| bytes == text.as_bytes());
    let mut count = 0;
    for (name, file) in nameless.iter().filter(|(name, _)| name.ends_with(".dcm")) {
        for text in ["Müller^Änne", "19700101", "20240101", "101112"] {
            assert!(has(&named[name], text) && !has(file, text), "{name}: {text}");
        }
        // Patient Identity Removed, and how; the images are still referred to.
        for text in ["image-1", "UIDs kept", "1.2.826.0.1.3680043.8.498.1", "1.2.826.0.1.3680043.8.498.100"] {
            assert!(has(file, text), "{name}: {text}");
        }
        count += 1;
    }
    assert_eq!(count, 3);
    let segmentation = Segmentation::read(&nameless["axial.seg.dcm"], &Limits::default()).unwrap();
    let placed = place_segmentation(&segmentation, &case.scan()).unwrap();
    case.assert_placed(&placed, "without identity");
    // Files of other formats never say who it is.
    for (name, file) in named.iter().filter(|(name, _)| !name.ends_with(".dcm")) {
        assert!(!has(file, "Müller") && *file == nameless[name], "{name}");
    }
}

#[test]
fn labels_of_another_patient_or_place_are_refused_and_of_another_series_are_told() {
    let all = cases();
    let case = all.iter().find(|case| case.name == "axial").unwrap();
    let file = &case.write()["axial.seg.dcm"];
    let segmentation = Segmentation::read(file, &Limits::default()).unwrap();
    let changed = |change: &dyn Fn(&mut Source, &mut Geometry)| {
        let mut scan = case.scan();
        let (mut source, mut geometry) = (scan.source.take().unwrap(), scan.geometry.unwrap());
        source.frames.iter_mut().for_each(|frame| frame.instance.push_str(".9"));
        change(&mut source, &mut geometry);
        (scan.source, scan.geometry) = (Some(source), Some(geometry));
        place_segmentation(&segmentation, &scan)
    };
    let placed = changed(&|source, _| source.series.push('9')).unwrap();
    case.assert_placed(&placed, "by place");
    assert!(placed.notes.len() == 1 && placed.notes[0].contains("another series"), "{:?}", placed.notes);
    let other = changed(&|source, _| source.frame_of_reference.push('9')).unwrap_err();
    assert!(other.code() == "labels.elsewhere" && other.message().contains("Frame of Reference"), "{other}");
    let far = changed(&|_, geometry| geometry.origin[2] += 1000.0).unwrap_err();
    assert_eq!(far.code(), "labels.elsewhere");
    // One slice further up: the lowest slice has no place any more.
    let shifted = changed(&|_, geometry| geometry.origin[2] += 2.5).unwrap();
    assert_eq!(shifted.slices[1], case.classes_of(2));
    assert!(shifted.notes.iter().any(|note| note.contains("2 frames")), "{:?}", shifted.notes);
    let finer = changed(&|_, geometry| geometry.steps[0] = [0.375, 0.0, 0.0]).unwrap();
    assert!(finer.notes.iter().any(|note| note.contains("nearest")), "{:?}", finer.notes);
}

#[test]
fn damaged_files_of_labels_are_errors_and_never_a_panic() {
    for case in cases().into_iter().filter(|case| ["axial", "flat"].contains(&&*case.name)) {
        for (name, file) in case.write() {
            for cut in (0..file.len()).step_by(37) {
                let mut torn = file.clone();
                torn[cut] ^= 0x5A;
                for bytes in [&file[..cut], &torn] {
                    let placed = Segmentation::read(bytes, &Limits::default());
                    let _ = placed.map(|segmentation| place_segmentation(&segmentation, &case.scan()));
                    let _ =
                        Contours::read(bytes, &Limits::default()).map(|c| place_contours(&c, &case.scan()));
                    let _ = (segment_values(bytes), &name);
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn labels_of_any_grid_whose_axes_are_exchanged_and_turned_come_back_voxel_by_voxel(
        numbers in prop::collection::vec(-1.0f64..1.0, 12),
        size in [1usize..6, 1usize..6, 1usize..6],
        order in Just([0usize, 1, 2]).prop_shuffle(),
        flipped in any::<[bool; 3]>(),
        bits in any::<[bool; 4]>(),
        seed in 0usize..1000,
    ) {
        let mut steps = [[0.0; 3]; 3];
        for (i, v) in numbers[..9].iter().enumerate() {
            steps[i / 3][i % 3] = v * 0.4 + if i / 3 == i % 3 { 1.5 } else { 0.0 };
        }
        let geometry = Geometry { origin: [numbers[9] * 99.0, numbers[10] * 99.0, numbers[11] * 99.0], steps };
        let n: usize = size.iter().product();
        let values: Vec<u8> = (0..n).map(|i| ((i + seed) * 7919 % 13 % 4) as u8).collect();
        let mut onto = scan_of(&vec![0; n], size);
        onto.geometry = Some(geometry);

        // The same voxels in another order of axes, some read from their other end.
        let mut turned = geometry;
        for axis in 0..3 {
            turned = if flipped[axis] { turned.reversed(axis, size[axis]) } else { turned };
        }
        let other = Geometry { origin: turned.origin, steps: order.map(|axis| turned.steps[axis]) };
        let counts = order.map(|axis| size[axis]);
        let mut voxels = vec![0; n];
        for (i, voxel) in voxels.iter_mut().enumerate() {
            let place = [i % counts[0], i / counts[0] % counts[1], i / counts[0] / counts[1]];
            let mut at = [0; 3];
            for (axis, place) in order.iter().zip(place) {
                at[*axis] = if flipped[*axis] { size[*axis] - 1 - place } else { place };
            }
            *voxel = values[(at[2] * size[1] + at[1]) * size[0] + at[0]];
        }
        let mut labels = scan_of(&voxels, counts);
        labels.geometry = Some(other);
        let placed = place_scan(&labels, &onto, &[]).unwrap();
        let mut distinct: Vec<u8> = values.iter().copied().filter(|v| *v > 0).collect();
        distinct.sort_unstable();
        distinct.dedup();
        let expected: Vec<u8> =
            values.iter().map(|v| distinct.binary_search(v).map_or(0, |place| place as u8 + 1)).collect();
        let area = size[0] * size[1];
        for (slice, have) in placed.slices.iter().enumerate() {
            let want = &expected[slice * area..(slice + 1) * area];
            prop_assert_eq!(have.clone().unwrap_or(vec![0; area]), want.to_vec());
        }
        prop_assert!(placed.notes.is_empty());

        // And as contours and segmentation, of a display that turned its file; DICOM's columns and rows are at right angles.
        let [along, down, next] = geometry.steps;
        let length = |v: Vector| v.iter().map(|v| v * v).sum::<f64>().sqrt();
        let part: f64 = along.iter().zip(down).map(|(a, b)| a * b).sum::<f64>() / length(along).powi(2);
        let upright = [0, 1, 2].map(|i| down[i] - part * along[i]);
        let geometry = Geometry { steps: [along, upright, next], ..geometry };
        let turn = Turn { transposed: bits[0], reversed: [bits[1], bits[2], bits[3]] };
        let classes: Vec<LabelClass> =
            (1..4).map(|n| LabelClass { name: n.to_string(), colour: [9; 3], property: Default::default() }).collect();
        let volume = LabelVolume {
            size,
            classes: &classes,
            geometry: Some(geometry),
            spacing: None,
            turn,
            source: None,
            labels: &|slice| Cow::Borrowed(&values[slice * area..(slice + 1) * area]),
        };
        (onto.geometry, onto.turn) = (Some(geometry), turn);
        let making = Making::default();
        let limits = Limits::default();
        let read = Segmentation::read(&dicom_seg(&volume, &making).unwrap(), &limits).unwrap();
        let contours = Contours::read(&rtstruct(&volume, &making).unwrap(), &limits).unwrap();
        for placed in [place_segmentation(&read, &onto).unwrap(), place_contours(&contours, &onto).unwrap()] {
            for (slice, have) in placed.slices.iter().enumerate() {
                let want = &values[slice * area..(slice + 1) * area];
                prop_assert_eq!(have.clone().unwrap_or(vec![0; area]), want.to_vec());
            }
        }
    }
}

/// `tests/reference/make_segmentations.py` wrote them with highdicom, dcmqi and rt-utils.
#[test]
fn segmentations_and_contours_of_other_programs_lie_where_they_were_drawn() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/segmentations");
    let index: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(folder.join("index.json")).unwrap()).unwrap();
    assert!(index.len() > 10);
    let all = cases();
    for (file, name) in index {
        let case = all.iter().find(|case| case.name == name).unwrap();
        let bytes = std::fs::read(folder.join(&file)).unwrap();
        let mut nameless = case.scan();
        nameless.source = None;
        for scan in [case.scan(), nameless] {
            let placed = if file.contains("rt-utils") {
                place_contours(&Contours::read(&bytes, &Limits::default()).unwrap(), &scan).unwrap()
            } else {
                place_segmentation(&Segmentation::read(&bytes, &Limits::default()).unwrap(), &scan).unwrap()
            };
            case.assert_placed(&placed, &file);
            assert_eq!(placed.notes, [""; 0], "{file}");
            let names: Vec<Option<&str>> = placed.classes.iter().map(|class| class.name.as_deref()).collect();
            assert_eq!(names, [Some("Kidney"), Some("Lesion")], "{file}");
        }
    }
}

#[test]
fn a_side_that_sixteen_bits_do_not_count_makes_the_file_nifti_2() {
    let size = [32_770, 2, 1];
    let classes = [LabelClass { name: "a".into(), colour: [0; 3], property: Default::default() }];
    let mut values = vec![0; size[0] * size[1]];
    values[32_769] = 1;
    let volume = LabelVolume {
        size,
        classes: &classes,
        geometry: Some(Geometry { origin: [1.0, 2.0, 3.0], ..Geometry::plain([0.5, 0.75, 2.0]) }),
        spacing: None,
        turn: Turn::default(),
        source: None,
        labels: &|_| Cow::Borrowed(&values[..]),
    };
    let file = nifti(&volume, 1).unwrap();
    if let Some(out) = std::env::var_os("INSITU_VOLUMES") {
        std::fs::write(PathBuf::from(out).join("long.nii.gz"), &file).unwrap();
    }
    let scan = Scan::decode(&file, None, &Limits::default()).unwrap();
    assert_eq!((scan.format, scan.width, scan.height), (Format::Nifti2, 32_770, 2));
    assert_eq!(scan.value_at(0, 32_769, 0), Some(vec![1.0]));
}
