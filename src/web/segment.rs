//! From a scan to its mask.

use std::rc::Rc;

use js_sys::{Array, Float32Array, Function, Object, Uint8Array};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::arguments::{probability, whole};
use super::cache::Key;
use super::engine::Engine;
use super::failure::Thrown;
use super::pause::pause;
use super::records::{bytes, set};
use crate::error::Result;
use crate::export::mask_png;
use crate::infer::{Options, Prediction, segment};
use crate::weights::Model;

#[wasm_bindgen]
impl Engine {
    /// Segments one slice.
    ///
    /// `threshold`: `undefined` takes the model's. `tile`: pixels a side, 0 chooses. `onProgress(done, total)` is
    /// called after other tasks of the worker had their turn; `false` cancels. Gives
    /// `{ width, height, labels, probability, classes, milliseconds, cached }`.
    pub async fn segment(
        &self,
        id: f64,
        slice: f64,
        threshold: Option<f64>,
        tile: f64,
        on_progress: Option<Function>,
    ) -> Result<JsValue, Thrown> {
        let started = now();
        let (model, scan) = (self.loaded()?, self.scan(id)?);
        let (slice, tile) = (whole(slice, "slice")?, whole(tile, "tile")?);
        let threshold = match threshold {
            Some(value) => probability(value, "threshold")?,
            None => model.card.threshold,
        };
        let key = Key { model: self.models.get(), scan: whole(id, "scan")? as u32, slice };
        let kept = self.cache.borrow_mut().get(key);
        let (prediction, cached) = match kept {
            Some(prediction) => (prediction, true),
            None => {
                let image = scan.network_slice(slice)?;
                let tile = if tile == 0 { self.chosen.largest_tile(model.card.network.width) } else { tile };
                let found = self.predict(&model, image, tile, on_progress.as_ref()).await?;
                let found = Rc::new(found);
                // The scan may have been closed, or the model replaced, meanwhile.
                if key.model == self.models.get() && self.scans.borrow().contains_key(&key.scan) {
                    self.cache.borrow_mut().put(key, found.clone());
                }
                (found, false)
            }
        };
        let mask: JsValue = Object::new().into();
        set(&mask, "width", prediction.width as f64)?;
        set(&mask, "height", prediction.height as f64)?;
        set(&mask, "labels", bytes(&prediction.labels(threshold)))?;
        set(&mask, "probability", Float32Array::from(prediction.probability.as_slice()))?;
        set(&mask, "classes", prediction.classes as f64)?;
        set(&mask, "cached", cached)?;
        set(&mask, "milliseconds", now() - started)?;
        Ok(mask)
    }

    /// Pixels of each class 1.. in a mask.
    pub fn areas(&self, labels: &[u8], classes: f64) -> Result<Array, Thrown> {
        let classes = whole(classes, "number of classes")?.min(255);
        let mut counts = [0u32; 256];
        for label in labels {
            counts[usize::from(*label)] += 1;
        }
        Ok(counts.iter().skip(1).take(classes).map(|n| JsValue::from_f64(f64::from(*n))).collect())
    }

    /// A mask as an 8-bit PNG of class indices.
    #[wasm_bindgen(js_name = maskPng)]
    pub fn mask_png(&self, labels: &[u8], width: f64, height: f64) -> Result<Uint8Array, Thrown> {
        Ok(bytes(&mask_png(labels, whole(width, "width")?, whole(height, "height")?)?))
    }
}

impl Engine {
    async fn predict(
        &self,
        model: &Model,
        image: crate::scan::Image,
        tile: usize,
        on_progress: Option<&Function>,
    ) -> Result<Prediction> {
        let progress = async |done: usize, total: usize| {
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
        };
        let result = segment(model, image, &Options { tile, head: None }, progress).await;
        // What a failing device made the loop say matters less than that it failed.
        self.chosen.check()?;
        result
    }
}

/// Milliseconds on the browser's clock.
fn now() -> f64 {
    js_sys::Date::now()
}
