//! A training under way as every door drives it: which points of it are kept, how it went, and what the model's card will say.

use std::collections::BTreeMap;

use serde::Serialize;

use super::flood::most_covered;
use super::hold_out::{Held, HeldOut};
use super::request::Request;
use super::sample::Sample;
use super::session::{Session, Snapshot, Step};
use super::settings::Settings;
use super::start::Start;
use super::validate::Scores;
use crate::device::Chosen;
use crate::error::{Error, Result};
use crate::net::Graph;
use crate::weights::{Card, Curve, Model, Training};

/// Points that a training can go back to, and bytes of all of them. There is always room for two.
const MAX_POINTS: usize = 24;
const MAX_POINT_BYTES: usize = 600_000_000;

/// What a training is, and what was worked out for it.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(rename = "TrainingBegun"))]
#[serde(rename_all = "camelCase")]
pub struct Begun {
    pub steps: usize,
    pub batch: usize,
    /// Pixels a side of a patch.
    pub patch: usize,
    pub learning_rate: f64,
    pub keep_statistics: bool,
    /// What validates the network.
    pub held: Held,
    /// Labelled pixels to learn from, of the background and of each class.
    pub pixels: Vec<u64>,
    /// The part of an image that a mask covers at most if it is what these labels suggest: see [`most_covered`].
    pub most_covered: f64,
    /// Numbers that are learnt.
    pub parameters: usize,
    /// Steps from one validation to the next that suit it.
    pub every: usize,
}

/// How the network does on what was held out.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(missing_as_null))]
#[serde(rename_all = "camelCase")]
pub struct Validation {
    /// Steps that were done.
    pub step: usize,
    /// `null` where there is nothing to score.
    pub dice: Option<f64>,
    pub pixel_error: Option<f64>,
    /// Whether it is the best so far.
    pub best: bool,
}

/// A training under way, with the points to which it can go back.
pub struct Run {
    pub(super) session: Session,
    points: BTreeMap<usize, Snapshot>,
    held: Held,
    /// What the card will say of it, except for what the session knows.
    pub(super) history: Training,
    pub(super) curve: Curve,
    /// Of the samples: see [`fingerprint`].
    pub(super) fingerprint: String,
}

impl Run {
    /// Begins a training on labels made by hand: a part of them validates, and patches, class weights and all else follow from
    /// the images and the device.
    ///
    /// # Errors
    /// Those of [`Request::prepare`] and [`Session::new`]; those of [`Chosen::check`].
    pub fn by_hand(request: &Request, start: Start, samples: Vec<Sample>, chosen: &Chosen) -> Result<Self> {
        let (images, fingerprint) = (samples.len(), fingerprint(&samples));
        let device = (chosen.kind, chosen.largest_buffer());
        let ready = request.prepare(samples, &start.card, start.net.is_some(), device)?;
        let told = Training { pixels: ready.pixels, images, ..Training::of(Training::BY_HAND) };
        let HeldOut { training, validation, held } = ready.parts;
        let from = start.from.filter(|from| *from != start.card.title);
        let session =
            Session::new(start.card, start.net, training, validation, ready.settings, &chosen.device)?;
        chosen.check()?;
        Ok(Self::new(session, held, Training { from, device: chosen.name.clone(), ..told }, fingerprint))
    }

    /// A training with no point to go back to yet. `told`: what the card is to say that the session does not know.
    pub fn new(session: Session, held: Held, told: Training, fingerprint: String) -> Self {
        let history = Training { seed: session.settings().seed, ..told };
        Self { session, points: BTreeMap::new(), held, history, curve: Curve::default(), fingerprint }
    }

    /// What it is trained on, whose data that are, and the command that does it again.
    pub fn describe(&mut self, data: String, attribution: String, command: String) {
        self.history = Training { data, attribution, command, ..self.history.clone() };
    }

    pub fn session(&self) -> &Session {
        &self.session
    }

    /// Ends the training and gives the validation images back.
    pub fn into_validation(self) -> Vec<Sample> {
        self.session.into_validation()
    }

    /// What it is.
    pub fn begun(&self) -> Begun {
        let settings = self.session.settings();
        let sizes = self.session.training().iter().map(|s| (s.image.width * s.image.height) as u64);
        Begun {
            steps: settings.steps,
            batch: settings.method.batch,
            patch: settings.method.patch,
            learning_rate: settings.method.learning_rate,
            keep_statistics: settings.method.keep_statistics,
            held: self.held,
            pixels: self.history.pixels.clone(),
            most_covered: most_covered(&self.history.pixels, sizes.sum()),
            parameters: self.parameters(),
            every: every(settings.steps),
        }
    }

    /// One step. What came after the point that was gone back to is forgotten, since it is no longer true once another way is
    /// taken.
    ///
    /// # Errors
    /// Those of [`Session::step`].
    pub async fn step(&mut self) -> Result<Step> {
        let done = self.session.done();
        self.points.retain(|at, _| *at <= done);
        self.curve.cut(done);
        let step = self.session.step().await;
        self.curve.loss.extend(step.as_ref().ok().map(|step| (step.step, step.loss)));
        step
    }

