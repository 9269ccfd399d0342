//! 3x3 convolutions over tiles ([`super::winograd`]).

use std::cell::Cell;
use std::ops::Range;

use super::buffer::Buffer;
use super::finish::Finish;
use super::lanes::Lanes;
use super::maps::Maps;
use super::parallel::{Shared, threads};
use super::processor::{Job, Processor};
use super::tile::{Rows, dot};
use super::weights3x3::{PANEL, Weights3x3};
use super::winograd::{IN, OUT, POINTS, transform_input, transform_output};

/// Floats of transformed tiles that stay in the second cache.
const BLOCK: usize = 160 * 1024;
/// Between points, beside the tiles: addresses that lie a power of two apart would share few places of a cache.
pub(super) const SKEW: usize = 16;

/// Where the tiles of some images lie.
#[derive(Clone, Copy)]
pub(super) struct Tiling {
    pub batch: usize,
    /// Tiles down and across one image.
    tiles: [usize; 2],
    /// Pixels that are read, and those that are written.
    input: [usize; 2],
    pub output: [usize; 2],
    padding: usize,
}

impl Tiling {
    pub fn new(batch: usize, input: [usize; 2], padding: usize) -> Self {
        let output = input.map(|n| n + 2 * padding - 2);
        Self { batch, tiles: output.map(|n| n.div_ceil(OUT)), input, output, padding }
    }

    pub fn count(&self) -> usize {
        self.batch * self.tiles[0] * self.tiles[1]
    }

    /// Image, and the first row and column of the tile's result.
    pub fn place(&self, tile: usize) -> [usize; 3] {
        let [down, across] = self.tiles;
        let (image, tile) = (tile / (down * across), tile % (down * across));
        [image, tile / across * OUT, tile % across * OUT]
    }

    /// Pointers to the pixels of a tile of `S` a side from `maps`, those beyond the border to zeros. `shift`: how far above and left of the
    /// place the tile begins.
    ///
    /// # Safety
    /// `from` points to maps of `size` with this pitch, `zeros` to a pixel.
    #[inline(always)]
    pub unsafe fn pixels<const S: usize, const ALL: usize>(
        [image, row, column]: [usize; 3],
        shift: usize,
        size: [usize; 2],
        from: *const f32,
        pitch: usize,
        zeros: *const f32,
    ) -> [*const f32; ALL] {
        let [height, width] = size;
        let mut pixels = [zeros; ALL];
        for y in 0..S {
            let Some(at) = (row + y).checked_sub(shift).filter(|at| *at < height) else { continue };
            let line = (image * height + at) * width;
            for x in 0..S {
                if let Some(at) = (column + x).checked_sub(shift).filter(|at| *at < width) {
                    // SAFETY: row and column lie within the maps.
                    pixels[S * y + x] = unsafe { from.add((line + at) * pitch) };
                }
            }
        }
        pixels
    }

    /// Transformed tiles of so many floats a point that stay in the second cache.
    pub fn fitting(&self, floats: usize) -> usize {
        BLOCK / (POINTS * floats)
    }

    /// Tiles that are computed together, a multiple of the rows that the inner loop takes.
    fn block(&self, floats: usize, rows: usize) -> usize {
        let share = self.count().div_ceil(threads());
        self.fitting(floats).max(2 * rows).min(share).next_multiple_of(rows).max(rows)
    }
}

thread_local! {
    /// Transformed tiles: of what is read, and of what is written.
    static SCRATCH: Cell<(Buffer, Buffer)> = const { Cell::new((Buffer::new(), Buffer::new())) };
}

/// The convolution of the sources' channels, one after the other, finished and written to `to`.
#[inline(never)]
pub fn convolve(
    processor: Processor,
    sources: &[&Maps],
    weights: &Weights3x3,
    padding: usize,
    finish: &Finish,
    to: &mut Maps,
) {
    let first = sources[0];
    let tiling = Tiling::new(first.batch, first.size(), padding);
    assert!(sources.iter().all(|s| s.batch == first.batch && s.size() == first.size()));
    assert!(sources.iter().map(|s| s.channels).eq(weights.inputs.iter().copied()));
    assert_eq!((to.batch, to.size(), to.channels), (tiling.batch, tiling.output, weights.outputs));
    finish.check(to.pitch());
    let deep: usize = sources.iter().map(|s| s.pitch()).sum();
    let block = tiling.block(deep + to.pitch(), processor.rows());
    let zeros = Buffer::zeros(deep);
    let (wide, to) = (to.pitch(), Shared(to.data_mut().as_mut_ptr()));
    let job = Convolve { tiling, block, sources, weights, finish, zeros, deep, wide, to };
    processor.run(&job, tiling.count().div_ceil(block));
}

struct Convolve<'a> {
    tiling: Tiling,
    /// Tiles of a part.
    block: usize,
    sources: &'a [&'a Maps],
    weights: &'a Weights3x3,
    finish: &'a Finish,
    zeros: Buffer,
    /// Floats of a pixel of all sources, and of a result.
    deep: usize,
    wide: usize,
    to: Shared,
}

