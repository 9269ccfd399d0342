//! What [`super`] hands to the page.

use js_sys::{Float32Array, Uint8Array, Uint8ClampedArray};
use serde::Serialize;
use tsify::Tsify;

use crate::infer::{Span, TilePlan};
use crate::net::{Op, Part, Summary};
use crate::weights::{Augmentation, Model};

/// The result of an operation of the network as pictures.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct FeatureMapsRecord {
    pub node: usize,
    pub channels: usize,
    /// Of each map.
    pub width: usize,
    pub height: usize,
    /// Of each picture of one: at most 256.
    pub picture_width: usize,
    pub picture_height: usize,
    /// `[channel][row][column]`, grey: each channel's `low` is black, its `high` white.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array<ArrayBuffer>")]
    pub planes: Uint8Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array<ArrayBuffer>")]
    pub low: Float32Array,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array<ArrayBuffer>")]
    pub high: Float32Array,
    /// Where the tile starts in the image; negative in the mirrored border.
    pub x: isize,
    pub y: isize,
    pub tile: TileRecord,
}

/// Border weights of the objects of a slice.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct WeightMapRecord {
    pub width: usize,
    pub height: usize,
    /// `w0 exp(-(d1 + d2)^2 / (2 sigma^2))`, row by row; 0 inside objects.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array<ArrayBuffer>")]
    pub weights: Float32Array,
    pub objects: u32,
    pub largest: f32,
    pub w0: f32,
    /// pixels
    pub sigma: f32,
}

/// Copies of a slice and its mask as a training changes them.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct AugmentedRecord {
    /// Pixels a side of each copy.
    pub size: usize,
    pub count: usize,
    /// `[copy][row][column]`, RGBA.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8ClampedArray<ArrayBuffer>")]
    pub rgba: Uint8ClampedArray,
    /// `[copy][row][column]`, classes.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array<ArrayBuffer>")]
    pub labels: Uint8Array,
    /// `[copy][row][column]`: squares drawn over the image and deformed with it, 255 on a line.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array<ArrayBuffer>")]
    pub grid: Uint8Array,
    /// The largest changes that a training makes; angles in degrees, `elastic`, `shift` and `blur` in pixels.
    #[tsify(type = "Required<Augmentation>")]
    pub changes: Augmentation,
}

/// Pixels.
#[derive(Serialize, Tsify)]
pub struct TileRecord {
    pub width: usize,
    pub height: usize,
}

impl TileRecord {
    pub fn new([height, width]: [usize; 2]) -> Self {
        Self { width, height }
    }
}

/// The network in use as blocks.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct NetworkRecord {
    pub blocks: Vec<BlockRecord>,
    /// Of the network's input and output for one tile, pixels.
    pub tile: TileRecord,
    pub output: TileRecord,
    pub tiles: usize,
    pub parameters: usize,
    /// For one tile.
    pub multiply_adds: u64,
    /// Pixels a side.
    pub receptive_field: usize,
    /// Of the feature maps that are alive at once, for one tile.
    pub peak_bytes: u64,
}

/// A block of the network and its size for one tile, pixels.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct BlockRecord {
    pub part: Part,
    pub level: usize,
    /// Whose result is the block's.
    pub node: usize,
    /// Blocks whose results it takes.
    pub inputs: Vec<usize>,
    pub channels: usize,
    pub width: usize,
    pub height: usize,
    pub parameters: usize,
    pub multiply_adds: u64,
    /// Pixels that a crop takes off every side.
    pub margin: Option<usize>,
    pub operations: Vec<OperationRecord>,
}

/// An operation of a block.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct OperationRecord {
    pub op: &'static str,
    /// Pixels a side of its kernel, if it has one.
    pub kernel: Option<usize>,
}

impl NetworkRecord {
    pub fn new(model: &Model, plan: &TilePlan) -> Self {
        let (graph, summary) = (model.net.graph(), Summary::of(&model.card.network, plan.tile));
        let blocks = graph.blocks().into_iter().map(|block| {
            let node = block.result();
            let (last, layer) = (&graph.nodes[node], &summary.layers[node]);
            BlockRecord {
                part: block.part,
                level: last.level,
                node,
                channels: last.channels,
                width: layer.width,
                height: layer.height,
                parameters: block.nodes.iter().map(|n| summary.layers[*n].parameters).sum(),
                multiply_adds: block.nodes.iter().map(|n| summary.layers[*n].multiply_adds).sum(),
                margin: if let Op::Crop { margin } = last.op { Some(margin) } else { None },
                operations: block.nodes.iter().map(|n| OperationRecord::of(graph.nodes[*n].op)).collect(),
                inputs: block.inputs,
            }
        });
        Self {
            blocks: blocks.collect(),
            tile: TileRecord::new(summary.input),
            output: TileRecord::new(summary.output),
            tiles: plan.len(),
            parameters: summary.parameters,
            multiply_adds: summary.multiply_adds,
            receptive_field: summary.receptive_field,
            peak_bytes: summary.peak_bytes,
        }
    }
}

impl OperationRecord {
    pub fn of(op: Op) -> Self {
        let (op, kernel) = match op {
            Op::Input => ("input", None),
            Op::Convolution { kernel, .. } => ("convolution", Some(kernel)),
            Op::StridedConvolution => ("strided", Some(3)),
            Op::TransposedConvolution => ("transposed", Some(2)),
            Op::WideTransposedConvolution => ("transposed", Some(3)),
            Op::BatchNorm { .. } => ("norm", None),
            Op::InstanceNorm { .. } => ("instance", None),
            Op::Relu => ("relu", None),
            Op::Activation(_) => ("activation", None),
            Op::MaxPool => ("pool", None),
            Op::UpsampleNearest => ("enlarge", None),
            Op::UpsampleBilinear { .. } => ("interpolate", None),
            Op::Crop { .. } => ("crop", None),
            Op::Concatenate => ("concatenate", None),
            Op::Dropout { .. } => ("dropout", None),
        };
        Self { op, kernel }
    }
}

/// Where the tiles of a scan lie.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct TilePlanRecord {
    /// Of the image as the network sees it; all else is in its pixels.
    pub width: usize,
    pub height: usize,
    /// Input of each tile.
    pub tile: TileRecord,
    pub rows: Vec<SpanRecord>,
    pub columns: Vec<SpanRecord>,
    /// Pixels that an output depends on around its block.
    pub context: usize,
    /// Pixels that the network's output is smaller on every side.
    pub border: usize,
    /// Pixels from one to the next where all of each is kept and what overlaps is averaged; else nothing.
    pub step: Option<usize>,
}

/// Along one axis, in pixels of the image.
#[derive(Serialize, Tsify)]
pub struct SpanRecord {
    /// First pixel that the tile sees; negative in the mirrored border.
    pub source: isize,
    /// First pixel of the image that is kept of it, and how many.
    pub target: usize,
    pub length: usize,
}

impl From<&Span> for SpanRecord {
    fn from(span: &Span) -> Self {
        Self { source: span.source, target: span.target, length: span.len }
    }
}
