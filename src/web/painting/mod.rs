//! Labels that are painted: what the labelling worker owns.

mod files;
mod outcome;
mod solid;
mod tools;
mod volume;

use std::cell::RefCell;

use js_sys::{Float32Array, Uint8Array};
use tsify::Ts;
use wasm_bindgen::prelude::wasm_bindgen;

use super::arguments::{finite, whole};
use super::failure::Thrown;
use super::records::{bytes, give, take};
use crate::error::{Error, Result};
use crate::label::{Changes, Documents, Rect};
use crate::scan::Image;
use crate::weights::Class;
use outcome::{Outcome, Piece, outcome, piece};

/// Documents that are painted, their classes, their history, and the grey values of one slice. One document
/// is the labels of one file, all its slices. Coordinates are pixels of the image, x right, y down, a pixel's centre at .5.
/// Values: 0 background, 1 and up classes, 255 not labelled. What fails changes nothing.
#[wasm_bindgen]
#[derive(Default)]
pub struct Painter {
    documents: RefCell<Documents>,
    grey: RefCell<Option<Grey>>,
}

/// Grey values of a slice.
struct Grey {
    document: u32,
    slice: usize,
    image: Image,
    /// Largest less smallest value of those that are finite.
    range: f32,
}

#[wasm_bindgen]
impl Painter {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Painter {
        Painter::default()
    }

    /// A document without labels; the classes are those of all documents.
    pub fn add(&self, doc: f64, width: f64, height: f64, slices: f64) -> Result<Ts<Outcome>, Thrown> {
        let size = [whole(width, "width")?, whole(height, "height")?, whole(slices, "number of slices")?];
        let doc = number(doc)?;
        self.change(|all| all.add(doc, size[0], size[1], size[2]).map(|()| Changes::default()))
    }

    /// Forgets a document.
    pub fn remove(&self, doc: f64) -> Result<Ts<Outcome>, Thrown> {
        let doc = number(doc)?;
        let grey = self.grey.take().filter(|grey| grey.document != doc);
        self.grey.replace(grey);
        self.change(|all| all.remove(doc).map(|()| Changes::default()))
    }

    /// Keeps the grey values of a slice, for flood and wand, in the place of those before.
    pub fn image(&self, doc: f64, slice: f64, values: Float32Array) -> Result<(), Thrown> {
        let (document, slice) = (number(doc)?, whole(slice, "slice")?);
        let all = self.documents.borrow();
        let map = all.map(document)?;
        map.counts(slice)?;
        // A length that is wrong is refused before a copy is made of it.
        super::arguments::filled(values.length() as usize, &[map.width(), map.height()], "grey values")?;
        let image = Image::new(map.width(), map.height(), 1, values.to_vec())?;
        let finite = image.plane(0).iter().filter(|v| v.is_finite());
        let (low, high) =
            finite.fold((f32::INFINITY, f32::NEG_INFINITY), |(low, high), v| (low.min(*v), high.max(*v)));
        self.grey.replace(Some(Grey { document, slice, image, range: (high - low).max(0.0) }));
        Ok(())
    }

    /// Between `begin` and `end` all calls are one command.
    pub fn begin(&self) {
        self.documents.borrow_mut().begin();
    }

    /// Ends the open command.
    pub fn end(&self) -> Result<Ts<Outcome>, Thrown> {
        self.change(|all| Ok(all.end()))
    }

    /// Gives the open command up.
    pub fn cancel(&self) -> Result<Ts<Outcome>, Thrown> {
        self.change(|all| Ok(all.cancel()))
    }

    /// Takes all labels of all documents away.
    #[wasm_bindgen(js_name = clearAll)]
    pub fn clear_all(&self) -> Result<Ts<Outcome>, Thrown> {
        self.change(Documents::clear_all)
    }

    /// A class at the end of the table; without a colour the next of the palette.
    #[wasm_bindgen(js_name = addClass)]
    pub fn add_class(&self, name: String, colour: Option<String>) -> Result<Ts<Outcome>, Thrown> {
        self.change(|all| all.add_class(&name, colour.as_deref()))
    }

