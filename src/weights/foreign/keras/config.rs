//! The configuration of a model, as far as names, classes and order of layers go.

use serde_json::Value;

use crate::error::{Error, Result};

/// Depth of models within models.
pub(super) const MAX_DEPTH: usize = 16;

/// One layer of a configuration.
#[derive(Clone, Copy)]
pub(super) struct LayerConfig<'a> {
    pub(super) name: &'a str,
    /// As it stands there: Keras 1's names are not yet translated.
    pub(super) class: &'a str,
    /// Its settings: `use_bias`, `dim_ordering`, ...
    pub(super) settings: &'a Value,
}

impl<'a> LayerConfig<'a> {
    pub(super) fn new(value: &'a Value) -> Option<Self> {
        let settings = value.get("config")?;
        let name = value.get("name").or_else(|| settings.get("name")).and_then(Value::as_str);
        let class = value.get("class_name").and_then(Value::as_str)?;
        Some(Self { name: name.unwrap_or_default(), class, settings })
    }

    /// The layers of a model; nothing for an ordinary layer. A `Sequential` of Keras 1 is a bare list.
    pub(super) fn layers(self) -> Option<impl Iterator<Item = LayerConfig<'a>>> {
        let list = self.settings.as_array().or_else(|| self.settings.get("layers")?.as_array())?;
        Some(list.iter().filter_map(LayerConfig::new))
    }

    /// The layer that a wrapper such as `TimeDistributed` holds.
    pub(super) fn wrapped(self) -> Option<Self> {
        self.settings.get("layer").and_then(LayerConfig::new)
    }

    /// A switch of the layer, if it is there.
    pub(super) fn flag(self, name: &str) -> Option<bool> {
        self.settings.get(name)?.as_bool()
    }

    /// A layer by its name, in this model or in a model within it.
    pub(super) fn find(self, name: &str) -> Option<Self> {
        self.find_within(name, MAX_DEPTH)
    }

    fn find_within(self, name: &str, depth: usize) -> Option<Self> {
        let depth = depth.checked_sub(1)?;
        // Those of this model first: names inside another one may repeat.
        let mut layers = self.layers()?;
        layers.find(|l| l.name == name).or_else(|| self.layers()?.find_map(|l| l.find_within(name, depth)))
    }
}

/// The class by the names of Keras 2 and 3.
///
/// Source: `keras/legacy/layers.py` of Keras 2.0, which accepts the names of Keras 1.
pub(in crate::weights) fn class_of_today(class: &str) -> &str {
    match class {
        "Convolution1D" => "Conv1D",
        "Convolution2D" | "AtrousConvolution2D" => "Conv2D",
        "Convolution3D" => "Conv3D",
        "Deconvolution2D" | "Convolution2DTranspose" => "Conv2DTranspose",
        "Deconvolution3D" | "Convolution3DTranspose" => "Conv3DTranspose",
        "SeparableConvolution2D" => "SeparableConv2D",
        other => other,
    }
}

/// A class as Keras 3 writes it into paths, `Conv2DTranspose` to `conv2d_transpose`.
///
/// Source: `to_snake_case` in `keras/src/utils/naming.py`: an underscore before a capital that lower case follows,
/// unless at the start, and between lower case and a capital.
pub(super) fn snake_case(class: &str) -> String {
    let letters: Vec<char> =
        class.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_' || !c.is_ascii()).collect();
    let mut out = String::new();
    for (i, c) in letters.iter().enumerate() {
        let before = i.checked_sub(1).and_then(|b| letters.get(b));
        let starts_word = c.is_ascii_uppercase() && letters.get(i + 1).is_some_and(char::is_ascii_lowercase);
        let ends_word = c.is_ascii_uppercase() && before.is_some_and(char::is_ascii_lowercase);
        if before.is_some() && (starts_word || ends_word) {
            out.push('_');
        }
        out.push(c.to_ascii_lowercase());
    }
    out
}

/// The classes that matter here and their paths without a number; a path tells the class only for them.
pub(super) fn class_of_path(part: &str) -> Option<&'static str> {
    const KNOWN: [&str; 20] = [
        "Conv1D",
        "Conv2D",
        "Conv3D",
        "Conv1DTranspose",
        "Conv2DTranspose",
        "Conv3DTranspose",
        "DepthwiseConv1D",
        "DepthwiseConv2D",
        "SeparableConv1D",
        "SeparableConv2D",
        "Dense",
        "EinsumDense",
        "Embedding",
        "PReLU",
        "BatchNormalization",
        "GroupNormalization",
        "LayerNormalization",
        "RMSNormalization",
        "MultiHeadAttention",
        "Normalization",
    ];
    let base = match part.rsplit_once('_') {
        Some((base, number)) if number.bytes().all(|b| b.is_ascii_digit()) => base,
        _ => part,
    };
    KNOWN.into_iter().find(|class| snake_case(class) == base)
}

/// A configuration out of its text.
pub(super) fn parse_config(text: &[u8]) -> Result<Value> {
    serde_json::from_slice(text).map_err(|e| {
        Error::invalid("keras.config", "The configuration in this Keras file cannot be read.").with_source(e)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_become_the_paths_that_keras_3_writes() {
        // As keras.src.utils.naming.to_snake_case of Keras 3.15 answers.
        let cases = [
            ("Conv2D", "conv2d"),
            ("Conv2DTranspose", "conv2d_transpose"),
            ("BatchNormalization", "batch_normalization"),
            ("PReLU", "p_re_lu"),
            ("ReLU", "re_lu"),
            ("MaxPooling2D", "max_pooling2d"),
            ("SeparableConv2D", "separable_conv2d"),
            ("DepthwiseConv2D", "depthwise_conv2d"),
            ("UpSampling2D", "up_sampling2d"),
            ("InputLayer", "input_layer"),
            ("Dense", "dense"),
            ("LSTM", "lstm"),
            ("RMSNormalization", "rms_normalization"),
            ("MyHTTPBlock2", "my_http_block2"),
            ("GELUBlock", "gelu_block"),
            ("My_Layer", "my__layer"),
        ];
        for (class, path) in cases {
            assert_eq!(snake_case(class), path);
        }
        assert_eq!(class_of_path("conv2d_transpose_12"), Some("Conv2DTranspose"));
        assert_eq!(class_of_path("conv2d"), Some("Conv2D"));
        assert_eq!(class_of_path("my_block_2"), None);
    }
}
