//! Labels as files, and for the session's store.

use std::collections::BTreeMap;

use js_sys::Uint8Array;
use tsify::Ts;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::outcome::{Imported, Outcome, outcome};
use super::{Painter, number};
use crate::label::{LabelFile, LabelMap, Shape, label_png, label_zip, read_labels};
use crate::web::arguments::whole;
use crate::web::failure::Thrown;
use crate::web::records::{bytes, from_js, give, take};
use crate::web::volumes::LabelPages;

#[wasm_bindgen]
impl Painter {
    /// A slice as an indexed PNG.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn png(&self, doc: f64, slice: f64) -> Result<Uint8Array, Thrown> {
        let all = self.documents.borrow();
        Ok(bytes(&label_png(all.map(number(doc)?)?, whole(slice, "slice")?)?))
    }

    /// All labelled slices in one ZIP archive; `names`: `{ [doc]: name }`.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn zip(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Record<number, string>")] names: JsValue,
    ) -> Result<Uint8Array, Thrown> {
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

    /// Reads labels into a slice (or, of a stack, all slices), one command: our own PNG or zip, an indexed or grey PNG, a TIFF
    /// of other programs. Values of other programs become classes in rising order, 0 is background; 255 of a picture that has
    /// just 0 and 255 is foreground, other 255 of 8 bits is not labelled. `label.shape` if it has another size. Of a zip with
    /// several images of this size the one called `name`, endings apart.
    pub fn import(&self, doc: f64, slice: f64, file: Vec<u8>, name: String) -> Result<Ts<Imported>, Thrown> {
        let (doc, slice) = (number(doc)?, whole(slice, "slice")?);
        let mut all = self.documents.borrow_mut();
        let map = all.map(doc)?;
        let shape = Shape { width: map.width(), height: map.height(), slices: map.slices() };
        let file = read_labels(&file, &name, shape)?;
        let (changes, added) = all.import(doc, slice, &file)?;
        Ok(give(&Imported { outcome: outcome(&all, &changes)?, added })?)
    }

    /// Labels of slices, such as `marksOnto` gives, one command.
    #[wasm_bindgen(js_name = importPages)]
    pub fn import_pages(&self, doc: f64, labels: Ts<LabelPages>) -> Result<Ts<Imported>, Thrown> {
        let file = LabelFile::try_from(take::<LabelPages>(&labels, "labels")?)?;
        let mut all = self.documents.borrow_mut();
        let (changes, added) = all.import(number(doc)?, 0, &file)?;
        Ok(give(&Imported { outcome: outcome(&all, &changes)?, added })?)
    }

    /// A document with its history. Storing waits for the end of an open command.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn store(&self, doc: f64) -> Result<Uint8Array, Thrown> {
        Ok(bytes(&self.documents.borrow().store(number(doc)?)?))
    }

    /// What `store` gave, as a new document. Its history waits for `restoreOrder`: it is forgotten if a command comes first.
    pub fn restore(&self, doc: f64, stored: Vec<u8>) -> Result<Ts<Outcome>, Thrown> {
        let doc = number(doc)?;
        self.change(|all| all.restore(doc, &stored))
    }

    /// The order of commands over all documents.
    #[wasm_bindgen(js_name = storeOrder, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub fn store_order(&self) -> Result<Uint8Array, Thrown> {
        Ok(bytes(&self.documents.borrow().store_order()?))
    }

    /// What `storeOrder` gave, after all its documents were restored. `label.order` if it does not fit to them: all labels are
    /// there then, and the steps are forgotten.
    #[wasm_bindgen(js_name = restoreOrder)]
    pub fn restore_order(&self, stored: Vec<u8>) -> Result<Ts<Outcome>, Thrown> {
        self.change(|all| all.restore_order(&stored))
    }
}
