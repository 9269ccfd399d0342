//! NIfTI-1 single files (`.nii`, and `.nii.gz` after unpacking), both byte orders. The nifti1.h of the NIMH DFWG.
//!
//! - The first dimension is the columns and the second the rows, in the order of the file: most files run from the
//!   patient's left to right and from posterior to anterior, so rows are shown from the last to the first (anterior up,
//!   as on every workstation). Nothing is resampled or swapped by the qform or sform.
//! - Slices are the third dimension; a fourth (time) and further ones follow as more slices, volume after volume.
//! - `scl_slope` 0 means no scaling, as the standard says. RGB24 and RGBA32 become colour (alpha dropped).
//! - Pairs (`.hdr` + `.img`), NIfTI-2, complex and 128-bit numbers are refused by name.

use super::samples::{Endian, SampleType, Samples};
use super::scan::Rescale;
use super::{Format, Limits, Scan, Spacing};
use crate::error::{Error, Result};

const HEADER: usize = 348;

struct Header<'a> {
    bytes: &'a [u8],
    endian: Endian,
}

impl Header<'_> {
    fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        self.bytes.get(at..at + N).and_then(|b| b.try_into().ok()).unwrap_or([0; N])
    }

    fn i16(&self, at: usize) -> i16 {
        self.endian.u16(self.array(at)) as i16
    }

    fn f32(&self, at: usize) -> f64 {
        f64::from(f32::from_bits(self.endian.u32(self.array(at))))
    }
}

fn broken(what: &str) -> Error {
    Error::invalid("nifti.invalid", format!("This NIfTI file is damaged or cut off: {what}."))
}

pub(super) fn decode(bytes: &[u8], limits: &Limits) -> Result<Scan> {
    let endian = if bytes.starts_with(&[0x5C, 1, 0, 0]) { Endian::Little } else { Endian::Big };
    if bytes.starts_with(&[0x1C, 2, 0, 0]) || bytes.starts_with(&[0, 0, 2, 0x1C]) {
        return Err(Error::unsupported(
            "nifti.unsupported.version",
            "This is a NIfTI-2 file, which Insitu cannot read. Save it as NIfTI-1 (.nii.gz).",
        ));
    }
    let header =
        Header { bytes: bytes.get(..HEADER).ok_or_else(|| broken("its header is not whole"))?, endian };
    match &header.array::<4>(344) {
        b"n+1\0" => {}
        b"ni1\0" => return Err(pair("a NIfTI header (.hdr) whose pixels are in another file (.img)")),
        _ => return Err(pair("an ANALYZE 7.5 header, or a damaged NIfTI file")),
    }
    let (width, height, slices) = dimensions(&header)?;
    let (kind, stored, channels) = data_type(header.i16(70))?;
    let n = limits.check(width, height, slices, stored, kind.bytes())?;
    let offset = header.f32(108);
    if !(offset.is_finite() && offset >= HEADER as f64 && offset < 1e15) {
        return Err(broken("it does not say where its voxels begin"));
    }
    let size = n * kind.bytes();
    let start = offset as usize;
    let voxels = start.checked_add(size).and_then(|end| bytes.get(start..end));
    let voxels = voxels.ok_or_else(|| broken("voxels are missing at its end"))?;
    let samples = Samples::from_bytes(kind, voxels, n, endian)?.first_channels(stored, channels)?;
    // Rows from the last to the first.
    let row = width * channels;
    let samples = samples.gather(samples.len(), |i| {
        let (line, rest) = (i / row, i % row);
        let (slice, y) = (line / height, line % height);
        (slice * height + height - 1 - y) * row + rest
    })?;
    let mut scan = Scan::from_samples(Format::Nifti, width, height, slices, channels, samples)?;
    let (slope, intercept) = (header.f32(112), header.f32(116));
    if slope != 0.0 && slope.is_finite() && intercept.is_finite() && channels == 1 {
        scan.rescale = vec![Rescale { slope, intercept }];
    }
    scan.spacing = spacing(&header, slices);
    Ok(scan)
}

fn pair(what: &str) -> Error {
    Error::unsupported(
        "nifti.unsupported.pair",
        format!("This is {what}. Insitu reads single files: convert it to .nii or .nii.gz."),
    )
}

/// Columns, rows and the product of all further dimensions.
fn dimensions(header: &Header<'_>) -> Result<(usize, usize, usize)> {
    let rank = header.i16(40);
    if !(1..=7).contains(&rank) {
        return Err(broken("it has an impossible number of dimensions"));
    }
    let (mut width, mut height, mut slices) = (1usize, 1usize, 1usize);
    for axis in 0..rank as usize {
        let n = usize::try_from(header.i16(42 + 2 * axis)).ok().filter(|n| *n > 0);
        let n = n.ok_or_else(|| broken("a dimension is not positive"))?;
        let place = match axis {
            0 => &mut width,
            1 => &mut height,
            _ => &mut slices,
        };
        *place = place.checked_mul(n).ok_or_else(|| broken("its dimensions are impossible"))?;
    }
    Ok((width, height, slices))
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
fn spacing(header: &Header<'_>, slices: usize) -> Option<Spacing> {
    let unit = match header.bytes.get(123)? & 7 {
        1 => 1000.0,
        3 => 1e-3,
        _ => 1.0,
    };
    let size =
        |axis: usize| Some(header.f32(76 + 4 * axis).abs() * unit).filter(|v| v.is_finite() && *v > 0.0);
    Some(Spacing { x: size(1)?, y: size(2)?, z: size(3).filter(|_| slices > 1) })
}
