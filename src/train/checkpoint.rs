//! A training as bytes: everything that the next step depends on, so that it goes on as if it had not been broken off.
//!
//! One `.safetensors` file: the network under `net.NAME`, the mean of the last ones under `mean.NAME` (if there is one), the
//! best under `best.NAME` (unless it is that which would be validated now), the optimiser's moments under `first.NAME` and `second.NAME`, all in 32 bits and under the names of the model file; in the
//! metadata, as JSON, the card, the settings and the numbers. Patches, their changes and dropout follow from the seed and
//! the number of the step, so there is no other random state.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use burn::tensor::{Device, Tensor, TensorData};
use safetensors::tensor::Dtype;
use safetensors::{SafeTensors, View, serialize};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::average::Average;
use super::descent::{Descent, Moments};
use super::pace::Pace;
use super::sample::Sample;
use super::session::{Best, Session, Snapshot};
use super::settings::Settings;
use super::validate::Scores;
use crate::error::{Error, Result};
use crate::net::{Graph, UNet};
use crate::weights::{Card, Model, NamedTensor, floats, load_into, read};

/// The metadata key.
const KEY: &str = "insitu.training";
/// The version that is written. Earlier ones are read too: the first knew no mean of networks, the first two wrote numbers with
/// a fraction as text.
const FORMAT: u32 = 3;
/// Bytes of tensors in a checkpoint, at most: twice this must fit into the memory of a tab.
const MAX_BYTES: usize = 640 << 20;
/// Patches in a step, and pixels a side of one, that a checkpoint may ask for.
const MAX_BATCH: usize = 4096;
const MAX_PATCH: usize = 8192;
/// Steps that it may have done; others can be counted on from there.
const MAX_STEPS: usize = (u32::MAX / 2) as usize;

/// A training that was read from bytes.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    pub card: Card,
    pub settings: Settings,
    /// Steps that were done.
    pub done: usize,
    pub pace: Pace,
    /// Every tensor of the network.
    pub net: Vec<NamedTensor>,
    /// The mean of the last networks, and how many were taken in.
    mean: Option<(usize, Vec<NamedTensor>)>,
    /// The step, the scores and the network of the best validation.
    pub best: Option<(usize, Scores, Vec<NamedTensor>)>,
    /// What the caller of [`Session::checkpoint`] gave along.
    pub note: Value,
    moments: Vec<StoredMoments>,
}

/// The optimiser's moments of one parameter.
#[derive(Clone, Debug)]
struct StoredMoments {
    /// The parameter's.
    name: String,
    time: usize,
    first: Vec<f32>,
    second: Option<Vec<f32>>,
}

/// The part in words.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Words<'a> {
    format: u32,
    card: Cow<'a, Card>,
    settings: Cow<'a, Settings>,
    done: usize,
    pace: Pace,
    /// Networks in the mean.
    #[serde(default)]
    averaged: Option<usize>,
    best: Option<BestWords>,
    /// Steps that each parameter took.
    times: BTreeMap<String, usize>,
    note: Cow<'a, Value>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct BestWords {
    step: usize,
    scores: Scores,
    /// Whether it is the network that would be validated now.
    same: bool,
}

/// A tensor whose bytes are made when it is its turn.
struct Stored(NamedTensor);

impl View for Stored {
    fn dtype(&self) -> Dtype {
        Dtype::F32
    }

    fn shape(&self) -> &[usize] {
        &self.0.shape
    }

    fn data(&self) -> Cow<'_, [u8]> {
        self.0.values.iter().flat_map(|v| v.to_le_bytes()).collect::<Vec<u8>>().into()
    }

    fn data_len(&self) -> usize {
        self.0.values.len() * 4
    }
}

