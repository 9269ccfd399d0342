//! Pooling, enlarging, cropping, joining, and all that is done to each value by itself.

use cubecl::prelude::*;

use super::launch::{Buffer, UNITS, cubes};
use super::maps::{Four, Gpu, Maps};

/// What is done to each value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Each {
    /// What is below 0 is multiplied with a factor.
    Linear,
    /// What is below 0 becomes the exponential minus 1 times a factor; all is multiplied with another one.
    Exponential,
    /// The gradient of an exponential unit, by its result: the first factor above 0, else the result plus the second one.
    ExponentialGradient,
    Add,
    Multiply,
}

impl Gpu {
    /// The largest of 2 x 2 pixels.
    pub fn max_pool(&self, from: &Maps) -> Maps {
        let to = self.unwritten(from.batch, from.size().map(|n| n / 2), from.channels);
        self.placed(from, &to, |gpu, sizes| {
            // SAFETY: one unit a vector of the result; its four pixels are inside the source.
            unsafe {
                pool::launch_unchecked(
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
                );
            }
        });
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
        self.placed(gradient, &to, |gpu, sizes| {
            // SAFETY: one unit a vector of the result; its four pixels are inside the gradient.
            unsafe {
                four_to_one::launch_unchecked(
                    &gpu.client,
                    cubes(to.values.vectors()),
                    CubeDim::new_1d(UNITS),
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

    /// Channels of all, one after the other.
    pub fn concatenate(&self, from: &[&Maps]) -> Option<Maps> {
        let first = from.first()?;
        let to = self.unwritten(first.batch, first.size(), from.iter().map(|m| m.channels).sum());
        let mut start = 0;
        for maps in from {
            // The padding of the last one is the whole's.
            let count =
                if start + maps.channels == to.channels { 4 * to.blocks() - start } else { maps.channels };
            self.channels([maps, &to], [0, start], [count, maps.channels], false);
            start += maps.channels;
        }
        Some(to)
    }

    /// Some channels of maps, from `first` on, added to what is there.
    pub fn split(&self, from: &Maps, first: usize, channels: usize, sum: Option<Maps>) -> Maps {
        let adds = sum.is_some();
        let to = sum.unwrap_or_else(|| self.unwritten(from.batch, from.size(), channels));
        let count = if adds { channels } else { 4 * to.blocks() };
        self.channels([from, &to], [first, 0], [count, channels], adds);
        to
    }

    /// Writes or adds `count` channels, from one channel of the source to one of the result: `copied` of the source, else 0.
    fn channels(
        &self,
        [from, to]: [&Maps; 2],
        [first, start]: [usize; 2],
        [count, copied]: [usize; 2],
        adds: bool,
    ) {
        // SAFETY: one unit a value; channels behind `copied` are not read, those behind `count` not written.
        unsafe {
            some_channels::launch_unchecked(
                &self.client,
                cubes(to.pixels() * count),
                CubeDim::new_1d(UNITS),
                from.values.argument(),
                to.values.argument(),
                (to.pixels() * count) as u32,
                4 * from.blocks() as u32,
                4 * to.blocks() as u32,
                first as u32,
                start as u32,
                count as u32,
                copied as u32,
                adds,
            );
        }
    }

    /// Adds to a sum.
    pub fn add(&self, sum: &Maps, more: &Maps) {
        self.each(sum, &more.values, Each::Add, [0.0; 2]);
    }

    /// Multiplies with others.
    pub fn multiply(&self, from: &Maps, by: &Maps) -> Maps {
        self.made(from, |to| self.each(to, &by.values, Each::Multiply, [0.0; 2]))
    }

    /// An activation that multiplies what is below 0.
    pub fn linear(&self, from: &Maps, slope: f32) -> Maps {
        self.made(from, |to| self.each(to, &from.values, Each::Linear, [slope, 0.0]))
    }

    /// `scale` times an exponential unit.
    pub fn exponential(&self, from: &Maps, alpha: f32, scale: f32) -> Maps {
        self.made(from, |to| self.each(to, &from.values, Each::Exponential, [alpha, scale]))
    }

    /// A copy, changed.
    fn made(&self, from: &Maps, change: impl FnOnce(&Maps)) -> Maps {
        let to = self.unwritten(from.batch, from.size(), from.channels);
        self.copied(from, &to, Step::default(), false);
        change(&to);
        to
    }

    /// The gradient of [`Gpu::exponential`]'s source: by its result, `above` 0 the slope, else the result plus `below`.
    pub fn exponential_gradient(&self, gradient: &Maps, result: &Maps, above: f32, below: f32) {
        self.each(gradient, &result.values, Each::ExponentialGradient, [above, below]);
    }

    fn each(&self, maps: &Maps, other: &Buffer, what: Each, factors: [f32; 2]) {
        // SAFETY: one unit a vector; both have the same size.
        unsafe {
            changed::launch_unchecked(
                &self.client,
                cubes(maps.values.vectors()),
                CubeDim::new_1d(UNITS),
                maps.values.vector_argument(),
                other.vector_argument(),
                factors[0],
                factors[1],
                what,
            );
        }
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

/// From a pixel of a result to that of its source.
#[derive(Clone, Copy, Default)]
struct Step {
    row: i32,
    column: i32,
    /// Rows and columns are halved so often.
    up: u32,
}

#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn pool(
    from: &[Four],
    to: &mut [Four],
    from_height: u32,
    from_width: u32,
    height: u32,
    width: u32,
    blocks: u32,
) {
    if ABSOLUTE_POS < to.len() {
        let index = ABSOLUTE_POS as u32;
        let (block, pixel) = (index % blocks, index / blocks);
        let row = pixel / (width * height) * from_height + pixel / width % height * 2;
        let at = (row * from_width + pixel % width * 2) * blocks + block;
        let below = at + from_width * blocks;
        let upper = max(from[at as usize], from[(at + blocks) as usize]);
        let lower = max(from[below as usize], from[(below + blocks) as usize]);
        to[index as usize] = max(upper, lower);
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
fn four_to_one(
    from: &[Four],
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
        let row = pixel / (width * height) * from_height + pixel / width % height * 2;
        let at = (row * from_width + pixel % width * 2) * blocks + block;
        let below = at + from_width * blocks;
        let upper = from[at as usize] + from[(at + blocks) as usize];
        let mut value = upper + from[below as usize] + from[(below + blocks) as usize];
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
        let mut value = Four::new(0.0);
        if y >= 0 && y < from_height as i32 && x >= 0 && x < from_width as i32 {
            let pixel = (image * from_height + y as u32) * from_width + x as u32;
            value = from[(pixel * blocks + block) as usize];
        }
        if comptime![adds] {
            value += to[index as usize];
        }
        to[index as usize] = value;
    }
}

#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn some_channels(
    from: &[f32],
    to: &mut [f32],
    all: u32,
    from_pitch: u32,
    to_pitch: u32,
    first: u32,
    start: u32,
    count: u32,
    copied: u32,
    #[comptime] adds: bool,
) {
    let index = ABSOLUTE_POS as u32;
    if index < all {
        let (channel, pixel) = (index % count, index / count);
        let mut value = 0.0f32;
        if channel < copied {
            value = from[(pixel * from_pitch + first + channel) as usize];
        }
        let at = (pixel * to_pitch + start + channel) as usize;
        if comptime![adds] {
            value += to[at];
        }
        to[at] = value;
    }
}

#[cube(launch_unchecked)]
fn changed(values: &mut [Four], others: &[Four], first: f32, second: f32, #[comptime] what: Each) {
    let index = ABSOLUTE_POS;
    if index < values.len() {
        let (value, other, zero) = (values[index], others[index], Four::new(0.0));
        let mut result = value;
        match comptime![what] {
            Each::Add => result = value + other,
            Each::Multiply => result = value * other,
            Each::Linear => result = max(value, zero) + min(value, zero) * Four::new(first),
            Each::Exponential => {
                // Exponentials of negative values alone: others would overflow.
                let below = (min(value, zero).exp() - Four::new(1.0)) * Four::new(first);
                result = (max(value, zero) + below) * Four::new(second);
            }
            Each::ExponentialGradient =>
            {
                #[unroll]
                for lane in 0..4usize {
                    let by = other.extract(lane);
                    let slope = select(by > 0.0, first, by + second);
                    result.insert(lane, value.extract(lane) * slope);
                }
            }
        }
        values[index] = result;
    }
}
