//! Images at another size.

use super::image::Image;
use super::pixels::Pixels;

/// How an axis becomes one of another length: of each of its pixels, where it goes and how much of it.
struct Axis {
    /// For each new pixel its first old one and what the old ones from there on count; together 1.
    taps: Vec<(usize, Vec<f32>)>,
}

impl Axis {
    fn new(from: usize, to: usize) -> Self {
        let scale = from as f64 / to as f64;
        // An image that shrinks is smoothed as far as its new pixels reach.
        let reach = scale.max(1.0);
        let taps = (0..to).map(|i| {
            let centre = (i as f64 + 0.5) * scale;
            let first = (centre - reach + 0.5).max(0.0) as usize;
            let end = ((centre + reach + 0.5) as usize).clamp(first + 1, from.max(first + 1));
            let weight = |at: usize| (1.0 - ((at as f64 + 0.5 - centre) / reach).abs()).max(0.0);
            let sum: f64 = (first..end).map(weight).sum();
            let weights = (first..end).map(|at| (weight(at) / sum.max(f64::MIN_POSITIVE)) as f32);
            (first, weights.collect())
        });
        Self { taps: taps.collect() }
    }
}

/// The image with `width` x `height` pixels over the same area, `data[channel][row][column]`: bilinear where it grows, and where it shrinks
/// smoothed by a triangle as wide as two new pixels, as `Image.resize(..., BILINEAR)` of Pillow. Rows are read once, one at a time.
pub fn resampled(pixels: &dyn Pixels, width: usize, height: usize) -> Image {
    let (across, down) = (Axis::new(pixels.width(), width), Axis::new(pixels.height(), height));
    let channels = pixels.channels();
    let mut data = vec![0.0; channels * width * height];
    let (mut line, mut narrow) = (vec![0.0; pixels.width()], vec![0.0; width]);
    for (channel, plane) in data.chunks_exact_mut((width * height).max(1)).enumerate() {
        let mut next = 0;
        for row in 0..pixels.height() {
            pixels.read(channel, row, 0, &mut line);
            for (to, (first, weights)) in narrow.iter_mut().zip(&across.taps) {
                *to = weights.iter().zip(line.iter().skip(*first)).map(|(weight, v)| weight * v).sum();
            }
            // New rows lie in order: those that ended before this old one are done.
            while down.taps.get(next).is_some_and(|(first, weights)| first + weights.len() <= row) {
                next += 1;
            }
            let new = plane.chunks_exact_mut(width.max(1)).zip(&down.taps).skip(next);
            for (to, (first, weights)) in new.take_while(|(_, (first, _))| *first <= row) {
                if let Some(weight) = weights.get(row - first) {
                    to.iter_mut().zip(&narrow).for_each(|(to, v)| *to += weight * v);
                }
            }
        }
    }
    Image { width, height, channels, data }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image(width: usize, height: usize) -> Image {
        let data = (0..width * height).map(|i| ((i * i * 7 + i * 13) % 101) as f32).collect();
        Image::new(width, height, 1, data).unwrap()
    }

    #[test]
    fn the_same_size_is_the_same_image() {
        assert_eq!(resampled(&image(7, 5), 7, 5), image(7, 5));
    }

    #[test]
    fn what_is_constant_stays_and_a_mean_stays_where_it_is_halved() {
        let grey = Image::new(9, 4, 3, vec![0.25; 108]).unwrap();
        for (width, height) in [(3, 2), (20, 13), (1, 1)] {
            let other = resampled(&grey, width, height);
            assert!(other.data.iter().all(|v| (v - 0.25).abs() < 1e-6));
            assert_eq!(other.data.len(), 3 * width * height);
        }
    }

    #[test]
    fn values_are_those_of_pillow() {
        // Image.fromarray(np.array([(i * i * 7 + i * 13) % 101 for i in range(35)], 'f4').reshape(5, 7)).resize(SIZE, Image.BILINEAR)
        let near = |found: &Image, expected: &[f32]| {
            assert_eq!(found.data.len(), expected.len());
            found.data.iter().zip(expected).for_each(|(a, b)| assert!((a - b).abs() < 1e-3, "{a} {b}"));
        };
        near(&resampled(&image(7, 5), 3, 2), &SMALLER);
        near(&resampled(&image(7, 5), 9, 6), &LARGER);
    }

    const SMALLER: [f32; 6] = [39.9351, 44.7166, 46.3636, 43.2695, 38.8396, 37.7565];

    const LARGER: [f32; 54] = [
        0.0000, 13.3333, 35.1111, 42.2222, 1.0000, 49.2222, 49.1111, 34.3333, 27.0000, 22.5000, 34.3333,
        54.3611, 59.7222, 16.7500, 63.2222, 61.3611, 44.8333, 36.0000, 35.2500, 45.4167, 63.5000, 66.9167,
        22.0000, 66.5278, 62.7222, 44.2500, 33.7500, 34.0000, 42.5000, 58.6389, 60.1111, 13.2500, 55.8333,
        50.0833, 29.6667, 17.5000, 44.0000, 34.0000, 39.7778, 44.9167, 15.7500, 36.7500, 37.4722, 26.3333,
        12.5000, 95.0000, 33.0000, 11.7778, 32.0000, 60.0000, 20.3333, 44.5556, 65.3333, 50.0000,
    ];
}
