//! The network in an ONNX file of another program.

use std::collections::HashMap;

use super::flow::{self, Agreement, Step};
use super::read::{OnnxFile, OnnxLayer, OnnxOp, Window, read};
use super::unfold::unfolded;
use crate::error::{Error, Result};
use crate::net::{Graph, Head, Node, Op, Padding, Preset, UNetConfig};
use crate::weights::card::Card;
use crate::weights::conventions::Convention;
use crate::weights::fit::fit;
use crate::weights::named::NamedTensor;
use crate::weights::recognise::{Recognised, recognise};
use crate::weights::sequence::{Hints, recognise_layers};

/// A file of ours, or a network that was found in a file of another program.
pub(in crate::weights) enum Found {
    Ours(Box<Card>, Vec<NamedTensor>),
    Theirs(Recognised),
}

/// Finds the network of an ONNX file: by its card; else by the names of its weights or by the order of its layers, and then the
/// graph must do between the layers what that network does.
///
/// # Errors
/// Those of [`read`]; `model.tensors` with the names that are missing, left over, and the first shape that differs;
/// `model.unsupported.network` if no network here has these layers or does what the graph does between them; `net.config`.
pub(in crate::weights) fn recognise_onnx(bytes: &[u8]) -> Result<Found> {
    let OnnxFile { card, layers, steps, .. } = read(bytes)?;
    if let Some(card) = card {
        card.network.validate()?;
        let tensors = fit(&Graph::of(&card.network).tensors(), tensors(layers), str::to_string)?;
        return Ok(Found::Ours(Box::new(card), tensors));
    }
    if let Some(what) = flow::unusual(&steps) {
        return Err(unsupported(format!("it has the operation {what} between its layers")));
    }
    let (layers, steps) = unfolded(layers, steps);
    let plan = Plan::of(&layers, steps);
    let hints = plan.hints();
    // Names say more than the order, where a file still has them.
    let convention = Convention::of(|name| plan.layers.iter().any(|l| l.weight == name));
    let (found, places) = match convention {
        None => by_order(layers, hints)?,
        Some(convention) => match recognise(tensors(layers)) {
            Ok(found) => {
                let places = plan.by_name(&found.network, convention);
                (found, places)
            }
            // Exporters give names up where weights are equal. Read again, and not kept until here: weights may be large.
            Err(by_name) => {
                let OnnxFile { layers, steps, .. } = read(bytes)?;
                by_order(unfolded(layers, steps).0, hints).map_err(|_| by_name)?
            }
        },
    };
    let network = plan.network(&found.network, hints, &places)?;
    let (channels, outputs) = (network.input_channels, network.outputs);
    let preset = Preset::ALL.into_iter().find(|preset| {
        let UNetConfig { levels, width, norm_epsilon, dropout, .. } = network;
        UNetConfig { levels, width, norm_epsilon, dropout, ..preset.config(channels, outputs) } == network
    });
    Ok(Found::Theirs(Recognised { network, preset, title: "ONNX U-Net", ..found }))
}

fn tensors(layers: Vec<OnnxLayer>) -> Vec<NamedTensor> {
    layers.into_iter().flat_map(|l| l.tensors).collect()
}

/// For each name of a node with weights, the number of the file's layer.
type Places = HashMap<String, usize>;

fn by_order(layers: Vec<OnnxLayer>, hints: Hints) -> Result<(Recognised, Places)> {
    let layers: Vec<_> = layers.into_iter().map(OnnxLayer::into_weights).collect();
    let found = recognise_layers(&layers, hints)?;
    let graph = Graph::of(&found.network);
    let nodes = graph.nodes.iter().filter(|n| graph.parameters_of(n) > 0);
    let places = nodes.zip(0..).map(|(node, layer)| (node.name.clone(), layer)).collect();
    Ok((found, places))
}

/// A layer without its values.
struct Layer {
    name: String,
    /// The name of its weight.
    weight: String,
    op: OnnxOp,
}

