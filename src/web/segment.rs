//! From a scan to its mask.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Uint8Array};
use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::arguments::{probability, whole};
use super::cache::Key;
use super::engine::Engine;
use super::failure::Thrown;
use super::helping::Helpers;
use super::pause::pause;
use super::ready::Ready;
use super::records::{OnProgress, bytes, give};
use crate::device::Kind;
use crate::error::{Error, Result};
use crate::export::{Category, class_png};
use crate::infer::{Forward, Prediction, largest_tile, segment_together};
use crate::results::category;
use crate::scan::Pixels;
use crate::weights::Model;

#[wasm_bindgen]
impl Engine {
    /// Segments one slice.
    ///
    /// `threshold`: `undefined` takes the model's. `tile`: pixels a side, 0 chooses. `head`: for a network
    /// with several, U-Net++, where to stop, from 1 on; 0 is the last. `onProgress(done, total)` is called after other tasks of the worker had their turn: before the
    /// first tile, after each convolution (with the same numbers) and after each tile; `false` cancels. The probabilities of
    /// the last slices are kept: another threshold needs no new inference. On the CPU `helpers` compute with us. `onFirst` is given a mask
    /// that a model which averages over flips makes of the first of them, before the others are computed. `along`: a slice of what
    /// `segmentPlane` made of all planes in that orientation, without inference; `volume.none` if that is not held.
    #[allow(clippy::too_many_arguments)] // what crosses is flat
    pub async fn segment(
        &self,
        id: f64,
        slice: f64,
        threshold: Option<f64>,
        tile: f64,
        head: f64,
        #[wasm_bindgen(js_name = onProgress)] on_progress: Option<OnProgress>,
        helpers: Option<Helpers>,
        #[wasm_bindgen(js_name = onFirst)] on_first: Option<OnFirst>,
        along: Option<String>,
    ) -> Result<Ts<MaskRecord>, Thrown> {
        let started = now();
        let threshold = match threshold {
            Some(value) => probability(value, "threshold")?,
            None => self.loaded()?.card.threshold,
        };
        let tile = whole(tile, "tile")?;
        let with = With {
            on_progress: on_progress.as_ref(),
            helpers: helpers.filter(|_| self.chosen.kind == Kind::Cpu),
            rims: false,
            first: &|prediction| {
                let Some(call) = &on_first else { return };
                if let Ok(mask) = give(&MaskRecord::new(prediction, threshold, false, started)) {
                    // A mask that cannot be shown is no reason to stop.
                    let _ = call.call1(&JsValue::NULL, mask.js_value().as_ref());
                }
            },
        };
        let (prediction, cached) = self.prediction(id, slice, tile, head, along, with).await?;
        Ok(give(&MaskRecord::new(&prediction, threshold, cached, started))?)
    }

    /// Pixels of each class 1.. in a mask.
    #[wasm_bindgen(unchecked_return_type = "number[]")]
    pub fn areas(&self, labels: &[u8], classes: f64) -> Result<Array, Thrown> {
        let classes = whole(classes, "number of classes")?.min(255);
        let mut counts = [0u32; 256];
        for label in labels {
            counts[usize::from(*label)] += 1;
        }
        Ok(counts.iter().skip(1).take(classes).map(|n| JsValue::from_f64(f64::from(*n))).collect())
    }

    /// A mask as an 8-bit PNG of class indices, with a palette and the names of the classes of the loaded model.
    #[wasm_bindgen(js_name = maskPng, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn mask_png(&self, labels: &[u8], width: f64, height: f64) -> Result<Uint8Array, Thrown> {
        let classes =
            self.model.borrow().as_ref().map(|model| model.card.classes.clone()).unwrap_or_default();
        let categories: Vec<Category> = classes.iter().map(category).collect();
        Ok(bytes(&class_png(labels, whole(width, "width")?, whole(height, "height")?, &categories)?))
    }
}

impl Engine {
    /// Pixels a side of the tiles for a model, at most.
    pub(super) fn tile_for(&self, model: &Model) -> usize {
        largest_tile(&self.chosen, &model.card.network)
    }

    /// What the model says of a slice, and whether that was kept from an earlier call. `tile` 0 chooses,
    /// `head` 0 is the last, which is the whole network; others are counted from 1. `along` as in `segment`.
    ///
    /// # Errors
    /// `model.none`, `scan.closed`, `scan.slice`, `volume.none`, `argument`; as [`segment_together`].
    pub(super) async fn prediction(
        &self,
        id: f64,
        slice: f64,
        tile: usize,
        head: f64,
        along: Option<String>,
        with: With<'_>,
    ) -> Result<(Rc<Prediction>, bool)> {
        if let Some(along) = along {
            return Ok((self.of_volume(id, slice, &along, head)?, true));
        }
        let (model, scan) = (self.loaded()?, self.scan(id)?);
        let slice = whole(slice, "slice")?;
        let head = head_of(&model, whole(head, "output")?)?;
        let key = Key { model: self.models.get(), scan: whole(id, "scan")? as u32, slice, head };
        let large = scan.width * scan.height > MAX_WITH_RIMS;
        let rims = with.rims || !large;
        let kept = self.cache.borrow_mut().get(key);
        let enough = |kept: &Rc<Prediction>| kept.boundary.is_some() || !rims || !model.card.has_boundary();
        if let Some(prediction) = kept.filter(enough) {
            return Ok((prediction, true));
        }
        let result = self.seen(&model, &scan.for_network(slice)?, tile, head, With { rims, ..with }).await;
        if large {
            // What follows is as large as the image, and finds room where the feature maps were.
            insitu_kernels::cpu::forget();
        }
        let found = Rc::new(result?);
        // The scan may have been closed, or the model replaced, meanwhile.
        if key.model == self.models.get() && self.scans.borrow().contains_key(&key.scan) {
            self.cache.borrow_mut().put(key, found.clone());
        }
        Ok((found, false))
    }

