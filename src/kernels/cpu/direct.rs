//! Convolutions of any small kernel, added up pixel by pixel: 1x1, 2x2, transposed, and 3x3 on images of few channels.
//!
//! All of them are one loop: for each phase of the result, rows of the source at some taps times a matrix of weights.

use super::buffer::Buffer;
use super::finish::Finish;
use super::lanes::Lanes;
use super::maps::{Maps, PITCH};
use super::parallel::Shared;
use super::processor::{Job, Processor};
use super::source::{Source, source};
use super::tile::{Rows, dot, outer};

/// Vectors of outputs that are computed together.
const PANEL: usize = 2;
/// Rows of an image whose gradients are added up in one part. Fixed, so that sums do not depend on the number of threads.
const CHUNK: usize = 32;

/// How a convolution steps over its source and its result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A convolution with stride 1, padded with zeros: top, left, bottom, right.
    Same { kernel: usize, padding: [usize; 4] },
    /// A 3x3 convolution with stride 2 and a row of zeros on every side.
    Strided,
    /// A 2x2 transposed convolution with stride 2.
    Doubling,
    /// A 2x2 convolution with stride 2: the gradient of the one before.
    Halving,
}

impl Kind {
    /// Taps of a phase, and phases.
    fn taps(self) -> [usize; 2] {
        match self {
            Kind::Same { kernel, .. } => [kernel * kernel, 1],
            Kind::Strided => [9, 1],
            Kind::Doubling => [1, 4],
            Kind::Halving => [4, 1],
        }
    }

    /// Height and width of the result.
    pub fn result(self, [height, width]: [usize; 2]) -> [usize; 2] {
        match self {
            Kind::Same { kernel, padding: [top, left, bottom, right] } => {
                [height + top + bottom + 1 - kernel, width + left + right + 1 - kernel]
            }
            Kind::Strided => [height.div_ceil(2), width.div_ceil(2)],
            Kind::Doubling => [2 * height, 2 * width],
            Kind::Halving => [height / 2, width / 2],
        }
    }

    /// Zeros around the source, and the kernel's side, where these are read row by row.
    fn around(self) -> Option<([usize; 4], usize)> {
        match self {
            Kind::Same { kernel, padding } if kernel > 1 => Some((padding, kernel)),
            Kind::Strided => Some(([1; 4], 3)),
            _ => None,
        }
    }
}

/// Weights in the order in which they are read: `[phase][panel of outputs][tap][input][output of the panel]`.
pub struct WeightsDirect {
    kind: Kind,
    inputs: usize,
    pub outputs: usize,
    packed: Buffer,
}

impl WeightsDirect {
    /// `at(output, input, i)`: the weight of tap `i`, row by row; of [`Kind::Doubling`] it is the place in the 2x2 results.
    pub fn new(
        kind: Kind,
        inputs: usize,
        outputs: usize,
        lanes: usize,
        at: impl Fn(usize, usize, usize) -> f32,
    ) -> Self {
        let [taps, phases] = kind.taps();
        let wide = outputs.next_multiple_of(PITCH);
        let k = taps * inputs;
        let mut packed = Buffer::zeros(phases * k * wide);
        for output in 0..outputs {
            let panel = output / (PANEL * lanes) * (PANEL * lanes);
            let columns = (PANEL * lanes).min(wide - panel);
            for phase in 0..phases {
                for tap in 0..taps {
                    for input in 0..inputs {
                        let to =
                            phase * k * wide + panel * k + (tap * inputs + input) * columns + output - panel;
                        packed[to] = at(output, input, phase.max(tap));
                    }
                }
            }
        }
        Self { kind, inputs, outputs, packed }
    }
}

/// The convolution, finished and written to `to`.
#[inline(never)]
pub fn convolve_direct(
    processor: Processor,
    from: &Maps,
    weights: &WeightsDirect,
    finish: &Finish,
    to: &mut Maps,
) {
    let kind = weights.kind;
    assert_eq!(from.channels, weights.inputs);
    assert_eq!((to.batch, to.size(), to.channels), (from.batch, kind.result(from.size()), weights.outputs));
    finish.check(to.pitch());
    let mut space = None;
    let from_rows = source(kind.around().map(|(padding, _)| padding), from, &mut space);
    let (height, width, wide) = (to.height, to.width, to.pitch());
    let rows = to.batch * if kind == Kind::Doubling { height / 2 } else { height };
    let to = Shared(to.data_mut().as_mut_ptr());
    processor.run(&Direct { from: from_rows, weights, finish, height, width, wide, to }, rows);
}

