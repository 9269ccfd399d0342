//! What the configuration in a Keras file does with feature maps, as steps.
//!
//! Source: `get_config` of the layers and `keras/src/models/functional.py` of Keras 3; `keras/engine/network.py` of Keras 2.

use std::collections::HashMap;

use serde_json::Value;

use super::settings::Settings;
use crate::net::Activation;
use crate::scan::Normalisation;
use crate::weights::flow::{Step, StepKind};
use crate::weights::foreign::keras::KerasFile;
use crate::weights::foreign::keras::layout::kernel_layout;
use crate::weights::onnx::{OnnxOp, Window, decimal};

/// Layers that are followed; no U-Net here has a tenth of them, and what is left over is refused.
const MAX_LAYERS: usize = 4096;

/// What a configuration tells beside weights.
#[derive(Default)]
pub(super) struct Steps {
    pub steps: Vec<Step>,
    /// What each layer of the file does with its weights, where the configuration has it.
    pub ops: Vec<Option<OnnxOp>>,
    /// What the model does with an image first.
    pub normalisation: Option<Normalisation>,
}

/// What a layer does with its first map.
enum Effect {
    /// Nothing in inference.
    Same,
    Steps(Vec<StepKind>),
}

/// Follows the feature maps; nothing if the file has no list of layers.
pub(super) fn steps(file: &KerasFile) -> Option<Steps> {
    let config = file.config.as_ref()?;
    let sequential = config.get("class_name").and_then(Value::as_str) == Some("Sequential");
    let model = config.get("config")?;
    let layers = model.as_array().or_else(|| model.get("layers")?.as_array())?;
    let layers: Vec<Settings<'_>> = layers.iter().filter_map(Settings::new).take(MAX_LAYERS).collect();
    let channels_first = layers.iter().find_map(|l| l.channels_first()).unwrap_or(false);
    let mut follower = Follower {
        file,
        channels_first,
        flow: Steps { ops: vec![None; file.layers.len()], ..Steps::default() },
        maps: HashMap::new(),
        last: None,
    };
    for layer in &layers {
        follower.follow(layer, sequential);
    }
    Some(follower.flow)
}

struct Follower<'a> {
    file: &'a KerasFile,
    channels_first: bool,
    flow: Steps,
    /// The step that gives the result of a layer.
    maps: HashMap<&'a str, usize>,
    /// The result of the layer before.
    last: Option<usize>,
}

impl<'a> Follower<'a> {
    fn follow(&mut self, layer: &Settings<'a>, sequential: bool) {
        let names = layer.inbound();
        let mut inputs: Vec<usize> = names.iter().filter_map(|n| self.maps.get(n).copied()).collect();
        if sequential || (names.is_empty() && layer.class() != "InputLayer") {
            inputs = self.last.into_iter().collect();
        }
        // A `Sequential` of Keras 1 and 2 has no layer for its input.
        if inputs.is_empty() {
            let image = self.push(StepKind::Image, Vec::new());
            if layer.class() == "InputLayer" {
                return self.gives(layer, image);
            }
            inputs.push(image);
        }
        let strange = layer.strange().map(|what| format!("{} with {what}", layer.told()));
        let effect = match strange {
            Some(what) => Effect::Steps(vec![StepKind::Other(what)]),
            None => self.effect(layer, &inputs).unwrap_or_else(|what| {
                let what = what.map(|what| format!("{} with {what}", layer.told()));
                Effect::Steps(vec![StepKind::Other(what.unwrap_or_else(|| layer.told()))])
            }),
        };
        let mut result = inputs.first().copied().unwrap_or_default();
        if let Effect::Steps(steps) = effect {
            for what in steps {
                let taken = std::mem::take(&mut inputs);
                result = self.push(what, taken);
                inputs.push(result);
            }
        }
        self.gives(layer, result);
    }

    fn push(&mut self, what: StepKind, inputs: Vec<usize>) -> usize {
        self.flow.steps.push(Step { what, inputs });
        self.flow.steps.len() - 1
    }

