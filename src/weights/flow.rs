//! What the file of another program does with feature maps, as steps; and whether that is what a network here does.

use std::collections::HashMap;

use crate::net::{Activation, Graph, Op};

/// One operation on feature maps. What changes no value, or only their size where sizes are odd, is none.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    pub what: StepKind,
    /// The steps whose results it takes; all of them stand before it.
    pub inputs: Vec<usize>,
}

/// What a step does.
#[derive(Clone, Debug, PartialEq)]
pub enum StepKind {
    /// What the graph is given.
    Image,
    /// The layer with this number among those with weights.
    Layer(usize),
    Relu,
    /// Another activation.
    Activation(Activation),
    /// The largest of 2x2 pixels, with stride 2.
    MaxPool,
    /// Nearest neighbour, twice as large.
    Upsample,
    /// Bilinear interpolation, twice as large.
    Interpolate {
        align_corners: bool,
    },
    /// Takes pixels off: top, left, bottom, right.
    Crop([usize; 4]),
    /// Channels of all inputs, one after the other.
    Concatenate,
    Sigmoid,
    /// Over the channels.
    Softmax,
    /// What may follow probabilities, in words: another order or shape, or what is made of them.
    Ending(String),
    /// What no network here has, in words.
    Other(String),
}

impl StepKind {
    /// For people; `layer` gives the name of a layer.
    pub(super) fn words<'a>(&self, layer: impl Fn(usize) -> Option<&'a str>) -> String {
        match self {
            Self::Image => "the image".into(),
            Self::Layer(i) => format!("the layer {}", layer(*i).unwrap_or_default()),
            Self::Relu => "a ReLU".into(),
            Self::Activation(activation) => activation.described(),
            Self::MaxPool => "max-pooling".into(),
            Self::Upsample => "nearest neighbours".into(),
            Self::Interpolate { .. } => "bilinear upsampling".into(),
            Self::Crop([top, left, bottom, right]) => format!("cropping by {top}, {left}, {bottom}, {right}"),
            Self::Concatenate => "a concatenation".into(),
            Self::Sigmoid => "a sigmoid".into(),
            Self::Softmax => "a softmax".into(),
            Self::Ending(what) | Self::Other(what) => what.clone(),
        }
    }
}

/// How far back a sentence tells what a step is made of, and how many inputs of each it names.
const MAX_TOLD: usize = 4;
const MAX_NAMED: usize = 3;

/// A step in words, with what it is made of back to the layers; `layer` gives the name of a layer.
pub(super) fn told<'a>(steps: &[Step], at: usize, layer: impl Fn(usize) -> Option<&'a str> + Copy) -> String {
    told_back(steps, at, layer, MAX_TOLD)
}

fn told_back<'a>(
    steps: &[Step],
    at: usize,
    layer: impl Fn(usize) -> Option<&'a str> + Copy,
    depth: usize,
) -> String {
    let Some(step) = steps.get(at) else { return String::new() };
    let words = step.what.words(layer);
    match depth.checked_sub(1) {
        Some(depth) if !matches!(step.what, StepKind::Layer(_) | StepKind::Image) => {
            let inputs = step.inputs.iter().take(MAX_NAMED);
            let of: Vec<String> = inputs.map(|input| told_back(steps, *input, layer, depth)).collect();
            format!("{words} of {}", of.join(" and "))
        }
        _ => words,
    }
}

/// The first step before the last layer that no network here has.
pub(super) fn unusual(steps: &[Step]) -> Option<String> {
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
        what @ (StepKind::Other(_) | StepKind::Ending(_) | StepKind::Sigmoid | StepKind::Softmax)
            if needed =>
        {
            Some(what.words(|_| None))
        }
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
                StepKind::Upsample | StepKind::Interpolate { .. } => return true,
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
    /// The first layer of the file that is given something else than in the network, and what it is given; or whose result is
    /// treated otherwise at the end.
    pub fn differs(&self) -> Option<(usize, Option<usize>)> {
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
                return Some((*layer, theirs.copied()));
            }
        }
        // Logits are the last layer's result, or that without what lies below 0.
        self.network.heads.iter().find_map(|head| {
            let node = self.network.nodes.get(*head)?;
            let rectified = node.op == Op::Relu;
            let last = if rectified { *node.inputs.first()? } else { *head };
            let layer = (*self.layers.get(last)?)?;
            let place = *places.get(&layer)?;
            let mut behind = self.steps.iter().enumerate().filter(|(_, s)| s.inputs == [place]);
            let wrong = |s: &StepKind| match s {
                StepKind::Activation(_) => true,
                StepKind::Relu => !rectified,
                _ => false,
            };
            if let Some((i, _)) = behind.clone().find(|(_, s)| wrong(&s.what)) {
                return Some((layer, Some(i)));
            }
            let found = behind.any(|(_, s)| s.what == StepKind::Relu);
            (found != rectified).then_some((layer, None))
        })
    }

    /// What is done with the results of the heads that would be other probabilities than those that are computed here.
    pub fn ending(&self) -> Option<&StepKind> {
        let last = self.steps.iter().rposition(|s| matches!(s.what, StepKind::Layer(_)))?;
        let outputs =
            self.network.heads.last().and_then(|h| self.network.nodes.get(*h)).map_or(1, |n| n.channels);
        self.steps.iter().skip(last + 1).map(|s| &s.what).find(|what| match what {
            StepKind::Sigmoid => outputs != 1,
            StepKind::Softmax => outputs == 1,
            StepKind::Other(_) => true,
            _ => false,
        })
    }

    /// Whether a step gives what a node of the network gives, back to the next layers. As deep as the network is between two layers.
    fn same(&self, ours: usize, theirs: usize) -> bool {
        let (Some(node), Some(step)) = (self.network.nodes.get(ours), self.steps.get(theirs)) else {
            return false;
        };
        let further = |theirs: usize| node.inputs.first().is_some_and(|input| self.same(*input, theirs));
        match (node.op, &step.what) {
            (Op::Dropout { .. }, _) => further(theirs),
            (Op::Crop { margin }, StepKind::Crop(sides)) => {
                *sides == [margin; 4] && step.inputs.first().is_some_and(|input| further(*input))
            }
            (Op::Crop { .. }, _) => further(theirs),
            (Op::Input, StepKind::Image) => true,
            (_, StepKind::Layer(layer)) => self.layers.get(ours) == Some(&Some(*layer)),
            (Op::Activation(_) | Op::UpsampleBilinear { .. }, _)
            | (Op::Relu, StepKind::Relu)
            | (Op::MaxPool, StepKind::MaxPool)
            | (Op::UpsampleNearest, StepKind::Upsample)
            | (Op::Concatenate, StepKind::Concatenate) => {
                let alike = match (node.op, &step.what) {
                    (Op::Activation(ours), StepKind::Activation(theirs)) => ours == *theirs,
                    (
                        Op::UpsampleBilinear { align_corners: ours },
                        StepKind::Interpolate { align_corners: theirs },
                    ) => ours == *theirs,
                    (Op::Activation(_) | Op::UpsampleBilinear { .. }, _) => false,
                    _ => true,
                };
                alike
                    && node.inputs.len() == step.inputs.len()
                    && node.inputs.iter().zip(&step.inputs).all(|(a, b)| self.same(*a, *b))
            }
            _ => false,
        }
    }
}
