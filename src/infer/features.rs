//! What a network computes on its way: the feature maps of any of its operations, to be looked at.

use super::pieces::cut;
use super::plan::TilePlan;
use crate::error::{Error, Result};
use crate::scan::{Pixels, Prepared};
use crate::weights::Model;

/// The result of one operation of the network for one tile of an image.
#[derive(Clone, Debug, PartialEq)]
pub struct FeatureMaps {
    pub channels: usize,
    /// Rows and columns of each map.
    pub height: usize,
    pub width: usize,
    /// `[channel][row][column]`.
    pub values: Vec<f32>,
    /// Where the tile starts in the image: column, row; negative where its border is mirrored.
    pub from: [isize; 2],
    /// Height and width of the tile, pixels.
    pub tile: [usize; 2],
}

/// Feature maps as small grey pictures.
#[derive(Clone, Debug, PartialEq)]
pub struct Pictures {
    /// Rows and columns of each.
    pub height: usize,
    pub width: usize,
    /// `[channel][row][column]`: `low` of the channel is black, `high` is white.
    pub planes: Vec<u8>,
    /// For each channel, the values under and over which half a percent of its pixels lie.
    pub low: Vec<f32>,
    pub high: Vec<f32>,
}

/// Part of the pixels that may be brighter than white, and darker than black: a few extremes at the border of a map
/// would leave the rest grey.
const EXTREME: f64 = 0.005;

/// The result of operation `node` of the model's graph for the middle tile of an image, planned for tiles of at most
/// `tile` pixels as for a segmentation; an image that fits into one is seen whole. The image is converted to the
/// model's channels and normalised as its card says.
///
/// `progress` is awaited with (convolutions done, convolutions to do) before the first and after each; returning
/// `false` stops the work.
///
/// # Errors
/// `net.node`; `cancelled`; `device.read` if the device fails; `image.channels`.
pub async fn feature_maps(
    model: &Model,
    pixels: impl Pixels,
    node: usize,
    tile: usize,
    mut progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<FeatureMaps> {
    let input = &model.card.input;
    let prepared = Prepared::new(&pixels, input.channels, input.normalisation)?;
    let resized = input.resized(&prepared);
    let image = resized.as_ref().map_or(prepared, |image| Prepared::already(image));
    // From pixels as the network sees them to those of the image.
    let scale = pixels.width().max(pixels.height()) as f64 / image.width().max(image.height()).max(1) as f64;
    let plan = TilePlan::of(&model.card, image.width(), image.height(), tile);
    let middle = plan.rows.len() / 2 * plan.columns.len() + plan.columns.len() / 2;
    let (rows, columns) = plan
        .tiles()
        .nth(middle)
        .ok_or_else(|| Error::invalid("image.shape", "An image without pixels has no feature maps."))?;
    let [height, width] = plan.tile;
    let mut values = vec![0.0; image.channels() * height * width];
    cut(&image, rows, columns, plan.tile, &mut values);
    let compiled = model.net.compiled_to(node)?;
    let shape = [1, image.channels(), height, width];
    let mut pass = compiled.pass_within(&values, shape, plan.frame(rows, columns, [false; 2]));
    let total = pass.left();
    loop {
        if !progress(total - pass.left(), total).await {
            return Err(Error::cancelled());
        }
        if !pass.step() {
            break;
        }
    }
    if !progress(total, total).await {
        return Err(Error::cancelled());
    }
    let (values, [height, width]) = pass.finish().await?;
    let channels = model.net.graph().nodes.get(node).map_or(0, |node| node.channels);
    Ok(FeatureMaps {
        channels,
        height,
        width,
        values,
        from: [columns.source, rows.source].map(|at| (at as f64 * scale).floor() as isize),
        tile: plan.tile.map(|side| (side as f64 * scale).ceil() as usize),
    })
}

impl FeatureMaps {
    /// Grey pictures of at most `side` pixels a side, each pixel the mean of a square of the map's; every channel has
    /// its own range of grey, since what counts is where it answers.
    pub fn pictures(&self, side: usize) -> Pictures {
        let factor = self.height.max(self.width).div_ceil(side.max(1)).max(1);
        let (height, width) = (self.height.div_ceil(factor), self.width.div_ceil(factor));
        let area = self.height * self.width;
        let mut made = Pictures { height, width, planes: Vec::new(), low: Vec::new(), high: Vec::new() };
        for plane in self.values.chunks_exact(area.max(1)).take(self.channels) {
            let small = self.reduced(plane, factor);
            let mut sorted = small.clone();
            let last = sorted.len().saturating_sub(1);
            let extreme = (last as f64 * EXTREME).round() as usize;
            let mut ranked = |at: usize| sorted.select_nth_unstable_by(at, f32::total_cmp).1.to_owned();
            let (low, high) = (ranked(extreme), ranked(last - extreme));
            let range = high - low;
            // A map that says the same everywhere is black.
            let scale = if range > f32::MIN_POSITIVE { 255.0 / range } else { 0.0 };
            made.planes.extend(small.iter().map(|v| ((v - low) * scale).clamp(0.0, 255.0).round() as u8));
            made.low.push(low);
            made.high.push(high);
        }
        made
    }

    /// Means of squares of `factor` pixels; those at the right and at the bottom may be narrower.
    fn reduced(&self, plane: &[f32], factor: usize) -> Vec<f32> {
        if factor == 1 {
            return plane.to_vec();
        }
        let (height, width) = (self.height.div_ceil(factor), self.width.div_ceil(factor));
        let mut sums = vec![(0.0f32, 0.0f32); height * width];
        for (y, row) in plane.chunks_exact(self.width).enumerate() {
            for (x, value) in row.iter().enumerate() {
                let (sum, count) = &mut sums[y / factor * width + x / factor];
                *sum += value;
                *count += 1.0;
            }
        }
        sums.into_iter().map(|(sum, count)| sum / count).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn maps(channels: usize, height: usize, width: usize, values: Vec<f32>) -> FeatureMaps {
        FeatureMaps { channels, height, width, values, from: [0, 0], tile: [height, width] }
    }

    #[test]
    fn each_channel_is_shown_from_its_darkest_to_its_brightest() {
        let pictures = maps(2, 1, 3, vec![0.0, 1.0, 2.0, -40.0, -30.0, -20.0]).pictures(64);
        assert_eq!(pictures.planes, [0, 128, 255, 0, 128, 255]);
        assert_eq!((pictures.low, pictures.high), (vec![0.0, -40.0], vec![2.0, -20.0]));
    }

    #[test]
    fn a_channel_that_says_nothing_is_black() {
        let pictures = maps(1, 2, 2, vec![3.0; 4]).pictures(64);
        assert_eq!(pictures.planes, [0; 4]);
    }

    #[test]
    fn large_maps_become_means_of_squares() {
        let values = (0..15).map(|i| i as f32).collect();
        let pictures = maps(1, 3, 5, values).pictures(3);
        assert_eq!((pictures.height, pictures.width), (2, 3));
        // Corners: the mean of 0, 1, 5 and 6, and the single pixel 14.
        assert_eq!((pictures.low[0], pictures.high[0]), (3.0, 14.0));
    }
}
