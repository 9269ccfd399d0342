//! A model as a bioimage.io package (model description 0.5, bioimage.io/spec): the ONNX file, what it makes of a test image, and what people should
//! know of it.

use serde_json::{Value, json};

use crate::error::Result;
use crate::export::{Zip, picture_png};
use crate::infer::{Forward, Tiles};
use crate::net::{Geometry, Padding};
use crate::scan::Image;
use crate::weights::{Card, Model, Role};

/// Side of the test image, pixels, or the next one that is legal.
const TEST_SIDE: usize = 128;
/// Licences that are called so everywhere (SPDX).
const LICENCES: [&str; 8] = [
    "MIT",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "CC0-1.0",
    "CC-BY-4.0",
    "CC-BY-SA-4.0",
    "CC-BY-NC-4.0",
];

/// The package as a ZIP archive: `rdf.yaml`, `model.onnx`, `test_input.npy`, `test_output.npy`, `cover.png`, `README.md`.
///
/// # Errors
/// Those of [`Model::to_onnx`]; `device.read`; `export.encode`.
pub async fn bioimage_package(model: &Model) -> Result<Vec<u8>> {
    let onnx = model.to_onnx().await?;
    let card = &model.card;
    let geometry = Geometry::of(&card.network);
    let side = geometry.legal_at_least(TEST_SIDE);
    let channels = card.network.input_channels;
    let image = test_image(side, channels)?;
    let input = image.clone().normalised(card.input.normalisation);
    let tiles = Tiles { values: input.data, shape: [1, channels, side, side] };
    let probability = Forward::new(model, None)?.probabilities(tiles).await?;
    let out = geometry.output_size(side);
    let mut zip = Zip::new();
    // YAML takes JSON as it is.
    let description = serde_json::to_string_pretty(&description(card, &geometry)).unwrap_or_default();
    zip.add("rdf.yaml", description.as_bytes())?;
    zip.add("model.onnx", &onnx)?;
    zip.add("test_input.npy", &npy(&image.data, &[1, channels, side, side]))?;
    zip.add("test_output.npy", &npy(&probability, &[1, card.network.outputs, out, out]))?;
    zip.add("cover.png", &cover(&image, &probability, out)?)?;
    zip.add("README.md", readme(card).as_bytes())?;
    zip.finish()
}

/// Bright blobs on a dark ground with a slope: nothing of it is the same anywhere.
fn test_image(side: usize, channels: usize) -> Result<Image> {
    let value = |channel: usize, i: usize| {
        let (x, y) = ((i % side) as f32, (i / side) as f32);
        let shift = 0.7 * channel as f32;
        let waves = (x / 7.3 + shift).sin() * (y / 5.9 - shift).cos() + 0.5 * ((x + 2.0 * y) / 11.0).sin();
        (110.0 + 70.0 * waves + 0.1 * (x - y)).round()
    };
    let area = side * side;
    Image::new(side, side, channels, (0..channels * area).map(|i| value(i / area, i % area)).collect())
}

