//! Several who compute one image give the same bits as one alone, and the first of several rounds is told.

#![cfg(not(target_arch = "wasm32"))]

mod reference;

use std::cell::Cell;
use std::future::poll_fn;
use std::task::Poll;

use burn::tensor::Device;
use insitu::infer::{Alone, Forward, Helper, Place, Prediction, Tiles, piece, segment_together};
use insitu::scan::{Image, Normalisation};
use insitu::weights::{Card, Class, Model};

const TILE: usize = 128;

fn model(flips: bool) -> Model {
    let reference = reference::small();
    let class = Class { name: "thing".into(), colour: "#E69F00".into() };
    let outputs = Card::plain_outputs(reference.config.outputs);
    let mut card = Card::new("small", reference.config.clone(), vec![class], outputs);
    card.flips = flips;
    card.input.normalisation = Normalisation::Fixed { subtract: 0.0, divide: 255.0 };
    Model { card, net: reference.net(&Device::flex()), device: Device::flex() }
}

fn image() -> Image {
    let data = (0..250 * 190).map(|i| ((i * 7919) % 251) as f32).collect();
    Image::new(250, 190, 1, data).unwrap()
}

/// Computes so many pieces as another worker would, then fails.
struct Worker {
    model: Model,
    left: Cell<usize>,
    ready: bool,
}

impl Helper for Worker {
    async fn begin(&self, _: &Model) -> bool {
        self.ready
    }

    async fn piece(&self, tiles: Tiles, place: Place, head: Option<usize>) -> Option<Vec<f32>> {
        self.left.set(self.left.get().checked_sub(1)?);
        let forward = Forward::new(&self.model, head).unwrap();
        Some(pollster::block_on(piece(&forward, tiles, place)).unwrap())
    }

    async fn moment(&self) {}
}

fn worker(flips: bool, left: usize, ready: bool) -> Worker {
    Worker { model: model(flips), left: Cell::new(left), ready }
}

fn found(flips: bool, helpers: &[impl Helper]) -> (Prediction, Vec<Prediction>) {
    let mut first = Vec::new();
    let going = async |_, _| true;
    let told = |p: &Prediction| first.push(p.clone());
    let model = model(flips);
    let (forward, image) = (Forward::new(&model, None).unwrap(), image());
    let all = pollster::block_on(segment_together(&forward, &image, TILE, true, helpers, told, going));
    (all.unwrap(), first)
}

#[test]
fn the_result_is_the_same_bits_whoever_computes() {
    for flips in [false, true] {
        let (alone, _) = found(flips, &[] as &[Alone]);
        let never = usize::MAX;
        for (workers, ready) in
            [([never, never], true), ([3, 0], true), ([1, never], true), ([never, never], false)]
        {
            let (together, _) = found(flips, &workers.map(|left| worker(flips, left, ready)));
            assert!(together == alone, "{workers:?}");
        }
    }
}

#[test]
fn what_the_network_says_without_flips_is_told_before_the_average_over_them() {
    let (whole, first) = found(true, &[] as &[Alone]);
    let (plain, none) = found(false, &[] as &[Alone]);
    assert!(none.is_empty());
    assert_eq!(first.len(), 1);
    let off = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(off(&first[0].probability, &plain.probability) < 1e-6);
    assert!(off(&first[0].probability, &whole.probability) > 1e-3);
}

#[test]
fn a_cancelled_image_waits_for_nobody() {
    struct Never;
    impl Helper for Never {
        async fn begin(&self, _: &Model) -> bool {
            std::future::pending().await
        }
        async fn piece(&self, _: Tiles, _: Place, _: Option<usize>) -> Option<Vec<f32>> {
            None
        }
        async fn moment(&self) {}
    }
    let mut calls = 0;
    let going = async |_, _| {
        calls += 1;
        calls < 4
    };
    let model = model(true);
    let (forward, image) = (Forward::new(&model, None).unwrap(), image());
    let all = pollster::block_on(segment_together(&forward, &image, TILE, true, &[Never], |_| {}, going));
    assert_eq!(all.unwrap_err().code(), "cancelled");
}

/// Comes back when it is asked a second time.
async fn let_others_run() {
    let mut asked = false;
    poll_fn(|context| {
        if std::mem::replace(&mut asked, true) {
            return Poll::Ready(());
        }
        context.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

#[test]
fn who_waits_for_others_asks_now_and_then_whether_to_go_on_and_not_more() {
    /// Takes the first piece and never gives it back; moments are counted.
    #[derive(Default)]
    struct Slow {
        moments: Cell<usize>,
    }
    impl Helper for Slow {
        async fn begin(&self, _: &Model) -> bool {
            true
        }
        async fn piece(&self, _: Tiles, _: Place, _: Option<usize>) -> Option<Vec<f32>> {
            std::future::pending().await
        }
        async fn moment(&self) {
            self.moments.set(self.moments.get() + 1);
        }
    }
    let slow = Slow::default();
    let mut asked = 0;
    let going = async |_, _| {
        let_others_run().await;
        let waiting = slow.moments.get();
        asked += usize::from(waiting > 0);
        waiting < 5
    };
    let model = model(false);
    let (forward, image) = (Forward::new(&model, None).unwrap(), image());
    let helpers = std::slice::from_ref(&slow);
    let all = pollster::block_on(segment_together(&forward, &image, TILE, true, helpers, |_| {}, going));
    assert_eq!(all.unwrap_err().code(), "cancelled");
    assert_eq!((slow.moments.get(), asked), (5, 5));
}
