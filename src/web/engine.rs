//! The engine that a worker owns.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::error::Error as StdError;
use std::hash::{DefaultHasher, Hasher};
use std::rc::Rc;

use burn::tensor::Device;
use js_sys::Uint8Array;
use serde::{Deserialize, Serialize};
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::along::Held;
use super::cache::Cache;
use super::failure::Thrown;
use super::objects::Packing;
use super::ready::Ready;
use super::records::{DeviceRecord, OnStatus, bytes, give, take};
use super::series::Gathered;
use super::{journal, opened, status};
use crate::device::{Chosen, Facts};
use crate::error::{Error, Result};
use crate::results::bioimage_package;
use crate::scan::{Limits, Scan};
use crate::train::Run;
use crate::weights::{Card, Model, Precision};

/// The engine: a device, at most one model, any number of open scans.
///
/// No method takes `&mut self`, and no borrow of a cell lives across an `await`: while a segmentation runs, the page
/// can render, open another scan, or load another model.
#[wasm_bindgen]
pub struct Engine {
    pub(super) chosen: Chosen,
    pub(super) model: RefCell<Option<Rc<Ready>>>,
    /// Counts loaded models, so that predictions of an old one are not taken for those of the new one.
    pub(super) models: Cell<u32>,
    /// What is opened on this computer.
    pub(super) limits: Limits,
    pub(super) scans: RefCell<BTreeMap<u32, Rc<Scan>>>,
    pub(super) opened: Cell<u32>,
    /// Files that are looked at and opened together.
    pub(super) gathered: RefCell<Gathered>,
    pub(super) cache: RefCell<Cache>,
    /// Volumes that were seen in another orientation.
    pub(super) held: RefCell<Held>,
    /// The training under way; taken out while a step runs.
    pub(super) run: RefCell<Option<Run>>,
    /// The archive that results are being packed into.
    pub(super) packing: RefCell<Option<Packing>>,
}

#[wasm_bindgen]
impl Engine {
    /// Opens the device `kind` (`auto`, `webgpu`, `cpu`). Without facts about the browser no GPU is used; `onStatus` hears of
    /// the start and of a lost GPU.
    pub async fn create(
        kind: String,
        facts: Option<Ts<Facts>>,
        #[wasm_bindgen(js_name = onStatus)] on_status: Option<OnStatus>,
    ) -> Result<Engine, Thrown> {
        status::listen(on_status);
        status::tell("device.opening", "Preparing the device.");
        let facts = opened::facts(facts)?;
        let chosen = opened::device(&kind, &facts).await?;
        if let Some(gpu) = &chosen.gpu {
            gpu.on_trouble(|error| status::tell(error.code(), error.message()));
        }
        status::tell("device.ready", &chosen.reason);
        Ok(Engine {
            chosen,
            limits: Limits::of_a_tab(facts.memory),
            model: RefCell::default(),
            models: Cell::new(0),
            scans: RefCell::default(),
            opened: Cell::new(0),
            gathered: RefCell::default(),
            cache: RefCell::default(),
            held: RefCell::default(),
            run: RefCell::default(),
            packing: RefCell::default(),
        })
    }

    /// What it runs on.
    pub fn device(&self) -> Result<Ts<DeviceRecord>, Thrown> {
        Ok(give(&DeviceRecord::from(&self.chosen))?)
    }

    /// Reads a model file, or what `trainState` gave, and puts it in the place of the one before.
    #[wasm_bindgen(js_name = loadModel)]
    pub async fn load_model(&self, bytes: Vec<u8>) -> Result<Ts<LoadedCard>, Thrown> {
        let model = match Run::model_of(&bytes, &self.chosen.device)? {
            Some(model) => model,
            None => Model::from_bytes(&bytes, &self.chosen.device)?,
        };
        self.chosen.check()?;
        let mut hash = DefaultHasher::new();
        hash.write(&bytes);
        Ok(self.install_as(model, hash.finish())?)
    }

    /// As `loadModel`, of a model that is kept in several files, in any order: an ONNX file and those with its weights.
    #[wasm_bindgen(js_name = loadModelFiles)]
    pub async fn load_model_files(&self, files: Vec<Ts<NamedFile>>) -> Result<Ts<LoadedCard>, Thrown> {
        let files: Vec<NamedFile> =
            files.iter().map(|file| take(file, "file of the model")).collect::<Result<_>>()?;
        let files: Vec<(String, Vec<u8>)> =
            files.into_iter().map(|file| (file.name, file.bytes.to_vec())).collect();
        let files: Vec<(&str, &[u8])> =
            files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
        let model = Model::from_files(&files, &self.chosen.device)?;
        self.chosen.check()?;
        Ok(self.install(model)?)
    }

    /// The names of the files that a model file wants beside itself: those with the weights of an ONNX file; of others none.
    #[wasm_bindgen(js_name = filesBeside)]
    pub fn files_beside(&self, bytes: &[u8]) -> Vec<String> {
        Model::files_beside(bytes)
    }

