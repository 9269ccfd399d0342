//! The tools that paint on one slice.

use js_sys::{Float32Array, Float64Array, Uint8Array};
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;

use super::outcome::{Outcome, Piece, piece};
use super::{Painter, class, number};
use crate::error::{Error, Result};
use crate::label::{
    Area, Changes, Dab, Ink, Over, Painting, Point, Rect, Region, Suggestion, UNLABELLED, flood, wand,
};
use crate::web::arguments::{filled, finite, probability, whole};
use crate::web::failure::Thrown;
use crate::web::records::give;

#[wasm_bindgen]
impl Painter {
    /// Paints under a brush that moved from (`x0`, `y0`) to (`x1`, `y1`). Gives the piece that changed, if any did.
    #[allow(clippy::too_many_arguments)]
    pub fn brush(
        &self,
        doc: f64,
        slice: f64,
        x0: f64,
        y0: f64,
        radius0: f64,
        x1: f64,
        y1: f64,
        radius1: f64,
        value: f64,
    ) -> Result<Option<Ts<Piece>>, Thrown> {
        let (doc, slice, ink) = (number(doc)?, whole(slice, "slice")?, Ink::new(class(value)?));
        let from = Dab { x: x0, y: y0, radius: radius0 };
        let to = Dab { x: x1, y: y1, radius: radius1 };
        let mut all = self.documents.borrow_mut();
        let changes = all.paint(doc, |painting| Ok(areas(slice, painting.brush(slice, from, to, ink)?)))?;
        match changes.areas.first() {
            Some((_, area)) => Ok(Some(give(&piece(&all, doc, slice, area.rect)?)?)),
            None => Ok(None),
        }
    }

    /// Fills a closed outline (x0, y0, x1, y1, ...; even-odd). This and the tools below are commands of their own.
    pub fn polygon(
        &self,
        doc: f64,
        slice: f64,
        points: Float64Array,
        value: f64,
    ) -> Result<Ts<Outcome>, Thrown> {
        let ink = Ink::new(class(value)?);
        self.on_slice(doc, slice, |painting, slice| {
            let region = region(Some(points), painting.map().bounds())?;
            painting.fill(slice, &region, ink)
        })
    }

    /// Fills what is connected with (x, y): neighbours whose values are within `tolerance` (a part, 0 to 1, of the slice's range) of
    /// that at (x, y).
    pub fn flood(
        &self,
        doc: f64,
        slice: f64,
        x: f64,
        y: f64,
        tolerance: f64,
        value: f64,
    ) -> Result<Ts<Outcome>, Thrown> {
        let (part, ink) = (probability(tolerance, "tolerance")?, Ink::new(class(value)?));
        self.grow(doc, slice, x, y, |grey, seed, bounds| {
            Ok((flood(&grey.image, seed, part * grey.range, bounds)?, ink))
        })
    }

    /// Fills everything in `place` (a closed outline; nothing: the whole slice) whose grey value is within `tolerance` of that at
    /// (x, y).
    #[allow(clippy::too_many_arguments)]
    pub fn wand(
        &self,
        doc: f64,
        slice: f64,
        x: f64,
        y: f64,
        tolerance: f64,
        place: Option<Float64Array>,
        value: f64,
    ) -> Result<Ts<Outcome>, Thrown> {
        let (part, ink) = (probability(tolerance, "tolerance")?, Ink::new(class(value)?));
        self.grow(doc, slice, x, y, |grey, (column, row), bounds| {
            let place = region(place, bounds)?;
            let like = grey.image.plane(0).get(row * bounds.width + column).copied().unwrap_or(f32::NAN);
            if !like.is_finite() {
                return Ok((Region::of(Rect::new(0, 0, 0, 0)), ink));
            }
            let reach = part * grey.range;
            let alike = wand(&grey.image, like - reach..=like + reach, place.rect().clipped(&bounds))?;
            Ok((alike.met(&place), ink))
        })
    }

    /// Smooths the outlines of all classes in `place`.
    pub fn smooth(
        &self,
        doc: f64,
        slice: f64,
        place: Option<Float64Array>,
        radius: f64,
    ) -> Result<Ts<Outcome>, Thrown> {
        let radius = finite(radius, "radius")?.round().max(0.0) as usize;
        self.on_slice(doc, slice, |painting, slice| {
            let region = region(place, painting.map().bounds())?;
            painting.smooth(slice, &region, radius)
        })
    }

    /// Takes the labels in `place` away.
    pub fn clear(&self, doc: f64, slice: f64, place: Option<Float64Array>) -> Result<Ts<Outcome>, Thrown> {
        self.on_slice(doc, slice, |painting, slice| {
            let region = region(place, painting.map().bounds())?;
            painting.clear(slice, &region)
        })
    }

