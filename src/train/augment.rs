//! Seeded augmentation: one random warp of the plane and one random change of grey values for each patch.
//!
//! The image is sampled bilinearly, labels by nearest neighbour, both mirrored beyond the border.

use rand::{Rng, RngExt};

use super::elastic::{Elastic, normal};
use super::hairs::draw_hairs;
use super::sample::{Labels, Sample};
use super::stains::change_stains;
use crate::infer::mirror;
use crate::weights::Augmentation;

/// What a power of a grey value can be, at most: few can be raised to any power.
const STRONGEST: f32 = 1e9;

/// A square piece of a sample after augmentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch {
    /// `[channel][row][column]`.
    pub image: Vec<f32>,
    pub labels: Labels,
}

/// Where each pixel of a patch comes from.
#[derive(Clone, Debug)]
pub struct Warp {
    /// Centre in the image, pixels.
    centre: [f32; 2],
    /// Image offset of one patch pixel to the right and one down.
    right: [f32; 2],
    down: [f32; 2],
    elastic: Option<Elastic>,
    size: usize,
}

impl Warp {
    /// Draws a warp for a patch of `size` pixels from anywhere in an image of `width` x `height`.
    pub fn random(width: usize, height: usize, size: usize, how: &Augmentation, rng: &mut impl Rng) -> Self {
        let centre = [along(width, size, rng), along(height, size, rng)];
        let mut warp = Self::around(centre, size, how, rng);
        if how.shift > 0.0 {
            warp.centre[0] += how.shift * signed(rng);
            warp.centre[1] += how.shift * signed(rng);
        }
        warp
    }

    /// Draws a warp for a patch of `size` pixels whose middle (row and column `size / 2`) shows the pixel (`x`, `y`) of
    /// the image, whatever else the warp does.
    pub fn on(x: usize, y: usize, size: usize, how: &Augmentation, rng: &mut impl Rng) -> Self {
        let mut warp = Self::around([x as f32, y as f32], size, how, rng);
        let (sx, sy) = warp.source(size / 2, size / 2);
        warp.centre[0] += x as f32 - sx;
        warp.centre[1] += y as f32 - sy;
        warp
    }

    /// Draws all but the place.
    fn around(centre: [f32; 2], size: usize, how: &Augmentation, rng: &mut impl Rng) -> Self {
        let quarter = if how.flips { rng.random_range(0..4) } else { 0 };
        let mirrored = how.flips && rng.random::<bool>();
        let angle = (quarter as f32 * 90.0 + how.rotation * signed(rng)).to_radians();
        let zoom = 1.0 / factor(how.scale, rng);
        let (sin, cos) = angle.sin_cos();
        let flip = if mirrored { -1.0 } else { 1.0 };
        let elastic = (how.elastic > 0.0).then(|| Elastic::random(how.elastic, rng));
        Self {
            centre,
            right: [flip * zoom * cos, flip * zoom * sin],
            down: [-zoom * sin, zoom * cos],
            elastic,
            size,
        }
    }

    /// The image position of patch pixel (x, y), in pixels.
    fn source(&self, x: usize, y: usize) -> (f32, f32) {
        let half = (self.size as f32 - 1.0) / 2.0;
        let (mut u, mut v) = (x as f32 - half, y as f32 - half);
        if let Some(elastic) = &self.elastic {
            let span = (self.size.max(2) - 1) as f32;
            let (dx, dy) = elastic.at(x as f32 / span, y as f32 / span);
            u += dx;
            v += dy;
        }
        (
            self.centre[0] + u * self.right[0] + v * self.down[0],
            self.centre[1] + u * self.right[1] + v * self.down[1],
        )
    }

