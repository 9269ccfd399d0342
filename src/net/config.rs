//! What a U-Net looks like, in numbers that a person can read, checked before anything is allocated.

use serde::{Deserialize, Serialize};

use super::stages::Stages;
use crate::error::{Error, Result};

/// How the levels are joined.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Architecture {
    /// One path down, one up, a skip connection at each level (Ronneberger 2015, arXiv:1505.04597).
    #[default]
    UNet,
    /// Nested, dense skip paths with a head on each of them (Zhou 2018, arXiv:1807.10165).
    UNetPlusPlus,
    /// One convolution with stride 2 for each level down, one 3x3 transposed convolution for each level up, and skip connections
    /// that join before it: MONAI's `UNet` without residual units (after Kerfoot 2018, doi:10.1007/978-3-030-12029-0_40).
    Strided,
}

/// How 3x3 convolutions treat the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Padding {
    /// Zeros around: the output is as large as the input.
    Same,
    /// None: each convolution takes a pixel off every side, as in Ronneberger 2015.
    Valid,
}

/// What normalises the result of a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Norm {
    None,
    /// Batch normalisation (Ioffe & Szegedy 2015).
    Batch,
    /// Instance normalisation (Ulyanov 2016), with a learnt scale and shift if it is affine. Its statistics are of all that goes
    /// through the network at once, so results depend on the tile.
    Instance {
        affine: bool,
    },
}

/// What follows each convolution of a block.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Activation {
    #[default]
    Relu,
    /// Values below 0 times this slope (Maas 2013).
    LeakyRelu(f64),
    /// `alpha (exp(x) - 1)` below 0 (Clevert 2015, arXiv:1511.07289).
    Elu(f64),
    /// The exponential linear unit with the two constants of Klambauer 2017, arXiv:1706.02515.
    Selu,
    /// Values below 0 times a slope that is learnt, one for all channels (He 2015, arXiv:1502.01852).
    #[serde(rename = "prelu")]
    PRelu,
}

/// Alpha and scale of [`Activation::Selu`].
pub(super) const SELU: [f64; 2] = [1.673_263_242_354_377_2, 1.050_700_987_355_480_5];

/// How the contracting path halves the size.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Downsampling {
    /// The largest of 2x2 pixels.
    #[default]
    MaxPool,
    /// The first convolution of each block below has stride 2.
    Convolution,
}

/// How the expanding path doubles the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Upsampling {
    /// A 2x2 transposed convolution with stride 2.
    Transposed,
    /// Nearest neighbour, then a 2x2 convolution padded below and on the right, so that the size stays doubled.
    NearestConvolution,
    /// Nearest neighbour alone: the channels stay as many as below.
    Nearest,
    /// Bilinear interpolation alone, between the middles of pixels, as Keras does it.
    Bilinear,
    /// Bilinear interpolation alone, the middles of the pixels in the corners staying in the corners (`align_corners` of
    /// PyTorch): where a pixel is taken from depends on the size of the whole image.
    BilinearAligned,
    /// Bilinear interpolation between the middles of pixels, then a 2x2 convolution as after nearest neighbour.
    BilinearConvolution,
}

impl Upsampling {
    /// Whether a convolution of its own halves the channels.
    pub fn has_convolution(self) -> bool {
        matches!(self, Self::Transposed | Self::NearestConvolution | Self::BilinearConvolution)
    }

    /// Whether pixels are interpolated.
    pub fn is_bilinear(self) -> bool {
        matches!(self, Self::Bilinear | Self::BilinearAligned | Self::BilinearConvolution)
    }
}

/// Where channels are halved if no convolution on the way up does it: in the block below, so that what comes up has as
/// many as the skip connection, as in public U-Nets with bilinear upsampling.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Narrowing {
    /// Nowhere.
    #[default]
    None,
    /// By the second convolution of a block of the expanding path.
    Last,
    /// By the first convolution of it.
    First,
}

