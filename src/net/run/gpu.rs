//! The network on a GPU.

use burn::tensor::Tensor;
use insitu_kernels::gpu::{self, Geometry, Gpu, Maps, Normed, Way, Weights};

use super::super::config::{Activation, SELU};
use super::super::op::Op;
use super::machine::{Finish, Machine, Moments};

/// A convolution ready to run.
pub(super) struct Convolution {
    weights: Weights,
    finish: gpu::Finish,
    op: Op,
}

/// How an operation steps, and which way; a transposed convolution is the way back of one with stride.
fn geometry(op: Op) -> Option<(Geometry, Way)> {
    Some(match op {
        Op::Convolution { kernel, padding: [top, left, ..] } => {
            (Geometry { kernel, stride: 1, padding: [top, left] }, Way::Forward)
        }
        Op::StridedConvolution => (Geometry { kernel: 3, stride: 2, padding: [1; 2] }, Way::Forward),
        Op::TransposedConvolution => (Geometry { kernel: 2, stride: 2, padding: [0; 2] }, Way::Backward),
        Op::WideTransposedConvolution => (Geometry { kernel: 3, stride: 2, padding: [1; 2] }, Way::Backward),
        _ => return None,
    })
}

/// Height and width of a convolution's result.
fn result(op: Op, [height, width]: [usize; 2]) -> [usize; 2] {
    match op {
        Op::Convolution { kernel, padding: [top, left, bottom, right] } => {
            [height + top + bottom + 1 - kernel, width + left + right + 1 - kernel]
        }
        Op::StridedConvolution => [height.div_ceil(2), width.div_ceil(2)],
        _ => [2 * height, 2 * width],
    }
}

fn other(way: Way) -> Way {
    match way {
        Way::Forward => Way::Backward,
        Way::Backward => Way::Forward,
    }
}

impl Machine for Gpu {
    type Maps = Maps;
    type Convolution = Convolution;
    type Normed = Normed;

    const INSTANCES: bool = false;

    fn input(&self, planes: &[f32], shape: [usize; 4]) -> Maps {
        Gpu::input(self, planes, shape)
    }

    fn maps(&self, tensor: Tensor<4>) -> Option<Maps> {
        Gpu::maps(self, tensor)
    }

    fn shape(&self, maps: &Maps) -> [usize; 4] {
        [maps.batch, maps.channels, maps.height, maps.width]
    }

    fn tensor(&self, maps: &Maps) -> Tensor<4> {
        Gpu::tensor(self, maps)
    }

    fn convolution(&self, op: Op, weight: Tensor<4>, finish: Finish, _: &[usize]) -> Option<Convolution> {
        let (geometry, way) = geometry(op)?;
        let weights = self.weights(weight, geometry, way)?;
        let Finish { bias, slope, behind } = finish;
        let bias = bias.unwrap_or_else(|| self.tensor_of(vec![0.0; weights.outputs], [weights.outputs]));
        let finish = Gpu::finish(self, bias, slope, behind)?;
        Some(Convolution { weights, finish, op })
    }

    fn joins(&self, _: &Convolution) -> bool {
        false
    }

    fn convolve(&self, convolution: &Convolution, from: &[&Maps]) -> Option<Maps> {
        let Convolution { weights, finish, op } = convolution;
        let from = from.first()?;
        Some(Gpu::convolve(self, from, weights, finish, result(*op, from.size())))
    }

    fn convolution_gradient(
        &self,
        op: Op,
        weight: Tensor<4>,
        gradient: &Maps,
        size: [usize; 2],
    ) -> Option<Maps> {
        let (geometry, way) = geometry(op)?;
        let weights = self.weights(weight, geometry, other(way))?;
        Some(Gpu::convolve(self, gradient, &weights, &gpu::Finish::default(), size))
    }

    fn weight_gradient(&self, op: Op, from: &[&Maps], gradient: &Maps, _: [usize; 4]) -> Option<Tensor<4>> {
        let from = from.first()?;
        Some(match geometry(op)? {
            (geometry, Way::Forward) => Gpu::weight_gradient(self, from, gradient, geometry),
            (geometry, Way::Backward) => Gpu::weight_gradient(self, gradient, from, geometry),
        })
    }

    fn sums(&self, gradient: &Maps) -> Tensor<1> {
        Gpu::sums(self, gradient)
    }

    fn affine(&self, from: &Maps, by: &Moments) -> Option<Maps> {
        Gpu::affine(self, from, by.clone())
    }

    fn instance_norm(&self, _: &Maps, _: f64, _: Option<&Moments>, _: Option<f32>) -> Option<Maps> {
        None
    }

    fn batch_norm(
        &self,
        from: &Maps,
        by: &Moments,
        epsilon: f64,
        fixed: Option<Moments>,
        slope: Option<f32>,
    ) -> Option<(Maps, Normed, Moments)> {
        Gpu::batch_norm(self, from, by.clone(), epsilon, fixed, slope)
    }

    fn batch_norm_gradient(
        &self,
        from: &Maps,
        normed: &Normed,
        gate: Option<(&Maps, f32)>,
        gradient: &mut Maps,
    ) -> Moments {
        Gpu::batch_norm_gradient(self, from, normed, gate, gradient)
    }

    fn activate(&self, from: &Maps, activation: Activation) -> Maps {
        match activation {
            Activation::Relu => self.linear(from, 0.0),
            Activation::LeakyRelu(slope) => self.linear(from, slope as f32),
            // Its slope is learnt: not computed here.
            Activation::PRelu => self.linear(from, 1.0),
            Activation::Elu(alpha) => self.exponential(from, alpha as f32, 1.0),
            Activation::Selu => {
                let [alpha, scale] = SELU.map(|v| v as f32);
                self.exponential(from, alpha, scale)
            }
        }
    }

    fn gate(&self, gradient: &mut Maps, by: &Maps, slope: f32) {
        Gpu::gate(self, gradient, by, slope);
    }

    fn exponential_gradient(&self, gradient: &mut Maps, by: &Maps, [above, below]: [f32; 2]) {
        *gradient = Gpu::exponential_gradient(self, gradient, by, above, below);
    }

    fn max_pool(&self, from: &Maps) -> Maps {
        Gpu::max_pool(self, from)
    }

    fn enlarge(&self, from: &Maps) -> Maps {
        Gpu::enlarge(self, from)
    }

    fn crop(&self, from: &Maps, margin: usize) -> Maps {
        Gpu::crop(self, from, margin)
    }

    fn concatenate(&self, from: &[&Maps]) -> Option<Maps> {
        Gpu::concatenate(self, from)
    }

    fn multiply(&self, from: &Maps, by: &Maps) -> Maps {
        Gpu::multiply(self, from, by)
    }

    fn add(&self, sum: &mut Maps, more: Maps) {
        *sum = Gpu::add(self, sum, &more);
    }

    fn max_pool_gradient(&self, from: &Maps, gradient: &Maps, sum: Option<Maps>) -> Maps {
        Gpu::max_pool_gradient(self, from, gradient, sum)
    }

    fn enlarge_gradient(&self, gradient: &Maps, sum: Option<Maps>) -> Maps {
        Gpu::enlarge_gradient(self, gradient, sum)
    }

    fn crop_gradient(&self, gradient: &Maps, margin: usize, size: [usize; 2], sum: Option<Maps>) -> Maps {
        Gpu::crop_gradient(self, gradient, margin, size, sum)
    }

    fn part_gradient(&self, gradient: &Maps, first: usize, channels: usize, sum: Option<Maps>) -> Maps {
        self.split(gradient, first, channels, sum)
    }
}