impl Session {
    /// The training as bytes, from which [`Checkpoint::from_bytes`] goes on with the very next step; samples are not among
    /// them. `note` is kept as it is. Reads the device without blocking, so it works from a GPU on the web.
    ///
    /// # Errors
    /// `train.state.limit` for a network too large to be kept so; `device.read`.
    pub async fn checkpoint(&self, note: &Value) -> Result<Vec<u8>> {
        let shapes = shapes(self.card());
        let one: usize = shapes.values().map(|shape| shape.iter().product::<usize>() * 4).sum();
        let Snapshot { done, net, average, optimiser, pace, best } = self.snapshot();
        let best = best.as_ref();
        let same = best.is_some_and(|best| best.step == done);
        let others = usize::from(average.is_some()) + usize::from(best.is_some() && !same);
        let networks = 1 + others + self.settings().method.optimiser.moment_count();
        if one.saturating_mul(networks) > MAX_BYTES {
            return Err(Error::limit(
                "train.state.limit",
                "This network is too large for its training to be kept; its weights alone can be saved.",
            ));
        }
        let mut stored = Vec::new();
        let mut store = |part: &str, tensors: Vec<NamedTensor>| {
            for tensor in tensors {
                stored.push((format!("{part}.{}", tensor.name), Stored(tensor)));
            }
        };
        store("net", read(&net).await?);
        if let Some(mean) = &average {
            store("mean", read(&mean.net).await?);
        }
        if let Some(best) = best.filter(|_| !same) {
            store("best", read(&best.net).await?);
        }
        let mut times = BTreeMap::new();
        for (id, moments) in optimiser.moments() {
            // A parameter's identity is its place in the network, from 1.
            let name = usize::try_from(*id).ok().and_then(|id| net.tensor_names().get(id.wrapping_sub(1)));
            let Some((name, shape)) = name.and_then(|name| shapes.get_key_value(name)) else { continue };
            times.insert(name.clone(), moments.time);
            let both = [("first", Some(&moments.first)), ("second", moments.second.as_ref())];
            for (part, moment) in both {
                let Some(moment) = moment else { continue };
                let data = moment.clone().into_data_async().await.map_err(|e| {
                    Error::device("device.read", "The training could not be read back from the device.")
                        .with_source(e)
                })?;
                let (name, shape) = (name.clone(), shape.clone());
                store(part, vec![NamedTensor { name, shape, values: floats(data)? }]);
            }
        }
        let words = Words {
            format: FORMAT,
            card: Cow::Borrowed(self.card()),
            settings: Cow::Borrowed(self.settings()),
            done,
            pace,
            averaged: average.as_ref().map(|mean| mean.taken),
            best: best.map(|best| BestWords { step: best.step, scores: best.scores, same }),
            times,
            note: Cow::Borrowed(note),
        };
        let wrong = |e: String| {
            Error::invalid("train.checkpoint", "The state of the training could not be stored.")
                .with_source(e)
        };
        let value = serde_json::to_value(&words).map_err(|e| wrong(e.to_string()))?;
        let json = value.to_string();
        let metadata = HashMap::from([(KEY.to_string(), json)]);
        serialize(stored, Some(metadata)).map_err(|e| wrong(e.to_string()))
    }
}

