//! The network on the CPU.

mod convolution;

use burn::tensor::{Device, Tensor, TensorData};
use insitu_kernels::cpu::{self, Maps, Processor};

use self::convolution::Convolution;
use super::super::config::{Activation, SELU};
use super::super::op::Op;
use super::machine::{Finish, Machine, Moments};

/// The CPU, with the vectors that it has.
#[derive(Clone, Copy)]
pub(super) struct Cpu(pub Processor);

/// What batch normalisation did.
pub(super) struct Normed {
    mean: Vec<f32>,
    /// One over the deviation.
    inverse: Vec<f32>,
    gamma: Vec<f32>,
    /// Whether mean and deviation are the running ones.
    fixed: bool,
}

/// The values of a tensor in the CPU's memory.
fn values<const D: usize>(tensor: Tensor<D>) -> Option<Vec<f32>> {
    tensor.into_data().convert::<f32>().try_into_vec().ok()
}

fn tensor<const D: usize>(values: Vec<f32>, shape: [usize; D]) -> Tensor<D> {
    Tensor::from_data(TensorData::new(values, shape), &Device::flex())
}

fn by_channel(values: Vec<f32>) -> Tensor<1> {
    let count = values.len();
    tensor(values, [count])
}

/// A sum of gradients, which begins with zeros.
fn begun(sum: Option<Maps>, like: &Maps, [height, width]: [usize; 2], channels: usize) -> Maps {
    sum.unwrap_or_else(|| Maps::zeros(like.batch, height, width, channels))
}

/// `scale` times an exponential unit.
fn exponential(maps: &mut Maps, alpha: f32, scale: f32) {
    cpu::each(maps, |x| scale * if x > 0.0 { x } else { alpha * (x.exp() - 1.0) });
}

impl Cpu {
    fn made(from: &Maps, [height, width]: [usize; 2]) -> Maps {
        Maps::unwritten(from.batch, height, width, from.channels)
    }

    fn like(from: &Maps) -> Maps {
        Self::made(from, from.size())
    }
}

impl Machine for Cpu {
    type Maps = Maps;
    type Convolution = Convolution;
    type Normed = Normed;

    const INSTANCES: bool = true;

    fn input(&self, planes: &[f32], shape: [usize; 4]) -> Maps {
        Maps::from_planes(planes, shape)
    }

    fn maps(&self, tensor: Tensor<4>) -> Option<Maps> {
        let shape = tensor.dims();
        Some(Maps::from_planes(&values(tensor)?, shape))
    }

    fn shape(&self, maps: &Maps) -> [usize; 4] {
        [maps.batch, maps.channels, maps.height, maps.width]
    }

    fn tensor(&self, maps: &Maps) -> Tensor<4> {
        tensor(maps.planes(), self.shape(maps))
    }

    fn convolution(
        &self,
        op: Op,
        weight: Tensor<4>,
        finish: Finish,
        inputs: &[usize],
    ) -> Option<Convolution> {
        let bias = match finish.bias {
            Some(bias) => Some(values(bias)?),
            None => None,
        };
        let behind = match finish.behind {
            Some([scale, shift]) => Some([values(scale)?, values(shift)?]),
            None => None,
        };
        let shape = weight.dims();
        let finished = |outputs: usize| {
            let behind = behind.as_ref().map(|[scale, shift]| [&scale[..], &shift[..]]);
            cpu::Finish::new(&bias.unwrap_or_else(|| vec![0.0; outputs]), finish.slope, behind)
        };
        Convolution::new(self.0, op, &values(weight)?, shape, inputs, finished)
    }

    fn joins(&self, convolution: &Convolution) -> bool {
        convolution.joins()
    }

    fn convolve(&self, convolution: &Convolution, from: &[&Maps]) -> Option<Maps> {
        convolution.run(self.0, from)
    }

    fn convolution_gradient(
        &self,
        op: Op,
        weight: Tensor<4>,
        gradient: &Maps,
        size: [usize; 2],
    ) -> Option<Maps> {
        let shape = weight.dims();
        convolution::gradient(self.0, op, &values(weight)?, shape, gradient, size)
    }

    fn weight_gradient(
        &self,
        op: Op,
        from: &[&Maps],
        gradient: &Maps,
        shape: [usize; 4],
    ) -> Option<Tensor<4>> {
        Some(tensor(convolution::weight_gradient(self.0, op, from, gradient, shape)?, shape))
    }

    fn sums(&self, gradient: &Maps) -> Tensor<1> {
        by_channel(cpu::sums(self.0, gradient).into_iter().map(|s| s as f32).collect())
    }

    fn affine(&self, from: &Maps, [scale, shift]: &Moments) -> Option<Maps> {
        let mut to = Self::like(from);
        let [scale, shift] = [values(scale.clone())?, values(shift.clone())?];
        cpu::affine(self.0, from, &scale, &shift, None, &mut to);
        Some(to)
    }

    fn instance_norm(
        &self,
        from: &Maps,
        epsilon: f64,
        by: Option<&Moments>,
        slope: Option<f32>,
    ) -> Option<Maps> {
        let mut to = Self::like(from);
        let [scale, shift] = match by {
            Some([scale, shift]) => [values(scale.clone())?, values(shift.clone())?],
            None => [vec![1.0; from.channels], vec![0.0; from.channels]],
        };
        cpu::instance_norm(self.0, from, epsilon, [&scale, &shift], slope, &mut to);
        Some(to)
    }

