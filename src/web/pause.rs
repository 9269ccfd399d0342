//! Letting the worker's other tasks run.

use js_sys::{Function, Promise};
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    type MessageChannel;
    #[wasm_bindgen(constructor)]
    fn new() -> MessageChannel;
    #[wasm_bindgen(method, getter)]
    fn port1(this: &MessageChannel) -> MessagePort;
    #[wasm_bindgen(method, getter)]
    fn port2(this: &MessageChannel) -> MessagePort;

    type MessagePort;
    #[wasm_bindgen(method, setter)]
    fn set_onmessage(this: &MessagePort, listener: Option<&Function>);
    #[wasm_bindgen(method, js_name = postMessage)]
    fn post_message(this: &MessagePort, message: &JsValue);
    #[wasm_bindgen(method)]
    fn close(this: &MessagePort);
}

/// Comes back after the tasks that wait now: messages from the page above all. A message to oneself is not delayed
/// as a timer is.
pub async fn pause() {
    let channel = MessageChannel::new();
    let (here, there) = (channel.port1(), channel.port2());
    let mut wait = |resolve: Function, _reject: Function| {
        here.set_onmessage(Some(&resolve));
        there.post_message(&JsValue::NULL);
    };
    // The promise has no way to be rejected.
    let _ = JsFuture::from(Promise::new(&mut wait)).await;
    here.close();
}