impl Checkpoint {
    /// Reads what [`Session::checkpoint`] wrote.
    ///
    /// # Errors
    /// `train.checkpoint` for bytes that are none, or damaged; `train.checkpoint.format` of another version;
    /// `train.settings`, `train.loss`, `model.card`, `net.config` and `model.tensors` where it contradicts itself.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        let broken = || {
            Error::invalid(
                "train.checkpoint",
                "This is not the state of a training, or it is damaged; the training cannot go on from it.",
            )
        };
        let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(|e| broken().with_source(e))?;
        let file = SafeTensors::deserialize(bytes).map_err(|e| broken().with_source(e))?;
        let json = metadata.metadata().as_ref().and_then(|m| m.get(KEY)).ok_or_else(broken)?;
        // First the version alone, so that a later one is not called damaged.
        let value: Value = serde_json::from_str(json).map_err(|e| broken().with_source(e))?;
        let format = value.get("format").and_then(Value::as_u64);
        if format.is_some_and(|found| !(1..=u64::from(FORMAT)).contains(&found)) {
            return Err(Error::unsupported(
                "train.checkpoint.format",
                "This training was kept by another version of Insitu, which this one cannot go on from.",
            ));
        }
        let value = if format.is_some_and(|found| found < 3) { numbers(value) } else { value };
        let words: Words<'_> = serde_json::from_value(value).map_err(|e| broken().with_source(e))?;
        let (card, settings) = (words.card.into_owned(), words.settings.into_owned());
        card.validate()?;
        settings.validate()?;
        settings.loss.validate(card.classes.len())?;
        let steps = words.times.values().chain([&words.done]).max();
        if !(1..=MAX_BATCH).contains(&settings.method.batch)
            || !(1..=MAX_PATCH).contains(&settings.method.patch)
            || steps.is_some_and(|steps| *steps > MAX_STEPS)
        {
            return Err(broken());
        }
        let mut parts: BTreeMap<&str, Vec<NamedTensor>> = BTreeMap::new();
        for (name, view) in file.tensors() {
            let part = ["net", "mean", "best", "first", "second"].into_iter().find_map(|part| {
                name.strip_prefix(part)?.strip_prefix('.').map(|name| (part, name.to_string()))
            });
            let (Some((part, name)), Dtype::F32) = (part, view.dtype()) else { return Err(broken()) };
            let (chunks, _) = view.data().as_chunks::<4>();
            let values = chunks.iter().map(|b| f32::from_le_bytes(*b)).collect();
            parts.entry(part).or_default().push(NamedTensor { name, shape: view.shape().to_vec(), values });
        }
        let mut part = |name: &str| parts.remove(name).unwrap_or_default();
        let net = part("net");
        let mean = words.averaged.map(|taken| (taken, part("mean")));
        let best = words.best.map(|best| {
            let tensors =
                if best.same { mean.as_ref().map_or(&net, |mean| &mean.1).clone() } else { part("best") };
            (best.step, best.scores, tensors)
        });
        let by_name = |tensors: Vec<NamedTensor>| tensors.into_iter().map(|t| (t.name.clone(), t)).collect();
        let mut first: BTreeMap<String, NamedTensor> = by_name(part("first"));
        let mut second: BTreeMap<String, NamedTensor> = by_name(part("second"));
        let mut moments = Vec::new();
        let shapes = shapes(&card);
        for (name, time) in words.times {
            let Some(shape) = shapes.get(&name) else { return Err(broken()) };
            let moment = |from: &mut BTreeMap<String, NamedTensor>| match from.remove(&name) {
                Some(tensor) if tensor.shape == *shape => Ok(Some(tensor.values)),
                Some(_) => Err(broken()),
                None => Ok(None),
            };
            let remembered = (moment(&mut first)?, moment(&mut second)?);
            let (Some(first), second) = remembered else { return Err(broken()) };
            if second.is_some() != (settings.method.optimiser.moment_count() == 2) {
                return Err(broken());
            }
            moments.push(StoredMoments { name, time, first, second });
        }
        // What is left belongs to no parameter.
        if !(first.is_empty() && second.is_empty()) {
            return Err(broken());
        }
        let (done, pace, note) = (words.done, words.pace, words.note.into_owned());
        Ok(Self { card, settings, done, pace, net, mean, best, note, moments })
    }

    /// Whether bytes are what [`Session::checkpoint`] wrote, whole or damaged.
    pub fn is(bytes: &[u8]) -> bool {
        let read = SafeTensors::read_metadata(bytes);
        read.is_ok_and(|(_, metadata)| metadata.metadata().as_ref().is_some_and(|m| m.contains_key(KEY)))
    }

    /// The network that would be validated at this point.
    ///
    /// # Errors
    /// `model.tensors` if it does not fit the card.
    pub fn model(self, device: &Device) -> Result<Model> {
        let tensors = self.mean.map_or(self.net, |(_, mean)| mean);
        let net = load_into(UNet::new(&self.card.network, device)?, tensors)?;
        Ok(Model { card: self.card, net, device: device.clone() })
    }

    /// Goes on from here, with the samples of before, or with others. `settings` are those of the checkpoint or changed
    /// ones; another optimiser starts without moments.
    ///
    /// # Errors
    /// Those of [`Session::new`]; `model.tensors` if a network does not fit the card.
    pub fn resume(
        self,
        settings: Settings,
        training: Vec<Sample>,
        validation: Vec<Sample>,
        device: &Device,
    ) -> Result<Session> {
        let network = |tensors| load_into(UNet::new(&self.card.network, device)?, tensors);
        let net = network(self.net)?;
        let best = match self.best {
            Some((step, scores, tensors)) => Some(Best { step, scores, net: network(tensors)? }),
            None => None,
        };
        let flat = |values: Vec<f32>| {
            let length = values.len();
            Tensor::<1>::from_data(TensorData::new(values, [length]), device)
        };
        // A mean that nothing is taken into any more would stand still.
        let average = match self.mean.filter(|_| settings.method.average.is_some()) {
            Some((taken, tensors)) => Some(Average::kept(network(tensors)?, taken)),
            None => None,
        };
        let fresh = settings.method.optimiser.init(settings.method.clip);
        let alike = std::mem::discriminant(&settings.method.optimiser)
            == std::mem::discriminant(&self.settings.method.optimiser)
            && settings.method.optimiser.moment_count() == self.settings.method.optimiser.moment_count();
        let optimiser: Descent = if alike {
            let ids: HashMap<&str, u64> =
                (1..).zip(net.tensor_names()).map(|(id, name)| (name.as_str(), id)).collect();
            let moments = self.moments.into_iter().filter_map(|m| {
                let moments = Moments { time: m.time, first: flat(m.first), second: m.second.map(flat) };
                Some((*ids.get(m.name.as_str())?, moments))
            });
            fresh.with_moments(moments.collect())
        } else {
            fresh
        };
        let mut session = Session::new(self.card, Some(net.clone()), training, validation, settings, device)?;
        session.go_back(&Snapshot { done: self.done, net, average, optimiser, pace: self.pace, best });
        Ok(session)
    }
}

