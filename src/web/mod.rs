//! The door to the page: the only room that names `wasm_bindgen`, `js_sys` or `web_sys`.
//!
//! Numbers arrive as JavaScript has them (any `number` at all) and are checked; bulk data crosses as typed arrays,
//! records as plain objects in camelCase, failures as `{ code, kind, message, cause }`. `docs/architecture.md` has
//! the signatures.

mod arguments;
mod bench;
mod cache;
mod engine;
mod failure;
mod journal;
mod opened;
mod painting;
mod pause;
mod records;
mod resuming;
mod scans;
mod segment;
mod status;
mod teaching;
mod training;

pub use bench::Bench;
pub use engine::Engine;
pub use failure::Thrown;
pub use painting::Painter;

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs once when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    journal::install();
}
