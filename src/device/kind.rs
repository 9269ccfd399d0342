//! The kinds of devices.

use serde::{Deserialize, Serialize};

/// What computes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    Cpu,
    WebGpu,
}
