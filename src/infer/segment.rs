//! From an image to its probabilities: the pieces of the work, done here and by whoever helps. Memory is the result and a few tiles.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::future::poll_fn;
use std::pin::pin;
use std::task::{Poll, Waker};

use futures_util::future::{Either, join_all, select};

use super::forward::{Forward, Place, Tiles};
use super::pieces::Pieces;
use super::prediction::Prediction;
use super::view::bright_view;
use crate::device::TILE;
use crate::error::{Error, Result};
use crate::scan::{Image, Pixels, Prepared, valued};
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
    /// Takes the model; `false` if it cannot help. It may come late: what is left then is shared.
    async fn begin(&self, model: &Model) -> bool;

    /// What [`piece`] gives with this head; nothing if it cannot help any more.
    async fn piece(&self, tiles: Tiles, place: Place, head: Option<usize>) -> Option<Vec<f32>>;

    /// Comes back after a moment, about a tenth of a second: so often whoever waits for the last pieces asks whether to go on.
    async fn moment(&self);
}

/// Nobody.
pub enum Alone {}

impl Helper for Alone {
    async fn begin(&self, _: &Model) -> bool {
        match *self {}
    }

    async fn piece(&self, _: Tiles, _: Place, _: Option<usize>) -> Option<Vec<f32>> {
        match *self {}
    }

    async fn moment(&self) {
        match *self {}
    }
}

