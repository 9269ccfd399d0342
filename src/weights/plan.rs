//! A file's layers and steps beside the network that its weights belong to: whether that does the same, or which one does.

use std::collections::HashMap;

use super::conventions::Convention;
use super::flow::{self, Agreement, Step, StepKind};
use super::onnx::{OnnxOp, Window, decimal};
use super::sequence::Hints;
use crate::net::{Activation, Graph, Head, Node, Norm, Op, Padding, Preset, UNetConfig, Upsampling};

/// For each name of a node with weights, the number of the file's layer.
pub(super) type Places = HashMap<String, usize>;

/// A layer without its values.
pub(super) struct Layer {
    pub name: String,
    /// The name of its weight.
    pub weight: String,
    pub op: OnnxOp,
}

/// What a file tells beside the values of its weights.
pub(super) struct Plan {
    pub layers: Vec<Layer>,
    pub steps: Vec<Step>,
}

impl Plan {
    /// What the first layer of each kind tells; the others are compared with the network.
    pub fn hints(&self) -> Hints {
        let mut ops = self.layers.iter().map(|l| l.op);
        let padding = ops.clone().find_map(|op| match op {
            OnnxOp::Convolution(Window { kernel: [3, 3], pads, .. }) => {
                Some(if pads == [0; 4] { Padding::Valid } else { Padding::Same })
            }
            _ => None,
        });
        let epsilon = ops.find_map(|op| match op {
            OnnxOp::BatchNorm { epsilon } => Some(decimal(epsilon)),
            _ => None,
        });
        let transposed =
            |i: usize| self.layers.get(i).is_some_and(|l| matches!(l.op, OnnxOp::TransposedConvolution(_)));
        Hints { skip_first: flow::skip_first(&self.steps, transposed), padding, epsilon, by_kind: false }
    }

    pub fn by_name(&self, network: &UNetConfig, convention: Convention) -> Places {
        let layers: HashMap<&str, usize> =
            self.layers.iter().enumerate().map(|(i, l)| (l.weight.as_str(), i)).collect();
        let place = |node: &Node| {
            let theirs = convention.name(&format!("{}.weight", node.name), network.levels);
            Some((node.name.clone(), *layers.get(theirs.as_str())?))
        };
        let graph = Graph::of(network);
        graph.nodes.iter().filter(|n| graph.parameters_of(n) > 0).filter_map(place).collect()
    }

    /// The activation of the file: the first one; the others are compared with the network.
    fn activation(&self) -> Option<Activation> {
        self.steps.iter().find_map(|step| match step.what {
            StepKind::Relu => Some(Activation::Relu),
            StepKind::Activation(activation) => Some(activation),
            _ => None,
        })
    }

    /// The network with the same weights that does what the graph does: weights do not tell what stands between them.
    ///
    /// # Errors
    /// In words, what the nearest network does otherwise; nothing if none has these weights.
    pub fn network(
        &self,
        found: &UNetConfig,
        hints: Hints,
        places: &Places,
    ) -> Result<UNetConfig, Option<String>> {
        let found = UNetConfig {
            skip_first: hints.skip_first.unwrap_or(found.skip_first),
            padding: hints.padding.unwrap_or(found.padding),
            norm_epsilon: hints.epsilon.unwrap_or(found.norm_epsilon),
            activation: self.activation().unwrap_or(found.activation),
            ..found.clone()
        };
        found.validate().map_err(|e| Some(e.to_string()))?;
        let tensors = Graph::of(&found).tensors();
        let mut differs = None;
        for network in alike(&found) {
            let graph = Graph::of(&network);
            if network.validate().is_err() || graph.tensors() != tensors {
                continue;
            }
            match self.check(&graph, places) {
                Ok(()) => return Ok(network),
                // What agrees longest says best what is special.
                Err((agreed, what)) if differs.as_ref().is_none_or(|(most, _)| agreed > *most) => {
                    differs = Some((agreed, what));
                }
                Err(_) => {}
            }
        }
        Err(differs.map(|(_, what)| what))
    }