    /// The model as one .safetensors file with its card, weights in 32 bits.
    #[wasm_bindgen(js_name = saveModel, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub async fn save_model(&self) -> Result<Uint8Array, Thrown> {
        let model = self.loaded()?;
        let file = model.to_bytes(Precision::Full).await;
        // That the device failed says more than that it could not be read.
        self.chosen.check()?;
        Ok(bytes(&file?))
    }

    /// The model for other programs: ONNX, with the scaling of the image and the probabilities in the graph.
    #[wasm_bindgen(js_name = saveOnnx, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub async fn save_onnx(&self) -> Result<Uint8Array, Thrown> {
        let model = self.loaded()?;
        let file = model.to_onnx().await;
        // That the device failed says more than that it could not be read.
        self.chosen.check()?;
        Ok(bytes(&file?))
    }

    /// The model as a bioimage.io package: a ZIP archive of the ONNX file, a test image and a description.
    #[wasm_bindgen(js_name = savePackage, unchecked_return_type = "Uint8Array<ArrayBuffer>")]
    pub async fn save_package(&self) -> Result<Uint8Array, Thrown> {
        let model = self.loaded()?;
        let file = bioimage_package(&model).await;
        // That the device failed says more than that it could not be read.
        self.chosen.check()?;
        Ok(bytes(&file?))
    }

    /// Gives the loaded model another title.
    #[wasm_bindgen(js_name = nameModel)]
    pub fn name_model(&self, title: String) -> Result<Ts<LoadedCard>, Thrown> {
        let model = self.loaded()?;
        let card = Card { title, ..model.card.clone() };
        let named = Model { card, net: model.net.clone(), device: model.device.clone() };
        Ok(self.install_as(named, model.identity)?)
    }

    /// Ends the use of the GPU and frees its memory: for leaving the page, and for tests of the recovery. Nothing
    /// happens on the CPU.
    #[wasm_bindgen(js_name = destroyGpu)]
    pub fn destroy_gpu(&self) {
        if let Some(gpu) = &self.chosen.gpu {
            gpu.destroy();
        }
    }

    /// What helps to understand a failure; holds nothing of the images or their names.
    pub fn diagnostics(&self) -> Result<Ts<Diagnostics>, Thrown> {
        let model = self.model.borrow().clone();
        Ok(give(&Diagnostics {
            version: env!("CARGO_PKG_VERSION"),
            device: DeviceRecord::from(&self.chosen),
            device_state: self.chosen.check().err().map(|e| e.code().to_string()),
            largest_buffer: self.chosen.gpu.as_ref().map(|g| g.largest_buffer()),
            model: model.as_ref().map(|m| ModelRecord {
                title: m.card.title.clone(),
                parameters: m.net.graph().parameters(),
                largest_tile: crate::infer::largest_tile(&self.chosen, &m.card.network),
            }),
            scans: self.scans.borrow().len(),
            cached_bytes: self.cache.borrow().bytes(),
            memory: memory(),
            holds: self.run.borrow().is_some()
                || self.packing.borrow().is_some()
                || !self.gathered.borrow().is_empty()
                || !self.held.borrow().is_empty(),
            log: journal::lines(),
        })?)
    }
}

impl Engine {
    /// The device for Burn: for tests of what the page cannot ask.
    pub fn burn_device(&self) -> Device {
        self.chosen.device.clone()
    }

    /// Puts a model in the place of the one before.
    pub(super) fn install(&self, model: Model) -> Result<Ts<LoadedCard>> {
        self.install_as(model, u64::from(self.models.get()))
    }

    /// The same of a model that may have been here before.
    fn install_as(&self, model: Model, identity: u64) -> Result<Ts<LoadedCard>> {
        let heads = model.net.graph().heads.len();
        let separates = model.card.has_boundary() || model.card.stars.is_some();
        let card = give(&LoadedCard { card: model.card.clone(), heads, separates })?;
        self.models.set(self.models.get().wrapping_add(1));
        self.cache.borrow_mut().clear();
        self.model.replace(Some(Rc::new(Ready::new(model, identity))));
        Ok(card)
    }

    /// # Errors
    /// `model.none`.
    pub(super) fn loaded(&self) -> Result<Rc<Ready>> {
        self.model
            .borrow()
            .clone()
            .ok_or_else(|| Error::invalid("model.none", "No model is loaded yet; choose one first."))
    }
}

/// A file that belongs to a model.
#[derive(Deserialize, Tsify)]
pub struct NamedFile {
    name: String,
    #[serde(with = "serde_wasm_bindgen::preserve")]
    #[tsify(type = "Uint8Array")]
    bytes: Uint8Array,
}

/// The card of the loaded model.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct LoadedCard {
    #[serde(flatten)]
    card: Card,
    /// Outputs of the network at growing depth: 1, or for U-Net++ one for each of its nested paths.
    heads: usize,
    /// Whether the network tells objects apart that touch.
    separates: bool,
}

/// What helps to understand a failure.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct Diagnostics {
    version: &'static str,
    device: DeviceRecord,
    /// `null` while it works, else the code of its failure.
    device_state: Option<String>,
    /// Bytes; `null` on the CPU.
    largest_buffer: Option<u64>,
    model: Option<ModelRecord>,
    scans: usize,
    cached_bytes: usize,
    /// Bytes that the module has taken from the browser, which it cannot give back.
    memory: u64,
    /// Whether it has what would be lost with it: a training, an archive that is being packed, files that are being opened, masks of
    /// planes.
    holds: bool,
    log: Vec<String>,
}

/// The loaded model, in short.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
pub struct ModelRecord {
    title: String,
    parameters: usize,
    largest_tile: usize,
}

/// Bytes of the module's memory.
fn memory() -> u64 {
    const PAGE: u64 = 1 << 16;
    core::arch::wasm32::memory_size::<0>() as u64 * PAGE
}

/// A GPU that cannot be read.
pub(super) fn unreadable(cause: impl Into<Box<dyn StdError + Send + Sync>>) -> Error {
    Error::device("device.read", "The graphics card stopped answering.").with_source(cause)
}
