//! What a U-Net looks like, in numbers that a person can read, checked before anything is allocated.

use serde::{Deserialize, Serialize};

use crate::error::{Error, Result};

/// How 3x3 convolutions treat the border.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Padding {
    /// Zeros around: the output is as large as the input.
    Same,
    /// None: each convolution takes a pixel off every side, as in Ronneberger 2015.
    Valid,
}

/// What stands between a convolution and its ReLU.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Norm {
    None,
    /// Batch normalisation (Ioffe & Szegedy 2015) with epsilon 1e-5.
    Batch,
}

/// How the expanding path doubles the size.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Upsampling {
    /// A 2x2 transposed convolution with stride 2.
    Transposed,
    /// Nearest neighbour, then a 2x2 convolution padded below and on the right, so that the size stays doubled.
    NearestConvolution,
}

/// One member of the family: `levels` resolutions, each with two 3x3 convolutions, `width << level` channels.
///
/// Ronneberger, Fischer, Brox: U-Net, MICCAI 2015, arXiv:1505.04597.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UNetConfig {
    /// Channels of the input image, 1 or more.
    pub input_channels: usize,
    /// Channels of the output: one logit map for each; 1 means a sigmoid, more mean a softmax.
    pub outputs: usize,
    /// Resolutions, the bottom one included: 5 in the paper.
    pub levels: usize,
    /// Channels at full resolution; doubled at each level down.
    pub width: usize,
    pub norm: Norm,
    pub padding: Padding,
    pub upsampling: Upsampling,
    /// Whether normalisation and ReLU follow the up-convolution too.
    pub up_activation: bool,
}

/// A named configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Five levels of 16 to 256 channels, batch normalisation, same padding: the shipped models.
    Small,
}

impl Preset {
    /// All presets, in the order in which they are listed to people.
    pub const ALL: [Preset; 1] = [Preset::Small];

    /// The name used on the command line and in cards.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Small => "small",
        }
    }

    /// Finds a preset by its name.
    pub fn from_name(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|p| p.name() == name).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|p| p.name()).collect();
            Error::invalid(
                "net.preset.unknown",
                format!("There is no network called '{name}'. The names are: {}.", names.join(", ")),
            )
        })
    }

    /// The configuration for an input of `input_channels` and `outputs` logit maps.
    pub fn config(self, input_channels: usize, outputs: usize) -> UNetConfig {
        match self {
            Preset::Small => UNetConfig {
                input_channels,
                outputs,
                levels: 5,
                width: 16,
                norm: Norm::Batch,
                padding: Padding::Same,
                upsampling: Upsampling::Transposed,
                up_activation: true,
            },
        }
    }
}

impl UNetConfig {
    /// Channels at a level, 0 being full resolution.
    pub fn channels(&self, level: usize) -> usize {
        self.width << level
    }

    /// Refuses what could not be built or would not fit into any memory.
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
        if !(2..=7).contains(&self.levels) {
            return wrong(format!("A U-Net of {} levels cannot be built; 2 to 7 work.", self.levels));
        }
        if !(1..=256).contains(&self.width) || self.channels(self.levels - 1) > 4096 {
            return wrong(format!(
                "A U-Net {} wide with {} levels is too large; at most 4096 channels at the bottom.",
                self.width, self.levels
            ));
        }
        Ok(())
    }

    /// The number of trained parameters (running statistics are not counted).
    pub fn parameters(&self) -> usize {
        let norm = |c: usize| if self.norm == Norm::Batch { 2 * c } else { 0 };
        let conv = |i: usize, o: usize, k: usize| i * o * k * k + o;
        let double = |i: usize, o: usize| conv(i, o, 3) + norm(o) + conv(o, o, 3) + norm(o);
        let mut total = 0;
        for level in 0..self.levels {
            let input = if level == 0 { self.input_channels } else { self.channels(level - 1) };
            total += double(input, self.channels(level));
        }
        for level in 0..self.levels - 1 {
            let (below, here) = (self.channels(level + 1), self.channels(level));
            total += conv(below, here, 2) + if self.up_activation { norm(here) } else { 0 };
            total += double(2 * here, here);
        }
        total + conv(self.width, self.outputs, 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_small_preset_has_the_published_number_of_parameters() {
        assert_eq!(Preset::Small.config(1, 1).parameters(), 1_944_241);
    }

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
        ] {
            assert_eq!(bad.validate().unwrap_err().code(), "net.config");
        }
        assert_eq!(Preset::from_name("large").unwrap_err().code(), "net.preset.unknown");
    }
}
