//! Volumes of numbers (NIfTI, NRRD, MetaImage, TIFF) as labels of another scan.

use std::collections::BTreeSet;

use super::{MarkedClass, OTHER_GRID, Placed, Sheet, elsewhere};
use crate::error::{Error, Result};
use crate::scan::limits::zeroed;
use crate::scan::{SampleType, Scan, nrrd};

/// Whole numbers beyond are not all of them 32-bit floats.
const MAX_VALUE: f32 = 16_777_216.0;

/// What a value of a volume means.
#[derive(Clone, Debug, PartialEq)]
pub struct LabelValue {
    pub value: u32,
    pub class: MarkedClass,
}

/// The segments of a `.seg.nrrd` file (3D Slicer), by its header: names, colours and values. Nothing for other files.
pub fn segment_values(bytes: &[u8]) -> Vec<LabelValue> {
    let mut found = Vec::new();
    let Some(fields) = nrrd::fields(bytes) else { return found };
    for number in 0..MarkedClass::MAX_COUNT {
        let field = |name: &str| fields.key(&format!("Segment{number}_{name}"));
        let Some(value) = field("LabelValue").and_then(|value| value.parse().ok()) else { continue };
        let parts: Vec<f64> =
            field("Color").unwrap_or_default().split(' ').filter_map(|v| v.parse().ok()).collect();
        let colour = parts.first_chunk::<3>().map(|rgb| rgb.map(|v| (v * 255.0).round() as u8));
        let name = field("Name").map(str::trim).filter(|name| !name.is_empty()).map(String::from);
        found.push(LabelValue { value, class: MarkedClass { name, colour } });
    }
    found
}

