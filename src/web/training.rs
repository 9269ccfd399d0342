//! Training in the page: the worker pumps it, one step a call, so that pause is not calling and cancel is dropping.

use std::collections::BTreeMap;

use js_sys::{Array, Function, Reflect, Uint8Array};
use serde::{Deserialize, Serialize};
use wasm_bindgen::prelude::{JsCast, JsValue, wasm_bindgen};

use super::arguments::{filled, whole};
use super::engine::Engine;
use super::failure::Thrown;
use super::pause::pause;
use super::records::{from_js, to_js};
use crate::device::Kind;
use crate::error::{Error, Result};
use crate::net::{Graph, Preset};
use crate::train::{
    Held, HeldOut, Labels, Lesson, PatchPlan, Sample, Scores, Session, Settings, Snapshot, taught_before,
    untaught,
};
use crate::weights::{Card, Class, Curve, Training};

/// The training under way, with the points to which it can go back.
pub(super) struct Lecture {
    pub session: Session,
    pub kept: BTreeMap<usize, Snapshot>,
    /// Whether anything is held out to judge by.
    pub judged: bool,
    pub history: Training,
    pub curve: Curve,
    /// Tells whether a kept training is given the same samples again.
    pub fingerprint: String,
}

/// What the page asks for.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wish {
    #[serde(flatten)]
    lesson: Lesson,
    classes: Vec<Class>,
    title: Option<String>,
    /// A new network of this preset, instead of the loaded model.
    preset: Option<String>,
    width: Option<usize>,
}

/// What was made of it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Begun {
    steps: usize,
    batch: usize,
    patch: usize,
    learning_rate: f64,
    keep_statistics: bool,
    held: Held,
    /// Labelled pixels to learn from, of the background and of each class.
    pixels: Vec<u64>,
    /// Numbers that are learnt.
    parameters: usize,
}

/// What a training would take on this device.
#[derive(Serialize)]
struct Planned {
    batch: usize,
    patch: usize,
    /// Of a step, about; `None` on a GPU, of which nothing is known before the first.
    seconds: Option<f64>,
}

impl Begun {
    pub fn of(settings: &Settings, card: &Card, held: Held, pixels: Vec<u64>) -> Self {
        Self {
            steps: settings.steps,
            batch: settings.batch,
            patch: settings.patch,
            learning_rate: settings.learning_rate,
            keep_statistics: settings.keep_statistics,
            held,
            pixels,
            parameters: Graph::of(&card.network).parameters(),
        }
    }
}

/// Of a judgement.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Judged {
    dice: Option<f64>,
    pixel_error: Option<f64>,
    /// Whether it is the best so far.
    best: bool,
}

#[wasm_bindgen]
impl Engine {
    /// The size of the patches and how many a training takes at once, on this device: `{ batch, patch, seconds }`, `seconds`
    /// being that of a step on the CPU, about, or `null`. `side`: the smallest side of the images, pixels; without `preset`
    /// the loaded model would go on learning.
    #[wasm_bindgen(js_name = trainPlan)]
    pub fn train_plan(
        &self,
        preset: Option<String>,
        width: Option<f64>,
        side: f64,
    ) -> Result<JsValue, Thrown> {
        let network = match preset {
            Some(preset) => {
                let kind = Preset::from_name(&preset)?;
                let mut network = kind.config(1, kind.published().1);
                if let Some(width) = width {
                    network.width = whole(width, "width")?;
                }
                network.validate()?;
                network
            }
            None => self.loaded()?.card.network.clone(),
        };
        let plan =
            PatchPlan::of(self.chosen.kind, self.chosen.largest_buffer(), whole(side, "side")?, &network);
        let seconds = (self.chosen.kind == Kind::Cpu).then(|| plan.seconds(&network));
        Ok(to_js(&Planned { batch: plan.batch, patch: plan.patch, seconds })?)
    }

