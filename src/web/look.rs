//! What the network under training makes of a piece of a slice, to be seen while it learns.

use serde::Deserialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::{probability, whole};
use super::engine::Engine;
use super::failure::Thrown;
use super::records::{give, take};
use super::segment::{MaskRecord, now};
use super::training::no_training;
use crate::error::{Error, Result};
use crate::infer::{Options, Prediction, bright_view, segment_prepared};
use crate::scan::Image;
use crate::weights::FieldOfView;

/// Pixels around a piece that the network is shown with it: what it needs to see of the surroundings, about.
const MARGIN: usize = 48;

/// What is shown begins at a multiple of this, where pooling finds the same neighbours as in the whole slice.
const STEP: usize = 64;

/// A rectangle of a slice, pixels.
#[derive(Clone, Copy, Debug, Deserialize, Tsify)]
pub struct SlicePiece {
    x: f64,
    y: f64,
    width: f64,
    height: f64,
}

/// Columns and rows: where they begin, and how many there are.
#[derive(Clone, Copy)]
struct Rect {
    x: usize,
    y: usize,
    width: usize,
    height: usize,
}

impl SlicePiece {
    /// As whole pixels of an image.
    ///
    /// # Errors
    /// `argument` for what does not lie in the image, or is empty.
    fn within(self, width: usize, height: usize) -> Result<Rect> {
        let rect = Rect {
            x: whole(self.x, "column")?,
            y: whole(self.y, "row")?,
            width: whole(self.width, "width")?,
            height: whole(self.height, "height")?,
        };
        // Each is below 2^32, but on 32 bits their sum may be too large.
        let fits = |at: usize, length: usize, all: usize| {
            length > 0 && at.checked_add(length).is_some_and(|end| end <= all)
        };
        if fits(rect.x, rect.width, width) && fits(rect.y, rect.height, height) {
            return Ok(rect);
        }
        Err(Error::invalid("argument", "The piece must lie in the image."))
    }
}

impl Rect {
    /// With its surroundings, as far as there are any.
    fn surrounded(self, width: usize, height: usize) -> Self {
        let from = |at: usize| at.saturating_sub(MARGIN) / STEP * STEP;
        let (x, y) = (from(self.x), from(self.y));
        let right = (self.x + self.width + MARGIN).min(width);
        let bottom = (self.y + self.height + MARGIN).min(height);
        Self { x, y, width: right - x, height: bottom - y }
    }

    /// The same place in a plane that begins where `other` does.
    fn seen_from(self, other: Self) -> Self {
        Self { x: self.x - other.x, y: self.y - other.y, ..self }
    }

    /// Its values in planes of `width` x `height`.
    fn of<T: Copy>(self, planes: &[T], width: usize, height: usize) -> Vec<T> {
        let rows = |plane: &[T]| {
            let row = |y: usize| plane.iter().skip(y * width + self.x).take(self.width).copied();
            (self.y..self.y + self.height).flat_map(row).collect::<Vec<T>>()
        };
        planes.chunks_exact((width * height).max(1)).flat_map(rows).collect()
    }
}

#[wasm_bindgen]
impl Engine {
    /// What the network under training makes of a `piece` of a slice as it is now, without averaging over flips: for people who
    /// watch it learn, and nothing else. The network in use stays as it is. `threshold`: `undefined` takes the model's.
    #[wasm_bindgen(js_name = trainLook)]
    pub async fn train_look(
        &self,
        id: f64,
        slice: f64,
        threshold: Option<f64>,
        piece: Ts<SlicePiece>,
    ) -> Result<Ts<MaskRecord>, Thrown> {
        let started = now();
        let mut model = self.run.borrow().as_ref().ok_or_else(no_training)?.session().model();
        model.card.flips = false;
        let threshold = match threshold {
            Some(value) => probability(value, "threshold")?,
            None => model.card.threshold,
        };
        let piece: SlicePiece = take(&piece, "piece of an image")?;
        let image = self.scan(id)?.network_slice(whole(slice, "slice")?)?;
        let (width, height) = (image.width, image.height);
        let piece = piece.within(width, height)?;
        let whole_image = Rect { x: 0, y: 0, width, height };
        let by_its_whole = model.card.input.long_side.is_some();
        let around = if by_its_whole { whole_image } else { piece.surrounded(width, height) };
        let view = model.card.field_of_view.map(|FieldOfView::Bright| bright_view(&image));
        let seen = [view, image.valued()].into_iter().flatten();
        let seen: Vec<Vec<bool>> = seen.map(|seen| piece.of(&seen, width, height)).collect();
        // Normalisation goes by the whole slice.
        let input = &model.card.input;
        let image = image.with_channels(input.channels)?.normalised(input.normalisation);
        let data = around.of(&image.data, width, height);
        let image = Image::new(around.width, around.height, image.channels, data)?;
        let image = input.resized(&image).unwrap_or(image);
        let options = Options { tile: self.tile_for(&model), head: None };
        let progress = async |done, total| self.goes_on(None, done, total).await;
        let found = segment_prepared(&model, &image, &options, progress).await;
        self.chosen.check()?;
        let found = found?;
        let found = found.resized([around.width, around.height]).unwrap_or(found);
        let own = piece.seen_from(around);
        let cut = |planes: &[f32]| own.of(planes, found.width, found.height);
        // A part of an image does not tell which of its pieces is the largest: it keeps them all.
        let mut cut = Prediction::plain(piece.width, piece.height, found.classes, cut(&found.probability));
        seen.iter().for_each(|seen| cut.keep_within(seen));
        Ok(give(&MaskRecord::new(&cut, threshold, false, started))?)
    }
}
