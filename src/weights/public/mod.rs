//! Public networks of several libraries, told by the names in their state dicts, whose levels have channels of their own: what they
//! are as a configuration, and the names of their modules. Those that are no U-Nets of plain convolutions are refused by name.

mod modules;
mod monai;
mod nnunet;
mod refused;
mod smp;

use super::named::NamedTensor;
use super::recognise::{Recognised, Settings};
use crate::error::{Error, Result};

use self::modules::Modules;

/// Names that tell a network here, for taking off what wrappers put before them.
pub(super) const MARKS: [&str; 7] = [
    monai::BASIC,
    monai::STRIDED,
    monai::STRIDED_BOTTOM,
    monai::RESIDUAL,
    nnunet::FIRST,
    nnunet::RESIDUAL,
    smp::DECODER,
];

/// Keys of a checkpoint whose values tell of a network.
pub(super) const SETTINGS: [&str; 2] = nnunet::SETTINGS;

/// Whether a tensor of this name is no second one of the same values.
pub(super) fn is_needed(name: &str) -> bool {
    nnunet::is_needed(name)
}

/// The network of a library that these tensors, without wrappers, belong to, if it is one of those. `settings` is what the file has
/// beside them.
///
/// # Errors
/// `model.unsupported.network` with the name of the network and what it is, if nothing here computes it; `model.tensors`.
pub(super) fn found(tensors: &mut Vec<NamedTensor>, settings: &Settings) -> Result<Option<Recognised>> {
    tensors.retain(|t| is_needed(&t.name));
    let modules = Modules::of(tensors);
    if let Some(what) = refused::reason(&modules) {
        return Err(unsupported(what));
    }
    if let Some(network) = monai::found(&modules) {
        return network?.fitted(std::mem::take(tensors)).map(Some);
    }
    if let Some(network) = nnunet::found(&modules, settings) {
        let network = network?;
        tensors.retain(|t| !nnunet::is_other_head(&t.name, &network));
        let found = network.fitted(std::mem::take(tensors))?;
        return Ok(Some(nnunet::told(found, settings)));
    }
    if let Some(network) = smp::found(&modules) {
        let network = network?;
        let (aside, rest): (Vec<_>, Vec<_>) =
            std::mem::take(tensors).into_iter().partition(|t| smp::is_aside(&t.name));
        let left_out = aside.into_iter().map(|t| t.name).collect();
        return Ok(Some(Recognised { left_out, ..smp::told(network.fitted(rest)?) }));
    }
    Ok(None)
}

/// The sentence about a network that is known and not computed.
fn unsupported(what: &str) -> Error {
    Error::unsupported(
        "model.unsupported.network",
        format!(
            "These weights are of {what}. Insitu computes U-Nets of plain 2-D convolutions, and not this one."
        ),
    )
}
