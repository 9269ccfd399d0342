//! The engine's bare speed, for `bench.html`: one network, one batch at a time, nothing cached.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use burn::module::Module;
use burn::tensor::{Tensor, TensorData};
use js_sys::Float32Array;
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::{filled, finite, whole};
use super::engine::unreadable;
use super::failure::Thrown;
use super::opened;
use super::records::{DeviceRecord, give};
use crate::device::{Chosen, Facts};
use crate::error::{Error, Result};
use crate::net::{Compiled, Geometry, UNet, stable_ids};
use crate::train::{Descent, Images, gradients, loss};
use crate::weights::{Loss, Model, Optimiser, floats};

/// A network to be timed.
#[wasm_bindgen]
pub struct Bench {
    chosen: Chosen,
    model: Rc<Model>,
    /// For our own kernels.
    compiled: Compiled,
    learner: RefCell<Option<Learner>>,
    busy: Cell<bool>,
}

/// The network as it learns, with Adam's moments.
struct Learner {
    net: UNet,
    optimiser: Descent,
}

#[wasm_bindgen]
impl Bench {
    /// Opens the device and loads a .safetensors file, with a card or without.
    pub async fn create(kind: String, facts: Option<Ts<Facts>>, weights: Vec<u8>) -> Result<Bench, Thrown> {
        let chosen = opened::device(&kind, &opened::facts(facts)?).await?;
        let model = Model::from_bytes(&weights, &chosen.device)?;
        let compiled = model.net.compiled(None)?;
        let model = Rc::new(model);
        Ok(Bench { chosen, model, compiled, learner: RefCell::new(None), busy: Cell::new(false) })
    }

    /// What it runs on.
    pub fn device(&self) -> Result<Ts<DeviceRecord>, Thrown> {
        Ok(give(&DeviceRecord::from(&self.chosen))?)
    }

    /// Logits, `[batch][output][size][size]`, of `x`, `[batch][channel][size][size]`.
    pub async fn infer(&self, x: Vec<f32>, batch: f64, size: f64) -> Result<Float32Array, Thrown> {
        let shape = self.shape(x.len(), batch, size, self.model.card.network.input_channels)?;
        let logits = self.compiled.pass(&x, shape).finish().await;
        self.chosen.check()?;
        Ok(Float32Array::from(logits?.0.as_slice()))
    }

    /// One step of Adam (0.9, 0.999, 1e-8) on the mean binary cross-entropy of `x` and the masks `y`,
    /// `[batch][output][size][size]` of 0 and 1; batch normalisation as in training. Gives the loss before the step.
    #[wasm_bindgen(js_name = trainStep)]
    pub async fn train_step(
        &self,
        x: Vec<f32>,
        y: Vec<f32>,
        batch: f64,
        size: f64,
        #[wasm_bindgen(js_name = learningRate)] learning_rate: f64,
    ) -> Result<f64, Thrown> {
        if self.busy.replace(true) {
            return Err(Error::invalid("bench.busy", "One training step at a time.").into());
        }
        let result = self.step(x, y, batch, size, learning_rate).await;
        self.busy.set(false);
        Ok(result?)
    }
}

impl Bench {
    async fn step(&self, x: Vec<f32>, y: Vec<f32>, batch: f64, size: f64, rate: f64) -> Result<f64> {
        let rate = finite(rate, "learning rate")?;
        let network = &self.model.card.network;
        if network.outputs != 1 {
            return Err(Error::unsupported(
                "bench.outputs",
                "The benchmark trains networks with one output.",
            ));
        }
        let learning = self.chosen.device.clone().autodiff();
        let images = Images { shape: self.shape(x.len(), batch, size, network.input_channels)?, values: x };
        let shape = self.shape(y.len(), batch, size, 1)?;
        let y = Tensor::<4>::from_data(TensorData::new(y, shape), &learning);
        let ones = y.ones_like();
        let mut learner = self.learner.take().unwrap_or_else(|| Learner {
            net: stable_ids(self.model.net.clone().train()),
            optimiser: Optimiser::Adam { weight_decay: 0.0 }.init(None),
        });
        let (value, gradients) = gradients(&learner.net, images, 0, |heads| {
            let logits = heads.into_iter().next_back();
            let logits = logits.ok_or_else(|| Error::invalid("net.config", "This network has no output."))?;
            Ok::<_, Error>(loss(logits, y, ones, &Loss::cross_entropy()))
        })?;
        learner.net = learner.optimiser.step(rate, learner.net, gradients);
        self.learner.replace(Some(learner));
        let value = value.into_data_async().await;
        self.chosen.check()?;
        Ok(floats(value.map_err(unreadable)?)?.first().copied().map_or(f64::NAN, f64::from))
    }

    /// `[batch, channels, size, size]`, if so many values are there.
    fn shape(&self, values: usize, batch: f64, size: f64, channels: usize) -> Result<[usize; 4]> {
        let (batch, size) = (whole(batch, "batch")?, whole(size, "size")?);
        let dims = [batch, channels, size, size];
        filled(values, &dims, "array")?;
        if !Geometry::of(&self.model.card.network).is_legal(size) {
            return Err(Error::invalid(
                "argument",
                format!("The network cannot take images of {size} pixels."),
            ));
        }
        Ok(dims)
    }
}
