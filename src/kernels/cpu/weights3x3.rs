//! Weights of 3x3 convolutions as [`super::convolve`] reads them.

use super::buffer::Buffer;
use super::lanes::Lanes;
use super::maps::PITCH;
use super::parallel::Shared;
use super::processor::{Job, Processor};
use super::winograd::{POINTS, transform_weights};

/// Vectors of outputs that are computed together.
pub(super) const PANEL: usize = 2;

/// The weights of a 3x3 convolution, transformed and in the order in which they are read:
/// `[point][panel of outputs][input][output of the panel]`.
pub struct Weights3x3 {
    /// Channels of each source.
    pub(super) inputs: Vec<usize>,
    pub outputs: usize,
    pub(super) packed: Buffer,
    /// Floats of a point.
    pub(super) point: usize,
}

/// Which way the weights are used.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// From inputs to outputs.
    Forward,
    /// From gradients of the outputs to those of the inputs: turned by half and with the channels exchanged.
    Backward,
}

impl Weights3x3 {
    /// `weight`: `[output][input][3][3]`; `inputs`: channels of each source, one after the other. Backward, `inputs` is what the
    /// gradients are for: one convolution gives all of them.
    #[inline(never)]
    pub fn new(processor: Processor, weight: &[f32], inputs: &[usize], outputs: usize, way: Way) -> Self {
        let total: usize = inputs.iter().sum();
        assert_eq!(weight.len(), outputs * total * 9);
        let (sources, results) = match way {
            Way::Forward => (inputs.to_vec(), outputs),
            Way::Backward => (vec![outputs], total),
        };
        let (k, wide) = (sources.iter().sum::<usize>(), results.next_multiple_of(PITCH));
        let point = k * wide;
        let mut packed = Buffer::zeros(POINTS * point);
        let to = Shared(packed.as_mut_ptr());
        processor.run(&Pack { weight, total, results, k, wide, way, to }, wide / processor.lanes());
        Self { inputs: sources, outputs: results, packed, point }
    }
}

/// Transforms the kernels of a vector of results in each part, source by source: so they are read and written in rows.
struct Pack<'a> {
    weight: &'a [f32],
    /// Inputs of the convolution.
    total: usize,
    results: usize,
    k: usize,
    wide: usize,
    way: Way,
    to: Shared,
}

impl Job for Pack<'_> {
    #[inline(always)]
    unsafe fn part<L: Lanes, const M: usize>(&self, part: usize) {
        let Self { weight, total, results, k, wide, way, to } = *self;
        let first = part * L::N;
        let there = L::N.min(results.saturating_sub(first));
        let whole = PANEL * L::N;
        let panel = first / whole * whole;
        let columns = whole.min(wide - panel);
        for source in 0..k {
            let mut kernels = [[0.0f32; 16]; 9];
            for lane in 0..there {
                let result = first + lane;
                let at = match way {
                    Way::Forward => result * total + source,
                    Way::Backward => source * total + result,
                };
                let kernel = &weight[at * 9..][..9];
                for (i, kernels) in kernels.iter_mut().enumerate() {
                    kernels[lane] = kernel[if way == Way::Forward { i } else { 8 - i }];
                }
            }
            // SAFETY: a vector has at most 16 floats, and each part writes to the columns of its own results.
            unsafe {
                let mut vectors = [L::splat(0.0); 9];
                for (vector, kernels) in vectors.iter_mut().zip(&kernels) {
                    *vector = L::load(kernels.as_ptr());
                }
                let at = panel * k + source * columns + first - panel;
                for (p, value) in transform_weights(vectors).into_iter().enumerate() {
                    value.store(to.pointer().add(p * k * wide + at));
                }
            }
        }
    }
}
