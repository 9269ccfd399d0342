//! From the graph to the steps of inference.

use burn::tensor::Tensor;

use super::super::config::Activation;
use super::super::graph::Graph;
use super::super::op::{Node, Op};
use super::super::unet::UNet;
use super::by_tensors::ByTensors;
use super::infer::{Network, Step, Work};
use super::layers::{self, plain};
use super::machine::{Finish, Machine, Moments};

/// The slope below 0 of an activation that is linear there.
pub(super) fn slope(op: Op) -> Option<f32> {
    match op {
        Op::Relu | Op::Activation(Activation::Relu) => Some(0.0),
        Op::Activation(Activation::LeakyRelu(slope)) => Some(slope as f32),
        _ => None,
    }
}

/// Turns a graph into steps.
pub(super) struct Compiler<'a, M: Machine> {
    machine: M,
    net: &'a UNet,
    graph: &'a Graph,
    /// Nodes that the head needs, in order.
    order: Vec<usize>,
    head: usize,
    /// The maps that are each node's result: more than one for a concatenation.
    maps: Vec<Vec<usize>>,
    steps: Vec<Step<M>>,
}

impl<'a, M: Machine> Compiler<'a, M> {
    pub fn new(machine: M, net: &'a UNet, head: usize) -> Self {
        let graph = net.graph();
        let order = graph.needed(&[head]);
        let maps = vec![Vec::new(); graph.nodes.len()];
        Self { machine, net, graph, order, head, maps, steps: Vec::new() }
    }

    pub fn compile(mut self) -> Option<Network<M>> {
        let order = self.order.clone();
        let mut done = vec![false; self.graph.nodes.len()];
        for index in order {
            if !done[index] {
                for other in self.node(index)? {
                    done[other] = true;
                }
            }
        }
        if self.maps[self.head].len() > 1 {
            let all = self.maps[self.head].clone();
            self.push(Work::Join, all, self.head);
        }
        let head = *self.maps[self.head].first()?;
        self.forget(head);
        Some(Network { machine: self.machine, steps: self.steps, nodes: self.graph.nodes.len(), head })
    }

    fn push(&mut self, work: Work<M>, from: Vec<usize>, to: usize) {
        self.steps.push(Step { work, from, to, last: Vec::new() });
        self.maps[to] = vec![to];
    }

    /// The maps of a node's inputs; joined to one if `whole`.
    fn sources(&mut self, index: usize, whole: bool) -> Vec<usize> {
        let inputs = self.graph.nodes[index].inputs.clone();
        let all: Vec<usize> = inputs.iter().flat_map(|i| self.maps[*i].clone()).collect();
        match inputs[..] {
            // The concatenation's own place holds it.
            [input] if whole && all.len() > 1 => {
                self.push(Work::Join, all, input);
                vec![input]
            }
            _ => all,
        }
    }

    /// Steps for a node; gives those nodes whose results it makes.
    fn node(&mut self, index: usize) -> Option<Vec<usize>> {
        let node = &self.graph.nodes[index];
        match node.op {
            Op::Input => self.maps[index] = vec![index],
            Op::Concatenate => self.maps[index] = self.sources(index, false),
            Op::Dropout { .. } => self.maps[index] = self.sources(index, false),
            op if op.is_convolution() => return self.convolution(index),
            Op::InstanceNorm { epsilon, affine } if M::INSTANCES => {
                return self.instance_norm(index, epsilon, affine);
            }
            op if ByTensors::knows(op) && self.slope(index).is_none() => {
                let operation = ByTensors::of(self.net, index)?.plain();
                let from = self.sources(index, true);
                self.push(Work::ByTensors(operation), from, index);
            }
            Op::BatchNorm { epsilon } => {
                let by = layers::folded(self.net, self.net.layer_of(index), epsilon)?;
                let from = self.sources(index, true);
                self.push(Work::Affine(by), from, index);
            }
            op => {
                let work = match op {
                    Op::Relu => Work::Activate(Activation::Relu),
                    Op::Activation(Activation::PRelu) => {
                        Work::Activate(Activation::LeakyRelu(f64::from(self.slope(index)?)))
                    }
                    Op::Activation(activation) => Work::Activate(activation),
                    Op::MaxPool => Work::MaxPool,
                    Op::UpsampleNearest => Work::Enlarge,
                    Op::Crop { margin } => Work::Crop(margin),
                    _ => return None,
                };
                let from = self.sources(index, true);
                self.push(work, from, index);
            }
        }
        Some(vec![index])
    }

