//! One pass of some tiles through the network, on the device that the model is on.

use crate::error::{Error, Result};
use crate::net::{Compiled, Frame};
use crate::weights::{Card, Model};

/// Some tiles of the same size: `[tile, channel, row, column]`.
#[derive(Clone)]
pub struct Tiles {
    pub values: Vec<f32>,
    pub shape: [usize; 4],
}

/// How tiles lie in the whole.
#[derive(Clone, Copy, Debug, Default)]
pub struct Place {
    /// Whether rows and columns are reversed.
    pub flip: [bool; 2],
    pub frame: Option<Frame>,
}

/// Runs tiles through a network.
pub struct Forward<'a> {
    pub(super) model: &'a Model,
    pub(super) head: Option<usize>,
    compiled: Compiled,
}

impl<'a> Forward<'a> {
    /// `head` as in [`super::Options::head`].
    ///
    /// # Errors
    /// As [`crate::net::UNet::compiled`].
    pub fn new(model: &'a Model, head: Option<usize>) -> Result<Self> {
        Ok(Self::prepared(model, head, model.net.compiled(head)?))
    }

    /// With what [`crate::net::UNet::compiled`] gave for this model and head before.
    pub fn prepared(model: &'a Model, head: Option<usize>, compiled: Compiled) -> Self {
        Self { model, head, compiled }
    }

    /// Probabilities of tiles as they are, `[tile][output][row][column]`.
    ///
    /// # Errors
    /// `device.read`.
    pub async fn probabilities(&self, tiles: Tiles) -> Result<Vec<f32>> {
        self.run(tiles, Place::default(), async || true).await
    }

    /// Probabilities, `[tile][output][row][column]`, turned back where the tiles were flipped. `go_on` is awaited after each
    /// convolution.
    ///
    /// # Errors
    /// `cancelled` if `go_on` says so; `device.read`.
    pub(super) async fn run(
        &self,
        mut tiles: Tiles,
        place: Place,
        mut go_on: impl AsyncFnMut() -> bool,
    ) -> Result<Vec<f32>> {
        let [count, _, height, width] = tiles.shape;
        let outputs = self.model.card.network.outputs;
        flip(&mut tiles.values, [height, width], place.flip);
        let mut pass = self.compiled.pass_within(&tiles.values, tiles.shape, place.frame);
        loop {
            let more = pass.step();
            if !go_on().await {
                return Err(Error::cancelled());
            }
            if !more {
                break;
            }
        }
        let (mut probability, size) = pass.finish().await?;
        let one = (probability.len() / count.max(1)).max(1);
        for tile in probability.chunks_exact_mut(one) {
            normalise(tile, outputs, &self.model.card);
        }
        flip(&mut probability, size, place.flip);
        Ok(probability)
    }
}

/// Reverses the rows and the columns of every plane.
fn flip(planes: &mut [f32], [height, width]: [usize; 2], [rows, columns]: [bool; 2]) {
    if !(rows || columns) || width == 0 || height == 0 {
        return;
    }
    for plane in planes.chunks_exact_mut(height * width) {
        match (rows, columns) {
            // Both together are the whole plane backwards.
            (true, true) => plane.reverse(),
            (false, _) => plane.chunks_exact_mut(width).for_each(<[f32]>::reverse),
            (true, false) => {
                let (above, below) = plane.split_at_mut(height / 2 * width);
                let below = below.chunks_exact_mut(width).rev();
                above.chunks_exact_mut(width).zip(below).for_each(|(a, b)| a.swap_with_slice(b));
            }
        }
    }
}

/// From logits of one tile, `[output][pixel]`, to probabilities: a sigmoid for one output, else a softmax. Distances stay as they are,
/// beside a probability that is a sigmoid.
fn normalise(tile: &mut [f32], outputs: usize, card: &Card) {
    let area = tile.len() / outputs.max(1);
    if outputs <= 1 || card.stars.is_some() {
        tile.iter_mut().take(area).for_each(|v| *v = 1.0 / (1.0 + (-*v).exp()));
        return;
    }
    for pixel in 0..area {
        let most = (0..outputs).map(|o| tile[o * area + pixel]).fold(f32::NEG_INFINITY, f32::max);
        let mut sum = 0.0;
        for o in 0..outputs {
            let value = (tile[o * area + pixel] - most).exp();
            tile[o * area + pixel] = value;
            sum += value;
        }
        (0..outputs).for_each(|o| tile[o * area + pixel] /= sum);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::Preset;
    use crate::weights::{Class, StarShapes};

    #[test]
    fn what_is_flipped_twice_is_as_before() {
        for side in [[3, 4], [1, 5], [4, 1], [5, 3]] {
            let planes: Vec<f32> = (0..2 * side[0] * side[1]).map(|v| v as f32).collect();
            for how in [[false, true], [true, false], [true, true]] {
                let mut turned = planes.clone();
                flip(&mut turned, side, how);
                let first = [if how[0] { side[0] - 1 } else { 0 }, if how[1] { side[1] - 1 } else { 0 }];
                assert_eq!(turned[0], planes[first[0] * side[1] + first[1]]);
                flip(&mut turned, side, how);
                assert_eq!(turned, planes);
            }
        }
    }

    #[test]
    fn logits_become_probabilities_that_add_up_to_one() {
        let mut one = vec![0.0, 100.0, -100.0];
        let card = |outputs: usize| {
            let network = Preset::Small.config(1, outputs);
            Card::new("t", network, Class::numbered(&[], 1), Card::plain_outputs(outputs))
        };
        normalise(&mut one, 1, &card(1));
        assert_eq!(one, [0.5, 1.0, 0.0]);
        let mut two = vec![1.0, 200.0, 1.0, -200.0];
        normalise(&mut two, 2, &card(2));
        assert_eq!(two, [0.5, 1.0, 0.5, 0.0]);
        let mut stars = vec![0.0, 100.0, 7.0, -2.0, 5.0, 6.0, 1.0, 2.0];
        let stars_card = Card { stars: Some(StarShapes { overlap: 0.4 }), ..card(4) };
        normalise(&mut stars, 4, &stars_card);
        assert_eq!(stars, [0.5, 1.0, 7.0, -2.0, 5.0, 6.0, 1.0, 2.0]);
    }
}