/// A row of the source (of the result, where that is not larger) in each part.
struct Direct<'a> {
    from: Source<'a>,
    weights: &'a WeightsDirect,
    finish: &'a Finish,
    /// Of the result.
    height: usize,
    width: usize,
    wide: usize,
    to: Shared,
}

impl Job for Direct<'_> {
    #[inline(always)]
    unsafe fn part<L: Lanes, const M: usize>(&self, part: usize) {
        let Self { from, weights, height, width, wide, .. } = *self;
        let k = weights.inputs;
        let pointer = from.data.as_ptr();
        let mut taps = [Rows { from: pointer, step: from.pitch, k }; 16];
        // SAFETY: rows and columns stay within the source and the result, whose sizes were asserted; each part writes to
        // rows of its own.
        unsafe {
            match weights.kind {
                Kind::Same { .. } | Kind::Strided => {
                    let stride = if weights.kind == Kind::Strided { 2 } else { 1 };
                    let kernel = weights.kind.around().map_or(1, |(_, kernel)| kernel);
                    let (image, y) = (part / height, part % height * stride);
                    // Pixels without padding between them are one long row.
                    for (ky, tap) in taps.iter_mut().enumerate().take(kernel) {
                        let row = (image * from.height + y + ky) * from.width;
                        let step = stride * from.pitch;
                        *tap = Rows { from: pointer.add(row * from.pitch), step, k: kernel * k };
                    }
                    let to = self.to.pointer().add(part * width * wide);
                    self.line::<L, M>(&mut taps[..kernel], stride * from.pitch, 0, to, wide, width);
                }
                Kind::Doubling => {
                    taps[0].from = pointer.add(part * from.width * from.pitch);
                    for phase in 0..4 {
                        let to = ((2 * part + phase / 2) * width + phase % 2) * wide;
                        let to = self.to.pointer().add(to);
                        self.line::<L, M>(&mut taps[..1], from.pitch, phase, to, 2 * wide, width / 2);
                    }
                }
                Kind::Halving => {
                    let (image, y) = (part / height, part % height);
                    for (i, tap) in taps.iter_mut().enumerate().take(4) {
                        let row = (image * from.height + 2 * y + i / 2) * from.width + i % 2;
                        *tap = Rows { from: pointer.add(row * from.pitch), step: 2 * from.pitch, k };
                    }
                    let to = self.to.pointer().add(part * width * wide);
                    self.line::<L, M>(&mut taps[..4], 2 * from.pitch, 0, to, wide, width);
                }
            }
        }
    }
}

impl Direct<'_> {
    /// `n` pixels `step` apart from what the taps point to.
    #[inline(always)]
    unsafe fn line<L: Lanes, const M: usize>(
        &self,
        taps: &mut [Rows],
        step: usize,
        phase: usize,
        to: *mut f32,
        to_step: usize,
        n: usize,
    ) {
        let wide = self.wide;
        let k: usize = taps.iter().map(|t| t.k).sum();
        let mut at = 0;
        // SAFETY: `at` and what is computed from there stay below `n`.
        unsafe {
            while at < n {
                // The last ones are computed together with some before them once more.
                let many = n >= M;
                let start = if many { at.min(n - M) } else { at };
                let mut column = 0;
                while column < wide {
                    let b = self.weights.packed.as_ptr().add(phase * k * wide + column * k);
                    let to = to.add(start * to_step + column);
                    let mut moved = [taps[0]; 16];
                    for (moved, tap) in moved.iter_mut().zip(taps.iter()) {
                        *moved = Rows { from: tap.from.add(start * step), ..*tap };
                    }
                    let moved = &moved[..taps.len()];
                    let whole = wide - column >= PANEL * L::N;
                    match (many, whole) {
                        (true, true) => self.store(dot::<L, M, PANEL>(moved, b), to, to_step, column),
                        (true, false) => self.store(dot::<L, M, 1>(moved, b), to, to_step, column),
                        (false, true) => self.store(dot::<L, 1, PANEL>(moved, b), to, to_step, column),
                        (false, false) => self.store(dot::<L, 1, 1>(moved, b), to, to_step, column),
                    }
                    column += L::N * if whole { PANEL } else { 1 };
                }
                at = start + if many { M } else { 1 };
            }
        }
    }

    #[inline(always)]
    unsafe fn store<L: Lanes, const M: usize, const V: usize>(
        &self,
        sums: [[L; V]; M],
        to: *mut f32,
        step: usize,
        column: usize,
    ) {
        for (row, sums) in sums.into_iter().enumerate() {
            for (v, sum) in sums.into_iter().enumerate() {
                // SAFETY: the caller promises the place.
                unsafe { self.finish.apply(sum, column + v * L::N).store(to.add(row * step + v * L::N)) };
            }
        }
    }
}