fn description(card: &Card, geometry: &Geometry) -> Value {
    // Names of bioimage.io hold letters, digits, spaces and a few signs.
    let named = |text: &str| -> String {
        let kept = text.chars().map(|c| if c.is_alphanumeric() || " _-()".contains(c) { c } else { ' ' });
        kept.collect::<String>().split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let title = named(&card.title);
    let name = if title.chars().count() < 5 { format!("{title} U-Net") } else { title };
    let (least, step) = (geometry.legal_at_least(1), geometry.stride);
    let side = |id: &str| json!({ "type": "space", "id": id, "size": { "min": least, "step": step } });
    let shrunk = |id: &str| {
        let size = match card.network.padding {
            Padding::Same => json!({ "tensor_id": "image", "axis_id": id }),
            Padding::Valid => {
                json!({ "tensor_id": "image", "axis_id": id, "offset": -2 * geometry.border as i64 })
            }
        };
        json!({ "type": "space", "id": id, "size": size })
    };
    let inputs: Vec<String> = match card.network.input_channels {
        3 => ["red", "green", "blue"].map(str::to_string).to_vec(),
        count => (0..count).map(|i| format!("channel{i}")).collect(),
    };
    let outputs: Vec<String> = card
        .outputs
        .iter()
        .map(|output| {
            let class = usize::from(output.class).checked_sub(1).and_then(|c| card.classes.get(c));
            let name = class.map_or("background".to_string(), |class| named(&class.name).replace(' ', "_"));
            if output.role == Role::Boundary { format!("{name}_rim") } else { name }
        })
        .collect();
    let mut rdf = json!({
        "format_version": "0.5.3",
        "type": "model",
        "name": name,
        "description": described(card),
        "authors": [{ "name": "Insitu" }],
        "cite": [{
            "text": "Ronneberger, Fischer, Brox: U-Net: Convolutional Networks for Biomedical Image Segmentation. MICCAI 2015.",
            "doi": "10.1007/978-3-319-24574-4_28",
        }],
        "documentation": "README.md",
        "covers": ["cover.png"],
        "tags": ["segmentation", "unet", "2d"],
        "inputs": [{
            "id": "image",
            "description": "Raw values; how they are scaled is the first part of the graph.",
            "axes": [{ "type": "batch" }, { "type": "channel", "channel_names": inputs }, side("y"), side("x")],
            "test_tensor": { "source": "test_input.npy" },
            "data": { "type": "float32" },
        }],
        "outputs": [{
            "id": "probability",
            "description": "Probability of each output.",
            "axes": [{ "type": "batch" }, { "type": "channel", "channel_names": outputs }, shrunk("y"), shrunk("x")],
            "test_tensor": { "source": "test_output.npy" },
            "data": { "type": "float32" },
        }],
        "weights": { "onnx": { "source": "model.onnx", "opset_version": 17 } },
    });
    let licence = card.licence.trim().replace("CC BY", "CC-BY").replace(' ', "-");
    if let Some(known) = LICENCES.iter().find(|known| known.eq_ignore_ascii_case(&licence)) {
        rdf["license"] = json!(known);
    }
    rdf
}

/// What it finds, in words; bioimage.io takes no empty ones.
fn described(card: &Card) -> &str {
    if card.summary.trim().is_empty() {
        "A U-Net for the segmentation of images."
    } else {
        card.summary.trim()
    }
}

fn readme(card: &Card) -> String {
    let licence = if card.licence.is_empty() { "not told" } else { &card.licence };
    let mut text = format!(
        "# {}\n\n{}\n\nInput `image`: raw values of the image, `[batch, channel, height, width]`; how they are scaled is part of the graph. Output \
         `probability`: of each output; a pixel is foreground from {} on.\n",
        card.title,
        described(card),
        card.threshold
    );
    if card.flips || card.patches.is_some() {
        text.push_str("\nInsitu averages this model over flips or overlapping patches of the image, which is not part of the graph.\n");
    }
    text.push_str("\n## Validation\n");
    for (metric, score) in &card.scores {
        text.push_str(&format!("- {metric}: {score:.4} (on data that was held out)\n"));
    }
    text.push_str(&format!("\nLicence of the weights: {licence}.\n"));
    text
}

/// The test image beside what the network says of it, twice as wide as high.
fn cover(image: &Image, probability: &[f32], out: usize) -> Result<Vec<u8>> {
    let side = image.width;
    let border = (side - out.min(side)) / 2;
    let grey = |x: usize, y: usize| {
        if x < side {
            return image.plane(0)[y * side + x].clamp(0.0, 255.0) as u8;
        }
        let (x, y) = ((x - side).checked_sub(border), y.checked_sub(border));
        match (x, y) {
            // Of several outputs the first is the background.
            (Some(x), Some(y)) if x < out && y < out => {
                let p = probability.get(y * out + x).copied().unwrap_or(0.0);
                let p = if probability.len() > out * out { 1.0 - p } else { p };
                (255.0 * p).round() as u8
            }
            _ => 0,
        }
    };
    let rgba: Vec<u8> = (0..2 * side * side)
        .flat_map(|i| {
            let value = grey(i % (2 * side), i / (2 * side));
            [value, value, value, 255]
        })
        .collect();
    picture_png(&rgba, 2 * side, side, true)
}

/// An array of 32-bit floats as NumPy's file, version 1.0 (numpy.lib.format).
fn npy(values: &[f32], shape: &[usize]) -> Vec<u8> {
    let sides: Vec<String> = shape.iter().map(usize::to_string).collect();
    let mut header =
        format!("{{'descr': '<f4', 'fortran_order': False, 'shape': ({},), }}", sides.join(", "));
    // The values begin at a multiple of 64 bytes; ten stand before the header, a line break behind it.
    header.push_str(&" ".repeat((64 - (header.len() + 11) % 64) % 64));
    header.push('\n');
    let mut file = b"\x93NUMPY\x01\x00".to_vec();
    file.extend((header.len() as u16).to_le_bytes());
    file.extend(header.as_bytes());
    file.extend(values.iter().flat_map(|value| value.to_le_bytes()));
    file
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_array_begins_where_numpy_wants_it_and_says_its_shape() {
        let file = npy(&[1.5, -2.0], &[1, 2]);
        assert_eq!((file.len() - 8) % 64, 0);
        assert!(
            String::from_utf8_lossy(&file[10..])
                .starts_with("{'descr': '<f4', 'fortran_order': False, 'shape': (1, 2,), }")
        );
        assert_eq!(file[file.len() - 8..], [0, 0, 0xc0, 0x3f, 0, 0, 0, 0xc0]);
    }
}
