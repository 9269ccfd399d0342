//! What a file tells before its pixels: enough to see which files are one volume, without reading all of them.

use std::io::Read;

use flate2::read::DeflateDecoder;

use super::dataset::{self, Dataset, EXPLICIT_LITTLE, broken, looks_like};
use super::tags::{self, Tag};
use super::transfer_syntax::TransferSyntax;
use super::{groups, identity, meta, objects, planes};
use crate::error::{Error, Result};
use crate::scan::Spacing;
use crate::scan::geometry::Vector;

/// Of a deflated file no more than this is looked at, bytes.
const MAX_INFLATED: u64 = 1 << 20;

/// What a DICOM file holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    Image,
    /// Areas marked on images (SEG).
    Segmentation,
    /// Contours of radiotherapy (RTSTRUCT).
    Structures,
    /// DICOMDIR: the list of other files, which are what counts.
    Directory,
    /// No image; what it is, in a sentence for a person.
    Other(String),
}

/// What tells images of a series apart that lie at one position, if anything does; see [`Head::varies`].
pub(in crate::scan) const VARIES: [(&str, Tag); 15] = [
    ("image type", tags::IMAGE_TYPE),
    ("echo", tags::ECHO_NUMBERS),
    ("echo time", tags::ECHO_TIME),
    ("b-value", tags::DIFFUSION_B_VALUE),
    ("inversion time", tags::INVERSION_TIME),
    ("flip angle", tags::FLIP_ANGLE),
    ("temporal position", tags::TEMPORAL_POSITION_IDENTIFIER),
    ("trigger time", tags::TRIGGER_TIME),
    ("frame reference time", tags::FRAME_REFERENCE_TIME),
    ("phase", tags::NOMINAL_CARDIAC_TRIGGER_DELAY_TIME),
    ("gradient direction", tags::DIFFUSION_GRADIENT_ORIENTATION),
    ("acquisition", tags::ACQUISITION_NUMBER),
    ("acquisition time", tags::ACQUISITION_TIME),
    ("content time", tags::CONTENT_TIME),
    ("instance number", tags::INSTANCE_NUMBER),
];

/// The part of a file that stands before its pixels. Texts are without padding, empty where there is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Head {
    /// Of the file, for sentences.
    pub name: String,
    pub kind: Kind,
    /// The bytes ended before everything was told: ask again with more of the file. Of a whole file: it has no pixels.
    pub cut: bool,
    /// SOP Class UID (0008,0016).
    pub class: String,
    /// SOP Instance UID (0008,0018).
    pub instance: String,
    /// Study Instance UID (0020,000D).
    pub study: String,
    /// Series Instance UID (0020,000E).
    pub series: String,
    /// Series Description (0008,103E), to be shown.
    pub description: String,
    /// Series Number (0020,0011).
    pub number: String,
    /// Modality (0008,0060).
    pub modality: String,
    /// Study Date (0008,0020), `YYYYMMDD`.
    pub date: String,
    /// Frame of Reference UID (0020,0052).
    pub frame_of_reference: String,
    /// Photometric Interpretation (0028,0004).
    pub photometric: String,
    /// Rows and columns of a frame, pixels.
    pub rows: u32,
    pub columns: u32,
    pub frames: u32,
    /// Values of a pixel, 1 or 3.
    pub samples: u32,
    /// Bits Allocated (0028,0100).
    pub bits: u32,
    /// Distance between pixels and, as the file tells it, between slices, mm. Of several frames where all have the same.
    pub spacing: Option<Spacing>,
    /// Image Position (Patient) (0020,0032) of a single frame, mm.
    pub position: Option<Vector>,
    /// Image Orientation (Patient) (0020,0037) of a single frame.
    pub orientation: Option<[Vector; 2]>,
    /// What may tell it from others at its position: echo, b-value, trigger time, instance number and so on.
    pub(in crate::scan) varies: [String; VARIES.len()],
}

impl Head {
    /// The number of a varying attribute; none where it is no number.
    pub(in crate::scan) fn number_of(&self, which: usize) -> Option<f64> {
        self.varies.get(which)?.split('\\').next()?.parse().ok()
    }
}

/// Reads what `bytes`, the first part of a file or all of it, tell before the pixels. 64 KiB are enough for nearly all files.
///
/// # Errors
/// `dicom.invalid` if this is no DICOM file.
pub(in crate::scan) fn head(bytes: &[u8], name: &str) -> Result<Head> {
    if bytes.get(128..132) != Some(b"DICM") && !looks_like(bytes) {
        return Err(Error::invalid("dicom.invalid", format!("{name} is no DICOM file.")));
    }
    let (meta, body) = meta(bytes);
    // Pixels that nothing can unpack are refused when they are read.
    let syntax = meta.text(tags::TRANSFER_SYNTAX_UID).map(|uid| TransferSyntax::from_uid(&uid));
    let mut transfer = syntax.and_then(Result::ok).unwrap_or(TransferSyntax::native(EXPLICIT_LITTLE));
    let class = meta.text(tags::MEDIA_STORAGE_SOP_CLASS_UID);
    if transfer.deflated {
        let mut rest = Vec::new();
        // What a cut stream gives before it fails counts.
        let packed = bytes.get(body..).unwrap_or(&[]);
        let _ = DeflateDecoder::new(packed).take(MAX_INFLATED).read_to_end(&mut rest);
        let (dataset, _) = Dataset::read(&rest, 0, transfer.encoding, None);
        return Ok(of(&dataset, class, name));
    }
    match dataset::guess(bytes, body) {
        Some(found) if found.endian == transfer.encoding.endian || meta.elements.is_empty() => {
            transfer.encoding = found;
        }
        _ => {}
    }
    let (dataset, _) = Dataset::read(bytes, body, transfer.encoding, None);
    if dataset.elements.is_empty() && class.is_none() {
        return Err(broken("it has no data"));
    }
    Ok(of(&dataset, class, name))
}