/// From the last level to logits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Head {
    /// A 1x1 convolution.
    #[default]
    Pixelwise,
    /// A 3x3 convolution.
    Convolution,
    /// A 3x3 convolution to two channels with ReLU, then a 1x1 convolution.
    Hidden,
    /// A 1x1 convolution with ReLU.
    Rectified,
    /// A 3x3 convolution to so many channels with activation and without normalisation, then a 1x1 convolution: StarDist's
    /// (Schmidt 2018, arXiv:1806.03535).
    Features(usize),
}

/// Where activations are dropped while learning (Srivastava 2014).
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "kebab-case")]
pub enum Dropout {
    #[default]
    None,
    /// After the last two levels of the contracting path, with this probability.
    Deep(f64),
    /// Between the two convolutions of every block, with this probability.
    Within(f64),
}

/// One member of the family: `levels` resolutions, each with two 3x3 convolutions, `width << level` channels.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[serde(rename_all = "camelCase")]
pub struct UNetConfig {
    #[serde(default)]
    pub architecture: Architecture,
    /// Channels of the input image, 1 or more.
    pub input_channels: usize,
    /// Channels of the output: one logit map for each; 1 means a sigmoid, more mean a softmax.
    pub outputs: usize,
    /// Resolutions, the bottom one included: 5 in the paper.
    pub levels: usize,
    /// Channels at full resolution; doubled at each level down.
    pub width: usize,
    pub norm: Norm,
    /// Whether normalisation stands behind the activation and not before it.
    #[serde(default)]
    pub norm_last: bool,
    /// What normalisation adds to the variance: 1e-5 in PyTorch, 1e-3 in Keras.
    #[serde(default = "pytorch_epsilon")]
    pub norm_epsilon: f64,
    #[serde(default)]
    pub activation: Activation,
    pub padding: Padding,
    #[serde(default)]
    pub downsampling: Downsampling,
    pub upsampling: Upsampling,
    #[serde(default)]
    pub narrowing: Narrowing,
    /// Whether normalisation and activation follow the up-convolution too.
    pub up_activation: bool,
    /// Whether the skip connection stands before the up-convolution in a concatenation, or after it.
    #[serde(default)]
    pub skip_first: bool,
    #[serde(default)]
    pub dropout: Dropout,
    #[serde(default)]
    pub head: Head,
    /// The channels of every convolution, if they are not two of `width << level` at each level.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Stages>,
}

fn pytorch_epsilon() -> f64 {
    1e-5
}

impl UNetConfig {
    /// Channels at a level, 0 being full resolution.
    pub fn channels(&self, level: usize) -> usize {
        match &self.stages {
            Some(stages) => stages.down.get(level).and_then(|c| c.last()).copied().unwrap_or(self.width),
            None => self.width << level,
        }
    }

    /// Outputs that a training supervises: one for each nested path of U-Net++, else one.
    pub fn heads(&self) -> usize {
        match self.architecture {
            Architecture::UNet | Architecture::Strided => 1,
            Architecture::UNetPlusPlus => self.levels.saturating_sub(1).max(1),
        }
    }

