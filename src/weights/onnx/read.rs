//! The weights in an ONNX file, with the layers that they feed.

use super::external::External;
use super::flow::{self, has_weights};
use super::graph::{RawGraph, RawNode};
use super::message::{Fields, broken, field};
use super::values::Values;
use super::write::PLAIN;
use crate::error::{Error, Result};
use crate::weights::card::{CARD_KEY, Card};
use crate::weights::flow::Step;
use crate::weights::named::NamedTensor;
use crate::weights::sequence::{Kind, LayerWeights};

/// What an ONNX file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct OnnxFile {
    /// The program that wrote it, such as `pytorch`.
    pub producer: String,
    /// The card, if Insitu wrote it.
    pub card: Option<Card>,
    /// Convolutions and batch normalisations, in the order of computation.
    pub layers: Vec<OnnxLayer>,
    /// Scales, shifts and slopes of instance normalisations and learnt activations, in a file of ours only: no network of another
    /// program is recognised by them.
    pub others: Vec<NamedTensor>,
    /// What the graph does with feature maps, in the order of computation.
    pub steps: Vec<Step>,
}

/// One layer with weights.
#[derive(Clone, Debug, PartialEq)]
pub struct OnnxLayer {
    /// The node's name; its weight's, if it has none.
    pub name: String,
    pub op: OnnxOp,
    /// Under the names by which the node takes them, in ONNX's layout, which is PyTorch's: weight and perhaps bias; of batch normalisation
    /// weight, bias, running mean and running variance.
    pub tensors: Vec<NamedTensor>,
}

/// What a layer does with its weights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OnnxOp {
    /// `Conv`; weight `[out, in / groups, rows, columns]`.
    Convolution(Window),
    /// `ConvTranspose`; weight `[in, out / groups, rows, columns]`.
    TransposedConvolution(Window),
    /// `BatchNormalization`; all tensors `[channels]`.
    BatchNorm { epsilon: f32 },
}

/// How a convolution moves. Rows before columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    pub kernel: [usize; 2],
    /// Top, left, bottom, right.
    pub pads: [usize; 4],
    pub strides: [usize; 2],
    pub dilations: [usize; 2],
    pub groups: usize,
}

impl OnnxLayer {
    /// The layer as a network is recognised by: its tensors under the names of their parts.
    pub fn into_weights(self) -> LayerWeights {
        let kind = match self.op {
            OnnxOp::Convolution(_) => Kind::Convolution,
            OnnxOp::TransposedConvolution(_) => Kind::TransposedConvolution,
            OnnxOp::BatchNorm { .. } => Kind::BatchNorm,
        };
        let parts = ["weight", "bias", "running_mean", "running_var"];
        let tensors = self.tensors.into_iter().zip(parts);
        let tensors = tensors.map(|(t, part)| NamedTensor { name: part.into(), ..t }).collect();
        LayerWeights { name: self.name, kind, tensors }
    }
}

/// Whether bytes look like an ONNX file: a version, then one of the other fields that stand before the graph.
pub fn recognises(bytes: &[u8]) -> bool {
    // A safetensors file begins with a length that may look like this, and has a brace in the ninth place.
    matches!(bytes, [0x08, 1..=64, 0x12 | 0x1a | 0x22 | 0x28 | 0x32 | 0x3a | 0x42, ..])
        && bytes.get(8) != Some(&b'{')
}

/// Reads the weights of an ONNX file of any program, and the card of one of ours.
///
/// Weights are initialisers or constants of 32, 64 or 16 bits; they come out in the order of the graph and as they are, whether
/// the exporter folded batch normalisation into convolutions or not.
///
/// # Errors
/// `weights.onnx.invalid` for a damaged file; `weights.onnx.empty` without layers; `weights.onnx.unsupported.external` if the weights
/// are in a file beside it; `weights.onnx.unsupported.dtype`, `.layer`; `weights.onnx.limit`; `model.card`.
pub fn read(bytes: &[u8]) -> Result<OnnxFile> {
    read_with(bytes, &[])
}

/// Files beside an ONNX file, by their names without folders.
pub type Beside<'a> = &'a [(&'a str, &'a [u8])];

/// As [`read`], with values in files beside it, as PyTorch writes them from version 2.9 on.
///
/// # Errors
/// Those of [`read`]; `weights.onnx.unsupported.external` with the name of a file that is not among those given.
pub fn read_with(bytes: &[u8], beside: Beside<'_>) -> Result<OnnxFile> {
    let (mut producer, mut graph, mut card) = ("", None, None);
    for entry in Fields::of(bytes) {
        let (number, value) = entry?;
        match number {
            field::model::PRODUCER_NAME => producer = value.text()?,
            field::model::GRAPH => graph = Some(value.bytes()?),
            field::model::METADATA_PROPS => {
                if let Some(json) = property(value.bytes()?, CARD_KEY)? {
                    card = Some(json);
                }
            }
            _ => {}
        }
    }
    let graph = RawGraph::of(graph.ok_or_else(|| broken("it has no graph"))?)?;
    let mut values = Values::of_files(bytes.len(), beside);
    let ours = card.is_some();
    let layers = graph.nodes.iter().filter_map(|n| layer(&graph, n, ours, &mut values).transpose());
    let layers = layers.collect::<Result<Vec<_>>>()?;
    if layers.is_empty() {
        return Err(Error::invalid("weights.onnx.empty", "There is no convolution in this ONNX file."));
    }
    let card = match card {
        Some(json) => Some(serde_json::from_str::<Card>(json).map_err(|e| {
            Error::invalid("model.card", "The card in this ONNX file cannot be read.").with_source(e)
        })?),
        None => None,
    };
    let others = match card {
        Some(_) => others(&graph, &mut values)?,
        None => Vec::new(),
    };
    Ok(OnnxFile { producer: producer.to_string(), card, layers, others, steps: flow::steps(&graph)? })
}

