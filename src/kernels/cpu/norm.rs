//! Batch normalisation (Ioffe and Szegedy 2015) while learning, and sums over pixels.

use super::buffer::Buffer;
use super::finish::activated;
use super::lanes::Lanes;
use super::maps::{Maps, PITCH};
use super::parallel::Shared;
use super::processor::{Job, Processor};

/// Pixels whose sums are added up in one part. Fixed, so that sums do not depend on the number of threads.
const CHUNK: usize = 4096;

/// Sums over all pixels, by channel.
struct Sums<'a, const S: usize, F> {
    len: usize,
    pitch: usize,
    f: F,
    to: &'a Shared,
}

/// What a reduction reads, and the terms of its sums from a vector of channels at a pixel.
trait Terms<const S: usize>: Sync {
    /// # Safety
    /// The features of `L`; pixel and channel within the maps.
    unsafe fn at<L: Lanes>(&self, at: usize, c: usize) -> [L; S];
}

impl<const S: usize, F: Terms<S>> Job for Sums<'_, S, F> {
    #[inline(always)]
    unsafe fn part<L: Lanes, const M: usize>(&self, part: usize) {
        let pixels = part * CHUNK..((part + 1) * CHUNK).min(self.len);
        // SAFETY: pixels and channels stay within the maps; each part writes to sums of its own.
        unsafe {
            for c in (0..self.pitch).step_by(L::N) {
                let mut sums = [L::splat(0.0); S];
                for pixel in pixels.clone() {
                    let terms = self.f.at::<L>(pixel * self.pitch + c, c);
                    for (sum, term) in sums.iter_mut().zip(terms) {
                        *sum = sum.add(term);
                    }
                }
                for (s, sum) in sums.into_iter().enumerate() {
                    sum.store(self.to.pointer().add((part * S + s) * self.pitch + c));
                }
            }
        }
    }
}

/// The sums over so many pixels, by channel.
fn reduced<const S: usize>(
    processor: Processor,
    len: usize,
    channels: usize,
    f: impl Terms<S>,
) -> [Vec<f64>; S] {
    let pitch = channels.next_multiple_of(PITCH);
    let chunks = len.div_ceil(CHUNK);
    let mut partial = Buffer::zeros(chunks * S * pitch);
    let to = Shared(partial.as_mut_ptr());
    processor.run(&Sums::<S, _> { len, pitch, f, to: &to }, chunks);
    std::array::from_fn(|s| {
        let sum = |c| (0..chunks).map(|chunk| f64::from(partial[(chunk * S + s) * pitch + c])).sum();
        (0..channels).map(sum).collect()
    })
}

struct Plain<'a>(&'a [f32]);

impl Terms<1> for Plain<'_> {
    #[inline(always)]
    unsafe fn at<L: Lanes>(&self, at: usize, _: usize) -> [L; 1] {
        // SAFETY: as the caller promises.
        unsafe { [L::load(self.0.as_ptr().add(at))] }
    }
}

/// The sum of all pixels, by channel.
#[inline(never)]
pub fn sums(processor: Processor, maps: &Maps) -> Vec<f64> {
    let [sums] = reduced(processor, maps.pixels(), maps.channels, Plain(maps.data()));
    sums
}

/// Squares of distances from a value of each channel.
struct Squares<'a>(&'a [f32], &'a Buffer);

impl Terms<1> for Squares<'_> {
    #[inline(always)]
    unsafe fn at<L: Lanes>(&self, at: usize, c: usize) -> [L; 1] {
        // SAFETY: as the caller promises.
        unsafe {
            let off = L::load(self.0.as_ptr().add(at)).sub(L::load(self.1.as_ptr().add(c)));
            [off.mul(off)]
        }
    }
}

/// Mean and variance (of all pixels, not corrected for their number), by channel.
#[inline(never)]
pub fn moments(processor: Processor, maps: &Maps) -> [Vec<f32>; 2] {
    moments_of(processor, maps.data(), maps.pixels(), maps.channels)
}

fn moments_of(processor: Processor, data: &[f32], len: usize, channels: usize) -> [Vec<f32>; 2] {
    let n = len as f64;
    let [sums] = reduced(processor, len, channels, Plain(data));
    let mean: Vec<f32> = sums.into_iter().map(|s| (s / n) as f32).collect();
    let [squares] = reduced(processor, len, channels, Squares(data, &padded(&mean)));
    [mean, squares.into_iter().map(|s| (s / n) as f32).collect()]
}

