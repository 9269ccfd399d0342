//! How large a tile may be.

use super::kind::Kind;

/// Tiles that are offered, pixels a side.
const SIZES: [usize; 5] = [256, 384, 512, TILE, 768];
/// Those for networks that should see an image whole.
const WHOLE: [usize; 5] = [TILE, 768, 1024, 1536, 2048];

/// The tile, pixels a side, where no device is asked, and the largest on the CPU: an image of 512 x 512 with its mirrored
/// margin is one of them, and a network of 16 to 256 channels then needs about half a gigabyte. It takes a second or two
/// on one thread: larger ones would make progress and cancel too coarse.
pub const TILE: usize = 640;

/// The largest tile, in pixels a side.
///
/// `largest_buffer` is the GPU's largest single allocation in bytes (`None` on the CPU); `width` the channels of the
/// network at full resolution. The largest tensor of a U-Net is where a skip connection joins: `2 * width` channels
/// of 32-bit values. A GPU keeps about six of that size at once, and Burn's allocator rounds up to as much as twice,
/// so a quarter of the largest buffer is what one of them may take; on the CPU the columns of a 3x3 convolution are
/// nine times as large and stay under 512 MiB.
///
/// `whole`: the network takes statistics of all that it sees at once, so that a larger tile is a better result and not only a
/// faster one; progress may then be coarser, and on the CPU the columns take twice as much.
pub fn largest_tile(kind: Kind, largest_buffer: Option<u64>, width: usize, whole: bool) -> usize {
    let joined = |tile: usize| 2 * width.max(1) as u64 * 4 * (tile * tile) as u64;
    let (largest, fits): (usize, u64) = match kind {
        Kind::Cpu => (TILE, (512 << 20) / 9),
        Kind::WebGpu => (768, largest_buffer.unwrap_or(128 << 20) / 4),
    };
    let usual = SIZES.into_iter().rev().find(|t| *t <= largest && joined(*t) <= fits).unwrap_or(SIZES[0]);
    let room = if kind == Kind::Cpu { 2 * fits } else { fits };
    let larger = WHOLE.into_iter().rev().find(|t| whole && joined(*t) <= room);
    larger.map_or(usual, |tile| tile.max(usual))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gpu_with_the_limits_of_a_phone_gets_smaller_tiles_than_a_workstation() {
        assert_eq!(largest_tile(Kind::WebGpu, Some(128 << 20), 16, false), 512);
        assert_eq!(largest_tile(Kind::WebGpu, Some(2 << 30), 16, false), 768);
        assert_eq!(largest_tile(Kind::WebGpu, None, 16, false), 512);
        assert_eq!(largest_tile(Kind::WebGpu, Some(2 << 30), 64, false), 768);
    }

    #[test]
    fn a_network_that_should_see_the_whole_gets_a_tile_as_large_as_memory_allows() {
        assert_eq!(largest_tile(Kind::Cpu, None, 16, false), TILE);
        assert_eq!(largest_tile(Kind::Cpu, None, 16, true), 768);
        assert_eq!(largest_tile(Kind::WebGpu, Some(2 << 30), 16, true), 2048);
        // No more than there is room for, and never less than others get.
        assert_eq!(largest_tile(Kind::WebGpu, Some(128 << 20), 32, true), 256);
    }

    #[test]
    fn a_wider_network_never_gets_a_larger_tile_and_every_network_gets_one() {
        for kind in [Kind::Cpu, Kind::WebGpu] {
            let tiles: Vec<usize> =
                [0, 4, 16, 32, 64, 256, 4096].map(|w| largest_tile(kind, Some(256 << 20), w, false)).into();
            assert!(tiles.is_sorted_by(|a, b| a >= b), "{tiles:?}");
            assert_eq!(tiles[6], 256);
        }
    }
}
