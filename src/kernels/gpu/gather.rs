//! Convolutions, their gradients for what they read, and transposed convolutions: one kernel that gathers.
//!
//! A workgroup computes a tile of pixels for some channels. Four input channels at a time, it reads the tile's pixels with their
//! margin and the weights once into its own memory; each unit then adds up a column of pixels for some vectors of channels in registers.
//! Where the result is larger than the source (a transposed convolution, or the gradient of one with stride), its pixels are computed by
//! phase: those of one phase see the same taps.

use burn::tensor::Tensor;
use cubecl::prelude::*;

use super::launch::{Buffer, UNITS, cubes};
use super::maps::{Four, Gpu, Maps, Strided, activated, four_of, pixel_of};

/// A convolution in two dimensions: a square kernel, the same stride along both axes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Geometry {
    pub kernel: usize,
    pub stride: usize,
    /// Zeros above and to the left of what it reads.
    pub padding: [usize; 2],
}

/// Which way values go through a convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// From what it reads to its result.
    Forward,
    /// From its result to what it reads: its gradient, and what a transposed convolution is.
    Backward,
}

impl Geometry {
    /// Rows of taps of one phase of the result, and phases along an axis.
    fn taps(&self, way: Way) -> (usize, usize) {
        match way {
            Way::Forward => (self.kernel, 1),
            Way::Backward => (self.kernel.div_ceil(self.stride), self.stride),
        }
    }
}

/// How the work is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Plan {
    way: Way,
    /// Rows and columns of taps of one phase.
    taps: usize,
    /// Steps in the source for one in the result.
    stride: usize,
    /// Phases of the result along an axis.
    phases: usize,
    /// Units along the tile's width, its height, and the channels.
    columns: usize,
    rows: usize,
    groups: usize,
    /// Pixels of a unit, one below the other.
    down: usize,
    /// Vectors of channels of a unit.
    across: usize,
    bias: bool,
    activation: bool,
    behind: bool,
}

impl Plan {
    /// By shape alone: nothing is tried out on the user's machine. Eight pixels times one or two vectors of channels a unit need
    /// 0.9 or 0.7 bytes of the workgroup's memory for a multiplication, and 32 or 64 registers for sums.
    fn new(weights: &Weights, size: [usize; 2], finish: &Finish) -> Self {
        let stride = weights.geometry.stride;
        let (way, blocks) = (weights.way, weights.outputs.div_ceil(4));
        let (taps, phases) = weights.geometry.taps(way);
        let steps = if way == Way::Forward { stride } else { 1 };
        let [height, width] = size.map(|n| n.div_ceil(phases));
        let columns = if width > 8 { 16 } else { 8 };
        // A source with stride has a margin twice as large.
        let rows = if height > 8 && steps == 1 { 2 } else { 1 };
        let down = if height > 4 { 8 } else { 4 };
        let (groups, across) = match blocks {
            1 => (1, 1),
            2 | 3 => (2, 1),
            4..8 => (4, 1),
            _ => (4, 2),
        };
        Self {
            way,
            taps,
            stride: steps,
            phases,
            columns,
            rows,
            groups,
            down: if steps == 1 { down } else { 4 },
            across,
            bias: finish.values.is_some(),
            activation: finish.slope.is_some(),
            behind: finish.behind,
        }
    }
}

/// Weights in the order in which the kernel reads them.
#[derive(Clone)]
pub struct Weights {
    values: Buffer,
    geometry: Geometry,
    way: Way,
    inputs: usize,
    pub outputs: usize,
}

/// `scale * activation(x + bias) + shift`, each by channel.
#[derive(Clone, Default)]
pub struct Finish {
    /// Bias, then scale and shift if they are there; each padded to whole vectors.
    values: Option<Buffer>,
    slope: Option<f32>,
    behind: bool,
}

impl Gpu {
    /// `weight`: `[output of the convolution, its input, row, column]`. Nothing if it lies elsewhere.
    pub fn weights(&self, weight: Tensor<4>, geometry: Geometry, way: Way) -> Option<Weights> {
        let Geometry { kernel, stride, padding } = geometry;
        let [last, first, _, _] = weight.dims();
        let (inputs, outputs) = if way == Way::Forward { (first, last) } else { (last, first) };
        let from = Strided::of(weight)?;
        let [of_last, of_first, of_row, of_column] = from.strides;
        let (of_input, of_output) =
            if way == Way::Forward { (of_first, of_last) } else { (of_last, of_first) };
        let (taps, phases) = geometry.taps(way);
        let count = phases * phases * inputs.div_ceil(4) * taps * taps * 4 * outputs.div_ceil(4);
        let values = self.buffer(4 * count);
        // SAFETY: one unit a vector of the result; the weight is read at places inside its shape alone.
        unsafe {
            arrange::launch_unchecked(
                &self.client,
                cubes(count),
                CubeDim::new_1d(UNITS),
                from.values.argument(),
                values.vector_argument(),
                inputs as u32,
                outputs as u32,
                of_input,
                of_output,
                of_row,
                of_column,
                padding[0] as u32,
                padding[1] as u32,
                taps as u32,
                kernel as u32,
                stride as u32,
                way,
            );
        }
        Some(Weights { values, geometry, way, inputs, outputs })
    }