/// Lays whole numbers over a scan, by where both lie in the patient: axes may be exchanged and run the other way; on another grid each
/// voxel takes the nearest one's. Where one of the two says no place, voxel on voxel, if both have the same size.
///
/// `known`: what values mean; all others become classes in rising order behind them. 255 of 8 bits is "not labelled" where other values
/// occur besides.
///
/// # Errors
/// `label.shape`, `label.import.values`, `label.import.colours`, `labels.elsewhere`.
pub fn place_scan(labels: &Scan, onto: &Scan, known: &[LabelValue]) -> Result<Placed> {
    let (values, classes) = ranked(labels, known)?;
    let size = [labels.width, labels.height, labels.slices];
    let [across, down, _] = size;
    let mut sheet = Sheet::new(onto);
    let mut notes = Vec::new();
    let (Some(from), Some(to)) = (labels.geometry, onto.geometry) else {
        if size != [onto.width, onto.height, onto.slices] {
            return Err(Error::invalid(
                "label.shape",
                format!(
                    "This file has {} x {} x {} voxels and the image has {} x {} x {}; where one of them does not say how it lies in the patient, labels need the same size.",
                    across, down, labels.slices, onto.width, onto.height, onto.slices
                ),
            ));
        }
        if labels.geometry.is_some() != onto.geometry.is_some() {
            notes.push("One of the two files does not say how it lies in the patient, so the labels lie on the image as both are shown.".into());
        }
        let area = across * down;
        for slice in 0..onto.slices {
            sheet.lay(slice, &mut |i| values.get(slice * area + i).copied().unwrap_or(0))?;
        }
        return Ok(sheet.placed(classes, notes));
    };
    let flat = || elsewhere("It is not known how their voxels lie in the patient: their geometry is flat.");
    let at = |voxel: [f64; 3]| from.voxel_of(to.at(voxel)).ok_or_else(flat);
    let first = at([0.0; 3])?;
    let mut steps = [[0.0; 3]; 3];
    for (step, voxel) in steps.iter_mut().zip([[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]) {
        *step = at(voxel)?;
        step.iter_mut().zip(first).for_each(|(v, first)| *v -= first);
    }
    let [right, below, next] = steps;
    let whole = |v: &f64| (v - v.round()).abs() < 0.01;
    let exact = steps.as_flattened().iter().chain(&first).all(whole)
        && (from.voxel_volume() / to.voxel_volume() - 1.0).abs() < 0.01;
    let mut inside = false;
    for slice in 0..onto.slices {
        sheet.lay(slice, &mut |i| {
            let (x, y, z) = ((i % onto.width) as f64, (i / onto.width) as f64, slice as f64);
            let mut place = 0;
            // From the slowest axis on.
            for ((((first, right), below), next), size) in
                first.iter().zip(&right).zip(&below).zip(&next).zip(&size).rev()
            {
                let v = (first + x * right + y * below + z * next + 0.5).floor();
                if !(0.0..*size as f64).contains(&v) {
                    return 0;
                }
                place = place * size + v as usize;
            }
            inside = true;
            values.get(place).copied().unwrap_or(0)
        })?;
    }
    if !inside {
        return Err(elsewhere("They lie at another place of the patient."));
    }
    if !exact {
        notes.push(OTHER_GRID.into());
    }
    Ok(sheet.placed(classes, notes))
}

/// The class of each voxel, and the classes.
fn ranked(labels: &Scan, known: &[LabelValue]) -> Result<(Vec<u8>, Vec<MarkedClass>)> {
    let mut seen = BTreeSet::new();
    let every = |visit: &mut dyn FnMut(usize, u32)| -> Result<()> {
        for slice in 0..labels.slices {
            let image = labels.slice(slice)?;
            if (1..image.channels).any(|channel| image.plane(channel) != image.plane(0)) {
                return Err(Error::unsupported(
                    "label.import.colours",
                    "This picture tells classes by colours. Save it with grey values: one number a class.",
                ));
            }
            for (i, value) in image.plane(0).iter().enumerate() {
                if !(0.0..=MAX_VALUE).contains(value) || value.fract() != 0.0 {
                    return Err(Error::invalid(
                        "label.import.values",
                        format!(
                            "This file has voxels of value {value}. Labels are whole numbers from 0 on, one a class."
                        ),
                    ));
                }
                visit(slice * labels.width * labels.height + i, *value as u32);
            }
        }
        Ok(())
    };
    let mut last = 0;
    every(&mut |_, value| {
        if value != last && seen.len() <= 2 * MarkedClass::MAX_COUNT {
            seen.insert(value);
        }
        last = value;
    })?;
    seen.remove(&0);
    let void = labels.sample == SampleType::U8
        && seen.len() > 1
        && !known.iter().any(|k| k.value == 255)
        && seen.remove(&255);
    let named = known.iter().filter(|k| k.value != 0).map(|k| (k.value, k.class.clone()));
    let mut classes: Vec<(u32, MarkedClass)> = named.collect();
    let rest = seen.into_iter().filter(|value| !known.iter().any(|k| k.value == *value));
    classes.extend(rest.map(|value| (value, MarkedClass::default())));
    if classes.len() > MarkedClass::MAX_COUNT {
        return Err(Error::invalid(
            "label.import.values",
            "This file has more than 254 different values, so they are no classes: it may be an image, or number single objects.",
        ));
    }
    let mut places: Vec<(u32, u8)> =
        classes.iter().zip(1..).map(|((value, _), place)| (*value, place)).collect();
    places.sort_unstable();
    let mut out = zeroed::<u8>(labels.width * labels.height * labels.slices)?;
    let (mut last, mut class) = (0, 0);
    every(&mut |i, value| {
        if value != last {
            let place = places.binary_search_by_key(&value, |(value, _)| *value).ok();
            let found = place.and_then(|place| places.get(place)).map(|(_, class)| *class);
            (last, class) = (value, found.unwrap_or(if void && value == 255 { 255 } else { 0 }));
        }
        if let Some(out) = out.get_mut(i) {
            *out = class;
        }
    })?;
    Ok((out, classes.into_iter().map(|(_, class)| class).collect()))
}
