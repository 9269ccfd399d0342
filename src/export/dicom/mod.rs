//! Labels as DICOM objects that lie over the images they were drawn on: segmentations (`segmentation`) and contours (`contours`).

mod colour;
mod contours;
mod element;
mod keyhole;
mod segmentation;
mod uid;

pub use contours::rtstruct;
pub use segmentation::{dicom_seg, dicom_seg_probability};

use element::Elements;
use uid::uid;

use super::volume::LabelVolume;
use crate::error::{Error, Result};
use crate::scan::Source;
use crate::scan::geometry::{Vector, add, scaled, unit};

/// Implementation Class UID: of the programs that write like this one (a random UUID).
const IMPLEMENTATION: &str = "2.25.303544168382920131511291632187801701188";

/// Who found the segments (0062,0008).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Algorithm {
    /// A person painted.
    #[default]
    Manual,
    /// A person corrected what a model found, or a model learned from what a person painted here.
    Semiautomatic,
    /// A model alone.
    Automatic,
}

/// What a DICOM object says about its making.
#[derive(Clone, Copy, Debug, Default)]
pub struct Making<'a> {
    /// What makes this one unlike all others, such as 16 random bytes: UIDs follow from it and from what is written.
    pub entropy: &'a [u8],
    /// Of the caller's clock, `YYYYMMDD`.
    pub date: &'a str,
    /// `HHMMSS`.
    pub time: &'a str,
    /// What the object is, in words; "Segmentation" if empty.
    pub description: &'a str,
    pub algorithm: Algorithm,
    /// The model's name, of a segmentation that is not painted by hand.
    pub algorithm_name: &'a str,
    /// In the place of all that says who the patient is ([`Source::pseudonymous`]); empty: as the images say.
    pub pseudonym: &'a str,
}

impl Making<'_> {
    fn description(&self) -> &str {
        if self.description.trim().is_empty() { "Segmentation" } else { self.description }
    }

    fn algorithm_type(&self) -> &'static str {
        match self.algorithm {
            Algorithm::Manual => "MANUAL",
            Algorithm::Semiautomatic => "SEMIAUTOMATIC",
            Algorithm::Automatic => "AUTOMATIC",
        }
    }
}

/// What all objects over one series have in common.
struct Origin<'a> {
    source: Source,
    making: &'a Making<'a>,
    class: &'static str,
    instance: String,
    series: String,
    /// Frame of Reference UID; empty where the source says no place.
    frame_of_reference: String,
}

impl<'a> Origin<'a> {
    /// `class`: SOP Class UID; `content`: what makes this object another one than others, its pixels or points.
    fn new(volume: &LabelVolume<'_>, making: &'a Making<'a>, class: &'static str, content: &[u8]) -> Self {
        let source = volume.source.cloned().unwrap_or_default();
        let source = if making.pseudonym.is_empty() { source } else { source.pseudonymous(making.pseudonym) };
        let made = |what: &str| {
            let texts = [class, making.description, &source.series, making.date, making.time, what];
            uid(&[making.entropy, texts.join("\n").as_bytes()])
        };
        let frame_of_reference = match (plane(volume, 0).is_some(), source.frame_of_reference.is_empty()) {
            (false, _) => String::new(),
            (true, true) => made("frame of reference"),
            (true, false) => source.frame_of_reference.clone(),
        };
        let instance = uid(&[made("instance").as_bytes(), content]);
        Self { instance, series: made("series"), frame_of_reference, source, making, class }
    }

