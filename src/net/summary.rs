//! What a network is made of, for people: layers, shapes, parameters, receptive field, work and memory.

use serde::Serialize;

use super::config::UNetConfig;
use super::graph::Graph;
use super::op::{Node, Op};

/// One layer at a given size of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Layer {
    /// PyTorch's name of its parameters, or the block it belongs to.
    pub name: String,
    /// What it does, such as `3x3 convolution`.
    pub kind: String,
    pub channels: usize,
    /// Rows and columns of its result.
    pub height: usize,
    pub width: usize,
    /// The level it stands at, 0 being full resolution.
    pub level: usize,
    pub parameters: usize,
    /// Multiplications with an addition each, for one image.
    pub multiply_adds: u64,
}

/// A network at a given size of the input.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Summary {
    pub layers: Vec<Layer>,
    /// Trained parameters.
    pub parameters: usize,
    pub multiply_adds: u64,
    /// Pixels a side of the input that one output pixel can depend on through convolutions (through instance normalisation, it
    /// depends on all).
    pub receptive_field: usize,
    /// Height and width of the input and of the output, pixels.
    pub input: [usize; 2],
    pub output: [usize; 2],
    /// Bytes of the feature maps that are alive at once in inference, for one image, at the worst moment.
    pub peak_bytes: u64,
    /// Bytes of all feature maps that a training step keeps, for one image.
    pub training_bytes: u64,
}

impl Summary {
    /// For an input of `height` x `width`, which must be legal ([`super::Geometry::is_legal`]).
    pub fn of(config: &UNetConfig, [height, width]: [usize; 2]) -> Self {
        let graph = Graph::of(config);
        let (rows, columns) = (sizes(&graph, height), sizes(&graph, width));
        let area = |i: usize| rows[i] as u64 * columns[i] as u64;
        let layers: Vec<Layer> = graph
            .nodes
            .iter()
            .enumerate()
            .map(|(i, node)| Layer {
                name: node.name.clone(),
                kind: kind(node.op),
                channels: node.channels,
                height: rows[i],
                width: columns[i],
                level: node.level,
                parameters: graph.parameters_of(node),
                multiply_adds: multiply_adds(&graph, node, area(i)),
            })
            .collect();
        let bytes = |i: usize| 4 * graph.nodes[i].channels as u64 * area(i);
        Self {
            parameters: graph.parameters(),
            multiply_adds: layers.iter().map(|l| l.multiply_adds).sum(),
            receptive_field: receptive_field(&graph),
            input: [height, width],
            output: graph.heads.last().map_or([0, 0], |h| [rows[*h], columns[*h]]),
            peak_bytes: peak(&graph, bytes),
            training_bytes: (0..graph.nodes.len()).map(bytes).sum(),
            layers,
        }
    }
}

/// Pixels along one side of each node's result.
fn sizes(graph: &Graph, input: usize) -> Vec<usize> {
    let mut sizes: Vec<usize> = Vec::with_capacity(graph.nodes.len());
    for node in &graph.nodes {
        let before = node.inputs.first().map_or(input, |i| sizes[*i]);
        sizes.push(match node.op {
            Op::Convolution { kernel, padding: [top, _, bottom, _] } => {
                (before + top + bottom + 1).saturating_sub(kernel)
            }
            Op::TransposedConvolution
            | Op::WideTransposedConvolution
            | Op::UpsampleNearest
            | Op::UpsampleBilinear { .. } => 2 * before,
            Op::MaxPool | Op::StridedConvolution => before / 2,
            Op::Crop { margin } => before.saturating_sub(2 * margin),
            _ => before,
        });
    }
    sizes
}

fn kind(op: Op) -> String {
    match op {
        Op::Input => "input".into(),
        Op::Convolution { kernel, .. } => format!("{kernel}x{kernel} convolution"),
        Op::StridedConvolution => "3x3 convolution with stride 2".into(),
        Op::TransposedConvolution => "2x2 transposed convolution".into(),
        Op::WideTransposedConvolution => "3x3 transposed convolution".into(),
        Op::BatchNorm { .. } => "batch normalisation".into(),
        Op::InstanceNorm { .. } => "instance normalisation".into(),
        Op::Relu => "ReLU".into(),
        Op::Activation(activation) => activation.described(),
        Op::MaxPool => "2x2 max-pooling".into(),
        Op::UpsampleNearest => "nearest upsampling".into(),
        Op::UpsampleBilinear { align_corners: false } => "bilinear upsampling".into(),
        Op::UpsampleBilinear { align_corners: true } => "bilinear upsampling, corners aligned".into(),
        Op::Crop { margin } => format!("crop by {margin}"),
        Op::Concatenate => "concatenation".into(),
        Op::Dropout { rate } => format!("dropout {rate}"),
    }
}