    fn gives(&mut self, layer: &Settings<'a>, step: usize) {
        self.maps.insert(layer.name, step);
        self.last = Some(step);
    }

    /// What a layer does; the error says what of it no network here does, or nothing if it is the layer itself.
    fn effect(&mut self, layer: &Settings<'a>, inputs: &[usize]) -> Result<Effect, Option<String>> {
        let one = |what: StepKind| Ok(Effect::Steps(vec![what]));
        match layer.class() {
            "InputLayer" => Ok(Effect::Same),
            "Conv2D" | "Conv2DTranspose" | "BatchNormalization" => self.with_weights(layer),
            "Activation" => {
                let steps = self.activation(layer, layer.get("activation"))?;
                Ok(if steps.is_empty() { Effect::Same } else { Effect::Steps(steps) })
            }
            "ReLU" => {
                if layer.number("max_value")?.is_some() {
                    return Err(Some("an upper limit".into()));
                }
                if layer.number("threshold")?.unwrap_or(0.0) != 0.0 {
                    return Err(Some("a threshold".into()));
                }
                let slope = layer.number("negative_slope")?.unwrap_or(0.0);
                one(if slope == 0.0 { StepKind::Relu } else { leaky(slope) })
            }
            "LeakyReLU" => {
                let slope = layer.number("negative_slope")?.or(layer.number("alpha")?);
                one(leaky(slope.unwrap_or(0.3)))
            }
            "ELU" => {
                one(StepKind::Activation(Activation::Elu(rounded(layer.number("alpha")?.unwrap_or(1.0)))))
            }
            "Softmax" => {
                self.channels(layer, "axis", -1)?;
                one(StepKind::Softmax)
            }
            "MaxPooling2D" => {
                let size = layer.pair("pool_size")?.unwrap_or([2, 2]);
                if size != [2, 2] || layer.pair("strides")?.is_some_and(|s| s != size) {
                    return Err(Some(format!("windows of {size:?} and strides of another size")));
                }
                one(StepKind::MaxPool)
            }
            "UpSampling2D" => self.upsampling(layer),
            "Cropping2D" => match layer.sides("cropping")? {
                [0, 0, 0, 0] => Ok(Effect::Same),
                sides => one(StepKind::Crop(sides)),
            },
            "ZeroPadding2D" if layer.sides("padding")? == [0; 4] => Ok(Effect::Same),
            "Concatenate" => {
                self.channels(layer, "axis", -1)?;
                one(StepKind::Concatenate)
            }
            "Merge" => {
                if layer.text("mode") != Some("concat") {
                    return Err(Some(format!("the mode {}", layer.text("mode").unwrap_or("sum"))));
                }
                self.channels(layer, "concat_axis", -1)?;
                one(StepKind::Concatenate)
            }
            "Rescaling" => self.rescaling(layer, inputs),
            "Dropout"
            | "SpatialDropout2D"
            | "GaussianDropout"
            | "GaussianNoise"
            | "AlphaDropout"
            | "ActivityRegularization"
            | "Identity"
            | "RandomFlip"
            | "RandomRotation"
            | "RandomZoom"
            | "RandomContrast"
            | "RandomBrightness"
            | "RandomTranslation" => Ok(Effect::Same),
            "Reshape" | "Permute" | "Flatten" => one(StepKind::Ending(layer.told())),
            _ => Err(None),
        }
    }

    fn with_weights(&mut self, layer: &Settings<'a>) -> Result<Effect, Option<String>> {
        let Some(place) = self.file.layers.iter().position(|l| l.name == layer.name) else {
            return Err(Some("weights that are not in the file".into()));
        };
        if self.flow.ops.get(place) != Some(&None) {
            return Err(Some("more than one use".into()));
        }
        let op = match layer.class() {
            "BatchNormalization" => {
                self.channels(layer, "axis", -1)?;
                if layer.number("mode")?.unwrap_or(0.0) != 0.0 {
                    return Err(Some("statistics of each image".into()));
                }
                OnnxOp::BatchNorm { epsilon: layer.number("epsilon")?.unwrap_or(1e-3) as f32 }
            }
            class => self.window(layer, place, class == "Conv2DTranspose")?,
        };
        if let Some(known) = self.flow.ops.get_mut(place) {
            *known = Some(op);
        }
        let mut steps = vec![StepKind::Layer(place)];
        match self.activation(layer, layer.get("activation")) {
            Ok(more) => steps.extend(more),
            Err(what) => {
                let what = what.unwrap_or_default();
                steps.push(StepKind::Other(format!("{} with {what}", layer.told())));
            }
        }
        Ok(Effect::Steps(steps))
    }

