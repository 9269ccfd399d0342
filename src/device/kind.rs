//! The kinds of devices.

use serde::{Deserialize, Serialize};

/// What computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(target_arch = "wasm32", derive(tsify::Tsify))]
#[cfg_attr(target_arch = "wasm32", tsify(rename = "DeviceKind"))]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Cpu,
    WebGpu,
}
