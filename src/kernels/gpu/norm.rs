//! Batch normalisation, its activation, and the way back through both.

use burn::tensor::Tensor;
use cubecl::prelude::*;

use super::launch::{Buffer, UNITS, cubes};
use super::maps::{Four, Gpu, Maps, activated};

/// Units that share the pixels of a sum, for all channels together.
const SHARING: usize = 8192;

/// What batch normalisation did, by channel.
pub struct Normed {
    /// Mean, one over the deviation, `gamma` over the deviation, and the shift: padded, one after the other.
    factors: Buffer,
    /// Whether mean and deviation are the running ones.
    fixed: bool,
}

/// Sums over pixels that are still in parts: `[part][channel]`.
struct Parts {
    values: Buffer,
    count: usize,
}

impl Gpu {
    /// Batch normalisation, and an activation that multiplies what is below 0 with `slope`. `fixed`: the running mean and variance,
    /// instead of those of the maps. Gives the maps, what [`Gpu::batch_norm_gradient`] needs, and the mean and (biased) variance. Nothing if
    /// a tensor lies elsewhere.
    pub fn batch_norm(
        &self,
        from: &Maps,
        [gamma, beta]: [Tensor<1>; 2],
        epsilon: f64,
        fixed: Option<[Tensor<1>; 2]>,
        slope: Option<f32>,
    ) -> Option<(Maps, Normed, [Tensor<1>; 2])> {
        let (count, is_fixed) = (1.0 / from.pixels() as f32, fixed.is_some());
        let [mean, variance] = match fixed {
            Some([mean, variance]) => [self.by_channel(mean)?, self.by_channel(variance)?],
            None => {
                let parts = self.column_sums(from, None);
                let mean = self.sum_of(&parts, from, count);
                let parts = self.column_sums(from, Some(&mean));
                let variance = self.sum_of(&parts, from, count);
                [mean, variance]
            }
        };
        let [gamma, beta] = [self.by_channel(gamma)?, self.by_channel(beta)?];
        let factors = self.buffer(4 * mean.length);
        // SAFETY: one unit a vector of channels; all buffers are padded alike.
        unsafe {
            factors_of::launch_unchecked(
                &self.client,
                cubes(mean.vectors()),
                CubeDim::new_1d(UNITS),
                mean.vector_argument(),
                variance.vector_argument(),
                gamma.vector_argument(),
                beta.vector_argument(),
                factors.vector_argument(),
                epsilon as f32,
            );
        }
        let to = self.scaled(from, &factors, 2, slope);
        let moments = [mean, variance].map(|b| self.without_padding(b, from.channels));
        Some((to, Normed { factors, fixed: is_fixed }, moments))
    }

    /// `scale * x + shift`. Nothing if a tensor lies elsewhere.
    pub fn affine(&self, from: &Maps, [scale, shift]: [Tensor<1>; 2]) -> Option<Maps> {
        let factors = self.one_after_the_other(vec![scale, shift])?;
        Some(self.scaled(from, &factors, 0, None))
    }

    /// `first`: which of the factors is the scale; the shift follows it.
    fn scaled(&self, from: &Maps, factors: &Buffer, first: usize, slope: Option<f32>) -> Maps {
        let to = self.unwritten(from.batch, from.size(), from.channels);
        // SAFETY: one unit a vector; the factors hold as many vectors as a pixel, each time.
        unsafe {
            scale::launch_unchecked(
                &self.client,
                cubes(to.values.vectors()),
                CubeDim::new_1d(UNITS),
                from.values.vector_argument(),
                factors.vector_argument(),
                to.values.vector_argument(),
                from.blocks() as u32,
                first as u32,
                slope.unwrap_or(1.0),
            );
        }
        to
    }

    /// Takes the gradient of an activation's result to that of what it was made from, `by` its result.
    pub fn gate(&self, gradient: &Maps, by: &Maps, slope: f32) {
        // SAFETY: one unit a vector; both have the same size.
        unsafe {
            gated::launch_unchecked(
                &self.client,
                cubes(gradient.values.vectors()),
                CubeDim::new_1d(UNITS),
                gradient.values.vector_argument(),
                by.values.vector_argument(),
                slope,
            );
        }
    }

