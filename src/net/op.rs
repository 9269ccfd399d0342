//! The operations that a network consists of.

use super::config::Activation;

/// One operation on feature maps.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// The image.
    Input,
    /// A convolution with stride 1, padded with zeros: top, left, bottom, right.
    Convolution {
        kernel: usize,
        padding: [usize; 4],
    },
    /// A 2x2 transposed convolution with stride 2.
    TransposedConvolution,
    /// Batch normalisation.
    BatchNorm {
        epsilon: f64,
    },
    Relu,
    /// One of the other activations.
    Activation(Activation),
    /// The largest of 2x2 pixels, with stride 2.
    MaxPool,
    /// Nearest neighbour, twice as large.
    UpsampleNearest,
    /// Bilinear interpolation, twice as large: between the middles of pixels, or from corner to corner.
    UpsampleBilinear {
        align_corners: bool,
    },
    /// Takes so many pixels off every side.
    Crop {
        margin: usize,
    },
    /// Channels of all inputs, one after the other.
    Concatenate,
    /// Drops activations with this probability while learning; nothing in inference.
    Dropout {
        rate: f64,
    },
}

impl Op {
    /// Whether it is a convolution of either kind.
    pub fn is_convolution(self) -> bool {
        matches!(self, Op::Convolution { .. } | Op::TransposedConvolution)
    }

    /// Whether it makes maps twice as large without weights.
    pub fn enlarges(self) -> bool {
        matches!(self, Op::UpsampleNearest | Op::UpsampleBilinear { .. })
    }
}

/// One operation in its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    pub op: Op,
    /// Nodes whose results it takes; all of them stand before it.
    pub inputs: Vec<usize>,
    /// Channels of its result.
    pub channels: usize,
    /// Its result is `1 << level` times smaller than the image, borders aside.
    pub level: usize,
    /// PyTorch's name of its parameters, such as `down.0.c1`; else what it belongs to.
    pub name: String,
}
