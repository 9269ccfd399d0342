//! The network from within, for those who learn how it works: its blocks, its feature maps, its tiles, and what a
//! training makes of an image.

use js_sys::{Float32Array, Uint8ClampedArray};
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;

mod records;
mod window;

use super::arguments::{filled, probability, whole};
use super::engine::Engine;
use super::failure::Thrown;
use super::records::{OnProgress, bytes, give};
use super::segment::With;
use crate::error::{Error, Result};
use crate::infer::{TilePlan, feature_maps};
use crate::net::Geometry;
use crate::objects::InstanceOptions;
use crate::scan::Scan;
use crate::train::{Augmentation, Labels, Sample, Settings, targets, variants};
use crate::weights::{Loss, Model};
use records::{
    AugmentedRecord, FeatureMapsRecord, NetworkRecord, SpanRecord, TilePlanRecord, TileRecord,
    WeightMapRecord,
};

/// Largest side of a picture of a feature map, pixels.
const MAX_PICTURE: usize = 256;

/// Pixels a side of a tile that is asked for.
const MAX_TILE: usize = 4096;

/// Most copies at once, and their largest side, pixels.
const MAX_COPIES: usize = 16;
const MAX_COPY_SIDE: usize = 1024;

/// What a card says of a training is shown below these: widths of border weights in pixels, amounts of changes.
const MAX_SIGMA: f32 = 100.0;
const MAX_AMOUNT: f32 = 1000.0;

#[wasm_bindgen]
impl Engine {
    /// The network in use as blocks, at the size of the tile that a scan is segmented with.
    pub fn network(&self, id: f64) -> Result<Ts<NetworkRecord>, Thrown> {
        let (model, scan) = (self.loaded()?, self.scan(id)?);
        let plan = self.plan(&model, &scan);
        Ok(give(&NetworkRecord::new(&model, &plan))?)
    }

    /// Where the tiles of a scan lie. `tile`: pixels a side at most, 0 takes those of a segmentation.
    #[wasm_bindgen(js_name = tilePlan)]
    pub fn tile_plan(&self, id: f64, tile: f64) -> Result<Ts<TilePlanRecord>, Thrown> {
        let (model, scan) = (self.loaded()?, self.scan(id)?);
        let tile = whole(tile, "tile")?;
        let [width, height] = model.card.input.seen_size(scan.width, scan.height);
        let plan = match tile {
            0 => self.plan(&model, &scan),
            tile => TilePlan::new(width, height, tile.min(MAX_TILE), &Geometry::of(&model.card.network)),
        };
        let geometry = Geometry::of(&model.card.network);
        Ok(give(&TilePlanRecord {
            width,
            height,
            tile: TileRecord::new(plan.tile),
            rows: plan.rows.iter().map(SpanRecord::from).collect(),
            columns: plan.columns.iter().map(SpanRecord::from).collect(),
            context: geometry.context,
            border: geometry.border,
            step: plan.step(),
        })?)
    }

    /// The result of operation `node` for the middle tile of a slice, as pictures. `onProgress(done, total)` counts
    /// convolutions; `false` cancels.
    #[wasm_bindgen(js_name = featureMaps)]
    pub async fn feature_maps(
        &self,
        id: f64,
        slice: f64,
        node: f64,
        #[wasm_bindgen(js_name = onProgress)] on_progress: Option<OnProgress>,
    ) -> Result<Ts<FeatureMapsRecord>, Thrown> {
        let (model, scan) = (self.loaded()?, self.scan(id)?);
        let (slice, node) = (whole(slice, "slice")?, whole(node, "operation")?);
        let pixels = scan.for_network(slice)?;
        let progress = async |done, total| self.goes_on(on_progress.as_ref(), done, total).await;
        let found = feature_maps(&model, pixels, node, self.tile_for(&model), progress).await;
        // What a failing device made it say matters less than that it failed.
        self.chosen.check()?;
        let maps = found?;
        let pictures = maps.pictures(MAX_PICTURE);
        let [x, y] = [maps.from[0], maps.from[1]];
        Ok(give(&FeatureMapsRecord {
            node,
            channels: maps.channels,
            width: maps.width,
            height: maps.height,
            picture_width: pictures.width,
            picture_height: pictures.height,
            planes: bytes(&pictures.planes),
            low: Float32Array::from(pictures.low.as_slice()),
            high: Float32Array::from(pictures.high.as_slice()),
            x,
            y,
            tile: TileRecord::new(maps.tile),
        })?)
    }

