//! The reference values that `make_unet.py` and `make_networks.py` wrote, for the native tests and those in the browser.
#![allow(dead_code)] // each test program uses a part of it

pub mod agreement;

use std::collections::BTreeMap;

use insitu::net::{
    Activation, Architecture, Downsampling, Dropout, Narrowing, Norm, Padding, Preset, Stages, UNet,
    UNetConfig, Upsampling,
};
use insitu::weights::{NamedTensor, load_into};
use safetensors::SafeTensors;

use burn::tensor::{Device, Tensor, TensorData};

/// A network, what it computes, and how it learns.
pub struct Reference {
    pub config: UNetConfig,
    /// The weight file.
    pub file: &'static [u8],
    io: BTreeMap<String, NamedTensor>,
}

/// The preset `small`, 2 channels wide.
pub fn small() -> Reference {
    Reference::new(
        UNetConfig { width: 2, ..Preset::Small.config(1, 1) },
        include_bytes!("unet/small_w2.safetensors"),
        include_bytes!("unet/small_w2_io.safetensors"),
    )
}

/// Three levels, nearest neighbour and a convolution on the way up.
pub fn nearest() -> Reference {
    let config =
        UNetConfig { width: 4, levels: 3, upsampling: Upsampling::NearestConvolution, ..small().config };
    Reference::new(
        config,
        include_bytes!("unet/nearest_w4.safetensors"),
        include_bytes!("unet/nearest_w4_io.safetensors"),
    )
}

/// Three levels without padding and without normalisation.
pub fn valid() -> Reference {
    let config = UNetConfig {
        width: 4,
        levels: 3,
        padding: Padding::Valid,
        norm: Norm::None,
        up_activation: false,
        ..small().config
    };
    Reference::new(
        config,
        include_bytes!("unet/valid_w4.safetensors"),
        include_bytes!("unet/valid_w4_io.safetensors"),
    )
}

/// Three levels, bilinear interpolation with aligned corners, channels halved below.
pub fn aligned() -> Reference {
    let config = UNetConfig {
        levels: 3,
        upsampling: Upsampling::BilinearAligned,
        narrowing: Narrowing::Last,
        up_activation: false,
        ..small().config
    };
    Reference::new(
        config,
        include_bytes!("unet/aligned_w2.safetensors"),
        include_bytes!("unet/aligned_w2_io.safetensors"),
    )
}

/// Three levels, bilinear interpolation between the middles of pixels and a convolution, ELU before the normalisation.
pub fn half_pixel() -> Reference {
    let config = UNetConfig {
        levels: 3,
        upsampling: Upsampling::BilinearConvolution,
        activation: Activation::Elu(1.0),
        norm_last: true,
        ..small().config
    };
    Reference::new(
        config,
        include_bytes!("unet/half_pixel_w2.safetensors"),
        include_bytes!("unet/half_pixel_w2_io.safetensors"),
    )
}

/// Three levels of 2, 3 and 5 channels, strided, leaky ReLU, affine instance normalisation, one to two convolutions a block
/// (`make_instance.py`).
pub fn instance() -> Reference {
    let stages = Stages {
        down: vec![vec![2], vec![3, 3], vec![5, 5]],
        up: vec![vec![3, 3], vec![2, 4]],
        enlarged: vec![3, 2],
        ..Stages::default()
    };
    let config = UNetConfig {
        levels: 3,
        norm: Norm::Instance { affine: true },
        activation: Activation::LeakyRelu(0.01),
        downsampling: Downsampling::Convolution,
        up_activation: false,
        stages: Some(stages),
        ..small().config
    };
    Reference::new(
        config,
        include_bytes!("unet/instance_w2.safetensors"),
        include_bytes!("unet/instance_w2_io.safetensors"),
    )
}

/// Three levels with one convolution each, 3x3 transposed convolutions, learnt slopes, instance normalisation without a scale
/// (`make_instance.py`).
pub fn strided() -> Reference {
    let stages = Stages { down: vec![vec![2], vec![3], vec![4]], ..Stages::default() };
    let config = UNetConfig {
        architecture: Architecture::Strided,
        levels: 3,
        norm: Norm::Instance { affine: false },
        activation: Activation::PRelu,
        downsampling: Downsampling::Convolution,
        skip_first: true,
        stages: Some(stages),
        ..small().config
    };
    Reference::new(
        config,
        include_bytes!("unet/strided_w2.safetensors"),
        include_bytes!("unet/strided_w2_io.safetensors"),
    )
}

/// Every preset, 2 to 4 channels wide, by its name: `make_networks.py` built it in the framework it comes from. Dropout is
/// off, since no two frameworks draw the same.
pub fn presets() -> Vec<(&'static str, Reference)> {
    macro_rules! preset {
        ($preset:expr, $width:literal, $name:literal) => {{
            let (channels, outputs, _) = $preset.published();
            let config =
                UNetConfig { width: $width, dropout: Dropout::None, ..$preset.config(channels, outputs) };
            let file = include_bytes!(concat!("networks/", $name, ".safetensors"));
            let io = include_bytes!(concat!("networks/", $name, "_io.safetensors"));
            ($name, Reference::new(config, file, io))
        }};
    }
    vec![
        preset!(Preset::Small, 2, "small"),
        preset!(Preset::SmallBn, 2, "small-bn"),
        preset!(Preset::Ronneberger2015, 2, "ronneberger2015"),
        preset!(Preset::Ronneberger2015Bn, 2, "ronneberger2015-bn"),
        preset!(Preset::Keras, 2, "keras"),
        preset!(Preset::Retina, 4, "retina"),
        preset!(Preset::UNetPlusPlus, 2, "unet++"),
    ]
}

impl Reference {
    fn new(config: UNetConfig, file: &'static [u8], io: &'static [u8]) -> Self {
        let io = tensors(io).into_iter().map(|t| (t.name.clone(), t)).collect();
        Self { config, file, io }
    }

    /// The network with its weights.
    pub fn net(&self, device: &Device) -> UNet {
        load_into(UNet::new(&self.config, device).unwrap(), tensors(self.file)).unwrap()
    }

    /// Values by name, as PyTorch computed them.
    pub fn values(&self, name: &str) -> &[f32] {
        &self.io[name].values
    }

    /// The same as a tensor.
    pub fn tensor(&self, name: &str, device: &Device) -> Tensor<4> {
        let t = &self.io[name];
        Tensor::from_data(TensorData::new(t.values.clone(), t.shape.clone()), device)
    }

    /// Names of the gradients that are there.
    pub fn gradients(&self) -> impl Iterator<Item = &str> {
        self.io.keys().filter_map(|name| name.strip_prefix("gradient."))
    }
}

/// The tensors of a file, 32-bit.
pub fn tensors(bytes: &[u8]) -> Vec<NamedTensor> {
    let file = SafeTensors::deserialize(bytes).unwrap();
    let read =
        |bytes: &[u8]| bytes.chunks_exact(4).map(|b| f32::from_le_bytes(b.try_into().unwrap())).collect();
    file.tensors()
        .into_iter()
        .map(|(name, view)| NamedTensor { name, shape: view.shape().to_vec(), values: read(view.data()) })
        .collect()
}

/// The largest difference between two arrays of the same length.
pub fn difference(a: &[f32], b: &[f32]) -> f32 {
    assert_eq!(a.len(), b.len());
    a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, |m, d| if d.is_nan() { f32::NAN } else { m.max(d) })
}
