//! Reading and writing a model file.

use std::collections::HashMap;

use burn::tensor::Device;
use half::f16;
use safetensors::tensor::{Dtype, TensorView};
use safetensors::{SafeTensors, serialize};

use super::card::{CARD_KEY, Card, Class, Patches};
use super::fit::listed;
use super::foreign::pytorch::{self, Contents, Wanted};
use super::keras::{self, recognise_keras};
use super::named::NamedTensor;
use super::onnx::{self, Found, recognise_onnx};
use super::public;
use super::recognise::{Recognised, recognise, recognise_with};
use super::tensors::{load_into, read};
use crate::error::{Error, Result};
use crate::net::{Geometry, Preset, UNet};

/// A network with its card, on a device.
#[derive(Clone, Debug)]
pub struct Model {
    pub card: Card,
    pub net: UNet,
    pub device: Device,
}

/// How weights are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// 32-bit: save and load are exact.
    Full,
    /// 16-bit, half the size; running statistics stay 32-bit, since variances can leave the range of 16 bits.
    Half,
}

impl Model {
    /// Whether bytes look like a model file or a weight file that [`Model::from_bytes`] may open, and not like an image.
    pub fn recognises(bytes: &[u8]) -> bool {
        keras::recognises(bytes)
            || pytorch::recognises(bytes)
            || onnx::recognises(bytes)
            // A safetensors file begins with the length of its header, eight bytes, and the header with a brace.
            || (bytes.get(8) == Some(&b'{') && bytes.get(4..8) == Some(&[0; 4]))
    }

    /// Reads a model file and puts the weights on `device`. A file without a card is opened if its names and
    /// shapes are those of a network that we know.
    ///
    /// # Errors
    /// `model.invalid` (not a safetensors file, or broken), `model.card`, `model.tensors`,
    /// `model.unsupported.*`; `weights.*` of a damaged file of another program.
    pub fn from_bytes(bytes: &[u8], device: &Device) -> Result<Self> {
        Self::from_files(&[("", bytes)], device)
    }

    /// As [`Model::from_bytes`], of a model that is kept in several files, each with its name: an ONNX file and those with its weights
    /// ([`Model::files_beside`]), in any order. Folders in the names are not looked at.
    ///
    /// # Errors
    /// Those of [`Model::from_bytes`]; `weights.onnx.unsupported.external` with the name of a file that is missing.
    pub fn from_files(files: &[(&str, &[u8])], device: &Device) -> Result<Self> {
        let (card, tensors) = parse(files)?;
        let net = load_into(UNet::new(&card.network, device)?, tensors)?;
        Ok(Self { card, net, device: device.clone() })
    }

    /// The card alone, without building the network.
    pub fn card_from_bytes(bytes: &[u8]) -> Result<Card> {
        Self::card_from_files(&[("", bytes)])
    }

    /// The card of a model in several files: see [`Model::from_files`].
    ///
    /// # Errors
    /// Those of [`Model::from_files`].
    pub fn card_from_files(files: &[(&str, &[u8])]) -> Result<Card> {
        Ok(parse(files)?.0)
    }

    /// The names of the files that a model file wants beside itself, without folders: those with the weights of an ONNX file; none of
    /// other files, and of damaged ones.
    pub fn files_beside(bytes: &[u8]) -> Vec<String> {
        if onnx::recognises(bytes) { onnx::files_beside(bytes).unwrap_or_default() } else { Vec::new() }
    }

    /// Writes the model file. Reads the weights asynchronously, so it works from a GPU on the web.
    pub async fn to_bytes(&self, precision: Precision) -> Result<Vec<u8>> {
        write(&self.card, &read(&self.net).await?, precision)
    }

    /// Writes the model as an ONNX file for other programs: see [`onnx::export`]. Reads the weights asynchronously.
    pub async fn to_onnx(&self) -> Result<Vec<u8>> {
        onnx::export(&self.card, &read(&self.net).await?)
    }
}

fn parse(files: &[(&str, &[u8])]) -> Result<(Card, Vec<NamedTensor>)> {
    let files: Vec<(&str, &[u8])> =
        files.iter().map(|(name, bytes)| (name.rsplit(['/', '\\']).next().unwrap_or(name), *bytes)).collect();
    // Weights may look like anything: the name decides first.
    let named = |name: &str| name.to_ascii_lowercase().ends_with(".onnx");
    let model = files
        .iter()
        .find(|(name, bytes)| named(name) && onnx::recognises(bytes))
        .or_else(|| files.iter().find(|(_, bytes)| Model::recognises(bytes)))
        .or(files.first());
    let bytes = model.map_or(&[][..], |(_, bytes)| *bytes);
    let (mut card, tensors) = if keras::recognises(bytes) {
        let found = recognise_keras(bytes)?;
        (card_of(&found), found.tensors)
    } else if pytorch::recognises(bytes) {
        let wanted = Wanted { keys: &public::SETTINGS, tensor: public::is_needed };
        let Contents { tensors, settings } = pytorch::read_with(bytes, &wanted)?;
        let found = recognise_with(tensors, &settings)?;
        (card_of(&found), found.tensors)
    } else if onnx::recognises(bytes) {
        match recognise_onnx(bytes, &files)? {
            Found::Ours(card, tensors) => (*card, tensors),
            Found::Theirs(found) => (card_of(&found), found.tensors),
        }
    } else {
        parse_safetensors(bytes)?
    };
    card.validate()?;
    // Files of before a model was introduced as it was saved.
    card.introduce();
    Ok((card, tensors))
}

