//! Several workers for one image: how the engine asks the others, and what each of them does.

use std::cell::RefCell;
use std::rc::Rc;

use burn::tensor::Device;
use js_sys::{ArrayBuffer, Float32Array, Uint8Array};
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::arguments::filled;
use super::failure::Thrown;
use super::ready::Ready;
use super::records::{bytes, give, take};
use crate::error::{Error, Result};
use crate::infer::{Forward, Helper, Place, Tiles, piece as piece_of};
use crate::net::{Frame, Geometry};
use crate::weights::{Model, Precision};

#[wasm_bindgen(typescript_custom_section)]
const HELPERS: &str = "
/** Workers with an engine each, counted from 0. A promise that is rejected leaves the helper out. */
export interface Helpers {
  readonly count: number;
  /** Starts it, if need be; which of the engine's models it has, 0 if none. */
  ready(helper: number): Promise<number>;
  model(helper: number, version: number, file: Uint8Array<ArrayBuffer>): Promise<void>;
  /** What the model of this version says of a piece. */
  piece(helper: number, version: number, piece: PieceRecord): Promise<Float32Array>;
  /** A tenth of a second. */
  moment(): Promise<void>;
}
";

#[wasm_bindgen]
extern "C" {
    /// The other workers.
    #[derive(Clone, Debug)]
    #[wasm_bindgen(typescript_type = "Helpers")]
    pub type Helpers;
    #[wasm_bindgen(method, getter)]
    fn count(this: &Helpers) -> f64;
    #[wasm_bindgen(method, catch)]
    async fn ready(this: &Helpers, helper: f64) -> std::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn model(
        this: &Helpers,
        helper: f64,
        version: f64,
        file: Uint8Array,
    ) -> std::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn piece(
        this: &Helpers,
        helper: f64,
        version: f64,
        piece: &JsValue,
    ) -> std::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn moment(this: &Helpers) -> std::result::Result<JsValue, JsValue>;
}

impl Helpers {
    /// All of them, for the engine's model of this number.
    pub(super) fn all(&self, version: u32) -> Vec<Other> {
        let one = |helper| Other {
            helpers: self.clone(),
            helper: f64::from(helper),
            version: version.into(),
            memory: RefCell::default(),
        };
        (0..self.count().clamp(0.0, 64.0) as u32).map(one).collect()
    }
}

/// Some tiles that go through the network together, for another worker.
#[derive(Serialize, Deserialize, Tsify)]
#[tsify(missing_as_null)]
pub struct PieceRecord {
    /// `[tile][channel][row][column]`, with the model's channels and normalisation.
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Float32Array<ArrayBuffer>")]
    values: Float32Array,
    /// Tiles, channels, rows, columns.
    shape: [usize; 4],
    /// From 0 on.
    head: Option<usize>,
    /// Whether rows and columns are to be reversed.
    flip: [bool; 2],
    /// Where the tile lies in the whole, and the whole's size, rows before columns; for networks that go by it.
    frame: Option<[[usize; 2]; 2]>,
}

/// One of the other workers.
pub(super) struct Other {
    helpers: Helpers,
    helper: f64,
    version: f64,
    /// Of the last answer.
    memory: RefCell<Option<ArrayBuffer>>,
}

impl Helper for Other {
    async fn begin(&self, model: &Model) -> bool {
        let Ok(has) = self.helpers.ready(self.helper).await else { return false };
        if has.as_f64() == Some(self.version) {
            return true;
        }
        let Ok(file) = model.to_bytes(Precision::Full).await else { return false };
        self.helpers.model(self.helper, self.version, bytes(&file)).await.is_ok()
    }

    async fn piece(&self, tiles: Tiles, place: Place, head: Option<usize>) -> Option<Vec<f32>> {
        let record = PieceRecord {
            values: placed(&tiles.values, self.memory.take()),
            shape: tiles.shape,
            head,
            flip: place.flip,
            frame: place.frame.map(|frame| [frame.origin, frame.whole]),
        };
        drop(tiles);
        let record = give(&record).ok()?.js_value();
        let output = self.helpers.piece(self.helper, self.version, &record).await.ok()?;
        let output = output.dyn_into::<Float32Array>().ok()?;
        self.memory.replace(Some(output.buffer()));
        Some(output.to_vec())
    }

    async fn moment(&self) {
        // If there is no clock, the next question comes at once.
        let _ = self.helpers.moment().await;
    }
}

/// A worker that helps another one, on the CPU.
#[wasm_bindgen]
#[derive(Default)]
pub struct Hand {
    ready: RefCell<Option<Rc<Ready>>>,
}

#[wasm_bindgen]
impl Hand {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Hand {
        Hand::default()
    }

    /// Takes a model file.
    pub fn model(&self, file: Vec<u8>) -> Result<(), Thrown> {
        // The one before goes first: two at a time are not needed.
        self.ready.take();
        let model = Model::from_bytes(&file, &Device::flex())?;
        self.ready.replace(Some(Rc::new(Ready::new(model, 0))));
        Ok(())
    }

    /// The probabilities of a piece, `[tile][output][row][column]`.
    pub async fn piece(&self, piece: Ts<PieceRecord>) -> Result<Float32Array, Thrown> {
        let record = take(&piece, "piece of an image")?;
        let ready = self.ready.borrow().clone();
        let ready =
            ready.ok_or_else(|| Error::invalid("model.none", "No model is loaded yet; choose one first."))?;
        let (tiles, place) = checked(&ready, &record)?;
        let forward = Forward::prepared(&ready, record.head, ready.compiled(record.head)?);
        let output = piece_of(&forward, tiles, place).await?;
        Ok(placed(&output, Some(record.values.buffer())))
    }
}

/// Values for another worker, in memory that came from there if they fit: it goes to and fro, and leaves no garbage.
fn placed(values: &[f32], memory: Option<ArrayBuffer>) -> Float32Array {
    let fits = |memory: &ArrayBuffer| memory.byte_length() as usize >= size_of_val(values);
    let length = values.len() as u32;
    let array = match memory.filter(fits) {
        Some(memory) => Float32Array::new_with_byte_offset_and_length(&memory, 0, length),
        None => Float32Array::new_with_length(length),
    };
    array.copy_from(values);
    array
}

/// Tiles that the network takes.
fn checked(model: &Model, record: &PieceRecord) -> Result<(Tiles, Place)> {
    let PieceRecord { values, shape, flip, frame, .. } = record;
    filled(values.length() as usize, shape, "piece")?;
    let geometry = Geometry::of(&model.card.network);
    let [_, channels, sides @ ..] = shape;
    if *channels != model.card.input.channels || !sides.iter().all(|side| geometry.is_legal(*side)) {
        return Err(Error::invalid("argument", "The network does not take such a piece."));
    }
    let frame = frame.map(|[origin, whole]| Frame { origin, whole });
    let tiles = Tiles { values: values.to_vec(), shape: *shape };
    Ok((tiles, Place { flip: *flip, frame }))
}
