//! A training step's way through the network: a pass that keeps what the way back ([`super::back`]) needs.

use burn::nn::BatchNorm;
use burn::tensor::{Tensor, TensorData};
use insitu_kernels::cpu::{
    Finish, Maps, Processor, affine, concatenate, crop, enlarge, max_pool, moments, multiply,
};

use super::super::config::Activation;
use super::super::dropout::Drops;
use super::super::graph::Graph;
use super::super::op::{Node, Op};
use super::super::unet::UNet;
use super::infer::{activate, slope};
use super::layers::{self, Convolution, parameters};

/// What batch normalisation did.
pub(super) struct Normed {
    pub mean: Vec<f32>,
    /// One over the deviation.
    pub inverse: Vec<f32>,
    pub gamma: Vec<f32>,
    /// Whether mean and deviation are the running ones.
    pub fixed: bool,
}

/// A pass in which the network learns: results of all nodes are kept for the way back.
pub struct Learning<'a> {
    pub(super) net: &'a UNet,
    pub(super) graph: &'a Graph,
    pub(super) order: Vec<usize>,
    pub(super) values: Vec<Option<Maps>>,
    pub(super) normed: Vec<Option<Normed>>,
    /// What dropout multiplied with.
    pub(super) masks: Vec<Option<Maps>>,
    /// The activation that alone reads a node's result and is linear on both sides of 0, with its slope below: it is
    /// computed with the node, whose own result is not kept.
    pub(super) followers: Vec<Option<(usize, f32)>>,
    /// Whether a node's result depends on a parameter that learns.
    pub(super) learns: Vec<bool>,
    pub(super) processor: Processor,
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
            Op::StridedConvolution
            | Op::UpsampleBilinear { .. }
            | Op::InstanceNorm { .. }
            | Op::Activation(Activation::PRelu) => false,
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
            followers: (0..nodes).map(|index| follower(graph, &order, index)).collect(),
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
    pub(super) fn sources(&self, index: usize) -> Vec<usize> {
        let node = &self.graph.nodes[index];
        match node.op {
            Op::Concatenate => node.inputs.iter().flat_map(|i| self.maps(*i)).collect(),
            _ => node.inputs.first().map(|i| self.maps(*i)).unwrap_or_default(),
        }
    }

    /// The nodes whose maps are a node's result.
    pub(super) fn maps(&self, index: usize) -> Vec<usize> {
        match self.values[index] {
            Some(_) => vec![index],
            None => self.sources(index),
        }
    }

    /// The maps of a node's first input, joined if they are several.
    pub(super) fn whole(&mut self, index: usize) -> Option<&Maps> {
        let input = *self.graph.nodes[index].inputs.first()?;
        if self.values[input].is_none() {
            let from = self.sources(input);
            if let [one] = from[..] {
                return self.values[one].as_ref();
            }
            let from: Vec<&Maps> = from.iter().filter_map(|i| self.values[*i].as_ref()).collect();
            let first = from.first()?;
            let channels = from.iter().map(|m| m.channels).sum();
            let mut joined = Maps::unwritten(first.batch, first.height, first.width, channels);
            concatenate(&from, &mut joined);
            self.values[input] = Some(joined);
        }
        self.values[input].as_ref()
    }

    fn node(&mut self, index: usize, input: &[f32], shape: [usize; 4], drops: &mut Drops) -> Option<()> {
        let node = &self.graph.nodes[index];
        self.learns[index] |= node.inputs.iter().any(|i| self.learns[*i]);
        if self.values[index].is_some() {
            return Some(());
        }
        let result = match node.op {
            Op::Input => Maps::from_planes(input, shape),
            Op::Concatenate => return Some(()),
            Op::Convolution { .. } | Op::TransposedConvolution => return self.convolution(index),
            Op::BatchNorm { epsilon } => return self.norm(index, epsilon),
            Op::Relu | Op::Activation(_) => {
                let mut to = self.whole(index)?.clone();
                match node.op {
                    Op::Activation(activation) => activate(&mut to, activation),
                    _ => activate(&mut to, Activation::Relu),
                }
                to
            }
            Op::MaxPool => {
                let from = self.whole(index)?;
                let mut to = Maps::unwritten(from.batch, from.height / 2, from.width / 2, from.channels);
                max_pool(from, &mut to);
                to
            }
            Op::UpsampleNearest => {
                let from = self.whole(index)?;
                let mut to = Maps::unwritten(from.batch, 2 * from.height, 2 * from.width, from.channels);
                enlarge(from, &mut to);
                to
            }
            Op::Crop { margin } => {
                let from = self.whole(index)?;
                let [height, width] = from.size().map(|n| n - 2 * margin);
                let mut to = Maps::unwritten(from.batch, height, width, from.channels);
                crop(from, margin, &mut to);
                to
            }
            Op::Dropout { rate } if rate > 0.0 => {
                let mut to = self.whole(index)?.clone();
                let shape = [to.batch, to.channels, to.height, to.width];
                let mask = Maps::from_planes(&drops.mask(shape.iter().product(), rate), shape);
                multiply(&mut to, &mask);
                self.masks[index] = Some(mask);
                to
            }
            Op::Dropout { .. } => return Some(()),
            Op::InstanceNorm { .. }
            | Op::StridedConvolution
            | Op::WideTransposedConvolution
            | Op::UpsampleBilinear { .. } => return None,
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
        let mut to = Maps::unwritten(first.batch, height, width, node.channels);
        let follower = self.followers[index];
        let finish = Finish::new(&bias, follower.map(|(_, slope)| slope), None);
        convolution.run(self.processor, &from, &finish, &mut to);
        self.values[follower.map_or(index, |(next, _)| next)] = Some(to);
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
        let (processor, follower) = (self.processor, self.followers[index]);
        let from = self.whole(index)?;
        if !fixed {
            [mean, variance] = moments(processor, from);
            follow(layer, &mean, &variance);
        }
        let inverse: Vec<f32> =
            variance.iter().map(|v| (1.0 / (f64::from(*v) + epsilon).sqrt()) as f32).collect();
        let scale: Vec<f32> = gamma.iter().zip(&inverse).map(|(g, i)| g * i).collect();
        let shift: Vec<f32> = scale.iter().zip(&beta).zip(&mean).map(|((s, b), m)| b - s * m).collect();
        let mut to = Maps::unwritten(from.batch, from.height, from.width, from.channels);
        affine(processor, from, &scale, &shift, follower.map(|(_, slope)| slope), &mut to);
        self.values[follower.map_or(index, |(next, _)| next)] = Some(to);
        self.learns[index] |= layer.gamma.val().is_require_grad() || layer.beta.val().is_require_grad();
        self.normed[index] = Some(Normed { mean, inverse, gamma, fixed });
        Some(())
    }
}

/// As [`Learning::followers`] holds it.
fn follower(graph: &Graph, order: &[usize], index: usize) -> Option<(usize, f32)> {
    let takes =
        graph.nodes[index].op.is_convolution() || matches!(graph.nodes[index].op, Op::BatchNorm { .. });
    let next = graph.only_reader(index, order, &graph.heads).filter(|_| takes)?;
    Some((next, slope(graph.nodes[next].op)?))
}

/// The running statistics move towards those of the batch, as Burn's do.
fn follow(layer: &BatchNorm, mean: &[f32], variance: &[f32]) {
    for (running, now) in [(&layer.running_mean, mean), (&layer.running_var, variance)] {
        let before = running.value_sync();
        let now = Tensor::<1>::from_data(TensorData::new(now.to_vec(), [now.len()]), &before.device());
        running.update(before.mul_scalar(1.0 - layer.momentum).add(now.mul_scalar(layer.momentum)).detach());
    }
}
