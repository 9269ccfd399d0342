//! The network itself: the layers with parameters, and the forward pass through the graph.

use std::ops::ControlFlow;
use std::sync::Arc;

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::activation::{leaky_relu, relu};
use burn::tensor::module::{interpolate, max_pool2d};
use burn::tensor::ops::{InterpolateMode, InterpolateOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor};

use super::config::{Activation, SELU, UNetConfig};
use super::dropout::Drops;
use super::graph::Graph;
use super::interpolate::{Frame, bilinear};
use super::norm::{InstanceNorm, Slope, normalised};
use super::op::Op;
use super::run::{Compiled, Learning};
use crate::error::{Error, Result};

/// A network of the U-Net family: its layers in the order of the graph, and the graph.
#[derive(Module, Debug)]
pub struct UNet {
    pub(super) convolutions: Vec<Conv2d>,
    pub(super) transposed: Vec<ConvTranspose2d>,
    pub(super) norms: Vec<BatchNorm>,
    pub(super) instance_norms: Vec<InstanceNorm>,
    pub(super) slopes: Vec<Slope>,
    #[module(skip)]
    plan: Arc<Plan>,
}

/// The graph, and where each node's layer is in the lists of its kind.
#[derive(Debug)]
struct Plan {
    graph: Graph,
    layer: Vec<usize>,
    layers: Layers,
    /// Tensors of the layers in the order in which Burn visits them, by PyTorch's names.
    names: Vec<String>,
    /// How often the result of each node is used, for each head alone and (last) for all together.
    runs: Vec<Arc<Run>>,
}

/// PyTorch's names of the layers with parameters, in the order of each kind: convolutions, transposed convolutions, batch
/// normalisations, instance normalisations that are affine, learnt slopes.
pub(super) type Layers = [Vec<String>; 5];

/// The place of an operation's kind in [`Layers`], if it has parameters.
fn kind(op: Op) -> Option<usize> {
    match op {
        Op::Convolution { .. } | Op::StridedConvolution => Some(0),
        Op::TransposedConvolution | Op::WideTransposedConvolution => Some(1),
        Op::BatchNorm { .. } => Some(2),
        Op::InstanceNorm { affine: true, .. } => Some(3),
        Op::Activation(Activation::PRelu) => Some(4),
        _ => None,
    }
}

/// The nodes that a choice of heads needs.
#[derive(Debug)]
struct Run {
    heads: Vec<usize>,
    order: Vec<usize>,
    uses: Vec<usize>,
}

impl Plan {
    fn new(graph: Graph) -> Self {
        let mut layer = Vec::with_capacity(graph.nodes.len());
        let mut layers = Layers::default();
        for node in &graph.nodes {
            let names = kind(node.op).map(|kind| &mut layers[kind]);
            layer.push(names.as_ref().map_or(0, |names| names.len()));
            if let Some(names) = names {
                names.push(node.name.clone());
            }
        }
        let [convolutions, transposed, norms, instance_norms, slopes] = &layers;
        let named = |of: &[String], parts: &[&str]| -> Vec<String> {
            of.iter().flat_map(|n| parts.iter().map(move |p| format!("{n}.{p}"))).collect()
        };
        let mut names = named(convolutions, &["weight", "bias"]);
        names.extend(named(transposed, &["weight", "bias"]));
        names.extend(named(norms, &["weight", "bias", "running_mean", "running_var"]));
        names.extend(named(instance_norms, &["weight", "bias"]));
        names.extend(named(slopes, &["weight"]));
        let mut choices: Vec<Vec<usize>> = graph.heads.iter().map(|h| vec![*h]).collect();
        choices.push(graph.heads.clone());
        let runs = choices.into_iter().map(|heads| Arc::new(Run::new(&graph, heads))).collect();
        Self { graph, layer, layers, names, runs }
    }
}

