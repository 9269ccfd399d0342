//! Training in the page: the worker pumps it, one step a call, so that pause is not calling and cancel is dropping.

use js_sys::{Uint8Array, Uint32Array};
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::{filled, whole};
use super::engine::{Engine, LoadedCard};
use super::failure::Thrown;
use super::pause::pause;
use super::records::{OnProgress, bytes, give, take};
use crate::device::Kind;
use crate::error::{Error, Result};
use crate::net::Preset;
use crate::scan::{Image, Scan};
use crate::train::{
    Begun, Changes, Labels, PatchPlan, Request, Restored, Run, Sample, Start, Step, Validation, new_network,
    single_objects,
};
use crate::volume::{Sections, Stack};
use crate::weights::{Card, Model, Precision};

/// A slice with labels, as the page gives it.
#[derive(Deserialize, Tsify)]
pub struct LabelledSlice {
    /// The number of an open scan.
    scan: f64,
    slice: f64,
    /// Of a plane across the slices: the axis that stands upright on it (0 columns, 1 rows), and which plane it is of the volume that `slice` belongs to;
    /// its labels are `[depth][row]`, or `[depth][column]`. Of the slice itself nothing.
    axis: Option<usize>,
    index: Option<usize>,
    /// Row by row: 255 is "not labelled, ignore", 0 the background, 1 and up the classes.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array")]
    labels: Uint8Array,
    /// Object of each pixel when objects were taken over, 0 elsewhere; empty where none were. If any slice has them, and there is one class,
    /// single objects are learnt.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint32Array")]
    objects: Uint32Array,
}

/// What a training would take on this device.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct TrainingPlan {
    batch: usize,
    /// Pixels a side of a patch.
    patch: usize,
    /// Of a step on the CPU, about; `null` on a GPU, of which nothing is known before the first.
    seconds: Option<f64>,
}

/// An image before normalisation, its labels and its name.
struct Labelled {
    image: Image,
    classes: Vec<u8>,
    objects: Option<Vec<u32>>,
    name: String,
}

#[wasm_bindgen]
impl Engine {
    /// The size of the patches and how many a training takes at once, on this device. `side`: the smallest side of the images,
    /// pixels; without `preset` the loaded model would go on learning.
    #[wasm_bindgen(js_name = trainPlan)]
    pub fn train_plan(
        &self,
        preset: Option<String>,
        width: Option<f64>,
        side: f64,
    ) -> Result<Ts<TrainingPlan>, Thrown> {
        let network = match preset {
            Some(preset) => {
                let kind = Preset::from_name(&preset)?;
                let width = width.map(|width| whole(width, "width")).transpose()?;
                new_network(kind, width, 1, kind.published().1)?
            }
            None => self.loaded()?.card.network.clone(),
        };
        let side = whole(side, "side")?;
        let plan = PatchPlan::of(self.chosen.kind, self.chosen.largest_buffer(), side, &network);
        let seconds = (self.chosen.kind == Kind::Cpu).then(|| plan.seconds(&network));
        Ok(give(&TrainingPlan { batch: plan.batch, patch: plan.patch, seconds })?)
    }

    /// Begins a training in the place of one that is under way.
    #[wasm_bindgen(js_name = trainBegin)]
    pub async fn train_begin(
        &self,
        request: Ts<Request>,
        samples: Vec<Ts<LabelledSlice>>,
    ) -> Result<Ts<Begun>, Thrown> {
        let request = take(&request, "settings of the training")?;
        let read = self.labelled(&samples)?;
        if read.is_empty() {
            return Err(Error::invalid("train.empty", "There is no labelled image to learn from.").into());
        }
        let channels = read.iter().map(|one| one.image.channels).max().unwrap_or(1);
        let labels = read.iter().flat_map(|one| &one.classes);
        let highest = labels.filter(|label| **label != Labels::IGNORE).max().copied().unwrap_or(0);
        let model = self.model.borrow().clone();
        let start =
            Start::of(&request, model.as_deref().map(|ready| &**ready), channels, usize::from(highest))
                .await?;
        let samples = prepared(read, &start.card)?;
        let run = Run::by_hand(&request, start, samples, &self.chosen)?;
        let begun = give(&run.begun())?;
        self.run.replace(Some(run));
        Ok(begun)
    }

