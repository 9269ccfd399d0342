//! What the graph of an ONNX file does with feature maps, as steps.

use std::collections::HashMap;

use super::graph::{RawGraph, RawNode};
use super::message::kind;
use super::values::whole_numbers;
use crate::error::Result;
use crate::net::Activation;
use crate::weights::flow::{Step, StepKind};

/// A map on its way.
#[derive(Clone, Copy)]
struct Map {
    step: usize,
    /// Channels stand behind rows and columns, as TensorFlow has them.
    channels_last: bool,
}

/// What a node does with its first map.
enum Effect {
    Step(StepKind),
    /// Nothing but perhaps another order of axes.
    Same {
        channels_last: bool,
    },
}

/// Whether nodes of this operation have weights.
pub(super) fn has_weights(op: &str) -> bool {
    matches!(op, "Conv" | "ConvTranspose" | "BatchNormalization")
}

/// Follows feature maps from the inputs on. Sizes that are computed on the way are left alone.
pub(super) fn steps(graph: &RawGraph<'_>) -> Result<Vec<Step>> {
    let mut steps: Vec<Step> =
        graph.inputs.iter().map(|_| Step { what: StepKind::Image, inputs: Vec::new() }).collect();
    let images = graph.inputs.iter().enumerate();
    let mut maps: HashMap<&str, Map> =
        images.map(|(step, name)| (*name, Map { step, channels_last: false })).collect();
    let mut layers = 0;
    for node in &graph.nodes {
        let layer = has_weights(node.op).then_some(layers);
        layers += usize::from(layer.is_some());
        let inputs: Vec<Map> = node.inputs.iter().filter_map(|name| maps.get(name).copied()).collect();
        let Some(first) = inputs.first().copied().filter(|_| !matches!(node.op, "Shape" | "Size")) else {
            continue;
        };
        let given = steps.get(first.step).is_some_and(|s| s.what == StepKind::Image);
        let result = match effect(graph, node, layer, first, given)? {
            Effect::Same { channels_last } => Map { channels_last, ..first },
            Effect::Step(what) => {
                let inputs = inputs.iter().map(|map| map.step).collect();
                steps.push(Step { what, inputs });
                Map { step: steps.len() - 1, ..first }
            }
        };
        maps.extend(node.outputs.iter().map(|name| (*name, result)));
    }
    Ok(steps)
}

/// What a node does with a map; `given` if that is the graph's input.
fn effect(
    graph: &RawGraph<'_>,
    node: &RawNode<'_>,
    layer: Option<usize>,
    map: Map,
    given: bool,
) -> Result<Effect> {
    let mode = node.attribute("mode")?.and_then(|a| a.text);
    let alpha = node.attribute("alpha")?.and_then(|a| a.float);
    let same = Effect::Same { channels_last: map.channels_last };
    let step = |what| Ok(Effect::Step(what));
    // ONNX's own layers take channels before rows and columns.
    let channels_first = !map.channels_last;
    match (node.op, layer) {
        // Their windows are looked at with their weights.
        (_, Some(layer)) if channels_first => return step(StepKind::Layer(layer)),
        ("Relu", _) => return step(StepKind::Relu),
        ("LeakyRelu", _) => {
            let slope = decimal(alpha.unwrap_or(0.01));
            return step(StepKind::Activation(Activation::LeakyRelu(slope)));
        }
        ("Elu", _) => return step(StepKind::Activation(Activation::Elu(decimal(alpha.unwrap_or(1.0))))),
        ("Selu", _) if usual_selu(node)? => return step(StepKind::Activation(Activation::Selu)),
        ("Sigmoid", _) => return step(StepKind::Sigmoid),
        ("Softmax" | "LogSoftmax", _) => return step(StepKind::Softmax),
        (
            "ArgMax" | "Greater" | "GreaterOrEqual" | "Less" | "LessOrEqual" | "Squeeze" | "Unsqueeze"
            | "Reshape" | "Flatten",
            _,
        ) => return step(StepKind::Ending(node.op.to_string())),
        ("MaxPool", _) if channels_first && halves(node)? => return step(StepKind::MaxPool),
        ("Resize" | "Upsample", _) if channels_first && repeats(node, mode)? => {
            return step(StepKind::Upsample);
        }
        ("Resize", _) if channels_first && mode == Some("linear") => {
            let place = node.attribute("coordinate_transformation_mode")?.and_then(|a| a.text);
            match place.unwrap_or("half_pixel") {
                // Where sizes double, they say the same.
                "half_pixel" | "half_pixel_symmetric" | "pytorch_half_pixel" => {
                    return step(StepKind::Interpolate { align_corners: false });
                }
                "align_corners" => return step(StepKind::Interpolate { align_corners: true }),
                _ => {}
            }
        }
        ("Concat", _) => {
            let axis = node.int("axis", 1)?;
            if matches!((axis, map.channels_last), (1 | -3, false) | (3 | -1, true)) {
                return step(StepKind::Concatenate);
            }
        }
        // Cropping to the size of another map: layers that do not crop as much do not fit together.
        ("Dropout" | "Identity" | "Slice", _) => return Ok(same),
        ("Cast", _) if kind::FLOATS.contains(&node.int("to", 0)?) => return Ok(same),
        ("Cast", _) => return step(StepKind::Ending("Cast".into())),
        ("Transpose", _) => match node.attribute("perm")?.map(|a| a.ints).as_deref() {
            Some([0, 3, 1, 2]) if map.channels_last || given => {
                return Ok(Effect::Same { channels_last: false });
            }
            Some([0, 2, 3, 1]) if channels_first => return Ok(Effect::Same { channels_last: true }),
            _ => {}
        },
        // Public networks pad what comes up where sizes are odd; with the sizes that are legal here there is nothing to pad.
        ("Pad", _) if matches!(mode, None | Some("constant")) && !pads(graph, node)? => return Ok(same),
        _ => {}
    }
    let mode = mode.map(|m| format!(" ({m})")).unwrap_or_default();
    step(StepKind::Other(format!("{}{mode}", node.op)))
}

