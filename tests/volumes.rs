//! Labels of a volume, as they are written, keep every voxel where it lies, for other programs and for ourselves.
//!
//! `tests/reference/check_volumes.py` opens the files of all cases with highdicom, pydicom, nibabel, SimpleITK, pynrrd, slicerio, rt-utils and
//! dcmrtstruct2nii, and notes in `tests/reference/volumes/checked.json` what it found right; here the files must be those:
//!     INSITU_VOLUMES=FOLDER cargo test --test volumes && python tests/reference/check_volumes.py FOLDER

#![cfg(not(target_arch = "wasm32"))]

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::Read;
use std::path::PathBuf;

use insitu::export::{
    Algorithm, LabelClass, LabelVolume, Making, dicom_seg, dicom_seg_probability, nifti, nifti_probability,
    property, rtstruct, seg_nrrd,
};
use insitu::scan::geometry::Vector;
use insitu::scan::source::{Patient, SourceFrame, Study};
use insitu::scan::{Geometry, Source, Spacing, Turn};
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
        let class = |name: &str, colour, id| LabelClass {
            name: name.into(),
            colour,
            property: property(id).unwrap(),
        };
        let classes =
            [class("Niere, linke", [230, 159, 0], "kidney"), class("naïve läsion", [0, 114, 178], "lesion")];
        let labels = |slice| Cow::Owned(self.labels(slice));
        let probability = |class, slice| Cow::Owned(self.probability(class, slice));
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
        };
        let mut files = BTreeMap::new();
        let mut put = |ending: &str, file: Vec<u8>| files.insert(format!("{}{ending}", self.name), file);
        put(".seg.dcm", dicom_seg(&volume, &making).unwrap());
        put(".prob.dcm", dicom_seg_probability(&volume, &probability, &making).unwrap());
        put(".nii.gz", nifti(&volume).unwrap());
        put(".prob.nii.gz", nifti_probability(&volume, &probability).unwrap());
        put(".seg.nrrd", seg_nrrd(&volume).unwrap());
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
    let hash = bytes
        .iter()
        .fold(0xcbf2_9ce4_8422_2325u64, |hash, b| (hash ^ u64::from(*b)).wrapping_mul(0x100_0000_01b3));
    format!("{hash:016x}")
}

#[test]
fn files_are_those_that_other_programs_were_seen_to_read_right() {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/reference/volumes");
    let (mut marks, mut told) = (BTreeMap::new(), BTreeMap::new());
    let out = std::env::var_os("INSITU_VOLUMES").map(PathBuf::from);
    for case in cases() {
        for (name, file) in case.write() {
            if let Some(out) = &out {
                std::fs::write(out.join(&name), &file).unwrap();
            }
            marks.insert(name, mark(&file));
        }
        told.insert(case.name.clone(), case.told());
    }
    if let Some(out) = out {
        let text = json!({ "cases": told, "marks": marks }).to_string();
        std::fs::write(out.join("cases.json"), text).unwrap();
        return;
    }
    let checked: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(folder.join("checked.json")).unwrap()).unwrap();
    let others: Vec<&String> =
        marks.iter().filter(|(name, mark)| checked.get(*name) != Some(mark)).map(|(name, _)| name).collect();
    assert!(others.is_empty(), "not as they were checked: {others:?}");
    assert_eq!(checked.len(), marks.len());
}
