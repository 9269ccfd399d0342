//! What a normalisation takes from an image, and what it then makes of each value.

use super::image::{LEAST_DEVIATION, Normalisation};
use super::pixels::{Pixels, rows};

/// What a value scaled by percentiles can be, at most: a pixel far beyond the others must not outweigh the whole image.
const MAX_SCALED: f32 = 1e4;

/// A [`Normalisation`] of one image, from value to value.
pub(super) enum Scaling {
    /// One for all channels.
    Line {
        /// Values beyond these become these, before anything else.
        clip: Option<[f32; 2]>,
        /// Whether a quarter of everything is taken, before anything else.
        quarter: bool,
        subtract: f32,
        divide: f32,
        most: f32,
        /// In the place of what is no value.
        none: f32,
    },
    /// One for each channel.
    Standard(Vec<Standard>),
}

/// A channel's mean, its deviation, and what stands in the place of what is no value.
pub(super) struct Standard {
    mean: f64,
    deviation: f64,
    none: f32,
}

impl Scaling {
    /// Of an image each of whose channels is there `times` times.
    pub fn of(how: Normalisation, pixels: &dyn Pixels, times: usize) -> Self {
        let line = |clip, subtract, divide, none| {
            // A constant image stays constant instead of becoming infinite.
            let divide = if f32::abs(divide) > f32::MIN_POSITIVE { divide } else { 1.0 };
            Self::Line { clip, quarter: false, subtract, divide, most: f32::MAX, none }
        };
        match how {
            Normalisation::ZScore => Self::Standard(standards(pixels)),
            Normalisation::Fixed { subtract, divide } => {
                line(None, subtract, divide, Range::of(pixels, |_| {}).low)
            }
            Normalisation::Clipped { low, high, subtract, divide } => {
                let clip = [low, high];
                line(Some(clip), subtract, divide, Range::of(pixels, |line| clipped(line, clip)).low)
            }
            Normalisation::Percentile { low, high } => {
                let [mut low, mut high] = nearest_ranks(pixels, [low, high], times);
                // Where the difference is too large for a number: a quarter of everything is the same image.
                let quarter = !(high - low).is_finite();
                if quarter {
                    (low, high) = (low / 4.0, high / 4.0);
                }
                let divide = if (high - low).abs() > f32::MIN_POSITIVE { high - low } else { 1.0 };
                Self::Line { clip: None, quarter, subtract: low, divide, most: MAX_SCALED, none: low }
            }
        }
    }

    /// Scales values of a channel.
    pub fn apply(&self, channel: usize, values: &mut [f32]) {
        match self {
            Self::Line { clip, quarter, subtract, divide, most, none } => {
                if let Some(clip) = clip {
                    clipped(values, *clip);
                }
                if *quarter {
                    values.iter_mut().for_each(|v| *v /= 4.0);
                }
                for v in values {
                    let value = if v.is_finite() { *v } else { *none };
                    *v = ((value - subtract) / divide).clamp(-most, *most);
                }
            }
            Self::Standard(channels) => {
                let Some(Standard { mean, deviation, none }) = channels.get(channel) else { return };
                for v in values {
                    let value = if v.is_finite() { *v } else { *none };
                    *v = ((f64::from(value) - mean) / deviation) as f32;
                }
            }
        }
    }
}

/// Brings finite values between the limits. A `clamp` would not take limits that are the wrong way round.
fn clipped(values: &mut [f32], [low, high]: [f32; 2]) {
    values.iter_mut().filter(|v| v.is_finite()).for_each(|v| *v = v.max(low).min(high));
}

/// Smallest and largest finite values; `(0, 0)` if there is none.
#[derive(Clone, Copy)]
pub(super) struct Range {
    pub low: f32,
    pub high: f32,
}

impl Range {
    const NOTHING: Self = Self { low: f32::INFINITY, high: f32::NEG_INFINITY };

    fn with(self, values: &[f32]) -> Self {
        let finite = values.iter().copied().filter(|v| v.is_finite());
        finite.fold(self, |ends, v| Self { low: ends.low.min(v), high: ends.high.max(v) })
    }

    fn told(self) -> Self {
        if self.low <= self.high { self } else { Self { low: 0.0, high: 0.0 } }
    }

    /// Of all channels together, after a change of the values.
    pub fn of(pixels: &dyn Pixels, mut change: impl FnMut(&mut [f32])) -> Self {
        let mut found = Self::NOTHING;
        rows(pixels, |_, line| {
            change(line);
            found = found.with(line);
        });
        found.told()
    }

    /// Of values in memory.
    pub fn among(values: &[f32]) -> Self {
        Self::NOTHING.with(values).told()
    }
}

