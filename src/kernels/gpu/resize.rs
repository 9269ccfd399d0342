//! Pooling, enlarging and cropping, and their ways back.

use cubecl::prelude::*;

use super::launch::{UNITS, cubes};
use super::maps::{Four, Gpu, Maps, pixel_of};

/// From a pixel of a result to that of its source.
#[derive(Clone, Copy, Default)]
struct Step {
    row: i32,
    column: i32,
    /// Rows and columns are halved so often.
    up: u32,
}

impl Gpu {
    /// The largest of 2 x 2 pixels.
    pub fn max_pool(&self, from: &Maps) -> Maps {
        let to = self.unwritten(from.batch, from.size().map(|n| n / 2), from.channels);
        self.halved(from, &to, true, false);
        to
    }

    /// The gradient of [`Gpu::max_pool`]'s source, of the first of equal pixels, added to what is there.
    pub fn max_pool_gradient(&self, from: &Maps, gradient: &Maps, sum: Option<Maps>) -> Maps {
        let adds = sum.is_some();
        let to = sum.unwrap_or_else(|| self.unwritten(from.batch, from.size(), from.channels));
        self.placed(&to, gradient, |gpu, sizes| {
            // SAFETY: one unit a vector of the source; windows are looked at where the result has a pixel for them.
            unsafe {
                pool_gradient::launch_unchecked(
                    &gpu.client,
                    cubes(to.values.vectors()),
                    CubeDim::new_1d(UNITS),
                    from.values.vector_argument(),
                    gradient.values.vector_argument(),
                    to.values.vector_argument(),
                    sizes[0],
                    sizes[1],
                    sizes[2],
                    sizes[3],
                    sizes[4],
                    adds,
                );
            }
        });
        to
    }

    /// Each pixel four times.
    pub fn enlarge(&self, from: &Maps) -> Maps {
        let to = self.unwritten(from.batch, from.size().map(|n| 2 * n), from.channels);
        self.copied(from, &to, Step { up: 1, ..Step::default() }, false);
        to
    }

    /// The gradient of [`Gpu::enlarge`]'s source, added to what is there.
    pub fn enlarge_gradient(&self, gradient: &Maps, sum: Option<Maps>) -> Maps {
        let adds = sum.is_some();
        let to = sum.unwrap_or_else(|| {
            self.unwritten(gradient.batch, gradient.size().map(|n| n / 2), gradient.channels)
        });
        self.halved(gradient, &to, false, adds);
        to
    }

    /// Takes so many pixels off every side.
    pub fn crop(&self, from: &Maps, margin: usize) -> Maps {
        let to = self.unwritten(from.batch, from.size().map(|n| n - 2 * margin), from.channels);
        self.copied(from, &to, Step { row: margin as i32, column: margin as i32, ..Step::default() }, false);
        to
    }

    /// The gradient of [`Gpu::crop`]'s source, of this size, added to what is there.
    pub fn crop_gradient(&self, gradient: &Maps, margin: usize, size: [usize; 2], sum: Option<Maps>) -> Maps {
        let adds = sum.is_some();
        let to = sum.unwrap_or_else(|| self.unwritten(gradient.batch, size, gradient.channels));
        let step = Step { row: -(margin as i32), column: -(margin as i32), ..Step::default() };
        self.copied(gradient, &to, step, adds);
        to
    }

    /// The largest or the sum of 2 x 2 pixels, which may be added to what is there.
    fn halved(&self, from: &Maps, to: &Maps, largest: bool, adds: bool) {
        self.placed(from, to, |gpu, sizes| {
            // SAFETY: one unit a vector of the result; its four pixels are inside the source.
            unsafe {
                two_by_two::launch_unchecked(
                    &gpu.client,
                    cubes(to.values.vectors()),
                    CubeDim::new_1d(UNITS),
                    from.values.vector_argument(),
                    to.values.vector_argument(),
                    sizes[0],
                    sizes[1],
                    sizes[2],
                    sizes[3],
                    sizes[4],
                    largest,
                    adds,
                );
            }
        });
    }

