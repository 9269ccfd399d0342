//! Blocks of large images, and how they stand side by side, so that validating them takes seconds and not the minutes that whole images would.

use std::collections::BTreeMap;

use super::sample::{Labels, Sample};
use crate::error::Result;
use crate::infer::mirror;
use crate::scan::Image;

/// Pixels around a block that are shown with it: what a network needs to see of the surroundings.
pub(super) const MARGIN: usize = 48;

/// One block with labels in it; `x` and `y` count blocks.
#[derive(Clone, Debug)]
pub(super) struct Block {
    pub(super) sample: usize,
    pub(super) x: usize,
    pub(super) y: usize,
    /// Labelled pixels of each class.
    pub(super) pixels: BTreeMap<u8, usize>,
}

impl Block {
    pub(super) fn labelled(&self) -> usize {
        self.pixels.values().sum()
    }
}

/// One sample of `blocks`, each with its surroundings, mirrored at the image's edges; only the blocks themselves are
/// labelled. All samples have the same channels. `None` without blocks.
pub(super) fn mosaic(samples: &[Sample], blocks: &[Block], side: usize) -> Result<Option<Sample>> {
    let Some(first) = blocks.first().and_then(|b| samples.get(b.sample)) else { return Ok(None) };
    let cell = side + 2 * MARGIN;
    let columns = (blocks.len() as f64).sqrt().ceil() as usize;
    let (width, height) = (columns * cell, blocks.len().div_ceil(columns) * cell);
    let channels = first.image.channels;
    let mut data = vec![0.0; channels * width * height];
    let mut labels = vec![Labels::IGNORE; width * height];
    for (n, block) in blocks.iter().enumerate() {
        let Some(Sample { image, labels: given, .. }) = samples.get(block.sample) else { continue };
        let (left, top) = (n % columns * cell, n / columns * cell);
        for y in 0..cell {
            let from_y = (block.y * side + y) as isize - MARGIN as isize;
            for x in 0..cell {
                let from_x = (block.x * side + x) as isize - MARGIN as isize;
                let from = mirror(from_y, image.height) * image.width + mirror(from_x, image.width);
                let to = (top + y) * width + left + x;
                for channel in 0..channels.min(image.channels) {
                    data[channel * width * height + to] =
                        image.data[channel * image.width * image.height + from];
                }
                let own = (MARGIN..MARGIN + side).contains(&x) && (MARGIN..MARGIN + side).contains(&y);
                // Of a block at the edge a part lies outside of the image.
                if own && from_x < image.width as isize && from_y < image.height as isize {
                    labels[to] = given.class(from);
                }
            }
        }
    }
    let image = Image::new(width, height, channels, data)?;
    Ok(Some(Sample::new("held-out blocks", "", image, Labels::Classes(labels))?))
}
