//! Strokes of a brush that is wider than what it is to show: what they label wrongly, and the background that nobody painted.

use super::flood::most_are_labelled;
use super::sample::{Labels, Sample};
use crate::objects::squared_distance;
use crate::scan::Image;
use crate::weights::Method;

/// Half the width, pixels, from which on a stroke is wide: narrower ones were painted with care.
const WIDE: f32 = 3.0;
/// Half the width that is looked at, pixels: the rim of what is larger is no wider than that of this.
const WIDEST: f32 = 32.0;
/// The part of half the width, from the edge on, that may lie beyond the structure.
const RIM: f32 = 0.8;
/// Grey values are told apart by so many bins: a prime number, so that steps of 8 or 16 bits do not fall on their borders, where
/// roundings would decide.
const BINS: usize = 31;
/// Pixels of a class from which on its grey values are known.
const KNOWN: f32 = 100.0;
/// The most that an unlabelled pixel counts as background.
const MAX_UNLABELLED: f32 = 0.1;

/// The samples as a training by this method has them: with wide strokes snapped to edges, if it asks for that. Pixels of their rim whose grey value is likelier in what was painted for another class are as if
/// nobody had labelled them.
///
/// The rim borders on what is not labelled; where two classes meet, somebody drew the border. What is likely follows from
/// histograms of each class's labels in this image, of the mean of the channels over 3 x 3 pixels.
pub(super) fn as_wanted(samples: Vec<Sample>, method: &Method) -> Vec<Sample> {
    if method.snapped { samples.into_iter().map(snap).collect() } else { samples }
}

fn snap(sample: Sample) -> Sample {
    let Labels::Classes(mut classes) = sample.labels else { return sample };
    let open: Vec<bool> = classes.iter().map(|class| *class == Labels::IGNORE).collect();
    let rim = rim(&open, sample.image.width, sample.image.height);
    if rim.iter().any(|rim| *rim) {
        let grey = grey(&sample.image);
        let likely = Likely::of(&grey, &classes);
        for (i, class) in classes.iter_mut().enumerate() {
            if rim[i] && likely.another(*class, grey[i]) {
                *class = Labels::IGNORE;
            }
        }
    }
    Sample { labels: Labels::Classes(classes), ..sample }
}

/// Which pixels lie near the edge of a wide stroke. `open`: those that are not labelled.
fn rim(open: &[bool], width: usize, height: usize) -> Vec<bool> {
    let mut depth = squared_distance(open, width, height);
    // Without an unlabelled pixel nothing has an edge.
    depth.iter_mut().for_each(|d| *d = if d.is_finite() { (d.sqrt() - 0.5).clamp(0.0, WIDEST) } else { 0.0 });
    let half = half_widths(&depth, width, height);
    depth.iter().zip(&half).map(|(d, half)| *d > 0.0 && *half >= WIDE && *d < RIM * half).collect()
}

/// Half the width of the stroke around each pixel: the largest disc within it that covers the pixel (Hildebrand and
/// Ruegsegger 1997, Journal of Microscopy 185:67). `depth`: the distance of each pixel to the edge.
fn half_widths(depth: &[f32], width: usize, height: usize) -> Vec<f32> {
    let mut half = depth.to_vec();
    let near =
        |at: usize, reach: usize, length: usize| at.saturating_sub(reach)..(at + reach + 1).min(length);
    for (i, d) in depth.iter().enumerate().filter(|(_, d)| **d >= WIDE) {
        let (x, y) = (i % width, i / width);
        let deepest = near(y, 1, height).all(|v| near(x, 1, width).all(|u| depth[v * width + u] <= *d));
        // Other discs lie within those of the deepest places, nearly.
        if !deepest {
            continue;
        }
        let reach = d.ceil() as usize;
        for v in near(y, reach, height) {
            for u in near(x, reach, width) {
                let away = (u.abs_diff(x).pow(2) + v.abs_diff(y).pow(2)) as f32;
                let there = &mut half[v * width + u];
                if away <= d * d && *there > 0.0 {
                    *there = there.max(*d);
                }
            }
        }
    }
    half
}

/// The bin of each pixel.
fn grey(image: &Image) -> Vec<usize> {
    let (width, height) = (image.width, image.height);
    let mean = |i: usize| (0..image.channels).map(|c| image.plane(c)[i]).sum::<f32>();
    let plain: Vec<f32> = (0..width * height).map(mean).collect();
    let smooth: Vec<f32> = (0..width * height)
        .map(|i| {
            let (x, y) = (i % width, i / width);
            let rows = y.saturating_sub(1)..(y + 2).min(height);
            let (mut sum, mut count) = (0.0, 0.0);
            for row in rows.map(|v| &plain[v * width..(v + 1) * width]) {
                for value in &row[x.saturating_sub(1)..(x + 2).min(width)] {
                    (sum, count) = (sum + value, count + 1.0);
                }
            }
            sum / count
        })
        .collect();
    let low = smooth.iter().copied().fold(f32::INFINITY, f32::min);
    let high = smooth.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let scale = BINS as f32 / (high - low).max(f32::MIN_POSITIVE);
    // The brightest falls into the last, what is no number into the first.
    smooth.into_iter().map(|v| (((v - low) * scale) as usize).min(BINS - 1)).collect()
}

/// How likely grey values are in each class.
struct Likely(Vec<(u8, [f32; BINS])>);

