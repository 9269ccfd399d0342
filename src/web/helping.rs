//! Several workers for one image: how the engine asks the others, and what each of them does.

use std::cell::RefCell;
use std::rc::Rc;

use burn::tensor::Device;
use js_sys::{Float32Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen::prelude::{JsValue, wasm_bindgen};

use super::arguments::{filled, whole};
use super::failure::Thrown;
use super::records::bytes;
use crate::error::{Error, Result};
use crate::infer::{Forward, Helper, Options, Pieces, piece};
use crate::net::Compiled;
use crate::scan::Image;
use crate::weights::{Model, Precision};

#[wasm_bindgen(typescript_custom_section)]
const HELPERS: &str = "
/** Workers with an engine each, counted from 0. A promise that is rejected leaves the helper out. */
export interface Helpers {
  readonly count: number;
  /** Starts it, if need be; which of the engine's models it has, 0 if none. */
  ready(helper: number): Promise<number>;
  model(helper: number, version: number, file: Uint8Array<ArrayBuffer>): Promise<void>;
  begin(helper: number, planes: Float32Array<ArrayBuffer>, shape: Float64Array<ArrayBuffer>): Promise<void>;
  piece(helper: number, index: number): Promise<Float32Array>;
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
    async fn begin(
        this: &Helpers,
        helper: f64,
        planes: Float32Array,
        shape: js_sys::Float64Array,
    ) -> std::result::Result<JsValue, JsValue>;
    #[wasm_bindgen(method, catch)]
    async fn piece(this: &Helpers, helper: f64, index: f64) -> std::result::Result<JsValue, JsValue>;
}

impl Helpers {
    /// All of them, for the engine's model of this number.
    pub(super) fn all(&self, version: u32) -> Vec<Other> {
        let one = |helper| Other { helpers: self.clone(), helper: f64::from(helper), version };
        (0..self.count().clamp(0.0, 64.0) as u32).map(one).collect()
    }
}

/// One of the other workers.
pub(super) struct Other {
    helpers: Helpers,
    helper: f64,
    version: u32,
}

impl Helper for Other {
    async fn begin(&self, model: &Model, image: &Image, options: &Options) -> bool {
        let Ok(has) = self.helpers.ready(self.helper).await else { return false };
        let version = f64::from(self.version);
        if has.as_f64() != Some(version) {
            let Ok(file) = model.to_bytes(Precision::Full).await else { return false };
            if self.helpers.model(self.helper, version, bytes(&file)).await.is_err() {
                return false;
            }
        }
        let head = options.head.map_or(-1.0, |head| head as f64);
        let shape =
            [image.width as f64, image.height as f64, image.channels as f64, options.tile as f64, head];
        let planes = Float32Array::from(image.data.as_slice());
        self.helpers.begin(self.helper, planes, js_sys::Float64Array::from(&shape[..])).await.is_ok()
    }

    async fn piece(&self, index: usize) -> Option<Vec<f32>> {
        let output = self.helpers.piece(self.helper, index as f64).await.ok()?;
        Some(output.dyn_into::<Float32Array>().ok()?.to_vec())
    }
}

/// A worker that helps another one, on the CPU.
#[wasm_bindgen]
#[derive(Default)]
pub struct Hand {
    model: RefCell<Option<Rc<Model>>>,
    job: RefCell<Option<Rc<Job>>>,
}

struct Job {
    model: Rc<Model>,
    compiled: Option<Compiled>,
    image: Image,
    options: Options,
}

#[wasm_bindgen]
impl Hand {
    #[wasm_bindgen(constructor)]
    pub fn new() -> Hand {
        Hand::default()
    }

    /// Takes a model file.
    pub fn model(&self, file: Vec<u8>) -> Result<(), Thrown> {
        let model = Model::from_bytes(&file, &Device::flex())?;
        self.model.replace(Some(Rc::new(model)));
        self.job.replace(None);
        Ok(())
    }

    /// Takes an image that has the model's channels and normalisation. `shape`: width, height, channels, tile, and the head from 0 on, -1
    /// being the last.
    pub fn begin(&self, planes: Vec<f32>, shape: Vec<f64>) -> Result<(), Thrown> {
        let [width, height, channels, tile, head] = shape[..] else {
            return Err(Error::invalid("argument", "A shape has five numbers.").into());
        };
        let dims = [whole(width, "width")?, whole(height, "height")?, whole(channels, "channels")?];
        filled(planes.len(), &dims, "planes")?;
        let image = Image::new(dims[0], dims[1], dims[2], planes)?;
        let head = if head < 0.0 { None } else { Some(whole(head, "head")?) };
        let options = Options { tile: whole(tile, "tile")?, head };
        let model = self
            .model
            .borrow()
            .clone()
            .ok_or_else(|| Error::invalid("model.none", "No model is loaded yet; choose one first."))?;
        let before = self.job.take().filter(|job| Rc::ptr_eq(&job.model, &model) && job.options.head == head);
        let compiled = before.map_or_else(|| model.net.compiled(head), |job| job.compiled.clone());
        self.job.replace(Some(Rc::new(Job { model, compiled, image, options })));
        Ok(())
    }

    /// The probabilities of one piece of the image.
    pub async fn piece(&self, index: f64) -> Result<Float32Array, Thrown> {
        let index = whole(index, "piece")?;
        let job = self.job.borrow().clone();
        let job = job.ok_or_else(|| Error::invalid("argument", "No image was begun."))?;
        let Job { model, compiled, image, options } = &*job;
        let forward = Forward::prepared(model, options.head, compiled.clone());
        let pieces = Pieces::new(&model.card, image, options);
        Ok(Float32Array::from(piece(&forward, &pieces, index).await?.as_slice()))
    }
}