    fn batch_norm(
        &self,
        from: &Maps,
        [gamma, beta]: &Moments,
        epsilon: f64,
        fixed: Option<Moments>,
        slope: Option<f32>,
    ) -> Option<(Maps, Normed, Moments)> {
        let [gamma, beta] = [values(gamma.clone())?, values(beta.clone())?];
        let is_fixed = fixed.is_some();
        let [mean, variance] = match fixed {
            Some([mean, variance]) => [values(mean)?, values(variance)?],
            None => cpu::moments(self.0, from),
        };
        let inverse: Vec<f32> =
            variance.iter().map(|v| (1.0 / (f64::from(*v) + epsilon).sqrt()) as f32).collect();
        let scale: Vec<f32> = gamma.iter().zip(&inverse).map(|(g, i)| g * i).collect();
        let shift: Vec<f32> = scale.iter().zip(&beta).zip(&mean).map(|((s, b), m)| b - s * m).collect();
        let mut to = Self::like(from);
        cpu::affine(self.0, from, &scale, &shift, slope, &mut to);
        let moments = [by_channel(mean.clone()), by_channel(variance)];
        Some((to, Normed { mean, inverse, gamma, fixed: is_fixed }, moments))
    }

    fn batch_norm_gradient(
        &self,
        from: &Maps,
        normed: &Normed,
        gate: Option<(&Maps, f32)>,
        gradient: &mut Maps,
    ) -> Moments {
        let Normed { mean, inverse, gamma, fixed } = normed;
        let done = cpu::Normalised { x: from, mean, inverse, gamma, fixed: *fixed };
        let gate = gate.map(|(by, slope)| cpu::Gate { by, slope });
        cpu::batch_norm_gradient(self.0, done, gate, gradient).map(by_channel)
    }

    fn activate(&self, from: &Maps, activation: Activation) -> Maps {
        let mut to = from.clone();
        match activation {
            Activation::Relu => cpu::rectify(&mut to),
            Activation::LeakyRelu(slope) => {
                cpu::each(&mut to, |x| if x > 0.0 { x } else { x * slope as f32 })
            }
            Activation::Elu(alpha) => exponential(&mut to, alpha as f32, 1.0),
            Activation::Selu => exponential(&mut to, SELU[0] as f32, SELU[1] as f32),
            // Its slope is learnt; whoever has it asks for `LeakyRelu`.
            Activation::PRelu => {}
        }
        to
    }

    fn gate(&self, gradient: &mut Maps, by: &Maps, slope: f32) {
        cpu::gate(self.0, gradient, cpu::Gate { by, slope });
    }

    fn exponential_gradient(&self, gradient: &mut Maps, by: &Maps, [above, below]: [f32; 2]) {
        cpu::each_with(gradient, by, |g, y| g * if y > 0.0 { above } else { y + below });
    }

    fn max_pool(&self, from: &Maps) -> Maps {
        let mut to = Self::made(from, from.size().map(|n| n / 2));
        cpu::max_pool(from, &mut to);
        to
    }

    fn enlarge(&self, from: &Maps) -> Maps {
        let mut to = Self::made(from, from.size().map(|n| 2 * n));
        cpu::enlarge(from, &mut to);
        to
    }

    fn crop(&self, from: &Maps, margin: usize) -> Maps {
        let mut to = Self::made(from, from.size().map(|n| n - 2 * margin));
        cpu::crop(from, margin, &mut to);
        to
    }

    fn concatenate(&self, from: &[&Maps]) -> Option<Maps> {
        let first = from.first()?;
        let channels = from.iter().map(|m| m.channels).sum();
        let mut to = Maps::unwritten(first.batch, first.height, first.width, channels);
        cpu::concatenate(from, &mut to);
        Some(to)
    }

    fn multiply(&self, from: &Maps, by: &Maps) -> Maps {
        let mut to = from.clone();
        cpu::multiply(&mut to, by);
        to
    }

    fn add(&self, sum: &mut Maps, more: Maps) {
        cpu::add(sum, &more);
    }

    fn max_pool_gradient(&self, from: &Maps, gradient: &Maps, sum: Option<Maps>) -> Maps {
        let mut to = begun(sum, gradient, from.size(), from.channels);
        cpu::max_pool_gradient(from, gradient, &mut to);
        to
    }

    fn enlarge_gradient(&self, gradient: &Maps, sum: Option<Maps>) -> Maps {
        let mut to = begun(sum, gradient, gradient.size().map(|n| n / 2), gradient.channels);
        cpu::enlarge_gradient(gradient, &mut to);
        to
    }

    fn crop_gradient(&self, gradient: &Maps, margin: usize, size: [usize; 2], sum: Option<Maps>) -> Maps {
        let mut to = begun(sum, gradient, size, gradient.channels);
        cpu::crop_gradient(gradient, margin, &mut to);
        to
    }

    fn part_gradient(&self, gradient: &Maps, first: usize, channels: usize, sum: Option<Maps>) -> Maps {
        let mut to = begun(sum, gradient, gradient.size(), channels);
        cpu::add_channels(gradient, first, &mut to);
        to
    }
}
