//! What a weight file of Keras holds.

use serde_json::Value;

use crate::weights::NamedTensor;

/// Which generation of Keras laid the file out: they disagree about the axes of kernels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Generation {
    /// Keras 0.3 to 1.2: kernels in the order of `dim_ordering`.
    One,
    /// The same file layout as Keras 2 and tf.keras write it, and Keras 3 when asked for `.h5`.
    Two,
    /// `.weights.h5` and `.keras` of Keras 3 (and of tf.keras 2.12 on).
    Three,
}

/// What a weight file of Keras holds. Values are as they were stored: [`layout`](super::layout) brings kernels to PyTorch's axes.
#[derive(Clone, Debug)]
pub struct KerasFile {
    /// Layers with weights, in the order of the model where the file tells it: `.weights.h5` alone does not, and its
    /// layers are in natural order of their paths (`conv2d`, `conv2d_1`, ..., `conv2d_10`), which keeps the order
    /// within each class only.
    pub layers: Vec<KerasLayer>,
    pub generation: Generation,
    /// Such as `2.2.4`; Keras 1 and `.weights.h5` often do not say.
    pub keras_version: Option<String>,
    /// `tensorflow`, `theano`, `cntk`, `jax` or `torch`; Keras 1 and the own formats of Keras 3 do not say.
    pub backend: Option<String>,
    /// The model's configuration: an object with `class_name` and `config`.
    pub config: Option<Value>,
}

/// A layer that has weights.
#[derive(Clone, Debug, PartialEq)]
pub struct KerasLayer {
    /// The layer's name; inside a model within the model, with the names around it: `encoder/conv2d_1`.
    pub name: String,
    /// Its class by the names of Keras 2 and 3 (`Conv2D` also for Keras 1's `Convolution2D`): from the configuration,
    /// and for `.weights.h5` from the path, which is made of the class.
    pub class: Option<String>,
    /// `kernel`, `bias`, `gamma`, `beta`, `moving_mean`, `moving_variance` in the order of Keras; other weights keep
    /// their own names, or their numbers where the file has nothing else.
    pub weights: Vec<NamedTensor>,
}

impl KerasLayer {
    /// A weight by its short name.
    pub fn weight(&self, name: &str) -> Option<&NamedTensor> {
        self.weights.iter().find(|w| w.name == name)
    }
}