/// Instance normalisation (Ulyanov 2016, arXiv:1607.08022): each channel of each image minus its mean, over the root of its variance plus
/// `epsilon`, times `scale` plus `shift` by channel; then an activation that multiplies what is below 0.
#[inline(never)]
pub fn instance_norm(
    processor: Processor,
    x: &Maps,
    epsilon: f64,
    [scale, shift]: [&[f32]; 2],
    slope: Option<f32>,
    to: &mut Maps,
) {
    assert_eq!((x.batch, x.size(), x.channels), (to.batch, to.size(), to.channels));
    assert_eq!((scale.len(), shift.len()), (x.channels, x.channels));
    let len = x.height * x.width;
    let floats = len * x.pitch();
    for (from, to) in x.data().chunks_exact(floats).zip(to.data_mut().chunks_exact_mut(floats)) {
        let [mean, variance] = moments_of(processor, from, len, x.channels);
        let inverse = variance.iter().map(|v| 1.0 / (f64::from(*v) + epsilon).sqrt());
        let scale: Vec<f32> = scale.iter().zip(inverse).map(|(s, i)| (f64::from(*s) * i) as f32).collect();
        let shift: Vec<f32> = shift.iter().zip(&scale).zip(&mean).map(|((b, s), m)| b - s * m).collect();
        let job = Affine {
            x: Shared(from.as_ptr().cast_mut()),
            y: None,
            a: padded(&scale),
            b: Buffer::new(),
            c: padded(&shift),
            gate: None,
            slope,
            len,
            to: Shared(to.as_mut_ptr()),
        };
        processor.run(&job, len.div_ceil(CHUNK));
    }
}

fn padded(values: &[f32]) -> Buffer {
    let mut buffer = Buffer::zeros(values.len().next_multiple_of(PITCH));
    buffer[..values.len()].copy_from_slice(values);
    buffer
}

/// A gradient on its way back through an activation that is linear on both sides of 0.
#[derive(Clone, Copy)]
pub struct Gate<'a> {
    /// What the activation gave.
    pub by: &'a Maps,
    /// Its slope below 0.
    pub slope: f32,
}

impl Gate<'_> {
    /// # Safety
    /// The features of `L`; `at` within the maps.
    #[inline(always)]
    unsafe fn through<L: Lanes>(&self, gradient: L, at: usize) -> L {
        // SAFETY: as the caller promises.
        unsafe {
            let kept = gradient.where_positive(L::load(self.by.data().as_ptr().add(at)));
            if self.slope == 0.0 { kept } else { kept.mul_add(L::splat(self.slope), gradient.sub(kept)) }
        }
    }
}

/// A linear function by channel of up to two values at a place: `x * a + y * b + c`; `x` behind a gate, the result through an
/// activation (values below 0 times the slope).
struct Affine<'a> {
    /// May be what is written: each place is read before.
    x: Shared,
    y: Option<Shared>,
    a: Buffer,
    b: Buffer,
    c: Buffer,
    gate: Option<Gate<'a>>,
    slope: Option<f32>,
    len: usize,
    to: Shared,
}

impl Job for Affine<'_> {
    #[inline(always)]
    unsafe fn part<L: Lanes, const M: usize>(&self, part: usize) {
        let pitch = self.a.len();
        // SAFETY: pixels and channels stay within the maps; each part writes to pixels of its own.
        unsafe {
            for pixel in part * CHUNK..((part + 1) * CHUNK).min(self.len) {
                for c in (0..pitch).step_by(L::N) {
                    let at = pixel * pitch + c;
                    let mut x = L::load(self.x.pointer().add(at));
                    if let Some(gate) = &self.gate {
                        x = gate.through(x, at);
                    }
                    let mut value =
                        L::load(self.c.as_ptr().add(c)).mul_add(x, L::load(self.a.as_ptr().add(c)));
                    if let Some(y) = self.y {
                        value = value.mul_add(L::load(y.pointer().add(at)), L::load(self.b.as_ptr().add(c)));
                    }
                    if let Some(slope) = self.slope {
                        value = activated(value, slope);
                    }
                    value.store(self.to.pointer().add(at));
                }
            }
        }
    }
}