    /// Begins a training in the place of one that is under way. `wish`: `{ classes: [{ name, colour }], title?, preset?,
    /// width?, steps?, learningRate?, seed?, batch?, patch?, learn?, keepStatistics?, augment?, balance?, loss?, halved? }`; without
    /// `preset` the loaded model goes on learning. `samples`: `[{ scan, slice, labels: Uint8Array }]`, 255 being "not
    /// labelled". Gives `{ steps, batch, patch, learningRate, keepStatistics, held, pixels, parameters }`.
    #[wasm_bindgen(js_name = trainBegin)]
    pub async fn train_begin(&self, wish: JsValue, samples: Array) -> Result<JsValue, Thrown> {
        let wish: Wish = from_js(wish, "settings of the training")?;
        let read = self.labelled(&samples)?;
        if read.is_empty() {
            return Err(Error::invalid("train.empty", "There is no labelled image to learn from.").into());
        }
        let channels = read.iter().map(|(image, ..)| image.channels).max().unwrap_or(1);
        let (mut card, net) = match &wish.preset {
            Some(preset) => (untaught(preset, wish.width, channels, wish.classes)?, None),
            None => {
                let model = self.loaded()?;
                let (card, net) = taught_before(&model, wish.classes, wish.lesson.seed).await?;
                (card, Some(net))
            }
        };
        let from = net.is_some().then(|| card.title.clone());
        card.title = wish.title.unwrap_or(card.title);
        // A training that goes on after a restart of the engine goes on from itself.
        let from =
            from.filter(|from| *from != card.title).or(card.training.as_ref().and_then(|t| t.from.clone()));
        let samples = prepared(read, &card)?;
        let (images, fingerprint) = (samples.len(), fingerprint(&samples));
        let room = (self.chosen.kind, self.chosen.largest_buffer());
        let ready = wish.lesson.prepare(samples, &card, net.is_some(), room)?;
        let settings = ready.settings;
        let begun = Begun::of(&settings, &card, ready.parts.held, ready.pixels);
        let history = Training {
            data: "labels made by hand".into(),
            attribution: String::new(),
            images,
            seed: settings.seed,
            steps: 0,
            loss: settings.loss.clone(),
            seconds: 0.0,
            device: self.chosen.name.clone(),
            command: String::new(),
            method: Some(settings.method()),
            from,
            pixels: begun.pixels.clone(),
            curve: None,
        };
        let HeldOut { training, validation, held } = ready.parts;
        let session = Session::new(card, net, training, validation, settings, &self.chosen.device)?;
        self.chosen.check()?;
        let lecture = Lecture::new(session, held, history, Curve::default(), fingerprint);
        self.lecture.replace(Some(lecture));
        Ok(to_js(&begun)?)
    }

    /// One step: `{ step, loss, learningRate }`.
    #[wasm_bindgen(js_name = trainStep)]
    pub async fn train_step(&self) -> Result<JsValue, Thrown> {
        let mut lecture = self.taken()?;
        pause().await;
        // What came after the point that was gone back to is no longer true once another way is taken.
        let done = lecture.session.done();
        lecture.kept.retain(|kept, _| *kept <= done);
        lecture.curve.cut(done);
        let step = lecture.session.step().await;
        lecture.curve.loss.extend(step.as_ref().ok().map(|step| (step.step, step.loss)));
        self.put_back(lecture);
        // What a failing device made the step say matters less than that it failed.
        self.chosen.check()?;
        Ok(to_js(&step?)?)
    }