/// What [`super::write`] gives to operations that have tensors and are no layers.
fn others(graph: &RawGraph<'_>, values: &mut Values<'_>) -> Result<Vec<NamedTensor>> {
    let mut tensors = Vec::new();
    for node in graph.nodes.iter().filter(|n| matches!(n.op, "InstanceNormalization" | "PRelu")) {
        for input in node.inputs.iter().skip(1).filter(|input| !input.starts_with(PLAIN)) {
            let message = graph.constant(input)?.ok_or_else(|| broken("a normalisation has no scale"))?;
            tensors.push(values.tensor(input, message)?);
        }
    }
    Ok(tensors)
}

/// The names of the files beside it that an ONNX file wants, without folders.
///
/// # Errors
/// `weights.onnx.invalid`, `weights.onnx.limit`.
pub fn files_beside(bytes: &[u8]) -> Result<Vec<String>> {
    let mut names: Vec<String> = Vec::new();
    for entry in Fields::of(bytes) {
        let (number, value) = entry?;
        if number == field::model::GRAPH {
            for tensor in RawGraph::of(value.bytes()?)?.initialisers() {
                let name = External::of(tensor)?.map(|e| e.file().to_string());
                names.extend(name.filter(|n| !names.contains(n)));
            }
        }
    }
    Ok(names)
}

/// The value of a `StringStringEntryProto` that has this key.
fn property<'a>(message: &'a [u8], key: &str) -> Result<Option<&'a str>> {
    let (mut found, mut text) = ("", "");
    for entry in Fields::of(message) {
        let (number, value) = entry?;
        match number {
            field::entry::KEY => found = value.text()?,
            field::entry::VALUE => text = value.text()?,
            _ => {}
        }
    }
    Ok((found == key).then_some(text))
}

/// The layer of a node, if it is one with weights. `ours`: the file has a card, which says what the layer does.
fn layer(
    graph: &RawGraph<'_>,
    node: &RawNode<'_>,
    ours: bool,
    values: &mut Values<'_>,
) -> Result<Option<OnnxLayer>> {
    if !has_weights(node.op) {
        return Ok(None);
    }
    let weight = node.inputs.get(1).copied().unwrap_or_default();
    let name = if node.name.is_empty() { weight } else { node.name };
    let (least, most) = if node.op == "BatchNormalization" { (4, 4) } else { (1, 2) };
    let mut tensors = Vec::new();
    for input in node.inputs.iter().skip(1).take(most).filter(|i| !i.is_empty()) {
        let Some(message) = graph.constant(input)? else {
            let by = graph.producer(input).map_or("its input", |n| n.op);
            return Err(Error::unsupported(
                "weights.onnx.unsupported.layer",
                format!(
                    "The weights {input} of the layer {name} are computed by {by} in the graph and not stored. Export the network \
                     without quantisation, and with its constants folded."
                ),
            ));
        };
        tensors.push(values.tensor(input, message)?);
    }
    let Some(weight) = tensors.first().filter(|_| tensors.len() >= least) else {
        return Err(broken(&format!("the layer {name} has no weights")));
    };
    let op = match node.op {
        "Conv" => OnnxOp::Convolution(window(node, name, weight)?),
        "ConvTranspose" => {
            let larger =
                node.attribute("output_shape")?.is_some() || node.sizes("output_padding", [0, 0])? != [0, 0];
            if larger && !ours {
                return Err(Error::unsupported(
                    "weights.onnx.unsupported.layer",
                    format!("The layer {name} pads what it gives, which no U-Net here does."),
                ));
            }
            OnnxOp::TransposedConvolution(window(node, name, weight)?)
        }
        _ => {
            let epsilon = node.attribute("epsilon")?.and_then(|a| a.float);
            OnnxOp::BatchNorm { epsilon: epsilon.unwrap_or(1e-5) }
        }
    };
    Ok(Some(OnnxLayer { name: name.to_string(), op, tensors }))
}

fn window(node: &RawNode<'_>, name: &str, weight: &NamedTensor) -> Result<Window> {
    let [_, _, rows, columns] = weight.shape[..] else {
        return Err(Error::unsupported(
            "weights.onnx.unsupported.layer",
            format!(
                "The layer {name} is no convolution of images: its weight has {} dimensions and not 4.",
                weight.shape.len()
            ),
        ));
    };
    let kernel = [rows, columns];
    let strides = node.sizes("strides", [1, 1])?;
    let dilations = node.sizes("dilations", [1, 1])?;
    let pads = match node.attribute("auto_pad")?.and_then(|a| a.text).unwrap_or("NOTSET") {
        "NOTSET" => node.sizes("pads", [0; 4])?,
        "VALID" => [0; 4],
        same => {
            // What an input that is a multiple of the stride needs; the odd pixel goes behind (UPPER) or before (LOWER).
            let around = |kernel: usize, dilation: usize, stride: usize| {
                let reach = kernel.saturating_sub(1).saturating_mul(dilation).saturating_add(1);
                let both = reach.saturating_sub(stride);
                let (less, more) = (both / 2, both - both / 2);
                if same == "SAME_LOWER" { (more, less) } else { (less, more) }
            };
            let (top, bottom) = around(rows, dilations[0], strides[0]);
            let (left, right) = around(columns, dilations[1], strides[1]);
            [top, left, bottom, right]
        }
    };
    let groups = usize::try_from(node.int("group", 1)?).unwrap_or(0);
    Ok(Window { kernel, pads, strides, dilations, groups })
}
