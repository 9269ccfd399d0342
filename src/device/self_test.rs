//! The known-answer test: a browser's GPU can fail to compile a shader and go on with zeros, without any error.
//! So before a GPU is trusted it computes what the CPU computed, forward and backward.

use burn::nn::BatchNormConfig;
use burn::tensor::activation::{relu, sigmoid};
use burn::tensor::module::{conv_transpose2d, conv2d, max_pool2d};
use burn::tensor::ops::{ConvOptions, ConvTransposeOptions, MaxPoolOptions};
use burn::tensor::{Device, Tensor, TensorData};

use crate::error::{Error, Result};

/// The largest difference that is tolerated, relative to the largest value of the same tensor. Sums in another
/// order differ by some 1e-6; a wrong kernel by about 1.
const TOLERANCE: f32 = 1e-3;

/// What the test network computes: its output, and the gradients of everything that it learns.
#[derive(Clone, Debug, PartialEq)]
pub struct Answers(Vec<(&'static str, Vec<f32>)>);

/// Computes the answers on a device.
///
/// The network is the smallest that has every operation of a U-Net: on an 8x8 image a 3x3 convolution, batch
/// normalisation over the batch, ReLU, max-pooling, another 3x3 convolution, a 2x2 transposed convolution, the
/// joining of a skip connection, a 1x1 convolution and a sigmoid.
///
/// # Errors
/// `device.self-test` if the device cannot be read.
pub async fn answers(device: &Device) -> Result<Answers> {
    let learning = device.clone().autodiff();
    let mut seed = 1;
    let mut tensor = |dims: [usize; 4]| {
        let values: Vec<f32> = (0..dims.iter().product()).map(|_| uniform(&mut seed)).collect();
        Tensor::<4>::from_data(TensorData::new(values, dims), &learning).require_grad()
    };
    let image = tensor([2, 2, 8, 8]);
    let first = tensor([8, 2, 3, 3]);
    let below = tensor([16, 8, 3, 3]);
    let up = tensor([16, 8, 2, 2]);
    let head = tensor([3, 16, 1, 1]);
    let norm = BatchNormConfig::new(8).init(&learning);
    let same = |padding| ConvOptions::new([1, 1], [padding, padding], [1, 1], 1);

    let skip = relu(norm.forward(conv2d(image.clone(), first.clone(), None, same(1)))); // [2, 8, 8, 8]
    let small = max_pool2d(skip.clone(), MaxPoolOptions::new([2, 2]).with_stride([2, 2]));
    let small = relu(conv2d(small, below.clone(), None, same(1))); // [2, 16, 4, 4]
    let back = ConvTransposeOptions::new([2, 2], [0, 0], [0, 0], [1, 1], 1);
    let joined = Tensor::cat(vec![conv_transpose2d(small, up.clone(), None, back), skip], 1);
    let output = sigmoid(conv2d(joined, head.clone(), None, same(0))); // [2, 3, 8, 8]
    let gradients = (output.clone() * output.clone()).mean().backward();

    let mut found = vec![("the output", read(output.inner()).await?)];
    for (name, parameter) in [
        ("the gradient of the image", &image),
        ("the gradient of the first convolution", &first),
        ("the gradient of the second convolution", &below),
        ("the gradient of the transposed convolution", &up),
        ("the gradient of the last convolution", &head),
    ] {
        let gradient = parameter.grad(&gradients).ok_or_else(|| failed(format!("{name} is missing")))?;
        found.push((name, read(gradient).await?));
    }
    Ok(Answers(found))
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