/// The probabilities of an image, which is converted to the model's channels, normalised and brought to the size that its card says, tile by tile. Pixels without
/// a value (NaN, infinite) and those outside of the card's field of view are background: all their probabilities are 0.
///
/// `progress` is awaited with (tiles done, tiles to do) before the first tile, after each convolution of the network, and
/// after each tile; returning `false` stops the work. It is also the place where a caller lets other work run.
///
/// # Errors
/// `cancelled`; `device.read` and `net.device` if the device fails; `image.channels`.
pub async fn segment(
    model: &Model,
    pixels: impl Pixels,
    options: &Options,
    progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Prediction> {
    let forward = Forward::new(model, options.head)?;
    segment_together(&forward, &pixels, options.tile, true, &[] as &[Alone], |_| {}, progress).await
}

/// As [`segment()`], together with others, with tiles of at most `tile` pixels a side; without `rims` the probability of rims is left out, which is as
/// large as that of a class. The result is the same, bit for bit, whoever helps.
/// If the model asks for an average over flips, `first` is given what the first of them says, before the others are computed.
///
/// # Errors
/// As [`segment()`]. A helper that fails is left out.
pub async fn segment_together(
    forward: &Forward<'_>,
    pixels: &dyn Pixels,
    tile: usize,
    rims: bool,
    helpers: &[impl Helper],
    mut first: impl FnMut(&Prediction),
    progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Prediction> {
    let card = &forward.model.card;
    let view = card.field_of_view.map(|FieldOfView::Bright| bright_view(pixels));
    let seen: Vec<Vec<bool>> = [view, valued(pixels)].into_iter().flatten().collect();
    let within = |prediction: &mut Prediction| seen.iter().for_each(|seen| prediction.keep_within(seen));
    let prepared = Prepared::new(pixels, card.input.channels, card.input.normalisation)?;
    let resized = card.input.resized(&prepared);
    let seen = resized.as_ref().map_or(prepared, |image| Prepared::already(image));
    let size = [pixels.width(), pixels.height()];
    let mut first = |prediction: &mut Prediction| {
        let mut resized = prediction.resized(size);
        let told = resized.as_mut().unwrap_or(prediction);
        within(told);
        first(told);
    };
    let blank = Prediction::new(seen.width(), seen.height(), card, rims);
    let prediction = run(forward, &seen, tile, blank, helpers, &mut first, progress).await?;
    let mut prediction = prediction.resized(size).unwrap_or(prediction);
    within(&mut prediction);
    Ok(prediction)
}

/// As [`segment()`], for an image that already has the model's channels and normalisation; all of it is in view.
pub async fn segment_prepared(
    model: &Model,
    image: &Image,
    options: &Options,
    progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Prediction> {
    let forward = Forward::new(model, options.head)?;
    let prepared = Prepared::already(image);
    let blank = Prediction::new(image.width, image.height, &model.card, true);
    run(&forward, &prepared, options.tile, blank, &[] as &[Alone], &mut |_| {}, progress).await
}

/// One piece alone, for a helper: the probabilities of its tiles, `[tile][output][row][column]`. `forward` is of the same model and head.
///
/// # Errors
/// `device.read`.
pub async fn piece(forward: &Forward<'_>, tiles: Tiles, place: Place) -> Result<Vec<f32>> {
    forward.run(tiles, place, async || true).await
}

async fn run(
    forward: &Forward<'_>,
    prepared: &Prepared<'_>,
    tile: usize,
    prediction: Prediction,
    helpers: &[impl Helper],
    first: &mut dyn FnMut(&mut Prediction),
    mut progress: impl AsyncFnMut(usize, usize) -> bool,
) -> Result<Prediction> {
    let (model, head) = (forward.model, forward.head);
    let pieces = Pieces::new(&model.card, prepared, tile);
    let total = (0..pieces.count()).map(|i| pieces.tiles_of(i)).sum();
    if !progress(0, total).await {
        return Err(Error::cancelled());
    }
    let work = Work {
        pieces: &pieces,
        next: Cell::new(0),
        returned: RefCell::default(),
        sum: RefCell::new(Sum { prediction, waiting: BTreeMap::new(), added: 0, first }),
        done: Cell::new(0),
        changes: Cell::new(0),
        waker: Cell::default(),
    };
    let others = join_all(helpers.iter().map(|helper| async {
        if !helper.begin(model).await {
            return;
        }
        while let Some(index) = work.take() {
            let (tiles, place) = pieces.input(index);
            match helper.piece(tiles, place, head).await {
                Some(output) => work.put(index, output),
                // Somebody else will do it.
                None => return work.give_back(index),
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
            } else if let Some(helper) = helpers.first() {
                // What is left is with others.
                select(pin!(work.changed()), pin!(helper.moment())).await;
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
    sum: RefCell<Sum<'a>>,
    /// Tiles.
    done: Cell<usize>,
    /// Counts pieces that came back.
    changes: Cell<usize>,
    /// Of whoever waits for that.
    waker: Cell<Option<Waker>>,
}

/// The results, added up in the order of the pieces: sums of floats depend on it.
struct Sum<'a> {
    prediction: Prediction,
    waiting: BTreeMap<usize, Vec<f32>>,
    /// Pieces.
    added: usize,
    /// Told what the first of several rounds says, once.
    first: &'a mut dyn FnMut(&mut Prediction),
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
                // No copy: rounds are a power of two, which changes no bit on the way there and back.
                let rounds = self.pieces.rounds() as f32;
                sum.prediction.scale(rounds);
                (sum.first)(&mut sum.prediction);
                sum.prediction.scale(1.0 / rounds);
            }
        }
        self.change();
    }

    /// For somebody else to do.
    fn give_back(&self, index: usize) {
        self.returned.borrow_mut().push(index);
        self.change();
    }

    fn change(&self) {
        self.changes.set(self.changes.get().wrapping_add(1));
        if let Some(waker) = self.waker.take() {
            waker.wake();
        }
    }

    /// Comes back when a piece did.
    async fn changed(&self) {
        let before = self.changes.get();
        poll_fn(|context| {
            if self.changes.get() != before {
                return Poll::Ready(());
            }
            self.waker.set(Some(context.waker().clone()));
            Poll::Pending
        })
        .await;
    }

    fn is_done(&self) -> bool {
        self.sum.borrow().added == self.pieces.count()
    }
}
