//! Labels that are painted: what the labelling worker owns.

mod files;
mod outcome;
mod tools;

use std::cell::RefCell;

use js_sys::{Array, Float32Array, Uint8Array};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::arguments::{finite, whole};
use super::failure::Thrown;
use super::records::{bytes, from_js};
use crate::error::{Error, Result};
use crate::label::{Changes, Documents, Rect};
use crate::scan::Image;
use crate::weights::Class;
use outcome::{outcome, piece};

/// Documents that are painted, their classes, their history, and the grey values of one slice. `www/labels.d.ts` tells
/// what the methods do; those that change something give its `Outcome`.
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

    pub fn add(&self, doc: f64, width: f64, height: f64, slices: f64) -> Result<JsValue, Thrown> {
        let size = [whole(width, "width")?, whole(height, "height")?, whole(slices, "number of slices")?];
        let doc = number(doc)?;
        self.change(|all| all.add(doc, size[0], size[1], size[2]).map(|()| Changes::default()))
    }

    pub fn remove(&self, doc: f64) -> Result<JsValue, Thrown> {
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

    pub fn begin(&self) {
        self.documents.borrow_mut().begin();
    }

    pub fn end(&self) -> Result<JsValue, Thrown> {
        self.change(|all| Ok(all.end()))
    }

    pub fn cancel(&self) -> Result<JsValue, Thrown> {
        self.change(|all| Ok(all.cancel()))
    }

    #[wasm_bindgen(js_name = clearAll)]
    pub fn clear_all(&self) -> Result<JsValue, Thrown> {
        self.change(Documents::clear_all)
    }

    #[wasm_bindgen(js_name = addClass)]
    pub fn add_class(&self, name: String, colour: Option<String>) -> Result<JsValue, Thrown> {
        self.change(|all| all.add_class(&name, colour.as_deref()))
    }

    #[wasm_bindgen(js_name = renameClass)]
    pub fn rename_class(&self, value: f64, name: String) -> Result<JsValue, Thrown> {
        let value = class(value)?;
        self.change(|all| all.rename_class(value, &name))
    }

    #[wasm_bindgen(js_name = recolourClass)]
    pub fn recolour_class(&self, value: f64, colour: String) -> Result<JsValue, Thrown> {
        let value = class(value)?;
        self.change(|all| all.recolour_class(value, &colour))
    }

    #[wasm_bindgen(js_name = removeClass)]
    pub fn remove_class(&self, value: f64, instead: f64) -> Result<JsValue, Thrown> {
        let (value, instead) = (class(value)?, class(instead)?);
        self.change(|all| all.remove_class(value, instead))
    }

    #[wasm_bindgen(js_name = moveClass)]
    pub fn move_class(&self, from: f64, to: f64) -> Result<JsValue, Thrown> {
        let (from, to) = (class(from)?, class(to)?);
        self.change(|all| all.move_class(from, to))
    }

    #[wasm_bindgen(js_name = setClasses)]
    pub fn set_classes(&self, classes: JsValue) -> Result<JsValue, Thrown> {
        let classes: Vec<Class> = from_js(classes, "classes")?;
        self.change(|all| all.set_classes(classes))
    }

    pub fn undo(&self) -> Result<JsValue, Thrown> {
        self.change(|all| Ok(all.undo()))
    }

    pub fn redo(&self) -> Result<JsValue, Thrown> {
        self.change(|all| Ok(all.redo()))
    }

    /// All values of a slice.
    pub fn read(&self, doc: f64, slice: f64) -> Result<Uint8Array, Thrown> {
        let all = self.documents.borrow();
        let map = all.map(number(doc)?)?;
        Ok(bytes(&map.read(whole(slice, "slice")?, map.bounds())?))
    }

    /// What a slice shows: an array of pieces.
    pub fn pieces(&self, doc: f64, slice: f64) -> Result<Array, Thrown> {
        let (doc, slice) = (number(doc)?, whole(slice, "slice")?);
        let all = self.documents.borrow();
        let rects = all.map(doc)?.painted(slice)?;
        Ok(rects.into_iter().map(|rect| piece(&all, doc, slice, rect)).collect::<Result<_>>()?)
    }
}

impl Painter {
    /// Changes something and tells what that was. What fails changes nothing.
    fn change(&self, work: impl FnOnce(&mut Documents) -> Result<Changes>) -> Result<JsValue, Thrown> {
        let mut all = self.documents.borrow_mut();
        let changes = work(&mut all)?;
        Ok(outcome(&all, &changes)?)
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
