//! What the graph of an ONNX file does with feature maps, as steps; and whether that is what a network here does.

use std::collections::HashMap;

use super::graph::{RawGraph, RawNode};
use super::message::kind;
use super::values::whole_numbers;
use crate::error::Result;
use crate::net::{Graph, Op};

/// One operation on feature maps. What changes no value, or only their size where sizes are odd, is none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    pub what: StepKind,
    /// The steps whose results it takes; all of them stand before it.
    pub inputs: Vec<usize>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// What the graph is given.
    Image,
    /// The layer with this number among those with weights.
    Layer(usize),
    Relu,
    /// The largest of 2x2 pixels, with stride 2.
    MaxPool,
    /// Nearest neighbour, twice as large.
    Upsample,
    /// Channels of all inputs, one after the other.
    Concatenate,
    /// What no network here has, in words.
    Other(String),
}

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
    let same = Effect::Same { channels_last: map.channels_last };
    let step = |what| Ok(Effect::Step(what));
    // ONNX's own layers take channels before rows and columns.
    let channels_first = !map.channels_last;
    match (node.op, layer) {
        // Their windows are looked at with their weights.
        (_, Some(layer)) if channels_first => return step(StepKind::Layer(layer)),
        ("Relu", _) => return step(StepKind::Relu),
        ("MaxPool", _) if channels_first && halves(node)? => return step(StepKind::MaxPool),
        ("Resize" | "Upsample", _) if channels_first && repeats(node, mode)? => {
            return step(StepKind::Upsample);
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

/// The first step before the last layer that no network here has.
pub(super) fn unusual(steps: &[Step]) -> Option<&str> {
    let last = steps.iter().rposition(|s| matches!(s.what, StepKind::Layer(_)))?;
    let mut needed = vec![false; last];
    needed.push(true);
    // Inputs stand before what takes them.
    for i in (0..=last).rev() {
        if needed.get(i) != Some(&true) {
            continue;
        }
        for input in steps.get(i).into_iter().flat_map(|step| &step.inputs) {
            if let Some(input) = needed.get_mut(*input) {
                *input = true;
            }
        }
    }
    steps.iter().zip(needed).find_map(|(step, needed)| match &step.what {
        StepKind::Other(what) if needed => Some(what.as_str()),
        _ => None,
    })
}

/// Whether the skip connection stands first in the first concatenation, where that can be told: of the maps that it joins, one
/// comes up from below and the others over skip connections. `transposed` tells whether a layer is a transposed convolution.
pub(super) fn skip_first(steps: &[Step], transposed: impl Fn(usize) -> bool) -> Option<bool> {
    let first = steps.iter().find(|s| s.what == StepKind::Concatenate)?;
    // Made larger since the last time that it was made smaller.
    let comes_up = |mut at: usize| {
        while let Some(step) = steps.get(at) {
            match step.what {
                StepKind::Upsample => return true,
                StepKind::Layer(layer) if transposed(layer) => return true,
                StepKind::MaxPool | StepKind::Concatenate | StepKind::Image => return false,
                _ => {}
            }
            let Some(input) = step.inputs.first() else { return false };
            at = *input;
        }
        false
    };
    let comes_up: Vec<bool> = first.inputs.iter().map(|i| comes_up(*i)).collect();
    match comes_up.as_slice() {
        [true, rest @ ..] if !rest.is_empty() && !rest.contains(&true) => Some(false),
        [rest @ .., true] if !rest.is_empty() && !rest.contains(&true) => Some(true),
        _ => None,
    }
}

/// The file's layers that belong to the nodes of a network.
pub(super) struct Agreement<'a> {
    pub steps: &'a [Step],
    pub network: &'a Graph,
    /// The layer of each node; `None` for nodes without weights.
    pub layers: &'a [Option<usize>],
}

impl Agreement<'_> {
    /// The first layer of the file that is given something else than in the network, or whose result is treated otherwise.
    pub fn differs(&self) -> Option<usize> {
        let places: HashMap<usize, usize> = self
            .steps
            .iter()
            .enumerate()
            .filter_map(|(i, s)| if let StepKind::Layer(layer) = s.what { Some((layer, i)) } else { None })
            .collect();
        for (node, layer) in self.network.nodes.iter().zip(self.layers) {
            let Some(layer) = layer else { continue };
            let theirs = places.get(layer).and_then(|i| self.steps.get(*i)).and_then(|s| s.inputs.first());
            if !node.inputs.first().zip(theirs).is_some_and(|(ours, theirs)| self.same(*ours, *theirs)) {
                return Some(*layer);
            }
        }
        // Logits are the last layer's result, or that without what lies below 0.
        self.network.heads.iter().find_map(|head| {
            let node = self.network.nodes.get(*head)?;
            let rectified = node.op == Op::Relu;
            let last = if rectified { *node.inputs.first()? } else { *head };
            let layer = (*self.layers.get(last)?)?;
            let place = *places.get(&layer)?;
            let found = self.steps.iter().any(|s| s.what == StepKind::Relu && s.inputs == [place]);
            (found != rectified).then_some(layer)
        })
    }

    /// Whether a step gives what a node of the network gives, back to the next layers. As deep as the network is between two layers.
    fn same(&self, ours: usize, theirs: usize) -> bool {
        let (Some(node), Some(step)) = (self.network.nodes.get(ours), self.steps.get(theirs)) else {
            return false;
        };
        match (node.op, &step.what) {
            (Op::Dropout { .. } | Op::Crop { .. }, _) => {
                node.inputs.first().is_some_and(|input| self.same(*input, theirs))
            }
            (Op::Input, StepKind::Image) => true,
            (_, StepKind::Layer(layer)) => self.layers.get(ours) == Some(&Some(*layer)),
            (Op::Relu, StepKind::Relu)
            | (Op::MaxPool, StepKind::MaxPool)
            | (Op::UpsampleNearest, StepKind::Upsample)
            | (Op::Concatenate, StepKind::Concatenate) => {
                node.inputs.len() == step.inputs.len()
                    && node.inputs.iter().zip(&step.inputs).all(|(a, b)| self.same(*a, *b))
            }
            _ => false,
        }
    }
}