    fn window(&self, layer: &Settings<'_>, place: usize, transposed: bool) -> Result<OnnxOp, Option<String>> {
        if layer.channels_first().is_some_and(|first| first != self.channels_first) {
            return Err(Some("another order of axes than other layers".into()));
        }
        let old = || Ok::<_, Option<String>>(Some([layer.whole("nb_row")?, layer.whole("nb_col")?]));
        let kernel = match layer.pair("kernel_size")? {
            Some(kernel) => kernel,
            None => match old()? {
                Some([Some(rows), Some(columns)]) => [rows, columns],
                _ => return Err(Some("no size of its kernel".into())),
            },
        };
        let strides = layer.pair("strides")?.or(layer.pair("subsample")?).unwrap_or([1, 1]);
        let dilations = layer.pair("dilation_rate")?.or(layer.pair("atrous_rate")?).unwrap_or([1, 1]);
        let groups = layer.whole("groups")?.unwrap_or(1);
        let same = match layer.text("padding").or(layer.text("border_mode")).unwrap_or("valid") {
            "same" => true,
            "valid" => false,
            other => return Err(Some(format!("the padding '{other}'"))),
        };
        if transposed {
            if layer.pair("output_padding")?.is_some_and(|p| p != [0, 0]) {
                return Err(Some("padding of what it gives".into()));
            }
            // As large as the stride, it pads nothing in either mode.
            let pads = if same && kernel != strides { [usize::MAX; 4] } else { [0; 4] };
            return Ok(OnnxOp::TransposedConvolution(Window { kernel, pads, strides, dilations, groups }));
        }
        let theano = self.file.layers.get(place).is_some_and(|l| kernel_layout(self.file, l, false).rotated);
        let around = |axis: usize| {
            let (kernel, dilation) = (kernel.get(axis).copied(), dilations.get(axis).copied());
            let both = kernel.unwrap_or(1).saturating_sub(1).saturating_mul(dilation.unwrap_or(1));
            // The odd pixel goes behind, but with Theano before.
            let before = if theano { both.div_ceil(2) } else { both / 2 };
            (before, both - before)
        };
        let ((top, bottom), (left, right)) = if same { (around(0), around(1)) } else { ((0, 0), (0, 0)) };
        let pads = [top, left, bottom, right];
        Ok(OnnxOp::Convolution(Window { kernel, pads, strides, dilations, groups }))
    }

