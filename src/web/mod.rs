//! The door to the page: the only room that names `wasm_bindgen`, `js_sys` or `web_sys`.
//!
//! Numbers arrive as JavaScript has them (any `number` at all) and are checked; bulk data crosses as typed arrays,
//! records as plain objects in camelCase, failures as `{ code, kind, message, cause }`. The TypeScript
//! types of all of it come out of these files into `pkg/insitu.d.ts`.

mod along;
mod arguments;
mod bench;
mod cache;
mod channels;
mod constants;
mod engine;
mod failure;
mod helping;
mod inside;
mod journal;
mod look;
mod objects;
mod opened;
mod painting;
mod pause;
mod planes;
mod ready;
mod records;
mod scans;
mod scores;
mod segment;
mod series;
mod status;
mod training;
mod volumes;

pub use bench::Bench;
pub use engine::Engine;
pub use failure::Thrown;
pub use helping::{Hand, Helpers};
pub use painting::Painter;
pub use records::{OnProgress, OnStatus};
pub use segment::OnFirst;

use wasm_bindgen::prelude::wasm_bindgen;

/// Runs once when the module is instantiated.
#[wasm_bindgen(start)]
pub fn start() {
    journal::install();
}
