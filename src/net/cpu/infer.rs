//! Inference: normalisation and activation go into the convolution before them, a concatenation is two places to read from, and
//! memory is used again as soon as its maps are.

use std::sync::Arc;

use insitu_kernels::cpu::{
    Finish, Maps, Processor, affine, concatenate, crop, each, enlarge, instance_norm, max_pool, rectify,
};

use super::super::config::{Activation, SELU};
use super::super::graph::Graph;
use super::super::op::{Node, Op};
use super::super::unet::UNet;
use super::layers::{self, Convolution};

/// A network whose weights are in the order in which the kernels read them, for one head.
pub struct Compiled {
    steps: Vec<Step>,
    /// Nodes of the graph.
    nodes: usize,
    head: usize,
    processor: Processor,
}

/// One piece of work: takes maps, gives those of one node.
struct Step {
    work: Work,
    from: Vec<usize>,
    to: usize,
    /// Maps that nobody needs any more after it.
    last: Vec<usize>,
}

enum Work {
    Convolve(Box<(Convolution, Finish)>),
    Affine(Vec<f32>, Vec<f32>),
    /// Instance normalisation and an activation.
    Normalise {
        epsilon: f64,
        scale: Vec<f32>,
        shift: Vec<f32>,
        slope: Option<f32>,
    },
    Activate(Activation),
    MaxPool,
    Enlarge,
    Crop(usize),
    Join,
}

impl Compiled {
    /// The network for the head at this node of its graph; nothing if it has an operation that is not written here.
    ///
    /// The network must lie in the CPU's memory.
    pub(in super::super) fn new(net: &UNet, head: usize) -> Option<Self> {
        Compiler::new(net, head).compile()
    }

    /// A pass of `[batch, channel, height, width]`, a legal size of the network.
    pub fn pass(self: &Arc<Self>, input: &[f32], shape: [usize; 4]) -> CompiledPass {
        let mut values: Vec<Option<Maps>> = (0..self.nodes).map(|_| None).collect();
        if let Some(first) = values.first_mut() {
            *first = Some(Maps::from_planes(input, shape));
        }
        CompiledPass { network: self.clone(), values, next: 0 }
    }
}

/// A forward pass under way.
pub struct CompiledPass {
    network: Arc<Compiled>,
    values: Vec<Option<Maps>>,
    next: usize,
}

impl CompiledPass {
    /// Convolutions that are still to be computed.
    pub fn left(&self) -> usize {
        let rest = self.network.steps.iter().skip(self.next);
        rest.filter(|step| matches!(step.work, Work::Convolve(_))).count()
    }

    /// Computes up to the next convolution; whether there is more to do.
    pub fn step(&mut self) -> bool {
        let network = self.network.clone();
        while let Some(step) = network.steps.get(self.next) {
            self.next += 1;
            step.run(&mut self.values, network.processor);
            if matches!(step.work, Work::Convolve(_)) {
                break;
            }
        }
        self.next < network.steps.len()
    }

    /// Computes what is left. The logits, `[batch][output][row][column]`, and their height and width.
    pub fn finish(mut self) -> (Vec<f32>, [usize; 2]) {
        while self.step() {}
        let head = self.values.get_mut(self.network.head).and_then(Option::take);
        head.map_or((Vec::new(), [0; 2]), |maps| (maps.planes(), maps.size()))
    }
}

impl Step {
    fn run(&self, values: &mut [Option<Maps>], processor: Processor) {
        let from: Vec<&Maps> = self.from.iter().filter_map(|i| values.get(*i)?.as_ref()).collect();
        let Some(first) = from.first() else { return };
        let made =
            |[height, width]: [usize; 2], channels| Maps::unwritten(first.batch, height, width, channels);
        let size = first.size();
        let result = match &self.work {
            Work::Convolve(work) => {
                let (convolution, finish) = &**work;
                let mut to = made(convolution.result(size), convolution.outputs());
                convolution.run(processor, &from, finish, &mut to);
                to
            }
            Work::Affine(scale, shift) => {
                let mut to = made(size, first.channels);
                affine(processor, first, scale, shift, None, &mut to);
                to
            }
            Work::Normalise { epsilon, scale, shift, slope } => {
                let mut to = made(size, first.channels);
                instance_norm(processor, first, *epsilon, [scale, shift], *slope, &mut to);
                to
            }
            Work::Activate(activation) => {
                let mut to = (*first).clone();
                activate(&mut to, *activation);
                to
            }
            Work::MaxPool => {
                let mut to = made(size.map(|n| n / 2), first.channels);
                max_pool(first, &mut to);
                to
            }
            Work::Enlarge => {
                let mut to = made(size.map(|n| 2 * n), first.channels);
                enlarge(first, &mut to);
                to
            }
            Work::Crop(margin) => {
                let mut to = made(size.map(|n| n - 2 * margin), first.channels);
                crop(first, *margin, &mut to);
                to
            }
            Work::Join => {
                let mut to = made(size, from.iter().map(|m| m.channels).sum());
                concatenate(&from, &mut to);
                to
            }
        };
        for gone in &self.last {
            values[*gone] = None;
        }
        values[self.to] = Some(result);
    }
}