    /// Judges the present network on what was held out: `{ dice, pixelError, best }`, or `null` if nothing was.
    /// `onProgress(done, total)` as in `segment`.
    #[wasm_bindgen(js_name = trainJudge)]
    pub async fn train_judge(&self, on_progress: Option<Function>) -> Result<JsValue, Thrown> {
        let mut lecture = self.taken()?;
        if !lecture.judged {
            self.put_back(lecture);
            return Ok(JsValue::NULL);
        }
        let before = lecture.session.best_scores().map(|s| s.total());
        let scores = lecture
            .session
            .validate(async |done, total| {
                pause().await;
                on_progress.as_ref().is_none_or(|call| {
                    call.call2(&JsValue::NULL, &JsValue::from(done as f64), &JsValue::from(total as f64))
                        .is_ok_and(|answer| answer != JsValue::FALSE)
                })
            })
            .await;
        let done = lecture.session.done();
        if let Ok(Scores { dice: Some(dice), .. }) = scores {
            lecture.curve.dice.retain(|(at, _)| *at != done);
            lecture.curve.dice.push((done, dice));
        }
        self.put_back(lecture);
        self.chosen.check()?;
        let scores = scores?;
        let best = before.is_none_or(|before| scores.total() > before);
        Ok(to_js(&Judged { dice: scores.dice, pixel_error: scores.pixel_error, best })?)
    }

    /// Keeps the present point to go back to; gives its step. Of more than `most` the oldest after the first is dropped, but
    /// not that of the `best` step; if there is no other, the first.
    #[wasm_bindgen(js_name = trainKeep)]
    pub fn train_keep(&self, most: f64, best: Option<f64>) -> Result<f64, Thrown> {
        let most = whole(most, "number of points")?.max(2);
        let best = best.map(|step| whole(step, "step")).transpose()?;
        let mut cell = self.lecture.borrow_mut();
        let lecture = cell.as_mut().ok_or_else(no_training)?;
        let point = lecture.session.snapshot();
        let step = point.done();
        lecture.kept.insert(step, point);
        while lecture.kept.len() > most {
            let stays = |at: &usize| *at == step || Some(*at) == best;
            let between = lecture.kept.keys().skip(1).find(|at| !stays(at)).copied();
            let Some(gone) = between.or(lecture.kept.keys().next().copied()) else { break };
            lecture.kept.remove(&gone);
        }
        Ok(step as f64)
    }

    /// Goes to the last kept point at or before `step`; gives its step. Those after it are forgotten with the next step.
    #[wasm_bindgen(js_name = trainGoBack)]
    pub fn train_go_back(&self, step: f64) -> Result<f64, Thrown> {
        let step = whole(step, "step")?;
        let mut cell = self.lecture.borrow_mut();
        let lecture = cell.as_mut().ok_or_else(no_training)?;
        let Some((at, point)) = lecture.kept.range(..=step).next_back().map(|(at, p)| (*at, p.clone()))
        else {
            return Err(Error::invalid("train.point", "Nothing was kept of the training that early.").into());
        };
        lecture.session.go_back(&point);
        Ok(at as f64)
    }

    /// Puts the network under training in the place of the loaded model: the `best` so far, or the present one. Gives what
    /// `loadModel` gives. `seconds`: what the training took.
    #[wasm_bindgen(js_name = trainUse)]
    pub fn train_use(&self, best: bool, seconds: f64) -> Result<JsValue, Thrown> {
        let cell = self.lecture.borrow();
        let lecture = cell.as_ref().ok_or_else(no_training)?;
        let mut model = if best { lecture.session.best() } else { lecture.session.model() };
        model.card.training = Some(lecture.told(&model.card, seconds.max(0.0)));
        // Scores are of these weights, not of those that the training began with.
        model.card.scores.clear();
        let scores = lecture.session.best_scores().filter(|_| best);
        let judged = lecture.curve.dice.iter().find(|(at, _)| *at == lecture.session.done());
        let dice = scores.map_or(judged.map(|(_, dice)| *dice), |s| s.dice);
        for (name, score) in [("dice", dice), ("pixelError", scores.and_then(|s| s.pixel_error))] {
            model.card.scores.extend(score.map(|v| (name.to_string(), v)));
        }
        Ok(self.install(model)?)
    }

