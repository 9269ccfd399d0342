//! DICOM's data elements (PS3.5 section 7), read where they lie. Lenient: what is damaged ends the list, and what was
//! read before stays.

use super::tags::{self, Tag};
use crate::error::Error;
use crate::scan::samples::Endian;

const UNDEFINED: u32 = u32::MAX;
/// Sequences in sequences; real files have a handful.
const MAX_DEPTH: u32 = 48;

/// The error for everything that contradicts itself.
pub(super) fn broken(what: &str) -> Error {
    Error::invalid("dicom.invalid", format!("This DICOM file is damaged or cut off: {what}."))
}

/// How elements are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Encoding {
    pub(super) endian: Endian,
    pub(super) explicit: bool,
}

/// The file's default (PS3.10 section 7.1).
pub(super) const EXPLICIT_LITTLE: Encoding = Encoding { endian: Endian::Little, explicit: true };
const IMPLICIT_LITTLE: Encoding = Encoding { endian: Endian::Little, explicit: false };

/// One data element.
#[derive(Clone, Debug)]
pub(super) struct Element<'a> {
    pub(super) tag: Tag,
    /// Two letters, or zeros with implicit VR.
    pub(super) vr: [u8; 2],
    /// The value; of a sequence its items, of encapsulated pixels all fragments.
    pub(super) bytes: &'a [u8],
    /// Encapsulated pixel data or a sequence of undefined length.
    pub(super) undefined: bool,
    /// The file ended before the value did.
    pub(super) cut: bool,
    pub(super) encoding: Encoding,
}

/// Elements in the order of the file.
#[derive(Clone, Debug, Default)]
pub(super) struct Dataset<'a> {
    pub(super) elements: Vec<Element<'a>>,
}

struct Header {
    tag: Tag,
    vr: [u8; 2],
    length: u32,
    /// Where the value begins.
    body: usize,
}