fn parse_safetensors(bytes: &[u8]) -> Result<(Card, Vec<NamedTensor>)> {
    let broken = |e: safetensors::SafeTensorError| {
        Error::invalid(
            "model.invalid",
            "This is not a model file, or it is broken. Insitu reads .safetensors, PyTorch's .pth, Keras's .h5 and .keras, and .onnx.",
        )
        .with_source(e)
    };
    let (_, metadata) = SafeTensors::read_metadata(bytes).map_err(broken)?;
    let file = SafeTensors::deserialize(bytes).map_err(broken)?;
    let mut tensors = Vec::with_capacity(file.len());
    for (name, view) in file.tensors() {
        if name.ends_with("num_batches_tracked") {
            continue;
        }
        let values = to_f32(&name, &view)?;
        tensors.push(NamedTensor { name, shape: view.shape().to_vec(), values });
    }
    match metadata.metadata().as_ref().and_then(|m| m.get(CARD_KEY)) {
        Some(json) => {
            let card = serde_json::from_str::<Card>(json).map_err(|e| {
                Error::invalid("model.card", "The card in this model file cannot be read.").with_source(e)
            })?;
            Ok((card, tensors))
        }
        None => {
            let found = recognise(tensors)?;
            Ok((card_of(&found), found.tensors))
        }
    }
}

/// The card of a network that came without one.
fn card_of(found: &Recognised) -> Card {
    let outputs = found.network.outputs;
    let (count, roles) = match found.told.stars {
        Some(_) => (1, Card::star_outputs(outputs.saturating_sub(1))),
        None => (outputs.max(2) - 1, Card::plain_outputs(outputs)),
    };
    let classes = Class::numbered(&found.told.classes, count);
    let mut card = Card::new(found.title, found.network.clone(), classes, roles);
    card.preset = found.preset.map(|p| p.name().into());
    card.summary = format!(
        "Recognised by its weights: {}; {} input channel{}, {} output{}.",
        found.network.described(card.preset.as_deref()),
        found.network.input_channels,
        if found.network.input_channels == 1 { "" } else { "s" },
        outputs,
        if outputs == 1 { "" } else { "s" },
    );
    if found.told.classes.is_empty() {
        card.summary.push_str(" The file does not say what it finds.");
    }
    if !found.left_out.is_empty() {
        card.summary
            .push_str(&format!(" Left out, since it belongs to no network: {}.", listed(&found.left_out)));
    }
    if Geometry::of(&found.network).whole {
        card.summary.push_str(
            " Its instance normalisation takes statistics of all that it sees at once: an image that is larger than what the device \
             takes in one pass is seen in windows that overlap, and the result depends a little on their size.",
        );
    }
    if found.preset == Some(Preset::Retina) {
        // It learnt from patches of 48 x 48 pixels; each pixel is in four of these.
        card.patches = Some(Patches::square(48, 24));
    }
    for note in &found.told.notes {
        card.summary.push(' ');
        card.summary.push_str(note);
    }
    card.patches = found.told.patches.or(card.patches);
    card.flips = found.told.flips;
    card.stars = found.told.stars;
    card.threshold = found.told.threshold.unwrap_or(card.threshold);
    card.input.pixel_size_mm = found.told.pixel_size_mm;
    // Without a card nothing is known of the input's scale: most training code feeds 0..1.
    let usual = crate::scan::Normalisation::Fixed { subtract: 0.0, divide: 255.0 };
    card.input.normalisation = found.normalisation.unwrap_or(usual);
    card
}

fn to_f32(name: &str, view: &TensorView<'_>) -> Result<Vec<f32>> {
    let data = view.data();
    let values = match view.dtype() {
        Dtype::F32 => data.chunks_exact(4).map(|b| f32::from_le_bytes([b[0], b[1], b[2], b[3]])).collect(),
        Dtype::F16 => data.chunks_exact(2).map(|b| f16::from_le_bytes([b[0], b[1]]).to_f32()).collect(),
        Dtype::BF16 => {
            data.chunks_exact(2).map(|b| half::bf16::from_le_bytes([b[0], b[1]]).to_f32()).collect()
        }
        Dtype::F64 => data
            .chunks_exact(8)
            .map(|b| f64::from_le_bytes([b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7]]) as f32)
            .collect(),
        other => {
            return Err(Error::unsupported(
                "model.unsupported.dtype",
                format!("The tensor {name} has the type {other:?}; Insitu reads F32, F16, BF16 and F64."),
            ));
        }
    };
    Ok(values)
}

fn write(card: &Card, tensors: &[NamedTensor], precision: Precision) -> Result<Vec<u8>> {
    let wrong = |e: String| Error::invalid("model.write", "The model could not be written.").with_source(e);
    let json = serde_json::to_string(card).map_err(|e| wrong(e.to_string()))?;
    let encoded: Vec<(Dtype, Vec<u8>)> = tensors
        .iter()
        .map(|t| {
            if precision == Precision::Half && !t.name.contains("running_") {
                (Dtype::F16, t.values.iter().flat_map(|v| f16::from_f32(*v).to_le_bytes()).collect())
            } else {
                (Dtype::F32, t.values.iter().flat_map(|v| v.to_le_bytes()).collect())
            }
        })
        .collect();
    let mut views = Vec::with_capacity(tensors.len());
    for (tensor, (dtype, bytes)) in tensors.iter().zip(&encoded) {
        let view = TensorView::new(*dtype, tensor.shape.clone(), bytes).map_err(|e| wrong(e.to_string()))?;
        views.push((tensor.name.as_str(), view));
    }
    serialize(views, Some(HashMap::from([(CARD_KEY.to_string(), json)]))).map_err(|e| wrong(e.to_string()))
}
