//! Instance normalisation and learnt slopes, of plain tensor operations, so that they learn on every device.

use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Tensor};

/// Scale and shift of an instance normalisation.
#[derive(Module, Debug)]
pub(super) struct InstanceNorm {
    pub gamma: Param<Tensor<1>>,
    pub beta: Param<Tensor<1>>,
}

impl InstanceNorm {
    /// Scale 1, shift 0.
    pub fn new(channels: usize, device: &Device) -> Self {
        Self {
            gamma: Initializer::Ones.init([channels], device),
            beta: Initializer::Zeros.init([channels], device),
        }
    }
}

/// Each channel of `x`, `[batch, channel, height, width]`, scaled and shifted.
pub(super) fn scaled(x: Tensor<4>, [scale, shift]: [Tensor<1>; 2]) -> Tensor<4> {
    let [_, channels, _, _] = x.dims();
    x * scale.reshape([1, channels, 1, 1]) + shift.reshape([1, channels, 1, 1])
}

/// Each channel of each image of `x`, `[batch, channel, height, width]`, minus its mean, over the root of its biased variance plus
/// `epsilon`. Sums go along rows, then over them, and the variance is of what is left of the mean: 32 bits are then enough for large
/// maps, too.
pub(super) fn normalised(x: Tensor<4>, epsilon: f64) -> Tensor<4> {
    let mean = |x: Tensor<4>| x.mean_dim(3).mean_dim(2); // [batch, channel, 1, 1]
    let centred = x.clone() - mean(x);
    let variance = mean(centred.clone() * centred.clone());
    centred / (variance + epsilon).sqrt()
}

/// The slope of an activation below 0, one for all channels.
#[derive(Module, Debug)]
pub(super) struct Slope {
    pub alpha: Param<Tensor<1>>,
}

impl Slope {
    /// What it starts with, as in PyTorch.
    pub const FIRST: f64 = 0.25;

    pub fn new(device: &Device) -> Self {
        Self { alpha: Initializer::Constant { value: Self::FIRST }.init([1], device) }
    }
}

/// `x` where it is above 0, else a learnt slope (one value) times it; of any size.
pub(super) fn sloped(x: Tensor<4>, alpha: Tensor<1>) -> Tensor<4> {
    relu(x.clone()) - relu(x.neg()) * alpha.reshape([1, 1, 1, 1])
}