impl Run {
    fn new(graph: &Graph, heads: Vec<usize>) -> Self {
        let order = graph.needed(&heads);
        let mut uses = vec![0; graph.nodes.len()];
        for node in &order {
            for input in &graph.nodes[*node].inputs {
                uses[*input] += 1;
            }
        }
        Self { heads, order, uses }
    }
}

impl UNet {
    /// Builds the network with all convolution weights zero: load weights or call [`super::he_normal`] next.
    ///
    /// # Errors
    /// `net.config` if the configuration cannot be built.
    pub fn new(config: &UNetConfig, device: &Device) -> Result<Self> {
        config.validate()?;
        let graph = Graph::of(config);
        let (mut convolutions, mut transposed, mut norms) = (vec![], vec![], vec![]);
        let (mut instance_norms, mut slopes) = (vec![], vec![]);
        for node in &graph.nodes {
            let inputs: usize = node.inputs.iter().map(|i| graph.nodes[*i].channels).sum();
            match node.op {
                Op::Convolution { kernel, padding: [top, left, bottom, right] } => convolutions.push(
                    Conv2dConfig::new([inputs, node.channels], [kernel, kernel])
                        .with_padding(PaddingConfig2d::Explicit(top, left, bottom, right))
                        .with_initializer(Initializer::Zeros)
                        .init(device),
                ),
                Op::TransposedConvolution => transposed.push(
                    ConvTranspose2dConfig::new([inputs, node.channels], [2, 2])
                        .with_stride([2, 2])
                        .with_initializer(Initializer::Zeros)
                        .init(device),
                ),
                Op::StridedConvolution => convolutions.push(
                    Conv2dConfig::new([inputs, node.channels], [3, 3])
                        .with_stride([2, 2])
                        .with_padding(PaddingConfig2d::Explicit(1, 1, 1, 1))
                        .with_initializer(Initializer::Zeros)
                        .init(device),
                ),
                Op::WideTransposedConvolution => transposed.push(
                    ConvTranspose2dConfig::new([inputs, node.channels], [3, 3])
                        .with_stride([2, 2])
                        .with_padding([1, 1])
                        .with_padding_out([1, 1])
                        .with_initializer(Initializer::Zeros)
                        .init(device),
                ),
                Op::BatchNorm { epsilon } => {
                    norms.push(BatchNormConfig::new(node.channels).with_epsilon(epsilon).init(device))
                }
                Op::InstanceNorm { affine: true, .. } => {
                    instance_norms.push(InstanceNorm::new(node.channels, device))
                }
                Op::Activation(Activation::PRelu) => slopes.push(Slope::new(device)),
                _ => {}
            }
        }
        let plan = Arc::new(Plan::new(graph));
        Ok(Self { convolutions, transposed, norms, instance_norms, slopes, plan })
    }

    /// The operations it consists of.
    pub fn graph(&self) -> &Graph {
        &self.plan.graph
    }

    /// Where a node's layer is in the list of its kind.
    pub(super) fn layer_of(&self, node: usize) -> usize {
        self.plan.layer[node]
    }

    /// The network as our own kernels run it, for inference with a head (as in [`UNet::pass`]); nothing if it has an operation
    /// that they do not know. Later changes of the weights are not seen by it.
    pub fn compiled(&self, head: Option<usize>) -> Option<Compiled> {
        let heads = &self.plan.graph.heads;
        let head = *heads.get(head.unwrap_or(usize::MAX).min(heads.len() - 1))?;
        Compiled::new(self, head)
    }