    /// The steps of an activation, by its name or as a layer of its own.
    fn activation(
        &self,
        layer: &Settings<'_>,
        activation: Option<&Value>,
    ) -> Result<Vec<StepKind>, Option<String>> {
        let Some(activation) = activation else { return Ok(Vec::new()) };
        let object = activation.get("class_name").and_then(Value::as_str).map(|class| {
            // A function of Keras is stored under its name, a layer with its settings.
            let name = activation.get("config").and_then(Value::as_str);
            (class, name)
        });
        let name = match (activation, object) {
            (Value::Null, _) => return Ok(Vec::new()),
            (Value::String(name), _) => name.as_str(),
            (_, Some((_, Some(name)))) => name,
            (_, Some((class @ ("LeakyReLU" | "ReLU" | "ELU"), None))) => {
                let number =
                    |key: &str| activation.pointer(&format!("/config/{key}")).and_then(Value::as_f64);
                let limits = number("max_value").is_some() || number("threshold").unwrap_or(0.0) != 0.0;
                return match class {
                    "LeakyReLU" => {
                        Ok(vec![leaky(number("negative_slope").or(number("alpha")).unwrap_or(0.3))])
                    }
                    "ELU" => {
                        let alpha = rounded(number("alpha").unwrap_or(1.0));
                        Ok(vec![StepKind::Activation(Activation::Elu(alpha))])
                    }
                    _ if limits => Err(Some("a ReLU with limits".into())),
                    _ => Ok(vec![match number("negative_slope").unwrap_or(0.0) {
                        0.0 => StepKind::Relu,
                        slope => leaky(slope),
                    }]),
                };
            }
            (_, Some((class, None))) => class,
            _ => return Err(Some("an activation that cannot be read".into())),
        };
        Ok(vec![match name {
            "linear" => return Ok(Vec::new()),
            "relu" => StepKind::Relu,
            "elu" => StepKind::Activation(Activation::Elu(1.0)),
            "selu" => StepKind::Activation(Activation::Selu),
            // Of `keras.activations`, which is not that of the layer.
            "leaky_relu" => leaky(0.2),
            "sigmoid" => StepKind::Sigmoid,
            "softmax" | "log_softmax" => {
                // Always over the last axis.
                let ends = self.flow.steps.iter().any(|s| matches!(s.what, StepKind::Ending(_)));
                if self.channels_first && !ends {
                    return Err(Some("a softmax over columns".into()));
                }
                StepKind::Softmax
            }
            other => {
                let whose = if layer.class() == "Activation" { "" } else { "the activation " };
                return Err(Some(format!("{whose}'{other}'")));
            }
        }])
    }

    fn upsampling(&self, layer: &Settings<'_>) -> Result<Effect, Option<String>> {
        let size = layer.pair("size")?.unwrap_or([2, 2]);
        if size != [2, 2] {
            return Err(Some(format!("the size {size:?}")));
        }
        // Keras without TensorFlow's name counted from the corners of pixels until 2.3.
        let version = self.file.keras_version.as_deref().unwrap_or_default();
        let old = (version.starts_with("2.2.") || version.starts_with("2.3.")) && !version.contains("tf");
        match layer.text("interpolation").unwrap_or("nearest") {
            "nearest" => Ok(Effect::Steps(vec![StepKind::Upsample])),
            "bilinear" if !old => Ok(Effect::Steps(vec![StepKind::Interpolate { align_corners: false }])),
            "bilinear" => Err(Some(format!("the bilinear interpolation of Keras {version}"))),
            other => Err(Some(format!("the interpolation '{other}'"))),
        }
    }

    /// Affine, and of the image itself: a normalisation.
    fn rescaling(&mut self, layer: &Settings<'_>, inputs: &[usize]) -> Result<Effect, Option<String>> {
        let of_image =
            inputs.iter().all(|i| self.flow.steps.get(*i).is_some_and(|s| s.what == StepKind::Image));
        if !of_image || self.flow.normalisation.is_some() {
            return Err(Some("other values than those of the image".into()));
        }
        let scale = layer.number("scale")?.filter(|s| *s != 0.0 && s.is_finite());
        let scale = scale.ok_or_else(|| Some("a scale of 0".to_string()))?;
        let offset = layer.number("offset")?.unwrap_or(0.0);
        self.flow.normalisation =
            Some(Normalisation::Fixed { subtract: (-offset / scale) as f32, divide: (1.0 / scale) as f32 });
        Ok(Effect::Same)
    }

    /// Whether an axis is that of the channels.
    fn channels(&self, layer: &Settings<'_>, key: &str, default: i64) -> Result<(), Option<String>> {
        let axis = layer.axis(key)?.unwrap_or(default);
        let right = if self.channels_first { matches!(axis, 1 | -3) } else { matches!(axis, 3 | -1) };
        if right { Ok(()) } else { Err(Some(format!("the axis {axis}"))) }
    }
}

fn leaky(slope: f64) -> StepKind {
    StepKind::Activation(Activation::LeakyRelu(rounded(slope)))
}

/// Keras computes in 32 bits, and some versions write the neighbour of the decimal number that was meant.
fn rounded(value: f64) -> f64 {
    decimal(value as f32)
}
