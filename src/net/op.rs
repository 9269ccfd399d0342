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
    /// A 3x3 convolution with stride 2 and one row of zeros on every side, of maps with even sizes: half as large. The first tap
    /// of the result's pixel `(y, x)` is pixel `(2 y - 1, 2 x - 1)`.
    StridedConvolution,
    /// A 2x2 transposed convolution with stride 2.
    TransposedConvolution,
    /// A 3x3 transposed convolution with stride 2, padding 1 and output padding 1: twice as large. Pixel `(y, x)` adds its value
    /// times `weight[.., i, j]` to `(2 y - 1 + i, 2 x - 1 + j)` of the result; what lies outside of it is dropped.
    WideTransposedConvolution,
    /// Batch normalisation.
    BatchNorm {
        epsilon: f64,
    },
    /// Instance normalisation (Ulyanov 2016, arXiv:1607.08022): each channel of each image minus its mean over the whole map, over the
    /// root of its (biased) variance plus `epsilon`, in inference too. `affine` if a learnt scale and shift follow.
    InstanceNorm {
        epsilon: f64,
        affine: bool,
    },
    Relu,
    /// One of the other activations. [`Activation::PRelu`] has a tensor of its own: its slope, one value.
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
        matches!(self, Op::Convolution { .. } | Op::StridedConvolution) || self.is_transposed()
    }

    /// Whether it is a transposed convolution.
    pub fn is_transposed(self) -> bool {
        matches!(self, Op::TransposedConvolution | Op::WideTransposedConvolution)
    }

    /// Whether it normalises.
    pub fn is_norm(self) -> bool {
        matches!(self, Op::BatchNorm { .. } | Op::InstanceNorm { .. })
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
