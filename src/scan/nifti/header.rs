//! The fields of the headers: NIfTI-1 (348 bytes, the nifti1.h of the NIMH DFWG), NIfTI-2 (540 bytes, nifti2.h), and ANALYZE 7.5 (348 bytes,
//! Mayo Clinic's dbh.h), whose fields stand in the same places as far as both have them.

use super::broken;
use crate::error::Result;
use crate::scan::samples::Endian;

/// Bytes of an ANALYZE header, with what programs put behind it.
const LONGEST_ANALYZE: usize = 4096;

/// A header whose magic number was checked.
pub(super) struct Header<'a> {
    bytes: &'a [u8],
    pub(super) endian: Endian,
    /// NIfTI-2.
    wide: bool,
    pub(super) family: Family,
}

/// Whose header it is, and where its voxels are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    /// `.nii`: behind the header.
    Single,
    /// NIfTI's `.hdr`: in an `.img`.
    Pair,
    /// ANALYZE 7.5: in an `.img`.
    Analyze,
}

impl<'a> Header<'a> {
    /// # Errors
    /// `nifti.invalid`.
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self> {
        let size: [u8; 4] = bytes.get(..4).and_then(|b| b.try_into().ok()).unwrap_or_default();
        let endian = match (u32::from_le_bytes(size), u32::from_be_bytes(size)) {
            (348 | 540, _) => Endian::Little,
            _ => Endian::Big,
        };
        let wide = endian.u32(size) == 540;
        let whole =
            bytes.get(..if wide { 540 } else { 348 }).ok_or_else(|| broken("its header is not whole"))?;
        let header = Self { bytes: whole, endian, wide, family: Family::Single };
        let family = match &header.array::<4>(if wide { 4 } else { 344 }) {
            b"n+1\0" if !wide => Family::Single,
            b"ni1\0" if !wide => Family::Pair,
            // What follows the name tells whether the file went through a program that changes the ends of lines.
            b"n+2\0" | b"ni2\0" if wide && header.array(8) != *b"\r\n\x1A\n" => {
                return Err(broken("it was copied as if it were a text"));
            }
            b"n+2\0" if wide => Family::Single,
            b"ni2\0" if wide => Family::Pair,
            _ if wide => return Err(broken("its header does not say NIfTI-2")),
            // A header of ANALYZE stands alone.
            _ if bytes.len() > LONGEST_ANALYZE => return Err(broken("its header does not say NIfTI")),
            _ => Family::Analyze,
        };
        Ok(Self { family, ..header })
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
        if self.family == Family::Analyze {
            return 0;
        }
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

    /// The rows of the sform's matrix, if the file has one (`sform_code`).
    pub(super) fn sform(&self) -> Option<[[f64; 4]; 3]> {
        let row = |axis: usize| [0, 1, 2, 3].map(|i| self.float(280, 400, 4 * axis + i));
        (self.is_nifti() && self.code(254, 348) > 0).then(|| [0, 1, 2].map(row))
    }

    /// `quatern_b`, `quatern_c` and `quatern_d`, if the file has them (`qform_code`).
    pub(super) fn quaternion(&self) -> Option<[f64; 3]> {
        (self.is_nifti() && self.code(252, 344) > 0).then(|| [0, 1, 2].map(|i| self.float(256, 352, i)))
    }

    /// `qoffset_x`, `qoffset_y` and `qoffset_z`.
    pub(super) fn offsets(&self) -> [f64; 3] {
        [3, 4, 5].map(|i| self.float(256, 352, i))
    }

    /// `originator` of ANALYZE, where SPM keeps the voxel at the origin, counted from 1.
    pub(super) fn origin(&self) -> Option<[f64; 3]> {
        (!self.is_nifti()).then(|| [253, 255, 257].map(|at| f64::from(self.i16(at))))
    }

    /// `intent_code`.
    pub(super) fn intent(&self) -> i32 {
        if self.is_nifti() { self.code(68, 504) } else { 0 }
    }

    fn is_nifti(&self) -> bool {
        self.family != Family::Analyze
    }

    /// Of the unit that `xyzt_units` names. A unit that is not given is mm, as all programs write it.
    pub(super) fn millimetres(&self) -> f64 {
        match self.units() & 7 {
            1 => 1000.0,
            3 => 1e-3,
            _ => 1.0,
        }
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
