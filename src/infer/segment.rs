//! The asynchronous tile loop. Memory is the image, its result and one tile.

use super::forward::{Forward, Place, Tiles};
use super::plan::{Span, TilePlan, mirror};
use super::prediction::Prediction;
use super::view::bright_view;
use crate::device::TILE;
use crate::error::{Error, Result};
use crate::net::Geometry;
use crate::scan::Image;
use crate::weights::{FieldOfView, Model};

/// How to run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Input pixels of a tile, a side, at most.
    pub tile: usize,
    /// Which of several heads is asked, 0 being the shallowest: U-Net++ pruned, which computes only what that head
    /// needs. `None` is the last.
    pub head: Option<usize>,
}

impl Default for Options {
    /// Tiles of [`TILE`] pixels a side, and the last head.
    fn default() -> Self {
        Self { tile: TILE, head: None }
    }
}

/// The probabilities of `image`, which is converted to the model's channels and normalised as its card says. Pixels without
/// a value (NaN, infinite) and those outside of the card's field of view are background: all their probabilities are 0.
///
/// `progress` is awaited with (tiles done, tiles to do) before the first tile, after each convolution of the network, and
/// after each tile; returning `false` stops the work. It is also the place where a caller lets other work run.
///
/// # Errors
/// `cancelled`; `device.read` if the device fails; `image.channels`.
pub async fn segment(
    model: &Model,
    image: Image,
    options: &Options,
    progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Prediction> {
    let input = &model.card.input;
    let view = model.card.field_of_view.map(|FieldOfView::Bright| bright_view(&image));
    let valued = image.valued();
    let image = image.with_channels(input.channels)?.normalised(input.normalisation);
    let mut prediction = segment_prepared(model, &image, options, progress).await?;
    for seen in [view, valued].into_iter().flatten() {
        prediction.keep_within(&seen);
    }
    Ok(prediction)
}

/// As [`segment()`], for an image that already has the model's channels and normalisation; all of it is in view.
pub async fn segment_prepared(
    model: &Model,
    image: &Image,
    options: &Options,
    mut progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Prediction> {
    let card = &model.card;
    let geometry = Geometry::of(&card.network);
    let plan = TilePlan::of(card, image.width, image.height, options.tile);
    let output = plan.tile.map(|t| geometry.output_size(t));
    let [row_weights, column_weights] = plan.weights();
    // The identity, or the four flips whose results are averaged: (rows, columns) reversed.
    let flips: &[[bool; 2]] = if card.flips {
        &[[false, false], [false, true], [true, false], [true, true]]
    } else {
        &[[false, false]]
    };
    let total = plan.len() * flips.len();
    let mut prediction = Prediction::new(image.width, image.height, card);
    let mut done = 0;
    if !progress(done, total).await {
        return Err(Error::cancelled());
    }
    let forward = Forward::new(model, options.head);
    let tiles: Vec<(Span, Span)> = plan.tiles().collect();
    for batch in tiles.chunks(plan.batch(options.tile)) {
        let input: Vec<f32> =
            batch.iter().flat_map(|(rows, columns)| cut(image, *rows, *columns, plan.tile)).collect();
        for flip in flips {
            let shape = [batch.len(), image.channels, plan.tile[0], plan.tile[1]];
            // Patches are wholes of their own, and only those go through the network together.
            let frame = batch.first().and_then(|(rows, columns)| plan.frame(*rows, *columns, *flip));
            let tiles = Tiles { values: input.clone(), shape };
            let place = Place { flip: *flip, frame };
            let outputs = forward.run(tiles, place, async || progress(done, total).await).await?;
            for ((rows, columns), one) in batch.iter().zip(outputs.chunks_exact(outputs.len() / batch.len()))
            {
                let weight = |y: usize, x: usize| row_weights[y] * column_weights[x] / flips.len() as f32;
                keep(&mut prediction, one, *rows, *columns, output, model, weight);
            }
            done += batch.len();
            if !progress(done, total).await {
                return Err(Error::cancelled());
            }
        }
    }
    Ok(prediction)
}

/// The tile's input, mirrored beyond the image: `[channel][row][column]`.
pub(super) fn cut(image: &Image, rows: Span, columns: Span, [height, width]: [usize; 2]) -> Vec<f32> {
    let xs: Vec<usize> = (0..width).map(|x| mirror(columns.source + x as isize, image.width)).collect();
    let mut tile = Vec::with_capacity(image.channels * height * width);
    for channel in 0..image.channels {
        let plane = image.plane(channel);
        for y in 0..height {
            let row = mirror(rows.source + y as isize, image.height) * image.width;
            tile.extend(xs.iter().map(|x| plane[row + x]));
        }
    }
    tile
}

/// Adds the part of a tile that is kept to the prediction, each pixel with its weight by row and column.
fn keep(
    prediction: &mut Prediction,
    output: &[f32],
    rows: Span,
    columns: Span,
    [height, width]: [usize; 2],
    model: &Model,
    weight: impl Fn(usize, usize) -> f32,
) {
    let area = height * width;
    for y in 0..rows.len {
        for x in 0..columns.len {
            let source = (rows.keep + y) * width + columns.keep + x;
            let (row, column) = (rows.target + y, columns.target + x);
            let target = row * prediction.width + column;
            let outputs = (0..model.card.network.outputs).map(|o| output[o * area + source]);
            prediction.add(target, outputs, &model.card, weight(row, column));
        }
    }
}
