//! The networks of the literature, each one configuration of the same code.

use super::config::{
    Activation, Architecture, Downsampling, Dropout, Head, Narrowing, Norm, Padding, UNetConfig, Upsampling,
};
use crate::error::{Error, Result};

/// A named configuration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Five levels of 16 to 256 channels, batch normalisation, same padding: the shipped models.
    Small,
    /// Batch normalisation, 8 to 128 channels, a 3x3 convolution at the end: for teaching, and small machines.
    SmallBn,
    /// The paper's: valid convolutions, 64 to 1024 channels, 572 x 572 in, 388 x 388 out, 23 convolutional layers
    /// (arXiv:1505.04597).
    Ronneberger2015,
    /// The paper's with batch normalisation after each 3x3 convolution.
    Ronneberger2015Bn,
    /// The Keras descendant: same padding, dropout 0.5 at the two lowest levels, nearest upsampling.
    Keras,
    /// For retina vessels, 48 x 48 patches: three resolutions, dropout 0.2 in every block, no up-convolution.
    Retina,
    /// Nested dense skip paths with four supervised heads (arXiv:1807.10165).
    UNetPlusPlus,
}

impl Preset {
    /// All presets, in the order in which they are listed to people.
    pub const ALL: [Preset; 7] = [
        Preset::Small,
        Preset::SmallBn,
        Preset::Ronneberger2015,
        Preset::Ronneberger2015Bn,
        Preset::Keras,
        Preset::Retina,
        Preset::UNetPlusPlus,
    ];

    /// The name used on the command line and in cards.
    pub fn name(self) -> &'static str {
        match self {
            Preset::Small => "small",
            Preset::SmallBn => "small-bn",
            Preset::Ronneberger2015 => "ronneberger2015",
            Preset::Ronneberger2015Bn => "ronneberger2015-bn",
            Preset::Keras => "keras",
            Preset::Retina => "retina",
            Preset::UNetPlusPlus => "unet++",
        }
    }

    /// Finds a preset by its name.
    ///
    /// # Errors
    /// `net.preset.unknown`, with the names there are.
    pub fn from_name(name: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|p| p.name() == name).ok_or_else(|| {
            let names: Vec<_> = Self::ALL.iter().map(|p| p.name()).collect();
            Error::invalid(
                "net.preset.unknown",
                format!("There is no network called '{name}'. The names are: {}.", names.join(", ")),
            )
        })
    }

    /// Input channels, outputs and pixels a side of an input as it was published.
    pub fn published(self) -> (usize, usize, usize) {
        match self {
            Preset::Small | Preset::SmallBn | Preset::Keras => (1, 1, 256),
            Preset::Ronneberger2015 | Preset::Ronneberger2015Bn => (1, 2, 572),
            Preset::Retina => (1, 2, 48),
            Preset::UNetPlusPlus => (3, 1, 256),
        }
    }

    /// The configuration for an input of `input_channels` and `outputs` logit maps.
    pub fn config(self, input_channels: usize, outputs: usize) -> UNetConfig {
        let small = UNetConfig {
            architecture: Architecture::UNet,
            input_channels,
            outputs,
            levels: 5,
            width: 16,
            norm: Norm::Batch,
            norm_last: false,
            norm_epsilon: 1e-5,
            activation: Activation::Relu,
            padding: Padding::Same,
            downsampling: Downsampling::MaxPool,
            upsampling: Upsampling::Transposed,
            narrowing: Narrowing::None,
            up_activation: true,
            skip_first: false,
            dropout: Dropout::None,
            head: Head::Pixelwise,
            stages: None,
        };
        let paper = UNetConfig {
            width: 64,
            norm: Norm::None,
            padding: Padding::Valid,
            up_activation: false,
            ..small.clone()
        };
        match self {
            Preset::Small => small,
            Preset::SmallBn => UNetConfig { width: 8, head: Head::Convolution, ..small },
            Preset::Ronneberger2015 => paper,
            Preset::Ronneberger2015Bn => UNetConfig { norm: Norm::Batch, ..paper },
            Preset::Keras => UNetConfig {
                width: 64,
                norm: Norm::None,
                upsampling: Upsampling::NearestConvolution,
                skip_first: true,
                dropout: Dropout::Deep(0.5),
                head: Head::Hidden,
                ..small
            },
            Preset::Retina => UNetConfig {
                levels: 3,
                width: 32,
                norm: Norm::None,
                upsampling: Upsampling::Nearest,
                up_activation: false,
                skip_first: true,
                dropout: Dropout::Within(0.2),
                head: Head::Rectified,
                ..small
            },
            Preset::UNetPlusPlus => UNetConfig {
                architecture: Architecture::UNetPlusPlus,
                width: 32,
                norm: Norm::None,
                up_activation: false,
                skip_first: true,
                ..small
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Graph;

    #[test]
    fn every_preset_has_the_published_number_of_parameters() {
        let published = [
            ("small", 1_944_241),
            ("small-bn", 487_449),
            ("ronneberger2015", 31_030_658),
            ("ronneberger2015-bn", 31_042_434),
            ("keras", 31_031_685),
            ("retina", 471_010),
            ("unet++", 9_042_276),
        ];
        assert_eq!(published.len(), Preset::ALL.len());
        for (name, parameters) in published {
            let preset = Preset::from_name(name).unwrap();
            let (channels, outputs, _) = preset.published();
            assert_eq!(Graph::of(&preset.config(channels, outputs)).parameters(), parameters, "{name}");
        }
    }

    #[test]
    fn the_paper_has_23_convolutional_layers() {
        let graph = Graph::of(&Preset::Ronneberger2015.config(1, 2));
        assert_eq!(graph.nodes.iter().filter(|n| n.op.is_convolution()).count(), 23);
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_known_ones() {
        let error = Preset::from_name("large").unwrap_err();
        assert_eq!(error.code(), "net.preset.unknown");
        assert!(error.to_string().contains("unet++"), "{error}");
    }
}