    /// `bias` by channel; `slope`: of an activation that multiplies what is below 0 (0 for ReLU); `behind`: scale and shift after
    /// it. Nothing if they lie elsewhere.
    pub fn finish(
        &self,
        bias: Tensor<1>,
        slope: Option<f32>,
        behind: Option<[Tensor<1>; 2]>,
    ) -> Option<Finish> {
        let is_behind = behind.is_some();
        let mut all = vec![bias];
        all.extend(behind.into_iter().flatten());
        Some(Finish { values: Some(self.one_after_the_other(all)?), slope, behind: is_behind })
    }

    /// Runs a convolution, one way or the other; the result has this height and width.
    ///
    /// # Panics
    /// If the maps have not the channels that the weights are for.
    pub fn convolve(&self, from: &Maps, weights: &Weights, finish: &Finish, size: [usize; 2]) -> Maps {
        let padding = weights.geometry.padding;
        assert_eq!(from.channels, weights.inputs);
        let to = self.unwritten(from.batch, size, weights.outputs);
        let factors = if finish.behind { 12 } else { 4 } * to.blocks();
        assert!(finish.values.as_ref().is_none_or(|values| values.length >= factors));
        let plan = Plan::new(weights, size, finish);
        let [tiles_down, tiles_across] = [
            to.height.div_ceil(plan.phases).div_ceil(plan.rows * plan.down),
            to.width.div_ceil(plan.phases).div_ceil(plan.columns),
        ];
        let spans = to.blocks().div_ceil(plan.groups * plan.across);
        let layers = spans * plan.phases * plan.phases * to.batch;
        // SAFETY: every access is inside the buffers: the source and the weights where the kernel has compared with their sizes, the
        // workgroup's memory by the plan, the result where a pixel and a channel of it exist.
        unsafe {
            gather::launch_unchecked(
                &self.client,
                CubeCount::Static(tiles_across as u32, tiles_down as u32, layers as u32),
                CubeDim::new_1d((plan.columns * plan.rows * plan.groups) as u32),
                from.values.vector_argument(),
                weights.values.vector_argument(),
                // Not read where there is none.
                finish.values.as_ref().unwrap_or(&weights.values).vector_argument(),
                to.values.vector_argument(),
                finish.slope.unwrap_or(1.0),
                from.height as u32,
                from.width as u32,
                from.blocks() as u32,
                to.height as u32,
                to.width as u32,
                to.blocks() as u32,
                padding[0] as u32,
                padding[1] as u32,
                plan,
            );
        }
        to
    }
}

/// Brings weights into the order `[phase][four inputs][tap][input][four outputs]`.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn arrange(
    from: &[f32],
    to: &mut [Four],
    inputs: u32,
    outputs: u32,
    of_input: u32,
    of_output: u32,
    of_row: u32,
    of_column: u32,
    top: u32,
    left: u32,
    taps: u32,
    kernel: u32,
    stride: u32,
    #[comptime] way: Way,
) {
    if ABSOLUTE_POS < to.len() {
        let index = ABSOLUTE_POS as u32;
        let blocks = outputs.div_ceil(4);
        let first = index % blocks * 4;
        let rest = index / blocks;
        let (lane, rest) = (rest % 4, rest / 4);
        let (tap, rest) = (rest % (taps * taps), rest / (taps * taps));
        let groups = inputs.div_ceil(4);
        let (input, phase) = (rest % groups * 4 + lane, rest / groups);
        let mut row = tap / taps;
        let mut column = tap % taps;
        if comptime![way == Way::Backward] {
            row = (phase / stride + top) % stride + stride * (taps - 1 - row);
            column = (phase % stride + left) % stride + stride * (taps - 1 - column);
        }
        let mut value = Four::new(0.0);
        if input < inputs && row < kernel && column < kernel {
            let start = input * of_input + row * of_row + column * of_column;
            value = four_of(from, start, of_output, first, outputs);
        }
        to[index as usize] = value;
    }
}

