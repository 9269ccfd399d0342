//! Kernels of Keras in PyTorch's axes.
//!
//! PyTorch stores `Conv2d` as OIHW (out, in, rows, columns) and `ConvTranspose2d` as IOHW, and correlates.
//!
//! | written by | convolution | transposed | rotated by 180 degrees |
//! |---|---|---|---|
//! | Keras 2 and 3, tf.keras, any `data_format` | HWIO | HWOI | with Theano |
//! | Keras 1, `dim_ordering` `tf` | HWIO | HWIO | with Theano |
//! | Keras 1, `dim_ordering` `th` | OIHW | OIHW | with Theano |
//!
//! Sources: `preprocess_weights_for_loading` in `keras/engine/saving.py` of Keras 2.3, which tells the old and the new
//! order of axes class by class; `_need_convert_kernel` in the same file and `convert_kernel` in
//! `keras/utils/conv_utils.py`: Theano convolves (it rotates the kernel), TensorFlow and CNTK correlate, so that all
//! spatial axes are reversed between them. Keras 3 has no such backend any more.

use serde_json::Value;

use super::config::LayerConfig;
use super::{Generation, KerasFile, KerasLayer};
use crate::error::{Error, Result};
use crate::weights::NamedTensor;

/// The order of a kernel's axes, for one, two or three spatial axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Axes {
    /// Spatial, in, out: HWIO.
    SpatialInOut,
    /// Spatial, out, in: HWOI.
    SpatialOutIn,
    /// Out, in, spatial: OIHW.
    OutInSpatial,
}

/// How a kernel is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KernelLayout {
    pub axes: Axes,
    /// Rotated by 180 degrees against PyTorch.
    pub rotated: bool,
    /// The file does not say all of it: Keras 1 never wrote its backend, so that with `th` Theano and with `tf`
    /// TensorFlow is assumed, and its weight files have not even the ordering, which is then told from the shapes.
    pub assumed: bool,
}

/// How the kernels of a layer are stored; `transposed`: it is a transposed convolution (see [`is_transposed`]).
pub fn kernel_layout(file: &KerasFile, layer: &KerasLayer, transposed: bool) -> KernelLayout {
    let theano = file.backend.as_deref().map(|b| b == "theano");
    if file.generation != Generation::One {
        let axes = if transposed { Axes::SpatialOutIn } else { Axes::SpatialInOut };
        return KernelLayout { axes, rotated: theano == Some(true), assumed: false };
    }
    let said = ordering_in_config(file, layer);
    let channels_first = said.unwrap_or_else(|| ordering_of_shapes(file).or(theano).unwrap_or(true));
    KernelLayout {
        axes: if channels_first { Axes::OutInSpatial } else { Axes::SpatialInOut },
        rotated: theano.unwrap_or(channels_first),
        assumed: said.is_none() || theano.is_none(),
    }
}

/// Whether a layer is a transposed convolution, by its class or by the name that Keras gives; `None` if neither tells.
pub fn is_transposed(layer: &KerasLayer) -> Option<bool> {
    if let Some(class) = &layer.class {
        return Some(class.contains("Transpose"));
    }
    let own = layer.name.rsplit('/').next().unwrap_or(&layer.name);
    if own.contains("transpose") || own.starts_with("deconvolution") {
        Some(true)
    } else if own.starts_with("conv2d") || own.starts_with("convolution2d") {
        Some(false)
    } else {
        None
    }
}

/// A convolution's kernel as PyTorch has it: OIHW, or IOHW if `transposed`.
///
/// # Errors
/// `keras.kernel` unless it has one to three spatial axes.
pub fn to_pytorch(kernel: &NamedTensor, layout: KernelLayout, transposed: bool) -> Result<NamedTensor> {
    let mut out = match (layout.axes, transposed) {
        (Axes::SpatialInOut, false) => hwio_to_oihw(kernel)?,
        (Axes::SpatialOutIn, true) => hwoi_to_iohw(kernel)?,
        // Of the same order as the source: swap what the other kind wants first.
        (Axes::SpatialInOut, true) => swap_channels(&hwio_to_oihw(kernel)?)?,
        (Axes::SpatialOutIn, false) => swap_channels(&hwoi_to_iohw(kernel)?)?,
        (Axes::OutInSpatial, false) => {
            spatial(kernel)?;
            kernel.clone()
        }
        (Axes::OutInSpatial, true) => swap_channels(kernel)?,
    };
    if layout.rotated {
        rotate(&mut out)?;
    }
    Ok(out)
}

