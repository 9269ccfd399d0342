//! What a command changed, as the page gets it.

use js_sys::Uint8Array;
use serde::Serialize;
use tsify::Tsify;

use crate::error::Result;
use crate::label::{Changes, Documents, Rect};
use crate::weights::Class;

/// What a finished command changed.
#[derive(Serialize, Tsify)]
#[tsify(missing_as_null)]
pub struct Outcome {
    /// Empty if nothing changed: then it was no step. Of undo and redo: everything to draw anew.
    pieces: Vec<Piece>,
    /// Where to look: the first document and slice that changed; `null` if only classes did.
    at: Option<Place>,
    classes: Vec<Class>,
    steps: Steps,
    /// Labelled pixels of all documents: background, then each class.
    counts: Vec<u64>,
    /// Slices with labels, with their own counts.
    labelled: Vec<LabelledCounts>,
}

/// A rectangle of new values, to be drawn.
#[derive(Serialize, Tsify)]
pub struct Piece {
    doc: u32,
    slice: usize,
    x: usize,
    y: usize,
    width: usize,
    height: usize,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array<ArrayBuffer>")]
    values: Uint8Array,
}

/// What labels that were read from a file changed.
#[derive(Serialize, Tsify)]
pub struct Imported {
    #[serde(flatten)]
    pub outcome: Outcome,
    /// New classes.
    pub added: usize,
}

/// A slice of a document.
#[derive(Serialize, Tsify)]
pub struct Place {
    doc: u32,
    slice: usize,
}

/// Commands that can be undone and redone.
#[derive(Serialize, Tsify)]
pub struct Steps {
    undo: usize,
    redo: usize,
}

/// Labelled pixels of a slice: background, then each class.
#[derive(Serialize, Tsify)]
pub struct LabelledCounts {
    doc: u32,
    slice: usize,
    counts: Vec<u64>,
}

pub(super) fn outcome(all: &Documents, changes: &Changes) -> Result<Outcome> {
    let mut counts = vec![0; all.classes().len() + 1];
    let mut labelled = Vec::new();
    for (doc, map) in all.iter() {
        for slice in map.labelled_slices() {
            let here = map.counts(slice)?;
            counts.iter_mut().zip(&here).for_each(|(sum, n)| *sum += n);
            labelled.push(LabelledCounts { doc, slice, counts: here });
        }
    }
    let (undo, redo) = all.steps();
    let pieces = changes.areas.iter().map(|(doc, area)| piece(all, *doc, area.slice, area.rect));
    Ok(Outcome {
        pieces: pieces.collect::<Result<_>>()?,
        at: changes.areas.first().map(|(doc, area)| Place { doc: *doc, slice: area.slice }),
        classes: all.classes().as_slice().to_vec(),
        steps: Steps { undo, redo },
        counts,
        labelled,
    })
}

pub(super) fn piece(all: &Documents, doc: u32, slice: usize, rect: Rect) -> Result<Piece> {
    let values = all.map(doc)?.read(slice, rect)?;
    let Rect { x, y, width, height } = rect;
    Ok(Piece { doc, slice, x, y, width, height, values: Uint8Array::from(&values[..]) })
}
