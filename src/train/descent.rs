//! Steps of an optimiser whose moments can be read at any time, also from a GPU on the web.
//!
//! Burn's own keeps its moments to itself and hands them out by a read that blocks, which a browser forbids; and it takes a dozen calls for
//! each parameter, where one is enough.

use std::collections::BTreeMap;

use burn::grad_clipping::{GradientClipping, GradientClippingConfig};
use burn::module::{Module, ModuleMapper, Param};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use crate::net::{self, Adam};
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

    /// The value after a step.
    fn moved<const D: usize>(
        &mut self,
        id: u64,
        learning_rate: f64,
        value: Tensor<D>,
        gradient: Tensor<D>,
    ) -> Tensor<D> {
        let dims = value.dims();
        let length = dims.iter().product::<usize>();
        let gradient = match &self.clip {
            Some(clip) => clip.clip_gradient(gradient),
            None => gradient,
        };
        let (value, gradient) = (value.reshape([length]), gradient.reshape([length]));
        let before = self.moments.remove(&id);
        let (value, after) = match self.rule {
            Optimiser::Adam { weight_decay } => {
                adam(learning_rate, [weight_decay, 0.0], value, gradient, before)
            }
            Optimiser::AdamW { weight_decay } => {
                adam(learning_rate, [0.0, weight_decay], value, gradient, before)
            }
            Optimiser::Sgd { momentum, weight_decay } => {
                let gradient = if weight_decay > 0.0 {
                    value.clone().mul_scalar(weight_decay).add(gradient)
                } else {
                    gradient
                };
                let (velocity, time) = match before {
                    Some(before) => (gradient.add(before.first.mul_scalar(momentum as f32)), before.time + 1),
                    None => (gradient, 1),
                };
                let after = Moments { time, first: velocity.clone(), second: None };
                (value - velocity.mul_scalar(learning_rate), (momentum > 0.0).then_some(after))
            }
        };
        if let Some(after) = after {
            self.moments.insert(id, after);
        }
        value.reshape(dims)
    }
}

/// Values and moments after a step of Adam. `decay`: of Adam, which is added to the gradient, and of AdamW, which shrinks the values.
fn adam(
    learning_rate: f64,
    [decay, apart]: [f32; 2],
    value: Tensor<1>,
    gradient: Tensor<1>,
    before: Option<Moments>,
) -> (Tensor<1>, Option<Moments>) {
    let time = before.as_ref().map_or(1, |before| before.time.saturating_add(1));
    let steps = i32::try_from(time).unwrap_or(i32::MAX);
    let correction = (1.0 - BETA_2.powi(steps)).sqrt();
    let step = Adam {
        decay,
        keep: (1.0 - learning_rate * f64::from(apart)) as f32,
        beta: [BETA_1, BETA_2],
        rate: (learning_rate * f64::from(correction / (1.0 - BETA_1.powi(steps)))) as f32,
        epsilon: EPSILON * correction,
    };
    let moments = before.and_then(|before| Some([before.first, before.second?]));
    let by_kernel = net::adam(step, value.clone(), gradient.clone(), moments.clone());
    let [value, first, second] = by_kernel.unwrap_or_else(|| by_operations(step, value, gradient, moments));
    (value, Some(Moments { time, first, second: Some(second) }))
}

/// The same, one operation after the other.
fn by_operations(
    step: Adam,
    value: Tensor<1>,
    gradient: Tensor<1>,
    moments: Option<[Tensor<1>; 2]>,
) -> [Tensor<1>; 3] {
    let Adam { decay, keep, beta: [b1, b2], rate, epsilon } = step;
    let gradient = value.clone().mul_scalar(decay).add(gradient);
    let mut first = gradient.clone().mul_scalar(1.0 - b1);
    let mut second = gradient.square().mul_scalar(1.0 - b2);
    if let Some([old, older]) = moments {
        first = first.add(old.mul_scalar(b1));
        second = second.add(older.mul_scalar(b2));
    }
    let delta = first.clone().div(second.clone().sqrt().add_scalar(epsilon)).mul_scalar(rate);
    [value.mul_scalar(keep) - delta, first, second]
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
            Tensor::from_inner(self.descent.moved(id.val(), self.learning_rate, value.inner(), gradient));
        if let Some(strategy) = checkpointing {
            moved = moved.with_gradient_checkpointing_strategy(strategy);
        }
        if learns {
            moved = moved.require_grad();
        }
        Param::from_mapped_value(id, moved, mapper)
    }
}