    /// Gives a class another name.
    #[wasm_bindgen(js_name = renameClass)]
    pub fn rename_class(&self, value: f64, name: String) -> Result<Ts<Outcome>, Thrown> {
        let value = class(value)?;
        self.change(|all| all.rename_class(value, &name))
    }

    /// Gives a class another colour, `#rrggbb`.
    #[wasm_bindgen(js_name = recolourClass)]
    pub fn recolour_class(&self, value: f64, colour: String) -> Result<Ts<Outcome>, Thrown> {
        let value = class(value)?;
        self.change(|all| all.recolour_class(value, &colour))
    }

    /// Takes a class away; its pixels become `instead`.
    #[wasm_bindgen(js_name = removeClass)]
    pub fn remove_class(&self, value: f64, instead: f64) -> Result<Ts<Outcome>, Thrown> {
        let (value, instead) = (class(value)?, class(instead)?);
        self.change(|all| all.remove_class(value, instead))
    }

    /// Moves a class to another place of the table.
    #[wasm_bindgen(js_name = moveClass)]
    pub fn move_class(&self, from: f64, to: f64) -> Result<Ts<Outcome>, Thrown> {
        let (from, to) = (class(from)?, class(to)?);
        self.change(|all| all.move_class(from, to))
    }

    /// Without labels and history: takes these classes, as a model's.
    #[wasm_bindgen(js_name = setClasses)]
    pub fn set_classes(&self, classes: Vec<Ts<Class>>) -> Result<Ts<Outcome>, Thrown> {
        let classes = classes.iter().map(|class| take(class, "class")).collect::<Result<_>>()?;
        self.change(|all| all.set_classes(classes))
    }

    /// Takes the last command over all documents back, whichever they are.
    pub fn undo(&self) -> Result<Ts<Outcome>, Thrown> {
        self.change(|all| Ok(all.undo()))
    }

    /// Does it again.
    pub fn redo(&self) -> Result<Ts<Outcome>, Thrown> {
        self.change(|all| Ok(all.redo()))
    }

    /// All values of a slice.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn read(&self, doc: f64, slice: f64) -> Result<Uint8Array, Thrown> {
        let all = self.documents.borrow();
        let map = all.map(number(doc)?)?;
        Ok(bytes(&map.read(whole(slice, "slice")?, map.bounds())?))
    }

    /// What a slice shows, in pieces: nothing for what is not labelled.
    pub fn pieces(&self, doc: f64, slice: f64) -> Result<Vec<Ts<Piece>>, Thrown> {
        let (doc, slice) = (number(doc)?, whole(slice, "slice")?);
        let all = self.documents.borrow();
        let rects = all.map(doc)?.painted(slice)?;
        let piece = |rect| give(&piece(&all, doc, slice, rect)?);
        Ok(rects.into_iter().map(piece).collect::<Result<_>>()?)
    }
}

impl Painter {
    /// Changes something and tells what that was. What fails changes nothing.
    fn change(&self, work: impl FnOnce(&mut Documents) -> Result<Changes>) -> Result<Ts<Outcome>, Thrown> {
        let mut all = self.documents.borrow_mut();
        let changes = work(&mut all)?;
        Ok(give(&outcome(&all, &changes)?)?)
    }

    /// A place and its document's bounds: column and row of the pixel that a point lies in.
    fn pixel(&self, bounds: Rect, x: f64, y: f64) -> Result<(usize, usize)> {
        let (x, y) = (finite(x, "place")?.floor(), finite(y, "place")?.floor());
        let inside = x >= 0.0 && y >= 0.0 && x < bounds.width as f64 && y < bounds.height as f64;
        inside
            .then_some((x as usize, y as usize))
            .ok_or_else(|| Error::invalid("label.seed", "The place to start from lies outside of the image."))
    }
}

/// The number of a document.
fn number(doc: f64) -> Result<u32> {
    whole(doc, "document").map(|doc| doc as u32)
}

/// The value of a class.
fn class(value: f64) -> Result<u8> {
    let value = whole(value, "class")?;
    u8::try_from(value).map_err(|_| {
        Error::invalid("label.class", format!("There is no class {value}; classes go up to 254."))
    })
}
