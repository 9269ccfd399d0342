//! A training of the page as bytes, and from bytes: over a reload, a crash and a lost GPU.

use js_sys::{Array, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::arguments::whole;
use super::engine::Engine;
use super::failure::Thrown;
use super::records::{bytes, from_js, to_js};
use super::training::{Begun, Lecture, fingerprint, no_training, prepared};
use crate::error::{Error, Result};
use crate::train::{Checkpoint, HeldOut, counted, hold_out};
use crate::weights::{Curve, Model, Precision, Training};

/// What stands in the checkpoint besides the training itself.
#[derive(Serialize, Deserialize)]
struct Note {
    history: Training,
    curve: Curve,
    fingerprint: String,
    /// The page's own: its curve.
    page: String,
}

/// What may differ from the training that was kept.
#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
struct Changes {
    steps: Option<usize>,
    learning_rate: Option<f64>,
    batch: Option<usize>,
    patch: Option<usize>,
    /// Half of the batch, or of the patch: the device ran out of memory.
    halved: bool,
}

/// What was made of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Restored {
    #[serde(flatten)]
    begun: Begun,
    /// Steps that were done.
    done: usize,
    /// What `trainState` was given.
    note: String,
    /// Whether the samples are those of before, so that the same steps follow.
    same: bool,
}

#[wasm_bindgen]
impl Engine {
    /// The training under way as bytes: weights, optimiser, running statistics, best network and scores, settings and the
    /// number of the step, from which everything random follows. `note` is kept along.
    #[wasm_bindgen(js_name = trainState)]
    pub async fn train_state(&self, note: String) -> Result<Uint8Array, Thrown> {
        let lecture = self.taken()?;
        let note = Note {
            history: lecture.history.clone(),
            curve: lecture.curve.clone(),
            fingerprint: lecture.fingerprint.clone(),
            page: note,
        };
        let state = match serde_json::to_value(&note) {
            Ok(note) => lecture.session.checkpoint(&note).await,
            Err(e) => Err(unread().with_source(e)),
        };
        self.put_back(lecture);
        // That the device failed says more than that it could not be read.
        self.chosen.check()?;
        Ok(bytes(&state?))
    }

    /// Goes on with a training that was kept, in the place of one that is under way. `samples` as in `trainBegin`; with
    /// the same ones, and without `changes`, the same steps follow as without the break. `changes`: `{ steps?,
    /// learningRate?, batch?, patch?, halved? }`. Gives what `trainBegin` gives, and `{ done, note, same }`.
    #[wasm_bindgen(js_name = trainRestore)]
    pub async fn train_restore(
        &self,
        state: Vec<u8>,
        samples: Array,
        changes: JsValue,
    ) -> Result<JsValue, Thrown> {
        let changes = match changes.is_undefined() || changes.is_null() {
            true => Changes::default(),
            false => from_js(changes, "settings of the training")?,
        };
        let checkpoint = Checkpoint::from_bytes(&state)?;
        drop(state);
        let note = Note::deserialize(&checkpoint.note).map_err(|e| unread().with_source(e))?;
        let samples = prepared(self.labelled(&samples)?, &checkpoint.card)?;
        if samples.is_empty() {
            return Err(Error::invalid("train.empty", "There is no labelled image to learn from.").into());
        }
        let found = fingerprint(&samples);
        let mut settings = checkpoint.settings.clone();
        settings.steps = changes.steps.unwrap_or(settings.steps).max(1);
        settings.learning_rate = changes.learning_rate.unwrap_or(settings.learning_rate);
        settings.batch = changes.batch.unwrap_or(settings.batch).clamp(1, 64);
        settings.patch = changes.patch.unwrap_or(settings.patch).clamp(1, 1024);
        if changes.halved {
            settings.halve(&checkpoint.card)?;
        }
        let HeldOut { training, validation, held } = hold_out(samples, settings.seed)?;
        let pixels = counted(&training, checkpoint.card.classes.len());
        let restored = Restored {
            begun: Begun::of(&settings, &checkpoint.card, held, pixels),
            done: checkpoint.done,
            note: note.page,
            same: found == note.fingerprint,
        };
        let session = checkpoint.resume(settings, training, validation, &self.chosen.device)?;
        self.chosen.check()?;
        self.lecture.replace(Some(Lecture::new(session, held, note.history, note.curve, found)));
        Ok(to_js(&restored)?)
    }

    /// The weights of the point that was kept at `step`, in 16 bits: a model file.
    #[wasm_bindgen(js_name = trainPoint)]
    pub async fn train_point(&self, step: f64) -> Result<Uint8Array, Thrown> {
        let step = whole(step, "step")?;
        let model = {
            let cell = self.lecture.borrow();
            let lecture = cell.as_ref().ok_or_else(no_training)?;
            let point = lecture.kept.get(&step).ok_or_else(no_point)?;
            lecture.session.model_at(point)
        };
        let file = model.to_bytes(Precision::Half).await;
        self.chosen.check()?;
        Ok(bytes(&file?))
    }

    /// Takes a point of `trainPoint` back, as one to go back to. It has no optimiser: the steps after it are taken with a
    /// fresh one, and so are not those of before.
    #[wasm_bindgen(js_name = trainAddPoint)]
    pub fn train_add_point(&self, step: f64, file: Vec<u8>) -> Result<(), Thrown> {
        let step = whole(step, "step")?;
        let model = Model::from_bytes(&file, &self.chosen.device)?;
        self.chosen.check()?;
        let mut cell = self.lecture.borrow_mut();
        let lecture = cell.as_mut().ok_or_else(no_training)?;
        if step > lecture.session.done() {
            return Err(Error::invalid("train.point", "This point lies after the last step.").into());
        }
        let point = lecture.session.point(step, model)?;
        // One with its optimiser is worth more.
        lecture.kept.entry(step).or_insert(point);
        Ok(())
    }
}

fn no_point() -> Error {
    Error::invalid("train.point", "No point of the training was kept at this step.")
}

fn unread() -> Error {
    Error::invalid("train.checkpoint", "This is not the state of a training of the page, or it is damaged.")
}
