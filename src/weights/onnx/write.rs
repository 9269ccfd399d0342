//! A model as an ONNX file.

use std::collections::HashMap;

use super::message::{Message, field, kind};
use super::nodes::{Attribute, Nodes, tensor};
use super::scaling::scaled;
use super::values::MAX_BYTES;
use crate::error::{Error, Result};
use crate::net::{Activation, Geometry, Graph, Node, Op, Padding, UNetConfig};
use crate::weights::card::{CARD_KEY, Card, Role};
use crate::weights::fit::fit;
use crate::weights::named::NamedTensor;

/// How files of ours say who wrote them.
const PRODUCER: &str = "insitu";
/// Version of the file format that belongs to the operator set.
const IR_VERSION: i64 = 8;
/// Version of the operators.
const OPSET: i64 = 17;

/// How the names begin of what stands for the scale and shift of an instance normalisation that has none.
pub(super) const PLAIN: &str = "plain.";

/// Writes a model as one ONNX file (operator set 17), weights inside.
///
/// Input `image`: 32-bit floats `[batch, channel, height, width]`, all but the channels of any size, in raw values as the scan gives
/// them ([`crate::scan::Scan::network_slice`]): the card's normalisation is the first part of the graph, each image of a batch for
/// itself. Height and width must be legal ([`Geometry::is_legal`]); the mirroring at borders that Insitu does is the caller's.
/// Output `probability`: `[batch, output, height, width]`, softmax or sigmoid included, smaller than the image by the geometry's
/// border with valid padding. A network with several heads has the deepest as `probability` and the others, from the shallowest,
/// as `probability.0`, `probability.1` and so on. Averaging over flips (`card.flips`) or
/// patches (`card.patches`) is not part of the graph.
///
/// The metadata hold `title`, `classes` (names as JSON), `sizes` (what is legal, in words), and the card as JSON under `insitu`.
/// [`super::read`] gives back the same card and tensors.
///
/// # Errors
/// `weights.onnx.unsupported.stars` of a network that tells distances ([`Card::stars`]); `model.card`, `net.config`; `model.tensors` if the tensors are not those of the card's network; `weights.onnx.limit` over 2 GiB,
/// the most that the format takes.
pub fn export(card: &Card, tensors: &[NamedTensor]) -> Result<Vec<u8>> {
    card.validate()?;
    if card.stars.is_some() {
        return Err(Error::unsupported(
            "weights.onnx.unsupported.stars",
            "A StarDist network is not written as ONNX: its objects come from distances, by a suppression that is not part of such a \
             file. Write a .safetensors file, or export the model from StarDist.",
        ));
    }
    let graph = Graph::of(&card.network);
    let weights = in_order(&graph, tensors)?;
    let bytes: usize = weights.iter().map(|t| 4 * t.values.len()).sum();
    // A little room for what is not weights.
    if bytes as u64 > MAX_BYTES - (16 << 20) {
        return Err(Error::limit(
            "weights.onnx.limit",
            format!("The weights take {} MiB, and an ONNX file takes 2 GiB at most.", bytes >> 20),
        ));
    }
    let json = |e: serde_json::Error| {
        Error::invalid("model.write", "The model's card could not be written.").with_source(e)
    };
    let names: Vec<&str> = card.classes.iter().map(|c| c.name.as_str()).collect();
    let entries = [
        ("title", card.title.clone()),
        ("classes", serde_json::to_string(&names).map_err(json)?),
        ("sizes", sizes(&card.network)),
        (CARD_KEY, serde_json::to_string(card).map_err(json)?),
    ];

    let mut model = Message::with_capacity(bytes + (1 << 18));
    model.number(field::model::IR_VERSION, IR_VERSION);
    model.text(field::model::PRODUCER_NAME, PRODUCER);
    model.text(field::model::PRODUCER_VERSION, env!("CARGO_PKG_VERSION"));
    model.text(field::model::DOC_STRING, &card.summary);
    model.message(field::model::GRAPH, |m| write_graph(m, card, &graph, &weights));
    model.message(field::model::OPSET_IMPORT, |m| {
        m.text(field::opset::DOMAIN, "");
        m.number(field::opset::VERSION, OPSET);
    });
    for (key, value) in entries {
        model.message(field::model::METADATA_PROPS, |m| {
            m.text(field::entry::KEY, key);
            m.text(field::entry::VALUE, &value);
        });
    }
    Ok(model.into_bytes())
}

/// The tensors that the graph wants, in the order in which it wants them.
fn in_order<'a>(graph: &Graph, tensors: &'a [NamedTensor]) -> Result<Vec<&'a NamedTensor>> {
    let wanted = graph.tensors();
    // Names and shapes alone: the values may be large. One whose values are not as many as its shape says has none.
    let bare = tensors.iter().map(|t| {
        let whole = t.shape.iter().try_fold(1usize, |n, d| n.checked_mul(*d)) == Some(t.values.len());
        let shape = if whole { t.shape.clone() } else { vec![t.values.len(), 0] };
        NamedTensor { name: t.name.clone(), shape, values: Vec::new() }
    });
    fit(&wanted, bare.collect(), str::to_string)?;
    let by_name: HashMap<&str, &NamedTensor> = tensors.iter().map(|t| (t.name.as_str(), t)).collect();
    Ok(wanted.iter().filter_map(|(name, _)| by_name.get(name.as_str()).copied()).collect())
}