    /// The only node that uses the result of one, if it stands alone.
    fn follower(&self, index: usize) -> Option<(usize, &'a Node)> {
        let next = self.graph.only_reader(index, &self.order, &[self.head])?;
        Some((next, &self.graph.nodes[next]))
    }

    fn convolution(&mut self, index: usize) -> Option<Vec<usize>> {
        let node = &self.graph.nodes[index];
        let (weight, bias) = layers::parameters(self.net, node.op, self.net.layer_of(index))?;
        let mut weight = plain(weight.val());
        let mut finish = Finish { bias: bias.map(|b| plain(b.val())), ..Finish::default() };
        let mut done = vec![index];
        while let Some((next, follower)) = self.follower(done[done.len() - 1]) {
            match follower.op {
                Op::BatchNorm { epsilon } if finish.behind.is_none() => {
                    let by = layers::folded(self.net, self.net.layer_of(next), epsilon)?;
                    if finish.slope.is_none() {
                        (weight, finish.bias) = into_weight(weight, finish.bias, by, node.op.is_transposed());
                    } else {
                        finish.behind = Some(by);
                    }
                }
                _ if finish.slope.is_none() && finish.behind.is_none() && self.slope(next).is_some() => {
                    finish.slope = self.slope(next);
                }
                _ => break,
            }
            done.push(next);
        }
        let from = self.sources(index, false);
        let inputs: Vec<usize> = from.iter().map(|i| self.graph.nodes[*i].channels).collect();
        let convolution = self.machine.convolution(node.op, weight, finish, &inputs)?;
        let from = if self.machine.joins(&convolution) { from } else { self.sources(index, true) };
        let last = done[done.len() - 1];
        self.push(Work::Convolve(Box::new(convolution)), from, last);
        Some(done)
    }

    /// The slope below 0 of a node, if it is an activation that is linear there.
    fn slope(&self, index: usize) -> Option<f32> {
        match self.graph.nodes[index].op {
            Op::Activation(Activation::PRelu) if !M::INSTANCES => None,
            Op::Activation(Activation::PRelu) => layers::slope(self.net, self.net.layer_of(index)),
            op => slope(op),
        }
    }

    /// Instance normalisation, and the activation that follows it.
    fn instance_norm(&mut self, index: usize, epsilon: f64, affine: bool) -> Option<Vec<usize>> {
        let by = match affine {
            true => Some(layers::instance_norm(self.net, self.net.layer_of(index))?),
            false => None,
        };
        let follower = self.follower(index).map(|(next, _)| next);
        let slope = follower.and_then(|next| self.slope(next));
        let last = follower.filter(|_| slope.is_some()).unwrap_or(index);
        let from = self.sources(index, true);
        self.push(Work::Normalise { epsilon, by, slope }, from, last);
        Some(vec![index, last])
    }

    /// Says of each step which maps are read for the last time.
    fn forget(&mut self, head: usize) {
        let mut seen = vec![false; self.graph.nodes.len()];
        seen[head] = true;
        for step in self.steps.iter_mut().rev() {
            for map in step.from.clone() {
                if !seen[map] {
                    seen[map] = true;
                    step.last.push(map);
                }
            }
        }
    }
}

/// A convolution that does what the scale and the shift behind it do.
fn into_weight(
    weight: Tensor<4>,
    bias: Option<Tensor<1>>,
    [scale, shift]: Moments,
    transposed: bool,
) -> (Tensor<4>, Option<Tensor<1>>) {
    let [outputs] = scale.dims();
    let shape = if transposed { [1, outputs, 1, 1] } else { [outputs, 1, 1, 1] };
    let bias = match bias {
        Some(bias) => bias * scale.clone() + shift,
        None => shift,
    };
    (weight * scale.reshape(shape), Some(bias))
}
