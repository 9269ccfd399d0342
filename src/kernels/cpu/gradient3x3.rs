//! The gradient of the weights of a 3x3 convolution, over the same tiles as the convolution.

use std::ops::Range;

use super::buffer::Buffer;
use super::conv3x3::{SKEW, Tiling, gather};
use super::lanes::Lanes;
use super::maps::Maps;
use super::parallel::{Shared, threads};
use super::processor::{Job, Processor};
use super::tile::outer;
use super::weights3x3::PANEL;
use super::winograd::{OUT, POINTS, gradient_of_weights, transform_gradient};

/// Adds the gradient of the weights, `[output][input][3][3]`, to `gradient`: `sources` as in [`super::convolve`], `results` the gradient of
/// what that gave.
#[inline(never)]
pub fn weight_gradient(
    processor: Processor,
    sources: &[&Maps],
    results: &Maps,
    padding: usize,
    gradient: &mut [f32],
) {
    let first = sources[0];
    let tiling = Tiling::new(first.batch, first.size(), padding);
    assert!(sources.iter().all(|s| s.batch == first.batch && s.size() == first.size()));
    assert_eq!((results.batch, results.size()), (tiling.batch, tiling.output));
    let (deep, wide): (usize, usize) = (sources.iter().map(|s| s.pitch()).sum(), results.pitch());
    let inputs: usize = sources.iter().map(|s| s.channels).sum();
    assert_eq!(gradient.len(), results.channels * inputs * 9);
    // Rows beyond the last input are added up too.
    let rows = deep.next_multiple_of(processor.rows());
    // Not by the number of threads: it says in which order sums are added up.
    let block = tiling.fitting(deep + wide).clamp(8, tiling.count().max(8));
    let strides = [block * deep + SKEW, block * wide + SKEW];
    let mut v = Buffer::reused(POINTS * strides[0] + processor.rows());
    let mut y = Buffer::reused(POINTS * strides[1]);
    let mut sums = Buffer::zeros(POINTS * rows * wide);
    let mut job = Gradient {
        tiling,
        tiles: 0..0,
        share: block.div_ceil(threads()),
        sources,
        results,
        zeros: Buffer::zeros(deep.max(wide)),
        sizes: [deep, wide, rows],
        strides,
        v: Shared(v.as_mut_ptr()),
        y: Shared(y.as_mut_ptr()),
        sums: Shared(sums.as_mut_ptr()),
    };
    while job.tiles.end < tiling.count() {
        job.tiles = job.tiles.end..(job.tiles.end + block).min(tiling.count());
        processor.run(&job, job.tiles.len().div_ceil(job.share));
        processor.run(&Products(&job), POINTS);
    }
    v.give_back();
    y.give_back();
    let lines: Vec<usize> = sources
        .iter()
        .scan(0, |before, source| {
            let first = *before;
            *before += source.pitch();
            Some(first..first + source.channels)
        })
        .flatten()
        .collect();
    let back = Back {
        sums: &sums,
        lines: &lines,
        rows,
        wide,
        outputs: results.channels,
        to: Shared(gradient.as_mut_ptr()),
    };
    processor.run(&back, lines.len());
}

/// Takes the sums of all points back to the kernels of one input in each part.
struct Back<'a> {
    sums: &'a [f32],
    /// The row of each input.
    lines: &'a [usize],
    rows: usize,
    wide: usize,
    outputs: usize,
    to: Shared,
}

impl Job for Back<'_> {
    #[inline(always)]
    unsafe fn part<L: Lanes, const M: usize>(&self, input: usize) {
        let Self { sums, lines, rows, wide, outputs, to } = *self;
        for first in (0..outputs).step_by(L::N) {
            // SAFETY: rows and columns lie within the sums, a vector has at most 16 floats, and each part adds to the kernels
            // of its own input.
            unsafe {
                let mut u = [L::splat(0.0); POINTS];
                for (point, u) in u.iter_mut().enumerate() {
                    *u = L::load(sums.as_ptr().add((point * rows + lines[input]) * wide + first));
                }
                let mut kernels = [[0.0f32; 16]; 9];
                for (vector, kernels) in gradient_of_weights(u).into_iter().zip(&mut kernels) {
                    vector.store(kernels.as_mut_ptr());
                }
                for lane in 0..L::N.min(outputs - first) {
                    let to = to.pointer().add(((first + lane) * lines.len() + input) * 9);
                    for (i, kernels) in kernels.iter().enumerate() {
                        *to.add(i) += kernels[lane];
                    }
                }
            }
        }
    }
}

/// Transforms what was read and the gradients of what was written, a share of the tiles in each part.
struct Gradient<'a> {
    tiling: Tiling,
    tiles: Range<usize>,
    share: usize,
    sources: &'a [&'a Maps],
    results: &'a Maps,
    zeros: Buffer,
    /// Floats of a pixel that was read, of one that was written, and rows of the sums of a point.
    sizes: [usize; 3],
    strides: [usize; 2],
    v: Shared,
    y: Shared,
    sums: Shared,
}

impl Job for Gradient<'_> {
    #[inline(always)]
    unsafe fn part<L: Lanes, const M: usize>(&self, part: usize) {
        let [deep, wide, _] = self.sizes;
        let skip = part * self.share;
        let first = self.tiles.start + skip;
        let tiles = first..(first + self.share).min(self.tiles.end);
        // SAFETY: each part writes to tiles of its own, for which there is room.
        unsafe {
            let v = self.v.pointer().add(skip * deep);
            gather::<L>(&self.tiling, tiles.clone(), self.sources, &self.zeros, v, self.strides[0]);
            for (i, tile) in tiles.enumerate() {
                let pixels = Tiling::pixels::<OUT, { OUT * OUT }>(
                    self.tiling.place(tile),
                    0,
                    self.tiling.output,
                    self.results.data().as_ptr(),
                    wide,
                    self.zeros.as_ptr(),
                );
                transform_gradient::<L>(
                    &pixels,
                    wide,
                    self.y.pointer().add((skip + i) * wide),
                    self.strides[1],
                );
            }
        }
    }
}

/// Adds up the products of what was transformed, a point in each part.
struct Products<'a>(&'a Gradient<'a>);

impl Job for Products<'_> {
    #[inline(always)]
    unsafe fn part<L: Lanes, const M: usize>(&self, point: usize) {
        let Gradient { sizes: [deep, wide, rows], ref tiles, strides, v, y, sums, .. } = *self.0;
        // SAFETY: each point has sums of its own; rows beyond the last are within the scratch and its end.
        unsafe {
            let a = v.pointer().add(point * strides[0]).cast_const();
            let b = y.pointer().add(point * strides[1]).cast_const();
            let to = sums.pointer().add(point * rows * wide);
            for row in (0..rows).step_by(M) {
                let lines = std::array::from_fn(|i| a.add(row + i));
                let mut column = 0;
                while column < wide {
                    let to = to.add(row * wide + column);
                    if wide - column >= PANEL * L::N {
                        outer::<L, M, PANEL>(lines, deep, b.add(column), wide, tiles.len(), to, wide);
                        column += PANEL * L::N;
                    } else {
                        outer::<L, M, 1>(lines, deep, b.add(column), wide, tiles.len(), to, wide);
                        column += L::N;
                    }
                }
            }
        }
    }
}
