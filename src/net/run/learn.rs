//! A training step's way through the network: a pass that keeps what the way back ([`super::back`]) needs.

use burn::nn::BatchNorm;
use burn::optim::GradientsParams;
use burn::tensor::Tensor;

use super::super::dropout::Drops;
use super::super::graph::Graph;
use super::super::interpolate::Frame;
use super::super::op::Op;
use super::super::unet::UNet;
use super::Learns;
use super::by_tensors::{ByTensors, Learnt};
use super::compile::slope;
use super::layers::{gamma_and_beta, parameters, plain};
use super::machine::{Finish, Machine, Moments};
use crate::net::Activation;

/// A pass in which the network learns.
pub(super) struct Pass<'a, M: Machine> {
    pub machine: M,
    pub net: &'a UNet,
    pub graph: &'a Graph,
    pub order: Vec<usize>,
    pub values: Vec<Option<M::Maps>>,
    pub normed: Vec<Option<M::Normed>>,
    /// What went by tensors.
    pub learnt: Vec<Option<Learnt>>,
    /// What dropout multiplied with.
    pub masks: Vec<Option<M::Maps>>,
    /// The activation that alone reads a node's result and is linear on both sides of 0, with its slope below: it is
    /// computed with the node, whose own result is not kept.
    pub followers: Vec<Option<(usize, f32)>>,
    /// Whether a node's result depends on a parameter that learns.
    pub learns: Vec<bool>,
}

impl<M: Machine> Learns for Pass<'_, M> {
    fn logits(&self) -> Vec<Tensor<4>> {
        let heads = self.graph.heads.iter().filter_map(|head| self.values[*head].as_ref());
        heads.map(|maps| self.machine.tensor(maps)).collect()
    }

    fn backward(self: Box<Self>, gradients: Vec<Tensor<4>>) -> GradientsParams {
        self.back_from(gradients)
    }
}

impl<'a, M: Machine> Pass<'a, M> {
    /// As [`super::Learning::forward`].
    pub fn forward(machine: M, net: &'a UNet, input: &[f32], shape: [usize; 4], seed: u64) -> Option<Self> {
        let graph = net.graph();
        let nodes = graph.nodes.len();
        let order = graph.needed(&graph.heads);
        let mut learning = Self {
            machine,
            net,
            graph,
            order: order.clone(),
            values: (0..nodes).map(|_| None).collect(),
            normed: (0..nodes).map(|_| None).collect(),
            learnt: (0..nodes).map(|_| None).collect(),
            masks: (0..nodes).map(|_| None).collect(),
            followers: (0..nodes).map(|index| follower(graph, &order, index)).collect(),
            learns: vec![false; nodes],
        };
        let mut drops = Drops::new(seed);
        for index in order {
            learning.node(index, input, shape, &mut drops)?;
        }
        Some(learning)
    }

    /// The maps that a node reads: of a concatenation those of its inputs.
    pub fn sources(&self, index: usize) -> Vec<usize> {
        let node = &self.graph.nodes[index];
        match node.op {
            Op::Concatenate => node.inputs.iter().flat_map(|i| self.maps(*i)).collect(),
            _ => node.inputs.first().map(|i| self.maps(*i)).unwrap_or_default(),
        }
    }

    /// The nodes whose maps are a node's result.
    pub fn maps(&self, index: usize) -> Vec<usize> {
        match self.values[index] {
            Some(_) => vec![index],
            None => self.sources(index),
        }
    }

    /// The maps of a node's first input, joined if they are several.
    pub fn whole(&mut self, index: usize) -> Option<&M::Maps> {
        let input = *self.graph.nodes[index].inputs.first()?;
        if self.values[input].is_none() {
            let from = self.sources(input);
            if let [one] = from[..] {
                return self.values[one].as_ref();
            }
            let from: Vec<&M::Maps> = from.iter().filter_map(|i| self.values[*i].as_ref()).collect();
            let joined = self.machine.concatenate(&from)?;
            self.values[input] = Some(joined);
        }
        self.values[input].as_ref()
    }

    /// The maps of a node's first input, if they are there as one.
    pub fn joined(&self, input: usize) -> Option<&M::Maps> {
        self.maps(input).first().and_then(|i| self.values[*i].as_ref())
    }