/// Of each channel.
fn standards(pixels: &dyn Pixels) -> Vec<Standard> {
    struct Sums {
        count: usize,
        sum: f64,
        squares: f64,
        range: Range,
    }
    let mut sums: Vec<Sums> = (0..pixels.channels())
        .map(|_| Sums { count: 0, sum: 0.0, squares: 0.0, range: Range::NOTHING })
        .collect();
    rows(pixels, |[channel, _], line| {
        let Some(sums) = sums.get_mut(channel) else { return };
        sums.range = sums.range.with(line);
        for v in line.iter().filter(|v| v.is_finite()) {
            sums.count += 1;
            sums.sum += f64::from(*v);
        }
    });
    let means: Vec<f64> = sums.iter().map(|s| s.sum / s.count.max(1) as f64).collect();
    rows(pixels, |[channel, _], line| {
        let (Some(sums), Some(mean)) = (sums.get_mut(channel), means.get(channel)) else { return };
        for v in line.iter().filter(|v| v.is_finite()).map(|v| f64::from(*v)) {
            sums.squares += (v - mean) * (v - mean);
        }
    });
    let standard = |(sums, mean): (&Sums, f64)| {
        let deviation = (sums.squares / sums.count.max(1) as f64).sqrt();
        Standard { mean, deviation: deviation.max(f64::from(LEAST_DEVIATION)), none: sums.range.told().low }
    };
    sums.iter().zip(means).map(standard).collect()
}

/// The finite values at these percentiles (0..=100) by nearest rank; 0 if there is none. Found by counting the upper and then the lower
/// halves of their bits, so that no copy of the image is sorted.
fn nearest_ranks(pixels: &dyn Pixels, percents: [f32; 2], times: usize) -> [f32; 2] {
    let mut upper = vec![0usize; HALF];
    rows(pixels, |_, line| count(&mut upper, line, |key| Some(key >> 16)));
    let total: usize = upper.iter().sum();
    if total == 0 {
        return [0.0; 2];
    }
    percents.map(|percent| {
        let last = total.saturating_mul(times.max(1)) - 1;
        let rank = ((percent.clamp(0.0, 100.0) as f64 / 100.0) * last as f64).round() as usize;
        let (high, rest) = place(&upper, rank / times.max(1));
        let mut lower = vec![0usize; HALF];
        rows(pixels, |_, line| count(&mut lower, line, |key| (key >> 16 == high).then_some(key & 0xFFFF)));
        let (low, _) = place(&lower, rest);
        value_of((high << 16) | low)
    })
}

/// Values of 16 bits.
const HALF: usize = 1 << 16;

fn count(counts: &mut [usize], values: &[f32], part: impl Fn(u32) -> Option<u32>) {
    for v in values.iter().filter(|v| v.is_finite()) {
        if let Some(count) = part(key_of(*v)).and_then(|part| counts.get_mut(part as usize)) {
            *count += 1;
        }
    }
}

/// Which of the counted the one of this rank is, and its rank among its like.
fn place(counts: &[usize], rank: usize) -> (u32, usize) {
    let mut rest = rank;
    for (part, count) in (0..).zip(counts) {
        if rest < *count {
            return (part, rest);
        }
        rest -= count;
    }
    (0, 0)
}

/// Numbers in the order of `f32::total_cmp`.
fn key_of(value: f32) -> u32 {
    let bits = value.to_bits();
    if bits >> 31 == 0 { bits | (1 << 31) } else { !bits }
}

fn value_of(key: u32) -> f32 {
    f32::from_bits(if key >> 31 == 1 { key & !(1 << 31) } else { !key })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Image;
    use super::*;

    #[test]
    fn keys_are_in_the_order_of_the_values() {
        let values = [f32::MIN, -1.5, -1e-40, -0.0, 0.0, 1e-40, 1.0, 2.0, f32::MAX];
        assert!(values.is_sorted_by(|a, b| key_of(*a) < key_of(*b)));
        assert!(values.iter().all(|v| value_of(key_of(*v)).to_bits() == v.to_bits()));
    }

    proptest! {
        #[test]
        fn percentiles_are_those_of_sorted_values(
            values in prop::collection::vec(prop_oneof![any::<f32>(), (0u8..9).prop_map(f32::from)], 1..300),
            percent in 0.0f32..100.0,
            times in prop_oneof![Just(1usize), Just(3)],
        ) {
            let mut sorted: Vec<f32> = values.iter().copied().filter(|v| v.is_finite()).collect::<Vec<_>>().repeat(times);
            sorted.sort_unstable_by(f32::total_cmp);
            let rank = (percent as f64 / 100.0 * sorted.len().saturating_sub(1) as f64).round() as usize;
            let image = Image::new(values.len(), 1, 1, values).unwrap();
            let expected = sorted.get(rank).copied().unwrap_or(0.0);
            prop_assert_eq!(nearest_ranks(&image, [percent, 50.0], times)[0].to_bits(), expected.to_bits());
        }
    }
}
