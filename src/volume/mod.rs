//! What is computed of volumes: of labels in 3-D, of the image under them, and how planes of both are shown.
//!
//! Voxels are `[column, row, slice]`, volumes in memory `[slice][row][column]`, lengths mm, and the patient's coordinates DICOM's (LPS).
//! Labels are read through [`LabelVolume`], so that they can be kept in tiles, and images through [`Stack`], in the type of their
//! file: neither is ever unpacked. Objects are found and measured by the runs of their rows ([`Runs`]), in memory that goes with their
//! surface. Where a file does not tell where voxels lie, sizes are in voxels.
//!
//! | what | by |
//! |---|---|
//! | slices between painted ones | signed distances (Raya and Udupa 1990), [`between`] |
//! | objects | union-find over runs, [`Components3`]; cleaned by [`remove_pieces`], [`fill_holes`], [`smooth`], all of it by [`Tidy`] |
//! | sizes | [`measure()`], [`slice_areas`]; surfaces by Crofton's formula |
//! | planes | [`Plane`] (which voxel a pixel shows), [`Stack`] (its values), [`label_plane`]; with square pixels [`Sections`] |
//! | planes that were painted on | how thick labels are across them, [`Painted`] |
//! | lengths and angles | [`distance`], [`angle`] |

mod along;
mod clean;
mod components;
mod diameter;
mod interpolate;
mod labels;
mod mean;
mod measure;
mod painted;
mod plane;
mod presets;
mod ruler;
mod runs;
mod section;
mod smooth;
mod stack;
mod surface;
mod tidy;

pub use along::Along;
pub use clean::{Cleaned, fill_holes, remove_piece, remove_pieces, voxels_in};
pub use components::{Components3, Connectivity3};
pub use interpolate::between;
pub use labels::{DenseLabels, LabelSlices, LabelVolume, UNLABELLED};
pub use mean::Mean3;
pub use measure::{
    Physical, SliceArea, Statistics, Values, VolumeMeasurement, measure, of_classes, slice_areas,
};
pub use painted::Painted;
pub use plane::{Convention, Plane};
pub use presets::{WindowPreset, window_presets};
pub use ruler::{angle, distance};
pub use runs::{Run, Runs};
pub use section::{Sections, sections};
pub use smooth::smooth;
pub use stack::{Projection, Stack, label_plane};
pub use tidy::{Tidied, Tidy, TidyStep};