    fn node(&mut self, index: usize, input: &[f32], shape: [usize; 4], drops: &mut Drops) -> Option<()> {
        let node = &self.graph.nodes[index];
        self.learns[index] |= node.inputs.iter().any(|i| self.learns[*i]);
        if self.values[index].is_some() {
            return Some(());
        }
        match node.op {
            Op::Input => {
                self.values[index] = Some(self.machine.input(input, shape));
                return Some(());
            }
            Op::Concatenate => return Some(()),
            Op::Dropout { rate } if rate <= 0.0 => return Some(()),
            op if op.is_convolution() => return self.convolution(index),
            Op::BatchNorm { epsilon } => return self.norm(index, epsilon),
            op if ByTensors::knows(op) => return self.by_tensors(index, [shape[2], shape[3]]),
            _ => self.whole(index)?,
        };
        let (machine, from) = (&self.machine, self.joined(*node.inputs.first()?)?);
        let result = match node.op {
            Op::Relu => machine.activate(from, Activation::Relu),
            Op::Activation(activation) => machine.activate(from, activation),
            Op::MaxPool => machine.max_pool(from),
            Op::UpsampleNearest => machine.enlarge(from),
            Op::Crop { margin } => machine.crop(from, margin),
            Op::Dropout { rate } => {
                let shape = machine.shape(from);
                let mask = machine.input(&drops.mask(shape.iter().product(), rate), shape);
                let to = machine.multiply(from, &mask);
                self.masks[index] = Some(mask);
                to
            }
            _ => return None,
        };
        self.values[index] = Some(result);
        Some(())
    }

    fn convolution(&mut self, index: usize) -> Option<()> {
        let node = &self.graph.nodes[index];
        let (weight, bias) = parameters(self.net, node.op, self.net.layer_of(index))?;
        let sources = self.sources(index);
        let inputs: Vec<usize> = sources.iter().map(|i| self.graph.nodes[*i].channels).collect();
        let follower = self.followers[index];
        let finish = Finish {
            bias: bias.map(|b| plain(b.val())),
            slope: follower.map(|(_, slope)| slope),
            behind: None,
        };
        let convolution = self.machine.convolution(node.op, plain(weight.val()), finish, &inputs)?;
        if !self.machine.joins(&convolution) {
            self.whole(index)?;
        }
        let from: Vec<&M::Maps> =
            self.sources(index).iter().filter_map(|i| self.values[*i].as_ref()).collect();
        let to = self.machine.convolve(&convolution, &from)?;
        self.values[follower.map_or(index, |(next, _)| next)] = Some(to);
        self.learns[index] |=
            weight.val().is_require_grad() || bias.is_some_and(|b| b.val().is_require_grad());
        Some(())
    }

    /// What the machine has no kernel for; `size` is that of the network's input.
    fn by_tensors(&mut self, index: usize, size: [usize; 2]) -> Option<()> {
        let operation = ByTensors::of(self.net, index)?;
        self.whole(index)?;
        let from = self.machine.tensor(self.joined(*self.graph.nodes[index].inputs.first()?)?);
        let learnt = operation.learn(from, Frame::of(size));
        self.values[index] = Some(self.machine.maps(learnt.result())?);
        self.learns[index] |= operation.has_parameters();
        self.learnt[index] = Some(learnt);
        Some(())
    }

    /// Batch normalisation, and the activation that follows it.
    fn norm(&mut self, index: usize, epsilon: f64) -> Option<()> {
        let layer = self.net.norms.get(self.net.layer_of(index))?;
        let follower = self.followers[index];
        let fixed = !layer.training.is_enabled();
        let running = fixed.then(|| [layer.running_mean.value(), layer.running_var.value()].map(plain));
        self.whole(index)?;
        let from = self.joined(*self.graph.nodes[index].inputs.first()?)?;
        let by = gamma_and_beta(layer);
        let slope = follower.map(|(_, slope)| slope);
        let (to, normed, moments) = self.machine.batch_norm(from, &by, epsilon, running, slope)?;
        if !fixed {
            follow(layer, moments);
        }
        self.values[follower.map_or(index, |(next, _)| next)] = Some(to);
        self.learns[index] |= layer.gamma.val().is_require_grad() || layer.beta.val().is_require_grad();
        self.normed[index] = Some(normed);
        Some(())
    }
}

/// As [`Pass::followers`] holds it.
fn follower(graph: &Graph, order: &[usize], index: usize) -> Option<(usize, f32)> {
    let takes =
        graph.nodes[index].op.is_convolution() || matches!(graph.nodes[index].op, Op::BatchNorm { .. });
    let next = graph.only_reader(index, order, &graph.heads).filter(|_| takes)?;
    Some((next, slope(graph.nodes[next].op)?))
}

/// The running statistics move towards those of the batch, as Burn's do.
fn follow(layer: &BatchNorm, [mean, variance]: Moments) {
    for (running, now) in [(&layer.running_mean, mean), (&layer.running_var, variance)] {
        let before = running.value_sync();
        let now = if before.device().is_autodiff() { now.autodiff() } else { now };
        running.update(before.mul_scalar(1.0 - layer.momentum).add(now.mul_scalar(layer.momentum)).detach());
    }
}
