//! How well a mask agrees with what a person says is right.

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::{probability, whole};
use super::engine::Engine;
use super::failure::Thrown;
use super::records::{OnProgress, bytes, give, take};
use super::segment::With;
use crate::results::{Meaning, Metric, Scores, Truth, confusion, difference};

/// A label image, looked at.
#[derive(Serialize, Tsify)]
pub struct TruthRecord {
    width: usize,
    height: usize,
    /// As it looks by itself.
    meaning: Meaning,
}

/// A label image to be compared with.
#[derive(Deserialize, Tsify)]
pub struct TruthGiven {
    name: String,
    /// The file.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array")]
    bytes: Uint8Array,
    meaning: Meaning,
}

/// Scores of a slice; `null` where there is nothing to score.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct ScoresRecord {
    dice: Option<f64>,
    iou: Option<f64>,
    precision: Option<f64>,
    recall: Option<f64>,
    pixel_error: Option<f64>,
    /// Average precision of objects at IoU 0.5.
    ap50: Option<f64>,
    /// Those that the model's card names, and what fits the labels.
    more: Vec<NamedScore>,
    /// Pixels by their class in the labels (rows) and in the mask (columns), background first.
    confusion: Vec<Vec<u64>>,
    width: usize,
    height: usize,
    /// Of each pixel: 1 both say the same class, 2 missed, 3 too much (or another class), 0 background of both, or not labelled.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array<ArrayBuffer>")]
    difference: Uint8Array,
}

/// A score that not every evaluation has.
#[derive(Serialize, Tsify)]
pub struct NamedScore {
    name: &'static str,
    value: f64,
}

#[wasm_bindgen]
impl Engine {
    /// What a label file holds.
    #[wasm_bindgen(js_name = readTruth)]
    pub fn read_truth(&self, bytes: Vec<u8>, name: String) -> Result<Ts<TruthRecord>, Thrown> {
        let truth = Truth::read(&bytes, &name)?;
        let (width, height) = truth.size();
        Ok(give(&TruthRecord { width, height, meaning: truth.meaning()? })?)
    }

    /// The scores of a slice's mask: the same as `insitu eval` gives. `threshold`, `head`, `onProgress` and `along` as in `segment`.
    #[allow(clippy::too_many_arguments)] // what crosses is flat
    pub async fn score(
        &self,
        id: f64,
        slice: f64,
        threshold: Option<f64>,
        head: f64,
        truth: Ts<TruthGiven>,
        #[wasm_bindgen(js_name = onProgress)] on_progress: Option<OnProgress>,
        along: Option<String>,
    ) -> Result<Ts<ScoresRecord>, Thrown> {
        let model = self.loaded()?;
        let given = take(&truth, "labels")?;
        let threshold = match threshold {
            Some(value) => probability(value, "threshold")?,
            None => model.card.threshold,
        };
        let truth = Truth::read(&given.bytes.to_vec(), &given.name)?;
        let (scan, size) = (self.scan(id)?, truth.size());
        // Before an inference that would be for nothing.
        Scores::same_size((scan.width, scan.height), size)?;
        whole(slice, "slice")?;
        let meaning = given.meaning;
        let labels = truth.labels(meaning)?;
        let (prediction, _) =
            self.prediction(id, slice, 0, head, along, With::progress(on_progress.as_ref())).await?;
        let mut besides = vec![Metric::BoundaryF1, Metric::Hausdorff95];
        besides.extend((meaning == Meaning::Objects).then_some(Metric::Ap));
        let asked = Metric::asked(&model.card.metrics, &besides);
        let scores = Scores::of(&prediction, &model.card, (&labels, size), meaning, threshold, &asked)?;
        let confusion = confusion(&prediction, &model.card, &labels, meaning, threshold);
        let difference = difference(&prediction, &labels, meaning, threshold);
        let Scores { dice, iou, precision, recall, pixel_error, ap50, more } = scores;
        let more =
            more.iter().map(|(metric, value)| NamedScore { name: metric.name(), value: *value }).collect();
        let (width, height) = size;
        let difference = bytes(&difference);
        Ok(give(&ScoresRecord {
            dice,
            iou,
            precision,
            recall,
            pixel_error,
            ap50,
            more,
            confusion,
            width,
            height,
            difference,
        })?)
    }
}