/// What the first two formats held: a number with a fraction stood there as text behind `=`, and a text that began so itself
/// had another `=`.
fn numbers(value: Value) -> Value {
    match value {
        Value::String(text) => match text.strip_prefix('=') {
            Some(rest) if rest.starts_with('=') => Value::String(rest.to_string()),
            Some(rest) => rest.parse::<f64>().map_or(Value::Null, Value::from),
            None => Value::String(text),
        },
        Value::Array(values) => values.into_iter().map(numbers).collect(),
        Value::Object(map) => map.into_iter().map(|(key, value)| (key, numbers(value))).collect(),
        other => other,
    }
}

/// The shape of each tensor of the card's network.
fn shapes(card: &Card) -> BTreeMap<String, Vec<usize>> {
    Graph::of(&card.network).tensors().into_iter().collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_come_back_to_the_last_bit() {
        let value = json!({ "a": [0.9355797819623388, 1e-3, f64::from(0.1f32), 5e-324, 1e300, 3, -7], "b": ["=5", ""] });
        assert_eq!(serde_json::from_str::<Value>(&value.to_string()).unwrap(), value);
    }

    #[test]
    fn numbers_that_earlier_versions_wrote_as_text_are_read() {
        let old = json!({ "a": ["=0.9355797819623388", 3, "=1e300"], "b": ["==5", "===", "", "x=1"] });
        assert_eq!(
            numbers(old),
            json!({ "a": [0.9355797819623388, 3, 1e300], "b": ["=5", "==", "", "x=1"] })
        );
    }
}
