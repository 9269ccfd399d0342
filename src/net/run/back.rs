//! The way back of a training step: from the gradients of the logits to those of the parameters.

use burn::module::{Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use super::super::config::{Activation, SELU};
use super::super::op::Op;
use super::by_tensors::ByTensors;
use super::compile::slope;
use super::layers::{parameters, plain};
use super::learn::Pass;
use super::machine::Machine;

impl<M: Machine> Pass<'_, M> {
    /// As [`super::Learning::backward`].
    pub fn back_from(mut self, gradients: Vec<Tensor<4>>) -> GradientsParams {
        let mut all = GradientsParams::new();
        let mut open: Vec<Option<M::Maps>> = (0..self.graph.nodes.len()).map(|_| None).collect();
        for (head, gradient) in self.graph.heads.iter().zip(gradients) {
            if let Some(gradient) = self.machine.maps(gradient) {
                self.add(&mut open[*head], gradient);
            }
        }
        for index in self.order.clone().into_iter().rev() {
            if let Some(gradient) = open[index].take().filter(|_| self.learns[index]) {
                self.back(index, gradient, &mut open, &mut all);
            }
            // Nobody before it reads its result again, but the node that an activation was computed with.
            let with = self.graph.nodes[index].inputs.first().and_then(|i| self.followers[*i]);
            if with.is_none_or(|(node, _)| node != index) {
                self.values[index] = None;
            }
            if let Some((node, _)) = self.followers[index] {
                self.values[node] = None;
            }
        }
        all
    }

    /// Takes the gradient of a node's result to those of its inputs and parameters.
    fn back(
        &mut self,
        index: usize,
        mut gradient: M::Maps,
        open: &mut [Option<M::Maps>],
        all: &mut GradientsParams,
    ) -> Option<()> {
        let node = &self.graph.nodes[index];
        let input = *node.inputs.first()?;
        match node.op {
            Op::Concatenate => {
                let mut first = 0;
                for input in &node.inputs {
                    let channels = self.graph.nodes[*input].channels;
                    if self.learns[*input] {
                        let sum = open[*input].take();
                        open[*input] = Some(self.machine.part_gradient(&gradient, first, channels, sum));
                    }
                    first += channels;
                }
            }
            op if ByTensors::knows(op) => {
                let learnt = self.learnt[index].take()?;
                let gradient = learnt.back(self.net, index, self.machine.tensor(&gradient), all)?;
                if self.learns[input] {
                    let gradient = self.machine.maps(gradient)?;
                    self.add(&mut open[input], gradient);
                }
            }
            op if op.is_convolution() => {
                return self.back_through_convolution(index, gradient, open, all);
            }
            Op::BatchNorm { .. } => {
                let normed = self.normed[index].take()?;
                self.whole(index)?;
                let from = self.joined(input)?;
                let follower = self.followers[index];
                let gate = follower.and_then(|(next, slope)| Some((self.values[next].as_ref()?, slope)));
                let [of_gamma, of_beta] =
                    self.machine.batch_norm_gradient(from, &normed, gate, &mut gradient);
                let layer = self.net.norms.get(self.net.layer_of(index))?;
                register(all, &layer.gamma, of_gamma);
                register(all, &layer.beta, of_beta);
                if self.learns[input] {
                    self.add(&mut open[input], gradient);
                }
            }
            Op::Relu | Op::Activation(_) => {
                let y = self.values[index].as_ref()?;
                match (slope(node.op), node.op) {
                    // Batch normalisation takes it through its activation itself.
                    (Some(_), _) if self.normed[input].is_some() && self.followers[input].is_some() => {}
                    (Some(slope), _) => self.machine.gate(&mut gradient, y, slope),
                    (None, Op::Activation(activation)) => {
                        self.machine.exponential_gradient(&mut gradient, y, exponential(activation));
                    }
                    (None, _) => {}
                }
                self.add(&mut open[input], gradient);
            }
            Op::MaxPool => {
                self.whole(index)?;
                let (from, sum) = (self.joined(input)?, open[input].take());
                open[input] = Some(self.machine.max_pool_gradient(from, &gradient, sum));
            }
            Op::UpsampleNearest => {
                let sum = open[input].take();
                open[input] = Some(self.machine.enlarge_gradient(&gradient, sum));
            }
            Op::Crop { margin } => {
                self.whole(index)?;
                let [_, _, height, width] = self.machine.shape(self.joined(input)?);
                let sum = open[input].take();
                open[input] = Some(self.machine.crop_gradient(&gradient, margin, [height, width], sum));
            }
            Op::Dropout { .. } => {
                if let Some(mask) = &self.masks[index] {
                    gradient = self.machine.multiply(&gradient, mask);
                }
                self.add(&mut open[input], gradient);
            }
            // The image.
            _ => {}
        }
        Some(())
    }

    fn back_through_convolution(
        &mut self,
        index: usize,
        gradient: M::Maps,
        open: &mut [Option<M::Maps>],
        all: &mut GradientsParams,
    ) -> Option<()> {
        let node = &self.graph.nodes[index];
        let (weight, bias) = parameters(self.net, node.op, self.net.layer_of(index))?;
        let sources = self.sources(index);
        let from: Vec<&M::Maps> = sources.iter().filter_map(|i| self.values[*i].as_ref()).collect();
        if weight.val().is_require_grad() {
            let shape = weight.val().dims();
            register(all, weight, self.machine.weight_gradient(node.op, &from, &gradient, shape)?);
        }
        if let Some(bias) = bias
            && bias.val().is_require_grad()
        {
            register(all, bias, self.machine.sums(&gradient));
        }
        let input = *node.inputs.first()?;
        if self.learns[input] {
            let [_, _, height, width] = self.machine.shape(from.first()?);
            let to = self.machine.convolution_gradient(
                node.op,
                plain(weight.val()),
                &gradient,
                [height, width],
            )?;
            self.add(&mut open[input], to);
        }
        Some(())
    }

    /// Adds to a sum that may be empty.
    fn add(&self, sum: &mut Option<M::Maps>, more: M::Maps) {
        match sum {
            Some(sum) => self.machine.add(sum, more),
            None => *sum = Some(more),
        }
    }
}

/// The slope above 0, and what is added to the result below 0 to have the slope there: of an exponential unit.
fn exponential(activation: Activation) -> [f32; 2] {
    match activation {
        Activation::Elu(alpha) => [1.0, alpha as f32],
        Activation::Selu => {
            let [alpha, scale] = SELU.map(|v| v as f32);
            [scale, scale * alpha]
        }
        Activation::Relu | Activation::PRelu => [1.0, 0.0],
        Activation::LeakyRelu(slope) => [1.0, slope as f32],
    }
}

/// The gradient of a parameter that learns.
pub(super) fn register<const D: usize>(all: &mut GradientsParams, to: &Param<Tensor<D>>, values: Tensor<D>) {
    if to.val().is_require_grad() {
        let id: ParamId = to.id;
        all.register(id, values);
    }
}
