//! What a command changed, as the page gets it.

use js_sys::{Array, Object, Uint8Array};
use serde::Serialize;
use wasm_bindgen::JsValue;

use crate::error::Result;
use crate::label::{Changes, Documents, Rect};
use crate::web::records::{set, to_js};
use crate::weights::Class;

/// All of an outcome but its pieces, whose values serde would copy one by one.
#[derive(Serialize)]
struct Outcome<'a> {
    at: Option<At>,
    classes: &'a [Class],
    steps: Steps,
    counts: Vec<u64>,
    labelled: Vec<Labelled>,
}

#[derive(Serialize)]
struct At {
    doc: u32,
    slice: usize,
}

#[derive(Serialize)]
struct Steps {
    undo: usize,
    redo: usize,
}

#[derive(Serialize)]
struct Labelled {
    doc: u32,
    slice: usize,
    counts: Vec<u64>,
}

/// `{ pieces, at, classes, steps, counts, labelled }`.
pub(super) fn outcome(all: &Documents, changes: &Changes) -> Result<JsValue> {
    let mut counts = vec![0; all.classes().len() + 1];
    let mut labelled = Vec::new();
    for (doc, map) in all.iter() {
        for slice in map.labelled_slices() {
            let here = map.counts(slice)?;
            counts.iter_mut().zip(&here).for_each(|(sum, n)| *sum += n);
            labelled.push(Labelled { doc, slice, counts: here });
        }
    }
    let (undo, redo) = all.steps();
    let record = to_js(&Outcome {
        at: changes.areas.first().map(|(doc, area)| At { doc: *doc, slice: area.slice }),
        classes: all.classes().as_slice(),
        steps: Steps { undo, redo },
        counts,
        labelled,
    })?;
    let pieces: Array = changes
        .areas
        .iter()
        .map(|(doc, area)| piece(all, *doc, area.slice, area.rect))
        .collect::<Result<_>>()?;
    set(&record, "pieces", pieces)?;
    Ok(record)
}

/// `{ doc, slice, x, y, width, height, values }`.
pub(super) fn piece(all: &Documents, doc: u32, slice: usize, rect: Rect) -> Result<JsValue> {
    let values = all.map(doc)?.read(slice, rect)?;
    let piece = JsValue::from(Object::new());
    let place = [
        ("doc", doc as usize),
        ("slice", slice),
        ("x", rect.x),
        ("y", rect.y),
        ("width", rect.width),
        ("height", rect.height),
    ];
    for (name, value) in place {
        set(&piece, name, value as f64)?;
    }
    set(&piece, "values", Uint8Array::from(&values[..]))?;
    Ok(piece)
}