/// The gradient of the weights, handed to `add(output, input, i, value)` as [`WeightsDirect::new`] asks for weights; of
/// [`Kind::Same`] and [`Kind::Doubling`].
pub fn weight_gradient_direct(
    processor: Processor,
    kind: Kind,
    from: &Maps,
    results: &Maps,
    mut add: impl FnMut(usize, usize, usize, f32),
) {
    let [taps, phases] = kind.taps();
    let (lines, wide) = (taps * from.channels, results.pitch());
    let sums = direct_sums(processor, kind, from, results);
    let rows = sums.len() / (phases * wide);
    for phase in 0..phases {
        for line in 0..lines {
            let values = &sums[(phase * rows + line) * wide..][..results.channels];
            for (output, value) in values.iter().enumerate() {
                add(output, line % from.channels, phase.max(line / from.channels), *value);
            }
        }
    }
}

/// The sums of [`weight_gradient_direct`]: `[phase][tap and input, some more][output]`.
// Not generic, and not part of its caller: this is where the time goes.
#[inline(never)]
fn direct_sums(processor: Processor, kind: Kind, from: &Maps, results: &Maps) -> Buffer {
    assert_eq!((results.batch, results.size()), (from.batch, kind.result(from.size())));
    let mut space = None;
    let source = source(kind.around().map(|(padding, _)| padding), from, &mut space);
    let [taps, phases] = kind.taps();
    let lines = taps * from.channels;
    let rows = lines.next_multiple_of(processor.rows());
    let wide = results.pitch();
    let height = results.batch * if kind == Kind::Doubling { from.height } else { results.height };
    let chunks = height.div_ceil(CHUNK);
    let one = phases * rows * wide;
    let mut sums = Buffer::zeros(chunks * one);
    let job = DirectGradient {
        from: source,
        kind,
        channels: from.channels,
        lines,
        rows,
        height,
        results,
        sums: Shared(sums.as_mut_ptr()),
    };
    processor.run(&job, chunks * phases);
    let mut total = Buffer::zeros(one);
    for chunk in sums.chunks_exact(one) {
        total.iter_mut().zip(chunk).for_each(|(total, sum)| *total += sum);
    }
    total
}

/// A chunk of rows and a phase in each part.
struct DirectGradient<'a> {
    from: Source<'a>,
    kind: Kind,
    channels: usize,
    lines: usize,
    rows: usize,
    height: usize,
    results: &'a Maps,
    sums: Shared,
}

impl Job for DirectGradient<'_> {
    #[inline(always)]
    unsafe fn part<L: Lanes, const M: usize>(&self, part: usize) {
        let Self { from, kind, channels, lines, rows, height, results, sums } = *self;
        let phases = kind.taps()[1];
        let (chunk, phase) = (part / phases, part % phases);
        let wide = results.pitch();
        let kernel = if let Kind::Same { kernel, .. } = kind { kernel } else { 1 };
        let (b, step, n) = match kind {
            Kind::Doubling => (results.data().as_ptr(), 2, results.width / 2),
            _ => (results.data().as_ptr(), 1, results.width),
        };
        // SAFETY: lines beyond the last repeat it; rows and columns stay within the maps, whose sizes were asserted; each
        // part adds to sums of its own.
        unsafe {
            for y in chunk * CHUNK..((chunk + 1) * CHUNK).min(height) {
                let (a, b) = match kind {
                    Kind::Doubling => {
                        let row = (2 * y + phase / 2) * results.width + phase % 2;
                        (y * from.width, b.add(row * wide))
                    }
                    _ => {
                        let (image, row) = (y / results.height, y % results.height);
                        ((image * from.height + row) * from.width, b.add(y * results.width * wide))
                    }
                };
                for first in (0..rows).step_by(M) {
                    let pointers: [*const f32; M] = std::array::from_fn(|i| {
                        let line = (first + i).min(lines - 1);
                        let (tap, channel) = (line / channels, line % channels);
                        let pixel = a + tap / kernel * from.width + tap % kernel;
                        from.data.as_ptr().add(pixel * from.pitch + channel)
                    });
                    let mut column = 0;
                    while column < wide {
                        let to = sums.pointer().add((part * rows + first) * wide + column);
                        let b = b.add(column);
                        if wide - column >= PANEL * L::N {
                            outer::<L, M, PANEL>(pointers, from.pitch, b, step * wide, n, to, wide);
                            column += PANEL * L::N;
                        } else {
                            outer::<L, M, 1>(pointers, from.pitch, b, step * wide, n, to, wide);
                            column += L::N;
                        }
                    }
                }
            }
        }
    }
}
