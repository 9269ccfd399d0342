//! Objects of a slice: told apart, measured, and as files.

use js_sys::{Float32Array, Float64Array, Uint8Array, Uint32Array};
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::{finite, probability, whole};
use super::engine::Engine;
use super::failure::Thrown;
use super::records::{OnProgress, bytes, give, take};
use super::segment::With;
use crate::error::{Error, Result};
use crate::export::{Objects, Zip};
use crate::objects::{Edit, InstanceOptions, Measurement, Refinement, tints};
use crate::results::{self, Files, Kind, ending};
use crate::weights::Class;

/// The largest radius of smoothing, pixels.
const MAX_SMOOTHING: usize = 5;

/// Measurements beside those of the channels.
const COLUMNS: [(&str, ColumnKind); 14] = [
    ("object", ColumnKind::Number),
    ("class", ColumnKind::Class),
    ("area", ColumnKind::Area),
    ("diameter", ColumnKind::Length),
    ("perimeter", ColumnKind::Length),
    ("feret", ColumnKind::Length),
    ("major", ColumnKind::Length),
    ("minor", ColumnKind::Length),
    ("circularity", ColumnKind::Ratio),
    ("eccentricity", ColumnKind::Ratio),
    ("solidity", ColumnKind::Ratio),
    ("orientation", ColumnKind::Angle),
    ("x", ColumnKind::Length),
    ("y", ColumnKind::Length),
];
const OF_CHANNEL: [&str; 4] = ["mean", "min", "max", "sum"];

/// How objects are told apart.
#[derive(Clone, Copy, Debug, Deserialize, Tsify)]
#[serde(rename_all = "camelCase", default)]
pub struct ObjectSettings {
    /// Pixels of the smallest one.
    min_pixels: usize,
    /// Of a model without an output for rims: how much narrower than the objects a waist is at which they are parted, pixels; 0 parts
    /// nothing.
    split: f32,
    fill_holes: bool,
    /// Whether those that touch the border of the image are left out.
    without_border: bool,
    /// Radius within which the majority decides about a pixel; 0 leaves outlines as they are.
    smoothing: usize,
}

impl Default for ObjectSettings {
    fn default() -> Self {
        let min_pixels = InstanceOptions::default().min_pixels;
        Self { min_pixels, split: 0.0, fill_holes: false, without_border: false, smoothing: 0 }
    }
}

/// What values of a column are.
#[derive(Clone, Copy, Debug, Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub enum ColumnKind {
    Number,
    Class,
    /// Pixels.
    Length,
    /// Square pixels.
    Area,
    /// Radians.
    Angle,
    Ratio,
    /// In the file's own unit.
    Value,
}

/// A measurement.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct ObjectColumn {
    key: &'static str,
    kind: ColumnKind,
    /// Of an image with several.
    channel: Option<usize>,
}

/// The objects of a slice.
#[derive(Serialize, Tsify)]
pub struct ObjectsRecord {
    width: usize,
    height: usize,
    count: usize,
    columns: Vec<ObjectColumn>,
    /// `[object][column]`, in the order of the objects' numbers, which run from 1; NaN where there is none.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float64Array<ArrayBuffer>")]
    values: Float64Array,
    /// Object of each pixel, row by row; 0 is the background.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint32Array<ArrayBuffer>")]
    numbers: Uint32Array,
    /// Tint of each pixel, from 1 on: objects side by side never have the same.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array<ArrayBuffer>")]
    tints: Uint8Array,
}

/// The objects of a slice after corrections by hand.
#[derive(Serialize, Tsify)]
pub struct CorrectedRecord {
    objects: ObjectsRecord,
    /// Class of each pixel.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array<ArrayBuffer>")]
    classes: Uint8Array,
    /// Whether each correction changed anything.
    done: Vec<bool>,
}

/// A slice whose objects are to be saved, or corrected.
#[derive(Deserialize, Tsify)]
pub struct ObjectsOf {
    scan: f64,
    slice: f64,
    /// Of the file.
    name: String,
    /// Of the classes, 1 and up.
    classes: Vec<Class>,
    /// Class of each pixel.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array")]
    labels: Uint8Array,
    /// Object of each pixel.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint32Array")]
    numbers: Uint32Array,
    /// Probability of each class, `[class][row][column]`, of a slice whose probabilities are to be saved.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array")]
    probability: Float32Array,
    /// Micrometres from column to column and from row to row, if they are known; `undefined`: as the file says.
    micrometres: Option<[f64; 2]>,
}

