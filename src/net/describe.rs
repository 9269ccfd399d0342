//! A network in one line, for people.

use super::config::{
    Activation, Architecture, Downsampling, Dropout, Narrowing, Norm, Padding, UNetConfig, Upsampling,
};

impl Activation {
    /// Such as "ELU with alpha 1".
    pub fn described(self) -> String {
        match self {
            Activation::Relu => "ReLU".into(),
            Activation::LeakyRelu(slope) => format!("leaky ReLU with slope {slope}"),
            Activation::Elu(alpha) => format!("ELU with alpha {alpha}"),
            Activation::Selu => "SELU".into(),
            Activation::PRelu => "ReLU with a learnt slope".into(),
        }
    }
}

impl UNetConfig {
    /// Such as "U-Net 'small', 5 levels of 16 to 256 channels, batch normalisation, same padding, transposed
    /// convolutions".
    pub fn described(&self, preset: Option<&str>) -> String {
        let kind = match self.architecture {
            Architecture::UNet => "U-Net",
            Architecture::UNetPlusPlus => "U-Net++",
            Architecture::Strided => "Strided U-Net",
        };
        let norm = match self.norm {
            Norm::None => "no normalisation",
            Norm::Batch if self.norm_last => "batch normalisation behind activations",
            Norm::Batch => "batch normalisation",
            Norm::Instance { .. } if self.norm_last => "instance normalisation behind activations",
            Norm::Instance { affine: true } => "instance normalisation",
            Norm::Instance { affine: false } => "instance normalisation without a learnt scale",
        };
        let padding = match self.padding {
            Padding::Same => "same padding",
            Padding::Valid => "valid padding",
        };
        let downsampling = match self.downsampling {
            Downsampling::MaxPool => "",
            Downsampling::Convolution => "strided convolutions, ",
        };
        let upsampling = match self.upsampling {
            _ if self.architecture == Architecture::Strided => "3x3 transposed convolutions",
            Upsampling::Transposed => "transposed convolutions",
            Upsampling::NearestConvolution => "nearest neighbour and convolution",
            Upsampling::Nearest => "nearest neighbour",
            Upsampling::Bilinear => "bilinear upsampling",
            Upsampling::BilinearAligned => "bilinear upsampling with aligned corners",
            Upsampling::BilinearConvolution => "bilinear upsampling and convolution",
        };
        let activation = match self.activation {
            Activation::Relu => String::new(),
            other => format!("{}, ", other.described()),
        };
        let dropout = match self.dropout {
            Dropout::None => String::new(),
            Dropout::Deep(rate) => format!(", dropout {rate} at the two lowest levels"),
            Dropout::Within(rate) => format!(", dropout {rate} in each block"),
        };
        let preset = preset.map(|p| format!(" '{p}'")).unwrap_or_default();
        // Where channels are halved below, the bottom has as many as the level above.
        let bottom = self.levels.saturating_sub(if self.narrowing == Narrowing::None { 1 } else { 2 });
        let (first, last) = (self.width, self.channels(bottom));
        format!(
            "{kind}{preset}, {} levels of {first} to {last} channels, {norm}, {activation}{padding}, {downsampling}{upsampling}{dropout}",
            self.levels
        )
    }
}