    /// Refuses what could not be built or would not fit into any memory.
    ///
    /// # Errors
    /// `net.config` with a sentence that says what is wrong.
    pub fn validate(&self) -> Result<()> {
        let wrong = |what: String| Err(Error::invalid("net.config", what));
        if !(1..=64).contains(&self.input_channels) {
            return wrong(format!(
                "A network cannot have {} input channels; 1 to 64 work.",
                self.input_channels
            ));
        }
        if !(1..=255).contains(&self.outputs) {
            return wrong(format!("A network cannot have {} outputs; 1 to 255 work.", self.outputs));
        }
        let deepest = if self.stages.is_some() { Stages::MAX_LEVELS } else { 7 };
        if !(2..=deepest).contains(&self.levels) {
            return wrong(format!("A U-Net of {} levels cannot be built; 2 to {deepest} work.", self.levels));
        }
        if !(1..=256).contains(&self.width) || self.channels(self.levels - 1) > 4096 {
            return wrong(format!(
                "A U-Net {} wide with {} levels is too large; at most 4096 channels at the bottom.",
                self.width, self.levels
            ));
        }
        if !(self.norm_epsilon > 0.0 && self.norm_epsilon <= 1.0) {
            return wrong("The epsilon of normalisation must lie between 0 and 1.".into());
        }
        if let Dropout::Deep(rate) | Dropout::Within(rate) = self.dropout
            && !(0.0..1.0).contains(&rate)
        {
            return wrong(format!("A dropout of {rate} cannot be learnt with; 0 to below 1 work."));
        }
        if self.architecture == Architecture::UNetPlusPlus
            && (self.padding == Padding::Valid || !self.upsampling.has_convolution())
        {
            return wrong(
                "A U-Net++ needs same padding and an up-convolution: its maps are joined as they are.".into(),
            );
        }
        if let Head::Features(channels) = self.head
            && !(1..=4096).contains(&channels)
        {
            return wrong(format!(
                "The last layers of a network cannot have {channels} channels; 1 to 4096 work."
            ));
        }
        if self.padding == Padding::Valid && self.head != Head::Pixelwise {
            return wrong("With valid convolutions the last layer must be a 1x1 convolution.".into());
        }
        if self.padding == Padding::Valid && self.upsampling.is_bilinear() {
            return wrong(
                "With valid convolutions maps cannot be enlarged by bilinear interpolation: their rims would not be valid."
                    .into(),
            );
        }
        if self.narrowing != Narrowing::None
            && (self.architecture != Architecture::UNet || self.upsampling.has_convolution())
        {
            return wrong(
                "Channels are halved below an upsampling only where no convolution follows it.".into(),
            );
        }
        if let Activation::LeakyRelu(slope) | Activation::Elu(slope) = self.activation
            && !slope.is_finite()
        {
            return wrong("The slope of an activation must be a finite number.".into());
        }
        if self.downsampling == Downsampling::Convolution
            && (self.padding == Padding::Valid || self.architecture == Architecture::UNetPlusPlus)
        {
            return wrong("Only a plain U-Net with same padding can go down by strided convolutions.".into());
        }
        if self.architecture == Architecture::Strided {
            let plain = self.padding == Padding::Same && self.head == Head::Pixelwise;
            if !plain || self.downsampling != Downsampling::Convolution || self.stages.is_none() {
                return wrong(
                    "A strided U-Net needs same padding, strided convolutions, and the channels of its stages.".into(),
                );
            }
        }
        match &self.stages {
            Some(stages) => stages.validate(self),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;

    #[test]
    fn impossible_networks_are_refused_in_words() {
        let good = Preset::Small.config(1, 1);
        assert!(good.validate().is_ok());
        for bad in [
            UNetConfig { levels: 0, ..good.clone() },
            UNetConfig { levels: 60, ..good.clone() },
            UNetConfig { width: 0, ..good.clone() },
            UNetConfig { outputs: 0, ..good.clone() },
            UNetConfig { input_channels: 0, ..good.clone() },
            UNetConfig { width: 256, levels: 7, ..good.clone() },
            UNetConfig { norm_epsilon: f64::NAN, ..good.clone() },
            UNetConfig { dropout: Dropout::Within(1.0), ..good.clone() },
            UNetConfig { padding: Padding::Valid, ..Preset::UNetPlusPlus.config(1, 1) },
            UNetConfig { upsampling: Upsampling::BilinearAligned, ..Preset::UNetPlusPlus.config(1, 1) },
            UNetConfig { upsampling: Upsampling::Bilinear, ..Preset::Ronneberger2015.config(1, 1) },
            UNetConfig { narrowing: Narrowing::Last, ..good.clone() },
            UNetConfig { activation: Activation::Elu(f64::INFINITY), ..good.clone() },
        ] {
            assert_eq!(bad.validate().unwrap_err().code(), "net.config");
        }
    }
}