    /// The border weights (Ronneberger 2015, equation 2) that a training of the model would give the objects that it
    /// finds in a slice, with the height and width that it was trained with. `threshold`, `head` and
    /// `onProgress` as in `segment`.
    #[wasm_bindgen(js_name = weightMap)]
    pub async fn weight_map(
        &self,
        id: f64,
        slice: f64,
        threshold: Option<f64>,
        head: f64,
        #[wasm_bindgen(js_name = onProgress)] on_progress: Option<OnProgress>,
    ) -> Result<Ts<WeightMapRecord>, Thrown> {
        let model = self.loaded()?;
        let threshold = match threshold {
            Some(value) => probability(value, "threshold")?,
            None => model.card.threshold,
        };
        let (prediction, _) =
            self.prediction(id, slice, 0, head, None, With::progress(on_progress.as_ref())).await?;
        let (width, height) = (prediction.width, prediction.height);
        let objects = prediction.instances(&InstanceOptions { threshold, ..InstanceOptions::default() });
        // A training that had no border weights teaches nothing about them: the paper's are shown.
        let usual = Loss::default();
        let sound = |loss: &&Loss| {
            (0.0..MAX_SIGMA).contains(&loss.border_sigma) && (0.0..MAX_AMOUNT).contains(&loss.border_weight)
        };
        let trained = model.card.training.as_ref().map(|t| &t.loss).filter(sound);
        let trained = trained.filter(|loss| loss.border_weight > 0.0 && loss.border_sigma > 0.0);
        let Loss { border_weight: w0, border_sigma: sigma, .. } = trained.unwrap_or(&usual);
        let (w0, sigma) = (*w0, *sigma);
        let count = objects.iter().copied().max().unwrap_or(0);
        // A training gives every pixel a weight of 1 besides, and the inside of objects no more than that.
        let loss = Loss { border_weight: w0, border_sigma: sigma, ..usual };
        let (_, weights) = targets(&Labels::Objects(objects), width, height, &model.card, &loss);
        let weights: Vec<f32> = weights.into_iter().map(|weight| weight - 1.0).collect();
        let largest = weights.iter().copied().fold(0.0, f32::max);
        let weights = Float32Array::from(weights.as_slice());
        Ok(give(&WeightMapRecord { width, height, weights, objects: count, largest, w0, sigma })?)
    }

    /// `count` copies of a slice and its mask (`width * height` classes), `size` pixels a side, augmented as in the
    /// model's training; 0 takes the patch of it. The image is shown as the network gets it.
    pub fn augmented(
        &self,
        id: f64,
        slice: f64,
        labels: &[u8],
        size: f64,
        count: f64,
        seed: f64,
    ) -> Result<Ts<AugmentedRecord>, Thrown> {
        let (model, scan) = (self.loaded()?, self.scan(id)?);
        filled(labels.len(), &[scan.height, scan.width], "mask")?;
        let (size, count) = (whole(size, "size")?, whole(count, "number of copies")?);
        let (how, patch) = method(&model);
        let size = if size == 0 { patch } else { size };
        if size > MAX_COPY_SIDE || !(1..=MAX_COPIES).contains(&count) {
            return Err(Error::limit(
                "train.copies",
                format!(
                    "1 to {MAX_COPIES} copies of at most {MAX_COPY_SIDE} pixels a side can be drawn at once."
                ),
            )
            .into());
        }
        let image = scan.network_slice(whole(slice, "slice")?)?;
        let sample = Sample::for_input("", "", image, Labels::Classes(labels.to_vec()), &model.card.input)?;
        let shades = Shades::of(&sample.image.data);
        let copies = variants(&sample, size, count, &how, whole(seed, "seed")? as u64)?;
        let area = size * size;
        let (mut rgba, mut classes, mut grid) = (Vec::new(), Vec::new(), Vec::new());
        for copy in copies {
            for i in 0..area {
                let channel = |c: usize| shades.shade(copy.image[(c % sample.image.channels) * area + i]);
                rgba.extend([channel(0), channel(1), channel(2), 255]);
            }
            classes.extend(copy.labels);
            grid.extend(copy.grid.iter().map(|line| (line * 255.0) as u8));
        }
        Ok(give(&AugmentedRecord {
            changes: how,
            size,
            count,
            rgba: Uint8ClampedArray::from(rgba.as_slice()),
            labels: bytes(&classes),
            grid: bytes(&grid),
        })?)
    }
}

impl Engine {
    fn plan(&self, model: &Model, scan: &Scan) -> TilePlan {
        let [width, height] = model.card.input.seen_size(scan.width, scan.height);
        TilePlan::of(&model.card, width, height, self.tile_for(model))
    }
}

/// What the model's training did to its patches, and their size; the usual, if the card does not say or it did nothing.
fn method(model: &Model) -> (Augmentation, usize) {
    let method = model.card.training.as_ref().and_then(|t| t.method.as_ref());
    let sound = |how: &Augmentation| how.amounts().iter().all(|a| (0.0..MAX_AMOUNT).contains(a));
    match method.filter(|m| m.augmentation != Augmentation::NONE && sound(&m.augmentation)) {
        // The work that a blur makes grows with it.
        Some(m) => {
            let blur = m.augmentation.blur.min(Augmentation::default().blur * 10.0);
            (Augmentation { blur, ..m.augmentation }, m.patch.clamp(1, MAX_COPY_SIDE))
        }
        None => (Augmentation::default(), Settings::default().method.patch),
    }
}

/// From normalised values to grey: the range of the image before it is changed, so that changes are seen.
struct Shades {
    low: f32,
    scale: f32,
}

impl Shades {
    fn of(values: &[f32]) -> Self {
        let mut sorted = values.to_vec();
        let last = sorted.len().saturating_sub(1);
        if sorted.is_empty() {
            return Self { low: 0.0, scale: 0.0 };
        }
        let low = *sorted.select_nth_unstable_by(last / 200, f32::total_cmp).1;
        let high = *sorted.select_nth_unstable_by(last - last / 200, f32::total_cmp).1;
        let range = high - low;
        Self { low, scale: if range > f32::MIN_POSITIVE { 255.0 / range } else { 0.0 } }
    }

    fn shade(&self, value: f32) -> u8 {
        ((value - self.low) * self.scale).clamp(0.0, 255.0).round() as u8
    }
}
