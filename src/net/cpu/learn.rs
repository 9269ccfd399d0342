//! A training step's way through the network: the pass, and back from the gradients of the logits to those of the parameters.

use burn::module::{Param, ParamId};
use burn::nn::BatchNorm;
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor, TensorData};
use insitu_kernels::cpu::{
    Finish, Kind, Maps, Processor, add_channels, affine, batch_norm_gradient, concatenate, crop,
    crop_gradient, each_with, enlarge, enlarge_gradient, max_pool, max_pool_gradient, moments, sums,
    weight_gradient, weight_gradient_direct,
};

use super::super::config::Activation;
use super::super::dropout::Drops;
use super::super::graph::Graph;
use super::super::op::{Node, Op};
use super::super::unet::UNet;
use super::infer::{activate, slope};
use super::layers::{self, Convolution};

/// What batch normalisation did.
struct Normed {
    mean: Vec<f32>,
    /// One over the deviation.
    inverse: Vec<f32>,
    gamma: Vec<f32>,
    /// Whether mean and deviation are the running ones.
    fixed: bool,
}

/// A pass in which the network learns: results of all nodes are kept for the way back.
pub struct Learning<'a> {
    net: &'a UNet,
    graph: &'a Graph,
    order: Vec<usize>,
    values: Vec<Option<Maps>>,
    normed: Vec<Option<Normed>>,
    /// What dropout multiplied with.
    masks: Vec<Option<Maps>>,
    /// Whether a node's result depends on a parameter that learns.
    learns: Vec<bool>,
    processor: Processor,
}

impl<'a> Learning<'a> {
    /// Runs all heads on `[batch, channel, height, width]`, with dropout drawn from `seed`; batch normalisation updates its running
    /// statistics where it learns. Nothing if the network has an operation that is not written here.
    ///
    /// The network must lie in the CPU's memory.
    pub(in super::super) fn forward(
        net: &'a UNet,
        input: &[f32],
        shape: [usize; 4],
        seed: u64,
    ) -> Option<Self> {
        let graph = net.graph();
        let nodes = graph.nodes.len();
        let written = |node: &Node| match node.op {
            Op::UpsampleBilinear { .. } => false,
            op => !op.is_convolution() || layers::kind(op).is_some(),
        };
        let order = graph.needed(&graph.heads);
        if !order.iter().all(|i| written(&graph.nodes[*i])) {
            return None;
        }
        let none = |_| None;
        let mut learning = Self {
            net,
            graph,
            order: order.clone(),
            values: (0..nodes).map(none).collect(),
            normed: (0..nodes).map(|_| None).collect(),
            masks: (0..nodes).map(|_| None).collect(),
            learns: vec![false; nodes],
            processor: Processor::here(),
        };
        let mut drops = Drops::new(seed);
        for index in order {
            learning.node(index, input, shape, &mut drops)?;
        }
        Some(learning)
    }

    /// The logits of each head, from the shallowest to the deepest: `[batch, output, height, width]`.
    pub fn logits(&self) -> Vec<(Vec<f32>, [usize; 4])> {
        let of = |maps: &Maps| (maps.planes(), [maps.batch, maps.channels, maps.height, maps.width]);
        self.graph.heads.iter().filter_map(|head| self.values[*head].as_ref().map(of)).collect()
    }

    /// The maps that a node reads: of a concatenation those of its inputs.
    fn sources(&self, index: usize) -> Vec<usize> {
        let node = &self.graph.nodes[index];
        match node.op {
            Op::Concatenate => node.inputs.iter().flat_map(|i| self.maps(*i)).collect(),
            _ => node.inputs.first().map(|i| self.maps(*i)).unwrap_or_default(),
        }
    }

    /// The nodes whose maps are a node's result.
    fn maps(&self, index: usize) -> Vec<usize> {
        match self.values[index] {
            Some(_) => vec![index],
            None => self.sources(index),
        }
    }