    /// Takes the gradient of batch normalisation's result (or of the activation behind it, whose result and slope are `gate`) to that of
    /// `from`. The gradients of `gamma` and `beta`.
    pub fn batch_norm_gradient(
        &self,
        from: &Maps,
        normed: &Normed,
        gate: Option<(&Maps, f32)>,
        gradient: &Maps,
    ) -> [Tensor<1>; 2] {
        if let Some((by, slope)) = gate {
            self.gate(gradient, by, slope);
        }
        let blocks = from.blocks();
        let parts = sharing(from);
        let of_gamma = Parts { values: self.buffer(4 * parts * blocks), count: parts };
        // SAFETY: one unit a vector of the sums; it reads pixels below their count alone.
        unsafe {
            products::launch_unchecked(
                &self.client,
                cubes(parts * blocks),
                CubeDim::new_1d(UNITS),
                from.values.vector_argument(),
                gradient.values.vector_argument(),
                normed.factors.vector_argument(),
                of_gamma.values.vector_argument(),
                from.pixels() as u32,
                blocks as u32,
                parts as u32,
            );
        }
        let of_beta = self.column_sums(gradient, None);
        let [of_gamma, of_beta] = [of_gamma, of_beta].map(|parts| self.sum_of(&parts, from, 1.0));
        // SAFETY: one unit a vector; all by channel are padded alike.
        unsafe {
            back::launch_unchecked(
                &self.client,
                cubes(gradient.values.vectors()),
                CubeDim::new_1d(UNITS),
                from.values.vector_argument(),
                gradient.values.vector_argument(),
                normed.factors.vector_argument(),
                of_gamma.vector_argument(),
                of_beta.vector_argument(),
                blocks as u32,
                if normed.fixed { 0.0 } else { 1.0 / from.pixels() as f32 },
            );
        }
        [of_gamma, of_beta].map(|sum| self.without_padding(sum, from.channels))
    }

    /// The sums of each channel over all pixels.
    pub fn sums(&self, maps: &Maps) -> Tensor<1> {
        let parts = self.column_sums(maps, None);
        self.without_padding(self.sum_of(&parts, maps, 1.0), maps.channels)
    }

    /// Sums of values, or of the squares of their distance from a mean.
    fn column_sums(&self, maps: &Maps, mean: Option<&Buffer>) -> Parts {
        let parts = sharing(maps);
        let values = self.buffer(4 * parts * maps.blocks());
        // SAFETY: one unit a vector of the sums; it reads pixels below their count alone.
        unsafe {
            columns::launch_unchecked(
                &self.client,
                cubes(values.vectors()),
                CubeDim::new_1d(UNITS),
                maps.values.vector_argument(),
                // Not read without a mean.
                mean.unwrap_or(&maps.values).vector_argument(),
                values.vector_argument(),
                maps.pixels() as u32,
                maps.blocks() as u32,
                parts as u32,
                mean.is_some(),
            );
        }
        Parts { values, count: parts }
    }

    /// Values by channel as a tensor.
    fn without_padding(&self, values: Buffer, channels: usize) -> Tensor<1> {
        let length = values.length;
        let padded = self.as_tensor(values, [length]);
        if length == channels { padded } else { padded.slice(0..channels) }
    }

    /// `factor` times the sum of all parts, for each channel and the padding.
    fn sum_of(&self, parts: &Parts, of: &Maps, factor: f32) -> Buffer {
        let pitch = 4 * of.blocks();
        let to = self.buffer(pitch);
        // SAFETY: one unit a channel; the parts hold each of them.
        unsafe {
            sum_parts::launch_unchecked(
                &self.client,
                cubes(to.length),
                CubeDim::new_1d(UNITS),
                parts.values.argument(),
                to.argument(),
                pitch as u32,
                parts.count as u32,
                factor,
            );
        }
        to
    }
}

/// Parts in which the pixels are added up.
fn sharing(maps: &Maps) -> usize {
    SHARING.div_ceil(maps.blocks()).min(maps.pixels().div_ceil(8)).max(1)
}