    /// Ends the training and frees its memory. Ending twice does nothing.
    #[wasm_bindgen(js_name = trainEnd)]
    pub fn train_end(&self) {
        self.lecture.replace(None);
    }
}

impl Lecture {
    /// A training with no point to go back to yet.
    pub fn new(session: Session, held: Held, history: Training, curve: Curve, fingerprint: String) -> Self {
        let judged = !matches!(held, Held::Nothing);
        Self { session, kept: BTreeMap::new(), judged, history, curve, fingerprint }
    }

    /// The history of the model: what came before, and this.
    fn told(&self, card: &Card, seconds: f64) -> Training {
        let mut curve = self.curve.clone();
        curve.cut(self.session.done());
        // The settings as they are now: a judgement before the first step may have changed them.
        let settings = self.session.settings();
        let mut told = Training {
            seconds,
            steps: self.session.done(),
            loss: settings.loss.clone(),
            method: Some(settings.method()),
            ..self.history.clone()
        };
        if let Some(before) = &card.training {
            told.steps = told.steps.saturating_add(before.steps);
            told.seconds += before.seconds;
            told.attribution.clone_from(&before.attribution);
            if before.data != told.data {
                told.data = format!("{}, then {}", before.data, told.data);
            }
            if let Some(earlier) = &before.curve {
                curve = curve.following(earlier, before.steps);
            }
        }
        told.curve = Some(curve.thinned());
        told
    }
}

pub(super) type Labelled = (crate::scan::Image, Vec<u8>, String);

impl Engine {
    /// The training, which nobody else can step while it is taken.
    pub(super) fn taken(&self) -> Result<Lecture> {
        self.lecture.take().ok_or_else(no_training)
    }

    /// Unless another training began meanwhile.
    pub(super) fn put_back(&self, lecture: Lecture) {
        let mut cell = self.lecture.borrow_mut();
        if cell.is_none() {
            *cell = Some(lecture);
        }
    }

    pub(super) fn labelled(&self, samples: &Array) -> Result<Vec<Labelled>> {
        let wrong = || Error::invalid("argument", "A sample needs a scan, a slice and labels.");
        samples
            .iter()
            .map(|sample| {
                let field = |name: &str| Reflect::get(&sample, &name.into()).map_err(|_| wrong());
                let scan = self.scan(field("scan")?.as_f64().ok_or_else(wrong)?)?;
                let slice = whole(field("slice")?.as_f64().unwrap_or(0.0), "slice")?;
                let labels = field("labels")?.dyn_into::<Uint8Array>().map_err(|_| wrong())?.to_vec();
                filled(labels.len(), &[scan.width, scan.height], "labels")?;
                Ok((scan.network_slice(slice)?, labels, format!("slice {}", slice + 1)))
            })
            .collect()
    }
}

/// The samples as the card's network takes them.
pub(super) fn prepared(read: Vec<Labelled>, card: &Card) -> Result<Vec<Sample>> {
    let sample = |(image, labels, name): Labelled| {
        let image = image.with_channels(card.input.channels)?.normalised(card.input.normalisation);
        Sample::new(name, "", image, Labels::Classes(labels))
    };
    read.into_iter().map(sample).collect()
}

/// A number (FNV-1a) that other samples have not: of their sizes, all labels, and some of the pixels.
pub(super) fn fingerprint(samples: &[Sample]) -> String {
    let mut hash = 0xcbf2_9ce4_8422_2325u64;
    let mut take = |bytes: &[u8]| {
        for byte in bytes {
            hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3);
        }
    };
    for sample in samples {
        for side in [sample.image.width, sample.image.height] {
            take(&(side as u64).to_le_bytes());
        }
        take(&sample.labels.classes());
        for value in sample.image.data.iter().step_by(61) {
            take(&value.to_bits().to_le_bytes());
        }
    }
    format!("{hash:016x}")
}

pub(super) fn no_training() -> Error {
    Error::invalid("train.none", "No training is under way, or a step of it is just being taken.")
}