    fn copied(&self, from: &Maps, to: &Maps, step: Step, adds: bool) {
        self.placed(from, to, |gpu, sizes| {
            // SAFETY: one unit a vector of the result; the source is read where it has the pixel.
            unsafe {
                copied_pixels::launch_unchecked(
                    &gpu.client,
                    cubes(to.values.vectors()),
                    CubeDim::new_1d(UNITS),
                    from.values.vector_argument(),
                    to.values.vector_argument(),
                    sizes[0],
                    sizes[1],
                    sizes[2],
                    sizes[3],
                    sizes[4],
                    step.row,
                    step.column,
                    step.up,
                    adds,
                );
            }
        });
    }

    /// Height and width of the source, of the result, and vectors in a pixel.
    fn placed(&self, from: &Maps, to: &Maps, launch: impl FnOnce(&Self, [u32; 5])) {
        launch(self, [from.height, from.width, to.height, to.width, from.blocks()].map(|n| n as u32));
    }
}

#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn pool_gradient(
    from: &[Four],
    gradient: &[Four],
    to: &mut [Four],
    from_height: u32,
    from_width: u32,
    height: u32,
    width: u32,
    blocks: u32,
    #[comptime] adds: bool,
) {
    if ABSOLUTE_POS < to.len() {
        let index = ABSOLUTE_POS as u32;
        let (block, pixel) = (index % blocks, index / blocks);
        let image = pixel / (from_width * from_height);
        let (y, x) = (pixel / from_width % from_height, pixel % from_width);
        let mut value = Four::new(0.0);
        if comptime![adds] {
            value = to[index as usize];
        }
        if y / 2 < height && x / 2 < width {
            let of = gradient[(((image * height + y / 2) * width + x / 2) * blocks + block) as usize];
            let corner = ((image * from_height + y / 2 * 2) * from_width + x / 2 * 2) * blocks + block;
            let mine = from[index as usize];
            let place = y % 2 * 2 + x % 2;
            #[unroll]
            for lane in 0..4usize {
                let own = mine.extract(lane);
                // The first of the largest has it, row by row.
                let mut first = true;
                #[unroll]
                for other in 0..4u32 {
                    let at = corner + (other / 2 * from_width + other % 2) * blocks;
                    let value = from[at as usize].extract(lane);
                    if other < place && value >= own {
                        first = false;
                    }
                    if other > place && value > own {
                        first = false;
                    }
                }
                if first {
                    value.insert(lane, value.extract(lane) + of.extract(lane));
                }
            }
        }
        to[index as usize] = value;
    }
}

#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn two_by_two(
    from: &[Four],
    to: &mut [Four],
    from_height: u32,
    from_width: u32,
    height: u32,
    width: u32,
    blocks: u32,
    #[comptime] largest: bool,
    #[comptime] adds: bool,
) {
    if ABSOLUTE_POS < to.len() {
        let index = ABSOLUTE_POS as u32;
        let (block, pixel) = (index % blocks, index / blocks);
        let row = pixel / (width * height) * from_height + pixel / width % height * 2;
        let at = (row * from_width + pixel % width * 2) * blocks + block;
        let below = at + from_width * blocks;
        let (first, second) = (from[at as usize], from[(at + blocks) as usize]);
        let (third, fourth) = (from[below as usize], from[(below + blocks) as usize]);
        let mut value = first + second + third + fourth;
        if comptime![largest] {
            value = max(max(first, second), max(third, fourth));
        }
        if comptime![adds] {
            value += to[index as usize];
        }
        to[index as usize] = value;
    }
}

#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn copied_pixels(
    from: &[Four],
    to: &mut [Four],
    from_height: u32,
    from_width: u32,
    height: u32,
    width: u32,
    blocks: u32,
    row: i32,
    column: i32,
    up: u32,
    #[comptime] adds: bool,
) {
    if ABSOLUTE_POS < to.len() {
        let index = ABSOLUTE_POS as u32;
        let (block, pixel) = (index % blocks, index / blocks);
        let image = pixel / (width * height);
        let y = ((pixel / width % height) >> up) as i32 + row;
        let x = ((pixel % width) >> up) as i32 + column;
        let mut value = pixel_of(from, image, y, x, block, from_height, from_width, blocks);
        if comptime![adds] {
            value += to[index as usize];
        }
        to[index as usize] = value;
    }
}
