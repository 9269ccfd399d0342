//! Labels as files, and for the session's store.

use std::collections::BTreeMap;

use js_sys::Uint8Array;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::outcome::outcome;
use super::{Painter, number};
use crate::label::{LabelMap, Shape, label_png, label_zip, read_labels};
use crate::web::arguments::whole;
use crate::web::failure::Thrown;
use crate::web::records::{bytes, from_js, set};

#[wasm_bindgen]
impl Painter {
    /// A slice as an indexed PNG.
    pub fn png(&self, doc: f64, slice: f64) -> Result<Uint8Array, Thrown> {
        let all = self.documents.borrow();
        Ok(bytes(&label_png(all.map(number(doc)?)?, whole(slice, "slice")?)?))
    }

    /// All labelled slices in one ZIP archive; `names`: `{ [doc]: name }`.
    pub fn zip(&self, names: JsValue) -> Result<Uint8Array, Thrown> {
        let names: BTreeMap<String, String> = from_js(names, "names")?;
        let all = self.documents.borrow();
        let named: Vec<(String, &LabelMap)> = all
            .iter()
            .map(|(doc, map)| {
                let doc = doc.to_string();
                (names.get(&doc).cloned().unwrap_or_else(|| format!("image {doc}")), map)
            })
            .collect();
        let images = named.iter().map(|(name, map)| (name.as_str(), *map));
        Ok(bytes(&label_zip(all.classes(), images)?))
    }

    /// Reads labels of a file; the outcome has `added`, the number of new classes, too.
    pub fn import(&self, doc: f64, slice: f64, file: Vec<u8>, name: String) -> Result<JsValue, Thrown> {
        let (doc, slice) = (number(doc)?, whole(slice, "slice")?);
        let mut all = self.documents.borrow_mut();
        let map = all.map(doc)?;
        let shape = Shape { width: map.width(), height: map.height(), slices: map.slices() };
        let file = read_labels(&file, &name, shape)?;
        let (changes, added) = all.import(doc, slice, &file)?;
        let record = outcome(&all, &changes)?;
        set(&record, "added", added as f64)?;
        Ok(record)
    }

    /// A document with its history.
    pub fn store(&self, doc: f64) -> Result<Uint8Array, Thrown> {
        Ok(bytes(&self.documents.borrow().store(number(doc)?)?))
    }

    /// What `store` gave, as a new document.
    pub fn restore(&self, doc: f64, stored: Vec<u8>) -> Result<JsValue, Thrown> {
        let doc = number(doc)?;
        self.change(|all| all.restore(doc, &stored))
    }

    /// The order of commands over all documents.
    #[wasm_bindgen(js_name = storeOrder)]
    pub fn store_order(&self) -> Result<Uint8Array, Thrown> {
        Ok(bytes(&self.documents.borrow().store_order()?))
    }

    /// What `storeOrder` gave, after all its documents were restored.
    #[wasm_bindgen(js_name = restoreOrder)]
    pub fn restore_order(&self, stored: Vec<u8>) -> Result<JsValue, Thrown> {
        self.change(|all| all.restore_order(&stored))
    }
}
