//! A network in one line, for people.

use super::config::{Architecture, Dropout, Norm, Padding, UNetConfig, Upsampling};

impl UNetConfig {
    /// Such as "U-Net 'small', 5 levels of 16 to 256 channels, batch normalisation, same padding, transposed
    /// convolutions".
    pub fn described(&self, preset: Option<&str>) -> String {
        let kind = match self.architecture {
            Architecture::UNet => "U-Net",
            Architecture::UNetPlusPlus => "U-Net++",
        };
        let norm = match self.norm {
            Norm::None => "no normalisation",
            Norm::Batch => "batch normalisation",
        };
        let padding = match self.padding {
            Padding::Same => "same padding",
            Padding::Valid => "valid padding",
        };
        let upsampling = match self.upsampling {
            Upsampling::Transposed => "transposed convolutions",
            Upsampling::NearestConvolution => "nearest neighbour and convolution",
            Upsampling::Nearest => "nearest neighbour",
        };
        let dropout = match self.dropout {
            Dropout::None => String::new(),
            Dropout::Deep(rate) => format!(", dropout {rate} at the two lowest levels"),
            Dropout::Within(rate) => format!(", dropout {rate} in each block"),
        };
        let preset = preset.map(|p| format!(" '{p}'")).unwrap_or_default();
        let (first, last) = (self.width, self.channels(self.levels.saturating_sub(1)));
        format!(
            "{kind}{preset}, {} levels of {first} to {last} channels, {norm}, {padding}, {upsampling}{dropout}",
            self.levels
        )
    }
}