impl Job for Convolve<'_> {
    #[inline(always)]
    unsafe fn part<L: Lanes, const M: usize>(&self, part: usize) {
        let Self { ref tiling, block, deep, wide, .. } = *self;
        let tiles = part * block..((part + 1) * block).min(tiling.count());
        let strides = [block * deep + SKEW, block * wide + SKEW];
        let (mut input, mut output) = SCRATCH.take();
        input.grow(POINTS * strides[0]);
        output.grow(POINTS * strides[1]);
        // SAFETY: the scratch is large enough for all points, the sources and the result have the sizes that were
        // asserted, and each part writes to tiles of its own.
        unsafe {
            let (v, m) = (input.as_mut_ptr(), output.as_mut_ptr());
            gather::<L>(tiling, tiles.clone(), self.sources, &self.zeros, v, strides[0]);
            multiply::<L, M>(self.weights, tiles.len(), self.sources, [v, m], strides, wide);
            scatter::<L>(tiling, tiles, m, strides[1], wide, self.finish, self.to);
        }
        SCRATCH.set((input, output));
    }
}

/// Transforms the pixels of some tiles.
#[inline(always)]
pub(super) unsafe fn gather<L: Lanes>(
    tiling: &Tiling,
    tiles: Range<usize>,
    sources: &[&Maps],
    zeros: &[f32],
    v: *mut f32,
    stride: usize,
) {
    let deep: usize = sources.iter().map(|s| s.pitch()).sum();
    for (i, tile) in tiles.enumerate() {
        let place = tiling.place(tile);
        let mut before = 0;
        for source in sources {
            let pitch = source.pitch();
            // SAFETY: the caller promises the scratch; the rest is the size of the source.
            unsafe {
                let from = source.data().as_ptr();
                let pixels = Tiling::pixels::<IN, POINTS>(
                    place,
                    tiling.padding,
                    tiling.input,
                    from,
                    pitch,
                    zeros.as_ptr(),
                );
                transform_input::<L>(&pixels, pitch, v.add(i * deep + before), stride);
            }
            before += pitch;
        }
    }
}

/// The products of matrices, one for each point.
#[inline(always)]
unsafe fn multiply<L: Lanes, const M: usize>(
    weights: &Weights3x3,
    tiles: usize,
    sources: &[&Maps],
    [v, m]: [*mut f32; 2],
    strides: [usize; 2],
    wide: usize,
) {
    let deep: usize = sources.iter().map(|s| s.pitch()).sum();
    let k: usize = weights.inputs.iter().sum();
    let mut from = Vec::with_capacity(sources.len());
    let mut before = 0;
    for source in sources {
        from.push((before, source.channels));
        before += source.pitch();
    }
    let mut parts: Vec<Rows> = from.iter().map(|(_, k)| Rows { from: v, step: deep, k: *k }).collect();
    for point in 0..POINTS {
        let mut column = 0;
        while column < wide {
            let vectors = PANEL.min((wide - column) / L::N);
            let mut row = 0;
            while row < tiles {
                // Rows beyond the last tile are computed too; the scratch has room for them.
                // SAFETY: as the caller promises.
                unsafe {
                    let b = weights.packed.as_ptr().add(point * weights.point + column * k);
                    for (part, (before, _)) in parts.iter_mut().zip(&from) {
                        part.from = v.add(point * strides[0] + row * deep + before);
                    }
                    let to = m.add(point * strides[1] + row * wide + column);
                    if vectors == PANEL {
                        store::<L, M, PANEL>(dot::<L, M, PANEL>(&parts, b), to, wide);
                    } else {
                        store::<L, M, 1>(dot::<L, M, 1>(&parts, b), to, wide);
                    }
                }
                row += M;
            }
            column += vectors * L::N;
        }
    }
}

#[inline(always)]
unsafe fn store<L: Lanes, const M: usize, const V: usize>(sums: [[L; V]; M], to: *mut f32, step: usize) {
    for (row, sums) in sums.into_iter().enumerate() {
        for (v, sum) in sums.into_iter().enumerate() {
            // SAFETY: the caller promises `M` rows of `V` vectors.
            unsafe { sum.store(to.add(row * step + v * L::N)) };
        }
    }
}

/// Transforms the products of some tiles back, finishes and writes them.
#[inline(always)]
unsafe fn scatter<L: Lanes>(
    tiling: &Tiling,
    tiles: Range<usize>,
    m: *const f32,
    stride: usize,
    wide: usize,
    finish: &Finish,
    to: Shared,
) {
    let [height, width] = tiling.output;
    for (i, tile) in tiles.enumerate() {
        let [image, row, column] = tiling.place(tile);
        let (rows, columns) = (OUT.min(height - row), OUT.min(width - column));
        for c in (0..wide).step_by(L::N) {
            // SAFETY: the caller promises the scratch; only pixels within the result are written.
            unsafe {
                let result = transform_output::<L>(m.add(i * wide + c), stride);
                for (y, line) in result.into_iter().take(rows).enumerate() {
                    let to = to.pointer().add(((image * height + row + y) * width + column) * wide + c);
                    for (x, value) in line.into_iter().take(columns).enumerate() {
                        finish.apply(value, c).store(to.add(x * wide));
                    }
                }
            }
        }
    }
}
