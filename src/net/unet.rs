//! The network itself: the layers with parameters, and the forward pass through the graph.

use std::sync::Arc;

use burn::module::Module;
use burn::nn::conv::{Conv2d, Conv2dConfig, ConvTranspose2d, ConvTranspose2dConfig};
use burn::nn::{BatchNorm, BatchNormConfig, Initializer, PaddingConfig2d};
use burn::tensor::Device;

use super::config::{Activation, UNetConfig};
use super::graph::Graph;
use super::norm::{InstanceNorm, Slope};
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
        Self { graph, layer, layers, names }
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

    /// The network as our kernels run it for inference, on the device on which it lies. `head` chooses one of several (0 is the
    /// shallowest; the others are not computed): U-Net++ pruned; `None` or too large a number is the last. Later changes of the weights
    /// are not seen by it.
    ///
    /// # Errors
    /// `net.device` if its tensors do not lie together.
    pub fn compiled(&self, head: Option<usize>) -> Result<Compiled> {
        let heads = &self.plan.graph.heads;
        let last = heads.len().saturating_sub(1);
        Compiled::new(self, heads.get(head.unwrap_or(last).min(last)).copied().unwrap_or(0))
    }

    /// The same, up to any node of the graph, whose maps are the result; only what it needs is computed.
    ///
    /// # Errors
    /// `net.node` if the graph has no such node; as [`UNet::compiled`].
    pub fn compiled_to(&self, node: usize) -> Result<Compiled> {
        let nodes = self.plan.graph.nodes.len();
        if node >= nodes {
            return Err(Error::invalid(
                "net.node",
                format!("This network has no operation {node}; it has {nodes}, counted from 0."),
            ));
        }
        Compiled::new(self, node)
    }

    /// A pass of our kernels in which the network learns: all heads, with dropout drawn from `seed`; batch normalisation updates its
    /// running statistics where it learns. `input` is `[batch, channel, height, width]`, a legal size.
    ///
    /// # Errors
    /// As [`UNet::compiled`].
    pub fn learning_pass(&self, input: &[f32], shape: [usize; 4], seed: u64) -> Result<Learning<'_>> {
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
}
