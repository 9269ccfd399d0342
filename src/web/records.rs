//! The plain objects that cross to the page.

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::JsValue;

use crate::device::{Chosen, Kind};
use crate::error::{Error, Result};

/// A record as a plain object: maps as objects, nothing missing (`null` instead), numbers as numbers.
///
/// # Errors
/// `record`: none of our records does this; it is an error so that nothing panics.
pub fn to_js<T: Serialize + ?Sized>(value: &T) -> Result<JsValue> {
    value.serialize(&Serializer::json_compatible()).map_err(|e| {
        Error::invalid("record", "A record could not be handed to the page.").with_source(e.to_string())
    })
}

/// Reads a plain object.
///
/// # Errors
/// `argument`.
pub fn from_js<T: for<'de> Deserialize<'de>>(value: JsValue, what: &str) -> Result<T> {
    serde_wasm_bindgen::from_value(value).map_err(|e| {
        Error::invalid("argument", format!("The {what} cannot be read.")).with_source(e.to_string())
    })
}

/// `{ kind, name, reason }`.
#[derive(Serialize)]
pub struct DeviceRecord<'a> {
    kind: Kind,
    name: &'a str,
    reason: &'a str,
}

impl<'a> From<&'a Chosen> for DeviceRecord<'a> {
    fn from(chosen: &'a Chosen) -> Self {
        Self { kind: chosen.kind, name: &chosen.name, reason: &chosen.reason }
    }
}

/// Sets a property of an object that is being built; typed arrays go this way, since serde would copy them value
/// by value.
pub fn set(object: &JsValue, name: &str, value: impl Into<JsValue>) -> Result<()> {
    js_sys::Reflect::set(object, &name.into(), &value.into())
        .map(|_| ())
        .map_err(|_| Error::invalid("record", "A record could not be handed to the page."))
}

/// Bytes that belong to JavaScript, ready to be transferred.
pub fn bytes(values: &[u8]) -> Uint8Array {
    Uint8Array::from(values)
}
