//! Facts of the engine that the page shows: asked for, never typed again.

use serde::Serialize;
use tsify::{Ts, Tsify};
use wasm_bindgen::prelude::wasm_bindgen;

use super::engine::Engine;
use super::failure::Thrown;
use super::records::give;
use super::segment::MAX_WITH_RIMS;
use crate::export::{PROPERTIES, Property};
use crate::net::Preset;
use crate::train::Request;
use crate::volume::{WindowPreset, window_presets};
use crate::weights::{COLOURS, Class, Method};

/// Defaults, limits and lists that hold for every image and model.
#[derive(Serialize, Tsify)]
#[serde(rename_all = "camelCase")]
#[tsify(missing_as_null)]
pub struct Constants {
    /// Colours of classes in their order, `#rrggbb`, which colour-blind people can tell apart.
    colours: Vec<&'static str>,
    /// Classes in one mask, at most.
    max_classes: usize,
    /// Networks that can be trained from nothing.
    presets: Vec<PresetRecord>,
    /// What a training does unless it is asked for something else.
    #[tsify(type = "Required<TrainingRequest>")]
    training: Request,
    /// The learning rate where none is asked for, and that for a network that does well on the labels before its first step.
    learning_rate: f64,
    touch_up: f64,
    /// Patches in a step, and pixels a side of one, at most.
    max_batch: usize,
    max_patch: usize,
    /// Pixels of an image up to which objects need no further inference after its mask.
    objects_up_to: usize,
    /// Windows that radiologists know by name.
    window_presets: Vec<WindowPresetRecord>,
    /// What classes can be in the patient.
    properties: Vec<PropertyRecord>,
}

/// What a class is in the patient, as DICOM and 3D Slicer code it.
#[derive(Serialize, Tsify)]
pub struct PropertyRecord {
    id: &'static str,
    /// The meaning of its SNOMED code.
    meaning: &'static str,
}

/// A window that has a name, in physical values.
#[derive(Serialize, Tsify)]
pub struct WindowPresetRecord {
    modality: &'static str,
    /// A key for words.
    id: &'static str,
    center: f64,
    width: f64,
}

/// A network of the literature.
#[derive(Serialize, Tsify)]
pub struct PresetRecord {
    name: &'static str,
    /// Channels at full resolution.
    width: usize,
}

#[wasm_bindgen]
impl Engine {
    /// Defaults, limits and lists.
    pub fn constants() -> Result<Ts<Constants>, Thrown> {
        let preset = |preset: Preset| PresetRecord { name: preset.name(), width: preset.config(1, 1).width };
        let window = |preset: &WindowPreset| WindowPresetRecord {
            modality: "CT",
            id: preset.id,
            center: preset.window.center,
            width: preset.window.width,
        };
        Ok(give(&Constants {
            colours: COLOURS.to_vec(),
            max_classes: Class::MAX_COUNT,
            presets: Preset::ALL.into_iter().map(preset).collect(),
            training: Request::default(),
            learning_rate: Method::LEARNING_RATE,
            touch_up: Request::TOUCH_UP,
            max_batch: Request::MAX_BATCH,
            max_patch: Request::MAX_PATCH,
            objects_up_to: MAX_WITH_RIMS,
            window_presets: window_presets(Some("CT")).iter().map(window).collect(),
            properties: PROPERTIES.map(|Property { id, meaning, .. }| PropertyRecord { id, meaning }).into(),
        })?)
    }
}
