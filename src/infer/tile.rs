//! How large the tiles of a network are on a device.

use crate::device::Chosen;
use crate::net::{Geometry, UNetConfig};

/// Pixels a side of the largest tile. Networks with instance normalisation get as large a one as memory allows, since their
/// statistics are of all that goes through at once.
pub fn largest_tile(chosen: &Chosen, network: &UNetConfig) -> usize {
    chosen.largest_tile(network.width, Geometry::of(network).whole)
}
