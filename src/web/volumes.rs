//! Labels of whole volumes: laid over a scan from files of other programs, and written for these.

use std::borrow::Cow;

use js_sys::{Date, Math, Uint8Array};
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::{filled, whole};
use super::engine::Engine;
use super::failure::Thrown;
use super::records::{bytes, give, take};
use crate::error::{Error, Result};
use crate::export::{Algorithm, LabelClass, Making, Property};
use crate::label::{FileClass, LabelFile, Page, read_marks};
use crate::results::{Contents, Kind, class_sizes, label_class, largest_pieces, volume_file};
use crate::scan::{Scan, zeroed};
use crate::volume::{Connectivity3, DenseLabels, Runs, SliceArea, Stack, VolumeMeasurement};
use crate::weights::Class;

/// Labels of the slices of an image.
#[derive(Serialize, Deserialize, Tsify)]
pub struct LabelPages {
    /// Of the values from 1 on.
    classes: Vec<PageClass>,
    /// Slices with labels.
    pages: Vec<LabelPage>,
}

/// A class of them.
#[derive(Serialize, Deserialize, Tsify)]
#[tsify(missing_as_null)]
pub struct PageClass {
    name: Option<String>,
    /// `#rrggbb`.
    colour: Option<String>,
}

/// One slice.
#[derive(Serialize, Deserialize, Tsify)]
pub struct LabelPage {
    slice: usize,
    /// `[row][column]`: 0 background, 1 and up the classes, 255 not labelled.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array")]
    values: Uint8Array,
}

/// Labels that were laid over a scan.
#[derive(Serialize, Tsify)]
pub struct Marks {
    labels: LabelPages,
    /// What a person should know, in sentences.
    notes: Vec<String>,
}

/// What a file of a volume says of its making.
#[derive(Deserialize, Tsify)]
pub struct VolumeMaking {
    /// What the labels are, in words.
    description: String,
    /// Who made them.
    by: Maker,
    /// The model's title, of what no person painted.
    model: String,
    /// What each class is in the patient: `id` of one of the constants' properties, or empty: what its name says.
    codes: Vec<String>,
    /// In the place of who the patient is, in DICOM; empty: as the images say.
    pseudonym: String,
}

/// Who made labels: a person, a model that a person corrected, a model alone.
#[derive(Clone, Copy, Deserialize, Tsify)]
#[serde(rename_all = "lowercase")]
pub enum Maker {
    Manual,
    Semiautomatic,
    Automatic,
}

/// What is measured of labels in 3-D.
#[derive(Serialize, Tsify)]
pub struct VolumeSizes {
    /// A row for each class that is there; `number` is the class.
    classes: Vec<VolumeMeasurement>,
    /// A row for each slice and class.
    slices: Vec<SliceArea>,
}

/// Pieces of a volume.
#[derive(Serialize, Tsify)]
pub struct PieceSizes {
    /// The largest, `number` as `removePiece` takes it.
    pieces: Vec<VolumeMeasurement>,
    /// How many there are in all.
    count: usize,
}

/// Pieces that are listed at most.
const MAX_PIECES: usize = 500;

/// The labels of the channel and time that a slice is of, in one piece.
fn dense<'a>(scan: &'a Scan, slice: f64, labels: &Ts<LabelPages>) -> Result<(Stack<'a>, Vec<u8>)> {
    let labels: LabelPages = take(labels, "labels")?;
    let (stack, _) = Stack::around(scan, whole(slice, "slice")?);
    let size = stack.size();
    let area = size[0] * size[1];
    let mut voxels = zeroed::<u8>(area * size[2])?;
    for LabelPage { slice, values } in labels.pages {
        filled(values.length() as usize, &[scan.width, scan.height], "labels")?;
        let depth = (0..size[2]).find(|depth| stack.slice(*depth) == slice);
        let place = depth.and_then(|depth| voxels.get_mut(depth * area..(depth + 1) * area));
        if let Some(place) = place {
            values.copy_to(place);
        }
    }
    Ok((stack, voxels))
}

impl TryFrom<LabelPages> for LabelFile {
    type Error = Error;

    fn try_from(LabelPages { classes, pages }: LabelPages) -> Result<Self> {
        let classes =
            classes.into_iter().map(|PageClass { name, colour }| FileClass { name, colour }).collect();
        let page =
            |LabelPage { slice, values }: LabelPage| Page { slice: Some(slice), values: values.to_vec() };
        Ok(Self { classes, pages: pages.into_iter().map(page).collect() })
    }
}

#[wasm_bindgen]
impl Engine {
    /// Lays the labels of a file over a scan: DICOM SEG and RTSTRUCT by the images that they were drawn on, volumes by where they lie in the
    /// patient. `labels.elsewhere` if they belong to other images.
    #[wasm_bindgen(js_name = marksOnto)]
    pub fn marks_onto(&self, id: f64, file: Vec<u8>, name: String) -> Result<Ts<Marks>, Thrown> {
        let scan = self.scan(id)?;
        let (LabelFile { classes, pages }, notes) = read_marks(&file, &name, &scan)?;
        let classes =
            classes.into_iter().map(|FileClass { name, colour }| PageClass { name, colour }).collect();
        let page = |page: Page| {
            Some(LabelPage { slice: page.slice?, values: Uint8Array::from(page.values.as_slice()) })
        };
        let labels = LabelPages { classes, pages: pages.into_iter().filter_map(page).collect() };
        Ok(give(&Marks { labels, notes })?)
    }

