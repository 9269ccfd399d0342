//! What networks did before they were fully convolutional (Ciresan 2012): one pass for each pixel, over the window around it. The
//! answer is the same as that of one pass over all; the work is not.

use std::ops::Range;

use super::forward::{Forward, Place, Tiles};
use super::pieces::cut;
use super::plan::TilePlan;
use crate::error::{Error, Result};
use crate::net::Geometry;
use crate::scan::Pixels;
use crate::weights::Card;

/// Most pixels a side of a crop that a window slides over.
const MAX_SIDE: usize = 32;

/// A square of an image, to be answered pixel by pixel and at once. All sizes are in pixels as the network sees them.
pub struct SlidingWindow<'a> {
    forward: &'a Forward<'a>,
    image: &'a dyn Pixels,
    geometry: Geometry,
    rows: Range<usize>,
    columns: Range<usize>,
}

impl<'a> SlidingWindow<'a> {
    /// The square of `side` pixels around the place `at` (column, row; 0 to 1 over the image), moved so that it lies within the
    /// image; narrower if that is. `image` has the channels, the normalisation and the size that the network wants.
    ///
    /// # Errors
    /// `net.whole` for networks with instance normalisation, whose answer for a pixel depends on all others; `image.shape` without
    /// pixels.
    pub fn new(forward: &'a Forward<'a>, image: &'a dyn Pixels, at: [f64; 2], side: usize) -> Result<Self> {
        let geometry = Geometry::of(&forward.model.card.network);
        if geometry.whole {
            return Err(Error::invalid(
                "net.whole",
                "This network normalises over all pixels at once (instance normalisation): no window gives the same answer.",
            ));
        }
        let (width, height) = (image.width(), image.height());
        if width == 0 || height == 0 {
            return Err(Error::invalid("image.shape", "An image without pixels has no windows."));
        }
        let around = |n: usize, at: f64| {
            let side = side.clamp(1, MAX_SIDE).min(n);
            let middle = (at.clamp(0.0, 1.0) * n as f64) as usize;
            let from = middle.saturating_sub(side / 2).min(n - side);
            from..from + side
        };
        let (columns, rows) = (around(width, at[0]), around(height, at[1]));
        Ok(Self { forward, image, geometry, rows, columns })
    }

    /// Rows and columns of the square.
    pub fn square(&self) -> [Range<usize>; 2] {
        [self.rows.clone(), self.columns.clone()]
    }

    /// Height and width of the window of one pixel, and of the pass over the whole square.
    pub fn inputs(&self) -> [[usize; 2]; 2] {
        let one = |r: &Range<usize>| r.start..r.start + 1;
        [
            self.plan(one(&self.rows), one(&self.columns)).tile,
            self.plan(self.rows.clone(), self.columns.clone()).tile,
        ]
    }

    /// The probability that each pixel of the square is not background, `[row][column]`, from one pass over all of it.
    ///
    /// # Errors
    /// `device.read` if the device fails.
    pub async fn at_once(&self) -> Result<Vec<f32>> {
        self.answer(self.rows.clone(), self.columns.clone()).await
    }

    /// The same, from a pass for each pixel. `progress` is awaited with (pixels done, pixels to do) before the first and after each;
    /// returning `false` stops the work.
    ///
    /// # Errors
    /// `cancelled`; `device.read` if the device fails.
    pub async fn pixel_by_pixel(
        &self,
        mut progress: impl AsyncFnMut(usize, usize) -> bool,
    ) -> Result<Vec<f32>> {
        let total = self.rows.len() * self.columns.len();
        let mut answers = Vec::with_capacity(total);
        for row in self.rows.clone() {
            for column in self.columns.clone() {
                if !progress(answers.len(), total).await {
                    return Err(Error::cancelled());
                }
                answers.extend(self.answer(row..row + 1, column..column + 1).await?);
            }
        }
        if progress(total, total).await { Ok(answers) } else { Err(Error::cancelled()) }
    }

    fn plan(&self, rows: Range<usize>, columns: Range<usize>) -> TilePlan {
        TilePlan::around([self.image.height(), self.image.width()], [rows, columns], &self.geometry)
    }

    async fn answer(&self, rows: Range<usize>, columns: Range<usize>) -> Result<Vec<f32>> {
        let plan = self.plan(rows, columns);
        let Some((rows, columns)) = plan.tiles().next() else { return Ok(Vec::new()) };
        let [height, width] = plan.tile;
        let shape = [1, self.image.channels(), height, width];
        let mut values = vec![0.0; shape.iter().product()];
        cut(self.image, rows, columns, plan.tile, &mut values);
        let place = Place { frame: plan.frame(rows, columns, [false; 2]), ..Place::default() };
        let planes = self.forward.run(Tiles { values, shape }, place, async || true).await?;
        let [out_height, out_width] = plan.tile.map(|side| self.geometry.output_size(side));
        let card = &self.forward.model.card;
        if planes.len() != card.network.outputs * out_height * out_width {
            return Err(Error::device("device.read", "The device gave fewer values than it was asked for."));
        }
        let kept =
            (0..rows.len).flat_map(|y| (0..columns.len).map(move |x| (rows.keep + y, columns.keep + x)));
        Ok(kept.map(|(y, x)| foreground(card, |o| planes[(o * out_height + y) * out_width + x])).collect())
    }
}

/// Probability of a pixel not to be background, of the network's outputs.
fn foreground(card: &Card, output: impl Fn(usize) -> f32) -> f32 {
    // The other outputs are distances then.
    if card.stars.is_some() {
        return output(0);
    }
    card.outputs.iter().enumerate().filter(|(_, o)| o.class > 0).map(|(i, _)| output(i)).sum()
}