/// Which images the network takes.
fn sizes(network: &UNetConfig) -> String {
    let geometry = Geometry::of(network);
    let (least, stride, border) = (geometry.legal_at_least(1), geometry.stride, geometry.border);
    match network.padding {
        Padding::Same => format!("Height and width: multiples of {stride}."),
        Padding::Valid => format!(
            "Height and width: {least}, or more by multiples of {stride}. The result is {border} pixels smaller on every side."
        ),
    }
}

fn write_graph(m: &mut Message, card: &Card, graph: &Graph, weights: &[&NamedTensor]) {
    let mut nodes = Nodes::new(m);
    // The name of each node's result.
    let mut values: Vec<String> = Vec::with_capacity(graph.nodes.len());
    for node in &graph.nodes {
        let value = match node.op {
            Op::Input => scaled(&mut nodes, "image", card.input.normalisation),
            _ => push(&mut nodes, node, &values),
        };
        values.push(value);
    }
    let outputs = card.network.outputs;
    let axis = [("axis", Attribute::Int(1))];
    let (op, attributes) = if outputs == 1 { ("Sigmoid", &axis[..0]) } else { ("Softmax", &axis[..]) };
    let mut results = Vec::new();
    for (j, head) in graph.heads.iter().enumerate() {
        let last = j + 1 == graph.heads.len();
        let name = if last { "probability".to_string() } else { format!("probability.{j}") };
        results.push(nodes.push(op, name, &[&values[*head]], attributes));
    }
    nodes.finish();
    m.text(field::graph::NAME, card.preset.as_deref().unwrap_or("u-net"));
    for weight in weights {
        tensor(m, &weight.name, kind::FLOAT, &weight.shape, |m| {
            m.floats(field::tensor::RAW_DATA, &weight.values)
        });
    }
    let told = format!("Raw values, as the scan has them. {}", sizes(&card.network));
    value_info(m, field::graph::INPUT, "image", card.network.input_channels, ["height", "width"], &told);
    let size = match card.network.padding {
        Padding::Same => ["height", "width"],
        Padding::Valid => ["output_height", "output_width"],
    };
    let channels = channels(card);
    // The deepest head first: most programs take the first output.
    for result in results.iter().rev().take(1).chain(results.iter().rev().skip(1).rev()) {
        value_info(m, field::graph::OUTPUT, result, outputs, size, &channels);
    }
}

