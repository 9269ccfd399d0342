//! NIfTI-1 and NIfTI-2, in one file (`.nii`) or two (`.hdr` and `.img`), and ANALYZE 7.5 (`.hdr` and `.img`), both byte orders.
//!
//! - The file's third axis is the one of the slices; within a slice, and in the order of slices, voxels are shown as the
//!   patient lies by sform or qform: see [`affine`] and [`super::orientation`]. Nothing is resampled.
//! - The fourth dimension is time. The fifth is the values of a voxel if the file's intent says so (a vector, a matrix), else it and
//!   further ones are more times.
//! - `scl_slope` 0 means no scaling, as the standard says. RGB24 and RGBA32 become colour (alpha dropped).
//! - Complex and 128-bit numbers are refused by name.

mod affine;
mod header;

use self::header::{Family, Header};
use super::detached::{Detached, Files};
use super::grid::{Grid, Role};
use super::samples::{SampleType, Samples};
use super::scan::Rescale;
use super::{Format, Limits, Scan};
use crate::error::{Error, Result};

fn broken(what: &str) -> Error {
    Error::invalid("nifti.invalid", format!("This NIfTI file is damaged or cut off: {what}."))
}

/// The file that holds the voxels of this header, whose name is `name`; none if they are in the same file.
pub(super) fn detached(bytes: &[u8], name: Option<&str>) -> Option<Detached> {
    (Header::new(bytes).ok()?.family != Family::Single).then(|| Detached::image_of(name))
}

/// Whether the values are numbers of labels.
pub(super) fn says_labels(bytes: &[u8]) -> bool {
    const NIFTI_INTENT_LABEL: i32 = 1002;
    Header::new(bytes).is_ok_and(|header| header.intent() == NIFTI_INTENT_LABEL)
}

pub(super) fn decode(
    bytes: &[u8],
    name: Option<&str>,
    files: &mut Files<'_, '_>,
    limits: &Limits,
) -> Result<Scan> {
    let header = Header::new(bytes)?;
    let (kind, stored) = data_type(header.data_type())?;
    let colour = std::iter::once((Role::Component, stored));
    let dimensions = dimensions(&header)?;
    let vector = dimensions.iter().any(|(role, n)| *role == Role::Component && *n > 1);
    if vector && stored > 1 {
        return Err(broken("it has vectors of colours"));
    }
    let axes = colour.filter(|_| stored > 1).chain(dimensions);
    let grid = Grid::new(axes, kind, kind == SampleType::U8, limits)?;
    let offset = header.offset();
    let single = header.family == Family::Single;
    let begins = match header.family {
        Family::Single if offset < header.len() as f64 => None,
        // Below 0 it means something else there.
        Family::Analyze => Some(offset.max(0.0)),
        _ => Some(offset),
    };
    let begins = begins.filter(|at| (0.0..1e15).contains(at));
    let start = begins.ok_or_else(|| broken("it does not say where its voxels begin"))? as usize;
    let found;
    let bytes = if single {
        bytes
    } else {
        found = Detached::image_of(name).fetch(files, "nifti.unsupported.pair", limits)?;
        found.first().map(|file| &**file).unwrap_or_default()
    };
    let voxels = start.checked_add(grid.bytes()).and_then(|end| bytes.get(start..end));
    let voxels = voxels.ok_or_else(|| broken("voxels are missing at its end"))?;
    let samples = Samples::from_bytes(kind, voxels, grid.samples(), header.endian)?;
    let (geometry, known) = affine::geometry(&header, grid.space());
    let unit = header.millimetres();
    let sizes = [1, 2, 3].map(|axis| header.size(axis) * unit);
    let format = if header.family == Family::Analyze { Format::Analyze } else { Format::Nifti };
    let mut scan = grid.scan(format, samples, Some(geometry), Some(sizes))?;
    let (slope, intercept) = header.scale();
    // Bytes of ANALYZE that other programs fill differently: SPM's slope, and an intercept since SPM2.
    let intercept = if single || intercept.is_finite() { intercept } else { 0.0 };
    if slope != 0.0 && slope.is_finite() && intercept.is_finite() && stored == 1 {
        scan.rescale = vec![Rescale { slope, intercept }];
    }
    if !known {
        let what = if format == Format::Analyze {
            "An ANALYZE 7.5 file"
        } else {
            "This NIfTI file, without sform and qform,"
        };
        scan.notes.push(format!(
            "{what} does not tell the patient's left from right for certain: its columns are taken to run to the left, its rows to the front. \
             Check the side before you rely on it."
        ));
    }
    Ok(scan)
}

/// Intents whose fifth dimension is the values of a voxel (nifti1.h): matrices, vectors, points, quaternions, colours, and so on.
fn has_vectors(intent: i32) -> bool {
    matches!(intent, 1003..=1010 | 2003 | 2004)
}

/// All dimensions, and what they are.
fn dimensions(header: &Header<'_>) -> Result<Vec<(Role, usize)>> {
    let rank = header.dimension(0);
    if !(1..=7).contains(&rank) {
        return Err(broken("it has an impossible number of dimensions"));
    }
    let vectors = rank == 5 && has_vectors(header.intent());
    (0..rank as usize)
        .map(|axis| {
            let n = usize::try_from(header.dimension(1 + axis)).ok().filter(|n| *n > 0);
            let role = match axis {
                0 => Role::Column,
                1 => Role::Row,
                2 => Role::Depth,
                4 if vectors => Role::Component,
                _ => Role::Time,
            };
            Ok((role, n.ok_or_else(|| broken("a dimension is not positive"))?))
        })
        .collect()
}

/// Sample type, and how many of them a voxel has.
fn data_type(code: i16) -> Result<(SampleType, usize)> {
    let name = match code {
        2 => return Ok((SampleType::U8, 1)),
        4 => return Ok((SampleType::I16, 1)),
        8 => return Ok((SampleType::I32, 1)),
        16 => return Ok((SampleType::F32, 1)),
        64 => return Ok((SampleType::F64, 1)),
        128 => return Ok((SampleType::U8, 3)),
        256 => return Ok((SampleType::I8, 1)),
        512 => return Ok((SampleType::U16, 1)),
        768 => return Ok((SampleType::U32, 1)),
        1024 => return Ok((SampleType::I64, 1)),
        1280 => return Ok((SampleType::U64, 1)),
        2304 => return Ok((SampleType::U8, 4)),
        1 => "single bits",
        32 | 1792 | 2048 => "complex numbers",
        1536 => "128-bit numbers",
        _ => return Err(broken("it names no known data type")),
    };
    Err(Error::unsupported(
        "nifti.unsupported.data-type",
        format!("This NIfTI file stores {name}, which Insitu cannot read. Convert it to 32-bit floats."),
    ))
}
