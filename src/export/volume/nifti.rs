//! NIfTI-1 (nifti1.h of the NIMH DFWG), and NIfTI-2 (nifti2.h) where a side has more than 32767 voxels; packed with gzip.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use super::{LabelVolume, Probabilities};
use crate::error::{Error, Result};
use crate::export::failed;
use crate::scan::geometry::{Vector, cross, dot, length, unit};

const UINT8: i16 = 2;
const INTENT_LABEL: i16 = 1002;
/// Of a probability: 1 / 255 as 32 bits, rounded down, so that 255 of them are no more than 1.
const STEP: f32 = (1.0f32 / 255.0).next_down();
const UNITS_MM: u8 = 2;
/// The world is the scanner's; where the file did not say where it lies, it is only one that viewers agree on.
const SCANNER_ANAT: i16 = 1;
const ALIGNED_ANAT: i16 = 2;

/// The labels as `.nii.gz`, uint8, in the order of voxels and with the affine that the scan's own file has; the sform tells where they
/// lie, and the qform, too, where the axes are at right angles. Of several `times` one volume after the other (the fourth dimension): the
/// labels of slice `depth + depths * time` are asked for.
///
/// # Errors
/// `export.shape`, `export.limit.classes`, `export.encode`.
pub fn nifti(volume: &LabelVolume<'_>, times: usize) -> Result<Vec<u8>> {
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(&header(volume, [times.max(1), 1], true)?).map_err(failed)?;
    let depths = volume.size[2];
    for (time, place) in (0..times.max(1)).flat_map(|time| (0..depths).map(move |place| (time, place))) {
        let labels = volume.slice(time * depths + volume.slice_at(place))?;
        let turned = labels.map_or_else(|| vec![0; volume.area()], |labels| volume.turned(&labels));
        out.write_all(&turned).map_err(failed)?;
    }
    out.finish().map_err(failed)
}

/// Probabilities as `.nii.gz`, uint8 with a slope of 1 / 255; of several classes one volume after the other: the fourth dimension, or the
/// fifth where there are several `times` (then slices are numbered as in [`nifti`]).
///
/// # Errors
/// As [`nifti`].
pub fn nifti_probability(
    volume: &LabelVolume<'_>,
    times: usize,
    probability: &Probabilities<'_>,
) -> Result<Vec<u8>> {
    let (classes, times, depths) = (volume.classes.len().max(1), times.max(1), volume.size[2]);
    let counts = if times > 1 { [times, classes] } else { [classes, 1] };
    let mut out = GzEncoder::new(Vec::new(), Compression::fast());
    out.write_all(&header(volume, counts, false)?).map_err(failed)?;
    for place in 0..classes.saturating_mul(times).saturating_mul(depths) {
        let (class, time, depth) = (place / depths / times + 1, place / depths % times, place % depths);
        let values = probability(class, time * depths + volume.slice_at(depth));
        let mut turned = vec![0; volume.area()];
        if !values.is_empty() {
            crate::export::size(volume.size[0], volume.size[1], 1, values.len())?;
            turned = volume.turned(&values);
        }
        out.write_all(&turned).map_err(failed)?;
    }
    out.finish().map_err(failed)
}

