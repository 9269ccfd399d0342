//! The way back of a training step: from the gradients of the logits to those of the parameters.

use burn::module::{Param, ParamId};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use insitu_kernels::cpu::{
    Finish, Gate, Kind, Maps, Normalised, add_channels, batch_norm_gradient, crop_gradient, each_with,
    enlarge_gradient, gate, max_pool_gradient, multiply, sums, weight_gradient, weight_gradient_direct,
};

use super::super::config::{Activation, SELU};
use super::super::op::Op;
use super::infer::slope;
use super::layers::{self, Convolution, over_tiles, parameters};
use super::learn::{Learning, Normed};

impl Learning<'_> {
    /// The gradients of all parameters that learn, from those of the logits of each head, in the order of [`Learning::logits`].
    pub fn backward(mut self, gradients: &[Vec<f32>]) -> GradientsParams {
        let mut all = GradientsParams::new();
        let mut open: Vec<Option<Maps>> = (0..self.graph.nodes.len()).map(|_| None).collect();
        for (head, gradient) in self.graph.heads.iter().zip(gradients) {
            if let Some(maps) = &self.values[*head] {
                let shape = [maps.batch, maps.channels, maps.height, maps.width];
                add(&mut open[*head], Maps::from_planes(gradient, shape));
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
        mut gradient: Maps,
        open: &mut [Option<Maps>],
        all: &mut GradientsParams,
    ) -> Option<()> {
        let (node, processor) = (&self.graph.nodes[index], self.processor);
        let input = *node.inputs.first()?;
        let like = |maps: &Maps| Maps::zeros(maps.batch, maps.height, maps.width, maps.channels);
        match node.op {
            Op::Input
            | Op::InstanceNorm { .. }
            | Op::StridedConvolution
            | Op::WideTransposedConvolution
            | Op::UpsampleBilinear { .. } => {}
            Op::Concatenate => {
                let mut first = 0;
                for input in &node.inputs {
                    let channels = self.graph.nodes[*input].channels;
                    if self.learns[*input] {
                        let [batch, height, width] = [gradient.batch, gradient.height, gradient.width];
                        let to =
                            open[*input].get_or_insert_with(|| Maps::zeros(batch, height, width, channels));
                        add_channels(&gradient, first, to);
                    }
                    first += channels;
                }
            }
            Op::Convolution { .. } | Op::TransposedConvolution => {
                return self.back_through_convolution(index, gradient, open, all);
            }
            Op::BatchNorm { .. } => {
                let Normed { mean, inverse, gamma, fixed } = self.normed[index].take()?;
                self.whole(index)?;
                let x = self.maps(input).first().and_then(|i| self.values[*i].as_ref())?;
                let done = Normalised { x, mean: &mean, inverse: &inverse, gamma: &gamma, fixed };
                let follower = self.followers[index];
                let by =
                    follower.and_then(|(next, slope)| Some(Gate { by: self.values[next].as_ref()?, slope }));
                let [of_gamma, of_beta] = batch_norm_gradient(processor, done, by, &mut gradient);
                let layer = self.net.norms.get(self.net.layer_of(index))?;
                register(all, &layer.gamma, of_gamma, [node.channels]);
                register(all, &layer.beta, of_beta, [node.channels]);
                if self.learns[input] {
                    add(&mut open[input], gradient);
                }
            }
            Op::Relu | Op::Activation(_) => {
                let y = self.values[index].as_ref()?;
                match (slope(node.op), node.op) {
                    // Batch normalisation takes it through its activation itself.
                    (Some(_), _) if self.normed[input].is_some() && self.followers[input].is_some() => {}
                    (Some(slope), _) => gate(processor, &mut gradient, Gate { by: y, slope }),

                    (None, Op::Activation(activation)) => {
                        let [above, below] = exponential(activation);
                        each_with(&mut gradient, y, |g, y| g * if y > 0.0 { above } else { y + below });
                    }
                    (None, _) => {}
                }
                add(&mut open[input], gradient);
            }
            Op::MaxPool => {
                let from = self.whole(index)?;
                max_pool_gradient(from, &gradient, open[input].get_or_insert_with(|| like(from)));
            }
            Op::UpsampleNearest => {
                let from = self.whole(index)?;
                enlarge_gradient(&gradient, open[input].get_or_insert_with(|| like(from)));
            }
            Op::Crop { margin } => {
                let from = self.whole(index)?;
                crop_gradient(&gradient, margin, open[input].get_or_insert_with(|| like(from)));
            }
            Op::Dropout { .. } => {
                if let Some(mask) = &self.masks[index] {
                    multiply(&mut gradient, mask);
                }
                add(&mut open[input], gradient);
            }
        }
        Some(())
    }

    fn back_through_convolution(
        &mut self,
        index: usize,
        gradient: Maps,
        open: &mut [Option<Maps>],
        all: &mut GradientsParams,
    ) -> Option<()> {
        let node = &self.graph.nodes[index];
        let (processor, number) = (self.processor, self.net.layer_of(index));
        let kind = layers::kind(node.op)?;
        let (weight, bias) = parameters(self.net, node.op, number)?;
        let sources = self.sources(index);
        let from: Vec<&Maps> = sources.iter().filter_map(|i| self.values[*i].as_ref()).collect();
        let inputs: usize = from.iter().map(|m| m.channels).sum();
        let values = layers::values(weight.val())?;
        if weight.val().is_require_grad() {
            let mut of_weight = vec![0.0; values.len()];
            match over_tiles(kind, inputs) {
                Some(padding) => weight_gradient(processor, &from, &gradient, padding, &mut of_weight),
                None => {
                    let taps = values.len() / (inputs * node.channels);
                    weight_gradient_direct(
                        processor,
                        kind,
                        from.first()?,
                        &gradient,
                        |output, input, tap, value| {
                            let at = match kind {
                                Kind::Doubling => input * node.channels + output,
                                _ => output * inputs + input,
                            };
                            of_weight[at * taps + tap] += value;
                        },
                    );
                }
            }
            register(all, weight, of_weight, weight.val().dims());
        }
        if let Some(bias) = bias {
            let sums = sums(processor, &gradient).into_iter().map(|s| s as f32).collect();
            register(all, bias, sums, [node.channels]);
        }
        let input = *node.inputs.first()?;
        if self.learns[input] {
            let back = Convolution::backward(kind, &values, inputs, node.channels, processor);
            let first = from.first()?;
            let mut to = Maps::unwritten(first.batch, first.height, first.width, inputs);
            back.run(processor, &[&gradient], &Finish::new(&vec![0.0; inputs], None, None), &mut to);
            add(&mut open[input], to);
        }
        Some(())
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

/// Adds to a sum that may be empty.
fn add(sum: &mut Option<Maps>, more: Maps) {
    match sum {
        Some(sum) => insitu_kernels::cpu::add(sum, &more),
        None => *sum = Some(more),
    }
}

fn register<const D: usize>(
    all: &mut GradientsParams,
    to: &Param<Tensor<D>>,
    values: Vec<f32>,
    shape: [usize; D],
) {
    if to.val().is_require_grad() {
        let id: ParamId = to.id;
        all.register(id, Tensor::<D>::from_data(TensorData::new(values, shape), &Device::flex()));
    }
}
