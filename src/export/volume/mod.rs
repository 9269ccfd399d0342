//! Label volumes as files of other programs: what the writers are given ([`LabelVolume`]), NIfTI and 3D Slicer's segmentations.

mod nifti;
mod nrrd;
mod property;

use std::borrow::Cow;

pub use nifti::{nifti, nifti_probability};
pub use nrrd::seg_nrrd;
pub use property::{PROPERTIES, Property};

use crate::error::{Error, Result};
use crate::scan::{Geometry, Source, Spacing, Turn};

/// Labels of a slice: `[row][column]` as displayed, 0 the background, 1.. classes, 255 not labelled. Empty where nothing is labelled.
pub type Labels<'a> = dyn Fn(usize) -> Cow<'a, [u8]> + 'a;

/// Probabilities of a class (from 1) on a slice (from 0), `[row][column]` as displayed, in steps of 1 / 255: see [`in_steps`]. Empty where
/// there are none.
pub type Probabilities<'a> = dyn Fn(usize, usize) -> Cow<'a, [u8]> + 'a;

/// Probabilities from 0 to 1 as the numbers of their steps of 1 / 255, the nearest ones: what a fractional DICOM segmentation holds, and a
/// quarter of the memory.
pub fn in_steps(probability: &[f32]) -> Vec<u8> {
    probability.iter().map(|p| (p * 255.0).round() as u8).collect()
}

/// A class as files of volumes name it.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelClass {
    pub name: String,
    /// Red, green, blue.
    pub colour: [u8; 3],
    /// What it is in the patient, for DICOM and 3D Slicer; [`Property::default`] says "tissue".
    pub property: Property,
}

/// Labels of all slices of a scan. They are asked for slice by slice, so that no writer needs the volume as a whole.
pub struct LabelVolume<'a> {
    /// Columns, rows and slices as displayed.
    pub size: [usize; 3],
    /// Classes 1, 2, ...
    pub classes: &'a [LabelClass],
    /// Of the slices as displayed: [`Scan::geometry`](crate::scan::Scan::geometry).
    pub geometry: Option<Geometry>,
    /// Stands in where there is no geometry.
    pub spacing: Option<Spacing>,
    /// How the file's own order of voxels follows: [`Scan::turn`](crate::scan::Scan::turn).
    pub turn: Turn,
    pub source: Option<&'a Source>,
    pub labels: &'a Labels<'a>,
}

impl<'a> LabelVolume<'a> {
    /// Pixels of a slice.
    pub(super) fn area(&self) -> usize {
        self.size[0].saturating_mul(self.size[1])
    }