/// HWIO (`Conv2D` of Keras 2 and 3) to OIHW (`Conv2d`), and the same with one or three spatial axes.
///
/// # Errors
/// `keras.kernel` unless it has one to three spatial axes.
pub fn hwio_to_oihw(kernel: &NamedTensor) -> Result<NamedTensor> {
    let spatial = spatial(kernel)?;
    let order = [spatial + 1, spatial].into_iter().chain(0..spatial);
    permute(kernel, &order.collect::<Vec<_>>())
}

/// HWOI (`Conv2DTranspose` of Keras 2 and 3) to IOHW (`ConvTranspose2d`). Both are the gradient of a correlation, so
/// nothing is rotated.
///
/// # Errors
/// `keras.kernel` unless it has one to three spatial axes.
pub fn hwoi_to_iohw(kernel: &NamedTensor) -> Result<NamedTensor> {
    // The same move: the last axis first.
    hwio_to_oihw(kernel)
}

/// OIHW to IOHW and back.
///
/// # Errors
/// `keras.kernel` unless it has one to three spatial axes.
pub fn swap_channels(kernel: &NamedTensor) -> Result<NamedTensor> {
    let spatial = spatial(kernel)?;
    let order = [1, 0].into_iter().chain(2..spatial + 2);
    permute(kernel, &order.collect::<Vec<_>>())
}

/// Reverses all spatial axes of a kernel in PyTorch's order (OIHW or IOHW).
///
/// # Errors
/// `keras.kernel` unless it has one to three spatial axes.
pub fn rotate(kernel: &mut NamedTensor) -> Result<()> {
    spatial(kernel)?;
    let area: usize = kernel.shape.iter().skip(2).product();
    // Reversed in memory, all spatial axes are.
    for plane in kernel.values.chunks_exact_mut(area.max(1)) {
        plane.reverse();
    }
    Ok(())
}

/// A `Dense` kernel, in by out, as `Linear` has it: out by in.
///
/// # Errors
/// `keras.kernel` unless it has two axes.
pub fn dense_to_linear(kernel: &NamedTensor) -> Result<NamedTensor> {
    if kernel.shape.len() != 2 {
        return Err(wrong(kernel));
    }
    permute(kernel, &[1, 0])
}

/// The number of spatial axes.
fn spatial(kernel: &NamedTensor) -> Result<usize> {
    match kernel.shape.len() {
        rank @ 3..=5 => Ok(rank - 2),
        _ => Err(wrong(kernel)),
    }
}

fn wrong(kernel: &NamedTensor) -> Error {
    Error::invalid(
        "keras.kernel",
        format!("{} has the shape {:?}, which is not that of a kernel.", kernel.name, kernel.shape),
    )
}

/// Axis `i` of the result is axis `order[i]` of the source.
fn permute(tensor: &NamedTensor, order: &[usize]) -> Result<NamedTensor> {
    let sizes: Vec<usize> = tensor.shape.clone();
    let count = sizes.iter().try_fold(1usize, |n, d| n.checked_mul(*d));
    if count != Some(tensor.values.len()) {
        return Err(wrong(tensor));
    }
    let mut strides = vec![1; sizes.len()];
    for axis in (1..sizes.len()).rev() {
        if let (Some(stride), Some(size)) = (strides.get(axis).copied(), sizes.get(axis)) {
            strides.iter_mut().take(axis).skip(axis - 1).for_each(|s| *s = stride * size);
        }
    }
    let steps: Option<Vec<(usize, usize)>> =
        order.iter().map(|axis| Some((*sizes.get(*axis)?, *strides.get(*axis)?))).collect();
    let steps = steps.ok_or_else(|| wrong(tensor))?;
    let mut values = Vec::with_capacity(tensor.values.len());
    for i in 0..tensor.values.len() {
        let (mut rest, mut at) = (i, 0);
        for (size, stride) in steps.iter().rev() {
            at += rest % size * stride;
            rest /= size;
        }
        values.push(*tensor.values.get(at).ok_or_else(|| wrong(tensor))?);
    }
    let shape = steps.iter().map(|(size, _)| *size).collect();
    Ok(NamedTensor { name: tensor.name.clone(), shape, values })
}