    /// A pass of our own kernels in which the network learns, as [`UNet::learn`]; `input` is `[batch, channel, height, width]`. Nothing
    /// if it has an operation that they do not know.
    pub fn learning_pass(&self, input: &[f32], shape: [usize; 4], seed: u64) -> Option<Learning<'_>> {
        Learning::forward(self, input, shape, seed)
    }

    /// PyTorch's names of its tensors (parameters and running statistics), in the order in which a
    /// [`burn::module::ModuleVisitor`] meets them.
    pub fn tensor_names(&self) -> &[String] {
        &self.plan.names
    }

    /// PyTorch's names of its layers.
    pub(super) fn layer_names(&self) -> &Layers {
        &self.plan.layers
    }

    /// Logits for a batch, of the last head if there are several.
    ///
    /// `x`: `[batch, input channel, height, width]`, height and width legal for the geometry
    /// ([`super::Geometry::is_legal`]). Returns `[batch, output, height, width]`, smaller by the geometry's
    /// border on every side with valid padding. Nothing is dropped.
    pub fn forward(&self, x: Tensor<4>) -> Tensor<4> {
        let mut pass = self.pass(x, None);
        loop {
            match pass.step() {
                ControlFlow::Break(logits) => return logits,
                ControlFlow::Continue(rest) => pass = rest,
            }
        }
    }

    /// Logits of every head, from the shallowest to the deepest, with dropout drawn from `seed`: what a training
    /// step learns from. Shapes as in [`UNet::forward`].
    pub fn learn(&self, x: Tensor<4>, seed: u64) -> Vec<Tensor<4>> {
        let all = self.plan.runs.len() - 1;
        let mut pass = Pass::new(self, self.plan.runs[all].clone(), x, Some(Drops::new(seed)));
        while pass.next < pass.run.order.len() {
            pass.run_node();
        }
        let Pass { mut values, run, .. } = pass;
        run.heads.iter().filter_map(|h| values[*h].take()).collect()
    }

    /// A forward pass layer by layer, for a thread that has other work to turn to in between. Shapes as in
    /// [`UNet::forward`]. `head` chooses one of several (0 is the shallowest; the others are not computed):
    /// U-Net++ pruned; `None` or too large a number is the last.
    pub fn pass(&self, x: Tensor<4>, head: Option<usize>) -> Pass<'_> {
        let last = self.plan.graph.heads.len() - 1;
        Pass::new(self, self.plan.runs[head.unwrap_or(last).min(last)].clone(), x, None)
    }

    /// A forward pass that ends at any node of the graph and gives its result, `[batch, channel, height, width]`;
    /// only what the node needs is computed.
    ///
    /// # Errors
    /// `net.node` if the graph has no such node.
    pub fn pass_to(&self, x: Tensor<4>, node: usize) -> Result<Pass<'_>> {
        let nodes = self.plan.graph.nodes.len();
        if node >= nodes {
            return Err(Error::invalid(
                "net.node",
                format!("This network has no operation {node}; it has {nodes}, counted from 0."),
            ));
        }
        Ok(Pass::new(self, Arc::new(Run::new(&self.plan.graph, vec![node])), x, None))
    }
}

/// A forward pass under way.
pub struct Pass<'a> {
    net: &'a UNet,
    run: Arc<Run>,
    /// Results of nodes that are still needed.
    values: Vec<Option<Tensor<4>>>,
    /// How often each will be used.
    uses: Vec<usize>,
    /// Place in the run's order.
    next: usize,
    drops: Option<Drops>,
    frame: Frame,
}

impl<'a> Pass<'a> {
    fn new(net: &'a UNet, run: Arc<Run>, x: Tensor<4>, drops: Option<Drops>) -> Self {
        let mut values = vec![None; net.plan.graph.nodes.len()];
        let [_, _, height, width] = x.dims();
        values[0] = Some(x);
        // The input is there: its node is the first of every run.
        let uses = run.uses.clone();
        Self { net, run, values, uses, next: 1, drops, frame: Frame::of([height, width]) }
    }

    /// The same for a tile that lies so in a whole; without, it is the whole.
    pub fn within(self, frame: Frame) -> Self {
        Self { frame, ..self }
    }

    /// Convolutions that are still to be computed.
    pub fn left(&self) -> usize {
        let nodes = &self.net.plan.graph.nodes;
        let rest = self.run.order.iter().skip(self.next);
        rest.filter(|node| nodes[**node].op.is_convolution()).count()
    }

