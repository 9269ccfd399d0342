//! Joining, and all that is done to each value by itself.

use cubecl::prelude::*;

use super::launch::{Buffer, UNITS, cubes};
use super::maps::{Four, Gpu, Maps};
use super::resize::Step;

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