/// An activation of every value.
pub(super) fn activate(maps: &mut Maps, activation: Activation) {
    match activation {
        Activation::Relu => rectify(maps),
        Activation::LeakyRelu(slope) => each(maps, |x| if x > 0.0 { x } else { x * slope as f32 }),
        Activation::Elu(alpha) => each(maps, |x| if x > 0.0 { x } else { alpha as f32 * (x.exp() - 1.0) }),
        // Its slope is learnt; whoever has it asks for `LeakyRelu`.
        Activation::PRelu => {}
        Activation::Selu => {
            let [alpha, scale] = SELU.map(|v| v as f32);
            each(maps, |x| scale * if x > 0.0 { x } else { alpha * (x.exp() - 1.0) });
        }
    }
}

/// The slope below 0 of an activation that is linear there.
pub(super) fn slope(op: Op) -> Option<f32> {
    match op {
        Op::Relu | Op::Activation(Activation::Relu) => Some(0.0),
        Op::Activation(Activation::LeakyRelu(slope)) => Some(slope as f32),
        _ => None,
    }
}

/// Turns a graph into steps.
struct Compiler<'a> {
    net: &'a UNet,
    graph: &'a Graph,
    /// Nodes that the head needs, in order.
    order: Vec<usize>,
    head: usize,
    /// The maps that are each node's result: more than one for a concatenation.
    maps: Vec<Vec<usize>>,
    steps: Vec<Step>,
    processor: Processor,
}

impl<'a> Compiler<'a> {
    fn new(net: &'a UNet, head: usize) -> Self {
        let graph = net.graph();
        let order = graph.needed(&[head]);
        let maps = vec![Vec::new(); graph.nodes.len()];
        Self { net, graph, order, head, maps, steps: Vec::new(), processor: Processor::here() }
    }

    fn compile(mut self) -> Option<Compiled> {
        let order = self.order.clone();
        let mut done = vec![false; self.graph.nodes.len()];
        for index in order {
            if !done[index] {
                for other in self.node(index)? {
                    done[other] = true;
                }
            }
        }
        let [head] = self.maps[self.head][..] else { return None };
        self.forget(head);
        Some(Compiled { steps: self.steps, nodes: self.graph.nodes.len(), head, processor: self.processor })
    }