fn u16_at(bytes: &[u8], at: usize, endian: Endian) -> Option<u16> {
    Some(endian.u16(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

fn u32_at(bytes: &[u8], at: usize, endian: Endian) -> Option<u32> {
    Some(endian.u32(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

fn header(bytes: &[u8], at: usize, encoding: Encoding) -> Option<Header> {
    let endian = encoding.endian;
    let tag = (u16_at(bytes, at, endian)?, u16_at(bytes, at + 2, endian)?);
    let vr: [u8; 2] = bytes.get(at + 4..at + 6)?.try_into().ok()?;
    // Items carry no VR, and some writers leave it out of single elements.
    if tag.0 == tags::ITEM.0 || !encoding.explicit || !vr.iter().all(u8::is_ascii_uppercase) {
        return Some(Header { tag, vr: [0; 2], length: u32_at(bytes, at + 4, endian)?, body: at + 8 });
    }
    let short = matches!(
        &vr,
        b"AE"
            | b"AS"
            | b"AT"
            | b"CS"
            | b"DA"
            | b"DS"
            | b"DT"
            | b"FD"
            | b"FL"
            | b"IS"
            | b"LO"
            | b"LT"
            | b"PN"
            | b"SH"
            | b"SL"
            | b"SS"
            | b"ST"
            | b"TM"
            | b"UI"
            | b"UL"
            | b"US"
    );
    let long = matches!(
        &vr,
        b"OB" | b"OD" | b"OF" | b"OL" | b"OV" | b"OW" | b"SQ" | b"SV" | b"UC" | b"UN" | b"UR" | b"UT" | b"UV"
    );
    // VRs that came after this program have the long form, with two zero bytes (PS3.5 6.2, 7.1.2).
    if long || (!short && bytes.get(at + 6..at + 8) == Some(&[0, 0])) {
        return Some(Header { tag, vr, length: u32_at(bytes, at + 8, endian)?, body: at + 12 });
    }
    Some(Header { tag, vr, length: u32::from(u16_at(bytes, at + 6, endian)?), body: at + 8 })
}

impl<'a> Dataset<'a> {
    /// Elements from `at` up to the end, the pixel data, or (`only_group`) the first element of another group.
    /// Also tells where reading stopped.
    pub(super) fn read(
        bytes: &'a [u8],
        mut at: usize,
        encoding: Encoding,
        only_group: Option<u16>,
    ) -> (Self, usize) {
        let mut elements = Vec::new();
        while let Some(header) = header(bytes, at, encoding) {
            if only_group.is_some_and(|g| g != header.tag.0) || header.tag.0 == tags::ITEM.0 {
                break;
            }
            let undefined = header.length == UNDEFINED;
            // PS3.5 6.2.2: UN of undefined length holds implicit little endian.
            let inner = if &header.vr == b"UN" && undefined { IMPLICIT_LITTLE } else { encoding };
            let end = if undefined {
                end_of_items(bytes, header.body, inner, 0)
            } else {
                header.body.checked_add(header.length as usize)
            };
            let cut = end.is_none_or(|e| e > bytes.len());
            let end = end.unwrap_or(bytes.len()).min(bytes.len());
            let value = bytes.get(header.body..end).unwrap_or(&[]);
            elements.push(Element {
                tag: header.tag,
                vr: header.vr,
                bytes: value,
                undefined,
                cut,
                encoding: inner,
            });
            at = end;
            if cut || header.tag == tags::PIXEL_DATA {
                break;
            }
        }
        (Self { elements }, at)
    }

    pub(super) fn find(&self, tag: Tag) -> Option<&Element<'a>> {
        self.elements.iter().find(|e| e.tag == tag)
    }

    /// The text of an element, padding removed.
    pub(super) fn text(&self, tag: Tag) -> Option<String> {
        let bytes = self.find(tag)?.bytes;
        let text = String::from_utf8_lossy(bytes.get(..bytes.len().min(1024))?);
        let text = text.trim_matches(|c: char| c == '\0' || c.is_whitespace());
        (!text.is_empty()).then(|| text.to_string())
    }

    /// Whole numbers of 16 bits (US, SS as their bits), or of 32 where the VR says so.
    pub(super) fn number(&self, tag: Tag) -> Option<u32> {
        let element = self.find(tag)?;
        let endian = element.encoding.endian;
        match &element.vr {
            b"UL" | b"SL" => u32_at(element.bytes, 0, endian),
            b"IS" | b"DS" => self.decimals(tag)?.first().map(|v| *v as u32),
            // Without VR the length tells.
            [0, 0] if element.bytes.len() == 4 => u32_at(element.bytes, 0, endian),
            _ => u16_at(element.bytes, 0, endian).map(u32::from),
        }
    }

    /// The finite numbers of a decimal or integer string, separated by backslashes; or binary floats.
    pub(super) fn decimals(&self, tag: Tag) -> Option<Vec<f64>> {
        let element = self.find(tag)?;
        // Doubles, which without VR only the dictionary tells.
        const DOUBLES: [Tag; 6] = [
            tags::PHYSICAL_DELTA_X,
            tags::PHYSICAL_DELTA_Y,
            tags::EFFECTIVE_ECHO_TIME,
            tags::DIFFUSION_B_VALUE,
            tags::DIFFUSION_GRADIENT_ORIENTATION,
            tags::NOMINAL_CARDIAC_TRIGGER_DELAY_TIME,
        ];
        if &element.vr == b"FD" || (element.vr == [0, 0] && DOUBLES.contains(&tag)) {
            let values = element
                .bytes
                .as_chunks::<8>()
                .0
                .iter()
                .map(|b| f64::from_bits(element.encoding.endian.u64(*b)));
            return Some(values.filter(|v| v.is_finite()).collect());
        }
        let text = std::str::from_utf8(element.bytes).ok()?;
        let values = text.split('\\').map_while(|part| {
            // Some programs write numbers as their user's language does.
            part.trim_matches(|c: char| c == '\0' || c.is_whitespace())
                .replace(',', ".")
                .parse::<f64>()
                .ok()
                .filter(|v| v.is_finite())
        });
        Some(values.collect())
    }

    pub(super) fn decimal(&self, tag: Tag) -> Option<f64> {
        self.decimals(tag)?.first().copied()
    }

    /// All whole numbers of 16 bits (US), or of 32 (UL).
    pub(super) fn numbers(&self, tag: Tag, long: bool) -> Vec<u32> {
        let Some(element) = self.find(tag) else { return Vec::new() };
        let endian = element.encoding.endian;
        let count = element.bytes.len() / if long { 4 } else { 2 };
        let one = |i: usize| {
            if long {
                u32_at(element.bytes, i * 4, endian)
            } else {
                u16_at(element.bytes, i * 2, endian).map(u32::from)
            }
        };
        (0..count).map_while(one).collect()
    }

    /// The items of a sequence.
    pub(super) fn items(&self, tag: Tag) -> Vec<Dataset<'a>> {
        let Some(element) = self.find(tag) else { return Vec::new() };
        items(element).into_iter().map(|bytes| Dataset::read(bytes, 0, element.encoding, None).0).collect()
    }
}

/// The contents of the items of a sequence, or the fragments of encapsulated pixel data.
pub(super) fn items<'a>(element: &Element<'a>) -> Vec<&'a [u8]> {
    let (bytes, encoding) = (element.bytes, element.encoding);
    let mut out = Vec::new();
    let mut at = 0;
    while let Some(header) = header(bytes, at, encoding).filter(|h| h.tag == tags::ITEM) {
        let end = if header.length == UNDEFINED {
            end_of_item(bytes, header.body, encoding, 0)
        } else {
            header.body.checked_add(header.length as usize)
        };
        let end = end.unwrap_or(bytes.len()).min(bytes.len());
        out.extend(bytes.get(header.body..end));
        at = end;
    }
    out
}

/// Behind the delimiter of a sequence of undefined length that begins at `at`.
fn end_of_items(bytes: &[u8], mut at: usize, encoding: Encoding, depth: u32) -> Option<usize> {
    if depth > MAX_DEPTH {
        return None;
    }
    loop {
        let header = header(bytes, at, encoding)?;
        at = match header.tag {
            tags::SEQUENCE_DELIMITATION_ITEM => return Some(header.body),
            tags::ITEM if header.length == UNDEFINED => end_of_item(bytes, header.body, encoding, depth + 1)?,
            tags::ITEM => header.body.checked_add(header.length as usize)?,
            _ => return None,
        };
    }
}

/// Behind the delimiter of an item of undefined length whose elements begin at `at`.
fn end_of_item(bytes: &[u8], mut at: usize, encoding: Encoding, depth: u32) -> Option<usize> {
    if depth > MAX_DEPTH {
        return None;
    }
    loop {
        let header = header(bytes, at, encoding)?;
        at = match header.tag {
            tags::ITEM_DELIMITATION_ITEM => return Some(header.body),
            _ if header.length == UNDEFINED => {
                let inner = if &header.vr == b"UN" { IMPLICIT_LITTLE } else { encoding };
                end_of_items(bytes, header.body, inner, depth + 1)?
            }
            _ => header.body.checked_add(header.length as usize)?,
        };
    }
}

/// Guesses the encoding from the first element, for files that do not say it.
pub(super) fn guess(bytes: &[u8], at: usize) -> Option<Encoding> {
    let head: [u8; 8] = bytes.get(at..at.checked_add(8)?)?.try_into().ok()?;
    // Groups that a dataset begins with are small numbers: the zero byte tells the order.
    let endian = match (head[0], head[1]) {
        (1.., 0) => Endian::Little,
        (0, 1..) => Endian::Big,
        _ => return None,
    };
    let explicit = head[4..6].iter().all(u8::is_ascii_uppercase);
    Some(Encoding { endian, explicit })
}

/// Whether bytes without the preamble begin like a dataset: a known first group, then a VR or a plausible length.
pub(in crate::scan) fn looks_like(bytes: &[u8]) -> bool {
    let group = matches!(bytes, [2 | 8, 0, ..] | [0, 2 | 8, ..]);
    let Some(encoding) = guess(bytes, 0).filter(|_| group) else { return false };
    // Three whole elements in rising order, whatever they are.
    let (dataset, _) = Dataset::read(bytes.get(..1 << 16).unwrap_or(bytes), 0, encoding, None);
    let tags: Vec<Tag> = dataset.elements.iter().take(4).map(|e| e.tag).collect();
    tags.len() >= 3 && tags.is_sorted() && tags.first().is_some_and(|tag| tag.0 <= 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    const REFERENCED_IMAGE_SEQUENCE: Tag = (0x0008, 0x1140);

    /// A sequence of undefined length with an item of undefined length, then Rows = 7.
    const NESTED: &[u8] = b"\x08\x00\x40\x11SQ\0\0\xFF\xFF\xFF\xFF\
        \xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF\x08\x00\x60\x00CS\x02\0CT\xFE\xFF\x0D\xE0\0\0\0\0\
        \xFE\xFF\xDD\xE0\0\0\0\0\x28\x00\x10\x00US\x02\0\x07\0";

    #[test]
    fn sequences_of_undefined_length_are_passed_and_can_be_entered() {
        let (dataset, end) = Dataset::read(NESTED, 0, EXPLICIT_LITTLE, None);
        assert_eq!(end, NESTED.len());
        assert_eq!(dataset.number(tags::ROWS), Some(7));
        let items = dataset.items(REFERENCED_IMAGE_SEQUENCE);
        assert_eq!(items.len(), 1);
        assert_eq!(items[0].text(tags::MODALITY).as_deref(), Some("CT"));
    }

    #[test]
    fn a_dataset_that_is_cut_off_keeps_what_was_whole() {
        let (dataset, _) = Dataset::read(&NESTED[..NESTED.len() - 1], 0, EXPLICIT_LITTLE, None);
        assert_eq!(dataset.elements.len(), 2);
        assert!(dataset.elements[1].cut);
    }

    #[test]
    fn a_hundred_nested_sequences_end_the_reading_and_not_the_program() {
        let mut bytes = Vec::new();
        for _ in 0..100_000 {
            bytes.extend(b"\x08\x00\x40\x11SQ\0\0\xFF\xFF\xFF\xFF\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF");
        }
        let (dataset, _) = Dataset::read(&bytes, 0, EXPLICIT_LITTLE, None);
        assert!(dataset.elements[0].cut);
    }
}