/// The node of one operation of the network; nothing for those that only learning needs.
pub(super) fn push(nodes: &mut Nodes<'_>, node: &Node, values: &[String]) -> String {
    let inputs: Vec<&str> = node.inputs.iter().filter_map(|i| values.get(*i)).map(String::as_str).collect();
    let x = inputs.first().copied().unwrap_or_default();
    let name = node.name.as_str();
    let at = |what: &str| format!("{name}.{what}");
    let weight = || (at("weight"), at("bias"));
    match node.op {
        // Both are no more than what they are given.
        Op::Input | Op::Dropout { .. } => x.to_string(),
        Op::Convolution { kernel, padding } => {
            let (weight, bias) = weight();
            let pads = padding.map(|p| p as i64);
            let attributes = [
                ("kernel_shape", Attribute::Ints(&[kernel as i64; 2])),
                ("pads", Attribute::Ints(&pads)),
                ("strides", Attribute::Ints(&[1, 1])),
            ];
            nodes.push("Conv", name, &[x, &weight, &bias], &attributes)
        }
        Op::StridedConvolution => {
            let (weight, bias) = weight();
            let attributes = [
                ("kernel_shape", Attribute::Ints(&[3, 3])),
                ("pads", Attribute::Ints(&[1; 4])),
                ("strides", Attribute::Ints(&[2, 2])),
            ];
            nodes.push("Conv", name, &[x, &weight, &bias], &attributes)
        }
        Op::TransposedConvolution => {
            let (weight, bias) = weight();
            let attributes =
                [("kernel_shape", Attribute::Ints(&[2, 2])), ("strides", Attribute::Ints(&[2, 2]))];
            nodes.push("ConvTranspose", name, &[x, &weight, &bias], &attributes)
        }
        Op::WideTransposedConvolution => {
            let (weight, bias) = weight();
            let attributes = [
                ("kernel_shape", Attribute::Ints(&[3, 3])),
                ("output_padding", Attribute::Ints(&[1, 1])),
                ("pads", Attribute::Ints(&[1; 4])),
                ("strides", Attribute::Ints(&[2, 2])),
            ];
            nodes.push("ConvTranspose", name, &[x, &weight, &bias], &attributes)
        }
        Op::BatchNorm { epsilon } => {
            let (weight, bias) = weight();
            let (mean, variance) = (at("running_mean"), at("running_var"));
            let attributes = [("epsilon", Attribute::Float(epsilon as f32))];
            nodes.push("BatchNormalization", name, &[x, &weight, &bias, &mean, &variance], &attributes)
        }
        Op::InstanceNorm { epsilon, affine } => {
            let channels = node.channels;
            let (scale, shift) = if affine {
                weight()
            } else {
                // The operation wants both.
                let same = |value: f32| vec![value; channels];
                let scale = nodes.floats(format!("{PLAIN}one.{channels}"), &same(1.0));
                (scale, nodes.floats(format!("{PLAIN}zero.{channels}"), &same(0.0)))
            };
            let attributes = [("epsilon", Attribute::Float(epsilon as f32))];
            nodes.push("InstanceNormalization", at("normalised"), &[x, &scale, &shift], &attributes)
        }
        Op::Relu => nodes.push("Relu", at("relu"), &[x], &[]),
        Op::Activation(Activation::PRelu) => {
            // The slope lies beside all axes but that of the batch.
            nodes.push("PRelu", at("activation"), &[x, &at("weight")], &[])
        }
        Op::Activation(activation) => activate(nodes, activation, at("activation"), x),
        Op::MaxPool => {
            let attributes =
                [("kernel_shape", Attribute::Ints(&[2, 2])), ("strides", Attribute::Ints(&[2, 2]))];
            nodes.push("MaxPool", at("pool"), &[x], &attributes)
        }
        Op::UpsampleNearest => {
            let scales = nodes.floats("twice", &[1.0, 1.0, 2.0, 2.0]);
            let attributes = [
                ("mode", Attribute::Text("nearest")),
                ("coordinate_transformation_mode", Attribute::Text("asymmetric")),
                ("nearest_mode", Attribute::Text("floor")),
            ];
            // No region of interest.
            nodes.push("Resize", at("resize"), &[x, "", &scales], &attributes)
        }
        Op::UpsampleBilinear { align_corners } => {
            let scales = nodes.floats("twice", &[1.0, 1.0, 2.0, 2.0]);
            let place = if align_corners { "align_corners" } else { "half_pixel" };
            let attributes = [
                ("mode", Attribute::Text("linear")),
                ("coordinate_transformation_mode", Attribute::Text(place)),
            ];
            nodes.push("Resize", at("resize"), &[x, "", &scales], &attributes)
        }
        Op::Crop { margin } => {
            let margin = margin as i64;
            let starts = nodes.ints(format!("crop.{margin}.starts"), &[margin, margin]);
            let ends = nodes.ints(format!("crop.{margin}.ends"), &[-margin, -margin]);
            let axes = nodes.ints("crop.axes", &[2, 3]);
            nodes.push("Slice", at("crop"), &[x, &starts, &ends, &axes], &[])
        }
        Op::Concatenate => nodes.push("Concat", at("concat"), &inputs, &[("axis", Attribute::Int(1))]),
    }
}

fn activate(nodes: &mut Nodes<'_>, activation: Activation, name: String, x: &str) -> String {
    match activation {
        Activation::Relu => nodes.push("Relu", name, &[x], &[]),
        Activation::LeakyRelu(slope) => {
            nodes.push("LeakyRelu", name, &[x], &[("alpha", Attribute::Float(slope as f32))])
        }
        Activation::Elu(alpha) => nodes.push("Elu", name, &[x], &[("alpha", Attribute::Float(alpha as f32))]),
        // Without a slope of its own, what it starts with.
        Activation::PRelu => nodes.push("LeakyRelu", name, &[x], &[("alpha", Attribute::Float(0.25))]),
        // Its constants are those that the standard has for it.
        Activation::Selu => nodes.push("Selu", name, &[x], &[]),
    }
}

/// What the outputs stand for.
fn channels(card: &Card) -> String {
    let each = card.outputs.iter().enumerate().map(|(i, output)| {
        let class = usize::from(output.class).checked_sub(1).and_then(|c| card.classes.get(c));
        let name = class.map_or("background", |c| c.name.as_str());
        match output.role {
            Role::Background => format!("{i}: background"),
            Role::Interior => format!("{i}: {name}"),
            Role::Boundary => format!("{i}: rim of {name}"),
            Role::Distance => format!("{i}: distance to the rim of {name}"),
        }
    });
    format!("Probabilities by channel; {}.", each.collect::<Vec<_>>().join(", "))
}

/// An input or output of the graph: 32-bit floats `[batch, channels, height, width]`.
fn value_info(m: &mut Message, field: u32, name: &str, channels: usize, size: [&str; 2], told: &str) {
    use super::message::field::value_info as at;
    m.message(field, |m| {
        m.text(at::NAME, name);
        m.message(at::TYPE, |m| {
            m.message(at::TENSOR_TYPE, |m| {
                m.number(at::ELEM_TYPE, kind::FLOAT as i64);
                m.message(at::SHAPE, |m| {
                    m.message(at::DIM, |m| m.text(at::DIM_PARAM, "batch"));
                    m.message(at::DIM, |m| m.number(at::DIM_VALUE, channels as i64));
                    for side in size {
                        m.message(at::DIM, |m| m.text(at::DIM_PARAM, side));
                    }
                });
            });
        });
        m.text(at::DOC_STRING, told);
    });
}