    /// The labels of a slice, 255 and classes without an entry as background; none where nothing is labelled.
    ///
    /// # Errors
    /// `export.shape` if the caller gives another number of them.
    pub(super) fn slice(&self, slice: usize) -> Result<Option<Cow<'a, [u8]>>> {
        let mut labels = (self.labels)(slice);
        if !labels.is_empty() {
            super::size(self.size[0], self.size[1], 1, labels.len())?;
        }
        let most = self.classes.len().min(254) as u8;
        if labels.iter().any(|label| *label > most) {
            labels.to_mut().iter_mut().for_each(|label| *label = if *label > most { 0 } else { *label });
        }
        Ok(labels.iter().any(|label| *label != 0).then_some(labels))
    }

    /// Columns and rows in the file's own order.
    pub(super) fn file_size(&self) -> [usize; 2] {
        self.turn.size([self.size[0], self.size[1]])
    }

    /// The slice of the display that stands at a place of the file.
    pub(super) fn slice_at(&self, place: usize) -> usize {
        if self.turn.reversed[2] { self.size[2] - 1 - place } else { place }
    }

    /// Values of a slice in the file's own order of columns and rows.
    pub(super) fn turned<T: Copy + Default>(&self, values: &[T]) -> Vec<T> {
        let turn = self.turn.flat();
        let mut out = vec![T::default(); values.len()];
        for (i, value) in values.iter().enumerate() {
            out[turn.place(i, [self.size[0], self.size[1], 1])] = *value;
        }
        out
    }

    /// Where the voxels of the display lie: the geometry, or else slices of the known spacing (1 mm where it is unknown) that
    /// run as they are displayed: to the left, to the back, to the head.
    pub(super) fn place(&self) -> Geometry {
        self.geometry.unwrap_or_else(|| {
            let spacing = self.spacing.unwrap_or(Spacing { x: 1.0, y: 1.0, z: None });
            Geometry::plain([spacing.x, spacing.y, spacing.z.unwrap_or(1.0)])
        })
    }

    /// The same in the file's own order of columns and rows, and of slices if `slices`.
    pub(super) fn file_place(&self, slices: bool) -> Geometry {
        let mut geometry = self.place();
        for (axis, count) in self.size.into_iter().enumerate() {
            if self.turn.reversed[axis] && (slices || axis < 2) {
                geometry = geometry.reversed(axis, count);
            }
        }
        if self.turn.transposed { geometry.transposed() } else { geometry }
    }

    /// # Errors
    /// `export.shape` for a volume without voxels, `export.limit.classes` for more classes than a byte numbers.
    pub(super) fn check(&self) -> Result<()> {
        if self.size.contains(&0) {
            return Err(Error::invalid("export.shape", "A volume without voxels cannot be written."));
        }
        if self.classes.len() > 254 {
            return Err(Error::limit(
                "export.limit.classes",
                "A volume of labels can have 254 classes, no more.",
            ));
        }
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(crate) fn class(name: &str, colour: [u8; 3]) -> LabelClass {
        LabelClass { name: name.into(), colour, property: Property::default() }
    }

    #[test]
    fn what_is_not_labelled_or_has_no_class_is_background_and_an_empty_slice_is_none() {
        let classes = [class("a", [0; 3])];
        let labels = |slice| Cow::Owned(if slice == 0 { vec![0, 1, 2, 255] } else { vec![255; 4] });
        let volume = LabelVolume {
            size: [2, 2, 2],
            classes: &classes,
            geometry: None,
            spacing: None,
            turn: Turn::default(),
            source: None,
            labels: &labels,
        };
        assert_eq!(volume.slice(0).unwrap().unwrap()[..], [0, 1, 0, 0]);
        assert_eq!(volume.slice(1).unwrap(), None);
        let short = LabelVolume { size: [3, 2, 2], ..volume };
        assert_eq!(short.slice(0).unwrap_err().code(), "export.shape");
    }

    #[test]
    fn the_files_own_order_keeps_every_voxel_where_it_lies() {
        for bits in 0..16u8 {
            let bit = |n: u8| bits >> n & 1 == 1;
            let turn = Turn { transposed: bit(0), reversed: [bit(1), bit(2), bit(3)] };
            let geometry = Geometry {
                origin: [5.0, -7.0, 9.0],
                steps: [[0.5, 0.1, 0.0], [-0.1, 0.7, 0.2], [0.3, 0.0, 2.0]],
            };
            let size = [3, 4, 2];
            let volume = LabelVolume {
                size,
                classes: &[],
                geometry: Some(geometry),
                spacing: None,
                turn,
                source: None,
                labels: &|_| Cow::Owned(Vec::new()),
            };
            let [width, height] = volume.file_size();
            let place = volume.file_place(true);
            for i in 0..24 {
                let here = geometry.at([i % 3, i / 3 % 4, i / 12].map(|n| n as f64));
                let at = turn.place(i, size);
                let there =
                    place.at([at % width, at / width % height, at / width / height].map(|n| n as f64));
                assert!(here.iter().zip(there).all(|(a, b)| (a - b).abs() < 1e-9));
                assert_eq!(volume.slice_at(at / 12), i / 12);
            }
        }
    }
}
