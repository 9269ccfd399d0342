//! What the graph is run on: the operations of a network on feature maps, for inference and for the way back of a training step.

use burn::tensor::Tensor;

use super::super::config::Activation;
use super::super::op::Op;

/// What is done to a convolution's result before it is stored: `scale * activation(x + bias) + shift`, each by channel.
#[derive(Clone, Default)]
pub(super) struct Finish {
    pub bias: Option<Tensor<1>>,
    /// Factor of values below 0 (0 for ReLU); none keeps all as they are.
    pub slope: Option<f32>,
    /// Scale and shift.
    pub behind: Option<[Tensor<1>; 2]>,
}

/// A mean and a (biased) variance for each channel.
pub(super) type Moments = [Tensor<1>; 2];

/// Someone who computes. Maps are of a batch of images; tensors are those of the network's parameters.
///
/// Where a method may give nothing, a tensor lies elsewhere.
pub(super) trait Machine {
    type Maps;
    /// Weights in the order in which they are read, and what follows them.
    type Convolution;
    /// What batch normalisation did, for the way back.
    type Normed;

    /// Whether it normalises instances and takes a learnt slope by itself in inference; else both go by tensors, as they do wherever
    /// the network learns.
    const INSTANCES: bool;

    /// Maps of `[batch, channel, height, width]`.
    fn input(&self, planes: &[f32], shape: [usize; 4]) -> Self::Maps;
    /// Maps of such a tensor.
    fn maps(&self, tensor: Tensor<4>) -> Option<Self::Maps>;
    /// Batch, channels, height and width.
    fn shape(&self, maps: &Self::Maps) -> [usize; 4];
    /// Such a tensor, where the network is.
    fn tensor(&self, maps: &Self::Maps) -> Tensor<4>;

    /// `weight` as PyTorch has it; `inputs`: channels of each of the maps that it reads.
    fn convolution(
        &self,
        op: Op,
        weight: Tensor<4>,
        finish: Finish,
        inputs: &[usize],
    ) -> Option<Self::Convolution>;
    /// Whether several maps are read as they are; else they must be joined before.
    fn joins(&self, convolution: &Self::Convolution) -> bool;
    fn convolve(&self, convolution: &Self::Convolution, from: &[&Self::Maps]) -> Option<Self::Maps>;
    /// From the gradient of a convolution's result to that of what it read (all of it, joined).
    fn convolution_gradient(
        &self,
        op: Op,
        weight: Tensor<4>,
        gradient: &Self::Maps,
        size: [usize; 2],
    ) -> Option<Self::Maps>;
    /// The gradient of a weight of this shape.
    fn weight_gradient(
        &self,
        op: Op,
        from: &[&Self::Maps],
        gradient: &Self::Maps,
        shape: [usize; 4],
    ) -> Option<Tensor<4>>;
    /// The sums of each channel over all pixels: the gradient of a bias.
    fn sums(&self, gradient: &Self::Maps) -> Tensor<1>;

    /// `scale * x + shift`.
    fn affine(&self, from: &Self::Maps, by: &Moments) -> Option<Self::Maps>;
    /// Instance normalisation, scale and shift, and an activation.
    fn instance_norm(
        &self,
        from: &Self::Maps,
        epsilon: f64,
        by: Option<&Moments>,
        slope: Option<f32>,
    ) -> Option<Self::Maps>;
    /// Batch normalisation with `gamma` and `beta`, and an activation: by the statistics of the maps, which are given back, or `fixed` ones.
    fn batch_norm(
        &self,
        from: &Self::Maps,
        by: &Moments,
        epsilon: f64,
        fixed: Option<Moments>,
        slope: Option<f32>,
    ) -> Option<(Self::Maps, Self::Normed, Moments)>;
    /// From the gradient of its result (of its activation's, if `gate` is that one's result and slope) to that of `from`. The gradients
    /// of `gamma` and `beta`.
    fn batch_norm_gradient(
        &self,
        from: &Self::Maps,
        normed: &Self::Normed,
        gate: Option<(&Self::Maps, f32)>,
        gradient: &mut Self::Maps,
    ) -> Moments;

    fn activate(&self, from: &Self::Maps, activation: Activation) -> Self::Maps;
    /// The way back through an activation that is linear on both sides of 0, by its result.
    fn gate(&self, gradient: &mut Self::Maps, by: &Self::Maps, slope: f32);
    /// The way back through an exponential unit, by its result: the slope above 0, and what is added to the result below 0 to have it there.
    fn exponential_gradient(&self, gradient: &mut Self::Maps, by: &Self::Maps, slope: [f32; 2]);

    fn max_pool(&self, from: &Self::Maps) -> Self::Maps;
    fn enlarge(&self, from: &Self::Maps) -> Self::Maps;
    fn crop(&self, from: &Self::Maps, margin: usize) -> Self::Maps;
    fn concatenate(&self, from: &[&Self::Maps]) -> Option<Self::Maps>;
    fn multiply(&self, from: &Self::Maps, by: &Self::Maps) -> Self::Maps;
    fn add(&self, sum: &mut Self::Maps, more: Self::Maps);

    // The ways back of these, each added to a sum that may still be empty.
    fn max_pool_gradient(
        &self,
        from: &Self::Maps,
        gradient: &Self::Maps,
        sum: Option<Self::Maps>,
    ) -> Self::Maps;
    fn enlarge_gradient(&self, gradient: &Self::Maps, sum: Option<Self::Maps>) -> Self::Maps;
    /// `size`: of what was cropped.
    fn crop_gradient(
        &self,
        gradient: &Self::Maps,
        margin: usize,
        size: [usize; 2],
        sum: Option<Self::Maps>,
    ) -> Self::Maps;
    /// Of the part of a concatenation that starts with a channel.
    fn part_gradient(
        &self,
        gradient: &Self::Maps,
        first: usize,
        channels: usize,
        sum: Option<Self::Maps>,
    ) -> Self::Maps;
}