    /// Computes up to the next convolution; after the last node, its result: the logits.
    pub fn step(mut self) -> ControlFlow<Tensor<4>, Self> {
        let nodes = &self.net.plan.graph.nodes;
        while let Some(node) = self.run.order.get(self.next) {
            let heavy = nodes[*node].op.is_convolution();
            self.run_node();
            if heavy {
                return ControlFlow::Continue(self);
            }
        }
        let head = self.run.heads[0];
        match self.values[head].take() {
            Some(logits) => ControlFlow::Break(logits),
            None => unreachable!("a run ends with its head"),
        }
    }

    /// The result of a node; gone after its last use, so that memory is free for what follows.
    fn take(&mut self, node: usize) -> Tensor<4> {
        self.uses[node] -= 1;
        let value = if self.uses[node] == 0 { self.values[node].take() } else { self.values[node].clone() };
        match value {
            Some(value) => value,
            None => unreachable!("nodes stand in the order of computation"),
        }
    }

    fn run_node(&mut self) {
        let plan = &self.net.plan;
        let index = self.run.order[self.next];
        self.next += 1;
        let node = &plan.graph.nodes[index];
        let layer = plan.layer[index];
        let Some(first) = node.inputs.first() else { return };
        let x = self.take(*first); // [batch, channel, height >> level, width >> level]
        let result = match node.op {
            Op::Input => x,
            Op::Convolution { .. } | Op::StridedConvolution => self.net.convolutions[layer].forward(x),
            Op::TransposedConvolution | Op::WideTransposedConvolution => {
                self.net.transposed[layer].forward(x)
            }
            Op::BatchNorm { .. } => self.net.norms[layer].forward(x),
            Op::InstanceNorm { epsilon, affine } => {
                let x = normalised(x, epsilon);
                if affine { self.net.instance_norms[layer].scaled(x) } else { x }
            }
            Op::Relu => relu(x),
            Op::Activation(Activation::PRelu) => self.net.slopes[layer].activated(x),
            Op::Activation(activation) => activated(x, activation),
            Op::MaxPool => max_pool2d(x, MaxPoolOptions::new([2, 2]).with_stride([2, 2])),
            Op::UpsampleNearest => {
                let [_, _, h, w] = x.dims();
                let options =
                    InterpolateOptions::new(InterpolateMode::Nearest).with_output_size([2 * h, 2 * w]);
                interpolate(x, options)
            }
            Op::UpsampleBilinear { align_corners } => bilinear(x, align_corners, self.frame, node.level),
            Op::Crop { margin } => {
                let [n, c, h, w] = x.dims();
                x.slice([0..n, 0..c, margin..h - margin, margin..w - margin])
            }
            Op::Concatenate => {
                let mut all = vec![x];
                all.extend(node.inputs[1..].iter().map(|i| self.take(*i)));
                Tensor::cat(all, 1)
            }
            Op::Dropout { rate } => match &mut self.drops {
                Some(drops) => drops.applied(x, rate),
                None => x,
            },
        };
        self.values[index] = Some(result);
    }
}

fn activated(x: Tensor<4>, activation: Activation) -> Tensor<4> {
    // Exponentials of negative values alone: others would overflow, and their gradients would not be numbers.
    let exponential = |x: Tensor<4>, alpha: f64| relu(x.clone()) + (relu(x.neg()).neg().exp() - 1.0) * alpha;
    match activation {
        // The slope that [`Slope`] starts with.
        Activation::PRelu => leaky_relu(x, Slope::FIRST),
        Activation::Relu => relu(x),
        Activation::LeakyRelu(slope) => leaky_relu(x, slope),
        Activation::Elu(alpha) => exponential(x, alpha),
        Activation::Selu => exponential(x, SELU[0]) * SELU[1],
    }
}
