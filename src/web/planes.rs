//! Planes through volumes, as the page's small views show them, and what lies between painted slices.

use js_sys::{Array, Uint8Array, Uint8ClampedArray};
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::{finite, whole};
use super::channels::{TintRecord, checked, tinted};
use super::engine::Engine;
use super::failure::Thrown;
use super::records::{give, take};
use super::scans::SpacingRecord;
use crate::error::Result;
use crate::scan::channels::mixed;
use crate::scan::windowing::render;
use crate::scan::{Geometry, Window};
use crate::volume::{Convention, Plane, Projection, Stack, between};

/// A plane through a volume.
#[derive(Deserialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct PlaneRequest {
    /// The axis of the volume that stands upright on the plane: 0 columns, 1 rows, 2 slices.
    axis: usize,
    /// Along it.
    index: usize,
    /// Any slice of the channel and the time that are meant.
    slice: usize,
    /// In physical values.
    center: f64,
    width: f64,
    /// Whether dark and bright are exchanged.
    inverted: bool,
    /// Planes on either side that are seen through; 0: none.
    slab: usize,
    projection: Through,
    /// Whether the patient's left is at the left of the picture. Slices are shown as they are stored in any case.
    neurological: bool,
    /// Channels that are mixed, in the place of the one of `slice` and its window.
    #[tsify(optional)]
    mix: Option<Vec<TintRecord>>,
}

/// What a slab shows.
#[derive(Clone, Copy, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Through {
    Maximum,
    Minimum,
    Mean,
}

/// The picture of a plane.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct PlanePicture {
    width: usize,
    height: usize,
    /// RGBA.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8ClampedArray<ArrayBuffer>")]
    pixels: Uint8ClampedArray,
    /// mm between its columns and its rows; `null` when the file tells none.
    spacing: Option<SpacingRecord>,
    letters: Option<SidesRecord>,
    /// From left to right.
    across: AxisRecord,
    /// From top to bottom.
    down: AxisRecord,
}

/// What is at the sides: `R` right, `L` left, `A` front, `P` back, `S` head, `I` feet.
#[derive(Serialize, Tsify)]
pub struct SidesRecord {
    left: char,
    right: char,
    top: char,
    bottom: char,
}

/// An axis of the volume: 0 columns, 1 rows, 2 slices; and whether it runs from its last voxel to its first.
#[derive(Serialize, Tsify)]
pub struct AxisRecord {
    axis: usize,
    reversed: bool,
}

#[wasm_bindgen]
impl Engine {
    /// The picture of a plane through a volume.
    pub fn plane(&self, id: f64, request: Ts<PlaneRequest>) -> Result<Ts<PlanePicture>, Thrown> {
        let request: PlaneRequest = take(&request, "plane")?;
        let scan = self.scan(id)?;
        let window = Window {
            center: finite(request.center, "window's centre")?,
            width: finite(request.width, "window's width")?,
        };
        let (stack, _) = Stack::around(&scan, request.slice);
        let convention =
            if request.neurological { Convention::Neurological } else { Convention::Radiological };
        let plane = match &scan.geometry {
            Some(geometry) if request.axis < 2 => Plane::of(stack.size(), geometry, request.axis, convention),
            Some(geometry) => as_stored(stack.size(), geometry),
            None => {
                let spacing = scan.spacing.map(|s| [s.x, s.y, s.z.unwrap_or(s.x)]);
                let plane = Plane::stored(stack.size(), request.axis);
                Plane { spacing: spacing.map(|spacing| plane.axes.map(|axis| spacing[axis])), ..plane }
            }
        };
        let projection = match request.projection {
            Through::Maximum => Projection::Maximum,
            Through::Minimum => Projection::Minimum,
            Through::Mean => Projection::Mean,
        };
        let inverted = scan.inverted != request.inverted;
        let image = |slice: usize| {
            Stack::around(&scan, slice).0.slab(&plane, request.index, request.slab, projection)
        };
        let rgba = match &request.mix {
            None => render(&image(request.slice)?, window, inverted),
            Some(mix) => {
                let first = request.slice - request.slice % scan.planes.channels.len().max(1);
                let images: Vec<_> = checked(&scan, mix)?
                    .iter()
                    .map(|tint| image(first + tint.channel))
                    .collect::<Result<_>>()?;
                mixed(&tinted(mix, &images), plane.size, inverted)
            }
        };
        let [width, height] = plane.size;
        let side = |i: usize| AxisRecord { axis: plane.axes[i], reversed: plane.reversed[i] };
        Ok(give(&PlanePicture {
            width,
            height,
            pixels: Uint8ClampedArray::from(rgba.as_slice()),
            spacing: plane.spacing.map(|[x, y]| SpacingRecord { x, y, z: None }),
            letters: plane.letters.map(|[left, right, top, bottom]| SidesRecord { left, right, top, bottom }),
            across: side(0),
            down: side(1),
        })?)
    }

    /// The slices between two that were painted (Raya and Udupa 1990), `count` of them, evenly apart; 255 is "not labelled".
    #[wasm_bindgen(js_name = slicesBetween, unchecked_return_type = "Uint8Array[]")]
    pub fn slices_between(
        &self,
        id: f64,
        first: Vec<u8>,
        last: Vec<u8>,
        count: f64,
    ) -> Result<Array, Thrown> {
        let scan = self.scan(id)?;
        let spacing = scan.spacing.map_or([1.0; 2], |spacing| [spacing.x, spacing.y]);
        let count = whole(count, "number of slices")?.min(scan.slices);
        let planes = between(&first, &last, scan.width, spacing, count)?;
        Ok(planes.iter().map(|plane| Uint8Array::from(plane.as_slice())).collect())
    }
}

/// Slices as they are, with what is at their sides.
fn as_stored(size: [usize; 3], geometry: &Geometry) -> Plane {
    let [[left, right], [top, bottom]] = [geometry.letters(0), geometry.letters(1)];
    let [x, y, _] = geometry.spacing();
    Plane { letters: Some([left, right, top, bottom]), spacing: Some([x, y]), ..Plane::stored(size, 2) }
}