    /// One step.
    #[wasm_bindgen(js_name = trainStep)]
    pub async fn train_step(&self) -> Result<Ts<Step>, Thrown> {
        let mut run = self.taken()?;
        pause().await;
        let step = run.step().await;
        self.put_back(run);
        // What a failing device made the step say matters less than that it failed.
        self.chosen.check()?;
        Ok(give(&step?)?)
    }

    /// How the present network does on what was held out; nothing if nothing was. `onProgress` as in `segment`.
    #[wasm_bindgen(js_name = trainValidate)]
    pub async fn train_validate(
        &self,
        #[wasm_bindgen(js_name = onProgress)] on_progress: Option<OnProgress>,
    ) -> Result<Option<Ts<Validation>>, Thrown> {
        let mut run = self.taken()?;
        let progress = async |done, total| self.goes_on(on_progress.as_ref(), done, total).await;
        let found = run.validate(progress).await;
        self.put_back(run);
        self.chosen.check()?;
        Ok(found?.map(|(_, validation)| give(&validation)).transpose()?)
    }

    /// Keeps the present point to go back to; gives the steps of all that are kept, for which there is room.
    #[wasm_bindgen(js_name = trainKeep, unchecked_return_type = "number[]")]
    pub fn train_keep(&self) -> Result<js_sys::Array, Thrown> {
        let steps = self.run.borrow_mut().as_mut().ok_or_else(no_training)?.keep();
        Ok(steps.into_iter().map(|step| wasm_bindgen::JsValue::from_f64(step as f64)).collect())
    }

    /// Goes to the last kept point at or before `step`; gives its step. Those after it are forgotten with the next step.
    #[wasm_bindgen(js_name = trainGoBack)]
    pub fn train_go_back(&self, step: f64) -> Result<f64, Thrown> {
        let step = whole(step, "step")?;
        Ok(self.run.borrow_mut().as_mut().ok_or_else(no_training)?.go_back(step)? as f64)
    }

    /// Puts the network under training in the place of the loaded model: the `best` so far, or the present one. `seconds`: what
    /// the training took.
    #[wasm_bindgen(js_name = trainUse)]
    pub fn train_use(&self, best: bool, seconds: f64) -> Result<Ts<LoadedCard>, Thrown> {
        let model = self.run.borrow().as_ref().ok_or_else(no_training)?.model(best, seconds);
        Ok(self.install(model)?)
    }

    /// Ends the training and frees its memory. Ending twice does nothing.
    #[wasm_bindgen(js_name = trainEnd)]
    pub fn train_end(&self) {
        self.run.replace(None);
    }

