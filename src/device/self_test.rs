//! The known-answer test: a browser's GPU can fail to compile a shader and go on with zeros, without any error.
//! So before a GPU is trusted it computes what the CPU computed, forward and backward.

use burn::module::{Module, ModuleVisitor, Param};
use burn::optim::GradientsParams;
use burn::tensor::{Device, Tensor};

use crate::error::{Error, Result};
use crate::net::{Preset, UNet, UNetConfig, he_normal};

/// The largest difference that is tolerated, relative to the largest value of the same tensor. Sums in another
/// order differ by some 1e-6; a wrong kernel by about 1.
const TOLERANCE: f32 = 1e-3;

/// What the test network computes: its logits, and the gradients of its convolutions.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers(Vec<(String, Vec<f32>)>);

/// Computes the answers on a device.
///
/// The network is a small U-Net that goes through the kernels that all others go through: 3x3 convolutions, batch normalisation over the
/// batch, ReLU, max-pooling, a 2x2 transposed convolution, the joining of a skip connection, a 1x1 convolution, and the way back.
///
/// # Errors
/// `device.self-test` if the device cannot be read.
pub async fn answers(device: &Device) -> Result<Answers> {
    let config = UNetConfig { width: 8, levels: 2, ..Preset::Small.config(2, 3) };
    let net = he_normal(UNet::new(&config, &device.clone().autodiff())?, 1);
    let mut seed = 1;
    let image: Vec<f32> = (0..2 * 2 * 8 * 8).map(|_| uniform(&mut seed)).collect();
    let pass = net.learning_pass(&image, [2, 2, 8, 8], 0)?;
    // The loss is half the sum of the squares of the logits.
    let logits = pass.logits();
    let mut gradients = Gradients { all: pass.backward(logits.clone()), found: Vec::new() };
    net.visit(&mut gradients);
    let mut found = Vec::new();
    for logits in logits {
        found.push(("the output".to_owned(), read(logits).await?));
    }
    for (place, gradient) in gradients.found.into_iter().enumerate() {
        found.push((format!("the gradient of convolution {place}"), read(gradient).await?));
    }
    Ok(Answers(found))
}

/// The gradients of kernels, in the order of the network's parameters.
struct Gradients {
    all: GradientsParams,
    found: Vec<Tensor<4>>,
}

impl ModuleVisitor for Gradients {
    fn visit_float<const D: usize>(&mut self, param: &Param<Tensor<D>>) {
        if D == 4 {
            self.found.extend(self.all.get::<4>(param.id));
        }
    }
}

/// Compares what `device` computes with `expected`, which the CPU computed.
///
/// # Errors
/// `device.self-test`, with what differs as its cause.
pub async fn self_test(device: &Device, expected: &Answers) -> Result<()> {
    compare(expected, &answers(device).await?)
}

fn compare(expected: &Answers, got: &Answers) -> Result<()> {
    for ((name, expected), (_, got)) in expected.0.iter().zip(&got.0) {
        let largest = expected.iter().fold(0.0, |a: f32, b| a.max(b.abs()));
        let difference = expected.iter().zip(got).map(|(a, b)| (a - b).abs()).fold(0.0, worse);
        if expected.len() != got.len() || difference.is_nan() || difference > TOLERANCE * largest {
            return Err(failed(format!("{name} differs by {difference}, at most {largest}")));
        }
    }
    Ok(())
}

/// The larger of two, and NaN as soon as one is.
fn worse(a: f32, b: f32) -> f32 {
    if a.is_nan() || b.is_nan() { f32::NAN } else { a.max(b) }
}

fn failed(cause: String) -> Error {
    Error::device("device.self-test", "The graphics card gave a wrong answer in the start-up test.")
        .with_source(cause)
}

async fn read<const D: usize>(tensor: Tensor<D>) -> Result<Vec<f32>> {
    let data = tensor.into_data_async().await.map_err(|e| failed(format!("{e:?}")))?;
    data.try_into_vec::<f32>().map_err(|e| failed(format!("{e:?}")))
}

/// The next of a fixed series in -0.5..0.5 (Knuth's linear congruential generator, MMIX).
fn uniform(seed: &mut u64) -> f32 {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*seed >> 40) as f32 / (1u64 << 24) as f32 - 0.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cpu_agrees_with_itself_and_every_answer_says_something() {
        let expected = pollster::block_on(answers(&Device::flex())).unwrap();
        pollster::block_on(self_test(&Device::flex(), &expected)).unwrap();
        // Two convolutions at each level and on the way up, the transposed one, the last one.
        assert_eq!(expected.0.len(), 1 + 8);
        for (name, values) in &expected.0 {
            assert!(values.iter().any(|v| v.abs() > 1e-5), "{name} is all zero");
        }
    }

    #[test]
    fn zeros_and_nan_and_a_single_wrong_value_are_noticed() {
        let expected = pollster::block_on(answers(&Device::flex())).unwrap();
        for tensor in 0..expected.0.len() {
            for spoil in [
                |v: &mut Vec<f32>| v.fill(0.0),
                |v: &mut Vec<f32>| v[0] = f32::NAN,
                |v: &mut Vec<f32>| v[3] += 0.1 + v[3].abs(),
                |v: &mut Vec<f32>| v.truncate(1),
            ] {
                let mut got = expected.clone();
                spoil(&mut got.0[tensor].1);
                assert_eq!(compare(&expected, &got).unwrap_err().code(), "device.self-test");
            }
        }
    }
}
