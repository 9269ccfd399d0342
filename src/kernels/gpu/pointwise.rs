//! Joining, and all that is done to each value by itself.

use cubecl::prelude::*;

use super::launch::{UNITS, cubes};
use super::maps::{Four, Gpu, Maps, activated};

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

    /// Adds others.
    pub fn add(&self, from: &Maps, more: &Maps) -> Maps {
        self.each(from, more, Each::Add, [0.0; 2])
    }

    /// Multiplies with others.
    pub fn multiply(&self, from: &Maps, by: &Maps) -> Maps {
        self.each(from, by, Each::Multiply, [0.0; 2])
    }

    /// An activation that multiplies what is below 0.
    pub fn linear(&self, from: &Maps, slope: f32) -> Maps {
        self.each(from, from, Each::Linear, [slope, 0.0])
    }

    /// `scale` times an exponential unit.
    pub fn exponential(&self, from: &Maps, alpha: f32, scale: f32) -> Maps {
        self.each(from, from, Each::Exponential, [alpha, scale])
    }

    /// The gradient of [`Gpu::exponential`]'s source: by its result, `above` 0 the slope, else the result plus `below`.
    pub fn exponential_gradient(&self, gradient: &Maps, result: &Maps, above: f32, below: f32) -> Maps {
        self.each(gradient, result, Each::ExponentialGradient, [above, below])
    }

    fn each(&self, from: &Maps, other: &Maps, what: Each, factors: [f32; 2]) -> Maps {
        let to = self.unwritten(from.batch, from.size(), from.channels);
        // SAFETY: one unit a vector; all have the same size.
        unsafe {
            changed::launch_unchecked(
                &self.client,
                cubes(to.values.vectors()),
                CubeDim::new_1d(UNITS),
                from.values.vector_argument(),
                other.values.vector_argument(),
                to.values.vector_argument(),
                factors[0],
                factors[1],
                what,
            );
        }
        to
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
fn changed(from: &[Four], others: &[Four], to: &mut [Four], first: f32, second: f32, #[comptime] what: Each) {
    let index = ABSOLUTE_POS;
    if index < to.len() {
        let (value, other, zero) = (from[index], others[index], Four::new(0.0));
        let mut result = value;
        match comptime![what] {
            Each::Add => result = value + other,
            Each::Multiply => result = value * other,
            Each::Linear => result = activated(value, first),
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
        to[index] = result;
    }
}
