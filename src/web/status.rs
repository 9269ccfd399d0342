//! What the engine tells the page unasked.

use std::cell::RefCell;

use serde::Serialize;
use tsify::Tsify;
use wasm_bindgen::JsValue;

use super::records::{OnStatus, to_js};

thread_local! {
    static LISTENER: RefCell<Option<OnStatus>> = const { RefCell::new(None) };
}

/// `device.opening`, `device.ready`; `device.lost`, `device.memory`, `device.fault` once, and `engine.panic`: after these a new
/// worker has to be started, since neither Burn nor a panic can be taken back.
#[derive(Serialize, Tsify)]
pub struct StatusRecord {
    code: String,
    message: String,
}

/// Who is told from now on: the worker has one engine, so there is one listener.
pub fn listen(listener: Option<OnStatus>) {
    LISTENER.set(listener);
}

/// Calls `onStatus({ code, message })`. What the listener throws is its own business.
pub fn tell(code: &str, message: &str) {
    // The borrow ends before the call, which may come back into the engine.
    let listener = LISTENER.with_borrow(Clone::clone);
    if let (Some(listener), Ok(status)) =
        (listener, to_js(&StatusRecord { code: code.into(), message: message.into() }))
    {
        let _ = listener.call1(&JsValue::NULL, &status);
    }
}