/// `x * scale + shift` by channel, and an activation that multiplies what is below 0.
#[inline(never)]
pub fn affine(
    processor: Processor,
    x: &Maps,
    scale: &[f32],
    shift: &[f32],
    slope: Option<f32>,
    to: &mut Maps,
) {
    assert_eq!((x.pixels(), x.channels), (to.pixels(), to.channels));
    assert_eq!((scale.len(), shift.len()), (x.channels, x.channels));
    let len = x.pixels();
    let to = Shared(to.data_mut().as_mut_ptr());
    let (a, c) = (padded(scale), padded(shift));
    let x = Shared(x.data().as_ptr().cast_mut());
    let job = Affine { x, y: None, a, b: Buffer::new(), c, gate: None, slope, len, to };
    processor.run(&job, len.div_ceil(CHUNK));
}

/// Takes a gradient back through an activation.
#[inline(never)]
pub fn gate(processor: Processor, gradient: &mut Maps, gate: Gate) {
    assert_eq!((gate.by.pixels(), gate.by.channels), (gradient.pixels(), gradient.channels));
    let (len, channels) = (gradient.pixels(), gradient.channels);
    let to = Shared(gradient.data_mut().as_mut_ptr());
    let (a, c) = (padded(&vec![1.0; channels]), padded(&vec![0.0; channels]));
    let job = Affine { x: to, y: None, a, b: Buffer::new(), c, gate: Some(gate), slope: None, len, to };
    processor.run(&job, len.div_ceil(CHUNK));
}

/// Sums of gradients, and of gradients times what was normalised.
struct NormSums<'a> {
    gradient: &'a [f32],
    gate: Option<Gate<'a>>,
    x: &'a [f32],
    mean: &'a Buffer,
}

impl Terms<2> for NormSums<'_> {
    #[inline(always)]
    unsafe fn at<L: Lanes>(&self, at: usize, c: usize) -> [L; 2] {
        // SAFETY: as the caller promises.
        unsafe {
            let mut gradient = L::load(self.gradient.as_ptr().add(at));
            if let Some(gate) = &self.gate {
                gradient = gate.through(gradient, at);
            }
            let off = L::load(self.x.as_ptr().add(at)).sub(L::load(self.mean.as_ptr().add(c)));
            [gradient, gradient.mul(off)]
        }
    }
}

/// Batch normalisation that was done: `(x - mean) * inverse * gamma + beta`, `inverse` being one over the deviation.
#[derive(Clone, Copy)]
pub struct Normalised<'a> {
    pub x: &'a Maps,
    pub mean: &'a [f32],
    pub inverse: &'a [f32],
    pub gamma: &'a [f32],
    /// Whether mean and deviation do not follow from `x`.
    pub fixed: bool,
}

/// Gradients of gamma and beta; that of `x` takes the place of `gradient`, which is that of the result, or of what an activation made
/// of it.
#[inline(never)]
pub fn batch_norm_gradient(
    processor: Processor,
    normalised: Normalised,
    gate: Option<Gate>,
    gradient: &mut Maps,
) -> [Vec<f32>; 2] {
    let Normalised { x, mean, inverse, gamma, fixed } = normalised;
    assert_eq!((x.pixels(), x.channels), (gradient.pixels(), gradient.channels));
    assert!(gate.is_none_or(|g| (g.by.pixels(), g.by.channels) == (x.pixels(), x.channels)));
    let n = x.pixels() as f64;
    let terms = NormSums { gradient: gradient.data(), gate, x: x.data(), mean: &padded(mean) };
    let [beta, off] = reduced(processor, x.pixels(), x.channels, terms);
    let gamma_gradient: Vec<f64> = off.iter().zip(inverse).map(|(o, i)| o * f64::from(*i)).collect();
    let channels = x.channels;
    let (mut a, mut b, mut c) = (vec![0.0; channels], vec![0.0; channels], vec![0.0; channels]);
    for i in 0..channels {
        let scale = f64::from(gamma[i]) * f64::from(inverse[i]);
        a[i] = scale as f32;
        if !fixed {
            // dx = scale * (dy - mean(dy) - normalised * mean(dy * normalised))
            let slope = -scale * gamma_gradient[i] / n * f64::from(inverse[i]);
            b[i] = slope as f32;
            c[i] = (-scale * beta[i] / n - slope * f64::from(mean[i])) as f32;
        }
    }
    let len = x.pixels();
    let to = Shared(gradient.data_mut().as_mut_ptr());
    let y = Some(Shared(x.data().as_ptr().cast_mut()));
    let job = Affine { x: to, y, a: padded(&a), b: padded(&b), c: padded(&c), gate, slope: None, len, to };
    processor.run(&job, len.div_ceil(CHUNK));
    [gamma_gradient, beta].map(|v| v.into_iter().map(|v| v as f32).collect())
}
