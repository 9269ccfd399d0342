//! A segmentation cut into passes through the network, each on its own: who computes which does not change the result.

use super::forward::{Place, Tiles};
use super::plan::{Span, TilePlan, mirror};
use super::prediction::Prediction;
use crate::net::Geometry;
use crate::scan::Pixels;
use crate::weights::Card;

/// The identity, and the flips whose results are averaged with it: (rows, columns) reversed.
const FLIPS: [[bool; 2]; 4] = [[false, false], [false, true], [true, false], [true, true]];

/// The passes that an image takes: first every tile as it is, then every tile in each of the flips.
pub struct Pieces<'a> {
    card: &'a Card,
    pixels: &'a dyn Pixels,
    plan: TilePlan,
    tiles: Vec<(Span, Span)>,
    /// Tiles of a pass.
    batch: usize,
    flips: usize,
    /// Height and width of a tile's result.
    output: [usize; 2],
    /// What a pixel counts, by row and by column.
    weights: [Vec<f32>; 2],
}

impl<'a> Pieces<'a> {
    /// Of pixels with the model's channels and normalisation, in tiles of at most `tile` pixels a side.
    pub fn new(card: &'a Card, pixels: &'a dyn Pixels, tile: usize) -> Self {
        let geometry = Geometry::of(&card.network);
        let plan = TilePlan::of(card, pixels.width(), pixels.height(), tile);
        Self {
            card,
            pixels,
            tiles: plan.tiles().collect(),
            batch: plan.batch(tile),
            flips: if card.flips { FLIPS.len() } else { 1 },
            output: plan.tile.map(|t| geometry.output_size(t)),
            weights: plan.weights(),
            plan,
        }
    }

    /// Pieces of a round: after so many each pixel was seen once.
    pub fn round(&self) -> usize {
        self.tiles.len().div_ceil(self.batch)
    }

    /// Rounds, one for each flip.
    pub fn rounds(&self) -> usize {
        self.flips
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.round() * self.flips
    }

    /// Tiles of a piece.
    pub fn tiles_of(&self, index: usize) -> usize {
        self.batch_of(index).len()
    }

    fn batch_of(&self, index: usize) -> &[(Span, Span)] {
        self.tiles.chunks(self.batch).nth(index % self.round().max(1)).unwrap_or_default()
    }

    /// What goes through the network.
    pub fn input(&self, index: usize) -> (Tiles, Place) {
        let batch = self.batch_of(index);
        let [height, width] = self.plan.tile;
        let shape = [batch.len(), self.pixels.channels(), height, width];
        let mut values = vec![0.0; shape.iter().product()];
        let one = shape[1] * height * width;
        for ((rows, columns), values) in batch.iter().zip(values.chunks_exact_mut(one.max(1))) {
            cut(self.pixels, *rows, *columns, self.plan.tile, values);
        }
        let flip = FLIPS[index / self.round().max(1) % FLIPS.len()];
        // Patches are wholes of their own, and only those go through the network together.
        let frame = batch.first().and_then(|(rows, columns)| self.plan.frame(*rows, *columns, flip));
        (Tiles { values, shape }, Place { flip, frame })
    }

    /// Adds what came out, `[tile][output][row][column]`, to the prediction; nothing if it is not as much as it should be.
    pub fn add(&self, prediction: &mut Prediction, index: usize, output: &[f32]) {
        let batch = self.batch_of(index);
        let outputs = self.card.network.outputs;
        let area = self.output[0] * self.output[1];
        if area == 0 || output.len() != batch.len() * outputs * area {
            return;
        }
        let [row_weights, column_weights] = &self.weights;
        for ((rows, columns), one) in batch.iter().zip(output.chunks_exact(outputs * area)) {
            for y in 0..rows.len {
                for x in 0..columns.len {
                    let source = (rows.keep + y) * self.output[1] + columns.keep + x;
                    let (row, column) = (rows.target + y, columns.target + x);
                    let weight = row_weights[row] * column_weights[column] / self.flips as f32;
                    let values = (0..outputs).map(|o| one[o * area + source]);
                    prediction.add(row * prediction.width + column, values, self.card, weight);
                }
            }
        }
    }
}

/// The tile's input, mirrored beyond the image: `[channel][row][column]`.
pub(super) fn cut(
    pixels: &dyn Pixels,
    rows: Span,
    columns: Span,
    [height, width]: [usize; 2],
    tile: &mut [f32],
) {
    let xs: Vec<usize> = (0..width).map(|x| mirror(columns.source + x as isize, pixels.width())).collect();
    let (Some(first), Some(last)) = (xs.iter().min(), xs.iter().max()) else { return };
    let mut line = vec![0.0; last - first + 1];
    for (i, to) in tile.chunks_exact_mut(width).enumerate() {
        let row = mirror(rows.source + (i % height) as isize, pixels.height());
        pixels.read(i / height, row, *first, &mut line);
        for (to, x) in to.iter_mut().zip(&xs) {
            *to = line[x - first];
        }
    }
}
