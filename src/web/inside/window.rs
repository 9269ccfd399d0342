//! One pass per pixel, as before networks were fully convolutional, beside one pass over all: the same answer, other work.

use js_sys::Float32Array;
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::records::TileRecord;
use crate::error::Result;
use crate::infer::{Forward, SlidingWindow};
use crate::net::Summary;
use crate::scan::{Pixels, Prepared};
use crate::web::arguments::{finite, whole};
use crate::web::engine::Engine;
use crate::web::failure::Thrown;
use crate::web::records::{OnProgress, give};
use crate::web::segment::now;

/// Passes over the whole square that are timed: one takes less than the clock can tell.
const PASSES: usize = 5;

/// A square of a slice, answered by a window that slides over it and by one pass.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct SlidingWindowRecord {
    /// Where the square starts in the image as the network sees it, and how large it is, pixels.
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
    /// Size of the image as the network sees it.
    pub seen: TileRecord,
    /// What goes through the network for one pixel, and for the whole square.
    pub window: TileRecord,
    pub pass: TileRecord,
    /// Multiplications with an addition each, for one window and for the pass.
    pub window_multiply_adds: u64,
    pub pass_multiply_adds: u64,
    /// What all windows took, and what the pass took.
    pub window_milliseconds: f64,
    pub pass_milliseconds: f64,
    /// For the whole image: a window for each pixel, and the tiles of a segmentation.
    pub image_window_multiply_adds: f64,
    pub image_multiply_adds: f64,
    /// Probability of each pixel not to be background, `[row][column]`.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array<ArrayBuffer>")]
    pub by_window: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array<ArrayBuffer>")]
    pub at_once: Float32Array,
}

#[wasm_bindgen]
impl Engine {
    /// Answers the square of `side` pixels around the place `x`, `y` (0 to 1 over the image) of a slice pixel by pixel, each from a
    /// pass over the window that it depends on, and then in one pass. `onProgress(done, total)` counts pixels; `false` cancels.
    #[wasm_bindgen(js_name = slidingWindow)]
    pub async fn sliding_window(
        &self,
        id: f64,
        slice: f64,
        x: f64,
        y: f64,
        side: f64,
        #[wasm_bindgen(js_name = onProgress)] on_progress: Option<OnProgress>,
    ) -> Result<Ts<SlidingWindowRecord>, Thrown> {
        let (model, scan) = (self.loaded()?, self.scan(id)?);
        let pixels = scan.for_network(whole(slice, "slice")?)?;
        let (at, side) = ([finite(x, "x")?, finite(y, "y")?], whole(side, "side")?);
        let input = &model.card.input;
        let prepared = Prepared::new(&pixels, input.channels, input.normalisation)?;
        let resized = input.resized(&prepared);
        let image = resized.as_ref().map_or(&prepared as &dyn Pixels, |image| image);
        let forward = Forward::new(&model, None)?;
        let sliding = SlidingWindow::new(&forward, image, at, side)?;
        let [window, pass] = sliding.inputs();
        let progress = async |done, total| self.goes_on(on_progress.as_ref(), done, total).await;
        // The first pass of each size also prepares the device; it is not timed.
        let measured = async {
            sliding.at_once().await?;
            let started = now();
            for _ in 1..PASSES {
                sliding.at_once().await?;
            }
            let at_once = sliding.at_once().await?;
            let pass_milliseconds = (now() - started) / PASSES as f64;
            let started = now();
            let by_window = sliding.pixel_by_pixel(progress).await?;
            Ok((at_once, pass_milliseconds, by_window, now() - started))
        };
        let found: Result<_> = measured.await;
        // What a failing device made it say matters less than that it failed.
        self.chosen.check()?;
        let (at_once, pass_milliseconds, by_window, window_milliseconds) = found?;
        let work = |size| Summary::of(&model.card.network, size).multiply_adds;
        let plan = self.plan(&model, &scan);
        let [rows, columns] = sliding.square();
        Ok(give(&SlidingWindowRecord {
            x: columns.start,
            y: rows.start,
            width: columns.len(),
            height: rows.len(),
            seen: TileRecord::new([image.height(), image.width()]),
            window: TileRecord::new(window),
            pass: TileRecord::new(pass),
            window_multiply_adds: work(window),
            pass_multiply_adds: work(pass),
            window_milliseconds,
            pass_milliseconds,
            image_window_multiply_adds: work(window) as f64 * (image.width() * image.height()) as f64,
            image_multiply_adds: work(plan.tile) as f64 * plan.len() as f64,
            by_window: Float32Array::from(by_window.as_slice()),
            at_once: Float32Array::from(at_once.as_slice()),
        })?)
    }
}
