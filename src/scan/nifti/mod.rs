//! NIfTI-1 and NIfTI-2 single files (`.nii`, and `.nii.gz` after unpacking), both byte orders.
//!
//! - The file's third axis is the one of the slices; within a slice, and in the order of slices, voxels are shown as the
//!   patient lies by sform or qform: see [`orientation`]. Nothing is resampled.
//! - A fourth dimension (time) and further ones follow as more slices, volume after volume.
//! - `scl_slope` 0 means no scaling, as the standard says. RGB24 and RGBA32 become colour (alpha dropped).
//! - Pairs (`.hdr` + `.img`), complex and 128-bit numbers are refused by name.

mod header;
mod orientation;

use self::header::Header;
use self::orientation::turn_of;
use super::samples::{SampleType, Samples};
use super::scan::Rescale;
use super::{Format, Limits, Scan, Spacing};
use crate::error::{Error, Result};

fn broken(what: &str) -> Error {
    Error::invalid("nifti.invalid", format!("This NIfTI file is damaged or cut off: {what}."))
}

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Scan> {
    let header = Header::new(bytes)?;
    let [columns, rows, depth, volumes] = dimensions(&header)?;
    let slices = depth.checked_mul(volumes).ok_or_else(|| broken("its dimensions are impossible"))?;
    let (kind, stored, channels) = data_type(header.data_type())?;
    let n = limits.check(columns, rows, slices, stored, kind.bytes())?;
    let offset = header.offset();
    if !(offset.is_finite() && offset >= header.len() as f64 && offset < 1e15) {
        return Err(broken("it does not say where its voxels begin"));
    }
    let size = n * kind.bytes();
    let start = offset as usize;
    let voxels = start.checked_add(size).and_then(|end| bytes.get(start..end));
    let voxels = voxels.ok_or_else(|| broken("voxels are missing at its end"))?;
    let mut samples =
        Samples::from_bytes(kind, voxels, n, header.endian)?.first_channels(stored, channels)?;
    let turn = turn_of(&header);
    let [width, height] = turn.size([columns, rows]);
    if !turn.is_none() {
        let volume = width * height * depth;
        samples = samples.gather(samples.len(), |i| {
            let (voxel, channel) = (i / channels, i % channels);
            let place = turn.place(voxel % volume, [width, height, depth]);
            (voxel / volume * volume + place) * channels + channel
        })?;
    }
    let mut scan = Scan::from_samples(Format::Nifti, width, height, slices, channels, samples)?;
    let (slope, intercept) = header.scale();
    if slope != 0.0 && slope.is_finite() && intercept.is_finite() && channels == 1 {
        scan.rescale = vec![Rescale { slope, intercept }];
    }
    scan.turn = turn;
    scan.spacing = spacing(&header, slices, turn.transposed);
    Ok(scan)
}

/// The file's columns, rows and slices, and the product of all further dimensions.
fn dimensions(header: &Header<'_>) -> Result<[usize; 4]> {
    let rank = header.dimension(0);
    if !(1..=7).contains(&rank) {
        return Err(broken("it has an impossible number of dimensions"));
    }
    let mut sizes = [1usize; 4];
    for axis in 0..rank as usize {
        let n = usize::try_from(header.dimension(1 + axis)).ok().filter(|n| *n > 0);
        let n = n.ok_or_else(|| broken("a dimension is not positive"))?;
        if let Some(place) = sizes.get_mut(axis.min(3)) {
            *place = place.checked_mul(n).ok_or_else(|| broken("its dimensions are impossible"))?;
        }
    }
    Ok(sizes)
}

/// Sample type, samples stored for each voxel, channels kept.
fn data_type(code: i16) -> Result<(SampleType, usize, usize)> {
    let name = match code {
        2 => return Ok((SampleType::U8, 1, 1)),
        4 => return Ok((SampleType::I16, 1, 1)),
        8 => return Ok((SampleType::I32, 1, 1)),
        16 => return Ok((SampleType::F32, 1, 1)),
        64 => return Ok((SampleType::F64, 1, 1)),
        128 => return Ok((SampleType::U8, 3, 3)),
        256 => return Ok((SampleType::I8, 1, 1)),
        512 => return Ok((SampleType::U16, 1, 1)),
        768 => return Ok((SampleType::U32, 1, 1)),
        1024 => return Ok((SampleType::I64, 1, 1)),
        1280 => return Ok((SampleType::U64, 1, 1)),
        2304 => return Ok((SampleType::U8, 4, 3)),
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

/// `pixdim` in the unit that `xyzt_units` names. A unit that is not given is mm, as all programs write it.
fn spacing(header: &Header<'_>, slices: usize, transposed: bool) -> Option<Spacing> {
    let unit = match header.units() & 7 {
        1 => 1000.0,
        3 => 1e-3,
        _ => 1.0,
    };
    let size = |axis: usize| Some(header.size(axis).abs() * unit).filter(|v| v.is_finite() && *v > 0.0);
    let (x, y) = if transposed { (2, 1) } else { (1, 2) };
    Some(Spacing { x: size(x)?, y: size(y)?, z: size(3).filter(|_| slices > 1) })
}