    /// The largest pieces of a class of a volume, or with class 0 of all, the largest first. `slice` as for `measureVolume`; `neighbours`: 6, 18 or
    /// 26, what hangs together.
    #[wasm_bindgen(js_name = measurePieces)]
    pub fn measure_pieces(
        &self,
        id: f64,
        slice: f64,
        labels: Ts<LabelPages>,
        class: f64,
        neighbours: f64,
    ) -> Result<Ts<PieceSizes>, Thrown> {
        let scan = self.scan(id)?;
        let (stack, mut voxels) = dense(&scan, slice, &labels)?;
        let connectivity = Connectivity3::of(whole(neighbours, "number of neighbours")?.min(255) as u8)?;
        let class = whole(class, "class")?.min(255) as u8;
        let runs = Runs::of_class(&DenseLabels::new(stack.size(), &mut voxels)?, class)?;
        let (pieces, count) = largest_pieces(&scan, &stack, runs, connectivity, MAX_PIECES)?;
        Ok(give(&PieceSizes { pieces, count })?)
    }

    /// Sizes of the classes of a volume. `slice`: any of the channel and time that are meant; in the rows slices are numbered by their depth.
    #[wasm_bindgen(js_name = measureVolume)]
    pub fn measure_volume(
        &self,
        id: f64,
        slice: f64,
        labels: Ts<LabelPages>,
    ) -> Result<Ts<VolumeSizes>, Thrown> {
        let scan = self.scan(id)?;
        let (stack, mut voxels) = dense(&scan, slice, &labels)?;
        let runs = Runs::of(&DenseLabels::new(stack.size(), &mut voxels)?)?;
        let (classes, slices) = class_sizes(&scan, &stack, &runs)?;
        Ok(give(&VolumeSizes { classes, slices })?)
    }

    /// What the names of classes say that they are: for each the `id` of one of the constants' properties.
    #[wasm_bindgen(js_name = codesOf)]
    pub fn codes_of(&self, names: Vec<String>) -> Vec<String> {
        names.iter().map(|name| Property::guessed(name).id.into()).collect()
    }

    /// All slices as one file that lies over the scan: of labels `seg`, `rtstruct`, `nifti`, `nrrd`, `ome-tiff`; of probabilities
    /// `probability-nifti`, `probability-seg`, whose pages hold `[class][row][column]` in steps of 1 / 255.
    #[wasm_bindgen(js_name = volumeFile, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn volume_file(
        &self,
        id: f64,
        kind: String,
        classes: Vec<Ts<Class>>,
        labels: Ts<LabelPages>,
        making: Ts<VolumeMaking>,
    ) -> Result<Uint8Array, Thrown> {
        let scan = self.scan(id)?;
        let kind = Kind::from_name(&kind)?;
        let labels: LabelPages = take(&labels, "labels")?;
        let making: VolumeMaking = take(&making, "making")?;
        let code = |i: usize| making.codes.get(i).map_or("", String::as_str);
        let classes: Vec<LabelClass> = (classes.iter().enumerate())
            .map(|(i, class)| label_class(&take::<Class>(class, "class")?, code(i)))
            .collect::<Result<_>>()?;
        let planes = if kind.is_probability() { classes.len() } else { 1 };
        // They stay where they are, and come here slice by slice.
        let mut slices = vec![None; scan.slices];
        for LabelPage { slice, values } in labels.pages {
            filled(values.length() as usize, &[scan.width, scan.height, planes], "labels")?;
            let place =
                slices.get_mut(slice).ok_or_else(|| Error::invalid("argument", "There is no such slice."))?;
            *place = Some(values);
        }
        let now = String::from(Date::new_0().to_iso_string());
        let digits: String = now.chars().filter(char::is_ascii_digit).collect();
        let (date, time) = (digits.get(..8).unwrap_or_default(), digits.get(8..14).unwrap_or_default());
        let entropy = [Math::random(), Math::random()].map(f64::to_bits).map(u64::to_le_bytes).concat();
        let made = Making {
            entropy: &entropy,
            date,
            time,
            description: &making.description,
            algorithm: match making.by {
                Maker::Manual => Algorithm::Manual,
                Maker::Semiautomatic => Algorithm::Semiautomatic,
                Maker::Automatic => Algorithm::Automatic,
            },
            algorithm_name: &making.model,
            pseudonym: &making.pseudonym,
        };
        let area = (scan.width * scan.height) as u32;
        let plane = |slice: usize, class: u32| -> Cow<'_, [u8]> {
            let values = slices.get(slice).and_then(Option::as_ref);
            values.map_or(Vec::new(), |v| v.subarray(class * area, (class + 1) * area).to_vec()).into()
        };
        let labels = |slice: usize| plane(slice, 0);
        let probability = |class: usize, slice: usize| plane(slice, class as u32 - 1);
        let contents = Contents { classes: &classes, labels: &labels, probability: &probability };
        Ok(bytes(&volume_file(kind, &scan, contents, &made)?))
    }
}
