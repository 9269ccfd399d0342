//! Labels of other files laid over a scan: by the images that they were drawn on, else by where they lie in the patient.

mod contours;
mod frames;
mod voxels;

pub use contours::place_contours;
pub use frames::place_segmentation;
pub use voxels::{LabelValue, place_scan, segment_values};

use std::collections::BTreeMap;

use super::geometry::{Vector, cross, dot, scaled, unit};
use super::limits::zeroed;
use super::{Geometry, Scan};
use crate::error::{Error, Result};

/// A class as a file of labels has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MarkedClass {
    /// `None` if the file tells none.
    pub name: Option<String>,
    /// Red, green, blue.
    pub colour: Option<[u8; 3]>,
}

impl MarkedClass {
    /// Classes, at most: 0 is the background and 255 "not labelled".
    pub const MAX_COUNT: usize = 254;
}

/// Labels on the slices of a scan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Placed {
    /// Classes 1, 2, ...
    pub classes: Vec<MarkedClass>,
    /// Of each slice, `[row][column]` as displayed: 0 the background, 1.. classes, 255 not labelled. `None` where nothing is labelled.
    pub slices: Vec<Option<Vec<u8>>>,
    /// What a person should know, in sentences: what did not fit, and how it was laid.
    pub notes: Vec<String>,
}

/// Slices that are labelled as they are met.
struct Sheet<'a> {
    onto: &'a Scan,
    slices: Vec<Option<Vec<u8>>>,
    /// Pixels that had another class before.
    overlaps: usize,
}

impl<'a> Sheet<'a> {
    fn new(onto: &'a Scan) -> Self {
        Self { onto, slices: vec![None; onto.slices], overlaps: 0 }
    }

    /// Gives each pixel of a slice the class that `class` tells, where it is not 0; later ones win.
    fn lay(&mut self, slice: usize, class: &mut dyn FnMut(usize) -> u8) -> Result<()> {
        let Some(place) = self.slices.get_mut(slice) else { return Ok(()) };
        let n = self.onto.width * self.onto.height;
        let mut values = match place.take() {
            Some(values) => values,
            None => zeroed::<u8>(n)?,
        };
        let mut any = false;
        for (i, value) in values.iter_mut().enumerate() {
            let class = class(i);
            if class != 0 {
                self.overlaps += usize::from(*value != 0 && *value != class);
                *value = class;
            }
            any |= *value != 0;
        }
        *place = any.then_some(values);
        Ok(())
    }

    fn placed(self, classes: Vec<MarkedClass>, mut notes: Vec<String>) -> Placed {
        if self.overlaps > 0 {
            notes.push(format!(
                "Classes of this file overlap in {} pixels; a pixel has one class here, and the later one stands.",
                self.overlaps
            ));
        }
        Placed { classes, slices: self.slices, notes }
    }
}

/// Where the pixels of a slice lie: its first pixel, the steps to the next column and row, and one upright on them of 1 mm.
fn plane_of(scan: &Scan, slice: usize) -> Option<Geometry> {
    let place = match &scan.geometry {
        Some(geometry) => Geometry { origin: geometry.at([0.0, 0.0, slice as f64]), ..*geometry },
        None => {
            // Slices at uneven distances have no common geometry, and places of their own.
            let frame = scan.source.as_ref()?.frames.get(slice)?;
            let (position, [along, down], spacing) = (frame.position?, frame.orientation?, scan.spacing?);
            let [width, height] = scan.turn.size([scan.width, scan.height]);
            let (x, y) = if scan.turn.transposed { (spacing.y, spacing.x) } else { (spacing.x, spacing.y) };
            let mut place =
                Geometry { origin: position, steps: [scaled(along, x), scaled(down, y), cross(along, down)] };
            if scan.turn.transposed {
                place = place.transposed();
            }
            let counts = if scan.turn.transposed { [height, width] } else { [width, height] };
            for ((axis, count), reversed) in counts.into_iter().enumerate().zip(scan.turn.reversed) {
                place = if reversed { place.reversed(axis, count) } else { place };
            }
            place
        }
    };
    let [along, down, _] = place.steps;
    Some(Geometry { origin: place.origin, steps: [along, down, place_normal(along, down)] })
}

fn place_normal(along: Vector, down: Vector) -> Vector {
    unit(cross(along, down))
}

/// Half the distance to the next slice, mm.
fn half_slice(scan: &Scan) -> f64 {
    let heights = |slice| {
        let plane = plane_of(scan, slice)?;
        Some(dot(plane.origin, plane.normal()))
    };
    let mut least = f64::MAX;
    for slice in 1..scan.slices {
        if let (Some(a), Some(b)) = (heights(slice - 1), heights(slice)) {
            least = least.min((a - b).abs());
        }
    }
    let told = scan.spacing.and_then(|s| s.z).unwrap_or(1.0);
    if least > 0.0 && least < f64::MAX { least / 2.0 } else { told / 2.0 }
}

/// Slices of a scan by the images that they came from.
struct Instances<'a>(BTreeMap<&'a str, Vec<(Option<u32>, usize)>>);

impl<'a> Instances<'a> {
    fn of(scan: &'a Scan) -> Self {
        let mut found: BTreeMap<&str, Vec<(Option<u32>, usize)>> = BTreeMap::new();
        for (slice, frame) in scan.source.iter().flat_map(|source| &source.frames).enumerate() {
            if !frame.instance.is_empty() {
                found.entry(&frame.instance).or_default().push((frame.number, slice));
            }
        }
        Self(found)
    }

    /// The slice that all of these are, if they are one.
    fn slice(&self, sources: &[(String, Option<u32>)]) -> Option<usize> {
        let mut found = None;
        for (instance, number) in sources {
            let Some(frames) = self.0.get(&**instance) else { continue };
            let fits =
                |frame: &&(Option<u32>, usize)| number.is_none() || frame.0.is_none() || frame.0 == *number;
            let mut fitting = frames.iter().filter(fits);
            let (Some((_, slice)), None) = (fitting.next(), fitting.next()) else { return None };
            if found.is_some_and(|before| before != *slice) {
                return None;
            }
            found = Some(*slice);
        }
        found
    }
}

/// What is told of labels that were drawn on other images, which lie in the same patient's coordinates.
///
/// # Errors
/// `labels.elsewhere` if the coordinates are known to be others.
fn of_other_images(scan: &Scan, series: &[String], frame_of_reference: &str) -> Result<Option<String>> {
    let Some(source) = &scan.source else { return Ok(None) };
    let other = !source.frame_of_reference.is_empty()
        && !frame_of_reference.is_empty()
        && source.frame_of_reference != frame_of_reference;
    if other {
        return Err(elsewhere(
            "They were drawn on other images, whose coordinates (Frame of Reference) are not those of this scan.",
        ));
    }
    let same = series.is_empty() || source.series.is_empty() || series.contains(&source.series);
    Ok((!same).then(|| {
        "These labels were drawn on another series of this patient; they are laid where they lie in the patient.".into()
    }))
}

fn elsewhere(why: &str) -> Error {
    Error::invalid("labels.elsewhere", format!("These labels do not belong to this image. {why}"))
}

/// The note of a grid that is not the scan's.
const OTHER_GRID: &str = "These labels have other pixels than this image (size or place), so that each pixel has the class of the nearest one.";
