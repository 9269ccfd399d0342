//! From an image to its probabilities: the pieces of the work, done here and by whoever helps. Memory is the image, its result and a few tiles.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::pin::pin;

use futures_util::future::{Either, join_all, select};

use super::forward::Forward;
use super::pieces::Pieces;
use super::prediction::Prediction;
use super::view::bright_view;
use crate::device::TILE;
use crate::error::{Error, Result};
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

/// Somebody else who computes: another worker, with an engine of its own.
#[allow(async_fn_in_trait)] // everything here stays on one thread
pub trait Helper {
    /// Takes the model and the image, which has the model's channels and normalisation; `false` if it cannot help. It may come
    /// late: what is left then is shared.
    async fn begin(&self, model: &Model, image: &Image, options: &Options) -> bool;

    /// What [`piece`] gives; nothing if it cannot help any more.
    async fn piece(&self, index: usize) -> Option<Vec<f32>>;
}

/// Nobody.
pub enum Alone {}

impl Helper for Alone {
    async fn begin(&self, _: &Model, _: &Image, _: &Options) -> bool {
        match *self {}
    }

    async fn piece(&self, _: usize) -> Option<Vec<f32>> {
        match *self {}
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
    segment_together(model, image, options, &[] as &[Alone], |_| {}, progress).await
}

/// As [`segment()`], together with others. The result is the same, bit for bit, whoever helps. If the model asks for an average over flips,
/// `first` is given what the first of them says, before the others are computed.
///
/// # Errors
/// As [`segment()`]. A helper that fails is left out.
pub async fn segment_together(
    model: &Model,
    image: Image,
    options: &Options,
    helpers: &[impl Helper],
    mut first: impl FnMut(&Prediction),
    progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Prediction> {
    let input = &model.card.input;
    let view = model.card.field_of_view.map(|FieldOfView::Bright| bright_view(&image));
    let seen: Vec<Vec<bool>> = [view, image.valued()].into_iter().flatten().collect();
    let image = image.with_channels(input.channels)?.normalised(input.normalisation);
    let within = |mut prediction: Prediction| {
        seen.iter().for_each(|seen| prediction.keep_within(seen));
        prediction
    };
    let first = |prediction: Prediction| first(&within(prediction));
    Ok(within(run(model, &image, options, helpers, first, progress).await?))
}

/// As [`segment()`], for an image that already has the model's channels and normalisation; all of it is in view.
pub async fn segment_prepared(
    model: &Model,
    image: &Image,
    options: &Options,
    progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Prediction> {
    run(model, image, options, &[] as &[Alone], |_| {}, progress).await
}

/// One piece alone, for a helper: the probabilities of its tiles, `[tile][output][row][column]`. `forward` is of the same model and head.
///
/// # Errors
/// `device.read`.
pub async fn piece(forward: &Forward<'_>, pieces: &Pieces<'_>, index: usize) -> Result<Vec<f32>> {
    let (tiles, place) = pieces.input(index);
    forward.run(tiles, place, async || true).await
}

async fn run(
    model: &Model,
    image: &Image,
    options: &Options,
    helpers: &[impl Helper],
    mut first: impl FnMut(Prediction),
    mut progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Prediction> {
    let pieces = Pieces::new(&model.card, image, options);
    let total = (0..pieces.count()).map(|i| pieces.tiles_of(i)).sum();
    if !progress(0, total).await {
        return Err(Error::cancelled());
    }
    let forward = Forward::new(model, options.head);
    let work = Work {
        pieces: &pieces,
        next: Cell::new(0),
        returned: RefCell::default(),
        sum: RefCell::new(Sum {
            prediction: Prediction::new(image.width, image.height, &model.card),
            waiting: BTreeMap::new(),
            added: 0,
            first: None,
        }),
        done: Cell::new(0),
    };
    let others = join_all(helpers.iter().map(|helper| async {
        if !helper.begin(model, image, options).await {
            return;
        }
        while let Some(index) = work.take() {
            match helper.piece(index).await {
                Some(output) => work.put(index, output),
                // Somebody else will do it.
                None => return work.returned.borrow_mut().push(index),
            }
        }
    }));
    let mut told = 0;
    let own = async {
        while !work.is_done() {
            if let Some(index) = work.take() {
                let (tiles, place) = pieces.input(index);
                let output =
                    forward.run(tiles, place, async || progress(work.done.get(), total).await).await?;
                work.put(index, output);
            }
            let found = work.sum.borrow_mut().first.take();
            if let Some(prediction) = found.filter(|_| !work.is_done()) {
                first(prediction);
            }
            told = work.done.get();
            if !progress(told, total).await {
                return Err(Error::cancelled());
            }
        }
        // The last piece may have been somebody else's.
        if told != total && !progress(total, total).await {
            return Err(Error::cancelled());
        }
        Ok(())
    };
    // What helpers still do when the work is done, or cancelled, is of no use.
    match select(pin!(own), pin!(others)).await {
        Either::Left((result, _)) => result?,
        Either::Right((_, own)) => own.await?,
    }
    Ok(work.sum.into_inner().prediction)
}

/// Pieces that are taken and given by several.
struct Work<'a> {
    pieces: &'a Pieces<'a>,
    next: Cell<usize>,
    /// Taken by somebody who could not do them.
    returned: RefCell<Vec<usize>>,
    sum: RefCell<Sum>,
    /// Tiles.
    done: Cell<usize>,
}

/// The results, added up in the order of the pieces: sums of floats depend on it.
struct Sum {
    prediction: Prediction,
    waiting: BTreeMap<usize, Vec<f32>>,
    /// Pieces.
    added: usize,
    /// What the first of several rounds says, once.
    first: Option<Prediction>,
}

impl Work<'_> {
    fn take(&self) -> Option<usize> {
        if let Some(index) = self.returned.borrow_mut().pop() {
            return Some(index);
        }
        let index = self.next.get();
        self.next.set((index + 1).min(self.pieces.count()));
        (index < self.pieces.count()).then_some(index)
    }

    fn put(&self, index: usize, output: Vec<f32>) {
        self.done.set(self.done.get() + self.pieces.tiles_of(index));
        let sum = &mut *self.sum.borrow_mut();
        sum.waiting.insert(index, output);
        while let Some(output) = sum.waiting.remove(&sum.added) {
            self.pieces.add(&mut sum.prediction, sum.added, &output);
            sum.added += 1;
            if sum.added == self.pieces.round() && self.pieces.rounds() > 1 {
                let mut first = sum.prediction.clone();
                let boundary = first.boundary.iter_mut().flatten();
                let all = first.probability.iter_mut().chain(boundary);
                all.for_each(|p| *p *= self.pieces.rounds() as f32);
                sum.first = Some(first);
            }
        }
    }

    fn is_done(&self) -> bool {
        self.sum.borrow().added == self.pieces.count()
    }
}
