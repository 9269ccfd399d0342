//! A run as bytes, and from bytes: over a reload, a crash and a lost GPU.

use burn::tensor::Device;
use serde::{Deserialize, Serialize};

use super::checkpoint::Checkpoint;
use super::hold_out::{HeldOut, hold_out};
use super::request::{Request, counted};
use super::run::{Begun, Run, fingerprint, told};
use super::sample::Sample;
use super::settings::Settings;
use super::strokes::as_wanted;
use crate::error::{Error, Result};
use crate::weights::{Card, Curve, Model, Training};

/// What stands in the checkpoint besides the training itself.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Note {
    history: Option<Training>,
    curve: Curve,
    fingerprint: String,
    /// The door's own: the curve that the page shows.
    page: String,
    /// What the steps took so far, where the door measures it.
    seconds: f64,
}

/// What may differ from the training that was kept.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(rename = "TrainingChanges"))]
#[serde(rename_all = "camelCase", default)]
pub struct Changes {
    pub steps: Option<usize>,
    pub learning_rate: Option<f64>,
    pub batch: Option<usize>,
    /// Pixels a side of a patch.
    pub patch: Option<usize>,
    /// Half of the batch, or of the patch: the device ran out of memory.
    pub halved: bool,
}

/// What a training that was taken up is.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(rename = "TrainingRestored"))]
#[serde(rename_all = "camelCase")]
pub struct Restored {
    #[cfg_attr(target_arch = "wasm32", tsify(type = "TrainingBegun"))]
    pub begun: Begun,
    /// Steps that were done.
    pub done: usize,
    /// What [`Run::state`] was given.
    pub note: String,
    /// Whether the samples are those of before, so that the same steps follow.
    pub same: bool,
}

impl Run {
    /// The training as bytes, from which it goes on exactly; `note` is kept along, and the `seconds` that the steps took.
    ///
    /// # Errors
    /// Those of [`super::Session::checkpoint`].
    pub async fn state(&self, note: &str, seconds: f64) -> Result<Vec<u8>> {
        let note = Note {
            history: Some(self.history.clone()),
            curve: self.curve.clone(),
            fingerprint: self.fingerprint.clone(),
            page: note.into(),
            seconds,
        };
        let note = serde_json::to_value(&note).map_err(|e| unread().with_source(e))?;
        self.session.checkpoint(&note).await
    }

    /// Goes on with a training on labels made by hand that was kept. `samples` gives those that the card's network takes; with
    /// the same ones, and without changes, the same steps follow as without the break.
    ///
    /// # Errors
    /// `train.empty` without samples; `train.checkpoint`; those of [`Checkpoint::resume`].
    pub fn restore(
        state: &[u8],
        changes: &Changes,
        samples: impl FnOnce(&Card) -> Result<Vec<Sample>>,
        device: &Device,
    ) -> Result<(Self, Restored)> {
        let kept = Checkpoint::from_bytes(state)?;
        let samples = samples(&kept.card)?;
        if samples.is_empty() {
            return Err(Error::invalid("train.empty", "There is no labelled image to learn from."));
        }
        let found = fingerprint(&samples);
        let settings = kept.settings.changed(changes, &kept.card)?;
        let parts = hold_out(as_wanted(samples, &settings.method), settings.seed)?;
        let (mut run, note) = Self::resume(kept, settings, parts, found, device)?;
        let classes = run.session.card().classes.len();
        run.history.pixels = counted(run.session.training(), classes);
        let restored = Restored {
            begun: run.begun(),
            done: run.session.done(),
            note: note.page,
            same: run.fingerprint == note.fingerprint,
        };
        Ok((run, restored))
    }

    /// Goes on from a checkpoint with settings and parted samples of the door's own; gives the seconds that the steps took
    /// before, and whether the samples are those of before.
    ///
    /// # Errors
    /// Those of [`Checkpoint::resume`].
    pub fn go_on(
        kept: Checkpoint,
        settings: Settings,
        parts: HeldOut,
        fingerprint: String,
        device: &Device,
    ) -> Result<(Self, f64, bool)> {
        let (run, note) = Self::resume(kept, settings, parts, fingerprint, device)?;
        let same = note.fingerprint.is_empty() || note.fingerprint == run.fingerprint;
        Ok((run, note.seconds, same))
    }

    /// The network that would be shown at the point of a kept training, as a model with its history; `None` for bytes that are no
    /// kept training.
    ///
    /// # Errors
    /// Those of [`Checkpoint::from_bytes`]; `model.tensors`.
    pub fn model_of(state: &[u8], device: &Device) -> Result<Option<Model>> {
        if !Checkpoint::is(state) {
            return Ok(None);
        }
        let kept = Checkpoint::from_bytes(state)?;
        let note = Note::deserialize(&kept.note).unwrap_or_default();
        let history = note.history.unwrap_or_else(|| Training::of(""));
        let told = told(&history, &note.curve, &kept.settings, (kept.done, note.seconds));
        let mut model = kept.model(device)?;
        model.card.training = Some(told.following(model.card.training.as_ref()));
        model.card.introduce();
        model.card.scores.clear();
        Ok(Some(model))
    }

    fn resume(
        kept: Checkpoint,
        settings: Settings,
        parts: HeldOut,
        fingerprint: String,
        device: &Device,
    ) -> Result<(Self, Note)> {
        let mut note = Note::deserialize(&kept.note).map_err(|e| unread().with_source(e))?;
        let HeldOut { training, validation, held } = parts;
        let session = kept.resume(settings, training, validation, device)?;
        let history = note.history.take().unwrap_or_else(|| Training::of(""));
        let mut run = Run::new(session, held, history, fingerprint);
        run.curve = std::mem::take(&mut note.curve);
        Ok((run, note))
    }
}

impl Settings {
    /// These, with the changes.
    ///
    /// # Errors
    /// `train.memory` if nothing is left to be halved.
    fn changed(&self, changes: &Changes, card: &Card) -> Result<Self> {
        let mut settings = self.clone();
        let method = &mut settings.method;
        settings.steps = changes.steps.unwrap_or(settings.steps).max(1);
        method.learning_rate = changes.learning_rate.unwrap_or(method.learning_rate);
        method.batch = changes.batch.unwrap_or(method.batch).clamp(1, Request::MAX_BATCH);
        method.patch = changes.patch.unwrap_or(method.patch).clamp(1, Request::MAX_PATCH);
        if changes.halved {
            settings.halve(card)?;
        }
        Ok(settings)
    }
}

fn unread() -> Error {
    Error::invalid("train.checkpoint", "This is not the state of a training of the page, or it is damaged.")
}
