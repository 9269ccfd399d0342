//! How records cross to the page and back: plain objects in camelCase, whose TypeScript types come from the Rust types.

use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use serde_wasm_bindgen::Serializer;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use crate::device::{Chosen, Kind};
use crate::error::{Error, Result};

#[wasm_bindgen(typescript_custom_section)]
const FUNCTIONS: &str = "
/** Told how far work is; `false` cancels it. */
export type OnProgress = (done: number, total: number) => boolean;
/** Told what happens to the device unasked. */
export type OnStatus = (status: StatusRecord) => void;
";

#[wasm_bindgen]
extern "C" {
    /// A JavaScript function that is told how far work is.
    #[derive(Clone, Debug)]
    #[wasm_bindgen(typescript_type = "OnProgress", extends = js_sys::Function)]
    pub type OnProgress;

    /// A JavaScript function that is told what happens unasked.
    #[derive(Clone, Debug)]
    #[wasm_bindgen(typescript_type = "OnStatus", extends = js_sys::Function)]
    pub type OnStatus;
}

/// A record on its way to the page: maps as objects, nothing missing (`null` instead), numbers as numbers; a typed array crosses as
/// it is.
///
/// # Errors
/// `record`: none of our records does this; it is an error so that nothing panics.
pub fn give<T: Serialize + Tsify>(value: &T) -> Result<Ts<T>>
where
    T::JsType: wasm_bindgen::JsCast,
{
    to_js(value).map(Ts::new_unchecked)
}

/// A record of the page.
///
/// # Errors
/// `argument`.
pub fn take<T: for<'de> Deserialize<'de> + Tsify>(value: &Ts<T>, what: &str) -> Result<T> {
    from_js(value.js_value(), what)
}

/// As [`give`], for what has no type of its own.
///
/// # Errors
/// As [`give`].
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

/// What the engine runs on.
#[derive(Serialize, Tsify)]
pub struct DeviceRecord {
    #[tsify(type = "DeviceKind")]
    pub kind: Kind,
    pub name: String,
    /// Why, in a sentence.
    pub reason: String,
}

impl From<&Chosen> for DeviceRecord {
    fn from(chosen: &Chosen) -> Self {
        Self { kind: chosen.kind, name: chosen.name.clone(), reason: chosen.reason.clone() }
    }
}

/// Bytes that belong to JavaScript, ready to be transferred.
pub fn bytes(values: &[u8]) -> Uint8Array {
    Uint8Array::from(values)
}
