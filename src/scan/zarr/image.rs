//! The levels of an image and their axes: which is read, and what its slices are. OME-NGFF 0.4 and 0.5, "multiscales" and "omero".

use serde_json::Value;

use super::array::Array;
use super::store::{Image, Store};
use super::{broken, quoted, unsupported};
use crate::error::{Error, Result};
use crate::scan::tiff::units::millimetres;
use crate::scan::{Limits, Planes, Spacing};

/// As OME-NGFF orders axes.
const AXES: [&str; 5] = ["t", "c", "z", "y", "x"];

/// The level that is read.
pub(super) struct Level {
    /// The folder of its array, with a slash behind.
    pub(super) path: String,
    pub(super) array: Array,
    /// Where the axes of [`AXES`] are among those of the array.
    pub(super) axes: [Option<usize>; 5],
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) planes: Planes,
    pub(super) spacing: Option<Spacing>,
    pub(super) notes: Vec<String>,
}

fn list<'a>(of: &'a Value, key: &str) -> &'a [Value] {
    of.get(key).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
}

fn text<'a>(of: &'a Value, key: &str) -> Option<&'a str> {
    of.get(key).and_then(Value::as_str)
}

impl Level {
    /// The largest level that fits.
    pub(super) fn choose(store: &Store, image: Image, limits: &Limits) -> Result<Self> {
        let Image { path: folder, attributes, mut notes } = image;
        let all = list(&attributes, "multiscales");
        let Some(multiscale) = all.first() else {
            let array = store.array(&folder)?.ok_or_else(|| broken("its array is not described"))?;
            let axes = axes_of(&Value::Null, &array)?;
            let level = Self::of(folder, array, axes, notes);
            level.fits(limits)?;
            return Ok(level);
        };
        if all.len() > 1 {
            notes.push(format!("The first of {} ways in which this image is stored was opened.", all.len()));
        }
        let levels = list(multiscale, "datasets");
        // The first, which is all of it, if it is too large.
        let mut full: Option<(String, Error)> = None;
        for (number, dataset) in levels.iter().enumerate() {
            let path = format!("{folder}{}/", text(dataset, "path").unwrap_or_default().trim_matches('/'));
            // One may be left out of a copy.
            let Some(array) = store.array(&path)? else { continue };
            let axes = axes_of(multiscale, &array)?;
            let mut level = Self::of(path, array, axes, Vec::new());
            let size = level.told();
            if let Err(error) = level.fits(limits) {
                full.get_or_insert((size, error));
                continue;
            }
            level.spacing = spacing(multiscale, dataset, &axes);
            level.planes.channels = channels(&attributes, level.planes.channels.len());
            if let Some((full, _)) = full {
                notes.push(format!(
                    "Of this image's {} levels number {} was opened, {size}; all of it is {full}, too large to be opened.",
                    levels.len(),
                    number + 1
                ));
            } else if number > 0 {
                notes.push(format!(
                    "Level {} of {} was opened, {size}: larger ones are not in this folder.",
                    number + 1,
                    levels.len()
                ));
            }
            level.notes = notes;
            return Ok(level);
        }
        Err(full.map_or_else(
            || broken("the arrays of its image are not there. Drop the whole folder, hidden files included"),
            |(_, error)| error,
        ))
    }

    fn of(path: String, array: Array, axes: [Option<usize>; 5], notes: Vec<String>) -> Self {
        let size = |axis: Option<usize>| axis.and_then(|axis| array.shape.get(axis)).copied().unwrap_or(1);
        let [times, count, depths, height, width] = axes.map(size);
        // A limit follows; names are made only then.
        let planes = Planes { channels: vec![String::new(); count.min(MOST_CHANNELS)], depths, times };
        Self { path, axes, width, height, planes, spacing: None, notes, array }
    }

    fn fits(&self, limits: &Limits) -> Result<()> {
        let Self { width, height, planes, array, .. } = self;
        let count = self.axes[1].and_then(|axis| array.shape.get(axis)).copied().unwrap_or(1);
        if count > MOST_CHANNELS {
            return Err(unsupported(&format!("has an image of {count} channels")));
        }
        let slices = planes.depths.checked_mul(planes.times).and_then(|n| n.checked_mul(count));
        limits.check(*width, *height, slices.unwrap_or(usize::MAX), 1, array.sample.bytes())?;
        let chunk = array.chunks.iter().try_fold(array.bytes() as u64, |n, size| n.checked_mul(*size as u64));
        limits.check_bytes(chunk.unwrap_or(u64::MAX))
    }

    /// Its size, for people.
    fn told(&self) -> String {
        let depth = if self.planes.depths > 1 { format!(" x {}", self.planes.depths) } else { String::new() };
        format!("{} x {}{depth} pixels", self.width, self.height)
    }
}

/// Channels of one image.
const MOST_CHANNELS: usize = 4096;

/// Where the axes are among those of the array: by their names; of an image before OME-NGFF 0.3 and of an array that does not say them
/// the last of time, channel, depth, row, column.
fn axes_of(multiscale: &Value, array: &Array) -> Result<[Option<usize>; 5]> {
    let rank = array.shape.len();
    let said: Vec<String> = list(multiscale, "axes")
        .iter()
        .map(|axis| axis.as_str().or_else(|| text(axis, "name")).unwrap_or_default().to_lowercase())
        .collect();
    let own = || array.axes.clone().filter(|own| own.iter().all(|name| AXES.contains(&name.as_str())));
    let usual = || AXES.iter().skip(AXES.len() - rank).map(|name| name.to_string()).collect();
    let names = if said.is_empty() { own().unwrap_or_else(usual) } else { said };
    if names.len() != rank {
        return Err(broken("its axes are not as many as those of its array"));
    }
    for (name, size) in names.iter().zip(&array.shape) {
        if !AXES.contains(&name.as_str()) && *size > 1 {
            return Err(unsupported(&format!(
                "has an axis {} that is not time, channel or space",
                quoted(name)
            )));
        }
    }
    let axes = AXES.map(|axis| names.iter().position(|name| name == axis));
    let twice = axes.iter().zip(AXES).any(|(_, axis)| names.iter().filter(|name| *name == axis).count() > 1);
    let [.., y, x] = axes;
    if twice || y.is_none() || x.is_none() {
        return Err(broken("its axes do not say what is a row and what a column"));
    }
    Ok(axes)
}

/// Of the level and of all levels, in mm; none where an axis of a slice has no unit of length.
fn spacing(multiscale: &Value, dataset: &Value, axes: &[Option<usize>; 5]) -> Option<Spacing> {
    let units = list(multiscale, "axes");
    let step = |axis: Option<usize>| -> Option<f64> {
        let axis = axis?;
        let mut size = millimetres(text(units.get(axis)?, "unit")?)?;
        for transform in
            [dataset, multiscale].into_iter().flat_map(|of| list(of, "coordinateTransformations"))
        {
            if text(transform, "type") == Some("scale") {
                size *= list(transform, "scale").get(axis)?.as_f64()?;
            }
        }
        Some(size).filter(|size| size.is_finite() && *size > 0.0)
    };
    let [.., z, y, x] = *axes;
    Some(Spacing { x: step(x)?, y: step(y)?, z: step(z) })
}

/// Names of the channels, empty where there are none.
fn channels(attributes: &Value, count: usize) -> Vec<String> {
    let named = attributes.get("omero").map(|omero| list(omero, "channels")).unwrap_or_default();
    let name = |at: usize| named.get(at).and_then(|channel| text(channel, "label")).unwrap_or_default();
    (0..count).map(|at| name(at).chars().filter(|c| !c.is_control()).take(80).collect()).collect()
}