/// What a file tells beside the values of its weights.
struct Plan {
    layers: Vec<Layer>,
    steps: Vec<Step>,
}

impl Plan {
    fn of(layers: &[OnnxLayer], steps: Vec<Step>) -> Self {
        let layers = layers.iter().map(|l| Layer {
            name: l.name.clone(),
            weight: l.tensors.first().map(|t| t.name.clone()).unwrap_or_default(),
            op: l.op,
        });
        Self { layers: layers.collect(), steps }
    }

    /// What the first layer of each kind tells; the others are compared with the network.
    fn hints(&self) -> Hints {
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

    fn by_name(&self, network: &UNetConfig, convention: Convention) -> Places {
        let layers: HashMap<&str, usize> =
            self.layers.iter().enumerate().map(|(i, l)| (l.weight.as_str(), i)).collect();
        let place = |node: &Node| {
            let theirs = convention.name(&format!("{}.weight", node.name), network.levels);
            Some((node.name.clone(), *layers.get(theirs.as_str())?))
        };
        let graph = Graph::of(network);
        graph.nodes.iter().filter(|n| graph.parameters_of(n) > 0).filter_map(place).collect()
    }

    /// The network with the same weights that does what the graph does: weights do not tell whether ReLUs follow up-convolutions
    /// without normalisation, nor the last layer.
    fn network(&self, found: &UNetConfig, hints: Hints, places: &Places) -> Result<UNetConfig> {
        let found = UNetConfig {
            skip_first: hints.skip_first.unwrap_or(found.skip_first),
            padding: hints.padding.unwrap_or(found.padding),
            norm_epsilon: hints.epsilon.unwrap_or(found.norm_epsilon),
            ..found.clone()
        };
        found.validate()?;
        let tensors = Graph::of(&found).tensors();
        let heads: &[Head] = match found.head {
            Head::Pixelwise | Head::Rectified => &[Head::Pixelwise, Head::Rectified],
            ref other => std::slice::from_ref(other),
        };
        let mut differs = None;
        for up_activation in [found.up_activation, !found.up_activation] {
            for head in heads {
                let network = UNetConfig { up_activation, head: *head, ..found.clone() };
                let graph = Graph::of(&network);
                if network.validate().is_err() || graph.tensors() != tensors {
                    continue;
                }
                match self.check(&graph, places) {
                    Ok(()) => return Ok(network),
                    Err(what) if differs.is_none() || network == found => differs = Some(what),
                    Err(_) => {}
                }
            }
        }
        Err(unsupported(differs.unwrap_or_else(|| "nothing does what its graph does".into())))
    }

    /// Compares windows, epsilon and what stands between the layers with a network; the error says what differs.
    fn check(&self, graph: &Graph, places: &Places) -> Result<(), String> {
        let of_node = |node: &Node| places.get(&node.name).copied().filter(|_| graph.parameters_of(node) > 0);
        let layers: Vec<Option<usize>> = graph.nodes.iter().map(of_node).collect();
        for (i, layer) in self.layers.iter().enumerate() {
            let node = layers.iter().position(|l| *l == Some(i)).and_then(|at| graph.nodes.get(at));
            let node = node.ok_or_else(|| format!("the layer {} is left over", layer.name))?;
            layer.check(node.op)?;
        }
        let agreement = Agreement { steps: &self.steps, network: graph, layers: &layers };
        match agreement.differs().and_then(|i| self.layers.get(i)) {
            Some(layer) => Err(format!("its graph does something else around the layer {}", layer.name)),
            None => Ok(()),
        }
    }
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

/// The decimal number that was meant, and not its neighbour in 32 bits.
fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

fn unsupported(what: String) -> Error {
    Error::unsupported(
        "model.unsupported.network",
        format!("The network in this ONNX file is none that Insitu knows: {what}."),
    )
}
