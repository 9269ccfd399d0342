//! The gradient of a convolution's weights: for each tap a product of two matrices whose inner axis are the pixels.
//!
//! A workgroup takes sixteen channels of what moves with the tap (the convolution's source) and sixteen of what does not (the gradient of its
//! result), and tiles of pixels one after the other through its own memory; each unit adds up four by four channels for all rows
//! of one column of taps. Several workgroups share the pixels; a second kernel adds up their parts.

use burn::tensor::Tensor;
use cubecl::prelude::*;

use super::gather::Geometry;
use super::launch::{UNITS, cubes};
use super::maps::{Four, Gpu, Maps, pixel_of};

/// Vectors of channels of a workgroup, along either side.
const BLOCKS: usize = 4;
/// Workgroups that are wanted at least, as far as there are tiles of pixels for them.
const WANTED: usize = 256;

/// How the work is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Plan {
    /// Rows and columns of taps.
    taps: usize,
    /// Steps in the source for one in the result.
    stride: usize,
    /// Side of a tile of the result.
    side: usize,
    /// Units that share the rows of a tile.
    parts: usize,
}

impl Plan {
    fn new(geometry: &Geometry) -> Self {
        let side = if geometry.stride == 1 { 8 } else { 4 };
        let parts = match geometry.kernel {
            1 => 8,
            2 => 4,
            _ => 2,
        };
        Self { taps: geometry.kernel, stride: geometry.stride, side, parts: parts.min(side) }
    }

    fn units(&self) -> usize {
        BLOCKS * BLOCKS * self.taps * self.parts
    }
}

impl Gpu {
    /// The gradient of a weight `[channel of result, channel of source, row, column]`.
    pub fn weight_gradient(&self, source: &Maps, result: &Maps, geometry: Geometry) -> Tensor<4> {
        let plan = Plan::new(&geometry);
        let [moving, fixed] = [source, result].map(Maps::blocks);
        let pairs = [moving, fixed].map(|n| n.div_ceil(BLOCKS));
        let tiles = result.size().map(|n| n.div_ceil(plan.side));
        let all = tiles[0] * tiles[1] * result.batch;
        let chunks = WANTED.div_ceil(pairs[0] * pairs[1]).min(all).max(1);
        let area = plan.taps * plan.taps;
        let parts = chunks * plan.parts;
        let sums = self.buffer(parts * area * 16 * moving * fixed);
        // SAFETY: every access is inside the buffers: the maps where the kernel has compared with their sizes, the workgroup's memory
        // by the plan, the sums where the channels exist.
        unsafe {
            multiply::launch_unchecked(
                &self.client,
                CubeCount::Static(pairs[1] as u32, pairs[0] as u32, chunks as u32),
                CubeDim::new_1d(plan.units() as u32),
                source.values.vector_argument(),
                result.values.vector_argument(),
                sums.vector_argument(),
                source.height as u32,
                source.width as u32,
                moving as u32,
                result.height as u32,
                result.width as u32,
                fixed as u32,
                geometry.padding[0] as u32,
                geometry.padding[1] as u32,
                tiles[0] as u32,
                tiles[1] as u32,
                all as u32,
                chunks as u32,
                plan,
            );
        }
        let shape = [result.channels, source.channels, plan.taps, plan.taps];
        let gradient = self.buffer(shape.iter().product());
        // SAFETY: one unit a value of the result; the sums hold all parts of each.
        unsafe {
            add_parts::launch_unchecked(
                &self.client,
                cubes(gradient.length),
                CubeDim::new_1d(UNITS),
                sums.argument(),
                gradient.argument(),
                parts as u32,
                area as u32,
                source.channels as u32,
                result.channels as u32,
                4 * moving as u32,
                4 * fixed as u32,
            );
        }
        self.as_tensor(gradient, shape)
    }
}