/// The decimal number that was meant, and not its neighbour in 32 bits.
pub(in crate::weights) fn decimal(value: f32) -> f64 {
    value.to_string().parse().unwrap_or(f64::from(value))
}

/// Whether the constants are those of the paper.
fn usual_selu(node: &RawNode<'_>) -> Result<bool> {
    let is = |name: &str, usual: f32| {
        Ok(node.attribute(name)?.and_then(|a| a.float).is_none_or(|v| (v - usual).abs() < 1e-6))
    };
    Ok(is("alpha", 1.673_263_2)? && is("gamma", 1.050_701)?)
}

/// Whether a pooling takes 2x2 pixels that do not overlap.
fn halves(node: &RawNode<'_>) -> Result<bool> {
    Ok(node.sizes("kernel_shape", [1, 1])? == [2, 2]
        && node.sizes("strides", [1, 1])? == [2, 2]
        && node.sizes("dilations", [1, 1])? == [1, 1]
        && node.sizes("pads", [0; 4])? == [0; 4])
}

/// Whether a resizing repeats each pixel, if it makes a map twice as large. That it does is seen where the map is joined with
/// another.
fn repeats(node: &RawNode<'_>, mode: Option<&str>) -> Result<bool> {
    let place = node.attribute("coordinate_transformation_mode")?.and_then(|a| a.text);
    let nearest = node.attribute("nearest_mode")?.and_then(|a| a.text);
    let known = match place.unwrap_or(if node.op == "Upsample" { "asymmetric" } else { "half_pixel" }) {
        // Pixel i is taken from i / 2,
        "asymmetric" => matches!(nearest, None | Some("floor" | "round_prefer_floor")),
        // from i / 2 - 1/4,
        "half_pixel" | "half_pixel_symmetric" | "pytorch_half_pixel" => {
            matches!(nearest, None | Some("round_prefer_floor" | "round_prefer_ceil"))
        }
        // and from i / 2 + 1/4.
        "tf_half_pixel_for_nn" => nearest == Some("floor"),
        _ => false,
    };
    Ok(known && matches!(mode, None | Some("nearest")))
}

/// Whether a padding may add something where sizes are even: its sizes are stored, and not all of them are 0 or crop.
fn pads(graph: &RawGraph<'_>, node: &RawNode<'_>) -> Result<bool> {
    // Before version 11 of the operators they were an attribute.
    if let Some(attribute) = node.attribute("pads")? {
        return Ok(attribute.ints.iter().any(|n| *n > 0));
    }
    let Some(stored) = node.inputs.get(1).map(|name| graph.constant(name)).transpose()?.flatten() else {
        return Ok(false);
    };
    Ok(whole_numbers(stored)?.is_none_or(|sizes| sizes.iter().any(|n| *n > 0)))
}