    /// The training under way as bytes: weights, optimiser, running statistics, best network and scores, settings and the
    /// number of the step, from which everything random follows. `note` is kept along.
    #[wasm_bindgen(js_name = trainState, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub async fn train_state(&self, note: String) -> Result<Uint8Array, Thrown> {
        let run = self.taken()?;
        let state = run.state(&note, 0.0).await;
        self.put_back(run);
        // That the device failed says more than that it could not be read.
        self.chosen.check()?;
        Ok(bytes(&state?))
    }

    /// Goes on with a training that was kept, in the place of one that is under way. With the same samples, and without changes,
    /// the same steps follow as without the break.
    #[wasm_bindgen(js_name = trainRestore)]
    pub async fn train_restore(
        &self,
        state: Vec<u8>,
        samples: Vec<Ts<LabelledSlice>>,
        changes: Option<Ts<Changes>>,
    ) -> Result<Ts<Restored>, Thrown> {
        let changes = match changes {
            Some(changes) => take(&changes, "settings of the training")?,
            None => Changes::default(),
        };
        let read = self.labelled(&samples)?;
        let samples = |card: &Card| prepared(read, card);
        let (run, restored) = Run::restore(&state, &changes, samples, &self.chosen.device)?;
        self.chosen.check()?;
        let restored = give(&restored)?;
        self.run.replace(Some(run));
        Ok(restored)
    }

    /// The weights of the point that was kept at `step`, in 16 bits: a model file.
    #[wasm_bindgen(js_name = trainPoint, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub async fn train_point(&self, step: f64) -> Result<Uint8Array, Thrown> {
        let step = whole(step, "step")?;
        let model = self.run.borrow().as_ref().ok_or_else(no_training)?.point(step)?;
        let file = model.to_bytes(Precision::Half).await;
        self.chosen.check()?;
        Ok(bytes(&file?))
    }

    /// Takes a point of `trainPoint` back, as one to go back to. It has no optimiser: the
    /// steps after it are taken with a fresh one, and so are not those of before.
    #[wasm_bindgen(js_name = trainAddPoint)]
    pub fn train_add_point(&self, step: f64, file: Vec<u8>) -> Result<(), Thrown> {
        let step = whole(step, "step")?;
        let model = Model::from_bytes(&file, &self.chosen.device)?;
        self.chosen.check()?;
        self.run.borrow_mut().as_mut().ok_or_else(no_training)?.add_point(step, model)?;
        Ok(())
    }
}

impl Engine {
    /// The training, which nobody else can step while it is taken.
    fn taken(&self) -> Result<Run> {
        self.run.take().ok_or_else(no_training)
    }

    /// Unless another training began meanwhile.
    fn put_back(&self, run: Run) {
        let mut cell = self.run.borrow_mut();
        if cell.is_none() {
            *cell = Some(run);
        }
    }

    fn labelled(&self, samples: &[Ts<LabelledSlice>]) -> Result<Vec<Labelled>> {
        let read = |sample: &Ts<LabelledSlice>| {
            let LabelledSlice { scan, slice, axis, index, labels, objects } = take(sample, "labelled image")?;
            let (scan, slice) = (self.scan(scan)?, whole(slice, "slice")?);
            if let Some(axis) = axis.filter(|axis| *axis < 2) {
                return across(&scan, slice, [axis, index.unwrap_or(0)], &labels.to_vec());
            }
            filled(labels.length() as usize, &[scan.width, scan.height], "labels")?;
            let objects = (objects.length() > 0).then(|| objects.to_vec());
            if let Some(objects) = &objects {
                filled(objects.len(), &[scan.width, scan.height], "objects")?;
            }
            let image = scan.network_slice(slice)?;
            Ok(Labelled { image, classes: labels.to_vec(), objects, name: format!("slice {}", slice + 1) })
        };
        samples.iter().map(read).collect()
    }
}

/// A plane across the slices, with square pixels.
fn across(scan: &Scan, slice: usize, [axis, index]: [usize; 2], labels: &[u8]) -> Result<Labelled> {
    let (stack, _) = Stack::around(scan, slice);
    let sections = Sections::of(&stack, axis)?;
    let long = stack.size()[1 - axis];
    filled(labels.len(), &[long, stack.size()[2]], "labels")?;
    let image = sections.image(&stack, index)?;
    let classes = sections.labels(&sections.plane.hung(labels, long))?;
    Ok(Labelled { image, classes, objects: None, name: format!("plane {axis} {}", index + 1) })
}

/// The samples as the card's network takes them.
fn prepared(read: Vec<Labelled>, card: &Card) -> Result<Vec<Sample>> {
    let single = card.classes.len() == 1 && read.iter().any(|one| one.objects.is_some());
    let sample = |Labelled { image, classes, objects, name }: Labelled| {
        let width = image.width;
        let labels = if single {
            let given = objects.unwrap_or_else(|| vec![0; classes.len()]);
            Labels::Objects(single_objects(&classes, &given, width))
        } else {
            Labels::Classes(classes)
        };
        Sample::for_input(name, "", image, labels, &card.input)
    };
    read.into_iter().map(sample).collect()
}

pub(super) fn no_training() -> Error {
    Error::invalid("train.none", "No training is under way, or a step of it is just being taken.")
}