    fn push(&mut self, work: Work, from: Vec<usize>, to: usize) {
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
            Op::Convolution { .. } | Op::StridedConvolution | Op::TransposedConvolution => {
                return self.convolution(index);
            }
            Op::BatchNorm { epsilon } => {
                let [scale, shift] = self.folded(index, epsilon)?;
                let from = self.sources(index, true);
                self.push(Work::Affine(scale, shift), from, index);
            }
            Op::Relu => {
                let from = self.sources(index, true);
                self.push(Work::Activate(Activation::Relu), from, index);
            }
            Op::Activation(Activation::PRelu) => {
                let slope = f64::from(self.slope(index)?);
                let from = self.sources(index, true);
                self.push(Work::Activate(Activation::LeakyRelu(slope)), from, index);
            }
            Op::Activation(activation) => {
                let from = self.sources(index, true);
                self.push(Work::Activate(activation), from, index);
            }
            Op::MaxPool | Op::UpsampleNearest | Op::Crop { .. } => {
                let work = match node.op {
                    Op::MaxPool => Work::MaxPool,
                    Op::UpsampleNearest => Work::Enlarge,
                    Op::Crop { margin } => Work::Crop(margin),
                    _ => return None,
                };
                let from = self.sources(index, true);
                self.push(work, from, index);
            }
            Op::InstanceNorm { epsilon, affine } => return self.instance_norm(index, epsilon, affine),
            Op::WideTransposedConvolution | Op::UpsampleBilinear { .. } => return None,
        }
        Some(vec![index])
    }

    /// Scale and shift that a batch normalisation is in inference.
    fn folded(&self, index: usize, epsilon: f64) -> Option<[Vec<f32>; 2]> {
        let [gamma, beta, mean, variance] = layers::norm(self.net, self.net.layer_of(index))?;
        let scale: Vec<f32> = gamma
            .iter()
            .zip(&variance)
            .map(|(g, v)| (f64::from(*g) / (f64::from(*v) + epsilon).sqrt()) as f32)
            .collect();
        let shift = scale.iter().zip(&beta).zip(&mean).map(|((s, b), m)| b - s * m).collect();
        Some([scale, shift])
    }

    /// The only node that uses the result of one, if it stands alone.
    fn follower(&self, index: usize) -> Option<(usize, &'a Node)> {
        let next = self.graph.only_reader(index, &self.order, &[self.head])?;
        Some((next, &self.graph.nodes[next]))
    }

    fn convolution(&mut self, index: usize) -> Option<Vec<usize>> {
        let node = &self.graph.nodes[index];
        let kind = layers::kind(node.op)?;
        let [mut weight, mut bias] = layers::convolution(self.net, node.op, self.net.layer_of(index))?;
        let (mut done, mut slope, mut behind) = (vec![index], None, None);
        while let Some((next, follower)) = self.follower(done[done.len() - 1]) {
            match follower.op {
                Op::BatchNorm { epsilon } if slope.is_none() && behind.is_none() => {
                    let [scale, shift] = self.folded(next, epsilon)?;
                    let area = weight.len() / (node.channels * self.inputs(index));
                    // Kernels of an output lie together, or (transposed) once for each input.
                    let together = if node.op.is_transposed() { area } else { area * self.inputs(index) };
                    for (kernels, scale) in weight.chunks_exact_mut(together.max(1)).zip(scale.iter().cycle())
                    {
                        kernels.iter_mut().for_each(|value| *value *= scale);
                    }
                    for ((bias, scale), shift) in bias.iter_mut().zip(&scale).zip(&shift) {
                        *bias = *bias * scale + shift;
                    }
                }
                Op::BatchNorm { epsilon } if behind.is_none() => behind = Some(self.folded(next, epsilon)?),
                _ if slope.is_none() && behind.is_none() && self.slope(next).is_some() => {
                    slope = self.slope(next);
                }
                _ => break,
            }
            done.push(next);
        }
        let finish =
            Finish::new(&bias, slope, behind.as_ref().map(|[scale, shift]| [&scale[..], &shift[..]]));
        let from = self.sources(index, false);
        let inputs: Vec<usize> = from.iter().map(|i| self.graph.nodes[*i].channels).collect();
        let convolution = Convolution::new(kind, &weight, &inputs, node.channels, self.processor);
        let from = if convolution.joins() { from } else { self.sources(index, true) };
        let last = done[done.len() - 1];
        self.push(Work::Convolve(Box::new((convolution, finish))), from, last);
        Some(done)
    }

    /// The slope below 0 of a node, if it is an activation that is linear there.
    fn slope(&self, index: usize) -> Option<f32> {
        match self.graph.nodes[index].op {
            Op::Activation(Activation::PRelu) => layers::slope(self.net, self.net.layer_of(index)),
            op => slope(op),
        }
    }

    /// Instance normalisation, and the activation that follows it.
    fn instance_norm(&mut self, index: usize, epsilon: f64, affine: bool) -> Option<Vec<usize>> {
        let channels = self.graph.nodes[index].channels;
        let [scale, shift] = match affine {
            true => layers::instance_norm(self.net, self.net.layer_of(index))?,
            false => [vec![1.0; channels], vec![0.0; channels]],
        };
        let follower = self.follower(index).map(|(next, _)| next);
        let slope = follower.and_then(|next| self.slope(next));
        let last = follower.filter(|_| slope.is_some()).unwrap_or(index);
        let from = self.sources(index, true);
        self.push(Work::Normalise { epsilon, scale, shift, slope }, from, last);
        Some(vec![index, last])
    }

    /// Channels that a node reads.
    fn inputs(&self, index: usize) -> usize {
        self.graph.nodes[index].inputs.iter().map(|i| self.graph.nodes[*i].channels).sum()
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