    /// Takes the prediction over as label where its probability is at least `sure` (of what was predicted, background too).
    /// `labels`: a class for each pixel; `probabilities`: `[class - 1][row][column]`.
    #[allow(clippy::too_many_arguments)]
    pub fn accept(
        &self,
        doc: f64,
        slice: f64,
        place: Option<Float64Array>,
        labels: Uint8Array,
        probabilities: Float32Array,
        classes: f64,
        sure: f64,
    ) -> Result<Ts<Outcome>, Thrown> {
        let (classes, at_least) = (whole(classes, "number of classes")?, probability(sure, "probability")?);
        let all = self.documents.borrow();
        let bounds = all.map(number(doc)?)?.bounds();
        drop(all);
        filled(labels.length() as usize, &[bounds.width, bounds.height], "labels of the prediction")?;
        let sides = [classes, bounds.width, bounds.height];
        filled(probabilities.length() as usize, &sides, "probabilities of the prediction")?;
        let labels = labels.to_vec();
        let confidence = certainty(&labels, &probabilities.to_vec(), classes);
        self.on_slice(doc, slice, |painting, slice| {
            let region = region(place, bounds)?;
            let mask = Suggestion { classes: &labels, confidence: Some(&confidence), at_least };
            painting.accept(slice, &region, &mask, Over::Everything)
        })
    }

    /// What is not labelled becomes `value`.
    #[wasm_bindgen(js_name = fillRest)]
    pub fn fill_rest(&self, doc: f64, slice: f64, value: f64) -> Result<Ts<Outcome>, Thrown> {
        let ink = Ink { value: class(value)?, over: Over::NOTHING };
        self.on_slice(doc, slice, |painting, slice| {
            painting.fill(slice, &Region::of(painting.map().bounds()), ink)
        })
    }
}

impl Painter {
    /// Work on one slice.
    fn on_slice(
        &self,
        doc: f64,
        slice: f64,
        work: impl FnOnce(&mut Painting, usize) -> Result<Option<Rect>>,
    ) -> Result<Ts<Outcome>, Thrown> {
        let (doc, slice) = (number(doc)?, whole(slice, "slice")?);
        self.change(|all| -> Result<Changes> {
            all.paint(doc, |painting| Ok(areas(slice, work(painting, slice)?)))
        })
    }

    /// Fills what grows from a pixel by the grey values of its slice.
    fn grow(
        &self,
        doc: f64,
        slice: f64,
        x: f64,
        y: f64,
        reach: impl FnOnce(&super::Grey, (usize, usize), Rect) -> Result<(Region, Ink)>,
    ) -> Result<Ts<Outcome>, Thrown> {
        let (document, at) = (number(doc)?, whole(slice, "slice")?);
        let bounds = self.documents.borrow().map(document)?.bounds();
        let seed = self.pixel(bounds, x, y)?;
        let grey = self.grey.borrow();
        let grey =
            grey.as_ref().filter(|grey| (grey.document, grey.slice) == (document, at)).ok_or_else(|| {
                Error::invalid(
                    "label.grey",
                    "This tool needs the values of the image, which are not there yet; try again.",
                )
            })?;
        let (region, ink) = reach(grey, seed, bounds)?;
        self.on_slice(doc, slice, |painting, slice| painting.fill(slice, &region, ink))
    }
}

fn areas(slice: usize, rect: Option<Rect>) -> Vec<Area> {
    rect.map(|rect| Area { slice, rect }).into_iter().collect()
}

/// The inside of an outline (x0, y0, x1, y1, ...), or all of a slice.
fn region(place: Option<Float64Array>, bounds: Rect) -> Result<Region> {
    let Some(place) = place else { return Ok(Region::of(bounds)) };
    if place.length() as usize > 2 * Region::MAX_CORNERS || place.length() % 2 == 1 {
        return Err(Error::invalid("label.polygon", "An outline needs two numbers for each corner."));
    }
    let points = place.to_vec();
    let corners: Vec<Point> = points.chunks_exact(2).map(|p| Point { x: p[0], y: p[1] }).collect();
    Region::polygon(&corners, bounds)
}

/// How probable the label of each pixel is. The background has what all classes leave.
fn certainty(labels: &[u8], probabilities: &[f32], classes: usize) -> Vec<f32> {
    let n = labels.len();
    let of = |class: usize, i: usize| probabilities.get(class * n + i).copied().unwrap_or(0.0);
    let sure = |(i, label): (usize, &u8)| match *label {
        0 => 1.0 - (0..classes).map(|class| of(class, i)).sum::<f32>().min(1.0),
        UNLABELLED => 0.0,
        label => of(usize::from(label) - 1, i),
    };
    labels.iter().enumerate().map(sure).collect()
}
