//! What the engine tells the page unasked.

use std::cell::RefCell;

use js_sys::Function;
use serde::Serialize;
use wasm_bindgen::JsValue;

use super::records::to_js;

thread_local! {
    static LISTENER: RefCell<Option<Function>> = const { RefCell::new(None) };
}

#[derive(Serialize)]
struct Status<'a> {
    code: &'a str,
    message: &'a str,
}

/// Who is told from now on: the worker has one engine, so there is one listener.
pub fn listen(listener: Option<Function>) {
    LISTENER.set(listener);
}

/// Calls `onStatus({ code, message })`. What the listener throws is its own business.
pub fn tell(code: &str, message: &str) {
    // The borrow ends before the call, which may come back into the engine.
    let listener = LISTENER.with_borrow(Clone::clone);
    if let (Some(listener), Ok(status)) = (listener, to_js(&Status { code, message })) {
        let _ = listener.call1(&JsValue::NULL, &status);
    }
}