#[cube(launch_unchecked)]
fn factors_of(
    mean: &[Four],
    variance: &[Four],
    gamma: &[Four],
    beta: &[Four],
    to: &mut [Four],
    epsilon: f32,
) {
    let (block, blocks) = (ABSOLUTE_POS, mean.len());
    if block < blocks {
        let inverse = Four::new(1.0) / (variance[block] + Four::new(epsilon)).sqrt();
        let scale = gamma[block] * inverse;
        to[block] = mean[block];
        to[blocks + block] = inverse;
        to[2 * blocks + block] = scale;
        to[3 * blocks + block] = beta[block] - scale * mean[block];
    }
}

#[cube(launch_unchecked)]
fn scale(from: &[Four], factors: &[Four], to: &mut [Four], blocks: u32, first: u32, slope: f32) {
    let index = ABSOLUTE_POS;
    if index < to.len() {
        let blocks = blocks as usize;
        let at = first as usize * blocks + index % blocks;
        let value = from[index] * factors[at] + factors[at + blocks];
        to[index] = activated(value, slope);
    }
}

#[cube(launch_unchecked)]
fn gated(gradient: &mut [Four], by: &[Four], slope: f32) {
    let index = ABSOLUTE_POS;
    if index < gradient.len() {
        let (mut value, by) = (gradient[index], by[index]);
        #[unroll]
        for lane in 0..4usize {
            if by.extract(lane) <= 0.0 {
                value.insert(lane, value.extract(lane) * slope);
            }
        }
        gradient[index] = value;
    }
}

#[cube(launch_unchecked)]
fn columns(
    from: &[Four],
    mean: &[Four],
    to: &mut [Four],
    pixels: u32,
    blocks: u32,
    parts: u32,
    #[comptime] squares: bool,
) {
    let index = ABSOLUTE_POS;
    if index < to.len() {
        let (blocks, parts, pixels) = (blocks as usize, parts as usize, pixels as usize);
        let (block, mut pixel) = (index % blocks, index / blocks);
        let mut sum = Four::new(0.0);
        while pixel < pixels {
            let value = from[pixel * blocks + block];
            if squares {
                let distance = value - mean[block];
                sum += distance * distance;
            } else {
                sum += value;
            }
            pixel += parts;
        }
        to[index] = sum;
    }
}

#[cube(launch_unchecked)]
fn products(
    from: &[Four],
    gradient: &[Four],
    factors: &[Four],
    to: &mut [Four],
    pixels: u32,
    blocks: u32,
    parts: u32,
) {
    let index = ABSOLUTE_POS;
    if index < to.len() {
        let (blocks, parts, pixels) = (blocks as usize, parts as usize, pixels as usize);
        let (block, mut pixel) = (index % blocks, index / blocks);
        let (mean, inverse) = (factors[block], factors[blocks + block]);
        let mut sum = Four::new(0.0);
        while pixel < pixels {
            let at = pixel * blocks + block;
            sum += gradient[at] * (from[at] - mean) * inverse;
            pixel += parts;
        }
        to[index] = sum;
    }
}

#[cube(launch_unchecked)]
fn sum_parts(parts: &[f32], to: &mut [f32], pitch: u32, count: u32, factor: f32) {
    let index = ABSOLUTE_POS;
    if index < to.len() {
        let mut sum = 0.0f32;
        for part in 0..count {
            sum += parts[(part * pitch) as usize + index];
        }
        to[index] = sum * factor;
    }
}

/// `share`: one over the number of pixels, or 0 where mean and deviation are fixed.
#[cube(launch_unchecked)]
#[allow(clippy::too_many_arguments)]
fn back(
    from: &[Four],
    gradient: &mut [Four],
    factors: &[Four],
    of_gamma: &[Four],
    of_beta: &[Four],
    blocks: u32,
    share: f32,
) {
    let index = ABSOLUTE_POS;
    if index < gradient.len() {
        let blocks = blocks as usize;
        let block = index % blocks;
        let normalised = (from[index] - factors[block]) * factors[blocks + block];
        let common = (of_beta[block] + normalised * of_gamma[block]) * Four::new(share);
        gradient[index] = (gradient[index] - common) * factors[2 * blocks + block];
    }
}