    /// Cuts the patch out of a sample.
    pub fn apply(&self, sample: &Sample) -> Patch {
        let image = &sample.image;
        let n = self.size * self.size;
        let mut out = vec![0.0; image.channels * n];
        let mut nearest = Vec::with_capacity(n);
        for y in 0..self.size {
            for x in 0..self.size {
                let (sx, sy) = self.source(x, y);
                let (x0, y0) = (sx.floor(), sy.floor());
                let (fx, fy) = (sx - x0, sy - y0);
                let xs = [mirror(x0 as isize, image.width), mirror(x0 as isize + 1, image.width)];
                let ys = [mirror(y0 as isize, image.height), mirror(y0 as isize + 1, image.height)];
                for c in 0..image.channels {
                    let p = image.plane(c);
                    let top =
                        p[ys[0] * image.width + xs[0]] * (1.0 - fx) + p[ys[0] * image.width + xs[1]] * fx;
                    let low =
                        p[ys[1] * image.width + xs[0]] * (1.0 - fx) + p[ys[1] * image.width + xs[1]] * fx;
                    out[c * n + y * self.size + x] = top * (1.0 - fy) + low * fy;
                }
                nearest.push(ys[usize::from(fy >= 0.5)] * image.width + xs[usize::from(fx >= 0.5)]);
            }
        }
        let labels = match &sample.labels {
            Labels::Classes(v) => Labels::Classes(nearest.iter().map(|i| v[*i]).collect()),
            Labels::Objects(v) => Labels::Objects(nearest.iter().map(|i| v[*i]).collect()),
        };
        Patch { image: out, labels }
    }
}

/// Changes the grey values of a patch of normalised values, `[channel][pixel]`.
pub fn change_values(
    values: &mut Vec<f32>,
    channels: usize,
    size: usize,
    how: &Augmentation,
    rng: &mut impl Rng,
) {
    if how.blur > 0.0 && rng.random::<f32>() < 0.3 {
        *values = blurred(values, channels, size, how.blur * rng.random::<f32>());
    }
    // Nothing is drawn for what is switched off, so that trainings of before come out as they did.
    if how.invert > 0.0 && rng.random::<f32>() < how.invert {
        values.iter_mut().for_each(|v| *v = 1.0 - *v);
    }
    if how.stain > 0.0 {
        change_stains(values, channels, how.stain, rng);
    }
    if how.hairs > 0.0 && rng.random::<f32>() < how.hairs {
        draw_hairs(values, channels, size, rng);
    }
    let gamma = factor(how.gamma, rng);
    let contrast = factor(how.contrast, rng);
    let shift = how.brightness * signed(rng);
    let noise = how.noise * rng.random::<f32>() * rng.random::<f32>();
    for c in 0..channels {
        // Stains and lamps differ by colour: each channel moves a little on its own.
        let own = if channels > 1 { 0.5 * how.brightness * signed(rng) } else { 0.0 };
        let tint = if channels > 1 { factor(1.0 + (how.contrast - 1.0) / 2.0, rng) } else { 1.0 };
        for v in &mut values[c * size * size..(c + 1) * size * size] {
            let bent = v.signum() * v.abs().powf(gamma).min(STRONGEST);
            *v = (bent - 0.5) * contrast * tint + 0.5 + shift + own;
            if noise > 0.0 {
                *v += noise * normal(rng);
            }
        }
    }
}

/// A Gaussian blur of `sigma` pixels, the border repeated.
fn blurred(values: &[f32], channels: usize, size: usize, sigma: f32) -> Vec<f32> {
    if sigma < 0.1 {
        return values.to_vec();
    }
    let radius = (3.0 * sigma).ceil() as isize;
    let mut kernel: Vec<f32> =
        (-radius..=radius).map(|i| (-0.5 * (i as f32 / sigma).powi(2)).exp()).collect();
    let sum: f32 = kernel.iter().sum();
    kernel.iter_mut().for_each(|k| *k /= sum);
    let last = size as isize - 1;
    let pass = |input: &[f32], along_x: bool| -> Vec<f32> {
        let mut out = vec![0.0; input.len()];
        for c in 0..channels {
            let base = c * size * size;
            for y in 0..size as isize {
                for x in 0..size as isize {
                    let mut sum = 0.0;
                    for (k, w) in kernel.iter().enumerate() {
                        let d = k as isize - radius;
                        let (sx, sy) =
                            if along_x { ((x + d).clamp(0, last), y) } else { (x, (y + d).clamp(0, last)) };
                        sum += w * input[base + sy as usize * size + sx as usize];
                    }
                    out[base + y as usize * size + x as usize] = sum;
                }
            }
        }
        out
    };
    let once = pass(values, true);
    pass(&once, false)
}