#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn gather(
    from: &[Four],
    weights: &[Four],
    finish: &[Four],
    to: &mut [Four],
    slope: f32,
    from_height: u32,
    from_width: u32,
    from_blocks: u32,
    to_height: u32,
    to_width: u32,
    to_blocks: u32,
    top: u32,
    left: u32,
    #[comptime] plan: Plan,
) {
    let taps = comptime![plan.taps];
    let phases = comptime![plan.phases as u32];
    let units = comptime![plan.columns * plan.rows * plan.groups];
    let patch_height = comptime![(plan.rows * plan.down - 1) * plan.stride + plan.taps];
    let patch_width = comptime![(plan.columns - 1) * plan.stride + plan.taps];
    let span = comptime![plan.groups * plan.across];
    let area = comptime![plan.taps * plan.taps];

    let unit = UNIT_POS as usize;
    let group = unit % plan.groups;
    let column = unit / plan.groups % plan.columns;
    let row = unit / (plan.groups * plan.columns);

    let spans = to_blocks.div_ceil(span as u32);
    let first = CUBE_POS_Z % spans * span as u32;
    let layer = CUBE_POS_Z / spans;
    let phase = layer % (phases * phases);
    let image = layer / (phases * phases);
    // Place of the tile among the pixels of its phase, and of its first tap in the source.
    let tile_row = CUBE_POS_Y * comptime![(plan.rows * plan.down) as u32];
    let tile_column = CUBE_POS_X * comptime![plan.columns as u32];
    let mut source_row = (tile_row * plan.stride as u32) as i32 - top as i32;
    let mut source_column = (tile_column * plan.stride as u32) as i32 - left as i32;
    if comptime![plan.way == Way::Backward] {
        source_row = tile_row as i32 + ((phase / phases + top) / phases) as i32 - (taps as i32 - 1);
        source_column = tile_column as i32 + ((phase % phases + left) / phases) as i32 - (taps as i32 - 1);
    }

    let mut patch = Shared::<[Four]>::new_slice(comptime![patch_height * patch_width]);
    let mut kernel = Shared::<[Four]>::new_slice(comptime![area * 4 * span]);
    let mut sums = Array::<Four>::new(comptime![plan.down * plan.across]);
    #[unroll]
    for i in 0..comptime![plan.down * plan.across] {
        sums[i] = Four::new(0.0);
    }

    for block in 0..from_blocks {
        let mut i = unit;
        while i < comptime![patch_height * patch_width] {
            let y = source_row + (i / patch_width) as i32;
            let x = source_column + (i % patch_width) as i32;
            patch[i] = pixel_of(from, image, y, x, block, from_height, from_width, from_blocks);
            i += units;
        }
        let rows = (phase * from_blocks + block) * comptime![(area * 4) as u32];
        let mut i = unit;
        while i < comptime![area * 4 * span] {
            let output = first + (i % span) as u32;
            let mut value = Four::new(0.0);
            if output < to_blocks {
                value = weights[((rows + (i / span) as u32) * to_blocks + output) as usize];
            }
            kernel[i] = value;
            i += units;
        }
        sync_cube();

        for x in 0..taps {
            let lines_count = comptime![(plan.down - 1) * plan.stride + plan.taps];
            let mut lines = Array::<Four>::new(lines_count);
            let corner = row * comptime![plan.down * plan.stride] * patch_width + column * plan.stride + x;
            #[unroll]
            for line in 0..lines_count {
                lines[line] = patch[corner + line * patch_width];
            }
            #[unroll]
            for y in 0..taps {
                #[unroll]
                for lane in 0..4usize {
                    #[unroll]
                    for a in 0..plan.across {
                        let at = ((comptime![y * taps] + x) * 4 + lane) * span + a * plan.groups + group;
                        let weight = kernel[at];
                        #[unroll]
                        for d in 0..plan.down {
                            let value = lines[comptime![d * plan.stride + y]].extract(lane);
                            let sum = sums[comptime![d * plan.across + a]];
                            sums[comptime![d * plan.across + a]] = sum + Four::new(value) * weight;
                        }
                    }
                }
            }
        }
        sync_cube();
    }

    let x = (tile_column + column as u32) * phases + phase % phases;
    #[unroll]
    for a in 0..plan.across {
        let output = first + (a * plan.groups + group) as u32;
        #[unroll]
        for d in 0..plan.down {
            let y = (tile_row + (row * plan.down + d) as u32) * phases + phase / phases;
            if y < to_height && x < to_width && output < to_blocks {
                let mut value = sums[comptime![d * plan.across + a]];
                if comptime![plan.bias] {
                    value += finish[output as usize];
                }
                if comptime![plan.activation] {
                    value = activated(value, slope);
                }
                if comptime![plan.behind] {
                    let scale = finish[(to_blocks + output) as usize];
                    value = value * scale + finish[(2 * to_blocks + output) as usize];
                }
                to[(((image * to_height + y) * to_width + x) * to_blocks + output) as usize] = value;
            }
        }
    }
}