    /// Patient, study, series, equipment, frame of reference and SOP common modules (PS3.3 C.7.1 to C.7.5, C.12.1).
    fn modules(&self, out: &mut Elements, modality: &str) {
        let Self { source, making, .. } = self;
        let (patient, study) = (&source.patient, &source.study);
        let study_instance = if study.instance.is_empty() {
            uid(&[self.series.as_bytes(), b"study"])
        } else {
            study.instance.clone()
        };
        out.text((0x0008, 0x0016), b"UI", self.class);
        out.text((0x0008, 0x0018), b"UI", &self.instance);
        out.text((0x0008, 0x0020), b"DA", &study.date);
        out.text((0x0008, 0x0021), b"DA", making.date);
        out.text((0x0008, 0x0030), b"TM", &study.time);
        out.text((0x0008, 0x0031), b"TM", making.time);
        out.text((0x0008, 0x0050), b"SH", &study.accession);
        out.text((0x0008, 0x0060), b"CS", modality);
        out.text((0x0008, 0x0070), b"LO", "Insitu");
        out.text((0x0008, 0x0090), b"PN", &study.referring_physician);
        if !study.description.is_empty() {
            out.text((0x0008, 0x1030), b"LO", &study.description);
        }
        out.words((0x0008, 0x103E), b"LO", making.description());
        out.text((0x0008, 0x1090), b"LO", "Insitu");
        out.text((0x0010, 0x0010), b"PN", &patient.name);
        out.text((0x0010, 0x0020), b"LO", &patient.id);
        out.text((0x0010, 0x0030), b"DA", &patient.birth_date);
        out.text((0x0010, 0x0040), b"CS", &patient.sex);
        if !making.pseudonym.is_empty() {
            out.text((0x0012, 0x0062), b"CS", "YES");
            out.text((0x0012, 0x0063), b"LO", "Insitu: patient and study attributes emptied, UIDs kept");
        }
        out.text((0x0018, 0x1000), b"LO", "0");
        out.text((0x0018, 0x1020), b"LO", env!("CARGO_PKG_VERSION"));
        out.text((0x0020, 0x000D), b"UI", &study_instance);
        out.text((0x0020, 0x000E), b"UI", &self.series);
        out.text((0x0020, 0x0010), b"SH", &study.id);
        out.text((0x0020, 0x0011), b"IS", "1000");
        if !self.frame_of_reference.is_empty() {
            out.text((0x0020, 0x0052), b"UI", &self.frame_of_reference);
            out.text((0x0020, 0x1040), b"LO", "");
        }
        // Texts in memory are Unicode. Those that still hold the escapes of their file's own character set stay in that.
        let texts = [
            &patient.name,
            &patient.id,
            &study.referring_physician,
            &study.description,
            &study.id,
            &study.accession,
        ];
        let escaped = texts.iter().any(|text| text.contains('\x1B'));
        out.text((0x0008, 0x0005), b"CS", if escaped { &source.character_set } else { "ISO_IR 192" });
    }
}

/// Class, instance and, of an instance with several frames, frame of a slice's source; none where it is not known.
fn reference(source: &Source, slice: usize) -> Option<Elements> {
    let frame = source.frames.get(slice).filter(|frame| !frame.instance.is_empty())?;
    Some(Elements::new(|item| {
        item.text((0x0008, 0x1150), b"UI", &source.class);
        item.text((0x0008, 0x1155), b"UI", &frame.instance);
        if let Some(number) = frame.number {
            item.text((0x0008, 0x1160), b"IS", &number.to_string());
        }
    }))
}

/// Each instance of the source once, without its frames.
fn instances(source: &Source) -> Vec<Elements> {
    let mut seen = std::collections::BTreeSet::new();
    let known = source.frames.iter().map(|frame| &frame.instance).filter(|instance| !instance.is_empty());
    known
        .filter(|instance| seen.insert(*instance))
        .map(|instance| {
            Elements::new(|item| {
                item.text((0x0008, 0x1150), b"UI", &source.class);
                item.text((0x0008, 0x1155), b"UI", instance);
            })
        })
        .collect()
}

/// Where a slice's pixels lie, in the order of columns and rows of its own file.
struct Plane {
    /// The centre of the first pixel, mm.
    position: Vector,
    /// Along a row, along a column; of length 1.
    directions: [Vector; 2],
    /// Distances of columns and of rows, mm.
    spacing: [f64; 2],
}

impl Plane {
    /// A place between pixels, counted from the centre of the first one.
    fn at(&self, [x, y]: [f64; 2]) -> Vector {
        let [along, down] = self.directions;
        let there = add(self.position, scaled(along, x * self.spacing[0]));
        add(there, scaled(down, y * self.spacing[1]))
    }
}

/// From the source's own words, else from the geometry; none where nothing is known of it. What came from no DICOM file and
/// does not say where it lies gets a place, since an object needs it or a source that it refers to.
fn plane(volume: &LabelVolume<'_>, slice: usize) -> Option<Plane> {
    let place = volume.file_place(false);
    let [along, down, next] = place.steps;
    let frame = volume.source.and_then(|source| source.frames.get(slice));
    let own = frame.and_then(|frame| Some((frame.position?, frame.orientation?)));
    let placed = volume.geometry.is_some() || volume.source.is_none();
    let by_geometry = || {
        let position = add(place.origin, scaled(next, slice as f64));
        placed.then_some((position, [unit(along), unit(down)]))
    };
    let (position, directions) = own.or_else(by_geometry)?;
    let [x, y, _] = place.spacing();
    let finite = position.iter().chain(directions.as_flattened()).all(|v| v.is_finite());
    finite.then_some(Plane { position, directions, spacing: [x, y] })
}

/// # Errors
/// As [`LabelVolume`]'s own check, and `export.limit.dicom` for what DICOM cannot count.
fn check(volume: &LabelVolume<'_>) -> Result<[u16; 2]> {
    volume.check()?;
    let [width, height] = volume.file_size();
    let (Ok(width), Ok(height)) = (u16::try_from(width), u16::try_from(height)) else {
        return Err(Error::limit(
            "export.limit.dicom",
            format!(
                "DICOM counts columns and rows up to 65535, and this image has {width} x {height} pixels."
            ),
        ));
    };
    if volume.classes.is_empty() {
        return Err(Error::invalid("export.classes", "There is no class yet, so there is nothing to write."));
    }
    Ok([width, height])
}