fn of(dataset: &Dataset<'_>, class: Option<String>, name: &str) -> Head {
    let text = |tag| dataset.text(tag).unwrap_or_default();
    let number = |tag| dataset.number(tag).unwrap_or(0);
    let class = dataset.text(tags::SOP_CLASS_UID).or(class).unwrap_or_default();
    let modality = text(tags::MODALITY);
    let count = dataset.decimal(tags::NUMBER_OF_FRAMES).unwrap_or(1.0).max(1.0);
    let kind = kind(&class, &modality);
    let last = dataset.elements.last().map_or((0, 0), |e| e.tag);
    let several = count > 1.0;
    // What each of several frames says, which can be long, is read with their pixels.
    let enough =
        last >= tags::FLOAT_PIXEL_DATA || (several && last >= tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE);
    let cut = !enough && kind == Kind::Image;
    let place = planes::frames(dataset, 1).pop().unwrap_or_default();
    Head {
        name: name.chars().filter(|c| !c.is_control()).collect(),
        cut,
        instance: text(tags::SOP_INSTANCE_UID),
        study: text(tags::STUDY_INSTANCE_UID),
        series: text(tags::SERIES_INSTANCE_UID),
        description: identity::label(dataset, tags::SERIES_DESCRIPTION),
        number: text(tags::SERIES_NUMBER),
        date: text(tags::STUDY_DATE),
        frame_of_reference: text(tags::FRAME_OF_REFERENCE_UID),
        photometric: text(tags::PHOTOMETRIC_INTERPRETATION),
        rows: number(tags::ROWS),
        columns: number(tags::COLUMNS),
        frames: count as u32,
        samples: number(tags::SAMPLES_PER_PIXEL).max(1),
        bits: number(tags::BITS_ALLOCATED),
        spacing: super::geometry::spacing(dataset),
        position: place.position.filter(|_| !several),
        orientation: place.orientation.filter(|_| !several),
        varies: VARIES.map(|(_, tag)| if several { String::new() } else { varying(dataset, tag) }),
        kind,
        class,
        modality,
    }
}

fn kind(class: &str, modality: &str) -> Kind {
    match (class.strip_prefix("1.2.840.10008.").unwrap_or_default(), modality) {
        ("1.3.10", _) => Kind::Directory,
        ("5.1.4.1.1.66.4" | "5.1.4.1.1.66.7", _) => Kind::Segmentation,
        ("5.1.4.1.1.481.3", _) => Kind::Structures,
        ("", "SEG") => Kind::Segmentation,
        ("", "RTSTRUCT") => Kind::Structures,
        _ => match objects::check(Some(class), Some(modality)) {
            Ok(()) => Kind::Image,
            Err(error) => Kind::Other(error.message().to_string()),
        },
    }
}

/// Of an image itself, or of a file with one frame in its functional groups.
fn varying(dataset: &Dataset<'_>, tag: Tag) -> String {
    let of = |d: &Dataset<'_>| match &d.find(tag)?.vr {
        b"CS" | b"TM" | b"DT" => d.text(tag),
        _ => {
            let numbers = d.decimals(tag)?;
            let texts: Vec<String> = numbers.iter().map(f64::to_string).collect();
            (!texts.is_empty()).then(|| texts.join("\\")).or_else(|| d.text(tag))
        }
    };
    if let Some(found) = of(dataset) {
        return found;
    }
    let same = match tag {
        tags::DIFFUSION_B_VALUE => return b_value(dataset).unwrap_or_default(),
        tags::ECHO_TIME => tags::EFFECTIVE_ECHO_TIME,
        tag => tag,
    };
    in_groups(dataset, same).unwrap_or_default()
}

/// The first number of an attribute in any functional group of a file with one frame.
fn in_groups(dataset: &Dataset<'_>, tag: Tag) -> Option<String> {
    let (shared, each) = groups(dataset);
    let found = [shared.first(), each.first()]
        .into_iter()
        .flatten()
        .find_map(|group| group.elements.iter().find_map(|e| group.items(e.tag).first()?.decimal(tag)));
    found.map(|v| v.to_string())
}

/// s/mm²: the standard's, or where Siemens and GE put it before there was one.
fn b_value(dataset: &Dataset<'_>) -> Option<String> {
    const SIEMENS: [Tag; 2] = [(0x0019, 0x0010), (0x0019, 0x100C)];
    const GE: [Tag; 2] = [(0x0043, 0x0010), (0x0043, 0x1039)];
    let private = |[creator, value]: [Tag; 2], who: &str| {
        dataset.text(creator).filter(|c| c.starts_with(who))?;
        dataset.decimal(value)
    };
    let found = private(SIEMENS, "SIEMENS MR").or_else(|| {
        // GE adds a thousand millions to some.
        private(GE, "GEMS_PARM").map(|b| b % 1e5)
    });
    found.map(|b| b.to_string()).or_else(|| in_groups(dataset, tags::DIFFUSION_B_VALUE))
}