/// Results of many images on their way into one ZIP archive.
#[derive(Default)]
pub(super) struct Packing {
    zip: Zip,
    files: Files,
    kinds: Vec<Kind>,
}

#[wasm_bindgen]
impl Engine {
    /// Tells the objects of a slice apart, and measures them. `threshold`, `head`, `onProgress` and `along` as in `segment`; `tintCount`: so many
    /// tints are used, if they are enough.
    #[allow(clippy::too_many_arguments)] // what crosses is flat
    pub async fn objects(
        &self,
        id: f64,
        slice: f64,
        threshold: Option<f64>,
        head: f64,
        settings: Ts<ObjectSettings>,
        #[wasm_bindgen(js_name = tintCount)] tint_count: f64,
        #[wasm_bindgen(js_name = onProgress)] on_progress: Option<OnProgress>,
        along: Option<String>,
    ) -> Result<Ts<ObjectsRecord>, Thrown> {
        let (model, scan) = (self.loaded()?, self.scan(id)?);
        let settings: ObjectSettings = take(&settings, "settings of objects")?;
        let threshold = match threshold {
            Some(value) => probability(value, "threshold")?,
            None => model.card.threshold,
        };
        let (prediction, _) =
            self.prediction(id, slice, 0, head, along, With::progress(on_progress.as_ref())).await?;
        let split = (settings.split > 0.0).then_some(settings.split);
        let options = InstanceOptions {
            threshold,
            min_pixels: settings.min_pixels,
            split,
            ..InstanceOptions::default()
        };
        let refinement = Refinement {
            fill_holes: settings.fill_holes,
            without_border: settings.without_border,
            smoothing: settings.smoothing.min(MAX_SMOOTHING),
        };
        let of = (&*scan, whole(slice, "slice")?, "");
        let found = results::found(of, &model.card, &prediction, &options, &refinement)?;
        Ok(give(&ObjectsRecord::new(&found, some_tints(tint_count)?))?)
    }

    /// Corrects the objects of a slice, each edit after those before it, and measures them. `tintCount` as in `objects`.
    #[wasm_bindgen(js_name = correctObjects)]
    pub fn correct_objects(
        &self,
        of: Ts<ObjectsOf>,
        edits: Vec<Ts<Edit>>,
        #[wasm_bindgen(js_name = tintCount)] tint_count: f64,
    ) -> Result<Ts<CorrectedRecord>, Thrown> {
        let of: ObjectsOf = take(&of, "objects")?;
        let edits =
            edits.iter().map(|edit| take(edit, "correction of objects")).collect::<Result<Vec<Edit>>>()?;
        let scan = self.scan(of.scan)?;
        let place = (&*scan, whole(of.slice, "slice")?, of.name.as_str());
        let (classes, numbers) = (of.labels.to_vec(), of.numbers.to_vec());
        let (found, classes, done) = results::corrected(place, &of.classes, classes, numbers, &edits)?;
        let objects = ObjectsRecord::new(&found, some_tints(tint_count)?);
        Ok(give(&CorrectedRecord { objects, classes: bytes(&classes), done })?)
    }