fn multiply_adds(graph: &Graph, node: &Node, area: u64) -> u64 {
    let inputs: usize = node.inputs.iter().map(|i| graph.nodes[*i].channels).sum();
    let each = match node.op {
        Op::Convolution { kernel, .. } => inputs * node.channels * kernel * kernel,
        Op::StridedConvolution => inputs * node.channels * 9,
        // Nine taps of each pixel below, a quarter as many.
        Op::WideTransposedConvolution => return (inputs * node.channels * 9) as u64 * area / 4,
        // Each output pixel has one tap of the 2x2 kernel.
        Op::TransposedConvolution => inputs * node.channels,
        Op::BatchNorm { .. } | Op::InstanceNorm { .. } => node.channels,
        // Between two rows, then between two columns.
        Op::UpsampleBilinear { .. } => 2 * node.channels,
        _ => 0,
    };
    each as u64 * area
}

fn receptive_field(graph: &Graph) -> usize {
    let mut fields: Vec<usize> = Vec::with_capacity(graph.nodes.len());
    for node in &graph.nodes {
        let before = node.inputs.iter().map(|i| fields[*i]).max().unwrap_or(1);
        let step = 1usize << node.level;
        fields.push(match node.op {
            Op::Convolution { kernel, .. } => before + (kernel - 1) * step,
            // Two neighbours of the map below.
            Op::UpsampleBilinear { .. } | Op::WideTransposedConvolution => before + 2 * step,
            // The level of a pooled map is the one below: its step there is half.
            Op::MaxPool => before + step / 2,
            Op::StridedConvolution => before + step,
            _ => before,
        });
    }
    graph.heads.iter().map(|h| fields[*h]).max().unwrap_or(1)
}

/// The largest sum of what is alive, each map being freed after its last use.
fn peak(graph: &Graph, bytes: impl Fn(usize) -> u64) -> u64 {
    let order = graph.needed(&graph.heads[graph.heads.len() - 1..]);
    let mut last = vec![0; graph.nodes.len()];
    for i in &order {
        for input in &graph.nodes[*i].inputs {
            last[*input] = *i;
        }
    }
    let (mut alive, mut peak) = (0, 0);
    for i in &order {
        alive += bytes(*i);
        peak = peak.max(alive);
        let mut inputs = graph.nodes[*i].inputs.clone();
        inputs.dedup();
        alive -= inputs.iter().filter(|n| last[**n] == *i).map(|n| bytes(*n)).sum::<u64>();
    }
    peak
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{Geometry, Preset};

    #[test]
    fn the_paper_turns_572_into_388_through_28_pixels_at_the_bottom() {
        let summary = Summary::of(&Preset::Ronneberger2015.config(1, 2), [572, 572]);
        assert_eq!((summary.input, summary.output), ([572, 572], [388, 388]));
        let bottom: Vec<usize> =
            summary.layers.iter().filter(|l| l.name.starts_with("down.4.c")).map(|l| l.height).collect();
        assert_eq!(bottom, [30, 28]);
        // A tile's context, twice, and the block of 16 that it surrounds, hold the receptive field.
        assert_eq!(summary.receptive_field, 200);
    }

    #[test]
    fn the_receptive_field_fits_into_the_context_of_a_tile() {
        for preset in Preset::ALL {
            let config = preset.config(1, 1);
            let geometry = Geometry::of(&config);
            let summary = Summary::of(&config, [geometry.legal_at_least(256); 2]);
            assert!(summary.receptive_field <= 2 * geometry.context + geometry.stride, "{}", preset.name());
            assert_eq!(
                summary.output,
                summary.input.map(|side| geometry.output_size(side)),
                "{}",
                preset.name()
            );
            assert!(summary.peak_bytes < summary.training_bytes);
        }
    }

    #[test]
    fn work_is_counted_as_by_hand_for_the_first_layer() {
        let summary = Summary::of(&Preset::Small.config(1, 1), [256, 128]);
        let first = &summary.layers[1];
        assert_eq!((first.kind.as_str(), first.multiply_adds), ("3x3 convolution", 9 * 16 * 256 * 128));
        assert_eq!(summary.layers.iter().map(|l| l.parameters).sum::<usize>(), summary.parameters);
    }
}