    /// The maps of a node's first input, joined if they are several.
    fn whole(&mut self, index: usize) -> Option<&Maps> {
        let input = *self.graph.nodes[index].inputs.first()?;
        if self.values[input].is_none() {
            let from = self.sources(input);
            if let [one] = from[..] {
                return self.values[one].as_ref();
            }
            let from: Vec<&Maps> = from.iter().filter_map(|i| self.values[*i].as_ref()).collect();
            let first = from.first()?;
            let channels = from.iter().map(|m| m.channels).sum();
            let mut joined = Maps::zeros(first.batch, first.height, first.width, channels);
            concatenate(&from, &mut joined);
            self.values[input] = Some(joined);
        }
        self.values[input].as_ref()
    }

    fn node(&mut self, index: usize, input: &[f32], shape: [usize; 4], drops: &mut Drops) -> Option<()> {
        let node = &self.graph.nodes[index];
        self.learns[index] = node.inputs.iter().any(|i| self.learns[*i]);
        let result = match node.op {
            Op::Input => Maps::from_planes(input, shape),
            Op::Concatenate => return Some(()),
            Op::Convolution { .. } | Op::TransposedConvolution => return self.convolution(index),
            Op::BatchNorm { epsilon } => return self.norm(index, epsilon),
            Op::Relu => {
                let mut to = self.whole(index)?.clone();
                activate(&mut to, Activation::Relu);
                to
            }
            Op::Activation(activation) => {
                let mut to = self.whole(index)?.clone();
                activate(&mut to, activation);
                to
            }
            Op::MaxPool => {
                let from = self.whole(index)?;
                let mut to = Maps::zeros(from.batch, from.height / 2, from.width / 2, from.channels);
                max_pool(from, &mut to);
                to
            }
            Op::UpsampleNearest => {
                let from = self.whole(index)?;
                let mut to = Maps::zeros(from.batch, 2 * from.height, 2 * from.width, from.channels);
                enlarge(from, &mut to);
                to
            }
            Op::Crop { margin } => {
                let from = self.whole(index)?;
                let [height, width] = from.size().map(|n| n - 2 * margin);
                let mut to = Maps::zeros(from.batch, height, width, from.channels);
                crop(from, margin, &mut to);
                to
            }
            Op::Dropout { rate } if rate > 0.0 => {
                let mut to = self.whole(index)?.clone();
                let shape = [to.batch, to.channels, to.height, to.width];
                let mask = Maps::from_planes(&drops.mask(shape.iter().product(), rate), shape);
                each_with(&mut to, &mask, |x, kept| x * kept);
                self.masks[index] = Some(mask);
                to
            }
            Op::Dropout { .. } => return Some(()),
            Op::UpsampleBilinear { .. } => return None,
        };
        self.values[index] = Some(result);
        Some(())
    }

    fn convolution(&mut self, index: usize) -> Option<()> {
        let node = &self.graph.nodes[index];
        let layer = self.net.layer_of(index);
        let [weight, bias] = layers::convolution(self.net, node.op, layer)?;
        let kind = layers::kind(node.op)?;
        let sources = self.sources(index);
        let inputs: Vec<usize> = sources.iter().map(|i| self.graph.nodes[*i].channels).collect();
        let convolution = Convolution::new(kind, &weight, &inputs, node.channels, self.processor);
        if !convolution.joins() {
            self.whole(index)?;
        }
        let from: Vec<&Maps> = self.sources(index).iter().filter_map(|i| self.values[*i].as_ref()).collect();
        let first = from.first()?;
        let [height, width] = convolution.result(first.size());
        let mut to = Maps::zeros(first.batch, height, width, node.channels);
        convolution.run(self.processor, &from, &Finish::new(&bias, None, None), &mut to);
        self.values[index] = Some(to);
        let (weight, bias) = parameters(self.net, node.op, layer)?;
        self.learns[index] |=
            weight.val().is_require_grad() || bias.is_some_and(|b| b.val().is_require_grad());
        Some(())
    }