#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn multiply(
    source: &[Four],
    result: &[Four],
    sums: &mut [Four],
    source_height: u32,
    source_width: u32,
    source_blocks: u32,
    result_height: u32,
    result_width: u32,
    result_blocks: u32,
    top: u32,
    left: u32,
    tiles_down: u32,
    tiles_across: u32,
    tiles: u32,
    chunks: u32,
    #[comptime] plan: Plan,
) {
    let (taps, side) = comptime![(plan.taps, plan.side)];
    let patch_side = comptime![(plan.side - 1) * plan.stride + plan.taps];
    let units = comptime![plan.units()];
    let rows = comptime![plan.side / plan.parts];

    let unit = UNIT_POS as usize;
    let fixed = unit % BLOCKS;
    let moving = unit / BLOCKS % BLOCKS;
    let tap_column = unit / comptime![BLOCKS * BLOCKS] % taps;
    let part = unit / comptime![BLOCKS * BLOCKS * plan.taps];
    let first_fixed = CUBE_POS_X * BLOCKS as u32;
    let first_moving = CUBE_POS_Y * BLOCKS as u32;

    let mut patch = Shared::<[Four]>::new_slice(comptime![patch_side * patch_side * BLOCKS]);
    let mut tile = Shared::<[Four]>::new_slice(comptime![side * side * BLOCKS]);
    let mut sum = Array::<Four>::new(comptime![plan.taps * 4]);
    #[unroll]
    for i in 0..comptime![plan.taps * 4] {
        sum[i] = Four::new(0.0);
    }

    let mut at = CUBE_POS_Z;
    while at < tiles {
        let image = at / (tiles_down * tiles_across);
        let row = at / tiles_across % tiles_down * side as u32;
        let column = at % tiles_across * side as u32;
        let mut i = unit;
        while i < comptime![patch_side * patch_side * BLOCKS] {
            let pixel = i / BLOCKS;
            let block = first_moving + (i % BLOCKS) as u32;
            let y = (row * plan.stride as u32) as i32 - top as i32 + (pixel / patch_side) as i32;
            let x = (column * plan.stride as u32) as i32 - left as i32 + (pixel % patch_side) as i32;
            patch[i] = pixel_of(source, image, y, x, block, source_height, source_width, source_blocks);
            i += units;
        }
        let mut i = unit;
        while i < comptime![side * side * BLOCKS] {
            let pixel = i / BLOCKS;
            let block = first_fixed + (i % BLOCKS) as u32;
            let y = row as i32 + (pixel / side) as i32;
            let x = column as i32 + (pixel % side) as i32;
            tile[i] = pixel_of(result, image, y, x, block, result_height, result_width, result_blocks);
            i += units;
        }
        sync_cube();

        for x in 0..side {
            let lines_count = comptime![(side / plan.parts - 1) * plan.stride + plan.taps];
            let mut lines = Array::<Four>::new(lines_count);
            let corner = part * rows * plan.stride * patch_side + x * plan.stride + tap_column;
            #[unroll]
            for line in 0..lines_count {
                lines[line] = patch[(corner + line * patch_side) * BLOCKS + moving];
            }
            #[unroll]
            for r in 0..rows {
                let gradient = tile[((part * rows + r) * side + x) * BLOCKS + fixed];
                #[unroll]
                for y in 0..taps {
                    #[unroll]
                    for lane in 0..4usize {
                        let value = lines[comptime![r * plan.stride + y]].extract(lane);
                        let before = sum[comptime![y * 4 + lane]];
                        sum[comptime![y * 4 + lane]] = before + Four::new(value) * gradient;
                    }
                }
            }
        }
        sync_cube();
        at += chunks;
    }

    let from = first_moving + moving as u32;
    let to = first_fixed + fixed as u32;
    if from < source_blocks && to < result_blocks {
        let part = CUBE_POS_Z * plan.parts as u32 + part as u32;
        #[unroll]
        for y in 0..taps {
            let tap = part * comptime![(taps * taps) as u32] + (comptime![y * taps] + tap_column) as u32;
            #[unroll]
            for lane in 0..4usize {
                let channel = tap * source_blocks * 4 + from * 4 + lane as u32;
                sums[(channel * result_blocks + to) as usize] = sum[comptime![y * 4 + lane]];
            }
        }
    }
}

/// From `[part][tap][source channel][result channel]`, padded, to `[result channel][source channel][tap]`.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn add_parts(
    sums: &[f32],
    to: &mut [f32],
    parts: u32,
    area: u32,
    source_channels: u32,
    result_channels: u32,
    source_pitch: u32,
    result_pitch: u32,
) {
    if ABSOLUTE_POS < to.len() {
        // Neighbours add up neighbours.
        let index = ABSOLUTE_POS as u32;
        let result = index % result_channels;
        let source = index / result_channels % source_channels;
        let tap = index / (result_channels * source_channels);
        let step = area * source_pitch * result_pitch;
        let mut at = (tap * source_pitch + source) * result_pitch + result;
        let mut sum = 0.0f32;
        for _ in 0..parts {
            sum += sums[at as usize];
            at += step;
        }
        to[((result * source_channels + source) * area + tap) as usize] = sum;
    }
}