    /// Compares windows, epsilon and what stands between the layers with a network; the error says how many layers agree, and what
    /// differs.
    fn check(&self, graph: &Graph, places: &Places) -> Result<(), (usize, String)> {
        let of_node = |node: &Node| places.get(&node.name).copied().filter(|_| graph.parameters_of(node) > 0);
        let layers: Vec<Option<usize>> = graph.nodes.iter().map(of_node).collect();
        for (i, layer) in self.layers.iter().enumerate() {
            let node = layers.iter().position(|l| *l == Some(i)).and_then(|at| graph.nodes.get(at));
            let node = node.ok_or_else(|| (0, format!("the layer {} is left over", layer.name)))?;
            layer.check(node.op).map_err(|what| (0, what))?;
        }
        let agreement = Agreement { steps: &self.steps, network: graph, layers: &layers };
        let name = |i: usize| self.layers.get(i).map(|l| l.name.as_str());
        if let Some((i, given)) = agreement.differs() {
            let given = given.map(|at| format!(", where it has {}", flow::told(&self.steps, at, name)));
            let given = given.unwrap_or_default();
            let layer = name(i).unwrap_or_default();
            return Err((i, format!("its graph does something else around the layer {layer}{given}")));
        }
        match agreement.ending() {
            Some(what) => {
                let what = what.words(name);
                Err((
                    self.layers.len(),
                    format!("it ends with {what}, which gives other probabilities than here"),
                ))
            }
            None => Ok(()),
        }
    }
}

/// Networks that may have the weights of one and do something else between them, itself first.
fn alike(found: &UNetConfig) -> Vec<UNetConfig> {
    use Upsampling::{
        Bilinear, BilinearAligned, BilinearConvolution, Nearest, NearestConvolution, Transposed,
    };
    let heads: &[Head] = match found.head {
        Head::Pixelwise | Head::Rectified => &[Head::Pixelwise, Head::Rectified],
        ref other => std::slice::from_ref(other),
    };
    let upsamplings: &[Upsampling] = match found.upsampling {
        Transposed => &[Transposed],
        NearestConvolution | BilinearConvolution => &[NearestConvolution, BilinearConvolution],
        Nearest | Bilinear | BilinearAligned => &[Nearest, Bilinear, BilinearAligned],
    };
    let orders: &[bool] = if found.norm == Norm::None { &[false] } else { &[false, true] };
    let mut all = vec![found.clone()];
    for up_activation in [found.up_activation, !found.up_activation] {
        for head in heads {
            for upsampling in upsamplings {
                for norm_last in orders {
                    all.push(UNetConfig {
                        up_activation,
                        head: *head,
                        upsampling: *upsampling,
                        norm_last: *norm_last,
                        ..found.clone()
                    });
                }
            }
        }
    }
    all
}

impl Layer {
    /// Whether the layer does with its weights what this operation does.
    fn check(&self, op: Op) -> Result<(), String> {
        let name = &self.name;
        let expected = |kernel, pads, stride| Window {
            kernel: [kernel; 2],
            pads,
            strides: [stride; 2],
            dilations: [1, 1],
            groups: 1,
        };
        match (self.op, op) {
            (OnnxOp::Convolution(found), Op::Convolution { kernel, padding })
                if found == expected(kernel, padding, 1) =>
            {
                Ok(())
            }
            (OnnxOp::TransposedConvolution(found), Op::TransposedConvolution)
                if found == expected(2, [0; 4], 2) =>
            {
                Ok(())
            }
            (OnnxOp::BatchNorm { epsilon }, Op::BatchNorm { epsilon: ours }) if decimal(epsilon) == ours => {
                Ok(())
            }
            (OnnxOp::BatchNorm { epsilon }, _) => {
                Err(format!("the layer {name} has an epsilon of {epsilon}, and others have another"))
            }
            (OnnxOp::Convolution(w) | OnnxOp::TransposedConvolution(w), _) => Err(format!(
                "the layer {name} has pads {:?}, strides {:?}, dilations {:?} and {} groups",
                w.pads, w.strides, w.dilations, w.groups
            )),
        }
    }
}

/// The places of layers that were found by their order ([`super::recognise_layers`]).
pub(super) fn places_by_order(network: &UNetConfig) -> Places {
    let graph = Graph::of(network);
    let nodes = graph.nodes.iter().filter(|n| graph.parameters_of(n) > 0);
    nodes.zip(0..).map(|(node, layer)| (node.name.clone(), layer)).collect()
}

/// The preset that a network is one of, width and depth aside.
pub(super) fn preset_of(network: &UNetConfig) -> Option<Preset> {
    let UNetConfig { levels, width, norm_epsilon, dropout, input_channels, outputs, .. } = *network;
    Preset::ALL.into_iter().find(|preset| {
        UNetConfig { levels, width, norm_epsilon, dropout, ..preset.config(input_channels, outputs) }
            == *network
    })
}