impl Likely {
    fn of(grey: &[usize], classes: &[u8]) -> Self {
        let mut counts = vec![[0.0f32; BINS]; usize::from(Labels::IGNORE)];
        for (bin, class) in grey.iter().zip(classes) {
            if let Some(counts) = counts.get_mut(usize::from(*class)) {
                counts[*bin] += 1.0;
            }
        }
        let known = (0..Labels::IGNORE).zip(counts).filter_map(|(class, counts)| {
            let all: f32 = counts.iter().sum();
            // One in each bin that nobody saw, so that nothing is impossible.
            (all >= KNOWN).then(|| (class, counts.map(|n| (n + 1.0) / (all + BINS as f32))))
        });
        Self(known.collect())
    }

    /// Whether a grey value is likelier in another class than its own.
    fn another(&self, class: u8, bin: usize) -> bool {
        let Some((_, own)) = self.0.iter().find(|(known, _)| *known == class) else { return false };
        self.0.iter().any(|(_, other)| other[bin] > own[bin])
    }
}

/// What an unlabelled pixel counts, as background, in the loss: so much that it fills up what people did not paint of the
/// background. `pixels`: labelled, of the background and of each class; `area`: pixels of the images.
///
/// People paint what they look for. Where they painted less of the background than of a class, in the mean, a network that
/// learns from strokes alone finds that class wherever nobody painted. Twice the difference is spread over what is not labelled:
/// patches are centred on labels, and see less of it.
pub(super) fn unlabelled_weight(pixels: &[u64], area: u64) -> f32 {
    let [background, classes @ ..] = pixels else { return 0.0 };
    let found = classes.iter().filter(|n| **n > 0).count();
    // Classes that exclude each other need no background; and who labels most of an image shows how much of it there is.
    if *background == 0 || found == 0 || most_are_labelled(pixels, area) {
        return 0.0;
    }
    let painted: f64 = classes.iter().map(|n| *n as f64).sum();
    let missing = (painted / found as f64 - *background as f64).max(0.0);
    let open = area as f64 - painted - *background as f64;
    ((2.0 * missing / open.max(1.0)) as f32).min(MAX_UNLABELLED)
}

#[cfg(test)]
mod tests {
    use super::*;

    const U: u8 = Labels::IGNORE;

    /// A bright line of 6 pixels in a dark image of 60 x 60, and labels of it.
    fn line(labels: impl Fn(usize, usize) -> u8) -> Sample {
        let bright = |i: usize| f32::from((27..33).contains(&(i / 60)));
        let image = Image::new(60, 60, 1, (0..3600).map(bright).collect()).unwrap();
        let labels = (0..3600).map(|i| labels(i % 60, i / 60)).collect();
        Sample::new("a", "", image, Labels::Classes(labels)).unwrap()
    }

    fn rows(sample: Sample) -> Vec<u8> {
        (0..60).map(|y| sample.labels.class(y * 60 + 30)).collect()
    }

    #[test]
    fn a_wide_stroke_over_a_thin_line_keeps_the_line() {
        let stroke = |_, y: usize| match y {
            24..36 => 1,
            50..57 => 0,
            _ => U,
        };
        let found = rows(snap(line(stroke)));
        assert!((27..33).all(|y| found[y] == 1), "{found:?}");
        assert!([24, 25, 34, 35].iter().all(|y| found[*y] == U), "{found:?}");
        assert!((50..57).all(|y| found[y] == 0), "{found:?}");
    }

    #[test]
    fn what_was_painted_with_care_stays_as_it_is() {
        let thin = |_, y: usize| match y {
            24..28 => 1,
            50..54 => 0,
            _ => U,
        };
        assert_eq!(rows(snap(line(thin))), rows(line(thin)));
        // As do a border that somebody drew, and a single class, of which nothing else is known.
        let whole = |_, y: usize| u8::from((20..40).contains(&y));
        assert_eq!(rows(snap(line(whole))), rows(line(whole)));
        let alone = |_, y: usize| if (20..40).contains(&y) { 1 } else { U };
        assert_eq!(rows(snap(line(alone))), rows(line(alone)));
    }

    #[test]
    fn no_image_is_too_strange() {
        for value in [f32::NAN, f32::INFINITY, 0.0, f32::MAX] {
            let image = Image::new(3, 40, 3, vec![value; 360]).unwrap();
            let labels = (0..120).map(|i| if i < 90 { (i % 2) as u8 } else { U }).collect();
            snap(Sample::new("a", "", image, Labels::Classes(labels)).unwrap());
        }
    }

    #[test]
    fn unlabelled_pixels_stand_in_for_the_background_that_nobody_painted() {
        assert_eq!(unlabelled_weight(&[2000, 2000], 100_000), 0.0);
        assert_eq!(unlabelled_weight(&[3000, 2000], 100_000), 0.0);
        let weight = unlabelled_weight(&[1000, 4000], 100_000);
        assert!((weight - 6000.0 / 95_000.0).abs() < 1e-6, "{weight}");
        assert_eq!(unlabelled_weight(&[2000, 2000, 2000], 100_000), 0.0);
        for (pixels, area) in [(&[0, 9][..], 100), (&[9, 0], 100), (&[], 0), (&[10, 40], 100), (&[1, 2], 3)] {
            assert_eq!(unlabelled_weight(pixels, area), 0.0);
        }
        assert_eq!(unlabelled_weight(&[1, 22], 100), MAX_UNLABELLED);
    }
}