    /// What the model says of pixels. `tile` 0 chooses; heads are counted from 1.
    ///
    /// # Errors
    /// As [`segment_together`].
    pub(super) async fn seen(
        &self,
        model: &Rc<Ready>,
        pixels: &dyn Pixels,
        tile: usize,
        head: usize,
        with: With<'_>,
    ) -> Result<Prediction> {
        let tile = if tile == 0 { self.tile_for(model) } else { tile };
        let progress = async |done, total| self.goes_on(with.on_progress, done, total).await;
        let others = with.helpers.map(|helpers| helpers.all(self.models.get())).unwrap_or_default();
        let head = Some(head - 1);
        let forward = Forward::prepared(model, head, model.compiled(head)?);
        let result = segment_together(&forward, pixels, tile, with.rims, &others, with.first, progress).await;
        // What a failing device made the loop say matters less than that it failed.
        self.chosen.check()?;
        result
    }

    /// Lets other tasks run, tells the progress, and says whether to go on.
    pub(super) async fn goes_on(&self, on_progress: Option<&OnProgress>, done: usize, total: usize) -> bool {
        pause().await;
        if self.chosen.check().is_err() {
            return false;
        }
        let Some(call) = on_progress else {
            return true;
        };
        // A callback that throws wants no more of this.
        call.call2(&JsValue::NULL, &JsValue::from(done as f64), &JsValue::from(total as f64))
            .is_ok_and(|answer| answer != JsValue::FALSE)
    }
}

/// Pixels of an image up to which the probability of rims is kept unasked: with it, objects need no further inference.
pub(super) const MAX_WITH_RIMS: usize = 1 << 22;

/// What a segmentation is accompanied by.
pub(super) struct With<'a> {
    pub on_progress: Option<&'a OnProgress>,
    pub helpers: Option<Helpers>,
    /// Whether the probability of rims is asked for.
    pub rims: bool,
    /// Hears what the first of several rounds says.
    pub first: &'a dyn Fn(&Prediction),
}

impl<'a> With<'a> {
    /// Nobody helps, only the progress is told, and all is asked for.
    pub fn progress(on_progress: Option<&'a OnProgress>) -> Self {
        Self { on_progress, helpers: None, rims: true, first: &|_| {} }
    }
}

#[wasm_bindgen(typescript_custom_section)]
const FUNCTIONS: &str = "
/** Given a mask that will still be refined. */
export type OnFirst = (mask: MaskRecord) => void;
";

#[wasm_bindgen]
extern "C" {
    /// A JavaScript function that is given a mask.
    #[derive(Clone, Debug)]
    #[wasm_bindgen(typescript_type = "OnFirst", extends = js_sys::Function)]
    pub type OnFirst;
}

/// What the model says of a slice.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct MaskRecord {
    width: usize,
    height: usize,
    /// Class of each pixel, row by row; 0 is the background.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array<ArrayBuffer>")]
    labels: Uint8Array,
    /// `[class - 1][row][column]`
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array<ArrayBuffer>")]
    probability: Float32Array,
    /// Number of classes beside the background.
    classes: usize,
    /// Whether the network's answer was still there from an earlier call.
    cached: bool,
    milliseconds: f64,
}

impl MaskRecord {
    pub(super) fn new(prediction: &Prediction, threshold: f32, cached: bool, started: f64) -> Self {
        Self {
            width: prediction.width,
            height: prediction.height,
            labels: bytes(&prediction.labels(threshold)),
            probability: Float32Array::from(prediction.probability.as_slice()),
            classes: prediction.classes,
            cached,
            milliseconds: now() - started,
        }
    }
}

/// Milliseconds on the browser's clock.
pub(super) fn now() -> f64 {
    js_sys::Date::now()
}

/// The head that is meant, counted from 1; 0 is the last.
///
/// # Errors
/// `net.head`.
pub(super) fn head_of(model: &Model, wanted: usize) -> Result<usize> {
    match (wanted, model.net.graph().heads.len()) {
        (0, heads) => Ok(heads),
        (head, heads) if head <= heads => Ok(head),
        (head, heads) => {
            Err(Error::invalid("net.head", format!("This network has no output {head}; it has {heads}.")))
        }
    }
}