/// The centre of a patch along an axis: anywhere the patch stays inside, or the middle if it does not fit.
fn along(n: usize, size: usize, rng: &mut impl Rng) -> f32 {
    if n > size {
        (size as f32 - 1.0) / 2.0 + rng.random_range(0..=n - size) as f32
    } else {
        (n as f32 - 1.0) / 2.0
    }
}

/// Uniform in -1..1.
fn signed(rng: &mut impl Rng) -> f32 {
    2.0 * rng.random::<f32>() - 1.0
}

/// Between `1 / f` and `f`, as likely above 1 as below.
fn factor(f: f32, rng: &mut impl Rng) -> f32 {
    if f > 1.0 { (f.ln() * signed(rng)).exp() } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use rand::SeedableRng;
    use rand_xoshiro::Xoshiro256PlusPlus;

    use super::*;
    use crate::scan::Image;

    fn sample() -> Sample {
        let n = 40;
        let data: Vec<f32> = (0..n * n).map(|i| (i % n) as f32 / n as f32).collect();
        let labels = (0..n * n).map(|i| u8::from(i % n >= n / 2)).collect();
        Sample::new("ramp", "", Image::new(n, n, 1, data).unwrap(), Labels::Classes(labels)).unwrap()
    }

    #[test]
    fn without_augmentation_a_patch_as_large_as_the_image_is_the_image() {
        let sample = sample();
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(1);
        let patch = Warp::random(40, 40, 40, &Augmentation::NONE, &mut rng).apply(&sample);
        assert_eq!(patch, Patch { image: sample.image.data.clone(), labels: sample.labels.clone() });
    }

    #[test]
    fn a_warp_on_a_pixel_shows_it_in_the_middle_however_the_patch_is_turned_and_bent() {
        let sample = sample();
        let how = Augmentation { elastic: 8.0, rotation: 180.0, shift: 5.0, ..Augmentation::default() };
        for seed in 0..40 {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
            let (x, y) = (seed as usize, 39 - seed as usize);
            let size = 16 + seed as usize % 2;
            let patch = Warp::on(x, y, size, &how, &mut rng).apply(&sample);
            let middle = patch.image[size / 2 * size + size / 2];
            assert!((middle - x as f32 / 40.0).abs() < 1e-4, "{middle} for column {x}");
        }
        let mut rng = Xoshiro256PlusPlus::seed_from_u64(0);
        let plain = Warp::on(20, 20, 8, &Augmentation::NONE, &mut rng).apply(&sample);
        assert_eq!(plain.image[..8], sample.image.data[16 * 40 + 16..16 * 40 + 24]);
    }

    #[test]
    fn a_shift_moves_an_image_that_is_as_large_as_the_patch() {
        let sample = sample();
        let how = Augmentation { shift: 6.0, ..Augmentation::NONE };
        let mut moved = 0;
        for seed in 0..10 {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
            let patch = Warp::random(40, 40, 40, &how, &mut rng).apply(&sample);
            // The ramp has a slope of 1/40 for each pixel; its middle tells how far the image moved.
            let by = (patch.image[20 * 40 + 20] - 0.5) * 40.0;
            assert!(by.abs() <= 6.001, "{by}");
            moved += usize::from(by.abs() > 1.0);
        }
        assert!(moved > 4);
    }

    #[test]
    fn the_seed_fixes_everything() {
        let sample = sample();
        let how = Augmentation::default();
        let draw = |seed| {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
            let mut patch = Warp::random(40, 40, 24, &how, &mut rng).apply(&sample);
            change_values(&mut patch.image, 1, 24, &how, &mut rng);
            patch
        };
        assert_eq!(draw(5), draw(5));
        assert_ne!(draw(5), draw(6));
    }

    #[test]
    fn labels_follow_the_image() {
        // The label says where the ramp passes one half; after any warp it still must, but for the pixels at
        // the edge itself.
        let sample = sample();
        let how = Augmentation { elastic: 3.0, ..Augmentation::default() };
        for seed in 0..20 {
            let mut rng = Xoshiro256PlusPlus::seed_from_u64(seed);
            let patch = Warp::random(40, 40, 24, &how, &mut rng).apply(&sample);
            for (v, l) in patch.image.iter().zip(patch.labels.classes()) {
                if (v - 0.4875).abs() > 0.04 {
                    assert_eq!(l == 1, *v > 0.4875, "value {v}");
                }
            }
        }
    }
}
