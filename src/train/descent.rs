//! Steps of an optimiser whose moments can be read at any time, also from a GPU on the web.
//!
//! Burn's own keeps its moments to itself and hands them out by a read that blocks, which a browser forbids. The
//! arithmetic here is the same, operation by operation.

use std::collections::BTreeMap;

use burn::grad_clipping::{GradientClipping, GradientClippingConfig};
use burn::module::{Module, ModuleMapper, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use crate::weights::Optimiser;

/// Adam's decay of the first and the second moment, and what keeps its division finite (Kingma and Ba 2015).
const BETA_1: f32 = 0.9;
const BETA_2: f32 = 0.999;
const EPSILON: f32 = 1e-8;

/// What is remembered of one parameter from step to step; flat, since nothing depends on the shape.
#[derive(Clone, Debug)]
pub(super) struct Moments {
    /// Steps that the parameter took.
    pub time: usize,
    /// Adam's first moment, or the velocity of gradient descent.
    pub first: Tensor<1>,
    /// Adam's second moment.
    pub second: Option<Tensor<1>>,
}

/// An optimiser under way: what it does, and what it remembers of each parameter.
#[derive(Clone)]
pub struct Descent {
    rule: Optimiser,
    clip: Option<GradientClipping>,
    moments: BTreeMap<u64, Moments>,
}

impl Optimiser {
    /// Ready for use. Gradients whose Euclidean norm is over `clip` are scaled down to it, each parameter's on its own
    /// (not all together, as PyTorch's `clip_grad_norm_` does).
    pub fn init(self, clip: Option<f32>) -> Descent {
        let clip = clip.map(|norm| GradientClippingConfig::Norm(norm).init());
        Descent { rule: self, clip, moments: BTreeMap::new() }
    }

    /// How many tensors it remembers of each parameter.
    pub(super) fn moment_count(self) -> usize {
        match self {
            Optimiser::Adam { .. } | Optimiser::AdamW { .. } => 2,
            Optimiser::Sgd { momentum, .. } => usize::from(momentum > 0.0),
        }
    }
}

impl Descent {
    /// Moves the parameters that have gradients, and takes note of it.
    pub fn step<M: Module>(&mut self, learning_rate: f64, module: M, gradients: GradientsParams) -> M {
        module.map(&mut Mover { descent: self, learning_rate, gradients })
    }

    /// What is remembered, by the identity of the parameters.
    pub(super) fn moments(&self) -> &BTreeMap<u64, Moments> {
        &self.moments
    }

    /// Goes on with what another remembered.
    pub(super) fn with_moments(self, moments: BTreeMap<u64, Moments>) -> Self {
        Self { moments, ..self }
    }

    /// What to subtract, and the value to subtract it from.
    fn change<const D: usize>(
        &mut self,
        id: u64,
        learning_rate: f64,
        value: Tensor<D>,
        gradient: Tensor<D>,
    ) -> Tensor<D> {
        let dims = value.dims();
        let length = dims.iter().product::<usize>();
        let mut gradient = match &self.clip {
            Some(clip) => clip.clip_gradient(gradient),
            None => gradient,
        };
        let (decay, apart) = match self.rule {
            Optimiser::Adam { weight_decay } | Optimiser::Sgd { weight_decay, .. } => (weight_decay, false),
            Optimiser::AdamW { weight_decay } => (weight_decay, true),
        };
        if decay > 0.0 && !apart {
            gradient = value.clone().mul_scalar(decay).add(gradient);
        }
        let flat = gradient.reshape([length]);
        let before = self.moments.remove(&id);
        let (delta, after) = match self.rule {
            Optimiser::Adam { .. } => {
                let (first, second, time) = adam(flat, before);
                let correction = (1.0 - BETA_2.powi(time)).sqrt();
                let factor = correction / (1.0 - BETA_1.powi(time));
                let delta = first
                    .clone()
                    .mul_scalar(factor)
                    .div(second.clone().sqrt().add_scalar(EPSILON * correction));
                (delta, Some(Moments { time: time as usize, first, second: Some(second) }))
            }
            Optimiser::AdamW { .. } => {
                let (first, second, time) = adam(flat, before);
                let delta = first
                    .clone()
                    .div_scalar(1.0 - BETA_1.powi(time))
                    .div(second.clone().div_scalar(1.0 - BETA_2.powi(time)).sqrt().add_scalar(EPSILON));
                (delta, Some(Moments { time: time as usize, first, second: Some(second) }))
            }
            Optimiser::Sgd { momentum, .. } if momentum > 0.0 => {
                let (velocity, time) = match before {
                    Some(before) => (flat.add(before.first.mul_scalar(momentum as f32)), before.time + 1),
                    None => (flat, 1),
                };
                (velocity.clone(), Some(Moments { time, first: velocity, second: None }))
            }
            Optimiser::Sgd { .. } => (flat, None),
        };
        if let Some(after) = after {
            self.moments.insert(id, after);
        }
        let delta = delta.mul_scalar(learning_rate).reshape(dims);
        let value = if decay > 0.0 && apart {
            value.mul_scalar(1.0 - learning_rate * f64::from(decay))
        } else {
            value
        };
        value - delta
    }
}

/// Both moments after a gradient, and the number of steps.
fn adam(gradient: Tensor<1>, before: Option<Moments>) -> (Tensor<1>, Tensor<1>, i32) {
    let first = gradient.clone().mul_scalar(1.0 - BETA_1);
    let second = gradient.square().mul_scalar(1.0 - BETA_2);
    match before {
        Some(Moments { time, first: old, second: Some(older) }) => {
            let time = i32::try_from(time).unwrap_or(i32::MAX - 1).saturating_add(1);
            (old.mul_scalar(BETA_1).add(first), older.mul_scalar(BETA_2).add(second), time)
        }
        _ => (first, second, 1),
    }
}

/// Comes by every parameter of a module.
struct Mover<'a> {
    descent: &'a mut Descent,
    learning_rate: f64,
    gradients: GradientsParams,
}

impl ModuleMapper for Mover<'_> {
    fn map_float<const D: usize>(&mut self, param: Param<Tensor<D>>) -> Param<Tensor<D>> {
        let (id, value, mapper) = param.consume();
        let Some(gradient) = self.gradients.remove::<D>(id) else {
            return Param::from_mapped_value(id, value, mapper);
        };
        // What autodiff knows of the parameter goes over to its new value.
        let (learns, checkpointing) = (value.is_require_grad(), value.gradient_checkpointing_strategy());
        let mut moved =
            Tensor::from_inner(self.descent.change(id.val(), self.learning_rate, value.inner(), gradient));
        if let Some(strategy) = checkpointing {
            moved = moved.with_gradient_checkpointing_strategy(strategy);
        }
        if learns {
            moved = moved.require_grad();
        }
        Param::from_mapped_value(id, moved, mapper)
    }
}
