//! Which network a set of weights belongs to, from names and shapes alone.

use crate::error::{Error, Result};
use crate::net::{Norm, Padding, Preset, UNetConfig, Upsampling};

use super::tensors::NamedTensor;

/// Finds the configuration of a file without a card.
///
/// Names and shapes do not tell whether convolutions were padded; with batch normalisation "same" is what is
/// used in practice, and it is what is assumed.
///
/// # Errors
/// `model.unsupported.network` if the names are not those of a network that we know.
pub fn recognise(tensors: &[NamedTensor]) -> Result<UNetConfig> {
    let shape = |name: &str| tensors.iter().find(|t| t.name == name).map(|t| t.shape.as_slice());
    let unknown = || {
        let names: Vec<_> = tensors.iter().take(3).map(|t| t.name.as_str()).collect();
        Error::unsupported(
            "model.unsupported.network",
            format!(
                "These weights belong to no network that Insitu knows; the first tensors are {}.",
                names.join(", ")
            ),
        )
    };
    let (Some(&[width, input_channels, 3, 3]), Some(&[outputs, _, 1, 1])) =
        (shape("down.0.c1.weight"), shape("head.weight"))
    else {
        return Err(unknown());
    };
    let levels = (0..).take_while(|l| shape(&format!("down.{l}.c1.weight")).is_some()).count();
    let config = UNetConfig {
        input_channels,
        outputs,
        levels,
        width,
        norm: if shape("down.0.b1.weight").is_some() { Norm::Batch } else { Norm::None },
        padding: Padding::Same,
        upsampling: if shape("up.0.weight").is_some() {
            Upsampling::Transposed
        } else {
            Upsampling::NearestConvolution
        },
        up_activation: shape("upb.0.weight").is_some(),
        ..Preset::Small.config(input_channels, outputs)
    };
    config.validate().map_err(|_| unknown())?;
    Ok(config)
}