    /// Batch normalisation, and the activation that follows it.
    fn norm(&mut self, index: usize, epsilon: f64) -> Option<()> {
        let number = self.net.layer_of(index);
        let layer = self.net.norms.get(number)?;
        let [gamma, beta, mut mean, mut variance] = layers::norm(self.net, number)?;
        let fixed = !layer.training.is_enabled();
        let processor = self.processor;
        let from = self.whole(index)?;
        if !fixed {
            [mean, variance] = moments(processor, from);
            follow(layer, &mean, &variance);
        }
        let inverse: Vec<f32> =
            variance.iter().map(|v| (1.0 / (f64::from(*v) + epsilon).sqrt()) as f32).collect();
        let scale: Vec<f32> = gamma.iter().zip(&inverse).map(|(g, i)| g * i).collect();
        let shift: Vec<f32> = scale.iter().zip(&beta).zip(&mean).map(|((s, b), m)| b - s * m).collect();
        let mut to = Maps::zeros(from.batch, from.height, from.width, from.channels);
        affine(processor, from, &scale, &shift, None, &mut to);
        self.values[index] = Some(to);
        self.learns[index] |= layer.gamma.val().is_require_grad() || layer.beta.val().is_require_grad();
        self.normed[index] = Some(Normed { mean, inverse, gamma, fixed });
        Some(())
    }

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
            // Nobody before it reads its result again.
            self.values[index] = None;
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
            Op::Input | Op::UpsampleBilinear { .. } => {}
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
                let x = self.whole(index)?;
                let [of_gamma, of_beta] =
                    batch_norm_gradient(processor, x, [&mean, &inverse, &gamma], fixed, &mut gradient);
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
                    (Some(slope), _) => {
                        each_with(&mut gradient, y, |g, y| if y > 0.0 { g } else { g * slope })
                    }
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
                    each_with(&mut gradient, mask, |g, kept| g * kept);
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
            match kind {
                Kind::Same { kernel: 3, padding } if padding == [padding[0]; 4] && inputs > 3 => {
                    weight_gradient(processor, &from, &gradient, padding[0], &mut of_weight);
                }
                _ => {
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
            let mut to = Maps::zeros(first.batch, first.height, first.width, inputs);
            back.run(processor, &[&gradient], &Finish::new(&vec![0.0; inputs], None, None), &mut to);
            add(&mut open[input], to);
        }
        Some(())
    }
}

/// Weight and bias of a convolution.
type Parameters<'a> = (&'a Param<Tensor<4>>, Option<&'a Param<Tensor<1>>>);

fn parameters(net: &UNet, op: Op, layer: usize) -> Option<Parameters<'_>> {
    Some(match op {
        Op::TransposedConvolution => {
            let layer = net.transposed.get(layer)?;
            (&layer.weight, layer.bias.as_ref())
        }
        _ => {
            let layer = net.convolutions.get(layer)?;
            (&layer.weight, layer.bias.as_ref())
        }
    })
}

/// The slope above 0, and what is added to the result below 0 to have the slope there: of an exponential unit.
fn exponential(activation: Activation) -> [f32; 2] {
    match activation {
        Activation::Elu(alpha) => [1.0, alpha as f32],
        Activation::Selu => [1.050_701, 1.050_701 * 1.673_263_2],
        Activation::Relu => [1.0, 0.0],
        Activation::LeakyRelu(slope) => [1.0, slope as f32],
    }
}

/// Adds to a sum that may be empty.
fn add(sum: &mut Option<Maps>, more: Maps) {
    match sum {
        Some(sum) => each_with(sum, &more, |a, b| a + b),
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

/// The running statistics move towards those of the batch, as Burn's do.
fn follow(layer: &BatchNorm, mean: &[f32], variance: &[f32]) {
    for (running, now) in [(&layer.running_mean, mean), (&layer.running_var, variance)] {
        let before = running.value_sync();
        let now = Tensor::<1>::from_data(TensorData::new(now.to_vec(), [now.len()]), &before.device());
        running.update(before.mul_scalar(1.0 - layer.momentum).add(now.mul_scalar(layer.momentum)).detach());
    }
}