/// Little endian, with the four bytes behind it that say that no extension follows. `further`: fourth and fifth dimension.
fn header(volume: &LabelVolume<'_>, further: [usize; 2], labels: bool) -> Result<Vec<u8>> {
    volume.check()?;
    let [width, height] = volume.file_size();
    let [fourth, fifth] = further;
    let axes = 3 + usize::from(fourth > 1 || fifth > 1) + usize::from(fifth > 1);
    let dimensions = [axes, width, height, volume.size[2], fourth, fifth, 1, 1].map(|n| n as i64);
    let wide = dimensions.iter().any(|n| *n > i64::from(i16::MAX));
    let (intent, slope) = if labels { (INTENT_LABEL, 1.0) } else { (0, f64::from(STEP)) };
    let affine = volume.file_place(true).affine(true);
    if affine.iter().flatten().any(|v| !v.is_finite()) {
        return Err(Error::invalid(
            "export.place",
            "Where this volume lies in the patient cannot be written.",
        ));
    }
    let columns = [0, 1, 2].map(|i| affine.map(|row| row[i]));
    let (quaternion, handed) = rotation(columns).unwrap_or(([0.0; 3], 1.0));
    let offset = affine.map(|row| row[3]);
    let pixdim = [handed, length(columns[0]), length(columns[1]), length(columns[2]), 1.0, 1.0, 1.0, 1.0];
    let code = if volume.geometry.is_some() { SCANNER_ANAT } else { ALIGNED_ANAT };
    let qform = if rotation(columns).is_some() { code } else { 0 };
    let known = volume.geometry.is_some() || volume.spacing.is_some();
    let units = if known { UNITS_MM } else { 0 };

    let mut out = Fields(vec![0; if wide { 544 } else { 352 }], wide);
    let (size, magic): (i32, &[u8]) = if wide { (540, b"n+2\0\r\n\x1A\n") } else { (348, b"n+1\0") };
    out.put(0, 0, &size.to_le_bytes());
    out.put(344, 4, magic);
    for (i, n) in dimensions.into_iter().enumerate() {
        if wide {
            out.put(0, 16 + 8 * i, &n.to_le_bytes())
        } else {
            out.put(40 + 2 * i, 0, &(n as i16).to_le_bytes())
        }
    }
    out.put(70, 12, &UINT8.to_le_bytes());
    out.put(72, 14, &8i16.to_le_bytes());
    out.floats(76, 104, &pixdim);
    if wide {
        out.put(0, 168, &544i64.to_le_bytes())
    } else {
        out.floats(108, 0, &[352.0])
    }
    out.floats(112, 176, &[slope, 0.0]);
    out.put(148, 240, b"Insitu");
    out.code(68, 504, intent);
    out.code(252, 344, qform);
    out.code(254, 348, code);
    out.floats(256, 352, &quaternion);
    out.floats(268, 376, &offset);
    out.floats(280, 400, affine.as_flattened());
    if wide {
        out.put(0, 500, &[units])
    } else {
        out.put(123, 0, &[units])
    }
    Ok(out.0)
}

/// The bytes of a header; of the two places that a field has, the second is that of NIfTI-2.
struct Fields(Vec<u8>, bool);

impl Fields {
    fn put(&mut self, narrow: usize, wide: usize, bytes: &[u8]) {
        let at = if self.1 { wide } else { narrow };
        self.0[at..at + bytes.len()].copy_from_slice(bytes);
    }

    /// 32 bits each, 64 in NIfTI-2.
    fn floats(&mut self, narrow: usize, wide: usize, values: &[f64]) {
        for (i, v) in values.iter().enumerate() {
            if self.1 {
                self.put(0, wide + 8 * i, &v.to_le_bytes())
            } else {
                self.put(narrow + 4 * i, 0, &(*v as f32).to_le_bytes())
            }
        }
    }

    /// 16 bits, 32 in NIfTI-2.
    fn code(&mut self, narrow: usize, wide: usize, value: i16) {
        if self.1 {
            self.put(0, wide, &i32::from(value).to_le_bytes())
        } else {
            self.put(narrow, 0, &value.to_le_bytes())
        }
    }
}

/// `quatern_b`, `c`, `d` and `qfac` of the directions of these columns (nifti1.h, method 2); none if they are sheared.
fn rotation(columns: [Vector; 3]) -> Option<(Vector, f64)> {
    let [x, y, mut z] = columns.map(unit);
    if [dot(x, y), dot(y, z), dot(z, x)].iter().any(|cosine| cosine.abs().is_nan() || cosine.abs() > 1e-5) {
        return None;
    }
    let qfac = if dot(cross(x, y), z) < 0.0 { -1.0 } else { 1.0 };
    z = z.map(|v| v * qfac);
    // The part of the quaternion that is largest is the one that others can be divided by.
    let squares = [
        1.0 + x[0] + y[1] + z[2],
        1.0 + x[0] - y[1] - z[2],
        1.0 - x[0] + y[1] - z[2],
        1.0 - x[0] - y[1] + z[2],
    ];
    let largest = (0..4).fold(0, |most, i| if squares[i] > squares[most] { i } else { most });
    let root = squares[largest].sqrt();
    let (s, t, u) = (y[2] - z[1], z[0] - x[2], x[1] - y[0]);
    let (xy, xz, yz) = (x[1] + y[0], z[0] + x[2], y[2] + z[1]);
    let [a, b, c, d] =
        [[squares[0], s, t, u], [s, squares[1], xy, xz], [t, xy, squares[2], yz], [u, xz, yz, squares[3]]]
            [largest]
            .map(|v| v / (2.0 * root));
    // `a` is not written, and taken to be positive.
    Some(([b, c, d].map(|v| if a < 0.0 { -v } else { v }), qfac))
}