/// Whether the configuration puts channels first.
fn ordering_in_config(file: &KerasFile, layer: &KerasLayer) -> Option<bool> {
    let own = layer.name.rsplit('/').next()?;
    let config = file.config.as_ref().and_then(LayerConfig::new)?.find(own)?;
    match config.wrapped().unwrap_or(config).settings.get("dim_ordering").and_then(Value::as_str) {
        Some("th") => Some(true),
        Some("tf") => Some(false),
        _ => None,
    }
}

/// Whether the shapes say that channels come first. All layers of a network have the same ordering, so each gives a
/// vote: the bias is as long as the outputs, and kernels are narrower than they have channels.
fn ordering_of_shapes(file: &KerasFile) -> Option<bool> {
    let mut votes = 0i64;
    for layer in &file.layers {
        let Some(kernel) = layer.weight("kernel") else { continue };
        let [first, second, third, last] = *kernel.shape.as_slice() else { continue };
        let bias = layer.weight("bias").map(|b| b.values.len());
        votes += match bias {
            Some(n) if (first == n) != (last == n) => {
                if first == n {
                    2
                } else {
                    -2
                }
            }
            _ => 0,
        };
        let square = |a: usize, b: usize| a == b && a <= 11;
        votes += match (square(first, second), square(third, last)) {
            (false, true) => 1,
            (true, false) => -1,
            _ => 0,
        };
    }
    (votes != 0).then_some(votes > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counted(shape: &[usize]) -> NamedTensor {
        let n = shape.iter().product::<usize>();
        NamedTensor {
            name: "kernel".into(),
            shape: shape.to_vec(),
            values: (0..n).map(|i| i as f32).collect(),
        }
    }

    fn layer(name: &str, class: Option<&str>, kernel: &[usize], bias: usize) -> KerasLayer {
        let bias = NamedTensor { name: "bias".into(), ..counted(&[bias]) };
        KerasLayer { name: name.into(), class: class.map(Into::into), weights: vec![counted(kernel), bias] }
    }

    fn file(generation: Generation, backend: Option<&str>, layers: Vec<KerasLayer>) -> KerasFile {
        KerasFile { layers, generation, keras_version: None, backend: backend.map(Into::into), config: None }
    }

    #[test]
    fn hwio_becomes_oihw() {
        let out = hwio_to_oihw(&counted(&[2, 3, 2, 4])).unwrap();
        assert_eq!(out.shape, [4, 2, 2, 3]);
        // Output 1, input 1, row 1, column 2 is at row 1, column 2, input 1, output 1 of the source.
        assert_eq!(out.values[((2 + 1) * 2 + 1) * 3 + 2], (((3 + 2) * 2 + 1) * 4 + 1) as f32);
        assert_eq!(out.values[0..6], [0.0, 8.0, 16.0, 24.0, 32.0, 40.0]);
    }

    #[test]
    fn kernels_of_one_and_three_spatial_axes_are_moved_in_the_same_way() {
        assert_eq!(hwio_to_oihw(&counted(&[3, 2, 5])).unwrap().shape, [5, 2, 3]);
        assert_eq!(hwio_to_oihw(&counted(&[2, 3, 4, 5, 6])).unwrap().shape, [6, 5, 2, 3, 4]);
        assert_eq!(hwio_to_oihw(&counted(&[2, 3])).unwrap_err().code(), "keras.kernel");
    }

    #[test]
    fn rotating_twice_gives_the_same_kernel() {
        let kernel = counted(&[2, 1, 2, 2]);
        let mut turned = kernel.clone();
        rotate(&mut turned).unwrap();
        assert_eq!(turned.values, [3.0, 2.0, 1.0, 0.0, 7.0, 6.0, 5.0, 4.0]);
        rotate(&mut turned).unwrap();
        assert_eq!(turned, kernel);
    }

    #[test]
    fn a_dense_kernel_is_transposed() {
        let out = dense_to_linear(&counted(&[2, 3])).unwrap();
        assert_eq!((out.shape, out.values), (vec![3, 2], vec![0.0, 3.0, 1.0, 4.0, 2.0, 5.0]));
    }

    #[test]
    fn values_that_do_not_fill_the_shape_are_an_error_and_no_panic() {
        let kernel = NamedTensor { name: "kernel".into(), shape: vec![2, 2, 2, 2], values: vec![0.0; 3] };
        assert_eq!(hwio_to_oihw(&kernel).unwrap_err().code(), "keras.kernel");
        let empty = counted(&[3, 3, 0, 2]);
        assert_eq!(hwio_to_oihw(&empty).unwrap().shape, [2, 0, 3, 3]);
    }

    #[test]
    fn keras_2_is_spatial_first_and_rotated_with_theano_only() {
        let conv = layer("conv2d", Some("Conv2D"), &[3, 3, 2, 4], 4);
        let plain = file(Generation::Two, Some("tensorflow"), vec![]);
        let wanted = KernelLayout { axes: Axes::SpatialInOut, rotated: false, assumed: false };
        assert_eq!(kernel_layout(&plain, &conv, false), wanted);
        let theano = file(Generation::Two, Some("theano"), vec![]);
        assert!(kernel_layout(&theano, &conv, false).rotated);
        assert_eq!(kernel_layout(&plain, &conv, true).axes, Axes::SpatialOutIn);
    }

    #[test]
    fn the_ordering_of_keras_1_is_told_from_shapes_when_nothing_else_tells_it() {
        let th = file(Generation::One, None, vec![layer("c", None, &[8, 4, 3, 3], 8)]);
        let wanted = KernelLayout { axes: Axes::OutInSpatial, rotated: true, assumed: true };
        assert_eq!(kernel_layout(&th, &th.layers[0], false), wanted);
        let tf = file(Generation::One, None, vec![layer("c", None, &[3, 3, 4, 8], 8)]);
        let wanted = KernelLayout { axes: Axes::SpatialInOut, rotated: false, assumed: true };
        assert_eq!(kernel_layout(&tf, &tf.layers[0], false), wanted);
        // A kernel of 3 channels alone could be either; its neighbour decides.
        let both = vec![layer("a", None, &[3, 3, 3, 3], 3), layer("b", None, &[8, 3, 3, 3], 8)];
        let mixed = file(Generation::One, None, both);
        assert_eq!(kernel_layout(&mixed, &mixed.layers[0], false).axes, Axes::OutInSpatial);
    }

    #[test]
    fn the_configuration_of_keras_1_tells_the_ordering() {
        let mut tf = file(Generation::One, None, vec![layer("c", None, &[8, 4, 3, 3], 8)]);
        tf.config = serde_json::from_str(
            r#"{"class_name":"Sequential","config":[{"class_name":"Convolution2D","config":{"name":"c","dim_ordering":"tf"}}]}"#,
        )
        .ok();
        assert_eq!(kernel_layout(&tf, &tf.layers[0], false).axes, Axes::SpatialInOut);
    }

    #[test]
    fn a_transposed_kernel_of_keras_1_has_the_axes_of_a_plain_one() {
        let kernel = counted(&[5, 4, 2, 2]);
        let layout = KernelLayout { axes: Axes::OutInSpatial, rotated: false, assumed: true };
        assert_eq!(to_pytorch(&kernel, layout, true).unwrap().shape, [4, 5, 2, 2]);
        let layout = KernelLayout { axes: Axes::SpatialInOut, ..layout };
        assert_eq!(to_pytorch(&counted(&[2, 2, 4, 5]), layout, true).unwrap().shape, [4, 5, 2, 2]);
    }

    #[test]
    fn a_transposed_convolution_is_known_by_class_or_name() {
        assert_eq!(is_transposed(&layer("up", Some("Conv2DTranspose"), &[1], 1)), Some(true));
        assert_eq!(is_transposed(&layer("a/conv2d_transpose_2", None, &[1], 1)), Some(true));
        assert_eq!(is_transposed(&layer("conv2d_2", None, &[1], 1)), Some(false));
        assert_eq!(is_transposed(&layer("up4", None, &[1], 1)), None);
    }
}
