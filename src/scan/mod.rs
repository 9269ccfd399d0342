//! File bytes to a [`Scan`]: what is in the file, in its own sample type, with its geometry.

#![cfg_attr(not(test), deny(clippy::indexing_slicing))]

pub mod channels;
mod decode;
mod detached;
mod dicom;
mod format;
pub mod geometry;
mod grid;
mod gzip;
// Of images in memory, whose size was checked.
#[allow(clippy::indexing_slicing)]
mod image;
mod jpeg;
mod jpeg2000;
mod jpegls;
mod limits;
mod metaimage;
mod nifti;
pub(crate) mod nrrd;
mod orientation;
mod pixels;
mod placing;
mod planes;
mod raster;
mod resample;
mod samples;
mod scaling;
#[allow(clippy::module_inception)]
mod scan;
pub mod series;
pub mod source;
mod stored;
mod tiff;
mod together;
mod turn;
pub mod windowing;
pub mod zarr;
mod zip;
mod zstd;

pub use channels::ChannelLook;
pub use detached::{Detached, Files};
pub use dicom::{Contour, Contours, FramePlane, Segmentation, SegmentationFrame};
pub use format::Format;
pub use geometry::Geometry;
pub(crate) use image::LEAST_DEVIATION;
pub use image::{Image, Normalisation};
pub use limits::Limits;
pub(crate) use limits::zeroed;
pub use pixels::{Pixels, Prepared, Slice, valued};
pub use placing::{
    LabelValue, MarkedClass, Placed, place_contours, place_scan, place_segmentation, segment_values,
};
pub use planes::Planes;
pub use resample::resampled;
pub use samples::SampleType;
pub(crate) use samples::Samples;
pub use scan::Scan;
pub use source::Source;
pub use together::{Beginning, Together, What, together};
pub use turn::Turn;
pub use zip::Archive;

/// Distance between the centres of neighbouring pixels, in mm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spacing {
    /// Along a row (between columns), mm.
    pub x: f64,
    /// Along a column (between rows), mm.
    pub y: f64,
    /// Between slices, mm, where the file tells it.
    pub z: Option<f64>,
}

/// A display window in the scan's physical values (after rescale): DICOM PS3.3 C.11.2.1.2.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    pub center: f64,
    pub width: f64,
}
