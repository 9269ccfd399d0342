//! Class masks that people paint: sparse planes, tools, classes, and a history that takes everything back.
//!
//! A pixel holds a class: 0 is the background, 1.. are the classes of the table, [`UNLABELLED`] is "nobody said", which
//! the loss ignores. Planes consist of tiles, so that memory, time and undo cost what was painted, not what the image
//! measures.

mod accept;
mod across;
mod brush;
mod bytes;
mod classes;
mod delta;
mod documents;
mod file;
mod grow;
mod history;
mod ink;
mod map;
mod order;
mod painting;
mod pen;
mod plane;
mod polygon;
mod rect;
mod region;
mod smooth;
mod stored;
mod tile;
mod volume;
mod voxels;

pub use accept::Suggestion;
pub use across::painted_planes;
pub use brush::Dab;
pub use classes::ClassTable;
pub use documents::{Changes, Documents};
pub use file::{
    FileClass, LabelFile, Page, Shape, label_png, label_zip, palette_indices, read_labels, read_marks,
};
pub use grow::{flood, wand};
pub use history::Changed;
pub use ink::{Ink, Over};
pub use map::LabelMap;
pub use painting::Painting;
pub use polygon::Point;
pub use rect::{Area, Rect};
pub use region::Region;
pub use volume::Depths;
pub use voxels::Voxels;

/// The value of a pixel that nobody labelled: it counts neither in the loss nor in a score.
pub const UNLABELLED: u8 = 255;

/// The value of a pixel that belongs to no class.
pub const BACKGROUND: u8 = 0;
