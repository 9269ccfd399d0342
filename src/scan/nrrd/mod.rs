//! NRRD (teem's "Nearly Raw Raster Data", versions 1 to 5, <https://teem.sourceforge.net/nrrd/format.html>), pixels in the file or
//! in others.
//!
//! - Two or three axes in space, one of times, one of values of a voxel, in any order: see [`axes`]. The third axis in space stays the
//!   one of the slices; they are shown as the patient lies, as NIfTI's.
//! - Encodings raw, gzip, text and hexadecimal. bzip2 and blocks of opaque bytes are refused by name.

mod axes;
mod header;

pub(crate) use self::header::{Fields, fields};

use super::detached::{Detached, Files};
use super::grid::{Grid, Role};
use super::samples::{Endian, SampleType};
use super::stored::{Encoding, Stored, evenly, numbers};
use super::{Format, Limits, Scan};
use crate::error::{Error, Result};

fn broken(what: &str) -> Error {
    Error::invalid("nrrd.invalid", format!("This NRRD file is damaged or cut off: {what}."))
}

fn unsupported(what: &str) -> Error {
    Error::unsupported("nrrd.unsupported", format!("This NRRD file {what}."))
}

/// The files that hold the pixels of this header; none if they are in the same file.
pub(super) fn detached(bytes: &[u8]) -> Option<Detached> {
    detached_of(&fields(bytes)?).ok()?.map(|(files, _)| files)
}

/// Whether it holds segments of 3D Slicer.
pub(super) fn says_labels(bytes: &[u8]) -> bool {
    fields(bytes).is_some_and(|fields| fields.key("Segment0_ID").is_some())
}

/// With the number of axes that each has.
fn detached_of(fields: &Fields) -> Result<Option<(Detached, Option<usize>)>> {
    let Some(named) = fields.field("datafile") else { return Ok(None) };
    Ok(Some(if let Some(list) = named.strip_prefix("LIST") {
        (Detached { names: fields.list.clone(), any: false }, list.trim().parse().ok())
    } else if let Some(files) = Detached::pattern(named) {
        (files, named.split_whitespace().nth(4).and_then(|n| n.parse().ok()))
    } else {
        (Detached::one(named), None)
    }))
}

pub(super) fn decode(bytes: &[u8], files: &mut Files<'_, '_>, limits: &Limits) -> Result<Scan> {
    let fields = fields(bytes).ok_or_else(|| broken("it does not begin as one"))?;
    let sizes = fields.field("sizes").unwrap_or_default();
    let sizes: Vec<usize> = sizes.split_whitespace().map_while(|word| word.parse().ok()).collect();
    let rank = fields.field("dimension").and_then(|n| n.parse::<usize>().ok());
    if rank != Some(sizes.len()) || !(1..=16).contains(&sizes.len()) {
        return Err(broken("the sizes of its axes are not told"));
    }
    let axes = axes::axes(&fields, sizes.len());
    if !axes.roles.contains(&Role::Row) {
        return Err(unsupported("has fewer than two axes in space, and so no image"));
    }
    let kind = sample_type(fields.field("type").unwrap_or_default())?;
    let colour = axes.colour || (axes.vector && kind == SampleType::U8);
    let grid = Grid::new(axes.roles.into_iter().zip(sizes.iter().copied()), kind, colour, limits)?;
    let stored = stored(&fields)?;
    let samples = match detached_of(&fields)? {
        None => stored.read(&[bytes.get(fields.len..).unwrap_or_default()], &grid, limits, broken)?,
        Some((named, dimensions)) => {
            if named.names.len() != 1 && !evenly(&sizes, dimensions, named.names.len()) {
                return Err(broken("the files that it names are not as many as its sizes ask for"));
            }
            let found = named.fetch(files, "nrrd.unsupported.pair", limits)?;
            let found: Vec<&[u8]> = found.iter().map(|file| &**file).collect();
            stored.read(&found, &grid, limits, broken)?
        }
    };
    let mut scan = grid.scan(Format::Nrrd, samples, axes.geometry, Some(axes.spacing))?;
    if scan.geometry.is_some() && !axes.anatomical {
        scan.notes.push(
            "This NRRD file does not say how its axes lie in the patient: they are taken to run to the left, the back and the head. \
             Check the side before you rely on it."
                .to_string(),
        );
    }
    Ok(scan)
}

/// teem has up to five names for each type: C's, with and without what C lets one leave out, and those of stdint.h.
fn sample_type(name: &str) -> Result<SampleType> {
    let name = name.to_ascii_lowercase();
    let mut short = String::new();
    for word in name.split_ascii_whitespace() {
        // `signed` only counts where it stands before `char`, and `int` where it stands alone.
        match word {
            "signed" => {}
            "int" if !matches!(short.as_str(), "" | "u") => {}
            "unsigned" => short.push('u'),
            _ => short.push_str(word.strip_suffix("_t").unwrap_or(word)),
        }
    }
    Ok(match short.as_str() {
        "char" | "int8" => SampleType::I8,
        "uchar" | "uint8" => SampleType::U8,
        "short" | "int16" => SampleType::I16,
        "ushort" | "uint16" => SampleType::U16,
        "int" | "int32" => SampleType::I32,
        "uint" | "uint32" => SampleType::U32,
        "longlong" | "int64" => SampleType::I64,
        "ulonglong" | "uint64" => SampleType::U64,
        "float" => SampleType::F32,
        "double" => SampleType::F64,
        "block" => return Err(unsupported("stores blocks of bytes that are no numbers")),
        _ => return Err(broken("it names no known type of numbers")),
    })
}

fn stored(fields: &Fields) -> Result<Stored> {
    let encoding = match fields.field("encoding").unwrap_or("raw").to_ascii_lowercase().as_str() {
        "raw" => Encoding::Raw,
        "txt" | "text" | "ascii" => Encoding::Text,
        "hex" => Encoding::Hexadecimal,
        "gz" | "gzip" => Encoding::Deflated,
        "bz2" | "bzip2" => {
            return Err(unsupported("is packed with bzip2, which Insitu does not read: save it with gzip"));
        }
        _ => return Err(broken("it names no known encoding")),
    };
    let big = fields.field("endian").is_some_and(|end| end.eq_ignore_ascii_case("big"));
    let skip = |name: &str| {
        let number = fields.field(name).and_then(|text| numbers(text).first().copied()).unwrap_or(0.0);
        // No file is longer.
        if (0.0..1e15).contains(&number) { Some(number as usize) } else { None }
    };
    Ok(Stored {
        encoding,
        endian: if big { Endian::Big } else { Endian::Little },
        lines: skip("lineskip").unwrap_or(0),
        bytes: skip("byteskip"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_has_many_names() {
        for (names, wanted) in [
            (&["signed char", "int8", "int8_t"][..], SampleType::I8),
            (&["uchar", "unsigned char", "uint8_t"], SampleType::U8),
            (&["short", "short int", "signed short", "signed short int", "int16_t"], SampleType::I16),
            (&["ushort", "unsigned short", "unsigned short int", "uint16"], SampleType::U16),
            (&["int", "signed int", "int32"], SampleType::I32),
            (&["uint", "unsigned int", "uint32_t"], SampleType::U32),
            (&["longlong", "long long", "long long int", "signed long long int", "int64"], SampleType::I64),
            (&["ulonglong", "unsigned long long", "unsigned long long int", "uint64_t"], SampleType::U64),
        ] {
            for name in names {
                assert_eq!(sample_type(name).unwrap(), wanted, "{name}");
            }
        }
        assert!(sample_type("").is_err() && sample_type("half").is_err());
    }
}
