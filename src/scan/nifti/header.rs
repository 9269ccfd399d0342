//! The fields of both headers, NIfTI-1 (348 bytes, the nifti1.h of the NIMH DFWG) and NIfTI-2 (540 bytes, nifti2.h).

use super::broken;
use crate::error::{Error, Result};
use crate::scan::samples::Endian;

/// A header whose magic number was checked.
pub(super) struct Header<'a> {
    bytes: &'a [u8],
    pub(super) endian: Endian,
    /// NIfTI-2.
    wide: bool,
}

impl<'a> Header<'a> {
    /// # Errors
    /// `nifti.invalid`; `nifti.unsupported.pair` if the voxels are in another file, or the header is ANALYZE's.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self> {
        let size: [u8; 4] = bytes.get(..4).and_then(|b| b.try_into().ok()).unwrap_or_default();
        let endian = match (u32::from_le_bytes(size), u32::from_be_bytes(size)) {
            (348 | 540, _) => Endian::Little,
            _ => Endian::Big,
        };
        let wide = endian.u32(size) == 540;
        let whole = bytes.get(..if wide { 540 } else { 348 });
        let header = Self { bytes: whole.ok_or_else(|| broken("its header is not whole"))?, endian, wide };
        match &header.array::<4>(if wide { 4 } else { 344 }) {
            b"n+1\0" if !wide => Ok(header),
            // What follows the name tells whether the file went through a program that changes the ends of lines.
            b"n+2\0" if wide && header.array(8) == *b"\r\n\x1A\n" => Ok(header),
            b"n+2\0" if wide => Err(broken("it was copied as if it were a text")),
            b"ni1\0" | b"ni2\0" => Err(pair("a NIfTI header (.hdr) whose pixels are in another file (.img)")),
            _ if wide => Err(broken("its header does not say NIfTI-2")),
            _ => Err(pair("an ANALYZE 7.5 header, or a damaged NIfTI file")),
        }
    }

    /// Bytes of the header.
    pub(super) fn len(&self) -> usize {
        self.bytes.len()
    }

    /// `dim[index]`: the number of dimensions, then each.
    pub(super) fn dimension(&self, index: usize) -> i64 {
        if self.wide {
            self.endian.u64(self.array(16 + 8 * index)) as i64
        } else {
            i64::from(self.i16(40 + 2 * index))
        }
    }

    /// `datatype`.
    pub(super) fn data_type(&self) -> i16 {
        self.i16(if self.wide { 12 } else { 70 })
    }

    /// `pixdim[index]`: `qfac`, then the size of a voxel along each dimension.
    pub(super) fn size(&self, index: usize) -> f64 {
        self.float(76, 104, index)
    }

    /// `xyzt_units`.
    pub(super) fn units(&self) -> u8 {
        let value = if self.wide { self.code(0, 500) } else { i32::from(u8::from_le_bytes(self.array(123))) };
        (value & 0xFF) as u8
    }

    /// `vox_offset`, a whole number in NIfTI-2.
    pub(super) fn offset(&self) -> f64 {
        if self.wide { self.endian.u64(self.array(168)) as i64 as f64 } else { self.float(108, 0, 0) }
    }

    /// `scl_slope` and `scl_inter`.
    pub(super) fn scale(&self) -> (f64, f64) {
        (self.float(112, 176, 0), self.float(116, 184, 0))
    }

    /// The rows of the sform's matrix without its offsets, if the file has one (`sform_code`).
    pub(super) fn sform(&self) -> Option<[[f64; 3]; 3]> {
        let row = |axis: usize| [0, 1, 2].map(|i| self.float(280, 400, 4 * axis + i));
        (self.code(254, 348) > 0).then(|| [0, 1, 2].map(row))
    }

    /// `quatern_b`, `quatern_c` and `quatern_d`, if the file has them (`qform_code`).
    pub(super) fn qform(&self) -> Option<[f64; 3]> {
        (self.code(252, 344) > 0).then(|| [0, 1, 2].map(|i| self.float(256, 352, i)))
    }

    fn array<const N: usize>(&self, at: usize) -> [u8; N] {
        self.bytes.get(at..at + N).and_then(|b| b.try_into().ok()).unwrap_or([0; N])
    }

    fn i16(&self, at: usize) -> i16 {
        self.endian.u16(self.array(at)) as i16
    }

    /// A number that is 16 bits wide in NIfTI-1 and 32 in NIfTI-2.
    fn code(&self, narrow: usize, wide: usize) -> i32 {
        if self.wide { self.endian.u32(self.array(wide)) as i32 } else { self.i16(narrow).into() }
    }

    /// Number `index` of the 32-bit floats at `narrow` (NIfTI-1) or the 64-bit ones at `wide` (NIfTI-2).
    fn float(&self, narrow: usize, wide: usize, index: usize) -> f64 {
        if self.wide {
            f64::from_bits(self.endian.u64(self.array(wide + 8 * index)))
        } else {
            f64::from(f32::from_bits(self.endian.u32(self.array(narrow + 4 * index))))
        }
    }
}

fn pair(what: &str) -> Error {
    Error::unsupported(
        "nifti.unsupported.pair",
        format!("This is {what}. Insitu reads single files: convert it to .nii or .nii.gz."),
    )
}
