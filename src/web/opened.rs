//! Opening a device through the door.

use std::cell::RefCell;

use tsify::Ts;

use super::records::take;
use crate::device::{Choice, Chosen, Facts, Kind, open};
use crate::error::Result;

thread_local! {
    /// The GPU of this instance: Burn opens it once, and whoever comes later shares it.
    static GPU: RefCell<Option<Chosen>> = const { RefCell::new(None) };
}

/// What the browser told; without it no GPU is used, since opening one that lacks `timestamp-query` would panic.
///
/// # Errors
/// `argument`.
pub fn facts(facts: Option<Ts<Facts>>) -> Result<Facts> {
    match facts {
        None => Ok(Facts::default()),
        Some(facts) => take(&facts, "facts about the browser"),
    }
}

/// Opens `kind` (`auto`, `webgpu`, `cpu`).
///
/// # Errors
/// As [`open`]; `device.unknown`; `device.lost` if the GPU of this instance is no more.
pub async fn device(kind: &str, facts: &Facts) -> Result<Chosen> {
    let choice = Choice::from_name(kind)?;
    // Where the facts forbid a GPU, `open` says why, also if one is there.
    let wanted = choice != Choice::Cpu && facts.secure;
    let open_already = GPU.with_borrow(Clone::clone).filter(|_| wanted);
    if let Some(chosen) = open_already {
        chosen.check()?;
        return Ok(chosen);
    }
    let chosen = open(choice, Some(facts)).await?;
    if chosen.kind == Kind::WebGpu {
        GPU.set(Some(chosen.clone()));
    }
    Ok(chosen)
}