    /// Scores of the present network on what was held out, which become part of the curve, and whether they are the best so
    /// far; `None` if nothing was held out. `progress` as in [`Session::validate`].
    ///
    /// # Errors
    /// Those of [`Session::validate`].
    pub async fn validate(
        &mut self,
        progress: impl AsyncFnMut(usize, usize) -> bool,
    ) -> Result<Option<(Scores, Validation)>> {
        if self.held == Held::Nothing {
            return Ok(None);
        }
        let before = self.session.best_scores().map(|scores| scores.total());
        let scores = self.session.validate(progress).await?;
        let step = self.session.done();
        if let Some(dice) = scores.dice {
            self.curve.dice.retain(|(at, _)| *at != step);
            self.curve.dice.push((step, dice));
        }
        let best = before.is_none_or(|before| scores.total() > before);
        let Scores { dice, pixel_error, .. } = scores;
        Ok(Some((scores, Validation { step, dice, pixel_error, best })))
    }

    /// Keeps the present point to go back to, and gives the steps of all that are kept. Where there is no room for more, the
    /// oldest after the first is dropped, but not the best; if there is no other, the first.
    pub fn keep(&mut self) -> Vec<usize> {
        let point = self.session.snapshot();
        let step = point.done();
        self.points.insert(step, point);
        let best = self.session.best_step();
        while self.points.len() > points_that_fit(self.parameters()) {
            let stays = |at: &usize| *at == step || Some(*at) == best;
            let between = self.points.keys().skip(1).find(|at| !stays(at)).copied();
            let Some(gone) = between.or(self.points.keys().next().copied()) else { break };
            self.points.remove(&gone);
        }
        self.points.keys().copied().collect()
    }

    /// Goes to the last kept point at or before `step`; gives its step. Those after it are forgotten with the next step.
    ///
    /// # Errors
    /// `train.point` if none was kept that early.
    pub fn go_back(&mut self, step: usize) -> Result<usize> {
        let Some((at, point)) = self.points.range(..=step).next_back() else {
            return Err(Error::invalid("train.point", "Nothing was kept of the training that early."));
        };
        self.session.go_back(point);
        Ok(*at)
    }

    /// The network of the point that was kept at a step.
    ///
    /// # Errors
    /// `train.point` if none was.
    pub fn point(&self, step: usize) -> Result<Model> {
        let point = self.points.get(&step).ok_or_else(|| {
            Error::invalid("train.point", "No point of the training was kept at this step.")
        })?;
        Ok(self.session.model_at(point))
    }

    /// Takes the network of an earlier step back, as a point to go back to. It has no optimiser: the steps after it are taken
    /// with a fresh one, and so are not those of before.
    ///
    /// # Errors
    /// `train.point` for a step that was not done yet, or another network.
    pub fn add_point(&mut self, step: usize, model: Model) -> Result<()> {
        if step > self.session.done() {
            return Err(Error::invalid("train.point", "This point lies after the last step."));
        }
        let point = self.session.point(step, model)?;
        // One with its optimiser is worth more.
        self.points.entry(step).or_insert(point);
        Ok(())
    }

    /// The `best` network so far, or the present one, with a card that tells its history and its scores. `seconds`: what the
    /// training took.
    pub fn model(&self, best: bool, seconds: f64) -> Model {
        let mut model = if best { self.session.best() } else { self.session.model() };
        model.card.training = Some(self.told(&model.card, seconds.max(0.0)));
        model.card.introduce();
        let scores = self.session.best_scores().filter(|_| best);
        let validated = self.curve.dice.iter().find(|(at, _)| *at == self.session.done());
        let now = Scores { dice: validated.map(|(_, dice)| *dice), ..Scores::default() };
        scores.unwrap_or(now).inscribe(&mut model.card);
        model
    }

    /// The history of the model: what came before, and this.
    fn told(&self, card: &Card, seconds: f64) -> Training {
        told(&self.history, &self.curve, self.session.settings(), (self.session.done(), seconds))
            .following(card.training.as_ref())
    }

    fn parameters(&self) -> usize {
        Graph::of(&self.session.card().network).parameters()
    }
}

/// What a training was until a step: `done` steps that took so many seconds. The settings as they are now: a validation before
/// the first step may have changed them.
pub(super) fn told(
    history: &Training,
    curve: &Curve,
    settings: &Settings,
    (done, seconds): (usize, f64),
) -> Training {
    let mut curve = curve.clone();
    curve.cut(done);
    Training {
        seconds,
        steps: done,
        loss: settings.loss.clone(),
        method: Some(settings.method.clone()),
        curve: Some(curve.thinned()),
        ..history.clone()
    }
}

/// Points of a network that fit into memory: each holds the weights, their mean and twice their size for the optimiser.
fn points_that_fit(parameters: usize) -> usize {
    (MAX_POINT_BYTES / parameters.saturating_mul(16).max(1)).clamp(2, MAX_POINTS)
}

/// Steps between validations: so many that they take little of the time, and that a short training has a curve.
fn every(steps: usize) -> usize {
    steps.div_ceil(10).min(25).max(steps.div_ceil(MAX_POINTS - 2)).max(5)
}

/// A number (FNV-1a) that other samples have not: of their sizes, all labels, and some of the pixels.
pub fn fingerprint(samples: &[Sample]) -> String {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_large_network_keeps_two_points_and_a_small_one_no_more_than_a_person_can_survey() {
        assert_eq!([0, 10_000, 2_000_000, 31_000_000, usize::MAX].map(points_that_fit), [24, 24, 18, 2, 2]);
    }

    #[test]
    fn a_short_training_is_validated_often_and_a_long_one_as_often_as_it_has_points() {
        assert_eq!([1, 60, 200, 500, 2000].map(every), [5, 6, 20, 25, 91]);
    }
}
