//! Public networks of several libraries, told by the names in their state dicts, whose levels have channels of their own: what they
//! are as a configuration, and the names of their modules. Those that are no U-Nets of plain convolutions are refused by name.

mod modules;
mod monai;
mod refused;

use super::named::NamedTensor;
use super::recognise::Recognised;
use crate::error::{Error, Result};

use self::modules::Modules;

/// Names that tell a network here, for taking off what wrappers put before them.
pub(super) const MARKS: [&str; 4] = [monai::BASIC, monai::STRIDED, monai::STRIDED_BOTTOM, monai::RESIDUAL];

/// The network of a library that these tensors belong to, if it is one of those; wrappers are taken off.
///
/// # Errors
/// `model.unsupported.network` with the name of the network and what it is, if nothing here computes it; `model.tensors`.
pub(super) fn found(tensors: &mut Vec<NamedTensor>) -> Result<Option<Recognised>> {
    let modules = Modules::of(tensors);
    if let Some(what) = refused::reason(&modules) {
        return Err(unsupported(what));
    }
    let network = match monai::found(&modules) {
        Some(network) => network?,
        None => return Ok(None),
    };
    network.fitted(std::mem::take(tensors)).map(Some)
}

/// The sentence about a network that is known and not computed.
fn unsupported(what: &str) -> Error {
    Error::unsupported(
        "model.unsupported.network",
        format!(
            "These weights are of {what}. Insitu runs U-Nets of plain 2-D convolutions, and this is none."
        ),
    )
}