    /// One file of a slice's objects: `mask`, `objects`, `csv`, `roi`, `geojson`, `coco`, `overlay` or `probability`.
    #[wasm_bindgen(js_name = objectsFile, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn objects_file(&self, kind: String, of: Ts<ObjectsOf>) -> Result<Uint8Array, Thrown> {
        let kind = Kind::from_name(&kind)?;
        let of = take(&of, "objects")?;
        let found = self.found(&of)?;
        let mut files = Files::default();
        let scan = self.scan(of.scan)?;
        let (labels, probability) = (of.labels.to_vec(), of.probability.to_vec());
        let file = files.add(kind, &scan, (&labels, &probability), &found)?.or_else(|| files.whole(kind));
        Ok(bytes(&file.unwrap_or_default()))
    }

    /// The end of the name that such a file has, behind a point.
    #[wasm_bindgen(js_name = fileEnding)]
    pub fn file_ending(&self, kind: String) -> Result<String, Thrown> {
        Ok(ending(Kind::from_name(&kind)?).into())
    }

    /// Begins an archive of these kinds of files, in the place of one that was begun before.
    #[wasm_bindgen(js_name = packBegin)]
    pub fn pack_begin(&self, kinds: Vec<String>) -> Result<(), Thrown> {
        let kinds = kinds.iter().map(|kind| Kind::from_name(kind)).collect::<Result<Vec<_>>>()?;
        self.packing.replace(Some(Packing { kinds, ..Packing::default() }));
        Ok(())
    }

    /// Adds the files of a slice, called by `stem`, and gives the bytes by which the archive grew.
    #[wasm_bindgen(js_name = packAdd, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn pack_add(&self, stem: String, of: Ts<ObjectsOf>) -> Result<Uint8Array, Thrown> {
        let of = take(&of, "objects")?;
        let (found, scan) = (self.found(&of)?, self.scan(of.scan)?);
        let (labels, probability) = (of.labels.to_vec(), of.probability.to_vec());
        let mut packing = self.packing.borrow_mut();
        let Packing { zip, files, kinds } = packing.as_mut().ok_or_else(no_packing)?;
        for kind in kinds.iter() {
            if let Some(file) = files.add(*kind, &scan, (&labels, &probability), &found)? {
                zip.add(&format!("{stem}.{}", ending(*kind)), &file)?;
            }
        }
        Ok(bytes(&zip.take()))
    }

    /// Ends the archive with the files of all images, and gives its last bytes.
    #[wasm_bindgen(js_name = packEnd, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn pack_end(&self) -> Result<Uint8Array, Thrown> {
        let Packing { mut zip, files, kinds } = self.packing.take().ok_or_else(no_packing)?;
        for kind in kinds {
            if let (Some(name), Some(file)) = (kind.of_all(), files.whole(kind)) {
                zip.add(name, &file)?;
            }
        }
        Ok(bytes(&zip.finish()?))
    }
}

impl Engine {
    /// # Errors
    /// `scan.closed`, `scan.slice`, `export.shape`, `argument`.
    fn found(&self, of: &ObjectsOf) -> Result<Objects> {
        let scan = self.scan(of.scan)?;
        let slice = whole(of.slice, "slice")?;
        let mut found = results::measured(
            (&scan, slice, &of.name),
            &of.classes,
            &of.labels.to_vec(),
            of.numbers.to_vec(),
        )?;
        if let Some([x, y]) = of.micrometres {
            let millimetres = |value: f64| Ok::<_, Error>(finite(value, "distance of pixels")? / 1000.0);
            found.spacing = Some([millimetres(x)?, millimetres(y)?]);
        }
        Ok(found)
    }
}

impl ObjectsRecord {
    fn new(found: &Objects, tint_count: u8) -> Self {
        let channels = found.measurements.first().map_or(0, |m| m.intensity.len());
        let shape = COLUMNS.iter().map(|(key, kind)| ObjectColumn { key, kind: *kind, channel: None });
        let of_channels = (0..channels).flat_map(|channel| {
            OF_CHANNEL.iter().map(move |key| ObjectColumn {
                key,
                kind: ColumnKind::Value,
                channel: (channels > 1).then_some(channel),
            })
        });
        let values: Vec<f64> = found.measurements.iter().flat_map(values).collect();
        let tints = tints(&found.numbers, found.width, tint_count);
        let tints: Vec<u8> = found.numbers.iter().map(|n| tints[*n as usize]).collect();
        Self {
            width: found.width,
            height: found.height,
            count: found.measurements.len(),
            columns: shape.chain(of_channels).collect(),
            values: Float64Array::from(values.as_slice()),
            numbers: Uint32Array::from(found.numbers.as_slice()),
            tints: bytes(&tints),
        }
    }
}

/// In the order of the columns.
fn values(m: &Measurement) -> impl Iterator<Item = f64> {
    let shape = [
        f64::from(m.object),
        f64::from(m.class),
        m.area as f64,
        m.equivalent_diameter,
        m.perimeter,
        m.feret.length,
        m.axes[0],
        m.axes[1],
        m.circularity,
        m.eccentricity,
        m.solidity,
        m.orientation,
        m.centroid[0],
        m.centroid[1],
    ];
    shape.into_iter().chain(m.intensity.iter().flat_map(|i| [i.mean, i.min, i.max, i.integrated]))
}

fn some_tints(count: f64) -> Result<u8> {
    Ok(whole(count, "number of tints")?.clamp(1, 200) as u8)
}

fn no_packing() -> Error {
    Error::invalid("export.none", "No archive is being packed. Save anew.")
}
