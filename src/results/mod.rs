//! From what a network says of an image to what people take away: its objects, measured and outlined; and how well it agrees with what they say
//! is right.

mod files;
mod metric;
mod package;
mod scores;
mod sizes;
mod truth;
mod volume;

pub use files::{Files, Kind, ending};
pub use metric::{Metric, More};
pub use package::bioimage_package;
pub use scores::{Scores, confusion, difference};
pub use sizes::{class_sizes, largest_pieces};
pub use truth::{Meaning, Truth};
pub use volume::{Contents, label_class, volume_file};

use crate::error::Result;
use crate::export::{Category, Objects, overlay};
use crate::infer::Prediction;
use crate::objects::{Edit, InstanceOptions, Refinement, edit, refined, renumbered};
use crate::scan::Scan;
use crate::scan::windowing::render;
use crate::weights::{Card, Class};

/// The objects of a slice, measured in the file's own values.
///
/// # Errors
/// `scan.slice`.
pub fn found(
    (scan, slice, file): (&Scan, usize, &str),
    card: &Card,
    prediction: &Prediction,
    options: &InstanceOptions,
    refinement: &Refinement,
) -> Result<Objects> {
    let classes = prediction.labels(options.threshold);
    let numbers = refined(prediction.objects(options), prediction.width, refinement);
    measured((scan, slice, file), &card.classes, &classes, numbers)
}

/// The same of objects that are there already. `classes`: of each pixel; `numbers`: of the object of each pixel, both `[row][column]`.
///
/// # Errors
/// `scan.slice`; `export.shape` if there are not as many as pixels.
pub fn measured(
    (scan, slice, file): (&Scan, usize, &str),
    names: &[Class],
    classes: &[u8],
    numbers: Vec<u32>,
) -> Result<Objects> {
    let image = scan.slice(slice)?;
    let size = [image.width, image.height];
    crate::export::filled(size, &[classes.len(), numbers.len()])?;
    let planes: Vec<&[f32]> = (0..image.channels).map(|channel| image.plane(channel)).collect();
    let spacing = scan.spacing.map(|spacing| [spacing.x, spacing.y]);
    let categories = names.iter().map(category).collect();
    Ok(Objects::of((file.into(), slice), size, numbers, classes, &planes, categories, spacing))
}

/// The same after corrections by hand, with the class of each pixel then, and whether each correction changed anything.
///
/// # Errors
/// `scan.slice`; `export.shape`.
pub fn corrected(
    of: (&Scan, usize, &str),
    names: &[Class],
    mut classes: Vec<u8>,
    mut numbers: Vec<u32>,
    edits: &[Edit],
) -> Result<(Objects, Vec<u8>, Vec<bool>)> {
    let width = of.0.width;
    crate::export::filled([width, of.0.height], &[classes.len(), numbers.len()])?;
    let done = edit(&mut numbers, &mut classes, width, edits);
    Ok((measured(of, names, &classes, renumbered(&numbers))?, classes, done))
}

/// The slice as it is shown at first, with its mask: red, green, blue and alpha, `[row][column]`.
///
/// # Errors
/// `scan.slice`; `export.shape`.
pub fn picture(scan: &Scan, slice: usize, classes: &[u8], objects: &Objects) -> Result<Vec<u8>> {
    crate::export::filled([objects.width, objects.height], &[classes.len()])?;
    let mut rgba = render(&scan.slice(slice)?, scan.default_window(slice), scan.inverted);
    overlay(&mut rgba, objects.width, classes, &objects.numbers, &objects.categories);
    Ok(rgba)
}

/// A class as files name it.
pub fn category(class: &Class) -> Category {
    Category { name: class.name.clone(), colour: class.rgb() }
}
